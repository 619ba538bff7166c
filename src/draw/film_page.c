/* film_page.c - what is drawn once: everything but points, cursors and the counter. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "draw/film_parts.h"
#include "draw/marker.h"

enum { NAMES = 6 }; /* markers that stand for the names of a panel's axes */

static const double MARGIN = 15, CORNER = 6; /* round the page; from a panel's corner to the name of its axis */
static const double AHEAD = 0.28;            /* how much of a curve shows that is still to come */

static size_t count_pixels(const kedge_film *film)
{
    return (size_t)film->in.width * (size_t)film->in.height;
}

/* ---- charts */

static void draw_weights(const kedge_film *film, const kedge_axes *axes, double alpha)
{
    for (int t = 0; t < film->in.n_terms; t++) {
        kedge_line_style style = kedge_film_style(film, t + 1);
        style.alpha = alpha;
        for (int i = 0; i < film->in.steps; i++)
            film->column[i] = film->in.weights[(size_t)i * (size_t)film->in.n_terms + (size_t)t];
        kedge_chart_line(axes, film->in.steps, NULL, film->column, &style);
    }
}

static void draw_losses(const kedge_film *film, const kedge_axes *axes, double alpha)
{
    int columns = film->in.n_terms + 1;
    for (int faint = 1; faint >= 0; faint--) /* every trace as it is behind all smoothed ones */
        for (int c = columns - 1; c >= 0; c--) {
            kedge_line_style style = kedge_film_style(film, c);
            style.alpha = faint ? 0.3 * alpha : alpha;
            if (faint) style.width = 0.5, style.dash = 0;
            for (int i = 0; faint && i < film->in.steps; i++) {
                double loss = (double)film->in.losses[(size_t)i * (size_t)columns + (size_t)c];
                film->column[i] = loss > 0 ? loss : NAN; /* 0 lies infinitely far down */
            }
            const double *curve = faint ? film->column : film->smooth + (size_t)c * (size_t)film->in.steps;
            kedge_chart_line(axes, film->in.steps, NULL, curve, &style);
        }
}

static void name_chart(const kedge_film *film, const kedge_axes *axes, const char *name)
{
    char power[64], text[KEDGE_LINE];
    kedge_lettering style = {
        .theme = film->theme, .size = film->theme->subtitle, .ink = film->theme->ink, .bold = true};
    kedge_lettering_power(power, sizeof power, axes->y_ticks.exponent);
    snprintf(text, sizeof text, "%s%s%s", name, axes->y_ticks.exponent ? " " : "",
             axes->y_ticks.exponent ? power : "");
    kedge_lettering_draw(axes->cr, &style, axes->x, axes->y - 4, text);
}

static void draw_chart(const kedge_film *film, cairo_t *cr, int chart, double alpha)
{
    static const char *const names[KEDGE_FILM_CHARTS] = {"weights", "learning rate", "losses"};
    kedge_axes axes = film->charts[chart];
    kedge_line_style rate = {.ink = film->theme->ink, .alpha = alpha};
    axes.cr = cr;
    kedge_axes_labels labels = {.x_numbers = chart == KEDGE_FILM_LOSSES, .y_numbers = true,
                                .x = chart == KEDGE_FILM_LOSSES ? "step" : NULL,
                                .number_width = kedge_axes_number_width(&axes)};
    kedge_axes_draw_back(&axes);
    kedge_chart_stretches(&axes, film->in.n_phases, film->in.phases);
    kedge_axes_clip(&axes);
    if (chart == KEDGE_FILM_WEIGHTS) draw_weights(film, &axes, alpha);
    else if (chart == KEDGE_FILM_LR) kedge_chart_line(&axes, film->in.steps, NULL, film->in.lr, &rate);
    else draw_losses(film, &axes, alpha);
    kedge_axes_unclip(&axes);
    kedge_axes_draw_front(&axes, &labels);
    name_chart(film, &axes, names[chart]);
}

static void draw_legend(const kedge_film *film, cairo_t *cr)
{
    kedge_entry entries[KEDGE_ENDS_MAX];
    int n = kedge_film_entries(film, entries);
    kedge_legend_draw(cr, film->theme, film->legend_x, film->legend_y, film->legend_width, n, entries);
}

/* ---- the page under the points */

