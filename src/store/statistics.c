/* statistics.c - what is said of many numbers. */
#include "store/statistics.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/random.h"
#include "base/sort.h"

static double *sorted_copy(kedge_context *ctx, const double *values, size_t n)
{
    double *copy = kedge_alloc(ctx, n, sizeof *copy);
    if (!copy) return NULL;
    if (n) memcpy(copy, values, n * sizeof *copy);
    kedge_sort_reals(copy, n);
    return copy;
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += values[i];
    return sum / (double)n;
}

static double sd_of(const double *values, size_t n, double mean)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (values[i] - mean) * (values[i] - mean);
    return n > 1 ? sqrt(sum / (double)(n - 1)) : NAN;
}

double kedge_quantile(const double *sorted, size_t n, double q)
{
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    double rest = at - (double)below;
    return below + 1 < n ? sorted[below] + rest * (sorted[below + 1] - sorted[below]) : sorted[below];
}

/* ---- bootstrap ---- */

enum { MANY = 1 << 24 /* counts that are kept: 64 MiB */ };

void kedge_resamples_init(kedge_resamples *resamples, kedge_context *ctx)
{
    *resamples = (kedge_resamples){.ctx = ctx};
}

void kedge_resamples_release(kedge_resamples *resamples)
{
    kedge_release(resamples->ctx, resamples->count);
    resamples->count = NULL;
}

/* How often each of the n sorted values is in resample 'step'. */
static void draw(uint32_t step, size_t n, uint32_t *count)
{
    uint32_t words[4];
    memset(count, 0, n * sizeof *count);
    for (size_t i = 0; i < n; i++) {
        if (i % 4 == 0) kedge_random_block(0, KEDGE_PURPOSE_BOOTSTRAP, step, 0, (uint32_t)(i / 4), words);
        count[(uint64_t)words[i % 4] * n >> 32]++;
    }
}

static kedge_status prepare(kedge_resamples *self, size_t n)
{
    if (self->count && self->n == n) return KEDGE_OK;
    kedge_resamples_release(self);
    self->n = n;
    self->kept = n <= MANY / KEDGE_RESAMPLES ? KEDGE_RESAMPLES : 1;
    self->count = kedge_alloc(self->ctx, self->kept * n, sizeof *self->count);
    if (!self->count) return kedge_fail_memory("a bootstrap");
    for (uint32_t r = 0; r < KEDGE_RESAMPLES && self->kept > 1; r++) draw(r, n, self->count + r * n);
    return KEDGE_OK;
}

