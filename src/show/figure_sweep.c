/* figure_sweep.c - the settings of a store side by side. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "draw/sweep.h"
#include "eval/metrics.h"
#include "show/figure.h"
#include "show/group_label.h"

/* What is gathered; arrays in the show's arena. */
typedef struct gathering {
    kedge_show *show;
    kedge_arena *arena;
    kedge_store *store;
    kedge_table *groups, *runs, *best; /* per group and metric; per run; the front */
    const char *metrics[2];
    int n_metrics;
    long long *numbers;                /* [n_groups] as the store counts them */
    kedge_sweep_group *list;           /* [n_groups] */
    int most, *places;                 /* the largest number; [most + 1] where the group of a number is in the list */
    bool crossed;                      /* some run's batches have another seed than its weights */
    kedge_sweep_figure figure;
} gathering;

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a figure");
}

static bool wants_more(const char *name)
{
    const kedge_metric *metric = kedge_metric_find(name);
    return metric && metric->more;
}

/* ---- groups */

static kedge_status ask_groups(gathering *g, const char *sort)
{
    kedge_store_query query = {.metrics = g->n_metrics ? g->metrics : NULL, .n_metrics = g->n_metrics, .sort = sort,
                               .by_group = 1};
    kedge_table_free(g->groups);
    g->groups = NULL;
    return kedge_store_runs(&g->groups, g->store, &query);
}

/* Without metrics named: the first that the store gives by itself. */
static kedge_status choose_metrics(gathering *g)
{
    const kedge_draw_options *options = g->show->options;
    if (options->n_metrics > 2)
        return kedge_fail(KEDGE_EINVALID, "figure 'sweep' shows one metric, or two against each other, not %d",
                          options->n_metrics);
    for (int i = 0; i < options->n_metrics; i++) g->metrics[g->n_metrics++] = options->metrics[i];
    if (g->n_metrics > 0) return KEDGE_OK;
    kedge_status status = ask_groups(g, NULL);
    if (status) return status;
    int column = kedge_table_column(g->groups, "metric");
    kedge_cell first = kedge_table_rows(g->groups) ? kedge_table_cell(g->groups, 0, column) : (kedge_cell){0};
    if (first.kind != KEDGE_CELL_TEXT)
        return kedge_fail(KEDGE_EINVALID, "%s: holds no metric of any run yet", g->show->input);
    g->metrics[0] = kedge_arena_text(g->arena, first.text);
    g->n_metrics = 1;
    return g->metrics[0] ? KEDGE_OK : no_memory();
}

static double real_of(const kedge_table *table, long long row, const char *column)
{
    int at = kedge_table_column(table, column);
    kedge_cell cell = at >= 0 ? kedge_table_cell(table, row, at) : (kedge_cell){.kind = KEDGE_CELL_NONE};
    return cell.kind == KEDGE_CELL_NONE ? NAN : cell.real;
}

/* A group's rows follow each other, one for each metric, in the order in which they were asked for. */
static kedge_status list_groups(gathering *g)
{
    long long rows = kedge_table_rows(g->groups);
    int n = (int)(rows / g->n_metrics);
    g->list = kedge_arena_alloc(g->arena, (size_t)n, sizeof *g->list);
    g->numbers = kedge_arena_alloc(g->arena, (size_t)n, sizeof *g->numbers);
    if (!g->list || !g->numbers) return no_memory();
    for (int i = 0; i < n; i++) {
        long long row = (long long)i * g->n_metrics, second = row + g->n_metrics - 1;
        double failed = real_of(g->groups, row, "failed");
        g->numbers[i] = kedge_table_cell(g->groups, row, kedge_table_column(g->groups, "group")).integer;
        g->list[i] = (kedge_sweep_group){
            .label = kedge_group_label(g->arena, g->groups, "metric", row),
            .failed = isnan(failed) ? 0 : (int)failed,
            .mean = real_of(g->groups, row, "mean"), .low = real_of(g->groups, row, "low"),
            .high = real_of(g->groups, row, "high"), .other_mean = real_of(g->groups, second, "mean"),
            .other_low = real_of(g->groups, second, "low"), .other_high = real_of(g->groups, second, "high")};
        if (!g->list[i].label) return no_memory();
    }
    g->figure.groups = g->list;
    g->figure.n_groups = n;
    return KEDGE_OK;
}

/* ---- runs */

static kedge_status index_groups(gathering *g)
{
    for (int i = 0; i < g->figure.n_groups; i++) g->most = g->numbers[i] > g->most ? (int)g->numbers[i] : g->most;
    g->places = kedge_arena_alloc(g->arena, (size_t)g->most + 1, sizeof *g->places);
    if (!g->places) return no_memory();
    for (int i = 0; i <= g->most; i++) g->places[i] = -1;
    for (int i = 0; i < g->figure.n_groups; i++) g->places[g->numbers[i]] = i;
    return KEDGE_OK;
}

/* Walks over the runs that have all metrics: counts them by group, and keeps their values where there is room. */
static void walk_runs(gathering *g, double **values, double **others)
{
    const kedge_table *runs = g->runs;
    int group = kedge_table_column(runs, "group"), seed = kedge_table_column(runs, "seed");
    int stream = kedge_table_column(runs, "stream"), first = kedge_table_column(runs, g->metrics[0]);
    int second = kedge_table_column(runs, g->metrics[g->n_metrics - 1]);
    for (int i = 0; i < g->figure.n_groups; i++) g->list[i].n = 0;
    for (long long row = 0; row < kedge_table_rows(runs); row++) {
        long long number = kedge_table_cell(runs, row, group).integer;
        kedge_cell a = kedge_table_cell(runs, row, first), b = kedge_table_cell(runs, row, second);
        long long weights = kedge_table_cell(runs, row, seed).integer;
        g->crossed |= weights != kedge_table_cell(runs, row, stream).integer;
        int place = number <= g->most ? g->places[number] : -1;
        if (place < 0 || a.kind == KEDGE_CELL_NONE || b.kind == KEDGE_CELL_NONE) continue;
        if (values) values[place][g->list[place].n] = a.real, others[place][g->list[place].n] = b.real;
        g->list[place].n++;
    }
}

