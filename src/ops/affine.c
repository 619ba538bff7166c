/* affine.c - every row scaled and shifted: y_k = m_k z_k + c_k. Zeroes dims, adds a vector, sets constants. */
#include <string.h>

#include "ops/ops.h"

/* Attributes: m [rows], then c [rows]. */
static kedge_status shape(kedge_node *self)
{
    if (!kedge_is_activation(self->in[0])) return kedge_shape_fail(self, "the operand is no activation");
    return kedge_shape_like(self, self->in[0]);
}

static void forward(kedge_node *self) /* y (K,N) */
{
    const kedge_node *z = self->in[0];
    const float *m = self->attributes, *c = m + z->rows;
    int n = kedge_node_columns(self);
    for (int k = 0; k < z->rows; k++) {
        const float *row = z->val + (size_t)k * (size_t)z->ld;
        float *to = self->val + (size_t)k * (size_t)self->ld, scale = m[k], shift = c[k];
        if (scale == 1 && shift == 0) /* to the bit: also -0 and what is too small for arithmetic */
            memcpy(to, row, (size_t)n * sizeof *to);
        else if (scale == 0) /* whatever z is, even infinite */
            for (int i = 0; i < n; i++) to[i] = shift;
        else
            for (int i = 0; i < n; i++) to[i] = scale * row[i] + shift;
    }
}

static void backward(kedge_node *self) /* dz_k += m_k dy_k */
{
    kedge_node *z = self->in[0];
    const float *m = self->attributes;
    int n = kedge_node_columns(self);
    bool accumulate;
    float *dz = kedge_node_grad(z, &accumulate);
    if (!dz) return;
    for (int k = 0; k < z->rows; k++) {
        const float *dy = self->grad + (size_t)k * (size_t)self->ld;
        float *to = dz + (size_t)k * (size_t)z->ld;
        for (int i = 0; i < n; i++) to[i] = (accumulate ? to[i] : 0) + m[k] * dy[i];
    }
}

kedge_node *kedge_affine(kedge_node *z, const float *m, const float *c)
{
    if (!z) return NULL;
    size_t rows = (size_t)z->rows;
    float *own = kedge_arena_alloc(&z->graph->arena, 2 * rows, sizeof *own);
    if (!own) return kedge_graph_error(z->graph, kedge_fail_memory("a node"));
    memcpy(own, m, rows * sizeof *own);
    memcpy(own + rows, c, rows * sizeof *own);
    return kedge_graph_add(&kedge_op_affine, own, 2 * rows * sizeof *own, 1, &z);
}

const kedge_op kedge_op_affine = {
    .name = "affine", .n_in = 1, .shape = shape, .forward = forward, .backward = backward,
};
