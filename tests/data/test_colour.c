/* colours: the conventions, and laws that hold over the whole cube. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/colour.h"

static void assert_rgb(kedge_rgb c, double r, double g, double b, double bound)
{
    assert_true(fabs(c.r - r) <= bound && fabs(c.g - g) <= bound && fabs(c.b - b) <= bound);
}

static void assert_hsv(kedge_hsv c, double h, double s, double v)
{
    assert_true(fabs(c.h - h) < 1e-15 && fabs(c.s - s) < 1e-15 && fabs(c.v - v) < 1e-15);
}

static void conventions_of_greys(void **state)
{
    (void)state;
    assert_hsv(kedge_hsv_from_rgb((kedge_rgb){0, 0, 0}), 0, 0, 0);
    assert_hsv(kedge_hsv_from_rgb((kedge_rgb){.5, .5, .5}), 0, 0, .5);
    assert_hsv(kedge_hsv_from_rgb((kedge_rgb){1, 1, 1}), 0, 0, 1);
}

static void known_colours(void **state)
{
    (void)state;
    assert_hsv(kedge_hsv_from_rgb((kedge_rgb){1, .5, 0}), 1. / 12, 1, 1);
    assert_hsv(kedge_hsv_from_rgb((kedge_rgb){.25, .5, .25}), 1. / 3, .5, .5);
    assert_hsv(kedge_hsv_from_rgb((kedge_rgb){1, 0, .5}), 11. / 12, 1, 1);
}

static void a_hue_is_below_one(void **state)
{
    (void)state;
    kedge_hsv c = kedge_hsv_from_rgb((kedge_rgb){1, 0, 1e-300});
    assert_true(c.h >= 0 && c.h < 1);
}

static void there_and_back(void **state)
{
    (void)state;
    for (int i = 0; i < 17 * 17 * 17; i++) {
        kedge_rgb c = {i / 289 / 16., i / 17 % 17 / 16., i % 17 / 16.};
        kedge_hsv hsv = kedge_hsv_from_rgb(c);
        assert_true(hsv.h >= 0 && hsv.h < 1);
        assert_rgb(kedge_rgb_from_hsv(hsv), c.r, c.g, c.b, 2e-15);
    }
}

static void corners_are_exact(void **state)
{
    (void)state;
    static const double corner[6][3] = {{1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 1, 1}, {0, 0, 1}, {1, 0, 1}};
    for (int k = 0; k < 6; k++) {
        kedge_rgb c = kedge_rgb_from_hsv((kedge_hsv){(6 * k) / 36., 1, 1});
        assert_rgb(c, corner[k][0], corner[k][1], corner[k][2], 0);
    }
}

static void only_the_fraction_of_a_hue_counts(void **state)
{
    (void)state;
    kedge_rgb c = kedge_rgb_from_hsv((kedge_hsv){.25, .5, .75});
    assert_rgb(kedge_rgb_from_hsv((kedge_hsv){2.25, .5, .75}), c.r, c.g, c.b, 1e-15);
    assert_rgb(kedge_rgb_from_hsv((kedge_hsv){-.75, .5, .75}), c.r, c.g, c.b, 1e-15);
}

static void redness_of_a_colour(void **state)
{
    (void)state;
    assert_true(kedge_redness((kedge_rgb){1, 0, 0}) == 1);
    assert_true(kedge_redness((kedge_rgb){1, 1, 1}) == 0);
    assert_true(kedge_redness((kedge_rgb){.5, .25, .5}) == .5 * (1 - .125 - .25));
}

static void greenness_and_blueness_exchange_the_parts(void **state)
{
    (void)state;
    double red = kedge_redness((kedge_rgb){.75, .125, .5});
    assert_true(kedge_greenness((kedge_rgb){.125, .75, .5}) == red);
    assert_true(kedge_blueness((kedge_rgb){.125, .5, .75}) == red);
}

static void vibrancy_is_s_times_v(void **state)
{
    (void)state;
    for (int i = 0; i < 512; i++) {
        kedge_rgb c = {i / 64 / 7., i / 8 % 8 / 7., i % 8 / 7.};
        kedge_hsv hsv = kedge_hsv_from_rgb(c);
        assert_true(fabs(kedge_vibrancy(c) - hsv.s * hsv.v) < 1e-15);
    }
}

static void similarity_to_red(void **state)
{
    (void)state;
    const kedge_hsv red = {0, 1, 1};
    for (int i = 0; i < 512; i++) {
        kedge_hsv c = kedge_hsv_from_rgb((kedge_rgb){i / 64 / 7., i / 8 % 8 / 7., i % 8 / 7.});
        double degrees = 360 * (c.h < .5 ? c.h : 1 - c.h);
        double hs = degrees < 90 ? (90 - degrees) / 90 : 0, q = (c.s * c.v + 1) / 2;
        assert_true(fabs(kedge_colour_similarity(c, red) - c.s * c.v * (q * hs + 1 - q)) < 1e-14);
    }
}

static void similarity_is_symmetric_and_one_with_itself(void **state)
{
    (void)state;
    const kedge_hsv a = {.1, .75, .5}, b = {.95, .25, 1};
    assert_true(kedge_colour_similarity(a, b) == kedge_colour_similarity(b, a));
    assert_true(kedge_colour_similarity(a, a) == 1);
}

static void opposite_pure_colours_have_nothing_in_common(void **state)
{
    (void)state;
    assert_true(kedge_colour_similarity((kedge_hsv){0, 1, 1}, (kedge_hsv){.5, 1, 1}) == 0);
}

static void named_hues_go_around_in_thirty_degrees(void **state)
{
    (void)state;
    for (int i = 0; i < KEDGE_NAMED_HUES; i++) {
        kedge_hsv c = kedge_named_colours[i].hsv;
        assert_true(fabs(c.h * 360 - 30 * i) < 1e-12 && c.s == 1 && c.v == 1);
    }
    assert_string_equal(kedge_named_colours[6].name, "cyan");
    assert_string_equal(kedge_named_colours[11].name, "pink");
}

static void named_greys_go_up_in_quarters(void **state)
{
    (void)state;
    for (int i = KEDGE_NAMED_HUES; i < KEDGE_NAMED_COLOURS; i++)
        assert_hsv(kedge_named_colours[i].hsv, 0, 0, (i - KEDGE_NAMED_HUES) / 4.);
    assert_string_equal(kedge_named_colours[13].name, "dark grey");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conventions_of_greys),
        cmocka_unit_test(known_colours),
        cmocka_unit_test(a_hue_is_below_one),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(corners_are_exact),
        cmocka_unit_test(only_the_fraction_of_a_hue_counts),
        cmocka_unit_test(redness_of_a_colour),
        cmocka_unit_test(greenness_and_blueness_exchange_the_parts),
        cmocka_unit_test(vibrancy_is_s_times_v),
        cmocka_unit_test(similarity_to_red),
        cmocka_unit_test(similarity_is_symmetric_and_one_with_itself),
        cmocka_unit_test(opposite_pure_colours_have_nothing_in_common),
        cmocka_unit_test(named_hues_go_around_in_thirty_degrees),
        cmocka_unit_test(named_greys_go_up_in_quarters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
