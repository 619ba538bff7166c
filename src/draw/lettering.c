/* lettering.c - text on a canvas: measured, aligned, broken into lines. */
#include "draw/lettering.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/canvas.h"
#include "draw/markup.h"
#include "draw/typesetter.h"
#include "format/utf8.h"

static const double SMALL = 0.72, DROP = 0.20, RISE = 0.36; /* of the size: what is below or above the line */
static const char ELLIPSIS[] = "\xe2\x80\xa6", MINUS[] = "\xe2\x88\x92";

/* Bytes of the character at 's' if it is one that XML and Cairo take, else 0. */
static int character_length(const char *s)
{
    unsigned char first = (unsigned char)s[0], second = (unsigned char)s[first ? 1 : 0];
    size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (first < 0x20 || first == 0x7f || kedge_utf8_span(s, size) != size) return 0;
    bool control = first == 0xc2 && second < 0xa0; /* U+0080 to U+009F */
    bool no_character = size == 3 && (memcmp(s, "\xef\xbf\xbe", 3) == 0 || memcmp(s, "\xef\xbf\xbf", 3) == 0);
    return control || no_character ? 0 : (int)size;
}

/* The character at *text as it may be set; moves on. */
static int next_character(const char **text, const char **bytes)
{
    int length = character_length(*text);
    unsigned char c = (unsigned char)**text;
    *bytes = length ? *text : c < 0x20 || c == 0x7f ? " " : "?";
    *text += length ? length : 1;
    return length ? length : 1;
}

void kedge_lettering_clean(kedge_text *out, const char *text)
{
    while (*text) {
        const char *bytes;
        int length = next_character(&text, &bytes);
        kedge_text_add_bytes(out, bytes, (size_t)length);
    }
}

static void clean_line(char *out, int room, const char *text)
{
    int used = 0;
    while (*text) {
        const char *bytes;
        int length = next_character(&text, &bytes);
        if (used + length >= room) break;
        memcpy(out + used, bytes, (size_t)length);
        used += length;
    }
    out[used] = '\0';
}

/* Attributes of the marks in 'line', which are taken out. */
static void set_marks(const kedge_typesetter *setter, const kedge_lettering *style, char *line)
{
    const kedge_pango *pango = &setter->pango;
    kedge_span spans[KEDGE_SPANS_MAX];
    int n = kedge_markup_read(line, spans);
    PangoAttrList *list = pango->pango_attr_list_new();
    for (int i = 0; i < n; i++) {
        PangoAttribute *set[2] = {0};
        if (spans[i].kind == KEDGE_SPAN_OBLIQUE) {
            set[0] = pango->pango_attr_style_new(PANGO_STYLE_OBLIQUE);
        } else {
            double rise = spans[i].kind == KEDGE_SPAN_LOW ? -DROP : RISE;
            set[0] = pango->pango_attr_size_new_absolute((int)(SMALL * style->size * PANGO_SCALE));
            set[1] = pango->pango_attr_rise_new((int)(rise * style->size * PANGO_SCALE));
        }
        for (int k = 0; k < 2 && set[k]; k++) {
            set[k]->start_index = (guint)spans[i].from;
            set[k]->end_index = (guint)spans[i].to;
            pango->pango_attr_list_insert(list, set[k]); /* which owns it now */
        }
    }
    pango->pango_layout_set_attributes(setter->layout, list);
    pango->pango_attr_list_unref(list);
}

