/* The laws of suppress. */
#include "edit_fixture.h"

#include "ops/ops.h"

static const double axis[] = {1, 0, 0, 0}, slanted[] = {0.3, -2, 0.7, 1.1};

static kedge_edit_options suppress(const double *direction, double from, double strength, double power)
{
    return (kedge_edit_options){.kind = edit_kind("suppress"), .site = "bottleneck", .direction = {4, direction},
                                .from = from, .strength = strength, .power = power};
}

static void the_direction_reads_zero(void **state)
{
    (void)state;
    columns from = random_columns(4), to;
    kedge_edit_options edit = suppress(slanted, 90, 1, 0);
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++)
            if (cosine_with(&from, i, slanted) > 0 && !(fabs(cosine_with(&to, i, slanted)) <= 2e-7))
                fail_msg("(%s) column %d is left with a cosine of %g", kedge_context_kernels(ctx), i,
                         cosine_with(&to, i, slanted));
    }
}

static void an_axis_reads_exactly_zero(void **state)
{
    (void)state;
    columns from = random_columns(4), to;
    kedge_edit_options edit = suppress(axis, 90, 1, 0);
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++)
            assert_true(from.z[i][0] > 0 ? to.z[i][0] == 0 : to.z[i][0] == from.z[i][0]);
    }
}

/* Also -0 and numbers too small for arithmetic, while the others next to them are edited. */
static void what_is_further_stays_to_the_bit(void **state)
{
    static const double angles[] = {90, 75, 60, 10, 0};
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int a = 0; a < 5; a++) {
            columns from = random_columns(4), to;
            for (int i = 0; i < from.n; i += 3) from.z[i][2] = i % 2 ? -0.0f : 1e-42f;
            kedge_edit_options edit = suppress(slanted, angles[a], 1, a % 2);
            edit_ok(ctx, &edit, &from, &to);
            for (int i = 0; i < from.n; i++)
                if (cosine_with(&from, i, slanted) < cos(angles[a] * M_PI / 180) - 1e-9)
                    assert_same_column(&to, &from, i);
        }
}

static void what_is_nearer_changes(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    columns from = random_columns(4), to;
    kedge_edit_options edit = suppress(slanted, 60, 1, 1);
    edit_ok(ctx, &edit, &from, &to);
    for (int i = 0; i < from.n; i++)
        if (cosine_with(&from, i, slanted) > 0.501)
            assert_true(cosine_with(&to, i, slanted) < 0.9999 * cosine_with(&from, i, slanted));
    kedge_context_free(ctx);
}

/* A column at 60 degrees whose cosine is a number without rounding. */
static void exactly_at_from(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    columns from = {.dims = 4, .n = 1, .z = {{0.5f, 0.5f, 0.5f, 0.5f}}}, to;
    kedge_edit_options edit = suppress(axis, 60, 1, 0);
    edit_ok(ctx, &edit, &from, &to);
    assert_same_column(&to, &from, 0);
    kedge_context_free(ctx);
}

/* z' = z - h(alpha) (z.v) v with alpha of the angle, whatever the length. */
static void the_share_grows_with_the_angle(void **state)
{
    static const double powers[] = {0, 0.5, 1, 2, 3.7};
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    columns from = random_columns(4), to;
    for (int p = 0; p < 5; p++) {
        kedge_edit_options edit = suppress(slanted, 80, 0.75, powers[p]);
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++) {
            double cosine = cosine_with(&from, i, slanted), a = cos(80 * M_PI / 180), part = 0;
            if (cosine > a) part = 0.75 * pow((cosine - a) / (1 - a), powers[p]) * cosine * length_of(&from, i);
            for (int d = 0; d < 4; d++) {
                double want = (double)from.z[i][d] - part * slanted[d] / ref_length(4, slanted);
                if (!(fabs(want - (double)to.z[i][d]) <= 1e-7))
                    fail_msg("power %g, column %d, dim %d: %g, should be %g", powers[p], i, d, (double)to.z[i][d],
                             want);
            }
        }
    }
    kedge_context_free(ctx);
}

