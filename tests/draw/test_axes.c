/* test_axes.c - round ticks, and data at its place on the page. */
#include "draw_test.h"

#include <math.h>

#include "draw/axes.h"
#include "draw/canvas.h"

static void check_ticks(double min, double max, double count, int n, const double *want)
{
    kedge_ticks ticks;
    kedge_ticks_round(&ticks, min, max, count);
    assert_int_equal(ticks.n, n);
    for (int i = 0; i < n; i++) assert_true(fabs(ticks.at[i] - want[i]) <= 1e-9 * fabs(max - min));
}

static void unit_panel_has_three_ticks(void **state)
{
    (void)state;
    check_ticks(-1.1, 1.1, 3.4, 3, (double[]){-1, 0, 1});
}

static void ticks_at_the_ends_count(void **state)
{
    (void)state;
    check_ticks(0, 0.3, 3, 4, (double[]){0, 0.1, 0.2, 0.3});
}

static void range_off_zero_has_ticks(void **state)
{
    (void)state;
    check_ticks(1003.5, 1010.5, 4, 4, (double[]){1004, 1006, 1008, 1010});
}

static void lone_tick_gets_company(void **state)
{
    (void)state;
    kedge_ticks ticks;
    kedge_ticks_round(&ticks, -4.9, 4.9, 2);
    assert_true(ticks.n >= 2);
}

static void equal_lengths_have_equal_steps(void **state)
{
    (void)state;
    kedge_ticks a, b;
    kedge_ticks_round(&a, -3.3, 3.3, 3.4);
    kedge_ticks_round(&b, -2.1, 4.5, 3.4);
    assert_true(a.step == b.step);
}

static void check_text(double min, double max, int i, int exponent, const char *want)
{
    kedge_ticks ticks;
    char text[32];
    kedge_ticks_round(&ticks, min, max, 4);
    kedge_ticks_text(&ticks, i, text, sizeof text);
    assert_string_equal(text, want);
    assert_int_equal(ticks.exponent, exponent);
}

static void numbers_have_the_decimals_of_the_step(void **state)
{
    (void)state;
    check_text(-1, 1, 1, 0, "\xe2\x88\x92" "0.5");
}

static void whole_steps_have_no_decimals(void **state)
{
    (void)state;
    check_text(0, 40, 1, 0, "10");
}

static void large_numbers_leave_out_a_power(void **state)
{
    (void)state;
    check_text(0, 4e7, 1, 7, "1");
}

static void small_numbers_leave_out_a_power(void **state)
{
    (void)state;
    check_text(0, 4e-7, 3, -7, "3");
}

static void extreme_ranges_have_ticks(void **state)
{
    (void)state;
    const double ends[][2] = {{-3.4e38, 3.4e38}, {0, 1e-45}, {1e8 - 8, 1e8 + 8}, {-1e-3, 3.4e38}};
    for (int i = 0; i < 4; i++) {
        kedge_ticks ticks;
        kedge_ticks_round(&ticks, ends[i][0], ends[i][1], 3);
        assert_in_range(ticks.n, 2, KEDGE_TICKS_MAX);
    }
}

static void data_is_at_its_place(void **state)
{
    (void)state;
    kedge_axes axes = {.x = 10, .y = 20, .width = 100, .height = 50, .across = {-1, 1}, .up = {0, 10}};
    assert_true(kedge_axes_x(&axes, 0.5) == 85);
    assert_true(kedge_axes_y(&axes, 10) == 20 && kedge_axes_y(&axes, 2) == 60);
}

static void numbers_do_not_touch(void **state)
{
    (void)state;
    kedge_axes axes = {.cr = kedge_canvas_measure(), .theme = kedge_theme_of(false), .width = 100, .height = 100,
                       .across = {10000, 10001}, .up = {0, 1}};
    kedge_axes_init(&axes);
    assert_true(axes.x_ticks.n * 8 * 6 < 150); /* eight characters of about six points each */
    cairo_destroy(axes.cr);
}

