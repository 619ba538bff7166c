/* marker.h - named places in a panel: a ring with a cross-hair, and a label that covers few points. */
#ifndef DRAW_MARKER_H
#define DRAW_MARKER_H

#include "draw/axes.h"
#include "draw/points.h"

typedef struct kedge_marker {
    const char *label; /* NULL: none */
    double x, y;       /* on the page */
    bool beside;       /* the place itself lies off this plane: the ring is dashed */
    bool repels;       /* a place to be avoided: the ring is crossed out, without arms */
    /* Set by placing: */
    double left, top, width, height; /* of the label; width 0: none */
} kedge_marker;

/* Finds a place for each label, one after the other: near its ring, in the panel, off other markers and labels, and
 * where it covers few of the points. */
void kedge_markers_place(kedge_marker *markers, int n, const kedge_axes *axes, const kedge_points *points);
void kedge_markers_draw(const kedge_marker *markers, int n, const kedge_axes *axes);

#endif
