/* target.h - what damage is compared with. */
#ifndef EVAL_TARGET_H
#define EVAL_TARGET_H

#include <stdbool.h>

#include "data/colour.h"

/* What a plan's damage is compared with: how much of the concept a point carries. */
typedef struct kedge_target {
    const char *formula;   /* as written */
    const double *values;  /* [points] of the recipe's data */
    bool has_colour;       /* the formula is similarity(colour)^power, for any power */
    kedge_hsv colour;
} kedge_target;

#endif
