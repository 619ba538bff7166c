/* film.c - a run as moving pictures. */
#include "draw/film.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "draw/film_parts.h"
#include "draw/typesetter.h"

static const double AREA = 720 * 405;  /* of a frame, in units; 16:9 is the usual shape */
static const double SIDE_LEAST = 360;  /* of the shorter side, in units, so that the header has room */
static const double SHUTTER = 0.5;     /* of the time from frame to frame that it is open */
static const double BLUR = 1.5;        /* pixels that a point may move from subframe to subframe */
static const double DOT = 2.6;         /* radius of a curve's dot at the cursor */
static const double DECADES = 7;       /* of losses, at most, that are in view */

/* ---- what may be drawn */

static bool all_finite(const float *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(values[i])) return false;
    return true;
}

static kedge_status check(const kedge_film_input *in)
{
    size_t n = (size_t)in->n, k = (size_t)in->k;
    if (in->n < 1 || in->k < 1 || in->steps < 1)
        return kedge_fail(KEDGE_EINVALID, "a video of %d points of %d dims in %d steps shows nothing", in->n, in->k,
                          in->steps);
    if (in->n_pairs > KEDGE_FILM_PAIRS)
        return kedge_fail(KEDGE_EINVALID, "%d pairs of dims are too many for a video; it shows at most %d", in->n_pairs,
                          KEDGE_FILM_PAIRS);
    for (int p = 0; p < in->n_pairs; p++) {
        int across = in->pairs[p][0], up = in->pairs[p][1];
        if (across < 0 || across >= in->k || up < 0 || up >= in->k || across == up)
            return kedge_fail(KEDGE_EINVALID,
                              "cannot draw dimensions %d and %d; a panel shows two different ones of 0 to %d", across,
                              up, in->k - 1);
    }
    bool finite = all_finite(in->low, k) && all_finite(in->high, k) && all_finite(in->last, n * k);
    for (int i = 0; i < in->n_anchors; i++) finite = finite && all_finite(in->anchors[i].at, k);
    if (in->rgb) finite = finite && all_finite(in->rgb, 3 * n);
    if (in->shade) finite = finite && all_finite(in->shade, n);
    if (!finite) return kedge_fail(KEDGE_ENUMERIC, "a value that a video shows is no finite number");
    return KEDGE_OK;
}

/* ---- curves */

static bool shows(double loss)
{
    return isfinite(loss) && loss > 0;
}

/* The mean of the logarithm over the steps around, which is what the eye takes from a trace on a log scale. A term
 * whose labels are rare has a loss in few steps: the mean is of those that are near. */
static void smooth(const kedge_film *film, int column)
{
    const kedge_film_input *in = &film->in;
    const float *loss = in->losses + column;
    size_t columns = (size_t)in->n_terms + 1;
    double *out = film->smooth + (size_t)column * (size_t)in->steps, sum = 0;
    int half = in->steps / 60 > 2 ? in->steps / 60 : 2, count = 0;
    for (int i = -half; i < in->steps; i++) {
        int enters = i + half, leaves = i - half - 1;
        double in_loss = enters < in->steps ? (double)loss[(size_t)enters * columns] : NAN;
        double out_loss = leaves >= 0 ? (double)loss[(size_t)leaves * columns] : NAN;
        if (shows(in_loss)) sum += log10(in_loss), count++;
        if (shows(out_loss)) sum -= log10(out_loss), count--;
        if (i >= 0) out[i] = count > 0 ? pow(10, sum / count) : NAN;
    }
}

static kedge_range range_of(const double *values, size_t n, kedge_range range)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) continue;
        if (values[i] < range.min) range.min = values[i];
        if (values[i] > range.max) range.max = values[i];
    }
    return range;
}

static void choose_chart_ranges(kedge_film *film)
{
    const kedge_film_input *in = &film->in;
    size_t steps = (size_t)in->steps, terms = (size_t)in->n_terms;
    kedge_range weights = range_of(in->weights, steps * terms, (kedge_range){0, 0});
    kedge_range lr = range_of(in->lr, steps, (kedge_range){0, 0});
    kedge_range losses = range_of(film->smooth, steps * (terms + 1), (kedge_range){INFINITY, 0});
    if (!(losses.min <= losses.max)) losses = (kedge_range){0.1, 1}; /* there are none */
    losses.min = fmax(losses.min, losses.max * pow(10, -DECADES));
    film->charts[KEDGE_FILM_WEIGHTS].up = kedge_chart_widen(weights, 0.06, 1e-6, false);
    film->charts[KEDGE_FILM_LR].up = kedge_chart_widen(lr, 0.08, 1e-9, false);
    film->charts[KEDGE_FILM_LOSSES].up = kedge_chart_widen(losses, 0.06, 1.1, true);
    film->charts[KEDGE_FILM_LOSSES].log_y = true;
    for (int c = 0; c < KEDGE_FILM_CHARTS; c++) film->charts[c].across = (kedge_range){0, in->steps};
}

