/* test_chart.c - lines, bands, dots and marks at their places on the page. */
#include "draw_test.h"

#include <cairo-svg.h>
#include <math.h>

#include "draw/canvas.h"
#include "draw/chart.h"

enum { SIDE = 120 };

typedef struct panel {
    cairo_surface_t *image;
    kedge_axes axes; /* x in [0, 100], y in [0, 1], on a panel of 100 x 100 points at (10, 10) */
} panel;

static panel panel_init(void)
{
    panel p = {.image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE)};
    p.axes = (kedge_axes){.cr = cairo_create(p.image), .theme = kedge_theme_of(false), .x = 10, .y = 10, .width = 100,
                          .height = 100, .across = {0, 100}, .up = {0, 1}};
    kedge_canvas_ink(p.axes.cr, (kedge_ink){1, 1, 1}, 1);
    cairo_paint(p.axes.cr);
    kedge_axes_init(&p.axes);
    return p;
}

static void panel_release(panel *p)
{
    cairo_destroy(p->axes.cr);
    cairo_surface_destroy(p->image);
}

/* Whether the pixel is not paper. */
static bool inked(const panel *p, int x, int y)
{
    unsigned pixel;
    cairo_surface_flush(p->image);
    memcpy(&pixel, cairo_image_surface_get_data(p->image) + y * cairo_image_surface_get_stride(p->image) + 4 * x,
           sizeof pixel);
    return (pixel & 0xffffff) != 0xffffff;
}

static int inked_in_column(const panel *p, int x)
{
    int n = 0;
    for (int y = 0; y < SIDE; y++) n += inked(p, x, y);
    return n;
}

static const kedge_line_style black = {.width = 2};

static void a_value_is_where_its_axis_says(void **state)
{
    (void)state;
    panel p = panel_init();
    kedge_chart_line(&p.axes, 2, (double[]){0, 100}, (double[]){0.25, 0.25}, &black);
    assert_true(inked(&p, 50, 85));
    assert_false(inked(&p, 50, 80));
    assert_false(inked(&p, 50, 90));
    panel_release(&p);
}

static void a_missing_value_is_a_gap(void **state)
{
    (void)state;
    panel p = panel_init();
    const double y[] = {0.5, 0.5, NAN, 0.5, 0.5}, x[] = {0, 40, 50, 60, 100};
    kedge_chart_line(&p.axes, 5, x, y, &black);
    assert_true(inked_in_column(&p, 30) > 0 && inked_in_column(&p, 90) > 0);
    assert_int_equal(inked_in_column(&p, 60), 0);
    panel_release(&p);
}

static void a_point_between_gaps_is_a_dot(void **state)
{
    (void)state;
    panel p = panel_init();
    kedge_chart_line(&p.axes, 3, (double[]){0, 50, 100}, (double[]){NAN, 0.5, NAN}, &black);
    assert_true(inked(&p, 60, 60));
    panel_release(&p);
}

static void long_lines_keep_their_peaks(void **state)
{
    (void)state;
    enum { N = 100000 };
    panel p = panel_init();
    double *y = calloc(N, sizeof *y);
    assert_non_null(y);
    y[50000] = 0.9;
    y[70001] = 0.6;
    p.axes.across = (kedge_range){0, N};
    kedge_chart_line(&p.axes, N, NULL, y, &black);
    assert_true(inked(&p, 60, 22) || inked(&p, 59, 22));
    assert_true(inked(&p, 80, 52) || inked(&p, 79, 52));
    assert_true(inked_in_column(&p, 30) <= 3);
    free(y);
    panel_release(&p);
}

typedef struct counted {
    int n;
} counted;

static cairo_status_t count(void *payload, const unsigned char *data, unsigned length)
{
    (void)data;
    ((counted *)payload)->n += (int)length;
    return CAIRO_STATUS_SUCCESS;
}

static void long_lines_make_small_files(void **state)
{
    (void)state;
    enum { N = 200000 };
    counted bytes = {0};
    panel p = panel_init();
    cairo_surface_t *file = cairo_svg_surface_create_for_stream(count, &bytes, SIDE, SIDE);
    cairo_t *own = p.axes.cr;
    double *y = calloc(N, sizeof *y);
    assert_non_null(y);
    for (int i = 0; i < N; i++) y[i] = 0.5 + 0.4 * sin(i * 1.7);
    p.axes.cr = cairo_create(file);
    p.axes.across = (kedge_range){0, N};
    kedge_chart_line(&p.axes, N, NULL, y, &black);
    cairo_destroy(p.axes.cr);
    cairo_surface_finish(file);
    cairo_surface_destroy(file);
    assert_in_range(bytes.n, 2000, 40000);
    p.axes.cr = own;
    free(y);
    panel_release(&p);
}

