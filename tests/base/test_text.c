/* text: a growing string. */
#include "unit.h"

#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "failing_alloc.h"

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    kedge_text text;
} fixture;

static int open_text(void **state)
{
    static fixture f;
    f = (fixture){0};
    kedge_context_options options = failing_alloc_options(&f.memory);
    if (kedge_context_create(&f.ctx, &options)) return -1;
    kedge_text_init(&f.text, f.ctx);
    *state = &f;
    return 0;
}

static int close_text(void **state)
{
    fixture *f = *state;
    kedge_text_release(&f->text);
    kedge_context_free(f->ctx);
    return f->memory.in_use == 0 ? 0 : -1;
}

static void an_empty_text_is_a_string(void **state)
{
    fixture *f = *state;
    assert_string_equal(kedge_text_string(&f->text), "");
    assert_int_equal(kedge_text_status(&f->text, "it"), KEDGE_OK);
    kedge_text_clear(&f->text);
    assert_string_equal(kedge_text_string(&f->text), "");
}

static void parts_follow_each_other(void **state)
{
    fixture *f = *state;
    kedge_text_add(&f->text, "step");
    kedge_text_addf(&f->text, ",%d,%.3f", 7, 0.5);
    kedge_text_add_bytes(&f->text, "!??", 1);
    kedge_text_add_bytes(&f->text, NULL, 0);
    kedge_text_add(&f->text, "");
    assert_string_equal(kedge_text_string(&f->text), "step,7,0.500!");
    assert_int_equal(f->text.length, 13);
}

static void it_grows(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 10000; i++) kedge_text_addf(&f->text, "%04d\n", i);
    assert_int_equal(f->text.length, 50000);
    for (int i = 0; i < 10000; i++) {
        const char *line = kedge_text_string(&f->text) + 5 * i;
        assert_int_equal((line[0] - '0') * 1000 + (line[1] - '0') * 100 + (line[2] - '0') * 10 + line[3] - '0', i);
    }
    assert_true(f->memory.requests < 30);
}

static void bytes_may_hold_zeros(void **state)
{
    fixture *f = *state;
    kedge_text_add_bytes(&f->text, "a\0b", 3);
    assert_int_equal(f->text.length, 3);
    assert_memory_equal(f->text.bytes, "a\0b\0", 4);
}

static void clear_starts_over(void **state)
{
    fixture *f = *state;
    kedge_text_add(&f->text, "before");
    kedge_text_clear(&f->text);
    assert_string_equal(kedge_text_string(&f->text), "");
    kedge_text_add(&f->text, "after");
    assert_string_equal(kedge_text_string(&f->text), "after");
}

static void a_broken_text_stays_as_it_was(void **state)
{
    fixture *f = *state;
    kedge_text_add(&f->text, "kept");
    f->memory.fail_at = f->memory.requests + 1;
    kedge_text_addf(&f->text, "%5000d", 1);
    kedge_text_add(&f->text, "x"); /* there would be room, but something is missing before it */
    assert_string_equal(kedge_text_string(&f->text), "kept");
    assert_int_equal(kedge_text_status(&f->text, "the table"), KEDGE_ENOMEM);
    assert_string_equal(kedge_error(), "out of memory for the table");
    kedge_text_clear(&f->text);
    kedge_text_add(&f->text, "whole");
    assert_int_equal(kedge_text_status(&f->text, "the table"), KEDGE_OK);
    assert_string_equal(kedge_text_string(&f->text), "whole");
}

#define TEXT_TEST(test) cmocka_unit_test_setup_teardown(test, open_text, close_text)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEXT_TEST(an_empty_text_is_a_string),
        TEXT_TEST(parts_follow_each_other),
        TEXT_TEST(it_grows),
        TEXT_TEST(bytes_may_hold_zeros),
        TEXT_TEST(clear_starts_over),
        TEXT_TEST(a_broken_text_stays_as_it_was),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
