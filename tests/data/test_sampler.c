/* samplers: exact probabilities read off the table, many draws, batch sizes. */
#include "data_test.h"

#include <math.h>

#include "base/random.h"
#include "data/sampler.h"

static const char published[] = "(1-v)/360 + (1-s)*v/36 + s*v";

static kedge_sampler *sampler_of(const kedge_dataset *dataset, kedge_data_options options, const char *weight)
{
    options.weight = (kedge_formula){weight, "r.yaml:4:9"};
    return kedge_sampler_create(ctx, dataset, &options, &errors);
}

/* One draw. */
static uint32_t drawn(const kedge_sampler *sampler, uint32_t word0, uint32_t word1)
{
    _Alignas(64) uint32_t w0[16], w1[16], index[16];
    for (int i = 0; i < 16; i++) {
        w0[i] = word0;
        w1[i] = word1;
    }
    kedge_sampler_indices(sampler, 16, w0, w1, index);
    for (int i = 1; i < 16; i++) assert_int_equal(index[i], index[0]);
    return index[0];
}

/* The share of each point, from what the sampler does with every word: the least word 1 that gives the alias. */
static void shares(const kedge_sampler *sampler, int points, double *share)
{
    for (int i = 0; i < points; i++) share[i] = 0;
    for (int i = 0; i < points; i++) {
        uint32_t word0 = (uint32_t)((((uint64_t)i << 32) + (1u << 31)) / (uint64_t)points);
        uint32_t alias = drawn(sampler, word0, UINT32_MAX);
        uint64_t low = 0, high = 1ull << 31;
        while (low < high && alias != (uint32_t)i) {
            uint64_t middle = (low + high) / 2;
            if (drawn(sampler, word0, (uint32_t)(middle << 1)) == (uint32_t)i)
                low = middle + 1;
            else
                high = middle;
        }
        if (alias == (uint32_t)i) low = 1ull << 31;
        share[i] += (double)low * 0x1p-31 / points;
        share[alias] += (1 - (double)low * 0x1p-31) / points;
    }
}

static void uniform_scales_the_word(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, NULL);
    assert_int_equal(drawn(s, 0, 5), 0);
    assert_int_equal(drawn(s, UINT32_MAX, 5), 511);
    assert_int_equal(drawn(s, 1u << 23, 5), 1);
    assert_int_equal(drawn(s, (1u << 23) - 1, 5), 0);
    kedge_sampler_free(s);
    kedge_dataset_free(d);
}

static void equal_weights_draw_as_none(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    kedge_sampler *plain = sampler_of(d, options, NULL), *equal = sampler_of(d, options, "7");
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(drawn(plain, i * 4294967u, i * 99991u), drawn(equal, i * 4294967u, i * 99991u));
    kedge_sampler_free(equal);
    kedge_sampler_free(plain);
    kedge_dataset_free(d);
}

static void assert_shares_follow(const char *weight)
{
    kedge_data_options options = hsv_options(36, 10, 10);
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, weight);
    static double expected[3600], share[3600];
    double sum = 0;
    kedge_formula formula = {weight, NULL};
    assert_true(kedge_formula_eval(&formula, d, expected, &errors));
    for (int i = 0; i < d->points; i++) sum += expected[i];
    shares(s, d->points, share);
    for (int i = 0; i < d->points; i++) {
        assert_true(fabs(share[i] - expected[i] / sum) < 1e-10);
        if (expected[i] == 0) assert_true(share[i] == 0);
    }
    kedge_sampler_free(s);
    kedge_dataset_free(d);
}

static void shares_of_the_published_weights(void **state)
{
    (void)state;
    assert_shares_follow(published);
}

static void shares_of_steep_weights(void **state)
{
    (void)state;
    assert_shares_follow("vibrancy^20 + 1e-12*v");
}

static void shares_of_weights_that_overflow_a_sum(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, "1e308 * (1 + r)/2");
    double share[8];
    assert_non_null(s);
    shares(s, 8, share);
    for (int i = 0; i < 8; i++) assert_true(fabs(share[i] - (i < 4 ? 1 : 2) / 12.) < 1e-9);
    kedge_sampler_free(s);
    kedge_dataset_free(d);
}

static void weight_zero_is_never_drawn(void **state)
{
    (void)state;
    assert_shares_follow("s > 0.95 && v > 0.95");
    assert_shares_follow("h == 0 && s == 1 && v == 1");
}

