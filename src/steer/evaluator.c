/* evaluator.c - a model on a data set. */
#include "steer/evaluator.h"

#include <string.h>

#include "base/float_state.h"

enum { CHUNK = 512 }; /* points at a time: the values of a small model stay in the cache */

kedge_status kedge_evaluator_create(kedge_evaluator **out, kedge_context *ctx, const kedge_model_options *model,
                                    kedge_params *params, const kedge_dataset *dataset, kedge_site_hook hook,
                                    void *payload)
{
    kedge_evaluator *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("an evaluator");
    self->ctx = ctx;
    self->dataset = dataset;
    self->n_latents = (int)model->bottleneck;
    self->n_outputs = dataset->n_targets;
    int chunk = dataset->points < CHUNK ? dataset->points : CHUNK;
    kedge_status status = kedge_graph_create(&self->graph, ctx, chunk, false);
    if (status) goto done;
    if (hook) kedge_graph_on_site(self->graph, hook, payload);
    self->input = kedge_graph_input(self->graph, "input", dataset->n_features);
    self->output = kedge_model_build(model, params, self->input);
    const kedge_site *site = kedge_graph_find_site(self->graph, "bottleneck");
    self->latent = site ? site->edited : NULL;
    status = kedge_graph_plan(self->graph);
    if (status) goto done;
    size_t points = (size_t)dataset->points;
    self->latents = kedge_alloc(ctx, points * (size_t)self->n_latents, sizeof *self->latents);
    self->outputs = kedge_alloc(ctx, points * (size_t)self->n_outputs, sizeof *self->outputs);
    if (!self->latents || !self->outputs) {
        status = kedge_fail_memory("an evaluator");
        goto done;
    }
    *out = self;
    self = NULL;
done:
    kedge_evaluator_free(self);
    return status;
}

void kedge_evaluator_free(kedge_evaluator *evaluator)
{
    if (!evaluator) return;
    kedge_graph_free(evaluator->graph);
    kedge_release(evaluator->ctx, evaluator->latents);
    kedge_release(evaluator->ctx, evaluator->outputs);
    kedge_release(evaluator->ctx, evaluator);
}

/* to [n][rows] from the node's first n columns */
static void read_rows(const kedge_node *node, int n, float *to)
{
    for (int s = 0; s < n; s++)
        for (int j = 0; j < node->rows; j++)
            to[(size_t)s * (size_t)node->rows + (size_t)j] = node->val[(size_t)j * (size_t)node->ld + (size_t)s];
}

static void pass(kedge_evaluator *self, int n, float *latents, float *outputs)
{
    kedge_graph_forward(self->graph, n, 0);
    if (latents) read_rows(self->latent, n, latents);
    if (outputs) read_rows(self->output, n, outputs);
}

void kedge_evaluator_run(kedge_evaluator *self)
{
    kedge_float_state state = kedge_float_enter();
    const kedge_dataset *dataset = self->dataset;
    for (int from = 0; from < dataset->points; from += self->graph->batch) {
        int n = dataset->points - from < self->graph->batch ? dataset->points - from : self->graph->batch;
        for (int j = 0; j < dataset->n_features; j++)
            memcpy(self->input->val + (size_t)j * (size_t)self->input->ld, dataset->features[j] + from,
                   (size_t)n * sizeof(float));
        pass(self, n, self->latents + (size_t)from * (size_t)self->n_latents,
             self->outputs + (size_t)from * (size_t)self->n_outputs);
    }
    kedge_float_leave(state);
}

void kedge_evaluator_apply(kedge_evaluator *self, int n, const float *inputs, float *latents, float *outputs)
{
    kedge_float_state state = kedge_float_enter();
    int features = self->dataset->n_features;
    for (int from = 0; from < n; from += self->graph->batch) {
        int part = n - from < self->graph->batch ? n - from : self->graph->batch;
        for (int s = 0; s < part; s++)
            for (int j = 0; j < features; j++)
                self->input->val[(size_t)j * (size_t)self->input->ld + (size_t)s] =
                    inputs[(size_t)(from + s) * (size_t)features + (size_t)j];
        pass(self, part, latents ? latents + (size_t)from * (size_t)self->n_latents : NULL,
             outputs ? outputs + (size_t)from * (size_t)self->n_outputs : NULL);
    }
    kedge_float_leave(state);
}
