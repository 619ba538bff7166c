/* stack.h - charts one above the other with one x axis: what figures of runs over time are made of. */
#ifndef DRAW_STACK_H
#define DRAW_STACK_H

#include "draw/canvas.h"
#include "draw/legend.h"

/* One chart. */
typedef struct kedge_stack_panel {
    const char *y;                /* label of its axis; NULL: none */
    kedge_range up;
    bool log_y;
    double height;                /* of the frame, points */
    int n_entries;
    const kedge_entry *entries;   /* its lines; 'end' is a value of the y axis here */
    bool at_ends;                 /* names stand at the ends of lines where there is room; else, always in a legend */
    const void *data;             /* for the functions below */
    void (*draw)(const kedge_axes *axes, const void *data);      /* the data, clipped to the frame */
    void (*draw_over)(const kedge_axes *axes, const void *data); /* what may hang out of it; NULL: nothing */
} kedge_stack_panel;

typedef struct kedge_stack {
    const char *title, *subtitle, *note; /* NULL: none */
    const char *description;             /* alternative text */
    const char *x;                       /* label of the x axis */
    kedge_range across;
    bool log_x;
    int n_stretches, n_places;           /* phases, shaded and named over the first panel; actions, marked there */
    const kedge_stretch *stretches;
    const kedge_place *places;
    int n;
    const kedge_stack_panel *panels;
} kedge_stack;

/* Draws them, whole or not at all. Frames fill the page's width; panels narrower than they are high are made lower.
 * Ranges must be finite, of positive length. Errors as kedge_canvas_init and kedge_canvas_save. */
kedge_status kedge_draw_stack(kedge_context *ctx, const kedge_stack *stack, const kedge_picture *to);

#endif
