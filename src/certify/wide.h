/* wide.h - a bound for latents of many dims: all of the sphere at once. */
#ifndef CERTIFY_WIDE_H
#define CERTIFY_WIDE_H

#include "certify/search.h"

enum { KEDGE_WIDE_PARTS = 16 }; /* a range of angles is bounded in so many parts */

size_t kedge_wide_work(const kedge_patch_kind *kind);

/* A bound on the mean square of the change over all latents of the range, the smaller of two: that of a bundle
 * whose first layer takes |w.n| <= |w| for every row, and the layers' norms (largest singular values, from above)
 * times what the first layer can change. No allocation. */
double kedge_wide_bound(const kedge_patch_kind *kind, const kedge_probe_range *range, double *work);

/* No less than the largest singular value of a matrix [rows][cols] by columns; work [2 m^2], m = min(rows, cols). */
double kedge_spectral_bound(int rows, int cols, const double *columns, double *work);

#endif
