/* terms.h - the figure that explains the kinds of terms: a sketch and a formula for each. */
#ifndef DRAW_TERMS_H
#define DRAW_TERMS_H

#include "draw/canvas.h"
#include "draw/sketch.h"

/* How one kind is drawn. */
typedef struct kedge_term_sketch {
    const char *kind;
    const char *formulas[3]; /* with the marks of draw/markup.h; ended by NULL unless there are three */
    void (*draw)(const kedge_sketch *sketch);
} kedge_term_sketch;

/* The sketch of a kind; NULL: it has none. */
const kedge_term_sketch *kedge_term_sketch_find(const char *kind);

typedef struct kedge_terms_entry {
    const char *kind; /* "anchor" */
    const char *text; /* one sentence */
} kedge_terms_entry;

typedef struct kedge_terms_figure {
    const char *title, *subtitle; /* NULL: none */
    int n;                        /* at least 1 */
    const kedge_terms_entry *entries;
} kedge_terms_figure;

/* Draws the figure, whole or not at all. With to->width there are as many cells side by side as stay legible. Errors as
 * kedge_canvas_init and kedge_canvas_save; KEDGE_EINVALID: no entries, or a kind without a sketch. */
kedge_status kedge_draw_terms(kedge_context *ctx, const kedge_terms_figure *figure, const kedge_picture *to);

#endif
