/* test_markup.c - formulas in a line of text: what is small, what is oblique, and what is only text. */
#include "unit.h"

#include <string.h>

#include "draw/markup.h"

typedef struct reading {
    char line[256];
    int n;
    kedge_span spans[KEDGE_SPANS_MAX];
} reading;

static reading read_line(const char *text)
{
    reading r = {.n = 0};
    strncpy(r.line, text, sizeof r.line - 1);
    r.n = kedge_markup_read(r.line, r.spans);
    return r;
}

/* Whether exactly these bytes are a span of this kind. */
static bool has(const reading *r, int kind, const char *what)
{
    for (int i = 0; i < r->n; i++) {
        size_t length = (size_t)(r->spans[i].to - r->spans[i].from);
        if ((int)r->spans[i].kind == kind && strlen(what) == length &&
            memcmp(r->line + r->spans[i].from, what, length) == 0)
            return true;
    }
    return false;
}

static void digits_go_below_the_line(void **state)
{
    (void)state;
    reading r = read_line("z_12 (\xc3\x97" "10)");
    assert_string_equal(r.line, "z12 (\xc3\x97" "10)");
    assert_true(has(&r, KEDGE_SPAN_LOW, "12"));
    assert_true(has(&r, KEDGE_SPAN_OBLIQUE, "z"));
    assert_int_equal(r.n, 2);
}

static void powers_go_above_the_line(void **state)
{
    (void)state;
    reading r = read_line("x^2");
    assert_string_equal(r.line, "x2");
    assert_true(has(&r, KEDGE_SPAN_HIGH, "2"));
}

static void braces_hold_more_than_a_letter(void **state)
{
    (void)state;
    reading r = read_line("w_{anchor, 2}^p");
    assert_string_equal(r.line, "wanchor, 2p");
    assert_true(has(&r, KEDGE_SPAN_LOW, "anchor, 2"));
    assert_true(has(&r, KEDGE_SPAN_HIGH, "p"));
    assert_true(has(&r, KEDGE_SPAN_OBLIQUE, "p"));
}

static void words_are_upright(void **state)
{
    (void)state;
    reading r = read_line("max(0, cos(z, p))");
    assert_int_equal(r.n, 2);
    assert_true(has(&r, KEDGE_SPAN_OBLIQUE, "z") && has(&r, KEDGE_SPAN_OBLIQUE, "p"));
}

static void greek_letters_are_variables(void **state)
{
    (void)state;
    reading r = read_line("\xcf\x84 \xe2\x88\x92 \xce\xb1_i");
    assert_true(has(&r, KEDGE_SPAN_OBLIQUE, "\xcf\x84"));
    assert_true(has(&r, KEDGE_SPAN_OBLIQUE, "\xce\xb1"));
    assert_true(has(&r, KEDGE_SPAN_LOW, "i"));
}

/* A dot, a minus or an accented letter beside it: a product is no word, a word is. */
static void signs_end_words_and_letters_do_not(void **state)
{
    (void)state;
    reading product = read_line("e\xc2\xb7" "b\xe2\x88\x92" "c"), word = read_line("\xc3\xa9" "a");
    assert_int_equal(product.n, 3);
    assert_int_equal(word.n, 0);
}

static void greek_words_are_upright(void **state)
{
    (void)state;
    reading r = read_line("\xce\xbc\xce\xb5");
    assert_int_equal(r.n, 0);
}

static void signs_before_anything_else_stay(void **state)
{
    (void)state;
    static const char *const texts[] = {"log_scale", "a_", "_", "^", "x_ 2", "{a_{}", "a_-1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        reading r = read_line(texts[i]);
        assert_string_equal(r.line, texts[i]);
    }
}

static void more_spans_than_there_is_room_for_stay_plain(void **state)
{
    (void)state;
    char text[256] = "";
    for (int i = 0; i < 80; i++) strcat(text, "z_1");
    reading r = read_line(text);
    assert_int_equal(r.n, KEDGE_SPANS_MAX);
    assert_int_equal(strlen(r.line), 160);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_go_below_the_line),
        cmocka_unit_test(powers_go_above_the_line),
        cmocka_unit_test(braces_hold_more_than_a_letter),
        cmocka_unit_test(words_are_upright),
        cmocka_unit_test(greek_letters_are_variables),
        cmocka_unit_test(signs_end_words_and_letters_do_not),
        cmocka_unit_test(greek_words_are_upright),
        cmocka_unit_test(signs_before_anything_else_stay),
        cmocka_unit_test(more_spans_than_there_is_room_for_stay_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
