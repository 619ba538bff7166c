/* history.h - the figure of a run's latent space: large panels of its end, small ones of steps before. */
#ifndef DRAW_HISTORY_H
#define DRAW_HISTORY_H

#include "draw/latents.h"

typedef struct kedge_history_frame {
    int step;             /* updates before it */
    const float *latents; /* [n][k] */
    double cosine;        /* of the concept with its anchor, for the words; NAN: none */
} kedge_history_frame;

typedef struct kedge_history_figure {
    const char *title, *subtitle; /* NULL: none */
    const char *caveat;           /* what the subtitle says of the whole, for the words; NULL: nothing */
    int n, k;                     /* points, dimensions; at least 1 and 2 */
    const float *rgb;             /* [n][3] sRGB in [0, 1]; NULL: colours come from 'shade' */
    const float *shade;           /* [n] in [0, 1]; NULL too: one colour */
    int n_frames;
    const kedge_history_frame *frames; /* ascending; the last is the end */
    int n_pairs;
    const int (*pairs)[2];        /* [n_pairs] across, up */
    int n_anchors;
    const kedge_latents_anchor *anchors;
    const char *concept;          /* whose cosines the frames have; NULL: none */
} kedge_history_figure;

/* Draws the figure, whole or not at all; same input, same bytes. All panels have one scale and the unit circle; as many
 * pairs stand side by side as stay legible. KEDGE_EINVALID: nothing to draw, a pair out of range; KEDGE_ENUMERIC: a
 * value that is not finite, with its step; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_history(kedge_context *ctx, const kedge_history_figure *figure, const kedge_picture *to);

#endif
