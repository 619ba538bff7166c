/* sweep_rows.c - a metric under each setting: violins, swarms and means, one below the other. */
#include <math.h>

#include "base/error.h"
#include "base/sort.h"
#include "draw/sweep_parts.h"

enum { DENSITIES = 96, VIOLIN_LEAST = 5, LABEL_LINES = 3 };

static const double ROW = 40, TIGHT_ROW = 26;     /* heights of a row; of one among many */
static const int MANY = 12;
static const double LABEL_SHARE = 0.36;           /* of the page's width that labels may take */
static const double ABOVE = 380;                  /* pages less wide have labels over their rows */
static const double LABEL_GAP = 8, RIGHT = 8;
static const double RADIUS = 1.9, MEAN_RADIUS = 4;

/* The panel and its rows. */
typedef struct rows {
    kedge_sweep_sheet *sheet;
    int n;                /* shown */
    bool over;            /* labels stand over their rows */
    double label_width, label_height, row; /* label_height: of labels over rows */
    kedge_range range;
    bool log;
    double most;          /* greatest density of all: violins share one scale */
} rows;

/* A group's values in order, as places on the axis: logarithms where that is logarithmic. In the arena. */
static double *sorted_places(const rows *r, const kedge_sweep_group *group)
{
    double *sorted = kedge_arena_alloc(&r->sheet->arena, (size_t)group->n, sizeof *sorted);
    for (int i = 0; sorted && i < group->n; i++) sorted[i] = r->log ? log10(group->values[i]) : group->values[i];
    if (sorted) kedge_sort_reals(sorted, (size_t)group->n);
    return sorted;
}

static double quantile(const double *sorted, int n, double share)
{
    double at = share * (n - 1);
    int low = (int)at;
    return low + 1 < n ? sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]) : sorted[n - 1];
}

/* ---- violins */

static double bandwidth(const double *sorted, int n)
{
    double mean = 0, square = 0;
    for (int i = 0; i < n; i++) mean += sorted[i] / n;
    for (int i = 0; i < n; i++) square += (sorted[i] - mean) * (sorted[i] - mean);
    double sd = sqrt(square / (n - 1)), spread = (quantile(sorted, n, 0.75) - quantile(sorted, n, 0.25)) / 1.34;
    return 0.9 * (spread > 0 ? fmin(sd, spread) : sd) * pow(n, -0.2);
}

/* Densities from the least to the greatest value; false where there is no violin. */
static bool find_density(const double *sorted, int n, double density[DENSITIES])
{
    double width = n >= VIOLIN_LEAST ? bandwidth(sorted, n) : 0, step = (sorted[n - 1] - sorted[0]) / (DENSITIES - 1);
    if (!(width > 0)) return false;
    for (int k = 0; k < DENSITIES; k++) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double off = (sorted[0] + k * step - sorted[i]) / width;
            if (fabs(off) < 6) sum += exp(-off * off / 2);
        }
        density[k] = sum / (n * width);
    }
    return true;
}

static void draw_violin(const rows *r, const kedge_axes *axes, double middle, double half, const double *sorted, int n)
{
    double density[DENSITIES], step = (sorted[n - 1] - sorted[0]) / (DENSITIES - 1);
    if (!find_density(sorted, n, density)) return;
    cairo_new_path(axes->cr);
    for (int side = 0; side < 2; side++)
        for (int k = 0; k < DENSITIES; k++) {
            int i = side == 0 ? k : DENSITIES - 1 - k;
            double place = sorted[0] + i * step, off = half * density[i] / r->most;
            cairo_line_to(axes->cr, kedge_axes_x(axes, r->log ? pow(10, place) : place),
                          middle + (side == 0 ? -off : off));
        }
    cairo_close_path(axes->cr);
    kedge_canvas_ink(axes->cr, r->sheet->theme->series[0], 0.18);
    cairo_fill(axes->cr);
}

/* ---- swarms */

/* Dots in order of their values, each as near to the middle as those before it leave, at steps of a radius; at the
 * rim of the row they overlap. */
static void draw_swarm(const rows *r, const kedge_axes *axes, double middle, double half, const double *sorted, int n)
{
    double at[KEDGE_SWEEP_DOTS][2];
    int shown = n < KEDGE_SWEEP_DOTS ? n : KEDGE_SWEEP_DOTS, first = 0;
    kedge_ink ink = r->sheet->theme->series[0];
    for (int i = 0; i < shown; i++) {
        double place = n == shown ? sorted[i] : quantile(sorted, n, (double)i / (shown - 1));
        double x = kedge_axes_x(axes, r->log ? pow(10, place) : place), off = 0;
        while (first < i && at[first][0] < x - 2 * RADIUS) first++;
        for (int k = 0; k < 2 * (int)(half / RADIUS) + 1; k++) { /* 0, 1, -1, 2, -2, .. radii */
            off = (k % 2 ? (k + 1) / 2 : -k / 2) * RADIUS;
            bool clear = true;
            for (int j = first; j < i && clear; j++) {
                double dx = at[j][0] - x, dy = at[j][1] - off;
                clear = dx * dx + dy * dy >= 3.9 * RADIUS * RADIUS;
            }
            if (clear) break;
        }
        at[i][0] = x, at[i][1] = off;
        kedge_chart_dot(axes->cr, KEDGE_SHAPE_DISC, x, middle + off, RADIUS, ink, r->sheet->theme->panel);
    }
}

