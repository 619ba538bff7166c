/* losses.c - the figure of a run's losses. */
#include "draw/losses.h"

#include <math.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sort.h"
#include "draw/stack.h"

enum { LEAST_WINDOW = 9, MOST_WINDOW = 999 };

static const double WINDOW = 0.02;     /* of a curve's values */
static const double HEIGHT = 250;      /* of the frame, points */
static const double LOWEST = 1e-9;     /* of the greatest value: the axis goes no lower */
static const double FEW = 0.02;        /* of a curve's points that may lie below the axis */
static const double LATE = 0.88;       /* of the steps: a curve that ends sooner has no name at its end */
static const double PALE = 0.28;       /* how much of its ink a trace of single values shows */
static const double DOT = 0.42;        /* the same for one that is drawn as dots */

/* A curve as it is drawn: its values where it has some, a NaN wherever it breaks. */
typedef struct trace {
    const kedge_loss_curve *curve;
    kedge_line_style style;
    int n, n_values;        /* points with the breaks, and without */
    double *at, *raw, *smooth; /* [n] */
    int first, last;        /* steps between which it has values */
    double begins, ends;    /* smoothed */
    int window;
    bool sparse;            /* less than half of its steps have a value: dots */
} trace;

typedef struct sheet {
    const kedge_losses_figure *figure;
    const kedge_theme *theme;
    kedge_arena arena;
    kedge_text description, note;
    int n;
    trace *traces;
    kedge_entry *entries; /* [n] */
    kedge_range range;
} sheet;

/* ---- smoothing */

/* smooth[i] = the mean of the values from i - half to i + half, as far as there are such. The sum moves along; made
 * anew now and then, it does not carry the rounding of large early values into small late ones. */
static void move_mean(int n, const double *values, int half, double *smooth)
{
    enum { ANEW = 128 };
    double sum = 0;
    for (int i = 0; i < n; i++) {
        int from = i > half ? i - half : 0, end = i + half < n ? i + half + 1 : n;
        if (i % ANEW == 0) {
            sum = 0;
            for (int k = from; k < end; k++) sum += values[k];
        } else {
            if (i > half) sum -= values[i - half - 1];
            if (i + half < n) sum += values[i + half];
        }
        smooth[i] = fmax(sum, 0) / (end - from);
    }
}

static bool has_value(const kedge_loss_curve *curve, int step)
{
    return isfinite(curve->values[step]) && !(curve->is_labelled && curve->values[step] == 0);
}

static void add_point(trace *t, double at, double value)
{
    t->at[t->n] = at;
    t->raw[t->n++] = value;
}

/* The values of a curve, with a break after each stretch of steps at which it was active. */
static void collect(trace *t, int steps)
{
    bool open = false;
    t->first = t->last = -1;
    for (int step = 0; step < steps; step++) {
        if (!isfinite(t->curve->values[step]) && open) add_point(t, step, NAN), open = false;
        if (!has_value(t->curve, step)) continue;
        add_point(t, step, t->curve->values[step]);
        open = true;
        t->n_values++;
        if (t->first < 0) t->first = step;
        t->last = step;
    }
}

static kedge_status trace_curve(sheet *s, const kedge_loss_curve *curve, trace *t)
{
    size_t room = (size_t)s->figure->steps + 1;
    t->curve = curve;
    t->at = kedge_arena_alloc(&s->arena, room, sizeof *t->at);
    t->raw = kedge_arena_alloc(&s->arena, room, sizeof *t->raw);
    t->smooth = kedge_arena_alloc(&s->arena, room, sizeof *t->smooth);
    if (!t->at || !t->raw || !t->smooth) return kedge_fail_memory("a figure");
    collect(t, s->figure->steps);
    int half = (int)fmin(fmax(WINDOW * t->n_values, LEAST_WINDOW), MOST_WINDOW) / 2;
    t->window = 2 * half + 1;
    t->sparse = t->n_values < (t->last - t->first + 1) / 2;
    for (int i = 0, end; i < t->n; i = end + 1) {
        for (end = i; end < t->n && !isnan(t->raw[end]); end++) continue;
        move_mean(end - i, t->raw + i, half, t->smooth + i);
        if (end < t->n) t->smooth[end] = NAN;
    }
    for (int i = 0; i < t->n; i++)
        if (!(t->raw[i] > 0)) t->raw[i] = NAN; /* nowhere on the axis */
    for (int i = 0, seen = 0; i < t->n; i++) {
        if (isnan(t->smooth[i])) continue;
        if (seen++ == 0) t->begins = t->smooth[i];
        t->ends = t->smooth[i];
    }
    return KEDGE_OK;
}

