/* surgery.c - what all kinds of surgery share: the checks, the weights of a site, the report. METHOD section 7. */
#include <string.h>

#include "steer/surgery_parts.h"

float *kedge_operation_tensor(const kedge_operation *self, int i)
{
    return self->after->values + self->after->list[i].offset;
}

void kedge_operation_fix(const kedge_operation *self, int dim, float value)
{
    for (int i = 0; i < self->after->n; i++) {
        const kedge_param *param = &self->after->list[i];
        size_t n = param->cols > 0 ? (size_t)param->cols : 1;
        if (self->roles[i] & (KEDGE_MAKES_ROWS | KEDGE_MAKES_BIAS))
            memset(kedge_operation_tensor(self, i) + (size_t)dim * n, 0, n * sizeof(float));
    }
    kedge_operation_tensor(self, self->first_bias)[dim] = value;
}

/* ---- the model's graph ---- */

/* The model as it stands in 'params', as far as the walk needs it: built, not planned. */
static kedge_status build_graph(kedge_graph **out, kedge_context *ctx, const kedge_model_options *model,
                                kedge_params *params, int n_inputs)
{
    kedge_status status = kedge_graph_create(out, ctx, 1, false);
    if (!status) kedge_model_build(model, params, kedge_graph_input(*out, "input", n_inputs));
    return status;
}

static kedge_status check_dims(const kedge_surgery_options *options, int width)
{
    const kedge_ints *dims = &options->dims;
    if (dims->n == 0) return kedge_fail(KEDGE_EINVALID, "'dims' is empty; must name at least one");
    for (int i = 0; i < dims->n; i++) {
        if (dims->at[i] < 0 || dims->at[i] >= width)
            return kedge_fail(KEDGE_EINVALID, "dim %lld is none of site '%s'; must be from 0 to %d",
                              (long long)dims->at[i], options->site, width - 1);
        for (int j = 0; j < i; j++)
            if (dims->at[i] == dims->at[j])
                return kedge_fail(KEDGE_EINVALID, "dim %lld is named twice; must be named once",
                                  (long long)dims->at[i]);
    }
    if (options->value.n > 0 && options->value.n != dims->n)
        return kedge_fail(KEDGE_EINVALID, "'value' has %d numbers; must have %d, one per dim", options->value.n,
                          dims->n);
    return KEDGE_OK;
}

/* The options of the model without the dims. */
static kedge_status resize(const kedge_surgery_options *options, int width, kedge_model_options *model)
{
    int64_t *option = kedge_model_width(model, options->site);
    if (!option)
        return kedge_fail(KEDGE_EINVALID, "site '%s' shares its width with another; only 'bottleneck' can lose dims, "
                          "elsewhere ablate them", options->site);
    if (options->dims.n >= width)
        return kedge_fail(KEDGE_EINVALID, "all %d dims of site '%s'; at least one must stay", width, options->site);
    *option -= options->dims.n;
    return KEDGE_OK;
}

static kedge_status named(const kedge_surgery_options *options, kedge_status status)
{
    if (status != KEDGE_EINVALID && status != KEDGE_ENUMERIC) return status;
    return kedge_fail(status, "%s: %s", kedge_surgery_kinds[options->kind]->variant.name, kedge_error());
}

kedge_status kedge_surgery_shape(const kedge_surgery_options *options, const kedge_model_options *before,
                                 kedge_model_options *after, kedge_arena *arena)
{
    kedge_context *ctx = arena->ctx;
    kedge_graph *graph = NULL;
    kedge_params params;
    kedge_walk walk;
    kedge_model_options model = *before;
    kedge_params_init(&params, ctx);
    kedge_status status = kedge_model_declare(before, 1, 1, &params); /* how many come in and go out does not matter */
    if (!status) status = build_graph(&graph, ctx, before, &params, 1); /* shapes say it all: nothing is allocated */
    if (!status) status = kedge_walk_site(&walk, graph, options->site, &graph->arena);
    if (!status) status = check_dims(options, walk.site->rows);
    if (!status && kedge_surgery_kinds[options->kind]->resizes) status = resize(options, walk.site->rows, &model);
    if (!status) *after = model;
    kedge_graph_free(graph);
    kedge_params_release(&params);
    return named(options, status);
}

/* ---- the operation ---- */

static void add_role(unsigned char *roles, const kedge_params *params, const kedge_node *leaf, unsigned char role)
{
    for (int i = 0; i < params->n; i++)
        if (strcmp(params->list[i].name, leaf->name) == 0) roles[i] |= role;
}

