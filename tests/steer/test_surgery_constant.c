/* The constants that harm least. */
#include "surgery_fixture.h"

static const int64_t dims[] = {1, 3};

/* The decoder of a fresh model hardly looks at its latents: larger weights make valleys worth finding. */
static void open_strong(surgery_fixture *f, uint64_t seed, bool normalize)
{
    fixture_open(f, 1, normalize);
    kedge_params_draw(&f->params, seed);
    for (size_t i = 0; i < f->params.size; i++) f->params.values[i] *= 2;
}

static double loss_with(surgery_fixture *f, int n, const double *values)
{
    kedge_surgery_options options = {.kind = kind_named("constant"), .site = "bottleneck", .dims = {n, dims},
                                     .value = {n, values}};
    assert_int_equal(operate(f, &options, NULL), KEDGE_OK);
    return loss_of(f, &f->params);
}

/* 2,000 values over the range that the search covers. */
static void one_constant_is_the_best_of_its_range(void **state)
{
    (void)state;
    for (int c = 0; c < 10; c++) {
        surgery_fixture f;
        kedge_surgery_report report;
        open_strong(&f, (uint64_t)c, c % 2);
        kedge_surgery_options options = {.kind = kind_named("constant"), .site = "bottleneck", .dims = {1, dims}};
        assert_int_equal(operate(&f, &options, &report), KEDGE_OK);
        double low = fmin(report.least, 0), high = fmax(report.most, 0), margin = (high - low) / 4, best = INFINITY;
        assert_true(report.set >= low - margin && report.set <= high + margin);
        assert_float_equal(report.loss_after, loss_of(&f, &f.params), 1e-15);
        for (int i = 0; i <= 2000; i++) {
            double value = low - margin + i * (high - low + 2 * margin) / 2000;
            best = fmin(best, loss_with(&f, 1, &value));
        }
        if (!(report.loss_after <= best + 1e-9))
            fail_msg("case %d: loss %.12g, a grid has %.12g", c, report.loss_after, best);
        fixture_close(&f);
    }
}

static void constants_are_no_worse_than_zero_or_the_means(void **state)
{
    (void)state;
    static const double zeros[2] = {0, 0};
    for (int c = 0; c < 10; c++) {
        surgery_fixture f;
        kedge_surgery_report report[2];
        open_strong(&f, (uint64_t)c, c % 2);
        kedge_surgery_options options = {.kind = kind_named("constant"), .site = "bottleneck", .dims = {2, dims}};
        assert_int_equal(operate(&f, &options, report), KEDGE_OK);
        assert_true(report[0].loss_after < loss_with(&f, 2, zeros));
        assert_true(report[1].loss_after <= loss_with(&f, 2, (double[]){report[0].mean, report[1].mean}));
        fixture_close(&f);
    }
}

/* No step along one dim makes two constants better: what coordinate descent promises. */
static void two_constants_are_best_along_either_dim(void **state)
{
    (void)state;
    surgery_fixture f;
    kedge_surgery_report report[2];
    open_strong(&f, 3, true);
    kedge_surgery_options options = {.kind = kind_named("constant"), .site = "bottleneck", .dims = {2, dims}};
    assert_int_equal(operate(&f, &options, report), KEDGE_OK);
    double found = report[0].loss_after;
    for (int d = 0; d < 2; d++)
        for (int i = -200; i <= 200; i++) {
            double values[2] = {report[0].set, report[1].set};
            values[d] += i * 0.005 * (report[d].most - report[d].least);
            double low = fmin(report[d].least, 0), high = fmax(report[d].most, 0), margin = (high - low) / 4;
            if (values[d] < low - margin || values[d] > high + margin) continue;
            assert_true(found <= loss_with(&f, 2, values) * (1 + 2e-6));
        }
    fixture_close(&f);
}

static void given_constants_are_taken(void **state)
{
    (void)state;
    static const double values[2] = {0.25, -1.5};
    surgery_fixture f;
    kedge_surgery_report report[2];
    fixture_open(&f, 1, true);
    kedge_surgery_options options = {.kind = kind_named("constant"), .site = "bottleneck", .dims = {2, dims},
                                     .value = {2, values}};
    assert_int_equal(operate(&f, &options, report), KEDGE_OK);
    for (int d = 0; d < 2; d++) {
        assert_true(report[d].set == values[d]);
        assert_true(tensor(&f.params, "encoder.2.bias")[dims[d]] == (float)values[d]);
        for (int j = 0; j < 6; j++) assert_true(tensor(&f.params, "encoder.2.weight")[6 * dims[d] + j] == 0);
    }
    fixture_close(&f);
}

/* It says what was found: given the constants, the same numbers come out. */
static void the_report_repeats_it(void **state)
{
    (void)state;
    surgery_fixture f, g;
    kedge_surgery_report report[2];
    open_strong(&f, 5, true);
    open_strong(&g, 5, true);
    kedge_surgery_options options = {.kind = kind_named("constant"), .site = "bottleneck", .dims = {2, dims}};
    assert_int_equal(operate(&f, &options, report), KEDGE_OK);
    loss_with(&g, 2, (double[]){report[0].set, report[1].set});
    assert_memory_equal(f.params.values, g.params.values, f.params.size * sizeof *f.params.values);
    fixture_close(&g);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_constant_is_the_best_of_its_range),
        cmocka_unit_test(constants_are_no_worse_than_zero_or_the_means),
        cmocka_unit_test(two_constants_are_best_along_either_dim),
        cmocka_unit_test(given_constants_are_taken),
        cmocka_unit_test(the_report_repeats_it),
    };
    return cmocka_run_group_tests_name("surgery_constant", tests, NULL, NULL);
}
