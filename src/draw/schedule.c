/* schedule.c - the figure of a schedule. */
#include "draw/schedule.h"

#include <math.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sort.h"
#include "draw/line_names.h"
#include "draw/stack.h"

enum { GROUPS_MAX = 3, PANELS_MAX = GROUPS_MAX + 3, KEYS_TOLD = 60 };

static const double SMALL = 1.0 / 8;     /* of the largest weight: less is shown in a panel of its own */
static const double DECADE = 9;          /* greatest over least: from here on the axis is logarithmic */
static const double SHORT_PART = 0.02;   /* of the steps: a range that is left so soon is not shown */
static const double NARROW = 400;        /* pages less wide have legends */
static const double TALL = 130, LOW = 88; /* heights of panels */

/* A panel's curves. */
typedef struct group {
    const struct sheet *sheet;
    kedge_curve_kind kind;
    int n;
    const kedge_schedule_curve **curves; /* [n] */
    kedge_line_style *styles;            /* [n] */
    kedge_entry *entries;                /* [n] */
    kedge_range range;
    bool log, named;                     /* named: at the lines */
} group;

typedef struct sheet {
    const kedge_schedule_figure *figure;
    const kedge_theme *theme;
    kedge_arena arena;
    kedge_text description, note;
    int n_groups;
    group groups[PANELS_MAX];
} sheet;

static kedge_status check(const kedge_schedule_figure *figure, const char *path)
{
    if (figure->n_curves < 1 || figure->n < 1 || figure->steps < 1)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw a schedule of %d columns and %d steps", path,
                          figure->n_curves, figure->steps);
    for (int c = 0; c < figure->n_curves; c++)
        for (int i = 0; i < figure->n; i++)
            if (!isfinite(figure->curves[c].values[i]))
                return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: '%s' is %g at step %.0f; all must be finite", path,
                                  figure->curves[c].name, figure->curves[c].values[i], figure->at[i]);
    return KEDGE_OK;
}

/* ---- which curves share a panel */

static double greatest(const sheet *s, const kedge_schedule_curve *curve)
{
    double most = 0;
    for (int i = 0; i < s->figure->n; i++) most = fmax(most, fabs(curve->values[i]));
    return most;
}

static kedge_status add_group(sheet *s, kedge_curve_kind kind, double above, double most)
{
    size_t room = (size_t)s->figure->n_curves;
    group *g = &s->groups[s->n_groups];
    *g = (group){.sheet = s, .kind = kind};
    g->curves = kedge_arena_alloc(&s->arena, room, sizeof *g->curves);
    g->styles = kedge_arena_alloc(&s->arena, room, sizeof *g->styles);
    g->entries = kedge_arena_alloc(&s->arena, room, sizeof *g->entries);
    if (!g->curves || !g->styles || !g->entries) return kedge_fail_memory("a figure");
    for (int c = 0, series = 0; c < s->figure->n_curves; c++) {
        const kedge_schedule_curve *curve = &s->figure->curves[c];
        bool line = curve->kind == KEDGE_CURVE_LEARNING_RATE;
        kedge_line_style style = line ? (kedge_line_style){.ink = s->theme->ink} : kedge_chart_style(s->theme, series);
        if (!line) series++; /* a curve's style does not depend on its panel */
        double size = greatest(s, curve);
        if (curve->kind != kind || size < above || size >= most) continue;
        style.width = 1.6;
        g->curves[g->n] = curve;
        g->styles[g->n] = style;
        g->entries[g->n++] = (kedge_entry){.text = curve->name, .style = style, .shape = KEDGE_SHAPE_NONE};
    }
    if (g->n > 0) s->n_groups++;
    return KEDGE_OK;
}

/* The largest of a kind that is below 'most'; 0 if there is none. */
static double largest_below(const sheet *s, kedge_curve_kind kind, double most)
{
    double largest = 0;
    for (int c = 0; c < s->figure->n_curves; c++) {
        double size = greatest(s, &s->figure->curves[c]);
        if (s->figure->curves[c].kind == kind && size < most) largest = fmax(largest, size);
    }
    return largest;
}

static kedge_status make_groups(sheet *s)
{
    double most = INFINITY;
    kedge_status status = KEDGE_OK;
    for (int i = 0; i < GROUPS_MAX && !status; i++) {
        double above = SMALL * largest_below(s, KEDGE_CURVE_WEIGHT, most);
        if (i == GROUPS_MAX - 1 || largest_below(s, KEDGE_CURVE_WEIGHT, above) == 0) above = 0; /* the rest */
        status = add_group(s, KEDGE_CURVE_WEIGHT, above, most);
        if (above == 0) break;
        most = above;
    }
    if (!status) status = add_group(s, KEDGE_CURVE_LABEL_RATE, 0, INFINITY);
    if (!status) status = add_group(s, KEDGE_CURVE_SET_FACTOR, 0, INFINITY);
    if (!status) status = add_group(s, KEDGE_CURVE_LEARNING_RATE, 0, INFINITY);
    return status;
}

