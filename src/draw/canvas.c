/* canvas.c - a page to draw on that becomes a PNG, SVG or PDF file. */
#include "draw/canvas.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "draw/lettering.h"
#include "draw/png.h"
#include "draw/typesetter.h"

enum { PNG, SVG, PDF, FORMATS };
static const char *const suffixes[FORMATS] = {".png", ".svg", ".pdf"};

enum { PIXELS_MAX = 32000 }; /* a side; Cairo's limit is 32767 */

/* Cairo hands over the file piece by piece. */
static cairo_status_t sink(void *payload, const unsigned char *data, unsigned length)
{
    kedge_text *bytes = payload;
    kedge_text_add_bytes(bytes, data, length);
    return bytes->broken ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static kedge_status cairo_failed(const kedge_canvas *canvas, cairo_status_t status)
{
    if (canvas->bytes.broken || status == CAIRO_STATUS_NO_MEMORY) return kedge_fail_memory("a picture");
    return kedge_fail(KEDGE_EUNSUPPORTED, "%s: cannot draw: %s", canvas->path, cairo_status_to_string(status));
}

cairo_t *kedge_canvas_measure(void)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
    cairo_t *cr = cairo_create(surface);
    cairo_surface_destroy(surface); /* cr holds it */
    return cr;
}

void kedge_canvas_ink(cairo_t *cr, kedge_ink ink, double alpha)
{
    cairo_set_source_rgba(cr, ink.r, ink.g, ink.b, alpha);
}

static kedge_status open_pixels(kedge_canvas *canvas)
{
    const kedge_canvas_options *options = &canvas->options;
    double wide = ceil(options->width * options->scale), high = ceil(options->height * options->scale);
    if (!(wide >= 1 && wide <= PIXELS_MAX && high >= 1 && high <= PIXELS_MAX))
        return kedge_fail(KEDGE_EINVALID,
                          "%s: %.0f x %.0f pixels cannot be drawn; a side has 1 to %d, or use .svg or .pdf",
                          canvas->path, wide, high, PIXELS_MAX);
    int stride = cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, (int)wide);
    canvas->pixels = kedge_alloc_zero(canvas->ctx, (size_t)high, (size_t)stride);
    if (!canvas->pixels) return kedge_fail_memory("a picture's pixels");
    canvas->surface =
        cairo_image_surface_create_for_data(canvas->pixels, CAIRO_FORMAT_RGB24, (int)wide, (int)high, stride);
    cairo_surface_set_device_scale(canvas->surface, options->scale, options->scale);
    return KEDGE_OK;
}

static void open_pdf(kedge_canvas *canvas)
{
    const kedge_canvas_options *options = &canvas->options;
    kedge_text clean;
    canvas->surface = cairo_pdf_surface_create_for_stream(sink, &canvas->bytes, options->width, options->height);
    kedge_text_init(&clean, canvas->ctx);
    kedge_lettering_clean(&clean, options->title ? options->title : "");
    cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_TITLE, kedge_text_string(&clean));
    if (clean.broken) canvas->bytes.broken = true;
    kedge_text_clear(&clean);
    kedge_lettering_clean(&clean, options->description ? options->description : "");
    cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_SUBJECT, kedge_text_string(&clean));
    if (clean.broken) canvas->bytes.broken = true;
    kedge_text_release(&clean);
    /* The clock must not be in the file: the same drawing gives the same bytes. */
    cairo_pdf_surface_set_metadata(canvas->surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
}

/* PNG, SVG or PDF by the end of the path, or FORMATS. A bare ".png" is a name without a suffix. */
static int format_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    if (!dot || dot == name) return FORMATS;
    for (int i = 0; i < FORMATS; i++)
        if (strcasecmp(dot, suffixes[i]) == 0) return i;
    return FORMATS;
}

