/* distance.c - weighted squared distance of each column from a point: a = sum_k m_k (z_k - p_k)^2. */
#include <string.h>

#include "ops/ops.h"

/* Attributes: p [rows], then m [rows]. */
static kedge_status shape(kedge_node *self)
{
    if (self->in[0]->cols != KEDGE_BATCH) return kedge_shape_fail(self, "the operand is no activation");
    self->rows = 1;
    self->cols = KEDGE_BATCH;
    return KEDGE_OK;
}

static void forward(kedge_node *self) /* a (1,N) */
{
    const kedge_node *z = self->in[0];
    const float *p = self->attributes, *m = p + z->rows;
    self->graph->kern->distance(z->rows, self->graph->n, z->val, z->ld, p, m, self->val);
}

static void backward(kedge_node *self) /* dz_k += 2 m_k (z_k - p_k) da */
{
    kedge_node *z = self->in[0];
    const float *p = self->attributes, *m = p + z->rows;
    bool accumulate;
    float *dz = kedge_node_grad(z, &accumulate);
    if (dz)
        self->graph->kern->distance_grad(z->rows, self->graph->n, z->val, z->ld, p, m, self->grad, accumulate, dz,
                                         z->ld);
}

kedge_node *kedge_distance(kedge_node *z, const float *p, const float *m)
{
    if (!z) return NULL;
    size_t rows = (size_t)z->rows;
    float *own = kedge_arena_alloc(&z->graph->arena, 2 * rows, sizeof *own);
    if (!own) return kedge_graph_error(z->graph, kedge_fail_memory("a node"));
    memcpy(own, p, rows * sizeof *own);
    memcpy(own + rows, m, rows * sizeof *own);
    return kedge_graph_add(&kedge_op_distance, own, 2 * rows * sizeof *own, 1, &z);
}

const kedge_op kedge_op_distance = {
    .name = "distance",
    .n_in = 1,
    .axes = KEDGE_AXES_LOSS,
    .backward_reads = KEDGE_READS_INPUTS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
