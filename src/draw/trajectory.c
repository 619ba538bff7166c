/* trajectory.c - the figure of many runs: alignment step by step. */
#include "draw/trajectory.h"

#include <math.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sort.h"
#include "draw/stack.h"

static const double HEIGHT = 210;            /* of the first frame; others are lower */
static const double LOWER = 150, CLOSE_UP = 95;
static const double WIDE = 0.5;              /* a range of cosines that asks for a close-up of the last of it */
enum { FEW = 8 };                            /* runs of a kind that stand out, and are named in words */

/* One concept. */
typedef struct panel {
    const struct sheet *sheet;
    const double *cosines; /* [n_runs][n_samples] */
    double *median;        /* [n_samples] of the runs that have a value there; NaN: none has */
} panel;

typedef struct sheet {
    const kedge_trajectory_figure *figure;
    const kedge_theme *theme;
    kedge_arena arena;
    kedge_text description;
    int counts[KEDGE_TRAJECTORY_KINDS];
    panel *panels;          /* [n_concepts] */
    kedge_entry entries[KEDGE_TRAJECTORY_KINDS + 2];
    int n_entries;
    double *sorted;         /* [n_runs] */
} sheet;

/* Few runs of a kind stand out; many are thin, for they are what is usual. */
static kedge_line_style style_of(const sheet *s, int kind)
{
    static const int series[KEDGE_TRAJECTORY_KINDS] = {0, 4, 1, 3, 6, 2};
    static const int dashes[KEDGE_TRAJECTORY_KINDS] = {0, 3, 1, 2, 5, 4};
    bool few = kind > 0 && s->counts[kind] <= FEW;
    return (kedge_line_style){.ink = s->theme->series[series[kind]], .alpha = few ? 0.95 : 0.5,
                              .width = few ? 1.1 : 0.6, .dash = few ? dashes[kind] : 0};
}

static int shape_of(int kind)
{
    static const int shapes[KEDGE_TRAJECTORY_KINDS] = {KEDGE_SHAPE_NONE, KEDGE_SHAPE_DIAMOND, KEDGE_SHAPE_TRIANGLE,
                                                       KEDGE_SHAPE_SQUARE, KEDGE_SHAPE_CROSS, KEDGE_SHAPE_RING};
    return shapes[kind];
}

static kedge_line_style median_style(const kedge_theme *theme)
{
    return (kedge_line_style){.ink = theme->ink, .width = 2.4};
}

static kedge_line_style rule_style(const kedge_theme *theme)
{
    return (kedge_line_style){.ink = theme->muted, .width = 1, .dash = 1};
}

static kedge_status check(const kedge_trajectory_figure *figure, const char *path)
{
    if (figure->n_runs < 1 || figure->n_concepts < 1 || figure->n_samples < 1)
        return kedge_fail(KEDGE_EINVALID,
                          "%s: cannot draw %d runs, %d concepts and %d samples; there must be at least one of each",
                          path, figure->n_runs, figure->n_concepts, figure->n_samples);
    for (int i = 0; i < figure->n_runs; i++)
        if (figure->runs[i].kind < 0 || figure->runs[i].kind >= figure->n_kinds ||
            figure->n_kinds > KEDGE_TRAJECTORY_KINDS)
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw: run %d is of kind %d of %d; at most %d are drawn", path,
                              i, figure->runs[i].kind, figure->n_kinds, KEDGE_TRAJECTORY_KINDS);
    return KEDGE_OK;
}

/* ---- numbers */

/* The median over runs of a sample, linear between order statistics. */
static double median_of(const sheet *s, const double *cosines, int sample)
{
    int n = 0;
    for (int i = 0; i < s->figure->n_runs; i++) {
        double value = cosines[(size_t)i * (size_t)s->figure->n_samples + (size_t)sample];
        if (isfinite(value)) s->sorted[n++] = value;
    }
    kedge_sort_reals(s->sorted, (size_t)n);
    return n == 0 ? NAN : n % 2 ? s->sorted[n / 2] : (s->sorted[n / 2 - 1] + s->sorted[n / 2]) / 2;
}

static kedge_status prepare(sheet *s)
{
    const kedge_trajectory_figure *figure = s->figure;
    size_t samples = (size_t)figure->n_samples, runs = (size_t)figure->n_runs;
    s->panels = kedge_arena_alloc(&s->arena, (size_t)figure->n_concepts, sizeof *s->panels);
    s->sorted = kedge_arena_alloc(&s->arena, runs, sizeof *s->sorted);
    if (!s->panels || !s->sorted) return kedge_fail_memory("a figure");
    for (int i = 0; i < figure->n_runs; i++) s->counts[figure->runs[i].kind]++;
    for (int c = 0; c < figure->n_concepts; c++) {
        panel *p = &s->panels[c];
        *p = (panel){.sheet = s, .cosines = figure->cosines + (size_t)c * runs * samples};
        p->median = kedge_arena_alloc(&s->arena, samples, sizeof *p->median);
        if (!p->median) return kedge_fail_memory("a figure");
        for (int k = 0; k < figure->n_samples; k++) p->median[k] = median_of(s, p->cosines, k);
    }
    return KEDGE_OK;
}