/* ---- ranges */

static void add_below(sheet *s, const char *how, double value)
{
    char number[64];
    kedge_chart_number(number, sizeof number, value, 2);
    kedge_text_addf(&s->note, "%s %s %s", s->note.length == 0 ? "The learning rate" : " and", how, number);
}

/* Notes where the learning rate lies under its panel: at the beginning, at the end, or on its way. */
static void tell_below(sheet *s, const double *values, double least)
{
    int n = s->figure->n, first = 0, last = n - 1, lowest;
    while (first < n && values[first] < least) first++;
    while (last > first && values[last] < least) last--;
    if (first > 0) add_below(s, "begins at", values[0]);
    lowest = first;
    for (int i = first; i <= last; i++)
        if (values[i] < values[lowest]) lowest = i;
    if (first < n && values[lowest] < least) {
        add_below(s, "falls to", values[lowest]);
        kedge_text_addf(&s->note, " at step %.0f", s->figure->at[lowest]);
    }
    if (last < n - 1) add_below(s, "ends at", values[n - 1]);
    if (s->note.length > 0) kedge_text_add(&s->note, ", below its panel.");
}

/* A learning rate spans decades in its first steps alone: what is left soon lies under the panel. */
static kedge_status set_log_range(sheet *s, group *g)
{
    int n = s->figure->n;
    double *sorted = kedge_arena_alloc(&s->arena, (size_t)n, sizeof *sorted);
    if (!sorted) return kedge_fail_memory("a figure");
    for (int i = 0; i < n; i++) sorted[i] = g->curves[0]->values[i];
    kedge_sort_reals(sorted, (size_t)n);
    double low = sorted[(int)(SHORT_PART * n)], high = sorted[n - 1];
    if (low <= 0 || high < DECADE * low) return KEDGE_OK;
    g->log = true;
    g->range = kedge_chart_widen((kedge_range){low, high}, 0.08, 2, true);
    tell_below(s, g->curves[0]->values, g->range.min);
    return KEDGE_OK;
}

static kedge_status set_range(sheet *s, group *g)
{
    double low = 0, high = 0;
    for (int c = 0; c < g->n; c++) {
        const kedge_schedule_curve *curve = g->curves[c];
        for (int i = 0; i < s->figure->n; i++) low = fmin(low, curve->values[i]), high = fmax(high, curve->values[i]);
        for (int i = 0; i < curve->n_keys; i++)
            low = fmin(low, curve->key_values[i]), high = fmax(high, curve->key_values[i]);
    }
    if (high == low) high = low + 1;
    double head = 0.08 * (high - low);
    g->range = (kedge_range){low - (low < 0 ? head : 0.02 * (high - low)), high + head};
    if (g->kind == KEDGE_CURVE_LEARNING_RATE && g->n == 1) return set_log_range(s, g);
    return KEDGE_OK;
}

/* ---- drawing */

static void draw_group(const kedge_axes *axes, const void *data)
{
    const group *g = data;
    const kedge_schedule_figure *figure = g->sheet->figure;
    for (int c = 0; c < g->n; c++) kedge_chart_line(axes, figure->n, figure->at, g->curves[c]->values, &g->styles[c]);
}

static void draw_keys(const kedge_axes *axes, const void *data)
{
    const group *g = data;
    const kedge_schedule_figure *figure = g->sheet->figure;
    for (int c = 0; c < g->n; c++)
        for (int i = 0; i < g->curves[c]->n_keys; i++) {
            double x = kedge_axes_x(axes, g->curves[c]->key_at[i]);
            double y = kedge_axes_y(axes, g->curves[c]->key_values[i]);
            bool inside = y >= axes->y - 1 && y <= axes->y + axes->height + 1 && x <= axes->x + axes->width + 1;
            if (inside) kedge_chart_dot(axes->cr, KEDGE_SHAPE_DISC, x, y, 2.4, g->styles[c].ink, axes->theme->panel);
        }
    if (!g->named) return;
    kedge_named_line lines[KEDGE_LINE_NAMES_MAX];
    for (int c = 0; c < g->n; c++)
        lines[c] = (kedge_named_line){.name = g->curves[c]->name, .ink = g->styles[c].ink, .n = figure->n,
                                      .x = figure->at, .y = g->curves[c]->values};
    kedge_line_names_draw(axes, g->n, lines);
}

/* ---- words */

