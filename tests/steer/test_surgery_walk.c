/* The walk from a site to its weights, on models and on graphs built by hand. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "copy_op.h"
#include "nn/model.h"
#include "ops/ops.h"
#include "steer/surgery_walk.h"

static const int64_t hidden[] = {6};

typedef struct fixture {
    kedge_context *ctx;
    kedge_graph *graph;
    kedge_arena arena;
    kedge_params params;
    kedge_walk walk;
} fixture;

static void open(fixture *f)
{
    *f = (fixture){0};
    assert_int_equal(kedge_context_create(&f->ctx, NULL), KEDGE_OK);
    assert_int_equal(kedge_graph_create(&f->graph, f->ctx, 4, false), KEDGE_OK);
    kedge_arena_init(&f->arena, f->ctx);
}

static void close_all(fixture *f)
{
    kedge_graph_free(f->graph);
    kedge_params_release(&f->params);
    kedge_arena_release(&f->arena);
    kedge_context_free(f->ctx);
}

static void open_model(fixture *f, const kedge_model_options *options)
{
    open(f);
    kedge_params_init(&f->params, f->ctx);
    assert_int_equal(kedge_model_declare(options, 3, 3, &f->params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    assert_non_null(kedge_model_build(options, &f->params, kedge_graph_input(f->graph, "input", 3)));
}

/* A sum of activations, as residual streams have it: rows stay apart and 0 stays 0. */
static kedge_status add_shape(kedge_node *self)
{
    return kedge_shape_like(self, self->in[0]);
}

static const kedge_op op_sum = {.name = "sum", .n_in = 2, .axes = KEDGE_AXES_KEEPS, .shape = add_shape};

static kedge_node *sum(kedge_node *a, kedge_node *b)
{
    return kedge_graph_add(&op_sum, NULL, 0, 2, (kedge_node *[]){a, b});
}

static float numbers[64]; /* of all weights: nothing is run */

static kedge_node *layer(kedge_node *x, const char *name, int rows)
{
    kedge_graph *graph = x->graph;
    return kedge_linear(x, kedge_graph_param(graph, name, rows, x->rows, numbers, NULL),
                        kedge_graph_param(graph, "bias", rows, 1, numbers, NULL));
}

/* The names of the weights in order, with blanks between. */
static const char *names(const kedge_node *const *nodes, int n)
{
    static char text[256];
    text[0] = '\0';
    for (int i = 0; i < n; i++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "", nodes[i]->in[1]->name);
    }
    return text;
}

static void expect_walk(fixture *f, const char *site, const char *producers, const char *consumers)
{
    assert_int_equal(kedge_walk_site(&f->walk, f->graph, site, &f->arena), KEDGE_OK);
    assert_string_equal(names(f->walk.producers, f->walk.n_producers), producers);
    assert_string_equal(names(f->walk.consumers, f->walk.n_consumers), consumers);
}

