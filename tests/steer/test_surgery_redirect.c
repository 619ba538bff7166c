/* Redirect and reflect. */
#include "surgery_fixture.h"

static const int64_t first[] = {0};
static const int64_t two[] = {3, 1};

/* u_0 = 2 r - 1 on a grid of five: -1, -.5, 0, .5, 1. */
static void open_known(surgery_fixture *f, bool normalize)
{
    fixture_open(f, 0, normalize);
    float *row = tensor(&f->params, "encoder.0.weight");
    row[0] = 2, row[1] = row[2] = 0;
    tensor(&f->params, "encoder.0.bias")[0] = -1;
}

static void gamma_is_the_rows_root_mean_square(void **state)
{
    (void)state;
    surgery_fixture f;
    kedge_surgery_report report;
    open_known(&f, true);
    kedge_surgery_options options = {.kind = kind_named("redirect"), .site = "bottleneck", .dims = {1, first}};
    assert_int_equal(operate(&f, &options, &report), KEDGE_OK);
    double rms = sqrt(0.5);
    assert_float_equal(report.rms, rms, 1e-7);
    assert_float_equal(report.mean, 0, 1e-7);
    assert_true(report.least == -1 && report.most == 1);
    assert_true(report.set == -report.rms);
    assert_true(tensor(&f.params, "encoder.0.bias")[0] == (float)-report.rms);
    for (int j = 0; j < 3; j++) assert_true(tensor(&f.params, "encoder.0.weight")[j] == 0);
    fixture_close(&f);
}

/* The place before the function of a hidden layer, where the row is. */
static void at_a_hidden_layer_it_is_measured_before_the_function(void **state)
{
    (void)state;
    surgery_fixture f;
    kedge_surgery_report report;
    fixture_open(&f, 1, true);
    float *row = tensor(&f.params, "encoder.0.weight");
    row[0] = 2, row[1] = row[2] = 0;
    tensor(&f.params, "encoder.0.bias")[0] = -1;
    kedge_surgery_options options = {.kind = kind_named("redirect"), .site = "encoder.0", .dims = {1, first}};
    assert_int_equal(operate(&f, &options, &report), KEDGE_OK);
    assert_float_equal(report.rms, sqrt(0.5), 1e-7);
    assert_true(report.least == -1);
    assert_float_equal(report.peak_before, 0.5 * (1 + erf(sqrt(0.5))), 1e-6); /* gelu(1) */
    fixture_close(&f);
}

static void a_given_gamma_is_taken(void **state)
{
    (void)state;
    surgery_fixture f;
    open_known(&f, true);
    kedge_surgery_options options = {.kind = kind_named("redirect"), .site = "bottleneck", .dims = {2, two},
                                     .gamma = 0.75};
    assert_int_equal(operate(&f, &options, NULL), KEDGE_OK);
    assert_true(tensor(&f.params, "encoder.0.bias")[3] == -0.75f);
    assert_true(tensor(&f.params, "encoder.0.bias")[1] == -0.75f);
    fixture_close(&f);
}

/* Each dim has a size of its own, whatever is done to the others. */
static void dims_are_calibrated_one_by_one(void **state)
{
    (void)state;
    kedge_surgery_report both[2], one;
    surgery_fixture f;
    open_known(&f, true);
    kedge_surgery_options options = {.kind = kind_named("redirect"), .site = "bottleneck", .dims = {2, two}};
    assert_int_equal(operate(&f, &options, both), KEDGE_OK);
    fixture_close(&f);
    open_known(&f, true);
    options.dims = (kedge_ints){1, two + 1};
    assert_int_equal(operate(&f, &options, &one), KEDGE_OK);
    assert_int_equal(both[1].dim, 1);
    assert_true(both[1].set == one.set);
    assert_true(both[0].set != one.set);
    fixture_close(&f);
}