/* ---- creating */

static kedge_status allocate(kedge_film *film)
{
    const kedge_film_input *in = &film->in;
    kedge_context *ctx = film->ctx;
    size_t pixels = (size_t)in->width * (size_t)in->height, n = (size_t)in->n, steps = (size_t)in->steps;
    film->ground = kedge_alloc_zero(ctx, pixels, sizeof *film->ground);
    film->past = kedge_alloc_zero(ctx, pixels, sizeof *film->past);
    film->overlay = kedge_alloc_zero(ctx, pixels, sizeof *film->overlay);
    film->page = kedge_alloc_zero(ctx, pixels, sizeof *film->page);
    film->column = kedge_alloc(ctx, steps, sizeof *film->column);
    film->smooth = kedge_alloc(ctx, steps * ((size_t)in->n_terms + 1), sizeof *film->smooth);
    film->points.at = kedge_alloc(ctx, n, sizeof *film->points.at);
    film->points.order = kedge_alloc(ctx, n, sizeof *film->points.order);
    film->inks = kedge_alloc(ctx, n, sizeof *film->inks);
    film->moved = kedge_alloc(ctx, KEDGE_SUBFRAMES * n * (size_t)in->k, sizeof *film->moved);
    film->points.n = in->n;
    if (!film->ground || !film->past || !film->overlay || !film->page || !film->column || !film->smooth ||
        !film->points.at || !film->points.order || !film->inks || !film->moved)
        return kedge_fail_memory("a video");
    return KEDGE_OK;
}

static void choose_inks(kedge_film *film)
{
    for (int i = 0; i < film->in.n; i++) {
        kedge_ink ink = film->theme->series[0];
        const float *rgb = film->in.rgb ? film->in.rgb + 3 * (size_t)i : NULL;
        if (rgb) ink = (kedge_ink){fmin(fmax(rgb[0], 0), 1), fmin(fmax(rgb[1], 0), 1), fmin(fmax(rgb[2], 0), 1)};
        else if (film->in.shade) ink = kedge_theme_ramp(film->theme, film->in.shade[i]);
        kedge_disc disc = kedge_disc_of(film->theme, film->radius, ink);
        film->inks[i] = kedge_splat_ink_of(disc.edge, disc.ink);
    }
}

static kedge_status prepare(kedge_film *film)
{
    kedge_status status = allocate(film);
    if (status) return status;
    for (int c = 0; c <= film->in.n_terms; c++) smooth(film, c);
    choose_chart_ranges(film);
    film->cr = kedge_film_paper(film, film->page, false);
    kedge_typesetter *setter; /* a video without its words would mislead */
    status = kedge_typesetter_of(&setter, film->cr);
    if (status) return status;
    kedge_film_lay_out(film);
    film->points.radius = film->radius;
    choose_inks(film);
    kedge_disc disc = kedge_disc_of(film->theme, film->radius, film->theme->ink);
    status = kedge_splat_init(&film->splat, film->ctx, film->panel_boxes[0].width, film->panel_boxes[0].height,
                              film->n_pairs, disc.inner * film->scale, disc.outer * film->scale);
    return status ? status : kedge_film_draw_pages(film);
}

kedge_status kedge_film_create(kedge_film **out, kedge_context *ctx, const kedge_film_input *input)
{
    kedge_status status = check(input);
    if (status) return status;
    kedge_film *film = kedge_alloc_zero(ctx, 1, sizeof *film);
    if (!film) return kedge_fail_memory("a video");
    film->ctx = ctx;
    film->in = *input;
    film->theme = kedge_theme_of(input->dark);
    double wide = input->width, high = input->height;
    film->scale = fmin(sqrt(wide * high / AREA), fmin(wide, high) / SIDE_LEAST);
    film->width = wide / film->scale;
    film->height = high / film->scale;
    status = prepare(film);
    if (status) kedge_film_free(film);
    else *out = film;
    return status;
}

