/* sweep_parts.h - what the two kinds of the figure of a sweep share. */
#ifndef DRAW_SWEEP_PARTS_H
#define DRAW_SWEEP_PARTS_H

#include "base/arena.h"
#include "draw/chart.h"
#include "draw/page.h"
#include "draw/sweep.h"

typedef struct kedge_sweep_sheet {
    const kedge_sweep_figure *figure;
    kedge_context *ctx;
    const kedge_theme *theme;
    kedge_arena arena;
    kedge_canvas canvas;
    kedge_page page;
    kedge_text description, note;
    double inner; /* width between the margins */
} kedge_sweep_sheet;

/* The range of the values and intervals of a metric (or of the other one), a little widened, with two metrics and
 * several groups that of the means with room around; whether it is shown on a logarithmic axis. */
kedge_range kedge_sweep_range(const kedge_sweep_figure *figure, bool other, bool *log);
/* "score (more is better)"; on a narrow page the name alone, and the rest goes to the note. In the sheet's arena, NULL
 * without memory. */
const char *kedge_sweep_axis(kedge_sweep_sheet *sheet, bool other);

/* Lay out, draw and save. */
kedge_status kedge_sweep_draw_rows(kedge_sweep_sheet *sheet, const kedge_picture *to);
kedge_status kedge_sweep_draw_scatter(kedge_sweep_sheet *sheet, const kedge_picture *to);

#endif
