/* certify.c - certificates of a model's plans, with the recipe's data beside them. */
#include "kedge/certify.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "certify/certify.h"
#include "data/colour.h"
#include "eval/damage.h"
#include "run/model.h"

struct kedge_certificate {
    kedge_arena arena;
    kedge_path path;
    int n_cells, n_points, n_colours;
    kedge_certificate_cell *cells;
    kedge_certificate_point *points, *colours;
};

/* What is measured: inputs in, outputs before and after. */
typedef struct measurement {
    const kedge_dataset *data;
    const kedge_recipe *model; /* the recipe that the model was trained with */
    kedge_params *params;
    kedge_evaluator *before;
    kedge_plan *plan;
    bool clamp;
} measurement;

static kedge_status find_plan(const kedge_recipe *recipe, const char *name, const kedge_plan_options **plan)
{
    kedge_text names;
    kedge_text_init(&names, recipe->ctx);
    for (int i = 0; i < recipe->n_plans; i++) {
        *plan = &recipe->plans[i];
        if (strcmp((*plan)->name, name) == 0) return KEDGE_OK;
    }
    for (int i = 0; i < recipe->n_plans; i++) kedge_text_addf(&names, "%s '%s'", i ? "," : "", recipe->plans[i].name);
    kedge_status status = kedge_text_status(&names, "a message");
    if (!status)
        status = recipe->n_plans
                     ? kedge_fail(KEDGE_EINVALID, "%s: has no plan '%s'; its plans are%s", recipe->file, name,
                                  kedge_text_string(&names))
                     : kedge_fail(KEDGE_EINVALID, "%s: has no plans; must have one to certify", recipe->file);
    kedge_text_release(&names);
    return status;
}

static double in_unit(bool clamp, float x)
{
    return clamp ? fmin(1, fmax(0, (double)x)) : (double)x;
}

/* Fills a point from its latent, its outputs before and after [targets], and its targets. */
static void measure(kedge_certificate *self, const measurement *m, const float *latent, const float *before,
                    const float *after, const float *target, kedge_certificate_point *point)
{
    double changed = 0;
    for (int j = 0; j < m->data->n_targets; j++) {
        double a = in_unit(m->clamp, before[j]), b = in_unit(m->clamp, after[j]);
        changed += (b - a) * (b - a);
    }
    point->alignment = kedge_certify_alignment(&self->path, latent);
    point->change = sqrt(changed / m->data->n_targets);
    point->baseline = kedge_output_error(m->data, before, target);
    point->after = kedge_output_error(m->data, after, target);
    int at = kedge_certify_cell(self->cells, self->n_cells, fmax(0, point->alignment));
    kedge_certificate_cell *cell = &self->cells[at];
    double bound = point->alignment < 0 ? 0 : cell->bound;
    point->promised = point->baseline + bound * (2 * sqrt(point->baseline) + bound); /* (sqrt(baseline) + bound)^2 */
    if (point->point < 0 || point->alignment < 0) return;
    cell->points++;
    cell->measured = fmax(cell->measured, point->change);
}

static kedge_status measure_points(kedge_certificate *self, const measurement *m)
{
    const kedge_evaluator *after = kedge_plan_evaluator(m->plan);
    size_t k = (size_t)m->before->n_latents, targets = (size_t)m->data->n_targets;
    float *target = kedge_arena_alloc(&self->arena, targets, sizeof *target);
    self->points = kedge_arena_alloc(&self->arena, (size_t)m->data->points, sizeof *self->points);
    if (!self->points || !target) return kedge_fail_memory("a certificate");
    self->n_points = m->data->points;
    for (int i = 0; i < self->n_points; i++) {
        for (size_t j = 0; j < targets; j++) target[j] = m->data->targets[j][i];
        self->points[i].point = i;
        measure(self, m, m->before->latents + (size_t)i * k, m->before->outputs + (size_t)i * targets,
                after->outputs + (size_t)i * targets, target, &self->points[i]);
    }
    return KEDGE_OK;
}

