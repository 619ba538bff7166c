/* ledger.c - the figure of what each part of the objective pulls. */
#include "draw/ledger.h"

#include <math.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sort.h"
#include "base/text.h"
#include "draw/stack.h"

enum { LEAST_WINDOW = 9, MOST_WINDOW = 999 };

static const double WINDOW = 0.02;               /* of a curve's values */
static const double NORMS = 200, COSINES = 130;  /* heights of the frames, points */
static const double LOWEST = 1e-6;               /* of the greatest norm: the axis goes no lower */
static const double PALE = 0.5, DOT = 1.6;       /* of the single values: how much ink, how wide */
static const double HOLE = 12, WIDE = 0.1;       /* a line ends where the next value is so many times as far as is
                                                  * usual, or this share of the run away */

/* A curve as it is drawn. */
typedef struct trace {
    const kedge_ledger_curve *curve;
    kedge_line_style style;
    int n;
    double *at, *raw, *smooth; /* [n] */
    double *order;             /* [n] scratch */
    int n_stretches, *behind;  /* [n_stretches] the value behind each: a line goes from value to value within one */
} trace;

/* One panel. */
typedef struct part {
    bool log;
    int n;
    trace *traces;
    kedge_entry *entries;
    kedge_range range;
} part;

typedef struct sheet {
    const kedge_ledger_figure *figure;
    const kedge_theme *theme;
    kedge_arena arena;
    kedge_text description;
    part norms, cosines;
} sheet;

/* The longest way from a value to the next that a line goes. */
static double longest_way(const trace *t, int steps)
{
    for (int i = 0; i + 1 < t->n; i++) t->order[i] = t->at[i + 1] - t->at[i];
    if (t->n < 2) return 0;
    kedge_sort_reals(t->order, (size_t)t->n - 1);
    return fmin(HOLE * t->order[(t->n - 1) / 2], WIDE * steps);
}

/* Means of neighbours, none from beyond a stretch without values. */
static void smooth(trace *t, int steps)
{
    double longest = longest_way(t, steps);
    int half = (int)fmin(fmax(WINDOW * t->n, LEAST_WINDOW), MOST_WINDOW) / 2;
    for (int first = 0, behind; first < t->n; first = behind) {
        for (behind = first + 1; behind < t->n && t->at[behind] - t->at[behind - 1] <= longest;) behind++;
        for (int i = first; i < behind; i++) {
            int from = i - half > first ? i - half : first, end = i + half < behind ? i + half + 1 : behind;
            for (int k = from; k < end; k++) t->smooth[i] += t->raw[k];
            t->smooth[i] /= end - from;
        }
        t->behind[t->n_stretches++] = behind;
    }
}

static kedge_status trace_curve(sheet *s, const kedge_ledger_curve *curve, bool log, trace *t)
{
    size_t room = (size_t)s->figure->n + 1;
    t->curve = curve;
    t->at = kedge_arena_alloc(&s->arena, room, sizeof *t->at);
    t->raw = kedge_arena_alloc(&s->arena, room, sizeof *t->raw);
    t->smooth = kedge_arena_alloc(&s->arena, room, sizeof *t->smooth);
    t->order = kedge_arena_alloc(&s->arena, room, sizeof *t->order);
    t->behind = kedge_arena_alloc(&s->arena, room, sizeof *t->behind);
    if (!t->at || !t->raw || !t->smooth || !t->order || !t->behind) return kedge_fail_memory("a figure");
    for (int i = 0; i < s->figure->n; i++) {
        if (!isfinite(curve->values[i]) || (log && !(curve->values[i] > 0))) continue;
        t->at[t->n] = s->figure->at[i];
        t->raw[t->n++] = curve->values[i];
    }
    smooth(t, s->figure->steps);
    return KEDGE_OK;
}

static kedge_status make_part(sheet *s, part *p, int n, const kedge_ledger_curve *curves, bool log)
{
    p->log = log;
    p->traces = kedge_arena_alloc(&s->arena, (size_t)n, sizeof *p->traces);
    p->entries = kedge_arena_alloc(&s->arena, (size_t)n, sizeof *p->entries);
    if (!p->traces || !p->entries) return kedge_fail_memory("a figure");
    int series = 0;
    for (int i = 0; i < n; i++) {
        trace *t = &p->traces[p->n];
        kedge_status status = trace_curve(s, &curves[i], log, t);
        if (status) return status;
        t->style = curves[i].is_task ? (kedge_line_style){.ink = s->theme->ink, .width = 2.2}
                                     : kedge_chart_style(s->theme, series++);
        if (t->n == 0) {
            *t = (trace){0};
            continue;
        }
        p->entries[p->n++] = (kedge_entry){.text = curves[i].name, .style = t->style, .shape = KEDGE_SHAPE_NONE};
    }
    return KEDGE_OK;
}

