/* typesetter.c - Pango, loaded with the first text and bound to a drawing context. */
#include "draw/typesetter.h"

#include "base/error.h"
#include "base/shared.h"

#define SYMBOL(function) {#function, offsetof(kedge_pango, function)},
static const kedge_symbol symbols[] = {KEDGE_PANGO_FUNCTIONS(SYMBOL)};

/* Symbols of the libraries that these need are found through them. */
static const char *const libraries[] = {"libpangocairo-1.0.so.0"};

static const cairo_user_data_key_t key; /* its address is the key */

static void release(void *payload)
{
    kedge_typesetter *setter = payload;
    const kedge_pango pango = setter->pango; /* its memory goes last */
    if (setter->plain) pango.pango_attr_list_unref(setter->plain);
    if (setter->font) pango.pango_font_description_free(setter->font);
    if (setter->layout) pango.g_object_unref(setter->layout);
    if (setter->context) pango.g_object_unref(setter->context);
    pango.g_free(setter);
}

/* Outlines and advances as the font's designer drew them, so that all formats and sizes have one layout. */
static void set_metrics(kedge_typesetter *setter)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    setter->pango.pango_cairo_context_set_font_options(setter->context, options);
    cairo_font_options_destroy(options);
    setter->pango.pango_context_set_round_glyph_positions(setter->context, FALSE);
}

kedge_status kedge_typesetter_of(kedge_typesetter **out, cairo_t *cr)
{
    kedge_typesetter *setter = cairo_get_user_data(cr, &key);
    if (setter) {
        *out = setter;
        return KEDGE_OK;
    }
    kedge_pango pango;
    kedge_status status = kedge_shared_load(libraries, sizeof libraries / sizeof *libraries, symbols,
                                            sizeof symbols / sizeof *symbols, &pango, "text in a picture");
    if (status) return status;
    setter = pango.g_try_malloc0(sizeof *setter);
    if (!setter) return kedge_fail_memory("text in a picture");
    setter->pango = pango;
    /* The thread's own font map: fonts are looked up once, and no two threads share one. */
    setter->context = pango.pango_font_map_create_context(pango.pango_cairo_font_map_get_default());
    /* Which fonts stand in for missing letters must not follow the user's locale. */
    pango.pango_context_set_language(setter->context, pango.pango_language_from_string("en"));
    set_metrics(setter);
    setter->layout = pango.pango_layout_new(setter->context);
    setter->font = pango.pango_font_description_new();
    setter->plain = pango.pango_attr_list_new();
    if (cairo_set_user_data(cr, &key, setter, release) != CAIRO_STATUS_SUCCESS) {
        release(setter);
        return kedge_fail_memory("text in a picture");
    }
    *out = setter;
    return KEDGE_OK;
}
