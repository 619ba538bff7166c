/* sets of points: who belongs where, how often each is drawn, how much it counts, and what is refused. */
#include "data_test.h"

#include <math.h>

#include "base/random.h"
#include "data/sampler.h"
#include "data/sets.h"
#include "failing_alloc.h"

static const char published[] = "(1-v)/360 + (1-s)*v/36 + s*v";

/* The published curriculum on a small grid: the six pure colours, the other hues, the rest. */
static const kedge_set_options curriculum[] = {
    {.name = "pure", .where = {"vibrancy == 1 && h*6 == floor(h*6)", "r.yaml:5:9"}},
    {.name = "hues", .where = {"vibrancy == 1", "r.yaml:6:9"}},
    {.name = "rest", .where = {"1", "r.yaml:7:9"}},
};
enum { HUES = 12, GRID = 12 * 4 * 4 };

static kedge_dataset *dataset;

static kedge_sets *sets_of(const char *weight, int n, const kedge_set_options *options)
{
    const kedge_data_options grid = hsv_options(HUES, 4, 4);
    const kedge_formula formula = {weight, "r.yaml:4:9"};
    dataset = make(&grid);
    return kedge_sets_create(ctx, dataset, &formula, n, options, &errors);
}

static void release(kedge_sets *sets)
{
    kedge_sets_free(sets);
    kedge_dataset_free(dataset);
    dataset = NULL;
}

static int set_of(int point)
{
    bool vivid = column_of(dataset, "vibrancy")[point] == 1;
    double sixth = column_of(dataset, "h")[point] * 6;
    return !vivid ? 2 : sixth == floor(sixth) ? 0 : 1;
}

static void points_belong_to_the_first_set_that_holds_them(void **state)
{
    (void)state;
    kedge_sets *sets = sets_of(NULL, 3, curriculum);
    assert_non_null(sets);
    assert_int_equal(kedge_sets_count(sets), 3);
    assert_int_equal(kedge_sets_points(sets, 0), 6);
    assert_int_equal(kedge_sets_points(sets, 1), HUES - 6);
    assert_int_equal(kedge_sets_points(sets, 2), GRID - HUES);
    release(sets);
}

static void one_set_of_all_draws_as_the_sampler(void **state)
{
    (void)state;
    enum { N = 64 };
    kedge_sets *sets = sets_of(published, 1, &curriculum[2]);
    kedge_data_options options = hsv_options(HUES, 4, 4);
    options.weight = (kedge_formula){published, NULL};
    kedge_sampler *sampler = kedge_sampler_create(ctx, dataset, &options, &errors);
    _Alignas(64) uint32_t w0[N], w1[N], expected[N], index[N];
    for (uint32_t step = 0; step < 200; step++) {
        for (uint32_t i = 0; i < N; i++) {
            uint32_t words[4];
            kedge_random_block(5, KEDGE_PURPOSE_BATCH, step, 0, i, words);
            w0[i] = words[0];
            w1[i] = words[1];
            index[i] = 0;
        }
        kedge_sampler_indices(sampler, N, w0, w1, expected);
        kedge_sets_indices(sets, N, w0, w1, index);
        assert_memory_equal(index, expected, sizeof index);
    }
    kedge_sampler_free(sampler);
    release(sets);
}

/* Draws with these factors; counts of points. Returns how many draws. */
static double count_draws(const kedge_sets *sets, const double *factors, double *count)
{
    enum { N = 64, STEPS = 4000 };
    kedge_sets_mix mix;
    _Alignas(64) uint32_t w0[N], w1[N], which[N], index[N];
    assert_true(kedge_sets_mix_make(&mix, sets, factors));
    for (int i = 0; i < GRID; i++) count[i] = 0;
    for (uint32_t step = 0; step < STEPS; step++) {
        for (uint32_t i = 0; i < N; i++) {
            uint32_t words[4];
            kedge_random_block(17, KEDGE_PURPOSE_BATCH, step, 0, i, words);
            w0[i] = words[0];
            w1[i] = words[1];
            kedge_random_block(17, KEDGE_PURPOSE_BATCH, step, 1, i, words);
            which[i] = words[0];
        }
        kedge_sets_pick(&mix, N, which, index);
        kedge_sets_indices(sets, N, w0, w1, index);
        for (int i = 0; i < N; i++) count[index[i]]++;
    }
    return (double)N * STEPS;
}

static void members_and_shares_are_what_is_drawn(void **state)
{
    (void)state;
    static double share[GRID], weights[GRID];
    static int set[GRID];
    const double factors[] = {0.5, 0, 2};
    double of_sets[3], sums[3] = {0};
    kedge_sets_mix mix;
    kedge_sets *sets = sets_of("1 + r", 3, curriculum);
    kedge_formula formula = {"1 + r", NULL};
    assert_true(kedge_formula_eval(&formula, dataset, weights, &errors));
    kedge_sets_members(sets, GRID, set, share);
    for (int i = 0; i < GRID; i++) sums[set_of(i)] += weights[i];
    for (int i = 0; i < GRID; i++) {
        assert_int_equal(set[i], set_of(i));
        assert_true(fabs(share[i] - weights[i] / sums[set[i]]) < 1e-14);
    }
    assert_true(kedge_sets_mix_make(&mix, sets, factors));
    kedge_sets_mix_shares(&mix, of_sets);
    double all = 0.5 * sums[0] + 2 * sums[2];
    assert_true(fabs(of_sets[0] - 0.5 * sums[0] / all) < 1e-9);
    assert_true(of_sets[1] == 0);
    assert_true(fabs(of_sets[2] - 2 * sums[2] / all) < 1e-9);
    release(sets);
}