/* What carried the concept most lies on the other side afterwards. */
static void the_peak_moves_to_the_other_side(void **state)
{
    (void)state;
    surgery_fixture f;
    kedge_surgery_report report;
    open_known(&f, true);
    kedge_surgery_options options = {.kind = kind_named("redirect"), .site = "bottleneck", .dims = {1, first}};
    assert_int_equal(operate(&f, &options, &report), KEDGE_OK);
    assert_true(report.peak_before > 0.5);
    assert_true(report.peak_after < -0.3);
    fixture_close(&f);
}

static void a_dim_that_is_always_0_has_no_size(void **state)
{
    (void)state;
    surgery_fixture f;
    open_known(&f, true);
    tensor(&f.params, "encoder.0.weight")[0] = 0;
    tensor(&f.params, "encoder.0.bias")[0] = 0;
    kedge_surgery_options options = {.kind = kind_named("redirect"), .site = "bottleneck", .dims = {1, first}};
    assert_int_equal(operate(&f, &options, NULL), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "redirect: dim 0 of site 'bottleneck' is 0 on all data, so it has no typical "
                        "size; give gamma");
    fixture_close(&f);
}

static void numbers_that_are_not_finite_are_reported(void **state)
{
    (void)state;
    surgery_fixture f;
    open_known(&f, true);
    tensor(&f.params, "encoder.0.bias")[0] = NAN;
    kedge_surgery_options options = {.kind = kind_named("redirect"), .site = "bottleneck", .dims = {1, first}};
    assert_int_equal(operate(&f, &options, NULL), KEDGE_ENUMERIC);
    assert_string_equal(kedge_error(), "redirect: dim 0 of site 'bottleneck' is not finite at point 0 of the data; the "
                        "model cannot be measured");
    fixture_close(&f);
}

static void reflecting_twice_is_the_identity(void **state)
{
    (void)state;
    static const char *const sites[] = {"bottleneck", "encoder.0", "decoder.1"};
    for (size_t s = 0; s < sizeof sites / sizeof *sites; s++) {
        surgery_fixture f;
        fixture_open(&f, 2, true);
        size_t bytes = f.params.size * sizeof *f.params.values;
        float *before = malloc(bytes);
        assert_non_null(before);
        memcpy(before, f.params.values, bytes);
        kedge_surgery_options options = {.kind = kind_named("reflect"), .site = sites[s], .dims = {2, two}};
        assert_int_equal(operate(&f, &options, NULL), KEDGE_OK);
        assert_memory_not_equal(before, f.params.values, bytes);
        assert_int_equal(operate(&f, &options, NULL), KEDGE_OK);
        assert_memory_equal(before, f.params.values, bytes);
        free(before);
        fixture_close(&f);
    }
}

static void reflection_negates_the_latent(void **state)
{
    (void)state;
    surgery_fixture f;
    kedge_surgery_report report[2];
    fixture_open(&f, 1, true);
    kedge_surgery_options options = {.kind = kind_named("reflect"), .site = "bottleneck", .dims = {2, two}};
    assert_int_equal(operate(&f, &options, report), KEDGE_OK);
    for (int d = 0; d < 2; d++) assert_true(report[d].peak_after == -report[d].peak_before);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gamma_is_the_rows_root_mean_square),
        cmocka_unit_test(at_a_hidden_layer_it_is_measured_before_the_function),
        cmocka_unit_test(a_given_gamma_is_taken),
        cmocka_unit_test(dims_are_calibrated_one_by_one),
        cmocka_unit_test(the_peak_moves_to_the_other_side),
        cmocka_unit_test(a_dim_that_is_always_0_has_no_size),
        cmocka_unit_test(numbers_that_are_not_finite_are_reported),
        cmocka_unit_test(reflecting_twice_is_the_identity),
        cmocka_unit_test(reflection_negates_the_latent),
    };
    return cmocka_run_group_tests_name("surgery_redirect", tests, NULL, NULL);
}
