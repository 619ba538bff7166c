/* The laws of repel. */
#include "edit_fixture.h"

#include "base/random.h"
#include "ops/ops.h"

static const double axis[] = {1, 0, 0, 0}, slanted[] = {0.3, -2, 0.7, 1.1};

typedef struct range {
    double from, to;
} range;

static const range ranges[] = {{90, 89}, {90, 45}, {90, 10}, {60, 59.9999}, {60, 30}, {5, 1}, {90, 1e-3}};
enum { RANGES = sizeof ranges / sizeof *ranges };

static kedge_edit_options repel(const double *direction, double from, double to, int map)
{
    return (kedge_edit_options){.kind = edit_kind("repel"), .site = "bottleneck", .direction = {4, direction},
                                .from = from, .to = to, .map = map};
}

/* Random columns, and some that come nearer and nearer to the direction. */
static columns near_columns(void)
{
    columns c = random_columns(4);
    for (int i = 0; i < 40; i++)
        for (int k = 0; k < 4; k++)
            c.z[i][k] = (float)(slanted[k] * 0.5 + (double)c.z[i][k] * pow(10, -0.25 * i));
    return c;
}

static void lengths_stay(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int r = 0; r < 2 * RANGES; r++) {
            columns from = near_columns(), to;
            kedge_edit_options edit = repel(slanted, ranges[r / 2].from, ranges[r / 2].to, r % 2);
            edit_ok(ctx, &edit, &from, &to);
            for (int i = 0; i < from.n; i++)
                if (!(fabs(length_of(&to, i) / length_of(&from, i) - 1) <= 2e-7))
                    fail_msg("range %d, column %d: length %.9g becomes %.9g", r / 2, i, length_of(&from, i),
                             length_of(&to, i));
        }
}

static void nothing_comes_nearer_than_to(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int r = 0; r < 2 * RANGES; r++) {
            columns from = near_columns(), to;
            kedge_edit_options edit = repel(slanted, ranges[r / 2].from, ranges[r / 2].to, r % 2);
            edit_ok(ctx, &edit, &from, &to);
            for (int i = 0; i < from.n; i++)
                if (!(cosine_with(&to, i, slanted) <= cos(ranges[r / 2].to * M_PI / 180) + 2e-7))
                    fail_msg("range %d, column %d: cosine %.9g", r / 2, i, cosine_with(&to, i, slanted));
        }
}

/* Every cosine becomes what the map says. */
static void cosines_follow_the_map(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    for (int r = 0; r < 2 * RANGES; r++) {
        columns from = near_columns(), to;
        kedge_edit_options edit = repel(slanted, ranges[r / 2].from, ranges[r / 2].to, r % 2);
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++) {
            double cosine = cosine_with(&from, i, slanted), want = cosine > 0 ? kedge_repel_map(&edit, cosine) : cosine;
            if (!(fabs(cosine_with(&to, i, slanted) - want) <= 2e-7))
                fail_msg("range %d, column %d: cosine %.9g, should be %.9g", r / 2, i, cosine_with(&to, i, slanted),
                         want);
        }
    }
    kedge_context_free(ctx);
}

/* Columns stay in the plane that they have with the direction, on their side of it. */
static void columns_turn_in_their_plane(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    columns from = random_columns(4), to;
    kedge_edit_options edit = repel(axis, 90, 30, KEDGE_MAP_LINEAR);
    edit_ok(ctx, &edit, &from, &to);
    for (int i = 0; i < from.n; i++) {
        double across = hypot(hypot((double)from.z[i][1], (double)from.z[i][2]), (double)from.z[i][3]);
        double now = hypot(hypot((double)to.z[i][1], (double)to.z[i][2]), (double)to.z[i][3]);
        for (int d = 1; d < 4; d++) assert_true(fabs((double)from.z[i][d] / across - (double)to.z[i][d] / now) <= 2e-7);
    }
    kedge_context_free(ctx);
}

static void antipodal_and_orthogonal_stay_to_the_bit(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        columns from = random_columns(4), to;
        for (int i = 0; i < from.n; i++) {
            from.z[i][0] = i % 2 ? -0.0f : -fabsf(from.z[i][0]);
            if (i % 5 == 0) from.z[i][1] = from.z[i][2] = from.z[i][3] = i % 2 ? -0.0f : 1e-42f;
        }
        kedge_edit_options edit = repel(axis, 90, 10, KEDGE_MAP_BEZIER);
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++) assert_same_column(&to, &from, i);
    }
}