static kedge_status add_runs(gathering *g)
{
    size_t n = (size_t)g->figure.n_groups;
    double **values = kedge_arena_alloc(g->arena, n, sizeof *values);
    double **others = kedge_arena_alloc(g->arena, n, sizeof *others);
    kedge_status status = index_groups(g);
    if (status) return status;
    if (!values || !others) return no_memory();
    walk_runs(g, NULL, NULL);
    for (size_t i = 0; i < n; i++) {
        g->list[i].values = values[i] = kedge_arena_alloc(g->arena, (size_t)g->list[i].n, sizeof *values[i]);
        g->list[i].others = others[i] = kedge_arena_alloc(g->arena, (size_t)g->list[i].n, sizeof *others[i]);
        if (!values[i] || !others[i]) return no_memory();
    }
    walk_runs(g, values, others);
    return KEDGE_OK;
}

static kedge_status find_front(gathering *g)
{
    bool single = g->figure.n_groups == 1;
    const kedge_store_objective objectives[2] = {{g->metrics[0], g->figure.more},
                                                 {g->metrics[1], g->figure.other_more}};
    kedge_store_pareto_options options = {.objectives = objectives, .n_objectives = 2, .runs = single};
    kedge_status status = kedge_store_pareto(&g->best, g->store, &options);
    if (status) return status;
    int n = (int)kedge_table_rows(g->best), group = kedge_table_column(g->best, "group");
    double *x = kedge_arena_alloc(g->arena, (size_t)n, sizeof *x);
    double *y = kedge_arena_alloc(g->arena, (size_t)n, sizeof *y);
    if (!x || !y) return no_memory();
    for (int row = 0; row < n; row++) {
        x[row] = real_of(g->best, row, g->metrics[0]), y[row] = real_of(g->best, row, g->metrics[1]);
        for (int i = 0; i < g->figure.n_groups && !single; i++)
            if (g->numbers[i] == kedge_table_cell(g->best, row, group).integer) g->list[i].front = true;
    }
    g->figure.n_front = n, g->figure.front = x, g->figure.front_others = y;
    return KEDGE_OK;
}

/* ---- words */

static kedge_status find_words(gathering *g)
{
    int column = kedge_table_column(g->groups, "recipe"), runs = 0;
    kedge_cell title = kedge_table_cell(g->groups, 0, column);
    for (long long row = 1; row < kedge_table_rows(g->groups) && title.kind == KEDGE_CELL_TEXT; row++) {
        kedge_cell other = kedge_table_cell(g->groups, row, column);
        if (other.kind != KEDGE_CELL_TEXT || strcmp(other.text, title.text) != 0) title.kind = KEDGE_CELL_NONE;
    }
    for (int i = 0; i < g->figure.n_groups; i++) runs += g->list[i].n;
    g->figure.title = kedge_show_title(g->show, title.kind == KEDGE_CELL_TEXT ? title.text : "sweep");
    g->figure.subtitle = kedge_arena_format(
        g->arena, "%d %s%s%s in %d %s%s", runs, runs == 1 ? "run" : "runs",
        g->n_metrics == 2 ? " with both metrics" : "",
        g->figure.n_groups > KEDGE_SWEEP_ROWS && g->n_metrics == 1 ? ", best first," : "", g->figure.n_groups,
        g->figure.n_groups == 1 ? "group" : "groups",
        g->crossed ? "; their seeds are crossed, so intervals are too narrow" : "");
    return g->figure.subtitle ? KEDGE_OK : no_memory();
}

static kedge_status gather(gathering *g)
{
    kedge_status status = kedge_show_store(g->show, &g->store);
    if (!status) status = choose_metrics(g);
    if (!status) status = ask_groups(g, NULL);
    if (status) return status;
    bool more = g->figure.more = wants_more(g->metrics[0]);
    g->figure.metric = g->metrics[0];
    if (g->n_metrics == 2) g->figure.other = g->metrics[1], g->figure.other_more = wants_more(g->metrics[1]);
    if (g->n_metrics == 1 && kedge_table_rows(g->groups) > KEDGE_SWEEP_ROWS) {
        const char *sort = kedge_arena_format(g->arena, "%s%s", g->metrics[0], more ? ":desc" : "");
        status = sort ? ask_groups(g, sort) : no_memory();
    }
    kedge_store_query query = {.metrics = g->metrics, .n_metrics = g->n_metrics};
    if (!status) status = kedge_store_runs(&g->runs, g->store, &query);
    if (!status) status = list_groups(g);
    if (!status) status = add_runs(g);
    if (!status && g->n_metrics == 2) status = find_front(g);
    return status ? status : find_words(g);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    gathering g = {.show = show, .arena = &show->arena};
    kedge_status status = gather(&g);
    if (!status) status = kedge_draw_sweep(show->ctx, &g.figure, to);
    kedge_table_free(g.best);
    kedge_table_free(g.runs);
    kedge_table_free(g.groups);
    return status;
}

const kedge_figure kedge_figure_sweep = {
    .info = {.name = "sweep", .summary = "a metric under each setting of a store, or two metrics and their front",
             .input = KEDGE_FIGURE_STORE},
    .draw = draw,
};