static void a_point_in_no_set_has_no_share(void **state)
{
    (void)state;
    static double share[GRID];
    static int set[GRID];
    kedge_sets *sets = sets_of(NULL, 1, curriculum);
    kedge_sets_members(sets, GRID, set, share);
    for (int i = 0; i < GRID; i++) {
        assert_int_equal(set[i], set_of(i) == 0 ? 0 : -1);
        assert_true(share[i] == (set_of(i) == 0 ? 1. / 6 : 0));
    }
    release(sets);
}

/* Each point within five deviations of its binomial count: of 192 points one in 10,000 such tests would fail. */
static void assert_drawn(const char *weight, const double *factors)
{
    static double weights[GRID], count[GRID];
    kedge_sets *sets = sets_of(weight, 3, curriculum);
    kedge_formula formula = {weight, NULL};
    assert_true(kedge_formula_eval(&formula, dataset, weights, &errors));
    double sum = 0, n = count_draws(sets, factors, count);
    for (int i = 0; i < GRID; i++) sum += weights[i] * factors[set_of(i)];
    for (int i = 0; i < GRID; i++) {
        double p = weights[i] * factors[set_of(i)] / sum;
        if (fabs(count[i] - n * p) > 5 * sqrt(n * p * (1 - p)))
            fail_msg("point %d: %.0f of %.0f draws, expected %.1f", i, count[i], n, n * p);
    }
    release(sets);
}

static void points_are_drawn_as_weights_and_factors_say(void **state)
{
    (void)state;
    assert_drawn(published, (double[]){1, 1, 1});
    assert_drawn(published, (double[]){1, 0.25, 0.03});
    assert_drawn("1 + r", (double[]){0.2, 30, 1e-3});
}

static void factor_zero_is_never_drawn(void **state)
{
    (void)state;
    assert_drawn(published, (double[]){1, 0, 0});
    assert_drawn(published, (double[]){0, 1, 0});
    assert_drawn(published, (double[]){0, 0, 1e-300});
    assert_drawn(published, (double[]){1, 0, 0.5});
}

static void weight_zero_is_never_drawn(void **state)
{
    (void)state;
    assert_drawn("v > 0.5 && g < 1", (double[]){1, 0.5, 0.25});
}

static void every_word_has_a_set(void **state)
{
    (void)state;
    const double few[] = {0, 1, 0}, all[] = {1, 1, 1};
    _Alignas(64) uint32_t word[16] = {0, 1, 1u << 31, UINT32_MAX - 1, UINT32_MAX}, which[16];
    kedge_sets *sets = sets_of(NULL, 3, curriculum);
    kedge_sets_mix mix;
    assert_true(kedge_sets_mix_make(&mix, sets, few));
    kedge_sets_pick(&mix, 16, word, which);
    for (int i = 0; i < 16; i++) assert_int_equal(which[i], 1);
    assert_true(kedge_sets_mix_make(&mix, sets, all));
    kedge_sets_pick(&mix, 16, word, which);
    assert_int_equal(which[0], 0);
    assert_int_equal(which[4], 2);
    assert_true(mix.below[2] == 1ull << 32);
    release(sets);
}

static void assert_mix(const int moves[3], const double factors[3], const double loss[3], bool weighted)
{
    kedge_set_options options[3];
    kedge_sets_mix mix;
    for (int k = 0; k < 3; k++) {
        options[k] = curriculum[k];
        options[k].moves = moves[k];
    }
    kedge_sets *sets = sets_of(NULL, 3, options);
    assert_true(kedge_sets_mix_make(&mix, sets, factors));
    for (int k = 0; k < 3; k++) assert_true(fabs((double)mix.loss[k] - loss[k]) < 1e-7);
    assert_int_equal(mix.weighted, weighted);
    release(sets);
}

static void samples_count_as_their_set_moves(void **state)
{
    (void)state;
    const int both[] = {KEDGE_MOVES_BOTH, KEDGE_MOVES_BOTH, KEDGE_MOVES_BOTH};
    const int mixed[] = {KEDGE_MOVES_BOTH, KEDGE_MOVES_SAMPLING, KEDGE_MOVES_LOSS};
    assert_mix(both, (double[]){1, 0.25, 0.5}, (double[]){1, 0.25, 0.5}, true);
    assert_mix(both, (double[]){1, 7, 1}, (double[]){1, 1, 1}, false);          /* no more than whole */
    assert_mix(both, (double[]){1, 0, 1}, (double[]){1, 0, 1}, false);          /* who is not drawn changes nothing */
    assert_mix(both, (double[]){0.5, 0.25, 0}, (double[]){1, 0.5, 0}, true);    /* ratios alone matter */
    assert_mix(both, (double[]){0.3, 0, 0}, (double[]){1, 0, 0}, false);
    assert_mix(mixed, (double[]){1, 0.25, 1}, (double[]){1, 1, 1}, false);
    assert_mix(mixed, (double[]){1, 0.25, 0.25}, (double[]){1, 1, 0.25}, true);
}

