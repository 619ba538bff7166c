/* test_line_names.c - names of lines stand beside their own lines. */
#include "draw_test.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/line_names.h"

enum { WIDE = 320, HIGH = 120 };

/* Mean row of the pixels that are red, or blue, as the ink is, and their number. */
static double mean_row(cairo_surface_t *image, kedge_ink ink, int *n)
{
    double sum = 0;
    *n = 0;
    cairo_surface_flush(image);
    for (int y = 0; y < HIGH; y++)
        for (int x = 0; x < WIDE; x++) {
            unsigned pixel;
            memcpy(&pixel,
                   cairo_image_surface_get_data(image) + y * cairo_image_surface_get_stride(image) + 4 * x,
                   sizeof pixel);
            unsigned r = pixel >> 16 & 255, b = pixel & 255;
            if (ink.r > 0.5 ? r > 200 && b < 80 : b > 200 && r < 80) sum += y, ++*n;
        }
    return sum / *n;
}

static void each_name_is_at_its_line(void **state)
{
    (void)state;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDE, HIGH);
    kedge_axes axes = {.cr = cairo_create(image), .theme = kedge_theme_of(false), .x = 10, .y = 10, .width = 300,
                       .height = 100, .across = {0, 1}, .up = {0, 1}};
    kedge_canvas_ink(axes.cr, axes.theme->panel, 1);
    cairo_paint(axes.cr);
    const double x[] = {0, 1}, high[] = {0.8, 0.8}, low[] = {0.3, 0.3};
    const kedge_named_line lines[] = {{"the upper one", {1, 0, 0}, 2, x, high},
                                      {"the lower one", {0, 0, 1}, 2, x, low}};
    kedge_line_names_draw(&axes, 2, lines);
    int n;
    double upper = mean_row(image, lines[0].ink, &n);
    assert_true(n > 30);
    assert_true(fabs(upper - 30) < 14);
    double lower = mean_row(image, lines[1].ink, &n);
    assert_true(n > 30);
    assert_true(fabs(lower - 80) < 14);
    cairo_destroy(axes.cr);
    cairo_surface_destroy(image);
}

static void a_line_without_points_has_no_name(void **state)
{
    (void)state;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDE, HIGH);
    kedge_axes axes = {.cr = cairo_create(image), .theme = kedge_theme_of(false), .x = 10, .y = 10, .width = 300,
                       .height = 100, .across = {0, 1}, .up = {0, 1}};
    const kedge_named_line none = {.name = "none", .ink = {1, 0, 0}};
    kedge_line_names_draw(&axes, 1, &none);
    assert_int_equal(pixels_like(image, 0), WIDE * HIGH);
    cairo_destroy(axes.cr);
    cairo_surface_destroy(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_is_at_its_line),
        cmocka_unit_test(a_line_without_points_has_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
