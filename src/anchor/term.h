/* term.h - selective regularizers: the kinds, their options, and how each becomes a part of the graph. */
#ifndef ANCHOR_TERM_H
#define ANCHOR_TERM_H

#include "base/field.h"
#include "core/graph.h"

enum { KEDGE_METRIC_ANGULAR, KEDGE_METRIC_EUCLIDEAN };  /* anchor */
enum { KEDGE_FORM_HEMISPHERIC, KEDGE_FORM_FULL };       /* anti-anchor */

/* Points of a data set as the model takes them. */
typedef struct kedge_reference {
    int n, n_features;
    const float *features; /* [n_features][n] */
} kedge_reference;
enum { KEDGE_REFERENCE_POINTS = 256 }; /* at most so many */

typedef struct kedge_term_options {
    const char *name; /* the user's: also its schedule column */
    int kind;         /* index into kedge_term_kinds */
    const char *site; /* where it acts: "bottleneck", "pre-norm", ... */
    kedge_weights labels; /* label: affinity; none: acts on every sample */
    double scale;     /* factor on its weight in the schedule; 0: as if the term were not there */
    int metric;       /* anchor */
    int form;         /* anti-anchor */
    kedge_reals at;   /* anchor, anti-anchor: the point, one number per latent dim */
    kedge_ints dims;  /* subspace: the dims kept; anti-subspace: the dims emptied */
    int64_t power;    /* separate, separate-pairs */
    bool shift;       /* separate */
    kedge_reals place;  /* fallback: the latent that is decoded, one number per dim */
    kedge_reals output; /* fallback: what it shall decode to, one number per output */
    kedge_formula of;   /* captured-anchor: not 0 for the reference points */
    kedge_reference reference; /* captured-anchor: those points, by whoever knows the data set */
} kedge_term_options;

/* One kind of term. 'build' adds the nodes of the term to the graph of 'site' (K,N) and returns its scalar;
 * labels (1,N) is the weight of each sample, NULL for a term on all. NULL after an error (kept in the graph). */
typedef struct kedge_term_kind {
    kedge_variant variant; /* name, one sentence, its own keys */
    kedge_node *(*build)(const kedge_term_options *options, kedge_node *site, kedge_node *labels);
    bool holds;        /* it keeps something at a place, or off one, that may leave once the term ends; else it
                        * shapes the whole space */
    bool on_no_sample; /* of the batch: it has no labels, and what the samples count does not concern it */
    /* Of a kind that compares with what was captured before, else NULL: captures what a forward pass has just worked
     * out for the loss that 'build' returned. */
    void (*capture)(kedge_node *loss);
} kedge_term_kind;

/* All kinds, ended by NULL: anchor, anti-anchor, subspace, anti-subspace, unitarity, separate, separate-pairs,
 * separate-inverse, captured-anchor (METHOD section 3), fallback (section 7). */
extern const kedge_term_kind *const kedge_term_kinds[];
extern const kedge_term_kind kedge_term_anchor, kedge_term_anti_anchor, kedge_term_subspace, kedge_term_anti_subspace,
    kedge_term_unitarity, kedge_term_separate, kedge_term_separate_pairs, kedge_term_separate_inverse,
    kedge_term_captured_anchor, kedge_term_fallback;
int kedge_n_term_kinds(void);

/* The keys that every kind has: site, labels. */
extern const kedge_field kedge_term_fields[];
extern const int kedge_n_term_fields;

#endif
