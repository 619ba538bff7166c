/* attribution.h - the figure of crossed seeds: a metric for each pair of seeds, and which of the two explains it. */
#ifndef DRAW_ATTRIBUTION_H
#define DRAW_ATTRIBUTION_H

#include <stdbool.h>

#include "draw/canvas.h"

enum { KEDGE_ATTRIBUTION_SOURCES = 3, KEDGE_ATTRIBUTION_PARTS = 4 };

/* Shares of the variance of one number. */
typedef struct kedge_attribution_shares {
    const char *of;                          /* "score", "failure" */
    double share[KEDGE_ATTRIBUTION_SOURCES]; /* of weights, batches, the pair: 0 to 1; NAN: no variance */
    double low[KEDGE_ATTRIBUTION_SOURCES], high[KEDGE_ATTRIBUTION_SOURCES]; /* 95% intervals */
} kedge_attribution_shares;

/* Runs that differ in their two seeds alone. */
typedef struct kedge_attribution_part {
    const char *label;           /* "" for a lone one */
    int rows, columns;           /* seeds of weights; of batches */
    const long long *row_seeds, *column_seeds;
    const double *values;        /* [rows][columns]; NAN: none */
    const bool *failed;          /* [rows][columns] */
    double mean, sd;
    int n_shares;
    const kedge_attribution_shares *shares;
} kedge_attribution_part;

typedef struct kedge_attribution_figure {
    const char *title, *subtitle; /* NULL: none */
    const char *metric;
    int n_parts;
    const kedge_attribution_part *parts;
} kedge_attribution_figure;

/* Draws the figure, whole or not at all; same input, same bytes: for each of the first KEDGE_ATTRIBUTION_PARTS parts a
 * heat map and beside it (on a narrow page below it) the shares as bars with their intervals. All maps have one scale,
 * from the 5% to the 95% quantile of all values; a run that failed is crossed out. KEDGE_EINVALID: no part, no value;
 * KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_attribution(kedge_context *ctx, const kedge_attribution_figure *figure,
                                    const kedge_picture *to);

#endif
