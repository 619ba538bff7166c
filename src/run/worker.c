/* worker.c - trains and measures seeds of one recipe, for one thread. */
#include "run/worker.h"

#include "base/float_state.h"

static kedge_status create_control(kedge_worker *self, const kedge_training *training)
{
    self->plain = *training;
    self->plain.n_terms = 0;
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
    kedge_status status = kedge_trainer_create(&self->trainer, ctx, training);
    if (!status)
        status = kedge_evaluator_create(&self->evaluator, ctx, &recipe->model, &self->trainer->params,
                                        recipe->dataset, NULL, NULL);
    if (!status)
        status = kedge_evaluator_create(&self->test, ctx, &recipe->model, &self->trainer->params, recipe->test_set,
                                        NULL, NULL);
    if (!status && control) status = create_control(self, training);
    if (status)
        kedge_worker_free(self);
    else
        *out = self;
    return status;
}

void kedge_worker_free(kedge_worker *worker)
{
    if (!worker) return;
    kedge_evaluator_free(worker->control_test);
    kedge_trainer_free(worker->control);
    kedge_evaluator_free(worker->test);
    kedge_evaluator_free(worker->evaluator);
    kedge_trainer_free(worker->trainer);
    kedge_release(worker->ctx, worker);
}

kedge_status kedge_worker_train(kedge_worker *worker, uint64_t weights_seed, uint64_t stream_seed,
                                const kedge_train_events *events)
{
    return kedge_trainer_run_crossed(worker->trainer, weights_seed, stream_seed, events);
}

kedge_status kedge_worker_train_control(kedge_worker *worker, uint64_t weights_seed, uint64_t stream_seed,
                                        const volatile int *stop)
{
    if (!worker->control) return KEDGE_OK;
    kedge_train_events events = {.stop = stop};
    return kedge_trainer_run_crossed(worker->control, weights_seed, stream_seed, &events);
}

kedge_status kedge_worker_evaluate(kedge_worker *worker)
{
    kedge_float_state state = kedge_float_enter(); /* metrics too do not depend on the caller's rounding */
    kedge_evaluator_run(worker->evaluator);
    kedge_evaluator_run(worker->test);
    if (worker->control_test) kedge_evaluator_run(worker->control_test);
    kedge_float_leave(state);
    return KEDGE_OK;
}

kedge_metric_input kedge_worker_metrics(const kedge_worker *worker)
{
    const kedge_recipe *recipe = worker->recipe;
    return (kedge_metric_input){.evaluator = worker->evaluator,
                                .test = worker->test,
                                .n_labels = recipe->n_labels,
                                .labels = recipe->label_values,
                                .n_terms = recipe->n_terms,
                                .terms = recipe->terms};
}
