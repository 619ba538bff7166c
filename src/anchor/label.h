/* label.h - labels: who is said to carry a concept, and how surely. METHOD section 2. */
#ifndef ANCHOR_LABEL_H
#define ANCHOR_LABEL_H

#include "data/dataset.h"

typedef enum kedge_label_mode {
    KEDGE_LABEL_STOCHASTIC, /* 1 with probability rate, drawn anew per sample and visit; else 0 */
    KEDGE_LABEL_SOFT,       /* the rate itself */
    KEDGE_LABEL_EXACT       /* 1 for exact carriers, else 0 */
} kedge_label_mode;

/* Their names in a recipe, ended by NULL. */
extern const char *const kedge_label_modes[];

typedef struct kedge_label_options {
    const char *name;
    kedge_formula rate;  /* in [0,1] at every point; with a concept one number */
    int mode;            /* kedge_label_mode */
    kedge_formula exact; /* not 0 for the points that carry the concept for certain; none: where the rate is
                          * largest, to 1e-9 of it; with a concept where that is largest, as noise does not change who
                          * carries it */
    kedge_formula among; /* 0 where no label is handed out, whatever the rate; exact carriers are among all points
                          * still. None: everywhere */
    /* Where 'concept' is given, its value c in [0,1] says how surely a point carries it, and
     *     rate (true_positive c^exponent + false_positive (1 - c^exponent))
     * how surely it is labelled. */
    kedge_formula concept;
    double exponent, true_positive, false_positive;
} kedge_label_options;

/* The keys of a label, 'name' apart: of one without a concept and of one with it. A label may also be written as the
 * rate alone. */
extern const kedge_field kedge_label_fields[], kedge_label_concept_fields[];
extern const int kedge_n_label_fields, kedge_n_label_concept_fields;

/* A label worked out for every point of a data set. */
typedef struct kedge_label {
    const char *name;
    int mode;
    const double *rate;        /* [points] */
    const float *soft;         /* [points]: the rate, or 1/0 for exact labels: what soft and exact modes hand out */
    const uint32_t *threshold; /* [points]: rate x 2^31, for stochastic draws */
    const bool *exact;         /* [points] */
    int n_exact;
} kedge_label;

/* Works out a label into 'arena'. Errors: a malformed formula, a rate or concept outside [0,1] (names the point; up to
 * 1e-12 is taken for rounding and clamped), a rate that varies beside a concept, a label that no point carries (all
 * rates 0, or none of those 'among'), an 'exact' that holds nowhere. 'options' is not kept. False after an error. */
bool kedge_label_make(kedge_label *label, const kedge_label_options *options, const kedge_dataset *dataset,
                      kedge_arena *arena, kedge_errors *errors);

/* The same label with a concept: one that has one, or whose rate is written 'A * NAME^B' (without A: 1, without B: 1;
 * NAME may be a call, as in similarity(red)). Texts are the options' or in 'arena'. False: it is written otherwise, or
 * without memory. */
bool kedge_label_by_concept(kedge_label_options *out, const kedge_label_options *options, kedge_arena *arena);

#endif
