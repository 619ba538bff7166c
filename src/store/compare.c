/* compare.c - two groups, paired by seed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/answer.h"
#include "store/statistics.h"

typedef struct question {
    kedge_frame frame;
    kedge_partition partition;
    size_t groups[2];
    size_t *runs[2];    /* of the groups, by seed and stream */
    double *values[2];  /* [n_runs] */
    kedge_resamples resamples;
} question;

typedef struct placed_run {
    int64_t seed, stream;
    size_t run;
} placed_run;

static int by_seed(const void *a, const void *b)
{
    const placed_run *x = a, *y = b;
    if (x->seed != y->seed) return x->seed < y->seed ? -1 : 1;
    return (x->stream > y->stream) - (x->stream < y->stream);
}

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a comparison");
}

static size_t size_of(const question *self, int side)
{
    const size_t *first = self->partition.first + self->groups[side];
    return first[1] - first[0];
}

/* Puts the runs of both groups in the order of their seeds. */
static kedge_status order_runs(question *self)
{
    kedge_frame *frame = &self->frame;
    for (int side = 0; side < 2; side++) {
        size_t n = size_of(self, side), first = self->partition.first[self->groups[side]];
        placed_run *placed = kedge_arena_alloc(&frame->arena, n, sizeof *placed);
        self->runs[side] = kedge_arena_alloc(&frame->arena, n, sizeof *self->runs[side]);
        self->values[side] = kedge_arena_alloc(&frame->arena, frame->n_runs, sizeof *self->values[side]);
        if (!placed || !self->runs[side] || !self->values[side]) return no_memory();
        for (size_t i = 0; i < n; i++) {
            const kedge_frame_run *run = &frame->runs[self->partition.order[first + i]];
            placed[i] = (placed_run){run->seed, run->stream, (size_t)(run - frame->runs)};
        }
        qsort(placed, n, sizeof *placed, by_seed);
        for (size_t i = 0; i < n; i++) self->runs[side][i] = placed[i].run;
    }
    return KEDGE_OK;
}

/* The values of pairs that have both; their number. */
static size_t pair_up(question *self, size_t metric)
{
    const kedge_frame *frame = &self->frame;
    const double *values = frame->metrics[metric].values;
    size_t i = 0, j = 0, n = 0, n_a = size_of(self, 0), n_b = size_of(self, 1);
    while (i < n_a && j < n_b) {
        size_t a = self->runs[0][i], b = self->runs[1][j];
        placed_run x = {frame->runs[a].seed, frame->runs[a].stream, 0};
        placed_run y = {frame->runs[b].seed, frame->runs[b].stream, 0};
        int order = by_seed(&x, &y);
        i += order <= 0;
        j += order >= 0;
        if (order != 0 || !isfinite(values[a]) || !isfinite(values[b])) continue;
        self->values[0][n] = values[a];
        self->values[1][n++] = values[b];
    }
    return n;
}

static kedge_status add_metric(kedge_table *table, question *self, size_t metric)
{
    kedge_paired all;
    double superiority;
    int at = 0;
    const kedge_frame *frame = &self->frame;
    kedge_status status = kedge_compare_pairs(&all, &self->resamples, self->values[0], self->values[1],
                                              pair_up(self, metric));
    if (status) return status;
    size_t n_a = kedge_frame_values(frame, &self->partition, self->groups[0], metric, self->values[0]);
    size_t n_b = kedge_frame_values(frame, &self->partition, self->groups[1], metric, self->values[1]);
    status = kedge_superiority(&superiority, frame->ctx, self->values[0], n_a, self->values[1], n_b);
    if (status) return status;
    kedge_table_add_row(table);
    for (int side = 0; side < 2; side++) kedge_table_put_integer(table, &at, (long long)self->groups[side] + 1);
    kedge_table_put_text(table, &at, frame->metrics[metric].name);
    kedge_table_put_integer(table, &at, (long long)all.n);
    kedge_table_put_real(table, &at, all.mean_a);
    kedge_table_put_real(table, &at, all.mean_b);
    kedge_table_put_real(table, &at, all.difference.mean);
    kedge_table_put_real(table, &at, all.difference.of_mean.low);
    kedge_table_put_real(table, &at, all.difference.of_mean.high);
    kedge_table_put_real(table, &at, all.effect);
    kedge_table_put_integer(table, &at, (long long)all.higher);
    kedge_table_put_integer(table, &at, (long long)all.equal);
    kedge_table_put_integer(table, &at, (long long)all.lower);
    kedge_table_put_real(table, &at, superiority);
    return kedge_table_status(table);
}

