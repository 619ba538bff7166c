/* lettering.h - text on a canvas: measured, aligned, broken into lines; any script, and formulas. */
#ifndef DRAW_LETTERING_H
#define DRAW_LETTERING_H

#include <cairo.h>

#include "base/text.h"
#include "draw/theme.h"

typedef enum kedge_align { KEDGE_ALIGN_LEFT, KEDGE_ALIGN_CENTRE, KEDGE_ALIGN_RIGHT } kedge_align;

typedef struct kedge_lettering {
    const kedge_theme *theme;
    double size; /* points */
    kedge_ink ink;
    kedge_align align;
    bool bold;
    bool symbol;    /* a formula, with the marks of draw/markup.h: "z_12" has small, low digits */
    double halo;    /* width of a rim that lifts the text off the data; 0: none */
    kedge_ink rim;  /* its colour */
} kedge_lettering;

enum { KEDGE_LINE = 256, KEDGE_LETTERING_MAX = 1024 }; /* bytes of a set line; of text that is set or broken at once */

/* Letters are shaped by Pango, which is loaded for the first text (draw/typesetter.h). Where it cannot be, nothing has
 * a width and nothing is set; kedge_canvas_init has told of it by then. A drawing context is used by one thread. */

/* Width in points. Bytes that are no UTF-8 are set as '?', control characters as spaces. */
double kedge_lettering_width(cairo_t *cr, const kedge_lettering *style, const char *text);
/* Sets one line; (x, y) is its left end, middle or right end on the baseline. */
void kedge_lettering_draw(cairo_t *cr, const kedge_lettering *style, double x, double y, const char *text);
/* Height of a capital: centring a line on y means a baseline at y + height/2. */
double kedge_lettering_height(const kedge_lettering *style);

/* Breaks 'text' into at most 'most' lines no wider than 'width', where its script allows, or else between characters;
 * what does not fit ends in an ellipsis. Returns the number of lines; 0 for NULL or blank text. */
int kedge_lettering_wrap(cairo_t *cr, const kedge_lettering *style, const char *text, double width, int most,
                         char lines[][KEDGE_LINE]);

/* Number text: "%.*f" with a true minus sign and no minus before zero. */
void kedge_lettering_number(char *out, size_t room, double value, int decimals);

/* A power of ten as one writes it behind a unit: a multiplication sign, 10 and raised digits. */
void kedge_lettering_power(char *out, size_t room, int exponent);

/* Appends 'text' as valid UTF-8 without control characters. */
void kedge_lettering_clean(kedge_text *out, const char *text);

#endif
