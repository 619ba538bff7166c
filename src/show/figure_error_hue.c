/* figure_error_hue.c - errors of a model and of its plans by hue. */
#include "show/errors.h"
#include "show/figure.h"

static kedge_status draw_aspects(kedge_aspects *aspects, kedge_show *show, kedge_text *words, const kedge_picture *to)
{
    kedge_arena *arena = &show->arena;
    kedge_scatter_panel *panels = kedge_arena_alloc(arena, (size_t)aspects->n, sizeof *panels);
    const char *seed = kedge_show_seed_text(show);
    if (!panels || !seed) return kedge_fail_memory("a figure");
    kedge_text_addf(words, "%s. Errors by hue, a point for each colour of the recipe's data that has one, a curve for "
                    "the pure hues, in %d panels.", seed, aspects->n);
    for (int i = 0; i < aspects->n; i++) {
        kedge_status status = kedge_show_error_hue(&panels[i], aspects, i, arena);
        if (status) return status;
        kedge_show_score_words(words, aspects, i);
        kedge_show_error_hue_words(words, &panels[i]);
    }
    kedge_status status = kedge_text_status(words, "a figure's description");
    if (status) return status;
    kedge_scatter_figure figure = {
        .title = kedge_show_title(show, "errors by hue"), .subtitle = seed, .description = kedge_text_string(words),
        .note = "E: mean squared error over channels. Points have the colours that went in.", .x = "hue (degrees)",
        .y = "E", .names = {[KEDGE_CURVE_MAIN] = "pure hues: saturation and value 1"}, .degrees = true,
        .x_min = KEDGE_SHOW_HUE_MIN, .x_max = KEDGE_SHOW_HUE_MAX, .n = aspects->n, .panels = panels,
    };
    return kedge_draw_scatter(show->ctx, &figure, to);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    return kedge_aspects_draw(show, "error-hue", KEDGE_ASPECTS_ALL, draw_aspects, to);
}

const kedge_figure kedge_figure_error_hue = {
    .info = {.name = "error-hue", .summary = "errors by hue, of the model as it is and under each plan",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