/* The sum of a resample, in four parts, which is faster. */
static double sum_of(const double *sorted, const uint32_t *count, size_t n)
{
    double sums[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t j = 0; j < 4; j++) sums[j] += (double)count[i + j] * sorted[i + j];
    for (; i < n; i++) sums[0] += (double)count[i] * sorted[i];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/* The value at a place of a resample, as it were sorted: what comes before is counted in blocks first. */
static double value_at(const double *sorted, const uint32_t *count, size_t n, size_t place)
{
    enum { BLOCK = 16 };
    size_t at = 0, seen = 0;
    for (; at + BLOCK <= n; at += BLOCK) {
        uint32_t here = 0;
        for (size_t j = 0; j < BLOCK; j++) here += count[at + j];
        if (seen + here > place) break;
        seen += here;
    }
    while (seen + count[at] <= place) seen += count[at++];
    return sorted[at];
}

static kedge_interval middle(double *values)
{
    kedge_sort_reals(values, KEDGE_RESAMPLES);
    return (kedge_interval){kedge_quantile(values, KEDGE_RESAMPLES, 0.025),
                            kedge_quantile(values, KEDGE_RESAMPLES, 0.975)};
}

static kedge_status bootstrap(kedge_distribution *out, kedge_resamples *resamples, const double *sorted, size_t n)
{
    kedge_status status = prepare(resamples, n);
    if (status) return status;
    double *means = kedge_alloc(resamples->ctx, 2 * (size_t)KEDGE_RESAMPLES, sizeof *means);
    if (!means) return kedge_fail_memory("a bootstrap");
    double *medians = means + KEDGE_RESAMPLES;
    for (uint32_t r = 0; r < KEDGE_RESAMPLES; r++) {
        uint32_t *count = resamples->count + (resamples->kept > 1 ? r * n : 0);
        if (resamples->kept == 1) draw(r, n, count);
        double low = value_at(sorted, count, n, (n - 1) / 2), high = value_at(sorted, count, n, n / 2);
        means[r] = sum_of(sorted, count, n) / (double)n;
        medians[r] = low + 0.5 * (high - low);
    }
    out->of_mean = middle(means);
    out->of_median = middle(medians);
    kedge_release(resamples->ctx, means);
    return KEDGE_OK;
}

/* ---- one sample, two samples ---- */

kedge_status kedge_describe(kedge_distribution *out, kedge_resamples *resamples, const double *values, size_t n)
{
    kedge_context *ctx = resamples->ctx;
    kedge_distribution all = {.n = n, .mean = NAN, .sd = NAN, .min = NAN, .q25 = NAN, .median = NAN, .q75 = NAN,
                              .max = NAN, .of_mean = {NAN, NAN}, .of_median = {NAN, NAN}};
    double *sorted = sorted_copy(ctx, values, n);
    if (!sorted) return kedge_fail_memory("statistics");
    kedge_status status = KEDGE_OK;
    if (n > 0) {
        all.mean = mean_of(sorted, n);
        all.sd = sd_of(sorted, n, all.mean);
        all.min = sorted[0];
        all.q25 = kedge_quantile(sorted, n, 0.25);
        all.median = kedge_quantile(sorted, n, 0.5);
        all.q75 = kedge_quantile(sorted, n, 0.75);
        all.max = sorted[n - 1];
    }
    if (n > 1) status = bootstrap(&all, resamples, sorted, n);
    if (!status) *out = all;
    kedge_release(ctx, sorted);
    return status;
}

/* Whether differences of such numbers spread by more than they are rounded. */
static bool spreads(double sd, const double *a, const double *b, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, fmax(fabs(a[i]), fabs(b[i])));
    return sd > 4 * DBL_EPSILON * largest;
}

kedge_status kedge_compare_pairs(kedge_paired *out, kedge_resamples *resamples, const double *a, const double *b,
                                 size_t n)
{
    kedge_context *ctx = resamples->ctx;
    kedge_paired all = {.n = n, .mean_a = NAN, .mean_b = NAN, .effect = NAN};
    double *work = kedge_alloc(ctx, n, sizeof *work);
    if (!work) return kedge_fail_memory("a comparison");
    for (size_t i = 0; i < n; i++) {
        work[i] = a[i] - b[i];
        all.higher += a[i] > b[i];
        all.equal += a[i] == b[i];
        all.lower += a[i] < b[i];
    }
    kedge_status status = kedge_describe(&all.difference, resamples, work, n);
    if (status) goto done;
    if (n > 0) {
        memcpy(work, a, n * sizeof *work);
        kedge_sort_reals(work, n);
        all.mean_a = mean_of(work, n);
        memcpy(work, b, n * sizeof *work);
        kedge_sort_reals(work, n);
        all.mean_b = mean_of(work, n);
    }
    if (spreads(all.difference.sd, a, b, n)) all.effect = all.difference.mean / all.difference.sd;
    *out = all;
done:
    kedge_release(ctx, work);
    return status;
}

kedge_status kedge_superiority(double *out, kedge_context *ctx, const double *a, size_t n_a, const double *b,
                               size_t n_b)
{
    double *x = sorted_copy(ctx, a, n_a), *y = sorted_copy(ctx, b, n_b);
    kedge_status status = KEDGE_OK;
    if (!x || !y) {
        status = kedge_fail_memory("a comparison");
        goto done;
    }
    size_t below = 0, not_above = 0; /* of y, below and not above x[i] */
    double twice = 0;
    for (size_t i = 0; i < n_a; i++) {
        while (below < n_b && y[below] < x[i]) below++;
        while (not_above < n_b && y[not_above] <= x[i]) not_above++;
        twice += (double)(below + not_above);
    }
    *out = n_a > 0 && n_b > 0 ? twice / 2 / (double)n_a / (double)n_b : NAN;
done:
    kedge_release(ctx, x);
    kedge_release(ctx, y);
    return status;
}
