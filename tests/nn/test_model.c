/* the autoencoder: its parameters, its sites, what it computes. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "failing_alloc.h"
#include "kernels.h"
#include "nn/model.h"
#include "reference.h"

static const int64_t widths[] = {16, 12, 7};

/* Hidden widths are the first 'hidden' of the three above. */
static kedge_model_options options_of(int hidden, int bottleneck)
{
    return (kedge_model_options){
        .hidden = {.n = hidden, .at = widths}, .bottleneck = bottleneck, .normalize = true};
}

static void assert_tensor(const kedge_params *params, int i, const char *name, int rows, int cols)
{
    assert_true(i < params->n);
    assert_string_equal(params->list[i].name, name);
    assert_int_equal(params->list[i].rows, rows);
    assert_int_equal(params->list[i].cols, cols);
}

static void parameters_are_those_of_a_state_dict(void **state)
{
    (void)state;
    kedge_context *ctx;
    kedge_params params;
    kedge_model_options options = options_of(3, 5);
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_params_init(&params, ctx);
    assert_int_equal(kedge_model_declare(&options, 3, 2, &params), KEDGE_OK);
    assert_int_equal(params.n, 16);
    static const struct {
        const char *weight, *bias;
        int out, in;
    } layers[] = {
        {"encoder.0.weight", "encoder.0.bias", 16, 3},  {"encoder.2.weight", "encoder.2.bias", 12, 16},
        {"encoder.4.weight", "encoder.4.bias", 7, 12},  {"encoder.6.weight", "encoder.6.bias", 5, 7},
        {"decoder.0.weight", "decoder.0.bias", 7, 5},   {"decoder.2.weight", "decoder.2.bias", 12, 7},
        {"decoder.4.weight", "decoder.4.bias", 16, 12}, {"decoder.6.weight", "decoder.6.bias", 2, 16},
    };
    for (int i = 0; i < 8; i++) {
        assert_tensor(&params, 2 * i, layers[i].weight, layers[i].out, layers[i].in);
        assert_tensor(&params, 2 * i + 1, layers[i].bias, layers[i].out, 0);
        float bound = (float)(1 / sqrt(layers[i].in)); /* by fan-in, of the bias too */
        assert_true(params.list[2 * i].bound == bound && params.list[2 * i + 1].bound == bound);
    }
    kedge_params_release(&params);
    kedge_context_free(ctx);
}

static size_t parameters_of(const kedge_model_options *options)
{
    kedge_context *ctx;
    kedge_params params;
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_params_init(&params, ctx);
    assert_int_equal(kedge_model_declare(options, 3, 3, &params), KEDGE_OK);
    size_t count = params.count;
    kedge_params_release(&params);
    kedge_context_free(ctx);
    return count;
}

static void published_models_have_their_size(void **state)
{
    (void)state;
    static const int64_t two[] = {16, 16};
    kedge_model_options small = {.hidden = {.n = 1, .at = two}, .bottleneck = 4};
    kedge_model_options large = {.hidden = {.n = 2, .at = two}, .bottleneck = 5};
    assert_int_equal(parameters_of(&small), 263);
    assert_int_equal(parameters_of(&large), 840);
}

static void without_hidden_layers_there_are_two_maps(void **state)
{
    (void)state;
    kedge_model_options options = options_of(0, 2);
    assert_int_equal(parameters_of(&options), 3 * 2 + 2 + 2 * 3 + 3);
}

typedef struct built {
    kedge_params params;
    kedge_graph *graph;
    kedge_node *x, *y;
} built;

static void build(built *b, kedge_context *ctx, const kedge_model_options *options, int n_in, int n_out)
{
    kedge_params_init(&b->params, ctx);
    assert_int_equal(kedge_model_declare(options, n_in, n_out, &b->params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&b->params), KEDGE_OK);
    kedge_params_draw(&b->params, 5);
    assert_int_equal(kedge_graph_create(&b->graph, ctx, REF_BATCH, false), KEDGE_OK);
    b->x = kedge_graph_input(b->graph, "x", n_in);
    b->y = kedge_model_build(options, &b->params, b->x);
    assert_non_null(b->y);
    assert_int_equal(kedge_graph_plan(b->graph), KEDGE_OK);
}

