/* product.h - products of a small weight matrix with a batch: sums are kept in registers, columns are the lanes. */
#ifndef KERN_SIMD_PRODUCT_H
#define KERN_SIMD_PRODUCT_H

#include "kern/simd/vec.h"

/* y = sum over r of w(o,r) x(r) with w(o,r) = w[o*so + r*sr]: what forward and the input's gradient have in common. */
typedef struct product {
    const float *w;
    int so, sr, terms; /* strides of w; number of terms r of a sum */
    const float *start; /* per row: begin with it (a bias); NULL: with 0 */
    const float *x;
    int ldx;
    const float *scale; /* multiply the result by it; NULL: by 1 */
    int lds;
    bool accumulate;
    float *y;
    int ldy;
} product;

/* Rows o .. o+rows-1 of the result, columns s .. s + vectors*LANES - 1. */
INLINE void product_tile(const product *p, int rows, int vectors, int o, int s)
{
    vf sum[6][4];
    for (int a = 0; a < rows; a++)
        for (int v = 0; v < vectors; v++) sum[a][v] = splat(p->start ? p->start[o + a] : 0);
    const float *w = p->w + (size_t)o * (size_t)p->so, *x = p->x + s;
    for (int r = 0; r < p->terms; r++, w += p->sr, x += p->ldx)
        for (int a = 0; a < rows; a++) {
            vf weight = splat(w[(size_t)a * (size_t)p->so]);
            for (int v = 0; v < vectors; v++) sum[a][v] += weight * load(x + v * LANES);
        }
    for (int a = 0; a < rows; a++)
        for (int v = 0; v < vectors; v++) {
            float *to = p->y + (size_t)(o + a) * (size_t)p->ldy + s + v * LANES;
            vf result = sum[a][v];
            if (p->scale) result *= load(p->scale + (size_t)(o + a) * (size_t)p->lds + s + v * LANES);
            if (p->accumulate) result += load(to);
            store(to, result);
        }
}

INLINE void product_columns(const product *p, int vectors, int rows, int s)
{
    int o = 0;
    for (; o + 4 <= rows; o += 4) product_tile(p, 4, vectors, o, s);
    if (rows - o == 3)
        product_tile(p, 3, vectors, o, s);
    else if (rows - o == 2)
        product_tile(p, 2, vectors, o, s);
    else if (rows - o == 1)
        product_tile(p, 1, vectors, o, s);
}

INLINE void product_all(const product *p, int rows, int n)
{
    enum { WIDE = KEDGE_LANES == 16 ? 4 : 2 }; /* vectors: 4 x 4 sums fit 32 registers, 4 x 2 fit 16 */
    int s = 0;
    for (; s + WIDE * LANES <= n; s += WIDE * LANES) product_columns(p, WIDE, rows, s);
    for (; s < n; s += LANES) product_columns(p, 1, rows, s);
}

/* The number of terms is small and known for the usual widths: the compiler then unrolls the sum. */
INLINE void product_run(product *p, int rows, int n)
{
    switch (p->terms) {
    case 3: p->terms = 3; product_all(p, rows, n); break;
    case 4: p->terms = 4; product_all(p, rows, n); break;
    case 5: p->terms = 5; product_all(p, rows, n); break;
    case 16: p->terms = 16; product_all(p, rows, n); break;
    default: product_all(p, rows, n);
    }
}

static void linear(int m, int k, int n, const float *w, const float *b, const float *x, int ldx, float *y, int ldy)
{
    product p = {.w = w, .so = k, .sr = 1, .terms = k, .start = b, .x = x, .ldx = ldx, .y = y, .ldy = ldy};
    product_run(&p, m, n);
}

static void linear_dx(int m, int k, int n, const float *w, const float *dy, int lddy, const float *scale, int lds,
                      bool accumulate, float *dx, int lddx)
{
    product p = {.w = w, .so = 1, .sr = k, .terms = m, .x = dy, .ldx = lddy, .y = dx, .ldy = lddx};
    if (scale) {
        p.scale = scale;
        p.lds = lds;
        p.accumulate = accumulate;
        product_run(&p, k, n);
    } else if (accumulate) {
        p.accumulate = true;
        product_run(&p, k, n);
    } else {
        product_run(&p, k, n);
    }
}

