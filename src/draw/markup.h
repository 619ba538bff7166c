/* markup.h - formulas in one line of text: "1 - cos(z, p)", "z_12", "w_{anchor}^2".
 *
 * A letter that stands alone, Latin or Greek, is a variable and oblique; words are upright. What follows '_' or '^' -
 * digits, one letter, or anything in braces - is set small, below or above the line; before anything else the sign is
 * itself. */
#ifndef DRAW_MARKUP_H
#define DRAW_MARKUP_H

#include <stdbool.h>

enum { KEDGE_SPANS_MAX = 64 };

/* Bytes [from, to) of the text without its marks. Spans may lie in one another, never across. */
typedef struct kedge_span {
    int from, to;
    enum { KEDGE_SPAN_OBLIQUE, KEDGE_SPAN_LOW, KEDGE_SPAN_HIGH } kind;
} kedge_span;

/* Takes the marks out of 'line', valid UTF-8, in place. Returns the number of spans; what would be more stays plain. */
int kedge_markup_read(char *line, kedge_span spans[KEDGE_SPANS_MAX]);

#endif
