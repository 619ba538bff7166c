/* mean.c - mean over samples, or over the labelled ones: sum l a / (sum l + 1e-8). */
#include "ops/ops.h"

static kedge_status shape(kedge_node *self)
{
    for (int j = 0; j < self->n_in; j++)
        if (self->in[j]->rows != 1 || self->in[j]->cols != KEDGE_BATCH)
            return kedge_shape_fail(self, "operand %d is no row of per-sample numbers", j);
    self->n_aux = 16;
    return kedge_shape_scalar(self);
}

/* 1 / sum of the weights */
static float share(const kedge_node *self)
{
    const kedge_graph *graph = self->graph;
    const float *l = kedge_node_weights(self, 1);
    if (!l) return 1.0f / (float)graph->live;
    float sum;
    graph->kern->weighted_sum(graph->live, l, NULL, &sum);
    return 1.0f / (sum + 1e-8f);
}

static void forward(kedge_node *self)
{
    const kedge_graph *graph = self->graph;
    float scale = share(self), sum;
    graph->kern->weighted_sum(graph->live, self->in[0]->val, kedge_node_weights(self, 1), &sum);
    self->val[0] = sum * scale;
    if (self->aux) self->aux[0] = scale;
}

static void backward(kedge_node *self) /* da_i += w l_i / sum l, 0 past the batch */
{
    const kedge_graph *graph = self->graph;
    const float *l = kedge_node_weights(self, 1);
    float scale = self->grad[0] * self->aux[0];
    bool accumulate;
    float *da = kedge_node_grad(self->in[0], &accumulate);
    if (!da) return;
    for (int i = 0; i < graph->live; i++) da[i] = (accumulate ? da[i] : 0) + (l ? scale * l[i] : scale);
    for (int i = graph->live; i < graph->n; i++) da[i] = 0;
}

kedge_node *kedge_mean(kedge_node *a, kedge_node *l)
{
    return kedge_graph_add(&kedge_op_mean, NULL, 0, l ? 2 : 1, (kedge_node *[]){a, l});
}

const kedge_op kedge_op_mean = {
    .name = "mean", .n_in = -1, .axes = KEDGE_AXES_LOSS, .backward_reads = KEDGE_READS_INPUTS, .shape = shape,
    .forward = forward, .backward = backward,
};
