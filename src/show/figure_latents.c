/* figure_latents.c - the latent space of a model. */
#include "draw/latents.h"
#include "show/cloud.h"
#include "show/figure.h"

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_model *model = NULL;
    kedge_cloud cloud;
    const float *inputs, *latents, *outputs;
    kedge_status status = kedge_show_model(show, &model);
    if (!status)
        status = kedge_cloud_init(&cloud, &show->arena, model->recipe, kedge_model_latents(model), model->dims);
    if (status) return status;
    kedge_latents_figure figure = {
        .title = kedge_show_title(show, "latent space"),
        .n = kedge_model_points(model, &inputs, &latents, &outputs),
        .k = kedge_model_latents(model),
        .n_pairs = show->options->n_pairs,
        .pairs = show->options->pairs,
        .unit_circle = true,
        .rgb = cloud.rgb,
        .shade = cloud.shade,
        .shade_label = cloud.shade_label,
        .shade_from = cloud.shade_from,
        .shade_to = cloud.shade_to,
        .n_anchors = cloud.n_anchors,
        .anchors = cloud.anchors,
    };
    figure.latents = latents;
    const char *seed = kedge_show_seed_text(show);
    figure.subtitle = seed ? kedge_arena_format(&show->arena, "%s, %d points", seed, figure.n) : NULL;
    if (!figure.subtitle) return kedge_fail_memory("a figure");
    return kedge_draw_latents(show->ctx, &figure, to);
}

const kedge_figure kedge_figure_latents = {
    .info = {"latents", "the latent space along pairs of axes, with the anchors", KEDGE_FIGURE_MODEL},
    .draw = draw,
};
