/* decoder.h - a model's decoder in double, seen from the directions of an edit. */
#ifndef CERTIFY_DECODER_H
#define CERTIFY_DECODER_H

#include "base/arena.h"
#include "certify/bend.h"
#include "nn/model.h"

typedef struct kedge_decoder_layer {
    int rows, cols;
    double *weight; /* [cols][rows]: one column after another */
    double *size;   /* |weight| */
    double *bias;   /* [rows] */
    double *reach;  /* [rows]: how much a row matters further on: the length of its column in the next layer */
} kedge_decoder_layer;

typedef struct kedge_decoder {
    int n_latents, n_outputs, n_layers;
    int width; /* the largest number of rows of a layer, or latents */
    kedge_decoder_layer *layers;
    const kedge_bend *bend, *last; /* between the layers; after them (NULL: none) */
    bool clamp;                    /* outputs count as clamped to [0,1] */
} kedge_decoder;

/* Takes the decoder's weights from 'params', its first layer in coordinates along the rows of basis [K][K], an
 * orthonormal one (NULL: as it is). Lies in the arena. KEDGE_ENOMEM; KEDGE_ENUMERIC if a weight is not finite. */
kedge_status kedge_decoder_init(kedge_decoder *decoder, kedge_arena *arena, const kedge_model_options *model,
                                const kedge_params *params, int n_outputs, bool clamp, const double *basis);

/* y [n_outputs] = clamp(D(z)), z [n_latents] along the basis; work [2 width]. */
void kedge_decoder_apply(const kedge_decoder *decoder, const double *z, double *work, double *y);

/* How far the float32 model's output may be from D(z), as a root mean square over outputs, for any |z| <= reach
 * whose float numbers are within 'off' of z. A bound by running error analysis: each sum of n products is off by at
 * most n 2^-24 times the sum of their sizes whatever the order (Higham, Accuracy and stability of numerical
 * algorithms, 3.1), each activation by what the kernels' tests allow. */
double kedge_decoder_slack(const kedge_decoder *decoder, double reach, double off, double *work);
/* Numbers in 'work'. */
size_t kedge_decoder_slack_work(const kedge_decoder *decoder);

#endif
