/* scatter_panel.h - a scatter as a panel, for any figure. */
#ifndef DRAW_SCATTER_PANEL_H
#define DRAW_SCATTER_PANEL_H

#include "base/arena.h"
#include "draw/panels.h"
#include "draw/scatter.h"

/* KEDGE_EINVALID, KEDGE_ENUMERIC as kedge_draw_scatter. */
kedge_status kedge_scatter_check(const kedge_scatter_figure *figure, const char *path);
/* The range of y that holds all of the figure's panels. */
kedge_range kedge_scatter_up(const kedge_scatter_figure *figure);
/* The panel of panel i of the figure, which must outlive it; its scratch is in the arena. KEDGE_ENOMEM. */
kedge_status kedge_scatter_panel_init(kedge_panel *panel, kedge_arena *arena, const kedge_scatter_figure *figure,
                                      int i);
/* The legend's entries for the kinds of curve that are named and occur; returns their number. */
int kedge_scatter_legend(kedge_entry entries[KEDGE_CURVES], const kedge_theme *theme,
                         const kedge_scatter_figure *figure);

#endif
