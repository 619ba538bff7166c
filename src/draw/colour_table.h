/* colour_table.h - a table of named colours: what goes in, what comes out under several plans, and how far off. */
#ifndef DRAW_COLOUR_TABLE_H
#define DRAW_COLOUR_TABLE_H

#include "draw/canvas.h"

typedef struct kedge_colour_column {
    const char *name;     /* of the plan */
    const float *shown;   /* [rows][3] sRGB in [0, 1] (clamped): what comes out */
    const double *errors; /* [rows] */
} kedge_colour_column;

typedef struct kedge_colour_table {
    const char *title, *subtitle; /* NULL: none */
    int rows, columns;
    const char *const *names;     /* [rows] of the colours */
    const float *truth;           /* [rows][3] what goes in */
    const kedge_colour_column *column; /* [columns] */
} kedge_colour_table;

/* Draws it, whole or not at all; same input, same bytes. Cells are shaded by error, the largest of the table most. With
 * to->width, columns that have no room stand in further tables below. KEDGE_EINVALID: nothing to draw, an unknown
 * suffix; KEDGE_ENUMERIC: a colour or error that is not finite; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_colour_table(kedge_context *ctx, const kedge_colour_table *table, const kedge_picture *to);

/* The share of full shade for an error, in [0, 1]: by its square root, so that small errors show. */
double kedge_colour_table_shade(const kedge_colour_table *table, double error);
/* KEDGE_EINVALID, KEDGE_ENUMERIC as above. */
kedge_status kedge_colour_table_check(const kedge_colour_table *table, const char *path);
/* All numbers in words. */
void kedge_colour_table_describe(kedge_text *text, const kedge_colour_table *table);

#endif
