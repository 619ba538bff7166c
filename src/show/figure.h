/* figure.h - the list of figures. */
#ifndef SHOW_FIGURE_H
#define SHOW_FIGURE_H

#include "draw/canvas.h"
#include "show/show.h"

/* One figure: gathers numbers from a show, lays them into the struct of a drawing in src/draw, and has it drawn. */
typedef struct kedge_figure {
    kedge_figure_info info;
    kedge_status (*draw)(kedge_show *show, const kedge_picture *to);
} kedge_figure;

/* All figures in the order of the manual, ended by NULL. Each stands at the bottom of its own file, figure_NAME.c. */
extern const kedge_figure *const kedge_figures[];
extern const kedge_figure kedge_figure_architecture, kedge_figure_attribution, kedge_figure_certificate,
    kedge_figure_colours, kedge_figure_error_hue, kedge_figure_error_similarity, kedge_figure_history,
    kedge_figure_labels, kedge_figure_latents, kedge_figure_ledger, kedge_figure_lobes, kedge_figure_losses,
    kedge_figure_lr_find, kedge_figure_schedule, kedge_figure_stacked, kedge_figure_sweep, kedge_figure_table,
    kedge_figure_terms, kedge_figure_trajectory;

/* The figure named so; KEDGE_EINVALID with the nearest name. */
kedge_status kedge_figure_find(const kedge_figure **figure, const char *name);

#endif
