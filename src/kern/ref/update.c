/* update.c - one update of all parameters. */
#include <math.h>

#include "kern/ref/ref.h"

void kedge_ref_adam(int n, const float *g, float rate, float root, float b1, float b2, float eps, float *m, float *v,
                    float *p)
{
    for (int i = 0; i < n; i++) {
        m[i] = b1 * m[i] + (1 - b1) * g[i];
        v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
        p[i] -= rate * m[i] / (sqrtf(v[i]) * root + eps);
    }
}

void kedge_ref_adamw(int n, const float *g, float rate, float root, float b1, float b2, float eps, float decay,
                     float *m, float *v, float *p)
{
    for (int i = 0; i < n; i++) {
        m[i] = b1 * m[i] + (1 - b1) * g[i];
        v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
        p[i] -= decay * p[i] + rate * m[i] / (sqrtf(v[i]) * root + eps);
    }
}

void kedge_ref_sgd(int n, const float *g, float rate, float mu, bool nesterov, float decay, float *v, float *p)
{
    for (int i = 0; i < n; i++) {
        float d = g[i] + decay * p[i];
        v[i] = mu * v[i] + d;
        p[i] -= rate * (nesterov ? d + mu * v[i] : v[i]);
    }
}
