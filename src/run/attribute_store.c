/* attribute_store.c - which seeds explain the runs of a store. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "kedge/evaluate.h"
#include "kedge/store.h"
#include "kedge/sweep.h"
#include "run/attribute.h"
#include "store/table.h"

static const char *const sources[KEDGE_SOURCES] = {"weights", "stream", "rest"};

/* A run as it stands in the store. */
typedef struct cell {
    long long group, seed, stream;
    double value, failure; /* NaN: none, not known */
    const char *settings;
} cell;

typedef struct reading {
    kedge_context *ctx;
    const kedge_attribute_options *options;
    const char *metric;
    kedge_table *runs;
    int group, seed, stream, status, value, verdict; /* columns; -1: none */
    size_t n;
    cell *cells;
    kedge_table *out;
    kedge_text words;
} reading;

/* ---- reading ---- */

static double failure_of(const reading *self, long long row, const char *status, double value)
{
    if (strcmp(status, "failed") == 0) return 1;
    if (strcmp(status, "done") != 0) return NAN;
    if (self->options->has_limit) return !(value >= self->options->limit);
    if (self->verdict < 0) return 0;
    double verdict = kedge_table_cell(self->runs, row, self->verdict).real;
    return isfinite(verdict) && verdict != KEDGE_VERDICT_CLEAN;
}

static int compare_cells(const void *a, const void *b)
{
    const cell *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    if (x->seed != y->seed) return x->seed < y->seed ? -1 : 1;
    return (x->stream > y->stream) - (x->stream < y->stream);
}

/* The settings of a run are the columns between 'group' and 'seed'. In the out table's arena. */
static const char *settings_of(reading *self, long long row)
{
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    for (int c = self->group + 1; c < self->seed; c++) {
        kedge_cell at = kedge_table_cell(self->runs, row, c);
        if (at.kind == KEDGE_CELL_NONE) continue;
        kedge_text_addf(&text, "%s%s=", text.length ? "," : "", kedge_table_name(self->runs, c));
        if (at.text) kedge_text_add(&text, at.text);
        else kedge_text_add_real(&text, "%.9g", at.real);
    }
    const char *copy = text.broken ? NULL : kedge_arena_text(&self->out->arena, kedge_text_string(&text));
    kedge_text_release(&text);
    return copy;
}

static kedge_status read_cells(reading *self)
{
    long long rows = kedge_table_rows(self->runs);
    self->cells = kedge_alloc(self->ctx, (size_t)rows, sizeof *self->cells);
    if (!self->cells) return kedge_fail_memory("an attribution");
    for (long long r = 0; r < rows; r++) {
        cell *c = &self->cells[self->n++];
        const char *status = kedge_table_cell(self->runs, r, self->status).text;
        *c = (cell){.group = kedge_table_cell(self->runs, r, self->group).integer,
                    .seed = kedge_table_cell(self->runs, r, self->seed).integer,
                    .stream = kedge_table_cell(self->runs, r, self->stream).integer,
                    .value = self->value < 0 ? NAN : kedge_table_cell(self->runs, r, self->value).real};
        c->failure = failure_of(self, r, status ? status : "", c->value);
        c->settings = settings_of(self, r);
        if (!c->settings) return kedge_fail_memory("an attribution");
    }
    qsort(self->cells, self->n, sizeof *self->cells, compare_cells);
    return KEDGE_OK;
}

static kedge_status read_runs(reading *self, kedge_store *store)
{
    /* By name, so that the store says what is nearest to a wrong one; the verdict need not be there. */
    kedge_store_query query = {.where = self->options->where, .n_where = self->options->n_where,
                               .metrics = &self->metric, .n_metrics = 1};
    kedge_status status = kedge_store_runs(&self->runs, store, &query);
    if (status) return status;
    kedge_table_free(self->runs);
    self->runs = NULL;
    query.n_metrics = 0;
    query.metrics = NULL;
    query.all_metrics = 1;
    status = kedge_store_runs(&self->runs, store, &query);
    if (status) return status;
    self->group = kedge_table_column(self->runs, "group");
    self->seed = kedge_table_column(self->runs, "seed");
    self->stream = kedge_table_column(self->runs, "stream");
    self->status = kedge_table_column(self->runs, "status");
    self->value = kedge_table_column(self->runs, self->metric);
    self->verdict = kedge_table_column(self->runs, "verdict");
    return read_cells(self);
}

/* ---- one group ---- */