static kedge_status measure_colours(kedge_certificate *self, const measurement *m)
{
    enum { N = KEDGE_NAMED_COLOURS };
    if (!m->clamp) return KEDGE_OK;
    size_t k = (size_t)m->before->n_latents;
    float inputs[3 * N], before[3 * N], after[3 * N];
    float *latents = kedge_arena_alloc(&self->arena, N * k, sizeof *latents);
    self->colours = kedge_arena_alloc(&self->arena, N, sizeof *self->colours);
    if (!latents || !self->colours) return kedge_fail_memory("a certificate");
    self->n_colours = N;
    for (int i = 0; i < N; i++) {
        kedge_rgb rgb = kedge_rgb_from_hsv(kedge_named_colours[i].hsv);
        inputs[3 * i] = (float)rgb.r, inputs[3 * i + 1] = (float)rgb.g, inputs[3 * i + 2] = (float)rgb.b;
    }
    kedge_evaluator_apply(m->before, N, inputs, latents, before);
    kedge_evaluator_apply(kedge_plan_evaluator(m->plan), N, inputs, NULL, after);
    for (int i = 0; i < N; i++) {
        self->colours[i] = (kedge_certificate_point){.name = kedge_named_colours[i].name, .point = -1};
        measure(self, m, latents + (size_t)i * k, before + 3 * i, after + 3 * i, inputs + 3 * i, &self->colours[i]);
    }
    return KEDGE_OK;
}

static kedge_status measure_all(kedge_certificate *self, kedge_context *ctx, measurement *m,
                                const kedge_plan_options *plan)
{
    kedge_status status = kedge_evaluator_create(&m->before, ctx, &m->model->model, m->params, m->data, NULL, NULL);
    if (!status) status = kedge_plan_create(&m->plan, ctx, plan, &m->model->model, m->params, m->data);
    if (!status) status = kedge_plan_run(m->plan);
    if (!status) {
        kedge_evaluator_run(m->before);
        status = measure_points(self, m);
    }
    if (!status) status = measure_colours(self, m);
    kedge_plan_free(m->plan);
    kedge_evaluator_free(m->before);
    return status;
}

static kedge_status certify(kedge_certificate *self, kedge_model *model, const kedge_recipe *recipe, const char *name,
                            const kedge_certify_options *options)
{
    const kedge_dataset *own = model->recipe->dataset, *data = recipe->dataset;
    const kedge_plan_options *plan = NULL;
    if (data->n_features != own->n_features || data->n_targets != own->n_targets)
        return kedge_fail(KEDGE_EINVALID, "%s: its data have %d features and %d targets; the model's have %d and %d",
                          recipe->file, data->n_features, data->n_targets, own->n_features, own->n_targets);
    kedge_status status = find_plan(recipe, name, &plan);
    if (status) return status;
    measurement m = {.data = data,
                     .model = model->recipe,
                     .params = &model->params,
                     .clamp = kedge_gives_colours(data)};
    status = kedge_certify_cells(&self->cells, &self->n_cells, &self->path, &self->arena, plan, &model->recipe->model,
                                 &model->params, data->n_targets, m.clamp, options);
    return status ? status : measure_all(self, model->ctx, &m, plan);
}

kedge_status kedge_certify(kedge_certificate **out, kedge_model *model, const kedge_recipe *recipe, const char *plan,
                           const kedge_certify_options *options)
{
    kedge_certificate *self = kedge_alloc_zero(model->ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a certificate");
    kedge_arena_init(&self->arena, model->ctx);
    kedge_status status = certify(self, model, recipe ? recipe : model->recipe, plan, options);
    if (status)
        kedge_certificate_free(self);
    else
        *out = self;
    return status;
}

void kedge_certificate_free(kedge_certificate *certificate)
{
    if (!certificate) return;
    kedge_context *ctx = certificate->arena.ctx;
    kedge_arena_release(&certificate->arena);
    kedge_release(ctx, certificate);
}

int kedge_certificate_cells(const kedge_certificate *certificate, const kedge_certificate_cell **cells)
{
    *cells = certificate->cells;
    return certificate->n_cells;
}

int kedge_certificate_colours(const kedge_certificate *certificate, const kedge_certificate_point **colours)
{
    *colours = certificate->colours;
    return certificate->n_colours;
}

int kedge_certificate_points(const kedge_certificate *certificate, const kedge_certificate_point **points)
{
    *points = certificate->points;
    return certificate->n_points;
}

double kedge_certificate_beyond(const kedge_certificate *certificate, double degrees)
{
    /* a hair more than the cosine, so that an angle whose cosine is an edge of a cell does not take in the next one */
    double alignment = cos(fmin(90, fmax(0, degrees)) * (M_PI / 180)) - 1e-12, most = 0;
    for (int i = 0; i < certificate->n_cells && (i == 0 || certificate->cells[i].low < alignment); i++)
        most = fmax(most, certificate->cells[i].bound);
    return most;
}

int kedge_certificate_is_unsigned(const kedge_certificate *certificate)
{
    return certificate->path.both_signs;
}
