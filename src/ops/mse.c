/* mse.c - mean squared error, per entry (of all samples alike or with a weight each) or per sample. */
#include "ops/ops.h"

static kedge_status shape(kedge_node *self)
{
    const kedge_node *y = self->in[0], *target = self->in[1], *l = self->n_in == 3 ? self->in[2] : NULL;
    if (!kedge_is_activation(y) || target->cols != y->cols || y->rows != target->rows)
        return kedge_shape_fail(self, "an output of %d rows against a target of %d", y->rows, target->rows);
    if (y->cols == KEDGE_CONSTANT && y->points != target->points)
        return kedge_shape_fail(self, "an output of %d points against a target of %d", y->points, target->points);
    if (l && (l->rows != 1 || l->cols != KEDGE_BATCH || y->cols != KEDGE_BATCH))
        return kedge_shape_fail(self, "the weights are no row of per-sample numbers");
    size_t columns = (size_t)kedge_node_capacity(y), floats = (size_t)y->rows * columns;
    self->n_aux = floats + 16;
    self->n_work = floats + columns; /* where the difference goes in an inference graph; squares of the samples */
    return kedge_shape_scalar(self);
}

/* d (rows,N) becomes l d; returns sum_i l_i |d_i|^2. squares [N] is scratch. */
static float weigh(const kedge_node *y, const float *l, float *d, float *squares)
{
    const kedge_graph *graph = y->graph;
    float sum;
    for (int i = 0; i < graph->n; i++) squares[i] = 0;
    for (int j = 0; j < y->rows; j++) {
        float *row = d + (size_t)j * (size_t)y->ld;
        for (int i = 0; i < graph->n; i++) {
            squares[i] += row[i] * row[i];
            row[i] *= l[i];
        }
    }
    graph->kern->weighted_sum(graph->live, squares, l, &sum);
    return sum;
}

static void forward(kedge_node *self) /* aux (rows,N) = l (y - target), and behind it what the sum is divided by */
{
    const kedge_node *y = self->in[0], *target = self->in[1];
    kedge_graph *graph = self->graph;
    const float *l = kedge_node_weights(self, 2);
    size_t floats = (size_t)y->rows * (size_t)y->ld;
    float sum, weight = (float)kedge_node_live(y), *d = self->aux ? self->aux : graph->work;
    graph->kern->difference(y->rows, kedge_node_columns(y), kedge_node_live(y), y->val, y->ld, target->val, target->ld,
                            d, y->ld, &sum);
    if (l) {
        sum = weigh(y, l, d, graph->work + floats);
        graph->kern->weighted_sum(graph->live, l, NULL, &weight);
        weight += 1e-8f;
    }
    float divisor = self->op == &kedge_op_mse ? (float)y->rows * weight : weight;
    self->val[0] = sum / divisor;
    if (self->aux) self->aux[floats] = divisor;
}

static void backward(kedge_node *self) /* dy += w 2 l (y - target) / divisor */
{
    kedge_node *y = self->in[0];
    const kedge_graph *graph = self->graph;
    bool accumulate;
    float *dy = kedge_node_grad(y, &accumulate);
    if (!dy) return;
    float scale = 2.0f * self->grad[0] / self->aux[(size_t)y->rows * (size_t)y->ld];
    graph->kern->scale(y->rows * y->ld, self->aux, scale, accumulate, dy);
}

kedge_node *kedge_mse(kedge_node *y, kedge_node *target, kedge_node *l)
{
    return kedge_graph_add(&kedge_op_mse, NULL, 0, l ? 3 : 2, (kedge_node *[]){y, target, l});
}

kedge_node *kedge_mean_distance(kedge_node *y, kedge_node *target)
{
    return kedge_graph_add(&kedge_op_mean_distance, NULL, 0, 2, (kedge_node *[]){y, target});
}

const kedge_op kedge_op_mse = {
    .name = "mse", .n_in = -1, .axes = KEDGE_AXES_LOSS, .shape = shape, .forward = forward, .backward = backward,
};
const kedge_op kedge_op_mean_distance = {
    .name = "mean-distance", .n_in = 2, .axes = KEDGE_AXES_LOSS, .shape = shape, .forward = forward,
    .backward = backward,
};
