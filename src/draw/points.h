/* points.h - a cloud of coloured points on the page. */
#ifndef DRAW_POINTS_H
#define DRAW_POINTS_H

#include "draw/canvas.h"

/* A point and how far behind the page it lies. */
typedef struct kedge_depth {
    double depth;
    int point;
} kedge_depth;

typedef struct kedge_points {
    int n;
    double (*at)[2];      /* [n] on the page */
    const kedge_ink *ink; /* [n] */
    kedge_depth *order;   /* [n] drawn in this order */
    double radius;
} kedge_points;

/* A disc and its edge: the outline's colour laid thinly over the disc's own. */
typedef struct kedge_disc {
    double inner, outer; /* radii: of the disc, of disc and edge */
    kedge_ink ink, edge;
} kedge_disc;

kedge_disc kedge_disc_of(const kedge_theme *theme, double radius, kedge_ink ink);
/* Share of a pixel that a disc covers whose rim is so far outside the pixel's middle, in pixels. */
double kedge_disc_coverage(double inside);

/* Radius for n points in a panel of this area (square points): smaller for more, but large enough to show colour. */
double kedge_points_radius(int n, double area);

/* Sorts the order: deepest first; points of one depth by number. */
void kedge_points_sort(kedge_points *points);

/* Each point is a disc with a thin neutral outline. The drawing matrix must be the canvas's own (a unit a point). A
 * vector file grows by about half a kilobyte a point. */
void kedge_points_draw(cairo_t *cr, const kedge_theme *theme, const kedge_points *points);

#endif
