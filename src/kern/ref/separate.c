/* separate.c - powers of pairwise cosines. */
#include <string.h>

#include "kern/ref/ref.h"

static float power(float x, int exponent) /* by squaring */
{
    float result = 1;
    for (; exponent; exponent >>= 1, x *= x)
        if (exponent & 1) result *= x;
    return result;
}

void kedge_ref_separate(const kedge_separate *s, int k, int live, const float *e, int lde, const float *c, float *g,
                        int ldg, float *work, float *sum, float *left_out)
{
    (void)work;
    float total = 0, skipped = 0;
    for (int j = 0; j < k; j++) memset(g + (size_t)j * (size_t)ldg, 0, sizeof *g * (size_t)((live + 15) & ~15));
    for (int a = 0; a < live; a++)
        for (int b = 0; b < a; b++) {
            float x = 0, weight = c ? c[a] + c[b] : 2; /* both orders */
            for (int j = 0; j < k; j++) x += e[(size_t)j * (size_t)lde + (size_t)a] * e[(size_t)j * (size_t)lde +
                (size_t)b];
            x = s->scale * x + s->bias;
            if (x >= s->limit) {
                skipped += weight;
                continue;
            }
            float below = power(x, s->power - 1);
            total += weight * below * x;
            float slope = weight * (float)s->power * s->scale * below;
            for (int j = 0; j < k; j++) {
                const float *row = e + (size_t)j * (size_t)lde;
                float *to = g + (size_t)j * (size_t)ldg;
                to[a] += slope * row[b];
                to[b] += slope * row[a];
            }
        }
    *sum = total;
    *left_out = skipped;
}
