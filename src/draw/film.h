/* film.h - a run as moving pictures: the latent space along pairs of axes, and where in its schedule it is. */
#ifndef DRAW_FILM_H
#define DRAW_FILM_H

#include <stdbool.h>
#include <stdint.h>

#include "draw/latents.h"
#include "draw/marks.h"

/* What does not change from frame to frame. All arrays must outlive the film. */
typedef struct kedge_film_input {
    int width, height;            /* of a frame, pixels; at least 64 each */
    bool dark;
    const char *title, *subtitle; /* NULL: none */
    int n, k;                     /* points, latent dims; both at least 1 */
    const float *rgb;             /* [n][3] sRGB in [0, 1] (clamped); NULL: colours come from 'shade' */
    const float *shade;           /* [n] in [0, 1] (clamped); NULL too: one colour */
    bool unit;                    /* latents have unit length: the circle is drawn, points move on the sphere */
    const float *low, *high;      /* [k] least and greatest latent of the run in each dim */
    const float *last;            /* [n][k] latents at its end: labels stand where they cover few of these */
    int n_pairs;
    const int (*pairs)[2];        /* across, up; n_pairs 0: all pairs of the first four dims */
    int n_anchors;
    const kedge_latents_anchor *anchors;
    int steps;                    /* updates; at least 1 */
    const double *lr;             /* [steps] */
    int n_terms;
    const char *const *terms;     /* [n_terms] their names */
    const double *weights;        /* [steps][n_terms] */
    const float *losses;          /* [steps][1 + n_terms] the task's, then the terms'; not finite: none there */
    int n_phases;
    const kedge_stretch *phases;  /* of the schedule */
} kedge_film_input;

typedef struct kedge_film_frame {
    const float *latents; /* [n][k] at this frame */
    const float *next;    /* [n][k] at the next one. Points are blurred along half the way there, as if a shutter were
                           * open for half the time; NULL: they stand still */
    double step;          /* in [0, steps] */
    const char *phase;    /* "" or NULL: none */
} kedge_film_frame;

typedef struct kedge_film kedge_film;

/* Lays the film out. KEDGE_EINVALID: a pair out of range, nothing to draw; KEDGE_ENUMERIC: a value that is not finite;
 * KEDGE_EUNSUPPORTED: no text can be set, for want of a library; KEDGE_ENOMEM. */
kedge_status kedge_film_create(kedge_film **out, kedge_context *ctx, const kedge_film_input *input);
void kedge_film_free(kedge_film *film);

/* Draws a frame into pixels [height][width], 0xrrggbb. It depends on 'frame' alone, not on frames before it. Latents
 * that are not finite are not drawn. One thread at a time. */
void kedge_film_draw(kedge_film *film, const kedge_film_frame *frame, uint32_t *pixels);

#endif
