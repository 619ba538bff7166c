/* latents.c - the figure of a latent space: one panel for each pair of dimensions, points in their own colours. */
#include "draw/latents.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "draw/axes.h"
#include "draw/marker.h"
#include "draw/page.h"

enum { PAIR_DIMS = 4, COLUMNS_MAX = 6, ALL_PAIRS = PAIR_DIMS * (PAIR_DIMS - 1) / 2 };

static const double SPACE = 9;                              /* between panels, beside what their labels take */
static const double STRIP_WIDTH = 420, STRIP_HEIGHT = 150;  /* of the panel for one dimension */
static const double ROOM = 1.10;                            /* panels show so much more than the data */

/* Everything about one figure while it is drawn. */
typedef struct sheet {
    kedge_context *ctx;
    const kedge_latents_figure *figure;
    const kedge_theme *theme;
    kedge_canvas canvas;
    kedge_page page;
    kedge_text description, note;
    kedge_points points;
    kedge_ink *ink;        /* [n] */
    kedge_range *ranges;   /* [k] shown; all of one length */
    kedge_marker *markers; /* [n_anchors] */
    int n_pairs;           /* 0: one dimension, a strip */
    const int (*pairs)[2];
    int own_pairs[ALL_PAIRS][2];
    bool shared; /* all panels show the same range: numbers at the outer ones will do */
    int columns, rows;
    double wide, high;         /* of a panel */
    double number_width;       /* widest number of any y axis */
    double left, gap_x, gap_y; /* room left of the first column, between columns, below each row but the last */
    double last;               /* below the last row */
} sheet;

/* ---- what may be drawn */

static kedge_status check_finite(const char *path, const float *values, int n, int k, const char *what)
{
    for (int i = 0; i < n; i++)
        for (int d = 0; values && d < k; d++)
            if (!isfinite(values[(size_t)i * (size_t)k + (size_t)d]))
                return kedge_fail(KEDGE_ENUMERIC,
                                  "%s: cannot draw: number %d of the %s of point %d is %g; all must be finite", path,
                                  d, what, i, (double)values[(size_t)i * (size_t)k + (size_t)d]);
    return KEDGE_OK;
}

static kedge_status check(const kedge_latents_figure *figure, const char *path)
{
    if (figure->n < 1 || figure->k < 1)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d points of %d dimensions; there must be at least one",
                          path, figure->n, figure->k);
    if (!figure->latents) return kedge_fail(KEDGE_EINVALID, "%s: cannot draw: no latents given", path);
    if (figure->n_pairs < 0 || figure->n_anchors < 0)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d pairs of dimensions and %d anchors", path,
                          figure->n_pairs, figure->n_anchors);
    for (int p = 0; p < figure->n_pairs; p++) {
        int across = figure->pairs[p][0], up = figure->pairs[p][1];
        if (across < 0 || across >= figure->k || up < 0 || up >= figure->k || across == up)
            return kedge_fail(KEDGE_EINVALID,
                              "%s: cannot draw dimensions %d and %d; a panel shows two different ones of 0 to %d", path,
                              across, up, figure->k - 1);
    }
    if (!isfinite(figure->shade_from) || !isfinite(figure->shade_to))
        return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw a colour bar from %g to %g", path, figure->shade_from,
                          figure->shade_to);
    for (int i = 0; i < figure->n_anchors; i++)
        for (int d = 0; d < figure->k; d++)
            if (!isfinite(figure->anchors[i].at[d]))
                return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: number %d of anchor %d is %g; all must be finite",
                                  path, d, i, (double)figure->anchors[i].at[d]);
    kedge_status status = check_finite(path, figure->latents, figure->n, figure->k, "latent");
    if (!status) status = check_finite(path, figure->rgb, figure->n, 3, "colour");
    if (!status && !figure->rgb) status = check_finite(path, figure->shade, figure->n, 1, "shade");
    return status;
}

/* ---- numbers to draw */

static kedge_status allocate(sheet *s)
{
    size_t n = (size_t)s->figure->n;
    s->points.n = s->figure->n;
    s->points.at = kedge_alloc(s->ctx, n, sizeof *s->points.at);
    s->points.order = kedge_alloc(s->ctx, n, sizeof *s->points.order);
    s->points.ink = s->ink = kedge_alloc(s->ctx, n, sizeof *s->ink);
    s->ranges = kedge_alloc(s->ctx, (size_t)s->figure->k, sizeof *s->ranges);
    s->markers = kedge_alloc_zero(s->ctx, (size_t)s->figure->n_anchors, sizeof *s->markers);
    if (!s->points.at || !s->points.order || !s->ink || !s->ranges || !s->markers)
        return kedge_fail_memory("a figure");
    return KEDGE_OK;
}

