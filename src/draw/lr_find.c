/* lr_find.c - the figure of a learning-rate range test. */
#include "draw/lr_find.h"

#include <math.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "draw/stack.h"

enum { MARKS_MAX = 8, TEXT = 160 };

static const double HEIGHT = 240;
static const double ABOVE = 3; /* times what curves begin with is still in the panel */
static const double RADIUS = 4;

typedef struct sheet {
    const kedge_lr_find_figure *figure;
    const kedge_theme *theme;
    kedge_text description;
    kedge_range up;
    int n_entries;
    kedge_entry entries[MARKS_MAX + 3];
    char texts[MARKS_MAX + 3][TEXT];
} sheet;

static kedge_shape shape_of(int mark)
{
    static const kedge_shape shapes[] = {KEDGE_SHAPE_DISC, KEDGE_SHAPE_DIAMOND, KEDGE_SHAPE_TRIANGLE,
                                         KEDGE_SHAPE_SQUARE};
    return shapes[mark % 4];
}

static kedge_ink ink_of(const sheet *s, int mark)
{
    return s->theme->series[mark % KEDGE_SERIES];
}

/* Where a mark stands: on the median, or at the panel's top where that is gone. */
static double height_at(const sheet *s, double rate)
{
    const kedge_lr_find_figure *figure = s->figure;
    int i = 0;
    while (i < figure->steps - 1 && figure->rates[i] < rate) i++;
    double value = figure->median[i];
    return isfinite(value) && value > 0 ? fmin(fmax(value, s->up.min), s->up.max) : s->up.max;
}

/* ---- the panel */

static void draw_curves(const kedge_axes *axes, const void *data)
{
    const sheet *s = data;
    const kedge_lr_find_figure *figure = s->figure;
    kedge_line_style thin = {.ink = s->theme->muted, .alpha = figure->n_seeds > 20 ? 0.25 : 0.5, .width = 0.6};
    kedge_line_style thick = {.ink = s->theme->ink, .width = 2};
    if (figure->own > 0)
        kedge_chart_places(axes, 1, &(kedge_place){.at = figure->own});
    for (int i = 0; i < figure->n_seeds; i++)
        kedge_chart_line(axes, figure->steps, figure->rates, figure->curves[i], &thin);
    kedge_chart_line(axes, figure->steps, figure->rates, figure->median, &thick);
    for (int i = 0; i < figure->n_marks; i++) {
        const kedge_lr_find_mark *mark = &figure->marks[i];
        if (isnan(mark->at)) continue;
        double y = height_at(s, mark->at), x[2] = {mark->low, mark->high}, level[2] = {y, y};
        kedge_chart_line(axes, 2, x, level, &(kedge_line_style){.ink = ink_of(s, i), .width = 2.4});
    }
}

static void draw_marks(const kedge_axes *axes, const void *data)
{
    const sheet *s = data;
    for (int i = 0; i < s->figure->n_marks; i++) {
        const kedge_lr_find_mark *mark = &s->figure->marks[i];
        if (isnan(mark->at)) continue;
        kedge_chart_dot(axes->cr, shape_of(i), kedge_axes_x(axes, mark->at),
                        kedge_axes_y(axes, height_at(s, mark->at)), RADIUS, ink_of(s, i), s->theme->panel);
    }
}

/* From the least of the median, or a little of a seed's below it, to a few times what curves begin with. */
static kedge_status find_range(sheet *s, const char *path)
{
    const kedge_lr_find_figure *figure = s->figure;
    kedge_range range = {INFINITY, 0};
    double begin = 0;
    for (int i = 0; i < figure->steps; i++) {
        double value = figure->median[i];
        if (!(value > 0) || !isfinite(value)) continue;
        if (begin == 0) begin = value;
        range.min = fmin(range.min, value);
    }
    if (begin == 0) return kedge_fail(KEDGE_EINVALID, "%s: cannot draw losses none of which is above 0", path);
    range.max = ABOVE * begin;
    for (int row = 0; row < figure->n_seeds; row++)
        for (int i = 0; i < figure->steps; i++) {
            double value = figure->curves[row][i];
            if (value > range.min / 10 && value < range.min) range.min = value;
        }
    s->up = kedge_chart_widen(range, 0.05, 10, true);
    return KEDGE_OK;
}

