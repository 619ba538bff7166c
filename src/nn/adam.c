/* adam.c - Adam. */
#include "nn/adam.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

kedge_status kedge_adam_init(kedge_adam *adam, kedge_context *ctx, double beta1, double beta2, double epsilon,
                             size_t size)
{
    *adam = (kedge_adam){.ctx = ctx, .size = size};
    adam->beta1 = (float)beta1;
    adam->beta2 = (float)beta2;
    adam->epsilon = (float)epsilon;
    adam->m = kedge_alloc(ctx, size, sizeof *adam->m);
    adam->v = kedge_alloc(ctx, size, sizeof *adam->v);
    if (!adam->m || !adam->v) {
        kedge_adam_release(adam);
        return kedge_fail_memory("the optimizer");
    }
    kedge_adam_clear(adam);
    return KEDGE_OK;
}

void kedge_adam_release(kedge_adam *adam)
{
    if (!adam->ctx) return;
    kedge_release(adam->ctx, adam->m);
    kedge_release(adam->ctx, adam->v);
    *adam = (kedge_adam){0};
}

void kedge_adam_clear(kedge_adam *adam)
{
    adam->power1 = adam->power2 = 1;
    memset(adam->m, 0, adam->size * sizeof *adam->m);
    memset(adam->v, 0, adam->size * sizeof *adam->v);
}

void kedge_adam_step(kedge_adam *adam, kedge_params *params, double lr)
{
    adam->power1 *= (double)adam->beta1;
    adam->power2 *= (double)adam->beta2;
    float rate = (float)(lr / (1 - adam->power1)), root = (float)(1 / sqrt(1 - adam->power2));
    adam->ctx->kern->adam((int)adam->size, params->gradients, rate, root, adam->beta1, adam->beta2, adam->epsilon,
                          adam->m, adam->v, params->values);
}
