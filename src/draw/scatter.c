/* scatter.c - figures of coloured points with curves among them. */
#include "draw/scatter.h"

#include <math.h>

#include "base/error.h"
#include "draw/chart.h"
#include "draw/marker.h"
#include "draw/points.h"
#include "draw/scatter_panel.h"

/* A panel while it is drawn. */
typedef struct cloud {
    const kedge_scatter_panel *panel;
    kedge_points points;
    kedge_marker *markers;
} cloud;

/* ---- what may be drawn ---- */

static kedge_status check_panel(const kedge_scatter_panel *panel, int number, const char *path)
{
    for (int i = 0; i < panel->n; i++) {
        const float *c = panel->rgb + 3 * (size_t)i;
        if (!isfinite(panel->at[i][0]) || !isfinite(panel->at[i][1]) || !isfinite(c[0] + c[1] + c[2]))
            return kedge_fail(KEDGE_ENUMERIC,
                              "%s: cannot draw: point %d of panel %d lies at (%g, %g) and has colour (%g, %g, %g); all "
                              "must be finite", path, i, number, panel->at[i][0], panel->at[i][1], (double)c[0],
                              (double)c[1], (double)c[2]);
    }
    for (int i = 0; i < panel->n_marks; i++)
        if (!isfinite(panel->marks[i].x) || !isfinite(panel->marks[i].y))
            return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: mark %d of panel %d lies at (%g, %g)", path, i, number,
                              panel->marks[i].x, panel->marks[i].y);
    if (panel->shaded && !isfinite(panel->shaded_to))
        return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: panel %d is shaded up to %g", path, number,
                          panel->shaded_to);
    if (panel->x_min > panel->x_max || !isfinite(panel->x_max - panel->x_min))
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw x from %g to %g in panel %d", path, panel->x_min,
                          panel->x_max, number);
    return KEDGE_OK;
}

kedge_status kedge_scatter_check(const kedge_scatter_figure *figure, const char *path)
{
    if (figure->n < 1) return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d panels", path, figure->n);
    if (!(figure->x_min < figure->x_max) || !isfinite(figure->x_max - figure->x_min) || !(figure->y_max >= 0))
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw x from %g to %g and y up to %g", path, figure->x_min,
                          figure->x_max, figure->y_max);
    kedge_status status = KEDGE_OK;
    for (int i = 0; !status && i < figure->n; i++) status = check_panel(&figure->panels[i], i, path);
    return status;
}

/* ---- a panel ---- */

static void raise(double *most, double value)
{
    if (isfinite(value) && value > *most) *most = value;
}

kedge_range kedge_scatter_up(const kedge_scatter_figure *figure)
{
    double most = figure->y_max;
    for (int p = 0; figure->y_max == 0 && p < figure->n; p++) {
        const kedge_scatter_panel *panel = &figure->panels[p];
        for (int i = 0; i < panel->n; i++) raise(&most, panel->at[i][1]);
        for (int i = 0; i < panel->n_marks; i++) raise(&most, panel->marks[i].y);
        for (int c = 0; c < panel->n_curves; c++)
            for (int i = 0; i < panel->curves[c].n; i++) raise(&most, panel->curves[c].y[i]);
    }
    if (most < 1e-300) most = 1;
    return (kedge_range){-0.03 * most, 1.08 * most};
}

static kedge_line_style style_of(const kedge_theme *theme, int kind)
{
    const kedge_line_style styles[KEDGE_CURVES] = {
        [KEDGE_CURVE_MAIN] = {.ink = theme->ink, .width = 1.3},
        [KEDGE_CURVE_DASHED] = {.ink = theme->ink, .width = 1.2, .dash = 1},
        [KEDGE_CURVE_DOTTED] = {.ink = theme->muted, .width = 1.3, .dash = 2},
    };
    return styles[kind];
}

/* Curves over the points have a rim, which lifts them off; no rim lies on another curve. */
static void draw_curves(const kedge_axes *axes, const kedge_scatter_panel *panel, bool under)
{
    for (int pass = under ? 1 : 0; pass < 2; pass++)
        for (int i = 0; i < panel->n_curves; i++) {
            const kedge_scatter_curve *curve = &panel->curves[i];
            if (curve->under != under) continue;
            kedge_line_style line = style_of(axes->theme, curve->kind);
            if (pass == 0)
                line = (kedge_line_style){.ink = axes->theme->panel, .alpha = 0.75, .width = line.width + 1.8};
            if (curve->stairs) kedge_chart_stairs(axes, curve->n, curve->x, curve->y, &line);
            else kedge_chart_line(axes, curve->n, curve->x, curve->y, &line);
        }
}

static void draw(const kedge_panel *panel, const kedge_axes *axes)
{
    const cloud *c = panel->data;
    kedge_points points = c->points;
    points.radius = 0.8 * kedge_points_radius(points.n > 0 ? points.n : 1, axes->width * axes->height);
    for (int i = 0; i < points.n; i++) {
        points.at[i][0] = kedge_axes_x(axes, c->panel->at[i][0]);
        points.at[i][1] = kedge_axes_y(axes, c->panel->at[i][1]);
    }
    if (c->panel->shaded) {
        cairo_rectangle(axes->cr, axes->x, axes->y, kedge_axes_x(axes, c->panel->shaded_to) - axes->x, axes->height);
        kedge_canvas_ink(axes->cr, axes->theme->series[0], 0.12);
        cairo_fill(axes->cr);
    }
    draw_curves(axes, c->panel, true);
    kedge_points_draw(axes->cr, axes->theme, &points);
    draw_curves(axes, c->panel, false);
}