static void draw_header(const kedge_film *film, cairo_t *cr)
{
    char line[1][KEDGE_LINE];
    double beside = film->width - 3 * MARGIN - film->counter_width;
    double width = film->stacked ? film->width - 2 * MARGIN : beside;
    kedge_lettering title = {.theme = film->theme, .size = 17, .ink = film->theme->ink, .bold = true};
    kedge_lettering subtitle = {.theme = film->theme, .size = 11.5, .ink = film->theme->muted};
    if (kedge_lettering_wrap(cr, &title, film->in.title, width, 1, line) > 0)
        kedge_lettering_draw(cr, &title, MARGIN, MARGIN + 14, line[0]);
    if (kedge_lettering_wrap(cr, &subtitle, film->in.subtitle, beside, 1, line) > 0)
        kedge_lettering_draw(cr, &subtitle, MARGIN, MARGIN + 32, line[0]);
}

static void draw_page(kedge_film *film, cairo_t *cr, bool past)
{
    kedge_canvas_ink(cr, film->theme->paper, 1);
    cairo_paint(cr);
    draw_header(film, cr);
    for (int p = 0; p < film->n_pairs; p++) {
        kedge_axes axes = film->panels[p];
        axes.cr = cr;
        kedge_axes_draw_back(&axes);
        if (film->in.unit && film->pairs[p][1] >= 0) kedge_axes_draw_circle(&axes);
    }
    for (int c = 0; c < KEDGE_FILM_CHARTS; c++) draw_chart(film, cr, c, past ? 1 : AHEAD);
    draw_legend(film, cr);
}

/* ---- what is over the points */

static void name_axes(const kedge_film *film, const kedge_axes *axes, int across, int up)
{
    char name[32];
    kedge_lettering style = {.theme = film->theme, .size = film->theme->label, .ink = film->theme->ink,
                             .align = KEDGE_ALIGN_RIGHT, .symbol = true, .halo = 1.6, .rim = film->theme->panel};
    snprintf(name, sizeof name, "z_%d \xe2\x86\x92", across); /* an arrow to the right */
    kedge_lettering_draw(axes->cr, &style, axes->x + axes->width - CORNER, axes->y + axes->height - CORNER, name);
    snprintf(name, sizeof name, up < 0 ? "points" : "z_%d \xe2\x86\x91", up); /* upwards */
    style.align = KEDGE_ALIGN_LEFT;
    kedge_lettering_draw(axes->cr, &style, axes->x + CORNER, axes->y + CORNER + kedge_lettering_height(&style), name);
}

/* Where the circle does not say what the scale is: the ticks' numbers inside, but where the names stand. */
static void number_ticks(const kedge_film *film, const kedge_axes *axes, bool up)
{
    char text[64];
    kedge_lettering style = {.theme = film->theme, .size = film->theme->tick, .ink = film->theme->muted,
                             .align = KEDGE_ALIGN_CENTRE, .halo = 1.2, .rim = film->theme->panel};
    double room = 26, right = axes->x + axes->width, bottom = axes->y + axes->height;
    for (int i = 0; i < axes->x_ticks.n; i++) {
        double x = kedge_axes_x(axes, axes->x_ticks.at[i]);
        kedge_ticks_text(&axes->x_ticks, i, text, sizeof text);
        if (x > axes->x + room && x < right - 1.5 * room) kedge_lettering_draw(axes->cr, &style, x, bottom - 4, text);
    }
    style.align = KEDGE_ALIGN_LEFT;
    for (int i = 0; up && i < axes->y_ticks.n; i++) {
        double y = kedge_axes_y(axes, axes->y_ticks.at[i]);
        kedge_ticks_text(&axes->y_ticks, i, text, sizeof text);
        if (y > axes->y + room && y < bottom - room)
            kedge_lettering_draw(axes->cr, &style, axes->x + 4, y + kedge_lettering_height(&style) / 2, text);
    }
}

/* Places that labels of markers keep off, as they do of markers: the names of the axes. */
static void bar_names(const kedge_axes *axes, kedge_marker *markers)
{
    double right = axes->x + axes->width, bottom = axes->y + axes->height;
    for (int i = 0; i < NAMES / 2; i++) {
        double in = 2 * CORNER + 7 * i, off = CORNER + 4;
        markers[2 * i] = (kedge_marker){.x = axes->x + in, .y = axes->y + off};
        markers[2 * i + 1] = (kedge_marker){.x = right - in, .y = bottom - off};
    }
}

