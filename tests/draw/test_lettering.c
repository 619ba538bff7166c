/* test_lettering.c - text is measured, broken and cleaned. */
#include "draw_test.h"

#include <locale.h>

#include "draw/canvas.h"
#include "draw/lettering.h"

static kedge_lettering style(void)
{
    return (kedge_lettering){.theme = kedge_theme_of(false), .size = 10};
}

static double width_of(const char *text, bool symbol)
{
    kedge_lettering s = style();
    s.symbol = symbol;
    cairo_t *cr = kedge_canvas_measure();
    double width = kedge_lettering_width(cr, &s, text);
    cairo_destroy(cr);
    return width;
}

static int wrap(const char *text, double width, int most, char lines[][KEDGE_LINE])
{
    kedge_lettering s = style();
    cairo_t *cr = kedge_canvas_measure();
    int n = kedge_lettering_wrap(cr, &s, text, width, most, lines);
    cairo_destroy(cr);
    return n;
}

static void more_text_is_wider(void **state)
{
    (void)state;
    assert_true(width_of("mm", false) > 1.9 * width_of("m", false));
}

static void digits_of_a_symbol_are_small(void **state)
{
    (void)state;
    assert_true(width_of("z_0", true) < width_of("z0", false));
}

static void underscore_stays_in_plain_text(void **state)
{
    (void)state;
    assert_true(width_of("z_0", false) > width_of("z0", false));
}

static void bytes_that_are_no_text_are_set(void **state)
{
    (void)state;
    assert_true(width_of("a\xff\xc3", false) == width_of("a??", false));
}

static void text_breaks_at_spaces(void **state)
{
    (void)state;
    char lines[3][KEDGE_LINE];
    assert_int_equal(wrap("  one two  three ", width_of("one two", false) + 1, 3, lines), 2);
    assert_string_equal(lines[0], "one two");
    assert_string_equal(lines[1], "three");
}

static void no_line_is_too_wide(void **state)
{
    (void)state;
    char lines[3][KEDGE_LINE];
    assert_int_equal(wrap("incomprehensibilities are 4 of the words", 60, 3, lines), 3);
    for (int i = 0; i < 3; i++) assert_true(width_of(lines[i], false) <= 60);
}

static void text_that_does_not_fit_ends_in_an_ellipsis(void **state)
{
    (void)state;
    char lines[1][KEDGE_LINE];
    assert_int_equal(wrap("one two three", width_of("one two th", false), 1, lines), 1);
    assert_string_equal(lines[0], "one two\xe2\x80\xa6");
}

static void no_text_has_no_lines(void **state)
{
    (void)state;
    char lines[1][KEDGE_LINE];
    assert_int_equal(wrap(NULL, 60, 1, lines), 0);
    assert_int_equal(wrap("   ", 60, 1, lines), 0);
}

/* A line has KEDGE_LINE bytes: what has more is cut, between characters. */
static void overlong_text_ends_in_an_ellipsis(void **state)
{
    (void)state;
    char text[4 * KEDGE_LINE + 1] = "", lines[1][KEDGE_LINE];
    for (int i = 0; i < KEDGE_LINE; i++) strcat(text, "\xc3\xa9");
    assert_int_equal(wrap(text, 1e6, 1, lines), 1);
    size_t length = strlen(lines[0]), tail = strlen("\xe2\x80\xa6");
    assert_in_range(length, KEDGE_LINE - 8, KEDGE_LINE - 1);
    assert_string_equal(lines[0] + length - tail, "\xe2\x80\xa6");
    assert_int_equal((length - tail) % 2, 0);
}

static void long_notes_take_many_lines(void **state)
{
    (void)state;
    char text[4 * KEDGE_LINE] = "", lines[20][KEDGE_LINE];
    for (int i = 0; i < 120; i++) strcat(text, "words ");
    int n = wrap(text, 250, 20, lines);
    assert_in_range(n, 12, 19);
    for (int i = 0; i < n; i++) assert_true(width_of(lines[i], false) <= 250);
    assert_null(strstr(lines[n - 1], "\xe2\x80\xa6"));
}

/* No spaces: it breaks where Chinese may be broken. */
static void scripts_without_spaces_break_too(void **state)
{
    (void)state;
    char text[128] = "", lines[3][KEDGE_LINE];
    for (int i = 0; i < 12; i++) strcat(text, "\xe7\xba\xa2");
    assert_int_equal(wrap(text, width_of(text, false) / 2 + 1, 3, lines), 2);
    assert_int_equal(strlen(lines[0]) % 3, 0);
}

static void kerned_pairs_stand_closer(void **state)
{
    (void)state;
    assert_true(width_of("AVAVAV", false) < width_of("AAA", false) + width_of("VVV", false) - 1);
}

static void marks_combine_with_their_letter(void **state)
{
    (void)state;
    assert_true(width_of("n\xcc\x83", false) < 1.05 * width_of("n", false));
}

static void numbers_have_a_true_minus(void **state)
{
    (void)state;
    char text[32];
    kedge_lettering_number(text, sizeof text, -0.25, 2);
    assert_string_equal(text, "\xe2\x88\x92" "0.25");
}

static void numbers_have_a_point_in_any_locale(void **state)
{
    (void)state;
    char text[32];
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) setlocale(LC_NUMERIC, "fr_FR.UTF-8");
    kedge_lettering_number(text, sizeof text, 1.5, 1);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(text, "1.5");
}

static void zero_has_no_minus(void **state)
{
    (void)state;
    char text[32];
    kedge_lettering_number(text, sizeof text, -0.001, 1);
    assert_string_equal(text, "0.0");
}

static void powers_are_raised(void **state)
{
    (void)state;
    char text[32];
    kedge_lettering_power(text, sizeof text, -12);
    assert_string_equal(text, "\xc3\x97" "10\xe2\x81\xbb\xc2\xb9\xc2\xb2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_text_is_wider),
        cmocka_unit_test(digits_of_a_symbol_are_small),
        cmocka_unit_test(underscore_stays_in_plain_text),
        cmocka_unit_test(bytes_that_are_no_text_are_set),
        cmocka_unit_test(text_breaks_at_spaces),
        cmocka_unit_test(no_line_is_too_wide),
        cmocka_unit_test(text_that_does_not_fit_ends_in_an_ellipsis),
        cmocka_unit_test(no_text_has_no_lines),
        cmocka_unit_test(overlong_text_ends_in_an_ellipsis),
        cmocka_unit_test(long_notes_take_many_lines),
        cmocka_unit_test(scripts_without_spaces_break_too),
        cmocka_unit_test(kerned_pairs_stand_closer),
        cmocka_unit_test(marks_combine_with_their_letter),
        cmocka_unit_test(numbers_have_a_true_minus),
        cmocka_unit_test(numbers_have_a_point_in_any_locale),
        cmocka_unit_test(zero_has_no_minus),
        cmocka_unit_test(powers_are_raised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