static void the_share_as_a_function(void **state)
{
    (void)state;
    kedge_edit_options edit = suppress(axis, 60, 0.75, 2);
    assert_true(kedge_suppress_share(&edit, 0) == 0);
    assert_true(kedge_suppress_share(&edit, 0.5) == 0);
    assert_true(fabs(kedge_suppress_share(&edit, 0.75) - 0.75 * 0.25) <= 1e-15);
    assert_true(kedge_suppress_share(&edit, 1) == 0.75);
    edit.power = 0;
    assert_true(kedge_suppress_share(&edit, 0.5) == 0);
    assert_true(kedge_suppress_share(&edit, 0.5000001) == 0.75);
    edit.from = 0; /* nothing is nearer than that */
    assert_true(kedge_suppress_share(&edit, 1) == 0);
}

/* A cosine above 1 is rounding. */
static void the_share_ends_at_one(void **state)
{
    (void)state;
    kedge_edit_options edit = suppress(axis, 60, 0.75, 2);
    assert_true(kedge_suppress_share(&edit, 1 + 1e-12) == 0.75);
    edit.from = 0;
    assert_true(kedge_suppress_share(&edit, 1 + 1e-12) == 0);
}

/* Columns along the direction too, whose cosines come out around 1. */
static void from_0_edits_nothing(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    columns from = random_columns(4), to;
    for (int i = 0; i < from.n; i++) {
        double direction[4];
        for (int d = 0; d < 4; d++) direction[d] = (double)from.z[i][d];
        kedge_edit_options edit = suppress(direction, 0, 1, 0);
        edit_ok(ctx, &edit, &from, &to);
        assert_same_column(&to, &from, i);
    }
    kedge_context_free(ctx);
}

static void the_slope_of_a_root_is_bounded(void **state)
{
    (void)state;
    kedge_falloff falloff = {.from = 0.5, .strength = 1, .power = 0.25};
    double nearest, nearer, further;
    kedge_falloff_at(&falloff, 0.5 + 0x1p-21, &nearest);
    kedge_falloff_at(&falloff, 0.5 + 0x1p-40, &nearer);
    kedge_falloff_at(&falloff, 0.5 + 0x1p-20, &further);
    assert_true(fabs(nearest / (0.5 * pow(0x1p-20, -0.75)) - 1) <= 1e-12);
    assert_true(nearer == nearest);
    assert_true(further < nearest);
}

static void odd_columns_stay_finite(void **state)
{
    static const double angles[] = {90, 60, 0}, powers[] = {0, 0.25, 1, 2.5};
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int a = 0; a < 3; a++)
            for (int p = 0; p < 4; p++) {
                columns from = odd_columns(4, slanted), to;
                kedge_edit_options edit = suppress(slanted, angles[a], 2, powers[p]);
                edit_ok(ctx, &edit, &from, &to);
                assert_finite(&to);
            }
}

/* Shorter than l2norm's limit there is no direction. */
static void no_length_no_edit(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    columns from = {.dims = 4, .n = 3, .z = {{0}, {9e-13f}, {1.1e-12f}}}, to;
    kedge_edit_options edit = suppress(axis, 90, 1, 0);
    edit_ok(ctx, &edit, &from, &to);
    assert_same_column(&to, &from, 0);
    assert_same_column(&to, &from, 1);
    assert_true(to.z[2][0] == 0);
    kedge_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_direction_reads_zero),
        cmocka_unit_test(an_axis_reads_exactly_zero),
        cmocka_unit_test(what_is_further_stays_to_the_bit),
        cmocka_unit_test(what_is_nearer_changes),
        cmocka_unit_test(exactly_at_from),
        cmocka_unit_test(the_share_grows_with_the_angle),
        cmocka_unit_test(the_share_as_a_function),
        cmocka_unit_test(the_share_ends_at_one),
        cmocka_unit_test(from_0_edits_nothing),
        cmocka_unit_test(the_slope_of_a_root_is_bounded),
        cmocka_unit_test(odd_columns_stay_finite),
        cmocka_unit_test(no_length_no_edit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
