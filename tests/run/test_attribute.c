/* test_attribute.c - variance among crossed runs: known divisions, the ANOVA estimators, and what noise looks like. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "run/attribute.h"

static int setup(void **state)
{
    return kedge_context_create((kedge_context **)state, NULL) ? -1 : 0;
}

static int teardown(void **state)
{
    kedge_context_free(*state);
    return 0;
}

/* Even in [-1, 1), the same each time. */
static double noise(uint32_t step, uint32_t index)
{
    uint32_t words[4];
    kedge_random_block(99, KEDGE_PURPOSE_BOOTSTRAP, step, 0, index, words);
    return 2 * (double)words[0] * 0x1p-32 - 1;
}

enum { ROWS = 12, COLUMNS = 10 };

/* weights x row + stream x column + rest x noise. */
static void fill(double values[ROWS * COLUMNS], double weights, double stream, double rest)
{
    for (uint32_t i = 0; i < ROWS; i++)
        for (uint32_t j = 0; j < COLUMNS; j++)
            values[i * COLUMNS + j] = weights * noise(1, i) + stream * noise(2, j) + rest * noise(3, i * COLUMNS + j);
}

static kedge_attribution divide(kedge_context *ctx, const double *values)
{
    kedge_attribution a;
    assert_int_equal(kedge_attribute_values(&a, ctx, values, ROWS, COLUMNS), KEDGE_OK);
    return a;
}

static void near(double have, double want, double bound)
{
    if (!(fabs(have - want) <= bound)) fail_msg("have %.17g, want %.17g", have, want);
}

static void the_stream_alone(void **state)
{
    double values[ROWS * COLUMNS];
    fill(values, 0, 1, 0);
    kedge_attribution a = divide(*state, values);
    near(a.sources[KEDGE_FROM_STREAM].share, 1, 1e-12);
    near(a.sources[KEDGE_FROM_WEIGHTS].share, 0, 1e-12);
    near(a.sources[KEDGE_FROM_STREAM].low, 1, 1e-12);
    assert_true(a.sources[KEDGE_FROM_STREAM].p < 0.001);
    assert_true(a.sources[KEDGE_FROM_WEIGHTS].p > 0.05);
}

static void the_weights_alone(void **state)
{
    double values[ROWS * COLUMNS];
    fill(values, 3, 0, 0);
    kedge_attribution a = divide(*state, values);
    near(a.sources[KEDGE_FROM_WEIGHTS].share, 1, 1e-12);
    near(a.sources[KEDGE_FROM_REST].share, 0, 1e-12);
    assert_true(a.sources[KEDGE_FROM_WEIGHTS].p < 0.001);
}

static void nothing_but_noise(void **state)
{
    double values[ROWS * COLUMNS];
    fill(values, 0, 0, 1);
    kedge_attribution a = divide(*state, values);
    assert_true(a.sources[KEDGE_FROM_REST].share > 0.85);
    assert_true(a.sources[KEDGE_FROM_WEIGHTS].p > 0.01);
    assert_true(a.sources[KEDGE_FROM_STREAM].p > 0.01);
    assert_true(isnan(a.sources[KEDGE_FROM_REST].p));
}

/* Mean squares of the two-way table without repetition. */
static void a_complete_table_gives_the_anova_estimates(void **state)
{
    double values[ROWS * COLUMNS], mean = 0, rows[ROWS] = {0}, columns[COLUMNS] = {0};
    fill(values, 1, 2, 0.7);
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        mean += values[i] / (ROWS * COLUMNS);
        rows[i / COLUMNS] += values[i] / COLUMNS;
        columns[i % COLUMNS] += values[i] / ROWS;
    }
    double of_rows = 0, of_columns = 0, rest = 0;
    for (int i = 0; i < ROWS; i++) of_rows += COLUMNS * pow(rows[i] - mean, 2) / (ROWS - 1);
    for (int j = 0; j < COLUMNS; j++) of_columns += ROWS * pow(columns[j] - mean, 2) / (COLUMNS - 1);
    for (int i = 0; i < ROWS * COLUMNS; i++)
        rest += pow(values[i] - rows[i / COLUMNS] - columns[i % COLUMNS] + mean, 2) / ((ROWS - 1) * (COLUMNS - 1));
    kedge_attribution a = divide(*state, values);
    near(a.sources[KEDGE_FROM_WEIGHTS].variance, (of_rows - rest) / COLUMNS, 1e-12);
    near(a.sources[KEDGE_FROM_STREAM].variance, (of_columns - rest) / ROWS, 1e-12);
    near(a.sources[KEDGE_FROM_REST].variance, rest, 1e-12);
    near(a.mean, mean, 1e-12);
}

