/* sweep_scatter.c - two metrics against each other: runs, means of groups, and the front. */
#include <math.h>

#include "base/error.h"
#include "draw/legend.h"
#include "draw/sweep_parts.h"

enum { NAMED_MAX = 12, RUNS_MAX = 6000, FRONT_MAX = 512 };

static const double RIGHT = 8, ASPECT = 0.72, TALLEST = 380;

/* Where things of the panel are, and what they look like. */
typedef struct scatter {
    kedge_sweep_sheet *sheet;
    kedge_range across, up;
    bool log_x, log_y;
    int n_entries;
    kedge_entry entries[NAMED_MAX + 3];
    bool each; /* every group has a look of its own; else the front's have one and the others another */
} scatter;

static kedge_ink ink_of(const scatter *s, int group)
{
    const kedge_theme *theme = s->sheet->theme;
    if (s->each) return theme->series[group % KEDGE_SERIES];
    return s->sheet->figure->groups[group].front ? theme->series[1] : theme->series[0];
}

static kedge_shape shape_of(const scatter *s, int group)
{
    static const kedge_shape shapes[] = {KEDGE_SHAPE_DISC, KEDGE_SHAPE_SQUARE, KEDGE_SHAPE_TRIANGLE,
                                         KEDGE_SHAPE_DIAMOND, KEDGE_SHAPE_CROSS};
    if (s->each) return shapes[group % 5];
    return s->sheet->figure->groups[group].front ? KEDGE_SHAPE_DIAMOND : KEDGE_SHAPE_DISC;
}

static kedge_line_style front_style(const kedge_theme *theme)
{
    return (kedge_line_style){.ink = theme->ink, .width = 1.2, .dash = 1};
}

static void add_entry(scatter *s, const char *text, kedge_ink ink, int shape, double width, int dash)
{
    s->entries[s->n_entries++] =
        (kedge_entry){.text = text, .style = {.ink = ink, .width = width, .dash = dash}, .shape = shape};
}

static void make_legend(scatter *s)
{
    const kedge_sweep_figure *figure = s->sheet->figure;
    const kedge_theme *theme = s->sheet->theme;
    s->each = figure->n_groups <= NAMED_MAX;
    for (int g = 0; s->each && figure->n_groups > 1 && g < figure->n_groups; g++)
        add_entry(s, figure->groups[g].label, ink_of(s, g), shape_of(s, g), -1, 0);
    if (!s->each) add_entry(s, "groups on the front", theme->series[1], KEDGE_SHAPE_DIAMOND, -1, 0);
    if (!s->each) add_entry(s, "other groups", theme->series[0], KEDGE_SHAPE_DISC, -1, 0);
    kedge_line_style front = front_style(theme);
    add_entry(s, figure->n_groups > 1 ? "Pareto front of the means" : "Pareto front of the runs", front.ink,
              KEDGE_SHAPE_NONE, front.width, front.dash);
}

/* ---- drawing */

static void draw_runs(const scatter *s, const kedge_axes *axes)
{
    const kedge_sweep_figure *figure = s->sheet->figure;
    int total = 0;
    for (int g = 0; g < figure->n_groups; g++) total += figure->groups[g].n;
    int stride = 1 + total / RUNS_MAX;
    double least = total > 500 ? 1.6 : 2.4;
    for (int g = 0; g < figure->n_groups; g++) {
        kedge_line_style style = {.ink = ink_of(s, g), .alpha = figure->n_groups > 1 ? 0.32 : 0.7, .width = 2 * least};
        const kedge_sweep_group *group = &figure->groups[g];
        for (int i = 0; i < group->n; i += stride)
            kedge_chart_dots(axes, 1, &group->values[i], &group->others[i], &style);
    }
}

/* A group's mean with both intervals. */
static void draw_mean(const scatter *s, const kedge_axes *axes, int g)
{
    const kedge_sweep_group *group = &s->sheet->figure->groups[g];
    cairo_t *cr = axes->cr;
    double x = kedge_axes_x(axes, group->mean), y = kedge_axes_y(axes, group->other_mean);
    kedge_canvas_ink(cr, ink_of(s, g), 1);
    cairo_set_line_width(cr, 1.1);
    if (isfinite(group->low) && isfinite(group->other_low)) {
        cairo_move_to(cr, kedge_axes_x(axes, group->low), y);
        cairo_line_to(cr, kedge_axes_x(axes, group->high), y);
        cairo_move_to(cr, x, kedge_axes_y(axes, group->other_low));
        cairo_line_to(cr, x, kedge_axes_y(axes, group->other_high));
        cairo_stroke(cr);
    }
    kedge_chart_dot(cr, shape_of(s, g), x, y, 4.4, ink_of(s, g), s->sheet->theme->panel);
}

