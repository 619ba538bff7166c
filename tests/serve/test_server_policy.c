/* test_server_policy.c - which scripts of a page may run. */
#include "serve/server_policy.h"

#include <string.h>

#include "unit.h"

static kedge_status policy(const char *html, char *out, size_t room)
{
    kedge_context *ctx = NULL;
    kedge_text text;
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_text_init(&text, ctx);
    kedge_status status = kedge_server_policy(html, strlen(html), &text);
    assert_true(text.length < room);
    memcpy(out, kedge_text_string(&text), text.length + 1);
    kedge_text_release(&text);
    kedge_context_free(ctx);
    return status;
}

/* The digests were made by another program (openssl). */
static void test_scripts_are_allowed_by_what_they_say(void **state)
{
    char out[512];
    (void)state;
    assert_int_equal(policy("<p><script type=\"module\">alert('Hello, world.');</script><script>x</script>", out,
                            sizeof out), KEDGE_OK);
    assert_string_equal(out, "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=' "
                             "'sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE='");
}

static void test_data_is_no_script(void **state)
{
    char out[512];
    (void)state;
    assert_int_equal(policy("<script type=\"application/json\" id=\"kedge-data\">null</script>", out, sizeof out),
                     KEDGE_OK);
    assert_string_equal(out, "'none'");
}

static void test_a_script_must_end(void **state)
{
    char out[512];
    (void)state;
    assert_int_equal(policy("<script>x", out, sizeof out), KEDGE_EFORMAT);
    assert_int_equal(policy("<script", out, sizeof out), KEDGE_EFORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scripts_are_allowed_by_what_they_say),
        cmocka_unit_test(test_data_is_no_script),
        cmocka_unit_test(test_a_script_must_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
