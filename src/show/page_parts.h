/* page_parts.h - inside of pages: one run as the page sees it, and the parts of a PageData. */
#ifndef SHOW_PAGE_PARTS_H
#define SHOW_PAGE_PARTS_H

#include "eval/metrics.h"
#include "format/json_write.h"
#include "run/directory.h"
#include "show/page.h"

/* Of the page, at most, for the records of one run, and of all its runs. */
enum { KEDGE_PAGE_RECORD_BYTES = 1 << 20, KEDGE_PAGE_RECORDS_BYTES = 3 << 19 };

/* Curves of a run: row i is of step steps[i], or i where that is NULL. */
typedef struct kedge_page_rows {
    int n;
    const int *steps;
    const float *values;
    int stride, first; /* of a row; the task's loss in it, which the terms' follow */
} kedge_page_rows;

/* A RunData before it is printed. Nothing is owned. */
typedef struct kedge_page_run {
    kedge_arena *arena;         /* for scratch */
    const char *name;
    const kedge_recipe *recipe; /* with the plans that are shown */
    long long seed;
    const char *kernels;
    bool exact;
    const char *verdict;               /* in words; NULL: none */
    const kedge_model_options *model;  /* as it is, which surgery may have changed */
    const int *dims;                   /* [bottleneck] which of the recipe's dims each is; NULL: the same */
    const kedge_params *layout;        /* declared for 'model' */
    const kedge_meter *meter;          /* read, for the recipe's plans; NULL: nothing is measured */
    kedge_plan *const *plans;          /* the recipe's, which have run; NULL: they have not */
    kedge_page_schedule schedule;
    kedge_page_rows losses;
    int n_records;
    const int *at;
    const float *parameters;
} kedge_page_run;

/* ---- the parts; each prints one value. KEDGE_ENOMEM where scratch was needed and is not there */
kedge_status kedge_page_put_run(kedge_json *json, const kedge_page_run *run);
kedge_status kedge_page_put_plans(kedge_json *json, const kedge_page_run *run);
kedge_status kedge_page_put_losses(kedge_json *json, const kedge_page_run *run);
void kedge_page_put_schedule(kedge_json *json, const kedge_page_schedule *schedule);
/* A number and how it reads: in words, where its metric has some. 'name': NULL for the metric's own,
 * without the plan's. */
void kedge_page_put_metric(kedge_json *json, const kedge_metric *metric, const char *name, double value);
/* The choice that an options struct made for a key of a variant's table, by name: "gelu". */
const char *kedge_page_choice(const kedge_variant *variant, const char *key, const void *options);

/* Which points of a set are shown: all, or evenly spaced ones of a large set. */
typedef struct kedge_page_subset {
    int n, of;
} kedge_page_subset;

kedge_page_subset kedge_page_subset_of(const kedge_dataset *dataset);
static inline int kedge_page_point(kedge_page_subset subset, int i)
{
    return (int)((long long)i * subset.of / subset.n);
}

/* At most 'most' (at least 2) of the records 0 to n-1, denser early, the first and the last among them; 'at' are their
 * steps. Returns how many there are in chosen[most]. */
int kedge_page_choose_records(int n, const int *at, int most, int *chosen);

/* ---- PageData around them */

/* Opens a PageData up to its runs, and a list of them; closes that and goes on to 'seeds'. */
void kedge_page_begin(kedge_json *json, const char *kind, const char *title);
/* Everything behind 'runs' where there is nothing of it; closes the PageData. */
void kedge_page_end(kedge_json *json);

/* ---- one run of a report (page_report.c) */

typedef struct kedge_page_source {
    const char *input; /* path */
    const char *name;  /* what stands before the seed's number; NULL: nothing */
    long long seed;    /* -1: the input's own */
    const char *const *plans;
    int n_plans;
    int records;         /* at most */
    size_t record_bytes; /* likewise */
} kedge_page_source;

/* Appends a RunData. The title is that of the recipe, in 'arena'; NULL: it has none. */
kedge_status kedge_page_put_source(kedge_json *json, kedge_context *ctx, const kedge_page_source *source,
                                   kedge_arena *arena, const char **title);

/* ---- figures (page_figures.c): a list of FigureData of what 'input' has, drawn on the context's threads; 'with_runs':
 * also those of all its seeds */
kedge_status kedge_page_put_figures(kedge_json *json, kedge_context *ctx, const char *input,
                                    const kedge_draw_options *options, bool with_runs);

#endif
