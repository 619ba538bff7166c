/* sweep.h - the figure of a sweep: a metric under each setting, or two metrics against each other. */
#ifndef DRAW_SWEEP_H
#define DRAW_SWEEP_H

#include <stdbool.h>

#include "draw/canvas.h"

/* Runs that differ in nothing but their seed. */
typedef struct kedge_sweep_group {
    const char *label;   /* what sets it apart; "" for a lone one */
    int n;               /* runs with a value (of both metrics) */
    int failed;
    const double *values, *others; /* [n] of the metric, and of the other one if there are two */
    double mean, low, high;        /* of the metric, with its 95% interval */
    double other_mean, other_low, other_high;
    bool front;          /* no other group is as good in both metrics */
} kedge_sweep_group;

typedef struct kedge_sweep_figure {
    const char *title, *subtitle; /* NULL: none */
    const char *metric, *other;   /* names; other NULL: one metric */
    bool more, other_more;        /* the more the better */
    int n_groups;
    const kedge_sweep_group *groups;
    /* With one group and two metrics, the front of its runs: */
    int n_front;
    const double *front, *front_others; /* [n_front] their values */
} kedge_sweep_figure;

enum { KEDGE_SWEEP_ROWS = 40, KEDGE_SWEEP_DOTS = 400 };

/* Draws the figure, whole or not at all; same input, same bytes.
 * One metric: a row for each group, the first KEDGE_SWEEP_ROWS of them: a violin (Gaussian kernels, bandwidth .9
 * min(sd, IQR / 1.34) n^-1/5: Silverman, Density estimation, 1986, eq. 3.31; with 5 runs at least), each run a dot, of
 * many runs KEDGE_SWEEP_DOTS in even ranks, and the mean with its interval. Two metrics: runs as pale dots, groups as
 * shapes at their means with both intervals, and the front as a line. Axes are logarithmic for values above 0 that span
 * more than a factor of 30, but not where more is better and nothing is above 1: a score, a share. KEDGE_EINVALID: no
 * group, no run with a value; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_sweep(kedge_context *ctx, const kedge_sweep_figure *figure, const kedge_picture *to);

#endif
