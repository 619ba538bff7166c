/* l2norm.c - columns to unit length. */
#include "ops/ops.h"

static kedge_status shape(kedge_node *self)
{
    self->n_aux = (size_t)kedge_node_capacity(self->in[0]);
    return kedge_shape_like(self, self->in[0]);
}

static void forward(kedge_node *self) /* y (K,N) = x / |x|; aux = 1 / |x| */
{
    const kedge_node *x = self->in[0];
    self->graph->kern->l2norm(self->rows, kedge_node_columns(self), x->val, x->ld, self->val, self->ld, self->aux);
}

static void backward(kedge_node *self) /* dx += (dy - y (y.dy)) / |x|: the part along y cannot change the length */
{
    kedge_node *x = self->in[0];
    bool accumulate;
    float *dx = kedge_node_grad(x, &accumulate);
    if (dx)
        self->graph->kern->l2norm_grad(self->rows, kedge_node_columns(self), self->val, self->ld, self->grad, self->ld,
                                       self->aux, accumulate, dx, x->ld);
}

kedge_node *kedge_l2norm(kedge_node *x)
{
    return kedge_graph_add(&kedge_op_l2norm, NULL, 0, 1, &x);
}

kedge_node *kedge_unit(kedge_node *x)
{
    return x && x->op == &kedge_op_l2norm ? x : kedge_l2norm(x);
}

const kedge_op kedge_op_l2norm = {
    .name = "l2norm",
    .n_in = 1,
    .axes = KEDGE_AXES_KEEPS,
    .backward_reads = KEDGE_READS_OUTPUT,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
