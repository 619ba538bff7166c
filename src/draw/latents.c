/* latents.c - the figure of a latent space: one panel for each pair of dimensions, points in their own colours. */
#include "draw/latents.h"

#include <math.h>

#include "base/error.h"
#include "draw/latents_sheet.h"

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

static kedge_status check_places(const char *path, const kedge_latents_anchor *places, int n, int k, const char *what)
{
    for (int i = 0; i < n; i++)
        for (int d = 0; d < k; d++)
            if (!isfinite(places[i].at[d]))
                return kedge_fail(KEDGE_ENUMERIC, "%s: cannot draw: number %d of %s %d is %g; all must be finite", path,
                                  d, what, i, (double)places[i].at[d]);
    return KEDGE_OK;
}

static kedge_status check_cones(const char *path, const kedge_latents_figure *figure)
{
    for (int i = 0; i < figure->n_cones; i++) {
        const kedge_cone *cone = &figure->cones[i];
        double most = 0;
        for (int d = 0; d < figure->k; d++) most = isfinite(cone->axis[d]) ? fmax(most, fabs(cone->axis[d])) : NAN;
        if (!(most > 0))
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw cone %d: its axis must have a length", path, i);
        if (!(cone->angle >= 0 && cone->angle <= 90))
            return kedge_fail(KEDGE_EINVALID, "%s: cannot draw a cone of %g degrees; 0 to 90 can be drawn", path,
                              cone->angle);
    }
    return KEDGE_OK;
}

kedge_status kedge_latents_check(const kedge_latents_figure *figure, const char *path)
{
    if (figure->n < 1 || figure->k < 1)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d points of %d dimensions; there must be at least one",
                          path, figure->n, figure->k);
    if (!figure->latents) return kedge_fail(KEDGE_EINVALID, "%s: cannot draw: no latents given", path);
    if (figure->n_pairs < 0 || figure->n_anchors < 0 || figure->n_repellers < 0 || figure->n_cones < 0)
        return kedge_fail(KEDGE_EINVALID, "%s: cannot draw %d pairs of dimensions, %d places and %d cones", path,
                          figure->n_pairs, figure->n_anchors + figure->n_repellers, figure->n_cones);
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
    kedge_status status = check_places(path, figure->anchors, figure->n_anchors, figure->k, "anchor");
    if (!status) status = check_places(path, figure->repellers, figure->n_repellers, figure->k, "repelling place");
    if (!status) status = check_cones(path, figure);
    if (!status) status = check_finite(path, figure->latents, figure->n, figure->k, "latent");
    if (!status) status = check_finite(path, figure->before, figure->n, figure->k, "former latent");
    if (!status) status = check_finite(path, figure->rgb, figure->n, 3, "colour");
    if (!status && !figure->rgb) status = check_finite(path, figure->shade, figure->n, 1, "shade");
    return status;
}

kedge_status kedge_latents_sheet_init(kedge_latents_sheet *s, kedge_context *ctx, const kedge_latents_figure *figure,
                                      const kedge_theme *theme)
{
    size_t n = (size_t)figure->n;
    *s = (kedge_latents_sheet){.ctx = ctx, .figure = figure, .theme = theme};
    kedge_text_init(&s->description, ctx);
    kedge_text_init(&s->note, ctx);
    s->points.n = s->figure->n;
    s->points.at = kedge_alloc(s->ctx, n, sizeof *s->points.at);
    s->points.order = kedge_alloc(s->ctx, n, sizeof *s->points.order);
    s->points.ink = s->ink = kedge_alloc(s->ctx, n, sizeof *s->ink);
    s->ranges = kedge_alloc(s->ctx, (size_t)s->figure->k, sizeof *s->ranges);
    s->markers = kedge_alloc_zero(s->ctx, (size_t)s->figure->n_anchors + (size_t)s->figure->n_repellers,
                                  sizeof *s->markers);
    if (!s->points.at || !s->points.order || !s->ink || !s->ranges || !s->markers)
        return kedge_fail_memory("a figure");
    kedge_latents_choose(s);
    return KEDGE_OK;
}

void kedge_latents_sheet_release(kedge_latents_sheet *s)
{
    kedge_canvas_release(&s->canvas);
    kedge_text_release(&s->description);
    kedge_text_release(&s->note);
    kedge_release(s->ctx, s->points.at);
    kedge_release(s->ctx, s->points.order);
    kedge_release(s->ctx, s->ink);
    kedge_release(s->ctx, s->ranges);
    kedge_release(s->ctx, s->markers);
}

/* ---- panels */