static void clear(built *b)
{
    kedge_graph_free(b->graph);
    kedge_params_release(&b->params);
}

static void assert_site(const kedge_graph *graph, const char *name, int rows)
{
    const kedge_site *site = kedge_graph_find_site(graph, name);
    if (!site) fail_msg("no site '%s'", name);
    assert_int_equal(site->node->rows, rows);
    assert_true(site->node->cols == KEDGE_BATCH && site->node->kept);
}

static void every_activation_is_a_site(void **state)
{
    (void)state;
    kedge_context *ctx;
    built b;
    kedge_model_options options = options_of(3, 5);
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    build(&b, ctx, &options, 3, 3);
    assert_int_equal(b.graph->n_sites, 8);
    assert_site(b.graph, "encoder.0", 16);
    assert_site(b.graph, "encoder.1", 12);
    assert_site(b.graph, "encoder.2", 7);
    assert_site(b.graph, "pre-norm", 5);
    assert_site(b.graph, "bottleneck", 5);
    assert_site(b.graph, "decoder.0", 7);
    assert_site(b.graph, "decoder.1", 12);
    assert_site(b.graph, "decoder.2", 16);
    assert_ptr_not_equal(kedge_graph_find_site(b.graph, "pre-norm")->node,
                         kedge_graph_find_site(b.graph, "bottleneck")->node);
    clear(&b);
    options.normalize = false;
    build(&b, ctx, &options, 3, 3);
    assert_ptr_equal(kedge_graph_find_site(b.graph, "pre-norm")->node,
                     kedge_graph_find_site(b.graph, "bottleneck")->node);
    clear(&b);
    kedge_context_free(ctx);
}

/* Inputs into the graph and into 'pass'; junk past live. */
static void fill(built *b, ref_pass *pass, int live)
{
    uint64_t seed = 23;
    pass->n = live;
    for (int j = 0; j < b->x->rows; j++)
        for (int i = 0; i < b->x->ld; i++) {
            double value = i < live ? ref_uniform(&seed, -1, 1) : 100;
            b->x->val[j * b->x->ld + i] = (float)value;
            if (i < live) pass->x[i][j] = value;
        }
}

static void compare(const char *what, const kedge_node *node, int live, ref_rows want)
{
    for (int i = 0; i < live; i++)
        for (int j = 0; j < node->rows; j++) {
            double got = (double)node->val[j * node->ld + i];
            if (!(fabs(got - want[i][j]) <= 4e-6))
                fail_msg("%s: %s of sample %d, row %d is %.9g, should be %.9g", node->graph->kern->name, what, i, j,
                         got, want[i][j]);
        }
}

static void check_forward(kedge_context *ctx, const kedge_model_options *options, int n_in, int n_out)
{
    static const int lives[] = {REF_BATCH, 1, 19};
    static ref_model model;
    static ref_pass pass;
    built b;
    build(&b, ctx, options, n_in, n_out);
    ref_model_read(&model, options, n_in, n_out, &b.params);
    for (int c = 0; c < 3; c++) {
        fill(&b, &pass, lives[c]);
        kedge_graph_forward(b.graph, lives[c], 0);
        ref_forward(&model, &pass);
        compare("output", b.y, lives[c], pass.y);
        compare("pre-norm", kedge_graph_find_site(b.graph, "pre-norm")->node, lives[c], pass.pre_norm);
        compare("bottleneck", kedge_graph_find_site(b.graph, "bottleneck")->node, lives[c], pass.bottleneck);
        for (int i = 0; i < options->hidden.n; i++) {
            char name[32];
            snprintf(name, sizeof name, "encoder.%d", i);
            compare(name, kedge_graph_find_site(b.graph, name)->node, lives[c], pass.hidden[0][i]);
            snprintf(name, sizeof name, "decoder.%d", i);
            compare(name, kedge_graph_find_site(b.graph, name)->node, lives[c], pass.hidden[1][i]);
        }
    }
    clear(&b);
}

