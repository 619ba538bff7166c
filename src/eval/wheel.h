/* wheel.h - the colour wheel: the 12 pure hues in the plane of the first two latent dims. METHOD section 8. */
#ifndef EVAL_WHEEL_H
#define EVAL_WHEEL_H

#include <stdbool.h>

#include "data/colour.h"

typedef struct kedge_wheel {
    bool ordered;     /* in cyclic order, either way round */
    double worst_gap; /* largest deviation of a gap between neighbours from 30, in degrees */
    double radius;    /* mean length in the plane */
    double red_cos;   /* z_0 / |z| of pure red; NAN if red lies at the origin */
} kedge_wheel;

/* The 12 pure hues as inputs [KEDGE_NAMED_HUES][3]. */
void kedge_wheel_inputs(float *rgb);
/* From their latents [KEDGE_NAMED_HUES][k], k >= 2. */
kedge_wheel kedge_wheel_of(const float *latents, int k);

#endif