bool kedge_latents_beside(const float *at, int k, int across, int up)
{
    double all = 0, here = (double)at[across] * at[across] + (double)at[up] * at[up];
    for (int d = 0; d < k; d++) all += (double)at[d] * at[d];
    return here < 0.5 * all;
}

double kedge_latents_depth(const float *at, int k, int n_anchors, const kedge_latents_anchor *anchors, int across,
                           int up)
{
    double least = INFINITY;
    int planes = n_anchors > 0 ? n_anchors : 1;
    for (int i = 0; i < planes; i++) {
        double sum = 0;
        for (int d = 0; d < k; d++) {
            double off = at[d] - (n_anchors > 0 ? (double)anchors[i].at[d] : 0);
            if (d != across && d != up) sum += off * off;
        }
        least = fmin(least, sum);
    }
    return least;
}

static double depth_of(const kedge_latents_sheet *s, int point, int across, int up)
{
    const kedge_latents_figure *figure = s->figure;
    return kedge_latents_depth(figure->latents + (size_t)point * (size_t)figure->k, figure->k, figure->n_anchors,
                               figure->anchors, across, up);
}

double kedge_latents_move(const kedge_latents_figure *figure, int point)
{
    const float *now = figure->latents + (size_t)point * (size_t)figure->k;
    const float *then = figure->before + (size_t)point * (size_t)figure->k;
    double moved = 0, length = 0;
    for (int d = 0; d < figure->k; d++) {
        double step = (double)now[d] - (double)then[d];
        moved += step * step;
        length += (double)then[d] * (double)then[d];
    }
    return moved > 1e-6 * length ? sqrt(moved) : 0;
}

/* Thin lines in the points' own colours, from where they were. */
static void draw_moves(const kedge_latents_sheet *s, const kedge_axes *axes, int across, int up)
{
    const kedge_latents_figure *figure = s->figure;
    cairo_set_line_width(axes->cr, fmin(0.7, 0.3 * s->points.radius));
    for (int i = 0; i < figure->n; i++) {
        int p = s->points.order[i].point;
        const float *then = figure->before + (size_t)p * (size_t)figure->k;
        if (kedge_latents_move(figure, p) == 0) continue;
        cairo_move_to(axes->cr, kedge_axes_x(axes, then[across]), kedge_axes_y(axes, then[up]));
        cairo_line_to(axes->cr, s->points.at[p][0], s->points.at[p][1]);
        kedge_canvas_ink(axes->cr, s->ink[p], 0.45);
        cairo_stroke(axes->cr);
    }
}

static void draw_points(kedge_latents_sheet *s, const kedge_axes *axes)
{
    kedge_axes_clip(axes);
    kedge_points_draw(axes->cr, s->theme, &s->points);
    kedge_axes_unclip(axes);
}

void kedge_latents_draw_places(kedge_latents_sheet *s, const kedge_axes *axes)
{
    int n_markers = s->figure->n_anchors + s->figure->n_repellers;
    kedge_markers_place(s->markers, n_markers, axes, &s->points);
    kedge_markers_draw(s->markers, n_markers, axes);
}

/* Where the points and the named places of a panel are on the page. */
static void place_panel(kedge_latents_sheet *s, const kedge_axes *axes, int across, int up)
{
    const kedge_latents_figure *figure = s->figure;
    for (int i = 0; i < figure->n; i++) {
        s->points.at[i][0] = kedge_axes_x(axes, kedge_latents_at(s, i, across));
        s->points.at[i][1] = kedge_axes_y(axes, kedge_latents_at(s, i, up));
        s->points.order[i] = (kedge_depth){depth_of(s, i, across, up), i};
    }
    kedge_points_sort(&s->points);
    for (int i = 0; i < figure->n_anchors + figure->n_repellers; i++) {
        bool repels = i >= figure->n_anchors;
        const kedge_latents_anchor *place = repels ? &figure->repellers[i - figure->n_anchors] : &figure->anchors[i];
        s->markers[i] = (kedge_marker){
            .label = place->label, .x = kedge_axes_x(axes, place->at[across]), .y = kedge_axes_y(axes, place->at[up]),
            .beside = kedge_latents_beside(place->at, figure->k, across, up), .repels = repels};
    }
}

void kedge_latents_draw_data(kedge_latents_sheet *s, int p, const kedge_axes *axes)
{
    const kedge_latents_figure *figure = s->figure;
    int across = s->pairs[p][0], up = s->pairs[p][1];
    place_panel(s, axes, across, up);
    kedge_axes_clip(axes);
    for (int i = 0; i < figure->n_cones; i++)
        kedge_cone_draw(axes, &figure->cones[i], figure->k, across, up, s->unit);
    kedge_axes_unclip(axes);
    if (figure->unit_circle) kedge_axes_draw_circle(axes);
    kedge_axes_clip(axes);
    if (figure->before) draw_moves(s, axes, across, up);
    kedge_axes_unclip(axes);
    draw_points(s, axes);
}

