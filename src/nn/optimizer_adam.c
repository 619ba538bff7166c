/* optimizer_adam.c - Adam (Kingma and Ba 2015), and with decoupled weight decay (Loshchilov and Hutter 2019). */
#include <math.h>

#include "nn/optimizer.h"

/* The next powers, and what the kernel wants of them. */
static void advance(kedge_optimizer *self, double lr, float *rate, float *root)
{
    for (int i = 0; i < 2; i++) self->powers[i] *= (double)self->betas[i];
    *rate = (float)(lr / (1 - self->powers[0]));
    *root = (float)(1 / sqrt(1 - self->powers[1]));
}

static void step_adam(kedge_optimizer *self, kedge_params *params, double lr)
{
    float rate, root;
    advance(self, lr, &rate, &root);
    self->ctx->kern->adam((int)self->size, params->gradients, rate, root, self->betas[0], self->betas[1],
                          (float)self->options.epsilon, self->rows[0], self->rows[1], params->values);
}

static void step_adamw(kedge_optimizer *self, kedge_params *params, double lr)
{
    float rate, root;
    advance(self, lr, &rate, &root);
    self->ctx->kern->adamw((int)self->size, params->gradients, rate, root, self->betas[0], self->betas[1],
                           (float)self->options.epsilon, (float)(lr * self->options.weight_decay), self->rows[0],
                           self->rows[1], params->values);
}

/* adamw has them all, adam all but the last. */
static const kedge_field fields[] = {
    {.key = "beta1", .type = KEDGE_FIELD_REAL, .min = 0, .max = 0.999999, .fallback = "0.9",
     .offset = offsetof(kedge_optimizer_options, beta1), .doc = "Decay of the mean of the gradients."},
    {.key = "beta2", .type = KEDGE_FIELD_REAL, .min = 0, .max = 0.999999, .fallback = "0.999",
     .offset = offsetof(kedge_optimizer_options, beta2), .doc = "Decay of the mean of their squares."},
    {.key = "epsilon", .type = KEDGE_FIELD_REAL, .min = 1e-30, .max = 1, .fallback = "1e-8",
     .offset = offsetof(kedge_optimizer_options, epsilon),
     .doc = "Added to the root of that mean, so that nothing is divided by 0."},
    {.key = "weight_decay", .type = KEDGE_FIELD_REAL, .min = 0, .max = 1000, .fallback = "0.01",
     .offset = offsetof(kedge_optimizer_options, weight_decay),
     .doc = "Every update takes the share `lr` x this off every parameter, biases too, beside Adam's step."},
};
enum { ALL = sizeof fields / sizeof *fields };

const kedge_optimizer_kind kedge_optimizer_adam = {
    .variant = {"adam", "Adam with bias correction; no weight decay. One update per batch; the schedule's `lr` is "
                        "the learning rate.", fields, ALL - 1},
    .rows = 2, .step = step_adam,
};

const kedge_optimizer_kind kedge_optimizer_adamw = {
    .variant = {"adamw", "Adam with decoupled weight decay: the gradients' means do not see it.", fields, ALL},
    .rows = 2, .step = step_adamw,
};
