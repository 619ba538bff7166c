/* chart.c - what line charts share: lines from arrays, bands, dots and marks. */
#include "draw/chart.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/canvas.h"
#include "draw/lettering.h"

static const double WIDTH = 1.4;   /* of lines, where the style says none */
static const double COLUMN = 0.5;  /* of points that are drawn as their extremes, points: a pixel of a PNG */
static const double FAR_OFF = 1e5; /* points off the panel; Cairo's numbers end at some millions */
static const double PAD = 3;       /* around names */

/* ---- styles */

kedge_line_style kedge_chart_style(const kedge_theme *theme, int series)
{
    /* The two numbers have no common divisor, so no pair comes twice before all have come once. */
    return (kedge_line_style){.ink = theme->series[series % KEDGE_SERIES], .dash = series % KEDGE_DASHES};
}

static void set_style(cairo_t *cr, const kedge_line_style *style)
{
    static const double patterns[KEDGE_DASHES][6] = {{0}, {6, 2.5}, {1.6, 2}, {7, 2, 1.6, 2}, {11, 3},
                                                     {5, 2, 1.6, 2, 1.6, 2}};
    static const int lengths[KEDGE_DASHES] = {0, 2, 2, 4, 2, 6};
    int dash = style->dash > 0 ? style->dash % KEDGE_DASHES : 0;
    kedge_canvas_ink(cr, style->ink, style->alpha > 0 ? style->alpha : 1);
    cairo_set_line_width(cr, style->width > 0 ? style->width : WIDTH);
    cairo_set_dash(cr, patterns[dash], lengths[dash], 0);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

static double within(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static double page_x(const kedge_axes *axes, const double *x, int i)
{
    return within(kedge_axes_x(axes, x ? x[i] : i), axes->x - FAR_OFF, axes->x + axes->width + FAR_OFF);
}

static double page_y(const kedge_axes *axes, double value)
{
    return within(kedge_axes_y(axes, value), axes->y - FAR_OFF, axes->y + axes->height + FAR_OFF);
}

static bool there(const double *x, const double *y, int i)
{
    return isfinite(y[i]) && (!x || isfinite(x[i]));
}

/* ---- lines */

/* Points of one column of the page, of which two are drawn: the extremes, in order. */
typedef struct column {
    int n, low, high; /* points; which of them are the extremes, counted from 0 */
    double number;
    double lowest[2], highest[2];
} column;

static void flush(cairo_t *cr, column *c)
{
    if (c->n == 0) return;
    const double *early = c->low < c->high ? c->lowest : c->highest;
    const double *late = c->low < c->high ? c->highest : c->lowest;
    cairo_line_to(cr, early[0], early[1]); /* moves to, where a line begins */
    if (c->low != c->high) cairo_line_to(cr, late[0], late[1]);
    c->n = 0;
}

static void add(cairo_t *cr, column *c, double x, double y)
{
    double number = floor(x / COLUMN);
    if (c->n > 0 && number != c->number) flush(cr, c);
    c->number = number;
    if (c->n == 0 || y > c->lowest[1]) c->lowest[0] = x, c->lowest[1] = y, c->low = c->n;
    if (c->n == 0 || y < c->highest[1]) c->highest[0] = x, c->highest[1] = y, c->high = c->n;
    c->n++;
}

/* The path of points [from, to), all of which are there. */
static void trace(const kedge_axes *axes, int from, int end, const double *x, const double *y, bool stairs)
{
    column c = {0};
    for (int i = from; i < end; i++) {
        double at = page_x(axes, x, i);
        if (stairs && i > from) add(axes->cr, &c, at, page_y(axes, y[i - 1]));
        add(axes->cr, &c, at, page_y(axes, y[i]));
    }
    flush(axes->cr, &c);
    cairo_line_to(axes->cr, page_x(axes, x, end - 1), page_y(axes, y[end - 1])); /* it ends where it ends */
}

static void draw_line(const kedge_axes *axes, int n, const double *x, const double *y, const kedge_line_style *style,
                      bool stairs)
{
    cairo_t *cr = axes->cr;
    cairo_save(cr);
    set_style(cr, style);
    cairo_new_path(cr);
    for (int i = 0, end; i < n; i = end) {
        for (end = i; end < n && there(x, y, end); end++) continue;
        if (end == i) {
            end = i + 1;
        } else if (end == i + 1) {
            cairo_new_sub_path(cr);
            cairo_arc(cr, page_x(axes, x, i), page_y(axes, y[i]), 0.1, 0, 2 * M_PI); /* the stroke makes it a dot */
        } else {
            cairo_new_sub_path(cr);
            trace(axes, i, end, x, y, stairs);
        }
    }
    cairo_stroke(cr);
    cairo_restore(cr);
}

void kedge_chart_line(const kedge_axes *axes, int n, const double *x, const double *y, const kedge_line_style *style)
{
    draw_line(axes, n, x, y, style, false);
}

void kedge_chart_stairs(const kedge_axes *axes, int n, const double *x, const double *y,
                        const kedge_line_style *style)
{
    draw_line(axes, n, x, y, style, true);
}

/* The outline of points [from, end): along the upper line and back along the lower one, one point of each a column. */
static void outline(const kedge_axes *axes, int from, int end, const double *x, const double *low, const double *high)
{
    for (int side = 0; side < 2; side++) {
        double edge = 0, at = 0, number = 0;
        bool open = false;
        for (int k = 0; k < end - from; k++) {
            int i = side == 0 ? from + k : end - 1 - k;
            double next = page_x(axes, x, i), y = page_y(axes, side == 0 ? high[i] : low[i]);
            if (open && floor(next / COLUMN) != number) {
                cairo_line_to(axes->cr, at, edge);
                open = false;
            }
            if (!open || (side == 0 ? y < edge : y > edge)) edge = y;
            if (!open) number = floor(next / COLUMN);
            at = next;
            open = true;
        }
        if (open) cairo_line_to(axes->cr, at, edge);
    }
    cairo_close_path(axes->cr);
}

void kedge_chart_band(const kedge_axes *axes, int n, const double *x, const double *low, const double *high,
                      kedge_ink ink, double alpha)
{
    cairo_new_path(axes->cr);
    for (int i = 0, end; i < n; i = end) {
        for (end = i; end < n && there(x, low, end) && there(x, high, end); end++) continue;
        if (end > i) {
            cairo_new_sub_path(axes->cr);
            outline(axes, i, end, x, low, high);
        } else {
            end = i + 1;
        }
    }
    kedge_canvas_ink(axes->cr, ink, alpha);
    cairo_fill(axes->cr);
}

void kedge_chart_level(const kedge_axes *axes, double y, const kedge_line_style *style)
{
    cairo_save(axes->cr);
    set_style(axes->cr, style);
    cairo_move_to(axes->cr, axes->x, page_y(axes, y));
    cairo_line_to(axes->cr, axes->x + axes->width, page_y(axes, y));
    cairo_stroke(axes->cr);
    cairo_restore(axes->cr);
}

/* ---- dots */

void kedge_chart_dots(const kedge_axes *axes, int n, const double *x, const double *y, const kedge_line_style *style)
{
    cairo_save(axes->cr);
    set_style(axes->cr, style);
    cairo_set_line_cap(axes->cr, CAIRO_LINE_CAP_ROUND); /* lines of no length: short in files */
    cairo_new_path(axes->cr);
    for (int i = 0; i < n; i++) {
        if (!there(x, y, i)) continue;
        cairo_move_to(axes->cr, page_x(axes, x, i), page_y(axes, y[i]));
        cairo_close_path(axes->cr);
    }
    cairo_stroke(axes->cr);
    cairo_restore(axes->cr);
}

static void polygon(cairo_t *cr, int corners, double x, double y, double radius, double turn)
{
    for (int i = 0; i < corners; i++) {
        double angle = turn + 2 * M_PI * i / corners;
        cairo_line_to(cr, x + radius * sin(angle), y - radius * cos(angle));
    }
    cairo_close_path(cr);
}

static void cross(cairo_t *cr, double x, double y, double radius)
{
    double arm = 0.95 * radius;
    cairo_move_to(cr, x - arm, y - arm);
    cairo_line_to(cr, x + arm, y + arm);
    cairo_move_to(cr, x - arm, y + arm);
    cairo_line_to(cr, x + arm, y - arm);
}

void kedge_chart_dot(cairo_t *cr, kedge_shape shape, double x, double y, double radius, kedge_ink ink, kedge_ink rim)
{
    bool hollow = shape == KEDGE_SHAPE_CROSS || shape == KEDGE_SHAPE_RING;
    cairo_new_path(cr);
    switch (shape) { /* radii that give all shapes about the area of the disc */
    case KEDGE_SHAPE_SQUARE: polygon(cr, 4, x, y, 1.25 * radius, M_PI / 4); break;
    case KEDGE_SHAPE_DIAMOND: polygon(cr, 4, x, y, 1.3 * radius, 0); break;
    case KEDGE_SHAPE_TRIANGLE: polygon(cr, 3, x, y + 0.15 * radius, 1.45 * radius, 0); break;
    case KEDGE_SHAPE_CROSS: cross(cr, x, y, radius); break;
    case KEDGE_SHAPE_DISC:
    case KEDGE_SHAPE_RING:
    default: cairo_arc(cr, x, y, hollow ? 0.85 * radius : radius, 0, 2 * M_PI); break;
    }
    double stroke = 0.45 * radius;
    cairo_set_line_width(cr, hollow ? stroke + 1 : 1);
    kedge_canvas_ink(cr, rim, 1);
    cairo_stroke_preserve(cr);
    kedge_canvas_ink(cr, ink, 1);
    if (hollow) {
        cairo_set_line_width(cr, stroke);
        cairo_stroke(cr);
    } else {
        cairo_fill(cr);
    }
}

/* ---- along the x axis */

static kedge_lettering name_style(const kedge_axes *axes, kedge_align align)
{
    return (kedge_lettering){
        .theme = axes->theme, .size = axes->theme->note, .ink = axes->theme->muted, .align = align};
}

double kedge_chart_names_height(const kedge_theme *theme)
{
    return 1.3 * theme->note + PAD;
}

/* The part of stretch i that is in the panel; false: none. */
static bool stretch_ends(const kedge_axes *axes, int n, const kedge_stretch *stretches, int i, double *left,
                         double *right)
{
    double end = axes->x + axes->width;
    *left = within(kedge_axes_x(axes, stretches[i].from), axes->x, end);
    *right = i + 1 < n ? within(kedge_axes_x(axes, stretches[i + 1].from), axes->x, end) : end;
    return *right > *left;
}

void kedge_chart_stretches(const kedge_axes *axes, int n, const kedge_stretch *stretches)
{
    int named = 0;
    for (int i = 0; i < n; i++) {
        double left, right;
        if (!stretches[i].text) continue;
        bool shaded = named++ % 2 == 1;
        if (!stretch_ends(axes, n, stretches, i, &left, &right) || !shaded) continue;
        kedge_canvas_ink(axes->cr, axes->theme->frame, 0.16);
        cairo_rectangle(axes->cr, left, axes->y, right - left, axes->height);
        cairo_fill(axes->cr);
    }
}

bool kedge_chart_spread(int n, double *at, const double *size, double low, double high)
{
    int heaps = 0, counts[KEDGE_SPREAD_MAX];
    double means[KEDGE_SPREAD_MAX], total = 0, before = 0;
    for (int i = 0; i < n; i++) total += size[i];
    if (n > KEDGE_SPREAD_MAX || total > high - low) return false;
    /* Less the sizes of those before them beginnings ascend, so that is isotonic regression, by pooling adjacent
     * violators (Barlow et al., Statistical inference under order restrictions, 1972). Clamping it to an interval gives
     * the best in that interval. */
    for (int i = 0; i < n; before += size[i++]) {
        means[heaps] = at[i] - before;
        counts[heaps++] = 1;
        for (; heaps > 1 && means[heaps - 2] > means[heaps - 1]; heaps--) {
            int a = counts[heaps - 2], b = counts[heaps - 1];
            means[heaps - 2] = (a * means[heaps - 2] + b * means[heaps - 1]) / (a + b);
            counts[heaps - 2] = a + b;
        }
    }
    before = 0;
    for (int heap = 0, i = 0; heap < heaps; heap++)
        for (int k = 0; k < counts[heap]; k++, before += size[i++])
            at[i] = within(means[heap], low, high - total) + before;
    return true;
}

/* All names, whole, each as near to the middle of its stretch as the others leave; false where they have no room. */
static bool spread_names(const kedge_axes *axes, double y, int n, const kedge_stretch *stretches)
{
    kedge_lettering style = name_style(axes, KEDGE_ALIGN_LEFT);
    double at[KEDGE_SPREAD_MAX], size[KEDGE_SPREAD_MAX] = {0}, right;
    const char *names[KEDGE_SPREAD_MAX];
    int named = 0;
    for (int i = 0; i < n; i++) {
        if (named == KEDGE_SPREAD_MAX) return false;
        if (!stretches[i].text || !stretch_ends(axes, n, stretches, i, &at[named], &right)) continue;
        names[named] = stretches[i].text;
        size[named] = kedge_lettering_width(axes->cr, &style, names[named]) + 2 * PAD;
        at[named] = (at[named] + right - size[named]) / 2;
        named++;
    }
    if (!kedge_chart_spread(named, at, size, axes->x - PAD, axes->x + axes->width + PAD)) return false;
    for (int i = 0; i < named; i++) kedge_lettering_draw(axes->cr, &style, at[i] + PAD, y - PAD, names[i]);
    return true;
}

void kedge_chart_stretch_names(const kedge_axes *axes, double y, int n, const kedge_stretch *stretches)
{
    kedge_lettering style = name_style(axes, KEDGE_ALIGN_CENTRE);
    if (spread_names(axes, y, n, stretches)) return;
    for (int i = 0; i < n; i++) {
        double left, right;
        char line[1][KEDGE_LINE];
        if (!stretches[i].text || !stretch_ends(axes, n, stretches, i, &left, &right)) continue;
        if (right - left < 2 * PAD + 1.5 * style.size) continue; /* no room for a letter and an ellipsis */
        if (kedge_lettering_wrap(axes->cr, &style, stretches[i].text, right - left - 2, 1, line) == 0) continue;
        kedge_lettering_draw(axes->cr, &style, (left + right) / 2, y - PAD, line[0]);
    }
}

static bool in_panel(const kedge_axes *axes, double x)
{
    return x >= axes->x - 1e-6 && x <= axes->x + axes->width + 1e-6;
}

kedge_line_style kedge_chart_place_style(const kedge_theme *theme)
{
    return (kedge_line_style){.ink = theme->muted, .width = 0.8, .dash = 2};
}

void kedge_chart_places(const kedge_axes *axes, int n, const kedge_place *places)
{
    kedge_line_style style = kedge_chart_place_style(axes->theme);
    cairo_save(axes->cr);
    set_style(axes->cr, &style);
    for (int i = 0; i < n; i++) {
        double x = kedge_axes_x(axes, places[i].at);
        if (!in_panel(axes, x)) continue;
        cairo_move_to(axes->cr, x, axes->y);
        cairo_line_to(axes->cr, x, axes->y + axes->height);
    }
    cairo_stroke(axes->cr);
    cairo_restore(axes->cr);
}

/* Where the next place in the panel points to; INFINITY: there is none. */
static double next_place(const kedge_axes *axes, int n, const kedge_place *places, int i)
{
    for (i++; i < n; i++)
        if (in_panel(axes, kedge_axes_x(axes, places[i].at))) return kedge_axes_x(axes, places[i].at);
    return INFINITY;
}

void kedge_chart_place_names(const kedge_axes *axes, double y, int n, const kedge_place *places)
{
    kedge_lettering style = name_style(axes, KEDGE_ALIGN_LEFT);
    double free_from = axes->x - PAD, arrow = 0.38 * style.size;
    for (int i = 0; i < n; i++) {
        double x = kedge_axes_x(axes, places[i].at), next = next_place(axes, n, places, i);
        if (!in_panel(axes, x)) continue;
        kedge_canvas_ink(axes->cr, axes->theme->muted, 1);
        cairo_new_path(axes->cr);
        polygon(axes->cr, 3, x, y - arrow - 0.5, arrow, M_PI);
        cairo_fill(axes->cr);
        if (!places[i].text) continue;
        /* To the right of its triangle, or where that would touch the next one or the panel's end, to the left. */
        double width = kedge_lettering_width(axes->cr, &style, places[i].text), left = x + 1.6 * arrow;
        bool fits = left + width <= fmin(axes->x + axes->width, next - arrow - PAD);
        if (!fits) left = x - 1.6 * arrow - width;
        if (left >= free_from + PAD) kedge_lettering_draw(axes->cr, &style, left, y - PAD, places[i].text);
        free_from = fmax(fits ? left + width : x + arrow, free_from);
    }
}

void kedge_chart_cursor(const kedge_axes *axes, double at)
{
    double x = kedge_axes_x(axes, at);
    if (!in_panel(axes, x)) return;
    kedge_canvas_ink(axes->cr, axes->theme->ink, 0.85);
    cairo_set_line_width(axes->cr, 1);
    cairo_move_to(axes->cr, x, axes->y);
    cairo_line_to(axes->cr, x, axes->y + axes->height);
    cairo_stroke(axes->cr);
}

/* ---- numbers */

void kedge_chart_number(char *out, size_t room, double value, int digits)
{
    if (!isfinite(value) || value == 0) {
        snprintf(out, room, "%s", value == 0 ? "0" : isnan(value) ? "\xe2\x80\x93" : value > 0 ? "\xe2\x88\x9e"
                                                                                    : "\xe2\x88\x92\xe2\x88\x9e");
        return;
    }
    /* Rounding may carry into another decade: 9.96 with two digits is 10. */
    int exponent = (int)floor(log10(fabs(value)));
    double unit = pow(10, exponent - digits + 1);
    if (fabs(round(value / unit) * unit) >= pow(10, exponent + 1) * (1 - 1e-12)) exponent++;
    if (exponent >= -3 && exponent < 6) {
        kedge_lettering_number(out, room, value, exponent - digits + 1 < 0 ? digits - 1 - exponent : 0);
        return;
    }
    kedge_lettering_number(out, room, value / pow(10, exponent), digits - 1);
    size_t used = strlen(out);
    kedge_lettering_power(out + used, room - used, exponent);
}

kedge_range kedge_chart_widen(kedge_range range, double share, double least, bool log)
{
    double low = log ? log10(range.min) : range.min, high = log ? log10(range.max) : range.max;
    double floor_length = log ? log10(least) : least, length = high - low;
    if (length < floor_length) {
        double middle = (low + high) / 2;
        low = middle - floor_length / 2, high = middle + floor_length / 2;
        length = floor_length;
    }
    low -= share * length, high += share * length;
    return log ? (kedge_range){pow(10, low), pow(10, high)} : (kedge_range){low, high};
}
