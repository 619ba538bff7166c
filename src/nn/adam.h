/* adam.h - Adam (Kingma and Ba, 2015), bias-corrected, no weight decay. */
#ifndef NN_ADAM_H
#define NN_ADAM_H

#include "nn/params.h"

typedef struct kedge_adam {
    kedge_context *ctx;
    float beta1, beta2, epsilon; /* as the kernel gets them; the powers are those of these very numbers: 1 - 0.999f is
                                    1.3e-5 less than 0.001, and every step would be half as much off */
    double power1, power2;       /* beta^t */
    size_t size;
    float *m, *v;
} kedge_adam;

kedge_status kedge_adam_init(kedge_adam *adam, kedge_context *ctx, double beta1, double beta2, double epsilon,
                             size_t size);
void kedge_adam_release(kedge_adam *adam);
/* Back to t = 0. */
void kedge_adam_clear(kedge_adam *adam);
/* One update of all parameters from their gradients with learning rate lr. */
void kedge_adam_step(kedge_adam *adam, kedge_params *params, double lr);

#endif
