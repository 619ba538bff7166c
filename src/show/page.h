/* page.h - what the page in a browser is given: PageData, as web/src/data.ts has it, and the file that holds both.
 *
 * All texts of JSON are appended; what an append could not take comes out as KEDGE_ENOMEM. Numbers are the same in
 * every locale, floats are base64 of little-endian float32, and the same input gives the same bytes. */
#ifndef SHOW_PAGE_H
#define SHOW_PAGE_H

#include "base/text.h"
#include "kedge/report.h"
#include "kedge/table.h"
#include "schedule/schedule.h"
#include "show/show.h"

/* The page without data, as it was built into the library: static, not ended by a 0. It has one element
 * <script type="application/json" id="kedge-data">null</script>. Never fails. */
kedge_status kedge_page_template(const char **html, size_t *length);
/* Appends the page with the data in it to 'html'. 'json' may hold any text: '<' of it is written as an escape, so that
 * nothing in it ends the element. KEDGE_ENOMEM. */
kedge_status kedge_page_write(kedge_context *ctx, const kedge_text *json, kedge_text *html);
/* The same with another template. KEDGE_EFORMAT: it does not have the element, or has it twice. */
kedge_status kedge_page_fill(const char *name, const char *page, size_t length, const kedge_text *json,
                             kedge_text *html);

/* ---- kind 'report': finished runs */

enum { KEDGE_PAGE_RECORDS = 160, KEDGE_PAGE_RUNS_MAX = KEDGE_REPORT_RUNS };

typedef struct kedge_page_options {
    const char *const *inputs; /* paths: run directories, model files, recipes (trained on the spot) */
    int n_inputs;
    const long long *seeds;    /* shown of each directory or recipe; none: three of the directory, the best by score
                                * first, the median, the worst; a recipe's first */
    int n_seeds;
    const char *const *plans;  /* of the recipes; NULL: all */
    int n_plans;
    const char *title;         /* NULL: the recipe's; of several inputs their names */
    int records;               /* recorded states of a run at most; 0: KEDGE_PAGE_RECORDS, fewer of a large model */
    bool figures;
} kedge_page_options;

/* PageData of kind 'report'. Figures and the table of seeds are those of the first input. Runs are replayed on the
 * context's threads; the bytes do not depend on their number. KEDGE_EINVALID: a seed or plan that is not there, more
 * than KEDGE_PAGE_RUNS_MAX runs; KEDGE_EIO, KEDGE_EFORMAT, KEDGE_ENUMERIC, KEDGE_ENOMEM. */
kedge_status kedge_page_of_run(kedge_context *ctx, const kedge_page_options *options, kedge_text *json);

/* ---- kind 'live': a run that is trained now */

/* What holds at some steps: values [kedge_recipe_columns][n], in the unit of the sheet. */
typedef struct kedge_page_schedule {
    const kedge_recipe *recipe;
    const kedge_schedule *sheet; /* whose keys, phases and actions are shown; NULL: the recipe's own, if it has one */
    const kedge_gates *gates;    /* of the run, where rows came early; NULL: none did */
    int steps;
    int n;
    const int *at;               /* ascending */
    const double *values;
} kedge_page_schedule;

typedef struct kedge_page_live {
    kedge_page_schedule schedule;
    const char *title; /* NULL: the recipe's */
    long long seed;
    const char *kernels;
    int n_rows;        /* of the curves so far, see kedge_session_copy */
    const int *steps;  /* [n_rows] */
    const float *rows; /* [n_rows][2 + 2 terms]: lr, weights, recon, losses */
    int n_records;
    const int *at;           /* [n_records] */
    const float *parameters; /* [n_records][parameters], as kedge_model_tensor lists them, without padding */
} kedge_page_live;

/* PageData of kind 'live' with one run. Its plans have no metrics yet; those with surgery are told in words alone. */
kedge_status kedge_page_of_live(kedge_context *ctx, const kedge_page_live *live, kedge_text *json);
/* A ScheduleData alone: api/schedule. */
kedge_status kedge_page_of_schedule(const kedge_page_schedule *schedule, kedge_text *json);
/* At most 'room' (at least 8) of the steps 0 to steps-1 that show a schedule, ascending: the first, the last, the keys
 * of the sheet (may be NULL) where the run of 'gates' (may be NULL) came to them and the steps before them, others
 * evenly. Returns their number. */
enum { KEDGE_PAGE_SCHEDULE_STEPS = 1200 };
int kedge_page_schedule_steps(const kedge_schedule *sheet, const kedge_gates *gates, int steps, int room, int *at);

/* ---- kind 'list': runs to choose from */

/* Entry i is row i of the table: its name, where it leads ("": nowhere), and the row's cells as values. */
typedef struct kedge_page_list {
    const char *title;
    const kedge_table *table;
    const char *const *names; /* [rows] */
    const char *const *hrefs; /* [rows] */
} kedge_page_list;

kedge_status kedge_page_of_list(kedge_context *ctx, const kedge_page_list *list, kedge_text *json);
/* The seeds of a run directory, each leading to 'href' followed by its number; what is in its summary.csv as values
 * (measured where there is none). KEDGE_EIO, KEDGE_EFORMAT, KEDGE_EINVALID, KEDGE_ENOMEM. */
kedge_status kedge_page_of_directory(kedge_context *ctx, const char *directory, const char *title, const char *href,
                                     kedge_text *json);

#endif
