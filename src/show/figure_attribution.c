/* figure_attribution.c - crossed seeds of a store: which of the two explains how runs differ. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "draw/attribution.h"
#include "kedge/sweep.h"
#include "run/attribute.h"
#include "show/figure.h"

_Static_assert((int)KEDGE_SOURCES == (int)KEDGE_ATTRIBUTION_SOURCES, "the same sources of variance");

enum { NUMBERS = 2 }; /* the metric, and failure */

/* What is gathered; arrays in the show's arena. */
typedef struct gathering {
    kedge_show *show;
    kedge_arena *arena;
    kedge_table *runs, *shares;
    const char *metric;
    int group, seed, stream, status, value; /* columns of the runs */
    kedge_attribution_part *parts;
    kedge_attribution_figure figure;
} gathering;

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a figure");
}

/* The metric that is named, or the score, or the reconstruction error. */
static kedge_status ask(gathering *g)
{
    const kedge_draw_options *options = g->show->options;
    kedge_store *store = NULL;
    if (options->n_metrics > 1)
        return kedge_fail(KEDGE_EINVALID, "figure 'attribution' shows one metric, not %d", options->n_metrics);
    kedge_store_query query = {.metrics = options->n_metrics ? options->metrics : NULL,
                               .n_metrics = options->n_metrics};
    kedge_status status = kedge_show_store(g->show, &store);
    if (!status) status = kedge_store_runs(&g->runs, store, &query);
    if (status) return status;
    g->metric = options->n_metrics ? options->metrics[0] : kedge_table_column(g->runs, "score") >= 0 ? "score"
                                                                                                  : "recon_mse";
    kedge_attribute_options attribute = {.metric = g->metric};
    status = kedge_attribute(&g->shares, g->show->ctx, g->show->input, &attribute);
    if (status) return status;
    g->group = kedge_table_column(g->runs, "group"), g->seed = kedge_table_column(g->runs, "seed");
    g->stream = kedge_table_column(g->runs, "stream"), g->status = kedge_table_column(g->runs, "status");
    g->value = kedge_table_column(g->runs, g->metric);
    return KEDGE_OK;
}

/* ---- one group */

static int by_number(const void *a, const void *b)
{
    long long left = *(const long long *)a, right = *(const long long *)b;
    return (left > right) - (left < right);
}

/* The different seeds in a column among a group's runs, ascending; NULL without memory. */
static long long *list_seeds(const gathering *g, long long group, int column, int *n)
{
    long long rows = kedge_table_rows(g->runs);
    long long *seeds = kedge_arena_alloc(g->arena, (size_t)rows, sizeof *seeds);
    size_t found = 0, kept = 0;
    for (long long row = 0; seeds && row < rows; row++)
        if (kedge_table_cell(g->runs, row, g->group).integer == group)
            seeds[found++] = kedge_table_cell(g->runs, row, column).integer;
    if (!seeds) return NULL;
    qsort(seeds, found, sizeof *seeds, by_number);
    for (size_t i = 0; i < found; i++)
        if (kept == 0 || seeds[kept - 1] != seeds[i]) seeds[kept++] = seeds[i];
    *n = (int)kept;
    return seeds;
}

static size_t index_of(const long long *seeds, int n, long long seed)
{
    const long long *found = bsearch(&seed, seeds, (size_t)n, sizeof *seeds, by_number);
    return (size_t)(found - seeds);
}