static void draw_mean(const rows *r, const kedge_axes *axes, double middle, const kedge_sweep_group *group)
{
    cairo_t *cr = axes->cr;
    double low = kedge_axes_x(axes, group->low), high = kedge_axes_x(axes, group->high);
    for (int rim = 1; rim >= 0 && isfinite(low) && isfinite(high); rim--) {
        kedge_canvas_ink(cr, rim ? r->sheet->theme->panel : r->sheet->theme->ink, 1);
        cairo_set_line_width(cr, rim ? 4 : 2);
        cairo_move_to(cr, low - rim, middle);
        cairo_line_to(cr, high + rim, middle);
        cairo_stroke(cr);
    }
    kedge_chart_dot(cr, KEDGE_SHAPE_DIAMOND, kedge_axes_x(axes, group->mean), middle, MEAN_RADIUS,
                    r->sheet->theme->ink, r->sheet->theme->panel);
}

/* ---- layout */

static kedge_lettering label_style(const kedge_sweep_sheet *sheet, bool small)
{
    return (kedge_lettering){.theme = sheet->theme, .size = small ? sheet->theme->note : sheet->theme->tick,
                             .ink = small ? sheet->theme->muted : sheet->theme->ink};
}

static const char *counts_of(const rows *r, const kedge_sweep_group *group)
{
    if (group->failed == 0) return kedge_arena_format(&r->sheet->arena, "n = %d", group->n);
    return kedge_arena_format(&r->sheet->arena, "n = %d, %d failed", group->n, group->failed);
}

static kedge_status measure(rows *r)
{
    kedge_sweep_sheet *sheet = r->sheet;
    const kedge_sweep_figure *figure = sheet->figure;
    cairo_t *cr = kedge_canvas_measure();
    kedge_lettering large = label_style(sheet, false), small = label_style(sheet, true);
    kedge_status status = KEDGE_OK;
    r->n = figure->n_groups < KEDGE_SWEEP_ROWS ? figure->n_groups : KEDGE_SWEEP_ROWS;
    r->row = r->n > MANY ? TIGHT_ROW : ROW;
    r->over = sheet->inner + 2 * kedge_page_margin < ABOVE;
    for (int g = 0; g < r->n && !status; g++) {
        const kedge_sweep_group *group = &figure->groups[g];
        const char *counts = counts_of(r, group);
        double *sorted = sorted_places(r, group), density[DENSITIES];
        if (!counts || !sorted) status = kedge_fail_memory("a figure");
        if (status) break;
        double width = fmax(kedge_lettering_width(cr, &large, group->label), kedge_lettering_width(cr, &small, counts));
        r->label_width = fmax(r->label_width, width);
        if (group->n == 0 || !find_density(sorted, group->n, density)) continue;
        for (int k = 0; k < DENSITIES; k++) r->most = fmax(r->most, density[k]);
    }
    cairo_destroy(cr);
    r->label_width = r->over ? 0 : fmin(r->label_width, LABEL_SHARE * sheet->inner) + LABEL_GAP;
    r->label_height = r->over ? 1.4 * large.size : 0;
    return status;
}

static void draw_label(const rows *r, const kedge_axes *axes, double top, const kedge_sweep_group *group,
                       const char *counts)
{
    kedge_lettering large = label_style(r->sheet, false), small = label_style(r->sheet, true);
    char lines[LABEL_LINES][KEDGE_LINE];
    cairo_t *cr = axes->cr;
    if (r->over) {
        double counted = kedge_lettering_width(cr, &small, counts), base = top + large.size + 2;
        small.align = KEDGE_ALIGN_RIGHT;
        kedge_lettering_draw(cr, &small, axes->x + axes->width - 3, base, counts);
        if (kedge_lettering_wrap(cr, &large, group->label, axes->width - counted - 12, 1, lines) > 0)
            kedge_lettering_draw(cr, &large, axes->x + 3, base, lines[0]);
        return;
    }
    int most = r->row > TIGHT_ROW ? 2 : 1;
    int n = kedge_lettering_wrap(cr, &large, group->label, r->label_width - LABEL_GAP, most, lines);
    double line = 1.2 * large.size, height = n * line + 1.2 * small.size, y = top + (r->row - height) / 2;
    large.align = small.align = KEDGE_ALIGN_RIGHT;
    for (int i = 0; i < n; i++)
        kedge_lettering_draw(cr, &large, axes->x - LABEL_GAP, y + i * line + large.size, lines[i]);
    kedge_lettering_draw(cr, &small, axes->x - LABEL_GAP, y + n * line + small.size, counts);
}

