/* typesetter.h - Pango: shapes letters of any script, kerns them, and finds fonts that have them. Only lettering.c sets
 * text; all else goes through lettering.h.
 *
 * The libraries are loaded with the first text (base/shared.h): linked, they would make every start of the program
 * a third slower, whatever it does. Pango's memory is GLib's, not the context's; where that runs out, GLib ends the
 * process. */
#ifndef DRAW_TYPESETTER_H
#define DRAW_TYPESETTER_H

#include <pango/pangocairo.h>

#include "kedge/status.h"

/* The functions that are used. */
#define KEDGE_PANGO_FUNCTIONS(USE)                                                                                     \
    USE(g_free) USE(g_object_unref) USE(g_try_malloc0)                                                                 \
    USE(pango_attr_list_insert) USE(pango_attr_list_new) USE(pango_attr_list_unref)                                    \
    USE(pango_attr_rise_new) USE(pango_attr_size_new_absolute) USE(pango_attr_style_new)                               \
    USE(pango_cairo_context_set_font_options) USE(pango_cairo_font_map_get_default)                                    \
    USE(pango_cairo_layout_line_path) USE(pango_cairo_show_layout_line)                                                \
    USE(pango_context_set_language) USE(pango_context_set_round_glyph_positions)                                       \
    USE(pango_font_description_free) USE(pango_font_description_new)                                                   \
    USE(pango_font_description_set_absolute_size) USE(pango_font_description_set_family)                               \
    USE(pango_font_description_set_weight) USE(pango_font_map_create_context) USE(pango_language_from_string)          \
    USE(pango_layout_get_line_count) USE(pango_layout_get_line_readonly) USE(pango_layout_line_get_extents)            \
    USE(pango_layout_line_x_to_index) USE(pango_layout_new) USE(pango_layout_set_attributes)                           \
    USE(pango_layout_set_font_description) USE(pango_layout_set_text) USE(pango_layout_set_width)                      \
    USE(pango_layout_set_wrap)

#define KEDGE_PANGO_MEMBER(name) __typeof__(name) *name;
typedef struct kedge_pango {
    KEDGE_PANGO_FUNCTIONS(KEDGE_PANGO_MEMBER)
} kedge_pango;
#undef KEDGE_PANGO_MEMBER

/* What sets the text of one drawing context. */
typedef struct kedge_typesetter {
    kedge_pango pango;
    PangoContext *context; /* metrics do not depend on the pixel grid; one unit of size is one point */
    PangoLayout *layout;
    PangoFontDescription *font;
    PangoAttrList *plain; /* no attributes */
} kedge_typesetter;

/* The drawing context's typesetter; made at the first call, released with the drawing context. Fonts are found and kept
 * once for each thread. KEDGE_EUNSUPPORTED: a library is not there (the message names it); KEDGE_ENOMEM. */
kedge_status kedge_typesetter_of(kedge_typesetter **out, cairo_t *cr);

#endif
