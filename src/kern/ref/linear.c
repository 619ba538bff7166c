/* linear.c - products of a weight matrix. */
#include "kern/ref/ref.h"

static size_t at(int row, int ld, int column)
{
    return (size_t)row * (size_t)ld + (size_t)column;
}

void kedge_ref_linear(int m, int k, int n, const float *w, const float *b, const float *x, int ldx, float *y, int ldy)
{
    for (int i = 0; i < m; i++) {
        float *row = y + at(i, ldy, 0);
        for (int s = 0; s < n; s++) row[s] = b[i];
        for (int j = 0; j < k; j++)
            for (int s = 0; s < n; s++) row[s] += w[at(i, k, j)] * x[at(j, ldx, s)];
    }
}

void kedge_ref_linear_dx(int m, int k, int n, const float *w, const float *dy, int lddy, const float *scale, int lds,
                         bool accumulate, float *dx, int lddx)
{
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s++) {
            float sum = 0;
            for (int i = 0; i < m; i++) sum += w[at(i, k, j)] * dy[at(i, lddy, s)];
            if (scale) sum *= scale[at(j, lds, s)];
            dx[at(j, lddx, s)] = accumulate ? dx[at(j, lddx, s)] + sum : sum;
        }
}

void kedge_ref_linear_dw(int m, int k, int n, const float *dy, int lddy, const float *x, int ldx, bool accumulate,
                         float *dw, float *db)
{
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < k; j++) {
            float sum = 0;
            for (int s = 0; s < n; s++) sum += dy[at(i, lddy, s)] * x[at(j, ldx, s)];
            dw[at(i, k, j)] = accumulate ? dw[at(i, k, j)] + sum : sum;
        }
        float sum = 0;
        for (int s = 0; s < n; s++) sum += dy[at(i, lddy, s)];
        db[i] = accumulate ? db[i] + sum : sum;
    }
}

void kedge_ref_gemm(int m, int n, int k, const float *a, int rsa, int csa, const float *b, int rsb, int csb,
                    bool accumulate, float *c, int ldc, float *work)
{
    (void)work;
    for (int i = 0; i < m; i++) {
        float *row = c + at(i, ldc, 0);
        if (!accumulate)
            for (int j = 0; j < n; j++) row[j] = 0;
        for (int l = 0; l < k; l++) {
            float left = a[at(i, rsa, 0) + at(l, csa, 0)];
            for (int j = 0; j < n; j++) row[j] += left * b[at(l, rsb, 0) + at(j, csb, 0)];
        }
    }
}