static kedge_status fill_map(gathering *g, kedge_attribution_part *part, long long group)
{
    long long *weights = list_seeds(g, group, g->seed, &part->rows);
    long long *streams = list_seeds(g, group, g->stream, &part->columns);
    size_t cells = (size_t)part->rows * (size_t)part->columns;
    double *values = kedge_arena_alloc(g->arena, cells, sizeof *values);
    bool *failed = kedge_arena_alloc(g->arena, cells, sizeof *failed);
    if (!weights || !streams || !values || !failed) return no_memory();
    for (size_t i = 0; i < cells; i++) values[i] = NAN;
    for (long long row = 0; row < kedge_table_rows(g->runs); row++) {
        if (kedge_table_cell(g->runs, row, g->group).integer != group) continue;
        kedge_cell value = kedge_table_cell(g->runs, row, g->value), status = kedge_table_cell(g->runs, row, g->status);
        size_t i = index_of(weights, part->rows, kedge_table_cell(g->runs, row, g->seed).integer) *
                       (size_t)part->columns +
                   index_of(streams, part->columns, kedge_table_cell(g->runs, row, g->stream).integer);
        if (value.kind != KEDGE_CELL_NONE) values[i] = value.real;
        failed[i] = status.kind == KEDGE_CELL_TEXT && strcmp(status.text, "failed") == 0;
    }
    part->row_seeds = weights, part->column_seeds = streams;
    part->values = values, part->failed = failed;
    return KEDGE_OK;
}

static double real_of(const kedge_table *table, long long row, const char *column)
{
    kedge_cell cell = kedge_table_cell(table, row, kedge_table_column(table, column));
    return cell.kind == KEDGE_CELL_NONE ? NAN : cell.real;
}

/* Rows [row, row + NUMBERS * KEDGE_SOURCES) of the shares are one group's: of the metric, then of failure. */
static kedge_status add_part(gathering *g, long long row)
{
    kedge_attribution_part *part = &g->parts[g->figure.n_parts++];
    kedge_attribution_shares *shares = kedge_arena_alloc(g->arena, NUMBERS, sizeof *shares);
    kedge_cell label = kedge_table_cell(g->shares, row, kedge_table_column(g->shares, "settings"));
    if (!shares) return no_memory();
    *part = (kedge_attribution_part){.label = label.kind == KEDGE_CELL_TEXT ? label.text : "",
                                     .mean = real_of(g->shares, row, "mean"), .sd = real_of(g->shares, row, "sd"),
                                     .n_shares = NUMBERS, .shares = shares};
    for (int i = 0; i < NUMBERS; i++)
        for (int k = 0; k < KEDGE_SOURCES; k++) {
            long long at = row + i * KEDGE_SOURCES + k;
            shares[i].of = i == 0 ? g->metric : "failure (not clean)";
            shares[i].share[k] = real_of(g->shares, at, "share");
            shares[i].low[k] = real_of(g->shares, at, "low"), shares[i].high[k] = real_of(g->shares, at, "high");
        }
    return fill_map(g, part, kedge_table_cell(g->shares, row, kedge_table_column(g->shares, "group")).integer);
}

static kedge_status gather(gathering *g)
{
    kedge_status status = ask(g);
    if (status) return status;
    long long rows = kedge_table_rows(g->shares), each = NUMBERS * KEDGE_SOURCES;
    g->parts = kedge_arena_alloc(g->arena, (size_t)(rows / each), sizeof *g->parts);
    if (!g->parts) return no_memory();
    for (long long row = 0; row + each <= rows && !status; row += each) status = add_part(g, row);
    if (status) return status;
    int column = kedge_table_column(g->runs, "recipe");
    kedge_cell title = kedge_table_cell(g->runs, 0, column);
    g->figure.title = kedge_show_title(g->show, title.kind == KEDGE_CELL_TEXT ? title.text : "attribution");
    g->figure.subtitle = kedge_arena_format(g->arena, "%s of %.0f runs%s: weights or batches?", g->metric,
                                            real_of(g->shares, 0, "runs"),
                                            g->figure.n_parts > 1 ? " in each group" : " with crossed seeds");
    g->figure.metric = g->metric;
    g->figure.parts = g->parts;
    return g->figure.subtitle ? KEDGE_OK : no_memory();
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    gathering g = {.show = show, .arena = &show->arena};
    kedge_status status = gather(&g);
    if (!status) status = kedge_draw_attribution(show->ctx, &g.figure, to);
    kedge_table_free(g.shares);
    kedge_table_free(g.runs);
    return status;
}

const kedge_figure kedge_figure_attribution = {
    .info = {.name = "attribution", .summary = "crossed seeds of a store: whether weights or batches explain a metric",
             .input = KEDGE_FIGURE_STORE},
    .draw = draw,
};
