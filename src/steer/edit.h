/* edit.h - edits of an activation while the model runs: the kinds, their options, and how each becomes a part of the
 * graph. METHOD section 6. */
#ifndef STEER_EDIT_H
#define STEER_EDIT_H

#include "base/field.h"
#include "core/graph.h"

enum { KEDGE_MAP_LINEAR, KEDGE_MAP_BEZIER }; /* repel */

/* v is the direction at unit length, z a column of the site, alpha = max(0, cos(z, v)): for a site of unit columns
 * z.v itself, also after an edit that changed their lengths. Ranges are those of the field tables. */
typedef struct kedge_edit_options {
    int kind;              /* index into kedge_edit_kinds */
    const char *site;      /* "bottleneck", "pre-norm", ... */
    kedge_reals direction; /* suppress, repel, add: one number per dim of the site, of any length but 0 */
    double from, to;       /* degrees: suppress and repel begin below 'from'; repel ends at 'to' */
    double strength;       /* suppress: b, the share removed at alpha = 1; add: the length added */
    double power;          /* suppress: p */
    int map;               /* repel */
    kedge_ints dims;       /* zero */
} kedge_edit_options;

/* One kind of edit. 'build' adds its nodes on top of 'site' (K,N) and returns what the rest of the model shall see.
 * NULL after an error (kept in the graph). */
typedef struct kedge_edit_kind {
    kedge_variant variant; /* name, one sentence, its own keys */
    kedge_node *(*build)(const kedge_edit_options *options, kedge_node *site);
} kedge_edit_kind;

/* All kinds, ended by NULL: suppress, repel, zero, add. */
extern const kedge_edit_kind *const kedge_edit_kinds[];
extern const kedge_edit_kind kedge_edit_suppress, kedge_edit_repel, kedge_edit_zero, kedge_edit_add;
int kedge_n_edit_kinds(void);

/* The keys that every kind has: site. */
extern const kedge_field kedge_edit_fields[];
extern const int kedge_n_edit_fields;

/* h(alpha) of suppress in [0, strength]: 0 up to cos(from), then strength ((alpha - a)/(1 - a))^power; and m(alpha) of
 * repel, both in double as METHOD section 6 has them. For certificates, figures and tests. */
double kedge_suppress_share(const kedge_edit_options *options, double alpha);
double kedge_repel_map(const kedge_edit_options *options, double alpha);

#endif