static void values_are_those_of_the_definition(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int hidden = 0; hidden <= 3; hidden++)
            for (int activation = KEDGE_ACTIVATION_GELU; activation <= KEDGE_ACTIVATION_SIGMOID; activation++)
                for (int form = 0; form < 4; form++) {
                    kedge_model_options options = options_of(hidden, 2 + hidden + form);
                    options.activation = activation;
                    options.normalize = form & 1;
                    options.output = form & 2 ? KEDGE_OUTPUT_SIGMOID : KEDGE_OUTPUT_LINEAR;
                    check_forward(ctx, &options, 3, 3 + form);
                }
}

static void normalized_latents_have_unit_length(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        static ref_pass pass;
        built b;
        kedge_model_options options = options_of(1, 4);
        build(&b, ctx, &options, 3, 3);
        fill(&b, &pass, REF_BATCH);
        kedge_graph_forward(b.graph, REF_BATCH, 0);
        const kedge_node *z = kedge_graph_find_site(b.graph, "bottleneck")->node;
        for (int i = 0; i < REF_BATCH; i++) {
            double sum = 0;
            for (int j = 0; j < 4; j++) sum += pow((double)z->val[j * z->ld + i], 2);
            assert_true(fabs(sum - 1) < 1e-6);
        }
        clear(&b);
    }
}

static kedge_node *redirect(kedge_node *node, const char *site, void *payload)
{
    ++*(int *)payload;
    return strcmp(site, "bottleneck") == 0 ? kedge_graph_find_site(node->graph, "encoder.0")->node : node;
}

/* What a hook returns at the bottleneck is what the decoder sees. */
static void the_decoder_sees_the_edited_bottleneck(void **state)
{
    (void)state;
    static const int64_t width = 4;
    kedge_context *ctx;
    built b;
    int asked = 0;
    kedge_model_options options = {.hidden = {.n = 1, .at = &width}, .bottleneck = 4, .normalize = true};
    assert_int_equal(kedge_context_create(&ctx, NULL), KEDGE_OK);
    kedge_params_init(&b.params, ctx);
    assert_int_equal(kedge_model_declare(&options, 3, 3, &b.params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&b.params), KEDGE_OK);
    assert_int_equal(kedge_graph_create(&b.graph, ctx, 16, false), KEDGE_OK);
    kedge_graph_on_site(b.graph, redirect, &asked);
    b.x = kedge_graph_input(b.graph, "x", 3);
    b.y = kedge_model_build(&options, &b.params, b.x);
    assert_int_equal(asked, 4);
    const kedge_node *first = kedge_graph_find_site(b.graph, "decoder.0")->node->in[0]; /* its linear layer */
    assert_ptr_equal(first->in[0], kedge_graph_find_site(b.graph, "encoder.0")->node);
    clear(&b);
    kedge_context_free(ctx);
}

static kedge_status declare_and_build(kedge_context *ctx, built *b)
{
    kedge_model_options options = options_of(2, 4);
    kedge_params_init(&b->params, ctx);
    kedge_status status = kedge_model_declare(&options, 3, 3, &b->params);
    if (status == KEDGE_OK) status = kedge_params_allocate(&b->params);
    if (status == KEDGE_OK) status = kedge_graph_create(&b->graph, ctx, 16, true);
    if (status) return status;
    kedge_model_build(&options, &b->params, kedge_graph_input(b->graph, "x", 3));
    return kedge_graph_plan(b->graph);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t n = 2;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        built b = {0};
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        kedge_status status = declare_and_build(ctx, &b);
        clear(&b);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        if (status == KEDGE_OK) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_those_of_a_state_dict),
        cmocka_unit_test(published_models_have_their_size),
        cmocka_unit_test(without_hidden_layers_there_are_two_maps),
        cmocka_unit_test(every_activation_is_a_site),
        cmocka_unit_test(values_are_those_of_the_definition),
        cmocka_unit_test(normalized_latents_have_unit_length),
        cmocka_unit_test(the_decoder_sees_the_edited_bottleneck),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
