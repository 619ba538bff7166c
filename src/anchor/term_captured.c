/* term_captured.c - keep some points of the data where they were when an action captured them. METHOD section 3. */
#include <string.h>

#include "anchor/term.h"
#include "ops/ops.h"

static kedge_node *refuse(const kedge_term_options *options, kedge_graph *graph, const char *why)
{
    return kedge_graph_error(graph, kedge_fail(KEDGE_EINVALID, "term '%s': %s", options->name, why));
}

/* mean over the reference points of |z - captured z|^2. The points go through the encoder on their own, beside the
 * batch: so they are all there in every step, and what pulls them moves the encoder. */
static kedge_node *captured_anchor(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    kedge_graph *graph = site->graph;
    const kedge_reference *reference = &options->reference;
    if (labels) return refuse(options, graph, "acts on no sample; must have no labels");
    if (reference->n < 1) return refuse(options, graph, "has no reference points; must have at least one");
    if (!graph->input || graph->input->rows != reference->n_features)
        return refuse(options, graph, "its reference points are not what the model takes");
    kedge_node *points = kedge_graph_points(graph, reference->n_features, reference->n, reference->features);
    kedge_node *now = kedge_graph_replay_to(kedge_graph_find_site(graph, options->site), points);
    kedge_graph_keep(now); /* for 'capture' */
    return kedge_mean_distance(now, kedge_graph_points(graph, site->rows, reference->n, NULL));
}

static void capture(kedge_node *loss)
{
    const kedge_node *now = loss->in[0];
    kedge_node *captured = loss->in[1];
    memcpy(captured->val, now->val, (size_t)now->rows * (size_t)now->ld * sizeof *now->val);
}

static const kedge_field fields[] = {
    {"of", KEDGE_FIELD_FORMULA, offsetof(kedge_term_options, of), 0, 0, NULL, NULL,
     "the reference points, at most 256: those of data where this formula is not 0"},
};

const kedge_term_kind kedge_term_captured_anchor = {
    .variant = {"captured-anchor", "keeps reference points where the action 'anchor' captured them: mean of |z - "
                "captured z|^2; acts on no sample", fields, sizeof fields / sizeof *fields},
    .build = captured_anchor,
    .holds = true,
    .on_no_sample = true,
    .capture = capture,
};
