/* format_test.h - a context, an arena and a list of errors for the tests of the formats. */
#ifndef FORMAT_TEST_H
#define FORMAT_TEST_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "failing_alloc.h"

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
} fixture;

static inline int fixture_make(void **state)
{
    static fixture self;
    if (kedge_context_create(&self.ctx, NULL) != KEDGE_OK) return -1;
    kedge_arena_init(&self.arena, self.ctx);
    kedge_errors_init(&self.errors);
    *state = &self;
    return 0;
}

static inline int fixture_end(void **state)
{
    fixture *self = *state;
    kedge_arena_release(&self->arena);
    kedge_context_free(self->ctx);
    return 0;
}

#define FORMAT_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make, fixture_end)

/* The path of a new, empty file in a buffer of the caller, who unlinks it. */
static inline void temporary_file(char path[64])
{
    snprintf(path, 64, "/tmp/kedge-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
}

/* Does 'work' with each of its allocations failing in turn: KEDGE_ENOMEM, and nothing stays behind. */
static inline void assert_survives_failing_memory(kedge_status (*work)(fixture *self))
{
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        fixture self = {.ctx = NULL};
        kedge_status status = kedge_context_create(&self.ctx, &options);
        if (self.ctx) {
            kedge_arena_init(&self.arena, self.ctx);
            kedge_errors_init(&self.errors);
            status = work(&self);
            kedge_arena_release(&self.arena);
            kedge_context_free(self.ctx);
        }
        assert_int_equal(memory.in_use, 0);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        if (memory.requests < n) return;
    }
}

#endif
