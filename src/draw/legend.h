/* legend.h - what the lines of a chart are called: at their ends where that fits, else in a legend. */
#ifndef DRAW_LEGEND_H
#define DRAW_LEGEND_H

#include "draw/chart.h"

enum { KEDGE_SHAPE_NONE = -1, KEDGE_ENDS_MAX = KEDGE_SPREAD_MAX };

/* A series by name. */
typedef struct kedge_entry {
    const char *text;
    kedge_line_style style; /* width < 0: no line */
    int shape;              /* of its dots; KEDGE_SHAPE_NONE: none */
    bool symbols;           /* "z_0" gets a small digit */
    /* For labels at line ends: */
    double end;             /* y of the line's end on the page */
    double y;               /* set by placing: the middle of the label */
} kedge_entry;

/* ---- at the ends of lines: right of the panel */

/* Width that they take beside the panel. */
double kedge_ends_width(cairo_t *cr, const kedge_theme *theme, int n, const kedge_entry *entries);
/* Finds places with their middles between 'top' and 'bottom', in the order of the lines' ends, as near to them as
 * labels that do not touch can be (least sum of squared ways). False where there is no room for all, or for more than
 * KEDGE_ENDS_MAX: then use a legend. */
bool kedge_ends_place(const kedge_theme *theme, int n, kedge_entry *entries, double top, double bottom);
/* Draws them from x, the panel's right edge, on; a thin leader joins a label that had to move to its line. */
void kedge_ends_draw(cairo_t *cr, const kedge_theme *theme, double x, int n, const kedge_entry *entries);

/* ---- a legend: samples and names in rows */

/* Height of a legend of this width. */
double kedge_legend_height(cairo_t *cr, const kedge_theme *theme, int n, const kedge_entry *entries, double width);
/* Draws it; (x, y) is its top left corner. Names that are wider than the legend are cut. */
void kedge_legend_draw(cairo_t *cr, const kedge_theme *theme, double x, double y, double width, int n,
                       const kedge_entry *entries);

#endif
