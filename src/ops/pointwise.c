/* pointwise.c - y = f(x), entry by entry. Forward leaves f'(x) in aux, backward multiplies by it. */
#include "ops/ops.h"

/* Rows lie one after the other, so a node is one long vector; what it holds past the batch does no harm. */
static int entries(const kedge_node *self)
{
    return self->rows * self->ld;
}

static kedge_status shape(kedge_node *self)
{
    const kedge_node *x = self->in[0];
    if (!kedge_is_activation(x)) return kedge_shape_fail(self, "the operand is no activation");
    self->n_aux = (size_t)x->rows * (size_t)kedge_node_capacity(x);
    return kedge_shape_like(self, x);
}

static void backward(kedge_node *self) /* dx += dy f'(x) */
{
    bool accumulate;
    float *dx = kedge_node_grad(self->in[0], &accumulate);
    if (dx) self->graph->kern->mul(entries(self), self->grad, self->aux, accumulate, dx);
}

static void forward_gelu(kedge_node *self)
{
    self->graph->kern->gelu(entries(self), self->in[0]->val, self->val, self->aux);
}

static void forward_relu(kedge_node *self)
{
    self->graph->kern->relu(entries(self), self->in[0]->val, self->val, self->aux);
}

static void forward_tanh(kedge_node *self)
{
    self->graph->kern->tanh(entries(self), self->in[0]->val, self->val, self->aux);
}

static void forward_sigmoid(kedge_node *self)
{
    self->graph->kern->sigmoid(entries(self), self->in[0]->val, self->val, self->aux);
}

kedge_node *kedge_gelu(kedge_node *x)
{
    return kedge_graph_add(&kedge_op_gelu, NULL, 0, 1, &x);
}

kedge_node *kedge_relu(kedge_node *x)
{
    return kedge_graph_add(&kedge_op_relu, NULL, 0, 1, &x);
}

kedge_node *kedge_tanh(kedge_node *x)
{
    return kedge_graph_add(&kedge_op_tanh, NULL, 0, 1, &x);
}

kedge_node *kedge_sigmoid(kedge_node *x)
{
    return kedge_graph_add(&kedge_op_sigmoid, NULL, 0, 1, &x);
}

const kedge_op kedge_op_gelu = {
    .name = "gelu", .n_in = 1, .axes = KEDGE_AXES_KEEPS, .pointwise = true, .shape = shape, .forward = forward_gelu,
    .backward = backward,
};
const kedge_op kedge_op_relu = {
    .name = "relu", .n_in = 1, .axes = KEDGE_AXES_KEEPS, .pointwise = true, .shape = shape, .forward = forward_relu,
    .backward = backward,
};
const kedge_op kedge_op_tanh = {
    .name = "tanh", .n_in = 1, .axes = KEDGE_AXES_KEEPS, .pointwise = true, .shape = shape, .forward = forward_tanh,
    .backward = backward,
};
const kedge_op kedge_op_sigmoid = {
    .name = "sigmoid", .n_in = 1, .pointwise = true, .shape = shape, .forward = forward_sigmoid, .backward = backward,
};
