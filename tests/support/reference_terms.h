/* reference_terms.h - terms in double, written from their definitions and apart from the library (METHOD section 3).
 * Slow and plain: what the library is compared with. */
#ifndef SUPPORT_REFERENCE_TERMS_H
#define SUPPORT_REFERENCE_TERMS_H

#include "unit.h"

#include <math.h>
#include <string.h>

#include "anchor/term.h"

enum { REF_BATCH = 64, REF_WIDTH = 16 };

/* Rows of one activation: [sample][dim]. */
typedef double ref_rows[REF_BATCH][REF_WIDTH];

/* A number in [low, high) that a float holds. */
static inline double ref_uniform(uint64_t *state, double low, double high)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (float)(low + (high - low) * (double)(*state >> 11) * 0x1p-53);
}

static inline double ref_power(double x, int64_t p)
{
    double y = 1;
    for (; p > 0; p >>= 1, x *= x)
        if (p & 1) y *= x;
    return y;
}

static inline double ref_dot(int k, const double *a, const double *b)
{
    double sum = 0;
    for (int j = 0; j < k; j++) sum += a[j] * b[j];
    return sum;
}

static inline double ref_length(int k, const double *a)
{
    return sqrt(ref_dot(k, a, a));
}

static inline bool ref_has_dim(const kedge_ints *dims, int dim)
{
    for (int i = 0; i < dims->n; i++)
        if (dims->at[i] == dim) return true;
    return false;
}

/* C_ab of 'separate': cosines of e = z / (|z| + 1e-8). */
static inline double ref_cosine(int k, const double *a, const double *b)
{
    return ref_dot(k, a, b) / ((ref_length(k, a) + 1e-8) * (ref_length(k, b) + 1e-8));
}

static inline double ref_separate(const kedge_term_options *term, int n, int k, ref_rows z, int a)
{
    double sum = 0;
    for (int b = 0; b < n; b++) {
        double c = ref_cosine(k, z[a], z[b]);
        if (fabs(c - 1) <= 1e-8 + 1e-5) c = 0;
        sum += ref_power(term->shift ? (c + 1) / 2 : c, term->power);
    }
    return sum;
}

static inline double ref_squares(const kedge_term_options *term, int k, const double *z, bool inside)
{
    double sum = 0;
    for (int j = 0; j < k; j++)
        if (ref_has_dim(&term->dims, j) == inside) sum += z[j] * z[j];
    return sum;
}

static inline double ref_anchor(const kedge_term_options *term, int k, const double *z)
{
    double sum = 0;
    if (term->metric == KEDGE_METRIC_ANGULAR)
        return 1 - ref_dot(k, z, term->at.at) / (ref_length(k, z) * ref_length(k, term->at.at));
    for (int j = 0; j < k; j++) sum += (z[j] - term->at.at[j]) * (z[j] - term->at.at[j]);
    return sum;
}

static inline double ref_anti_anchor(const kedge_term_options *term, int k, const double *z)
{
    double cosine = ref_dot(k, z, term->at.at) / (ref_length(k, z) * ref_length(k, term->at.at));
    return term->form == KEDGE_FORM_FULL ? (cosine + 1) / 2 : fmax(0, cosine);
}

/* Over the n - 1 others: cos^power, or 1 / distance^2 without what is nearer than 1e-4. */
static inline double ref_pairs(const kedge_term_options *term, int n, int k, ref_rows z, int a, bool inverse)
{
    double sum = 0;
    for (int b = 0; b < n; b++) {
        double distance = 0;
        if (a == b) continue;
        for (int j = 0; j < k; j++) distance += (z[a][j] - z[b][j]) * (z[a][j] - z[b][j]);
        if (!inverse)
            sum += ref_power(ref_cosine(k, z[a], z[b]), term->power);
        else if (distance > 1e-8)
            sum += 1 / distance;
    }
    return n > 1 ? sum / (n - 1) : 0;
}

/* The loss of one sample. A kind that is not known here fails the test. */
static inline double ref_sample(const kedge_term_options *term, int n, int k, ref_rows z, int a)
{
    const char *kind = kedge_term_kinds[term->kind]->variant.name;
    if (strcmp(kind, "anchor") == 0) return ref_anchor(term, k, z[a]);
    if (strcmp(kind, "anti-anchor") == 0) return ref_anti_anchor(term, k, z[a]);
    if (strcmp(kind, "subspace") == 0) return ref_squares(term, k, z[a], false);
    if (strcmp(kind, "anti-subspace") == 0) return ref_squares(term, k, z[a], true);
    if (strcmp(kind, "unitarity") == 0) return pow(ref_length(k, z[a]) - 1, 2);
    if (strcmp(kind, "separate") == 0) return ref_separate(term, n, k, z, a);
    if (strcmp(kind, "separate-pairs") == 0) return ref_pairs(term, n, k, z, a, false);
    if (strcmp(kind, "separate-inverse") == 0) return ref_pairs(term, n, k, z, a, true);
    fail_msg("term kind '%s' has no meaning in reference_terms.h", kind);
    return NAN;
}

/* The mean over samples, or over the labelled ones: labels [n], NULL for a term on all. */
static inline double ref_term(const kedge_term_options *term, int n, int k, ref_rows z, const double *labels)
{
    double sum = 0, weight = 0;
    for (int a = 0; a < n; a++) {
        double l = labels ? labels[a] : 1;
        if (l != 0) sum += l * ref_sample(term, n, k, z, a);
        weight += l;
    }
    return sum / (labels ? weight + 1e-8 : weight);
}

/* Columns to unit length. */
static inline void ref_normalize(int n, int k, ref_rows from, ref_rows to)
{
    for (int a = 0; a < n; a++) {
        double length = fmax(ref_length(k, from[a]), 1e-12);
        for (int j = 0; j < k; j++) to[a][j] = from[a][j] / length;
    }
}

#endif
