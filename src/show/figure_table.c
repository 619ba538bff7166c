/* figure_table.c - the named colours under plans, as a picture or as text. */
#include "draw/colour_table.h"
#include "show/aspects.h"
#include "show/figure.h"
#include "show/table_text.h"

enum { N = KEDGE_NAMED_COLOURS };

static kedge_status make_column(kedge_colour_column *column, const kedge_aspects *aspects, int i, const float *truth,
                                kedge_arena *arena)
{
    float *shown = kedge_arena_alloc(arena, 3 * N, sizeof *shown);
    double *errors = kedge_arena_alloc(arena, N, sizeof *errors);
    if (!shown || !errors) return kedge_fail_memory("a table");
    for (int r = 0; r < N; r++)
        errors[r] = kedge_evaluation_colour_error(aspects->evaluation, aspects->list[i].plan, r);
    *column = (kedge_colour_column){.name = aspects->list[i].name, .shown = shown, .errors = errors};
    return kedge_aspect_show(&aspects->list[i], N, truth, shown);
}

static kedge_status make_table(kedge_colour_table *table, kedge_aspects *aspects, kedge_show *show)
{
    kedge_arena *arena = &show->arena;
    const kedge_evaluation *evaluation = NULL;
    const char **names = kedge_arena_alloc(arena, N, sizeof *names);
    float *truth = kedge_arena_alloc(arena, 3 * N, sizeof *truth);
    kedge_colour_column *columns = kedge_arena_alloc(arena, (size_t)aspects->n, sizeof *columns);
    const char *seed = kedge_show_seed_text(show);
    if (!names || !truth || !columns || !seed) return kedge_fail_memory("a table");
    kedge_status status = kedge_aspects_evaluation(aspects, &evaluation);
    for (int r = 0; !status && r < N; r++) {
        double rgb[3];
        kedge_evaluation_colour(evaluation, r, &names[r], rgb);
        for (int c = 0; c < 3; c++) truth[3 * r + c] = (float)rgb[c];
    }
    for (int i = 0; !status && i < aspects->n; i++) status = make_column(&columns[i], aspects, i, truth, arena);
    *table = (kedge_colour_table){.title = kedge_show_title(show, "named colours"), .subtitle = seed, .rows = N,
                                  .columns = aspects->n, .names = names, .truth = truth, .column = columns};
    return status;
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_aspects aspects;
    kedge_colour_table table;
    kedge_status status = kedge_aspects_init(&aspects, show, "table", KEDGE_ASPECTS_ALL);
    if (status) return status;
    status = make_table(&table, &aspects, show);
    if (!status) status = kedge_colour_table_check(&table, to->path);
    if (!status)
        status = kedge_table_is_text(to->path) ? kedge_table_write(show->ctx, &table, to)
                                               : kedge_draw_colour_table(show->ctx, &table, to);
    kedge_aspects_release(&aspects);
    return status;
}

static const char *const suffixes[] = {".png", ".svg", ".pdf", ".md", ".csv", ".tex", NULL};

const kedge_figure kedge_figure_table = {
    .info = {.name = "table", .summary = "errors of the named colours under each plan",
             .input = KEDGE_FIGURE_MODEL, .suffixes = suffixes},
    .draw = draw,
};