static bool has_positive(const kedge_loss_curve *curve, int steps)
{
    for (int i = 0; i < steps; i++)
        if (isfinite(curve->values[i]) && curve->values[i] > 0) return true;
    return false;
}

static kedge_status make_traces(sheet *s, const char *path)
{
    const kedge_losses_figure *figure = s->figure;
    s->traces = kedge_arena_alloc(&s->arena, (size_t)figure->n_curves, sizeof *s->traces);
    s->entries = kedge_arena_alloc(&s->arena, (size_t)figure->n_curves, sizeof *s->entries);
    if (!s->traces || !s->entries) return kedge_fail_memory("a figure");
    int series = 0;
    for (int c = 0; c < figure->n_curves; c++) {
        const kedge_loss_curve *curve = &figure->curves[c];
        kedge_line_style style = curve->is_task ? (kedge_line_style){.ink = s->theme->ink, .width = 2.2}
                                                : kedge_chart_style(s->theme, series++);
        if (!has_positive(curve, figure->steps)) continue;
        trace *t = &s->traces[s->n];
        kedge_status status = trace_curve(s, curve, t);
        if (status) return status;
        t->style = style;
        s->entries[s->n++] = (kedge_entry){.text = curve->name, .style = style, .shape = KEDGE_SHAPE_NONE,
                                           .end = t->ends};
    }
    if (s->n > 0) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "%s: cannot draw losses none of which is ever above 0", path);
}

/* ---- drawing */

static void draw_values(const kedge_axes *axes, const trace *t)
{
    kedge_line_style pale = t->style;
    pale.alpha = t->sparse ? DOT : PALE, pale.width = 0.6, pale.dash = 0;
    if (t->sparse) pale.width = 2 * fmin(fmax(1.1 * sqrt(200.0 / t->n_values), 0.5), 1.1);
    if (t->sparse) kedge_chart_dots(axes, t->n, t->at, t->raw, &pale);
    else kedge_chart_line(axes, t->n, t->at, t->raw, &pale);
}

static void draw_traces(const kedge_axes *axes, const void *data)
{
    const sheet *s = data;
    for (int i = 0; i < s->n; i++) draw_values(axes, &s->traces[i]);
    for (int task = 0; task < 2; task++)
        for (int i = 0; i < s->n; i++) {
            const trace *t = &s->traces[i];
            if (t->curve->is_task == task) kedge_chart_line(axes, t->n, t->at, t->smooth, &t->style);
        }
}

/* The least of a smooth curve but for a few values, on its way to 0, say; INFINITY without any above 0. 'sorted' is
 * scratch. */
static double low_of(const trace *t, double *sorted)
{
    int n = 0;
    for (int i = 0; i < t->n; i++)
        if (t->smooth[i] > 0) sorted[n++] = t->smooth[i];
    kedge_sort_reals(sorted, (size_t)n);
    return n > 0 ? sorted[t->curve->is_task ? 0 : (int)(FEW * n)] : INFINITY;
}

