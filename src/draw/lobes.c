/* lobes.c - the figure of what edits do by angle: a lobe about the direction, and the same as a chart. */
#include "draw/lobes.h"

#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "draw/chart.h"
#include "draw/lettering.h"
#include "draw/panels.h"
#include "draw/scatter_panel.h"

static const double RADIAN = M_PI / 180;
/* What a polar panel shows, in radii: room for the angles' numbers around the half disc. */
static const double SIDE = 1.34, TOP = 1.26, BOTTOM = -0.08;
static const double AWAY = 10; /* of the middle of such a number from the rim, points */

static kedge_status check(const kedge_lobes_figure *figure, const char *path)
{
    if (figure->n < 1) return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d lobes", path, figure->n);
    for (int i = 0; i < figure->n; i++) {
        const kedge_lobe *lobe = &figure->lobes[i];
        if (lobe->n < 2)
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw a lobe of %d samples; there must be two", path, lobe->n);
        for (int k = 0; k < lobe->n; k++)
            if (!isfinite(lobe->degrees[k] + lobe->strength[k]) || (lobe->left && !isfinite(lobe->left[k])))
                return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: sample %d of lobe %d is no number", path, k, i);
    }
    return KEDGE_OK;
}

/* ---- the lobe ---- */

/* A polar panel while it is drawn. */
typedef struct dial {
    const kedge_lobe *lobe;
    double radius; /* largest strength of any lobe, at least 1: that of the half disc */
} dial;

static void polar(const kedge_axes *axes, double degrees, double r, double *x, double *y)
{
    *x = kedge_axes_x(axes, r * sin(degrees * RADIAN));
    *y = kedge_axes_y(axes, r * cos(degrees * RADIAN));
}

static void ray(const kedge_axes *axes, double degrees, double r)
{
    double x, y;
    cairo_move_to(axes->cr, kedge_axes_x(axes, 0), kedge_axes_y(axes, 0));
    polar(axes, degrees, r, &x, &y);
    cairo_line_to(axes->cr, x, y);
}

static void draw_web(const kedge_axes *axes, double radius)
{
    cairo_t *cr = axes->cr;
    double x = kedge_axes_x(axes, 0), y = kedge_axes_y(axes, 0), unit = y - kedge_axes_y(axes, 1);
    cairo_new_path(cr);
    for (double r = 0.5; r <= radius + 1e-9; r += 0.5) {
        cairo_new_sub_path(cr);
        cairo_arc(cr, x, y, r * unit, -M_PI, 0);
    }
    for (int degrees = -90; degrees <= 90; degrees += 30) ray(axes, degrees, radius);
    kedge_canvas_ink(cr, axes->theme->rule, 1);
    cairo_set_line_width(cr, 0.6);
    cairo_stroke(cr);
}

/* The outline of a lobe on both sides of the direction. */
static void lobe_path(const kedge_axes *axes, const kedge_lobe *lobe, const double *r)
{
    for (int side = -1; side <= 1; side += 2)
        for (int i = 0; i < lobe->n; i++) {
            int k = side < 0 ? lobe->n - 1 - i : i;
            double x, y;
            polar(axes, side * lobe->degrees[k], fmax(0, r[k]), &x, &y);
            if (side < 0 && i == 0) cairo_move_to(axes->cr, x, y);
            else cairo_line_to(axes->cr, x, y);
        }
}

