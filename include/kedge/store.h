/* store.h - what a sweep leaves: runs and their metrics in one file, and questions to it (docs/store.md has the
 * schema). */
#ifndef KEDGE_STORE_H
#define KEDGE_STORE_H

#include "kedge/context.h"
#include "kedge/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A store, open. One thread at a time; any number of processes may have the same file open. */
typedef struct kedge_store kedge_store;

/* Opens a store for reading; a sweep may be writing into it. Every question sees one moment of it. KEDGE_EIO: missing,
 * not readable; KEDGE_EFORMAT: no store, damaged, of another version (nothing is touched); KEDGE_ENOMEM. The context
 * must outlive the store. */
KEDGE_API kedge_status kedge_store_open(kedge_store **out, kedge_context *context, const char *path);
/* NULL is fine. */
KEDGE_API void kedge_store_close(kedge_store *store);

/* ---- which runs ----
 * A group is all runs that differ in nothing but their seed: one recipe with one set of settings. Groups are numbered
 * from 1, in the order in which they were asked for.
 *
 * A condition is 'NAME OP VALUE', blanks around OP as one likes, OP one of = != < <= > >=. NAME is, looked up in this
 * order, 'id', 'group', 'seed', 'stream', 'status' (pending, done, failed), 'recipe' (the title, or the first
 * characters of the digest), the path of a setting ("optimizer.clip", or "clip" if no other ends so), or a metric.
 * Numbers are compared as numbers, other values only by = and != (as they are printed; 0.5 and 5e-1 are one value).
 * What a run does not have (a metric that is undefined, a setting that is not among its own) fulfils no condition but
 * !=. */
typedef struct kedge_store_query {
    const char *const *where; /* conditions that all hold; may be NULL */
    int n_where;
    const char *const *metrics; /* columns; NULL: 'score' and 'recon_mse', so far as the store has them */
    int n_metrics;
    int all_metrics;          /* instead: every metric of the store, by name */
    const char *sort;         /* 'COLUMN' or 'COLUMN:desc': a name as above; with 'by_group' a column of the answer,
                               * or a metric (its mean). NULL: by id, or by group. What is undefined comes last */
    long long limit;          /* rows at most, after sorting; 0: all */
    int by_group;             /* a row per group and metric instead of a row per run */
} kedge_store_query;

#define KEDGE_STORE_QUERY_INIT {0}

/* Runs as a table: id, group, one column per setting, seed, stream, status, one per metric, message, recipe (its
 * title), digest (its beginning). 'by_group': group, settings, metric, n (runs with a value), failed, pending, mean,
 * low and high (95% interval of the mean), sd (divided by n - 1), min, 25%, median, median_low and median_high, 75%,
 * max, recipe, digest. Quantiles are of type 7 (Hyndman and Fan: linear between order statistics); intervals are
 * percentile bootstraps of 2,000 resamples with a fixed random stream (the same numbers give the same interval).
 * KEDGE_EINVALID: a name that the store does not know (the nearest is named), a condition that cannot be read;
 * KEDGE_EFORMAT, KEDGE_EIO, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_store_runs(kedge_table **out, kedge_store *store, const kedge_store_query *query);

typedef struct kedge_store_objective {
    const char *metric;
    int maximize; /* else the less the better */
} kedge_store_objective;

typedef struct kedge_store_pareto_options {
    const kedge_store_objective *objectives; /* one or more */
    int n_objectives;
    const char *const *where; /* conditions on the runs; may be NULL */
    int n_where;
    int runs;                 /* the front of single runs instead of group means */
} kedge_store_pareto_options;

/* The Pareto front: what no other is at least as good as in every objective and better in one. Best in the first
 * objective first; what has an undefined objective is left out. Columns: group, settings, n (the least number of runs
 * with a value), failed, one per objective, recipe, digest; of runs: id, group, settings, seed, stream, objectives,
 * recipe, digest. Errors as above. */
KEDGE_API kedge_status kedge_store_pareto(kedge_table **out, kedge_store *store,
                                          const kedge_store_pareto_options *options);

typedef struct kedge_store_compare_options {
    const char *a, *b; /* groups: a number as listed; 'path=value,path=value', as many as it takes to leave one; or the
                        * title or the first characters of the digest of a recipe. Of several groups that fit it is the
                        * one without further settings */
    const char *const *metrics; /* NULL: 'score' and 'recon_mse', so far as the store has them */
    int n_metrics;
    int all_metrics;
} kedge_store_compare_options;

/* Two groups, paired by seed (and stream). A row per metric: a and b (numbers of the groups), metric, n (pairs with
 * both values), mean_a, mean_b (of the pairs), diff (mean of a - b), low and high (its 95% bootstrap interval, as
 * above), d_z (Cohen's: the mean difference by the standard deviation of the differences), higher, equal, lower (pairs
 * in which a is so), p_higher (that a run of a lies above one of b, both drawn at random, ties by half: Vargha and
 * Delaney's A, over all runs with a value, paired or not). Errors as above; KEDGE_EINVALID also where a name fits no
 * group, or several, or both names the same one. */
KEDGE_API kedge_status kedge_store_compare(kedge_table **out, kedge_store *store,
                                           const kedge_store_compare_options *options);

#ifdef __cplusplus
}
#endif
#endif
