/* context.h - inside of kedge_context, and its memory. */
#ifndef BASE_CONTEXT_H
#define BASE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "kedge/context.h"
#include "kern/kern.h"

struct kedge_context {
    kedge_context_options options;
    const kedge_kern *kern;
    int threads;
};

/* 'n' items of 'size' bytes, aligned to 64, not cleared / cleared. NULL if there is no memory (or n*size
 * overflows): the caller says what it was for with kedge_fail_memory. n == 0 gives a block that can be freed. */
void *kedge_alloc(kedge_context *ctx, size_t n, size_t size);
void *kedge_alloc_zero(kedge_context *ctx, size_t n, size_t size);
/* NULL is fine. */
void kedge_release(kedge_context *ctx, void *block);

/* Makes room for 'need' items in a growing array: returns the array (moved, its first 'used' items kept,
 * *capacity raised), or NULL with the old array untouched. */
void *kedge_grow(kedge_context *ctx, void *array, size_t used, size_t *capacity, size_t need, size_t size);

/* A line for the caller's log, if he wants one. */
void kedge_log(kedge_context *ctx, const char *format, ...) KEDGE_PRINTF(2, 3);

#endif