static void draw_dial(const kedge_panel *panel, const kedge_axes *axes)
{
    const dial *d = panel->data;
    cairo_t *cr = axes->cr;
    kedge_ink ink = axes->theme->series[0];
    double dashes[] = {3, 2.4};
    draw_web(axes, d->radius);
    cairo_new_path(cr);
    lobe_path(axes, d->lobe, d->lobe->strength);
    cairo_close_path(cr);
    kedge_canvas_ink(cr, ink, 0.3);
    cairo_fill_preserve(cr);
    kedge_canvas_ink(cr, ink, 1);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, 1.4);
    cairo_stroke(cr);
    cairo_set_dash(cr, dashes, 2, 0);
    if (d->lobe->left) {
        lobe_path(axes, d->lobe, d->lobe->left);
        kedge_canvas_ink(cr, axes->theme->series[1], 1);
        cairo_stroke(cr);
    }
    if (d->lobe->from < 90) {
        ray(axes, -d->lobe->from, d->radius);
        ray(axes, d->lobe->from, d->radius);
        kedge_canvas_ink(cr, axes->theme->muted, 1);
        cairo_set_line_width(cr, 0.9);
        cairo_stroke(cr);
    }
    cairo_set_dash(cr, NULL, 0, 0);
}

/* The direction as an arrow, and the angles about it. */
static void draw_dial_over(const kedge_panel *panel, const kedge_axes *axes)
{
    const dial *d = panel->data;
    cairo_t *cr = axes->cr;
    kedge_lettering number = {.theme = axes->theme, .size = axes->theme->note, .ink = axes->theme->muted,
                              .align = KEDGE_ALIGN_CENTRE};
    kedge_lettering name = {.theme = axes->theme, .size = axes->theme->label, .ink = axes->theme->ink,
                            .align = KEDGE_ALIGN_CENTRE, .symbol = true};
    double x, y, base = kedge_axes_y(axes, 0);
    for (int degrees = -90; degrees <= 90; degrees += 30) {
        char text[16];
        snprintf(text, sizeof text, "%d\xc2\xb0", degrees < 0 ? -degrees : degrees);
        polar(axes, degrees, d->radius, &x, &y);
        x += AWAY * sin(degrees * RADIAN), y -= (AWAY - 3) * cos(degrees * RADIAN);
        if (degrees != 0) kedge_lettering_draw(cr, &number, x, y + kedge_lettering_height(&number) / 2, text);
    }
    polar(axes, 0, d->radius, &x, &y);
    cairo_new_path(cr);
    cairo_move_to(cr, x, base);
    cairo_line_to(cr, x, y + 3);
    kedge_canvas_ink(cr, axes->theme->ink, 1);
    cairo_set_line_width(cr, 1.1);
    cairo_stroke(cr);
    cairo_move_to(cr, x, y - 1);
    cairo_line_to(cr, x - 2.6, y + 5);
    cairo_line_to(cr, x + 2.6, y + 5);
    cairo_close_path(cr);
    cairo_fill(cr);
    kedge_lettering_draw(cr, &name, x, y - 5, "v");
}

/* ---- the chart ---- */

/* A chart while it is drawn: the cosines, ascending, and what belongs to them. */
typedef struct chart {
    int n;
    double *cosine, *strength, *left; /* [n]; left NULL: none */
} chart;

static void draw_chart(const kedge_panel *panel, const kedge_axes *axes)
{
    const chart *c = panel->data;
    const double ends[2] = {0, 1};
    kedge_line_style before = {.ink = axes->theme->muted, .width = 1.1, .dash = 2};
    kedge_line_style left = {.ink = axes->theme->series[1], .dash = 1};
    kedge_line_style strength = {.ink = axes->theme->series[0], .width = 1.7};
    kedge_chart_line(axes, 2, ends, ends, &before);
    if (c->left) kedge_chart_line(axes, c->n, c->cosine, c->left, &left);
    kedge_chart_line(axes, c->n, c->cosine, c->strength, &strength);
}

