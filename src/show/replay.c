/* replay.c - a run once more, with all that happened on its way. */
#include "show/replay.h"

#include <math.h>
#include <string.h>

enum { BYTES_MAX = 32 << 20 }; /* of kept parameters, where the caller leaves it to us */

static void keep(kedge_replay *self, int step)
{
    const kedge_params *params = &self->worker->trainer->params;
    float *to = self->parameters + (size_t)self->n_records * self->n_parameters;
    for (int i = 0; i < params->n; i++) {
        size_t count = kedge_param_count(&params->list[i]);
        memcpy(to, params->values + params->list[i].offset, count * sizeof *to);
        to += count;
    }
    self->at[self->n_records++] = step;
}

typedef struct watching {
    kedge_replay *replay;
    int stride;
} watching;

static kedge_status watch(const kedge_step *step, void *payload)
{
    const watching *w = payload;
    kedge_replay *self = w->replay;
    float *row = self->losses + (size_t)step->step * (size_t)(self->n_terms + 1);
    *row++ = step->values[0];
    for (int i = 0; i < self->n_terms; i++) row[i] = kedge_step_active(step, i) ? step->values[i + 1] : (float)NAN;
    if (step->step % w->stride == 0) keep(self, step->step);
    return KEDGE_OK;
}

bool kedge_replay_same(const kedge_params *a, const kedge_params *b)
{
    return a->size == b->size && memcmp(a->values, b->values, a->size * sizeof *a->values) == 0;
}

static kedge_status allocate(kedge_replay *self, int *stride)
{
    size_t steps = (size_t)self->steps, size = self->n_parameters * sizeof *self->parameters;
    if (*stride <= 0) *stride = (int)(1 + steps * size / BYTES_MAX);
    size_t n = (steps + (size_t)*stride - 1) / (size_t)*stride + 1, columns = (size_t)self->n_terms + 1;
    self->losses = kedge_alloc(self->ctx, steps * columns, sizeof *self->losses);
    self->at = kedge_alloc(self->ctx, n, sizeof *self->at);
    self->parameters = kedge_alloc(self->ctx, n * self->n_parameters, sizeof *self->parameters);
    if (!self->losses || !self->at || !self->parameters) return kedge_fail_memory("the history of a run");
    for (size_t i = 0; i < steps * columns; i++) self->losses[i] = (float)NAN;
    return KEDGE_OK;
}

static kedge_status create(kedge_replay *self, int stride, const kedge_params *stored)
{
    kedge_status status = kedge_recipe_training_init(&self->training, self->recipe);
    if (status) return status;
    status = kedge_worker_create(&self->worker, self->ctx, self->recipe, &self->training.training, false);
    if (status) return status;
    const kedge_training *training = self->worker->trainer->training;
    self->steps = training->steps;
    self->n_terms = training->n_terms;
    self->lr = training->lr;
    self->weights = training->weights;
    self->params = &self->worker->trainer->params;
    self->evaluator = self->worker->evaluator;
    self->n_parameters = self->params->count;
    status = allocate(self, &stride);
    if (status) return status;
    watching w = {self, stride};
    kedge_train_events events = {.step = watch, .payload = &w};
    status = kedge_worker_train(self->worker, (uint64_t)self->seed, (uint64_t)self->seed, &events);
    self->steps = training->steps; /* fewer where rows of the schedule came early */
    if (status == KEDGE_ENUMERIC) return KEDGE_OK; /* a run that failed has a history up to there */
    if (status) return status;
    keep(self, self->steps);
    self->exact = !stored || kedge_replay_same(self->params, stored);
    return KEDGE_OK;
}

kedge_status kedge_replay_create(kedge_replay **out, kedge_context *ctx, const kedge_recipe *recipe, long long seed,
                                 int stride, const kedge_params *stored)
{
    kedge_replay *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("the history of a run");
    self->ctx = ctx;
    self->recipe = recipe;
    self->seed = seed;
    kedge_status status = create(self, stride, stored);
    if (status) {
        kedge_replay_free(self);
        return status;
    }
    if (self->n_records > 0) kedge_replay_seek(self, self->n_records - 1);
    *out = self;
    return KEDGE_OK;
}

void kedge_replay_free(kedge_replay *replay)
{
    if (!replay) return;
    kedge_worker_free(replay->worker);
    kedge_recipe_training_release(&replay->training);
    kedge_release(replay->ctx, replay->losses);
    kedge_release(replay->ctx, replay->at);
    kedge_release(replay->ctx, replay->parameters);
    kedge_release(replay->ctx, replay);
}

void kedge_replay_seek(kedge_replay *replay, int record)
{
    const float *from = replay->parameters + (size_t)record * replay->n_parameters;
    for (int i = 0; i < replay->params->n; i++) {
        size_t count = kedge_param_count(&replay->params->list[i]);
        memcpy(replay->params->values + replay->params->list[i].offset, from, count * sizeof *from);
        from += count;
    }
    replay->record = record;
    kedge_evaluator_run(replay->evaluator);
}

int kedge_replay_find(const kedge_replay *replay, int step)
{
    int low = 0, high = replay->n_records;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (replay->at[middle] <= step) low = middle;
        else high = middle;
    }
    return low;
}