/* What each tensor is to the site. */
static kedge_status assign_roles(kedge_operation *self, const kedge_walk *walk, kedge_arena *arena)
{
    unsigned char *roles = kedge_arena_alloc(arena, (size_t)self->before->n, sizeof *roles);
    if (!roles) return kedge_fail_memory("surgery");
    for (int i = 0; i < walk->n_producers; i++) {
        add_role(roles, self->before, walk->producers[i]->in[1], KEDGE_MAKES_ROWS);
        add_role(roles, self->before, walk->producers[i]->in[2], KEDGE_MAKES_BIAS);
    }
    for (int i = 0; i < walk->n_consumers; i++)
        add_role(roles, self->before, walk->consumers[i]->in[1], KEDGE_READS_COLUMNS);
    self->first_bias = (int)(kedge_params_find(self->before, walk->producers[0]->in[2]->name) - self->before->list);
    self->roles = roles;
    return KEDGE_OK;
}

/* Measures before the numbers are changed. */
static kedge_status measure_before(kedge_operation *self, kedge_probe *probe, int *peaks)
{
    double loss = kedge_probe_loss(probe);
    for (int d = 0; d < self->options->dims.n; d++) {
        self->reports[d].loss_before = loss;
        kedge_status status = kedge_probe_measure(probe, &self->reports[d], &peaks[d]);
        if (status) return status;
    }
    return KEDGE_OK;
}

/* And after it; dims that are gone are 0. */
static void measure_after(kedge_operation *self, kedge_probe *probe, bool resizes, const int *peaks)
{
    double loss = kedge_probe_loss(probe);
    for (int d = 0; d < self->options->dims.n; d++) {
        self->reports[d].loss_after = loss;
        self->reports[d].peak_after = resizes ? 0 : kedge_probe_at(probe, self->reports[d].dim, peaks[d]);
    }
}

/* Changes the numbers, with the data in sight: the report, and what calibration needs. */
static kedge_status operate_on_data(kedge_operation *self, const kedge_model_options *model, kedge_params *before,
                                    const kedge_dataset *dataset, kedge_arena *arena)
{
    const kedge_surgery_options *options = self->options;
    const kedge_surgery_kind *kind = kedge_surgery_kinds[options->kind];
    kedge_probe first = {0}, second = {0};
    kedge_model_options smaller;
    int *peaks = kedge_arena_alloc(arena, (size_t)options->dims.n, sizeof *peaks);
    if (!peaks) return kedge_fail_memory("surgery");
    kedge_status status = kedge_probe_init(&first, self->ctx, model, before, dataset, options->site);
    if (!status) status = measure_before(self, &first, peaks);
    if (status) goto done;
    if (before != self->after) { /* the operation is on other numbers, maybe of another shape */
        status = kedge_surgery_shape(options, model, &smaller, arena);
        if (!status)
            status = kedge_probe_init(&second, self->ctx, &smaller, self->after, dataset, options->site);
        if (status) goto done;
    }
    self->probe = before != self->after ? &second : &first;
    status = kind->operate(self);
    if (!status) measure_after(self, self->probe, kind->resizes, peaks);
done:
    kedge_probe_release(&first);
    kedge_probe_release(&second);
    return status;
}

static kedge_status operate(kedge_operation *self, const kedge_model_options *model, kedge_params *before,
                            const kedge_dataset *dataset, kedge_surgery_report *report, kedge_arena *arena)
{
    const kedge_surgery_options *options = self->options;
    const kedge_surgery_kind *kind = kedge_surgery_kinds[options->kind];
    size_t n = (size_t)options->dims.n;
    self->reports = kedge_arena_alloc(arena, n, sizeof *self->reports);
    if (!self->reports) return kedge_fail_memory("surgery");
    for (size_t d = 0; d < n; d++) self->reports[d].dim = (int)options->dims.at[d];
    if (!kind->resizes && before != self->after)
        memcpy(self->after->values, before->values, before->size * sizeof *before->values);
    bool looks = report || (kind->calibrates && kind->calibrates(options));
    kedge_status status = looks ? operate_on_data(self, model, before, dataset, arena) : kind->operate(self);
    if (!status && report) memcpy(report, self->reports, n * sizeof *report);
    return status;
}

kedge_status kedge_surgery_apply(kedge_context *ctx, const kedge_surgery_options *options,
                                 const kedge_model_options *model, kedge_params *before, kedge_params *after,
                                 const kedge_dataset *dataset, kedge_surgery_report *report)
{
    kedge_graph *graph = NULL;
    kedge_walk walk;
    kedge_operation self = {.ctx = ctx, .options = options, .before = before, .after = after};
    kedge_status status = build_graph(&graph, ctx, model, before, dataset->n_features);
    if (!status) status = kedge_walk_site(&walk, graph, options->site, &graph->arena);
    if (!status) status = check_dims(options, walk.site->rows);
    if (!status) status = assign_roles(&self, &walk, &graph->arena);
    if (!status) status = operate(&self, model, before, dataset, report, &graph->arena);
    kedge_graph_free(graph);
    return named(options, status);
}
