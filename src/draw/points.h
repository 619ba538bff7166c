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

/* Radius for n points in a panel of this area (square points): smaller for more, but large enough to show colour. */
double kedge_points_radius(int n, double area);

/* Sorts the order: deepest first; points of one depth by number. */
void kedge_points_sort(kedge_points *points);

/* Each point is a disc with a thin neutral outline. The drawing matrix must be the canvas's own (a unit a point). A
 * vector file grows by about half a kilobyte a point. */
void kedge_points_draw(cairo_t *cr, const kedge_theme *theme, const kedge_points *points);

#endif