static kedge_status make_chart(chart *c, const kedge_lobe *lobe, kedge_arena *arena)
{
    size_t n = (size_t)lobe->n;
    c->n = lobe->n;
    c->cosine = kedge_arena_alloc(arena, n, sizeof *c->cosine);
    c->strength = kedge_arena_alloc(arena, n, sizeof *c->strength);
    double *left = kedge_arena_alloc(arena, n, sizeof *left);
    if (!c->cosine || !c->strength || !left) return kedge_fail_memory("a figure");
    for (int i = 0; i < lobe->n; i++) {
        int k = lobe->n - 1 - i;
        c->cosine[i] = cos(lobe->degrees[k] * RADIAN);
        c->strength[i] = lobe->strength[k];
        if (lobe->left) left[i] = lobe->left[k];
    }
    c->left = lobe->left ? left : NULL;
    return KEDGE_OK;
}

/* ---- the figure ---- */

static void find_range(const kedge_lobes_figure *figure, double *low, double *high)
{
    *low = 0, *high = 1;
    for (int i = 0; i < figure->n; i++)
        for (int k = 0; k < figure->lobes[i].n; k++) {
            double left = figure->lobes[i].left ? figure->lobes[i].left[k] : 0;
            *high = fmax(*high, fmax(left, figure->lobes[i].strength[k]));
            *low = fmin(*low, left);
        }
}

static kedge_status make_panels(kedge_panel *list, const kedge_lobes_figure *figure, kedge_arena *arena)
{
    double low, radius;
    find_range(figure, &low, &radius);
    for (int i = 0; i < figure->n; i++) {
        const kedge_lobe *lobe = &figure->lobes[i];
        dial *d = kedge_arena_alloc(arena, 1, sizeof *d);
        chart *c = kedge_arena_alloc(arena, 1, sizeof *c);
        if (!d || !c) return kedge_fail_memory("a figure");
        *d = (dial){lobe, radius};
        kedge_status status = make_chart(c, lobe, arena);
        if (status) return status;
        list[2 * i] = (kedge_panel){
            .title = lobe->title, .asides = {lobe->aside}, .across = {-SIDE * radius, SIDE * radius},
            .up = {BOTTOM * radius, TOP * radius}, .bare = true, .aspect = (TOP - BOTTOM) / (2 * SIDE), .data = d,
            .draw = draw_dial, .draw_over = draw_dial_over};
        list[2 * i + 1] = (kedge_panel){
            .across = {-0.03, 1.03}, .up = {low - 0.05 * radius, 1.05 * radius}, .x = "cos(z, v) before",
            .symbols = true, .aspect = 0.66, .data = c, .draw = draw_chart};
    }
    return KEDGE_OK;
}

kedge_status kedge_draw_lobes(kedge_context *ctx, const kedge_lobes_figure *figure, const kedge_picture *to)
{
    kedge_arena arena;
    const kedge_theme *theme = kedge_theme_of(to->dark);
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_arena_init(&arena, ctx);
    kedge_panel *list = kedge_arena_alloc(&arena, 2 * (size_t)figure->n, sizeof *list);
    status = list ? make_panels(list, figure, &arena) : kedge_fail_memory("a figure");
    const kedge_entry entries[] = {
        {.text = "share h removed, or cosine m after", .shape = KEDGE_SHAPE_NONE, .symbols = true,
         .style = {.ink = theme->series[0], .width = 1.7}},
        {.text = "left along v by suppression", .shape = KEDGE_SHAPE_NONE, .symbols = true,
         .style = {.ink = theme->series[1], .dash = 1}},
        {.text = "no edit", .shape = KEDGE_SHAPE_NONE, .style = {.ink = theme->muted, .width = 1.1, .dash = 2}},
    };
    int columns = figure->n < 4 ? figure->n : 4;
    kedge_panels panels = {
        .title = figure->title, .subtitle = figure->subtitle, .note = figure->note, .description = figure->description,
        .n = 2 * figure->n, .list = list, .rows = 2, .columns = columns, .wide = columns == 1 ? 220 : 120, .narrow = 86,
        .n_entries = sizeof entries / sizeof *entries, .entries = entries,
    };
    if (!status) status = kedge_draw_panels(ctx, &panels, to);
    kedge_arena_release(&arena);
    return status;
}
