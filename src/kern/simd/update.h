/* update.h - updates of the parameters, and random words. */
#ifndef KERN_SIMD_UPDATE_H
#define KERN_SIMD_UPDATE_H

#include "kern/simd/vec.h"

/* The means of the gradients and of their squares, brought up to date, and the step that they make. */
INLINE vf adam_move(const float *g, float rate, float bias, float b1, float b2, float eps, float *m, float *v)
{
    vf gradient = load(g);
    vf first = b1 * load(m) + (1 - b1) * gradient;
    vf second = b2 * load(v) + (1 - b2) * gradient * gradient;
    store(m, first);
    store(v, second);
    return rate * first / (root(second) * bias + eps);
}

static void adam(int n, const float *g, float rate, float bias, float b1, float b2, float eps, float *m, float *v,
                 float *p)
{
    for (int i = 0; i < n; i += LANES)
        store(p + i, load(p + i) - adam_move(g + i, rate, bias, b1, b2, eps, m + i, v + i));
}

static void adamw(int n, const float *g, float rate, float bias, float b1, float b2, float eps, float decay, float *m,
                  float *v, float *p)
{
    for (int i = 0; i < n; i += LANES) {
        vf move = adam_move(g + i, rate, bias, b1, b2, eps, m + i, v + i), old = load(p + i);
        store(p + i, old - (decay * old + move));
    }
}

static void sgd(int n, const float *g, float rate, float mu, bool nesterov, float decay, float *v, float *p)
{
    for (int i = 0; i < n; i += LANES) {
        vf old = load(p + i), d = load(g + i) + decay * old, speed = mu * load(v + i) + d;
        store(v + i, speed);
        store(p + i, old - rate * (nesterov ? d + mu * speed : speed));
    }
}

/* Ten rounds on 'vectors' of counters from i on: words 0 and 2 are multiplied,
the halves crossed over and keyed. Rounds
 * wait for each other, so several vectors go side by side. Even and odd counters stay apart in lanes of 64 bits, as the
 * multiplication wants them; only the lower halves count, what is above them is never read. */
INLINE void philox_rounds(int vectors, int i, const uint32_t key[2], const uint32_t counter[3], uint32_t *const w[4])
{
    vw word[4][8];
    uint32_t k0 = key[0], k1 = key[1];
    for (int v = 0; v < 2 * vectors; v++) {
        word[0][v] = even_numbers + (uint64_t)(i + v / 2 * LANES + v % 2);
        for (int j = 1; j < 4; j++) word[j][v] = (vw){0} + counter[j - 1];
    }
    for (int round = 0; round < 10; round++, k0 += 0x9E3779B9u, k1 += 0xBB67AE85u)
        for (int v = 0; v < 2 * vectors; v++) {
            vw product0 = multiply_wide(word[0][v], 0xD2511F53u), product1 = multiply_wide(word[2][v], 0xCD9E8D57u);
            word[0][v] = (product1 >> 32) ^ word[1][v] ^ k0;
            word[1][v] = product1;
            word[2][v] = (product0 >> 32) ^ word[3][v] ^ k1;
            word[3][v] = product0;
        }
    for (int j = 0; j < 4; j++)
        for (int v = 0; v < vectors; v++) {
            vw both = (word[j][2 * v] & 0xffffffffu) | word[j][2 * v + 1] << 32;
            memcpy(w[j] + i + v * LANES, &both, sizeof both);
        }
}

static void philox(int n, const uint32_t key[2], const uint32_t counter[3], uint32_t *w0, uint32_t *w1, uint32_t *w2,
                   uint32_t *w3)
{
    enum { SIDE_BY_SIDE = KEDGE_LANES == 16 ? 2 : 1 };
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
