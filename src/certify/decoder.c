/* decoder.c - a decoder in double. */
#include "certify/decoder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static kedge_status take_layer(kedge_decoder *decoder, kedge_arena *arena, const kedge_params *params, int i)
{
    char name[64];
    snprintf(name, sizeof name, "decoder.%d.weight", 2 * i);
    const kedge_param *weight = kedge_params_find(params, name);
    snprintf(name, sizeof name, "decoder.%d.bias", 2 * i);
    const kedge_param *bias = kedge_params_find(params, name);
    if (!weight || !bias)
        return kedge_fail(KEDGE_EINVALID, "a certificate needs a decoder; tensor '%s' is missing", name);
    size_t rows = (size_t)weight->rows, cols = (size_t)weight->cols;
    kedge_decoder_layer *layer = &decoder->layers[i];
    layer->rows = weight->rows;
    layer->cols = weight->cols;
    layer->weight = kedge_arena_alloc(arena, rows * cols, sizeof(double));
    layer->size = kedge_arena_alloc(arena, rows * cols, sizeof(double));
    layer->bias = kedge_arena_alloc(arena, rows, sizeof(double));
    layer->reach = kedge_arena_alloc(arena, rows, sizeof(double));
    if (!layer->weight || !layer->size || !layer->bias || !layer->reach) return kedge_fail_memory("a certificate");
    for (size_t r = 0; r < rows; r++) {
        layer->bias[r] = (double)params->values[bias->offset + r];
        layer->reach[r] = 1;
        for (size_t c = 0; c < cols; c++) {
            double value = (double)params->values[weight->offset + r * cols + c];
            layer->weight[c * rows + r] = value;
            if (!isfinite(value) || !isfinite(layer->bias[r]))
                return kedge_fail(KEDGE_ENUMERIC, "tensor '%s' holds numbers that are not finite; nothing can be "
                                  "promised of such a model", weight->name);
        }
    }
    if (weight->rows > decoder->width) decoder->width = weight->rows;
    return KEDGE_OK;
}

/* The first layer's columns along the basis. */
static kedge_status turn(kedge_decoder_layer *first, kedge_arena *arena, const double *basis)
{
    size_t rows = (size_t)first->rows, k = (size_t)first->cols;
    double *turned = kedge_arena_alloc(arena, rows * k, sizeof *turned);
    if (!turned) return kedge_fail_memory("a certificate");
    for (size_t c = 0; c < k; c++)
        for (size_t j = 0; j < k; j++)
            for (size_t r = 0; r < rows; r++) turned[c * rows + r] += first->weight[j * rows + r] * basis[c * k + j];
    first->weight = turned;
    return KEDGE_OK;
}

kedge_status kedge_decoder_init(kedge_decoder *decoder, kedge_arena *arena, const kedge_model_options *model,
                                const kedge_params *params, int n_outputs, bool clamp, const double *basis)
{
    *decoder = (kedge_decoder){.n_latents = (int)model->bottleneck,
                               .n_outputs = n_outputs,
                               .n_layers = model->hidden.n + 1,
                               .width = (int)model->bottleneck,
                               .bend = kedge_bend_of(model->activation),
                               .last = model->output == KEDGE_OUTPUT_SIGMOID
                                           ? kedge_bend_of(KEDGE_ACTIVATION_SIGMOID) : NULL,
                               .clamp = clamp && model->output != KEDGE_OUTPUT_SIGMOID};
    decoder->layers = kedge_arena_alloc(arena, (size_t)decoder->n_layers, sizeof *decoder->layers);
    if (!decoder->layers) return kedge_fail_memory("a certificate");
    for (int i = 0; i < decoder->n_layers; i++) {
        kedge_status status = take_layer(decoder, arena, params, i);
        if (status) return status;
    }
    if (basis) {
        kedge_status status = turn(&decoder->layers[0], arena, basis);
        if (status) return status;
    }
    for (int i = 0; i < decoder->n_layers; i++) {
        kedge_decoder_layer *layer = &decoder->layers[i], *next = i + 1 < decoder->n_layers ? layer + 1 : NULL;
        for (int j = 0; j < layer->rows * layer->cols; j++) layer->size[j] = fabs(layer->weight[j]);
        for (int r = 0; next && r < layer->rows; r++) {
            double sum = 0;
            for (int j = 0; j < next->rows; j++) sum += pow(next->weight[r * next->rows + j], 2);
            layer->reach[r] = sqrt(sum);
        }
    }
    return KEDGE_OK;
}

