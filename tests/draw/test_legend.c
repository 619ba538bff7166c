/* test_legend.c - names of lines: places that do not touch, rows that wrap. */
#include "draw_test.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/legend.h"

static double line_of(const kedge_theme *theme)
{
    return 1.25 * theme->tick;
}

static void labels_with_room_stand_at_their_ends(void **state)
{
    (void)state;
    kedge_entry entries[] = {{.text = "a", .end = 80}, {.text = "b", .end = 20}, {.text = "c", .end = 50}};
    assert_true(kedge_ends_place(kedge_theme_of(false), 3, entries, 0, 100));
    for (int i = 0; i < 3; i++) assert_true(entries[i].y == entries[i].end);
}

static void labels_do_not_touch(void **state)
{
    (void)state;
    const kedge_theme *theme = kedge_theme_of(false);
    kedge_entry entries[] = {{.text = "a", .end = 50}, {.text = "b", .end = 49}, {.text = "c", .end = 51},
                             {.text = "d", .end = 50}};
    assert_true(kedge_ends_place(theme, 4, entries, 0, 100));
    const int order[] = {1, 0, 3, 2};
    for (int i = 0; i + 1 < 4; i++) {
        double gap = entries[order[i + 1]].y - entries[order[i]].y;
        assert_true(fabs(gap - line_of(theme)) < 1e-9);
    }
    /* The heap stands around the mean of its ends. */
    assert_true(fabs((entries[1].y + entries[2].y) / 2 - 50) < 1e-9);
}

static void labels_stay_between_top_and_bottom(void **state)
{
    (void)state;
    kedge_entry entries[] = {{.text = "a", .end = -40}, {.text = "b", .end = 99}, {.text = "c", .end = 99}};
    assert_true(kedge_ends_place(kedge_theme_of(false), 3, entries, 0, 100));
    assert_true(entries[0].y == 0 && entries[2].y <= 100 && entries[1].y < entries[2].y);
}

static void without_room_there_is_no_place(void **state)
{
    (void)state;
    kedge_entry entries[12] = {{.text = "a"}};
    assert_false(kedge_ends_place(kedge_theme_of(false), 12, entries, 0, 60));
}

static void entries_wrap(void **state)
{
    (void)state;
    cairo_t *cr = kedge_canvas_measure();
    const kedge_theme *theme = kedge_theme_of(false);
    kedge_entry entries[] = {{.text = "reconstruction"}, {.text = "separate"}, {.text = "subspace"}};
    double wide = kedge_legend_height(cr, theme, 3, entries, 600);
    double narrow = kedge_legend_height(cr, theme, 3, entries, 110);
    assert_true(wide > theme->tick);
    assert_true(fabs(narrow - 3 * wide) < 1e-9);
    assert_true(kedge_legend_height(cr, theme, 0, NULL, 600) == 0);
    cairo_destroy(cr);
}

/* Rightmost and lowest pixel that a legend of this width inks. */
static void extent(double width, int *right, int *bottom)
{
    kedge_entry entries[] = {{.text = "reconstruction", .shape = KEDGE_SHAPE_NONE},
                             {.text = "a name that no legend of this width could hold", .shape = KEDGE_SHAPE_DISC}};
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_A8, 400, 100);
    cairo_t *cr = cairo_create(image);
    kedge_legend_draw(cr, kedge_theme_of(false), 0, 0, width, 2, entries);
    cairo_surface_flush(image);
    *right = *bottom = 0;
    for (int y = 0; y < 100; y++)
        for (int x = 0; x < 400; x++)
            if (cairo_image_surface_get_data(image)[y * cairo_image_surface_get_stride(image) + x]) {
                if (x > *right) *right = x;
                *bottom = y;
            }
    cairo_destroy(cr);
    cairo_surface_destroy(image);
}

static void a_legend_keeps_to_its_width(void **state)
{
    (void)state;
    int right, bottom;
    extent(120, &right, &bottom);
    assert_in_range(right, 80, 120);
    assert_in_range(bottom, 15, 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_with_room_stand_at_their_ends),
        cmocka_unit_test(labels_do_not_touch),
        cmocka_unit_test(labels_stay_between_top_and_bottom),
        cmocka_unit_test(without_room_there_is_no_place),
        cmocka_unit_test(entries_wrap),
        cmocka_unit_test(a_legend_keeps_to_its_width),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
