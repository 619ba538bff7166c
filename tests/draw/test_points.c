/* test_points.c - what lies on top, what can be seen. */
#include "draw_test.h"

#include "draw/points.h"

enum { SIDE = 40 };

static cairo_surface_t *blank(double grey)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE);
    cairo_t *cr = cairo_create(image);
    cairo_set_source_rgb(cr, grey, grey, grey);
    cairo_paint(cr);
    cairo_destroy(cr);
    return image;
}

/* Two points at one place: red is 0, blue is 1. */
static void draw_two(cairo_surface_t *image, double red_depth, double blue_depth)
{
    double at[2][2] = {{20, 20}, {20, 20}};
    const kedge_ink ink[2] = {{1, 0, 0}, {0, 0, 1}};
    kedge_depth order[2] = {{red_depth, 0}, {blue_depth, 1}};
    kedge_points points = {.n = 2, .at = at, .ink = ink, .order = order, .radius = 8};
    cairo_t *cr = cairo_create(image);
    kedge_points_sort(&points);
    kedge_points_draw(cr, kedge_theme_of(false), &points);
    cairo_destroy(cr);
}

static void deep_points_lie_under(void **state)
{
    (void)state;
    cairo_surface_t *image = blank(1);
    draw_two(image, 0.1, 0.5);
    assert_int_equal(pixels_like(image, 0x0000ff), 0);
    assert_in_range(pixels_like(image, 0xff0000), 160, 202); /* pi 8^2 less the rim */
    cairo_surface_destroy(image);
}

static void equal_depths_go_by_number(void **state)
{
    (void)state;
    cairo_surface_t *image = blank(1);
    draw_two(image, 0.5, 0.5);
    assert_int_equal(pixels_like(image, 0xff0000), 0);
    cairo_surface_destroy(image);
}

static void draw_one(cairo_t *cr, double x, kedge_ink ink, double radius, bool dark)
{
    double at[1][2] = {{x, 20}};
    kedge_depth order[1] = {{0, 0}};
    kedge_points points = {.n = 1, .at = at, .ink = &ink, .order = order, .radius = radius};
    kedge_points_draw(cr, kedge_theme_of(dark), &points);
}

static void white_shows_on_white(void **state)
{
    (void)state;
    cairo_surface_t *image = blank(1);
    cairo_t *cr = cairo_create(image);
    draw_one(cr, 20, (kedge_ink){1, 1, 1}, 2, false);
    assert_true(SIDE * SIDE - pixels_like(image, 0xffffff) >= 8);
    cairo_destroy(cr);
    cairo_surface_destroy(image);
}

static void black_shows_on_black(void **state)
{
    (void)state;
    cairo_surface_t *image = blank(0);
    cairo_t *cr = cairo_create(image);
    draw_one(cr, 20, (kedge_ink){0, 0, 0}, 2, true);
    assert_true(SIDE * SIDE - pixels_like(image, 0x000000) >= 8);
    cairo_destroy(cr);
    cairo_surface_destroy(image);
}

static void points_beyond_the_image_are_left_out(void **state)
{
    (void)state;
    cairo_surface_t *image = blank(1);
    cairo_t *cr = cairo_create(image);
    draw_one(cr, -1000, (kedge_ink){1, 0, 0}, 3, false);
    draw_one(cr, SIDE + 2, (kedge_ink){1, 0, 0}, 1, false);
    assert_int_equal(pixels_like(image, 0xffffff), SIDE * SIDE);
    cairo_destroy(cr);
    cairo_surface_destroy(image);
}

static void clip_holds(void **state)
{
    (void)state;
    cairo_surface_t *image = blank(1);
    cairo_t *cr = cairo_create(image);
    cairo_rectangle(cr, 0, 0, 20, SIDE);
    cairo_clip(cr);
    draw_one(cr, 20, (kedge_ink){1, 0, 0}, 8, false);
    assert_in_range(pixels_like(image, 0xff0000), 80, 101); /* half of it */
    cairo_destroy(cr);
    cairo_surface_destroy(image);
}

static void more_points_are_smaller(void **state)
{
    (void)state;
    assert_true(kedge_points_radius(10, 1e4) > kedge_points_radius(1000, 1e4));
    assert_true(kedge_points_radius(100000000, 1e4) > 0.5);
    assert_true(kedge_points_radius(1, 1e6) < 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_points_lie_under),
        cmocka_unit_test(equal_depths_go_by_number),
        cmocka_unit_test(white_shows_on_white),
        cmocka_unit_test(black_shows_on_black),
        cmocka_unit_test(points_beyond_the_image_are_left_out),
        cmocka_unit_test(clip_holds),
        cmocka_unit_test(more_points_are_smaller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
