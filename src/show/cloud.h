/* cloud.h - the points of a recipe's data as pictures show them, and the places that its terms name among them. */
#ifndef SHOW_CLOUD_H
#define SHOW_CLOUD_H

#include "draw/latents.h"
#include "run/recipe.h"

/* All in the arena that it was made in. */
typedef struct kedge_cloud {
    int n;                       /* points */
    const float *rgb;            /* [n][3] their own colours; NULL: they are none */
    const float *shade;          /* [n] for data that are no colours: the first label's rate, over its range; or NULL */
    const char *shade_label;     /* what the shade is */
    double shade_from, shade_to; /* the rates that shades 0 and 1 stand for */
    int n_anchors;
    const kedge_latents_anchor *anchors; /* that anchor terms name at the bottleneck, with their labels */
    int n_repellers;
    const kedge_latents_anchor *repellers; /* that anti-anchor terms name there, with the terms' names */
} kedge_cloud;

/* 'dims' [k]: which of the recipe's latent dims are left, ascending; NULL: all. Places that need another are left out.
 * KEDGE_ENOMEM. */
kedge_status kedge_cloud_init(kedge_cloud *cloud, kedge_arena *arena, const kedge_recipe *recipe, int k,
                              const int *dims);

#endif
