/* edit_add.c - adds a vector to an activation. METHOD section 6. */
#include "ops/ops.h"
#include "steer/edit_direction.h"

static kedge_node *build(const kedge_edit_options *options, kedge_node *site)
{
    const double *v = kedge_edit_direction(options, site);
    if (!v) return NULL;
    kedge_graph *graph = site->graph;
    float *m = kedge_arena_alloc(&graph->arena, (size_t)site->rows, sizeof *m);
    float *c = kedge_arena_alloc(&graph->arena, (size_t)site->rows, sizeof *c);
    if (!m || !c) return kedge_graph_error(graph, kedge_fail_memory("an edit"));
    for (int k = 0; k < site->rows; k++) {
        m[k] = 1;
        c[k] = (float)(options->strength * v[k]);
    }
    return kedge_affine(site, m, c);
}

static const kedge_field fields[] = {
    {"direction", KEDGE_FIELD_REALS, offsetof(kedge_edit_options, direction), 0, 0, NULL, NULL,
     "what is added: one number per dim of the site; its length does not matter, but is not 0"},
    {"strength", KEDGE_FIELD_REAL, offsetof(kedge_edit_options, strength), -1000, 1000, NULL, "1",
     "the length that is added; below 0 the direction is turned round"},
};

const kedge_edit_kind kedge_edit_add = {
    .variant = {"add", "adds a vector of a given direction and length", fields, sizeof fields / sizeof *fields},
    .build = build,
};
