/* edit_zero.c - sets dims of an activation to 0. METHOD section 6. */
#include "ops/ops.h"
#include "steer/edit.h"

static kedge_node *build(const kedge_edit_options *options, kedge_node *site)
{
    kedge_graph *graph = site->graph;
    if (options->dims.n == 0)
        return kedge_graph_error(graph, kedge_fail(KEDGE_EINVALID, "zero: 'dims' is empty; must name at least one"));
    float *m = kedge_arena_alloc(&graph->arena, (size_t)site->rows, sizeof *m);
    float *c = kedge_arena_alloc(&graph->arena, (size_t)site->rows, sizeof *c);
    if (!m || !c) return kedge_graph_error(graph, kedge_fail_memory("an edit"));
    for (int k = 0; k < site->rows; k++) m[k] = 1;
    for (int i = 0; i < options->dims.n; i++) {
        int64_t dim = options->dims.at[i];
        if (dim < 0 || dim >= site->rows)
            return kedge_graph_error(graph, kedge_fail(KEDGE_EINVALID, "zero: dim %lld; site '%s' has dims 0 to %d",
                                                       (long long)dim, options->site, site->rows - 1));
        m[dim] = 0;
    }
    return kedge_affine(site, m, c);
}

static const kedge_field fields[] = {
    {"dims", KEDGE_FIELD_INTS, offsetof(kedge_edit_options, dims), 0, 65535, NULL, NULL,
     "the dims of the site that are set to 0, counted from 0"},
};

const kedge_edit_kind kedge_edit_zero = {
    .variant = {"zero", "sets dims to 0; the others stay as they are", fields, sizeof fields / sizeof *fields},
    .build = build,
};
