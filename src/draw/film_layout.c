/* film_layout.c - where everything in a film stands. */
#include <math.h>
#include <stdio.h>

#include "draw/film_parts.h"

enum { PAIR_DIMS = 4 };

static const double MARGIN = 15, GAP = 9, ROOM = 1.10; /* round the page, between panels; panels show more than data */
static const double HEADER = 62, LINE = 23;            /* with the counter beside the title; more with it below */
static const double CHARTS = 0.28;                     /* of the page's length, at least */
static const double TITLE = 17, NAME = 15;             /* heights: of a chart's title row, of numbers below */

void kedge_film_counter(const kedge_film *film, int step, char *text, size_t room)
{
    snprintf(text, room, "step %d of %d", step, film->in.steps);
}

kedge_lettering kedge_film_counter_style(const kedge_film *film)
{
    return (kedge_lettering){
        .theme = film->theme, .size = 17, .ink = film->theme->ink, .bold = true, .align = KEDGE_ALIGN_RIGHT};
}

kedge_line_style kedge_film_style(const kedge_film *film, int i)
{
    if (i > 0) return kedge_chart_style(film->theme, i - 1);
    return (kedge_line_style){.ink = film->theme->ink};
}

int kedge_film_entries(const kedge_film *film, kedge_entry entries[KEDGE_ENDS_MAX])
{
    int n = 0;
    for (; n <= film->in.n_terms && n < KEDGE_ENDS_MAX; n++)
        entries[n] = (kedge_entry){.text = n == 0 ? "task" : film->in.terms[n - 1],
                                   .style = kedge_film_style(film, n), .shape = KEDGE_SHAPE_NONE};
    return n;
}

static void choose_pairs(kedge_film *film)
{
    int dims = film->in.k < PAIR_DIMS ? film->in.k : PAIR_DIMS;
    for (int i = 0; i < film->in.n_pairs && i < KEDGE_FILM_PAIRS; i++, film->n_pairs++)
        film->pairs[i][0] = film->in.pairs[i][0], film->pairs[i][1] = film->in.pairs[i][1];
    if (film->n_pairs > 0) return;
    for (int across = 0; across < dims; across++)
        for (int up = across + 1; up < dims; up++, film->n_pairs++)
            film->pairs[film->n_pairs][0] = across, film->pairs[film->n_pairs][1] = up;
    if (film->n_pairs > 0) return;
    film->n_pairs = 1;
    film->pairs[0][0] = 0, film->pairs[0][1] = -1;
}

static kedge_range extent(const kedge_film *film, int d)
{
    kedge_range range = {film->in.low[d], film->in.high[d]};
    for (int i = 0; i < film->in.n_anchors; i++) {
        double at = film->in.anchors[i].at[d];
        if (at < range.min) range.min = at;
        if (at > range.max) range.max = at;
    }
    if (film->in.unit) return (kedge_range){-1, 1};
    return range;
}

/* One length for all dims, so that distances can be compared. */
static void choose_ranges(kedge_film *film)
{
    double length = 0;
    for (int d = 0; d < film->in.k; d++) length = fmax(length, extent(film, d).max - extent(film, d).min);
    if (length == 0) length = 1;
    for (int p = 0; p < film->n_pairs; p++)
        for (int side = 0; side < 2; side++) {
            int d = film->pairs[p][side];
            kedge_range *to = side == 0 ? &film->panels[p].across : &film->panels[p].up;
            kedge_range range = d >= 0 ? extent(film, d) : (kedge_range){0, film->in.n};
            double half = (d >= 0 ? length : film->in.n) * ROOM / 2, middle = (range.min + range.max) / 2;
            *to = (kedge_range){middle - half, middle + half};
        }
}

static kedge_film_box box_of(const kedge_film *film, double x, double y, double width, double height)
{
    double s = film->scale;
    int left = (int)floor(x * s + 0.5), top = (int)floor(y * s + 0.5);
    return (kedge_film_box){left, top, (int)floor(width * s + 0.5), (int)floor(height * s + 0.5)};
}

/* A panel on whole pixels: the points are drawn there without Cairo. */
static void put(kedge_film *film, kedge_axes *axes, kedge_film_box *box, double x, double y, double wide, double high)
{
    *box = box_of(film, x, y, wide, high);
    axes->cr = film->cr;
    axes->theme = film->theme;
    axes->x = box->x / film->scale;
    axes->y = box->y / film->scale;
    axes->width = box->width / film->scale;
    axes->height = box->height / film->scale;
    kedge_axes_init(axes);
}

