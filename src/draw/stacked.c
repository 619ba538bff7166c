/* stacked.c - the figure that shows a plan from three sides, in one column: latents, colours, errors. */
#include "draw/stacked.h"

#include <math.h>

#include "base/error.h"
#include "draw/colours_panel.h"
#include "draw/latents_sheet.h"
#include "draw/scatter_panel.h"

enum { ROWS = 3 };

typedef struct sheet {
    const kedge_stacked_figure *figure;
    kedge_arena arena;
    kedge_latents_figure *latents; /* [n] those of the columns, with the pair */
    kedge_latents_sheet *sheets;   /* [n] */
    int n_sheets;                  /* to be released */
    kedge_panel *list;             /* [n][ROWS] */
} sheet;

static void draw_latents(const kedge_panel *panel, const kedge_axes *axes)
{
    /* what points at the panel's data must not change it, but points and markers are its scratch */
    kedge_latents_sheet *s = (kedge_latents_sheet *)(uintptr_t)panel->data;
    s->points.radius = kedge_points_radius(s->figure->n, axes->width * axes->height);
    kedge_latents_draw_data(s, 0, axes);
}

static void draw_places(const kedge_panel *panel, const kedge_axes *axes)
{
    kedge_latents_draw_places((kedge_latents_sheet *)(uintptr_t)panel->data, axes);
}

static kedge_status latents_panel(sheet *s, int i, kedge_context *ctx, const kedge_picture *to)
{
    const kedge_stacked_column *column = &s->figure->columns[i];
    const int *pair = s->figure->pair;
    s->latents[i] = *column->latents;
    s->latents[i].n_pairs = 1;
    s->latents[i].pairs = &s->figure->pair;
    kedge_status status = kedge_latents_check(&s->latents[i], to->path);
    if (status) return status;
    kedge_latents_sheet *own = &s->sheets[s->n_sheets++];
    status = kedge_latents_sheet_init(own, ctx, &s->latents[i], kedge_theme_of(to->dark));
    if (status) return status;
    const char *x = kedge_arena_format(&s->arena, "z_%d", pair[0]), *y = kedge_arena_format(&s->arena, "z_%d", pair[1]);
    if (!x || !y) return kedge_fail_memory("a figure");
    s->list[ROWS * i] = (kedge_panel){
        .title = column->name, .asides = {column->aside}, .across = own->ranges[pair[0]], .up = own->ranges[pair[1]],
        .x = x, .y = y, .symbols = true, .aspect = 1, .data = own, .draw = draw_latents, .draw_over = draw_places};
    return KEDGE_OK;
}

static kedge_status make_panels(sheet *s, kedge_context *ctx, const kedge_picture *to)
{
    size_t n = (size_t)s->figure->n;
    s->latents = kedge_arena_alloc(&s->arena, n, sizeof *s->latents);
    s->sheets = kedge_arena_alloc(&s->arena, n, sizeof *s->sheets);
    s->list = kedge_arena_alloc(&s->arena, ROWS * n, sizeof *s->list);
    if (!s->latents || !s->sheets || !s->list) return kedge_fail_memory("a figure");
    for (int i = 0; i < s->figure->n; i++) {
        kedge_panel *errors = &s->list[ROWS * i + 2];
        kedge_status status = latents_panel(s, i, ctx, to);
        if (!status) status = kedge_colours_check(s->figure->columns[i].slice, i, to->path);
        if (!status) status = kedge_colours_panel(&s->list[ROWS * i + 1], &s->arena, s->figure->columns[i].slice);
        if (!status) status = kedge_scatter_panel_init(errors, &s->arena, s->figure->errors, i);
        if (status) return status;
        errors->title = NULL; /* the plan's name stands at the top */
        for (int k = 0; k < KEDGE_PANEL_ASIDES; k++) errors->asides[k] = NULL;
    }
    return KEDGE_OK;
}

kedge_status kedge_draw_stacked(kedge_context *ctx, const kedge_stacked_figure *figure, const kedge_picture *to)
{
    kedge_entry entries[KEDGE_CURVES];
    sheet s = {.figure = figure};
    if (figure->n < 1 || figure->errors->n != figure->n)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d columns with %d charts", to->path, figure->n,
                          figure->errors->n);
    kedge_status status = kedge_scatter_check(figure->errors, to->path);
    if (status) return status;
    kedge_arena_init(&s.arena, ctx);
    status = make_panels(&s, ctx, to);
    kedge_panels panels = {
        .title = figure->title, .subtitle = figure->subtitle, .note = figure->note, .description = figure->description,
        .n = ROWS * figure->n, .list = s.list, .rows = ROWS, .columns = 4, .wide = figure->n > 3 ? 132 : 160,
        .narrow = 78, .n_entries = kedge_scatter_legend(entries, kedge_theme_of(to->dark), figure->errors),
        .entries = entries,
    };
    if (!status) status = kedge_draw_panels(ctx, &panels, to);
    for (int i = 0; i < s.n_sheets; i++) kedge_latents_sheet_release(&s.sheets[i]);
    kedge_arena_release(&s.arena);
    return status;
}
