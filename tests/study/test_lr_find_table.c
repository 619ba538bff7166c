/* test_lr_find_table.c - the learning-rate range test: what the marks of its seeds come to, and the advice. */
#include "../run/run_fixture.h"

#include <math.h>

#include "study/lr_find.h"

/* ---- many curves ---- */

enum { SEEDS_MAX = 6 };

/* A test of so many updates from 1e-6 to 10 whose seeds have these marks. */
typedef struct made_test {
    kedge_lr_test test;
    kedge_lr_curve curves[SEEDS_MAX];
    double rates[1000], sorted[SEEDS_MAX];
} made_test;

static void make_test(made_test *made, const fixture *f, int steps, int n, const double marks[][KEDGE_LR_MARKS])
{
    *made = (made_test){.test = {.ctx = f->ctx, .steps = steps, .recipe_rate = 0.1, .n = n}};
    made->test.rates = made->rates;
    made->test.curves = made->curves;
    for (int i = 0; i < steps; i++) made->rates[i] = 1e-6 * pow(1e7, (double)i / (steps - 1));
    for (int i = 0; i < n; i++) memcpy(made->curves[i].marks, marks[i], sizeof made->curves[i].marks);
    kedge_lr_find_ranges(&made->test, made->sorted);
}

static void the_middle_of_two_rates_is_their_geometric_mean(void **state)
{
    static const double marks[4][KEDGE_LR_MARKS] = {
        {0.001, 0.1, 1}, {0.004, 0.4, 1}, {0.0001, 0.01, 1}, {0.02, 2, 1}};
    made_test made;
    double median, low, high;
    make_test(&made, *state, 400, 4, marks);
    assert_int_equal(kedge_lr_test_marks(&made.test, KEDGE_LR_MINIMUM, &median, &low, &high), 4);
    assert_true(fabs(median - 0.2) < 1e-12 && low == 0.01 && high == 2);
    kedge_lr_test_marks(&made.test, KEDGE_LR_EDGE, &median, &low, &high);
    assert_true(median == 1);
}

static void a_seed_without_an_edge_has_it_beyond(void **state)
{
    static const double marks[5][KEDGE_LR_MARKS] = {
        {0.001, 0.1, 2}, {0.001, 0.1, NAN}, {0.001, 0.1, 1}, {0.001, 0.1, NAN}, {0.001, 0.1, 3}};
    made_test made;
    double median, low, high;
    make_test(&made, *state, 400, 5, marks);
    assert_int_equal(kedge_lr_test_marks(&made.test, KEDGE_LR_EDGE, &median, &low, &high), 3);
    assert_true(median == 3 && low == 1 && high == 3);
    make_test(&made, *state, 400, 4, marks);
    assert_int_equal(kedge_lr_test_marks(&made.test, KEDGE_LR_EDGE, &median, &low, &high), 2);
    assert_true(isnan(median) && low == 1 && high == 2);
}

/* ---- advice ---- */

static void assert_advice(const fixture *f, const kedge_lr_test *test, const char *want)
{
    char *text = NULL;
    assert_int_equal(kedge_lr_test_advise(test, &text), KEDGE_OK);
    assert_string_equal(text, want);
    kedge_free(f->ctx, text);
}

static void advises_a_share_of_the_minimum(void **state)
{
    static const double marks[2][KEDGE_LR_MARKS] = {{0.001, 0.1, 0.5}, {0.004, 0.4, 0.25}};
    made_test made;
    make_test(&made, *state, 400, 2, marks);
    assert_advice(*state, &made.test, "try a peak from 0.02 to 0.067, a tenth to a third of the minimum; the lowest "
                                      "edge of a seed is 0.25; the recipe's peak is 0.1, higher than that");
}

/* Where the loss falls from the first update on, the good rates lie below. */
static void advises_to_begin_lower(void **state)
{
    static const double early[3][KEDGE_LR_MARKS] = {{1.5e-6, 0.1, 1}, {2e-6, 0.1, 1}, {0.001, 0.1, 1}};
    static const double rare[3][KEDGE_LR_MARKS] = {{0.001, 0.1, 1}, {NAN, 0.1, 1}, {NAN, 0.1, 1}};
    made_test made;
    make_test(&made, *state, 400, 3, early);
    assert_advice(*state, &made.test, "the loss falls fastest within the first 20 updates: begin lower");
    make_test(&made, *state, 1000, 3, early);
    assert_advice(*state, &made.test, "the loss falls fastest within the first 50 updates: begin lower");
    make_test(&made, *state, 400, 3, rare);
    assert_advice(*state, &made.test, "the loss falls for 1 of 3 seeds: begin lower, or take more updates");
}

static void advises_no_peak_where_the_rule_is_not_known_to_hold(void **state)
{
    static const double marks[1][KEDGE_LR_MARKS] = {{0.001, 0.1, NAN}};
    static const char wrong[] = "what peak to try is known for tests of 57 updates a decade, and this one has %s: take "
                                "400 updates; the recipe's peak is 0.1";
    made_test made;
    char *text = NULL, want[256];
    make_test(&made, *state, 1000, 1, marks);
    snprintf(want, sizeof want, wrong, "143");
    assert_advice(*state, &made.test, want);
    make_test(&made, *state, 300, 1, marks);
    snprintf(want, sizeof want, wrong, "42.7");
    assert_advice(*state, &made.test, want);
    make_test(&made, *state, 430, 1, marks);
    assert_int_equal(kedge_lr_test_advise(&made.test, &text), KEDGE_OK);
    assert_ptr_equal(strstr(text, "try a peak from 0.01 to 0.033"), text);
    kedge_free(((fixture *)*state)->ctx, text);
}

static void advice_names_the_marks(void **state)
{
    fixture *f = *state;
    char *text = NULL;
    kedge_lr_find_options options = KEDGE_LR_FIND_OPTIONS_INIT;
    kedge_lr_test *test = NULL;
    load_good(f, "");
    options.seed_count = 3;
    if (kedge_lr_find(&test, f->ctx, f->loaded, &options)) fail_msg("%s", kedge_error());
    assert_int_equal(kedge_lr_test_steps(test), 400);
    assert_int_equal(kedge_lr_test_advise(test, &text), KEDGE_OK);
    assert_non_null(strstr(text, "a tenth to a third of the minimum"));
    assert_non_null(strstr(text, "the recipe's peak is 0.01"));
    kedge_free(f->ctx, text);
    kedge_lr_test_free(test);
    options.to = 1e-3;
    assert_int_equal(kedge_lr_find(&test, f->ctx, f->loaded, &options), KEDGE_OK);
    assert_int_equal(kedge_lr_test_advise(test, &text), KEDGE_OK);
    assert_string_equal(text, "the loss falls to the end: go higher");
    kedge_free(f->ctx, text);
    kedge_lr_test_free(test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_middle_of_two_rates_is_their_geometric_mean),
        TEST(a_seed_without_an_edge_has_it_beyond),
        TEST(advises_a_share_of_the_minimum),
        TEST(advises_to_begin_lower),
        TEST(advises_no_peak_where_the_rule_is_not_known_to_hold),
        TEST(advice_names_the_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
