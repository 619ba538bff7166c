/* kernels.h - a context for every set of kernels that this machine can run, one after the other.
 *
 *     kedge_context *ctx;
 *     for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) ...
 */
#ifndef SUPPORT_KERNELS_H
#define SUPPORT_KERNELS_H

#include "unit.h"

#include "kedge/context.h"

static inline kedge_context *kernels_next(int *k)
{
    while (kedge_kernels(*k) && !kedge_kernels_usable(kedge_kernels(*k))) ++*k;
    if (!kedge_kernels(*k)) return NULL;
    kedge_context_options options = {.kernels = kedge_kernels((*k)++), .threads = 1};
    kedge_context *ctx = NULL;
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    return ctx;
}

#endif
