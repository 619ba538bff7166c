/* panels.h - figures that are a grid of panels: laid out for a width, each drawn by a function of its own. */
#ifndef DRAW_PANELS_H
#define DRAW_PANELS_H

#include "draw/axes.h"
#include "draw/canvas.h"
#include "draw/legend.h"

enum { KEDGE_PANEL_ASIDES = 4, KEDGE_PANEL_ROWS = 16 };

/* What stands in one rectangle of the page. A figure whose panels are such can put any of another's beside them. */
typedef struct kedge_panel kedge_panel;
struct kedge_panel {
    const char *title;                      /* above it; NULL: none */
    const char *asides[KEDGE_PANEL_ASIDES]; /* under the title, each broken into at most three lines; NULL: none */
    kedge_range across, up;                 /* the data at its sides */
    const char *x, *y;                      /* labels of its axes; NULL: none */
    bool symbols;                           /* labels are symbols: "z_0" gets a small digit */
    bool degrees;                           /* across is an angle: ticks at 30, 45, 60, 90, .. degrees */
    bool bare;                              /* neither frame nor ticks: what is drawn speaks for itself */
    double aspect;                          /* height over width of the frame */
    const void *data;                       /* for the functions below */
    /* The data, within the frame; axes->cr is clipped to it. */
    void (*draw)(const kedge_panel *panel, const kedge_axes *axes);
    /* What lies over frame and data and may hang out a little; NULL: nothing. */
    void (*draw_over)(const kedge_panel *panel, const kedge_axes *axes);
};

typedef struct kedge_panels {
    const char *title, *subtitle, *note; /* NULL: none */
    const char *description;             /* alternative text */
    int n;                               /* panels */
    const kedge_panel *list;             /* [n] */
    int rows; /* so many panels of the list, KEDGE_PANEL_ROWS at most, stay together as a stack; divides n */
    int columns;                         /* stacks side by side where the page has no width; 0: all */
    int n_entries;                       /* of the legend below the panels */
    const kedge_entry *entries;          /* [n_entries] */
    double wide, narrow;                 /* width of a frame on such a page; the least on a page with a width */
} kedge_panels;

/* Draws them, whole or not at all. Without to->width a frame is 'wide'; with it there are as many stacks side by side
 * as leave each frame 'narrow' at least, and frames fill the page. Numbers and labels of axes that a row or a column
 * of panels shares stand at the outer ones. Ranges must be finite. Errors as kedge_canvas_init and kedge_canvas_save.*/
kedge_status kedge_draw_panels(kedge_context *ctx, const kedge_panels *panels, const kedge_picture *to);

#endif
