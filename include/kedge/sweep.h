/* sweep.h - many seeds of many variants of a recipe, their results in one store. */
#ifndef KEDGE_SWEEP_H
#define KEDGE_SWEEP_H

#include "kedge/context.h"
#include "kedge/table.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kedge_sweep_options {
    const char *const *set;  /* assignments "path=value" for every run, as in kedge_recipe_options */
    int n_set;
    const char *const *over; /* "path=a,b,c", "path=lo..hi:N" or "path=lo..hi:log:N": every combination is a point */
    int n_over;
    long long samples;       /* > 0: so many points of Sobol's sequence instead; ranges have no count then */
    long long first_seed;    /* with seed_count > 0: these seeds at every point instead of the recipe's */
    long long seed_count;
    int attribute; /* every seed's initial weights with every seed's batches: seed_count^2 runs at a point */
    int retry;     /* runs of this sweep that failed before are done again */
    int ranks;     /* share the work among the ranks of the MPI job that this process belongs to, where the library was
                    * built with MPI. MPI is started and ended by the call if the caller has not started it: once per
                    * process */
    /* Called in the calling thread, now and then, with runs of this sweep that have a result. May be NULL. */
    void (*progress)(long long done, long long total, void *payload);
    void *progress_payload;
    const volatile int *stop; /* set it to non-zero (from a signal handler, say) to end early; may be NULL */
} kedge_sweep_options;

#define KEDGE_SWEEP_OPTIONS_INIT {0}

/* What came of a sweep. */
typedef struct kedge_sweep_report {
    long long points, runs; /* of the sweep: runs = points x seeds */
    long long before;       /* had a result before this call */
    long long computed;     /* by this call, its ranks included */
    long long failed;       /* of all that have a result: the loss became infinite or no number */
    long long pending;      /* without a result: the call was stopped */
    int rank, ranks;        /* this process's among them; all but rank 0 only compute, and report nothing else */
} kedge_sweep_report;

/* Runs everything that has no result yet and puts the results into the store, which is made if it is not there. All
 * points are read and checked before anything runs; every error that can be found is reported at once, those of a
 * setting with its value. 'recipe' is a file or a folder, 'store' a file; 'options' may be NULL.
 *
 * Every run is one thread's work, handed out in the order point, seed, stream; the context's number of threads work,
 * one by default with more than one rank. What the store holds depends on what was asked for alone, not on threads,
 * ranks or interruptions: the same call after any end, a killed one too, does what is missing and nothing twice.
 * Several processes may sweep into one store, the same runs or others; each call returns when all of its runs have
 * results, whoever computed them. A run whose loss becomes infinite fails by itself.
 *
 * KEDGE_OK also if runs failed or the call was stopped: see the report, which is filled as far as it is known after an
 * error too. An error is reported by rank 0; other ranks return KEDGE_ECANCELLED then. KEDGE_EINVALID, KEDGE_EFORMAT,
 * KEDGE_EIO (what was finished is kept), KEDGE_EEXISTS (a store of other kernels), KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_sweep(kedge_sweep_report *report, kedge_context *context, const char *recipe,
                                   const char *store, const kedge_sweep_options *options);

typedef struct kedge_attribute_options {
    const char *metric;       /* NULL: "score" */
    int has_limit;            /* a run whose metric is below 'limit' counts as failed; */
    double limit;             /* else one whose verdict is not clean. One whose loss became infinite always does */
    const char *const *where; /* conditions on the runs, as in kedge_store_query */
    int n_where;
} kedge_attribute_options;

#define KEDGE_ATTRIBUTE_OPTIONS_INIT {0}

/* Which explains how runs differ, their initial weights or their batches: for every group of crossed runs in the store
 * (all pairs of some seeds) and for two numbers, the metric and 'failure' (1 where a run failed, else 0), the variance
 * between runs is divided into the part of the weights, the part of the stream (batches and labels), and the rest (what
 * only the pair explains). The model: y_ij = mean + weights_i + stream_j + rest_ij, all independent; the three
 * variances are estimated from pairs of runs that share one, the other or neither seed (the ANOVA estimators where no
 * run is missing), and negative ones count as 0.
 *
 * Rows: group, settings, of (the metric, or 'failure'), source ('weights', 'stream', 'rest'), runs, mean, sd, share (of
 * the variance, 0 to 1), low and high (95% interval: rows and columns are drawn with replacement, 2,000 times, pairs of
 * one seed with itself left out), p (how often a source that explains nothing would seem to explain as much: 2,000
 * permutations within the other; the rest has none). Random streams are fixed: the same runs give the same table. A
 * share is undefined where all runs are equal. Printed for reading the table is headed by one line for each group and
 * number that says it in words. Seeds that were crossed with no other are left out. KEDGE_EINVALID: no crossed runs, an
 * unknown metric; as kedge_store_runs. */
KEDGE_API kedge_status kedge_attribute(kedge_table **out, kedge_context *context, const char *store,
                                       const kedge_attribute_options *options);

#ifdef __cplusplus
}
#endif
#endif