static void draw_over(const kedge_panel *panel, const kedge_axes *axes)
{
    const cloud *c = panel->data;
    kedge_points points = c->points; /* where draw put them */
    points.radius = 2;
    for (int i = 0; i < c->panel->n_marks; i++) {
        const kedge_scatter_mark *mark = &c->panel->marks[i];
        c->markers[i] = (kedge_marker){
            .label = mark->label, .x = kedge_axes_x(axes, mark->x), .y = kedge_axes_y(axes, mark->y)};
    }
    kedge_markers_place(c->markers, c->panel->n_marks, axes, &points);
    kedge_markers_draw(c->markers, c->panel->n_marks, axes);
}

static double clamp01(float value)
{
    return value < 0 ? 0 : value > 1 ? 1 : (double)value;
}

kedge_status kedge_scatter_panel_init(kedge_panel *panel, kedge_arena *arena, const kedge_scatter_figure *figure,
                                      int i)
{
    const kedge_scatter_panel *from = &figure->panels[i];
    size_t n = (size_t)from->n;
    cloud *c = kedge_arena_alloc(arena, 1, sizeof *c);
    double(*at)[2] = kedge_arena_alloc(arena, n, sizeof *at);
    kedge_depth *order = kedge_arena_alloc(arena, n, sizeof *order);
    kedge_ink *ink = kedge_arena_alloc(arena, n, sizeof *ink);
    kedge_marker *markers = kedge_arena_alloc(arena, (size_t)from->n_marks, sizeof *markers);
    if (!c || !at || !order || !ink || !markers) return kedge_fail_memory("a figure");
    *c = (cloud){.panel = from, .markers = markers, .points = {.n = from->n, .at = at, .ink = ink, .order = order}};
    for (size_t p = 0; p < n; p++) {
        const float *rgb = from->rgb + 3 * p;
        ink[p] = (kedge_ink){clamp01(rgb[0]), clamp01(rgb[1]), clamp01(rgb[2])};
        order[p] = (kedge_depth){-from->at[p][1], (int)p}; /* the largest on top */
    }
    kedge_points_sort(&c->points);
    bool own = from->x_min < from->x_max;
    *panel = (kedge_panel){
        .title = from->title, .up = kedge_scatter_up(figure),
        .x = from->x ? from->x : figure->x, .y = figure->y, .degrees = figure->degrees, .aspect = 0.72, .data = c,
        .draw = draw, .draw_over = from->n_marks > 0 ? draw_over : NULL,
    };
    panel->across = own ? (kedge_range){from->x_min, from->x_max} : (kedge_range){figure->x_min, figure->x_max};
    for (int a = 0; a < KEDGE_PANEL_ASIDES && a < KEDGE_SCATTER_ASIDES; a++) panel->asides[a] = from->asides[a];
    return KEDGE_OK;
}

int kedge_scatter_legend(kedge_entry entries[KEDGE_CURVES], const kedge_theme *theme,
                         const kedge_scatter_figure *figure)
{
    bool there[KEDGE_CURVES] = {false};
    int n = 0;
    for (int p = 0; p < figure->n; p++)
        for (int c = 0; c < figure->panels[p].n_curves; c++) there[figure->panels[p].curves[c].kind] = true;
    for (int kind = 0; kind < KEDGE_CURVES; kind++)
        if (there[kind] && figure->names[kind])
            entries[n++] = (kedge_entry){
                .text = figure->names[kind], .style = style_of(theme, kind), .shape = KEDGE_SHAPE_NONE};
    return n;
}

/* ---- the figure ---- */

kedge_status kedge_draw_scatter(kedge_context *ctx, const kedge_scatter_figure *figure, const kedge_picture *to)
{
    kedge_arena arena;
    kedge_entry entries[KEDGE_CURVES];
    const kedge_theme *theme = kedge_theme_of(to->dark);
    kedge_status status = kedge_scatter_check(figure, to->path);
    if (status) return status;
    kedge_arena_init(&arena, ctx);
    kedge_panel *list = kedge_arena_alloc(&arena, (size_t)figure->n, sizeof *list);
    if (!list) status = kedge_fail_memory("a figure");
    for (int i = 0; !status && i < figure->n; i++) status = kedge_scatter_panel_init(&list[i], &arena, figure, i);
    kedge_panels panels = {
        .title = figure->title, .subtitle = figure->subtitle, .note = figure->note, .description = figure->description,
        .n = figure->n, .list = list, .rows = 1, .columns = 2,
        .wide = figure->n == 1 ? 340 : 240, .narrow = 150,
        .n_entries = kedge_scatter_legend(entries, theme, figure), .entries = entries,
    };
    if (!status) status = kedge_draw_panels(ctx, &panels, to);
    kedge_arena_release(&arena);
    return status;
}
