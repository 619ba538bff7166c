/* project.c - how far each column points along a direction: a = max(floor, bias + scale p.z). */
#include <math.h>

#include "ops/ops.h"

typedef struct attributes {
    float scale, bias, floor;
    float p[]; /* [rows of z], scaled */
} attributes;

static kedge_status shape(kedge_node *self)
{
    if (self->in[0]->cols != KEDGE_BATCH) return kedge_shape_fail(self, "the operand is no activation");
    self->rows = 1;
    self->cols = KEDGE_BATCH;
    return KEDGE_OK;
}

static void forward(kedge_node *self) /* a (1,N) */
{
    const attributes *own = self->attributes;
    const kedge_node *z = self->in[0];
    const kedge_graph *graph = self->graph;
    graph->kern->project(z->rows, graph->n, z->val, z->ld, own->p, self->val);
    for (int i = 0; i < graph->n; i++) self->val[i] += own->bias;
    if (own->floor == -INFINITY) return;
    for (int i = 0; i < graph->n; i++) self->val[i] = self->val[i] > own->floor ? self->val[i] : own->floor;
}

static void backward(kedge_node *self) /* dz += scale p da, where a is above the floor */
{
    const attributes *own = self->attributes;
    kedge_node *z = self->in[0];
    const kedge_graph *graph = self->graph;
    bool accumulate;
    float *dz = kedge_node_grad(z, &accumulate);
    if (!dz) return;
    /* At the floor the value is flat; its own gradient is not needed any more, so it may be cut here. */
    if (own->floor != -INFINITY)
        for (int i = 0; i < graph->n; i++)
            if (self->val[i] <= own->floor) self->grad[i] = 0;
    graph->kern->project_grad(z->rows, graph->n, own->p, self->grad, accumulate, dz, z->ld);
}

kedge_node *kedge_project(kedge_node *z, const float *p, float scale, float bias, float floor)
{
    if (!z) return NULL;
    size_t size = sizeof(attributes) + (size_t)z->rows * sizeof(float);
    attributes *own = kedge_arena_alloc(&z->graph->arena, 1, size);
    if (!own) return kedge_graph_error(z->graph, kedge_fail_memory("a node"));
    *own = (attributes){.scale = scale, .bias = bias, .floor = floor};
    for (int k = 0; k < z->rows; k++) own->p[k] = scale * p[k];
    return kedge_graph_add(&kedge_op_project, own, size, 1, &z);
}

const kedge_op kedge_op_project = {
    .name = "project",
    .n_in = 1,
    .axes = KEDGE_AXES_LOSS,
    .backward_reads = KEDGE_READS_OUTPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
