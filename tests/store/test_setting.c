/* settings as canonical JSON: one text for what is the same. */
#include "unit.h"

#include <string.h>

#include "base/context.h"
#include "failing_alloc.h"
#include "store/setting.h"

static int setup(void **state)
{
    static kedge_context *ctx;
    if (kedge_context_create(&ctx, NULL)) return -1;
    *state = ctx;
    return 0;
}

static int teardown(void **state)
{
    kedge_context_free(*state);
    return 0;
}

static void assert_value(kedge_context *ctx, const char *value, const char *want)
{
    kedge_text text;
    kedge_text_init(&text, ctx);
    kedge_setting_add_value(&text, value);
    assert_string_equal(kedge_text_string(&text), want);
    kedge_text_release(&text);
}

static void writes_a_number_in_one_way(void **state)
{
    const char *const halves[] = {"0.5", ".5", "5e-1", "0.50000", "+.5", "50E-2"};
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) assert_value(*state, halves[i], "0.5");
    assert_value(*state, "3000", "3000");
    assert_value(*state, "3e3", "3000");
    assert_value(*state, "3000.0", "3000");
    assert_value(*state, "-0", "0");
    assert_value(*state, "-0.0", "0");
    assert_value(*state, "-7", "-7");
}

static void writes_as_few_digits_as_read_back(void **state)
{
    assert_value(*state, "0.1", "0.1");
    assert_value(*state, "0.30000000000000004", "0.30000000000000004");
    assert_value(*state, "1e-8", "1e-08");
    assert_value(*state, "1e300", "1e+300");
    assert_value(*state, "9007199254740993.0", "9007199254740992");
}

static void quotes_what_is_no_number(void **state)
{
    assert_value(*state, "true", "true");
    assert_value(*state, "false", "false");
    assert_value(*state, "True", "\"True\"");
    assert_value(*state, "", "\"\"");
    assert_value(*state, "[16, 16]", "\"[16, 16]\"");
    assert_value(*state, "a\"b\\c\nd", "\"a\\\"b\\\\c\\u000ad\"");
    assert_value(*state, "nan", "\"nan\"");
    assert_value(*state, "0x10", "\"0x10\"");
}

static void sorts_paths(void **state)
{
    kedge_text text;
    const kedge_setting settings[] = {{"steps", "3000"}, {"optimizer.clip", ".5"}, {"model.hidden", "[8]"}};
    kedge_text_init(&text, *state);
    assert_int_equal(kedge_setting_json(&text, settings, 3), KEDGE_OK);
    assert_string_equal(kedge_text_string(&text), "{\"model.hidden\":\"[8]\",\"optimizer.clip\":0.5,\"steps\":3000}");
    kedge_text_release(&text);
}

static void writes_none(void **state)
{
    kedge_text text;
    kedge_text_init(&text, *state);
    assert_int_equal(kedge_setting_json(&text, NULL, 0), KEDGE_OK);
    assert_string_equal(kedge_text_string(&text), "{}");
    kedge_text_release(&text);
}

static void bears_the_lack_of_memory(void **state)
{
    (void)state;
    const kedge_setting settings[] = {{"steps", "3e3"}, {"a", "0.1"}, {"b", "text"}};
    for (size_t n = 2;; n++) { /* the first is the context */
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_text text;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        kedge_text_init(&text, ctx);
        kedge_status status = kedge_setting_json(&text, settings, 3);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_text_release(&text);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_number_in_one_way),
        cmocka_unit_test(writes_as_few_digits_as_read_back),
        cmocka_unit_test(quotes_what_is_no_number),
        cmocka_unit_test(sorts_paths),
        cmocka_unit_test(writes_none),
        cmocka_unit_test(bears_the_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
