/* pareto.c - what no other is better than. */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "store/answer.h"
#include "store/statistics.h"

/* A group or a run, with its objectives; the less the better in all of them. */
typedef struct candidate {
    size_t index;
    const double *costs;
    int n;
} candidate;

typedef struct question {
    kedge_frame frame;
    kedge_partition partition;
    const kedge_store_pareto_options *options;
    size_t *metrics;   /* of the objectives, in the frame */
    double *values;    /* [n_runs] */
    double *costs;     /* [candidates][objectives] */
    candidate *all;
    size_t n;          /* candidates with all objectives defined, then those on the front */
} question;

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a Pareto front");
}

/* The mean over a group's runs, or a run's value; NaN: undefined. */
static double objective(question *self, size_t index, size_t metric)
{
    if (self->options->runs) return self->frame.metrics[metric].values[index];
    size_t n = kedge_frame_values(&self->frame, &self->partition, index, metric, self->values);
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += self->values[i];
    return n > 0 ? sum / (double)n : NAN;
}

static void gather(question *self)
{
    const kedge_store_pareto_options *options = self->options;
    size_t n = options->runs ? self->frame.n_runs : self->frame.n_groups, width = (size_t)options->n_objectives;
    for (size_t i = 0; i < n; i++) {
        double *costs = self->costs + self->n * width;
        bool defined = !options->runs || self->frame.runs[i].kept;
        for (size_t j = 0; j < width && defined; j++) {
            double value = objective(self, i, self->metrics[j]);
            costs[j] = options->objectives[j].maximize ? -value : value;
            defined = isfinite(value);
        }
        if (defined) self->all[self->n++] = (candidate){.index = i, .costs = costs, .n = options->n_objectives};
    }
}

/* By the first objective, then the second, ... */
static int by_costs(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    for (int j = 0; j < x->n; j++)
        if (x->costs[j] != y->costs[j]) return x->costs[j] < y->costs[j] ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static bool dominates(const candidate *x, const candidate *y)
{
    bool better = false;
    for (int j = 0; j < x->n; j++) {
        if (x->costs[j] > y->costs[j]) return false;
        better |= x->costs[j] < y->costs[j];
    }
    return better;
}

/* In this order none is dominated by a later one: it is enough to look at the front so far. */
static void keep_front(question *self)
{
    size_t kept = 0;
    qsort(self->all, self->n, sizeof *self->all, by_costs);
    for (size_t i = 0; i < self->n; i++) {
        bool beaten = false;
        for (size_t j = 0; j < kept && !beaten; j++) beaten = dominates(&self->all[j], &self->all[i]);
        if (!beaten) self->all[kept++] = self->all[i];
    }
    self->n = kept;
}

/* ---- the table ---- */

static void add_columns(kedge_table *table, const question *self)
{
    const kedge_frame *frame = &self->frame;
    bool runs = self->options->runs;
    if (runs) kedge_table_add_column(table, "id", KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "group", KEDGE_RANK_KEPT);
    kedge_answer_add_settings(table, frame);
    kedge_table_add_column(table, runs ? "seed" : "n", KEDGE_RANK_KEPT);
    if (runs) kedge_table_add_column(table, "stream", frame->crossed ? KEDGE_RANK_KEPT : KEDGE_RANK_NOT_SHOWN);
    else kedge_table_add_column(table, "failed", KEDGE_RANK_KEPT);
    for (int j = 0; j < self->options->n_objectives; j++)
        kedge_table_add_column(table, self->options->objectives[j].metric, KEDGE_RANK_KEPT);
    kedge_answer_add_recipe(table, frame);
}

static void add_row(kedge_table *table, question *self, const candidate *one)
{
    const kedge_frame *frame = &self->frame;
    int at = 0, n_objectives = self->options->n_objectives;
    size_t group = one->index, least = frame->n_runs;
    kedge_table_add_row(table);
    if (self->options->runs) {
        const kedge_frame_run *run = &frame->runs[one->index];
        group = run->group;
        kedge_table_put_integer(table, &at, run->id);
        kedge_table_put_integer(table, &at, (long long)group + 1);
        kedge_answer_put_settings(table, &at, frame, group);
        kedge_table_put_integer(table, &at, run->seed);
        kedge_table_put_integer(table, &at, run->stream);
    } else {
        for (int j = 0; j < n_objectives; j++) {
            size_t n = kedge_frame_values(frame, &self->partition, group, self->metrics[j], self->values);
            if (n < least) least = n;
        }
        kedge_table_put_integer(table, &at, (long long)group + 1);
        kedge_answer_put_settings(table, &at, frame, group);
        kedge_table_put_integer(table, &at, (long long)least);
        kedge_table_put_integer(table, &at, kedge_answer_count(frame, &self->partition, group, "failed"));
    }
    for (int j = 0; j < n_objectives; j++)
        kedge_table_put_real(table, &at, self->options->objectives[j].maximize ? -one->costs[j] : one->costs[j]);
    kedge_answer_put_recipe(table, &at, frame, group);
}

static kedge_status answer(question *self, kedge_table *table)
{
    kedge_frame *frame = &self->frame;
    size_t width = (size_t)self->options->n_objectives, n = self->options->runs ? frame->n_runs : frame->n_groups;
    kedge_status status = kedge_frame_filter(frame, self->options->where, self->options->n_where);
    if (!status) status = kedge_frame_partition(frame, &self->partition);
    if (status) return status;
    self->metrics = kedge_arena_alloc(&frame->arena, width, sizeof *self->metrics);
    self->values = kedge_arena_alloc(&frame->arena, frame->n_runs, sizeof *self->values);
    self->costs = kedge_arena_alloc(&frame->arena, (n + 1) * width, sizeof *self->costs);
    self->all = kedge_arena_alloc(&frame->arena, n, sizeof *self->all);
    if (!self->metrics || !self->values || !self->costs || !self->all) return no_memory();
    for (size_t j = 0; j < width && !status; j++)
        status = kedge_frame_metric_index(frame, self->options->objectives[j].metric, &self->metrics[j]);
    if (status) return status;
    gather(self);
    keep_front(self);
    add_columns(table, self);
    for (size_t i = 0; i < self->n && !table->broken; i++) add_row(table, self, &self->all[i]);
    return kedge_table_status(table);
}

kedge_status kedge_store_pareto(kedge_table **out, kedge_store *store, const kedge_store_pareto_options *options)
{
    question self = {.options = options};
    kedge_table *table = NULL;
    if (options->n_objectives < 1)
        return kedge_fail(KEDGE_EINVALID, "%s: a Pareto front needs something to minimize or to maximize", store->path);
    kedge_status status = kedge_frame_init(&self.frame, store);
    if (!status) status = kedge_table_create(&table, store->ctx);
    if (!status) status = answer(&self, table);
    kedge_frame_release(&self.frame);
    if (status) kedge_table_free(table);
    else *out = table;
    return status;
}
