/* columns.h - what is computed for each column (sample) by itself, and sums over them. */
#ifndef KERN_SIMD_COLUMNS_H
#define KERN_SIMD_COLUMNS_H

#include "kern/simd/vec.h"

INLINE const float *row_of(const float *x, int ld, int row)
{
    return x + (size_t)row * (size_t)ld;
}

static void l2norm(int k, int n, const float *x, int ldx, float *y, int ldy, float *r)
{
    for (int s = 0; s < n; s += LANES) {
        vf sum = splat(0);
        for (int j = 0; j < k; j++) {
            vf part = load(row_of(x, ldx, j) + s);
            sum += part * part;
        }
        vf inverse = 1 / maximum(root(sum), splat(1e-12f));
        if (r) store(r + s, inverse);
        for (int j = 0; j < k; j++)
            store(y + (size_t)j * (size_t)ldy + s, load(row_of(x, ldx, j) + s) * inverse);
    }
}

static void l2norm_grad(int k, int n, const float *y, int ldy, const float *dy, int lddy, const float *r,
                        bool accumulate, float *dx, int lddx)
{
    for (int s = 0; s < n; s += LANES) {
        vf along = splat(0), inverse = load(r + s);
        for (int j = 0; j < k; j++) along += load(row_of(y, ldy, j) + s) * load(row_of(dy, lddy, j) + s);
        for (int j = 0; j < k; j++) {
            float *to = dx + (size_t)j * (size_t)lddx + s;
            vf part = (load(row_of(dy, lddy, j) + s) - load(row_of(y, ldy, j) + s) * along) * inverse;
            store(to, accumulate ? load(to) + part : part);
        }
    }
}

static void difference(int rows, int n, int live, const float *y, int ldy, const float *t, int ldt, float *d, int ldd,
                       float *sum)
{
    vf total = splat(0);
    for (int s = 0; s < n; s += LANES) {
        vi mask = below(s, live);
        for (int j = 0; j < rows; j++) {
            vf part = keep(mask, load(row_of(y, ldy, j) + s) - load(row_of(t, ldt, j) + s));
            store(d + (size_t)j * (size_t)ldd + s, part);
            total += part * part;
        }
    }
    *sum = sum_lanes(total);
}

static void project(int k, int n, const float *z, int ldz, const float *p, float *a)
{
    for (int s = 0; s < n; s += LANES) {
        vf sum = splat(0);
        for (int j = 0; j < k; j++) sum += p[j] * load(row_of(z, ldz, j) + s);
        store(a + s, sum);
    }
}

static void project_grad(int k, int n, const float *p, const float *da, bool accumulate, float *dz, int lddz)
{
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s += LANES) {
            float *to = dz + (size_t)j * (size_t)lddz + s;
            vf part = p[j] * load(da + s);
            store(to, accumulate ? load(to) + part : part);
        }
}

static void distance(int k, int n, const float *z, int ldz, const float *p, const float *m, float *a)
{
    for (int s = 0; s < n; s += LANES) {
        vf sum = splat(0);
        for (int j = 0; j < k; j++) {
            vf part = load(row_of(z, ldz, j) + s) - p[j];
            sum += m[j] * part * part;
        }
        store(a + s, sum);
    }
}

static void distance_grad(int k, int n, const float *z, int ldz, const float *p, const float *m, const float *da,
                          bool accumulate, float *dz, int lddz)
{
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s += LANES) {
            float *to = dz + (size_t)j * (size_t)lddz + s;
            vf part = 2 * m[j] * (load(row_of(z, ldz, j) + s) - p[j]) * load(da + s);
            store(to, accumulate ? load(to) + part : part);
        }
}

static void weighted_sum(int live, const float *a, const float *l, float *sum)
{
    vf total = splat(0);
    for (int s = 0; s < live; s += LANES) total += keep(below(s, live), l ? load(a + s) * load(l + s) : load(a + s));
    *sum = sum_lanes(total);
}

static void gather(int n, const float *x, const uint32_t *index, float *y)
{
    for (int s = 0; s < n; s++) y[s] = x[index[s]];
}

#endif
