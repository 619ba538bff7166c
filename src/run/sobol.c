/* sobol.c - Sobol's sequence. */
#include "run/sobol.h"

enum { BITS = 32, DEGREE_MAX = 7 };

/* A primitive polynomial over GF(2), x^degree + ... + 1 with the bits of 'inner' between, highest power first, and the
 * odd numbers that begin the recurrence. */
typedef struct direction {
    int degree;
    uint32_t inner;
    uint32_t first[DEGREE_MAX];
} direction;

/* Of dimensions 1, 2, ...; dimension 0 needs none. */
static const direction directions[KEDGE_SOBOL_DIMS - 1] = {
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
};

/* v[k] is what bit k of the Gray code adds: first[k] shifted to its place, then the recurrence
 * v_k = a_1 v_(k-1) + ... + a_(s-1) v_(k-s+1) + v_(k-s) + v_(k-s) / 2^s, where + has no carry. */
static void expand(int dim, uint32_t v[BITS])
{
    if (dim == 0) {
        for (int k = 0; k < BITS; k++) v[k] = UINT32_C(1) << (BITS - 1 - k);
        return;
    }
    const direction *d = &directions[dim - 1];
    for (int k = 0; k < BITS; k++) {
        if (k < d->degree) {
            v[k] = d->first[k] << (BITS - 1 - k);
            continue;
        }
        v[k] = v[k - d->degree] ^ (v[k - d->degree] >> d->degree);
        for (int j = 1; j < d->degree; j++)
            if (d->inner >> (d->degree - 1 - j) & 1) v[k] ^= v[k - j];
    }
}

uint32_t kedge_sobol(int dim, uint32_t index)
{
    uint32_t v[BITS], gray = index ^ (index >> 1), coordinate = 0;
    expand(dim, v);
    for (int k = 0; k < BITS; k++)
        if (gray >> k & 1) coordinate ^= v[k];
    return coordinate;
}
