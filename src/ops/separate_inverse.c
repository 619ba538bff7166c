/* separate_inverse.c - pushes columns apart by the inverse square of their distance: the early form, kept for the
 * study of conflicts with 'unitarity'. Plain loops: nobody trains with it for speed. */
#include <string.h>

#include "ops/ops.h"

static const float nearest = 1e-8f; /* squared: nearer pairs are duplicates, whose repulsion would be infinite */

static kedge_status shape(kedge_node *self)
{
    const kedge_node *z = self->in[0];
    if (z->cols != KEDGE_BATCH) return kedge_shape_fail(self, "the operand is no activation");
    if (self->n_in == 2 && (self->in[1]->rows != 1 || self->in[1]->cols != KEDGE_BATCH))
        return kedge_shape_fail(self, "the labels are no row of per-sample numbers");
    self->n_aux = 16;
    return kedge_shape_scalar(self);
}

static float squared_distance(const kedge_node *z, int i, int j)
{
    float sum = 0;
    for (int k = 0; k < z->rows; k++) {
        const float *row = z->val + (size_t)k * (size_t)z->ld;
        sum += (row[i] - row[j]) * (row[i] - row[j]);
    }
    return sum;
}

static void forward(kedge_node *self) /* sum over i != j of l_i / |z_i - z_j|^2, over (sum l) (N-1) */
{
    const kedge_node *z = self->in[0];
    const float *l = kedge_node_weights(self, 1);
    int live = self->graph->live;
    float weight = 0, total = 0;
    for (int i = 0; i < live; i++) {
        float sum = 0;
        for (int j = 0; j < live; j++) {
            float distance = i == j ? 0 : squared_distance(z, i, j);
            if (distance > nearest) sum += 1 / distance;
        }
        total += (l ? l[i] : 1) * sum;
        weight += l ? l[i] : 1;
    }
    float share = live > 1 ? 1 / ((weight + (l ? 1e-8f : 0)) * (float)(live - 1)) : 0;
    self->val[0] = share * total;
    if (self->aux) self->aux[0] = share;
}

static void backward(kedge_node *self) /* dz_i -= 2 w share (l_i + l_j) (z_i - z_j) / |z_i - z_j|^4 */
{
    kedge_node *z = self->in[0];
    const float *l = kedge_node_weights(self, 1);
    const kedge_graph *graph = self->graph;
    float scale = 2 * self->grad[0] * self->aux[0];
    bool accumulate;
    float *dz = kedge_node_grad(z, &accumulate);
    if (!dz) return;
    if (!accumulate) memset(dz, 0, (size_t)z->rows * (size_t)z->ld * sizeof *dz);
    for (int i = 0; i < graph->live; i++)
        for (int j = 0; j < i; j++) {
            float distance = squared_distance(z, i, j);
            if (distance <= nearest) continue;
            float pull = scale * (l ? l[i] + l[j] : 2) / (distance * distance);
            for (int k = 0; k < z->rows; k++) {
                size_t row = (size_t)k * (size_t)z->ld;
                float step = pull * (z->val[row + (size_t)i] - z->val[row + (size_t)j]);
                dz[row + (size_t)i] -= step;
                dz[row + (size_t)j] += step;
            }
        }
}

kedge_node *kedge_separate_inverse(kedge_node *z, kedge_node *l)
{
    return kedge_graph_add(&kedge_op_separate_inverse, NULL, 0, l ? 2 : 1, (kedge_node *[]){z, l});
}

const kedge_op kedge_op_separate_inverse = {
    .name = "separate_inverse",
    .n_in = -1,
    .axes = KEDGE_AXES_LOSS,
    .backward_reads = KEDGE_READS_INPUTS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