static int compare_numbers(const void *a, const void *b)
{
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

/* Sorts numbers and keeps those that come at least twice, each once. */
static size_t keep_repeated(long long *numbers, size_t n)
{
    size_t kept = 0;
    qsort(numbers, n, sizeof *numbers, compare_numbers);
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && numbers[next] == numbers[i]; next++) continue;
        if (next - i > 1) numbers[kept++] = numbers[i];
    }
    return kept;
}

static long long index_of(const long long *numbers, size_t n, long long number)
{
    const long long *at = bsearch(&number, numbers, n, sizeof *numbers, compare_numbers);
    return at ? at - numbers : -1;
}

/* The runs of one group as two tables, seeds down and streams across. */
typedef struct grid {
    size_t rows, columns;
    double *values, *failures;
} grid;

/* rows 0: nothing is crossed. Both blocks are the caller's. */
static kedge_status make_grid(kedge_context *ctx, const cell *cells, size_t n, grid *out)
{
    *out = (grid){0};
    long long *seeds = kedge_alloc(ctx, n, sizeof *seeds), *streams = kedge_alloc(ctx, n, sizeof *streams);
    kedge_status status = seeds && streams ? KEDGE_OK : kedge_fail_memory("an attribution");
    if (status) goto done;
    for (size_t i = 0; i < n; i++) {
        seeds[i] = cells[i].seed;
        streams[i] = cells[i].stream;
    }
    size_t rows = keep_repeated(seeds, n), columns = keep_repeated(streams, n);
    if (rows == 0 || columns == 0) goto done;
    out->values = kedge_alloc(ctx, 2 * rows * columns, sizeof *out->values);
    if (!out->values) {
        status = kedge_fail_memory("an attribution");
        goto done;
    }
    out->failures = out->values + rows * columns;
    out->rows = rows;
    out->columns = columns;
    for (size_t i = 0; i < 2 * rows * columns; i++) out->values[i] = NAN;
    for (size_t i = 0; i < n; i++) {
        long long row = index_of(seeds, rows, cells[i].seed), column = index_of(streams, columns, cells[i].stream);
        if (row < 0 || column < 0) continue;
        out->values[(size_t)row * columns + (size_t)column] = cells[i].value;
        out->failures[(size_t)row * columns + (size_t)column] = cells[i].failure;
    }
done:
    kedge_release(ctx, seeds);
    kedge_release(ctx, streams);
    return status;
}

/* ---- what is said ---- */

static void add_percent(kedge_text *text, double share)
{
    kedge_text_add_real(text, "%.0f", 100 * share);
}

static void add_source(kedge_text *text, const kedge_source *source, const char *name)
{
    kedge_text_addf(text, "%s ", name);
    add_percent(text, source->share);
    kedge_text_add(text, "% (");
    add_percent(text, source->low);
    kedge_text_add(text, " to ");
    add_percent(text, source->high);
    if (isfinite(source->p)) kedge_text_add_real(text, ", p = %.2g", source->p);
    kedge_text_add(text, ")");
}

/* A source that counts: p tells it from nothing, the interval how well its share is known. */
static void conclude_one(kedge_text *text, const char *name, const kedge_source *source, const char *other_name,
                         const kedge_source *other)
{
    bool known = source->low >= source->share / 2, other_small = other->high < 0.1;
    kedge_text_addf(text, known ? "the %s explain it" : "the %s count, how much is uncertain", name);
    kedge_text_addf(text, other_small ? ", the %s do not" : "; no sign that the %s do", other_name);
}

/* Says of two sources no more than their intervals do. */
static void conclude(kedge_text *text, const kedge_attribution *a)
{
    const kedge_source *weights = &a->sources[KEDGE_FROM_WEIGHTS], *stream = &a->sources[KEDGE_FROM_STREAM];
    bool w = weights->p < 0.05, s = stream->p < 0.05;
    if (w && s && weights->low > stream->high) kedge_text_add(text, "both count, the weights more");
    else if (w && s && stream->low > weights->high) kedge_text_add(text, "both count, the batches more");
    else if (w && s) kedge_text_add(text, "both count, which of them more is uncertain");
    else if (w) conclude_one(text, "weights", weights, "batches", stream);
    else if (s) conclude_one(text, "batches", stream, "weights", weights);
    else if (weights->high < 0.1 && stream->high < 0.1) kedge_text_add(text, "neither explains it by itself");
    else kedge_text_add(text, "no sign that either explains it by itself");
}

