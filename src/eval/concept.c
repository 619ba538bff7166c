/* concept.c - what a term is about. */
#include "eval/concept.h"

#include <math.h>
#include <string.h>

static bool carries(const kedge_term_options *term, int n_labels, const kedge_label *labels, int point)
{
    for (int a = 0; a < term->labels.n; a++)
        for (int l = 0; l < n_labels; l++)
            if (labels[l].name && labels[l].exact[point] && term->labels.values[a] > 0 &&
                strcmp(labels[l].name, term->labels.names[a]) == 0)
                return true;
    return false;
}

kedge_status kedge_carriers_find(kedge_carriers *carriers, kedge_arena *arena, const kedge_dataset *dataset,
                                 const kedge_term_options *term, int n_labels, const kedge_label *labels)
{
    int n = 0;
    for (int i = 0; i < dataset->points; i++) n += carries(term, n_labels, labels, i);
    int *points = kedge_arena_alloc(arena, (size_t)n, sizeof *points);
    if (!points) return kedge_fail_memory("the carriers of a label");
    *carriers = (kedge_carriers){n, points};
    for (int i = 0, at = 0; at < n; i++)
        if (carries(term, n_labels, labels, i)) points[at++] = i;
    return KEDGE_OK;
}

/* The bottleneck, be it under the name of pre-norm; an angle is the same before the norm. */
static bool acts_on_latents(const kedge_term_options *term, const kedge_graph *graph)
{
    const kedge_site *site = kedge_graph_find_site(graph, term->site);
    const kedge_site *latent = kedge_graph_find_site(graph, "bottleneck");
    bool angle = term->metric == KEDGE_METRIC_ANGULAR && term->at.n > 0 && strcmp(term->site, "pre-norm") == 0;
    return site && latent && (site->node == latent->node || angle);
}

static bool is_kind(const kedge_term_options *term, const char *kind)
{
    return strcmp(kedge_term_kinds[term->kind]->variant.name, kind) == 0;
}

bool kedge_term_is_anchor(const kedge_term_options *term, const kedge_graph *graph)
{
    double squares = 0; /* a euclidean anchor may stand at the origin, to which there is no angle */
    for (int i = 0; i < term->at.n; i++) squares += term->at.at[i] * term->at.at[i];
    return is_kind(term, "anchor") && squares > 0 && term->labels.n > 0 && acts_on_latents(term, graph);
}

bool kedge_term_is_subspace(const kedge_term_options *term, const kedge_graph *graph)
{
    return is_kind(term, "subspace") && term->labels.n > 0 && acts_on_latents(term, graph);
}

bool kedge_term_is_plane(const kedge_term_options *term, const kedge_graph *graph)
{
    const kedge_ints *dims = &term->dims;
    return is_kind(term, "subspace") && dims->n == 2 && dims->at[0] + dims->at[1] == 1 && acts_on_latents(term, graph);
}

double kedge_anchor_cosine(const kedge_term_options *term, const float *z, int k)
{
    double dot = 0, zz = 0, pp = 0;
    for (int j = 0; j < k; j++) {
        double p = term->at.at[j], x = (double)z[j];
        dot += p * x, zz += x * x, pp += p * p;
    }
    return zz > 0 ? dot / sqrt(zz * pp) : NAN;
}

double kedge_subspace_outside(const kedge_term_options *term, const float *z, int k)
{
    double sum = 0;
    for (int j = 0; j < k; j++) {
        bool kept = false;
        for (int d = 0; d < term->dims.n; d++) kept |= term->dims.at[d] == j;
        if (!kept) sum += (double)z[j] * (double)z[j];
    }
    return sum;
}
