/* latents_layout.c - what the figure of a latent space shows, and where on the page. */
#include <math.h>
#include <stdio.h>

#include "draw/latents_sheet.h"

enum { COLUMNS_MAX = 6 };

static const double SPACE = 9;                             /* between panels, beside what their labels take */
static const double STRIP_WIDTH = 420, STRIP_HEIGHT = 150; /* of the panel for one dimension */
static const double ROOM = 1.10;                           /* panels show so much more than the data */
static const double SIDE = 110, SHARE = 0.3; /* panels on a page of given width have this side or share, or more */
const double kedge_latents_overhang = 2;                   /* the last number hangs over a little */

/* ---- what is shown */

float kedge_latents_at(const kedge_latents_sheet *s, int point, int d)
{
    return s->figure->latents[(size_t)point * (size_t)s->figure->k + (size_t)d];
}

static void choose_pairs(kedge_latents_sheet *s)
{
    s->n_pairs = s->figure->n_pairs;
    s->pairs = s->figure->pairs;
    if (s->n_pairs > 0) return;
    int dims = s->figure->k < KEDGE_LATENTS_DIMS ? s->figure->k : KEDGE_LATENTS_DIMS;
    for (int across = 0; across < dims; across++)
        for (int up = across + 1; up < dims; up++, s->n_pairs++)
            s->own_pairs[s->n_pairs][0] = across, s->own_pairs[s->n_pairs][1] = up;
    s->pairs = (const int(*)[2])s->own_pairs;
}

