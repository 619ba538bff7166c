/* draw.h - pictures. */
#ifndef KEDGE_DRAW_H
#define KEDGE_DRAW_H

#include "kedge/context.h"
#include "kedge/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kedge_draw_options {
    const char *title; /* NULL: the recipe's */
    int dark;          /* light lines on a dark ground */
    const int (*pairs)[2]; /* axis pairs, across and up; NULL: all pairs of the first four dims */
    int n_pairs;
} kedge_draw_options;

#define KEDGE_DRAW_OPTIONS_INIT {0}

/* The latent space of a model: 2-D projections of the latents of its recipe's data, points in their own
 * colours (for data that is no colour: shaded by the first label's rate), with the anchors of its recipe. The suffix of
 * 'path' says what is written: .png, .svg or .pdf; whole or not at all. 'options' may be NULL.
 * KEDGE_EINVALID: unknown suffix, a pair out of range; KEDGE_ENUMERIC: latents that are not finite; KEDGE_EIO,
 * KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_draw_model_latents(kedge_model *model, const kedge_draw_options *options,
                                                const char *path);

#ifdef __cplusplus
}
#endif
#endif
