/* pointwise.h - y = f(x) with f'(x). */
#ifndef KERN_SIMD_POINTWISE_H
#define KERN_SIMD_POINTWISE_H

#include <math.h>

#include "kern/simd/vec.h"

/* 2^w for -126 <= w <= 126: the whole part goes into the exponent, the rest, in [-1/2, 1/2], through the polynomial of
 * degree 5 with the smallest relative error (7.5e-8, by Remez's exchange). */
INLINE vf power_of_two(vf w)
{
    const float shift = 0x1.8p23f; /* adding it rounds to a whole number, which is then in the low bits */
    vf shifted = w + shift, rest = w - (shifted - shift);
    vf p = splat(1.327647198e-3f);
    p = p * rest + 9.675541334e-3f;
    p = p * rest + 5.550713274e-2f;
    p = p * rest + 2.402211972e-1f;
    p = p * rest + 6.931469671e-1f;
    p = p * rest + 1.000000072f;
    return from_bits(bits(p) + (bits(shifted) << 23));
}

/* The normal distribution function by Abramowitz and Stegun 7.1.26 (error 7.5e-8), which shares its exponential with
 * the density: y = x Phi(x), y' = Phi(x) + x phi(x). */
INLINE vf gelu_one(vf x, vf *slope)
{
    vf w = maximum(splat(-126), x * x * -0.72134752f); /* -x^2/2 in powers of two */
    vf density = power_of_two(w);
    vf t = 1 / (absolute(x) * 0.231641888f + 1);
    vf q = splat(0.5307027145f);
    q = q * t - 0.7265760135f;
    q = q * t + 0.7107068705f;
    q = q * t - 0.142248368f;
    q = q * t + 0.127414796f;
    vf upper = 0.5f - q * t * density; /* Phi(|x|) - 1/2 */
    vf phi = 0.5f + flip_sign(upper, x);
    *slope = phi + x * 0.39894228f * density;
    return x * phi;
}

static void gelu(int n, const float *x, float *y, float *d)
{
    vf slope;
    if (d)
        for (int i = 0; i < n; i += LANES) {
            store(y + i, gelu_one(load(x + i), &slope));
            store(d + i, slope);
        }
    else
        for (int i = 0; i < n; i += LANES) store(y + i, gelu_one(load(x + i), &slope));
}

static void relu(int n, const float *x, float *y, float *d)
{
    for (int i = 0; i < n; i += LANES) {
        vf in = load(x + i);
        store(y + i, choose(in < 0, splat(0), in)); /* what is no number stays none */
        if (d) store(d + i, keep(in > 0, splat(1)));
    }
}

INLINE vf sigmoid_one(vf x)
{
    vf w = x * -1.44269504f;
    w = choose(w > 126, splat(126), maximum(splat(-126), w));
    return choose(x == x, 1 / (1 + power_of_two(w)), x); /* what is no number stays none */
}

static void sigmoid(int n, const float *x, float *y, float *d)
{
    for (int i = 0; i < n; i += LANES) {
        vf out = sigmoid_one(load(x + i));
        store(y + i, out);
        if (d) store(d + i, out * (1 - out));
    }
}

/* 2 sigmoid(2x) - 1 away from 0; near 0, where that cancels, the continued fraction x/(1 + x^2/(3 + x^2/(5 + x^2/7))),
 * exact to 1e-8 below 0.4. */
static void tanh_rows(int n, const float *x, float *y, float *d)
{
    for (int i = 0; i < n; i += LANES) {
        vf in = load(x + i), square = in * in;
        vf near = in * (105 + 10 * square) / (105 + square * (45 + square));
        vf far = 2 * sigmoid_one(2 * in) - 1;
        vf out = choose(square < 0.16f, near, far);
        store(y + i, out);
        if (d) store(d + i, 1 - out * out);
    }
}

static void mul(int n, const float *x, const float *y, bool accumulate, float *z)
{
    if (accumulate)
        for (int i = 0; i < n; i += LANES) store(z + i, load(z + i) + load(x + i) * load(y + i));
    else
        for (int i = 0; i < n; i += LANES) store(z + i, load(x + i) * load(y + i));
}

static void scale(int n, const float *x, float s, bool accumulate, float *y)
{
    if (accumulate)
        for (int i = 0; i < n; i += LANES) store(y + i, load(y + i) + s * load(x + i));
    else
        for (int i = 0; i < n; i += LANES) store(y + i, s * load(x + i));
}

#endif
