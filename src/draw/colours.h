/* colours.h - the figure of what a model makes of colours: slices of hue and value, reconstruction beside truth. */
#ifndef DRAW_COLOURS_H
#define DRAW_COLOURS_H

#include "draw/canvas.h"

/* A field of colours, sRGB in [0, 1] (clamped): hue i is 360 i / hues degrees, value j is (j + 1) / values. */
typedef struct kedge_colours_slice {
    const char *title;
    int hues, values;
    const float *shown; /* [values][hues][3] large patches: what comes out */
    const float *truth; /* [values][hues][3] small ones within: what went in */
} kedge_colours_slice;

typedef struct kedge_colours_figure {
    const char *title, *subtitle;  /* NULL: none */
    int n;                         /* slices */
    const kedge_colours_slice *slices;
    int rows;                      /* so many slices stand in one column, see kedge_panels; divides n */
} kedge_colours_figure;

/* Largest and mean error of a slice, as mean squares over channels, and where the largest is. */
typedef struct kedge_colours_error {
    double mean, most;
    int hue, value;
} kedge_colours_error;
kedge_colours_error kedge_colours_error_of(const kedge_colours_slice *slice);

/* Draws the figure, whole or not at all; same input, same bytes. KEDGE_EINVALID: nothing to draw, an unknown suffix;
 * KEDGE_ENUMERIC: a colour that is not finite; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_colours(kedge_context *ctx, const kedge_colours_figure *figure, const kedge_picture *to);

#endif