static void what_is_further_stays_to_the_bit(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int map = 0; map < 2; map++) {
            columns from = random_columns(4), to;
            kedge_edit_options edit = repel(slanted, 50, 40, map);
            edit_ok(ctx, &edit, &from, &to);
            for (int i = 0; i < from.n; i++)
                if (cosine_with(&from, i, slanted) < cos(50 * M_PI / 180) - 1e-9) assert_same_column(&to, &from, i);
        }
}

/* Of any length, on all kernels: one direction. */
static void parallel_turns_to_one_direction(void **state)
{
    (void)state;
    kedge_context *ctx;
    columns from = {.dims = 4, .n = 3, .z = {{0.25f}, {1}, {64}}}, to, first = {0};
    kedge_edit_options edit = repel(axis, 90, 60, KEDGE_MAP_LINEAR);
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        edit_ok(ctx, &edit, &from, &to);
        if (!first.n) first = to;
        for (int i = 0; i < 3; i++) {
            assert_true(fabs(cosine_with(&to, i, axis) - 0.5) <= 1e-7);
            for (int d = 0; d < 4; d++) assert_true(to.z[i][d] * from.z[1][0] == to.z[1][d] * from.z[i][0]);
            assert_same_column(&to, &first, i);
        }
    }
}

/* Parallel but for the rounding of its numbers, which must not choose the way. */
static void rounding_is_no_direction(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    columns from = {.dims = 4, .n = 50}, to;
    for (int i = 0; i < from.n; i++)
        for (int d = 0; d < 4; d++) from.z[i][d] = (float)(slanted[d] * (0.1 + 0.037 * i));
    kedge_edit_options edit = repel(slanted, 90, 80, KEDGE_MAP_BEZIER);
    edit_ok(ctx, &edit, &from, &to);
    double first[4];
    for (int d = 0; d < 4; d++) first[d] = (double)to.z[0][d];
    for (int i = 0; i < from.n; i++) assert_true(cosine_with(&to, i, first) >= 1 - 1e-6);
    kedge_context_free(ctx);
}

/* The direction may be what is drawn first, of which nothing but rounding is at right angles to it: then directions
 * next to one another would have ways that are not. */
static void another_draw_where_the_first_is_parallel(void **state)
{
    (void)state;
    uint32_t words[4];
    double drawn[4], first[4];
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    kedge_random_block(0, KEDGE_PURPOSE_REPEL, 0, 0, 0, words);
    for (int d = 0; d < 4; d++) drawn[d] = 2 * (double)kedge_random_unit(words[d]) - 1;
    kedge_edit_options edit = repel(drawn, 90, 80, KEDGE_MAP_LINEAR);
    for (int i = 0; i < 8; i++) {
        columns from = {.dims = 4, .n = 1}, to;
        drawn[i / 2] += i % 2 ? 1e-9 : -1e-9;
        for (int d = 0; d < 4; d++) from.z[0][d] = (float)drawn[d];
        edit_ok(ctx, &edit, &from, &to);
        assert_true(fabs(cosine_with(&to, 0, drawn) - cos(80 * M_PI / 180)) <= 1e-7);
        for (int d = 0; d < 4 && i == 0; d++) first[d] = (double)to.z[0][d];
        assert_true(cosine_with(&to, 0, first) >= 1 - 1e-6);
    }
    kedge_context_free(ctx);
}

static void to_0_changes_nothing(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    for (int map = 0; map < 2; map++) {
        columns from = near_columns(), to;
        kedge_edit_options edit = repel(slanted, 90, 0, map);
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++) assert_same_column(&to, &from, i);
    }
    kedge_context_free(ctx);
}

static void odd_columns_stay_finite(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int r = 0; r < 2 * RANGES; r++) {
            columns from = odd_columns(4, slanted), to;
            kedge_edit_options edit = repel(slanted, ranges[r / 2].from, ranges[r / 2].to, r % 2);
            edit_ok(ctx, &edit, &from, &to);
            assert_finite(&to);
        }
}

static void the_linear_map(void **state)
{
    (void)state;
    kedge_edit_options edit = repel(axis, 60, 30, KEDGE_MAP_LINEAR);
    double b = cos(M_PI / 6);
    assert_true(kedge_repel_map(&edit, 0.3) == 0.3);
    assert_true(kedge_repel_map(&edit, 0.5) == 0.5);
    assert_true(fabs(kedge_repel_map(&edit, 0.75) - (0.5 + b) / 2) <= 1e-15);
    assert_true(fabs(kedge_repel_map(&edit, 1) - b) <= 1e-15);
}

