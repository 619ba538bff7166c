/* update.h - Adam, and random words. */
#ifndef KERN_SIMD_UPDATE_H
#define KERN_SIMD_UPDATE_H

#include "kern/simd/vec.h"

static void adam(int n, const float *g, float rate, float bias, float b1, float b2, float eps, float *m, float *v,
                 float *p)
{
    for (int i = 0; i < n; i += LANES) {
        vf gradient = load(g + i);
        vf first = b1 * load(m + i) + (1 - b1) * gradient;
        vf second = b2 * load(v + i) + (1 - b2) * gradient * gradient;
        store(m + i, first);
        store(v + i, second);
        store(p + i, load(p + i) - rate * first / (root(second) * bias + eps));
    }
}

/* Ten rounds on 'vectors' of counters from i on: words 0 and 2 are multiplied, the halves crossed over and keyed. Rounds
 * wait for each other, so several vectors go side by side. */
INLINE void philox_rounds(int vectors, int i, const uint32_t key[2], const uint32_t counter[3], uint32_t *const w[4])
{
    vu word[4][4];
    uint32_t k0 = key[0], k1 = key[1];
    for (int v = 0; v < vectors; v++) {
        word[0][v] = (vu)lane_numbers + (uint32_t)(i + v * LANES);
        for (int j = 1; j < 4; j++) word[j][v] = (vu){0} + counter[j - 1];
    }
    for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
        for (int v = 0; v < vectors; v++) {
            vu low0, high0, low1, high1;
            multiply_wide(word[0][v], 0xD2511F53u, &low0, &high0);
            multiply_wide(word[2][v], 0xCD9E8D57u, &low1, &high1);
            word[0][v] = high1 ^ word[1][v] ^ k0;
            word[1][v] = low1;
            word[2][v] = high0 ^ word[3][v] ^ k1;
            word[3][v] = low0;
        }
    for (int j = 0; j < 4; j++) memcpy(w[j] + i, word[j], (size_t)vectors * sizeof(vu));
}

static void philox(int n, const uint32_t key[2], const uint32_t counter[3], uint32_t *w0, uint32_t *w1, uint32_t *w2,
                   uint32_t *w3)
{
    enum { SIDE_BY_SIDE = KEDGE_LANES == 16 ? 4 : 2 };
    uint32_t *const w[4] = {w0, w1, w2, w3};
    int i = 0;
    for (; i + SIDE_BY_SIDE * LANES <= n; i += SIDE_BY_SIDE * LANES) philox_rounds(SIDE_BY_SIDE, i, key, counter, w);
    for (; i < n; i += LANES) philox_rounds(1, i, key, counter, w);
}

/* Gathers by hand: the processors' own instruction for it is slower on those measured. */
static void bernoulli(int n, const uint32_t *word, const uint32_t *threshold, const uint32_t *index, float *l,
                      float *sum)
{
    int count = 0;
    for (int i = 0; i < n; i++) {
        int hit = (word[i] >> 1) < threshold[index[i]];
        l[i] = (float)hit;
        count += hit;
    }
    *sum = (float)count;
}

#endif
