/* separate.h - powers of pairwise cosines, each pair once: column i meets i + d for d = 1 .. N/2, around the end. */
#ifndef KERN_SIMD_SEPARATE_H
#define KERN_SIMD_SEPARATE_H

#include "kern/simd/vec.h"

/* x^exponent by squaring; 'exponent' >= 0 is the same for all lanes. */
INLINE vf raise(vf x, int exponent)
{
    if (exponent == 99) { /* the usual one, with one multiplication less than bit by bit */
        vf cube = x * x * x, y = cube;
        for (int i = 0; i < 5; i++) y *= y; /* x^96 */
        return y * cube;
    }
    vf result = splat(1);
    for (; exponent > 1; exponent >>= 1, x *= x)
        if (exponent & 1) result *= x;
    return exponent ? result * x : result;
}

typedef struct pairs {
    int k, live, exponent;
    float scale, bias, limit;
    size_t row;     /* floats from row to row of e and p */
    float *e;       /* [k][row]: the columns, twice one after the other */
    float *p;       /* [live/2][row]: weight x^(P-1) of the pair (i, i+d) in row d-1, twice likewise */
    const float *c; /* weights, twice likewise; NULL: all 1 */
    float *g;       /* [k][ldg] */
    int ldg;
} pairs;

/* What one vector of columns gathers while it meets the others. */
typedef struct meeting {
    vf e[5], g[5]; /* its columns times scale, and the gradient from those after it; up to 5 rows stay in registers */
    vf loss, left_out; /* sums of losses, and of the weights of pairs at the limit */
    vi kept;           /* minus the number of pairs below it */
} meeting;

enum { HELD_ROWS = 5 };

/* Columns i .. i+LANES-1 meet i+d ..; 'held': k rows fit the registers; 'weight' is that of the pair. */
INLINE void meet(const pairs *self, int k, bool held, int exponent, int i, int d, vi mask, vf weight, bool weighted,
                 meeting *m)
{
    const float *after = self->e + i + d;
    vf x = splat(0);
    if (held) {
        x = splat(self->bias);
        for (int j = 0; j < k; j++) x += m->e[j] * load_any(after + (size_t)j * self->row);
    } else {
        for (int j = 0; j < k; j++)
            x += load(self->e + i + (size_t)j * self->row) * load_any(after + (size_t)j * self->row);
        x = x * self->scale + self->bias;
    }
    vi counts = (x < self->limit) & mask;
    vf power = keep(counts, raise(x, exponent));
    if (weighted) {
        power *= weight;
        m->left_out += keep(~counts & mask, weight);
    } else {
        m->kept += counts;
    }
    m->loss += power * x;
    float *to = self->p + (size_t)(d - 1) * self->row + i;
    store(to, power);
    if (i + d < self->live) store_any(to + self->live, power); /* the only ones that are read again there */
    for (int j = 0; held && j < k; j++) m->g[j] += power * load_any(after + (size_t)j * self->row);
}

/* Columns i .. i+LANES-1 meet all that follow them. */
INLINE void meet_all(const pairs *self, int k, bool held, int exponent, int i, vi mask, meeting *m)
{
    int live = self->live, half = live / 2;
    for (int j = 0; held && j < k; j++) {
        m->e[j] = load(self->e + i + (size_t)j * self->row) * self->scale;
        m->g[j] = splat(0);
    }
    if (self->c) {
        vf own = load(self->c + i) * 0.5f;
        for (int d = 1; d <= half; d++) {
            vf weight = (own + load_any(self->c + i + d) * 0.5f) * (2 * d == live ? 0.5f : 1);
            meet(self, k, held, exponent, i, d, mask, weight, true, m);
        }
    } else {
        for (int d = 1; 2 * d < live; d++) meet(self, k, held, exponent, i, d, mask, splat(1), false, m);
        /* Of an even number of columns the opposite ones meet twice: half a pair each time. */
        if (live % 2 == 0) meet(self, k, held, exponent, i, half, mask, splat(0.5f), true, m);
    }
    for (int j = 0; held && j < k; j++) store(self->g + (size_t)j * (size_t)self->ldg + i, m->g[j]);
}

/* Powers of all pairs into p, the sums of losses and of weights left out, and, if the rows are held, the part of the
 * gradient that comes from the columns after each. */
