/* test_base64.c - bytes as text. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "format/base64.h"

static kedge_text begin(void)
{
    kedge_context *ctx;
    kedge_text text;
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_text_init(&text, ctx);
    return text;
}

static void end(kedge_text *text)
{
    kedge_context *ctx = text->ctx;
    kedge_text_release(text);
    kedge_context_free(ctx);
}

/* The vectors of RFC 4648, section 10. */
static void encodes_the_vectors_of_the_standard(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    kedge_text text = begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kedge_text_clear(&text);
        kedge_base64_add(&text, cases[i][0], strlen(cases[i][0]));
        assert_string_equal(kedge_text_string(&text), cases[i][1]);
    }
    end(&text);
}

static void uses_all_digits(void **state)
{
    (void)state;
    unsigned char bytes[48]; /* groups of six bits 0, 1, ..., 63 */
    for (unsigned i = 0; i < 16; i++) {
        unsigned word = (4 * i) << 18 | (4 * i + 1) << 12 | (4 * i + 2) << 6 | (4 * i + 3);
        for (unsigned b = 0; b < 3; b++) bytes[3 * i + b] = (unsigned char)(word >> (16 - 8 * b));
    }
    kedge_text text = begin();
    kedge_base64_add(&text, bytes, sizeof bytes);
    assert_string_equal(kedge_text_string(&text), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    end(&text);
}

/* Longer than what is appended at a time: 'AAEC' is 0, 1, 2. */
static void long_input_has_no_seams(void **state)
{
    (void)state;
    enum { N = 30000 };
    unsigned char *bytes = malloc(N);
    assert_non_null(bytes);
    for (int i = 0; i < N; i++) bytes[i] = (unsigned char)(i % 3);
    kedge_text text = begin();
    kedge_base64_add(&text, bytes, N - 1);
    assert_int_equal(text.length, N / 3 * 4);
    for (size_t i = 0; i < text.length - 4; i += 4) assert_memory_equal(text.bytes + i, "AAEC", 4);
    assert_string_equal(text.bytes + text.length - 4, "AAE=");
    free(bytes);
    end(&text);
}

/* 1.0f is 00 00 80 3f in little-endian order. */
static void floats_are_little_endian(void **state)
{
    (void)state;
    const float values[] = {1.0F, -2.0F};
    kedge_text text = begin();
    kedge_base64_add_floats(&text, values, 2);
    assert_string_equal(kedge_text_string(&text), "AACAPwAAAMA=");
    end(&text);
}

static void many_floats_have_no_seams(void **state)
{
    (void)state;
    enum { N = 10000 };
    float *values = malloc(N * sizeof *values);
    assert_non_null(values);
    for (int i = 0; i < N; i++) values[i] = (float)i / 7;
    kedge_text whole = begin(), bytes = begin();
    kedge_base64_add_floats(&whole, values, N);
    kedge_base64_add(&bytes, values, N * sizeof *values); /* the tests run on little-endian machines */
    assert_string_equal(kedge_text_string(&whole), kedge_text_string(&bytes));
    free(values);
    end(&whole);
    end(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_the_vectors_of_the_standard),
        cmocka_unit_test(uses_all_digits),
        cmocka_unit_test(long_input_has_no_seams),
        cmocka_unit_test(floats_are_little_endian),
        cmocka_unit_test(many_floats_have_no_seams),
    };
    return cmocka_run_group_tests_name("format/base64", tests, NULL, NULL);
}
