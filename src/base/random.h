/* random.h - random numbers as a function of (seed, purpose, step, index): no state, no order of drawing.
 * Philox4x32-10 (Salmon et al., Parallel random numbers: as easy as 1, 2, 3; SC 2011). */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

#include "kern/kern.h"

/* What a number is drawn for: numbers of two purposes are independent. Never renumber: runs would change. */
typedef enum kedge_purpose {
    KEDGE_PURPOSE_WEIGHTS = 1, /* initial values; step = parameter number */
    KEDGE_PURPOSE_BATCH = 2,   /* word 0: which point; word 1: its alias; words 2, 3: labels 0 and 1. Part 1, of
                                * recipes with sets alone: word 0: which set */
    KEDGE_PURPOSE_LABELS = 3,  /* further labels, four a block; part = label / 4 */
    KEDGE_PURPOSE_BOOTSTRAP = 4, /* resamples of statistics; step = resample, four draws a block */
    KEDGE_PURPOSE_REPEL = 5,    /* where repel turns what is parallel to its direction; seed 0, step = draw */
    KEDGE_PURPOSE_CERTIFY = 6   /* where a certificate's search begins; seed 0, step = cell, part = trial */
} kedge_purpose;

/* Fills planes w[0..3], each of n words: w[j][i] is word j of the block (seed; index i, step, purpose, part).
 * n is a multiple of 16, planes are aligned to 64. */
static inline void kedge_random_planes(const kedge_kern *kern, uint64_t seed, kedge_purpose purpose, uint32_t step,
                                       uint32_t part, int n, uint32_t *w0, uint32_t *w1, uint32_t *w2,
                                       uint32_t *w3)
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    const uint32_t counter[3] = {step, (uint32_t)purpose, part};
    kern->philox(n, key, counter, w0, w1, w2, w3);
}

/* One block, for what is drawn seldom. */
void kedge_random_block(uint64_t seed, kedge_purpose purpose, uint32_t step, uint32_t part, uint32_t index,
                        uint32_t out[4]);

/* A word as a number in [0, 1), 24 bits. */
static inline float kedge_random_unit(uint32_t word)
{
    return (float)(word >> 8) * 0x1p-24f;
}

#endif
