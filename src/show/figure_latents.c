/* figure_latents.c - the latent space of a model. */
#include <math.h>
#include <string.h>

#include "draw/latents.h"
#include "show/figure.h"

/* A place of the recipe's in the dims that are left, which are in order; false if it needs one that is gone. */
static bool place(const kedge_model *model, const kedge_reals *from, float *at)
{
    int k = 0;
    for (int j = 0; j < from->n; j++) {
        bool left = k < model->options.bottleneck && model->dims[k] == j;
        if (left) at[k++] = (float)from->at[j];
        else if (from->at[j] != 0) return false;
    }
    return true;
}

/* The places that the recipe's anchor terms name at the bottleneck, as far as surgery left their dims. */
static kedge_status find_anchors(const kedge_model *model, kedge_arena *arena, kedge_latents_anchor **out, int *n)
{
    const kedge_recipe *recipe = model->recipe;
    kedge_latents_anchor *anchors = kedge_arena_alloc(arena, (size_t)recipe->n_terms, sizeof *anchors);
    if (!anchors) return kedge_fail_memory("a figure");
    *n = 0;
    for (int i = 0; i < recipe->n_terms; i++) {
        const kedge_term_options *term = &recipe->terms[i];
        bool here = strcmp(term->site, "bottleneck") == 0 || strcmp(term->site, "pre-norm") == 0;
        if (strcmp(kedge_term_kinds[term->kind]->variant.name, "anchor") != 0 || !here) continue;
        float *at = kedge_arena_alloc(arena, (size_t)model->options.bottleneck, sizeof *at);
        if (!at) return kedge_fail_memory("a figure");
        if (!place(model, &term->at, at)) continue;
        anchors[(*n)++] =
            (kedge_latents_anchor){.label = term->labels.n ? term->labels.names[0] : term->name, .at = at};
    }
    *out = anchors;
    return KEDGE_OK;
}

/* For data that is no colour: the first label's rate, over its range. */
static kedge_status shade(const kedge_recipe *recipe, kedge_arena *arena, kedge_latents_figure *figure)
{
    if (recipe->n_labels == 0) return KEDGE_OK;
    float *shades = kedge_arena_alloc(arena, (size_t)figure->n, sizeof *shades);
    if (!shades) return kedge_fail_memory("a figure");
    const double *rate = recipe->label_values[0].rate;
    double low = rate[0], high = rate[0];
    for (int i = 0; i < figure->n; i++) low = fmin(low, rate[i]), high = fmax(high, rate[i]);
    for (int i = 0; i < figure->n; i++) shades[i] = high > low ? (float)((rate[i] - low) / (high - low)) : 0;
    figure->shade = shades;
    figure->shade_from = low;
    figure->shade_to = high;
    figure->shade_label = kedge_arena_format(arena, "rate of label '%s'", recipe->labels[0].name);
    return figure->shade_label ? KEDGE_OK : kedge_fail_memory("a figure");
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_model *model = NULL;
    kedge_status status = kedge_show_model(show, &model);
    if (status) return status;
    const float *inputs, *latents, *outputs;
    kedge_latents_anchor *anchors = NULL;
    kedge_latents_figure figure = {
        .title = kedge_show_title(show, "latent space"),
        .n = kedge_model_points(model, &inputs, &latents, &outputs),
        .k = kedge_model_latents(model),
        .n_pairs = show->options->n_pairs,
        .pairs = show->options->pairs,
        .unit_circle = true,
    };
    figure.latents = latents;
    const char *seed = kedge_show_seed_text(show);
    figure.subtitle = seed ? kedge_arena_format(&show->arena, "%s, %d points", seed, figure.n) : NULL;
    if (!figure.subtitle) return kedge_fail_memory("a figure");
    status = find_anchors(model, &show->arena, &anchors, &figure.n_anchors);
    if (status) return status;
    figure.anchors = anchors;
    if (model->recipe->dataset->is_colour) figure.rgb = inputs;
    else status = shade(model->recipe, &show->arena, &figure);
    return status ? status : kedge_draw_latents(show->ctx, &figure, to);
}

const kedge_figure kedge_figure_latents = {
    .info = {"latents", "the latent space along pairs of axes, with the anchors", KEDGE_FIGURE_MODEL},
    .draw = draw,
};
