/* core_ops.h - small operations for tests of the graph: each uses another of the ways in which an operation may work
 * (backward reads operands, the result, what forward left; writes a parameter's gradient; multiplies by the operand's
 * derivative; counts how often it is called). */
#ifndef CORE_OPS_H
#define CORE_OPS_H

#include <math.h>

#include "core/graph.h"

#define AT(node, of, row, column) (node)->of[(size_t)(row) * (size_t)(node)->ld + (size_t)(column)]

/* For all rows j and columns i of the node in this pass. */
#define EACH(node, j, i)                                                                                               \
    for (int j = 0; j < (node)->rows; j++)                                                                             \
        for (int i = 0; i < (node)->graph->n; i++)

static inline kedge_status like_shape(kedge_node *self)
{
    for (int k = 0; k < self->n_in; k++)
        if (self->in[k]->cols != KEDGE_BATCH || self->in[k]->rows != self->in[0]->rows)
            return kedge_shape_fail(self, "operand %d has %d rows, not %d", k, self->in[k]->rows, self->in[0]->rows);
    return kedge_shape_like(self, self->in[0]);
}

/* Adds 'part' of each entry to the gradient of operand k: (*part)(self, k, row, column). */
static inline void pass_back(kedge_node *self, int k, float (*part)(const kedge_node *self, int k, int j, int i))
{
    bool accumulate;
    float *grad = kedge_node_grad(self->in[k], &accumulate);
    if (!grad) return;
    EACH(self->in[k], j, i) {
        float *to = &AT(self->in[k], grad, j, i);
        *to = (accumulate ? *to : 0) + part(self, k, j, i);
    }
}

/* ---- add: y = the sum of any number of operands ---- */
static inline void add_forward(kedge_node *self)
{
    EACH(self, j, i) {
        float sum = 0;
        for (int k = 0; k < self->n_in; k++) sum += AT(self->in[k], val, j, i);
        AT(self, val, j, i) = sum;
    }
}

static inline float add_part(const kedge_node *self, int k, int j, int i)
{
    (void)k;
    return AT(self, grad, j, i);
}

static inline void add_backward(kedge_node *self)
{
    for (int k = 0; k < self->n_in; k++) pass_back(self, k, add_part);
}

static const kedge_op op_add = {
    .name = "add", .n_in = -1, .shape = like_shape, .forward = add_forward, .backward = add_backward,
};

/* ---- count: y = factor x; counts its calls ---- */
typedef struct counted {
    float factor;
    int *forward, *backward;
} counted;

static inline void count_forward(kedge_node *self)
{
    const counted *c = self->attributes;
    ++*c->forward;
    EACH(self, j, i) AT(self, val, j, i) = c->factor * AT(self->in[0], val, j, i);
}

static inline float count_part(const kedge_node *self, int k, int j, int i)
{
    (void)k;
    return ((const counted *)self->attributes)->factor * AT(self, grad, j, i);
}

static inline void count_backward(kedge_node *self)
{
    ++*((const counted *)self->attributes)->backward;
    pass_back(self, 0, count_part);
}

static const kedge_op op_count = {
    .name = "count", .n_in = 1, .shape = like_shape, .forward = count_forward, .backward = count_backward,
};

/* ---- wave: y = sin x; backward reads x ---- */
static inline void wave_forward(kedge_node *self)
{
    EACH(self, j, i) AT(self, val, j, i) = sinf(AT(self->in[0], val, j, i));
}

static inline float wave_part(const kedge_node *self, int k, int j, int i)
{
    return AT(self, grad, j, i) * cosf(AT(self->in[k], val, j, i));
}

static inline void wave_backward(kedge_node *self)
{
    pass_back(self, 0, wave_part);
}

static const kedge_op op_wave = {
    .name = "wave", .n_in = 1, .backward_reads = KEDGE_READS_INPUTS,
    .shape = like_shape, .forward = wave_forward, .backward = wave_backward,
};

/* ---- soft: y = x / (1 + |x|), y' = (1 - |y|)^2; backward reads y ---- */
static inline void soft_forward(kedge_node *self)
{
    EACH(self, j, i) AT(self, val, j, i) = AT(self->in[0], val, j, i) / (1 + fabsf(AT(self->in[0], val, j, i)));
}

