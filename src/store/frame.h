/* frame.h - the runs of a store at one moment, in memory: what every question is answered from. */
#ifndef STORE_FRAME_H
#define STORE_FRAME_H

#include "store/sql.h"

typedef struct kedge_frame_group {
    const char *digest, *title, *settings;
    kedge_cell *values; /* [n_paths]; none where it has no such setting */
} kedge_frame_group;

typedef struct kedge_frame_run {
    int64_t id, seed, stream;
    size_t group;
    const char *status, *message; /* message: NULL unless it failed */
    bool kept;                    /* fulfils the conditions so far */
} kedge_frame_run;

typedef struct kedge_frame_metric {
    const char *name;
    double *values; /* [n_runs]; NaN: undefined, or of a run that was not kept when it was read */
} kedge_frame_metric;

typedef struct kedge_frame {
    kedge_store *store;
    kedge_context *ctx;
    kedge_arena arena;
    size_t n_paths;
    const char **paths;  /* of all settings, in the order of their bytes */
    const char **labels; /* the last part of each, or more where that means another too */
    size_t n_groups, group_room;
    kedge_frame_group *groups;
    const kedge_frame_group **sorted; /* by settings, then recipe */
    size_t n_runs, run_room;
    kedge_frame_run *runs; /* by id */
    size_t n_metrics, metric_room;
    kedge_frame_metric *metrics; /* those that were asked for */
    bool crossed;   /* there is a run whose stream is not its seed */
    bool one_title; /* all recipes are called the same */
    bool needs_digest; /* recipes that are called the same differ in more than the settings say */
} kedge_frame;

/* Begins to read; all runs are kept. Release it in any case. */
kedge_status kedge_frame_init(kedge_frame *frame, kedge_store *store);
void kedge_frame_release(kedge_frame *frame);

/* ---- names ---- */

typedef struct kedge_name {
    enum {
        KEDGE_NAME_ID,
        KEDGE_NAME_GROUP,
        KEDGE_NAME_SEED,
        KEDGE_NAME_STREAM,
        KEDGE_NAME_STATUS,
        KEDGE_NAME_RECIPE,
        KEDGE_NAME_SETTING,
        KEDGE_NAME_METRIC
    } kind;
    size_t index; /* of a path, of a metric */
} kedge_name;

/* The index of a metric in 'metrics', read from the store if it was not yet. KEDGE_EINVALID: the store has none of that
 * name; the message names the nearest. */
kedge_status kedge_frame_metric_index(kedge_frame *frame, const char *name, size_t *index);
/* What a word of a condition, or of an order, stands for. KEDGE_EINVALID likewise. */
kedge_status kedge_frame_find(kedge_frame *frame, const char *word, kedge_name *name);
/* What a run has under a name; its text is owned by the frame. */
kedge_cell kedge_frame_cell(const kedge_frame *frame, const kedge_frame_run *run, kedge_name name);

/* Indices of the metrics that a question is about: those named, or all of the store, or (neither) those of 'score' and
 * 'recon_mse' that it has, or all if it has neither. *columns is in the frame's arena. */
typedef struct kedge_metric_choice {
    const char *const *names;
    int n_names;
    bool all;
} kedge_metric_choice;
kedge_status kedge_frame_choose(kedge_frame *frame, const kedge_metric_choice *choice, size_t **columns, size_t *n);

/* Keeps the runs that fulfil a condition too ('score < 0.9', see kedge/store.h). */
kedge_status kedge_frame_filter(kedge_frame *frame, const char *const *conditions, int n);

/* The group that a user calls so: its number from 1, its settings, or its recipe. */
kedge_status kedge_frame_group_named(kedge_frame *frame, const char *word, size_t *group);

/* ---- by group ---- */

/* Kept runs by group: runs order[first[g]] .. order[first[g + 1] - 1] are those of group g, by id. */
typedef struct kedge_partition {
    const size_t *order, *first;
} kedge_partition;
kedge_status kedge_frame_partition(kedge_frame *frame, kedge_partition *partition);

/* The defined values of a metric of a group's kept runs, into 'values' (room for all runs); their number. */
size_t kedge_frame_values(const kedge_frame *frame, const kedge_partition *partition, size_t group, size_t metric,
                          double *values);

#endif
