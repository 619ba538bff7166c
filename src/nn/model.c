/* model.c - the autoencoder: tables, parameters, graph. METHOD section 5. */
#include "nn/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ops/ops.h"

static const char *const activations[] = {"gelu", "relu", "tanh", "sigmoid", NULL};
static const char *const outputs[] = {"linear", "sigmoid", NULL};

static const kedge_field autoencoder_fields[] = {
    {"hidden", KEDGE_FIELD_INTS, offsetof(kedge_model_options, hidden), 1, 65536, NULL, "[16]",
     "widths of the encoder's hidden layers, in order; the decoder mirrors them; may be empty"},
    {"bottleneck", KEDGE_FIELD_INT, offsetof(kedge_model_options, bottleneck), 1, 4096, NULL, NULL,
     "number of latent dims"},
    {"normalize", KEDGE_FIELD_BOOL, offsetof(kedge_model_options, normalize), 0, 0, NULL, "true",
     "scale every latent vector to unit length"},
    {"activation", KEDGE_FIELD_CHOICE, offsetof(kedge_model_options, activation), 0, 0, activations, "gelu",
     "function between layers; gelu is the exact one"},
    {"output", KEDGE_FIELD_CHOICE, offsetof(kedge_model_options, output), 0, 0, outputs, "linear",
     "function after the last layer"},
};

const kedge_variant kedge_model_variants[1] = {
    {"autoencoder", "features through a bottleneck to targets: linear layers with an activation between them",
     autoencoder_fields, sizeof autoencoder_fields / sizeof *autoencoder_fields},
};

/* Widths of one half's layers: inputs, hidden ones, outputs. The decoder's hidden widths are the encoder's reversed. */
static int width(const kedge_model_options *options, bool decoder, int i, int first, int last)
{
    int n = options->hidden.n;
    if (i == 0) return first;
    if (i == n + 1) return last;
    return (int)options->hidden.at[decoder ? n - i : i - 1];
}

static kedge_status declare_half(const kedge_model_options *options, bool decoder, int first, int last,
                                 kedge_params *params)
{
    for (int i = 0; i <= options->hidden.n; i++) {
        char name[64];
        int in = width(options, decoder, i, first, last), out = width(options, decoder, i + 1, first, last);
        float bound = (float)(1 / sqrt((double)in));
        snprintf(name, sizeof name, "%s.%d.weight", decoder ? "decoder" : "encoder", 2 * i);
        kedge_status status = kedge_params_add(params, name, out, in, bound);
        if (status) return status;
        snprintf(name, sizeof name, "%s.%d.bias", decoder ? "decoder" : "encoder", 2 * i);
        status = kedge_params_add(params, name, out, 0, bound);
        if (status) return status;
    }
    return KEDGE_OK;
}

kedge_status kedge_model_declare(const kedge_model_options *options, int n_inputs, int n_outputs,
                                 kedge_params *params)
{
    int k = (int)options->bottleneck;
    kedge_status status = declare_half(options, false, n_inputs, k, params);
    return status ? status : declare_half(options, true, k, n_outputs, params);
}

int64_t *kedge_model_width(kedge_model_options *options, const char *site)
{
    bool latent = strcmp(site, "bottleneck") == 0 || strcmp(site, "pre-norm") == 0;
    return latent ? &options->bottleneck : NULL;
}

static kedge_node *activate(int activation, kedge_node *x)
{
    switch (activation) {
    case KEDGE_ACTIVATION_RELU: return kedge_relu(x);
    case KEDGE_ACTIVATION_TANH: return kedge_tanh(x);
    case KEDGE_ACTIVATION_SIGMOID: return kedge_sigmoid(x);
    default: return kedge_gelu(x);
    }
}

static kedge_node *leaf(kedge_graph *graph, kedge_params *params, int i)
{
    const kedge_param *param = &params->list[i];
    bool there = params->values != NULL;
    return kedge_graph_param(graph, param->name, param->rows, param->cols > 0 ? param->cols : 1,
                             there ? params->values + param->offset : NULL,
                             params->gradients ? params->gradients + param->offset : NULL);
}

/* The layers of one half on top of x, its parameters being list[from], list[from + 1], ... */
static kedge_node *build_half(const kedge_model_options *options, bool decoder, kedge_params *params, int from,
                              kedge_node *x)
{
    for (int i = 0; i <= options->hidden.n && x; i++) {
        kedge_node *w = leaf(x->graph, params, from + 2 * i), *b = leaf(x->graph, params, from + 2 * i + 1);
        x = kedge_linear(x, w, b);
        if (i == options->hidden.n) break;
        char site[64];
        snprintf(site, sizeof site, "%s.%d", decoder ? "decoder" : "encoder", i);
        x = kedge_graph_site(activate(options->activation, x), site);
    }
    return x;
}

kedge_node *kedge_model_build(const kedge_model_options *options, kedge_params *params, kedge_node *input)
{
    int half = 2 * (options->hidden.n + 1);
    kedge_graph_entry(input);
    kedge_node *z = kedge_graph_site(build_half(options, false, params, 0, input), "pre-norm");
    if (options->normalize) z = kedge_l2norm(z);
    z = kedge_graph_site(z, "bottleneck");
    kedge_node *y = build_half(options, true, params, half, z);
    if (options->output == KEDGE_OUTPUT_SIGMOID) y = kedge_sigmoid(y);
    kedge_graph_output(y);
    return y;
}