/* Only its loss moves: half is drawn as whole, nothing as nothing. */
static void the_loss_alone_leaves_sampling(void **state)
{
    (void)state;
    kedge_set_options options[] = {curriculum[0], curriculum[1], curriculum[2]};
    options[1].moves = KEDGE_MOVES_LOSS;
    kedge_sets *sets = sets_of(NULL, 3, options);
    kedge_sets_mix whole, half, none;
    assert_true(kedge_sets_mix_make(&whole, sets, (double[]){1, 1, 1}));
    assert_true(kedge_sets_mix_make(&half, sets, (double[]){1, 0.5, 1}));
    assert_true(kedge_sets_mix_make(&none, sets, (double[]){1, 0, 1}));
    for (int k = 0; k < 3; k++) assert_true(half.below[k] == whole.below[k]);
    assert_true(none.below[1] == none.below[0]);
    release(sets);
}

static void nothing_can_be_drawn_at_factors_of_zero(void **state)
{
    (void)state;
    kedge_sets *sets = sets_of(NULL, 3, curriculum);
    kedge_sets_mix mix;
    assert_false(kedge_sets_mix_make(&mix, sets, (double[]){0, 0, 0}));
    release(sets);
}

static void refused(const char *weight, const char *first, const char *second, const char *message)
{
    const kedge_set_options options[] = {{.name = "one", .where = {first, "r.yaml:5:9"}},
                                         {.name = "two", .where = {second, "r.yaml:6:9"}}};
    kedge_sets *sets = sets_of(weight, 2, options);
    assert_null(sets);
    release(sets);
    assert_errors(message);
}

static void sets_without_points(void **state)
{
    (void)state;
    refused(NULL, "s > 2", "1", "r.yaml:5:9: set 'one' has no point; its formula must hold for at least one");
    refused(NULL, "s > 0.5", "vibrancy == 1", "r.yaml:6:9: set 'two' has no point, as all that its formula holds for "
            "are in sets before it; one must be in no other");
}

static void sets_without_weight(void **state)
{
    (void)state;
    refused("v > 0.5", "v < 0.4", "1", "r.yaml:5:9: the points of set 'one' all have the weight 0; at least one must "
            "be drawn");
}

static void malformed_formulas(void **state)
{
    (void)state;
    refused(NULL, "vibrency", "1", "r.yaml:5:9: in \"vibrency\": unknown name 'vibrency' at position 1; did you mean "
            "'vibrancy'?");
    refused(NULL, "1/v", "1", "r.yaml:5:9: in \"1/v\": the value is infinite at point 0 (r=0, g=0, b=0); it must be "
            "finite at every point");
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    const kedge_data_options grid = hsv_options(HUES, 4, 4);
    const kedge_formula weight = {published, NULL};
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = 0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *own;
        assert_int_equal(kedge_context_create(&own, &options), KEDGE_OK);
        kedge_dataset *points = kedge_dataset_create(own, &grid, NULL, &errors);
        assert_non_null(points);
        memory.fail_at = memory.requests + n;
        kedge_sets *sets = kedge_sets_create(own, points, &weight, 3, curriculum, &errors);
        bool failed = memory.requests >= memory.fail_at;
        assert_true(failed == (sets == NULL));
        kedge_sets_free(sets);
        kedge_dataset_free(points);
        kedge_context_free(own);
        assert_int_equal(memory.in_use, 0);
        if (!failed) break;
        assert_int_equal(kedge_errors_status(&errors), KEDGE_ENOMEM);
        kedge_errors_init(&errors);
    }
}

static void free_takes_null(void **state)
{
    (void)state;
    kedge_sets_free(NULL);
    assert_errors("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(points_belong_to_the_first_set_that_holds_them),
        TEST(one_set_of_all_draws_as_the_sampler),
        TEST(members_and_shares_are_what_is_drawn),
        TEST(a_point_in_no_set_has_no_share),
        TEST(points_are_drawn_as_weights_and_factors_say),
        TEST(factor_zero_is_never_drawn),
        TEST(weight_zero_is_never_drawn),
        TEST(every_word_has_a_set),
        TEST(samples_count_as_their_set_moves),
        TEST(the_loss_alone_leaves_sampling),
        TEST(nothing_can_be_drawn_at_factors_of_zero),
        TEST(sets_without_points),
        TEST(sets_without_weight),
        TEST(malformed_formulas),
        TEST(each_allocation_may_fail),
        TEST(free_takes_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
