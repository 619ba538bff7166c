/* figure_stacked.c - plans side by side, each from three sides: latents, colours, errors. */
#include "draw/stacked.h"
#include "show/errors.h"
#include "show/figure.h"
#include "show/plan_latents.h"
#include "show/slices.h"

/* The columns while they are gathered. */
typedef struct gathering {
    kedge_aspects *aspects;
    kedge_arena *arena;
    kedge_stacked_column *columns;
    kedge_latents_figure *latents;
    kedge_colours_slice *slices;
    kedge_scatter_panel *errors;
} gathering;

static kedge_status allocate(gathering *g)
{
    size_t n = (size_t)g->aspects->n;
    g->columns = kedge_arena_alloc(g->arena, n, sizeof *g->columns);
    g->latents = kedge_arena_alloc(g->arena, n, sizeof *g->latents);
    g->slices = kedge_arena_alloc(g->arena, n, sizeof *g->slices);
    g->errors = kedge_arena_alloc(g->arena, n, sizeof *g->errors);
    return g->columns && g->latents && g->slices && g->errors ? KEDGE_OK : kedge_fail_memory("a figure");
}

static kedge_status gather(gathering *g, int i, kedge_text *words)
{
    const kedge_aspect *aspect = &g->aspects->list[i];
    kedge_status status = kedge_plan_latents(&g->latents[i], g->aspects->model, aspect->options,
                                             aspect->own ? aspect->evaluator : NULL, g->arena);
    if (!status) status = kedge_show_slice(&g->slices[i], aspect, 1, false, g->arena);
    if (!status) status = kedge_show_error_hue(&g->errors[i], g->aspects, i, g->arena);
    if (status) return status;
    g->columns[i] = (kedge_stacked_column){.name = aspect->name, .aside = g->errors[i].asides[0],
                                           .latents = &g->latents[i], .slice = &g->slices[i]};
    kedge_colours_error error = kedge_colours_error_of(&g->slices[i]);
    kedge_show_score_words(words, g->aspects, i);
    kedge_text_add_real(words, " At saturation 1 the mean error is %.4f.", error.mean);
    kedge_show_error_hue_words(words, &g->errors[i]);
    return KEDGE_OK;
}

static kedge_status draw_aspects(gathering *g, kedge_show *show, kedge_text *words, const kedge_picture *to)
{
    const char *seed = kedge_show_seed_text(show);
    const kedge_draw_options *options = show->options;
    if (!seed) return kedge_fail_memory("a figure");
    kedge_stacked_figure figure = {.title = kedge_show_title(show, "plans"), .subtitle = seed, .n = g->aspects->n,
                                   .pair = {options->n_pairs ? options->pairs[0][0] : 0,
                                            options->n_pairs ? options->pairs[0][1] : 1}};
    kedge_text_addf(words, "%s. The model as it is and under plans, a column for each: latents along z%d and z%d, "
                    "colours of saturation 1 as they come out, errors by hue.", seed, figure.pair[0], figure.pair[1]);
    kedge_status status = allocate(g);
    for (int i = 0; !status && i < g->aspects->n; i++) status = gather(g, i, words);
    if (!status) status = kedge_text_status(words, "a figure's description");
    if (status) return status;
    kedge_scatter_figure errors = {
        .x = "hue (degrees)", .y = "E", .names = {[KEDGE_CURVE_MAIN] = "pure hues: saturation and value 1"},
        .degrees = true, .x_min = KEDGE_SHOW_HUE_MIN, .x_max = KEDGE_SHOW_HUE_MAX, .n = g->aspects->n,
        .panels = g->errors,
    };
    figure.description = kedge_text_string(words);
    figure.columns = g->columns;
    figure.errors = &errors;
    figure.note = "Latents as the plan leaves them; lines lead from where they were, the shade is where it acts. Large "
                  "patches are what comes out, small ones what went in. E: mean squared error over channels.";
    return kedge_draw_stacked(show->ctx, &figure, to);
}

static kedge_status check(const kedge_show *show)
{
    if (show->options->n_pairs <= 1) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "figure 'stacked' shows one pair of dims, not %d", show->options->n_pairs);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_aspects aspects;
    kedge_text words;
    kedge_status status = check(show);
    if (!status) status = kedge_aspects_init(&aspects, show, "stacked", KEDGE_ASPECTS_ALL);
    if (status) return status;
    gathering g = {.aspects = &aspects, .arena = &show->arena};
    kedge_text_init(&words, show->ctx);
    status = draw_aspects(&g, show, &words, to);
    kedge_text_release(&words);
    kedge_aspects_release(&aspects);
    return status;
}

const kedge_figure kedge_figure_stacked = {
    .info = {.name = "stacked", .summary = "plans side by side, each with its latents, colours and errors",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
