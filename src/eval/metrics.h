/* metrics.h - what is measured of a trained model, and of it under each plan: the one list. */
#ifndef EVAL_METRICS_H
#define EVAL_METRICS_H

#include "anchor/label.h"
#include "anchor/term.h"
#include "eval/target.h"
#include "steer/evaluator.h"

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
