/* points.c - a cloud of coloured points on the page. */
#include "draw/points.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

double kedge_points_radius(int n, double area)
{
    double radius = 0.0155 * sqrt(area) * pow(512.0 / n, 0.3);
    return radius < 0.6 ? 0.6 : radius > 3.6 ? 3.6 : radius;
}

static int deeper_first(const void *a, const void *b)
{
    const kedge_depth *p = a, *q = b;
    if (p->depth != q->depth) return p->depth > q->depth ? -1 : 1;
    return p->point < q->point ? -1 : 1;
}

void kedge_points_sort(kedge_points *points)
{
    qsort(points->order, (size_t)points->n, sizeof *points->order, deeper_first);
}

static double mix(double under, double over, double alpha)
{
    return under + alpha * (over - under);
}

kedge_disc kedge_disc_of(const kedge_theme *theme, double radius, kedge_ink ink)
{
    double half = fmin(0.22, 0.11 * radius), alpha = theme->outline_alpha * fmin(1, radius / 2.2);
    const kedge_ink *line = &theme->outline;
    return (kedge_disc){.inner = radius - half, .outer = radius + half, .ink = ink,
                        .edge = {mix(ink.r, line->r, alpha), mix(ink.g, line->g, alpha), mix(ink.b, line->b, alpha)}};
}

double kedge_disc_coverage(double inside)
{
    return inside <= -0.5 ? 0 : inside >= 0.5 ? 1 : inside + 0.5;
}

static uint32_t blend(uint32_t pixel, const kedge_disc *d, double edge, double ink)
{
    const double old[3] = {pixel >> 16 & 255, pixel >> 8 & 255, pixel & 255};
    const double rim[3] = {d->edge.r, d->edge.g, d->edge.b}, fill[3] = {d->ink.r, d->ink.g, d->ink.b};
    uint32_t out = 0;
    for (int c = 0; c < 3; c++)
        out = out << 8 | (uint32_t)(old[c] * (1 - edge - ink) + 255 * (rim[c] * edge + fill[c] * ink) + 0.5);
    return out;
}

/* A disc straight into an image's pixels, at (x, y) and with radii in pixels. Through Cairo's path machinery a
 * figure of 512 points in six panels takes 40 ms longer. */
static void stamp(unsigned char *pixels, int stride, const int clip[4], double x, double y, const kedge_disc *d)
{
    int left = (int)fmax(clip[0], floor(x - d->outer)), right = (int)fmin(clip[2], ceil(x + d->outer));
    int top = (int)fmax(clip[1], floor(y - d->outer)), bottom = (int)fmin(clip[3], ceil(y + d->outer));
    for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
            double dx = column + 0.5 - x, dy = row + 0.5 - y, away = sqrt(dx * dx + dy * dy);
            double whole = kedge_disc_coverage(d->outer - away), ink = kedge_disc_coverage(d->inner - away);
            if (whole <= 0) continue;
            unsigned char *at = pixels + (size_t)row * (size_t)stride + 4 * (size_t)column;
            uint32_t pixel;
            memcpy(&pixel, at, sizeof pixel);
            pixel = blend(pixel, d, whole - ink, ink);
            memcpy(at, &pixel, sizeof pixel);
        }
    }
}

static void draw_pixels(cairo_t *cr, cairo_surface_t *image, const kedge_theme *theme, const kedge_points *points)
{
    double scale, same, box[4];
    cairo_surface_get_device_scale(image, &scale, &same);
    cairo_clip_extents(cr, &box[0], &box[1], &box[2], &box[3]); /* within the image */
    int clip[4] = {(int)floor(scale * box[0] + 0.5), (int)floor(scale * box[1] + 0.5),
                   (int)floor(scale * box[2] + 0.5), (int)floor(scale * box[3] + 0.5)};
    cairo_surface_flush(image);
    unsigned char *pixels = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    for (int i = 0; pixels && i < points->n; i++) {
        int p = points->order[i].point;
        kedge_disc d = kedge_disc_of(theme, points->radius, points->ink[p]);
        d.inner *= scale, d.outer *= scale;
        stamp(pixels, stride, clip, scale * points->at[p][0], scale * points->at[p][1], &d);
    }
    cairo_surface_mark_dirty(image);
}

static void draw_paths(cairo_t *cr, const kedge_theme *theme, const kedge_points *points)
{
    for (int i = 0; i < points->n; i++) {
        int p = points->order[i].point;
        kedge_disc d = kedge_disc_of(theme, points->radius, points->ink[p]);
        cairo_new_sub_path(cr);
        cairo_arc(cr, points->at[p][0], points->at[p][1], (d.inner + d.outer) / 2, 0, 2 * M_PI);
        kedge_canvas_ink(cr, d.ink, 1);
        cairo_fill_preserve(cr);
        kedge_canvas_ink(cr, d.edge, 1);
        cairo_set_line_width(cr, d.outer - d.inner);
        cairo_stroke(cr);
    }
}

void kedge_points_draw(cairo_t *cr, const kedge_theme *theme, const kedge_points *points)
{
    cairo_surface_t *target = cairo_get_target(cr);
    bool image = cairo_surface_get_type(target) == CAIRO_SURFACE_TYPE_IMAGE;
    if (image && cairo_image_surface_get_format(target) == CAIRO_FORMAT_RGB24) draw_pixels(cr, target, theme, points);
    else draw_paths(cr, theme, points);
}
