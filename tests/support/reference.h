/* reference.h - the autoencoder and its whole loss in double, written apart from the library (METHOD section 5). */
#ifndef SUPPORT_REFERENCE_H
#define SUPPORT_REFERENCE_H

#include "reference_terms.h"

#include <stdio.h>
#include <stdlib.h>

#include "nn/model.h"

enum { REF_LAYERS = 4, REF_PARAMS = 2048, REF_TENSORS = 4 * REF_LAYERS };

typedef struct ref_tensor {
    char name[32];
    int rows, cols, count;
    int first;     /* its first number in params */
    size_t offset; /* and in the library's block */
} ref_tensor;

typedef struct ref_model {
    const kedge_model_options *options;
    const struct ref_model *then; /* at the capture of captured-anchor terms */
    int n_in, n_out, n_tensors, n_params;
    ref_tensor tensors[REF_TENSORS]; /* in the order of the layers: weight, bias, weight, ... */
    double params[REF_PARAMS];
} ref_model;

typedef struct ref_pass {
    int n;
    ref_rows x, target, pre_norm, bottleneck, y;
    ref_rows hidden[2][REF_LAYERS]; /* of encoder and decoder */
} ref_pass;

static inline void ref_model_tensor(ref_model *model, const kedge_params *params, const char *half, int i,
                                    const char *what)
{
    ref_tensor *tensor = &model->tensors[model->n_tensors++];
    snprintf(tensor->name, sizeof tensor->name, "%s.%d.%s", half, 2 * i, what);
    const kedge_param *param = kedge_params_find(params, tensor->name);
    assert_non_null(param);
    tensor->rows = param->rows;
    tensor->cols = param->cols;
    tensor->count = (int)kedge_param_count(param);
    tensor->first = model->n_params;
    tensor->offset = param->offset;
    for (int j = 0; j < tensor->count; j++)
        model->params[model->n_params++] = (double)params->values[param->offset + (size_t)j];
}

/* Finds the tensors by their names and copies their numbers. */
static inline void ref_model_read(ref_model *model, const kedge_model_options *options, int n_in, int n_out,
                                  const kedge_params *params)
{
    *model = (ref_model){.options = options, .n_in = n_in, .n_out = n_out};
    for (int half = 0; half < 2; half++)
        for (int i = 0; i <= options->hidden.n; i++) {
            ref_model_tensor(model, params, half ? "decoder" : "encoder", i, "weight");
            ref_model_tensor(model, params, half ? "decoder" : "encoder", i, "bias");
        }
}

static inline double ref_activation(int activation, double x)
{
    switch (activation) {
    case KEDGE_ACTIVATION_RELU: return fmax(0, x);
    case KEDGE_ACTIVATION_TANH: return tanh(x);
    case KEDGE_ACTIVATION_SIGMOID: return 1 / (1 + exp(-x));
    default: return x / 2 * erfc(-x / sqrt(2));
    }
}

/* y = w x + b with the tensors 2 layer and 2 layer + 1; returns the number of outputs. */
static inline int ref_linear(const ref_model *model, int layer, int n, ref_rows x, ref_rows y)
{
    const ref_tensor *weight = &model->tensors[2 * layer];
    const double *w = model->params + weight->first, *b = model->params + weight[1].first;
    for (int a = 0; a < n; a++)
        for (int i = 0; i < weight->rows; i++) y[a][i] = b[i] + ref_dot(weight->cols, w + i * weight->cols, x[a]);
    return weight->rows;
}

static inline void ref_half(const ref_model *model, int half, ref_pass *pass, ref_rows from, ref_rows to)
{
    int layers = model->options->hidden.n + 1;
    for (int i = 0; i < layers; i++) {
        if (i == layers - 1) {
            ref_linear(model, half * layers + i, pass->n, from, to);
            return;
        }
        int width = ref_linear(model, half * layers + i, pass->n, from, pass->hidden[half][i]);
        for (int a = 0; a < pass->n; a++)
            for (int j = 0; j < width; j++)
                pass->hidden[half][i][a][j] = ref_activation(model->options->activation, pass->hidden[half][i][a][j]);
        from = pass->hidden[half][i];
    }
}

/* From pass->x to all else but the target. */
static inline void ref_forward(const ref_model *model, ref_pass *pass)
{
    int k = (int)model->options->bottleneck;
    ref_half(model, 0, pass, pass->x, pass->pre_norm);
    if (model->options->normalize)
        ref_normalize(pass->n, k, pass->pre_norm, pass->bottleneck);
    else
        memcpy(pass->bottleneck, pass->pre_norm, sizeof pass->bottleneck);
    ref_half(model, 1, pass, pass->bottleneck, pass->y);
    if (model->options->output == KEDGE_OUTPUT_SIGMOID)
        for (int a = 0; a < pass->n; a++)
            for (int j = 0; j < model->n_out; j++) pass->y[a][j] = 1 / (1 + exp(-pass->y[a][j]));
}

