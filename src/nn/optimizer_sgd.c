/* optimizer_sgd.c - gradient descent on batches, with momentum, in PyTorch's form. */
#include "nn/optimizer.h"

static void step_sgd(kedge_optimizer *self, kedge_params *params, double lr)
{
    const kedge_optimizer_options *options = &self->options;
    self->ctx->kern->sgd((int)self->size, params->gradients, (float)lr, (float)options->momentum, options->nesterov,
                         (float)options->weight_decay, self->rows[0], params->values);
}

static const kedge_field fields[] = {
    {.key = "momentum", .type = KEDGE_FIELD_REAL, .min = 0, .max = 0.999999, .fallback = "0.9",
     .offset = offsetof(kedge_optimizer_options, momentum),
     .doc = "Decay of the sum of past gradients; 0: plain descent."},
    {.key = "nesterov", .type = KEDGE_FIELD_BOOL, .fallback = "false",
     .offset = offsetof(kedge_optimizer_options, nesterov),
     .doc = "Moves by the gradient and `momentum` x that sum, which has the gradient already."},
    {.key = "weight_decay", .type = KEDGE_FIELD_REAL, .min = 0, .max = 1000, .fallback = "0",
     .offset = offsetof(kedge_optimizer_options, weight_decay),
     .doc = "This x the parameter is added to its gradient, biases too."},
};

const kedge_optimizer_kind kedge_optimizer_sgd = {
    .variant = {"sgd", "Gradient descent on batches with momentum: v := `momentum` v + g, p := p - `lr` v. A constant "
                       "gradient moves 1 / (1 - `momentum`) times as far as plain descent.",
                fields, sizeof fields / sizeof *fields},
    .rows = 1, .step = step_sgd,
};
