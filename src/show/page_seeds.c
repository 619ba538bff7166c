/* page_seeds.c - the seeds of a run directory. */
#include "show/page_seeds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "format/csv.h"
#include "run/assessment.h"
#include "run/directory.h"
#include "run/model.h"

enum { SUMMARY_BYTES = 256 << 20 };

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a list of seeds");
}

/* ---- columns */

static const kedge_metric *metric_named(const char *name)
{
    for (const kedge_metric *metric = kedge_metrics; metric->name; metric++)
        if (metric->per == KEDGE_PER_RUN && strcmp(metric->name, name) == 0) return metric;
    return NULL;
}

int kedge_page_seeds_column(const kedge_page_seeds *seeds, const char *name)
{
    for (int i = 0; i < seeds->n_columns; i++)
        if (strcmp(seeds->columns[i].name, name) == 0) return i;
    return -1;
}

/* Those that the recipe's runs are measured by, then what else the summary has (of a control, say). */
static kedge_status make_columns(kedge_page_seeds *self, const kedge_meter *meter, const kedge_csv *csv)
{
    size_t most = (size_t)meter->n_columns + (size_t)csv->columns;
    self->columns = kedge_arena_alloc(&self->arena, most, sizeof *self->columns);
    if (!self->columns) return no_memory();
    for (int i = 0; i < meter->n_columns; i++)
        self->columns[self->n_columns++] =
            (kedge_page_column){meter->columns[i].name, meter->columns[i].metric, meter->columns[i].detail};
    for (int i = 2; i < csv->columns; i++) { /* behind 'seed' and 'status' */
        const char *name = csv->header[i].text;
        if (kedge_page_seeds_column(self, name) < 0)
            self->columns[self->n_columns++] = (kedge_page_column){name, metric_named(name), false};
    }
    for (int i = 0; i < self->n_columns; i++)
        if (!(self->columns[i].name = kedge_arena_text(&self->arena, self->columns[i].name))) return no_memory();
    return KEDGE_OK;
}

/* ---- rows */

static int by_seed(const void *a, const void *b)
{
    const kedge_page_seed *x = a, *y = b;
    return (x->seed > y->seed) - (x->seed < y->seed);
}

static void read_row(kedge_page_seeds *self, kedge_page_seed *row, const kedge_csv *csv, int at)
{
    row->failed = strcmp(kedge_csv_at(csv, at, 1)->text, "ok") != 0;
    row->known = true;
    for (int i = 2; i < csv->columns; i++) {
        double value;
        int column = kedge_page_seeds_column(self, csv->header[i].text);
        if (column >= 0 && kedge_csv_real(kedge_csv_at(csv, at, i), &value)) row->values[column] = value;
    }
}

/* A row for each seed of the summary and each that has a model, in order. */
static kedge_status make_rows(kedge_page_seeds *self, const kedge_csv *csv, const long long *present, size_t n_present)
{
    size_t most = (size_t)csv->rows + n_present, kept = 0;
    self->rows = kedge_arena_alloc(&self->arena, most, sizeof *self->rows);
    double *values = kedge_arena_alloc(&self->arena, most * (size_t)self->n_columns, sizeof *values);
    if (!self->rows || !values) return no_memory();
    for (size_t i = 0; i < most * (size_t)self->n_columns; i++) values[i] = NAN;
    for (size_t i = 0; i < most; i++) self->rows[i].values = values + i * (size_t)self->n_columns;
    for (size_t i = 0; i < n_present; i++) self->rows[i].seed = present[i], self->rows[i].present = true;
    self->n = n_present;
    qsort(self->rows, self->n, sizeof *self->rows, by_seed);
    kept = self->n;
    for (int i = 0; i < csv->rows; i++) {
        kedge_page_seed key = {.seed = strtoll(kedge_csv_at(csv, i, 0)->text, NULL, 10)};
        kedge_page_seed *row = bsearch(&key, self->rows, self->n, sizeof key, by_seed);
        if (!row) {
            row = &self->rows[kept++];
            row->seed = key.seed;
        }
        read_row(self, row, csv, i);
    }
    self->n = kept;
    qsort(self->rows, self->n, sizeof *self->rows, by_seed);
    return KEDGE_OK;
}

/* ---- measuring what has no row */

