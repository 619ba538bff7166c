/* run.h - training the seeds of a recipe, and the directory that holds the result. */
#ifndef KEDGE_RUN_H
#define KEDGE_RUN_H

#include "kedge/context.h"
#include "kedge/recipe.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kedge_run_options {
    const char *directory; /* where the files go, made if it is not there; NULL: nothing is written */
    long long first_seed;  /* with seed_count > 0: these seeds instead of the recipe's */
    long long seed_count;
    int record;            /* > 0: also metrics, latents and the ledger of what each term pulls, every so many steps,
                            * more densely at the start */
    int control;           /* every seed is also trained without terms, and its reconstruction compared */
    int force;             /* a directory that holds another recipe's run is replaced instead of refused */
    /* Called from one thread at a time, after each finished seed. May be NULL. */
    void (*progress)(long long done, long long total, void *payload);
    void *progress_payload;
    const volatile int *stop; /* set it to non-zero (from a signal handler, say) to end early; may be NULL */
} kedge_run_options;

#define KEDGE_RUN_OPTIONS_INIT {0}

/* One row per seed, one column per metric. */
typedef struct kedge_summary kedge_summary;

/* Trains every seed on the context's threads and measures the result. Same recipe, seed,
 * build and kernels: same bytes in every file but timing.json, whatever the number of threads.
 * The directory gets recipe.yaml (resolved), schedule.csv (the sheet), seed-N/model.safetensors, with 'record'
 * seed-N/metrics.csv, seed-N/ledger.csv, seed-N/latents.npy and seed-N/latents-steps.npy, and at the end summary.csv,
 * summary.json, timing.json and, with 'record', ledger.json. If it holds the same recipe, only missing seeds run, with
 * 'record' those too that are recorded at other steps; without it a ledger.json that lacks seeds trained now is
 * removed. The summary has all seeds that the directory holds.
 * A seed whose loss becomes infinite or no number fails by itself: its row says so, the others go on.
 * KEDGE_OK also if seeds failed or the run was stopped (ask the summary); KEDGE_EEXISTS: the directory holds
 * something else; KEDGE_EIO: what was finished is kept; KEDGE_EINVALID, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_run(kedge_summary **out, kedge_context *context, const kedge_recipe *recipe,
                                 const kedge_run_options *options);
KEDGE_API void kedge_summary_free(kedge_summary *summary);

KEDGE_API long long kedge_summary_rows(const kedge_summary *summary);
KEDGE_API int kedge_summary_columns(const kedge_summary *summary);
/* Name of column i ("recon_mse", "anchor_TERM", ...); NULL past the end. */
KEDGE_API const char *kedge_summary_name(const kedge_summary *summary, int column);
KEDGE_API long long kedge_summary_seed(const kedge_summary *summary, long long row);
/* NaN where the metric is undefined or the seed failed. */
KEDGE_API double kedge_summary_value(const kedge_summary *summary, long long row, int column);
/* NULL, or why the seed of this row failed. */
KEDGE_API const char *kedge_summary_failure(const kedge_summary *summary, long long row);
KEDGE_API long long kedge_summary_failures(const kedge_summary *summary);
/* Whether it was stopped before all seeds were done; they have no row. */
KEDGE_API int kedge_summary_stopped(const kedge_summary *summary);
/* Seeds trained by this call (the others were there already). */
KEDGE_API long long kedge_summary_trained(const kedge_summary *summary);

/* As text: "table" for reading (statistics over seeds below it, and with 'record' the terms that pull against each
 * other), "csv" and "json" as in the directory. The caller frees *text with kedge_free. KEDGE_EINVALID: an unknown
 * format. */
KEDGE_API kedge_status kedge_summary_print(const kedge_summary *summary, const char *format, char **text);

#ifdef __cplusplus
}
#endif
#endif
