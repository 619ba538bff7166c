/* objective.h - what is minimized: L = task + sum over terms of weight x T (METHOD section 3), each reported. */
#ifndef ANCHOR_OBJECTIVE_H
#define ANCHOR_OBJECTIVE_H

#include "anchor/label.h"
#include "anchor/term.h"

typedef struct kedge_objective_term {
    const char *name;
    int root;         /* its number among the graph's roots */
    kedge_node *row;  /* (1,N): weight of each sample; NULL: acts on all alike */
    int label;        /* the one label that 'row' is; -1 where it is mixed: of several, or with the samples' weights */
    int n_affinities;
    const int *labels; /* [n_affinities] */
    const float *affinities;
    void (*capture)(kedge_node *loss); /* its kind's; NULL: it does not wait for a capture */
    bool captured;                     /* since kedge_objective_clear */
} kedge_objective_term;

typedef struct kedge_objective {
    kedge_graph *graph;
    int task; /* root of the reconstruction loss */
    int n_terms, n_labels;
    kedge_objective_term *terms;
    kedge_node **label_rows; /* [n_labels] inputs (1,N); the trainer fills them. NULL: no term uses the label */
    float *label_sums;       /* [n_labels] sum over the batch, set beside the rows */
    kedge_node *samples;     /* (1,N) input, how much each sample counts; the trainer fills it, with 0 past the
                              * batch, or sets its all_one. NULL: all alike */
} kedge_objective;

/* Adds the mean squared error of 'output' against 'target' and all terms to their graph, as roots. Terms find
 * their sites by name; labels their numbers in label_names. Everything lies in the graph's arena. 'weighted': samples
 * may count differently. Then with l the row 'samples' a mean over samples is sum_i l_i a_i / (sum_i l_i + 1e-8), and
 * labels l_i' are l_i l_i'; in 'separate' it is the mean over samples that l weighs, not the sum over the others. */
kedge_status kedge_objective_build(kedge_objective *objective, kedge_node *output, kedge_node *target, int n_terms,
                                   const kedge_term_options *terms, int n_labels, const char *const *label_names,
                                   bool weighted);

/* After the label rows are filled: mixes rows where needed, and says as bits which roots matter in this step: the
 * task, and the terms with a weight other than 0 that act on at least one sample or have captured what they wait for.
 * weights [n_terms]; seeds [roots] gets what backward wants. */
uint64_t kedge_objective_activate(kedge_objective *objective, int n, const double *weights, float *seeds);

/* Forgets what was captured: a run begins. */
void kedge_objective_clear(kedge_objective *objective);
/* Captures for term i what it will compare with from now on, with the parameters as they are; nothing for a term that
 * does not wait for that. Between passes; no allocation. */
void kedge_objective_capture(kedge_objective *objective, int term);

/* Value of term i after forward; 0 where it was not active. */
float kedge_objective_value(const kedge_objective *objective, int term, uint64_t active);

#endif