/* ---- gradient of the weights: sums over the batch. LANES of them are made at once and added up together. ---- */

/* Entries of dw = dy xT: 'rows' x 'cols' of them, rows * cols == LANES, of which the first 'm' and 'k' are there (what
 * is not reads the last one that is, and is thrown away). x NULL: the sums of the rows of dy. */
INLINE void weight_block(int rows, int cols, int m, int k, int n, const float *dy, int lddy, const float *x, int ldx,
                         bool accumulate, float *dw, int ld)
{
    const float *left[KEDGE_LANES], *right[KEDGE_LANES];
    vf sum[KEDGE_LANES];
    for (int a = 0; a < rows; a++) left[a] = dy + (size_t)(a < m ? a : m - 1) * (size_t)lddy;
    for (int c = 0; x && c < cols; c++) right[c] = x + (size_t)(c < k ? c : k - 1) * (size_t)ldx;
    for (int j = 0; j < LANES; j++) sum[j] = splat(0);
    for (int s = 0; s < n; s += LANES)
        for (int a = 0; a < rows; a++) {
            vf part = load(left[a] + s);
            for (int c = 0; c < cols; c++) sum[a * cols + c] += x ? part * load(right[c] + s) : part;
        }
    float total[KEDGE_LANES] __attribute__((aligned(64)));
    store(total, sums(sum));
    for (int a = 0; a < rows && a < m; a++) {
        float *to = dw + (size_t)a * (size_t)ld;
        if (!accumulate && cols <= k)
            memcpy(to, total + a * cols, (size_t)cols * sizeof *to);
        else
            for (int c = 0; c < cols && c < k; c++) to[c] = accumulate ? to[c] + total[a * cols + c] : total[a * cols
                + c];
    }
}

INLINE void weights_all(int m, int k, int n, const float *dy, int lddy, const float *x, int ldx, bool accumulate,
                        float *dw, float *db)
{
    enum { ROWS = KEDGE_LANES / 4, COLS = 4 };
    int full_rows = m / ROWS * ROWS, full_cols = k / COLS * COLS;
    for (int i = 0; i < full_rows; i += ROWS)
        for (int j = 0; j < full_cols; j += COLS)
            weight_block(ROWS, COLS, ROWS, COLS, n, dy + (size_t)i * (size_t)lddy, lddy, x + (size_t)j * (size_t)ldx,
                ldx,
                         accumulate, dw + (size_t)i * (size_t)k + j, k);
    for (int i = full_rows; i < m; i++) /* rows that are left over: each by itself, along the columns */
        for (int j = 0; j < full_cols; j += LANES)
            weight_block(1, LANES, 1, full_cols - j, n, dy + (size_t)i * (size_t)lddy, lddy,
                x + (size_t)j * (size_t)ldx,
                         ldx, accumulate, dw + (size_t)i * (size_t)k + j, k);
    for (int i = 0; i < m; i += LANES) { /* and columns, along the rows; and the bias */
        const float *rows = dy + (size_t)i * (size_t)lddy;
        for (int j = full_cols; j < k; j++)
            weight_block(LANES, 1, m - i, 1, n, rows, lddy, x + (size_t)j * (size_t)ldx, ldx, accumulate,
                         dw + (size_t)i * (size_t)k + j, k);
        weight_block(LANES, 1, m - i, 1, n, rows, lddy, NULL, 0, accumulate, db + i, 1);
    }
}

static void linear_dw(int m, int k, int n, const float *dy, int lddy, const float *x, int ldx, bool accumulate,
                      float *dw, float *db)
{
    if (accumulate)
        weights_all(m, k, n, dy, lddy, x, ldx, true, dw, db);
    else
        weights_all(m, k, n, dy, lddy, x, ldx, false, dw, db);
}

#endif
