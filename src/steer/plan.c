/* plan.c - surgery and edits in order, for one shape of model. */
#include "steer/plan.h"

#include <string.h>

/* One operation: from the parameters that the one before left to its own. That is one block where shapes stay, but the
 * first operation's, which must leave the model's own parameters alone. */
typedef struct stage {
    const kedge_surgery_options *options;
    kedge_model_options model; /* before it */
    kedge_params *before, *after;
} stage;

struct kedge_plan {
    kedge_context *ctx;
    kedge_arena arena;
    const kedge_plan_options *options;
    const kedge_dataset *dataset;
    kedge_model_options model; /* after all surgery */
    kedge_params *params;      /* likewise: the last stage's, or the model's own */
    int n_stages, n_blocks;
    stage *stages;
    kedge_params *blocks; /* those of the stages */
    kedge_evaluator *evaluator;
};

static kedge_status fail(const kedge_plan *self, kedge_status status)
{
    return status == KEDGE_EINVALID ? kedge_fail(status, "plan '%s': %s", self->options->name, kedge_error()) : status;
}

/* An edit names dims of the model that all surgery left, so none may stand before what changes them. */
static kedge_status check_order(const kedge_plan_options *options)
{
    int first_edit = -1;
    for (int i = 0; i < options->n_steps; i++) {
        const kedge_plan_step *step = &options->steps[i];
        if (!step->is_surgery && first_edit < 0) first_edit = i;
        if (!step->is_surgery || first_edit < 0) continue;
        const kedge_surgery_kind *kind = kedge_surgery_kinds[step->surgery.kind];
        if (kind->resizes)
            return kedge_fail(KEDGE_EINVALID, "step %d edits dims that step %d, '%s', would renumber; must come after "
                              "it", first_edit + 1, i + 1, kind->variant.name);
    }
    return KEDGE_OK;
}

static kedge_status add_stage(kedge_plan *self, const kedge_surgery_options *options)
{
    stage *own = &self->stages[self->n_stages++];
    *own = (stage){.options = options, .model = self->model, .before = self->params, .after = self->params};
    kedge_status status = kedge_surgery_shape(options, &own->model, &self->model, &self->arena);
    if (status) return status;
    if (self->n_blocks > 0 && !kedge_surgery_kinds[options->kind]->resizes) return KEDGE_OK;
    own->after = self->params = &self->blocks[self->n_blocks++];
    kedge_params_init(own->after, self->ctx);
    status = kedge_model_declare(&self->model, self->dataset->n_features, self->dataset->n_targets, own->after);
    return status ? status : kedge_params_allocate(own->after);
}

static kedge_status add_stages(kedge_plan *self)
{
    const kedge_plan_options *options = self->options;
    size_t n = (size_t)options->n_steps;
    self->stages = kedge_arena_alloc(&self->arena, n, sizeof *self->stages);
    self->blocks = kedge_arena_alloc(&self->arena, n, sizeof *self->blocks);
    if (!self->stages || !self->blocks) return kedge_fail_memory("a plan");
    for (int i = 0; i < options->n_steps; i++) {
        if (!options->steps[i].is_surgery) continue;
        kedge_status status = add_stage(self, &options->steps[i].surgery);
        if (status) return status;
    }
    return KEDGE_OK;
}

/* The plan's edits at a site, one on top of the other. */
static kedge_node *insert_edits(kedge_node *node, const char *site, void *payload)
{
    const kedge_plan_options *options = payload;
    for (int i = 0; i < options->n_steps && node; i++) {
        const kedge_plan_step *step = &options->steps[i];
        if (!step->is_surgery && strcmp(step->edit.site, site) == 0)
            node = kedge_edit_kinds[step->edit.kind]->build(&step->edit, node);
    }
    return node;
}

static kedge_status fail_site(kedge_plan *self, const kedge_edit_options *edit)
{
    const kedge_graph *graph = self->evaluator->graph;
    const char *kind = kedge_edit_kinds[edit->kind]->variant.name;
    const char **names = kedge_arena_alloc(&self->arena, (size_t)graph->n_sites, sizeof *names);
    if (!names) return kedge_fail_memory("a plan");
    for (int i = 0; i < graph->n_sites; i++) names[i] = graph->sites[i].name;
    const char *nearest = kedge_nearest(edit->site, names, graph->n_sites);
    if (nearest)
        return kedge_fail(KEDGE_EINVALID, "%s: unknown site '%s'; did you mean '%s'?", kind, edit->site, nearest);
    return kedge_fail(KEDGE_EINVALID, "%s: unknown site '%s'; must be 'bottleneck', 'pre-norm', 'encoder.N' or "
                      "'decoder.N'", kind, edit->site);
}

/* Every edit has found its site. */
static kedge_status check_sites(kedge_plan *self)
{
    for (int i = 0; i < self->options->n_steps; i++) {
        const kedge_plan_step *step = &self->options->steps[i];
        if (!step->is_surgery && !kedge_graph_find_site(self->evaluator->graph, step->edit.site))
            return fail_site(self, &step->edit);
    }
    return KEDGE_OK;
}

kedge_status kedge_plan_create(kedge_plan **out, kedge_context *ctx, const kedge_plan_options *options,
                               const kedge_model_options *model, kedge_params *params, const kedge_dataset *dataset)
{
    kedge_plan *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a plan");
    self->ctx = ctx;
    self->options = options;
    self->dataset = dataset;
    self->model = *model;
    self->params = params;
    kedge_arena_init(&self->arena, ctx);
    kedge_status status = check_order(options);
    if (status) goto done;
    status = add_stages(self);
    if (status) goto done;
    /* the hook only reads what its payload points to */
    status = kedge_evaluator_create(&self->evaluator, ctx, &self->model, self->params, dataset, insert_edits,
                                    (void *)(uintptr_t)options);
    if (status) goto done;
    status = check_sites(self);
    if (status) goto done;
    *out = self;
    self = NULL;
done:
    if (status) status = fail(self, status);
    kedge_plan_free(self);
    return status;
}

void kedge_plan_free(kedge_plan *plan)
{
    if (!plan) return;
    kedge_evaluator_free(plan->evaluator);
    for (int i = 0; i < plan->n_blocks; i++) kedge_params_release(&plan->blocks[i]);
    kedge_arena_release(&plan->arena);
    kedge_release(plan->ctx, plan);
}

kedge_status kedge_plan_run(kedge_plan *plan)
{
    for (int i = 0; i < plan->n_stages; i++) {
        const stage *own = &plan->stages[i];
        kedge_status status =
            kedge_surgery_apply(plan->ctx, own->options, &own->model, own->before, own->after, plan->dataset, NULL);
        if (status) return fail(plan, status);
    }
    kedge_evaluator_run(plan->evaluator);
    return KEDGE_OK;
}

kedge_evaluator *kedge_plan_evaluator(const kedge_plan *plan)
{
    return plan->evaluator;
}

const kedge_params *kedge_plan_params(const kedge_plan *plan)
{
    return plan->params;
}

const kedge_model_options *kedge_plan_model(const kedge_plan *plan)
{
    return &plan->model;
}