/* The mean squared error over samples and targets. */
static inline double ref_task_weighted(const ref_model *model, const ref_pass *pass, const double *weights)
{
    double sum = 0, weight = weights ? 1e-8 : 0;
    for (int a = 0; a < pass->n; a++) {
        double l = weights ? weights[a] : 1;
        for (int j = 0; j < model->n_out; j++) sum += l * pow(pass->y[a][j] - pass->target[a][j], 2);
        weight += l;
    }
    return sum / (weight * model->n_out);
}

static inline double ref_task(const ref_model *model, const ref_pass *pass)
{
    return ref_task_weighted(model, pass, NULL);
}

/* The fallback term: what 'place' at the site decodes to, against the output wanted. It depends on no sample. */
static inline double ref_fallback(const ref_model *model, const kedge_term_options *term)
{
    static ref_rows x, y;
    int layers = model->options->hidden.n + 1, layer = 0, k = term->place.n;
    for (int j = 0; j < k; j++) x[0][j] = term->place.at[j];
    if (strcmp(term->site, "pre-norm") == 0 && model->options->normalize) ref_normalize(1, k, x, x);
    if (sscanf(term->site, "decoder.%d", &layer) == 1) layer++;
    for (; layer < layers; layer++) {
        int width = ref_linear(model, layers + layer, 1, x, y);
        for (int j = 0; j < width; j++)
            x[0][j] = layer < layers - 1 ? ref_activation(model->options->activation, y[0][j]) : y[0][j];
    }
    double sum = 0;
    for (int j = 0; j < model->n_out; j++) {
        double out = model->options->output == KEDGE_OUTPUT_SIGMOID ? 1 / (1 + exp(-x[0][j])) : x[0][j];
        sum += pow(out - term->output.at[j], 2);
    }
    return sum / model->n_out;
}

/* What a site holds after ref_forward; its width goes to *k. */
static inline double (*ref_site(const ref_model *model, ref_pass *pass, const char *site, int *k))[REF_WIDTH]
{
    const kedge_ints *hidden = &model->options->hidden;
    int layer = 0;
    *k = (int)model->options->bottleneck;
    if (strcmp(site, "bottleneck") == 0) return pass->bottleneck;
    if (strcmp(site, "pre-norm") == 0) return pass->pre_norm;
    if (sscanf(site, "encoder.%d", &layer) == 1) {
        *k = (int)hidden->at[layer];
        return pass->hidden[0][layer];
    }
    if (sscanf(site, "decoder.%d", &layer) != 1) fail_msg("site '%s' is not known in reference.h", site);
    *k = (int)hidden->at[hidden->n - 1 - layer];
    return pass->hidden[1][layer];
}

/* The captured-anchor term: the reference points now, against where they were for the model->then of the capture. */
static inline double ref_captured(const ref_model *model, const kedge_term_options *term)
{
    static ref_pass now, then;
    const kedge_reference *reference = &term->reference;
    int k = 0;
    now.n = then.n = reference->n;
    for (int a = 0; a < reference->n; a++)
        for (int j = 0; j < reference->n_features; j++)
            now.x[a][j] = then.x[a][j] = (double)reference->features[j * reference->n + a];
    ref_forward(model, &now);
    ref_forward(model->then, &then);
    double(*z)[REF_WIDTH] = ref_site(model, &now, term->site, &k);
    double(*was)[REF_WIDTH] = ref_site(model, &then, term->site, &k), sum = 0;
    for (int a = 0; a < reference->n; a++)
        for (int j = 0; j < k; j++) sum += (z[a][j] - was[a][j]) * (z[a][j] - was[a][j]);
    return sum / reference->n;
}

/* A term at its site, after ref_forward. */
static inline double ref_term_at_site(const ref_model *model, ref_pass *pass, const kedge_term_options *term,
                                      const double *labels)
{
    const char *kind = kedge_term_kinds[term->kind]->variant.name;
    int k = 0;
    if (strcmp(kind, "fallback") == 0) return ref_fallback(model, term);
    if (strcmp(kind, "captured-anchor") == 0) return ref_captured(model, term);
    double(*z)[REF_WIDTH] = ref_site(model, pass, term->site, &k);
    return ref_term(term, pass->n, k, z, labels);
}

/* Weights of the samples for a term: its labels by their affinities, at most 1. rows [n_labels][REF_BATCH]. */
static inline void ref_mix(const kedge_term_options *term, int n_labels, const char *const *names,
                           double (*rows)[REF_BATCH], int n, double *mixed)
{
    for (int a = 0; a < n; a++) {
        mixed[a] = 0;
        for (int i = 0; i < term->labels.n; i++)
            for (int l = 0; l < n_labels; l++)
                if (strcmp(names[l], term->labels.names[i]) == 0) mixed[a] += term->labels.values[i] * rows[l][a];
        mixed[a] = fmin(1, fmax(0, mixed[a]));
    }
}

#endif
