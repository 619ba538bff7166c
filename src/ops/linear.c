/* linear.c - y = w x + b. Small products stay in registers, large ones are blocked for the caches. */
#include "ops/ops.h"

/* From here on the blocked product is faster (measured: bench/kernels). */
enum { LARGE = 48 * 48 * 64 };

static bool is_large(const kedge_node *self)
{
    return (size_t)self->rows * (size_t)self->in[0]->rows * (size_t)self->graph->batch >= LARGE;
}

static kedge_status shape(kedge_node *self)
{
    const kedge_node *x = self->in[0], *w = self->in[1], *b = self->in[2];
    if (!kedge_is_activation(x) || w->cols != x->rows)
        return kedge_shape_fail(self, "weights (%d,%d) do not fit an input of %d rows", w->rows, w->cols, x->rows);
    if (b->rows != w->rows || b->cols != 1)
        return kedge_shape_fail(self, "bias (%d,%d) does not fit weights (%d,%d)", b->rows, b->cols, w->rows, w->cols);
    self->rows = w->rows;
    self->cols = x->cols;
    self->n_work = KEDGE_GEMM_WORK; /* frozen or shared weights take that way at any size */
    return KEDGE_OK;
}

static void forward(kedge_node *self) /* y (m,N) = w (m,k) x (k,N) + b (m) */
{
    const kedge_node *x = self->in[0], *w = self->in[1], *b = self->in[2];
    const kedge_kern *kern = self->graph->kern;
    int m = self->rows, k = x->rows, n = kedge_node_columns(self);
    if (!is_large(self)) {
        kern->linear(m, k, n, w->val, b->val, x->val, x->ld, self->val, self->ld);
        return;
    }
    for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++) self->val[(size_t)i * (size_t)self->ld + (size_t)j] = b->val[i];
    kern->gemm(m, n, k, w->val, k, 1, x->val, x->ld, 1, true, self->val, self->ld, self->graph->work);
}

static void backward_input(kedge_node *self, kedge_node *x, const float *scale) /* dx += wT dy, times f'(x) */
{
    const kedge_node *w = self->in[1];
    const kedge_kern *kern = self->graph->kern;
    int m = self->rows, k = self->in[0]->rows, n = kedge_node_columns(self);
    bool accumulate;
    float *dx = kedge_node_grad(x, &accumulate);
    if (!dx) return;
    if (!is_large(self)) {
        kern->linear_dx(m, k, n, w->val, self->grad, self->ld, scale, x->ld, accumulate, dx, x->ld);
        return;
    }
    kern->gemm(k, n, m, w->val, 1, k, self->grad, self->ld, 1, accumulate, dx, x->ld, self->graph->work);
    if (scale) kern->mul(k * x->ld, dx, scale, false, dx);
}

static void backward(kedge_node *self)
{
    kedge_node *x = self->in[0], *w = self->in[1], *b = self->in[2];
    const kedge_kern *kern = self->graph->kern;
    int m = self->rows, k = x->rows, n = kedge_node_columns(self);
    bool accumulate, accumulate_b;
    float *dw = kedge_node_grad(w, &accumulate), *db = kedge_node_grad(b, &accumulate_b);
    if (dw && db && !is_large(self) && accumulate == accumulate_b) {
        kern->linear_dw(m, k, n, self->grad, self->ld, x->val, x->ld, accumulate, dw, db);
    } else {
        /* Columns past the batch have zero gradients, so the sums may run over all n. */
        if (dw)
            kern->gemm(m, k, n, self->grad, self->ld, 1, x->val, 1, x->ld, accumulate, dw, k, self->graph->work);
        for (int i = 0; db && i < m; i++) {
            float sum;
            kern->weighted_sum(n, self->grad + (size_t)i * (size_t)self->ld, NULL, &sum);
            db[i] = accumulate_b ? db[i] + sum : sum;
        }
    }
    if (self->through)
        backward_input(self, self->through->in[0], self->through->aux);
    else
        backward_input(self, x, NULL);
}

kedge_node *kedge_linear(kedge_node *x, kedge_node *w, kedge_node *b)
{
    return kedge_graph_add(&kedge_op_linear, NULL, 0, 3, (kedge_node *[]){x, w, b});
}

const kedge_op kedge_op_linear = {
    .name = "linear",
    .n_in = 3,
    .axes = KEDGE_AXES_MIXES,
    .backward_reads = KEDGE_READS_INPUTS,
    .scales_gradient = true,
    .shape = shape,
    .forward = forward,
    .backward = backward,
};