/* All that is smooth, and the task's own values; single values of others may lie outside. */
static kedge_status find_range(sheet *s)
{
    kedge_range range = {INFINITY, 0};
    double *sorted = kedge_arena_alloc(&s->arena, (size_t)s->figure->steps + 1, sizeof *sorted);
    if (!sorted) return kedge_fail_memory("a figure");
    for (int i = 0; i < s->n; i++) {
        const trace *t = &s->traces[i];
        range.min = fmin(range.min, low_of(t, sorted));
        for (int k = 0; k < t->n; k++) {
            double most = t->curve->is_task ? t->raw[k] : t->smooth[k];
            if (most > range.max) range.max = most;
        }
    }
    range.min = fmax(range.min, LOWEST * range.max);
    s->range = kedge_chart_widen(range, 0.06, 10, true);
    return KEDGE_OK;
}

/* ---- words */

static void tell(sheet *s, const trace *t)
{
    kedge_text *out = &s->description;
    kedge_text_addf(out, " %s:", t->curve->name);
    if (t->first > 0 || t->last < s->figure->steps - 1 || t->sparse)
        kedge_text_addf(out, " %d values between steps %d and %d,", t->n_values, t->first, t->last);
    kedge_text_add_real(out, " %.3g at first,", t->begins);
    kedge_text_add_real(out, " %.3g at the end.", t->ends);
}

static kedge_status describe(sheet *s)
{
    int least = s->traces[0].window, most = least;
    bool sparse = false;
    const char *caveat = s->figure->caveat;
    kedge_text_addf(&s->description, "Losses over %d steps, each as its mean over a moving window%s%s.",
                    s->figure->steps, caveat ? "; " : "", caveat ? caveat : "");
    for (int i = 0; i < s->n; i++) {
        if (s->traces[i].window < least) least = s->traces[i].window;
        if (s->traces[i].window > most) most = s->traces[i].window;
        sparse |= s->traces[i].curve->is_labelled;
        tell(s, &s->traces[i]);
    }
    kedge_text_add(&s->note, "Lines are means of the nearest ");
    if (least < most) kedge_text_addf(&s->note, "%d to ", least);
    kedge_text_addf(&s->note, "%d values; behind them, pale, the values.", most);
    if (sparse) kedge_text_add(&s->note, " Labelled terms have one where a batch has a labelled sample.");
    kedge_status status = kedge_text_status(&s->description, "a picture's description");
    return status ? status : kedge_text_status(&s->note, "a figure");
}

/* ---- the figure */

static kedge_status draw(sheet *s, kedge_context *ctx, const kedge_picture *to)
{
    const kedge_losses_figure *figure = s->figure;
    double end = figure->steps > 1 ? figure->steps - 1 : 1;
    bool at_ends = true;
    for (int i = 0; i < s->n; i++) at_ends &= s->traces[i].last >= LATE * end;
    kedge_stack_panel panel = {.y = "loss of a batch", .up = s->range, .log_y = true, .height = HEIGHT,
                               .n_entries = s->n, .entries = s->entries, .at_ends = at_ends, .data = s,
                               .draw = draw_traces};
    kedge_stack stack = {
        .title = figure->title, .subtitle = figure->subtitle, .note = kedge_text_string(&s->note),
        .description = kedge_text_string(&s->description), .x = "step", .across = {0, end},
        .n_stretches = figure->n_phases, .stretches = figure->phases, .n_places = figure->n_actions,
        .places = figure->actions, .n = 1, .panels = &panel};
    return kedge_draw_stack(ctx, &stack, to);
}

kedge_status kedge_draw_losses(kedge_context *ctx, const kedge_losses_figure *figure, const kedge_picture *to)
{
    sheet s = {.figure = figure, .theme = kedge_theme_of(to->dark)};
    if (figure->n_curves < 1 || figure->steps < 1)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d losses of %d steps; there must be at least one of each",
                          to->path, figure->n_curves, figure->steps);
    kedge_arena_init(&s.arena, ctx);
    kedge_text_init(&s.description, ctx);
    kedge_text_init(&s.note, ctx);
    kedge_status status = make_traces(&s, to->path);
    if (!status) status = find_range(&s);
    if (!status) status = describe(&s);
    if (!status) status = draw(&s, ctx, to);
    kedge_text_release(&s.note);
    kedge_text_release(&s.description);
    kedge_arena_release(&s.arena);
    return status;
}
