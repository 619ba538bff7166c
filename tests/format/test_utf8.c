/* test_utf8.c - is this text at all, and how is a piece of it shown. */
#include "format_test.h"

#include "format/utf8.h"

static void spans_valid_text(void **state)
{
    (void)state;
    static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x8E\xA8\xED\x9F\xBF\xF4\x8F\xBF\xBF";
    assert_int_equal(kedge_utf8_span(text, sizeof text - 1), sizeof text - 1);
}

static void stops_at_what_is_not_utf8(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "ab\x80",             /* a continuation byte alone */
        "ab\xC0\xAF",         /* overlong */
        "ab\xE0\x9F\xBF",     /* overlong */
        "ab\xF0\x8F\xBF\xBF", /* overlong */
        "ab\xED\xA0\x80",     /* a surrogate */
        "ab\xF4\x90\x80\x80", /* past U+10FFFF */
        "ab\xE2\x82",         /* cut off */
        "ab\xC3(",            /* no continuation */
        "ab\xFF\xFE",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(kedge_utf8_span(cases[i], strlen(cases[i])), 2);
    assert_int_equal(kedge_utf8_span("a\0b", 3), 1);
}

static void names_the_place(void **state)
{
    fixture *self = *state;
    static const char text[] = "one\ntw\xFFo";
    assert_false(kedge_utf8_check("f", text, sizeof text - 1, &self->errors));
    assert_string_equal(self->errors.text, "f:2:3: byte 0xff is not UTF-8; save the file as UTF-8\n");
}

static void names_a_zero_byte(void **state)
{
    fixture *self = *state;
    assert_false(kedge_utf8_check("f", "a\n\0", 3, &self->errors));
    assert_string_equal(self->errors.text, "f:2:1: a 0 byte; a text file has none\n");
}

static void finds_the_mark(void **state)
{
    (void)state;
    assert_int_equal(kedge_utf8_mark("\xEF\xBB\xBFx", 4), 3);
    assert_int_equal(kedge_utf8_mark("\xEF\xBBx", 3), 0);
    assert_int_equal(kedge_utf8_mark("\xEF\xBB", 2), 0);
}

static void clips_between_characters(void **state)
{
    (void)state;
    char text[200] = "";
    for (int i = 0; i < 40; i++) memcpy(text + 3 * i, "\xE2\x82\xAC", 4);
    kedge_clip clip = kedge_clip_text(text);
    assert_int_equal(strlen(clip.text), 60);
    assert_string_equal(clip.text + 57, "...");
    assert_int_equal(kedge_utf8_span(clip.text, 60), 60);
    assert_string_equal(kedge_clip_text("a\nb\x7F").text, "a?b?");
    memset(text, 'x', 60);
    text[60] = '\0';
    assert_string_equal(kedge_clip_text(text).text, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_valid_text), cmocka_unit_test(stops_at_what_is_not_utf8),
        FORMAT_TEST(names_the_place),       FORMAT_TEST(names_a_zero_byte),
        cmocka_unit_test(finds_the_mark),   cmocka_unit_test(clips_between_characters),
    };
    return cmocka_run_group_tests_name("format/utf8", tests, NULL, NULL);
}