/* chi-square of draws against the published weights: 3599 degrees of freedom, standard deviation 84.8. */
static void draws_follow_the_published_weights(void **state)
{
    (void)state;
    enum { BLOCK = 64, BLOCKS = 1 << 15 };
    kedge_data_options options = hsv_options(36, 10, 10);
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, published);
    static double weight[3600];
    static int count[3600];
    _Alignas(64) uint32_t w0[BLOCK], w1[BLOCK], index[BLOCK];
    kedge_formula formula = {published, NULL};
    double sum = 0, chi = 0;
    assert_true(kedge_formula_eval(&formula, d, weight, &errors));
    for (int i = 0; i < d->points; i++) {
        sum += weight[i];
        count[i] = 0;
    }
    for (uint32_t step = 0; step < BLOCKS; step++) {
        for (uint32_t i = 0; i < BLOCK; i++) {
            uint32_t words[4];
            kedge_random_block(11, KEDGE_PURPOSE_BATCH, step, 0, i, words);
            w0[i] = words[0];
            w1[i] = words[1];
        }
        kedge_sampler_indices(s, BLOCK, w0, w1, index);
        for (int i = 0; i < BLOCK; i++) count[index[i]]++;
    }
    for (int i = 0; i < d->points; i++) {
        double expected = weight[i] / sum * BLOCK * BLOCKS;
        chi += (count[i] - expected) * (count[i] - expected) / expected;
    }
    kedge_sampler_free(s);
    kedge_dataset_free(d);
    assert_true(fabs(chi - 3599) < 4 * 84.8);
}

static void without_epoch_all_batches_are_full(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, NULL);
    assert_int_equal(kedge_sampler_size(s, 0), 64);
    assert_int_equal(kedge_sampler_size(s, 1000000), 64);
    assert_int_equal(kedge_sampler_largest(s), 64);
    kedge_sampler_free(s);
    kedge_dataset_free(d);
}

static void the_last_batch_of_an_epoch_is_smaller(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    options.epoch = 3600;
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, NULL);
    for (int step = 0; step < 171; step++)
        assert_int_equal(kedge_sampler_size(s, step), step % 57 == 56 ? 16 : 64);
    assert_int_equal(kedge_sampler_largest(s), 64);
    kedge_sampler_free(s);
    kedge_dataset_free(d);
}

static void an_epoch_that_divides_has_full_batches(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    options.epoch = 128;
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, NULL);
    for (int step = 0; step < 5; step++) assert_int_equal(kedge_sampler_size(s, step), 64);
    kedge_sampler_free(s);
    kedge_dataset_free(d);
}

static void an_epoch_below_a_batch_is_one_batch(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    options.epoch = 10;
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, NULL);
    assert_int_equal(kedge_sampler_size(s, 0), 10);
    assert_int_equal(kedge_sampler_size(s, 7), 10);
    assert_int_equal(kedge_sampler_largest(s), 10);
    kedge_sampler_free(s);
    kedge_dataset_free(d);
}

static void refused(const char *weight, const char *message)
{
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    kedge_sampler *s = sampler_of(d, options, weight);
    kedge_dataset_free(d);
    assert_null(s);
    assert_errors(message);
}

static void negative_weight(void **state)
{
    (void)state;
    refused("0.5 - g", "r.yaml:4:9: the weight is -0.5 at point 2 (r=0, g=1, b=0); weights must not be negative");
}

static void no_weight_at_all(void **state)
{
    (void)state;
    refused("0*r", "r.yaml:4:9: all weights are 0; at least one point must be drawn");
}

static void infinite_weight(void **state)
{
    (void)state;
    refused("1/r", "r.yaml:4:9: in \"1/r\": the value is infinite at point 0 (r=0, g=0, b=0); it must be finite at "
                   "every point");
}

static void malformed_weight(void **state)
{
    (void)state;
    refused("r+", "r.yaml:4:9: in \"r+\": ends at position 3 where a value has to follow");
}

static void free_takes_null(void **state)
{
    (void)state;
    kedge_sampler_free(NULL);
    assert_errors("");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(uniform_scales_the_word),
        TEST(equal_weights_draw_as_none),
        TEST(shares_of_the_published_weights),
        TEST(shares_of_steep_weights),
        TEST(shares_of_weights_that_overflow_a_sum),
        TEST(weight_zero_is_never_drawn),
        TEST(draws_follow_the_published_weights),
        TEST(without_epoch_all_batches_are_full),
        TEST(the_last_batch_of_an_epoch_is_smaller),
        TEST(an_epoch_that_divides_has_full_batches),
        TEST(an_epoch_below_a_batch_is_one_batch),
        TEST(negative_weight),
        TEST(no_weight_at_all),
        TEST(infinite_weight),
        TEST(malformed_weight),
        TEST(free_takes_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
