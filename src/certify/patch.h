/* patch.h - a piece of the set of all latents of one alignment: angles in a range, d and n in a spherical simplex
 * each. */
#ifndef CERTIFY_PATCH_H
#define CERTIFY_PATCH_H

#include "certify/bundle.h"
#include "certify/decoder.h"
#include "certify/path.h"

enum { KEDGE_CERTIFY_DIMS = 8 }; /* patches are for up to as many latent dims: all orthants are looked at */

/* d in the cone of the rows of 'd', which are unit vectors, n in that of the rows of 'n'. In one dim the cone is a
 * single vector, 1 or -1; where all dims are edited there is no n. */
typedef struct kedge_patch {
    double from, to; /* radians; of a corner: r */
    bool corner;     /* see kedge_path_corner */
    double *d;       /* [n_d][n_d] */
    double *n;       /* [n_n][n_n] */
    int cut, cut_a, cut_b; /* where to halve it, see kedge_patch_project */
} kedge_patch;

/* What patches of one problem share. */
typedef struct kedge_patch_kind {
    const kedge_path *path;
    const kedge_decoder *decoder;
    int n_d, n_n;     /* dims of d and n */
    size_t n_numbers; /* in d and n together */
} kedge_patch_kind;

kedge_patch_kind kedge_patch_kind_of(const kedge_path *path, const kedge_decoder *decoder);
/* Vertices of a patch: two ends of the range, times those of d, times those of n (1 if there is no n). */
int kedge_patch_vertices(const kedge_patch_kind *kind);
/* Numbers of scratch for the functions below. */
size_t kedge_patch_work(const kedge_patch_kind *kind);

/* The patches that cover all signs of all dims: how many, and the i-th into 'patch', whose d and n the caller has.
 * With one edited dim and an edit of d = v alone, d = -v is left out. */
long kedge_patch_orthants(const kedge_patch_kind *kind);
void kedge_patch_orthant(const kedge_patch_kind *kind, long i, kedge_patch *patch);

/* What the decoder's first layer makes of it, see bundle.h, in 'numbers' [kedge_bundle_numbers of its vertices and
 * 2 symbols]. Finds where to halve the patch, too: across what matters most to the first layer. */
void kedge_patch_project(const kedge_patch_kind *kind, kedge_patch *patch, kedge_bundle *bundle, double *numbers,
                         double *work);

/* After kedge_patch_project: 'patch' becomes one half, 'other', whose d and n the caller has, the other one. False
 * if it is a point. */
bool kedge_patch_split(const kedge_patch_kind *kind, kedge_patch *patch, kedge_patch *other);

/* The latent before and after, at one vertex; z and edited [K] along the path's basis. */
void kedge_patch_vertex(const kedge_patch_kind *kind, const kedge_patch *patch, int vertex, double *z, double *edited);

#endif
