/* suppress.c - removes a share of what columns have along a direction. METHOD section 6. */
#include <math.h>
#include <string.h>

#include "ops/alignment.h"
#include "ops/ops.h"

typedef struct attributes {
    kedge_falloff falloff;
    double v[]; /* [rows of z] */
} attributes;

double kedge_falloff_at(const kedge_falloff *falloff, double alpha, double *slope)
{
    const double nearest = 0x1p-20;
    double p = falloff->power, whole = 1 - falloff->from;
    alpha = alpha < 1 ? alpha : 1;
    if (!(alpha > falloff->from)) {
        if (slope) *slope = 0;
        return 0;
    }
    double x = (alpha - falloff->from) / whole;
    if (slope && p == 0) *slope = 0;
    if (slope && p != 0) *slope = falloff->strength * p * pow(x < nearest && p < 1 ? nearest : x, p - 1) / whole;
    double share = p == 0 ? 1 : p == 1 ? x : p == 2 ? x * x : pow(x, p);
    return falloff->strength * share;
}

static kedge_status shape(kedge_node *self)
{
    if (!kedge_is_activation(self->in[0])) return kedge_shape_fail(self, "the operand is no activation");
    self->n_work = KEDGE_ALIGNMENT_WORK(self->in[0]) + 4 * (size_t)kedge_node_capacity(self->in[0]);
    return kedge_shape_like(self, self->in[0]);
}

static void forward(kedge_node *self) /* y (K,N) = z - h(alpha) (z.v) v */
{
    const attributes *own = self->attributes;
    const kedge_node *z = self->in[0];
    int n = kedge_node_columns(self);
    double *part;
    kedge_alignment at = kedge_align(z, own->v, &part);
    if (own->falloff.power == 0) /* the usual one, for which no function has to be called */
        for (int i = 0; i < n; i++) part[i] = at.alpha[i] > own->falloff.from ? own->falloff.strength * at.dot[i] : 0;
    else
        for (int i = 0; i < n; i++) part[i] = kedge_falloff_at(&own->falloff, at.alpha[i], NULL) * at.dot[i];
    for (int k = 0; k < z->rows; k++) {
        const float *row = kedge_row(z->val, z, k);
        float *to = kedge_row(self->val, self, k);
        for (int i = 0; i < n; i++) { /* what is not edited stays to the bit */
            float edited = (float)((double)row[i] - part[i] * own->v[k]);
            to[i] = part[i] != 0 ? edited : row[i];
        }
    }
}

/* dz += dy - (v.dy) ((h + alpha h') v - alpha^2 h' z/|z|): d alpha = (v - alpha z/|z|)/|z| */
static void backward(kedge_node *self)
{
    const attributes *own = self->attributes;
    kedge_node *z = self->in[0];
    int n = kedge_node_columns(self);
    bool accumulate;
    float *dz = kedge_node_grad(z, &accumulate);
    if (!dz) return;
    double *along, *back;
    kedge_alignment at = kedge_align(z, own->v, &along);
    back = along + n;
    for (int i = 0; i < n; i++) along[i] = 0;
    for (int k = 0; k < z->rows; k++) {
        const float *dy = kedge_row(self->grad, self, k);
        for (int i = 0; i < n; i++) along[i] += own->v[k] * (double)dy[i];
    }
    for (int i = 0; i < n; i++) {
        double slope, alpha = at.alpha[i], share = kedge_falloff_at(&own->falloff, alpha, &slope);
        back[i] = slope > 0 ? along[i] * alpha * alpha * slope / at.length[i] : 0;
        along[i] *= share + alpha * slope;
    }
    for (int k = 0; k < z->rows; k++) {
        const float *row = kedge_row(z->val, z, k), *dy = kedge_row(self->grad, self, k);
        float *to = kedge_row(dz, z, k);
        for (int i = 0; i < n; i++)
            to[i] = (accumulate ? to[i] : 0) +
                    (float)((double)dy[i] - along[i] * own->v[k] + back[i] * (double)row[i]);
    }
}

kedge_node *kedge_suppress(kedge_node *z, const double *v, const kedge_falloff *falloff)
{
    if (!z) return NULL;
    size_t rows = (size_t)z->rows, size = sizeof(attributes) + rows * sizeof(double);
    attributes *own = kedge_arena_alloc(&z->graph->arena, 1, size);
    if (!own) return kedge_graph_error(z->graph, kedge_fail_memory("a node"));
    own->falloff = *falloff;
    memcpy(own->v, v, rows * sizeof *v);
    return kedge_graph_add(&kedge_op_suppress, own, size, 1, &z);
}

const kedge_op kedge_op_suppress = {
    .name = "suppress",
    .n_in = 1,
    .backward_reads = KEDGE_READS_INPUTS,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