static kedge_status measure(kedge_page_seeds *self, const char *directory, kedge_assessment *assessment,
                            kedge_params *params, kedge_page_seed *row)
{
    kedge_arena arena;
    kedge_st file;
    kedge_arena_init(&arena, self->ctx);
    char *path = kedge_run_seed_file(self->ctx, directory, row->seed, "model.safetensors");
    kedge_status status = path ? kedge_st_load(&file, &arena, path, KEDGE_MODEL_BYTES) : no_memory();
    if (!status) status = kedge_model_read_params(&file, path, params);
    if (!status) {
        kedge_assessment_recall(assessment, &file);
        status = kedge_assessment_run(assessment);
    }
    if (!status)
        memcpy(row->values, assessment->meter->values, (size_t)assessment->meter->n_columns * sizeof *row->values);
    if (status == KEDGE_EFORMAT || status == KEDGE_EIO || status == KEDGE_ENUMERIC) {
        row->present = status == KEDGE_ENUMERIC; /* others are files that its recipe did not make */
        status = KEDGE_OK;
    }
    kedge_release(self->ctx, path);
    kedge_arena_release(&arena);
    return status;
}

/* The summary; no rows where there is none, or none that can be read. */
static kedge_status read_summary(kedge_page_seeds *self, const char *directory, kedge_csv *csv)
{
    kedge_errors *errors = kedge_alloc(self->ctx, 1, sizeof *errors);
    char *path = kedge_path_join(self->ctx, directory, "summary.csv");
    *csv = (kedge_csv){0};
    kedge_status status = errors && path ? KEDGE_OK : no_memory();
    if (!status && kedge_is_file(path)) {
        kedge_errors_init(errors);
        bool read = kedge_csv_load(csv, &self->arena, path, SUMMARY_BYTES, errors);
        if (errors->count && errors->status == KEDGE_ENOMEM) status = no_memory();
        bool ours = read && csv->columns >= 2 && strcmp(csv->header[0].text, "seed") == 0 &&
                    strcmp(csv->header[1].text, "status") == 0;
        if (!ours) *csv = (kedge_csv){0};
    }
    kedge_release(self->ctx, errors);
    kedge_release(self->ctx, path);
    return status;
}

static bool has_values(const kedge_page_seeds *self, int column)
{
    for (size_t i = 0; i < self->n; i++)
        if (isfinite(self->rows[i].values[column])) return true;
    return false;
}

/* The columns that have values in the order of reading: verdict and score first. */
static kedge_status order_columns(kedge_page_seeds *self)
{
    int first[2] = {kedge_page_seeds_column(self, "verdict"), kedge_page_seeds_column(self, "score")};
    self->shown = kedge_arena_alloc(&self->arena, (size_t)self->n_columns, sizeof *self->shown);
    if (!self->shown) return no_memory();
    for (int i = 0; i < 2; i++)
        if (first[i] >= 0) self->shown[self->n_shown++] = first[i];
    for (int i = 0; i < self->n_columns; i++)
        if (i != first[0] && i != first[1] && has_values(self, i)) self->shown[self->n_shown++] = i;
    return KEDGE_OK;
}

kedge_status kedge_page_seeds_read(kedge_page_seeds *seeds, kedge_context *ctx, const char *directory,
                                   const kedge_recipe *recipe)
{
    *seeds = (kedge_page_seeds){.ctx = ctx};
    kedge_arena_init(&seeds->arena, ctx);
    const kedge_dataset *data = recipe->dataset;
    kedge_assessment *assessment = NULL;
    kedge_params params;
    kedge_csv csv;
    long long *present = NULL;
    size_t n = 0;
    kedge_params_init(&params, ctx);
    kedge_status status = kedge_model_declare(&recipe->model, data->n_features, data->n_targets, &params);
    if (!status) status = kedge_params_allocate(&params);
    if (!status)
        status = kedge_assessment_create(&assessment, ctx, recipe, &recipe->model, &params, NULL, (int)recipe->steps);
    if (!status) status = read_summary(seeds, directory, &csv);
    if (!status) status = kedge_run_directory_seeds(ctx, directory, &present, &n);
    if (!status) status = make_columns(seeds, assessment->meter, &csv);
    if (!status) status = make_rows(seeds, &csv, present, n);
    for (size_t i = 0; !status && i < seeds->n; i++)
        if (!seeds->rows[i].known) status = measure(seeds, directory, assessment, &params, &seeds->rows[i]);
    if (!status) status = order_columns(seeds);
    kedge_release(ctx, present);
    kedge_assessment_free(assessment);
    kedge_params_release(&params);
    return status;
}

