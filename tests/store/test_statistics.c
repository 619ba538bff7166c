/* statistics, against Python's statistics module, a bootstrap written anew there, and laws. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "failing_alloc.h"
#include "store/statistics.h"

static const double a[] = {0.9515, 0.8821, 0.9543, 0.9910, 0.9121, 0.9402, 0.9233};
static const double b[] = {0.9231, 0.8513, 0.9543, 0.9262, 0.9300, 0.8999, 0.9001};
enum { N = 7 };

static int setup(void **state)
{
    static kedge_resamples resamples;
    kedge_context *ctx;
    if (kedge_context_create(&ctx, NULL)) return -1;
    kedge_resamples_init(&resamples, ctx);
    *state = &resamples;
    return 0;
}

static int teardown(void **state)
{
    kedge_resamples *resamples = *state;
    kedge_resamples_release(resamples);
    kedge_context_free(resamples->ctx);
    return 0;
}

static kedge_context *context(void **state)
{
    return ((kedge_resamples *)*state)->ctx;
}

static void assert_near(double have, double want)
{
    if (!(fabs(have - want) <= 1e-14)) fail_msg("%.17g is not %.17g", have, want);
}

static kedge_distribution describe(kedge_resamples *resamples, const double *values, size_t n)
{
    kedge_distribution out;
    assert_int_equal(kedge_describe(&out, resamples, values, n), KEDGE_OK);
    return out;
}

static void describes(void **state)
{
    kedge_distribution d = describe(*state, a, N);
    assert_int_equal(d.n, N);
    assert_near(d.mean, 0.9363571428571429);
    assert_near(d.sd, 0.034772108417660326);
    assert_near(d.min, 0.8821);
    assert_near(d.q25, 0.9177);
    assert_near(d.median, 0.9402);
    assert_near(d.q75, 0.9529);
    assert_near(d.max, 0.991);
}

static void describes_an_even_number(void **state)
{
    kedge_distribution d = describe(*state, (double[]){3, 1, 2, 10}, 4);
    assert_near(d.mean, 4);
    assert_near(d.sd, 4.08248290463863);
    assert_near(d.q25, 1.75);
    assert_near(d.median, 2.5);
    assert_near(d.q75, 4.75);
}

static void resamples_a_few(void **state)
{
    kedge_distribution d = describe(*state, a, N);
    assert_near(d.of_mean.low, 0.9142532142857143);
    assert_near(d.of_mean.high, 0.9595571428571429);
    assert_near(d.of_median.low, 0.9121);
    assert_near(d.of_median.high, 0.9543);
    d = describe(*state, (double[]){3, 1, 2, 10}, 4);
    assert_near(d.of_mean.low, 1.5);
    assert_near(d.of_mean.high, 8);
    assert_near(d.of_median.low, 1);
    assert_near(d.of_median.high, 10);
}

/* More numbers than resamples are kept for: those of 10,000 numbers agree with the normal distribution too, and a
 * median of 3,1,2,10 repeated 2,500 times is between its middle ones. */
static void resamples_many(void **state)
{
    enum { MANY = 10000 };
    static double values[MANY];
    for (int i = 0; i < MANY; i++) values[i] = (const double[]){3, 1, 2, 10}[i % 4];
    kedge_distribution d = describe(*state, values, MANY), again = describe(*state, values, MANY);
    double error = d.sd / sqrt(MANY);
    assert_true(fabs((d.of_mean.high - d.of_mean.low) / (2 * 1.95996 * error) - 1) < 0.06);
    assert_true(d.of_median.low >= 2 && d.of_median.high <= 3);
    assert_memory_equal(&d, &again, sizeof d);
}

static void does_not_depend_on_the_order(void **state)
{
    double turned[N];
    for (int i = 0; i < N; i++) turned[i] = a[(3 * i + 2) % N];
    kedge_distribution one = describe(*state, a, N), other = describe(*state, turned, N);
    assert_memory_equal(&one, &other, sizeof one);
}

/* The interval of the mean of many is that of the normal distribution. */
static void agrees_with_theory(void **state)
{
    enum { MANY = 2000 };
    static double values[MANY];
    for (int i = 0; i < MANY; i++) values[i] = ((i * 7919) % MANY + 0.5) / MANY;
    kedge_distribution d = describe(*state, values, MANY);
    double error = d.sd / sqrt(MANY);
    assert_true(fabs((d.of_mean.high - d.of_mean.low) / (2 * 1.95996 * error) - 1) < 0.06);
    assert_true(fabs((d.of_mean.high + d.of_mean.low) / 2 - d.mean) < 0.1 * error);
}

