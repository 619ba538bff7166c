/* statistics.h - what is said of many numbers: distributions, and pairs of them.
 *
 * All numbers given are finite. Results do not depend on their order: sums run over sorted values. NaN stands for what
 * is undefined: anything of no numbers, spread and intervals of one. */
#ifndef STORE_STATISTICS_H
#define STORE_STATISTICS_H

#include <stdint.h>

#include "base/context.h"

enum { KEDGE_RESAMPLES = 2000 };

typedef struct kedge_interval {
    double low, high;
} kedge_interval;

typedef struct kedge_distribution {
    size_t n;
    double mean;
    double sd; /* divided by n - 1 */
    double min, q25, median, q75, max; /* type 7 */
    kedge_interval of_mean, of_median; /* 95%: from the 2.5% to the 97.5% quantile (type 7) over KEDGE_RESAMPLES
                                        * resamples; Efron and Tibshirani, An introduction to the bootstrap, 13.3.
                                        * Draw i of resample r is word i % 4 of Philox block (seed 0; index i / 4, step
                                        * r, KEDGE_PURPOSE_BOOTSTRAP), times n, divided by 2^32, rounded down: an index
                                        * into the sorted values */
} kedge_distribution;

/* Resamples, kept from one distribution to the next of as many numbers: they are the same. */
typedef struct kedge_resamples {
    kedge_context *ctx;
    size_t n, kept;  /* numbers in each; resamples in 'count': all, or one where that were too much memory */
    uint32_t *count; /* [kept][n]: how often resample r has the i-th smallest */
} kedge_resamples;

void kedge_resamples_init(kedge_resamples *resamples, kedge_context *ctx);
void kedge_resamples_release(kedge_resamples *resamples);

/* 'values' is copied. KEDGE_ENOMEM. */
kedge_status kedge_describe(kedge_distribution *out, kedge_resamples *resamples, const double *values, size_t n);

/* Quantile q in [0, 1] of n > 0 sorted values: linear between the order statistics around (n - 1) q. Type 7 of Hyndman
 * and Fan, Sample quantiles in statistical packages; what R and NumPy do unless told otherwise. */
double kedge_quantile(const double *sorted, size_t n, double q);

typedef struct kedge_paired {
    size_t n;
    double mean_a, mean_b;
    kedge_distribution difference; /* of a - b */
    double effect; /* d_z: mean of the differences by their sd; Cohen, Statistical power analysis, 2.3.5;
                    * undefined where the sd is no more than rounding */
    size_t higher, equal, lower; /* pairs in which a is so */
} kedge_paired;

/* n pairs. KEDGE_ENOMEM. */
kedge_status kedge_compare_pairs(kedge_paired *out, kedge_resamples *resamples, const double *a, const double *b,
                                 size_t n);

/* The share of all pairs of one of a and one of b in which a's is larger, ties by half; NaN where there is none.
 * Vargha and Delaney, A critique and improvement of the CL common language effect size statistics. KEDGE_ENOMEM. */
kedge_status kedge_superiority(double *out, kedge_context *ctx, const double *a, size_t n_a, const double *b,
                               size_t n_b);

#endif