/* Points of the curve, by its definition: x and y for one t. */
static void the_bezier_map(void **state)
{
    (void)state;
    for (int r = 0; r < RANGES; r++) {
        kedge_edit_options edit = repel(axis, ranges[r].from, ranges[r].to, KEDGE_MAP_BEZIER);
        double a = cos(ranges[r].from * M_PI / 180), b = cos(ranges[r].to * M_PI / 180), q = 1 / sqrt(2);
        for (int i = 0; i <= 1000; i++) {
            double t = i / 1000.0, s = 1 - t, inner = 3 * s * s * t, outer = 3 * s * t * t;
            double x = s * s * s * a + inner * (a + q * (b - a)) + outer * (1 - q * (1 - b)) + t * t * t;
            double y = s * s * s * a + inner * (a + q * (b - a)) + outer * b + t * t * t * b;
            if (!(fabs(kedge_repel_map(&edit, x) - y) <= 1e-13))
                fail_msg("range %d, t %g: map of %.17g is %.17g, should be %.17g", r, t, x,
                         kedge_repel_map(&edit, x), y);
        }
    }
}

/* Also where the curve's ends can hardly be told from its inner points. */
static void slopes_lie_between_0_and_1(void **state)
{
    (void)state;
    for (int i = 0; i < 400; i++) {
        double off = pow(10, -i / 20.0 - 1);
        kedge_turn turn = {.from = 0.5, .to = i % 2 ? 1 - off : 0.5 + off, .curved = true};
        if (!(turn.to > turn.from)) continue;
        for (int j = 0; j <= 64; j++) {
            double slope;
            kedge_turn_at(&turn, j < 32 ? 0.5 + pow(2, j - 53) : 1 - pow(2, 32 - j - 1), &slope);
            if (!(slope >= 0 && slope <= 1)) fail_msg("to %.17g, point %d: slope %g", turn.to, j, slope);
        }
    }
}

static void the_bezier_map_has_no_kink(void **state)
{
    (void)state;
    kedge_edit_options edit = repel(axis, 60, 30, KEDGE_MAP_BEZIER);
    double h = 1e-6, start = (kedge_repel_map(&edit, 0.5 + h) - 0.5) / h;
    double end = (kedge_repel_map(&edit, 1) - kedge_repel_map(&edit, 1 - h)) / h;
    assert_true(fabs(start - 1) <= 1e-4);
    assert_true(fabs(end) <= 1e-4);
}

static void to_is_nearer_than_from(void **state)
{
    (void)state;
    const char *message = "repel: 'to' is not less than 'from'; activations are moved from all angles below 'from' to "
                          "those between the two";
    kedge_edit_options edit = repel(axis, 60, 60, KEDGE_MAP_LINEAR);
    edit_refused(&edit, 4, message);
    edit = repel(axis, 60, 75, KEDGE_MAP_BEZIER);
    edit_refused(&edit, 4, message);
}

static void one_dim_cannot_turn(void **state)
{
    (void)state;
    kedge_edit_options edit = repel(axis, 90, 60, KEDGE_MAP_LINEAR);
    edit.direction.n = 1;
    edit_refused(&edit, 1,
                 "repel: site 'bottleneck' has one dim, in which nothing can be turned; must have at least 2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_stay),
        cmocka_unit_test(nothing_comes_nearer_than_to),
        cmocka_unit_test(cosines_follow_the_map),
        cmocka_unit_test(columns_turn_in_their_plane),
        cmocka_unit_test(antipodal_and_orthogonal_stay_to_the_bit),
        cmocka_unit_test(what_is_further_stays_to_the_bit),
        cmocka_unit_test(parallel_turns_to_one_direction),
        cmocka_unit_test(rounding_is_no_direction),
        cmocka_unit_test(another_draw_where_the_first_is_parallel),
        cmocka_unit_test(to_0_changes_nothing),
        cmocka_unit_test(odd_columns_stay_finite),
        cmocka_unit_test(the_linear_map),
        cmocka_unit_test(the_bezier_map),
        cmocka_unit_test(slopes_lie_between_0_and_1),
        cmocka_unit_test(the_bezier_map_has_no_kink),
        cmocka_unit_test(to_is_nearer_than_from),
        cmocka_unit_test(one_dim_cannot_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
