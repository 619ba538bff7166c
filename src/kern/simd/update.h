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

/* Ten rounds on LANES counters at once: words 0 and 2 are multiplied, the halves crossed over and keyed. */
static void philox(int n, const uint32_t key[2], const uint32_t counter[3], uint32_t *w0, uint32_t *w1, uint32_t *w2,
                   uint32_t *w3)
{
    for (int i = 0; i < n; i += LANES) {
        vu a = (vu)lane_numbers + (uint32_t)i, b = (vu){0} + counter[0], c = (vu){0} + counter[1],
           d = (vu){0} + counter[2];
        uint32_t k0 = key[0], k1 = key[1];
        for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u) {
            vu low0, high0, low1, high1;
            multiply_wide(a, 0xD2511F53u, &low0, &high0);
            multiply_wide(c, 0xCD9E8D57u, &low1, &high1);
            a = high1 ^ b ^ k0;
            b = low1;
            c = high0 ^ d ^ k1;
            d = low0;
        }
        memcpy(w0 + i, &a, sizeof a);
        memcpy(w1 + i, &b, sizeof b);
        memcpy(w2 + i, &c, sizeof c);
        memcpy(w3 + i, &d, sizeof d);
    }
}

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
