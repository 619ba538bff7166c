/* scatter.h - figures of coloured points with curves among them: errors against what they may depend on. */
#ifndef DRAW_SCATTER_H
#define DRAW_SCATTER_H

#include <stdbool.h>

#include "draw/canvas.h"

typedef enum kedge_curve_kind {
    KEDGE_CURVE_MAIN,
    KEDGE_CURVE_DASHED,
    KEDGE_CURVE_DOTTED,
    KEDGE_CURVES
} kedge_curve_kind;

typedef struct kedge_scatter_curve {
    int kind;            /* kedge_curve_kind: tells it apart; one name in the legend for each */
    int n;
    const double *x, *y; /* [n]; what is not finite is a gap */
    bool stairs;         /* y[i] holds from x[i] on */
    bool under;          /* lies under the points, not over them */
} kedge_scatter_curve;

/* A place with a ring about it. */
typedef struct kedge_scatter_mark {
    const char *label; /* NULL: none */
    double x, y;
} kedge_scatter_mark;

enum { KEDGE_SCATTER_ASIDES = 4 };

typedef struct kedge_scatter_panel {
    const char *title;                        /* NULL: none */
    const char *asides[KEDGE_SCATTER_ASIDES]; /* under it; NULL: none */
    const char *x;                            /* label of its axis; NULL: the figure's */
    double x_min, x_max;                      /* its range of x; both 0: the figure's */
    int n;                                    /* points */
    const double (*at)[2];                    /* [n] x and y */
    const float *rgb;                         /* [n][3] sRGB in [0, 1] (clamped) */
    int n_curves;
    const kedge_scatter_curve *curves;
    int n_marks;
    const kedge_scatter_mark *marks;
    bool shaded;                              /* from the left up to 'shaded_to': where something acts */
    double shaded_to;
} kedge_scatter_panel;

typedef struct kedge_scatter_figure {
    const char *title, *subtitle, *note, *description; /* NULL: none */
    const char *x, *y;                       /* labels of the axes */
    const char *names[KEDGE_CURVES];         /* what curves of each kind are, for the legend; NULL: not named */
    bool degrees;                            /* x is an angle */
    double x_min, x_max;                     /* range of x */
    double y_max;                            /* y begins at 0; 0: what holds all points, marks and curves */
    int n;
    const kedge_scatter_panel *panels;
} kedge_scatter_figure;

/* Draws the figure, whole or not at all; same input, same bytes. All panels have one scale of y, so that they can be
 * compared. KEDGE_EINVALID: nothing to draw, an unknown suffix; KEDGE_ENUMERIC: a point, mark or colour that is not
 * finite, with its number; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_scatter(kedge_context *ctx, const kedge_scatter_figure *figure, const kedge_picture *to);

#endif
