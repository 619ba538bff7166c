/* cloud.c - the points of a recipe's data as pictures show them. */
#include "show/cloud.h"

#include <math.h>
#include <string.h>

/* A place of the recipe's in the dims that are left; false if it needs one that is gone. */
static bool place(const kedge_reals *from, int k, const int *dims, float *at)
{
    int left = 0;
    for (int j = 0; j < from->n; j++) {
        if (left < k && (dims ? dims[left] : left) == j) at[left++] = (float)from->at[j];
        else if (from->at[j] != 0) return false;
    }
    return true;
}

/* The places that terms of a kind name. */
static kedge_status find_places(const kedge_latents_anchor **out, int *n, kedge_arena *arena,
                                const kedge_recipe *recipe, const kedge_term_kind *kind, int k, const int *dims)
{
    kedge_latents_anchor *places = kedge_arena_alloc(arena, (size_t)recipe->n_terms, sizeof *places);
    if (!places) return kedge_fail_memory("a figure");
    for (int i = 0; i < recipe->n_terms; i++) {
        const kedge_term_options *term = &recipe->terms[i];
        bool here = strcmp(term->site, "bottleneck") == 0 || strcmp(term->site, "pre-norm") == 0;
        if (kedge_term_kinds[term->kind] != kind || !here) continue;
        float *at = kedge_arena_alloc(arena, (size_t)k, sizeof *at);
        if (!at) return kedge_fail_memory("a figure");
        if (!place(&term->at, k, dims, at)) continue;
        const char *label = term->labels.n && kind == &kedge_term_anchor ? term->labels.names[0] : term->name;
        places[(*n)++] = (kedge_latents_anchor){.label = label, .at = at};
    }
    *out = places;
    return KEDGE_OK;
}

static kedge_status find_colours(kedge_cloud *cloud, kedge_arena *arena, const kedge_dataset *dataset)
{
    float *rgb = kedge_arena_alloc(arena, (size_t)cloud->n, 3 * sizeof *rgb);
    if (!rgb) return kedge_fail_memory("a figure");
    for (int i = 0; i < cloud->n; i++)
        for (int c = 0; c < 3; c++) rgb[3 * (size_t)i + (size_t)c] = dataset->features[c][i];
    cloud->rgb = rgb;
    return KEDGE_OK;
}

static kedge_status find_shades(kedge_cloud *cloud, kedge_arena *arena, const kedge_recipe *recipe)
{
    float *shades = kedge_arena_alloc(arena, (size_t)cloud->n, sizeof *shades);
    if (!shades) return kedge_fail_memory("a figure");
    const double *rate = recipe->label_values[0].rate;
    double low = rate[0], high = rate[0];
    for (int i = 0; i < cloud->n; i++) low = fmin(low, rate[i]), high = fmax(high, rate[i]);
    for (int i = 0; i < cloud->n; i++) shades[i] = high > low ? (float)((rate[i] - low) / (high - low)) : 0;
    cloud->shade = shades;
    cloud->shade_from = low;
    cloud->shade_to = high;
    cloud->shade_label = kedge_arena_format(arena, "rate of label '%s'", recipe->labels[0].name);
    return cloud->shade_label ? KEDGE_OK : kedge_fail_memory("a figure");
}

kedge_status kedge_cloud_init(kedge_cloud *cloud, kedge_arena *arena, const kedge_recipe *recipe, int k,
                              const int *dims)
{
    *cloud = (kedge_cloud){.n = recipe->dataset->points};
    kedge_status status =
        find_places(&cloud->anchors, &cloud->n_anchors, arena, recipe, &kedge_term_anchor, k, dims);
    if (!status)
        status = find_places(&cloud->repellers, &cloud->n_repellers, arena, recipe, &kedge_term_anti_anchor, k, dims);
    if (!status && recipe->dataset->is_colour) status = find_colours(cloud, arena, recipe->dataset);
    else if (!status && recipe->n_labels > 0) status = find_shades(cloud, arena, recipe);
    return status;
}
