/* ledger.h - what each part of the objective pulls: its gradient at one site, in the midst of a run.
 *
 * With g_j = d(w_j T_j)/du over the samples of the batch, u the activation of the site, w_j the weight of the step (the
 * task is part 0): the norm of a part is |g_j|, over all samples and dims; its pull is what a labelled sample feels of
 * it; the cosine of two parts is that of g_a and g_b, flattened. Below 0 a step along the one undoes some of the other.
 * A labelled term has a gradient at a few samples only, so its cosine with a term on all is near 0 even where they are
 * opposite at each of those: the shared cosine is over the samples that both act on.
 *
 * All parts are compared at one place that all of them reach: the latents before they are scaled ("pre-norm"), or the
 * first site of a term that acts on samples where that comes earlier. It lies before the normalization since the part
 * of a gradient along the latent itself moves nothing: the normalization removes it. A part that no sample of the batch
 * is in (fallback, captured-anchor) has norm 0 there. */
#ifndef TRAIN_LEDGER_H
#define TRAIN_LEDGER_H

#include "train/trainer.h"

/* One moment of n parts; pairs by kedge_ledger_pair. NaN where a part is not active. */
typedef struct kedge_ledger_record {
    double *norms;   /* [n] */
    double *pulls;   /* [n] mean over the labelled samples (label > 0) of the length of g_j there; NaN without labels */
    double *cosines; /* [pairs] NaN where one is 0 */
    double *shared;  /* [pairs] the same over the samples with the labels of both; for terms without labels all are */
    double *ratios;  /* [pairs] the lesser norm by the greater over those samples; NaN where both are 0 */
} kedge_ledger_record;

/* A graph of its own on the parameters of a trainer, whose run is the same with and without it. */
typedef struct kedge_ledger {
    const kedge_trainer *trainer; /* whose steps are looked at */
    kedge_trainer twin;           /* the same graph, parameters frozen: the fields of kedge_trainer_build */
    kedge_node *site;
    const char *site_name;
    int n;            /* parts: the task, then the terms */
    float *gradients; /* [n][rows][live]: of the parts that are active */
    kedge_ledger_record now;
} kedge_ledger;

/* The trainer must outlive it. KEDGE_ENOMEM. */
kedge_status kedge_ledger_create(kedge_ledger **out, const kedge_trainer *trainer);
void kedge_ledger_free(kedge_ledger *ledger);

/* The state before the update of 'step', which the trainer tells at this moment, into 'now'. No allocation;
 * nothing of the trainer changes. */
void kedge_ledger_take(kedge_ledger *ledger, const kedge_step *step);

/* Room for n parts in 'arena'; KEDGE_ENOMEM. */
kedge_status kedge_ledger_record_init(kedge_ledger_record *record, kedge_arena *arena, int n);

/* Pairs of n parts, a < b: (0,1), (0,2), ..., (1,2), ... */
static inline int kedge_ledger_pairs(int n)
{
    return n * (n - 1) / 2;
}
static inline int kedge_ledger_pair(int n, int a, int b)
{
    return a * (2 * n - a - 1) / 2 + b - a - 1;
}

#endif
