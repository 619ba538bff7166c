/* search.h - large changes of output, found by trying: what a certificate's bound cannot go below. */
#ifndef CERTIFY_SEARCH_H
#define CERTIFY_SEARCH_H

#include "certify/patch.h"

/* A latent by its angle and directions. */
typedef struct kedge_probe {
    double angle;  /* radians; of a corner: r */
    bool corner;
    double *d, *n; /* unit vectors of n_d and n_n numbers */
} kedge_probe;

/* Where to look. */
typedef struct kedge_probe_range {
    double from, to;
    bool corner;
} kedge_probe_range;

/* Numbers of scratch for the functions below. */
size_t kedge_search_work(const kedge_patch_kind *kind);

/* The mean square over outputs of clamp(D(z')) - clamp(D(z)) at one latent. */
double kedge_change_at(const kedge_patch_kind *kind, const double *z, const double *edited, double *work);

/* Tries drawn latents, climbs from the best of them; at most 'trials' of each. Returns the largest change (mean
 * square), 0 if there is none; 'best' (d and n given by the caller) is where. The draws are the same for the same
 * 'stream'. */
double kedge_search(const kedge_patch_kind *kind, const kedge_probe_range *range, uint32_t stream, int trials,
                    kedge_probe *best, double *work);
#endif