/* Columns of square panels that fit best into so much room, and their side. */
static int fit_grid(int n, double width, double height, double *side)
{
    int best = 1;
    *side = 0;
    for (int columns = 1; columns <= n; columns++) {
        int rows = (n + columns - 1) / columns;
        double wide = (width - (columns - 1) * GAP) / columns, high = (height - (rows - 1) * GAP) / rows;
        double fits = fmin(wide, high);
        if (fits <= *side * (1 + 1e-9)) continue;
        *side = fits;
        best = columns;
    }
    return best;
}

static double widest_number(kedge_film *film)
{
    double width = 0;
    for (int c = 0; c < KEDGE_FILM_CHARTS; c++) width = fmax(width, kedge_axes_number_width(&film->charts[c]));
    return width;
}

/* Room at the right that keeps the last number of the steps on the page. */
static double overhang(const kedge_film *film)
{
    char text[32];
    kedge_lettering style = {.theme = film->theme, .size = film->theme->tick};
    snprintf(text, sizeof text, "%d", film->in.steps);
    return fmax(0, kedge_lettering_width(film->cr, &style, text) / 2 + 4 - MARGIN);
}

/* The charts one above the other: weights, learning rate, losses, with the legend on top. */
static void put_charts(kedge_film *film, double x, double y, double width, double height)
{
    static const double shares[KEDGE_FILM_CHARTS] = {0.34, 0.20, 0.46};
    kedge_entry entries[KEDGE_ENDS_MAX];
    int n = kedge_film_entries(film, entries);
    film->legend_x = x, film->legend_y = y, film->legend_width = width;
    double legend = kedge_legend_height(film->cr, film->theme, n, entries, width);
    double hangs = overhang(film), rest = height - legend - KEDGE_FILM_CHARTS * TITLE - 2 * NAME;
    for (int pass = 0; pass < 2; pass++) { /* the numbers' width is known once there are ticks */
        double room = pass == 0 ? 0 : widest_number(film) + 8, top = y + legend + TITLE;
        for (int c = 0; c < KEDGE_FILM_CHARTS; c++) {
            double high = fmax(shares[c] * rest, 8);
            put(film, &film->charts[c], &film->chart_boxes[c], x + room, top, fmax(width - room - hangs, 8),
                high);
            top += high + TITLE;
        }
    }
}

static void put_panels(kedge_film *film, double x, double y, int columns, double side)
{
    for (int p = 0; p < film->n_pairs; p++)
        put(film, &film->panels[p], &film->panel_boxes[p], x + p % columns * (side + GAP),
            y + p / columns * (side + GAP), side, side);
}

void kedge_film_lay_out(kedge_film *film)
{
    char counter[64];
    kedge_lettering style = kedge_film_counter_style(film);
    kedge_film_counter(film, film->in.steps, counter, sizeof counter);
    film->counter_width = kedge_lettering_width(film->cr, &style, counter) + 2;
    film->stacked = film->counter_width > 0.38 * film->width;
    film->header = HEADER + (film->stacked ? LINE : 0);
    film->counter_right = film->width - MARGIN, film->counter_base = MARGIN + 14 + (film->stacked ? LINE : 0);
    film->counter_box = box_of(film, film->width - MARGIN - film->counter_width, film->counter_base - 16,
                               film->counter_width + 2, film->header - film->counter_base + 12);
    double side, wide = film->width - 2 * MARGIN, body = film->height - film->header - MARGIN;
    choose_pairs(film);
    choose_ranges(film);
    if (film->width >= film->height) {
        double charts = fmax(CHARTS * film->width, 60);
        int columns = fit_grid(film->n_pairs, wide - charts - 2 * GAP, body, &side);
        double grid = columns * side + (columns - 1) * GAP;
        put_panels(film, MARGIN, film->header, columns, side);
        put_charts(film, MARGIN + grid + 2 * GAP, film->header, wide - grid - 2 * GAP, body);
    } else {
        double charts = fmax(1.2 * CHARTS * film->height, 60);
        int columns = fit_grid(film->n_pairs, wide, body - charts - 2 * GAP, &side);
        int rows = (film->n_pairs + columns - 1) / columns;
        double grid = columns * side + (columns - 1) * GAP, high = rows * side + (rows - 1) * GAP;
        put_panels(film, MARGIN + (wide - grid) / 2, film->header, columns, side);
        put_charts(film, MARGIN, film->header + high + 2 * GAP, wide, body - high - 2 * GAP);
    }
    film->radius = kedge_points_radius(film->in.n, film->panels[0].width * film->panels[0].height);
}