static void say(kedge_text *text, const cell *first, const char *of, const kedge_attribution *a)
{
    kedge_text_addf(text, "group %lld, %s of %zu runs: ", first->group, of, a->runs);
    if (!isfinite(a->sources[0].share)) {
        kedge_text_add(text, a->runs ? "all equal, there is nothing to explain\n" : "none is known\n");
        return;
    }
    kedge_text_add(text, "of the variance ");
    add_source(text, &a->sources[KEDGE_FROM_WEIGHTS], "initial weights explain");
    add_source(text, &a->sources[KEDGE_FROM_STREAM], ", batches and labels");
    add_source(text, &a->sources[KEDGE_FROM_REST], ", only the pair of both");
    bool pair = a->sources[KEDGE_FROM_REST].share > 0.5;
    kedge_text_addf(text, ": %s", pair ? "mostly the pair; alone, " : "");
    conclude(text, a);
    kedge_text_add(text, "\n");
}

static kedge_status add_rows(reading *self, const cell *first, const char *of, const double *values, const grid *g)
{
    kedge_attribution a;
    kedge_status status = kedge_attribute_values(&a, self->ctx, values, g->rows, g->columns);
    if (status) return status;
    say(&self->words, first, of, &a);
    for (int k = 0; k < KEDGE_SOURCES; k++) {
        const kedge_source *s = &a.sources[k];
        int at = 0;
        kedge_table_add_row(self->out);
        kedge_table_put_integer(self->out, &at, first->group);
        kedge_table_put_text(self->out, &at, first->settings);
        kedge_table_put_text(self->out, &at, of);
        kedge_table_put_text(self->out, &at, sources[k]);
        kedge_table_put_integer(self->out, &at, (long long)a.runs);
        const double numbers[] = {a.mean, a.sd, s->share, s->low, s->high, s->p};
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) kedge_table_put_real(self->out, &at, numbers[i]);
    }
    return KEDGE_OK;
}

static kedge_status attribute_groups(reading *self)
{
    bool any = false;
    kedge_status status = KEDGE_OK;
    for (size_t i = 0, next; i < self->n && !status; i = next) {
        grid g;
        const cell *first = &self->cells[i];
        for (next = i + 1; next < self->n && self->cells[next].group == first->group; next++) continue;
        status = make_grid(self->ctx, first, next - i, &g);
        if (!status && g.rows) {
            any = true;
            status = add_rows(self, first, self->metric, g.values, &g);
            if (!status) status = add_rows(self, first, "failure", g.failures, &g);
        }
        kedge_release(self->ctx, g.values);
    }
    if (!status && !any)
        status = kedge_fail(KEDGE_EINVALID,
                            "no seeds are crossed among these runs; 'kedge sweep --attribute' crosses them");
    return status;
}

static kedge_status finish(reading *self)
{
    kedge_text_add(&self->words, "\n");
    kedge_status status = kedge_text_status(&self->words, "an attribution");
    if (status) return status;
    kedge_table_set_heading(self->out, kedge_text_string(&self->words));
    return kedge_table_status(self->out);
}

kedge_status kedge_attribute(kedge_table **out, kedge_context *context, const char *store,
                             const kedge_attribute_options *options)
{
    static const kedge_attribute_options none = KEDGE_ATTRIBUTE_OPTIONS_INIT;
    static const char *const names[] = {"group", "settings", "of",  "source", "runs", "mean",
                                        "sd",    "share",    "low", "high",   "p"};
    reading self = {.ctx = context, .options = options ? options : &none};
    kedge_store *opened = NULL;
    self.metric = self.options->metric ? self.options->metric : "score";
    kedge_text_init(&self.words, context);
    kedge_status status = kedge_table_create(&self.out, context);
    for (size_t i = 0; i < sizeof names / sizeof *names && !status; i++)
        kedge_table_add_column(self.out, names[i], i == 1 ? KEDGE_RANK_FIRST_OUT : KEDGE_RANK_KEPT);
    if (!status) status = kedge_store_open(&opened, context, store);
    if (!status) status = read_runs(&self, opened);
    if (!status) status = attribute_groups(&self);
    if (!status) status = finish(&self);
    if (!status) *out = self.out;
    else kedge_table_free(self.out);
    kedge_release(context, self.cells);
    kedge_table_free(self.runs);
    kedge_store_close(opened);
    kedge_text_release(&self.words);
    return status;
}
