/* evaluator.h - a model on a data set, as it is or with edits at its sites. */
#ifndef STEER_EVALUATOR_H
#define STEER_EVALUATOR_H

#include "data/dataset.h"
#include "nn/model.h"

/* A model's latents and outputs at the points of a data set; one evaluator works on any parameters of its shape, for
 * one thread at a time. */
typedef struct kedge_evaluator {
    kedge_context *ctx;
    const kedge_dataset *dataset;
    kedge_graph *graph;
    kedge_node *input, *latent, *output;
    int n_latents, n_outputs;
    float *latents; /* [points][n_latents], as the decoder sees them, after kedge_evaluator_run */
    float *outputs; /* [points][n_outputs], not clamped */
} kedge_evaluator;

/* For 'params' (declared and allocated), whose values are read at each run. The data set must outlive it. 'hook' may
 * insert edits at the sites (NULL: none), see kedge_graph_on_site. */
kedge_status kedge_evaluator_create(kedge_evaluator **out, kedge_context *ctx, const kedge_model_options *model,
                                    kedge_params *params, const kedge_dataset *dataset, kedge_site_hook hook,
                                    void *payload);
void kedge_evaluator_free(kedge_evaluator *evaluator);
/* All points through the model. No allocation. */
void kedge_evaluator_run(kedge_evaluator *evaluator);
/* The same for n rows of inputs [n][n_features]; latents [n][K] and outputs [n][n_outputs] may be NULL. */
void kedge_evaluator_apply(kedge_evaluator *evaluator, int n, const float *inputs, float *latents, float *outputs);

#endif
