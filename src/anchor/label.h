/* label.h - labels: who is said to carry a concept, and how surely. METHOD section 2. */
#ifndef ANCHOR_LABEL_H
#define ANCHOR_LABEL_H

#include "data/dataset.h"

typedef enum kedge_label_mode {
    KEDGE_LABEL_STOCHASTIC, /* 1 with probability rate, drawn anew per sample and visit; else 0 */
    KEDGE_LABEL_SOFT,       /* the rate itself */
    KEDGE_LABEL_EXACT       /* 1 for exact carriers, else 0 */
} kedge_label_mode;

typedef struct kedge_label_options {
    const char *name;
    kedge_formula rate;  /* in [0,1] at every point */
    int mode;            /* kedge_label_mode */
    kedge_formula exact; /* not 0 for the points that carry the concept for certain; none: where the rate is
                          * largest, to 1e-9 of it */
} kedge_label_options;

/* The keys of a label, 'name' apart. A label may also be written as the rate alone. */
extern const kedge_field kedge_label_fields[];
extern const int kedge_n_label_fields;

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

/* Works out a label into 'arena'. Errors: a malformed formula, a rate outside [0,1] (names the point; up to
 * 1e-12 is taken for rounding and clamped), a label that no point carries (all rates 0), an 'exact' that holds
 * nowhere. 'options' is not kept. False after an error. */
bool kedge_label_make(kedge_label *label, const kedge_label_options *options, const kedge_dataset *dataset,
                      kedge_arena *arena, kedge_errors *errors);

#endif
