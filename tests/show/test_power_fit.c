/* test_power_fit.c - errors as a power of what they should depend on. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>

#include "show/power_fit.h"

enum { N = 50 };

static void make(double *x, double *y, double offset, double slope, double power)
{
    for (int i = 0; i < N; i++) x[i] = (double)i / (N - 1), y[i] = offset + slope * pow(x[i], power);
}

static void a_known_power_gives_offset_and_slope(void **state)
{
    double x[N], y[N], work[N];
    (void)state;
    make(x, y, 0.1, -0.3, 2);
    kedge_power_fit fit = kedge_power_fit_at(N, x, y, 2, work);
    assert_true(fabs(fit.offset - 0.1) < 1e-12 && fabs(fit.slope + 0.3) < 1e-12 && fabs(fit.r2 - 1) < 1e-12);
}

static void the_best_power_is_found(void **state)
{
    static const double powers[] = {0.2, 1, 2.345, 7, 18};
    double x[N], y[N], work[N];
    (void)state;
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        make(x, y, 0.02, 0.25, powers[i]);
        kedge_power_fit fit = kedge_power_fit_best(N, x, y, work);
        assert_true(fabs(fit.power / powers[i] - 1) < 1e-3);
        assert_true(fit.r2 > 1 - 1e-6);
    }
}

static void what_is_the_same_everywhere_has_no_slope(void **state)
{
    double x[N], y[N], work[N];
    (void)state;
    make(x, y, 0.5, 0, 1);
    kedge_power_fit fit = kedge_power_fit_best(N, x, y, work);
    assert_true(fit.slope == 0 && fit.r2 == 0 && fabs(fit.offset - 0.5) < 1e-12);
}

/* ---- bases ---- */

typedef struct desk {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_dataset *dataset;
    double *values;
} desk;

static int desk_setup(void **state)
{
    desk *d = calloc(1, sizeof *d);
    kedge_errors errors;
    kedge_data_options options = {.kind = KEDGE_DATA_RGB_GRID, .points = 3, .batch = 1};
    if (!d || kedge_context_create(&d->ctx, NULL)) return -1;
    kedge_errors_init(&errors);
    kedge_arena_init(&d->arena, d->ctx);
    d->dataset = kedge_dataset_create(d->ctx, &options, NULL, &errors);
    d->values = calloc(27, sizeof *d->values);
    *state = d;
    return d->dataset && d->values ? 0 : -1;
}

static int desk_teardown(void **state)
{
    desk *d = *state;
    kedge_arena_release(&d->arena);
    kedge_dataset_free(d->dataset);
    kedge_context_free(d->ctx);
    free(d->values);
    free(d);
    return 0;
}

static kedge_power_base base_of(desk *d, const char *formula)
{
    kedge_power_base base;
    kedge_formula as_written = {formula, "here"};
    kedge_target target = {.formula = formula, .values = d->values};
    target.has_colour = kedge_formula_similarity(&as_written, &target.colour);
    assert_int_equal(kedge_power_base_of(&base, &target, d->dataset, &d->arena), KEDGE_OK);
    return base;
}

static void a_similarity_loses_its_power(void **state)
{
    kedge_power_base base = base_of(*state, "similarity(red) ^ 2");
    assert_string_equal(base.formula, "similarity(red)");
    assert_true(base.power == 2);
    assert_true(base.values[18] == 1); /* (1, 0, 0) */
    assert_true(base.values[26] < 1);
}

static void a_similarity_without_power_is_its_own_base(void **state)
{
    kedge_power_base base = base_of(*state, "similarity(1, 0.5, 0)");
    assert_string_equal(base.formula, "similarity(1, 0.5, 0)");
    assert_true(base.power == 1);
}

static void a_column_loses_its_power(void **state)
{
    kedge_power_base base = base_of(*state, "vibrancy^2.3");
    assert_string_equal(base.formula, "vibrancy");
    assert_true(base.power == 2.3);
    assert_true(base.values[18] == 1);
}

static void anything_else_is_its_own_base(void **state)
{
    desk *d = *state;
    kedge_power_base base = base_of(d, "r + vibrancy^2");
    assert_string_equal(base.formula, "r + vibrancy^2");
    assert_true(base.power == 1 && base.values == d->values);
    base = base_of(d, "(r * g)^2");
    assert_true(base.power == 1 && base.values == d->values);
}

static void only_what_is_no_factor_takes_brackets(void **state)
{
    static const char *const plain[] = {"similarity(red)^2", "similarity(1, 0.5, (0))", "vibrancy^2", "vibrancy"};
    static const char *const compound[] = {"2*similarity(red)^2+1", "-vibrancy", "max(r, g) - max(g, b)", "(r + g)"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) assert_false(base_of(*state, plain[i]).compound);
    for (size_t i = 0; i < sizeof compound / sizeof *compound; i++) assert_true(base_of(*state, compound[i]).compound);
}

static void a_base_has_its_range(void **state)
{
    desk *d = *state;
    for (int i = 0; i < 27; i++) d->values[i] = i - 3;
    kedge_power_base base = base_of(d, "26*r - 3");
    assert_true(base.least == -3 && base.most == 23);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_known_power_gives_offset_and_slope),
        cmocka_unit_test(the_best_power_is_found),
        cmocka_unit_test(what_is_the_same_everywhere_has_no_slope),
        cmocka_unit_test_setup_teardown(a_similarity_loses_its_power, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(a_similarity_without_power_is_its_own_base, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(a_column_loses_its_power, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(anything_else_is_its_own_base, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(only_what_is_no_factor_takes_brackets, desk_setup, desk_teardown),
        cmocka_unit_test_setup_teardown(a_base_has_its_range, desk_setup, desk_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