static inline float soft_part(const kedge_node *self, int k, int j, int i)
{
    (void)k;
    float rest = 1 - fabsf(AT(self, val, j, i));
    return AT(self, grad, j, i) * rest * rest;
}

static inline void soft_backward(kedge_node *self)
{
    pass_back(self, 0, soft_part);
}

static const kedge_op op_soft = {
    .name = "soft", .n_in = 1, .backward_reads = KEDGE_READS_OUTPUT,
    .shape = like_shape, .forward = soft_forward, .backward = soft_backward,
};

/* ---- ripple: y = cos x; forward leaves y' for backward, which the consumer may do as well ---- */
static inline kedge_status ripple_shape(kedge_node *self)
{
    self->n_aux = (size_t)self->in[0]->rows * (size_t)kedge_columns(self->graph->batch);
    return like_shape(self);
}

static inline void ripple_forward(kedge_node *self)
{
    EACH(self, j, i) {
        AT(self, val, j, i) = cosf(AT(self->in[0], val, j, i));
        if (self->aux) AT(self, aux, j, i) = -sinf(AT(self->in[0], val, j, i));
    }
}

static inline float ripple_part(const kedge_node *self, int k, int j, int i)
{
    (void)k;
    return AT(self, grad, j, i) * AT(self, aux, j, i);
}

static inline void ripple_backward(kedge_node *self)
{
    pass_back(self, 0, ripple_part);
}

static const kedge_op op_ripple = {
    .name = "ripple", .n_in = 1, .pointwise = true,
    .shape = ripple_shape, .forward = ripple_forward, .backward = ripple_backward,
};

/* ---- gain: y = p x with a parameter per row; multiplies by the operand's derivative ---- */
static inline kedge_status gain_shape(kedge_node *self)
{
    const kedge_node *x = self->in[0], *p = self->in[1];
    if (p->cols != 1 || p->rows != x->rows)
        return kedge_shape_fail(self, "gains (%d,%d) for %d rows", p->rows, p->cols, x->rows);
    return kedge_shape_like(self, x);
}

static inline void gain_forward(kedge_node *self)
{
    EACH(self, j, i) AT(self, val, j, i) = self->in[1]->val[j] * AT(self->in[0], val, j, i);
}

static inline float gain_part(const kedge_node *self, int k, int j, int i)
{
    (void)k;
    return self->in[1]->val[j] * AT(self, grad, j, i);
}

static inline float gain_part_through(const kedge_node *self, int k, int j, int i)
{
    (void)k;
    return self->in[1]->val[j] * AT(self, grad, j, i) * AT(self->in[0], aux, j, i);
}

static inline void gain_backward(kedge_node *self)
{
    kedge_node *x = self->in[0];
    bool accumulate;
    float *dp = kedge_node_grad(self->in[1], &accumulate);
    for (int j = 0; dp && j < self->rows; j++) {
        float sum = 0;
        for (int i = 0; i < self->graph->n; i++) sum += AT(self, grad, j, i) * AT(x, val, j, i);
        dp[j] = accumulate ? dp[j] + sum : sum;
    }
    if (!self->through) {
        pass_back(self, 0, gain_part);
        return;
    }
    bool add;
    float *grad = kedge_node_grad(x->in[0], &add);
    EACH(x, j, i) {
        if (!grad) break;
        float part = gain_part_through(self, 0, j, i), *to = &AT(x->in[0], grad, j, i);
        *to = add ? *to + part : part;
    }
}

static const kedge_op op_gain = {
    .name = "gain", .n_in = 2, .backward_reads = KEDGE_READS_INPUTS, .scales_gradient = true,
    .shape = gain_shape, .forward = gain_forward, .backward = gain_backward,
};

/* ---- total: scalar, the sum of x over rows and samples ---- */
static inline void total_forward(kedge_node *self)
{
    const kedge_node *x = self->in[0];
    self->val[0] = 0;
    EACH(x, j, i) self->val[0] += i < self->graph->live ? AT(x, val, j, i) : 0;
}

static inline float total_part(const kedge_node *self, int k, int j, int i)
{
    (void)k, (void)j;
    return i < self->graph->live ? self->grad[0] : 0;
}

static inline void total_backward(kedge_node *self)
{
    pass_back(self, 0, total_part);
}

static const kedge_op op_total = {
    .name = "total", .n_in = 1, .shape = kedge_shape_scalar, .forward = total_forward, .backward = total_backward,
};

#endif
