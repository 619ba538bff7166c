/* trainer.h - the training loop: one run is a function of its seed. It knows no observer. */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include "anchor/objective.h"
#include "data/sampler.h"
#include "data/sets.h"
#include "nn/model.h"
#include "nn/optimizer.h"
#include "train/action.h"

/* What all runs of a recipe share; read-only. */
typedef struct kedge_training {
    const kedge_dataset *dataset;
    const kedge_sampler *sampler;
    const kedge_model_options *model;
    int n_labels;
    const kedge_label *labels;
    int n_terms;
    const kedge_term_options *terms;
    const kedge_optimizer_options *optimizer;
    int steps;             /* updates */
    const double *lr;      /* [steps] */
    const double *weights; /* [steps][n_terms] */
    const double *task;    /* [steps]: weight of the task's loss, at least 0. NULL: all are 1 */
    const double *rates;   /* [steps][n_labels]: factors on the rates of labels, at least 0; a rate that would exceed 1
                            * is 1. NULL: all are 1 */
    const kedge_sets *sets; /* points are drawn from them, in batches of the sampler's sizes. NULL: by the sampler */
    const double *factors; /* [steps][sets], at least 0: see kedge_sets_mix. NULL only without sets */
    int n_actions;
    const kedge_action *actions; /* [n_actions] by rising step; those of one step in the order of firing */
} kedge_training;

/* The state before update 'step', its batch drawn and its losses known. */
typedef struct kedge_step {
    int step;
    double lr, task;       /* learning rate; weight of the task's loss */
    const double *weights; /* [n_terms] */
    const float *values;   /* [1 + n_terms]: the task's loss, then each term's; 0 where a term was not active */
    uint64_t active;       /* bit 0: the task; bit 1 + i: term i */
} kedge_step;

/* Whether 'term' has a loss at this step: its weight is not 0, and the batch has a sample with a label that it waits
 * for. */
static inline bool kedge_step_active(const kedge_step *step, int term)
{
    return step->active >> (term + 1) & 1;
}

/* What is minimized: task x its loss + sum over terms of weight x loss. */
static inline double kedge_step_loss(const kedge_step *step, int n_terms)
{
    double loss = step->task * (double)step->values[0];
    for (int i = 0; i < n_terms; i++) loss += step->weights[i] * (double)step->values[1 + i];
    return loss;
}

typedef struct kedge_train_events {
    /* Before the batch of each step is drawn: until this returns the rows of lr, weights, rates and factors from this
     * step on may be written, 'steps' lowered to no less than step + 1, and the steps of the actions that are due from
     * this one on changed. Anything but KEDGE_OK ends the run with that status. May be NULL. */
    kedge_status (*begin)(int step, void *payload);
    /* Before each update; anything but KEDGE_OK ends the run with that status. May be NULL. */
    kedge_status (*step)(const kedge_step *step, void *payload);
    /* At an action 'snapshot', after 'begin': the parameters are those before this step's update. Likewise. */
    kedge_status (*snapshot)(int step, void *payload);
    void *payload;
    const volatile int *stop; /* non-zero: end with KEDGE_ECANCELLED. May be NULL */
} kedge_train_events;

/* One model and its optimizer, with the memory that a step needs; used for one run after another, by one thread
 * at a time. */
typedef struct kedge_trainer {
    kedge_context *ctx;
    const kedge_training *training;
    kedge_params params; /* the model */
    kedge_graph *graph;
    kedge_node *input, *target, *output;
    kedge_objective objective;
    kedge_optimizer optimizer;
    kedge_arena arena;
    uint32_t *words; /* 4 planes of random words */
    uint32_t *index; /* the batch's points */
    kedge_sets_mix mix; /* of the step, where there are sets */
    uint32_t *order; /* 0, 1, 2, ... */
    uint32_t *thresholds; /* of the batch's samples, where a label's rate has a factor */
    float *values;   /* [1 + n_terms] */
    double *drawn;   /* [n_labels]: labels handed out in the present run (soft ones: their sum) */
} kedge_trainer;

/* 'training' must outlive the trainer. */
kedge_status kedge_trainer_create(kedge_trainer **out, kedge_context *ctx, const kedge_training *training);
void kedge_trainer_free(kedge_trainer *trainer);

/* One run from its initial weights; the result is in trainer->params. 'events' may be NULL. KEDGE_ENUMERIC if a loss
 * is no finite number: the message names it and the step, the parameters are those before that step; or if the last
 * update leaves a parameter that is none. KEDGE_EINVALID if the factors of all sets are 0 at a step. No
 * allocation. Denormals are flushed while it runs. */
kedge_status kedge_trainer_run(kedge_trainer *trainer, uint64_t seed, const kedge_train_events *events);
/* The same with initial weights of one seed, batches and labels of another. */
kedge_status kedge_trainer_run_crossed(kedge_trainer *trainer, uint64_t weights_seed, uint64_t stream_seed,
                                       const kedge_train_events *events);

/* Builds and plans the graph of the model and its objective on trainer->params: a part of creating, and for who looks
 * at the same losses in another way (ledger.h). Sets graph, input, target, output, objective; fills the arena. 'hook'
 * as kedge_graph_on_site, NULL: none. */
kedge_status kedge_trainer_build(kedge_trainer *trainer, kedge_site_hook hook, void *payload);

/* The parts of a step, for benchmarks: draw the batch of 'step' (KEDGE_EINVALID as above); forward and backward;
 * update. */
kedge_status kedge_trainer_draw(kedge_trainer *trainer, uint64_t seed, int step);
uint64_t kedge_trainer_gradient(kedge_trainer *trainer, int step);
void kedge_trainer_update(kedge_trainer *trainer, int step);

#endif
