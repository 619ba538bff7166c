/* sampler.c - which points a batch holds: uniform draws, or Walker's alias table. */
#include "data/sampler.h"

#include <math.h>

#include "data/alias.h"

struct kedge_sampler {
    kedge_context *ctx;
    uint32_t points;
    int batch;
    int64_t epoch, batches; /* draws in an epoch, and its batches; 0 without */
    kedge_alias *table;     /* [points]; NULL: uniform */
};

/* Checks the weights and scales them so that their mean is 1: through the largest, so that no sum overflows. */
static bool scale_weights(const kedge_formula *formula, const kedge_dataset *dataset, double *weights,
                          kedge_errors *errors)
{
    const char *where = formula->where ? formula->where : "weight";
    double max = 0, sum = 0;
    for (int i = 0; i < dataset->points; i++) {
        if (weights[i] < 0) {
            char described[512];
            kedge_dataset_describe(dataset, i, described, sizeof described);
            kedge_errors_add(errors, KEDGE_EINVALID, "%s: the weight is %.6g at %s; weights must not be negative",
                             where, weights[i], described);
            return false;
        }
        max = fmax(max, weights[i]);
    }
    if (!(max > 0)) {
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: all weights are 0; at least one point must be drawn", where);
        return false;
    }
    for (int i = 0; i < dataset->points; i++) sum += weights[i] /= max;
    for (int i = 0; i < dataset->points; i++) weights[i] *= dataset->points / sum;
    return true;
}

static bool make_table(kedge_sampler *sampler, const kedge_dataset *dataset, const kedge_formula *weight,
                       kedge_errors *errors)
{
    kedge_context *ctx = sampler->ctx;
    size_t n = sampler->points;
    bool sound = false;
    double *weights = kedge_alloc(ctx, n, sizeof *weights);
    uint32_t *order = kedge_alloc(ctx, n, sizeof *order);
    sampler->table = kedge_alloc(ctx, n, sizeof *sampler->table);
    if (!weights || !order || !sampler->table) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for a sampler of %zu points", n);
        goto done;
    }
    if (!kedge_formula_eval(weight, dataset, weights, errors)) goto done;
    if (!scale_weights(weight, dataset, weights, errors)) goto done;
    kedge_alias_fill(sampler->table, (int)n, weights, order);
    sound = true;
done:
    kedge_release(ctx, order);
    kedge_release(ctx, weights);
    return sound;
}

kedge_sampler *kedge_sampler_create(kedge_context *ctx, const kedge_dataset *dataset,
                                    const kedge_data_options *options, kedge_errors *errors)
{
    kedge_sampler *sampler = kedge_alloc_zero(ctx, 1, sizeof *sampler);
    if (!sampler) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "out of memory for a sampler");
        return NULL;
    }
    sampler->ctx = ctx;
    sampler->points = (uint32_t)dataset->points;
    sampler->batch = (int)options->batch;
    sampler->epoch = options->epoch;
    sampler->batches = (options->epoch + options->batch - 1) / options->batch;
    if (options->weight.text && !make_table(sampler, dataset, &options->weight, errors)) {
        kedge_sampler_free(sampler);
        return NULL;
    }
    return sampler;
}

void kedge_sampler_free(kedge_sampler *sampler)
{
    if (!sampler) return;
    kedge_release(sampler->ctx, sampler->table);
    kedge_release(sampler->ctx, sampler);
}

int kedge_sampler_size(const kedge_sampler *sampler, int64_t step)
{
    if (sampler->epoch == 0 || step % sampler->batches != sampler->batches - 1) return sampler->batch;
    return (int)(sampler->epoch - sampler->batch * (sampler->batches - 1));
}

int kedge_sampler_largest(const kedge_sampler *sampler)
{
    return sampler->epoch > 0 && sampler->epoch < sampler->batch ? (int)sampler->epoch : sampler->batch;
}

static void draw_uniform(uint32_t points, int n, const uint32_t *restrict word, uint32_t *restrict index)
{
    for (int i = 0; i < n; i++) index[i] = (uint32_t)((uint64_t)word[i] * points >> 32);
}

void kedge_sampler_indices(const kedge_sampler *sampler, int n, const uint32_t *word0, const uint32_t *word1,
                           uint32_t *index)
{
    draw_uniform(sampler->points, n, word0, index);
    if (sampler->table) kedge_alias_draw(sampler->table, n, word1, index);
}