/* ---- words */

static void add_entry(sheet *s, kedge_line_style style, int shape)
{
    int i = s->n_entries++;
    s->entries[i] = (kedge_entry){.text = s->texts[i], .style = style, .shape = shape};
}

static void name_mark(sheet *s, int i)
{
    const kedge_lr_find_mark *mark = &s->figure->marks[i];
    char at[32], low[32], high[32];
    if (isnan(mark->at)) return;
    kedge_chart_number(at, sizeof at, mark->at, 2);
    kedge_chart_number(low, sizeof low, mark->low, 2);
    kedge_chart_number(high, sizeof high, mark->high, 2);
    if (mark->low < mark->high)
        snprintf(s->texts[s->n_entries], TEXT, "%.20s: %s (%s to %s)", mark->name, at, low, high);
    else
        snprintf(s->texts[s->n_entries], TEXT, "%.20s: %s", mark->name, at);
    add_entry(s, (kedge_line_style){.ink = ink_of(s, i), .width = -1}, shape_of(i));
    kedge_text_add_real(&s->description, " At %.2g", mark->at);
    kedge_text_add_real(&s->description, " (%.2g", mark->low);
    kedge_text_add_real(&s->description, " to %.2g)", mark->high);
    kedge_text_addf(&s->description, " %s.", mark->doc);
}

static kedge_status describe(sheet *s)
{
    const kedge_lr_find_figure *figure = s->figure;
    kedge_text_add_real(&s->description, "Smoothed loss while the learning rate rises from %.3g", figure->rates[0]);
    kedge_text_add_real(&s->description, " to %.3g", figure->rates[figure->steps - 1]);
    kedge_text_addf(&s->description, ", a line for each of %d seeds.", figure->n_seeds);
    snprintf(s->texts[0], TEXT, figure->n_seeds > 1 ? "median of %d seeds" : "%d seed", figure->n_seeds);
    add_entry(s, (kedge_line_style){.ink = s->theme->ink, .width = 2}, KEDGE_SHAPE_NONE);
    for (int i = 0; i < figure->n_marks && i < MARKS_MAX; i++) name_mark(s, i);
    if (figure->own > 0) {
        char own[32];
        kedge_chart_number(own, sizeof own, figure->own, 2);
        snprintf(s->texts[s->n_entries], TEXT, "the recipe: %s", own);
        add_entry(s, kedge_chart_place_style(s->theme), KEDGE_SHAPE_NONE);
        kedge_text_add_real(&s->description, " The recipe's own largest is %.2g.", figure->own);
    }
    return kedge_text_status(&s->description, "a picture's description");
}

/* ---- the figure */

kedge_status kedge_draw_lr_find(kedge_context *ctx, const kedge_lr_find_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    if (figure->n_seeds < 1 || figure->steps < 2)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d curves of %d learning rates", to->path, figure->n_seeds,
                          figure->steps);
    kedge_status status = find_range(&s, to->path);
    if (status) return status;
    kedge_text_init(&s.description, ctx);
    status = describe(&s);
    kedge_stack_panel panel = {.y = "loss, smoothed", .up = s.up, .log_y = true, .height = HEIGHT,
                               .n_entries = s.n_entries, .entries = s.entries, .data = &s, .draw = draw_curves,
                               .draw_over = draw_marks};
    kedge_stack stack = {.title = figure->title, .subtitle = figure->subtitle,
                         .description = kedge_text_string(&s.description), .x = "learning rate",
                         .across = {figure->rates[0], figure->rates[figure->steps - 1]}, .log_x = true,
                         .n = 1, .panels = &panel};
    if (!status) status = kedge_draw_stack(ctx, &stack, to);
    kedge_text_release(&s.description);
    return status;
}
