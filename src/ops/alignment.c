/* alignment.c - how far columns point along a direction. In double: an edit near the pole of its direction loses as
 * many digits as the column is close to it. */
#include "ops/alignment.h"

#include <math.h>

kedge_alignment kedge_align(const kedge_node *z, const double *v, double **more)
{
    int n = kedge_node_columns(z);
    double *work = (void *)z->graph->work, *dot = work, *length = work + n, *alpha = work + 2 * n;
    *more = work + 3 * n;
    for (int i = 0; i < n; i++) dot[i] = length[i] = 0;
    for (int k = 0; k < z->rows; k++) {
        const float *row = kedge_row(z->val, z, k);
        for (int i = 0; i < n; i++) {
            double x = (double)row[i];
            dot[i] += v[k] * x;
            length[i] += x * x;
        }
    }
    for (int i = 0; i < n; i++) length[i] = sqrt(length[i]);
    for (int i = 0; i < n; i++) { /* comparisons with NaN are false */
        double cosine = dot[i] / (length[i] >= 1e-12 ? length[i] : INFINITY);
        cosine = cosine > 0 ? cosine : 0;
        alpha[i] = cosine < 1 ? cosine : 1;
    }
    return (kedge_alignment){dot, length, alpha};
}