static void labels_and_numbers_take_room(void **state)
{
    (void)state;
    kedge_axes axes = {.cr = kedge_canvas_measure(), .theme = kedge_theme_of(false), .width = 100, .height = 100,
                       .across = {0, 1}, .up = {0, 1}};
    kedge_axes_init(&axes);
    kedge_axes_labels bare = {0};
    kedge_axes_labels full = {.x = "x", .y = "y", .x_numbers = true, .y_numbers = true,
                              .number_width = kedge_axes_number_width(&axes)};
    assert_true(kedge_axes_room_left(&axes, &full) > kedge_axes_room_left(&axes, &bare) + full.number_width);
    assert_true(kedge_axes_room_below(&axes, &full) > kedge_axes_room_below(&axes, &bare) + axes.theme->tick);
    cairo_destroy(axes.cr);
}

static void powers_of_ten_are_ticks_of_a_logarithmic_axis(void **state)
{
    (void)state;
    kedge_ticks ticks;
    char text[32];
    kedge_ticks_log(&ticks, 2e-5, 0.5, 6);
    assert_int_equal(ticks.n, 4);
    for (int i = 0; i < 4; i++) assert_true(fabs(log10(ticks.at[i]) - (i - 4)) < 1e-9);
    kedge_ticks_text(&ticks, 0, text, sizeof text);
    assert_string_equal(text, "10\xe2\x81\xbb\xe2\x81\xb4");
}

static void decades_are_left_out_where_there_are_many(void **state)
{
    (void)state;
    kedge_ticks ticks;
    kedge_ticks_log(&ticks, 1e-12, 1, 5);
    assert_int_equal(ticks.decades, 3);
    assert_int_equal(ticks.n, 5);
}

static void less_than_a_decade_has_ticks_between(void **state)
{
    (void)state;
    kedge_ticks ticks;
    char text[32];
    kedge_ticks_log(&ticks, 0.015, 0.3, 5);
    assert_int_equal(ticks.n, 4); /* 0.02, 0.05, 0.1, 0.2 */
    assert_int_equal(ticks.decades, 0);
    kedge_ticks_text(&ticks, 1, text, sizeof text);
    assert_string_equal(text, "0.05");
    kedge_ticks_log(&ticks, 0.21, 0.27, 5);
    assert_in_range(ticks.n, 2, 7);
    kedge_ticks_text(&ticks, 0, text, sizeof text);
    assert_string_equal(text, "0.22");
}

static void a_logarithmic_axis_has_equal_factors_at_equal_distances(void **state)
{
    (void)state;
    kedge_axes axes = {.x = 10, .y = 20, .width = 100, .height = 60, .across = {1, 100}, .up = {1e-3, 1},
                       .log_x = true, .log_y = true};
    assert_true(fabs(kedge_axes_x(&axes, 10) - 60) < 1e-9);
    assert_true(fabs(kedge_axes_y(&axes, 0.1) - 40) < 1e-9 && fabs(kedge_axes_y(&axes, 1) - 20) < 1e-9);
    assert_true(kedge_axes_y(&axes, 0) > 80 && isfinite(kedge_axes_y(&axes, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unit_panel_has_three_ticks),
        cmocka_unit_test(ticks_at_the_ends_count),
        cmocka_unit_test(range_off_zero_has_ticks),
        cmocka_unit_test(lone_tick_gets_company),
        cmocka_unit_test(equal_lengths_have_equal_steps),
        cmocka_unit_test(numbers_have_the_decimals_of_the_step),
        cmocka_unit_test(whole_steps_have_no_decimals),
        cmocka_unit_test(large_numbers_leave_out_a_power),
        cmocka_unit_test(small_numbers_leave_out_a_power),
        cmocka_unit_test(extreme_ranges_have_ticks),
        cmocka_unit_test(data_is_at_its_place),
        cmocka_unit_test(numbers_do_not_touch),
        cmocka_unit_test(powers_of_ten_are_ticks_of_a_logarithmic_axis),
        cmocka_unit_test(decades_are_left_out_where_there_are_many),
        cmocka_unit_test(less_than_a_decade_has_ticks_between),
        cmocka_unit_test(a_logarithmic_axis_has_equal_factors_at_equal_distances),
        cmocka_unit_test(labels_and_numbers_take_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
