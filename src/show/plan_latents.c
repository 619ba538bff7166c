/* plan_latents.c - a model's latents as a plan leaves them. */
#include "show/plan_latents.h"

#include <string.h>

#include "base/error.h"
#include "run/recipe_parts.h"
#include "show/cloud.h"

/* What is filled, and from what. */
typedef struct filling {
    kedge_model *model;
    const kedge_plan_options *options;
    const kedge_evaluator *edited;
    kedge_arena *arena;
    int *dims; /* [figure->k] which of the recipe's dims are left */
    int *kept; /* [figure->k] which of the model's */
    kedge_latents_figure *figure;
} filling;

static bool at_bottleneck(const char *site)
{
    return strcmp(site, "bottleneck") == 0 || strcmp(site, "pre-norm") == 0;
}

/* The dims that are shown: the model's, without what the plan prunes. */
static kedge_status find_dims(filling *g)
{
    int k = g->model->options.bottleneck;
    g->dims = kedge_arena_alloc(g->arena, (size_t)k, sizeof *g->dims);
    g->kept = kedge_arena_alloc(g->arena, (size_t)k, sizeof *g->kept);
    if (!g->dims || !g->kept) return kedge_fail_memory("a figure");
    for (int i = 0; i < k; i++) g->kept[i] = i;
    for (int j = 0; g->edited && j < g->options->n_steps; j++) {
        const kedge_plan_step *step = &g->options->steps[j];
        if (!step->is_surgery || !kedge_surgery_kinds[step->surgery.kind]->resizes) continue;
        if (!at_bottleneck(step->surgery.site)) continue;
        for (int i = 0; i < step->surgery.dims.n; i++) g->kept[step->surgery.dims.at[i]] = -1;
        int left = 0;
        for (int i = 0; i < k; i++)
            if (g->kept[i] >= 0) g->kept[left++] = g->kept[i];
        k = left;
    }
    for (int i = 0; i < k; i++) g->dims[i] = g->model->dims[g->kept[i]];
    g->figure->k = k;
    return KEDGE_OK;
}

/* The latents as the plan leaves them, and before, in the dims that it leaves. */
static kedge_status put_latents(filling *g)
{
    const float *inputs, *latents, *outputs;
    g->figure->n = kedge_model_points(g->model, &inputs, &latents, &outputs);
    g->figure->latents = latents;
    if (!g->edited) return KEDGE_OK;
    size_t n = (size_t)g->figure->n, k = (size_t)g->figure->k, all = (size_t)g->model->options.bottleneck;
    float *before = kedge_arena_alloc(g->arena, n, k * sizeof *before);
    if (!before) return kedge_fail_memory("a figure");
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < k; d++) before[i * k + d] = latents[i * all + (size_t)g->kept[d]];
    g->figure->latents = g->edited->latents;
    g->figure->before = before;
    return KEDGE_OK;
}

/* The cones of the plan's edits that have a direction and an angle to begin at. */
static kedge_status find_cones(filling *g)
{
    size_t k = (size_t)g->figure->k, n = g->options ? (size_t)g->options->n_steps : 0;
    kedge_cone *cones = kedge_arena_alloc(g->arena, n, sizeof *cones);
    if (!cones) return kedge_fail_memory("a figure");
    for (size_t i = 0; i < n; i++) {
        const kedge_plan_step *step = &g->options->steps[i];
        if (step->is_surgery || !at_bottleneck(step->edit.site)) continue;
        if (!kedge_variant_has(&kedge_edit_kinds[step->edit.kind]->variant, "from")) continue;
        if ((size_t)step->edit.direction.n != k) continue; /* it acts on the dims that a prune will leave */
        float *axis = kedge_arena_alloc(g->arena, k, sizeof *axis);
        if (!axis) return kedge_fail_memory("a figure");
        for (size_t d = 0; d < k; d++) axis[d] = (float)step->edit.direction.at[d];
        cones[g->figure->n_cones++] =
            (kedge_cone){.label = g->options->name, .axis = axis, .angle = step->edit.from};
    }
    g->figure->cones = cones;
    return KEDGE_OK;
}

kedge_status kedge_plan_latents(kedge_latents_figure *figure, kedge_model *model, const kedge_plan_options *options,
                                const kedge_evaluator *edited, kedge_arena *arena)
{
    filling g = {.model = model, .options = options, .edited = edited, .arena = arena, .figure = figure};
    kedge_cloud cloud;
    *figure = (kedge_latents_figure){.unit_circle = true};
    kedge_status status = find_dims(&g);
    if (!status) status = put_latents(&g);
    if (!status) status = kedge_cloud_init(&cloud, arena, model->recipe, figure->k, g.dims);
    if (status) return status;
    figure->rgb = cloud.rgb;
    figure->shade = cloud.shade, figure->shade_label = cloud.shade_label;
    figure->shade_from = cloud.shade_from, figure->shade_to = cloud.shade_to;
    figure->n_anchors = cloud.n_anchors, figure->anchors = cloud.anchors;
    figure->n_repellers = cloud.n_repellers, figure->repellers = cloud.repellers;
    return find_cones(&g);
}