kedge_status kedge_canvas_init(kedge_canvas *canvas, kedge_context *ctx, const kedge_picture *to,
                               const kedge_canvas_options *options)
{
    const char *path = to->path;
    int format = format_of(path);
    if (format == FORMATS)
        return kedge_fail(KEDGE_EINVALID, "%s: not the name of a picture; it ends in .png, .svg or .pdf", path);
    *canvas = (kedge_canvas){
        .ctx = ctx, .path = path, .into = to->into, .options = *options, .format = format};
    kedge_canvas_options *own = &canvas->options;
    own->width = ceil(own->width), own->height = ceil(own->height);
    if (own->scale == 0) own->scale = 2;
    if (!(own->width >= 1 && own->height >= 1 && own->scale > 0)) {
        *canvas = (kedge_canvas){0};
        return kedge_fail(KEDGE_EINVALID, "%s: a picture of %g x %g points at scale %g cannot be drawn", path,
                          options->width, options->height, options->scale);
    }
    kedge_text_init(&canvas->bytes, ctx);
    kedge_status status = KEDGE_OK;
    if (format == PNG) status = open_pixels(canvas);
    else if (format == PDF) open_pdf(canvas);
    else canvas->surface = cairo_svg_surface_create_for_stream(sink, &canvas->bytes, own->width, own->height);
    if (status) {
        kedge_canvas_release(canvas);
        return status;
    }
    canvas->cr = cairo_create(canvas->surface);
    kedge_canvas_ink(canvas->cr, own->paper, 1);
    cairo_paint(canvas->cr);
    if (cairo_status(canvas->cr) != CAIRO_STATUS_SUCCESS || canvas->bytes.broken) {
        status = cairo_failed(canvas, cairo_status(canvas->cr));
    } else {
        kedge_typesetter *setter; /* a figure without its words would mislead */
        status = kedge_typesetter_of(&setter, canvas->cr);
    }
    if (status) kedge_canvas_release(canvas);
    return status;
}

static void add_escaped(kedge_text *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '&') kedge_text_add(out, "&amp;");
        else if (*text == '<') kedge_text_add(out, "&lt;");
        else if (*text == '>') kedge_text_add(out, "&gt;");
        else kedge_text_add_bytes(out, text, 1);
    }
}

static void add_element(kedge_text *out, const char *name, const char *content)
{
    kedge_text clean;
    if (!content || !content[0]) return;
    kedge_text_init(&clean, out->ctx);
    kedge_lettering_clean(&clean, content);
    if (clean.broken) out->broken = true;
    kedge_text_addf(out, "\n<%s>", name);
    add_escaped(out, kedge_text_string(&clean));
    kedge_text_addf(out, "</%s>", name);
    kedge_text_release(&clean);
}

/* The body as Cairo made it but for the number of its surface, which counts every surface of the process. Nothing
 * refers to it: figures draw no surface on another. */
static void add_svg_body(kedge_text *out, const char *body)
{
    static const char number[] = " id=\"surface";
    for (const char *found; (found = strstr(body, number));) {
        const char *end = strchr(found + strlen(number), '"');
        if (!end) break;
        kedge_text_add_bytes(out, body, (size_t)(found - body));
        body = end + 1;
    }
    kedge_text_add(out, body);
}

/* Cairo cannot put words into an SVG: they go behind the root element's opening tag. */
static kedge_status describe_svg(kedge_canvas *canvas, kedge_text *out)
{
    const char *bytes = kedge_text_string(&canvas->bytes);
    const char *root = strstr(bytes, "<svg"), *end = root ? strchr(root, '>') : NULL;
    if (!end) return kedge_fail(KEDGE_EUNSUPPORTED, "%s: cannot draw: Cairo made no SVG", canvas->path);
    kedge_text_add_bytes(out, bytes, (size_t)(end - bytes));
    kedge_text_add(out, " role=\"img\">");
    add_element(out, "title", canvas->options.title);
    add_element(out, "desc", canvas->options.description);
    add_svg_body(out, end + 1);
    return kedge_text_status(out, "a picture");
}

