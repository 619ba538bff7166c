/* runs.c - the runs of a store, one by one or by group. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/answer.h"
#include "store/statistics.h"

/* ---- one by one ---- */

static bool contains(const size_t *columns, size_t n, size_t metric)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i] == metric) return true;
    return false;
}

static void add_run(kedge_table *table, const kedge_frame *frame, const kedge_frame_run *run, const size_t *columns,
                    size_t n)
{
    int at = 0;
    kedge_table_add_row(table);
    kedge_table_put_integer(table, &at, run->id);
    kedge_table_put_integer(table, &at, (long long)run->group + 1);
    kedge_answer_put_settings(table, &at, frame, run->group);
    kedge_table_put_integer(table, &at, run->seed);
    kedge_table_put_integer(table, &at, run->stream);
    kedge_table_put_text(table, &at, run->status);
    for (size_t i = 0; i < n; i++)
        kedge_table_put_real(table, &at, frame->metrics[columns[i]].values[run - frame->runs]);
    kedge_table_put_text(table, &at, run->message);
    kedge_answer_put_recipe(table, &at, frame, run->group);
}

static kedge_status list_runs(kedge_table *table, kedge_frame *frame, size_t *columns, size_t n, const char *word,
                              bool descending)
{
    kedge_name key = {.kind = KEDGE_NAME_ID};
    kedge_status status = word ? kedge_frame_find(frame, word, &key) : KEDGE_OK;
    if (status) return status;
    if (key.kind == KEDGE_NAME_METRIC && !contains(columns, n, key.index)) columns[n++] = key.index;
    kedge_table_add_column(table, "id", KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "group", frame->n_groups > 1 ? KEDGE_RANK_FIRST_OUT - 2 : KEDGE_RANK_NOT_SHOWN);
    kedge_answer_add_settings(table, frame);
    kedge_table_add_column(table, "seed", KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "stream", frame->crossed ? KEDGE_RANK_KEPT : KEDGE_RANK_NOT_SHOWN);
    kedge_table_add_column(table, "status", KEDGE_RANK_KEPT);
    for (size_t i = 0; i < n; i++)
        kedge_table_add_column(table, frame->metrics[columns[i]].name, i == 0 ? KEDGE_RANK_KEPT : KEDGE_RANK_KEPT + 1);
    kedge_table_add_column(table, "message", KEDGE_RANK_FIRST_OUT);
    kedge_answer_add_recipe(table, frame);
    for (size_t i = 0; i < frame->n_runs && !table->broken; i++)
        if (frame->runs[i].kept) add_run(table, frame, &frame->runs[i], columns, n);
    status = kedge_table_status(table);
    int column = word ? kedge_answer_column(table, frame, word) : -1;
    return status || column < 0 ? status : kedge_table_sort(table, column, descending);
}

/* ---- by group ---- */

static void add_group_columns(kedge_table *table, const kedge_frame *frame, bool failed, bool pending)
{
    static const struct {
        const char *name;
        int rank;
    } statistics[] = {
        {"mean", KEDGE_RANK_KEPT}, {"low", 1}, {"high", 1}, {"sd", 2},
        {"min", KEDGE_RANK_KEPT}, {"25%", 6}, {"median", 1},
        {"median_low", KEDGE_RANK_NOT_SHOWN}, {"median_high", KEDGE_RANK_NOT_SHOWN}, {"75%", 6},
        {"max", 3},
    };
    kedge_table_add_column(table, "group", KEDGE_RANK_KEPT);
    kedge_answer_add_settings(table, frame);
    kedge_table_add_column(table, "metric", KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "n", KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "failed", failed ? KEDGE_RANK_KEPT : KEDGE_RANK_NOT_SHOWN);
    kedge_table_add_column(table, "pending", pending ? KEDGE_RANK_KEPT : KEDGE_RANK_NOT_SHOWN);
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++)
        kedge_table_add_column(table, statistics[i].name, statistics[i].rank);
    kedge_answer_add_recipe(table, frame);
}

static void put_distribution(kedge_table *table, int *at, const kedge_distribution *d)
{
    const double values[] = {d->mean, d->of_mean.low, d->of_mean.high, d->sd, d->min, d->q25, d->median,
                             d->of_median.low, d->of_median.high, d->q75, d->max};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) kedge_table_put_real(table, at, values[i]);
}

/* What rows of groups are made from. */
typedef struct group_work {
    kedge_table *table;
    const kedge_frame *frame;
    kedge_partition partition;
    kedge_resamples resamples;
    double *values; /* [n_runs] */
} group_work;

/* A row for a metric of a group; 'metric' NULL where nothing has been measured at all. */
static kedge_status add_group(group_work *work, size_t group, const size_t *metric)
{
    kedge_distribution all;
    int at = 0;
    kedge_table *table = work->table;
    const kedge_frame *frame = work->frame;
    const kedge_partition *partition = &work->partition;
    size_t n = metric ? kedge_frame_values(frame, partition, group, *metric, work->values) : 0;
    kedge_status status = kedge_describe(&all, &work->resamples, work->values, n);
    if (status) return status;
    kedge_table_add_row(table);
    kedge_table_put_integer(table, &at, (long long)group + 1);
    kedge_answer_put_settings(table, &at, frame, group);
    kedge_table_put_text(table, &at, metric ? frame->metrics[*metric].name : NULL);
    kedge_table_put_integer(table, &at, (long long)n);
    kedge_table_put_integer(table, &at, kedge_answer_count(frame, partition, group, "failed"));
    kedge_table_put_integer(table, &at, kedge_answer_count(frame, partition, group, "pending"));
    put_distribution(table, &at, &all);
    kedge_answer_put_recipe(table, &at, frame, group);
    return kedge_table_status(table);
}

