/* figure_colours.c - what a model under a plan makes of all colours. */
#include "draw/colours.h"
#include "show/aspects.h"
#include "show/figure.h"
#include "show/slices.h"

static const double saturations[] = {1, 2. / 3, 1. / 3, 0};
enum { SLICES = sizeof saturations / sizeof *saturations };

static kedge_status draw_aspects(const kedge_aspects *aspects, kedge_show *show, const kedge_picture *to)
{
    kedge_arena *arena = &show->arena;
    bool several = aspects->n > 1;
    kedge_colours_slice *slices = kedge_arena_alloc(arena, (size_t)(aspects->n * SLICES), sizeof *slices);
    if (!slices) return kedge_fail_memory("a figure");
    for (int i = 0; i < aspects->n * SLICES; i++) {
        kedge_status status =
            kedge_show_slice(&slices[i], &aspects->list[i / SLICES], saturations[i % SLICES], several, arena);
        if (status) return status;
    }
    const char *seed = kedge_show_seed_text(show);
    kedge_colours_figure figure = {
        .title = kedge_show_title(show, "colours"), .n = aspects->n * SLICES, .slices = slices,
        .rows = several ? SLICES : 1,
        .subtitle = several ? seed : seed ? kedge_arena_format(arena, "%s, %s", seed, aspects->list[0].name) : NULL,
    };
    if (!figure.subtitle) return kedge_fail_memory("a figure");
    return kedge_draw_colours(show->ctx, &figure, to);
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_aspects aspects;
    kedge_status status = kedge_aspects_init(&aspects, show, "colours", KEDGE_ASPECTS_ONE);
    if (status) return status;
    status = draw_aspects(&aspects, show, to);
    kedge_aspects_release(&aspects);
    return status;
}

const kedge_figure kedge_figure_colours = {
    .info = {.name = "colours",
             .summary = "what comes out of a plan for hues, values and saturations, beside what went in",
             .input = KEDGE_FIGURE_MODEL},
    .draw = draw,
};
