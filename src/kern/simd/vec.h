/* vec.h - vectors of floats, as wide as the instruction set has them. The loops of this folder are written once over
 * them; avx2.c and avx512.c include them all, each with its own KEDGE_LANES. a * b + c is one fused operation: these
 * files are built with -ffp-contract=fast. Division and square root are the exact ones: an estimate would give other
 * bits on another maker's processor. */
#ifndef KERN_SIMD_VEC_H
#define KERN_SIMD_VEC_H

#include <immintrin.h>
#include <string.h>

#include "kern/kern.h"

enum { LANES = KEDGE_LANES };

typedef float vf __attribute__((vector_size(4 * KEDGE_LANES)));
typedef int32_t vi __attribute__((vector_size(4 * KEDGE_LANES)));
typedef uint64_t vw __attribute__((vector_size(4 * KEDGE_LANES)));
/* in memory: laid over an array of floats, at a multiple of its size or anywhere */
typedef float vf_memory __attribute__((vector_size(4 * KEDGE_LANES), may_alias));
typedef float vf_anywhere __attribute__((vector_size(4 * KEDGE_LANES), may_alias, aligned(4)));

#define INLINE static inline __attribute__((always_inline))

/* load and store need an address that is a multiple of the vector; the others take any. */
INLINE vf load(const float *p)
{
    return *(const vf_memory *)(const void *)p;
}

INLINE vf load_any(const float *p)
{
    return *(const vf_anywhere *)(const void *)p;
}

INLINE void store(float *p, vf x)
{
    *(vf_memory *)(void *)p = x;
}

INLINE void store_any(float *p, vf x)
{
    *(vf_anywhere *)(void *)p = x;
}

INLINE vf splat(float x)
{
    return x - (vf){0};
}

INLINE vi bits(vf x)
{
    return (vi)x;
}

INLINE vf from_bits(vi x)
{
    return (vf)x;
}

/* x where the mask is all ones, 0 where it is 0 */
INLINE vf keep(vi mask, vf x)
{
    return from_bits(mask & bits(x));
}

INLINE vf choose(vi mask, vf yes, vf no)
{
    return from_bits((mask & bits(yes)) | (~mask & bits(no)));
}

INLINE vf absolute(vf x)
{
    return from_bits(bits(x) & 0x7fffffff);
}

/* x with the sign of y flipped in */
INLINE vf flip_sign(vf x, vf y)
{
    return from_bits(bits(x) ^ (bits(y) & (int32_t)0x80000000));
}

/* maximum: b where either is no number. */
#if KEDGE_LANES == 16

INLINE vf maximum(vf a, vf b)
{
    return (vf)_mm512_max_ps((__m512)a, (__m512)b);
}

INLINE vf root(vf x)
{
    return (vf)_mm512_sqrt_ps((__m512)x);
}

/* The lower halves of 64-bit lanes times m. */
INLINE vw multiply_wide(vw a, uint32_t m)
{
    return (vw)_mm512_mul_epu32((__m512i)a, _mm512_set1_epi64(m));
}

static const vw even_numbers = {0, 2, 4, 6, 8, 10, 12, 14};

static const vi lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* Halves of a and b added, those of b above: the first step of adding up two vectors at once. */
INLINE vf fold_halves(vf a, vf b)
{
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}

INLINE vf fold_quarters(vf a, vf b)
{
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
}

/* From here on within parts of four lanes: even and odd ones added, b's after a's. */
INLINE vf fold_pairs(vf a, vf b)
{
    return __builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) +
           __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);
}

/* Lane j of the result: the sum of all lanes of x[j]. */
INLINE vf sums(const vf *x)
{
    vf h[8], q[4];
    for (int j = 0; j < 8; j++) h[j] = fold_halves(x[j], x[j + 8]);
    for (int j = 0; j < 4; j++) q[j] = fold_quarters(h[j], h[j + 4]);
    return fold_pairs(fold_pairs(q[0], q[1]), fold_pairs(q[2], q[3]));
}

#else

INLINE vf maximum(vf a, vf b)
{
    return (vf)_mm256_max_ps((__m256)a, (__m256)b);
}

INLINE vf root(vf x)
{
    return (vf)_mm256_sqrt_ps((__m256)x);
}

INLINE vw multiply_wide(vw a, uint32_t m)
{
    return (vw)_mm256_mul_epu32((__m256i)a, _mm256_set1_epi64x(m));
}

static const vw even_numbers = {0, 2, 4, 6};

static const vi lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7};

INLINE vf fold_halves(vf a, vf b)
{
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
           __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}

INLINE vf fold_pairs(vf a, vf b)
{
    return __builtin_shufflevector(a, b, 0, 2, 8, 10, 4, 6, 12, 14) +
           __builtin_shufflevector(a, b, 1, 3, 9, 11, 5, 7, 13, 15);
}

INLINE vf sums(const vf *x)
{
    vf h[4];
    for (int j = 0; j < 4; j++) h[j] = fold_halves(x[j], x[j + 4]);
    return fold_pairs(fold_pairs(h[0], h[1]), fold_pairs(h[2], h[3]));
}

#endif

/* The sum of all lanes, in a fixed order. */
INLINE float sum_lanes(vf x)
{
    float lanes[KEDGE_LANES] __attribute__((aligned(64)));
    store(lanes, x);
    for (int step = LANES / 2; step > 0; step /= 2)
        for (int i = 0; i < step; i++) lanes[i] += lanes[i + step];
    return lanes[0];
}

/* Lanes first .. first + LANES - 1 that lie below 'live', as a mask. */
INLINE vi below(int first, int live)
{
    return lane_numbers < (vi){0} + (live - first);
}

#endif
