/* ops.h - operations: builders, and the one list of them.
 *
 * Builders return the new node, or NULL where an operand is NULL or an error came up (kept in the graph).
 * z, x, y are activations (rows, batch); a a row of per-sample numbers (1, batch); labels l likewise. */
#ifndef OPS_OPS_H
#define OPS_OPS_H

#include "core/graph.h"

/* y (m,N) = w (m,k) x (k,N) + b (m,1) */
kedge_node *kedge_linear(kedge_node *x, kedge_node *w, kedge_node *b);

/* y = f(x), entry by entry. gelu is the exact one, x/2 (1 + erf(x/sqrt 2)). */
kedge_node *kedge_gelu(kedge_node *x);
kedge_node *kedge_relu(kedge_node *x);
kedge_node *kedge_tanh(kedge_node *x);
kedge_node *kedge_sigmoid(kedge_node *x);

/* Columns to unit length: y = x / max(|x|, 1e-12). */
kedge_node *kedge_l2norm(kedge_node *x);
/* The same, or x itself where it is the result of l2norm: normalizing twice changes nothing, nor does its gradient. */
kedge_node *kedge_unit(kedge_node *x);

/* Scalar: mean over rows and samples of (y - target)^2, with weights l (may be NULL) over samples
 * sum_i l_i |y_i - target_i|^2 / (rows (sum_i l_i + 1e-8)). The target gets no gradient. */
kedge_node *kedge_mse(kedge_node *y, kedge_node *target, kedge_node *l);
/* Scalar: mean over samples of |y - target|^2, the sum over rows. Likewise. */
kedge_node *kedge_mean_distance(kedge_node *y, kedge_node *target);

/* a_i = max(floor, bias + scale p.z_i) with p [rows of z]; floor -infinity for none. */
kedge_node *kedge_project(kedge_node *z, const float *p, float scale, float bias, float floor);
/* a_i = sum_k m_k (z_ik - p_k)^2 */
kedge_node *kedge_distance(kedge_node *z, const float *p, const float *m);
/* a_i = (|u_i| - 1)^2 */
kedge_node *kedge_norm_deviation(kedge_node *u);
/* Scalar: sum_i l_i a_i / (sum_i l_i + 1e-8), or the plain mean without labels (l NULL). */
kedge_node *kedge_mean(kedge_node *a, kedge_node *l);

/* Scalar over all pairs of unit columns e, C_ij = e_i.e_j (METHOD section 3). */
enum {
    KEDGE_SEPARATE_ROWS, /* mean (over samples, or labelled: weighted) of sum_j C_ij^P, the diagonal included; entries
                            within 1e-8 + 1e-5 of 1 count as 0 (before the shift) and have no gradient */
    KEDGE_SEPARATE_PAIRS /* 1/(B(B-1)) sum over i != j of C_ij^P */
};
kedge_node *kedge_separate_pairs(kedge_node *e, int form, int power, bool shift, kedge_node *l);
/* Scalar: mean over ordered pairs i != j of 1 / |z_i - z_j|^2, or over the labelled i; pairs nearer than 1e-4 are
 * duplicates and are left out. */
kedge_node *kedge_separate_inverse(kedge_node *z, kedge_node *l);

/* Edits, METHOD section 6. v [rows of z] has unit length, alpha = max(0, cos(z, v)); columns shorter than 1e-12 have
 * no direction and stay as they are. What is not edited stays to the bit. */

/* h(alpha): 0 up to 'from', then strength x^power with x = (alpha - from)/(1 - from). 'from' is a cosine; an alpha
 * above 1 counts as 1. */
typedef struct kedge_falloff {
    double from, strength, power;
} kedge_falloff;
/* *slope (may be NULL) is h'. Where power < 1 it has no bound at 'from': x below 2^-20 counts as 2^-20 there. */
double kedge_falloff_at(const kedge_falloff *falloff, double alpha, double *slope);
/* y = z - h(alpha) (z.v) v, not renormalized */
kedge_node *kedge_suppress(kedge_node *z, const double *v, const kedge_falloff *falloff);

/* m(alpha): alpha up to 'from' = a, above it a line from (a,a) to (1,b), 'to' = b, or (curved) the cubic Bezier curve
 * that leaves with slope 1 and arrives with slope 0, its inner points 1/sqrt 2 of the way from each end to where the
 * tangents meet. Cosines, b > a. */
typedef struct kedge_turn {
    double from, to;
    bool curved;
} kedge_turn;
double kedge_turn_at(const kedge_turn *turn, double alpha, double *slope);
/* y = |z| (m v + sqrt(1 - m^2) n), n the direction of z - (z.v) v; z itself up to 'from'. Where z is parallel to v
 * (that part is below 1e-6 |z|) n is 'way' [rows of z], a unit vector at right angles to v, and only the length of z
 * has a gradient. */
kedge_node *kedge_repel(kedge_node *z, const double *v, const double *way, const kedge_turn *turn);

/* y_k = m_k z_k + c_k, row by row: m, c [rows of z]. Where m_k is 0 y_k is c_k whatever z is. */
kedge_node *kedge_affine(kedge_node *z, const float *m, const float *c);

/* All operations, ended by NULL. Tests walk this list: each has a gradient case. */
extern const kedge_op *const kedge_ops[];

extern const kedge_op kedge_op_linear, kedge_op_gelu, kedge_op_relu, kedge_op_tanh, kedge_op_sigmoid,
    kedge_op_l2norm, kedge_op_mse, kedge_op_mean_distance, kedge_op_project, kedge_op_distance, kedge_op_norm_deviation,
    kedge_op_mean, kedge_op_separate, kedge_op_separate_inverse, kedge_op_suppress, kedge_op_repel, kedge_op_affine;

#endif
