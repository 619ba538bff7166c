/* norm_deviation.c - squared deviation of each column's length from 1. */
#include <math.h>

#include "ops/ops.h"

static kedge_status shape(kedge_node *self)
{
    if (self->in[0]->cols != KEDGE_BATCH) return kedge_shape_fail(self, "the operand is no activation");
    self->rows = 1;
    self->cols = KEDGE_BATCH;
    self->n_aux = self->n_work = (size_t)kedge_columns(self->graph->batch);
    return KEDGE_OK;
}

static void forward(kedge_node *self) /* aux (N) = |u|, a (1,N) = (|u| - 1)^2 */
{
    const kedge_node *u = self->in[0];
    float *length = self->aux ? self->aux : self->graph->work;
    int n = self->graph->n;
    for (int i = 0; i < n; i++) length[i] = 0;
    for (int k = 0; k < u->rows; k++) {
        const float *row = u->val + (size_t)k * (size_t)u->ld;
        for (int i = 0; i < n; i++) length[i] += row[i] * row[i];
    }
    for (int i = 0; i < n; i++) {
        length[i] = sqrtf(length[i]);
        self->val[i] = (length[i] - 1) * (length[i] - 1);
    }
}

static void backward(kedge_node *self) /* du += 2 (|u| - 1) u/|u| da; at u = 0 there is no direction: 0 */
{
    kedge_node *u = self->in[0];
    const float *length = self->aux;
    int n = self->graph->n;
    bool accumulate;
    float *du = kedge_node_grad(u, &accumulate);
    if (!du) return;
    for (int i = 0; i < n; i++) /* the own gradient is read here only, so it may hold the factor */
        self->grad[i] *= length[i] > 1e-12f ? 2 * (length[i] - 1) / length[i] : 0;
    for (int k = 0; k < u->rows; k++) {
        const float *row = u->val + (size_t)k * (size_t)u->ld;
        float *to = du + (size_t)k * (size_t)u->ld;
        for (int i = 0; i < n; i++) to[i] = (accumulate ? to[i] : 0) + self->grad[i] * row[i];
    }
}

kedge_node *kedge_norm_deviation(kedge_node *u)
{
    return kedge_graph_add(&kedge_op_norm_deviation, NULL, 0, 1, &u);
}

const kedge_op kedge_op_norm_deviation = {
    .name = "norm_deviation",
    .n_in = 1,
    .axes = KEDGE_AXES_LOSS,
    .backward_reads = KEDGE_READS_INPUTS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
