/* test_json_write.c - JSON, appended to a text. */
#include "unit.h"

#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "format/json_write.h"

static int setup(void **state)
{
    static kedge_text text;
    kedge_context *ctx;
    if (kedge_context_create(&ctx, NULL)) return -1;
    kedge_text_init(&text, ctx);
    *state = &text;
    return 0;
}

static int teardown(void **state)
{
    kedge_text *text = *state;
    kedge_context *ctx = text->ctx;
    kedge_text_release(text);
    kedge_context_free(ctx);
    return 0;
}

static void commas_stand_between_values(void **state)
{
    kedge_json json = kedge_json_to(*state);
    kedge_json_open(&json, '{');
    kedge_json_key(&json, "a");
    kedge_json_open(&json, '[');
    kedge_json_integer(&json, -1);
    kedge_json_bool(&json, true);
    kedge_json_open(&json, '{');
    kedge_json_close(&json, '}');
    kedge_json_text(&json, NULL);
    kedge_json_close(&json, ']');
    kedge_json_key(&json, "b");
    kedge_json_real(&json, 0.1);
    kedge_json_close(&json, '}');
    assert_string_equal(kedge_text_string(*state), "{\"a\":[-1,true,{},null],\"b\":0.1}");
}

static void what_is_not_finite_is_null(void **state)
{
    kedge_json json = kedge_json_to(*state);
    kedge_json_open(&json, '[');
    kedge_json_real(&json, (double)NAN);
    kedge_json_real(&json, -INFINITY);
    kedge_json_close(&json, ']');
    assert_string_equal(kedge_text_string(*state), "[null,null]");
}

/* What jansson reads back is what was written. */
static void texts_come_back(void **state)
{
    static const char *const cases[] = {
        "", "\"\\/", "a\nb\tc\x01\x7f", "</script><!--", "Gr\xc3\xbc\xc3\x9f", "\xf0\x9f\x94\xb4"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kedge_text_clear(*state);
        kedge_json json = kedge_json_to(*state);
        kedge_json_text(&json, cases[i]);
        json_t *read = json_loads(kedge_text_string(*state), JSON_DECODE_ANY, NULL);
        assert_non_null(read);
        assert_string_equal(json_string_value(read), cases[i]);
        json_decref(read);
    }
}

static void no_text_holds_a_less_than_sign(void **state)
{
    kedge_json json = kedge_json_to(*state);
    kedge_json_text(&json, "</script>");
    assert_string_equal(kedge_text_string(*state), "\"\\u003c/script>\"");
}

static void broken_bytes_are_replaced(void **state)
{
    kedge_json json = kedge_json_to(*state);
    kedge_json_bytes(&json, "a\xff\0z", 4);
    assert_string_equal(kedge_text_string(*state), "\"a\xef\xbf\xbd\\u0000z\"");
}

/* A program around the library may have a decimal comma (where such a locale is installed). */
static void ignores_the_locale(void **state)
{
    kedge_json json = kedge_json_to(*state);
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) setlocale(LC_NUMERIC, "fr_FR.UTF-8");
    kedge_json_real(&json, 1234.5);
    setlocale(LC_NUMERIC, "C");
    assert_string_equal(kedge_text_string(*state), "1234.5");
}

static void floats_are_a_text(void **state)
{
    const float one = 1;
    kedge_json json = kedge_json_to(*state);
    kedge_json_open(&json, '[');
    kedge_json_floats(&json, &one, 1);
    kedge_json_floats(&json, &one, 0);
    kedge_json_close(&json, ']');
    assert_string_equal(kedge_text_string(*state), "[\"AACAPw==\",\"\"]");
}

static void doubles_are_written_as_floats(void **state)
{
    enum { N = 2000 };
    static double wide[N];
    static float narrow[N];
    for (int i = 0; i < N; i++) wide[i] = i / 7.0, narrow[i] = (float)wide[i];
    kedge_json json = kedge_json_to(*state);
    kedge_json_doubles(&json, wide, N);
    char *first = strdup(kedge_text_string(*state));
    assert_non_null(first);
    kedge_text_clear(*state);
    json = kedge_json_to(*state);
    kedge_json_floats(&json, narrow, N);
    assert_string_equal(kedge_text_string(*state), first);
    free(first);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(commas_stand_between_values), TEST(what_is_not_finite_is_null), TEST(texts_come_back),
        TEST(no_text_holds_a_less_than_sign), TEST(broken_bytes_are_replaced), TEST(ignores_the_locale),
        TEST(floats_are_a_text), TEST(doubles_are_written_as_floats),
    };
    return cmocka_run_group_tests_name("format/json_write", tests, NULL, NULL);
}
