/* film_parts.h - inside of a film: layout, what is drawn once, what is drawn for each frame. */
#ifndef DRAW_FILM_PARTS_H
#define DRAW_FILM_PARTS_H

#include "draw/film.h"
#include "draw/film_splat.h"
#include "draw/legend.h"
#include "draw/lettering.h"
#include "draw/points.h"

enum { KEDGE_FILM_PAIRS = 36, KEDGE_FILM_CHARTS = 3 };

/* A rectangle of the frame, pixels. */
typedef struct kedge_film_box {
    int x, y, width, height;
} kedge_film_box;

/* Pixels of the overlay that are not clear, next to each other in one row. */
typedef struct kedge_film_run {
    int start, length; /* number of the first pixel in the frame */
} kedge_film_run;

/* The charts, from the top. */
enum { KEDGE_FILM_WEIGHTS, KEDGE_FILM_LR, KEDGE_FILM_LOSSES };

struct kedge_film {
    kedge_context *ctx;
    kedge_film_input in;
    const kedge_theme *theme;
    double scale;         /* pixels a unit; a unit is to the frame what a point is to a figure's page */
    double width, height; /* units */
    int n_pairs;
    int pairs[KEDGE_FILM_PAIRS][2]; /* up -1: the point's number, where there is one dim */
    kedge_axes panels[KEDGE_FILM_PAIRS], charts[KEDGE_FILM_CHARTS];
    kedge_film_box panel_boxes[KEDGE_FILM_PAIRS], chart_boxes[KEDGE_FILM_CHARTS], counter_box;
    double header, counter_width;            /* what stands above panels and charts; at its right the counter */
    bool stacked;                           /* the counter stands below the title, not beside it */
    double counter_right, counter_base;      /* where it stands */
    double legend_x, legend_y, legend_width;
    double *column;  /* [steps] scratch: one curve */
    double *smooth;  /* [1 + n_terms][steps] losses, smoothed */
    uint32_t *ground, *past, *overlay, *page; /* [pixels] without points, curves ahead; curves behind; what is over the
                                               * points; the frame being drawn */
    cairo_t *cr;     /* draws on the page */
    int n_runs;
    kedge_film_run *runs;
    kedge_points points;     /* for the depth order, and for placing labels */
    double radius;           /* units */
    kedge_splat splat;
    kedge_splat_ink *inks;   /* [n] */
    float *moved;            /* [KEDGE_SUBFRAMES][n][k] where points are in each subframe */
};

/* ---- film_layout.c */

/* Fills in pairs, panels, charts and boxes; the ranges of the charts are there, and 'cr', to measure text. */
void kedge_film_lay_out(kedge_film *film);
/* What the counter says at a step. */
void kedge_film_counter(const kedge_film *film, int step, char *text, size_t room);
kedge_lettering kedge_film_counter_style(const kedge_film *film);
/* The style of loss i: 0 the task's, else that of term i - 1, as is its weight's. */
kedge_line_style kedge_film_style(const kedge_film *film, int i);
/* The legend: all losses that have room in it. Returns their number. */
int kedge_film_entries(const kedge_film *film, kedge_entry entries[KEDGE_ENDS_MAX]);

/* ---- film_page.c */

/* Draws ground, past, overlay and, as it is without points, the page. KEDGE_ENOMEM. */
kedge_status kedge_film_draw_pages(kedge_film *film);
/* A drawing context on such pixels, in units; of the overlay with 'clear'. */
cairo_t *kedge_film_paper(const kedge_film *film, uint32_t *pixels, bool clear);

/* ---- film.c */

/* Where point i, whose latent [k] is 'at', lies on the page, in units. */
void kedge_film_place(const kedge_film *film, int panel, int i, const float *at, double *x, double *y);

#endif