static kedge_status draw_rows(const rows *r, const kedge_axes *axes)
{
    const kedge_sweep_figure *figure = r->sheet->figure;
    double pitch = r->label_height + r->row;
    for (int g = 0; g < r->n; g++) {
        const kedge_sweep_group *group = &figure->groups[g];
        double top = axes->y + g * pitch, middle = top + r->label_height + r->row / 2, half = 0.44 * r->row;
        const char *counts = counts_of(r, group);
        double *sorted = sorted_places(r, group);
        if (!counts || !sorted) return kedge_fail_memory("a figure");
        if (g > 0) {
            kedge_canvas_ink(axes->cr, r->sheet->theme->grid, 1);
            cairo_set_line_width(axes->cr, 0.6);
            cairo_move_to(axes->cr, axes->x, top);
            cairo_line_to(axes->cr, axes->x + axes->width, top);
            cairo_stroke(axes->cr);
        }
        if (group->n > 0) {
            draw_violin(r, axes, middle, half, sorted, group->n);
            draw_swarm(r, axes, middle, half - RADIUS, sorted, group->n);
            draw_mean(r, axes, middle, group);
        }
        draw_label(r, axes, top, group, counts);
    }
    return KEDGE_OK;
}

static kedge_status write_note(rows *r)
{
    const kedge_sweep_figure *figure = r->sheet->figure;
    int most = 0;
    for (int g = 0; g < r->n; g++) most = figure->groups[g].n > most ? figure->groups[g].n : most;
    kedge_text_add(&r->sheet->note, r->sheet->note.length ? " Dots are runs" : "Dots are runs");
    if (most > KEDGE_SWEEP_DOTS) kedge_text_addf(&r->sheet->note, ", %d at most", KEDGE_SWEEP_DOTS);
    kedge_text_add(&r->sheet->note, "; diamonds are means with their 95% intervals.");
    if (r->n < figure->n_groups)
        kedge_text_addf(&r->sheet->note, " The first %d of %d groups.", r->n, figure->n_groups);
    return kedge_text_status(&r->sheet->note, "a figure");
}

kedge_status kedge_sweep_draw_rows(kedge_sweep_sheet *sheet, const kedge_picture *to)
{
    rows r = {.sheet = sheet};
    r.range = kedge_sweep_range(sheet->figure, false, &r.log);
    kedge_axes_labels labels = {.x = kedge_sweep_axis(sheet, false), .x_numbers = true};
    kedge_status status = measure(&r);
    if (!status) status = write_note(&r);
    if (!status && !labels.x) status = kedge_fail_memory("a figure");
    if (status) return status;
    cairo_t *cr = kedge_canvas_measure();
    sheet->page = (kedge_page){.theme = sheet->theme, .title = sheet->figure->title,
                               .subtitle = sheet->figure->subtitle, .note = kedge_text_string(&sheet->note)};
    kedge_page_fit(&sheet->page, cr, sheet->inner);
    kedge_axes axes = {.cr = cr, .theme = sheet->theme, .x = kedge_page_margin + r.label_width, .y = sheet->page.above,
                       .width = sheet->inner - r.label_width - RIGHT, .height = r.n * (r.label_height + r.row),
                       .across = r.range, .up = {0, 1}, .log_x = r.log};
    kedge_axes_init(&axes);
    axes.y_ticks.n = 0;
    double below = kedge_axes_room_below(&axes, &labels);
    cairo_destroy(cr);
    kedge_canvas_options options = {
        .width = sheet->inner + 2 * kedge_page_margin, .height = axes.y + axes.height + below + sheet->page.below,
        .paper = sheet->theme->paper, .title = sheet->figure->title,
        .description = kedge_text_string(&sheet->description)};
    status = kedge_canvas_init(&sheet->canvas, sheet->ctx, to, &options);
    if (status) return status;
    axes.cr = sheet->canvas.cr;
    kedge_page_draw(&sheet->page, axes.cr, sheet->canvas.options.height);
    kedge_axes_draw_back(&axes);
    status = draw_rows(&r, &axes);
    kedge_axes_draw_front(&axes, &labels);
    return status ? status : kedge_canvas_save(&sheet->canvas);
}
