/* failing_alloc.h - an allocator that fails once, at the n-th request, and knows what is still in use.
 *
 *     for (size_t n = 1;; n++) {
 *         failing_alloc state = {.fail_at = n};
 *         kedge_context_options options = failing_alloc_options(&state);
 *         ... create, work, free all; KEDGE_ENOMEM is the only error allowed ...
 *         assert_int_equal(state.in_use, 0);
 *         if (state.requests < n) break; // nothing failed: every request has had its turn
 *     }
 *
 * One thread only: set options.threads = 1. */
#ifndef SUPPORT_FAILING_ALLOC_H
#define SUPPORT_FAILING_ALLOC_H

#include <stddef.h>
#include <stdlib.h>

#include "kedge/context.h"

typedef struct failing_alloc {
    size_t fail_at;  /* the request that fails, counted from 1; 0: none */
    size_t requests; /* requests so far */
    size_t in_use;   /* blocks given and not yet freed */
} failing_alloc;

static inline void *failing_alloc_get(size_t size, void *payload)
{
    failing_alloc *state = payload;
    if (++state->requests == state->fail_at) return NULL;
    void *block = aligned_alloc(64, (size + 63) / 64 * 64);
    if (block) state->in_use++;
    return block;
}

static inline void failing_alloc_put(void *block, void *payload)
{
    failing_alloc *state = payload;
    if (block) state->in_use--;
    free(block);
}

static inline kedge_context_options failing_alloc_options(failing_alloc *state)
{
    return (kedge_context_options){
        .alloc = failing_alloc_get, .free = failing_alloc_put, .alloc_payload = state, .threads = 1};
}

#endif
