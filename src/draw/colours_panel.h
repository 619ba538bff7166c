/* colours_panel.h - a slice of colours as a panel, for any figure. */
#ifndef DRAW_COLOURS_PANEL_H
#define DRAW_COLOURS_PANEL_H

#include "base/arena.h"
#include "draw/colours.h"
#include "draw/panels.h"

/* KEDGE_EINVALID, KEDGE_ENUMERIC as kedge_draw_colours; 'number' is the slice's in messages. */
kedge_status kedge_colours_check(const kedge_colours_slice *slice, int number, const char *path);
/* The panel of a slice, which must outlive it, with its errors in words; texts are in the arena. KEDGE_ENOMEM. */
kedge_status kedge_colours_panel(kedge_panel *panel, kedge_arena *arena, const kedge_colours_slice *slice);

#endif
