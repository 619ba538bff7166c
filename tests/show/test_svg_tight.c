/* test_svg_tight.c - an SVG in fewer bytes. */
#include "unit.h"

#include <stdlib.h>

#include "show/svg_tight.h"

static int setup(void **state)
{
    static kedge_text out;
    kedge_context *ctx;
    if (kedge_context_create(&ctx, NULL)) return -1;
    kedge_text_init(&out, ctx);
    *state = &out;
    return 0;
}

static int teardown(void **state)
{
    kedge_text *out = *state;
    kedge_context *ctx = out->ctx;
    kedge_text_release(out);
    kedge_context_free(ctx);
    return 0;
}

static const char *tight(kedge_text *out, const char *svg)
{
    kedge_text in;
    kedge_text_init(&in, out->ctx);
    kedge_text_add(&in, svg);
    kedge_text_clear(out);
    kedge_svg_tighten(&in, out);
    kedge_text_release(&in);
    return kedge_text_string(out);
}

static void numbers_have_two_decimals(void **state)
{
    assert_string_equal(tight(*state, "<use x=\"12.345678\" y=\"-0.004\" width=\"7.996\" height=\"10\"/>"),
                        "<use x=\"12.35\" y=\"0\" width=\"8\" height=\"10\"/>");
}

static void paths_are_relative(void **state)
{
    assert_string_equal(tight(*state, "<path d=\"M 10 20 L 12.5 20 L 12.5 19.25 Z M 1 1 L 2 2 \"/>"),
                        "<path d=\"m10 20 2.5 0 0-.75zm-9-19 1 1\"/>");
    assert_string_equal(tight(*state, "<path d=\"M 1 1 C 1.5 1.25 2 2 3 3 C 4 4 5 5 6 6\"/>"),
                        "<path d=\"m1 1c.5.25 1 1 2 2 1 1 2 2 3 3\"/>");
}

/* A hundred steps of .004 end where they end: each is counted from where the pen is, not from where it should be. */
static void rounding_does_not_add_up(void **state)
{
    kedge_text long_path;
    kedge_text *out = *state;
    kedge_text_init(&long_path, out->ctx);
    kedge_text_add(&long_path, "<path d=\"M 0 0");
    for (int i = 1; i <= 1000; i++) kedge_text_add_real(&long_path, " L %.3f 0", 0.004 * i);
    kedge_text_add(&long_path, "\"/>");
    double x = 0;
    const char *at = tight(out, kedge_text_string(&long_path)) + sizeof "<path d=\"m0 0" - 1;
    for (char *end; *at && *at != '"'; at = end) {
        x += strtod(at, &end);
        strtod(end, &end);
    }
    assert_float_equal(x, 4, 0.0051);
    kedge_text_release(&long_path);
}

static void a_path_that_is_not_understood_is_copied(void **state)
{
    static const char arc[] = "<path d=\"M 1.2345 1 A 5 5 0 0 1 2 2\"/>";
    assert_string_equal(tight(*state, arc), arc);
}

static void colours_are_hexadecimal(void **state)
{
    assert_string_equal(tight(*state, "<g style=\"fill:rgb(100%,50.196078%,0%);fill-opacity:0.85;\">"),
                        "<g style=\"fill:#ff8000;fill-opacity:.85;\">");
}

static void defaults_are_left_out(void **state)
{
    assert_string_equal(tight(*state, "<path style=\"stroke-linecap:butt;stroke:none;\" d=\"M 1 1 Z\"/>"),
                        "<path d=\"m1 1z\"/>");
    assert_string_equal(tight(*state, "<svg width=\"1pt\">"), "<svg stroke-miterlimit=\"10\" width=\"1pt\">");
}

static void words_stay_as_they_are(void **state)
{
    assert_string_equal(tight(*state, "<desc>a  0.123456\n &lt; rgb(1%,2%,3%)</desc>"),
                        "<desc>a  0.123456\n &lt; rgb(1%,2%,3%)</desc>");
}

static void space_between_elements_goes(void **state)
{
    assert_string_equal(tight(*state, "<g>\n  <use x=\"1\"/>\n</g>\n"), "<g><use x=\"1\"/></g>");
}

static void transforms_keep_their_digits(void **state)
{
    assert_string_equal(tight(*state, "<g transform=\"matrix(0.707107,0,0,1,0,0)\">"),
                        "<g transform=\"matrix(0.707107,0,0,1,0,0)\">");
}

/* Not by the memory after it either: the tests also run under a sanitizer. */
static void broken_input_is_survived(void **state)
{
    static const char *const cases[] = {
        "", "<", "<path", "<path d=", "<path d=\"", "<path d=\"M 1", "<path d=\"M 1\"/>", "< = \"", "a>b",
        "<path d=\"99999999999999999999\"/>", "<g style=\"fill:rgb(1%,\">",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_string_equal(tight(*state, cases[i]), cases[i]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(numbers_have_two_decimals),
        TEST(paths_are_relative),
        TEST(rounding_does_not_add_up),
        TEST(a_path_that_is_not_understood_is_copied),
        TEST(colours_are_hexadecimal),
        TEST(defaults_are_left_out),
        TEST(words_stay_as_they_are),
        TEST(space_between_elements_goes),
        TEST(transforms_keep_their_digits),
        TEST(broken_input_is_survived),
    };
    return cmocka_run_group_tests_name("show/svg_tight", tests, NULL, NULL);
}