static void huge_values_leave_the_panel(void **state)
{
    (void)state;
    panel p = panel_init();
    kedge_axes_clip(&p.axes);
    kedge_chart_line(&p.axes, 4, (double[]){0, 50, 50, 100}, (double[]){0.5, 0.5, 1e300, 1e300}, &black);
    kedge_axes_unclip(&p.axes);
    assert_int_equal(cairo_status(p.axes.cr), CAIRO_STATUS_SUCCESS);
    assert_true(inked(&p, 60, 12));
    assert_int_equal(inked_in_column(&p, 80), 0);
    panel_release(&p);
}

static void stairs_hold_their_value(void **state)
{
    (void)state;
    panel p = panel_init();
    kedge_chart_stairs(&p.axes, 2, (double[]){0, 80}, (double[]){0.2, 0.8}, &black);
    assert_true(inked(&p, 85, 90));
    assert_true(inked(&p, 90, 60));
    panel_release(&p);
}

static void a_band_fills_what_is_between(void **state)
{
    (void)state;
    panel p = panel_init();
    const double low[] = {0.2, 0.2, NAN, 0.2, 0.2}, high[] = {0.6, 0.6, 0.6, 0.6, 0.6}, x[] = {0, 40, 50, 60, 100};
    kedge_chart_band(&p.axes, 5, x, low, high, (kedge_ink){0, 0, 0}, 0.5);
    assert_true(inked(&p, 30, 70) && inked(&p, 90, 52) && inked(&p, 90, 88));
    assert_false(inked(&p, 30, 48) || inked(&p, 30, 92) || inked(&p, 60, 70));
    panel_release(&p);
}

static void dots_stand_at_their_values(void **state)
{
    (void)state;
    panel p = panel_init();
    const kedge_line_style style = {.width = 6};
    kedge_chart_dots(&p.axes, 3, (double[]){20, 50, 80}, (double[]){0.5, NAN, 0.9}, &style);
    assert_true(inked(&p, 30, 60) && inked(&p, 90, 20));
    assert_in_range(inked_in_column(&p, 30), 5, 8);
    assert_int_equal(inked_in_column(&p, 60), 0);
    panel_release(&p);
}

static void every_shape_is_at_its_place(void **state)
{
    (void)state;
    for (int shape = 0; shape < KEDGE_SHAPES; shape++) {
        panel p = panel_init();
        kedge_chart_dot(p.axes.cr, (kedge_shape)shape, 60, 40, 10, (kedge_ink){0, 0, 0}, (kedge_ink){1, 1, 1});
        int n = 0;
        for (int x = 0; x < SIDE; x++) n += inked_in_column(&p, x);
        assert_in_range(n, 80, 420);
        assert_int_equal(inked_in_column(&p, 75) + inked_in_column(&p, 45), 0);
        panel_release(&p);
    }
}

static void every_second_stretch_is_shaded(void **state)
{
    (void)state;
    panel p = panel_init();
    const kedge_stretch stretches[] = {{0, "a"}, {30, "b"}, {60, "c"}};
    kedge_chart_stretches(&p.axes, 3, stretches);
    assert_false(inked(&p, 20, 50));
    assert_true(inked(&p, 50, 50));
    assert_false(inked(&p, 90, 50));
    panel_release(&p);
}

static void names_stay_over_their_stretch(void **state)
{
    (void)state;
    panel p = panel_init();
    const kedge_stretch stretches[] = {{0, NULL}, {30, "a name that is much too long"}, {70, NULL}};
    kedge_chart_stretch_names(&p.axes, 60, 3, stretches);
    int n = 0;
    for (int x = 0; x < SIDE; x++) {
        n += inked_in_column(&p, x);
        if (x < 39 || x > 81) assert_int_equal(inked_in_column(&p, x), 0);
    }
    assert_true(n > 20);
    panel_release(&p);
}

static void marks_stand_at_their_place(void **state)
{
    (void)state;
    panel p = panel_init();
    const kedge_place places[] = {{40, "go"}, {140, "beyond"}};
    kedge_chart_places(&p.axes, 2, places);
    assert_true(inked_in_column(&p, 50) > 20 || inked_in_column(&p, 49) > 20);
    assert_int_equal(inked_in_column(&p, 80), 0);
    panel_release(&p);
}

static void a_place_name_at_the_right_edge_stands_left_of_it(void **state)
{
    (void)state;
    panel p = panel_init();
    const kedge_place places[] = {{100, "anchor"}};
    kedge_chart_place_names(&p.axes, 60, 1, places);
    assert_true(inked_in_column(&p, 95) > 0);
    assert_int_equal(inked_in_column(&p, 116), 0);
    panel_release(&p);
}