static void tell_curve(sheet *s, const kedge_schedule_curve *curve)
{
    kedge_text *out = &s->description;
    int n = s->figure->n, told = curve->n_keys < KEYS_TOLD ? curve->n_keys : KEYS_TOLD;
    kedge_text_addf(out, " %s:", curve->name);
    if (curve->n_keys == 0) {
        kedge_text_add_real(out, " %.6g", curve->values[0]);
        if (curve->values[n - 1] != curve->values[0]) kedge_text_add_real(out, " to %.6g", curve->values[n - 1]);
        else kedge_text_add(out, " throughout");
    }
    for (int i = 0; i < told; i++) {
        kedge_text_add_real(out, i > 0 ? ", %.6g" : " %.6g", curve->key_values[i]);
        kedge_text_addf(out, " at %.0f", curve->key_at[i]);
    }
    if (told < curve->n_keys) kedge_text_addf(out, " and %d more keyframes", curve->n_keys - told);
    /* A run may end on its way to a keyframe that it does not come to. */
    int last = curve->n_keys - 1;
    bool is_on = last >= 0 && curve->key_at[last] < s->figure->at[n - 1]; /* it goes on from its last keyframe */
    if (is_on && curve->values[n - 1] != curve->key_values[last]) {
        kedge_text_add_real(out, ", %.6g", curve->values[n - 1]);
        kedge_text_addf(out, " at the end, step %.0f", s->figure->at[n - 1]);
    }
    kedge_text_add(out, ".");
}

static kedge_status describe(sheet *s)
{
    const kedge_schedule_figure *figure = s->figure;
    kedge_text *out = &s->description;
    kedge_text_addf(out, "Schedule of %d steps.", figure->steps);
    for (int i = 0; i < figure->n_phases; i++)
        kedge_text_addf(out, "%s %s from step %.0f%s", i == 0 ? " Phases:" : "", figure->phases[i].text,
                        figure->phases[i].from, i + 1 < figure->n_phases ? "," : ".");
    for (int i = 0; i < figure->n_actions; i++)
        kedge_text_addf(out, "%s %s at step %.0f%s", i == 0 ? " Actions:" : "", figure->actions[i].text,
                        figure->actions[i].at, i + 1 < figure->n_actions ? "," : ".");
    for (int kind = 0; kind < KEDGE_CURVE_KINDS; kind++)
        for (int c = 0; c < figure->n_curves; c++)
            if ((int)figure->curves[c].kind == kind) tell_curve(s, &figure->curves[c]);
    if (s->note.length > 0) kedge_text_addf(out, " %s", kedge_text_string(&s->note));
    return kedge_text_status(out, "a picture's description");
}

/* ---- the figure */

static kedge_status draw(sheet *s, kedge_context *ctx, const kedge_picture *to)
{
    static const char *const labels[KEDGE_CURVE_KINDS] = {"weight", "label rate", "data", "learning rate"};
    const kedge_schedule_figure *figure = s->figure;
    kedge_stack_panel panels[PANELS_MAX];
    for (int i = 0; i < s->n_groups; i++) {
        group *g = &s->groups[i];
        bool rate = g->kind == KEDGE_CURVE_LEARNING_RATE;
        g->named = !rate && (to->width == 0 || to->width >= NARROW) && g->n <= KEDGE_LINE_NAMES_MAX;
        panels[i] = (kedge_stack_panel){
            .y = labels[g->kind], .up = g->range, .log_y = g->log, .height = i == 0 && !rate ? TALL : LOW,
            .n_entries = g->named || (rate && g->n == 1) ? 0 : g->n, .entries = g->entries, .data = g,
            .draw = draw_group, .draw_over = draw_keys};
    }
    double end = figure->steps > 1 ? figure->steps - 1 : 1;
    kedge_stack stack = {
        .title = figure->title, .subtitle = figure->subtitle, .note = kedge_text_string(&s->note),
        .description = kedge_text_string(&s->description), .x = "step", .across = {0, end},
        .n_stretches = figure->n_phases, .stretches = figure->phases, .n_places = figure->n_actions,
        .places = figure->actions, .n = s->n_groups, .panels = panels};
    return kedge_draw_stack(ctx, &stack, to);
}

kedge_status kedge_draw_schedule(kedge_context *ctx, const kedge_schedule_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_arena_init(&s.arena, ctx);
    kedge_text_init(&s.description, ctx);
    kedge_text_init(&s.note, ctx);
    status = make_groups(&s);
    for (int i = 0; i < s.n_groups && !status; i++) status = set_range(&s, &s.groups[i]);
    if (!status) status = describe(&s);
    if (!status) status = kedge_text_status(&s.note, "a figure");
    if (!status) status = draw(&s, ctx, to);
    kedge_text_release(&s.note);
    kedge_text_release(&s.description);
    kedge_arena_release(&s.arena);
    return status;
}
