/* lr_find.h - the figure of a learning-rate range test: loss against learning rate. */
#ifndef DRAW_LR_FIND_H
#define DRAW_LR_FIND_H

#include "draw/canvas.h"

/* A learning rate that stands out. */
typedef struct kedge_lr_find_mark {
    const char *name, *doc;
    double at, low, high; /* its median and range over seeds; NaN: none */
} kedge_lr_find_mark;

typedef struct kedge_lr_find_figure {
    const char *title, *subtitle; /* NULL: none */
    int steps;
    const double *rates;         /* [steps] ascending, above 0 */
    int n_seeds;
    const double *const *curves; /* [n_seeds][steps]; NaN: no value */
    const double *median;        /* [steps] */
    int n_marks;
    const kedge_lr_find_mark *marks;
    double own;                  /* the recipe's learning rate; 0: not shown */
} kedge_lr_find_figure;

/* Draws the figure, whole or not at all; same input, same bytes. Both axes are logarithmic; where curves rise to more
 * than a few times what they begin with they leave the panel. KEDGE_EINVALID: no curve, less than two learning
 * rates, or nothing positive in the median; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_lr_find(kedge_context *ctx, const kedge_lr_find_figure *figure, const kedge_picture *to);

#endif