static kedge_status add_heading(kedge_table *table, const question *self)
{
    kedge_text text;
    kedge_text_init(&text, self->frame.ctx);
    for (int side = 0; side < 2; side++) {
        size_t group = self->groups[side];
        long long failed = kedge_answer_count(&self->frame, &self->partition, group, "failed");
        long long done = kedge_answer_count(&self->frame, &self->partition, group, "done");
        kedge_text_addf(&text, "%c: group %zu, ", "ab"[side], group + 1);
        kedge_answer_add_label(&text, &self->frame, group);
        if (!self->frame.one_title) kedge_text_addf(&text, ", %s", self->frame.groups[group].title);
        kedge_text_addf(&text, ": %lld run%s", done, done == 1 ? "" : "s");
        if (failed) kedge_text_addf(&text, " and %lld that failed", failed);
        kedge_text_add(&text, "\n");
    }
    kedge_status status = kedge_text_status(&text, "a table");
    if (!status) kedge_table_set_heading(table, kedge_text_string(&text));
    kedge_text_release(&text);
    return status ? status : kedge_table_status(table);
}

static kedge_status answer(question *self, kedge_table *table, const kedge_store_compare_options *options)
{
    static const struct {
        const char *name;
        int rank;
    } columns[] = {
        {"a", KEDGE_RANK_NOT_SHOWN}, {"b", KEDGE_RANK_NOT_SHOWN}, {"metric", KEDGE_RANK_KEPT}, {"n", KEDGE_RANK_KEPT},
        {"mean_a", 1}, {"mean_b", 1}, {"diff", KEDGE_RANK_KEPT}, {"low", KEDGE_RANK_KEPT}, {"high", KEDGE_RANK_KEPT},
        {"d_z", KEDGE_RANK_KEPT}, {"higher", 2}, {"equal", KEDGE_RANK_FIRST_OUT}, {"lower", 2},
        {"p_higher", KEDGE_RANK_KEPT},
    };
    const kedge_metric_choice choice = {options->metrics, options->n_metrics, options->all_metrics};
    size_t *metrics, n;
    kedge_frame *frame = &self->frame;
    kedge_status status = kedge_frame_group_named(frame, options->a, &self->groups[0]);
    if (!status) status = kedge_frame_group_named(frame, options->b, &self->groups[1]);
    if (!status && self->groups[0] == self->groups[1])
        status = kedge_fail(KEDGE_EINVALID, "%s: '%s' and '%s' are the same group, %zu", frame->store->path,
                            options->a, options->b, self->groups[0] + 1);
    if (status) return status;
    for (size_t i = 0; i < frame->n_runs; i++) /* metrics of other runs need not be read */
        frame->runs[i].kept = frame->runs[i].group == self->groups[0] || frame->runs[i].group == self->groups[1];
    status = kedge_frame_partition(frame, &self->partition);
    if (!status) status = order_runs(self);
    if (!status) status = kedge_frame_choose(frame, &choice, &metrics, &n);
    if (!status) status = add_heading(table, self);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        kedge_table_add_column(table, columns[i].name, columns[i].rank);
    for (size_t i = 0; !status && i < n; i++) status = add_metric(table, self, metrics[i]);
    return status ? status : kedge_table_status(table);
}

kedge_status kedge_store_compare(kedge_table **out, kedge_store *store, const kedge_store_compare_options *options)
{
    question self = {0};
    kedge_table *table = NULL;
    kedge_resamples_init(&self.resamples, store->ctx);
    kedge_status status = kedge_frame_init(&self.frame, store);
    if (!status) status = kedge_table_create(&table, store->ctx);
    if (!status) status = answer(&self, table, options);
    kedge_frame_release(&self.frame);
    kedge_resamples_release(&self.resamples);
    if (status) kedge_table_free(table);
    else *out = table;
    return status;
}
