/* contexts: memory, log, kernels, threads. */
#include "unit.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/context.h"
#include "base/error.h"
#include "failing_alloc.h"
#include "kedge/version.h"

static kedge_context *made_with(const kedge_context_options *options)
{
    kedge_context *ctx = NULL;
    assert_int_equal(kedge_context_create(&ctx, options), KEDGE_OK);
    return ctx;
}

static void the_best_kernels_are_chosen(void **state)
{
    (void)state;
    const char *best = NULL;
    for (int i = 0; kedge_kernels(i); i++)
        if (kedge_kernels_usable(kedge_kernels(i))) best = kedge_kernels(i);
    kedge_context *ctx = made_with(NULL);
    assert_string_equal(kedge_context_kernels(ctx), best);
    kedge_context_free(ctx);
    ctx = made_with(&(kedge_context_options){.kernels = "auto"});
    assert_string_equal(kedge_context_kernels(ctx), best);
    kedge_context_free(ctx);
}

static void kernels_can_be_named(void **state)
{
    (void)state;
    for (int i = 0; kedge_kernels(i); i++) {
        if (!kedge_kernels_usable(kedge_kernels(i))) continue;
        kedge_context *ctx = made_with(&(kedge_context_options){.kernels = kedge_kernels(i)});
        assert_string_equal(kedge_context_kernels(ctx), kedge_kernels(i));
        assert_string_equal(ctx->kern->name, kedge_kernels(i));
        kedge_context_free(ctx);
    }
}

static void unknown_kernels_are_refused_with_the_known(void **state)
{
    (void)state;
    kedge_context *ctx = NULL;
    char want[200] = "unknown kernels 'sse9'; this build has: auto";
    for (int i = 0; kedge_kernels(i); i++) {
        size_t used = strlen(want);
        snprintf(want + used, sizeof want - used, ", %s", kedge_kernels(i));
    }
    assert_int_equal(kedge_context_create(&ctx, &(kedge_context_options){.kernels = "sse9"}), KEDGE_EUNSUPPORTED);
    assert_string_equal(kedge_error(), want);
    assert_null(ctx);
}

static void the_list_of_kernels(void **state)
{
    (void)state;
    assert_string_equal(kedge_kernels(0), "ref");
    assert_null(kedge_kernels(-1));
    assert_null(kedge_kernels(100));
    assert_true(kedge_kernels_usable("ref"));
    assert_false(kedge_kernels_usable("sse9"));
    assert_false(kedge_kernels_usable("auto")); /* a wish, not a set */
}

static void threads_are_as_asked(void **state)
{
    (void)state;
    kedge_context *ctx = made_with(&(kedge_context_options){.threads = 7});
    assert_int_equal(kedge_context_threads(ctx), 7);
    kedge_context_free(ctx);
    ctx = made_with(NULL);
    assert_true(kedge_context_threads(ctx) >= 1);
    kedge_context_free(ctx);
}

static void all_memory_comes_from_the_caller(void **state)
{
    (void)state;
    failing_alloc memory = {0};
    kedge_context_options options = failing_alloc_options(&memory);
    kedge_context *ctx = made_with(&options);
    assert_int_equal(memory.requests, 1);
    void *a = kedge_alloc(ctx, 3, 5), *b = kedge_alloc_zero(ctx, 10, 4);
    assert_int_equal(memory.requests, 3);
    kedge_release(ctx, a);
    kedge_free(ctx, b);
    kedge_free(ctx, NULL);
    assert_int_equal(memory.in_use, 1);
    kedge_context_free(ctx);
    assert_int_equal(memory.in_use, 0);
}

static void no_memory_for_the_context(void **state)
{
    (void)state;
    failing_alloc memory = {.fail_at = 1};
    kedge_context_options options = failing_alloc_options(&memory);
    kedge_context *ctx = NULL;
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_ENOMEM);
    assert_null(ctx);
    assert_string_equal(kedge_error(), "out of memory for a context");
}

static void half_an_allocator_is_refused(void **state)
{
    (void)state;
    kedge_context *ctx = NULL;
    assert_int_equal(kedge_context_create(&ctx, &(kedge_context_options){.alloc = failing_alloc_get}), KEDGE_EINVALID);
    assert_int_equal(kedge_context_create(&ctx, &(kedge_context_options){.free = failing_alloc_put}), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "a context needs both alloc and free, or neither");
}

static void blocks_are_aligned(void **state)
{
    (void)state;
    kedge_context *ctx = made_with(NULL);
    for (size_t size = 0; size < 300; size += 7) {
        void *block = kedge_alloc(ctx, size, 1);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 64, 0);
        kedge_release(ctx, block);
    }
    kedge_context_free(ctx);
}

