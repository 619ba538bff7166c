/* evaluate.h - a model on a test set, and what is measured there. */
#ifndef EVAL_EVALUATE_H
#define EVAL_EVALUATE_H

#include "anchor/label.h"
#include "anchor/term.h"
#include "nn/model.h"

/* A model's latents and outputs; one evaluator works on any parameters of its shape, for one thread at a time. */
typedef struct kedge_evaluator {
    kedge_context *ctx;
    const kedge_dataset *dataset;
    kedge_graph *graph;
    kedge_node *input, *latent, *output;
    int n_latents, n_outputs;
    float *latents; /* [points][n_latents], after kedge_evaluator_run */
    float *outputs; /* [points][n_outputs], not clamped */
} kedge_evaluator;

/* For 'params' (declared and allocated), whose values are read at each run. The data set must outlive it. */
kedge_status kedge_evaluator_create(kedge_evaluator **out, kedge_context *ctx, const kedge_model_options *model,
                                    kedge_params *params, const kedge_dataset *dataset);
void kedge_evaluator_free(kedge_evaluator *evaluator);
/* All points through the model. No allocation. */
void kedge_evaluator_run(kedge_evaluator *evaluator);
/* The same for n rows of inputs [n][n_features]; latents [n][K] and outputs [n][n_outputs] may be NULL. */
void kedge_evaluator_apply(kedge_evaluator *evaluator, int n, const float *inputs, float *latents, float *outputs);

/* What metrics may look at. */
typedef struct kedge_metric_input {
    kedge_evaluator *evaluator; /* of the points that are learned; run */
    kedge_evaluator *test;      /* of those that reconstruction is measured on; run. May be the same */
    int n_labels;
    const kedge_label *labels; /* on the first one's data set */
    int n_terms;
    const kedge_term_options *terms;
} kedge_metric_input;

/* One number, or one per term. */
typedef struct kedge_metric {
    const char *name; /* a column; 'anchor_' and the like are followed by the term's name */
    const char *doc;
    bool per_term;
    bool (*applies)(const kedge_metric_input *input, int term);
    double (*measure)(const kedge_metric_input *input, int term); /* NAN: undefined here */
} kedge_metric;

/* All metrics, ended by an entry without name. */
extern const kedge_metric kedge_metrics[];

/* The columns of a summary for this input, in order: calls 'column' with each name and value. */
void kedge_measure(const kedge_metric_input *input,
                   void (*column)(const char *metric, const char *term, double value, void *payload), void *payload);

#endif
