/* surgery.h - changes of the weights that remove or move what a site's dims carry. METHOD section 7.
 *
 * The producers of a site are the weights whose rows make its dims, the consumers those whose columns read them; both
 * are found by walking the graph from the site, through operations that keep the dims apart (surgery_walk.h). What is
 * set or negated is the dim as its weights make it: before normalization and before the function between layers.
 */
#ifndef STEER_SURGERY_H
#define STEER_SURGERY_H

#include "base/arena.h"
#include "base/field.h"
#include "data/dataset.h"
#include "kedge/surgery.h"
#include "nn/model.h"

typedef struct kedge_surgery_options {
    int kind;          /* index into kedge_surgery_kinds */
    const char *site;
    kedge_ints dims;
    double gamma;      /* redirect: bias set to -gamma; 0: calibrated to the row's typical size */
    kedge_reals value; /* constant: one number per dim; empty: those that minimize the loss on the data */
} kedge_surgery_options;

typedef struct kedge_operation kedge_operation; /* surgery_parts.h */

typedef struct kedge_surgery_kind {
    kedge_variant variant;
    bool resizes; /* the model after it has other shapes (prune) */
    bool (*calibrates)(const kedge_surgery_options *options); /* looks at the data; NULL: never */
    kedge_status (*operate)(kedge_operation *operation);
} kedge_surgery_kind;

/* All kinds, ended by NULL: ablate, prune, redirect, reflect, constant. */
extern const kedge_surgery_kind *const kedge_surgery_kinds[];
extern const kedge_surgery_kind kedge_surgery_ablate, kedge_surgery_prune, kedge_surgery_redirect,
    kedge_surgery_reflect, kedge_surgery_constant;
int kedge_n_surgery_kinds(void);

/* The keys that every kind has: site, dims. */
extern const kedge_field kedge_surgery_fields[];
extern const int kedge_n_surgery_fields;

/* The model's options after surgery: the same but for prune. Texts and lists lie in 'arena'. KEDGE_EINVALID: an
 * unknown site or one without weights that make or read its dims; no dims, one out of range or named twice, a value
 * too few or too many; prune of all dims, or at a site whose width is no option of its own. KEDGE_ENOMEM. Takes no
 * memory for the parameters themselves, however many there are. */
kedge_status kedge_surgery_shape(const kedge_surgery_options *options, const kedge_model_options *before,
                                 kedge_model_options *after, kedge_arena *arena);
/* From the parameters 'before' to 'after' (declared and allocated in the shape above; the same object where shapes do
 * not change). The data calibrate redirect and constant; without a report nothing else looks at them. report [dims] may
 * be NULL. After an error 'after' holds anything. KEDGE_EINVALID as above, and redirect without gamma of a dim that is
 * 0 on all data; KEDGE_ENUMERIC: what had to be measured is not finite; KEDGE_ENOMEM. */
kedge_status kedge_surgery_apply(kedge_context *ctx, const kedge_surgery_options *options,
                                 const kedge_model_options *model, kedge_params *before, kedge_params *after,
                                 const kedge_dataset *dataset, kedge_surgery_report *report);

#endif
