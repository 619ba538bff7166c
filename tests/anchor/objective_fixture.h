/* objective_fixture.h - an autoencoder with an objective on top, and the same in double. */
#ifndef ANCHOR_OBJECTIVE_FIXTURE_H
#define ANCHOR_OBJECTIVE_FIXTURE_H

#include "reference.h"

#include "anchor/objective.h"

enum { LABELS = 3 };
static const char *const label_names[LABELS] = {"red", "vibrant", "dark"};

/* What is to be built. */
typedef struct recipe {
    kedge_model_options model;
    int n_in, n_out, n_terms;
    const kedge_term_options *terms;
    const double *weights; /* [n_terms] */
    bool weighted;         /* samples may count differently */
} recipe;

typedef struct built {
    kedge_params params;
    kedge_graph *graph;
    kedge_node *input, *target, *output;
    kedge_objective objective;
    kedge_status status; /* of building; the rest is usable if it is KEDGE_OK */
} built;

static inline int kind_named(const char *name)
{
    for (int i = 0; kedge_term_kinds[i]; i++)
        if (strcmp(kedge_term_kinds[i]->variant.name, name) == 0) return i;
    fail_msg("no term kind '%s'", name);
    return -1;
}

static inline void build(built *b, kedge_context *ctx, const recipe *r, int batch, uint64_t seed)
{
    *b = (built){0};
    kedge_params_init(&b->params, ctx);
    assert_int_equal(kedge_model_declare(&r->model, r->n_in, r->n_out, &b->params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&b->params), KEDGE_OK);
    kedge_params_draw(&b->params, seed);
    assert_int_equal(kedge_graph_create(&b->graph, ctx, batch, true), KEDGE_OK);
    b->input = kedge_graph_input(b->graph, "input", r->n_in);
    b->target = kedge_graph_input(b->graph, "target", r->n_out);
    b->output = kedge_model_build(&r->model, &b->params, b->input);
    b->status = kedge_objective_build(&b->objective, b->output, b->target, r->n_terms, r->terms, LABELS, label_names,
                                      r->weighted);
    if (!b->status) b->status = kedge_graph_plan(b->graph);
}

static inline void release(built *b)
{
    kedge_graph_free(b->graph);
    kedge_params_release(&b->params);
}

/* Fills the label rows as the training loop does: 0 past the batch, sums beside them. */
static inline void put_labels(built *b, double (*rows)[REF_BATCH], int n)
{
    for (int l = 0; l < LABELS; l++) {
        kedge_node *row = b->objective.label_rows[l];
        if (!row) continue;
        double sum = 0;
        for (int a = 0; a < n; a++) sum += rows[l][a];
        for (int a = 0; a < kedge_columns(n); a++) row->val[a] = a < n ? (float)rows[l][a] : 0;
        b->objective.label_sums[l] = (float)sum;
    }
}

/* Fills the row of the samples' weights, 0 past the batch. */
static inline void put_weights(built *b, const double *weights, int n)
{
    kedge_node *row = b->objective.samples;
    for (int a = 0; a < kedge_columns(n); a++) row->val[a] = a < n ? (float)weights[a] : 0;
}

static inline void put_samples(kedge_node *node, int n, ref_rows from)
{
    for (int a = 0; a < n; a++)
        for (int j = 0; j < node->rows; j++) node->val[(size_t)j * (size_t)node->ld + (size_t)a] = (float)from[a][j];
}

/* Forward and backward; returns the active roots. */
static inline uint64_t pass(built *b, const recipe *r, int n)
{
    float seeds[KEDGE_MAX_ROOTS];
    uint64_t active = kedge_objective_activate(&b->objective, kedge_columns(n), r->weights, seeds);
    kedge_graph_forward(b->graph, n, active);
    kedge_graph_backward(b->graph, seeds, active);
    return active;
}

#endif
