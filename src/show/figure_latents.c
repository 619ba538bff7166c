/* figure_latents.c - the latent space of a model, as it is or as a plan leaves it. */
#include <string.h>

#include "base/error.h"
#include "draw/latents.h"
#include "run/recipe_parts.h"
#include "show/cloud.h"
#include "show/figure.h"

/* What is drawn, while it is gathered. */
typedef struct gathering {
    kedge_show *show;
    kedge_model *model;
    const kedge_plan_options *options; /* of the plan shown; NULL: none */
    kedge_plan *plan;                  /* has run; NULL where latents are those of the model */
    int *dims;                         /* [figure.k] which of the recipe's dims are left */
    int *kept;                         /* [figure.k] which of the model's */
    kedge_latents_figure figure;
} gathering;

/* The plan that the user names, else the one that is scored. */
static kedge_status choose_plan(gathering *g)
{
    const kedge_recipe *recipe = g->model->recipe;
    const kedge_draw_options *options = g->show->options;
    if (options->n_plans > 1)
        return kedge_fail(KEDGE_EINVALID, "figure 'latents' shows one plan, not %d; draw it once for each",
                          options->n_plans);
    const char *name = options->n_plans > 0 ? options->plans[0] : recipe->score.plan;
    bool baseline = name && strcmp(name, "baseline") == 0;
    for (int i = 0; name && i < recipe->n_plans; i++)
        if (strcmp(recipe->plans[i].name, name) == 0) g->options = &recipe->plans[i];
    if (name && !g->options && !baseline) {
        const char *names[KEDGE_RECIPE_PLANS];
        for (int i = 0; i < recipe->n_plans; i++) names[i] = recipe->plans[i].name;
        const char *nearest = kedge_nearest(name, names, recipe->n_plans);
        return kedge_fail(KEDGE_EINVALID, "%s: unknown plan '%s'%s%s%s", recipe->file, name,
                          nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    }
    if (!options->edited || g->options) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "%s: which plan edits the latents must be said; %s", recipe->file,
                      recipe->n_plans > 0 ? "name one of its plans" : "its recipe has none");
}

static bool at_bottleneck(const char *site)
{
    return strcmp(site, "bottleneck") == 0 || strcmp(site, "pre-norm") == 0;
}

/* The dims that the figure shows: the model's, without what the plan prunes. */
static kedge_status find_dims(gathering *g)
{
    int k = g->model->options.bottleneck;
    g->dims = kedge_arena_alloc(&g->show->arena, (size_t)k, sizeof *g->dims);
    g->kept = kedge_arena_alloc(&g->show->arena, (size_t)k, sizeof *g->kept);
    if (!g->dims || !g->kept) return kedge_fail_memory("a figure");
    for (int i = 0; i < k; i++) g->kept[i] = i;
    for (int j = 0; g->plan && j < g->options->n_steps; j++) {
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
    g->figure.k = k;
    return KEDGE_OK;
}

/* The latents as the plan leaves them, and before, in the dims that it leaves. */
static kedge_status edit(gathering *g, const float *latents)
{
    kedge_model *model = g->model;
    kedge_arena *arena = &g->show->arena;
    kedge_status status = kedge_plan_create(&g->plan, g->show->ctx, g->options, &model->options, &model->params,
                                            model->recipe->dataset);
    if (!status) status = kedge_plan_run(g->plan);
    if (!status) status = find_dims(g);
    if (status) return status;
    size_t n = (size_t)g->figure.n, k = (size_t)g->figure.k, all = (size_t)model->options.bottleneck;
    float *before = kedge_arena_alloc(arena, n, k * sizeof *before);
    if (!before) return kedge_fail_memory("a figure");
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < k; d++) before[i * k + d] = latents[i * all + (size_t)g->kept[d]];
    g->figure.latents = kedge_plan_evaluator(g->plan)->latents;
    g->figure.before = before;
    return KEDGE_OK;
}

/* The cones of the plan's edits that have a direction and an angle to begin at. */
static kedge_status find_cones(gathering *g)
{
    kedge_arena *arena = &g->show->arena;
    size_t k = (size_t)g->figure.k, n = g->options ? (size_t)g->options->n_steps : 0;
    kedge_cone *cones = kedge_arena_alloc(arena, n, sizeof *cones);
    if (!cones) return kedge_fail_memory("a figure");
    for (size_t i = 0; i < n; i++) {
        const kedge_plan_step *step = &g->options->steps[i];
        if (step->is_surgery || !at_bottleneck(step->edit.site)) continue;
        if (!kedge_variant_has(&kedge_edit_kinds[step->edit.kind]->variant, "from")) continue;
        if ((size_t)step->edit.direction.n != k) continue; /* it acts on the dims that a prune will leave */
        float *axis = kedge_arena_alloc(arena, k, sizeof *axis);
        if (!axis) return kedge_fail_memory("a figure");
        for (size_t d = 0; d < k; d++) axis[d] = (float)step->edit.direction.at[d];
        cones[g->figure.n_cones++] =
            (kedge_cone){.label = g->options->name, .axis = axis, .angle = step->edit.from};
    }
    g->figure.cones = cones;
    return KEDGE_OK;
}

static kedge_status find_words(gathering *g)
{
    const char *seed = kedge_show_seed_text(g->show);
    g->figure.title = kedge_show_title(g->show, "latent space");
    if (!seed) return kedge_fail_memory("a figure");
    g->figure.subtitle = g->plan ? kedge_arena_format(&g->show->arena, "%s, %d points, as '%s' leaves them", seed,
                                                      g->figure.n, g->options->name)
                                 : kedge_arena_format(&g->show->arena, "%s, %d points", seed, g->figure.n);
    return g->figure.subtitle ? KEDGE_OK : kedge_fail_memory("a figure");
}

static kedge_status gather(gathering *g)
{
    const float *inputs, *latents, *outputs;
    kedge_cloud cloud;
    kedge_status status = kedge_show_model(g->show, &g->model);
    if (!status) status = choose_plan(g);
    if (status) return status;
    g->figure.n = kedge_model_points(g->model, &inputs, &latents, &outputs);
    g->figure.latents = latents;
    status = g->show->options->edited ? edit(g, latents) : find_dims(g);
    if (!status) status = kedge_cloud_init(&cloud, &g->show->arena, g->model->recipe, g->figure.k, g->dims);
    if (status) return status;
    g->figure.rgb = cloud.rgb;
    g->figure.shade = cloud.shade, g->figure.shade_label = cloud.shade_label;
    g->figure.shade_from = cloud.shade_from, g->figure.shade_to = cloud.shade_to;
    g->figure.n_anchors = cloud.n_anchors, g->figure.anchors = cloud.anchors;
    g->figure.n_repellers = cloud.n_repellers, g->figure.repellers = cloud.repellers;
    g->figure.n_pairs = g->show->options->n_pairs, g->figure.pairs = g->show->options->pairs;
    g->figure.unit_circle = true;
    status = find_cones(g);
    return status ? status : find_words(g);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    gathering g = {.show = show};
    kedge_status status = gather(&g);
    if (!status) status = kedge_draw_latents(show->ctx, &g.figure, to);
    kedge_plan_free(g.plan);
    return status;
}

const kedge_figure kedge_figure_latents = {
    .info = {"latents", "the latent space along pairs of axes, with anchors and where a plan acts", KEDGE_FIGURE_MODEL},
    .draw = draw,
};
