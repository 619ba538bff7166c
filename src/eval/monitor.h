/* monitor.h - anchors as monitors: does a latent's angle to one tell who carries the concept, and does it tell of that
 * concept alone? */
#ifndef EVAL_MONITOR_H
#define EVAL_MONITOR_H

#include "eval/concept.h"

/* One labelled anchor on a set of points. */
typedef struct kedge_monitor {
    const kedge_term_options *term;
    int n;                   /* points */
    kedge_carriers carriers; /* exact carriers of the term's labels among them */
    bool has_auroc; /* there are carriers and others */
    bool has_rank;  /* points differ in the rate */
    double *rates;  /* [n]: ranks of min(1, sum over labels of affinity x rate), which is how a term mixes labels */
    int *order;     /* [n], scratch */
    double *cosines, *ranks; /* [n], scratch */
} kedge_monitor;

/* 'labels' are worked out on 'dataset', but for those without a name: where the term needs one of them, or is given
 * none at all (NULL), there is neither number. Memory is from 'arena'; 'term' must outlive it. KEDGE_ENOMEM. */
kedge_status kedge_monitor_init(kedge_monitor *monitor, kedge_arena *arena, const kedge_dataset *dataset,
                                const kedge_term_options *term, int n_labels, const kedge_label *labels);

/* From latents[n][k]. auroc: the probability that cos(z, at) of a carrier is larger than that of another point, ties
 * count half: the area under the ROC curve. rank: Spearman's correlation of cos(z, at) with the rate. NAN: no such
 * number, or a latent at the origin; for rank also where all cosines are equal. No allocation. */
void kedge_monitor_read(kedge_monitor *monitor, const float *latents, int k, double *auroc, double *rank);

/* The ranks from 1 on of n numbers, the mean of their places for equal ones; order[n] is scratch. No NAN. */
void kedge_ranks(int n, const double *values, int *order, double *ranks);

/* Spearman's correlation of two lists of n such ranks; NAN where all of one are equal. */
double kedge_rank_correlation(int n, const double *a, const double *b);

/* |cos| between 'at' of a term and the mean of z / |z| over carriers; mean[k] is scratch. NAN without carriers, or if
 * one's latent or the mean is at the origin. */
double kedge_crosstalk(const kedge_term_options *term, const kedge_carriers *carriers, const float *latents, int k,
                       double *mean);

/* Whether two concepts have the same carriers: to metrics they are one. */
bool kedge_carriers_equal(const kedge_carriers *a, const kedge_carriers *b);

#endif