static void draw_panel(kedge_latents_sheet *s, int p)
{
    kedge_axes axes;
    kedge_axes_labels labels;
    char names[2][16];
    kedge_latents_panel(s, p, s->canvas.cr, &axes, &labels, names);
    axes.x = kedge_page_margin + s->left + p % s->columns * (s->wide + s->gap_x);
    axes.y = s->page.above + p / s->columns * (s->high + s->gap_y);
    kedge_axes_draw_back(&axes);
    kedge_latents_draw_data(s, p, &axes);
    kedge_axes_draw_front(&axes, &labels);
    kedge_latents_draw_places(s, &axes);
}

static void draw_strip(kedge_latents_sheet *s)
{
    const kedge_latents_figure *figure = s->figure;
    kedge_axes axes;
    kedge_axes_labels labels;
    kedge_latents_strip(s, s->canvas.cr, &axes, &labels);
    axes.x = kedge_page_margin + s->left;
    axes.y = s->page.above;
    double floor_y = axes.y + axes.height - s->points.radius; /* the lowest of a high stack stand on the axis */
    for (int i = 0; i < figure->n; i++) {
        s->points.at[i][0] = kedge_axes_x(&axes, s->points.at[i][0]);
        s->points.at[i][1] = fmin(kedge_axes_y(&axes, s->points.at[i][1]), floor_y);
    }
    kedge_axes_draw_back(&axes);
    kedge_canvas_ink(axes.cr, s->theme->rule, 1);
    cairo_set_line_width(axes.cr, 0.9);
    for (int i = 0; i < figure->n_anchors + figure->n_repellers; i++) {
        bool repels = i >= figure->n_anchors;
        const kedge_latents_anchor *place = repels ? &figure->repellers[i - figure->n_anchors] : &figure->anchors[i];
        double x = kedge_axes_x(&axes, place->at[0]);
        s->markers[i] = (kedge_marker){
            .label = place->label, .x = x, .y = axes.y + 0.11 * axes.height, .repels = repels};
        cairo_move_to(axes.cr, x, axes.y);
        cairo_line_to(axes.cr, x, axes.y + axes.height);
        cairo_stroke(axes.cr);
    }
    draw_points(s, &axes);
    kedge_axes_draw_front(&axes, &labels);
    kedge_latents_draw_places(s, &axes);
}

/* ---- the figure */

static kedge_status open_page(kedge_latents_sheet *s, const kedge_picture *to)
{
    kedge_canvas_options options = {
        .width = to->width > 0 ? to->width : s->page.width + 2 * kedge_page_margin + kedge_latents_overhang,
        .height = s->page.above + s->rows * s->high + (s->rows - 1) * s->gap_y + s->last + s->page.below,
        .paper = s->theme->paper,
        .title = s->figure->title,
        .description = kedge_text_string(&s->description),
    };
    return kedge_canvas_init(&s->canvas, s->ctx, to, &options);
}

kedge_status kedge_draw_latents(kedge_context *ctx, const kedge_latents_figure *figure, const kedge_picture *to)
{
    kedge_latents_sheet s;
    kedge_status status = kedge_latents_check(figure, to->path);
    if (status) return status;
    status = kedge_latents_sheet_init(&s, ctx, figure, kedge_theme_of(to->dark));
    if (status) goto done;
    if ((status = kedge_latents_describe(&s)) || (status = kedge_latents_note(&s))) goto done;
    bool bar = !figure->rgb && figure->shade && figure->shade_label, unit = figure->shade_from == figure->shade_to;
    s.page = (kedge_page){.theme = s.theme, .title = figure->title, .subtitle = figure->subtitle,
                          .note = kedge_text_string(&s.note), .bar = bar ? figure->shade_label : NULL,
                          .bar_from = unit ? 0 : figure->shade_from, .bar_to = unit ? 1 : figure->shade_to};
    kedge_latents_lay_out(&s, to->width);
    if ((status = open_page(&s, to))) goto done;
    kedge_page_draw(&s.page, s.canvas.cr, s.canvas.options.height);
    if (s.n_pairs == 0) draw_strip(&s);
    for (int p = 0; p < s.n_pairs; p++) draw_panel(&s, p);
    status = kedge_canvas_save(&s.canvas);
done:
    kedge_latents_sheet_release(&s);
    return status;
}
