/* alignment.h - how far columns point along a direction: what edits that depend on an angle begin with. */
#ifndef OPS_ALIGNMENT_H
#define OPS_ALIGNMENT_H

#include "core/graph.h"

/* Of every column of z (K,N), in double: dot = z.v, length = |z|, alpha = max(0, cos(z, v)) in [0, 1]. v has unit
 * length. A column shorter than 1e-12 (l2norm's limit) has no direction: alpha 0; so has one that is not finite. */
typedef struct kedge_alignment {
    double *dot, *length, *alpha; /* [n] */
} kedge_alignment;

/* In the graph's scratch, which has to hold KEDGE_ALIGNMENT_WORK and more; 'more' is where the rest begins. */
#define KEDGE_ALIGNMENT_WORK(z) (6 * (size_t)kedge_node_capacity(z))
kedge_alignment kedge_align(const kedge_node *z, const double *v, double **more);

/* Row i of an activation's values, or gradients. */
static inline float *kedge_row(float *of, const kedge_node *node, int row)
{
    return of + (size_t)row * (size_t)node->ld;
}

#endif
