/* pointwise.c - y = f(x) with f'(x), and products entry by entry. */
#include <math.h>

#include "kern/ref/ref.h"

void kedge_ref_gelu(int n, const float *x, float *y, float *d)
{
    for (int i = 0; i < n; i++) {
        float phi = 0.5f * (1 + erff(x[i] * 0.70710678f)); /* the normal distribution's function */
        y[i] = x[i] * phi;
        if (d) d[i] = phi + x[i] * 0.39894228f * expf(-0.5f * x[i] * x[i]);
    }
}

void kedge_ref_relu(int n, const float *x, float *y, float *d)
{
    for (int i = 0; i < n; i++) {
        y[i] = x[i] < 0 ? 0 : x[i]; /* what is no number stays none */
        if (d) d[i] = x[i] > 0 ? 1 : 0;
    }
}

void kedge_ref_tanh(int n, const float *x, float *y, float *d)
{
    for (int i = 0; i < n; i++) {
        y[i] = tanhf(x[i]);
        if (d) d[i] = 1 - y[i] * y[i];
    }
}

void kedge_ref_sigmoid(int n, const float *x, float *y, float *d)
{
    for (int i = 0; i < n; i++) {
        y[i] = 1 / (1 + expf(-x[i]));
        if (d) d[i] = y[i] * (1 - y[i]);
    }
}

void kedge_ref_scale(int n, const float *x, float s, bool accumulate, float *y)
{
    for (int i = 0; i < n; i++) y[i] = accumulate ? y[i] + s * x[i] : s * x[i];
}

void kedge_ref_mul(int n, const float *x, const float *y, bool accumulate, float *z)
{
    for (int i = 0; i < n; i++) z[i] = accumulate ? z[i] + x[i] * y[i] : x[i] * y[i];
}
