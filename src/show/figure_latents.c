/* figure_latents.c - the latent space of a model, as it is or as a plan leaves it. */
#include <string.h>

#include "base/error.h"
#include "draw/latents.h"
#include "run/recipe_parts.h"
#include "show/figure.h"
#include "show/plan_latents.h"

/* What is drawn, while it is gathered. */
typedef struct gathering {
    kedge_show *show;
    kedge_model *model;
    const kedge_plan_options *options; /* of the plan shown; NULL: none */
    kedge_plan *plan;                  /* has run; NULL where latents are those of the model */
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

static kedge_status edit(gathering *g)
{
    kedge_model *model = g->model;
    kedge_status status = kedge_plan_create(&g->plan, g->show->ctx, g->options, &model->options, &model->params,
                                            model->recipe->dataset);
    return status ? status : kedge_plan_run(g->plan);
}

static kedge_status gather(gathering *g)
{
    kedge_status status = kedge_show_model(g->show, &g->model);
    if (!status) status = choose_plan(g);
    if (!status && g->show->options->edited) status = edit(g);
    if (!status)
        status = kedge_plan_latents(&g->figure, g->model, g->options, g->plan ? kedge_plan_evaluator(g->plan) : NULL,
                                    &g->show->arena);
    if (status) return status;
    g->figure.n_pairs = g->show->options->n_pairs, g->figure.pairs = g->show->options->pairs;
    return find_words(g);
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
    .info = {.name = "latents", .summary = "the latent space along pairs of axes, with anchors and where a plan acts",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
