/* sampler.c - which points a batch holds: uniform draws, or Walker's alias table. */
#include "data/sampler.h"

#include <math.h>
#include <string.h>

#define ALWAYS 0x80000000u /* a threshold that every 31-bit number is below */

/* A point's entry of the alias table, side by side: both are read for a draw. */
typedef struct slot {
    uint32_t threshold;
    uint32_t alias;
} slot;

struct kedge_sampler {
    kedge_context *ctx;
    uint32_t points;
    int batch;
    int64_t epoch, batches; /* draws in an epoch, and its batches; 0 without */
    slot *table;            /* [points]; NULL: uniform */
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

/* Fills the table: each point below the mean is topped up by one above it, which keeps the rest. 'share' holds
 * weights of mean 1 and is used up; 'order' has room for all points: those below from the front, above from the
 * back. The order depends on the weights alone. */
static void fill_table(slot *table, int points, double *share, uint32_t *order)
{
    int low = 0, high = points, heaviest = 0;
    for (int i = points - 1; i >= 0; i--) {
        if (share[i] < 1)
            order[low++] = (uint32_t)i;
        else
            order[--high] = (uint32_t)i;
        if (share[i] > share[heaviest]) heaviest = i;
    }
    while (low > 0 && high < points) {
        uint32_t poor = order[--low], rich = order[high];
        table[poor] = (slot){(uint32_t)lrint(share[poor] * 0x1p31), rich};
        share[rich] -= 1 - share[poor];
        if (share[rich] < 1) {
            high++;
            order[low++] = rich;
        }
    }
    /* The rest have their own share but for rounding; a point of weight 0 must not gain by that. */
    while (high < points) {
        uint32_t i = order[high++];
        table[i] = (slot){ALWAYS, i};
    }
    while (low > 0) {
        uint32_t i = order[--low];
        table[i] = share[i] > 0 ? (slot){ALWAYS, i} : (slot){0, (uint32_t)heaviest};
    }
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
    fill_table(sampler->table, (int)n, weights, order);
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

/* Without a branch: whether a point stays is a coin's toss, which no processor guesses. */
static void draw_aliases(const slot *restrict table, int n, const uint32_t *restrict word, uint32_t *restrict index)
{
    for (int i = 0; i < n; i++) {
        slot s = table[index[i]];
        uint32_t stay = 0u - (uint32_t)((word[i] >> 1) < s.threshold);
        index[i] = s.alias ^ ((s.alias ^ index[i]) & stay);
    }
}

void kedge_sampler_indices(const kedge_sampler *sampler, int n, const uint32_t *word0, const uint32_t *word1,
                           uint32_t *index)
{
    draw_uniform(sampler->points, n, word0, index);
    if (sampler->table) draw_aliases(sampler->table, n, word1, index);
}