static void choose_pairs(sheet *s)
{
    s->n_pairs = s->figure->n_pairs;
    s->pairs = s->figure->pairs;
    if (s->n_pairs > 0) return;
    int dims = s->figure->k < PAIR_DIMS ? s->figure->k : PAIR_DIMS;
    for (int across = 0; across < dims; across++)
        for (int up = across + 1; up < dims; up++, s->n_pairs++)
            s->own_pairs[s->n_pairs][0] = across, s->own_pairs[s->n_pairs][1] = up;
    s->pairs = (const int(*)[2])s->own_pairs;
}

static double clamp01(double value)
{
    return value < 0 ? 0 : value > 1 ? 1 : value;
}

static void choose_colours(sheet *s)
{
    const kedge_latents_figure *figure = s->figure;
    for (int i = 0; i < figure->n; i++) {
        const float *rgb = figure->rgb ? figure->rgb + 3 * (size_t)i : NULL;
        if (rgb) s->ink[i] = (kedge_ink){clamp01(rgb[0]), clamp01(rgb[1]), clamp01(rgb[2])};
        else if (figure->shade) s->ink[i] = kedge_theme_ramp(s->theme, figure->shade[i]);
        else s->ink[i] = s->theme->series[0];
    }
}

static float latent(const sheet *s, int point, int d)
{
    return s->figure->latents[(size_t)point * (size_t)s->figure->k + (size_t)d];
}

static void widen(kedge_range *range, double value)
{
    /* Not fmin and fmax: gcc 12 for aarch64 has an internal error on loops over them. */
    if (value < range->min) range->min = value;
    if (value > range->max) range->max = value;
}

