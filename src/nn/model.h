/* model.h - models: from options to parameters and a graph with named sites. */
#ifndef NN_MODEL_H
#define NN_MODEL_H

#include "base/field.h"
#include "core/graph.h"
#include "nn/params.h"

enum { KEDGE_MODEL_AUTOENCODER };
enum { KEDGE_ACTIVATION_GELU, KEDGE_ACTIVATION_RELU, KEDGE_ACTIVATION_TANH, KEDGE_ACTIVATION_SIGMOID };
enum { KEDGE_OUTPUT_LINEAR, KEDGE_OUTPUT_SIGMOID };

typedef struct kedge_model_options {
    int kind;
    kedge_ints hidden;  /* widths of the encoder's hidden layers; the decoder mirrors them. May be empty */
    int64_t bottleneck; /* latent width K */
    bool normalize;     /* latents to unit length: site pre-norm before, bottleneck after */
    int activation;     /* between layers */
    int output;         /* after the last layer */
} kedge_model_options;

extern const kedge_variant kedge_model_variants[1];

/* The sites of a model: "pre-norm" (the bottleneck before normalization; the same node without it) and
 * "bottleneck"; "encoder.0", ... and "decoder.0", ... are the activations after each hidden layer. */

/* Names and shapes of all parameters: encoder.0.weight [h,in], encoder.0.bias, encoder.2.weight, ... (numbered as
 * torch.nn.Sequential counts linear and activation modules), decoder.0.weight, ... */
kedge_status kedge_model_declare(const kedge_model_options *options, int n_inputs, int n_outputs,
                                 kedge_params *params);

/* The option that alone says how wide a site is, in these options; NULL: an unknown site, or one whose width stands for
 * other sites too. */
int64_t *kedge_model_width(kedge_model_options *options, const char *site);

/* Adds the model to the graph on top of input (n_inputs,N), with the declared parameters; returns its output
 * (n_outputs,N), which is kept. Before they are allocated the graph has shapes and no numbers: it can be walked, not
 * run. NULL after an error. */
kedge_node *kedge_model_build(const kedge_model_options *options, kedge_params *params, kedge_node *input);

#endif
