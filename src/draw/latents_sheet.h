/* latents_sheet.h - inside of the figure of a latent space: one of them while it is drawn. */
#ifndef DRAW_LATENTS_SHEET_H
#define DRAW_LATENTS_SHEET_H

#include "draw/cone.h"
#include "draw/marker.h"
#include "draw/page.h"

enum { KEDGE_LATENTS_DIMS = 4, KEDGE_LATENTS_PAIRS = KEDGE_LATENTS_DIMS * (KEDGE_LATENTS_DIMS - 1) / 2 };

typedef struct kedge_latents_sheet {
    kedge_context *ctx;
    const kedge_latents_figure *figure;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    kedge_text description, note;
    kedge_points points;
    kedge_ink *ink;        /* [n] */
    kedge_range *ranges;   /* [k] shown; all of one length */
    kedge_marker *markers; /* [n_anchors + n_repellers] */
    int n_pairs;           /* 0: one dimension, a strip */
    const int (*pairs)[2];
    int own_pairs[KEDGE_LATENTS_PAIRS][2];
    bool unit;             /* points (before an edit) have unit length */
    bool shared;           /* all panels show the same range: numbers at the outer ones will do */
    int columns, rows;
    double wide, high;         /* of a panel */
    double number_width;       /* widest number of any y axis */
    double left, gap_x, gap_y; /* room left of the first column, between columns, below each row but the last */
    double last;               /* below the last row */
} kedge_latents_sheet;

extern const double kedge_latents_overhang; /* points right of the panels: the last number hangs over a little */

float kedge_latents_at(const kedge_latents_sheet *s, int point, int d);
/* How far an edit moved a point; 0 for less than can be seen. */
double kedge_latents_move(const kedge_latents_figure *figure, int point);

/* KEDGE_EINVALID, KEDGE_ENUMERIC as kedge_draw_latents. */
kedge_status kedge_latents_check(const kedge_latents_figure *figure, const char *path);
/* For a figure that has passed; it must outlive the sheet. To be released even after KEDGE_ENOMEM. */
kedge_status kedge_latents_sheet_init(kedge_latents_sheet *s, kedge_context *ctx, const kedge_latents_figure *figure,
                                      const kedge_theme *theme);
void kedge_latents_sheet_release(kedge_latents_sheet *s);

/* Pairs, colours and ranges from the figure; before the layout. */
void kedge_latents_choose(kedge_latents_sheet *s);
/* Panels and page for a page of this width, 0: what suits the figure. The words must be there. */
void kedge_latents_lay_out(kedge_latents_sheet *s, double width);

/* The p-th panel without its place on the page, and what is written at it; with one dimension the strip, whose points
 * and order are then set, in data coordinates. */
void kedge_latents_panel(const kedge_latents_sheet *s, int p, cairo_t *cr, kedge_axes *axes,
                         kedge_axes_labels *labels, char names[2][16]);
void kedge_latents_strip(kedge_latents_sheet *s, cairo_t *cr, kedge_axes *axes, kedge_axes_labels *labels);

/* Panel p in a frame anywhere, with points of s->points.radius: the data between back and front of the axes, and the
 * named places over them. */
void kedge_latents_draw_data(kedge_latents_sheet *s, int p, const kedge_axes *axes);
void kedge_latents_draw_places(kedge_latents_sheet *s, const kedge_axes *axes);

/* Alternative text and notes. KEDGE_ENOMEM. */
kedge_status kedge_latents_describe(kedge_latents_sheet *s);
kedge_status kedge_latents_note(kedge_latents_sheet *s);

#endif
