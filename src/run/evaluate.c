/* evaluate.c - what plans do to a trained model. */
#include "kedge/evaluate.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/assessment.h"
#include "run/evaluate_view.h"
#include "run/model.h"

/* The model as it is, or under one plan. */
typedef struct aspect {
    float *outputs; /* [points][targets], clamped where they are colours */
    double *errors; /* [points] */
    double colours[KEDGE_NAMED_COLOURS];
} aspect;

struct kedge_evaluation {
    kedge_context *ctx;
    kedge_arena arena; /* holds all below */
    int points, n_inputs, n_outputs, n_plans;
    bool gives_colours;
    const char **input_names, **output_names;
    float *inputs;
    aspect *aspects; /* [1 + n_plans]: the baseline first */
    kedge_plan_scores *scores;
    double recon_mse, step;
    int verdict;
    kedge_leak leak;
    double increase; /* at the concept under the scored plan; NaN: leaks are not judged */
};

/* ---- from an assessment ---- */

static const char **copy_names(kedge_arena *arena, const char *const *names, int n)
{
    const char **copy = kedge_arena_alloc(arena, (size_t)n, sizeof *copy);
    for (int i = 0; copy && i < n; i++)
        if (!(copy[i] = kedge_arena_text(arena, names[i]))) return NULL;
    return copy;
}

static kedge_status copy_data(kedge_evaluation *self, const kedge_dataset *data)
{
    size_t n = (size_t)data->points, features = (size_t)data->n_features;
    self->points = data->points;
    self->n_inputs = data->n_features;
    self->n_outputs = data->n_targets;
    self->gives_colours = kedge_gives_colours(data);
    self->input_names = copy_names(&self->arena, data->feature_names, data->n_features);
    self->output_names = copy_names(&self->arena, data->target_names, data->n_targets);
    self->inputs = kedge_arena_alloc(&self->arena, n * features, sizeof *self->inputs);
    if (!self->input_names || !self->output_names || !self->inputs) return kedge_fail_memory("an evaluation");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < features; j++) self->inputs[i * features + j] = data->features[j][i];
    return KEDGE_OK;
}

/* What an evaluator that has run shows. */
static kedge_status look(kedge_evaluation *self, aspect *to, kedge_evaluator *evaluator)
{
    size_t floats = (size_t)self->points * (size_t)self->n_outputs;
    to->outputs = kedge_arena_alloc(&self->arena, floats, sizeof *to->outputs);
    to->errors = kedge_arena_alloc(&self->arena, (size_t)self->points, sizeof *to->errors);
    if (!to->outputs || !to->errors) return kedge_fail_memory("an evaluation");
    kedge_point_errors(evaluator, to->errors);
    for (size_t i = 0; i < floats; i++) {
        float y = evaluator->outputs[i];
        to->outputs[i] = !self->gives_colours ? y : y < 0 ? 0 : y > 1 ? 1 : y;
    }
    for (int i = 0; self->gives_colours && i < KEDGE_NAMED_COLOURS; i++) {
        kedge_rgb c = kedge_rgb_from_hsv(kedge_named_colours[i].hsv);
        float rgb[3] = {(float)c.r, (float)c.g, (float)c.b}, output[3];
        kedge_evaluator_apply(evaluator, 1, rgb, NULL, output);
        to->colours[i] = kedge_output_error(evaluator->dataset, output, rgb);
    }
    return KEDGE_OK;
}

static kedge_status copy_scores(kedge_evaluation *self, const kedge_meter *meter, int i)
{
    const kedge_metric_plan *plan = &meter->input.plans[i];
    const kedge_gauge *gauge = &meter->gauges[i];
    const kedge_damage *damage = &meter->damages[i];
    kedge_plan_scores *to = &self->scores[i];
    bool has = gauge->has_target;
    *to = (kedge_plan_scores){.name = kedge_arena_text(&self->arena, plan->name),
                              .target = has ? kedge_arena_text(&self->arena, plan->target->formula) : NULL,
                              .scored = i == meter->input.scored,
                              .r = has ? damage->r : NAN,
                              .r2 = has ? damage->r2 : NAN,
                              .damage = has ? damage->concept : NAN,
                              .collateral = gauge->n_orthogonal > 0 ? damage->collateral : NAN,
                              .opposite = gauge->has_opposite ? damage->opposite : NAN,
                              .spoof = gauge->has_colour ? damage->spoof : NAN};
    for (int b = 0; b < KEDGE_SCORE_BINS; b++) {
        to->bin_points[b] = gauge->n_in_bin[b];
        to->bins[b] = gauge->n_in_bin[b] > 0 ? damage->bins[b] : NAN;
    }
    return to->name && (to->target || !has) ? KEDGE_OK : kedge_fail_memory("an evaluation");
}

static void forget_verdict(kedge_evaluation *self)
{
    self->verdict = -1;
    self->step = NAN;
    self->leak = KEDGE_LEAK_NONE;
    self->increase = NAN;
}

static void copy_verdict(kedge_evaluation *self, const kedge_meter *meter)
{
    forget_verdict(self);
    self->recon_mse = meter->run.recon_mse;
    for (int i = 0; i < meter->n_columns; i++)
        if (strcmp(meter->columns[i].name, "verdict") == 0) {
            self->verdict = (int)meter->run.verdict;
            self->step = meter->run.verdict_step;
        } else if (strcmp(meter->columns[i].name, "leak") == 0) {
            self->leak = isfinite(meter->run.leak) ? (kedge_leak)meter->run.leak : KEDGE_LEAK_NONE;
            self->increase = meter->damages[meter->input.scored].concept_increase;
        }
}

