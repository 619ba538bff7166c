/* arenas: many small blocks of one lifetime. */
#include "unit.h"

#include <string.h>

#include "base/arena.h"
#include "failing_alloc.h"

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    kedge_arena arena;
} fixture;

static int open_arena(void **state)
{
    static fixture f;
    f = (fixture){0};
    kedge_context_options options = failing_alloc_options(&f.memory);
    if (kedge_context_create(&f.ctx, &options)) return -1;
    kedge_arena_init(&f.arena, f.ctx);
    *state = &f;
    return 0;
}

static int close_arena(void **state)
{
    fixture *f = *state;
    kedge_arena_release(&f->arena);
    kedge_context_free(f->ctx);
    return f->memory.in_use == 0 ? 0 : -1;
}

/* Each block gets its own mark; at the end all marks are as they were. */
static void blocks_are_cleared_aligned_and_apart(void **state)
{
    fixture *f = *state;
    enum { N = 700 };
    static unsigned char *blocks[N];
    for (size_t i = 0; i < N; i++) {
        size_t size = i * 37 % 5000;
        blocks[i] = kedge_arena_alloc(&f->arena, size, 1);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        for (size_t j = 0; j < size; j++) assert_int_equal(blocks[i][j], 0);
        memset(blocks[i], (int)(i % 255) + 1, size);
    }
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i * 37 % 5000; j++) assert_int_equal(blocks[i][j], i % 255 + 1);
}

static void small_blocks_share_a_request(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 1000; i++) assert_non_null(kedge_arena_alloc(&f->arena, 1, 16));
    assert_in_range(f->memory.requests, 2, 8);
}

static void nothing_can_be_asked_for(void **state)
{
    fixture *f = *state;
    assert_non_null(kedge_arena_alloc(&f->arena, 0, 8));
    assert_non_null(kedge_arena_alloc(&f->arena, 8, 0));
}

static void sizes_that_overflow_are_no_memory(void **state)
{
    fixture *f = *state;
    assert_null(kedge_arena_alloc(&f->arena, SIZE_MAX / 2, 4));
    assert_null(kedge_arena_alloc(&f->arena, SIZE_MAX, 1));
}

static void copies_of_text(void **state)
{
    fixture *f = *state;
    char source[] = "bottleneck";
    char *whole = kedge_arena_text(&f->arena, source), *part = kedge_arena_bytes(&f->arena, source, 6);
    memset(source, 'x', sizeof source - 1);
    assert_string_equal(whole, "bottleneck");
    assert_string_equal(part, "bottle");
    assert_string_equal(kedge_arena_bytes(&f->arena, NULL, 0), "");
    assert_memory_equal(kedge_arena_bytes(&f->arena, "a\0b", 3), "a\0b\0", 4);
}

static void formatted_text(void **state)
{
    fixture *f = *state;
    assert_string_equal(kedge_arena_format(&f->arena, "%s.%d.weight", "encoder", 2), "encoder.2.weight");
    assert_string_equal(kedge_arena_format(&f->arena, "%s", ""), "");
    char *wide = kedge_arena_format(&f->arena, "%9000d", 1);
    assert_int_equal(strlen(wide), 9000);
}

static void without_memory_there_is_null(void **state)
{
    fixture *f = *state;
    f->memory.fail_at = f->memory.requests + 1;
    assert_null(kedge_arena_alloc(&f->arena, 1, 16));
    assert_non_null(kedge_arena_text(&f->arena, "later")); /* the arena is whole */
    f->memory.fail_at = f->memory.requests + 1;
    assert_null(kedge_arena_alloc(&f->arena, 1, 10000));
    f->memory.fail_at = f->memory.requests + 1;
    assert_null(kedge_arena_format(&f->arena, "%9000d", 1));
}

static void release_can_be_repeated(void **state)
{
    fixture *f = *state;
    kedge_arena_text(&f->arena, "once");
    kedge_arena_release(&f->arena);
    assert_int_equal(f->memory.in_use, 1); /* the context */
    kedge_arena_release(&f->arena);
    assert_string_equal(kedge_arena_text(&f->arena, "again"), "again");
}

#define ARENA_TEST(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ARENA_TEST(blocks_are_cleared_aligned_and_apart),
        ARENA_TEST(small_blocks_share_a_request),
        ARENA_TEST(nothing_can_be_asked_for),
        ARENA_TEST(sizes_that_overflow_are_no_memory),
        ARENA_TEST(copies_of_text),
        ARENA_TEST(formatted_text),
        ARENA_TEST(without_memory_there_is_null),
        ARENA_TEST(release_can_be_repeated),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
