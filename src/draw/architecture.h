/* architecture.h - the figure of a network: its layers from top to bottom, and at each what acts there. */
#ifndef DRAW_ARCHITECTURE_H
#define DRAW_ARCHITECTURE_H

#include "draw/canvas.h"

typedef enum kedge_architecture_kind {
    KEDGE_ACTS_TASK,    /* the loss of the task */
    KEDGE_ACTS_TERM,    /* a term, while training */
    KEDGE_ACTS_EDIT,    /* an edit, while the model runs */
    KEDGE_ACTS_SURGERY, /* surgery, on its weights */
    KEDGE_ACTS_KINDS
} kedge_architecture_kind;

/* Something that acts at a layer. */
typedef struct kedge_architecture_act {
    kedge_architecture_kind kind;
    const char *name; /* "anchor" */
    const char *text; /* what it does there */
} kedge_architecture_act;

typedef struct kedge_architecture_layer {
    const char *name; /* "encoder.0", "bottleneck": the site where there is one */
    const char *text; /* "16 units, gelu"; NULL: none */
    int units;        /* at least 1 */
    bool pointwise;   /* made of the layer before it unit by unit, without weights */
    bool strong;      /* the one that the network is about */
    int n_acts;
    const kedge_architecture_act *acts;
} kedge_architecture_layer;

typedef struct kedge_architecture_figure {
    const char *title, *subtitle; /* NULL: none */
    int n;                        /* layers; at least 1 */
    const kedge_architecture_layer *layers;
} kedge_architecture_figure;

/* Draws the figure, whole or not at all; words are broken to what to->width leaves them. Layers of more than 24 units
 * are drawn as 24. Errors as kedge_canvas_init and kedge_canvas_save; KEDGE_EINVALID: no layers, a layer without units;
 * KEDGE_ENOMEM. */
kedge_status kedge_draw_architecture(kedge_context *ctx, const kedge_architecture_figure *figure,
                                     const kedge_picture *to);

#endif