static void draw_part(const kedge_axes *axes, const void *data)
{
    const part *p = data;
    kedge_line_style level = {.ink = axes->theme->rule, .width = 1};
    if (!p->log) kedge_chart_level(axes, 0, &level);
    for (int i = 0; i < p->n; i++) {
        kedge_line_style pale = p->traces[i].style;
        pale.alpha = PALE, pale.width = DOT, pale.dash = 0;
        kedge_chart_dots(axes, p->traces[i].n, p->traces[i].at, p->traces[i].raw, &pale);
    }
    for (int i = 0; i < p->n; i++) {
        const trace *t = &p->traces[i];
        for (int k = 0, first = 0; k < t->n_stretches; first = t->behind[k++])
            kedge_chart_line(axes, t->behind[k] - first, t->at + first, t->smooth + first, &t->style);
    }
}

/* All that is smooth; single values may lie outside. */
static void find_range(part *p)
{
    kedge_range range = {INFINITY, 0};
    for (int i = 0; i < p->n; i++)
        for (int k = 0; k < p->traces[i].n; k++) {
            range.min = fmin(range.min, p->traces[i].smooth[k]);
            range.max = fmax(range.max, p->traces[i].smooth[k]);
        }
    range.min = fmax(range.min, LOWEST * range.max);
    p->range = kedge_chart_widen(range, 0.06, 10, true);
}

static void tell(sheet *s, const part *p, const char *what)
{
    for (int i = 0; i < p->n; i++) {
        const trace *t = &p->traces[i];
        kedge_text_addf(&s->description, " %s of %s: %d values between steps %.0f and %.0f,", what, t->curve->name,
                        t->n, t->at[0], t->at[t->n - 1]);
        kedge_text_add_real(&s->description, " %.3g at first,", t->smooth[0]);
        kedge_text_add_real(&s->description, " %.3g at the end.", t->smooth[t->n - 1]);
    }
}

static kedge_status draw(sheet *s, kedge_context *ctx, const kedge_picture *to)
{
    const kedge_ledger_figure *figure = s->figure;
    kedge_stack_panel panels[2] = {
        {.y = "length of the gradient", .up = s->norms.range, .log_y = true, .height = NORMS, .n_entries = s->norms.n,
         .entries = s->norms.entries, .data = &s->norms, .draw = draw_part},
        {.y = "cosine", .up = {-1.08, 1.08}, .height = COSINES, .n_entries = s->cosines.n,
         .entries = s->cosines.entries, .data = &s->cosines, .draw = draw_part}};
    kedge_stack stack = {
        .title = figure->title, .subtitle = figure->subtitle,
        .note = "Lines are means of the nearest 2% of a curve's values, at least 9, and end where there are none for "
                "long; behind them, pale, the values. "
                "Cosines are over the samples that both act on, where the weaker is at least a tenth of the stronger.",
        .description = kedge_text_string(&s->description), .x = "step",
        .across = {0, figure->steps > 1 ? figure->steps - 1 : 1}, .n_stretches = figure->n_phases,
        .stretches = figure->phases, .n_places = figure->n_actions, .places = figure->actions,
        .n = s->cosines.n > 0 ? 2 : 1, .panels = panels};
    return kedge_draw_stack(ctx, &stack, to);
}

kedge_status kedge_draw_ledger(kedge_context *ctx, const kedge_ledger_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    kedge_arena_init(&s.arena, ctx);
    kedge_text_init(&s.description, ctx);
    kedge_status status = make_part(&s, &s.norms, figure->n_norms, figure->norms, true);
    if (!status) status = make_part(&s, &s.cosines, figure->n_cosines, figure->cosines, false);
    if (!status && s.norms.n == 0)
        status = kedge_fail(KEDGE_EINVALID, "%s: cannot draw gradients none of which is ever above 0", to->path);
    if (status) goto done;
    find_range(&s.norms);
    kedge_text_addf(&s.description, "What each part of the objective pulls, over %d steps%s%s.", figure->steps,
                    figure->caveat ? "; " : "", figure->caveat ? figure->caveat : "");
    tell(&s, &s.norms, "Norm");
    tell(&s, &s.cosines, "Cosine");
    status = kedge_text_status(&s.description, "a picture's description");
    if (!status) status = draw(&s, ctx, to);
done:
    kedge_text_release(&s.description);
    kedge_arena_release(&s.arena);
    return status;
}
