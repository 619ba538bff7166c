/* line_names.h - names of lines, each beside its own line where that is far from the others. */
#ifndef DRAW_LINE_NAMES_H
#define DRAW_LINE_NAMES_H

#include "draw/axes.h"

enum { KEDGE_LINE_NAMES_MAX = 8 };

typedef struct kedge_named_line {
    const char *name;
    kedge_ink ink;
    int n;
    const double *x, *y; /* [n], x ascending */
} kedge_named_line;

/* Sets each name in its line's colour, above or below the line, in the panel, where it covers as little as can be of
 * the lines and of the names before it. At most KEDGE_LINE_NAMES_MAX lines. */
void kedge_line_names_draw(const kedge_axes *axes, int n, const kedge_named_line *lines);

#endif
