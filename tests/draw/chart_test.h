/* chart_test.h - what the tests of charts share: where something of a colour is in a picture. */
#ifndef DRAW_CHART_TEST_H
#define DRAW_CHART_TEST_H

#include "draw_test.h"

#include <math.h>

#include "draw/theme.h"

/* A picture's pixels, as they were written. */
static inline cairo_surface_t *picture_of(folder *f, const char *name)
{
    cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, name));
    assert_int_equal(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
    return image;
}

/* Whether the pixel is of this ink, or nearly. */
static inline bool is_ink(cairo_surface_t *image, int x, int y, kedge_ink ink)
{
    unsigned pixel;
    memcpy(&pixel, cairo_image_surface_get_data(image) + y * cairo_image_surface_get_stride(image) + 4 * x,
           sizeof pixel);
    double off = fabs((pixel >> 16 & 255) / 255.0 - ink.r) + fabs((pixel >> 8 & 255) / 255.0 - ink.g) +
                 fabs((pixel & 255) / 255.0 - ink.b);
    return off < 0.12;
}

/* The box of all pixels of an ink: left, top, right, bottom; right < left: none. */
typedef struct ink_box {
    int left, top, right, bottom;
} ink_box;

static inline ink_box box_of(cairo_surface_t *image, kedge_ink ink)
{
    ink_box box = {1 << 30, 1 << 30, -1, -1};
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0; x < cairo_image_surface_get_width(image); x++) {
            if (!is_ink(image, x, y, ink)) continue;
            if (x < box.left) box.left = x;
            if (x > box.right) box.right = x;
            if (y < box.top) box.top = y;
            if (y > box.bottom) box.bottom = y;
        }
    return box;
}

/* Mean row of an ink in a column of pixels between two rows; NAN without any. */
static inline double row_of(cairo_surface_t *image, int x, int top, int bottom, kedge_ink ink)
{
    double sum = 0;
    int n = 0;
    for (int y = top; y < bottom; y++)
        if (is_ink(image, x, y, ink)) sum += y, n++;
    return n > 0 ? sum / n : (double)NAN;
}

/* The file as text, in a block that the test frees. */
static inline char *text_of(folder *f, const char *name)
{
    size_t length;
    char *bytes = bytes_of(f, name, &length), *text = malloc(length + 1);
    assert_non_null(text);
    memcpy(text, bytes, length + 1);
    kedge_free(f->ctx, bytes);
    return text;
}

static inline void assert_text_has(folder *f, const char *name, const char *part)
{
    char *text = text_of(f, name);
    if (!strstr(text, part)) fail_msg("'%s' is not in %s: %s", part, name, text);
    free(text);
}

/* The points of a path that begins at 'at'; how many, at most 'most'. Only lines are read. */
static inline int read_points(const char *at, double *xy, int most)
{
    int n = 0, used = 0;
    for (; at && n < most; n++) {
        if (sscanf(at, "%lf %lf%n", &xy[2 * n], &xy[2 * n + 1], &used) != 2) break;
        at = strncmp(at + used, " L ", 3) == 0 ? at + used + 3 : NULL;
    }
    return n;
}

/* The points of that path of an SVG whose style has 'style' and which has the most. */
static inline int read_path(folder *f, const char *name, const char *style, double *xy, int most)
{
    static const char begin[] = " d=\"M ";
    char *text = text_of(f, name), *best = NULL;
    int n = 0;
    for (char *at = strstr(text, style); at; at = strstr(at + 1, style)) {
        char *path = strstr(at, begin);
        int here = path ? read_points(path + strlen(begin), xy, most) : 0;
        if (here > n) n = here, best = path;
    }
    if (best) read_points(best + strlen(begin), xy, most);
    free(text);
    return n;
}

/* The largest distance, up or down, of points from the straight line between the first and the last. */
static inline double off_straight(const double *xy, int n)
{
    double wide = xy[2 * n - 2] - xy[0], high = xy[2 * n - 1] - xy[1], worst = 0;
    for (int i = 0; i < n; i++)
        worst = fmax(worst, fabs(xy[2 * i + 1] - xy[1] - (xy[2 * i] - xy[0]) / wide * high));
    return worst;
}

#endif