void kedge_film_free(kedge_film *film)
{
    if (!film) return;
    kedge_context *ctx = film->ctx;
    if (film->cr) cairo_destroy(film->cr);
    kedge_splat_release(&film->splat);
    kedge_release(ctx, film->ground);
    kedge_release(ctx, film->past);
    kedge_release(ctx, film->overlay);
    kedge_release(ctx, film->page);
    kedge_release(ctx, film->column);
    kedge_release(ctx, film->smooth);
    kedge_release(ctx, film->runs);
    kedge_release(ctx, film->points.at);
    kedge_release(ctx, film->points.order);
    kedge_release(ctx, film->inks);
    kedge_release(ctx, film->moved);
    kedge_release(ctx, film);
}

/* ---- points */

void kedge_film_place(const kedge_film *film, int panel, int i, const float *at, double *x, double *y)
{
    const kedge_axes *axes = &film->panels[panel];
    int up = film->pairs[panel][1];
    *x = kedge_axes_x(axes, at[film->pairs[panel][0]]);
    *y = kedge_axes_y(axes, up >= 0 ? at[up] : i + 0.5);
}

/* Subframes for a frame: a power of two, so many that no point moves far from one to the next. */
static int count_subframes(const kedge_film *film, const kedge_film_frame *frame)
{
    if (!frame->next) return 1;
    double furthest = 0, unit = film->panel_boxes[0].width / (film->panels[0].across.max - film->panels[0].across.min);
    for (size_t i = 0; i < (size_t)film->in.n * (size_t)film->in.k; i++) {
        double way = fabs((double)frame->next[i] - (double)frame->latents[i]);
        if (way > furthest) furthest = way;
    }
    int n = 1;
    while (n < KEDGE_SUBFRAMES && SHUTTER * unit * furthest > BLUR * n) n *= 2;
    return n;
}

/* Latents at a share of the way to the next frame. */
static void move(const kedge_film *film, const kedge_film_frame *frame, double share, float *out)
{
    size_t k = (size_t)film->in.k;
    for (int i = 0; i < film->in.n; i++, out += k) {
        const float *from = frame->latents + (size_t)i * k, *to = frame->next ? frame->next + (size_t)i * k : from;
        double square = 0;
        for (size_t d = 0; d < k; d++) {
            double at = from[d] + share * ((double)to[d] - (double)from[d]);
            out[d] = (float)at;
            square += at * at;
        }
        double length = sqrt(square);
        for (size_t d = 0; film->in.unit && frame->next && length > 0 && d < k; d++) out[d] = (float)(out[d] / length);
    }
}

static void sort(kedge_film *film, int panel, const float *latents)
{
    const kedge_film_input *in = &film->in;
    int across = film->pairs[panel][0], up = film->pairs[panel][1];
    for (int i = 0; i < in->n; i++) {
        const float *at = latents + (size_t)i * (size_t)in->k;
        film->points.order[i] =
            (kedge_depth){kedge_latents_depth(at, in->k, in->n_anchors, in->anchors, across, up), i};
    }
    kedge_points_sort(&film->points);
}

static void draw_points(kedge_film *film, const kedge_film_frame *frame)
{
    size_t k = (size_t)film->in.k, size = (size_t)film->in.n * k;
    int subframes = count_subframes(film, frame);
    for (int s = 0; s < subframes; s++)
        move(film, frame, SHUTTER * (s + 0.5) / subframes, film->moved + (size_t)s * size);
    for (int p = 0; p < film->n_pairs; p++) {
        const kedge_film_box *box = &film->panel_boxes[p];
        sort(film, p, film->moved + (size_t)(subframes / 2) * size);
        kedge_splat_begin(&film->splat, p, subframes);
        for (int s = 0; s < subframes; s++) {
            for (int j = 0; j < film->in.n; j++) {
                double x, y;
                int i = film->points.order[j].point;
                kedge_film_place(film, p, i, film->moved + (size_t)s * size + (size_t)i * k, &x, &y);
                kedge_splat_disc(&film->splat, film->scale * x - box->x, film->scale * y - box->y, &film->inks[i]);
            }
            kedge_splat_next(&film->splat);
        }
        kedge_splat_put(&film->splat, film->page + (size_t)box->y * (size_t)film->in.width + (size_t)box->x,
                        film->in.width);
    }
}

/* ---- the rest of a frame */

/* Part of a row of the page, as it is before anything moves. */
static void restore(kedge_film *film, const uint32_t *from, int y, int left, int right)
{
    if (y < 0 || y >= film->in.height) return;
    left = left < 0 ? 0 : left;
    right = right > film->in.width ? film->in.width : right;
    size_t at = (size_t)y * (size_t)film->in.width + (size_t)left;
    if (right > left) memcpy(film->page + at, from + at, (size_t)(right - left) * sizeof *from);
}

