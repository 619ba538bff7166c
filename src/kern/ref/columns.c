/* columns.c - what is computed for each column (sample) by itself, and sums over them. */
#include <math.h>

#include "kern/ref/ref.h"

static size_t at(int row, int ld, int column)
{
    return (size_t)row * (size_t)ld + (size_t)column;
}

void kedge_ref_l2norm(int k, int n, const float *x, int ldx, float *y, int ldy, float *r)
{
    for (int s = 0; s < n; s++) {
        float sum = 0;
        for (int j = 0; j < k; j++) sum += x[at(j, ldx, s)] * x[at(j, ldx, s)];
        float length = sqrtf(sum), inverse = 1 / (length > 1e-12f ? length : 1e-12f);
        if (r) r[s] = inverse;
        for (int j = 0; j < k; j++) y[at(j, ldy, s)] = x[at(j, ldx, s)] * inverse;
    }
}

void kedge_ref_l2norm_grad(int k, int n, const float *y, int ldy, const float *dy, int lddy, const float *r,
                           bool accumulate, float *dx, int lddx)
{
    for (int s = 0; s < n; s++) {
        float along = 0;
        for (int j = 0; j < k; j++) along += y[at(j, ldy, s)] * dy[at(j, lddy, s)];
        for (int j = 0; j < k; j++) {
            float part = (dy[at(j, lddy, s)] - y[at(j, ldy, s)] * along) * r[s];
            dx[at(j, lddx, s)] = accumulate ? dx[at(j, lddx, s)] + part : part;
        }
    }
}

void kedge_ref_difference(int rows, int n, int live, const float *y, int ldy, const float *t, int ldt, float *d,
                          int ldd, float *sum)
{
    float total = 0;
    for (int j = 0; j < rows; j++)
        for (int s = 0; s < n; s++) {
            float difference = s < live ? y[at(j, ldy, s)] - t[at(j, ldt, s)] : 0;
            d[at(j, ldd, s)] = difference;
            total += difference * difference;
        }
    *sum = total;
}

void kedge_ref_project(int k, int n, const float *z, int ldz, const float *p, float *a)
{
    for (int s = 0; s < n; s++) a[s] = 0;
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s++) a[s] += p[j] * z[at(j, ldz, s)];
}

void kedge_ref_project_grad(int k, int n, const float *p, const float *da, bool accumulate, float *dz, int lddz)
{
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s++)
            dz[at(j, lddz, s)] = (accumulate ? dz[at(j, lddz, s)] : 0) + p[j] * da[s];
}

void kedge_ref_distance(int k, int n, const float *z, int ldz, const float *p, const float *m, float *a)
{
    for (int s = 0; s < n; s++) a[s] = 0;
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s++) {
            float difference = z[at(j, ldz, s)] - p[j];
            a[s] += m[j] * difference * difference;
        }
}

void kedge_ref_distance_grad(int k, int n, const float *z, int ldz, const float *p, const float *m, const float *da,
                             bool accumulate, float *dz, int lddz)
{
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s++)
            dz[at(j, lddz, s)] = (accumulate ? dz[at(j, lddz, s)] : 0) + 2 * m[j] * (z[at(j, ldz, s)] - p[j]) * da[s];
}

void kedge_ref_weighted_sum(int live, const float *a, const float *l, float *sum)
{
    float total = 0;
    for (int s = 0; s < live; s++) total += l ? a[s] * l[s] : a[s];
    *sum = total;
}

void kedge_ref_gather(int n, const float *x, const uint32_t *index, float *y)
{
    for (int s = 0; s < n; s++) y[s] = x[index[s]];
}