INLINE void pair_powers(const pairs *self, int k, bool held, int exponent, float *sum, float *left_out)
{
    int live = self->live;
    meeting m = {.loss = splat(0), .left_out = splat(0), .kept = {0}};
    /* From the end, because lanes past the last column spill into the second copy of the first ones. */
    int i = (live - 1) / LANES * LANES;
    if (live % LANES) {
        meet_all(self, k, held, exponent, i, below(i, live), &m);
        i -= LANES;
    }
    for (; i >= 0; i -= LANES) meet_all(self, k, held, exponent, i, (vi){0} - 1, &m);
    *sum = 2 * sum_lanes(m.loss);
    long whole = self->c ? 0 : (long)live * ((live - 1) / 2); /* pairs that were counted, not weighed */
    for (int lane = 0; lane < LANES; lane++) whole += m.kept[lane];
    *left_out = 2 * (sum_lanes(m.left_out) + (float)whole);
}

/* g_i = slope x sum over d of p(i, i+d) e(i+d) + p(i-d, i) e(i-d), 'k' rows and 'vectors' of columns at a time; 'half':
 * the first part is there already. */
INLINE void pair_gradient(const pairs *self, int k, int vectors, int first, int i, bool half, float slope)
{
    int live = self->live;
    const float *e = self->e + (size_t)first * self->row + i;
    float *g = self->g + (size_t)first * (size_t)self->ldg + i;
    vf sum[4][2];
    for (int j = 0; j < k; j++)
        for (int v = 0; v < vectors; v++)
            sum[j][v] = half ? load(g + (size_t)j * (size_t)self->ldg + v * LANES) : splat(0);
    for (int d = 1; d <= live / 2; d++) {
        const float *p = self->p + (size_t)(d - 1) * self->row + i;
        for (int v = 0; v < vectors; v++) {
            vf before = load_any(p + live - d + v * LANES);
            for (int j = 0; j < k; j++)
                sum[j][v] += before * load_any(e + (size_t)j * self->row + live - d + v * LANES);
            if (half) continue;
            vf after = load(p + v * LANES);
            for (int j = 0; j < k; j++) sum[j][v] += after * load_any(e + (size_t)j * self->row + d + v * LANES);
        }
    }
    for (int j = 0; j < k; j++)
        for (int v = 0; v < vectors; v++)
            store(g + (size_t)j * (size_t)self->ldg + v * LANES, keep(below(i + v * LANES, live), sum[j][v] * slope));
}

INLINE void pair_gradients(const pairs *self, bool half, float slope)
{
    int padded = (self->live + 15) / 16 * 16, first = 0;
    for (; first + 4 <= self->k; first += 4) {
        int i = 0;
        for (; i + 2 * LANES <= padded && i + LANES < self->live; i += 2 * LANES)
            pair_gradient(self, 4, 2, first, i, half, slope);
        for (; i < self->live; i += LANES) pair_gradient(self, 4, 1, first, i, half, slope);
    }
    for (; first < self->k; first++)
        for (int i = 0; i < self->live; i += LANES) pair_gradient(self, 1, 1, first, i, half, slope);
    for (int j = 0; j < self->k; j++)
        for (int i = (self->live + LANES - 1) / LANES * LANES; i < padded; i += LANES)
            store(self->g + (size_t)j * (size_t)self->ldg + i, splat(0));
}

/* A row twice, one after the other, and what vectors read past that. */
INLINE void write_twice(const float *from, int live, size_t row, float *to)
{
    memcpy(to, from, (size_t)live * sizeof *to);
    memcpy(to + live, from, (size_t)live * sizeof *to);
    memset(to + 2 * live, 0, (row - 2 * (size_t)live) * sizeof *to);
}

static void separate(const kedge_separate *s, int k, int live, const float *e, int lde, const float *c, float *g,
                     int ldg, float *work, float *sum, float *left_out)
{
    size_t row = KEDGE_SEPARATE_ROW(live);
    pairs self = {.k = k, .live = live, .exponent = s->power - 1, .scale = s->scale, .bias = s->bias, .limit = s->limit,
                  .row = row, .e = work, .p = work + (size_t)k * row, .g = g, .ldg = ldg};
    float slope = 2 * (float)s->power * s->scale;
    for (int j = 0; j < k; j++) write_twice(e + (size_t)j * (size_t)lde, live, row, self.e + (size_t)j * row);
    if (c) { /* after the powers there is one row to spare */
        float *weights = self.p + (size_t)(live / 2) * row;
        write_twice(c, live, row, weights);
        self.c = weights;
    }
    if (!c && k == 4 && self.exponent == 99)
        pair_powers(&self, 4, true, 99, sum, left_out);
    else if (!c && k == 5 && self.exponent == 99)
        pair_powers(&self, 5, true, 99, sum, left_out);
    else if (!c && k <= HELD_ROWS)
        pair_powers(&self, k, true, self.exponent, sum, left_out);
    else
        pair_powers(&self, k, false, self.exponent, sum, left_out);
    if (!c && k <= HELD_ROWS)
        pair_gradients(&self, true, slope);
    else
        pair_gradients(&self, false, slope);
}

#endif
