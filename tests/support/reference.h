/* reference.h - the method in double, written from its definitions and apart from the library: terms, the
 * autoencoder, the whole loss (METHOD sections 3 and 5). Slow and plain: what the library is compared with. */
#ifndef SUPPORT_REFERENCE_H
#define SUPPORT_REFERENCE_H

#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "anchor/term.h"
#include "nn/model.h"

enum { REF_BATCH = 64, REF_WIDTH = 16, REF_LAYERS = 4, REF_PARAMS = 2048, REF_TENSORS = 4 * REF_LAYERS };

/* Rows of one activation: [sample][dim]. */
typedef double ref_rows[REF_BATCH][REF_WIDTH];

/* A number in [low, high) that a float holds. */
static inline double ref_uniform(uint64_t *state, double low, double high)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (float)(low + (high - low) * (double)(*state >> 11) * 0x1p-53);
}

/* ---- terms ---- */

static inline double ref_power(double x, int64_t p)
{
    double y = 1;
    for (; p > 0; p >>= 1, x *= x)
        if (p & 1) y *= x;
    return y;
}

static inline double ref_dot(int k, const double *a, const double *b)
{
    double sum = 0;
    for (int j = 0; j < k; j++) sum += a[j] * b[j];
    return sum;
}

static inline double ref_length(int k, const double *a)
{
    return sqrt(ref_dot(k, a, a));
}

static inline bool ref_has_dim(const kedge_ints *dims, int dim)
{
    for (int i = 0; i < dims->n; i++)
        if (dims->at[i] == dim) return true;
    return false;
}

/* C_ab of 'separate': cosines of e = z / (|z| + 1e-8). */
static inline double ref_cosine(int k, const double *a, const double *b)
{
    return ref_dot(k, a, b) / ((ref_length(k, a) + 1e-8) * (ref_length(k, b) + 1e-8));
}

static inline double ref_separate(const kedge_term_options *term, int n, int k, ref_rows z, int a)
{
    double sum = 0;
    for (int b = 0; b < n; b++) {
        double c = ref_cosine(k, z[a], z[b]);
        if (fabs(c - 1) <= 1e-8 + 1e-5) c = 0;
        sum += ref_power(term->shift ? (c + 1) / 2 : c, term->power);
    }
    return sum;
}

static inline double ref_squares(const kedge_term_options *term, int k, const double *z, bool inside)
{
    double sum = 0;
    for (int j = 0; j < k; j++)
        if (ref_has_dim(&term->dims, j) == inside) sum += z[j] * z[j];
    return sum;
}

static inline double ref_anchor(const kedge_term_options *term, int k, const double *z)
{
    double sum = 0;
    if (term->metric == KEDGE_METRIC_ANGULAR)
        return 1 - ref_dot(k, z, term->at.at) / (ref_length(k, z) * ref_length(k, term->at.at));
    for (int j = 0; j < k; j++) sum += (z[j] - term->at.at[j]) * (z[j] - term->at.at[j]);
    return sum;
}

static inline double ref_anti_anchor(const kedge_term_options *term, int k, const double *z)
{
    double cosine = ref_dot(k, z, term->at.at) / (ref_length(k, z) * ref_length(k, term->at.at));
    return term->form == KEDGE_FORM_FULL ? (cosine + 1) / 2 : fmax(0, cosine);
}

/* Over the n - 1 others: cos^power, or 1 / distance^2 without what is nearer than 1e-4. */
static inline double ref_pairs(const kedge_term_options *term, int n, int k, ref_rows z, int a, bool inverse)
{
    double sum = 0;
    for (int b = 0; b < n; b++) {
        double distance = 0;
        if (a == b) continue;
        for (int j = 0; j < k; j++) distance += (z[a][j] - z[b][j]) * (z[a][j] - z[b][j]);
        if (!inverse)
            sum += ref_power(ref_cosine(k, z[a], z[b]), term->power);
        else if (distance > 1e-8)
            sum += 1 / distance;
    }
    return n > 1 ? sum / (n - 1) : 0;
}

/* The loss of one sample. A kind that is not known here fails the test. */
static inline double ref_sample(const kedge_term_options *term, int n, int k, ref_rows z, int a)
{
    const char *kind = kedge_term_kinds[term->kind]->variant.name;
    if (strcmp(kind, "anchor") == 0) return ref_anchor(term, k, z[a]);
    if (strcmp(kind, "anti-anchor") == 0) return ref_anti_anchor(term, k, z[a]);
    if (strcmp(kind, "subspace") == 0) return ref_squares(term, k, z[a], false);
    if (strcmp(kind, "anti-subspace") == 0) return ref_squares(term, k, z[a], true);
    if (strcmp(kind, "unitarity") == 0) return pow(ref_length(k, z[a]) - 1, 2);
    if (strcmp(kind, "separate") == 0) return ref_separate(term, n, k, z, a);
    if (strcmp(kind, "separate-pairs") == 0) return ref_pairs(term, n, k, z, a, false);
    if (strcmp(kind, "separate-inverse") == 0) return ref_pairs(term, n, k, z, a, true);
    fail_msg("term kind '%s' has no meaning in reference.h", kind);
    return NAN;
}

/* The mean over samples, or over the labelled ones: labels [n], NULL for a term on all. */
static inline double ref_term(const kedge_term_options *term, int n, int k, ref_rows z, const double *labels)
{
    double sum = 0, weight = 0;
    for (int a = 0; a < n; a++) {
        double l = labels ? labels[a] : 1;
        if (l != 0) sum += l * ref_sample(term, n, k, z, a);
        weight += l;
    }
    return sum / (labels ? weight + 1e-8 : weight);
}

/* Columns to unit length. */
static inline void ref_normalize(int n, int k, ref_rows from, ref_rows to)
{
    for (int a = 0; a < n; a++) {
        double length = fmax(ref_length(k, from[a]), 1e-12);
        for (int j = 0; j < k; j++) to[a][j] = from[a][j] / length;
    }
}

/* ---- the autoencoder ---- */

typedef struct ref_tensor {
    char name[32];
    int rows, cols, count;
    int first;     /* its first number in params */
    size_t offset; /* and in the library's block */
} ref_tensor;

typedef struct ref_model {
    const kedge_model_options *options;
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
static inline double ref_task(const ref_model *model, const ref_pass *pass)
{
    double sum = 0;
    for (int a = 0; a < pass->n; a++)
        for (int j = 0; j < model->n_out; j++) sum += pow(pass->y[a][j] - pass->target[a][j], 2);
    return sum / (pass->n * model->n_out);
}

/* A term at its site, after ref_forward. */
static inline double ref_term_at_site(const ref_model *model, ref_pass *pass, const kedge_term_options *term,
                                      const double *labels)
{
    const kedge_ints *hidden = &model->options->hidden;
    int layer, k = (int)model->options->bottleneck;
    if (strcmp(term->site, "bottleneck") == 0) return ref_term(term, pass->n, k, pass->bottleneck, labels);
    if (strcmp(term->site, "pre-norm") == 0) return ref_term(term, pass->n, k, pass->pre_norm, labels);
    if (sscanf(term->site, "encoder.%d", &layer) == 1)
        return ref_term(term, pass->n, (int)hidden->at[layer], pass->hidden[0][layer], labels);
    if (sscanf(term->site, "decoder.%d", &layer) == 1)
        return ref_term(term, pass->n, (int)hidden->at[hidden->n - 1 - layer], pass->hidden[1][layer], labels);
    fail_msg("site '%s' is not known in reference.h", term->site);
    return NAN;
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