/* The border of what is beaten: a stair through the front, from the best of the one metric to the best of the other. */
static void draw_front(const scatter *s, const kedge_axes *axes)
{
    const kedge_sweep_figure *figure = s->sheet->figure;
    double x[FRONT_MAX], y[FRONT_MAX];
    int n = 0;
    for (int g = 0; figure->n_groups > 1 && g < figure->n_groups && n < FRONT_MAX; g++)
        if (figure->groups[g].front) x[n] = figure->groups[g].mean, y[n++] = figure->groups[g].other_mean;
    for (int i = 0; figure->n_groups == 1 && i < figure->n_front && n < FRONT_MAX; i++)
        x[n] = figure->front[i], y[n++] = figure->front_others[i];
    for (int i = 1; i < n; i++) /* by the first metric */
        for (int k = i; k > 0 && x[k - 1] > x[k]; k--) {
            double a = x[k], b = y[k];
            x[k] = x[k - 1], y[k] = y[k - 1], x[k - 1] = a, y[k - 1] = b;
        }
    double xs[2 * FRONT_MAX], ys[2 * FRONT_MAX];
    int m = 0;
    for (int i = 0; i < n; i++) {
        if (i > 0) { /* the corner is as bad as both: beaten, or just not */
            xs[m] = figure->more ? x[i - 1] : x[i];
            ys[m++] = figure->more ? y[i] : y[i - 1];
        }
        xs[m] = x[i], ys[m++] = y[i];
    }
    kedge_line_style style = front_style(s->sheet->theme);
    kedge_chart_line(axes, m, xs, ys, &style);
}

static bool outside(double value, kedge_range range)
{
    return value < range.min || value > range.max;
}

static kedge_status write_note(const scatter *s)
{
    const kedge_sweep_figure *figure = s->sheet->figure;
    kedge_text *note = &s->sheet->note;
    int away = 0, total = 0;
    for (int g = 0; g < figure->n_groups; g++)
        for (int i = 0; i < figure->groups[g].n; i++, total++)
            away += outside(figure->groups[g].values[i], s->across) || outside(figure->groups[g].others[i], s->up);
    kedge_text_addf(note, "%sDots are runs", note->length ? " " : "");
    if (figure->n_groups > 1) kedge_text_add(note, ", shapes means of groups with their 95% intervals");
    kedge_text_add(note, ".");
    if (away > 0) kedge_text_addf(note, " %d of %d runs lie outside.", away, total);
    return kedge_text_status(note, "a figure");
}

/* The panel with its place on the page; the legend stands above it. */
static kedge_axes lay_out(scatter *s, kedge_axes_labels *labels, double *below)
{
    kedge_sweep_sheet *sheet = s->sheet;
    cairo_t *cr = kedge_canvas_measure();
    kedge_page_fit(&sheet->page, cr, sheet->inner);
    kedge_axes axes = {.cr = cr, .theme = sheet->theme, .width = sheet->inner, .height = fmin(TALLEST, sheet->inner),
                       .across = s->across, .up = s->up, .log_x = s->log_x, .log_y = s->log_y};
    kedge_axes_init(&axes);
    labels->number_width = kedge_axes_number_width(&axes);
    double left = kedge_axes_room_left(&axes, labels);
    axes.width = sheet->inner - left - RIGHT;
    axes.height = fmin(TALLEST, axes.width * (axes.width < 300 ? 1 : ASPECT));
    axes.x = kedge_page_margin + left;
    axes.y = sheet->page.above + 4 + kedge_legend_height(cr, sheet->theme, s->n_entries, s->entries, axes.width);
    kedge_axes_init(&axes);
    *below = kedge_axes_room_below(&axes, labels);
    cairo_destroy(cr);
    return axes;
}

kedge_status kedge_sweep_draw_scatter(kedge_sweep_sheet *sheet, const kedge_picture *to)
{
    const kedge_sweep_figure *figure = sheet->figure;
    scatter s = {.sheet = sheet};
    s.across = kedge_sweep_range(figure, false, &s.log_x);
    s.up = kedge_sweep_range(figure, true, &s.log_y);
    make_legend(&s);
    kedge_axes_labels labels = {.x = kedge_sweep_axis(sheet, false), .y = kedge_sweep_axis(sheet, true),
                                .x_numbers = true, .y_numbers = true};
    if (!labels.x || !labels.y) return kedge_fail_memory("a figure");
    kedge_status status = write_note(&s);
    if (status) return status;
    sheet->page = (kedge_page){.theme = sheet->theme, .title = figure->title, .subtitle = figure->subtitle,
                               .note = kedge_text_string(&sheet->note)};
    double below;
    kedge_axes axes = lay_out(&s, &labels, &below);
    kedge_canvas_options options = {
        .width = sheet->inner + 2 * kedge_page_margin, .height = axes.y + axes.height + below + sheet->page.below,
        .paper = sheet->theme->paper, .title = figure->title, .description = kedge_text_string(&sheet->description)};
    status = kedge_canvas_init(&sheet->canvas, sheet->ctx, to, &options);
    if (status) return status;
    axes.cr = sheet->canvas.cr;
    kedge_page_draw(&sheet->page, axes.cr, sheet->canvas.options.height);
    kedge_legend_draw(axes.cr, sheet->theme, axes.x, sheet->page.above, axes.width, s.n_entries, s.entries);
    kedge_axes_draw_back(&axes);
    kedge_axes_clip(&axes);
    draw_runs(&s, &axes);
    draw_front(&s, &axes);
    for (int g = 0; g < figure->n_groups; g++)
        if (figure->groups[g].n > 0 && figure->n_groups > 1) draw_mean(&s, &axes, g);
    kedge_axes_unclip(&axes);
    kedge_axes_draw_front(&axes, &labels);
    return kedge_canvas_save(&sheet->canvas);
}
