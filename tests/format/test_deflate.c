/* test_deflate.c - bytes in fewer. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "failing_alloc.h"
#include "format/deflate.h"

enum { N = 300000 };

/* Words that repeat, with some that do not. */
static unsigned char *content(void)
{
    unsigned char *bytes = malloc(N);
    uint32_t word = 1;
    assert_non_null(bytes);
    for (int i = 0; i < N; i++) {
        word = word * 1664525u + 1013904223u;
        bytes[i] = i % 100 < 90 ? (unsigned char)(i % 100) : (unsigned char)(word >> 24);
    }
    return bytes;
}

static void comes_back(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 100, N};
    unsigned char *bytes = content(), *back = malloc(N + 1);
    kedge_context *ctx;
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        kedge_text text;
        uLongf size = N + 1;
        kedge_text_init(&text, ctx);
        assert_int_equal(kedge_deflate(&text, bytes, lengths[i]), KEDGE_OK);
        assert_int_equal(uncompress(back, &size, (const unsigned char *)text.bytes, text.length), Z_OK);
        assert_int_equal(size, lengths[i]);
        assert_memory_equal(back, bytes, size);
        kedge_text_release(&text);
    }
    kedge_context_free(ctx);
    free(back);
    free(bytes);
}

static void is_smaller(void **state)
{
    (void)state;
    unsigned char *bytes = content();
    kedge_context *ctx;
    kedge_text text;
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_text_init(&text, ctx);
    assert_int_equal(kedge_deflate(&text, bytes, N), KEDGE_OK);
    assert_in_range(text.length, N / 20, N / 5);
    kedge_text_release(&text);
    kedge_context_free(ctx);
    free(bytes);
}

static void survives_each_failed_allocation(void **state)
{
    (void)state;
    unsigned char *bytes = content();
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_text text;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        kedge_text_init(&text, ctx);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_deflate(&text, bytes, N);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_text_release(&text);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back),
        cmocka_unit_test(is_smaller),
        cmocka_unit_test(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests_name("format/deflate", tests, NULL, NULL);
}