static double clamp01(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static void choose_colours(kedge_latents_sheet *s)
{
    const kedge_latents_figure *figure = s->figure;
    for (int i = 0; i < figure->n; i++) {
        const float *rgb = figure->rgb ? figure->rgb + 3 * (size_t)i : NULL;
        if (rgb) s->ink[i] = (kedge_ink){clamp01(rgb[0]), clamp01(rgb[1]), clamp01(rgb[2])};
        else if (figure->shade) s->ink[i] = kedge_theme_ramp(s->theme, figure->shade[i]);
        else s->ink[i] = s->theme->series[0];
    }
}

static void widen(kedge_range *range, double value)
{
    /* Not fmin and fmax: gcc 12 for aarch64 has an internal error on loops over them. */
    if (value < range->min) range->min = value;
    if (value > range->max) range->max = value;
}

/* What each dimension shows: its data, anchors and the unit circle in the middle of one common length. */
static void choose_ranges(kedge_latents_sheet *s)
{
    int dims = s->n_pairs > 0 ? 0 : 1;
    for (int p = 0; p < s->n_pairs; p++)
        for (int side = 0; side < 2; side++)
            if (s->pairs[p][side] >= dims) dims = s->pairs[p][side] + 1;
    const float *before = s->figure->before;
    size_t k = (size_t)s->figure->k;
    double length = 0;
    for (int d = 0; d < dims; d++) {
        kedge_range *range = &s->ranges[d];
        range->min = range->max = kedge_latents_at(s, 0, d);
        for (int i = 1; i < s->figure->n; i++) widen(range, kedge_latents_at(s, i, d));
        for (int i = 0; i < s->figure->n_anchors; i++) widen(range, s->figure->anchors[i].at[d]);
        for (int i = 0; i < s->figure->n_repellers; i++) widen(range, s->figure->repellers[i].at[d]);
        for (int i = 0; before && i < s->figure->n; i++) widen(range, before[(size_t)i * k + (size_t)d]);
        if (s->figure->unit_circle) widen(range, -1), widen(range, 1);
        length = fmax(length, range->max - range->min);
        /* A range that is centred but for rounding is centred: its neighbours then share its numbers. */
        double off = range->min + range->max;
        if (fabs(off) < 0.01 * (range->max - range->min)) widen(range, -range->min), widen(range, -range->max);
        length = fmax(length, range->max - range->min);
    }
    if (length == 0) length = fmax(1, 1e-3 * fabs(s->ranges[0].max)); /* one place only */
    s->shared = true;
    for (int d = 0; d < dims; d++) {
        double middle = (s->ranges[d].min + s->ranges[d].max) / 2;
        s->ranges[d] = (kedge_range){middle - ROOM / 2 * length, middle + ROOM / 2 * length};
        s->shared = s->shared && s->ranges[d].min == s->ranges[0].min;
    }
}

/* Whether all points have unit length, before an edit if there is one. */
static bool are_unit(const kedge_latents_figure *figure)
{
    const float *at = figure->before ? figure->before : figure->latents;
    for (int i = 0; i < figure->n; i++, at += figure->k) {
        double squares = 0;
        for (int d = 0; d < figure->k; d++) squares += (double)at[d] * (double)at[d];
        if (!(fabs(sqrt(squares) - 1) <= 1e-3)) return false;
    }
    return true;
}

void kedge_latents_choose(kedge_latents_sheet *s)
{
    choose_pairs(s);
    choose_colours(s);
    choose_ranges(s);
    s->unit = are_unit(s->figure);
}

/* ---- where on the page */

static void choose_grid(kedge_latents_sheet *s)
{
    static const double sides[COLUMNS_MAX] = {300, 220, 158, 130, 112, 100};
    int n = s->n_pairs;
    if (n == 0) {
        s->columns = s->rows = 1;
        s->wide = STRIP_WIDTH, s->high = STRIP_HEIGHT;
        return;
    }
    s->columns = n <= 3 ? n : n == 4 ? 2 : n <= 6 || n == 9 ? 3 : n <= 12 ? 4 : n <= 20 ? 5 : COLUMNS_MAX;
    s->rows = (n + s->columns - 1) / s->columns;
    s->wide = s->high = sides[s->columns - 1];
}

void kedge_latents_panel(const kedge_latents_sheet *s, int p, cairo_t *cr, kedge_axes *axes,
                         kedge_axes_labels *labels, char names[2][16])
{
    int across = s->pairs[p][0], up = s->pairs[p][1];
    *axes = (kedge_axes){.cr = cr, .theme = s->theme, .width = s->wide, .height = s->high,
                         .across = s->ranges[across], .up = s->ranges[up]};
    kedge_axes_init(axes);
    snprintf(names[0], sizeof names[0], "z_%d", across);
    snprintf(names[1], sizeof names[1], "z_%d", up);
    *labels = (kedge_axes_labels){
        .x = names[0], .y = names[1], .symbols = true, .number_width = s->number_width,
        .x_numbers = !s->shared || p + s->columns >= s->n_pairs,
        .y_numbers = !s->shared || p % s->columns == 0,
    };
}

/* Measures what stands left of and below the panels. */
static void measure_gaps(kedge_latents_sheet *s, cairo_t *cr)
{
    kedge_axes axes;
    kedge_axes_labels labels;
    char names[2][16];
    s->number_width = s->left = s->gap_x = s->gap_y = s->last = 0;
    for (int p = 0; p < s->n_pairs; p++) {
        kedge_latents_panel(s, p, cr, &axes, &labels, names);
        s->number_width = fmax(s->number_width, kedge_axes_number_width(&axes));
    }
    for (int p = 0; p < s->n_pairs; p++) {
        kedge_latents_panel(s, p, cr, &axes, &labels, names);
        double left = kedge_axes_room_left(&axes, &labels), below = kedge_axes_room_below(&axes, &labels);
        double *column = p % s->columns == 0 ? &s->left : &s->gap_x;
        double *row = p / s->columns == s->rows - 1 ? &s->last : &s->gap_y;
        *column = fmax(*column, left + (column == &s->gap_x ? SPACE : 0));
        *row = fmax(*row, below + (row == &s->gap_y ? SPACE : 0));
    }
}

/* One dimension: points stacked in bins as wide as they are, as high as the fullest bin, with headroom for anchors. */
void kedge_latents_strip(kedge_latents_sheet *s, cairo_t *cr, kedge_axes *axes, kedge_axes_labels *labels)
{
    enum { BINS_MAX = 256 };
    int counts[BINS_MAX] = {0}, fullest = 0;
    double radius = s->points.radius, length = s->ranges[0].max - s->ranges[0].min;
    int bins = (int)(s->wide / (2.1 * radius));
    if (bins > BINS_MAX) bins = BINS_MAX;
    for (int i = 0; i < s->figure->n; i++) {
        int bin = (int)((kedge_latents_at(s, i, 0) - s->ranges[0].min) / length * bins);
        bin = bin < 0 ? 0 : bin >= bins ? bins - 1 : bin;
        s->points.at[i][0] = s->ranges[0].min + (bin + 0.5) * length / bins;
        s->points.at[i][1] = counts[bin]++ + 0.5;
        s->points.order[i] = (kedge_depth){0, i};
        if (counts[bin] > fullest) fullest = counts[bin];
    }
    double top = fmax(fullest, s->high / (2.1 * radius) / 1.3); /* touching, not floating, where there are few */
    *axes = (kedge_axes){.cr = cr, .theme = s->theme, .width = s->wide, .height = s->high,
                         .across = s->ranges[0], .up = {0, 1.3 * top}};
    kedge_axes_init(axes);
    *labels = (kedge_axes_labels){.x = "z_0", .y = "points", .symbols = true, .x_numbers = true, .y_numbers = true,
                                  .number_width = s->number_width};
}

static void measure_strip(kedge_latents_sheet *s, cairo_t *cr)
{
    kedge_axes axes;
    kedge_axes_labels labels;
    kedge_latents_strip(s, cr, &axes, &labels);
    s->number_width = labels.number_width = kedge_axes_number_width(&axes);
    s->left = kedge_axes_room_left(&axes, &labels);
    s->last = kedge_axes_room_below(&axes, &labels);
}

/* So many columns across 'inner' points of page: the side of a panel. */
static double fill_width(kedge_latents_sheet *s, cairo_t *cr, double inner, int columns)
{
    s->columns = columns;
    s->rows = (s->n_pairs + columns - 1) / columns;
    s->wide = s->high = fmax(20, inner / columns - 30); /* about; ticks depend on it */
    for (int again = 0; again < 2; again++) {
        measure_gaps(s, cr);
        s->wide = s->high = fmax(20, (inner - s->left - (columns - 1) * s->gap_x) / columns);
    }
    return s->wide;
}

void kedge_latents_lay_out(kedge_latents_sheet *s, double width)
{
    cairo_t *cr = kedge_canvas_measure();
    double inner = width - 2 * kedge_page_margin - kedge_latents_overhang;
    choose_grid(s);
    s->points.radius = kedge_points_radius(s->figure->n, s->wide * s->high);
    if (s->n_pairs == 0) {
        measure_strip(s, cr);
        if (width > 0) {
            s->wide = fmax(40, inner - s->left);
            s->points.radius = kedge_points_radius(s->figure->n, s->wide * s->high);
            measure_strip(s, cr);
        }
    } else if (width > 0) {
        int columns = s->columns;
        while (fill_width(s, cr, inner, columns) < fmin(SHARE * width, SIDE) && columns > 1) columns--;
        s->points.radius = kedge_points_radius(s->figure->n, s->wide * s->high);
    } else {
        measure_gaps(s, cr);
    }
    kedge_page_fit(&s->page, cr, s->left + s->columns * s->wide + (s->columns - 1) * s->gap_x);
    cairo_destroy(cr);
}
