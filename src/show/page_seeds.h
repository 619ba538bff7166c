/* page_seeds.h - the seeds of a run directory and what was measured of them. */
#ifndef SHOW_PAGE_SEEDS_H
#define SHOW_PAGE_SEEDS_H

#include "eval/metrics.h"
#include "format/json_write.h"
#include "run/recipe.h"

typedef struct kedge_page_seed {
    long long seed;
    bool present; /* it has a model */
    bool failed;  /* its summary says so */
    bool known;   /* the values are */
    double *values; /* [n_columns]; NaN: undefined */
} kedge_page_seed;

typedef struct kedge_page_column {
    const char *name;
    const kedge_metric *metric; /* NULL: of none that is known */
    bool detail;
} kedge_page_column;

typedef struct kedge_page_seeds {
    kedge_context *ctx;
    kedge_arena arena; /* holds all below */
    int n_columns;
    kedge_page_column *columns; /* as the summary of the run has them */
    int n_shown, *shown; /* those with values, in the order of reading: verdict and score first */
    size_t n;
    kedge_page_seed *rows; /* ascending */
} kedge_page_seeds;

/* Of a directory whose recipe this is: the rows of its summary.csv, and, measured, the models that have none there.
 * KEDGE_EIO, KEDGE_EINVALID, KEDGE_ENOMEM. Released also after an error. */
kedge_status kedge_page_seeds_read(kedge_page_seeds *seeds, kedge_context *ctx, const char *directory,
                                   const kedge_recipe *recipe);
void kedge_page_seeds_release(kedge_page_seeds *seeds);

/* Up to three seeds that have a model: the best, the median and the worst by score (by reconstruction where nothing is
 * scored), each once; the lowest where none has a value. KEDGE_ENOMEM. */
kedge_status kedge_page_seeds_pick(kedge_page_seeds *seeds, long long picked[3], int *n_picked);

/* The column of a name, or -1. */
int kedge_page_seeds_column(const kedge_page_seeds *seeds, const char *name);
/* The value of a row as JSON: words where the metric has some, else the number; "failed" as the verdict of one that
 * did. */
void kedge_page_seeds_put_cell(kedge_json *json, const kedge_page_seeds *seeds, size_t row, int column);
/* A TableData. */
void kedge_page_seeds_put(kedge_json *json, const kedge_page_seeds *seeds);

#endif
