/* sweep_plan.h - all runs of a sweep: its points, read and checked, and which run is which. */
#ifndef RUN_SWEEP_PLAN_H
#define RUN_SWEEP_PLAN_H

#include "kedge/sweep.h"
#include "run/recipe.h"
#include "store/store.h"

/* One variant of the recipe. */
typedef struct kedge_point {
    const char *settings;     /* canonical JSON */
    const char *const *set;   /* [n_set] what is set over the file for it */
    int n_set;
    kedge_store_recipe recipe; /* resolved; the seeds in its text are 0 and 1: a run's row has its own */
} kedge_point;

typedef struct kedge_sweep_plan {
    kedge_context *ctx;
    kedge_arena arena;
    const char *path;     /* of the recipe */
    size_t n_points;
    kedge_point *points;
    long long first_seed, n_seeds;
    bool crossed;
    long long per_point, n_runs;
} kedge_sweep_plan;

enum { KEDGE_SWEEP_RUNS = 10000000 }; /* at most so many */

/* A run of the plan. */
typedef struct kedge_sweep_run {
    size_t point;
    int64_t seed, stream;
} kedge_sweep_run;

/* Reads all points on the context's threads. Points that a sample repeats count once. All errors at once. Release it
 * after an error too. */
kedge_status kedge_sweep_plan_init(kedge_sweep_plan *plan, kedge_context *ctx, const char *recipe,
                                   const kedge_sweep_options *options);
void kedge_sweep_plan_release(kedge_sweep_plan *plan);

/* Run 'index' in [0, n_runs): points in order, at each the seeds, for each the streams. */
kedge_sweep_run kedge_sweep_plan_run(const kedge_sweep_plan *plan, size_t index);

/* The recipe of a point, read again; it must be what it was. KEDGE_EINVALID: a file has changed meanwhile. For several
 * threads at once. */
kedge_status kedge_sweep_plan_load(const kedge_sweep_plan *plan, size_t point, kedge_recipe **out);

/* The plan as the store takes it, in one block that the caller releases. */
kedge_status kedge_sweep_plan_add(const kedge_sweep_plan *plan, kedge_store *store, long long *pending);

/* What tells two plans apart: the same on every rank, or files differ between machines. */
void kedge_sweep_plan_digest(const kedge_sweep_plan *plan, char digest[KEDGE_DIGEST_SIZE]);

#endif
