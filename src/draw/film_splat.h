/* film_splat.h - many discs in the panels of a video, averaged over subframes in linear light. */
#ifndef DRAW_FILM_SPLAT_H
#define DRAW_FILM_SPLAT_H

#include <stdint.h>

#include "base/context.h"
#include "draw/theme.h"

/* Light as whole numbers: 8 subframes add up within 16 bits, and every 8-bit sRGB value comes back from it. */
enum { KEDGE_LIGHT = 8191, KEDGE_SUBFRAMES = 8 };

/* A disc's colours, as light: of its rim and of what it encloses. */
typedef struct kedge_splat_ink {
    uint16_t rim[3], fill[3];
} kedge_splat_ink;

typedef struct kedge_splat {
    kedge_context *ctx;
    int width, height;      /* of a panel, pixels */
    int margin;             /* around it, so that a disc over the edge needs no clipping */
    int stride, rows;       /* of the planes, margins included */
    int n_grounds;
    uint16_t *grounds;      /* [n_grounds][3][rows][stride] panels without discs */
    uint16_t *work, *sum;   /* [3][rows][stride] this subframe; those before it added up */
    int ground;             /* the panel that is drawn */
    int subframes, done;    /* to add up, added up so far */
    int wide, high, middle; /* of a sprite, and where its centre is */
    double reach;           /* a disc's radius, rim included */
    uint16_t *rim, *fill;   /* [8][8][high][wide] coverage of 65535 at places an eighth of a pixel apart */
    uint16_t decode[256];   /* sRGB to light */
    uint8_t encode[KEDGE_LIGHT + 1];
} kedge_splat;

/* For 'n_grounds' panels of one size, and discs whose fill and rim have these radii in pixels. KEDGE_ENOMEM; then there
 * is nothing to release. */
kedge_status kedge_splat_init(kedge_splat *splat, kedge_context *ctx, int width, int height, int n_grounds,
                              double inner, double outer);
/* Does nothing on a cleared struct. */
void kedge_splat_release(kedge_splat *splat);

/* The light of colours. */
kedge_splat_ink kedge_splat_ink_of(kedge_ink rim, kedge_ink fill);

/* What panel 'ground' shows without discs: 'pixels' is its top left corner in an image 0xrrggbb with 'stride' pixels
 * from row to row. */
void kedge_splat_take_ground(kedge_splat *splat, int ground, const uint32_t *pixels, int stride);

/* A panel: begin, with 1, 2, 4 or 8 subframes; for each of them its discs, every one over those before it, then next;
 * put writes the average. Places are in pixels from the panel's top left corner. No allocation. */
void kedge_splat_begin(kedge_splat *splat, int ground, int subframes);
void kedge_splat_disc(kedge_splat *splat, double x, double y, const kedge_splat_ink *ink);
void kedge_splat_next(kedge_splat *splat);
void kedge_splat_put(const kedge_splat *splat, uint32_t *pixels, int stride);

#endif
