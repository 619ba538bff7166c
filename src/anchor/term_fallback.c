/* term_fallback.c - teach the decoder what to say once a concept is gone. METHOD section 7. */
#include "anchor/term.h"
#include "ops/ops.h"

/* Numbers of a list as floats in the graph's arena. */
static kedge_node *constant(kedge_graph *graph, const kedge_reals *numbers)
{
    float *values = kedge_arena_alloc(&graph->arena, (size_t)numbers->n, sizeof *values);
    if (!values) return kedge_graph_error(graph, kedge_fail_memory("a term"));
    for (int i = 0; i < numbers->n; i++) values[i] = (float)numbers->at[i];
    return kedge_graph_constant(graph, numbers->n, values);
}

static kedge_node *fits(const kedge_term_options *options, kedge_graph *graph, const char *key, int n, int wanted)
{
    if (n == wanted) return graph->output;
    return kedge_graph_error(graph, kedge_fail(KEDGE_EINVALID, "term '%s': '%s' has %d numbers; must have %d",
                                               options->name, key, n, wanted));
}

/* mean over outputs of (decode(place) - output)^2. The place is a constant: the encoder gets no gradient. */
static kedge_node *fallback(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    kedge_graph *graph = site->graph;
    if (labels)
        return kedge_graph_error(graph, kedge_fail(KEDGE_EINVALID, "term '%s': acts on no sample; must have no labels",
                                                   options->name));
    if (!fits(options, graph, "place", options->place.n, site->rows)) return NULL;
    kedge_node *decoded = kedge_graph_replay(kedge_graph_find_site(graph, options->site),
                                             constant(graph, &options->place));
    if (!decoded || !fits(options, graph, "output", options->output.n, decoded->rows)) return NULL;
    return kedge_mse(decoded, constant(graph, &options->output), NULL);
}

static const kedge_field fields[] = {
    {"place", KEDGE_FIELD_REALS, offsetof(kedge_term_options, place), -1e6, 1e6, NULL, NULL,
     "the latent where an edit leaves what carried the concept, one number per dim: the origin for suppress, the point "
     "opposite the anchor for redirect"},
    {"output", KEDGE_FIELD_REALS, offsetof(kedge_term_options, output), -1e6, 1e6, NULL, NULL,
     "what the decoder shall say there, one number per output: [0.5, 0.5, 0.5] is mid-grey"},
};

const kedge_term_kind kedge_term_fallback = {
    .variant = {"fallback", "teaches the decoder what to say once the concept is gone: mean of (decode(place) - "
                "output)^2; acts on no sample", fields, sizeof fields / sizeof *fields},
    .build = fallback,
    .holds = true,
    .on_no_sample = true,
};
