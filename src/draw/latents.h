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
    bool unit_circle;             /* drawn, and in view */
} kedge_latents_figure;

/* Draws the figure, whole or not at all; same input, same bytes. All panels have one scale. In each, points far from
 * the plane through the nearest anchor (through zero without anchors) are drawn first, so that what surrounds an anchor
 * is on top; the ring of an anchor that lies mostly off the plane is dashed. One dimension: a dot histogram.
 * KEDGE_EINVALID: nothing to draw, a pair out of range, an unknown suffix; KEDGE_ENUMERIC: a value that is not finite,
 * with its point; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_latents(kedge_context *ctx, const kedge_latents_figure *figure,
                                const kedge_picture *to);

#endif
