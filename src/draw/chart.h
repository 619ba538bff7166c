/* chart.h - what line charts share: lines from arrays, bands, dots of several shapes, and marks at a place of the x
 * axis. All are drawn in a panel (axes.h), between clip and unclip where data may leave it. */
#ifndef DRAW_CHART_H
#define DRAW_CHART_H

#include "draw/axes.h"
#include "draw/marks.h"

enum { KEDGE_DASHES = 6, KEDGE_SPREAD_MAX = 64 };

/* Series are told apart by colour and by dashes. */
typedef struct kedge_line_style {
    kedge_ink ink;
    double alpha; /* 0: 1 */
    double width; /* points; 0: 1.4 */
    int dash;     /* 0: solid; to KEDGE_DASHES - 1 other patterns */
} kedge_line_style;

/* The style of series i, i >= 0: the first KEDGE_SERIES * KEDGE_DASHES all differ, neighbours in both. */
kedge_line_style kedge_chart_style(const kedge_theme *theme, int series);

/* A polyline through (x[i], y[i]). A value that is not finite is a gap; a point between two gaps is a dot. Points that
 * fall into one half point of the page are drawn as their least and greatest y, in order, so that the file of a run of
 * any length stays small and no peak is lost. x NULL: 0, 1, 2, ... */
void kedge_chart_line(const kedge_axes *axes, int n, const double *x, const double *y, const kedge_line_style *style);
/* The same as steps: y[i] holds from x[i] on. */
void kedge_chart_stairs(const kedge_axes *axes, int n, const double *x, const double *y,
                        const kedge_line_style *style);
/* The area between two such lines, thinned alike; ends at a gap and begins anew behind it. */
void kedge_chart_band(const kedge_axes *axes, int n, const double *x, const double *low, const double *high,
                      kedge_ink ink, double alpha);
/* A straight line through the panel at a value of the y axis: a threshold, say. */
void kedge_chart_level(const kedge_axes *axes, double y, const kedge_line_style *style);

/* A disc of the style's width at each point, all of one ink where they overlap. */
void kedge_chart_dots(const kedge_axes *axes, int n, const double *x, const double *y, const kedge_line_style *style);

typedef enum kedge_shape {
    KEDGE_SHAPE_DISC, KEDGE_SHAPE_SQUARE, KEDGE_SHAPE_TRIANGLE, KEDGE_SHAPE_DIAMOND, KEDGE_SHAPE_CROSS,
    KEDGE_SHAPE_RING, KEDGE_SHAPES
} kedge_shape;

/* A dot of this shape at (x, y) on the page, as large to the eye as a disc of 'radius' points; a thin rim of 'rim'
 * lifts it off what is under it. */
void kedge_chart_dot(cairo_t *cr, kedge_shape shape, double x, double y, double radius, kedge_ink ink, kedge_ink rim);

/* Room above a panel that the names of stretches take, or those of marks. */
double kedge_chart_names_height(const kedge_theme *theme);
/* Every second stretch shaded; call it after kedge_axes_draw_back, once for each panel. */
void kedge_chart_stretches(const kedge_axes *axes, int n, const kedge_stretch *stretches);
/* Their names in a row whose bottom is 'y' on the page, each over its stretch, or over a neighbour's end where it is
 * wider. Where not all have room, each is cut to its stretch, or left out. */
void kedge_chart_stretch_names(const kedge_axes *axes, double y, int n, const kedge_stretch *stretches);

/* A thin dotted line through the panel at each; its style, for a legend. */
kedge_line_style kedge_chart_place_style(const kedge_theme *theme);
void kedge_chart_places(const kedge_axes *axes, int n, const kedge_place *places);
/* Their names in a row whose bottom is 'y', each beside a small triangle that points at the place; one that has no room
 * between other names and triangles is left out. */
void kedge_chart_place_names(const kedge_axes *axes, double y, int n, const kedge_place *places);

/* Moves n things of these sizes along a line, so that none lies on the one before it and all are in [low, high]: 'at',
 * their beginnings, in order, change by the least sum of squares. False, with nothing moved, where they have no room or
 * are more than KEDGE_SPREAD_MAX. */
bool kedge_chart_spread(int n, double *at, const double *size, double low, double high);

/* The line of the moment through a panel, as in a video. */
void kedge_chart_cursor(const kedge_axes *axes, double at);

/* A number with so many significant digits (1 to 9), as it stands in a picture: "0.952", "4.1x10^-5" with signs of
 * multiplication and raised digits, "-" for what is none. For text (descriptions) see kedge_text_add_real. */
void kedge_chart_number(char *out, size_t room, double value, int digits);

/* Widens a range so that data does not touch the panel's edge: by a share of its length to both sides (of its
 * logarithm), and to at least 'least' (a factor) where all data is one value. */
kedge_range kedge_chart_widen(kedge_range range, double share, double least, bool log);

#endif
