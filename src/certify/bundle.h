/* bundle.h - a set of pairs of activations, before and after an edit, carried through a network so that none is lost.
 *
 * For each unit three numbers are enclosed: p before the edit, q after it, d = q - p. With weights w_v >= 0 of sum 1
 * and numbers e_s in [-1,1], the same for all units and all three, and one more number in [-1,1] for each unit and each
 * of the three:
 *     p = sum_v w_v P[v] + sum_s e_s P[n + s] + p_off (.)
 * and q, d likewise. What layers do to the columns P, Q, D they do exactly, up to rounding, for which 'off' grows; what
 * cannot be carried on goes to 'off'. */
#ifndef CERTIFY_BUNDLE_H
#define CERTIFY_BUNDLE_H

#include "certify/decoder.h"

typedef struct kedge_bundle {
    int n, symbols;
    int room;           /* symbols that there is room for */
    int stride;         /* from column to column */
    double *part[3];    /* p, q, d: [n + symbols][stride] */
    double *off[3];     /* [stride] */
    bool limited;       /* whether more is known: */
    kedge_range *limit[3]; /* [stride] each: where p, q and d are for certain */
} kedge_bundle;

enum { KEDGE_BEFORE, KEDGE_AFTER, KEDGE_CHANGE };

/* Numbers of a bundle that begins with n vertices and these symbols. There is room for those that the layers add:
 * what an activation leaves uncertain of a unit, which the layers behind may cancel, is kept apart as a symbol
 * while there are not too many. */
size_t kedge_bundle_numbers(const kedge_decoder *decoder, int n, int symbols);
/* In 'numbers', with all that it begins with 0. */
void kedge_bundle_place(kedge_bundle *bundle, const kedge_decoder *decoder, int n, int symbols, double *numbers);

/* Unit 'unit' of one of the three: all that it can be. */
kedge_range kedge_bundle_range(const kedge_bundle *bundle, int part, int unit);

/* From what the first layer made of a set to a bound on the mean square over outputs of clamp(D(z')) - clamp(D(z));
 * *vertex is where it is reached. Both bundles are overwritten. */
double kedge_bundle_bound(const kedge_decoder *decoder, kedge_bundle *bundle, kedge_bundle *scratch, int *vertex);

#endif
