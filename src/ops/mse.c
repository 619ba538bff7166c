/* mse.c - mean squared error, per entry or per sample. */
#include "ops/ops.h"

static kedge_status shape(kedge_node *self)
{
    const kedge_node *y = self->in[0], *target = self->in[1];
    if (!kedge_is_activation(y) || target->cols != y->cols || y->rows != target->rows)
        return kedge_shape_fail(self, "an output of %d rows against a target of %d", y->rows, target->rows);
    if (y->cols == KEDGE_CONSTANT && y->points != target->points)
        return kedge_shape_fail(self, "an output of %d points against a target of %d", y->points, target->points);
    size_t floats = (size_t)y->rows * (size_t)kedge_node_capacity(y);
    self->n_aux = floats;
    self->n_work = floats; /* where the difference goes in an inference graph */
    return kedge_shape_scalar(self);
}

/* What the sum is divided by. */
static float divisor(const kedge_node *self)
{
    const kedge_node *y = self->in[0];
    return self->op == &kedge_op_mse ? (float)y->rows * (float)kedge_node_live(y) : (float)kedge_node_live(y);
}

static void forward(kedge_node *self) /* aux (rows,N) = y - target; value = sum aux^2 / divisor */
{
    const kedge_node *y = self->in[0], *target = self->in[1];
    kedge_graph *graph = self->graph;
    float sum;
    graph->kern->difference(y->rows, kedge_node_columns(y), kedge_node_live(y), y->val, y->ld, target->val, target->ld,
                            self->aux ? self->aux : graph->work, y->ld, &sum);
    self->val[0] = sum / divisor(self);
}

static void backward(kedge_node *self) /* dy += w 2 (y - target) / divisor */
{
    kedge_node *y = self->in[0];
    const kedge_graph *graph = self->graph;
    bool accumulate;
    float *dy = kedge_node_grad(y, &accumulate);
    if (!dy) return;
    float scale = 2.0f * self->grad[0] / divisor(self);
    graph->kern->scale(y->rows * y->ld, self->aux, scale, accumulate, dy);
}

kedge_node *kedge_mse(kedge_node *y, kedge_node *target)
{
    return kedge_graph_add(&kedge_op_mse, NULL, 0, 2, (kedge_node *[]){y, target});
}

kedge_node *kedge_mean_distance(kedge_node *y, kedge_node *target)
{
    return kedge_graph_add(&kedge_op_mean_distance, NULL, 0, 2, (kedge_node *[]){y, target});
}

const kedge_op kedge_op_mse = {
    .name = "mse", .n_in = 2, .axes = KEDGE_AXES_LOSS, .shape = shape, .forward = forward, .backward = backward,
};
const kedge_op kedge_op_mean_distance = {
    .name = "mean-distance", .n_in = 2, .axes = KEDGE_AXES_LOSS, .shape = shape, .forward = forward,
    .backward = backward,
};