void kedge_decoder_apply(const kedge_decoder *decoder, const double *z, double *work, double *y)
{
    double *out = work;
    for (int i = 0; i < decoder->n_layers; i++) {
        const kedge_decoder_layer *layer = &decoder->layers[i];
        int rows = layer->rows;
        out = i % 2 ? work + decoder->width : work;
        memcpy(out, layer->bias, (size_t)rows * sizeof *out);
        for (int c = 0; c < layer->cols; c++)
            for (int r = 0; r < rows; r++) out[r] += layer->weight[c * rows + r] * z[c];
        const kedge_bend *bend = i + 1 < decoder->n_layers ? decoder->bend : decoder->last;
        for (int r = 0; bend && r < rows; r++) out[r] = bend->at(out[r]).value;
        z = out;
    }
    for (int j = 0; j < decoder->n_outputs; j++) y[j] = decoder->clamp ? fmin(1, fmax(0, out[j])) : out[j];
}

size_t kedge_decoder_slack_work(const kedge_decoder *decoder)
{
    return 4 * (size_t)decoder->width;
}

/* From sizes and errors of a layer's inputs to those of its outputs. */
static void slack_layer(const kedge_decoder_layer *layer, const double *size, const double *error, double *size_out,
                        double *error_out)
{
    const double unit = 0x1p-24, grow = (layer->cols + 2) * unit / (1 - (layer->cols + 2) * unit);
    for (int r = 0; r < layer->rows; r++) size_out[r] = fabs(layer->bias[r]), error_out[r] = 0;
    for (int c = 0; c < layer->cols; c++)
        for (int r = 0; r < layer->rows; r++) {
            double w = layer->size[c * layer->rows + r];
            size_out[r] += w * (size[c] + error[c]);
            error_out[r] += w * error[c];
        }
    for (int r = 0; r < layer->rows; r++) error_out[r] += grow * size_out[r];
}

static void slack_bend(const kedge_bend *bend, int rows, double *size, double *error)
{
    for (int r = 0; r < rows; r++) {
        /* no activation is further from 0 than its operand or 1, whichever is larger */
        size[r] = fmax(1, size[r]);
        error[r] = bend->steepest * error[r] + bend->error + 4 * 0x1p-24 * size[r];
    }
}

double kedge_decoder_slack(const kedge_decoder *decoder, double reach, double off, double *work)
{
    double *size = work, *error = work + decoder->width, *size_out = error + decoder->width;
    double *error_out = size_out + decoder->width, sum = 0;
    for (int c = 0; c < decoder->n_latents; c++) size[c] = reach, error[c] = off;
    for (int i = 0; i < decoder->n_layers; i++) {
        const kedge_bend *bend = i + 1 < decoder->n_layers ? decoder->bend : decoder->last;
        slack_layer(&decoder->layers[i], size, error, size_out, error_out);
        if (bend) slack_bend(bend, decoder->layers[i].rows, size_out, error_out);
        double *swap[2] = {size, error};
        size = size_out, error = error_out;
        size_out = swap[0], error_out = swap[1];
    }
    for (int j = 0; j < decoder->n_outputs; j++) sum += error[j] * error[j];
    return sqrt(sum / decoder->n_outputs) * (1 + 1e-9);
}