static void expect_refusal(fixture *f, const char *site, const char *message)
{
    assert_int_equal(kedge_walk_site(&f->walk, f->graph, site, &f->arena), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
}

static void sites_of_the_autoencoder(void **state)
{
    (void)state;
    fixture f;
    open_model(&f, &(kedge_model_options){.hidden = {1, hidden}, .bottleneck = 4, .normalize = true});
    expect_walk(&f, "bottleneck", "encoder.2.weight", "decoder.0.weight");
    expect_walk(&f, "pre-norm", "encoder.2.weight", "decoder.0.weight");
    expect_walk(&f, "encoder.0", "encoder.0.weight", "encoder.2.weight");
    expect_walk(&f, "decoder.0", "decoder.0.weight", "decoder.2.weight");
    close_all(&f);
}

static void the_source_lies_before_norm_and_function(void **state)
{
    (void)state;
    fixture f;
    open_model(&f, &(kedge_model_options){.hidden = {1, hidden}, .bottleneck = 4, .normalize = true});
    for (int i = 0; i < f.graph->n_sites; i++) {
        const kedge_site *site = &f.graph->sites[i];
        assert_int_equal(kedge_walk_site(&f.walk, f.graph, site->name, &f.arena), KEDGE_OK);
        assert_ptr_equal(f.walk.site, site->node);
        assert_ptr_equal(f.walk.source, f.walk.producers[0]);
    }
    close_all(&f);
}

static void every_activation_but_sigmoid(void **state)
{
    (void)state;
    for (int activation = KEDGE_ACTIVATION_GELU; activation <= KEDGE_ACTIVATION_SIGMOID; activation++) {
        fixture f;
        open_model(&f, &(kedge_model_options){.hidden = {1, hidden}, .bottleneck = 4, .activation = activation});
        if (activation == KEDGE_ACTIVATION_SIGMOID)
            expect_refusal(&f, "encoder.0", "the dims of site 'encoder.0' come out of 'sigmoid', which does not keep "
                           "a dim of 0 at 0; surgery needs a site without it between the dims and their weights");
        else
            expect_walk(&f, "encoder.0", "encoder.0.weight", "encoder.2.weight");
        expect_walk(&f, "bottleneck", "encoder.2.weight", "decoder.0.weight");
        close_all(&f);
    }
}

/* x -> in -> resid.0 -> (up gelu down) + resid.0 -> resid.1 -> norm -> head: one axis all along. */
static void a_residual_stream_has_all_its_producers_and_consumers(void **state)
{
    (void)state;
    fixture f;
    open(&f);
    kedge_node *h0 = kedge_graph_site(layer(kedge_graph_input(f.graph, "x", 2), "in", 3), "resid.0");
    kedge_node *h1 = kedge_graph_site(sum(h0, layer(kedge_gelu(layer(h0, "up", 5)), "down", 3)), "resid.1");
    kedge_graph_keep(layer(kedge_l2norm(h1), "head", 2));
    expect_walk(&f, "resid.0", "in down", "up head");
    assert_ptr_equal(f.walk.source, h0);
    expect_walk(&f, "resid.1", "in down", "up head");
    assert_ptr_equal(f.walk.source, h1);
    close_all(&f);
}

/* What reads a dim before the norm belongs to it as well as what reads it after. */
static void two_consumers_on_both_sides_of_a_norm(void **state)
{
    (void)state;
    fixture f;
    open(&f);
    kedge_node *u = layer(kedge_graph_input(f.graph, "x", 2), "in", 3);
    kedge_node *z = kedge_graph_site(kedge_l2norm(u), "z");
    kedge_graph_keep(layer(z, "left", 2));
    kedge_graph_keep(layer(u, "right", 2));
    expect_walk(&f, "z", "in", "left right");
    close_all(&f);
}

static void losses_are_passed_over(void **state)
{
    (void)state;
    static const float p[3] = {1, 0, 0};
    fixture f;
    open(&f);
    kedge_node *z = kedge_graph_site(layer(kedge_graph_input(f.graph, "x", 2), "in", 3), "z");
    kedge_graph_root(kedge_mean(kedge_project(z, p, 1, 0, 0), NULL));
    kedge_graph_root(kedge_separate_pairs(kedge_unit(z), KEDGE_SEPARATE_ROWS, 2, false, NULL));
    kedge_graph_keep(layer(z, "out", 2));
    expect_walk(&f, "z", "in", "out");
    close_all(&f);
}

static void dims_without_weights_are_refused(void **state)
{
    (void)state;
    static const float p[3] = {1, 0, 0};
    fixture f;
    open(&f);
    kedge_node *x = kedge_graph_site(kedge_graph_input(f.graph, "x", 3), "x");
    kedge_node *y = kedge_graph_site(layer(x, "out", 3), "y");
    kedge_graph_site(kedge_l2norm(layer(y, "more", 3)), "end");
    kedge_node *lost = kedge_graph_site(layer(y, "other", 3), "lost");
    kedge_graph_root(kedge_mean(kedge_project(lost, p, 1, 0, 0), NULL));
    expect_refusal(&f, "x", "the dims of site 'x' come from 'x' as they are; no weights make them");
    expect_walk(&f, "y", "out", "more other");
    expect_refusal(&f, "end", "the dims of site 'end' are an output of the model; no weights read them");
    expect_refusal(&f, "lost", "the dims of site 'lost' are an output of the model; no weights read them");
    close_all(&f);
}

static void operations_that_nobody_described_are_refused(void **state)
{
    (void)state;
    fixture f;
    open(&f);
    kedge_node *z = kedge_graph_site(layer(kedge_graph_input(f.graph, "x", 2), "in", 3), "z");
    kedge_graph_keep(layer(z, "out", 2));
    kedge_graph_keep(kedge_graph_add(&copy, NULL, 0, 1, &z));
    expect_refusal(&f, "z", "the dims of site 'z' go into 'copy', which does not keep them apart; surgery needs a site "
                   "whose dims only weights read");
    close_all(&f);
}

static void computed_weights_are_refused(void **state)
{
    (void)state;
    fixture f;
    open(&f);
    kedge_node *z = kedge_graph_site(layer(kedge_graph_input(f.graph, "x", 2), "in", 4), "z");
    kedge_node *w = kedge_graph_param(f.graph, "w", 4, 4, numbers, NULL);
    kedge_node *computed = kedge_graph_add(&copy, NULL, 0, 1, &w);
    assert_non_null(computed);
    computed->cols = 4;
    kedge_graph_keep(kedge_linear(z, computed, kedge_graph_param(f.graph, "b", 4, 1, numbers, NULL)));
    expect_refusal(&f, "z", "weights that 'linear' uses are computed, not stored; surgery cannot change them");
    close_all(&f);
}

static void unknown_sites(void **state)
{
    (void)state;
    fixture f;
    open_model(&f, &(kedge_model_options){.hidden = {1, hidden}, .bottleneck = 4});
    expect_refusal(&f, "botleneck", "unknown site 'botleneck'; did you mean 'bottleneck'?");
    expect_refusal(&f, "residual", "unknown site 'residual'; must be 'bottleneck', 'pre-norm', 'encoder.N' or "
                   "'decoder.N'");
    close_all(&f);
}

static void a_broken_graph_is_reported(void **state)
{
    (void)state;
    fixture f;
    open(&f);
    assert_null(kedge_linear(kedge_graph_input(f.graph, "x", 2), kedge_graph_param(f.graph, "w", 4, 4, numbers, NULL),
                             kedge_graph_param(f.graph, "b", 4, 1, numbers, NULL)));
    expect_refusal(&f, "z", "linear: weights (4,4) do not fit an input of 2 rows");
    close_all(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sites_of_the_autoencoder),
        cmocka_unit_test(the_source_lies_before_norm_and_function),
        cmocka_unit_test(every_activation_but_sigmoid),
        cmocka_unit_test(a_residual_stream_has_all_its_producers_and_consumers),
        cmocka_unit_test(two_consumers_on_both_sides_of_a_norm),
        cmocka_unit_test(losses_are_passed_over),
        cmocka_unit_test(dims_without_weights_are_refused),
        cmocka_unit_test(operations_that_nobody_described_are_refused),
        cmocka_unit_test(computed_weights_are_refused),
        cmocka_unit_test(unknown_sites),
        cmocka_unit_test(a_broken_graph_is_reported),
    };
    return cmocka_run_group_tests_name("surgery_walk", tests, NULL, NULL);
}