static void cleared_blocks_are_zero(void **state)
{
    (void)state;
    kedge_context *ctx = made_with(NULL);
    unsigned char *block = kedge_alloc(ctx, 1000, 3);
    memset(block, 0xff, 3000); /* what the next one is likely to get */
    kedge_release(ctx, block);
    block = kedge_alloc_zero(ctx, 1000, 3);
    for (int i = 0; i < 3000; i++) assert_int_equal(block[i], 0);
    kedge_release(ctx, block);
    kedge_context_free(ctx);
}

static void sizes_that_overflow_are_no_memory(void **state)
{
    (void)state;
    kedge_context *ctx = made_with(NULL);
    assert_null(kedge_alloc(ctx, SIZE_MAX, 2));
    assert_null(kedge_alloc(ctx, SIZE_MAX / 4, 8));
    assert_null(kedge_alloc_zero(ctx, (size_t)1 << 33, (size_t)1 << 33));
    kedge_context_free(ctx);
}

static void growing_keeps_what_was_there(void **state)
{
    (void)state;
    kedge_context *ctx = made_with(NULL);
    int *array = NULL;
    size_t capacity = 0, moves = 0;
    for (size_t i = 0; i < 1000; i++) {
        int *grown = kedge_grow(ctx, array, i, &capacity, i + 1, sizeof *array);
        assert_non_null(grown);
        assert_true(capacity > i);
        moves += grown != array;
        array = grown;
        array[i] = (int)i;
    }
    for (int i = 0; i < 1000; i++) assert_int_equal(array[i], i);
    assert_true(moves < 20); /* by doubling, not by one */
    kedge_release(ctx, array);
    kedge_context_free(ctx);
}

static void failed_growth_leaves_the_array(void **state)
{
    (void)state;
    failing_alloc memory = {.fail_at = 3};
    kedge_context_options options = failing_alloc_options(&memory);
    kedge_context *ctx = made_with(&options);
    size_t capacity = 0;
    int *array = kedge_grow(ctx, NULL, 0, &capacity, 4, sizeof *array);
    assert_non_null(array);
    array[3] = 42;
    size_t before = capacity;
    assert_null(kedge_grow(ctx, array, 4, &capacity, 1000, sizeof *array));
    assert_int_equal(capacity, before);
    assert_int_equal(array[3], 42);
    kedge_release(ctx, array);
    kedge_context_free(ctx);
    assert_int_equal(memory.in_use, 0);
}

static void keep_line(const char *line, void *payload)
{
    snprintf(payload, 2000, "%s", line);
}

static void log_lines_reach_the_caller(void **state)
{
    (void)state;
    static char line[2000], text[3000];
    kedge_context *ctx = made_with(&(kedge_context_options){.log = keep_line, .log_payload = line});
    kedge_log(ctx, "seed %d of %s", 3, "many");
    assert_string_equal(line, "seed 3 of many");
    memset(text, 'x', sizeof text - 1);
    kedge_log(ctx, "%s", text); /* longer than a line can be: cut */
    assert_in_range(strlen(line), 500, 1999);
    kedge_context_free(ctx);
    ctx = made_with(NULL);
    kedge_log(ctx, "to nobody");
    kedge_context_free(ctx);
}

static void nothing_can_be_freed(void **state)
{
    (void)state;
    kedge_context_free(NULL);
}

static void the_version_is_that_of_the_build(void **state)
{
    (void)state;
    assert_string_equal(kedge_version(), KEDGE_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_kernels_are_chosen),
        cmocka_unit_test(kernels_can_be_named),
        cmocka_unit_test(unknown_kernels_are_refused_with_the_known),
        cmocka_unit_test(the_list_of_kernels),
        cmocka_unit_test(threads_are_as_asked),
        cmocka_unit_test(all_memory_comes_from_the_caller),
        cmocka_unit_test(no_memory_for_the_context),
        cmocka_unit_test(half_an_allocator_is_refused),
        cmocka_unit_test(blocks_are_aligned),
        cmocka_unit_test(cleared_blocks_are_zero),
        cmocka_unit_test(sizes_that_overflow_are_no_memory),
        cmocka_unit_test(growing_keeps_what_was_there),
        cmocka_unit_test(failed_growth_leaves_the_array),
        cmocka_unit_test(log_lines_reach_the_caller),
        cmocka_unit_test(nothing_can_be_freed),
        cmocka_unit_test(the_version_is_that_of_the_build),
    };
    return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
