/* power_fit.h - errors as a power of what they should depend on. */
#ifndef SHOW_POWER_FIT_H
#define SHOW_POWER_FIT_H

#include "base/arena.h"
#include "data/dataset.h"
#include "eval/target.h"

/* y = offset + slope x^power, by least squares in offset and slope. */
typedef struct kedge_power_fit {
    double power, offset, slope;
    double r2; /* of the fit: the squared correlation of y with x^power; 0 where either is the same everywhere */
} kedge_power_fit;

/* For n >= 2 points with x >= 0 and this power. 'work' [n]. */
kedge_power_fit kedge_power_fit_at(int n, const double *x, const double *y, double power, double *work);
/* With the power in [0.1, 20] whose r2 is largest, to 0.001. */
kedge_power_fit kedge_power_fit_best(int n, const double *x, const double *y, double *work);

/* A target without its power: of "similarity(red)^2" similarity(red), and 2; of "vibrancy^2.3" vibrancy, and 2.3. What
 * is neither a similarity nor a column is its own base, with power 1. */
typedef struct kedge_power_base {
    const char *formula;
    const double *values; /* [points] */
    double power;
    bool compound;        /* the formula is neither one name nor one call: as a factor it takes brackets */
    double least, most;   /* of the values */
} kedge_power_base;

/* In the arena. KEDGE_ENOMEM. */
kedge_status kedge_power_base_of(kedge_power_base *base, const kedge_target *target, const kedge_dataset *dataset,
                                 kedge_arena *arena);

#endif
