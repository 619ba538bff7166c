/* sketch.c - small drawings that explain. */
#include "draw/sketch.h"

#include <math.h>

#include "draw/canvas.h"

static const double DISC = 0.075, RING = 0.13, ARM = 0.09, HEAD = 0.14; /* units */

static double page_x(const kedge_sketch *s, double x)
{
    return s->x + s->unit * x;
}

static double page_y(const kedge_sketch *s, double y)
{
    return s->y - s->unit * y;
}

static void move_to(const kedge_sketch *s, double x, double y)
{
    cairo_move_to(s->cr, page_x(s, x), page_y(s, y));
}

static void line_to(const kedge_sketch *s, double x, double y)
{
    cairo_line_to(s->cr, page_x(s, x), page_y(s, y));
}

void kedge_sketch_disc(const kedge_sketch *s, double x, double y, kedge_sketch_ink ink)
{
    const kedge_theme *theme = s->theme;
    const kedge_ink inks[] = {theme->rule, theme->series[1], theme->ink};
    cairo_new_path(s->cr);
    cairo_arc(s->cr, page_x(s, x), page_y(s, y), DISC * s->unit, 0, 2 * M_PI);
    kedge_canvas_ink(s->cr, inks[ink], 1);
    cairo_fill_preserve(s->cr);
    kedge_canvas_ink(s->cr, theme->outline, theme->outline_alpha);
    cairo_set_line_width(s->cr, 0.4);
    cairo_stroke(s->cr);
}

void kedge_sketch_ellipse(const kedge_sketch *s, double across, double up, bool filled)
{
    cairo_save(s->cr);
    cairo_translate(s->cr, s->x, s->y);
    cairo_scale(s->cr, across * s->unit, up * s->unit);
    cairo_new_path(s->cr);
    cairo_arc(s->cr, 0, 0, 1, 0, 2 * M_PI);
    cairo_restore(s->cr);
    if (filled) {
        kedge_canvas_ink(s->cr, s->theme->series[0], 0.14);
        cairo_fill_preserve(s->cr);
    }
    kedge_canvas_ink(s->cr, filled ? s->theme->series[0] : s->theme->frame, filled ? 0.7 : 1);
    cairo_set_line_width(s->cr, 0.8);
    cairo_stroke(s->cr);
}

void kedge_sketch_line(const kedge_sketch *s, double x0, double y0, double x1, double y1, bool dashed)
{
    static const double dashes[] = {2.5, 2};
    cairo_new_path(s->cr);
    move_to(s, x0, y0);
    line_to(s, x1, y1);
    if (dashed) cairo_set_dash(s->cr, dashes, 2, 0);
    kedge_canvas_ink(s->cr, s->theme->frame, 1);
    cairo_set_line_width(s->cr, 0.8);
    cairo_stroke(s->cr);
    cairo_set_dash(s->cr, NULL, 0, 0);
}

void kedge_sketch_polygon(const kedge_sketch *s, int n, const double (*at)[2], kedge_ink fill)
{
    cairo_new_path(s->cr);
    for (int i = 0; i < n; i++) line_to(s, at[i][0], at[i][1]);
    cairo_close_path(s->cr);
    kedge_canvas_ink(s->cr, fill, 1);
    cairo_fill_preserve(s->cr);
    kedge_canvas_ink(s->cr, s->theme->frame, 1);
    cairo_set_line_width(s->cr, 0.8);
    cairo_stroke(s->cr);
}

/* A head at (x, y) that points along (dx, dy), of length 1. */
static void head(const kedge_sketch *s, double x, double y, double dx, double dy)
{
    double back_x = x - HEAD * dx, back_y = y - HEAD * dy, half = 0.42 * HEAD;
    cairo_new_path(s->cr);
    move_to(s, x, y);
    line_to(s, back_x - half * dy, back_y + half * dx);
    line_to(s, back_x + half * dy, back_y - half * dx);
    cairo_close_path(s->cr);
    cairo_fill(s->cr);
}

static void stroke_shaft(const kedge_sketch *s)
{
    kedge_canvas_ink(s->cr, s->theme->ink, 1);
    cairo_set_line_width(s->cr, 1);
    cairo_stroke(s->cr);
}

void kedge_sketch_arrow(const kedge_sketch *s, double x0, double y0, double x1, double y1)
{
    double length = hypot(x1 - x0, y1 - y0), dx = (x1 - x0) / length, dy = (y1 - y0) / length;
    cairo_new_path(s->cr);
    move_to(s, x0 + 1.4 * DISC * dx, y0 + 1.4 * DISC * dy);
    line_to(s, x1 - 0.8 * HEAD * dx, y1 - 0.8 * HEAD * dy);
    stroke_shaft(s);
    head(s, x1, y1, dx, dy);
}

void kedge_sketch_arc(const kedge_sketch *s, double radius, double from, double to)
{
    double sign = to > from ? 1 : -1, degree = M_PI / 180;
    double start = from * degree + sign * 1.4 * DISC / radius, end = to * degree;
    double stop = end - sign * 0.8 * HEAD / radius;
    cairo_new_path(s->cr);
    for (int i = 0; i <= 16; i++) {
        double angle = start + (stop - start) * i / 16;
        line_to(s, radius * cos(angle), radius * sin(angle));
    }
    stroke_shaft(s);
    double along = end - sign * 0.5 * HEAD / radius; /* the head lies on its chord */
    head(s, radius * cos(end), radius * sin(end), -sign * sin(along), sign * cos(along));
}

void kedge_sketch_place(const kedge_sketch *s, double x, double y, bool repels)
{
    cairo_new_path(s->cr);
    cairo_arc(s->cr, page_x(s, x), page_y(s, y), RING * s->unit, 0, 2 * M_PI);
    kedge_canvas_ink(s->cr, s->theme->paper, 1);
    cairo_fill_preserve(s->cr);
    if (repels) {
        move_to(s, x - RING * M_SQRT1_2, y + RING * M_SQRT1_2);
        line_to(s, x + RING * M_SQRT1_2, y - RING * M_SQRT1_2);
    }
    for (int i = 0; i < 4 && !repels; i++) {
        double dx = i == 0 ? 1 : i == 1 ? -1 : 0, dy = i == 2 ? 1 : i == 3 ? -1 : 0;
        move_to(s, x + dx * RING * 0.5, y + dy * RING * 0.5);
        line_to(s, x + dx * (RING + ARM), y + dy * (RING + ARM));
    }
    kedge_canvas_ink(s->cr, s->theme->ink, 1);
    cairo_set_line_width(s->cr, 1.2);
    cairo_stroke(s->cr);
}

void kedge_sketch_text(const kedge_sketch *s, double x, double y, const char *text)
{
    kedge_lettering style = {.theme = s->theme, .size = s->theme->tick + 1, .ink = s->theme->ink,
                             .align = KEDGE_ALIGN_CENTRE, .symbol = true, .halo = 1.2, .rim = s->theme->paper};
    kedge_lettering_draw(s->cr, &style, page_x(s, x), page_y(s, y) + kedge_lettering_height(&style) / 2, text);
}
