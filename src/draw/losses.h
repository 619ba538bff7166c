/* losses.h - the figure of a run's losses: each part over the steps. */
#ifndef DRAW_LOSSES_H
#define DRAW_LOSSES_H

#include <stdbool.h>

#include "draw/canvas.h"
#include "draw/marks.h"

typedef struct kedge_loss_curve {
    const char *name;
    const double *values; /* [steps] NaN where the term was not active */
    bool is_task;         /* drawn heavier and over the others */
    bool is_labelled;     /* a 0 is a batch without a labelled sample: no value */
} kedge_loss_curve;

typedef struct kedge_losses_figure {
    const char *title, *subtitle; /* NULL: none */
    const char *caveat;           /* what the subtitle says of the whole, for the words; NULL: nothing */
    int steps;
    int n_curves;
    const kedge_loss_curve *curves;
    int n_phases, n_actions;
    const kedge_stretch *phases;
    const kedge_place *actions;
} kedge_losses_figure;

/* Draws the figure, whole or not at all; same input, same bytes. The axis of losses is logarithmic. Behind, pale, every
 * value; over it a mean that moves along: of the nearest 2% of the curve's values, at least 9 and at most 999, never
 * across steps at which the term was not active. What has no positive value is not drawn. KEDGE_EINVALID: no
 * curve, no step, nothing positive in any; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_losses(kedge_context *ctx, const kedge_losses_figure *figure, const kedge_picture *to);

#endif
