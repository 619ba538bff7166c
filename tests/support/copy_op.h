/* copy_op.h - an operation for tests that makes a parameter an activation: so that its gradient can be read. */
#ifndef SUPPORT_COPY_OP_H
#define SUPPORT_COPY_OP_H

#include "unit.h"

#include "core/graph.h"

static kedge_status copy_shape(kedge_node *self)
{
    self->rows = self->in[0]->rows;
    self->cols = KEDGE_BATCH;
    return KEDGE_OK;
}

static void copy_forward(kedge_node *self)
{
    const kedge_node *from = self->in[0];
    for (int j = 0; j < self->rows; j++)
        for (int i = 0; i < self->graph->n; i++)
            self->val[(size_t)j * (size_t)self->ld + (size_t)i] =
                i < self->graph->live ? from->val[(size_t)j * (size_t)from->cols + (size_t)i] : 0.25f;
}

static void copy_backward(kedge_node *self)
{
    kedge_node *to = self->in[0];
    bool accumulate;
    float *grad = kedge_node_grad(to, &accumulate);
    assert_false(accumulate);
    for (int j = 0; j < self->rows; j++)
        for (int i = 0; i < to->cols; i++)
            grad[(size_t)j * (size_t)to->cols + (size_t)i] = self->grad[(size_t)j * (size_t)self->ld + (size_t)i];
    for (int j = 0; j < self->rows; j++) /* what the sums over all columns rely on */
        for (int i = self->graph->live; i < self->graph->n; i++)
            assert_true(self->grad[(size_t)j * (size_t)self->ld + (size_t)i] == 0);
}

/* From a parameter (rows, batch) to an activation; past the batch it holds something finite. */
static const kedge_op copy = {
    .name = "copy", .n_in = 1, .shape = copy_shape, .forward = copy_forward, .backward = copy_backward,
};

#endif