/* The text, shaped, in the canvas's one layout until the next call; NULL: without Pango no text is set. */
static const kedge_typesetter *shape(cairo_t *cr, const kedge_lettering *style, const char *text)
{
    kedge_typesetter *setter;
    char line[KEDGE_LETTERING_MAX];
    if (kedge_typesetter_of(&setter, cr)) return NULL;
    const kedge_pango *pango = &setter->pango;
    clean_line(line, sizeof line, text);
    pango->pango_font_description_set_family(setter->font, style->theme->font);
    pango->pango_font_description_set_weight(setter->font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango->pango_font_description_set_absolute_size(setter->font, style->size * PANGO_SCALE);
    pango->pango_layout_set_font_description(setter->layout, setter->font);
    if (style->symbol) set_marks(setter, style, line);
    else pango->pango_layout_set_attributes(setter->layout, setter->plain);
    pango->pango_layout_set_text(setter->layout, line, -1);
    return setter;
}

static double shaped_width(const kedge_typesetter *setter)
{
    PangoRectangle extents;
    PangoLayoutLine *line = setter->pango.pango_layout_get_line_readonly(setter->layout, 0);
    setter->pango.pango_layout_line_get_extents(line, NULL, &extents);
    return (double)extents.width / PANGO_SCALE;
}

double kedge_lettering_width(cairo_t *cr, const kedge_lettering *style, const char *text)
{
    const kedge_typesetter *setter = shape(cr, style, text);
    return setter ? shaped_width(setter) : 0;
}

void kedge_lettering_draw(cairo_t *cr, const kedge_lettering *style, double x, double y, const char *text)
{
    const kedge_typesetter *setter = shape(cr, style, text);
    if (!setter || !*text) return;
    if (style->align != KEDGE_ALIGN_LEFT) x -= shaped_width(setter) * (style->align == KEDGE_ALIGN_RIGHT ? 1 : 0.5);
    PangoLayoutLine *line = setter->pango.pango_layout_get_line_readonly(setter->layout, 0);
    cairo_new_path(cr);
    if (style->halo > 0) {
        cairo_move_to(cr, x, y);
        setter->pango.pango_cairo_layout_line_path(cr, line);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_line_width(cr, 2 * style->halo);
        kedge_canvas_ink(cr, style->rim, 0.9);
        cairo_stroke(cr);
    }
    kedge_canvas_ink(cr, style->ink, 1);
    cairo_move_to(cr, x, y);
    setter->pango.pango_cairo_show_layout_line(cr, line);
    cairo_new_path(cr);
}

double kedge_lettering_height(const kedge_lettering *style)
{
    return 0.73 * style->size; /* of DejaVu Sans */
}

/* The head of 'text' that fits into 'width' with an ellipsis behind it: whole words if that keeps half of it. */
static void cut(cairo_t *cr, const kedge_lettering *style, const char *text, double width, char line[KEDGE_LINE])
{
    kedge_lettering plain = *style;
    plain.symbol = false; /* marks are text here: a line of them is no wider when they are taken out */
    double room = width - kedge_lettering_width(cr, &plain, ELLIPSIS);
    const kedge_typesetter *setter = shape(cr, &plain, text);
    int taken = 0, trailing;
    if (setter)
        setter->pango.pango_layout_line_x_to_index(setter->pango.pango_layout_get_line_readonly(setter->layout, 0),
                                                   (int)(fmax(room, 0) * PANGO_SCALE), &taken, &trailing);
    taken = (int)fmin(taken, KEDGE_LINE - sizeof ELLIPSIS);
    for (;;) { /* shorter where a shape depends on its neighbour, or where text runs from right to left */
        while (taken > 0 && ((unsigned char)text[taken] & 0xc0) == 0x80) taken--;
        snprintf(line, KEDGE_LINE, "%.*s%s", taken, text, ELLIPSIS);
        if (taken == 0 || kedge_lettering_width(cr, &plain, line) <= width) break;
        taken--;
    }
    char *space = text[taken] == ' ' ? line + taken : memrchr(line, ' ', (size_t)taken);
    if (space && space > line + taken / 2) memcpy(space, ELLIPSIS, sizeof ELLIPSIS);
}

/* No spaces at the ends, one between words: a second would count as part of the line that it ends. */
static void single_spaces(char *text)
{
    size_t used = 0;
    for (const char *s = text; *s; s++)
        if (*s != ' ' || (used > 0 && text[used - 1] != ' ')) text[used++] = *s;
    if (used > 0 && text[used - 1] == ' ') used--;
    text[used] = '\0';
}

int kedge_lettering_wrap(cairo_t *cr, const kedge_lettering *style, const char *text, double width, int most,
                         char lines[][KEDGE_LINE])
{
    char whole[KEDGE_LETTERING_MAX];
    kedge_lettering plain = *style;
    int n = 0;
    clean_line(whole, sizeof whole, text ? text : "");
    single_spaces(whole);
    plain.symbol = false;
    const kedge_typesetter *setter = *whole && most > 0 ? shape(cr, &plain, whole) : NULL;
    if (!setter) return 0;
    setter->pango.pango_layout_set_wrap(setter->layout, PANGO_WRAP_WORD_CHAR);
    setter->pango.pango_layout_set_width(setter->layout, (int)fmin(fmax(width, 1) * PANGO_SCALE, INT_MAX / 2));
    int count = setter->pango.pango_layout_get_line_count(setter->layout), rest = -1;
    for (; n < count && n < most; n++) {
        const PangoLayoutLine *line = setter->pango.pango_layout_get_line_readonly(setter->layout, n);
        int length = line->length;
        while (length > 0 && whole[line->start_index + length - 1] == ' ') length--;
        /* What has no room, across or down, ends the last line. */
        if (length >= KEDGE_LINE || (n == most - 1 && count > most)) rest = line->start_index;
        if (rest >= 0) break;
        snprintf(lines[n], KEDGE_LINE, "%.*s", length, whole + line->start_index);
    }
    setter->pango.pango_layout_set_width(setter->layout, -1);
    if (rest >= 0) cut(cr, style, whole + rest, width, lines[n++]);
    return n;
}

void kedge_lettering_power(char *out, size_t room, int exponent)
{
    static const char *const raised[] = {"\xe2\x81\xb0", "\xc2\xb9", "\xc2\xb2", "\xc2\xb3", "\xe2\x81\xb4",
                                         "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8",
                                         "\xe2\x81\xb9"};
    char digits[16];
    snprintf(digits, sizeof digits, "%d", exponent);
    size_t used = (size_t)snprintf(out, room, "\xc3\x97" "10"); /* a multiplication sign */
    for (const char *d = digits; *d && used < room; d++)
        used += (size_t)snprintf(out + used, room - used, "%s", *d == '-' ? "\xe2\x81\xbb" : raised[*d - '0']);
}

void kedge_lettering_number(char *out, size_t room, double value, int decimals)
{
    char digits[64], format[16];
    snprintf(format, sizeof format, "%%.%df", decimals);
    kedge_real_format(digits, sizeof digits, format, fabs(value));
    bool zero = strspn(digits, "0.") == strlen(digits);
    snprintf(out, room, "%s%s", value < 0 && !zero ? MINUS : "", digits);
}
