/* objective.c - task and terms in one graph. */
#include "anchor/objective.h"

#include <string.h>

#include "ops/ops.h"

static int label_named(const char *name, int n_labels, const char *const *label_names)
{
    for (int i = 0; i < n_labels; i++)
        if (strcmp(label_names[i], name) == 0) return i;
    return -1;
}

/* The input row of a label, made when the first term asks for it. */
static kedge_node *label_row(kedge_objective *objective, int label, const char *name)
{
    if (!objective->label_rows[label]) objective->label_rows[label] = kedge_graph_input(objective->graph, name, 1);
    return objective->label_rows[label];
}

/* Where the sample weights of a term come from. */
static kedge_status connect_labels(kedge_objective *objective, kedge_objective_term *term,
                                   const kedge_term_options *options, const char *const *label_names)
{
    int n = options->labels.n;
    if (n == 0) return KEDGE_OK;
    kedge_arena *arena = &objective->graph->arena;
    int *labels = kedge_arena_alloc(arena, (size_t)n, sizeof *labels);
    float *affinities = kedge_arena_alloc(arena, (size_t)n, sizeof *affinities);
    if (!labels || !affinities) return kedge_fail_memory("the labels of a term");
    for (int i = 0; i < n; i++) {
        labels[i] = label_named(options->labels.names[i], objective->n_labels, label_names);
        affinities[i] = (float)options->labels.values[i];
        if (labels[i] < 0)
            return kedge_fail(KEDGE_EINVALID, "term '%s': unknown label '%s'", options->name, options->labels.names[i]);
        if (!label_row(objective, labels[i], label_names[labels[i]])) return objective->graph->status;
    }
    term->n_affinities = n;
    term->labels = labels;
    term->affinities = affinities;
    if (n == 1 && affinities[0] == 1 && !objective->samples) {
        term->label = labels[0];
        term->row = objective->label_rows[labels[0]];
    } else {
        term->row = kedge_graph_input(objective->graph, options->name, 1);
        if (!term->row) return objective->graph->status;
    }
    return KEDGE_OK;
}

kedge_status kedge_objective_build(kedge_objective *objective, kedge_node *output, kedge_node *target, int n_terms,
                                   const kedge_term_options *terms, int n_labels, const char *const *label_names,
                                   bool weighted)
{
    *objective = (kedge_objective){.n_terms = n_terms, .n_labels = n_labels};
    if (!output || !target) return KEDGE_OK; /* the graph holds the error */
    kedge_graph *graph = objective->graph = output->graph;
    objective->terms = kedge_arena_alloc(&graph->arena, (size_t)n_terms, sizeof *objective->terms);
    objective->label_rows = kedge_arena_alloc(&graph->arena, (size_t)n_labels, sizeof *objective->label_rows);
    objective->label_sums = kedge_arena_alloc(&graph->arena, (size_t)n_labels, sizeof *objective->label_sums);
    if (!objective->terms || !objective->label_rows || !objective->label_sums)
        return kedge_fail_memory("the objective");
    if (weighted) {
        objective->samples = kedge_graph_input(graph, "weights", 1);
        if (!objective->samples) return KEDGE_OK; /* likewise */
    }
    objective->task = kedge_graph_root(kedge_mse(output, target, objective->samples));
    for (int i = 0; i < n_terms; i++) {
        kedge_objective_term *term = &objective->terms[i];
        const kedge_term_kind *kind = kedge_term_kinds[terms[i].kind];
        *term = (kedge_objective_term){.name = terms[i].name, .label = -1, .capture = kind->capture};
        const kedge_site *site = kedge_graph_find_site(graph, terms[i].site);
        if (!site)
            return kedge_fail(KEDGE_EINVALID, "term '%s': unknown site '%s'", terms[i].name, terms[i].site);
        kedge_status status = connect_labels(objective, term, &terms[i], label_names);
        if (status) return status;
        kedge_node *row = term->row || kind->on_no_sample ? term->row : objective->samples;
        term->root = kedge_graph_root(kind->build(&terms[i], site->edited, row));
        if (term->root < 0) return KEDGE_OK; /* likewise */
    }
    return KEDGE_OK;
}

/* l_i = min(1, sum over labels of affinity x label), times the sample's weight; returns the sum over the batch. */
static float mix(const kedge_objective *objective, const kedge_objective_term *term, int n)
{
    float *row = term->row->val, sum = 0;
    memset(row, 0, (size_t)n * sizeof *row);
    for (int j = 0; j < term->n_affinities; j++) {
        const float *label = objective->label_rows[term->labels[j]]->val;
        for (int i = 0; i < n; i++) row[i] += term->affinities[j] * label[i];
    }
    for (int i = 0; i < n; i++) row[i] = row[i] < 1 ? row[i] : 1;
    if (objective->samples && !objective->samples->all_one)
        for (int i = 0; i < n; i++) row[i] *= objective->samples->val[i];
    for (int i = 0; i < n; i++) sum += row[i];
    return sum;
}

uint64_t kedge_objective_activate(kedge_objective *objective, int n, const double *weights, float *seeds)
{
    uint64_t active = (uint64_t)1 << objective->task;
    seeds[objective->task] = 1;
    for (int i = 0; i < objective->n_terms; i++) {
        const kedge_objective_term *term = &objective->terms[i];
        seeds[term->root] = (float)weights[i];
        if (weights[i] == 0 || (term->capture && !term->captured)) continue;
        if (term->row) {
            float sum = term->label >= 0 ? objective->label_sums[term->label] : mix(objective, term, n);
            if (sum == 0) continue;
        }
        active |= (uint64_t)1 << term->root;
    }
    return active;
}

void kedge_objective_clear(kedge_objective *objective)
{
    for (int i = 0; i < objective->n_terms; i++) objective->terms[i].captured = false;
}

void kedge_objective_capture(kedge_objective *objective, int term)
{
    kedge_objective_term *self = &objective->terms[term];
    if (!self->capture) return;
    kedge_graph_forward(objective->graph, 1, (uint64_t)1 << self->root); /* of the batch, which it does not need */
    self->capture(objective->graph->roots[self->root]);
    self->captured = true;
}

float kedge_objective_value(const kedge_objective *objective, int term, uint64_t active)
{
    int root = objective->terms[term].root;
    return active >> root & 1 ? objective->graph->roots[root]->val[0] : 0;
}