/* Two places that are near: the name of the first goes to its left, that of the second to its right. */
static void place_names_leave_each_other_room(void **state)
{
    (void)state;
    panel p = panel_init();
    const kedge_place places[] = {{50, "abcd"}, {54, "abcd"}};
    kedge_chart_place_names(&p.axes, 60, 2, places);
    int left = 0, right = 0;
    for (int x = 30; x < 55; x++) left += inked_in_column(&p, x);
    for (int x = 70; x < 95; x++) right += inked_in_column(&p, x);
    assert_true(left > 20 && right > 20);
    panel_release(&p);
}

static void a_cursor_outside_is_none(void **state)
{
    (void)state;
    panel p = panel_init();
    kedge_chart_cursor(&p.axes, 101);
    for (int x = 0; x < SIDE; x++) assert_int_equal(inked_in_column(&p, x), 0);
    kedge_chart_cursor(&p.axes, 50);
    assert_true(inked_in_column(&p, 60) >= 100);
    panel_release(&p);
}

static void neighbouring_styles_differ_in_both(void **state)
{
    (void)state;
    const kedge_theme *theme = kedge_theme_of(false);
    for (int i = 0; i + 1 < KEDGE_SERIES * KEDGE_DASHES; i++) {
        kedge_line_style a = kedge_chart_style(theme, i), b = kedge_chart_style(theme, i + 1);
        assert_true(a.dash != b.dash);
        assert_memory_not_equal(&a.ink, &b.ink, sizeof a.ink);
    }
}

static void no_style_comes_twice(void **state)
{
    (void)state;
    const kedge_theme *theme = kedge_theme_of(false);
    enum { N = KEDGE_SERIES * KEDGE_DASHES };
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++) {
            kedge_line_style a = kedge_chart_style(theme, i), b = kedge_chart_style(theme, j);
            assert_true(a.dash != b.dash || memcmp(&a.ink, &b.ink, sizeof a.ink) != 0);
        }
}

static void check_number(double value, int digits, const char *want)
{
    char text[64];
    kedge_chart_number(text, sizeof text, value, digits);
    assert_string_equal(text, want);
}

static void numbers_have_the_digits_asked_for(void **state)
{
    (void)state;
    check_number(0.95157, 3, "0.952");
    check_number(-0.95157, 3, "\xe2\x88\x92" "0.952");
    check_number(1501, 3, "1501");
    check_number(9.96, 2, "10");
    check_number(0, 3, "0");
    check_number(4.13e-5, 2, "4.1\xc3\x97" "10\xe2\x81\xbb\xe2\x81\xb5");
    check_number(9.99e-5, 2, "1.0\xc3\x97" "10\xe2\x81\xbb\xe2\x81\xb4");
    check_number(2.5e7, 2, "2.5\xc3\x97" "10\xe2\x81\xb7");
    check_number(NAN, 3, "\xe2\x80\x93");
}

static void a_range_of_one_value_is_widened(void **state)
{
    (void)state;
    kedge_range one = kedge_chart_widen((kedge_range){2, 2}, 0, 1, false);
    assert_true(one.min == 1.5 && one.max == 2.5);
    kedge_range ten = kedge_chart_widen((kedge_range){10, 1000}, 0.5, 10, true);
    assert_true(fabs(ten.min - 1) < 1e-9 && fabs(ten.max - 10000) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_where_its_axis_says),
        cmocka_unit_test(a_missing_value_is_a_gap),
        cmocka_unit_test(a_point_between_gaps_is_a_dot),
        cmocka_unit_test(long_lines_keep_their_peaks),
        cmocka_unit_test(long_lines_make_small_files),
        cmocka_unit_test(huge_values_leave_the_panel),
        cmocka_unit_test(stairs_hold_their_value),
        cmocka_unit_test(a_band_fills_what_is_between),
        cmocka_unit_test(dots_stand_at_their_values),
        cmocka_unit_test(every_shape_is_at_its_place),
        cmocka_unit_test(every_second_stretch_is_shaded),
        cmocka_unit_test(names_stay_over_their_stretch),
        cmocka_unit_test(marks_stand_at_their_place),
        cmocka_unit_test(a_place_name_at_the_right_edge_stands_left_of_it),
        cmocka_unit_test(place_names_leave_each_other_room),
        cmocka_unit_test(a_cursor_outside_is_none),
        cmocka_unit_test(neighbouring_styles_differ_in_both),
        cmocka_unit_test(no_style_comes_twice),
        cmocka_unit_test(numbers_have_the_digits_asked_for),
        cmocka_unit_test(a_range_of_one_value_is_widened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
