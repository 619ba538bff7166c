/* attribute.h - which of two crossed causes explains how results differ. */
#ifndef RUN_ATTRIBUTE_H
#define RUN_ATTRIBUTE_H

#include "base/context.h"

/* Where variance comes from. */
enum { KEDGE_FROM_WEIGHTS, KEDGE_FROM_STREAM, KEDGE_FROM_REST, KEDGE_SOURCES };

typedef struct kedge_source {
    double variance;        /* estimated; may be negative */
    double share;           /* of all three, negative ones counted as 0; NaN: there is no variance */
    double low, high;       /* 95%: percentiles of the share over KEDGE_RESAMPLES resamples of rows and columns */
    double p;               /* of KEDGE_RESAMPLES permutations; NaN for the rest */
} kedge_source;

typedef struct kedge_attribution {
    size_t runs;
    double mean, sd; /* of all runs; sd divided by runs - 1 */
    kedge_source sources[KEDGE_SOURCES];
} kedge_attribution;

/* values[rows][columns], a row per seed of the weights, a column per seed of the stream; NaN: no run. Variances are
 * estimated from pairs of runs: half the mean square difference is rest + weights for pairs of one column, rest +
 * stream for pairs of one row, all three for the others (Searle, Casella and McCulloch, Variance components, 1992, for
 * the complete table). Resamples draw rows and columns with replacement (Owen, The pigeonhole bootstrap, Ann. Appl.
 * Stat. 1, 2007); a pair of one row with itself is no pair, or intervals would lean towards the rest. Permutations for
 * the weights: within every column; for the stream: within every row. KEDGE_EINVALID: less than two rows or columns
 * with runs; KEDGE_ENOMEM. */
kedge_status kedge_attribute_values(kedge_attribution *out, kedge_context *ctx, const double *values, size_t rows,
                                    size_t columns);

#endif