typedef struct placed_group {
    kedge_cell mean;
    size_t group;
    bool descending;
} placed_group;

static int by_mean(const void *a, const void *b)
{
    const placed_group *x = a, *y = b;
    int order = kedge_cell_compare(x->mean, y->mean);
    bool none = x->mean.kind == KEDGE_CELL_NONE || y->mean.kind == KEDGE_CELL_NONE;
    if (order != 0) return x->descending && !none ? -order : order;
    return (x->group > y->group) - (x->group < y->group);
}

/* The groups that have kept runs, in the order of a metric's mean; by number where 'metric' is NULL. */
static size_t place_groups(const group_work *work, const size_t *metric, bool descending, placed_group *groups)
{
    const kedge_frame *frame = work->frame;
    const kedge_partition *partition = &work->partition;
    double *values = work->values;
    size_t n = 0;
    for (size_t g = 0; g < frame->n_groups; g++) {
        if (partition->first[g] == partition->first[g + 1]) continue;
        double sum = 0;
        size_t m = metric ? kedge_frame_values(frame, partition, g, *metric, values) : 0;
        for (size_t i = 0; i < m; i++) sum += values[i];
        groups[n++] = (placed_group){{.kind = m ? KEDGE_CELL_REAL : KEDGE_CELL_NONE, .real = sum / (double)m}, g,
                                     descending};
    }
    qsort(groups, n, sizeof *groups, by_mean);
    return n;
}

static kedge_status fill_groups(kedge_table *table, kedge_frame *frame, const size_t *columns, size_t n,
                                const size_t *order, bool descending)
{
    group_work work = {.table = table, .frame = frame};
    kedge_status status = kedge_frame_partition(frame, &work.partition);
    if (status) return status;
    kedge_resamples_init(&work.resamples, frame->ctx);
    work.values = kedge_alloc(frame->ctx, frame->n_runs, sizeof *work.values);
    placed_group *groups = kedge_alloc(frame->ctx, frame->n_groups, sizeof *groups);
    if (!work.values || !groups) {
        status = kedge_fail_memory("a table");
        goto done;
    }
    size_t n_groups = place_groups(&work, order, descending, groups);
    for (size_t i = 0; i < n_groups && !status; i++)
        for (size_t j = 0; (j < n || (n == 0 && j == 0)) && !status; j++)
            status = add_group(&work, groups[i].group, n ? &columns[j] : NULL);
done:
    kedge_resamples_release(&work.resamples);
    kedge_release(frame->ctx, work.values);
    kedge_release(frame->ctx, groups);
    return status;
}

static bool any(const kedge_frame *frame, const char *status)
{
    for (size_t i = 0; i < frame->n_runs; i++)
        if (frame->runs[i].kept && strcmp(frame->runs[i].status, status) == 0) return true;
    return false;
}

static kedge_status list_groups(kedge_table *table, kedge_frame *frame, const size_t *columns, size_t n,
                                const char *word, bool descending)
{
    size_t order;
    kedge_status status = KEDGE_OK;
    add_group_columns(table, frame, any(frame, "failed"), any(frame, "pending"));
    int column = word ? kedge_answer_column(table, frame, word) : -1;
    bool by_metric = word && column < 0;
    if (by_metric) status = kedge_frame_metric_index(frame, word, &order);
    if (!status) status = fill_groups(table, frame, columns, n, by_metric ? &order : NULL, descending);
    return status || column < 0 ? status : kedge_table_sort(table, column, descending);
}

/* ---- the question ---- */

kedge_status kedge_store_runs(kedge_table **out, kedge_store *store, const kedge_store_query *query)
{
    kedge_frame frame;
    kedge_table *table = NULL;
    size_t *columns = NULL, n = 0;
    const char *word = NULL;
    bool descending = false;
    const kedge_metric_choice choice = {query->metrics, query->n_metrics, query->all_metrics};
    kedge_status status = kedge_frame_init(&frame, store);
    if (!status) status = kedge_frame_filter(&frame, query->where, query->n_where);
    if (!status) status = kedge_frame_choose(&frame, &choice, &columns, &n);
    if (!status && query->sort) status = kedge_answer_read_order(&frame, query->sort, &word, &descending);
    if (!status) status = kedge_table_create(&table, store->ctx);
    if (!status)
        status = query->by_group ? list_groups(table, &frame, columns, n, word, descending)
                                 : list_runs(table, &frame, columns, n, word, descending);
    if (!status && query->limit > 0) kedge_table_cut(table, query->limit);
    kedge_frame_release(&frame);
    if (status) kedge_table_free(table);
    else *out = table;
    return status;
}