void kedge_page_seeds_release(kedge_page_seeds *seeds)
{
    if (seeds->ctx) kedge_arena_release(&seeds->arena);
    *seeds = (kedge_page_seeds){0};
}

/* ---- the ones to look at */

typedef struct candidate {
    long long seed;
    double merit; /* the larger the better */
} candidate;

static int by_merit(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->merit != y->merit) return x->merit > y->merit ? -1 : 1;
    return (x->seed > y->seed) - (x->seed < y->seed);
}

kedge_status kedge_page_seeds_pick(kedge_page_seeds *seeds, long long picked[3], int *n_picked)
{
    int score = kedge_page_seeds_column(seeds, "score"), recon = kedge_page_seeds_column(seeds, "recon_mse");
    candidate *list = kedge_arena_alloc(&seeds->arena, seeds->n, sizeof *list);
    size_t n = 0;
    if (!list) return no_memory();
    *n_picked = 0;
    for (size_t i = 0; i < seeds->n; i++) {
        const kedge_page_seed *row = &seeds->rows[i];
        double merit = score >= 0 ? row->values[score] : recon >= 0 ? -row->values[recon] : NAN;
        if (row->present && isfinite(merit)) list[n++] = (candidate){row->seed, merit};
    }
    qsort(list, n, sizeof *list, by_merit);
    const size_t ranks[3] = {0, n > 0 ? (n - 1) / 2 : 0, n > 0 ? n - 1 : 0};
    for (int i = 0; n > 0 && i < 3; i++)
        if (i == 0 || ranks[i] != ranks[i - 1]) picked[(*n_picked)++] = list[ranks[i]].seed;
    for (size_t i = 0; *n_picked == 0 && i < seeds->n; i++)
        if (seeds->rows[i].present) picked[(*n_picked)++] = seeds->rows[i].seed;
    return KEDGE_OK;
}

/* ---- the table */

void kedge_page_seeds_put_cell(kedge_json *json, const kedge_page_seeds *seeds, size_t row, int column)
{
    const kedge_page_column *own = &seeds->columns[column];
    double value = seeds->rows[row].values[column];
    const char *words = own->metric && own->metric->words ? own->metric->words(value) : NULL;
    bool failed = seeds->rows[row].failed && strcmp(own->name, "verdict") == 0;
    if (failed) kedge_json_text(json, "failed");
    else if (words) kedge_json_text(json, words);
    else kedge_json_real(json, value);
}

static bool any_failed(const kedge_page_seeds *seeds)
{
    for (size_t i = 0; i < seeds->n; i++)
        if (seeds->rows[i].failed) return true;
    return false;
}

void kedge_page_seeds_put(kedge_json *json, const kedge_page_seeds *seeds)
{
    bool status = any_failed(seeds) && kedge_page_seeds_column(seeds, "verdict") < 0; /* else the verdict says it */
    kedge_json_open(json, '{');
    kedge_json_key(json, "columns");
    kedge_json_open(json, '[');
    kedge_json_text(json, "seed");
    if (status) kedge_json_text(json, "status");
    for (int i = 0; i < seeds->n_shown; i++) kedge_json_text(json, seeds->columns[seeds->shown[i]].name);
    kedge_json_close(json, ']');
    kedge_json_key(json, "details");
    kedge_json_open(json, '[');
    kedge_json_bool(json, false);
    if (status) kedge_json_bool(json, false);
    for (int i = 0; i < seeds->n_shown; i++) kedge_json_bool(json, seeds->columns[seeds->shown[i]].detail);
    kedge_json_close(json, ']');
    kedge_json_key(json, "rows");
    kedge_json_open(json, '[');
    for (size_t row = 0; row < seeds->n; row++) {
        kedge_json_open(json, '[');
        kedge_json_integer(json, seeds->rows[row].seed);
        if (status) kedge_json_text(json, seeds->rows[row].failed ? "failed" : "ok");
        for (int i = 0; i < seeds->n_shown; i++) kedge_page_seeds_put_cell(json, seeds, row, seeds->shown[i]);
        kedge_json_close(json, ']');
    }
    kedge_json_close(json, ']');
    kedge_json_close(json, '}');
}