static void place_markers(kedge_film *film, const kedge_axes *axes, int panel, kedge_marker *markers)
{
    size_t k = (size_t)film->in.k;
    int across = film->pairs[panel][0], up = film->pairs[panel][1];
    for (int i = 0; i < film->in.n; i++)
        kedge_film_place(film, panel, i, film->in.last + (size_t)i * k, &film->points.at[i][0], &film->points.at[i][1]);
    for (int i = 0; i < film->in.n_anchors; i++) {
        const kedge_latents_anchor *anchor = &film->in.anchors[i];
        markers[i] = (kedge_marker){.label = anchor->label,
                                    .beside = up >= 0 && kedge_latents_beside(anchor->at, film->in.k, across, up)};
        kedge_film_place(film, panel, film->in.n / 2, anchor->at, &markers[i].x, &markers[i].y);
    }
    bar_names(axes, markers + film->in.n_anchors);
    kedge_markers_place(markers, film->in.n_anchors + NAMES, axes, &film->points);
}

static void draw_overlay(kedge_film *film, cairo_t *cr, kedge_marker *markers)
{
    static const kedge_axes_labels none = {0};
    for (int p = 0; p < film->n_pairs; p++) {
        kedge_axes axes = film->panels[p];
        axes.cr = cr;
        place_markers(film, &axes, p, markers);
        kedge_axes frame = axes;
        frame.x_ticks.n = frame.y_ticks.n = 0;
        kedge_axes_draw_front(&frame, &none);
        if (!film->in.unit) number_ticks(film, &axes, film->pairs[p][1] >= 0);
        name_axes(film, &axes, film->pairs[p][0], film->pairs[p][1]);
        kedge_markers_draw(markers, film->in.n_anchors, &axes);
    }
}

static int find_runs(const kedge_film *film, kedge_film_run *runs)
{
    int n = 0, width = film->in.width;
    for (int y = 0; y < film->in.height; y++)
        for (int x = 0, end; x < width; x = end) {
            const uint32_t *row = film->overlay + (size_t)y * (size_t)width;
            for (end = x; end < width && row[end] >> 24 != 0; end++) continue;
            if (end > x && runs) runs[n] = (kedge_film_run){y * width + x, end - x};
            if (end > x) n++;
            else end = x + 1;
        }
    return n;
}

static kedge_status keep_runs(kedge_film *film)
{
    film->n_runs = find_runs(film, NULL);
    film->runs = kedge_alloc(film->ctx, (size_t)film->n_runs, sizeof *film->runs);
    if (!film->runs) return kedge_fail_memory("a video");
    find_runs(film, film->runs);
    return KEDGE_OK;
}

/* ---- all of it */

cairo_t *kedge_film_paper(const kedge_film *film, uint32_t *pixels, bool clear)
{
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)pixels, clear ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, film->in.width, film->in.height,
        4 * film->in.width);
    cairo_surface_set_device_scale(surface, film->scale, film->scale);
    cairo_t *cr = cairo_create(surface);
    cairo_surface_destroy(surface); /* cr holds it */
    return cr;
}

static kedge_status end_paper(cairo_t *cr)
{
    cairo_status_t status = cairo_status(cr);
    cairo_surface_flush(cairo_get_target(cr));
    cairo_destroy(cr);
    if (status == CAIRO_STATUS_SUCCESS) return KEDGE_OK;
    if (status == CAIRO_STATUS_NO_MEMORY) return kedge_fail_memory("a video");
    return kedge_fail(KEDGE_EUNSUPPORTED, "cannot draw a video: %s", cairo_status_to_string(status));
}

kedge_status kedge_film_draw_pages(kedge_film *film)
{
    kedge_marker *markers = kedge_alloc(film->ctx, (size_t)film->in.n_anchors + NAMES, sizeof *markers);
    if (!markers) return kedge_fail_memory("a video");
    cairo_t *cr = kedge_film_paper(film, film->ground, false);
    draw_page(film, cr, false);
    kedge_status status = end_paper(cr);
    if (!status) {
        cr = kedge_film_paper(film, film->past, false);
        draw_page(film, cr, true);
        status = end_paper(cr);
    }
    if (!status) {
        cr = kedge_film_paper(film, film->overlay, true);
        draw_overlay(film, cr, markers);
        status = end_paper(cr);
    }
    kedge_release(film->ctx, markers);
    for (int p = 0; p < film->n_pairs && !status; p++) {
        const kedge_film_box *box = &film->panel_boxes[p];
        size_t corner = (size_t)box->y * (size_t)film->in.width + (size_t)box->x;
        kedge_splat_take_ground(&film->splat, p, film->ground + corner, film->in.width);
    }
    if (!status) memcpy(film->page, film->ground, count_pixels(film) * sizeof *film->page);
    return status ? status : keep_runs(film);
}