/* What each dimension shows: its data, anchors and the unit circle in the middle of one common length. */
static void choose_ranges(sheet *s)
{
    int dims = s->n_pairs > 0 ? 0 : 1;
    for (int p = 0; p < s->n_pairs; p++)
        for (int side = 0; side < 2; side++)
            if (s->pairs[p][side] >= dims) dims = s->pairs[p][side] + 1;
    double length = 0;
    for (int d = 0; d < dims; d++) {
        kedge_range *range = &s->ranges[d];
        range->min = range->max = latent(s, 0, d);
        for (int i = 1; i < s->figure->n; i++) widen(range, latent(s, i, d));
        for (int i = 0; i < s->figure->n_anchors; i++) widen(range, s->figure->anchors[i].at[d]);
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

/* ---- layout */

static void choose_grid(sheet *s)
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

/* The p-th panel without its place on the page, and what is written at it. */
static void panel_init(const sheet *s, int p, cairo_t *cr, kedge_axes *axes, kedge_axes_labels *labels,
                       char names[2][16])
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
static void measure_gaps(sheet *s, cairo_t *cr)
{
    kedge_axes axes;
    kedge_axes_labels labels;
    char names[2][16];
    for (int p = 0; p < s->n_pairs; p++) {
        panel_init(s, p, cr, &axes, &labels, names);
        s->number_width = fmax(s->number_width, kedge_axes_number_width(&axes));
    }
    for (int p = 0; p < s->n_pairs; p++) {
        panel_init(s, p, cr, &axes, &labels, names);
        double left = kedge_axes_room_left(&axes, &labels), below = kedge_axes_room_below(&axes, &labels);
        double *column = p % s->columns == 0 ? &s->left : &s->gap_x;
        double *row = p / s->columns == s->rows - 1 ? &s->last : &s->gap_y;
        *column = fmax(*column, left + (column == &s->gap_x ? SPACE : 0));
        *row = fmax(*row, below + (row == &s->gap_y ? SPACE : 0));
    }
}

static kedge_status describe(sheet *s)
{
    const kedge_latents_figure *figure = s->figure;
    kedge_text *text = &s->description;
    kedge_text_addf(text, "%d point%s in a latent space of %d dimension%s", figure->n, figure->n == 1 ? "" : "s",
                    figure->k, figure->k == 1 ? "" : "s");
    if (s->n_pairs == 0) kedge_text_add(text, ": how many lie where along z0");
    for (int p = 0; p < s->n_pairs; p++)
        kedge_text_addf(text, "%s(z%d, z%d)", p == 0 ? ", projected on the planes " : ", ", s->pairs[p][0],
                        s->pairs[p][1]);
    const char *shade = figure->shade_label;
    if (figure->rgb) kedge_text_add(text, ". Each point has its own colour.");
    else if (figure->shade)
        kedge_text_addf(text, ". Points are shaded from dark to light%s%s.", shade ? " by " : "", shade ? shade : "");
    else kedge_text_add(text, ".");
    for (int i = 0; i < figure->n_anchors; i++) {
        const char *label = figure->anchors[i].label;
        kedge_text_addf(text, " Anchor %s at (", label ? label : "without a name");
        for (int d = 0; d < figure->k; d++)
            kedge_text_addf(text, "%s%.3g", d ? ", " : "", (double)figure->anchors[i].at[d]);
        kedge_text_add(text, ").");
    }
    return kedge_text_status(text, "a figure's description");
}

/* ---- panels */

static bool lies_beside(const sheet *s, const float *at, int across, int up)
{
    double all = 0, here = (double)at[across] * at[across] + (double)at[up] * at[up];
    for (int d = 0; d < s->figure->k; d++) all += (double)at[d] * at[d];
    return here < 0.5 * all;
}

static kedge_status write_notes(sheet *s)
{
    bool beside = false;
    for (int p = 0; p < s->n_pairs; p++)
        for (int i = 0; i < s->figure->n_anchors; i++)
            beside = beside || lies_beside(s, s->figure->anchors[i].at, s->pairs[p][0], s->pairs[p][1]);
    if (beside) kedge_text_add(&s->note, "Dashed ring: the anchor lies mostly off this plane. ");
    if (s->figure->n_pairs == 0 && s->figure->k > PAIR_DIMS)
        kedge_text_addf(&s->note, "Dimensions 0 to %d of %d.", PAIR_DIMS - 1, s->figure->k);
    return kedge_text_status(&s->note, "a figure's notes");
}

/* Squared distance from the plane (across, up) through the nearest anchor, or through zero. */
static double depth_of(const sheet *s, int point, int across, int up)
{
    double least = INFINITY;
    int planes = s->figure->n_anchors > 0 ? s->figure->n_anchors : 1;
    for (int i = 0; i < planes; i++) {
        const float *at = s->figure->n_anchors > 0 ? s->figure->anchors[i].at : NULL;
        double sum = 0;
        for (int d = 0; d < s->figure->k; d++) {
            double off = latent(s, point, d) - (at ? (double)at[d] : 0);
            if (d != across && d != up) sum += off * off;
        }
        least = fmin(least, sum);
    }
    return least;
}

static void draw_cloud(sheet *s, const kedge_axes *axes, const kedge_axes_labels *labels)
{
    int n_markers = s->figure->n_anchors;
    kedge_axes_clip(axes);
    kedge_points_draw(axes->cr, s->theme, &s->points);
    kedge_axes_unclip(axes);
    kedge_axes_draw_front(axes, labels);
    kedge_markers_place(s->markers, n_markers, axes, &s->points);
    kedge_markers_draw(s->markers, n_markers, axes);
}

static void draw_panel(sheet *s, int p)
{
    kedge_axes axes;
    kedge_axes_labels labels;
    char names[2][16];
    int across = s->pairs[p][0], up = s->pairs[p][1];
    panel_init(s, p, s->canvas.cr, &axes, &labels, names);
    axes.x = kedge_page_margin + s->left + p % s->columns * (s->wide + s->gap_x);
    axes.y = s->page.above + p / s->columns * (s->high + s->gap_y);
    for (int i = 0; i < s->figure->n; i++) {
        s->points.at[i][0] = kedge_axes_x(&axes, latent(s, i, across));
        s->points.at[i][1] = kedge_axes_y(&axes, latent(s, i, up));
        s->points.order[i] = (kedge_depth){depth_of(s, i, across, up), i};
    }
    kedge_points_sort(&s->points);
    for (int i = 0; i < s->figure->n_anchors; i++) {
        const kedge_latents_anchor *anchor = &s->figure->anchors[i];
        s->markers[i] = (kedge_marker){
            .label = anchor->label, .x = kedge_axes_x(&axes, anchor->at[across]),
            .y = kedge_axes_y(&axes, anchor->at[up]), .beside = lies_beside(s, anchor->at, across, up)};
    }
    kedge_axes_draw_back(&axes);
    if (s->figure->unit_circle) kedge_axes_draw_circle(&axes);
    draw_cloud(s, &axes, &labels);
}

static const kedge_axes_labels strip_labels = {
    .x = "z_0", .y = "points", .symbols = true, .x_numbers = true, .y_numbers = true};

/* One dimension: points stacked in bins as wide as they are, as high as the fullest bin, with headroom for anchors. */
static void strip_init(sheet *s, cairo_t *cr, kedge_axes *axes)
{
    enum { BINS_MAX = 256 };
    int counts[BINS_MAX] = {0}, fullest = 0;
    double radius = s->points.radius, length = s->ranges[0].max - s->ranges[0].min;
    int bins = (int)(s->wide / (2.1 * radius));
    if (bins > BINS_MAX) bins = BINS_MAX;
    for (int i = 0; i < s->figure->n; i++) {
        int bin = (int)((latent(s, i, 0) - s->ranges[0].min) / length * bins);
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
}

static void draw_strip(sheet *s)
{
    kedge_axes axes;
    kedge_axes_labels labels = strip_labels;
    strip_init(s, s->canvas.cr, &axes);
    labels.number_width = s->number_width;
    axes.x = kedge_page_margin + s->left;
    axes.y = s->page.above;
    double floor_y = axes.y + axes.height - s->points.radius; /* the lowest of a high stack stand on the axis */
    for (int i = 0; i < s->figure->n; i++) {
        s->points.at[i][0] = kedge_axes_x(&axes, s->points.at[i][0]);
        s->points.at[i][1] = fmin(kedge_axes_y(&axes, s->points.at[i][1]), floor_y);
    }
    kedge_axes_draw_back(&axes);
    kedge_canvas_ink(axes.cr, s->theme->rule, 1);
    cairo_set_line_width(axes.cr, 0.9);
    for (int i = 0; i < s->figure->n_anchors; i++) {
        double x = kedge_axes_x(&axes, s->figure->anchors[i].at[0]);
        s->markers[i] = (kedge_marker){.label = s->figure->anchors[i].label, .x = x, .y = axes.y + 0.11 * axes.height};
        cairo_move_to(axes.cr, x, axes.y);
        cairo_line_to(axes.cr, x, axes.y + axes.height);
        cairo_stroke(axes.cr);
    }
    draw_cloud(s, &axes, &labels);
}

/* ---- the figure */

static void lay_out(sheet *s)
{
    cairo_t *cr = kedge_canvas_measure();
    choose_grid(s);
    s->points.radius = kedge_points_radius(s->figure->n, s->wide * s->high);
    if (s->n_pairs == 0) {
        kedge_axes axes;
        kedge_axes_labels labels = strip_labels;
        strip_init(s, cr, &axes);
        s->number_width = labels.number_width = kedge_axes_number_width(&axes);
        s->left = kedge_axes_room_left(&axes, &labels);
        s->last = kedge_axes_room_below(&axes, &labels);
    } else {
        measure_gaps(s, cr);
    }
    kedge_page_fit(&s->page, cr, s->left + s->columns * s->wide + (s->columns - 1) * s->gap_x);
    cairo_destroy(cr);
}

static kedge_status open_page(sheet *s, const kedge_picture *to)
{
    kedge_canvas_options options = {
        .width = s->page.width + 2 * kedge_page_margin + 2, /* the last number hangs over a little */
        .height = s->page.above + s->rows * s->high + (s->rows - 1) * s->gap_y + s->last + s->page.below,
        .paper = s->theme->paper,
        .title = s->figure->title,
        .description = kedge_text_string(&s->description),
    };
    return kedge_canvas_init(&s->canvas, s->ctx, to, &options);
}

kedge_status kedge_draw_latents(kedge_context *ctx, const kedge_latents_figure *figure, const kedge_picture *to)
{
    sheet s = {.ctx = ctx, .figure = figure, .theme = kedge_theme_of(to->dark)};
    kedge_status status = check(figure, to->path);
    if (status) return status;
    kedge_text_init(&s.description, ctx);
    kedge_text_init(&s.note, ctx);
    if ((status = allocate(&s))) goto done;
    choose_pairs(&s);
    choose_colours(&s);
    choose_ranges(&s);
    if ((status = describe(&s)) || (status = write_notes(&s))) goto done;
    bool bar = !figure->rgb && figure->shade && figure->shade_label, unit = figure->shade_from == figure->shade_to;
    s.page = (kedge_page){.theme = s.theme, .title = figure->title, .subtitle = figure->subtitle,
                          .note = kedge_text_string(&s.note), .bar = bar ? figure->shade_label : NULL,
                          .bar_from = unit ? 0 : figure->shade_from, .bar_to = unit ? 1 : figure->shade_to};
    lay_out(&s);
    if ((status = open_page(&s, to))) goto done;
    kedge_page_draw(&s.page, s.canvas.cr, s.canvas.options.height);
    if (s.n_pairs == 0) draw_strip(&s);
    for (int p = 0; p < s.n_pairs; p++) draw_panel(&s, p);
    status = kedge_canvas_save(&s.canvas);
done:
    kedge_canvas_release(&s.canvas);
    kedge_text_release(&s.description);
    kedge_text_release(&s.note);
    kedge_release(ctx, s.points.at);
    kedge_release(ctx, s.points.order);
    kedge_release(ctx, s.ink);
    kedge_release(ctx, s.ranges);
    kedge_release(ctx, s.markers);
    return status;
}