static double last_of(const sheet *s, const panel *p, int run)
{
    const double *row = p->cosines + (size_t)run * (size_t)s->figure->n_samples;
    for (int k = s->figure->n_samples - 1; k >= 0; k--)
        if (isfinite(row[k])) return row[k];
    return NAN;
}

/* From the least value to 1, the rule in view. */
static kedge_range range_of(const sheet *s, const panel *p)
{
    double least = s->figure->held, most = 1;
    size_t n = (size_t)s->figure->n_runs * (size_t)s->figure->n_samples;
    for (size_t i = 0; i < n; i++)
        if (p->cosines[i] < least) least = p->cosines[i];
    return (kedge_range){least - 0.04 * (most - least), most + 0.02 * (most - least)};
}

/* ---- drawing */

static void draw_runs(const kedge_axes *axes, const void *data)
{
    const panel *p = data;
    const sheet *s = p->sheet;
    const kedge_trajectory_figure *figure = s->figure;
    kedge_line_style rule = rule_style(s->theme), median = median_style(s->theme);
    median.ink = s->theme->panel, median.width = 4.2;
    kedge_chart_level(axes, figure->held, &rule);
    for (int kind = 0; kind < figure->n_kinds; kind++) {
        kedge_line_style style = style_of(s, kind);
        for (int i = 0; i < figure->n_runs; i++)
            if (figure->runs[i].kind == kind)
                kedge_chart_line(axes, figure->n_samples, figure->at,
                                 p->cosines + (size_t)i * (size_t)figure->n_samples, &style);
    }
    kedge_chart_line(axes, figure->n_samples, figure->at, p->median, &median); /* a rim */
    median = median_style(s->theme);
    kedge_chart_line(axes, figure->n_samples, figure->at, p->median, &median);
}

/* Shapes on the runs that are not of the first kind: at the end of few, along the last half of many, where each has a
 * step of its own. */
static void draw_shapes(const kedge_axes *axes, const void *data)
{
    const panel *p = data;
    const sheet *s = p->sheet;
    const kedge_trajectory_figure *figure = s->figure;
    int seen[KEDGE_TRAJECTORY_KINDS] = {0};
    for (int i = 0; i < figure->n_runs; i++) {
        const double *row = p->cosines + (size_t)i * (size_t)figure->n_samples;
        int kind = figure->runs[i].kind, shape = shape_of(kind), k = figure->n_samples - 1;
        bool few = s->counts[kind] <= FEW;
        if (!few) k -= k * seen[kind]++ / (2 * s->counts[kind]);
        while (k >= 0 && !isfinite(row[k])) k--;
        if (shape == KEDGE_SHAPE_NONE || k < 0) continue;
        double y = kedge_axes_y(axes, row[k]);
        if (y >= axes->y && y <= axes->y + axes->height)
            kedge_chart_dot(axes->cr, (kedge_shape)shape, kedge_axes_x(axes, figure->at[k]), y, few ? 3 : 1.7,
                            style_of(s, kind).ink, axes->theme->panel);
    }
}

static kedge_status add_entry(sheet *s, const char *text, kedge_line_style style, int shape)
{
    if (!text) return kedge_fail_memory("a figure");
    if (style.width < 1) style.width = 1;
    style.alpha = 1;
    s->entries[s->n_entries++] = (kedge_entry){.text = text, .style = style, .shape = shape};
    return KEDGE_OK;
}

static kedge_status make_legend(sheet *s)
{
    const kedge_trajectory_figure *figure = s->figure;
    kedge_status status = KEDGE_OK;
    for (int kind = 0; kind < figure->n_kinds && !status; kind++)
        if (s->counts[kind] > 0)
            status = add_entry(s, kedge_arena_format(&s->arena, "%d %s", s->counts[kind], figure->kinds[kind]),
                               style_of(s, kind), shape_of(kind));
    if (!status) status = add_entry(s, "median", median_style(s->theme), KEDGE_SHAPE_NONE);
    kedge_text held;
    kedge_text_init(&held, s->arena.ctx);
    kedge_text_add_real(&held, "held: %.3g", figure->held);
    if (!status) status = kedge_text_status(&held, "a figure");
    if (!status) status = add_entry(s, kedge_arena_text(&s->arena, kedge_text_string(&held)), rule_style(s->theme),
                                    KEDGE_SHAPE_NONE);
    kedge_text_release(&held);
    return status;
}

/* ---- words */

