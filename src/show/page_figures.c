/* page_figures.c - every figure of an input as SVG, light and dark, drawn on the context's threads. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/pool.h"
#include "format/base64.h"
#include "format/deflate.h"
#include "show/figure.h"
#include "show/page_parts.h"
#include "show/svg_tight.h"

enum { PACKED_MAX = 400 << 10 }; /* bytes of a figure in both themes: clouds of thousands of points are left to the
                                  * page, which draws the same points itself */

/* One figure in one theme. */
typedef struct drawing {
    const kedge_figure *figure;
    bool dark;
    kedge_text svg, packed; /* as it was drawn; a zlib stream of it */
    bool left_out;          /* it is no figure of this run, or would take too long */
    kedge_status status;
    char message[1024];     /* of the status: the thread that drew has its own */
} drawing;

typedef struct drawings {
    kedge_context *ctx;
    const char *input;
    const kedge_draw_options *options;
    int n;
    drawing *list;     /* [n] each figure light, then dark */
    kedge_show *shows; /* [threads]: what a figure asks of the run is worked out once a thread */
} drawings;

/* Clouds of points are a megabyte of SVG; it is a twentieth after both steps. */
static kedge_status pack(drawing *own)
{
    kedge_text tight;
    kedge_text_init(&tight, own->svg.ctx);
    kedge_svg_tighten(&own->svg, &tight);
    kedge_status status = kedge_text_status(&own->svg, "a figure");
    if (!status) status = kedge_text_status(&tight, "a figure");
    if (!status) status = kedge_deflate(&own->packed, kedge_text_string(&tight), tight.length);
    kedge_text_release(&tight);
    return status;
}

static void draw(drawing *own, kedge_show *show)
{
    kedge_picture to = {.path = "figure.svg", .into = &own->svg, .dark = own->dark};
    show->declined = false;
    own->status = own->figure->draw(show, &to);
    /* Data without colours, a recipe without plans; a run that failed, whose numbers no figure shows. */
    own->left_out = own->status == KEDGE_EINVALID || own->status == KEDGE_ENUMERIC || show->declined;
    if (!own->status) own->status = pack(own);
    if (own->status) snprintf(own->message, sizeof own->message, "%s", kedge_error());
}

/* Both themes by one thread: what the figure is made of is gathered once. */
static void draw_pair(long i, int worker, void *payload)
{
    drawings *self = payload;
    kedge_show *show = &self->shows[worker];
    if (!show->ctx) kedge_show_init(show, self->ctx, self->input, self->options);
    show->hurried = true;
    draw(&self->list[2 * i], show);
    if (!self->list[2 * i].status) draw(&self->list[2 * i + 1], show);
}

/* ---- the words in a picture */

/* Appends XML text as it reads. */
static void add_plain(kedge_text *text, const char *at, const char *end)
{
    static const char *const escapes[][2] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}};
    while (at < end) {
        size_t length = 1;
        const char *plain = at;
        for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++)
            if (strncmp(at, escapes[i][0], strlen(escapes[i][0])) == 0) {
                plain = escapes[i][1];
                length = strlen(escapes[i][0]);
            }
        kedge_text_add_bytes(text, plain, 1);
        at += length;
    }
}

/* The picture in words: its description, or what is said of the figure in general. */
static kedge_status put_words(kedge_json *json, const drawing *own)
{
    const char *at = strstr(kedge_text_string(&own->svg), "<desc>"), *end = at ? strstr(at, "</desc>") : NULL;
    kedge_text plain;
    kedge_text_init(&plain, json->text->ctx);
    if (end) add_plain(&plain, at + strlen("<desc>"), end);
    kedge_json_put_text(json, "alt", end ? kedge_text_string(&plain) : own->figure->info.summary);
    kedge_status status = kedge_text_status(&plain, "a page");
    kedge_text_release(&plain);
    return status;
}

/* "latents: the latent space along pairs of axes". In the picture stands the title of the run. */
static kedge_status put_title(kedge_json *json, const kedge_figure_info *info)
{
    kedge_text title;
    kedge_text_init(&title, json->text->ctx);
    kedge_text_addf(&title, "%s: %s", info->name, info->summary);
    kedge_json_put_text(json, "title", kedge_text_string(&title));
    kedge_status status = kedge_text_status(&title, "a page");
    kedge_text_release(&title);
    return status;
}

static void put_packed(kedge_json *json, const char *key, const drawing *own)
{
    kedge_json_key(json, key);
    kedge_json_raw(json, "\"deflate,", 9);
    kedge_base64_add(json->text, kedge_text_string(&own->packed), own->packed.length);
    kedge_text_add(json->text, "\"");
}

static kedge_status put_figure(kedge_json *json, const drawing *light, const drawing *dark)
{
    const kedge_figure_info *info = &light->figure->info;
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "name", info->name);
    kedge_status status = put_title(json, info);
    if (!status) status = put_words(json, light);
    put_packed(json, "light", light);
    put_packed(json, "dark", dark);
    kedge_json_close(json, '}');
    return status;
}

/* ---- which */

static bool fits(const kedge_figure *figure, bool with_runs)
{
    switch (figure->info.input) {
    case KEDGE_FIGURE_MODEL:
    case KEDGE_FIGURE_RECIPE: return true;
    case KEDGE_FIGURE_RUNS: return with_runs;
    default: return false; /* of a store, or of nothing that this run has to do with */
    }
}

static kedge_status list_drawings(drawings *self, bool with_runs)
{
    int all = 0;
    while (kedge_figures[all]) all++;
    self->list = kedge_alloc_zero(self->ctx, 2 * (size_t)all, sizeof *self->list);
    self->shows = kedge_alloc_zero(self->ctx, (size_t)self->ctx->threads, sizeof *self->shows);
    if (!self->list || !self->shows) return kedge_fail_memory("figures");
    for (int i = 0; i < all; i++)
        for (int dark = 0; dark < 2 && fits(kedge_figures[i], with_runs); dark++) {
            drawing *own = &self->list[self->n++];
            *own = (drawing){.figure = kedge_figures[i], .dark = dark};
            kedge_text_init(&own->svg, self->ctx);
            kedge_text_init(&own->packed, self->ctx);
        }
    return KEDGE_OK;
}

kedge_status kedge_page_put_figures(kedge_json *json, kedge_context *ctx, const char *input,
                                    const kedge_draw_options *options, bool with_runs)
{
    drawings self = {.ctx = ctx, .input = input, .options = options};
    kedge_status status = list_drawings(&self, with_runs);
    kedge_json_open(json, '[');
    if (!status) kedge_pool_run(ctx->threads, self.n / 2, draw_pair, &self, NULL);
    for (int i = 0; !status && i < self.n; i += 2) {
        drawing *light = &self.list[i], *dark = &self.list[i + 1];
        const drawing *failed = light->status ? light : dark;
        if (failed->status && !failed->left_out)
            status = kedge_fail(failed->status, "figure '%s': %s", failed->figure->info.name, failed->message);
        else if (!failed->status && light->packed.length + dark->packed.length <= PACKED_MAX)
            status = put_figure(json, light, dark);
    }
    kedge_json_close(json, ']');
    for (int i = 0; self.shows && i < ctx->threads; i++)
        if (self.shows[i].ctx) kedge_show_release(&self.shows[i]);
    for (int i = 0; self.list && i < self.n; i++) {
        kedge_text_release(&self.list[i].packed);
        kedge_text_release(&self.list[i].svg);
    }
    kedge_release(ctx, self.shows);
    kedge_release(ctx, self.list);
    return status;
}
