/* stacked.h - the figure that shows a plan from three sides, in one column: latents, colours, errors. */
#ifndef DRAW_STACKED_H
#define DRAW_STACKED_H

#include "draw/colours.h"
#include "draw/latents.h"
#include "draw/scatter.h"

typedef struct kedge_stacked_column {
    const char *name;                    /* of the plan */
    const char *aside;                   /* under it; NULL: none */
    const kedge_latents_figure *latents; /* of which one pair is shown */
    const kedge_colours_slice *slice;    /* its title stands above it */
} kedge_stacked_column;

typedef struct kedge_stacked_figure {
    const char *title, *subtitle, *note, *description; /* NULL: none */
    int pair[2];                         /* dims of the latents, across and up */
    int n;
    const kedge_stacked_column *columns; /* [n] */
    const kedge_scatter_figure *errors;  /* [n] panels, one for each column; its own words are not used */
} kedge_stacked_figure;

/* Draws the figure, whole or not at all; same input, same bytes. Errors as kedge_draw_latents, kedge_draw_colours and
 * kedge_draw_scatter. */
kedge_status kedge_draw_stacked(kedge_context *ctx, const kedge_stacked_figure *figure, const kedge_picture *to);

#endif