static kedge_status copy_assessment(kedge_evaluation *self, const kedge_assessment *assessment)
{
    size_t n = (size_t)assessment->n_plans;
    kedge_status status = copy_data(self, assessment->evaluator->dataset);
    if (status) return status;
    self->n_plans = assessment->n_plans;
    self->aspects = kedge_arena_alloc(&self->arena, n + 1, sizeof *self->aspects);
    self->scores = kedge_arena_alloc(&self->arena, n, sizeof *self->scores);
    if (!self->aspects || !self->scores) return kedge_fail_memory("an evaluation");
    copy_verdict(self, assessment->meter);
    status = look(self, &self->aspects[0], assessment->evaluator);
    for (int i = 0; !status && i < assessment->n_plans; i++) {
        status = look(self, &self->aspects[i + 1], kedge_plan_evaluator(assessment->plans[i]));
        if (!status) status = copy_scores(self, assessment->meter, i);
    }
    return status;
}

/* ---- the call ---- */

static kedge_status check_widths(const kedge_recipe *recipe, const kedge_model *model)
{
    const kedge_dataset *have = recipe->dataset, *want = model->recipe->dataset;
    if (have->n_features == want->n_features && have->n_targets == want->n_targets) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID,
                      "%s: its data have %d feature%s and %d target%s; the model takes %d and gives %d", recipe->file,
                      have->n_features, have->n_features == 1 ? "" : "s", have->n_targets,
                      have->n_targets == 1 ? "" : "s", want->n_features, want->n_targets);
}

static kedge_status evaluate(kedge_evaluation *self, kedge_model *model, const kedge_recipe *recipe,
                             const kedge_evaluate_options *options)
{
    kedge_assessment *assessment = NULL;
    kedge_recipe view;
    kedge_status status = check_widths(recipe, model);
    if (!status) status = kedge_recipe_view(&view, recipe, options->plans, options->n_plans, &self->arena);
    if (!status) /* how many steps the run had is not known: any that its metadata name are right */
        status = kedge_assessment_create(&assessment, self->ctx, &view, &model->options, &model->params, NULL, INT_MAX);
    if (status) goto done;
    kedge_assessment_recall(assessment, &model->file);
    status = kedge_assessment_run(assessment);
    if (!status) status = copy_assessment(self, assessment);
    bool unscored = recipe->score_plan >= 0 && view.score_plan < 0;
    if (unscored || kedge_model_metadata(model, "surgery")) forget_verdict(self);
done:
    kedge_assessment_free(assessment);
    return status;
}

kedge_status kedge_evaluate(kedge_evaluation **out, kedge_model *model, const kedge_evaluate_options *options)
{
    static const kedge_evaluate_options none = KEDGE_EVALUATE_OPTIONS_INIT;
    if (!options) options = &none;
    kedge_evaluation *self = kedge_alloc_zero(model->ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("an evaluation");
    self->ctx = model->ctx;
    kedge_arena_init(&self->arena, self->ctx);
    kedge_status status = evaluate(self, model, options->recipe ? options->recipe : model->recipe, options);
    if (status)
        kedge_evaluation_free(self);
    else
        *out = self;
    return status;
}

void kedge_evaluation_free(kedge_evaluation *evaluation)
{
    if (!evaluation) return;
    kedge_arena_release(&evaluation->arena);
    kedge_release(evaluation->ctx, evaluation);
}

/* ---- answers ---- */

double kedge_evaluation_recon_mse(const kedge_evaluation *evaluation)
{
    return evaluation->recon_mse;
}

int kedge_evaluation_verdict(const kedge_evaluation *evaluation, double *step)
{
    if (step) *step = evaluation->step;
    return evaluation->verdict;
}

kedge_leak kedge_evaluation_leak(const kedge_evaluation *evaluation, double *increase)
{
    if (increase) *increase = evaluation->increase;
    return evaluation->leak;
}

int kedge_evaluation_plan(const kedge_evaluation *evaluation, int i, kedge_plan_scores *scores)
{
    if (i < 0 || i >= evaluation->n_plans) return 0;
    *scores = evaluation->scores[i];
    return 1;
}

int kedge_evaluation_colour(const kedge_evaluation *evaluation, int i, const char **name, double rgb[3])
{
    if (i < 0 || i >= KEDGE_NAMED_COLOURS || !evaluation->gives_colours) return 0;
    kedge_rgb c = kedge_rgb_from_hsv(kedge_named_colours[i].hsv);
    rgb[0] = c.r, rgb[1] = c.g, rgb[2] = c.b;
    *name = kedge_named_colours[i].name;
    return 1;
}

double kedge_evaluation_colour_error(const kedge_evaluation *evaluation, int plan, int i)
{
    return evaluation->aspects[plan + 1].colours[i];
}

int kedge_evaluation_points(const kedge_evaluation *evaluation, int plan, const float **inputs, const float **outputs,
                            const double **errors)
{
    *inputs = evaluation->inputs;
    *outputs = evaluation->aspects[plan + 1].outputs;
    *errors = evaluation->aspects[plan + 1].errors;
    return evaluation->points;
}

const char *kedge_evaluation_input_name(const kedge_evaluation *evaluation, int i)
{
    return i >= 0 && i < evaluation->n_inputs ? evaluation->input_names[i] : NULL;
}

const char *kedge_evaluation_output_name(const kedge_evaluation *evaluation, int i)
{
    return i >= 0 && i < evaluation->n_outputs ? evaluation->output_names[i] : NULL;
}
