/* surgery_walk.h - which weights make the dims of a site and which read them, found by walking the graph. */
#ifndef STEER_SURGERY_WALK_H
#define STEER_SURGERY_WALK_H

#include "core/graph.h"

/* Nodes of the graph, in order of execution; the lists lie in the arena given. */
typedef struct kedge_walk {
    const kedge_node *site;   /* the activation as the model made it */
    const kedge_node *source; /* the same dims before normalization and functions: what the walk back from the site
                               * reaches through operations of one operand */
    int n_producers, n_consumers;
    const kedge_node **producers; /* rows of operand 1 and entries of operand 2 make the dims */
    const kedge_node **consumers; /* columns of operand 1 read them */
} kedge_walk;

/* Follows the dims of a site through all operations that keep dims apart, back to what makes them and on to what reads
 * them: one dim is the same row all the way, so where several branches meet (a residual sum) all their producers and
 * consumers belong to it. Losses are passed over. The graph need not be planned; its first error is returned if it has
 * one. KEDGE_EINVALID: an unknown site; dims that come from an input, go out as an output or pass an operation that
 * mixes them or does not keep 0. KEDGE_ENOMEM. */
kedge_status kedge_walk_site(kedge_walk *out, const kedge_graph *graph, const char *site, kedge_arena *arena);

/* The source of a node as above. */
kedge_node *kedge_walk_source(kedge_node *node);

#endif
