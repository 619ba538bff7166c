/* separate.c - pushes unit columns apart: powers of their pairwise cosines. METHOD section 3. */
#include <math.h>

#include "ops/ops.h"

typedef struct attributes {
    int form;
    kedge_separate pairs;
    float fill; /* what a pair at the limit counts, and an entry of the diagonal */
} attributes;

static kedge_status shape(kedge_node *self)
{
    const kedge_node *e = self->in[0];
    int batch = self->graph->batch;
    if (e->cols != KEDGE_BATCH) return kedge_shape_fail(self, "the operand is no activation");
    if (self->n_in == 2 && (self->in[1]->rows != 1 || self->in[1]->cols != KEDGE_BATCH))
        return kedge_shape_fail(self, "the labels are no row of per-sample numbers");
    self->n_aux = (size_t)e->rows * (size_t)kedge_columns(batch) + 16;
    self->n_work = KEDGE_SEPARATE_WORK(e->rows, batch) + self->n_aux;
    return kedge_shape_scalar(self);
}

/* Forward leaves the gradient of the plain sum in aux: both need the powers, and they are what costs. */
static void forward(kedge_node *self)
{
    const attributes *own = self->attributes;
    const kedge_node *e = self->in[0];
    const kedge_graph *graph = self->graph;
    const float *l = kedge_node_weights(self, 1);
    int live = graph->live;
    float *gradient = self->aux ? self->aux : graph->work + KEDGE_SEPARATE_WORK(e->rows, graph->batch);
    float sum, left_out, weight = (float)live, share;
    graph->kern->separate(&own->pairs, e->rows, live, e->val, e->ld, l, gradient, e->ld, graph->work, &sum, &left_out);
    if (l) graph->kern->weighted_sum(live, l, NULL, &weight);
    if (own->form == KEDGE_SEPARATE_PAIRS)
        share = live > 1 ? 1.0f / (weight * (float)(live - 1) + (l ? 1e-8f : 0)) : 0;
    else
        share = 1.0f / (weight + (l ? 1e-8f : 0));
    float diagonal = own->form == KEDGE_SEPARATE_PAIRS ? 0 : weight;
    self->val[0] = share * (sum + own->fill * (left_out + diagonal));
    if (self->aux) self->aux[(size_t)e->rows * (size_t)e->ld] = share;
}

static void backward(kedge_node *self) /* de += w share g */
{
    kedge_node *e = self->in[0];
    float scale = self->grad[0] * self->aux[(size_t)e->rows * (size_t)e->ld];
    bool accumulate;
    float *de = kedge_node_grad(e, &accumulate);
    if (de) self->graph->kern->scale(e->rows * e->ld, self->aux, scale, accumulate, de);
}

kedge_node *kedge_separate_pairs(kedge_node *e, int form, int power, bool shift, kedge_node *l)
{
    attributes own = {.form = form, .pairs = {.power = power, .scale = 1, .bias = 0, .limit = INFINITY}};
    if (shift) own.pairs.scale = own.pairs.bias = 0.5f;
    if (form == KEDGE_SEPARATE_ROWS) {
        /* abs(C - 1) <= 1e-8 + 1e-5 counts as C = 0; a cosine of unit vectors is never further above 1 than that */
        own.pairs.limit = own.pairs.scale * (1 - 1.001e-5f) + own.pairs.bias;
        own.fill = shift ? powf(0.5f, (float)power) : 0;
    }
    return kedge_graph_add(&kedge_op_separate, &own, sizeof own, l ? 2 : 1, (kedge_node *[]){e, l});
}

const kedge_op kedge_op_separate = {
    .name = "separate", .n_in = -1, .axes = KEDGE_AXES_LOSS, .shape = shape, .forward = forward, .backward = backward,
};
