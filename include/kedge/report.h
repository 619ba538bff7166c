/* report.h - one page that shows runs: a file for a browser, which needs no network. */
#ifndef KEDGE_REPORT_H
#define KEDGE_REPORT_H

#include "kedge/context.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { KEDGE_REPORT_RUNS = 12 }; /* shown on a page, at most */

typedef struct kedge_report_options {
    const char *title;      /* NULL: the recipe's; of several inputs their names */
    const long long *seeds; /* shown of each run directory and recipe */
    int n_seeds;            /* 0: of one directory the best by score, then the median and the worst; of each of several
                             * inputs the best; of a recipe its first */
    const char *const *plans; /* names of the recipe's plans */
    int n_plans;            /* 0: all, as far as they fit the model */
    int no_figures;
} kedge_report_options;

#define KEDGE_REPORT_OPTIONS_INIT {0}

/* Writes a page of runs into 'path', whole or not at all: what was measured, every seed of the first input where that
 * is a run directory, its figures, and the states that each shown run went through, with which the page computes.
 * 'inputs': run directories, model files, or recipes, whose seeds are trained first. How a run went is found by
 * repeating it, so nothing need have been recorded. The same input gives the same bytes for any number of threads.
 * 'options' may be NULL. KEDGE_EINVALID: no input, a seed or plan that is not there, more than KEDGE_REPORT_RUNS runs;
 * KEDGE_EIO, KEDGE_EFORMAT, KEDGE_ENUMERIC, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_report(kedge_context *context, const char *const *inputs, int n_inputs,
                                    const kedge_report_options *options, const char *path);

#ifdef __cplusplus
}
#endif
#endif
