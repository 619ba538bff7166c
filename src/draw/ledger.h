/* ledger.h - the figure of what each part of the objective pulls: norms of gradients, and cosines between them. */
#ifndef DRAW_LEDGER_H
#define DRAW_LEDGER_H

#include <stdbool.h>

#include "draw/canvas.h"
#include "draw/marks.h"

typedef struct kedge_ledger_curve {
    const char *name;
    const double *values; /* [n] NaN where there is none */
    bool is_task;
} kedge_ledger_curve;

typedef struct kedge_ledger_figure {
    const char *title, *subtitle; /* NULL: none */
    const char *caveat;           /* what the subtitle says of the whole, for the words; NULL: nothing */
    int steps;                    /* of the run */
    int n;                        /* records */
    const double *at;             /* [n] their steps, ascending */
    int n_norms, n_cosines;       /* at most KEDGE_SPREAD_MAX of each */
    const kedge_ledger_curve *norms, *cosines;
    int n_phases, n_actions;
    const kedge_stretch *phases;
    const kedge_place *actions;
} kedge_ledger_figure;

/* Draws the figure, whole or not at all; same input, same bytes. Norms stand on a logarithmic axis, cosines below them;
 * without cosines there is one panel. Pale dots are values, lines means of the nearest 2% of a curve's values, at least
 * 9 and at most 999; a line ends where the next value is more than a tenth of the run away, or 12 times as far as
 * it usually is (the median). Norms of 0 are not drawn. KEDGE_EINVALID: no norm above 0; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_ledger(kedge_context *ctx, const kedge_ledger_figure *figure, const kedge_picture *to);

#endif
