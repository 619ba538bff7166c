/* concept.h - what a term is about: which points carry its labels for certain, and what it asks of the latent
 * space. */
#ifndef EVAL_CONCEPT_H
#define EVAL_CONCEPT_H

#include "anchor/label.h"
#include "anchor/term.h"
#include "base/arena.h"
#include "steer/evaluator.h"

/* The points that carry one of a term's labels for certain, in order. */
typedef struct kedge_carriers {
    int n;
    const int *points;
} kedge_carriers;

/* Lists them into 'arena'; 'labels' are worked out on 'dataset'; those
 * without a name are passed over. None for a term without labels. KEDGE_ENOMEM. */
kedge_status kedge_carriers_find(kedge_carriers *carriers, kedge_arena *arena, const kedge_dataset *dataset,
                                 const kedge_term_options *term, int n_labels, const kedge_label *labels);

/* Whether the term is a labelled anchor, or subspace, of the latents: its site is the bottleneck, or for an anchor
 * by angle the site before the norm. */
bool kedge_term_is_anchor(const kedge_term_options *term, const kedge_graph *graph);
bool kedge_term_is_subspace(const kedge_term_options *term, const kedge_graph *graph);
/* Whether it asks for a plane of hues: a subspace of the latents that keeps dims 0 and 1, and no others. */
bool kedge_term_is_plane(const kedge_term_options *term, const kedge_graph *graph);

/* cos(z, at) of a latent vector z[k]; NAN at the origin. */
double kedge_anchor_cosine(const kedge_term_options *term, const float *z, int k);
/* Sum of z^2 over the dims that the subspace does not keep. */
double kedge_subspace_outside(const kedge_term_options *term, const float *z, int k);

#endif
