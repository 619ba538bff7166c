/* summary.h - inside of kedge_summary: a table of seeds by metrics. */
#ifndef RUN_SUMMARY_H
#define RUN_SUMMARY_H

#include "eval/metrics.h"
#include "kedge/run.h"
#include "run/ledger_summary.h"

typedef struct kedge_summary_row {
    long long seed;
    bool present;        /* false: stopped before it was done */
    const char *failure; /* NULL: fine */
    double *values;      /* [columns] */
    int updates;         /* of its run */
} kedge_summary_row;

struct kedge_summary {
    kedge_context *ctx;
    kedge_arena arena;
    int n_columns;
    kedge_column *columns;
    long long n_rows;
    kedge_summary_row *rows;
    kedge_ledger_summary *ledger; /* NULL: not recorded */
    long long trained;
    bool stopped;
};

/* A table with the columns of 'like' and the given seeds, all rows absent. */
kedge_status kedge_summary_create(kedge_summary **out, kedge_context *ctx, const kedge_meter *like,
                                  const long long *seeds, long long n_seeds);
/* Fills a row with what a meter with the same columns has read. One thread per row at a time. */
void kedge_summary_fill(kedge_summary *summary, long long row, const kedge_meter *meter);
/* Marks a row as failed; 'why' is copied. Not for several threads at once. */
kedge_status kedge_summary_fail(kedge_summary *summary, long long row, const char *why);
/* Drops absent rows; 'stopped' is set if there were any. */
void kedge_summary_finish(kedge_summary *summary);

#endif