/* By counting pairs one by one. */
static void missing_runs_leave_the_pairs_that_are_there(void **state)
{
    double values[ROWS * COLUMNS], sums[3] = {0}, pairs[3] = {0};
    fill(values, 1, 2, 0.7);
    for (int i = 0; i < ROWS * COLUMNS; i++)
        if (noise(4, (uint32_t)i) > 0.3) values[i] = NAN;
    for (int a = 0; a < ROWS * COLUMNS; a++) {
        for (int b = 0; b < a; b++) {
            if (isnan(values[a]) || isnan(values[b])) continue;
            int kind = a / COLUMNS == b / COLUMNS ? 0 : a % COLUMNS == b % COLUMNS ? 1 : 2;
            sums[kind] += pow(values[a] - values[b], 2) / 2;
            pairs[kind]++;
        }
    }
    double row = sums[0] / pairs[0], column = sums[1] / pairs[1], neither = sums[2] / pairs[2];
    kedge_attribution a = divide(*state, values);
    near(a.sources[KEDGE_FROM_WEIGHTS].variance, neither - row, 1e-12);
    near(a.sources[KEDGE_FROM_STREAM].variance, neither - column, 1e-12);
    near(a.sources[KEDGE_FROM_REST].variance, row + column - neither, 1e-12);
    assert_true(a.runs < ROWS * COLUMNS);
}

static void shares_do_not_depend_on_place_and_scale(void **state)
{
    double values[ROWS * COLUMNS];
    fill(values, 1, 2, 0.7);
    kedge_attribution a = divide(*state, values);
    for (int i = 0; i < ROWS * COLUMNS; i++) values[i] = 1000 - 8 * values[i];
    kedge_attribution b = divide(*state, values);
    for (int k = 0; k < KEDGE_SOURCES; k++) {
        near(b.sources[k].share, a.sources[k].share, 1e-9);
        near(b.sources[k].low, a.sources[k].low, 1e-9);
        near(b.sources[k].high, a.sources[k].high, 1e-9);
    }
    near(b.sd, 8 * a.sd, 1e-9);
}

static void an_interval_holds_its_share(void **state)
{
    double values[ROWS * COLUMNS];
    fill(values, 1, 2, 0.7);
    kedge_attribution a = divide(*state, values);
    for (int k = 0; k < KEDGE_SOURCES; k++) {
        assert_true(a.sources[k].low <= a.sources[k].share);
        assert_true(a.sources[k].high >= a.sources[k].share);
        assert_true(a.sources[k].low >= 0 && a.sources[k].high <= 1);
    }
    assert_true(a.sources[KEDGE_FROM_STREAM].low > 0.05);
}

static void equal_runs_explain_nothing(void **state)
{
    double values[ROWS * COLUMNS];
    for (int i = 0; i < ROWS * COLUMNS; i++) values[i] = 0.1;
    kedge_attribution a = divide(*state, values);
    assert_true(isnan(a.sources[KEDGE_FROM_REST].share));
    assert_true(a.mean == 0.1 && a.sd == 0);
    assert_int_equal(a.runs, ROWS * COLUMNS);
}

static void one_row_is_not_crossed(void **state)
{
    kedge_attribution a;
    static const double values[] = {1, 2, 3};
    assert_int_equal(kedge_attribute_values(&a, *state, values, 1, 3), KEDGE_EINVALID);
}

/* Infinite numbers are no runs. */
static void no_runs_at_all_are_too_few(void **state)
{
    kedge_attribution a;
    static const double values[] = {NAN, NAN, INFINITY, NAN};
    assert_int_equal(kedge_attribute_values(&a, *state, values, 2, 2), KEDGE_EINVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_stream_alone),
        TEST(the_weights_alone),
        TEST(nothing_but_noise),
        TEST(a_complete_table_gives_the_anova_estimates),
        TEST(missing_runs_leave_the_pairs_that_are_there),
        TEST(shares_do_not_depend_on_place_and_scale),
        TEST(an_interval_holds_its_share),
        TEST(equal_runs_explain_nothing),
        TEST(one_row_is_not_crossed),
        TEST(no_runs_at_all_are_too_few),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
