/* optimizer.h - optimizers: the kinds, their options, and the update of all parameters from their gradients. */
#ifndef NN_OPTIMIZER_H
#define NN_OPTIMIZER_H

#include "base/field.h"
#include "nn/params.h"

/* Ranges and defaults are those of the field tables. */
typedef struct kedge_optimizer_options {
    int kind;                     /* index into kedge_optimizer_kinds */
    double beta1, beta2, epsilon; /* adam, adamw */
    double weight_decay;          /* adamw: decoupled, the share lr x this is taken off; sgd: added to the gradient */
    double momentum;              /* sgd */
    bool nesterov;                /* sgd */
    double clip;                  /* > 0: largest global norm of the gradients, see kedge_params_clip */
} kedge_optimizer_options;

enum { KEDGE_OPTIMIZER_ROWS = 2 }; /* at most so many numbers are kept per parameter */

typedef struct kedge_optimizer {
    kedge_context *ctx;
    kedge_optimizer_options options;
    size_t size;                       /* floats in the block of parameters */
    float *rows[KEDGE_OPTIMIZER_ROWS]; /* [size] each, as many as the kind has; 0 at the start */
    /* adam, adamw. The powers are those of the very numbers that the kernel gets: 1 - 0.999f is 1.3e-5 less than 0.001,
     * and every step would be half as much off. Kept as float: gcc 12 leaves the rounding out where it makes both and
     * multiplies by them at once. */
    float betas[2];
    double powers[2]; /* betas[i]^t */
} kedge_optimizer;

/* One kind of optimizer. 'step' makes one update of params->values from params->gradients, which it leaves as they are;
 * gaps between the tensors stay 0. All parameters are treated alike, biases too. No allocation. */
typedef struct kedge_optimizer_kind {
    kedge_variant variant; /* name, one sentence, its own keys */
    int rows;              /* numbers kept per parameter */
    void (*step)(kedge_optimizer *self, kedge_params *params, double lr);
} kedge_optimizer_kind;

/* All kinds, ended by NULL; the first is the one where none is named: adam, adamw, sgd. */
extern const kedge_optimizer_kind *const kedge_optimizer_kinds[];
extern const kedge_optimizer_kind kedge_optimizer_adam, kedge_optimizer_adamw, kedge_optimizer_sgd;
int kedge_n_optimizer_kinds(void);

/* The keys that every kind has: clip. */
extern const kedge_field kedge_optimizer_fields[];
extern const int kedge_n_optimizer_fields;

/* For a block of 'size' floats, a multiple of 16, at t = 0; the options are copied. KEDGE_ENOMEM: holds nothing. */
kedge_status kedge_optimizer_init(kedge_optimizer *self, kedge_context *ctx, const kedge_optimizer_options *options,
                                  size_t size);
/* Of one that is all zeros: nothing. */
void kedge_optimizer_release(kedge_optimizer *self);
/* Back to t = 0. */
void kedge_optimizer_clear(kedge_optimizer *self);
/* One update of all parameters from their gradients with learning rate lr; with 'clip' these are scaled down first, in
 * place. */
void kedge_optimizer_step(kedge_optimizer *self, kedge_params *params, double lr);

#endif
