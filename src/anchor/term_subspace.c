/* term_subspace.c - keep labelled samples inside some dims, or out of them; keep lengths at 1. METHOD section 3. */
#include "anchor/term.h"
#include "ops/ops.h"

/* Mean of the sum of z_k^2 over the dims that are named (inside) or over all others. */
static kedge_node *squares(const kedge_term_options *options, kedge_node *site, kedge_node *labels, bool inside)
{
    kedge_graph *graph = site->graph;
    float *p = kedge_arena_alloc(&graph->arena, (size_t)site->rows, sizeof *p);
    float *m = kedge_arena_alloc(&graph->arena, (size_t)site->rows, sizeof *m);
    if (!p || !m) return kedge_graph_error(graph, kedge_fail_memory("a term"));
    for (int k = 0; k < site->rows; k++) m[k] = inside ? 0 : 1;
    for (int i = 0; i < options->dims.n; i++) {
        int64_t dim = options->dims.at[i];
        if (dim < 0 || dim >= site->rows)
            return kedge_graph_error(graph, kedge_fail(KEDGE_EINVALID,
                "term '%s': dim %lld; site '%s' has dims 0 to %d",
                                                       options->name, (long long)dim, options->site, site->rows - 1));
        m[dim] = inside ? 1 : 0;
    }
    return kedge_mean(kedge_distance(site, p, m), labels);
}

static kedge_node *subspace(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    return squares(options, site, labels, false);
}

static kedge_node *anti_subspace(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    return squares(options, site, labels, true);
}

static kedge_node *unitarity(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    (void)options;
    return kedge_mean(kedge_norm_deviation(site), labels);
}

static const kedge_field subspace_fields[] = {
    {"dims", KEDGE_FIELD_INTS, offsetof(kedge_term_options, dims), 0, 65535, NULL, NULL,
     "the dims that samples may use: the squares of all others are the loss"},
};

static const kedge_field anti_subspace_fields[] = {
    {"dims", KEDGE_FIELD_INTS, offsetof(kedge_term_options, dims), 0, 65535, NULL, NULL,
     "the dims that samples shall leave: their squares are the loss"},
};

const kedge_term_kind kedge_term_subspace = {
    .variant = {"subspace", "keeps labelled samples inside some dims: the sum of z^2 over the others",
        subspace_fields, 1},
    .build = subspace,
    .holds = true,
};
const kedge_term_kind kedge_term_anti_subspace = {
    .variant = {"anti-subspace", "keeps samples out of some dims: the sum of z^2 over them", anti_subspace_fields, 1},
    .build = anti_subspace,
    .holds = true,
};
const kedge_term_kind kedge_term_unitarity = {
    .variant = {"unitarity", "keeps latents at unit length: (|z| - 1)^2, usually at a model without normalize", NULL,
        0},
    .build = unitarity,
};