static void tell_concept(sheet *s, int c)
{
    const kedge_trajectory_figure *figure = s->figure;
    const panel *p = &s->panels[c];
    kedge_text *out = &s->description;
    int held = 0, n = 0, first = -1;
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < figure->n_runs; i++) {
        double last = last_of(s, p, i);
        if (isnan(last)) continue;
        n++, held += last >= figure->held;
        least = fmin(least, last), most = fmax(most, last);
    }
    for (int k = 0; k < figure->n_samples && first < 0; k++)
        if (p->median[k] >= figure->held) first = (int)figure->at[k];
    kedge_text_addf(out, " Cosine of '%s' with its anchor at the end:", figure->concepts[c]);
    kedge_text_add_real(out, " median %.3f", p->median[figure->n_samples - 1]);
    kedge_text_add_real(out, ", from %.3f", least);
    kedge_text_add_real(out, " to %.3f", most);
    kedge_text_addf(out, "; %d of %d", held, n);
    kedge_text_add_real(out, " at %.3g or above.", figure->held);
    if (first >= 0) kedge_text_addf(out, " The median is there from step %d on.", first);
    else kedge_text_add(out, " The median never is.");
}

static kedge_status describe(sheet *s)
{
    const kedge_trajectory_figure *figure = s->figure;
    kedge_text *out = &s->description;
    kedge_text_addf(out, "%d %s of %d steps:", figure->n_runs, figure->n_runs == 1 ? "run" : "runs",
                    figure->steps);
    for (int kind = 0, told = 0; kind < figure->n_kinds; kind++)
        if (s->counts[kind] > 0)
            kedge_text_addf(out, "%s %d %s", told++ ? "," : "", s->counts[kind], figure->kinds[kind]);
    kedge_text_addf(out, "%s%s.", figure->caveat ? "; " : "", figure->caveat ? figure->caveat : "");
    for (int kind = 1; kind < figure->n_kinds; kind++) { /* few of a kind are named */
        if (s->counts[kind] == 0 || s->counts[kind] > FEW) continue;
        kedge_text_add(out, s->counts[kind] == 1 ? " Seed" : " Seeds");
        for (int i = 0, told = 0; i < figure->n_runs; i++)
            if (figure->runs[i].kind == kind) kedge_text_addf(out, "%s %lld", told++ ? "," : "", figure->runs[i].seed);
        kedge_text_addf(out, ": %s.", figure->kinds[kind]);
    }
    for (int c = 0; c < figure->n_concepts; c++) tell_concept(s, c);
    return kedge_text_status(out, "a picture's description");
}

/* ---- the figure */

/* A concept's panel, and where cosines go far down, one of what is near the rule. */
static int add_panels(sheet *s, int c, const char *y, kedge_stack_panel *panels)
{
    double held = s->figure->held;
    kedge_range all = range_of(s, &s->panels[c]), near = {held - (1 - held), 1 + 0.1 * (1 - held)};
    panels[0] = (kedge_stack_panel){.y = y, .up = all, .height = c == 0 ? HEIGHT : LOWER,
                                    .n_entries = c == 0 ? s->n_entries : 0, .entries = s->entries,
                                    .data = &s->panels[c], .draw = draw_runs, .draw_over = draw_shapes};
    if (all.max - all.min < WIDE) return 1;
    panels[1] = (kedge_stack_panel){.y = "close up", .up = near, .height = CLOSE_UP, .data = &s->panels[c],
                                    .draw = draw_runs, .draw_over = draw_shapes};
    return 2;
}

static kedge_status draw(sheet *s, kedge_context *ctx, const kedge_picture *to)
{
    const kedge_trajectory_figure *figure = s->figure;
    kedge_stack_panel *panels = kedge_arena_alloc(&s->arena, 2 * (size_t)figure->n_concepts, sizeof *panels);
    if (!panels) return kedge_fail_memory("a figure");
    int n = 0;
    for (int c = 0; c < figure->n_concepts; c++) {
        const char *y = kedge_arena_format(&s->arena, "cosine, %s", figure->concepts[c]);
        if (!y) return kedge_fail_memory("a figure");
        n += add_panels(s, c, y, panels + n);
    }
    kedge_stack stack = {
        .title = figure->title, .subtitle = figure->subtitle, .description = kedge_text_string(&s->description),
        .x = "step", .across = {0, fmax(1, figure->steps)}, .n_stretches = figure->n_phases,
        .stretches = figure->phases, .n_places = figure->n_actions, .places = figure->actions, .n = n,
        .panels = panels};
    return kedge_draw_stack(ctx, &stack, to);
}

kedge_status kedge_draw_trajectory(kedge_context *ctx, const kedge_trajectory_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_arena_init(&s.arena, ctx);
    kedge_text_init(&s.description, ctx);
    status = prepare(&s);
    if (!status) status = make_legend(&s);
    if (!status) status = describe(&s);
    if (!status) status = draw(&s, ctx, to);
    kedge_text_release(&s.description);
    kedge_arena_release(&s.arena);
    return status;
}