static kedge_status encode_png(const kedge_canvas *canvas, kedge_text *out)
{
    cairo_surface_t *image = canvas->surface;
    cairo_surface_flush(image);
    return kedge_png_add(out, cairo_image_surface_get_width(image), cairo_image_surface_get_height(image),
                         (size_t)cairo_image_surface_get_stride(image), canvas->pixels, canvas->options.title,
                         canvas->options.description);
}

static void add_line(kedge_text *out, const char *text)
{
    if (!text || !*text) return;
    kedge_lettering_clean(out, text);
    kedge_text_add(out, "\n");
}

/* The file, and beside a PNG its words ('a.txt' for 'a.png'): both, or neither. Whole on the disk before either
 * is put in place, so that a disk that is full takes nothing away. */
static kedge_status write_files(const kedge_canvas *canvas, const kedge_text *whole)
{
    const char *title = canvas->options.title, *description = canvas->options.description;
    kedge_outfile file = {0}, beside = {0};
    kedge_text words, path;
    kedge_text_init(&words, canvas->ctx);
    kedge_text_init(&path, canvas->ctx);
    kedge_status status = kedge_outfile_open(&file, canvas->ctx, canvas->path);
    if (status) goto done;
    kedge_outfile_write(&file, kedge_text_string(whole), whole->length);
    if (canvas->format == PNG && ((title && *title) || (description && *description))) {
        kedge_text_add_bytes(&path, canvas->path, strlen(canvas->path) - strlen(suffixes[PNG]));
        kedge_text_add(&path, ".txt");
        add_line(&words, title);
        add_line(&words, description);
        status = kedge_text_status(&words, "a picture's description");
        if (!status) status = kedge_text_status(&path, "a path");
        if (!status) status = kedge_outfile_open(&beside, canvas->ctx, kedge_text_string(&path));
        if (status) goto done;
        kedge_outfile_write(&beside, kedge_text_string(&words), words.length);
    }
    if (beside.ctx) status = kedge_outfile_close(&beside);
    if (!status) status = kedge_outfile_close(&file);
    if (!status && beside.ctx) status = kedge_outfile_commit(&beside);
    if (!status) status = kedge_outfile_commit(&file);
done:
    kedge_outfile_abort(&beside);
    kedge_outfile_abort(&file);
    kedge_text_release(&words);
    kedge_text_release(&path);
    return status;
}

kedge_status kedge_canvas_save(kedge_canvas *canvas)
{
    kedge_text described;
    const kedge_text *whole = &described;
    kedge_text_init(&described, canvas->ctx);
    cairo_status_t drawn = cairo_status(canvas->cr);
    if (drawn == CAIRO_STATUS_SUCCESS && canvas->format != PNG) {
        cairo_surface_finish(canvas->surface);
        drawn = cairo_surface_status(canvas->surface);
    }
    kedge_status status = KEDGE_OK;
    if (drawn != CAIRO_STATUS_SUCCESS || canvas->bytes.broken) {
        status = cairo_failed(canvas, drawn);
        goto done;
    }
    if (canvas->format == SVG) status = describe_svg(canvas, &described);
    else if (canvas->format == PNG) status = encode_png(canvas, &described);
    else whole = &canvas->bytes;
    if (status) goto done;
    if (canvas->into) {
        kedge_text_add_bytes(canvas->into, kedge_text_string(whole), whole->length);
        status = kedge_text_status(canvas->into, "a picture");
        goto done;
    }
    status = write_files(canvas, whole);
done:
    kedge_text_release(&described);
    return status;
}

void kedge_canvas_release(kedge_canvas *canvas)
{
    if (!canvas->ctx) return;
    cairo_destroy(canvas->cr);
    cairo_surface_destroy(canvas->surface); /* before its pixels and its sink */
    kedge_release(canvas->ctx, canvas->pixels);
    kedge_text_release(&canvas->bytes);
    *canvas = (kedge_canvas){0};
}
