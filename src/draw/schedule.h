/* schedule.h - the figure of a schedule: weights, label rates, sets and the learning rate over the steps of a run. */
#ifndef DRAW_SCHEDULE_H
#define DRAW_SCHEDULE_H

#include <stdbool.h>

#include "draw/canvas.h"
#include "draw/marks.h"

typedef enum kedge_curve_kind {
    KEDGE_CURVE_WEIGHT,     /* of a term, or any other column */
    KEDGE_CURVE_LABEL_RATE, /* a factor of how often a label is drawn */
    KEDGE_CURVE_SET_FACTOR, /* a factor of how often the points of a set are drawn, or how much they count */
    KEDGE_CURVE_LEARNING_RATE,
    KEDGE_CURVE_KINDS
} kedge_curve_kind;

typedef struct kedge_schedule_curve {
    const char *name;
    kedge_curve_kind kind;
    const double *values; /* [n] of the figure, at its steps */
    int n_keys;           /* keyframes, drawn as dots */
    const double *key_at, *key_values; /* [n_keys] steps, ascending; values */
} kedge_schedule_curve;

typedef struct kedge_schedule_figure {
    const char *title, *subtitle; /* NULL: none */
    int steps;                    /* of a run: the x axis */
    int n;
    const double *at;             /* [n] steps at which values are known, ascending */
    int n_curves;
    const kedge_schedule_curve *curves;
    int n_phases, n_actions;
    const kedge_stretch *phases;
    const kedge_place *actions;
} kedge_schedule_figure;

/* Draws the figure, whole or not at all; same input, same bytes. Weights come first, in up to three panels where some
 * are less than an eighth of others, so that none lies flat on the axis; then label rates; then factors of sets; then
 * the learning rate, with a logarithmic axis where it spans more than a decade for more than 2% of the steps.
 * KEDGE_EINVALID: no curve, no step; KEDGE_ENUMERIC: a value that is not finite, with its step; KEDGE_EIO,
 * KEDGE_ENOMEM. */
kedge_status kedge_draw_schedule(kedge_context *ctx, const kedge_schedule_figure *figure, const kedge_picture *to);

#endif
