/* test_marker.c - labels find room. */
#include "draw_test.h"

#include "draw/marker.h"

enum { POINTS = 400 };

static kedge_axes panel(void)
{
    return (kedge_axes){.cr = kedge_canvas_measure(), .theme = kedge_theme_of(false), .x = 0, .y = 0, .width = 200,
                        .height = 200, .across = {0, 1}, .up = {0, 1}};
}

static void place(kedge_marker *markers, int n, int n_points, double (*at)[2])
{
    kedge_axes axes = panel();
    kedge_points points = {.n = n_points, .at = at, .radius = 2};
    kedge_markers_place(markers, n, &axes, &points);
    cairo_destroy(axes.cr);
}

static bool apart(const kedge_marker *a, const kedge_marker *b)
{
    return a->left + a->width <= b->left || b->left + b->width <= a->left || a->top + a->height <= b->top ||
           b->top + b->height <= a->top;
}

static void label_stays_in_the_panel(void **state)
{
    (void)state;
    const double corners[4][2] = {{0, 0}, {200, 0}, {0, 200}, {200, 200}};
    for (int i = 0; i < 4; i++) {
        kedge_marker marker = {.label = "a long label", .x = corners[i][0], .y = corners[i][1]};
        place(&marker, 1, 0, NULL);
        assert_true(marker.left >= 0 && marker.left + marker.width <= 200);
        assert_true(marker.top >= 0 && marker.top + marker.height <= 200);
    }
}

static void label_leaves_its_ring_free(void **state)
{
    (void)state;
    kedge_marker marker = {.label = "red", .x = 100, .y = 100};
    place(&marker, 1, 0, NULL);
    assert_true(marker.left > 105 || marker.left + marker.width < 95 || marker.top > 105 ||
                marker.top + marker.height < 95);
}

static void label_covers_no_point_where_there_is_room(void **state)
{
    (void)state;
    double at[POINTS][2];
    for (int i = 0; i < POINTS; i++) { /* all but the upper left of the ring is full */
        at[i][0] = 10 * (i % 20) + 5;
        at[i][1] = 10 * (i / 20) + 5;
        if (at[i][0] < 100 && at[i][1] < 100) at[i][0] += 100;
    }
    kedge_marker marker = {.label = "red", .x = 100, .y = 100};
    place(&marker, 1, POINTS, at);
    assert_true(marker.left + marker.width < 103 && marker.top + marker.height < 103);
}

static void labels_of_one_place_do_not_overlap(void **state)
{
    (void)state;
    kedge_marker markers[3] = {{.label = "red", .x = 100, .y = 100}, {.label = "green", .x = 100, .y = 100},
                               {.label = "blue", .x = 100, .y = 100}};
    place(markers, 3, 0, NULL);
    assert_true(apart(&markers[0], &markers[1]));
    assert_true(apart(&markers[0], &markers[2]));
    assert_true(apart(&markers[1], &markers[2]));
}

static void marker_without_a_label_has_none(void **state)
{
    (void)state;
    kedge_marker marker = {.x = 100, .y = 100, .width = 7};
    place(&marker, 1, 0, NULL);
    assert_true(marker.width == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(label_stays_in_the_panel),
        cmocka_unit_test(label_leaves_its_ring_free),
        cmocka_unit_test(label_covers_no_point_where_there_is_room),
        cmocka_unit_test(labels_of_one_place_do_not_overlap),
        cmocka_unit_test(marker_without_a_label_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
