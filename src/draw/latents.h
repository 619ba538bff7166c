/* latents.h - the figure of a latent space: one panel for each pair of dimensions, points in their own colours. */
#ifndef DRAW_LATENTS_H
#define DRAW_LATENTS_H

#include <stdbool.h>

#include "draw/canvas.h"

/* A place that was chosen before training, e.g. where a concept is anchored. */
typedef struct kedge_latents_anchor {
    const char *label; /* NULL: none */
    const float *at;   /* [k] */
} kedge_latents_anchor;

/* Where an edit acts that begins at an angle to a direction. */
typedef struct kedge_cone {
    const char *label; /* the plan whose cone it is */
    const float *axis; /* [k] of any length but 0 */
    double angle;      /* degrees, in [0, 90]: latents z with an angle below it to the axis are inside */
} kedge_cone;

typedef struct kedge_latents_figure {
    const char *title, *subtitle; /* NULL: none; broken into lines where too wide */
    int n, k;                     /* points, dimensions; both at least 1 */
    const float *latents;         /* [n][k] */
    const float *rgb;             /* [n][3] sRGB in [0, 1] (clamped); NULL: colours come from 'shade' */
    const float *shade;           /* [n] in [0, 1] (clamped), for data that is no colour; NULL too: one colour */
    const char *shade_label;      /* what the shade is; NULL: no colour bar */
    double shade_from, shade_to;  /* the values that shades 0 and 1 stand for; both 0: 0 and 1 */
    int n_pairs;
    const int (*pairs)[2];        /* [n_pairs] across, up; n_pairs 0: all pairs of the first four dimensions */
    int n_anchors;
    const kedge_latents_anchor *anchors;
    int n_repellers;
    const kedge_latents_anchor *repellers; /* places that points were driven away from */
    int n_cones;
    const kedge_cone *cones;      /* where edits act (draw/cone.h) */
    const float *before;          /* [n][k] where points were before an edit: lines lead from there; NULL: no edit */
    bool unit_circle;             /* drawn, and in view */
} kedge_latents_figure;

/* Draws the figure, whole or not at all; same input, same bytes. All panels have one scale. In each, points far from
 * the plane through the nearest anchor (through zero without anchors) are drawn first, so that what surrounds an anchor
 * is on top; the ring of an anchor that lies mostly off the plane is dashed. A cone is one
 * of unit vectors where all points (before an edit) have that length to 1e-3. With to->width there are as many panels
 * side by side as stay legible. One dimension: a dot histogram, without cones and lines.
 * KEDGE_EINVALID: nothing to draw, a pair out of range, an unknown suffix; KEDGE_ENUMERIC: a value that is not finite,
 * with its point; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_latents(kedge_context *ctx, const kedge_latents_figure *figure,
                                const kedge_picture *to);

/* Squared distance of a place [k] from the plane (across, up) through the nearest anchor, or through zero. */
double kedge_latents_depth(const float *at, int k, int n_anchors, const kedge_latents_anchor *anchors, int across,
                           int up);
/* Whether a place lies mostly off that plane through zero. */
bool kedge_latents_beside(const float *at, int k, int across, int up);

#endif
