/* params.h - named parameters in one block. */
#ifndef NN_PARAMS_H
#define NN_PARAMS_H

#include "base/arena.h"

typedef struct kedge_param {
    const char *name;
    int rows, cols;  /* [out,in]; a bias is [out] with cols 0 */
    float bound;     /* initial values are uniform in [-bound, bound) */
    size_t offset;   /* floats from the start of the block */
} kedge_param;

typedef struct kedge_params {
    kedge_arena arena;
    int n;
    size_t capacity;
    kedge_param *list;
    size_t count; /* numbers in all tensors */
    size_t size;  /* floats in the block: every tensor starts at a multiple of 16, gaps stay 0 */
    float *values;    /* [size], NULL until kedge_params_allocate */
    float *gradients; /* [size], likewise */
} kedge_params;

void kedge_params_init(kedge_params *params, kedge_context *ctx);
void kedge_params_release(kedge_params *params);

/* Declares one tensor; its number is the order of declaration. KEDGE_ENOMEM. */
kedge_status kedge_params_add(kedge_params *params, const char *name, int rows, int cols, float bound);
/* Values and gradients, cleared. KEDGE_EINVALID if there are more than 2^31, KEDGE_ENOMEM. */
kedge_status kedge_params_allocate(kedge_params *params);
/* Fills the block with a seed's initial values: U(-bound, bound), gaps 0. */
void kedge_params_draw(kedge_params *params, uint64_t seed);

/* Scales all gradients down so that their global Euclidean norm is 'limit', where it is larger; returns the norm. One
 * that is not finite leaves them as they are. */
double kedge_params_clip(kedge_params *params, const kedge_kern *kern, double limit);

const kedge_param *kedge_params_find(const kedge_params *params, const char *name);
static inline size_t kedge_param_count(const kedge_param *param)
{
    return (size_t)param->rows * (size_t)(param->cols > 0 ? param->cols : 1);
}

#endif
