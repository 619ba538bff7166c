/* worker.h - what one thread needs for the runs of one recipe: it trains a seed and measures the result. */
#ifndef RUN_WORKER_H
#define RUN_WORKER_H

#include "format/safetensors.h"
#include "run/assessment.h"
#include "run/gates.h"
#include "train/ledger.h"

typedef struct kedge_worker {
    kedge_context *ctx;
    const kedge_recipe *recipe;
    kedge_gates *gates;            /* NULL: no row of the schedule may come early */
    kedge_trainer *trainer;        /* its 'training' is the shared one, or the gates': of the run that it makes */
    kedge_training plain;          /* the same without its terms */
    kedge_trainer *control;        /* trains that; NULL: not asked for */
    kedge_evaluator *control_test;
    kedge_assessment *assessment;  /* of the trainer's parameters; what follows are parts of it */
    kedge_evaluator *evaluator;    /* on the points learned */
    kedge_ledger *ledger;          /* of the trainer; NULL: not asked for */
    kedge_trajectory *trajectory;  /* of the last run, or read from its model */
    kedge_meter *meter;            /* all that is measured of it */
} kedge_worker;

/* For runs of 'recipe', whose 'training' is shared by all workers (where the recipe reacts, each has its own besides);
 * both must outlive it. 'control': every seed is also trained without terms, for comparison. KEDGE_ENOMEM,
 * KEDGE_EINVALID. */
kedge_status kedge_worker_create(kedge_worker **out, kedge_context *ctx, const kedge_recipe *recipe,
                                 const kedge_training *training, bool control);
void kedge_worker_free(kedge_worker *worker);
/* Adds a ledger, for who records its runs. KEDGE_ENOMEM. */
kedge_status kedge_worker_keep_ledger(kedge_worker *worker);

/* One run: initial weights of one seed, batches and labels of another (the same, but for attribution). The result is in
 * trainer->params. As kedge_trainer_run. No allocation. */
kedge_status kedge_worker_train(kedge_worker *worker, uint64_t weights_seed, uint64_t stream_seed,
                                const kedge_train_events *events);
/* The control's run of these seeds; nothing without a control. Its learning rates and their number are those of the
 * worker's last run: where rows of that came early, they do in the control. */
kedge_status kedge_worker_train_control(kedge_worker *worker, uint64_t weights_seed, uint64_t stream_seed,
                                        const volatile int *stop);
/* Measures the parameters as they are: worker->meter has the values. */
kedge_status kedge_worker_evaluate(kedge_worker *worker);
/* As if the worker had made the run that left this model, whose parameters are there already: what its metadata tell of
 * its way. False if they are not of such a run. */
bool kedge_worker_recall(kedge_worker *worker, const kedge_st *file);

#endif
