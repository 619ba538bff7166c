/* assessment.c - a model under everything that its recipe wants measured. */
#include "run/assessment.h"

#include <math.h>

#include "run/gates.h"

static kedge_status create_plans(kedge_assessment *self, const kedge_recipe *recipe, const kedge_model_options *model,
                                 kedge_params *params)
{
    size_t n = (size_t)recipe->n_plans;
    self->plans = kedge_arena_alloc(&self->arena, n, sizeof *self->plans);
    self->listed = kedge_arena_alloc(&self->arena, n, sizeof *self->listed);
    if (!self->plans || !self->listed) return kedge_fail_memory("plans");
    for (int i = 0; i < recipe->n_plans; i++) {
        const kedge_plan_options *plan = &recipe->plans[i];
        kedge_status status = kedge_plan_create(&self->plans[i], self->ctx, plan, model, params, recipe->dataset);
        if (status) return status;
        self->n_plans++;
        self->listed[i] =
            (kedge_metric_plan){plan->name, kedge_plan_evaluator(self->plans[i]), &recipe->targets[i]};
    }
    return KEDGE_OK;
}

static kedge_status fill(kedge_assessment *self, const kedge_recipe *recipe, const kedge_model_options *model,
                         kedge_params *params, kedge_evaluator *control, int steps)
{
    kedge_context *ctx = self->ctx;
    kedge_status status = kedge_evaluator_create(&self->evaluator, ctx, model, params, recipe->dataset, NULL, NULL);
    if (!status) status = kedge_evaluator_create(&self->test, ctx, model, params, recipe->test_set, NULL, NULL);
    if (!status) status = create_plans(self, recipe, model, params);
    int n_terms = model->bottleneck == recipe->model.bottleneck ? recipe->n_terms : 0;
    if (!status)
        status = kedge_trajectory_create(&self->trajectory, self->evaluator, model, params, steps, n_terms,
                                         recipe->terms, recipe->n_labels, recipe->label_values);
    if (status) return status;
    kedge_metric_input input = {.evaluator = self->evaluator,
                                .test = self->test,
                                .control = control,
                                .n_labels = recipe->n_labels,
                                .labels = recipe->label_values,
                                .test_labels = recipe->test_labels,
                                .n_terms = n_terms,
                                .terms = recipe->terms,
                                .n_plans = self->n_plans,
                                .plans = self->listed,
                                .scored = recipe->score_plan,
                                .trajectory = self->trajectory,
                                .spike = &self->spike,
                                .updates = kedge_recipe_reacts(recipe) ? &self->updates : NULL};
    return kedge_meter_create(&self->meter, ctx, &input);
}

kedge_status kedge_assessment_create(kedge_assessment **out, kedge_context *ctx, const kedge_recipe *recipe,
                                     const kedge_model_options *model, kedge_params *params, kedge_evaluator *control,
                                     int steps)
{
    kedge_assessment *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("an assessment");
    self->ctx = ctx;
    self->recipe = recipe;
    self->updates = NAN;
    kedge_arena_init(&self->arena, ctx);
    kedge_spike_begin(&self->spike);
    kedge_status status = fill(self, recipe, model, params, control, steps);
    if (status)
        kedge_assessment_free(self);
    else
        *out = self;
    return status;
}

void kedge_assessment_free(kedge_assessment *assessment)
{
    if (!assessment) return;
    kedge_meter_free(assessment->meter);
    kedge_trajectory_free(assessment->trajectory);
    for (int i = 0; i < assessment->n_plans; i++) kedge_plan_free(assessment->plans[i]);
    kedge_evaluator_free(assessment->test);
    kedge_evaluator_free(assessment->evaluator);
    kedge_arena_release(&assessment->arena);
    kedge_release(assessment->ctx, assessment);
}

/* A finished run says what came early, or nothing where nothing did. */
static double updates_of(const kedge_recipe *recipe, const kedge_st *file)
{
    if (!kedge_st_get(file, "seed") || kedge_st_get(file, "step")) return NAN; /* no run of kedge's, or a snapshot */
    int updates = kedge_recipe_updates(recipe, kedge_st_get(file, "advances"));
    return updates < 0 ? NAN : updates;
}

void kedge_assessment_recall(kedge_assessment *assessment, const kedge_st *file)
{
    kedge_trajectory_read(assessment->trajectory, kedge_st_get(file, "trajectory"));
    kedge_spike_read(&assessment->spike, kedge_st_get(file, "spike"));
    assessment->updates = updates_of(assessment->recipe, file);
}

kedge_status kedge_assessment_run(kedge_assessment *assessment)
{
    kedge_status status = KEDGE_OK;
    kedge_evaluator_run(assessment->evaluator);
    kedge_evaluator_run(assessment->test);
    for (int i = 0; !status && i < assessment->n_plans; i++) status = kedge_plan_run(assessment->plans[i]);
    if (!status) kedge_meter_read(assessment->meter);
    return status;
}
