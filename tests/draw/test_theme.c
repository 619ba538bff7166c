/* test_theme.c - colours that can be read and told apart. */
#include "unit.h"

#include <math.h>

#include "draw/theme.h"

static double linear(double c)
{
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static kedge_ink linear_ink(kedge_ink c)
{
    return (kedge_ink){linear(c.r), linear(c.g), linear(c.b)};
}

static double luminance(kedge_ink c)
{
    kedge_ink l = linear_ink(c);
    return 0.2126 * l.r + 0.7152 * l.g + 0.0722 * l.b;
}

/* Contrast ratio of WCAG 2. */
static double contrast(kedge_ink a, kedge_ink b)
{
    double la = luminance(a) + 0.05, lb = luminance(b) + 0.05;
    return la > lb ? la / lb : lb / la;
}

static const kedge_theme *themes(int i)
{
    return kedge_theme_of(i == 1);
}

static void text_can_be_read(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(contrast(themes(i)->ink, themes(i)->paper) >= 7);
        assert_true(contrast(themes(i)->muted, themes(i)->paper) >= 4.5);
    }
}

static void series_stand_out_from_the_panel(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        for (int s = 0; s < KEDGE_SERIES; s++) assert_true(contrast(themes(i)->series[s], themes(i)->panel) >= 1.9);
}

/* Oklab of a linear colour. */
static void oklab(kedge_ink c, double out[3])
{
    double l = cbrt(0.4122214708 * c.r + 0.5363325363 * c.g + 0.0514459929 * c.b);
    double m = cbrt(0.2119034982 * c.r + 0.6806995451 * c.g + 0.1073969566 * c.b);
    double s = cbrt(0.0883024619 * c.r + 0.2817188376 * c.g + 0.6299787005 * c.b);
    out[0] = 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
    out[1] = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
    out[2] = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
}

/* What a protanope or deuteranope sees (Vienot, Brettel, Mollon 1999), on linear colours. */
static kedge_ink seen(kedge_ink c, int kind)
{
    if (kind == 0) return c;
    double red = kind == 1 ? 0.11238 : 0.29275, blue = kind == 1 ? 0.00401 : -0.02234;
    double both = red * c.r + (1 - red) * c.g;
    return (kedge_ink){both, both, fmax(0, blue * (c.r - c.g) + c.b)};
}

static void series_differ_for_colour_blind_readers(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        for (int kind = 0; kind < 3; kind++)
            for (int a = 0; a < KEDGE_SERIES; a++)
                for (int b = 0; b < a; b++) {
                    double p[3], q[3];
                    oklab(seen(linear_ink(themes(i)->series[a]), kind), p);
                    oklab(seen(linear_ink(themes(i)->series[b]), kind), q);
                    assert_true(sqrt(pow(p[0] - q[0], 2) + pow(p[1] - q[1], 2) + pow(p[2] - q[2], 2)) > 0.07);
                }
}

static void ramp_lightness_is_linear(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++)
        for (int step = 0; step <= 20; step++) {
            double lab[3], t = step / 20.0;
            oklab(linear_ink(kedge_theme_ramp(themes(i), t)), lab);
            double want = themes(i)->ramp_dark + t * (themes(i)->ramp_light - themes(i)->ramp_dark);
            assert_true(fabs(lab[0] - want) < 1e-4);
        }
}

static void ramp_ends_beyond_its_ends(void **state)
{
    (void)state;
    const kedge_theme *theme = themes(0);
    kedge_ink low = kedge_theme_ramp(theme, -3), zero = kedge_theme_ramp(theme, 0);
    assert_memory_equal(&low, &zero, sizeof low);
    kedge_ink high = kedge_theme_ramp(theme, 7), one = kedge_theme_ramp(theme, 1);
    assert_memory_equal(&high, &one, sizeof high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_can_be_read),
        cmocka_unit_test(series_stand_out_from_the_panel),
        cmocka_unit_test(series_differ_for_colour_blind_readers),
        cmocka_unit_test(ramp_lightness_is_linear),
        cmocka_unit_test(ramp_ends_beyond_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
