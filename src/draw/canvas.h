/* canvas.h - a page to draw on that becomes a PNG, SVG or PDF file. */
#ifndef DRAW_CANVAS_H
#define DRAW_CANVAS_H

#include <cairo.h>

#include "base/context.h"
#include "base/text.h"
#include "draw/theme.h"

/* Where a picture goes, and what the user may choose of its look. */
typedef struct kedge_picture {
    const char *path; /* its suffix, in any case, says the format: .png, .svg or .pdf */
    kedge_text *into; /* not NULL: the file's bytes are appended here, and nothing is written */
    double width;     /* of the page, points; 0: what suits the figure. A column of a paper has about 250 */
    bool dark;        /* light lines on a dark ground */
} kedge_picture;

typedef struct kedge_canvas_options {
    double width, height; /* points, 1/72 inch; rounded up to whole ones */
    double scale;         /* pixels per point of a PNG; 0: 2 */
    kedge_ink paper;
    const char *title;       /* for the file's metadata; NULL: none */
    const char *description; /* alternative text for who cannot see the picture; NULL: none */
} kedge_canvas_options;

typedef struct kedge_canvas {
    kedge_context *ctx;
    const char *path;
    kedge_text *into;
    kedge_canvas_options options;
    cairo_t *cr; /* draw with this; one unit is one point, y goes down */
    cairo_surface_t *surface;
    int format;
    unsigned char *pixels; /* of a PNG */
    kedge_text bytes;      /* the file as it grows: nothing is on disk before save */
} kedge_canvas;

/* A blank page of the size in 'options' (a figure has asked to->width when it made its layout). The path, title and
 * description must outlive the canvas. KEDGE_EINVALID: another suffix, a size that is no size; KEDGE_EUNSUPPORTED:
 * Pango is not there; KEDGE_ENOMEM. On failure there is nothing to release. */
kedge_status kedge_canvas_init(kedge_canvas *canvas, kedge_context *ctx, const kedge_picture *to,
                               const kedge_canvas_options *options);
/* Writes the file, whole or not at all; the same drawing gives the same bytes. Title and description go into an SVG
 * as <title> and <desc>, into a PDF as title and subject, into a PNG as text chunks and, as few programs show those,
 * into a file of the same name that ends in .txt. Draw no more after it.
 * KEDGE_EIO, KEDGE_ENOMEM; KEDGE_EUNSUPPORTED with Cairo's own words where it failed. */
kedge_status kedge_canvas_save(kedge_canvas *canvas);
/* Does nothing on a cleared struct. */
void kedge_canvas_release(kedge_canvas *canvas);

/* A context that measures text as a canvas will, for a layout that is made before the page. Never NULL; destroy it
 * with cairo_destroy. */
cairo_t *kedge_canvas_measure(void);

void kedge_canvas_ink(cairo_t *cr, kedge_ink ink, double alpha);

#endif
