/* sketch.h - small drawings that explain: circles, points, arrows, in units of their own. */
#ifndef DRAW_SKETCH_H
#define DRAW_SKETCH_H

#include "draw/lettering.h"

/* A square of 3 units a side around (0, 0); y grows upwards. */
typedef struct kedge_sketch {
    cairo_t *cr;
    const kedge_theme *theme;
    double x, y; /* of its middle on the page */
    double unit; /* points */
} kedge_sketch;

typedef enum kedge_sketch_ink {
    KEDGE_SKETCH_PLAIN,    /* samples without a label; what surrounds */
    KEDGE_SKETCH_LABELLED, /* samples that a term acts on */
    KEDGE_SKETCH_STRONG    /* arrows and places */
} kedge_sketch_ink;

void kedge_sketch_disc(const kedge_sketch *s, double x, double y, kedge_sketch_ink ink);
/* An ellipse around (0, 0): outlined, and filled lightly if asked for. */
void kedge_sketch_ellipse(const kedge_sketch *s, double across, double up, bool filled);
void kedge_sketch_line(const kedge_sketch *s, double x0, double y0, double x1, double y1, bool dashed);
/* Outline of n places, filled lightly. */
void kedge_sketch_polygon(const kedge_sketch *s, int n, const double (*at)[2], kedge_ink fill);
/* A straight arrow from the first place to the second, starting a little off it. */
void kedge_sketch_arrow(const kedge_sketch *s, double x0, double y0, double x1, double y1);
/* One along a circle around (0, 0), from one angle to another, degrees. */
void kedge_sketch_arc(const kedge_sketch *s, double radius, double from, double to);
/* A place that attracts (ring and cross-hair) or repels (crossed ring). */
void kedge_sketch_place(const kedge_sketch *s, double x, double y, bool repels);
/* A formula, its middle at (x, y). */
void kedge_sketch_text(const kedge_sketch *s, double x, double y, const char *text);

#endif
