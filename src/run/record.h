/* record.h - what happened during one run: losses, pulls and latents at some of its steps. */
#ifndef RUN_RECORD_H
#define RUN_RECORD_H

#include "base/file.h"
#include "base/text.h"
#include "eval/metrics.h"
#include "run/ledger_summary.h"

/* Writes metrics.csv, latents.npy [records, points, K], latents-steps.npy [records] and ledger.csv into the folder of a
 * seed. A record is the state before the update of its step; the last one, with latents only, the state at the end. A
 * term's cell is empty where it was skipped: its weight was 0, or the batch had no sample with its label. */
typedef struct kedge_recorder {
    kedge_context *ctx;
    const kedge_training *training;
    kedge_evaluator *evaluator; /* on the parameters of the run */
    kedge_ledger *ledger;       /* of the run's trainer */
    int every, next;            /* the next step to record */
    bool weighs_task;
    kedge_text line;
    kedge_outfile metrics, latents, steps, pulls;
    size_t n_records;
} kedge_recorder;

/* Opens the files in 'folder'. 'every' >= 1: records steps 0, every, 2 every, ..., and the powers of 2 below every.
 * 'weighs_task': metrics.csv has a column 'weight_recon', as the schedule names 'recon'. */
kedge_status kedge_recorder_open(kedge_recorder *recorder, kedge_context *ctx, const char *folder,
                                 kedge_ledger *ledger, kedge_evaluator *evaluator, int every, bool weighs_task);
/* To be called before each update. */
kedge_status kedge_recorder_step(kedge_recorder *recorder, const kedge_step *step);
/* After the last update ('finished'), or after a failure at some step (then the last record is the last good one):
 * puts the files in place. */
kedge_status kedge_recorder_commit(kedge_recorder *recorder, bool finished);
/* Removes what was written. Does nothing after commit. */
void kedge_recorder_abort(kedge_recorder *recorder);

/* The record step that follows 'step'. */
int kedge_record_after(int step, int every);

#endif
