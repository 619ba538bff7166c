/* heat.h - heat maps: a number for every pair of two settings, as a colour and as digits. */
#ifndef DRAW_HEAT_H
#define DRAW_HEAT_H

#include <stdbool.h>

#include "draw/canvas.h"

enum { KEDGE_HEAT_MAPS = 16, KEDGE_HEAT_SIDE = 64 }; /* at most: maps, rows or columns of one */

typedef struct kedge_heat_map {
    const char *title;               /* above it; NULL: none */
    const char *of;                  /* what the numbers are: the colours' label. Maps of one name share them */
    bool less;                       /* the less the better: lighter colours are always better */
    int decimals;                    /* of the numbers in the cells */
    const char *x, *y;               /* labels of the axes; NULL: none */
    int rows, columns;
    const char *const *row_names;    /* [rows], from the top */
    const char *const *column_names; /* [columns] */
    const double *values;            /* [rows][columns]; what is not finite is hatched */
} kedge_heat_map;

typedef struct kedge_heat_figure {
    const char *title, *subtitle, *note; /* NULL: none */
    int n;
    const kedge_heat_map *maps;
} kedge_heat_figure;

/* Draws them, whole or not at all; same input, same bytes: two side by side where the page is wide enough, else one
 * below the other, each with its colours below it. Numbers stand in cells that have room for all of them.
 * KEDGE_EINVALID: no map, too many, one without a finite value or a side out of bounds; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_heat(kedge_context *ctx, const kedge_heat_figure *figure, const kedge_picture *to);

#endif
