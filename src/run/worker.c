/* worker.c - trains and measures seeds of one recipe, for one thread. */
#include "run/worker.h"

/* The control learns as the run does that it is compared with. */
static void follow(kedge_worker *self)
{
    self->plain = *self->trainer->training;
    self->plain.n_terms = 0;
}

static kedge_status create_control(kedge_worker *self)
{
    follow(self);
    kedge_status status = kedge_trainer_create(&self->control, self->ctx, &self->plain);
    if (status) return status;
    return kedge_evaluator_create(&self->control_test, self->ctx, &self->recipe->model, &self->control->params,
                                  self->recipe->test_set, NULL, NULL);
}

kedge_status kedge_worker_create(kedge_worker **out, kedge_context *ctx, const kedge_recipe *recipe,
                                 const kedge_training *training, bool control)
{
    kedge_worker *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a worker");
    self->ctx = ctx;
    self->recipe = recipe;
    kedge_status status = KEDGE_OK;
    if (kedge_recipe_reacts(recipe)) status = kedge_gates_create(&self->gates, ctx, recipe);
    if (self->gates) training = &self->gates->own.training;
    if (!status) status = kedge_trainer_create(&self->trainer, ctx, training);
    if (!status && control) status = create_control(self);
    if (!status)
        status = kedge_assessment_create(&self->assessment, ctx, recipe, &recipe->model, &self->trainer->params,
                                         self->control_test, training->steps);
    if (!status && self->gates)
        status = kedge_gates_measure(self->gates, self->assessment->evaluator, self->assessment->test);
    if (status) {
        kedge_worker_free(self);
        return status;
    }
    self->evaluator = self->assessment->evaluator;
    self->trajectory = self->assessment->trajectory;
    self->meter = self->assessment->meter;
    *out = self;
    return KEDGE_OK;
}

void kedge_worker_free(kedge_worker *worker)
{
    if (!worker) return;
    kedge_gates_free(worker->gates);
    kedge_assessment_free(worker->assessment);
    kedge_evaluator_free(worker->control_test);
    kedge_trainer_free(worker->control);
    kedge_ledger_free(worker->ledger);
    kedge_trainer_free(worker->trainer);
    kedge_release(worker->ctx, worker);
}

kedge_status kedge_worker_keep_ledger(kedge_worker *worker)
{
    return worker->ledger ? KEDGE_OK : kedge_ledger_create(&worker->ledger, worker->trainer);
}

/* Gates, trajectory and spike come before what the caller wants to see. */
typedef struct watching {
    kedge_gates *gates;
    kedge_trajectory *trajectory;
    kedge_spike *spike;
    const kedge_train_events *events;
} watching;

static kedge_status begin(int step, void *payload)
{
    const watching *self = payload;
    const kedge_train_events *events = self->events;
    if (self->gates) kedge_gates_step(self->gates, step);
    return events && events->begin ? events->begin(step, events->payload) : KEDGE_OK;
}

static kedge_status pass_snapshot(int step, void *payload)
{
    const kedge_train_events *events = ((const watching *)payload)->events;
    return events->snapshot(step, events->payload);
}

static kedge_status watch(const kedge_step *step, void *payload)
{
    const watching *self = payload;
    kedge_trajectory_step(self->trajectory, step->step);
    kedge_spike_add(self->spike, (double)step->values[0]);
    return self->events && self->events->step ? self->events->step(step, self->events->payload) : KEDGE_OK;
}

kedge_status kedge_worker_train(kedge_worker *worker, uint64_t weights_seed, uint64_t stream_seed,
                                const kedge_train_events *events)
{
    watching all = {worker->gates, worker->trajectory, &worker->assessment->spike, events};
    kedge_train_events watched = {.step = watch, .payload = &all, .stop = events ? events->stop : NULL};
    if (worker->gates || (events && events->begin)) watched.begin = begin;
    if (events && events->snapshot) watched.snapshot = pass_snapshot;
    if (worker->gates) kedge_gates_begin(worker->gates);
    kedge_trajectory_begin(worker->trajectory);
    kedge_spike_begin(all.spike);
    kedge_status status = kedge_trainer_run_crossed(worker->trainer, weights_seed, stream_seed, &watched);
    int updates = worker->trainer->training->steps;
    worker->assessment->updates = updates;
    if (status) return status;
    kedge_trajectory_end(worker->trajectory, updates);
    kedge_spike_end(all.spike);
    return KEDGE_OK;
}

kedge_status kedge_worker_train_control(kedge_worker *worker, uint64_t weights_seed, uint64_t stream_seed,
                                        const volatile int *stop)
{
    if (!worker->control) return KEDGE_OK;
    kedge_train_events events = {.stop = stop};
    follow(worker);
    return kedge_trainer_run_crossed(worker->control, weights_seed, stream_seed, &events);
}

kedge_status kedge_worker_evaluate(kedge_worker *worker)
{
    if (worker->control_test) kedge_evaluator_run(worker->control_test);
    return kedge_assessment_run(worker->assessment);
}

bool kedge_worker_recall(kedge_worker *worker, const kedge_st *file)
{
    if (worker->gates && !kedge_gates_read(worker->gates, kedge_st_get(file, "advances"))) return false;
    kedge_assessment_recall(worker->assessment, file);
    return true;
}
