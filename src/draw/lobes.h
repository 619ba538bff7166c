/* lobes.h - the figure of what edits do by angle: a lobe about the direction, and the same as a chart. */
#ifndef DRAW_LOBES_H
#define DRAW_LOBES_H

#include "draw/canvas.h"

typedef struct kedge_lobe {
    const char *title, *aside; /* NULL: none */
    int n;                     /* samples; at least 2 */
    const double *degrees;     /* [n] from the direction, ascending from 0 to 90 */
    const double *strength;    /* [n] no less than 0: of the edit at that angle; the lobe */
    const double *left;        /* [n] of the part along the direction, after it; NULL: that is 'strength' */
    double from;               /* degrees: the edit begins below this; drawn as rays */
} kedge_lobe;

typedef struct kedge_lobes_figure {
    const char *title, *subtitle, *note, *description; /* NULL: none */
    int n;
    const kedge_lobe *lobes;
} kedge_lobes_figure;

/* Draws the figure, whole or not at all; same input, same bytes. Each lobe above its chart, which has the cosine of the
 * angle across; the direction points up; all have one scale. KEDGE_EINVALID: nothing to draw, an unknown suffix;
 * KEDGE_ENUMERIC: a number that is not finite; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_lobes(kedge_context *ctx, const kedge_lobes_figure *figure, const kedge_picture *to);

#endif
