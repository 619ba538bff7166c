/* params.c - named parameters in one block. */
#include "nn/params.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"

void kedge_params_init(kedge_params *params, kedge_context *ctx)
{
    *params = (kedge_params){0};
    kedge_arena_init(&params->arena, ctx);
}

void kedge_params_release(kedge_params *params)
{
    kedge_context *ctx = params->arena.ctx;
    if (!ctx) return;
    kedge_release(ctx, params->list);
    kedge_release(ctx, params->values);
    kedge_release(ctx, params->gradients);
    kedge_arena_release(&params->arena);
    *params = (kedge_params){0};
}

kedge_status kedge_params_add(kedge_params *params, const char *name, int rows, int cols, float bound)
{
    char *copy = kedge_arena_text(&params->arena, name);
    kedge_param *list = kedge_grow(params->arena.ctx, params->list, (size_t)params->n, &params->capacity,
                                   (size_t)params->n + 1, sizeof *list);
    if (list) params->list = list;
    if (!copy || !list) return kedge_fail_memory("parameters");
    kedge_param *param = &params->list[params->n++];
    *param = (kedge_param){.name = copy, .rows = rows, .cols = cols, .bound = bound, .offset = params->size};
    params->count += kedge_param_count(param);
    params->size += (kedge_param_count(param) + 15) / 16 * 16;
    return KEDGE_OK;
}

kedge_status kedge_params_allocate(kedge_params *params)
{
    if (params->size > INT32_MAX) /* kernels count in int */
        return kedge_fail(KEDGE_EINVALID, "a model of %zu parameters is too large; at most %d are possible",
                          params->count, INT32_MAX);
    params->values = kedge_alloc_zero(params->arena.ctx, params->size, sizeof *params->values);
    params->gradients = kedge_alloc_zero(params->arena.ctx, params->size, sizeof *params->gradients);
    return params->values && params->gradients ? KEDGE_OK : kedge_fail_memory("parameters");
}

void kedge_params_draw(kedge_params *params, uint64_t seed)
{
    for (int i = 0; i < params->n; i++) {
        const kedge_param *param = &params->list[i];
        size_t count = kedge_param_count(param);
        float *to = params->values + param->offset;
        uint32_t words[4];
        for (size_t j = 0; j < count; j++) {
            if (j % 4 == 0)
                kedge_random_block(seed, KEDGE_PURPOSE_WEIGHTS, (uint32_t)i, 0, (uint32_t)(j / 4), words);
            to[j] = param->bound * (2 * kedge_random_unit(words[j % 4]) - 1);
        }
    }
}

double kedge_params_clip(kedge_params *params, const kedge_kern *kern, double limit)
{
    float squares;
    kern->weighted_sum((int)params->size, params->gradients, params->gradients, &squares);
    double norm = sqrt((double)squares);
    if (isfinite(norm) && norm > limit)
        kern->scale((int)params->size, params->gradients, (float)(limit / norm), false, params->gradients);
    return norm;
}

const kedge_param *kedge_params_find(const kedge_params *params, const char *name)
{
    for (int i = 0; i < params->n; i++)
        if (strcmp(params->list[i].name, name) == 0) return &params->list[i];
    return NULL;
}