static void knows_what_one_number_says(void **state)
{
    kedge_distribution d = describe(*state, a, 1);
    assert_near(d.mean, a[0]);
    assert_near(d.median, a[0]);
    assert_near(d.max, a[0]);
    assert_true(isnan(d.sd));
    assert_true(isnan(d.of_mean.low));
}

static void knows_what_none_says(void **state)
{
    kedge_distribution d = describe(*state, NULL, 0);
    assert_int_equal(d.n, 0);
    assert_true(isnan(d.mean) && isnan(d.min) && isnan(d.median) && isnan(d.of_median.high));
}

static void gives_quantiles(void **state)
{
    (void)state;
    const double sorted[] = {1, 2, 4, 8, 16};
    assert_near(kedge_quantile(sorted, 5, 0), 1);
    assert_near(kedge_quantile(sorted, 5, 0.1), 1.4);
    assert_near(kedge_quantile(sorted, 5, 0.5), 4);
    assert_near(kedge_quantile(sorted, 5, 0.9), 12.8);
    assert_near(kedge_quantile(sorted, 5, 1), 16);
}

static void compares_pairs(void **state)
{
    kedge_paired p;
    assert_int_equal(kedge_compare_pairs(&p, *state, a, b, N), KEDGE_OK);
    assert_int_equal(p.n, N);
    assert_near(p.mean_a, 0.9363571428571429);
    assert_near(p.mean_b, 0.9121285714285714);
    assert_near(p.difference.mean, 0.024228571428571426);
    assert_near(p.difference.of_mean.low, 0.007071071428571411);
    assert_near(p.difference.of_mean.high, 0.04211607142857141);
    assert_near(p.effect, 0.9021299993027719);
    assert_int_equal(p.higher, 5);
    assert_int_equal(p.equal, 1);
    assert_int_equal(p.lower, 1);
}

static void knows_no_effect_without_spread(void **state)
{
    kedge_paired p;
    assert_int_equal(kedge_compare_pairs(&p, *state, a, a, N), KEDGE_OK);
    assert_true(isnan(p.effect));
    assert_int_equal(p.equal, N);
    double shifted[N];
    for (int i = 0; i < N; i++) shifted[i] = a[i] + 0.02; /* rounded one way or the other */
    assert_int_equal(kedge_compare_pairs(&p, *state, shifted, a, N), KEDGE_OK);
    assert_true(isnan(p.effect));
    assert_int_equal(p.higher, N);
    assert_int_equal(kedge_compare_pairs(&p, *state, a, b, 0), KEDGE_OK);
    assert_true(isnan(p.mean_a) && isnan(p.effect));
}

static void counts_what_is_above(void **state)
{
    double share;
    assert_int_equal(kedge_superiority(&share, context(state), a, N, b, N), KEDGE_OK);
    assert_near(share, 0.6836734693877551);
    assert_int_equal(kedge_superiority(&share, context(state), b, N, a, N), KEDGE_OK);
    assert_near(share, 1 - 0.6836734693877551);
    assert_int_equal(kedge_superiority(&share, context(state), a, N, a, 0), KEDGE_OK);
    assert_true(isnan(share));
}

static void counts_groups_of_different_size(void **state)
{
    double share;
    assert_int_equal(kedge_superiority(&share, context(state), (double[]){1, 5}, 2, (double[]){5, 0, 9}, 3), KEDGE_OK);
    assert_near(share, (1 + 1.5) / 6);
}

static void bears_the_lack_of_memory(void **state)
{
    (void)state;
    for (size_t n = 2;; n++) { /* the first is the context */
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_paired p;
        double share;
        kedge_resamples resamples;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        kedge_resamples_init(&resamples, ctx);
        kedge_status status = kedge_compare_pairs(&p, &resamples, a, b, N);
        if (!status) status = kedge_superiority(&share, ctx, a, N, b, N);
        bool all = memory.requests < n;
        assert_int_equal(status, all ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_resamples_release(&resamples);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (all) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(describes),
        cmocka_unit_test(describes_an_even_number),
        cmocka_unit_test(resamples_a_few),
        cmocka_unit_test(resamples_many),
        cmocka_unit_test(does_not_depend_on_the_order),
        cmocka_unit_test(agrees_with_theory),
        cmocka_unit_test(knows_what_one_number_says),
        cmocka_unit_test(knows_what_none_says),
        cmocka_unit_test(gives_quantiles),
        cmocka_unit_test(compares_pairs),
        cmocka_unit_test(knows_no_effect_without_spread),
        cmocka_unit_test(counts_what_is_above),
        cmocka_unit_test(counts_groups_of_different_size),
        cmocka_unit_test(bears_the_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
