/* test_cone.c - the shade of a cone says of each place what is true of all latents that are drawn there. */
#include "draw_test.h"

#include <math.h>

#include "draw/canvas.h"
#include "draw/cone.h"

enum { SIDE = 220, DIMS = 4, NONE = 0, LIGHT, STRONG };

/* A panel of [-1.1, 1.1] in both dims on an image of SIDE pixels. */
typedef struct panel {
    cairo_surface_t *image;
    kedge_axes axes;
} panel;

static panel panel_of(void)
{
    panel p = {.image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE)};
    p.axes = (kedge_axes){.cr = cairo_create(p.image), .theme = kedge_theme_of(false), .width = SIDE, .height = SIDE,
                          .across = {-1.1, 1.1}, .up = {-1.1, 1.1}};
    cairo_set_antialias(p.axes.cr, CAIRO_ANTIALIAS_NONE);
    kedge_canvas_ink(p.axes.cr, (kedge_ink){1, 1, 1}, 1);
    cairo_paint(p.axes.cr);
    return p;
}

static void close_panel(panel *p)
{
    cairo_destroy(p->axes.cr);
    cairo_surface_destroy(p->image);
}

/* The shade at a place of the panel, by how much red is left of white. */
static int shade_at(const panel *p, double x, double y)
{
    cairo_surface_flush(p->image);
    int column = (int)floor(kedge_axes_x(&p->axes, x)), row = (int)floor(kedge_axes_y(&p->axes, y));
    unsigned pixel;
    memcpy(&pixel,
           cairo_image_surface_get_data(p->image) + row * cairo_image_surface_get_stride(p->image) + 4 * column, 4);
    unsigned red = pixel >> 16 & 255;
    return red == 255 ? NONE : red > 225 ? LIGHT : STRONG;
}

/* Draws the cone in dims 0 and 1 of k and compares the shade with the least and greatest cosine that unit vectors have
 * which project there. Places next to a boundary are passed over. Returns how many had each shade. */
static void check(const float *axis, double angle, int counts[3])
{
    const kedge_cone cone = {NULL, axis, angle};
    const double limit = cos(angle * M_PI / 180), near = 0.02;
    double length = 0, in_plane = hypot((double)axis[0], (double)axis[1]);
    panel p = panel_of();
    for (int d = 0; d < DIMS; d++) length += (double)axis[d] * (double)axis[d];
    length = sqrt(length);
    double off_plane = sqrt(fmax(0, length * length - in_plane * in_plane)) / length;
    kedge_cone_draw(&p.axes, &cone, DIMS, 0, 1, true);
    for (double x = -0.985; x < 1; x += 0.03)
        for (double y = -0.985; y < 1; y += 0.03) {
            double rest = 1 - x * x - y * y;
            if (rest < 0.02) continue;
            double middle = (x * (double)axis[0] + y * (double)axis[1]) / length, reach = sqrt(rest) * off_plane;
            if (fabs(middle - reach - limit) < near || fabs(middle + reach - limit) < near) continue;
            int want = middle - reach > limit ? STRONG : middle + reach > limit ? LIGHT : NONE;
            int shade = shade_at(&p, x, y);
            if (shade != want) fail_msg("at (%.3f, %.3f): shade %d, not %d", x, y, shade, want);
            counts[shade]++;
        }
    close_panel(&p);
}

static void an_axis_in_the_plane_cuts_off_a_cap(void **state)
{
    (void)state;
    int counts[3] = {0};
    check((float[DIMS]){1, 0, 0, 0}, 60, counts);
    assert_true(counts[STRONG] > 100 && counts[NONE] > 1000);
    assert_int_equal(counts[LIGHT], 0);
}

static void a_right_angle_is_half_the_disc(void **state)
{
    (void)state;
    int counts[3] = {0};
    check((float[DIMS]){-3, 4, 0, 0}, 90, counts);
    assert_in_range(counts[STRONG], counts[NONE] * 9 / 10, counts[NONE] * 11 / 10);
    assert_int_equal(counts[LIGHT], 0);
}

static void an_oblique_axis_has_both_shades(void **state)
{
    (void)state;
    int counts[3] = {0};
    check((float[DIMS]){1, 0.5F, 0.7F, 0}, 50, counts);
    assert_true(counts[STRONG] > 20 && counts[LIGHT] > 200 && counts[NONE] > 200);
}

static void an_axis_far_off_the_plane_is_light_alone(void **state)
{
    (void)state;
    int counts[3] = {0};
    check((float[DIMS]){0.2F, 0.1F, 0.7F, 0.7F}, 50, counts);
    assert_int_equal(counts[STRONG], 0);
    assert_true(counts[LIGHT] > 200 && counts[NONE] > 200);
}

static void an_axis_across_the_plane_is_a_disc(void **state)
{
    (void)state;
    int counts[3] = {0};
    check((float[DIMS]){0, 0, 0, 1}, 30, counts);
    assert_int_equal(counts[STRONG], 0);
    assert_true(counts[LIGHT] > 200);
}

static void a_wide_oblique_cone_is_right_too(void **state)
{
    (void)state;
    int counts[3] = {0};
    check((float[DIMS]){-1, 0.3F, 0.4F, 0.2F}, 90, counts);
    check((float[DIMS]){-1, 0.3F, 0.4F, 0.2F}, 80, counts);
    assert_true(counts[STRONG] > 100 && counts[LIGHT] > 100);
}

static void no_angle_is_no_shade(void **state)
{
    (void)state;
    int counts[3] = {0};
    check((float[DIMS]){1, 0, 0, 0}, 0, counts);
    assert_int_equal(counts[STRONG] + counts[LIGHT], 0);
}

/* Of any length: a wedge of vectors in the plane, by their angle alone. */
static void latents_of_any_length_have_a_wedge(void **state)
{
    (void)state;
    const float axis[DIMS] = {1, 1, 0.5F, 0};
    const kedge_cone cone = {NULL, axis, 60};
    panel p = panel_of();
    kedge_cone_draw(&p.axes, &cone, DIMS, 0, 1, false);
    for (double t = 0; t < 2 * M_PI; t += 0.05)
        for (double radius = 0.2; radius < 1.1; radius += 0.3) {
            double cosine = (cos(t) + sin(t)) / 1.5;
            if (fabs(cosine - 0.5) < 0.05) continue;
            assert_int_equal(shade_at(&p, radius * cos(t), radius * sin(t)), cosine > 0.5 ? STRONG : NONE);
        }
    close_panel(&p);
}

static void the_arc_is_that_of_unit_vectors(void **state)
{
    (void)state;
    const kedge_cone cone = {NULL, (float[DIMS]){3, 0, 4, 0}, 60};
    assert_float_equal(kedge_cone_arc(&cone, DIMS, 0, 1), acos(0.5 / 0.6), 1e-6);
    assert_float_equal(kedge_cone_arc(&cone, DIMS, 0, 2), M_PI / 3, 1e-6);
    assert_true(kedge_cone_arc(&cone, DIMS, 1, 3) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_axis_in_the_plane_cuts_off_a_cap),
        cmocka_unit_test(a_right_angle_is_half_the_disc),
        cmocka_unit_test(an_oblique_axis_has_both_shades),
        cmocka_unit_test(an_axis_far_off_the_plane_is_light_alone),
        cmocka_unit_test(an_axis_across_the_plane_is_a_disc),
        cmocka_unit_test(a_wide_oblique_cone_is_right_too),
        cmocka_unit_test(no_angle_is_no_shade),
        cmocka_unit_test(latents_of_any_length_have_a_wedge),
        cmocka_unit_test(the_arc_is_that_of_unit_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
