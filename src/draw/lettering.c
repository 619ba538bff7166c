/* lettering.c - text on a canvas: measured, aligned, with small digits below the line. */
#include "draw/lettering.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/canvas.h"
#include "format/utf8.h"

static const double SMALL = 0.72, DROP = 0.20; /* of the size: digits below the line, and how far below */
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

static void clean_line(char out[KEDGE_LINE], const char *text)
{
    int used = 0;
    while (*text) {
        const char *bytes;
        int length = next_character(&text, &bytes);
        if (used + length >= KEDGE_LINE) break;
        memcpy(out + used, bytes, (size_t)length);
        used += length;
    }
    out[used] = '\0';
}

static void set_font(cairo_t *cr, const kedge_lettering *style, bool oblique, double size)
{
    cairo_select_font_face(cr, style->theme->font, oblique ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
                           style->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, size);
}

/* One run in one font at (x, y), drawn if 'draw'; its advance. */
static double run(cairo_t *cr, const kedge_lettering *style, double x, double y, const char *text, bool draw)
{
    cairo_text_extents_t extents;
    cairo_text_extents(cr, text, &extents);
    if (!draw || !text[0]) return extents.x_advance;
    if (style->halo > 0) {
        cairo_new_path(cr);
        cairo_move_to(cr, x, y);
        cairo_text_path(cr, text);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_line_width(cr, 2 * style->halo);
        kedge_canvas_ink(cr, style->rim, 0.9);
        cairo_stroke(cr);
    }
    kedge_canvas_ink(cr, style->ink, 1);
    cairo_move_to(cr, x, y);
    cairo_show_text(cr, text);
    cairo_new_path(cr);
    return extents.x_advance;
}

/* All runs of a line from its left end; their advance. */
static double runs(cairo_t *cr, const kedge_lettering *style, double x, double y, const char *text, bool draw)
{
    char line[KEDGE_LINE], small[KEDGE_LINE];
    clean_line(line, text);
    char *mark = style->symbol ? strchr(line, '_') : NULL;
    size_t digits = mark ? strspn(mark + 1, "0123456789") : 0;
    if (mark) *mark = '\0';
    set_font(cr, style, mark != NULL, style->size);
    double width = run(cr, style, x, y, line, draw);
    if (!mark) return width;
    snprintf(small, sizeof small, "%.*s", (int)digits, mark + 1);
    set_font(cr, style, false, SMALL * style->size);
    width += run(cr, style, x + width, y + DROP * style->size, small, draw);
    set_font(cr, style, false, style->size);
    return width + run(cr, style, x + width, y, mark + 1 + digits, draw);
}

double kedge_lettering_width(cairo_t *cr, const kedge_lettering *style, const char *text)
{
    return runs(cr, style, 0, 0, text, false);
}

void kedge_lettering_draw(cairo_t *cr, const kedge_lettering *style, double x, double y, const char *text)
{
    if (style->align != KEDGE_ALIGN_LEFT)
        x -= kedge_lettering_width(cr, style, text) * (style->align == KEDGE_ALIGN_RIGHT ? 1 : 0.5);
    runs(cr, style, x, y, text, true);
}

double kedge_lettering_height(const kedge_lettering *style)
{
    return 0.73 * style->size; /* of DejaVu Sans */
}

/* The longest head of 'text' that is no wider than 'width' with 'tail' behind it; into 'line'. Breaks between
 * characters. Returns the bytes taken. */
static size_t fit_characters(cairo_t *cr, const kedge_lettering *style, const char *text, const char *tail,
                             double width, char line[KEDGE_LINE])
{
    size_t taken = 0, tail_length = strlen(tail);
    memcpy(line, tail, tail_length + 1);
    for (size_t next = 0; text[next];) {
        next += (size_t)character_length(text + next);
        char trial[KEDGE_LINE];
        if (next + tail_length >= sizeof trial) break;
        memcpy(trial, text, next);
        memcpy(trial + next, tail, tail_length + 1);
        if (kedge_lettering_width(cr, style, trial) > width && taken > 0) break;
        taken = next;
        memcpy(line, trial, next + tail_length + 1);
    }
    return taken;
}

/* The longest head that ends before a space or at the end of the text and fits; 0 if the first word does not. */
static size_t fit_words(cairo_t *cr, const kedge_lettering *style, const char *text, double width,
                        char line[KEDGE_LINE])
{
    size_t taken = 0;
    for (size_t next = 0;; next++) {
        if (text[next] && text[next] != ' ') continue;
        char trial[KEDGE_LINE];
        memcpy(trial, text, next);
        trial[next] = '\0';
        if (kedge_lettering_width(cr, style, trial) > width) break;
        taken = next;
        memcpy(line, trial, next + 1);
        if (!text[next]) break;
    }
    return taken;
}

/* What fits of a last line, with an ellipsis: whole words if that keeps half of it. */
static void cut(cairo_t *cr, const kedge_lettering *style, const char *text, double width, char line[KEDGE_LINE])
{
    size_t taken = fit_characters(cr, style, text, ELLIPSIS, width, line);
    char *space = text[taken] == ' ' ? line + taken : memrchr(line, ' ', taken);
    if (space && space > line + taken / 2) memcpy(space, ELLIPSIS, sizeof ELLIPSIS);
}

int kedge_lettering_wrap(cairo_t *cr, const kedge_lettering *style, const char *text, double width, int most,
                         char lines[][KEDGE_LINE])
{
    char whole[KEDGE_LINE];
    clean_line(whole, text ? text : "");
    for (size_t end = strlen(whole); end > 0 && whole[end - 1] == ' ';) whole[--end] = '\0';
    int n = 0;
    for (const char *rest = whole + strspn(whole, " "); *rest && n < most; n++) {
        size_t taken = fit_words(cr, style, rest, width, lines[n]);
        if (n == most - 1 && rest[taken]) {
            cut(cr, style, rest, width, lines[n]);
            return most;
        }
        if (taken == 0) taken = fit_characters(cr, style, rest, "", width, lines[n]);
        rest += taken;
        rest += strspn(rest, " ");
    }
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
    char digits[64];
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(value));
    bool zero = strspn(digits, "0.") == strlen(digits);
    snprintf(out, room, "%s%s", value < 0 && !zero ? MINUS : "", digits);
}
