/* optimizer.c - the one list of kinds of optimizers, the keys that all have, and what all do alike. */
#include "nn/optimizer.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

const kedge_optimizer_kind *const kedge_optimizer_kinds[] = {
    &kedge_optimizer_adam,
    &kedge_optimizer_adamw,
    &kedge_optimizer_sgd,
    NULL,
};

int kedge_n_optimizer_kinds(void)
{
    return (int)(sizeof kedge_optimizer_kinds / sizeof *kedge_optimizer_kinds) - 1;
}

const kedge_field kedge_optimizer_fields[] = {
    {.key = "clip", .type = KEDGE_FIELD_REAL, .min = 0, .max = INFINITY, .fallback = "0",
     .offset = offsetof(kedge_optimizer_options, clip),
     .doc = "Gradients of all parameters together that are longer than this are scaled down to it; 0: none are."},
};
const int kedge_n_optimizer_fields = sizeof kedge_optimizer_fields / sizeof *kedge_optimizer_fields;

kedge_status kedge_optimizer_init(kedge_optimizer *self, kedge_context *ctx, const kedge_optimizer_options *options,
                                  size_t size)
{
    *self = (kedge_optimizer){.ctx = ctx, .options = *options, .size = size,
                              .betas = {(float)options->beta1, (float)options->beta2}};
    for (int i = 0; i < kedge_optimizer_kinds[options->kind]->rows; i++) {
        self->rows[i] = kedge_alloc(ctx, size, sizeof *self->rows[i]);
        if (self->rows[i]) continue;
        kedge_optimizer_release(self);
        return kedge_fail_memory("the optimizer");
    }
    kedge_optimizer_clear(self);
    return KEDGE_OK;
}

void kedge_optimizer_release(kedge_optimizer *self)
{
    if (!self->ctx) return;
    for (int i = 0; i < KEDGE_OPTIMIZER_ROWS; i++) kedge_release(self->ctx, self->rows[i]);
    *self = (kedge_optimizer){0};
}

void kedge_optimizer_clear(kedge_optimizer *self)
{
    self->powers[0] = self->powers[1] = 1;
    for (int i = 0; i < kedge_optimizer_kinds[self->options.kind]->rows; i++)
        memset(self->rows[i], 0, self->size * sizeof *self->rows[i]);
}

void kedge_optimizer_step(kedge_optimizer *self, kedge_params *params, double lr)
{
    if (self->options.clip > 0) kedge_params_clip(params, self->ctx->kern, self->options.clip);
    kedge_optimizer_kinds[self->options.kind]->step(self, params, lr);
}
