/* path.h - what an edit does to latents of a given alignment: four numbers that depend on one angle.
 *
 * A unit latent is z = cos t d + sin t n: d in the unit sphere of the edited dims (for a direction v: d = +-v), n
 * in that of all others, t in [0, 90] degrees, cos t the alignment. Every plan that a certificate covers makes of
 * it z' = A(t) d + B(t) n. */
#ifndef CERTIFY_PATH_H
#define CERTIFY_PATH_H

#include "base/arena.h"
#include "certify/bend.h"
#include "nn/model.h"
#include "steer/plan.h"

/* Of z along d and n, of z' along d and n. */
enum { KEDGE_PATH_COS, KEDGE_PATH_SIN, KEDGE_PATH_A, KEDGE_PATH_B, KEDGE_PATH_PARTS };

enum { KEDGE_PATH_SUPPRESS, KEDGE_PATH_REPEL, KEDGE_PATH_ADD, KEDGE_PATH_ZERO, KEDGE_PATH_ABLATE, KEDGE_PATH_REFLECT };

typedef struct kedge_path {
    int kind;
    int n_latents, n_edited; /* K; dims of d's space */
    bool both_signs;         /* with one edited dim: whether d = -v is edited too */
    const kedge_edit_options *edit; /* suppress, repel, add */
    double from;    /* suppress, repel: the cosine up to which nothing is edited */
    double longest; /* |z'| is at most this */
    double *basis;  /* [K][K]: orthonormal rows, first those of the edited dims */
} kedge_path;

/* Reads the plan, which must outlive the path. KEDGE_EUNSUPPORTED, saying why, if a plan does not act on the unit
 * latent alone; KEDGE_EINVALID if its numbers do not fit the model, KEDGE_ENOMEM. */
kedge_status kedge_path_init(kedge_path *path, kedge_arena *arena, const kedge_plan_options *plan,
                             const kedge_model_options *model);

/* The four at one angle (radians in [0, pi/2]); sign +1 or -1 is that of d = +-v and matters for 'add' alone. */
void kedge_path_at(const kedge_path *path, double sign, double angle, double at[KEDGE_PATH_PARTS]);

/* The four over a short range of a parameter: lines between both ends, and how far from them the truth may be. For
 * s in [0,1] part i is (1-s) at[i][0] + s at[i][1] + [-off[i], off[i]] with one s for all. For the differences A -
 * cos and B - sin, which are less uncertain than their terms, the same with off_change. */
typedef struct kedge_arc {
    double at[KEDGE_PATH_PARTS][2];
    double off[KEDGE_PATH_PARTS];
    double off_change[2];
} kedge_arc;

void kedge_path_arc(const kedge_path *path, double sign, double from, double to, kedge_arc *arc);
/* An ablated latent that has nothing but the ablated dims: what is left is shorter than 1e-12 and comes out as r n,
 * r in [from, to] within [0,1], with the angle anything up to KEDGE_CORNER radians. */
#define KEDGE_CORNER 1e-3
void kedge_path_corner(double from, double to, kedge_arc *arc);

#endif