static double curve_at(const kedge_film *film, int chart, int curve, int step)
{
    if (chart == KEDGE_FILM_LR) return film->in.lr[step];
    if (chart == KEDGE_FILM_LOSSES) return film->smooth[(size_t)curve * (size_t)film->in.steps + (size_t)step];
    return film->in.weights[(size_t)step * (size_t)film->in.n_terms + (size_t)curve - 1];
}

static void draw_dots(const kedge_film *film, int chart, double step)
{
    const kedge_axes *axes = &film->charts[chart];
    int i = step < film->in.steps - 1 ? (int)step : film->in.steps - 1;
    int first = chart == KEDGE_FILM_WEIGHTS ? 1 : 0, last = chart == KEDGE_FILM_LR ? 0 : film->in.n_terms;
    for (int c = last; c >= first; c--) {
        double value = curve_at(film, chart, c, i);
        bool inside = isfinite(value) && value >= axes->up.min && value <= axes->up.max;
        if (inside)
            kedge_chart_dot(film->cr, KEDGE_SHAPE_DISC, kedge_axes_x(axes, step), kedge_axes_y(axes, value), DOT,
                            kedge_film_style(film, c).ink, film->theme->panel);
    }
}

static void draw_charts(kedge_film *film, double step)
{
    int over = (int)ceil((DOT + 1) * film->scale); /* a dot hangs over the panel's edge */
    for (int c = 0; c < KEDGE_FILM_CHARTS; c++) {
        const kedge_film_box *box = &film->chart_boxes[c];
        int now = (int)floor(kedge_axes_x(&film->charts[c], step) * film->scale + 0.5);
        for (int y = box->y - over; y < box->y + box->height + over; y++) {
            restore(film, film->past, y, box->x - over, now);
            restore(film, film->ground, y, now, box->x + box->width + over);
        }
    }
    cairo_surface_mark_dirty(cairo_get_target(film->cr));
    for (int c = 0; c < KEDGE_FILM_CHARTS; c++) {
        kedge_chart_cursor(&film->charts[c], step);
        draw_dots(film, c, step);
    }
}

static void draw_counter(kedge_film *film, const kedge_film_frame *frame)
{
    char text[64], line[1][KEDGE_LINE];
    const kedge_film_box *box = &film->counter_box;
    kedge_lettering counter = kedge_film_counter_style(film);
    kedge_lettering phase = {.theme = film->theme, .size = 11.5, .ink = film->theme->muted, .align = KEDGE_ALIGN_RIGHT};
    for (int y = box->y; y < box->y + box->height; y++) restore(film, film->ground, y, box->x, box->x + box->width);
    cairo_surface_mark_dirty(cairo_get_target(film->cr));
    double right = film->counter_right, base = film->counter_base;
    kedge_film_counter(film, (int)frame->step, text, sizeof text);
    kedge_lettering_draw(film->cr, &counter, right, base, text);
    if (kedge_lettering_wrap(film->cr, &phase, frame->phase, film->counter_width, 1, line) > 0)
        kedge_lettering_draw(film->cr, &phase, right, base + 18, line[0]);
}

/* What is laid over may hang out of a panel, and would be laid over itself. */
static void restore_under(kedge_film *film)
{
    for (int r = 0; r < film->n_runs; r++) {
        const kedge_film_run *run = &film->runs[r];
        memcpy(film->page + run->start, film->ground + run->start, (size_t)run->length * sizeof *film->page);
    }
}

/* Colours of the overlay are multiplied with how opaque they are. */
static void lay_over(kedge_film *film)
{
    for (int r = 0; r < film->n_runs; r++) {
        uint32_t *to = film->page + film->runs[r].start;
        const uint32_t *from = film->overlay + film->runs[r].start;
        for (int i = 0; i < film->runs[r].length; i++) {
            uint32_t under = 255 - (from[i] >> 24), mixed = 0;
            for (int shift = 0; shift < 24; shift += 8) {
                uint32_t part = (to[i] >> shift & 255) * under;
                mixed |= ((from[i] >> shift & 255) + (part + 127) / 255) << shift;
            }
            to[i] = mixed;
        }
    }
}

void kedge_film_draw(kedge_film *film, const kedge_film_frame *frame, uint32_t *pixels)
{
    cairo_surface_flush(cairo_get_target(film->cr));
    restore_under(film);
    draw_points(film, frame);
    draw_charts(film, frame->step);
    draw_counter(film, frame);
    cairo_surface_flush(cairo_get_target(film->cr));
    lay_over(film);
    memcpy(pixels, film->page, (size_t)film->in.width * (size_t)film->in.height * sizeof *pixels);
}
