/* planned graphs: fused operations, memory that is used again, and graphs at random against their meaning in double. */
#include "core_test.h"

#include <string.h>

#include "ops/ops.h"

enum { ROWS = 2, BATCH = 19, NODES = 40, PARAMS = 3, ROOTS = 3 };

/* ---- fusing ---- */
typedef struct layers {
    kedge_context *ctx;
    kedge_graph *graph;
    kedge_node *x, *hidden, *active, *y;
    float values[4][16], gradients[4][16];
} layers;

/* Two layers with an activation between; 'second' is the operation of the second one. */
static void build_layers(layers *f, const kedge_op *second, bool watched, bool kept)
{
    static const int shapes[4][2] = {{4, 3}, {4, 1}, {2, 4}, {2, 1}};
    kedge_node *p[4];
    f->ctx = plain_context();
    f->graph = graph_for(f->ctx, BATCH, true);
    f->x = kedge_graph_input(f->graph, "x", 3);
    for (int k = 0; k < 4; k++) {
        for (int i = 0; i < 16; i++) f->values[k][i] = sinf((float)(1 + 7 * k + i));
        p[k] = kedge_graph_param(f->graph, "p", shapes[k][0], shapes[k][1], f->values[k], f->gradients[k]);
    }
    f->hidden = kedge_linear(f->x, p[0], p[1]);
    f->active = kedge_gelu(f->hidden);
    if (kept) kedge_graph_keep_grad(f->active);
    f->y = kedge_graph_add(second, NULL, 0, 3, (kedge_node *[]){f->active, p[2], p[3]});
    kedge_graph_root(unary(&op_total, unary(&op_wave, f->y)));
    if (watched) kedge_graph_root(unary(&op_total, f->hidden));
    assert_int_equal(kedge_graph_plan(f->graph), KEDGE_OK);
}

static void run_layers(layers *f)
{
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < f->x->ld; i++) AT(f->x, val, j, i) = cosf((float)(i - 5 * j));
    kedge_graph_forward(f->graph, BATCH, 1);
    kedge_graph_backward(f->graph, (const float[]){1, 1}, 1);
}

static void close_layers(layers *f)
{
    kedge_graph_free(f->graph);
    kedge_context_free(f->ctx);
}

static void fused_gradients_are_the_same(void **state)
{
    (void)state;
    static layers fused, plain;
    kedge_op apart = kedge_op_linear;
    apart.scales_gradient = false;
    build_layers(&fused, &kedge_op_linear, false, false);
    build_layers(&plain, &apart, false, false);
    assert_true(fused.active->fused && fused.y->through == fused.active);
    assert_false(plain.active->fused);
    assert_null(fused.active->grad); /* nothing is kept for it */
    assert_non_null(plain.active->grad);
    run_layers(&fused);
    run_layers(&plain);
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 16; i++) {
            float want = plain.gradients[k][i];
            assert_true(fabsf(fused.gradients[k][i] - want) <= 1e-6f * (1 + fabsf(want)));
        }
    close_layers(&fused);
    close_layers(&plain);
}

/* A gradient that somebody wants is not passed by, and the others are the same. */
static void what_keeps_its_gradient_is_not_fused(void **state)
{
    (void)state;
    static layers fused, kept;
    build_layers(&fused, &kedge_op_linear, false, false);
    build_layers(&kept, &kedge_op_linear, false, true);
    assert_false(kept.active->fused);
    run_layers(&fused);
    run_layers(&kept);
    for (int k = 0; k < 4; k++)
        for (int i = 0; i < 16; i++) {
            float want = fused.gradients[k][i];
            assert_true(fabsf(kept.gradients[k][i] - want) <= 1e-6f * (1 + fabsf(want)));
        }
    close_layers(&fused);
    close_layers(&kept);
}

static void what_others_look_at_is_not_fused(void **state)
{
    (void)state;
    static layers f;
    build_layers(&f, &kedge_op_linear, true, false);
    assert_false(f.active->fused);
    assert_null(f.y->through);
    close_layers(&f);
}

/* ---- memory ---- */
static void a_long_chain_takes_little_memory(void **state)
{
    (void)state;
    size_t sizes[2];
    for (int turn = 0; turn < 2; turn++) {
        kedge_context *ctx = plain_context();
        kedge_graph *graph = graph_for(ctx, BATCH, false);
        kedge_node *y = kedge_graph_input(graph, "x", ROWS);
        for (int i = 0; i < (turn ? 200 : 4); i++) y = unary(&op_wave, y);
        assert_int_equal(kedge_graph_plan(graph), KEDGE_OK);
        sizes[turn] = graph->block_size;
        kedge_graph_free(graph);
        kedge_context_free(ctx);
    }
    assert_int_equal(sizes[1], sizes[0]);
}

static void sites_outlive_the_pass(void **state)
{
    (void)state;
    kedge_context *ctx = plain_context();
    kedge_graph *graph = graph_for(ctx, BATCH, false);
    kedge_node *x = kedge_graph_input(graph, "x", ROWS), *sites[5], *y = x;
    for (int i = 0; i < 5; i++) {
        sites[i] = kedge_graph_site(unary(&op_wave, y), (const char *[]){"a", "b", "c", "d", "e"}[i]);
        y = unary(&op_soft, sites[i]);
    }
    assert_int_equal(kedge_graph_plan(graph), KEDGE_OK);
    for (int i = 0; i < BATCH; i++) AT(x, val, 0, i) = AT(x, val, 1, i) = 0.1f * (float)i;
    kedge_graph_forward(graph, BATCH, 0);
    for (int i = 0; i < BATCH; i++) {
        float v = 0.1f * (float)i;
        for (int k = 0; k < 5; k++) {
            v = sinf(v);
            assert_true(AT(sites[k], val, 1, i) == v);
            v = v / (1 + fabsf(v));
        }
        assert_true(AT(x, val, 0, i) == 0.1f * (float)i); /* inputs too: they may be filled once for many passes */
    }
    kedge_graph_free(graph);
    kedge_context_free(ctx);
}

static kedge_node *soften(kedge_node *node, const char *site, void *payload)
{
    (void)site, (void)payload;
    return unary(&op_soft, node);
}

static void edited_values_outlive_the_pass(void **state)
{
    (void)state;
    kedge_context *ctx = plain_context();
    kedge_graph *graph = graph_for(ctx, BATCH, false);
    kedge_node *x = kedge_graph_input(graph, "x", ROWS);
    kedge_graph_on_site(graph, soften, NULL);
    kedge_node *edited = kedge_graph_site(unary(&op_wave, x), "a"), *y = edited;
    for (int i = 0; i < 5; i++) y = unary(&op_wave, y);
    assert_int_equal(kedge_graph_plan(graph), KEDGE_OK);
    for (int i = 0; i < BATCH; i++) AT(x, val, 0, i) = AT(x, val, 1, i) = 0.1f * (float)i;
    kedge_graph_forward(graph, BATCH, 0);
    for (int i = 0; i < BATCH; i++) {
        float v = sinf(0.1f * (float)i);
        assert_true(AT(kedge_graph_find_site(graph, "a")->node, val, 1, i) == v);
        assert_true(AT(edited, val, 1, i) == v / (1 + fabsf(v)));
    }
    kedge_graph_free(graph);
    kedge_context_free(ctx);
}

/* ---- graphs at random ---- */
typedef double rows[ROWS][BATCH];

typedef struct random_graph {
    uint64_t seed;
    const kedge_op *ops[NODES];
    int in[NODES][3], n_in[NODES], param[NODES], roots[ROOTS];
    float values[PARAMS][ROWS], gradients[PARAMS][ROWS];
    double want_roots[ROOTS], want[PARAMS][ROWS];
} random_graph;

static unsigned draw(random_graph *g, unsigned below)
{
    g->seed = g->seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(g->seed >> 33) % below;
}

/* Node 0 is the input; the others take one to three that come before, the nearest most often. */
static void draw_graph(random_graph *g, uint64_t seed)
{
    static const kedge_op *const ops[] = {&op_add, &op_wave, &op_soft, &op_ripple, &op_ripple, &op_gain, &op_gain};
    g->seed = seed;
    for (int p = 0; p < PARAMS; p++)
        for (int j = 0; j < ROWS; j++) g->values[p][j] = (float)draw(g, 1000) * 0.002f - 1;
    for (int i = 1; i < NODES; i++) {
        g->ops[i] = ops[draw(g, 7)];
        g->n_in[i] = g->ops[i] == &op_add ? 1 + (int)draw(g, 3) : 1;
        g->param[i] = (int)draw(g, PARAMS);
        for (int k = 0; k < g->n_in[i]; k++) g->in[i][k] = draw(g, 3) ? i - 1 : (int)draw(g, (unsigned)i);
    }
    for (int r = 0; r < ROOTS; r++) g->roots[r] = r ? (int)draw(g, NODES) : NODES - 1;
}

static kedge_graph *build_graph(random_graph *g, kedge_context *ctx, kedge_node **x)
{
    kedge_graph *graph = graph_for(ctx, BATCH + 20, true);
    kedge_node *nodes[NODES], *params[PARAMS];
    nodes[0] = *x = kedge_graph_input(graph, "x", ROWS);
    for (int p = 0; p < PARAMS; p++)
        params[p] = kedge_graph_param(graph, "p", ROWS, 1, g->values[p], g->gradients[p]);
    for (int i = 1; i < NODES; i++) {
        kedge_node *in[3];
        for (int k = 0; k < g->n_in[i]; k++) in[k] = nodes[g->in[i][k]];
        nodes[i] = g->ops[i] == &op_gain ? binary(&op_gain, in[0], params[g->param[i]])
                                         : kedge_graph_add(g->ops[i], NULL, 0, g->n_in[i], in);
    }
    for (int r = 0; r < ROOTS; r++) assert_int_equal(kedge_graph_root(unary(&op_total, nodes[g->roots[r]])), r);
    assert_int_equal(kedge_graph_plan(graph), KEDGE_OK);
    return graph;
}

/* Value and slope of node i at one entry, from its (first) operand. */
static double value_of(const random_graph *g, int i, int row, double x, double *slope)
{
    double p = (double)g->values[g->param[i]][row], soft = 1 / (1 + fabs(x));
    *slope = g->ops[i] == &op_wave     ? cos(x)
             : g->ops[i] == &op_soft   ? soft * soft
             : g->ops[i] == &op_ripple ? -sin(x)
             : g->ops[i] == &op_gain   ? p
                                       : 1;
    return g->ops[i] == &op_wave     ? sin(x)
           : g->ops[i] == &op_soft   ? x * soft
           : g->ops[i] == &op_ripple ? cos(x)
           : g->ops[i] == &op_gain   ? p * x
                                     : x;
}

/* Values and gradients of all nodes in double, node by node forward and backward. */
static void meaning(random_graph *g, const kedge_node *x, const float *weights, unsigned active)
{
    static rows val[NODES], grad[NODES];
    memset(val, 0, sizeof val);
    memset(grad, 0, sizeof grad);
    memset(g->want, 0, sizeof g->want);
    for (int j = 0; j < ROWS; j++)
        for (int s = 0; s < BATCH; s++) {
            double slope;
            val[0][j][s] = (double)AT(x, val, j, s);
            for (int i = 1; i < NODES; i++)
                for (int k = 0; k < g->n_in[i]; k++)
                    val[i][j][s] += value_of(g, i, j, val[g->in[i][k]][j][s], &slope);
            for (int r = 0; r < ROOTS; r++)
                if (active >> r & 1) grad[g->roots[r]][j][s] += (double)weights[r];
            for (int i = NODES - 1; i > 0; i--)
                for (int k = 0; k < g->n_in[i]; k++) {
                    double in = val[g->in[i][k]][j][s];
                    value_of(g, i, j, in, &slope);
                    grad[g->in[i][k]][j][s] += slope * grad[i][j][s];
                    if (g->ops[i] == &op_gain) g->want[g->param[i]][j] += in * grad[i][j][s];
                }
        }
    for (int r = 0; r < ROOTS; r++) {
        g->want_roots[r] = 0;
        for (int j = 0; j < ROWS; j++)
            for (int s = 0; s < BATCH; s++) g->want_roots[r] += val[g->roots[r]][j][s];
    }
}

static void check_graph(random_graph *g, kedge_graph *graph, const kedge_node *x, unsigned active)
{
    const float weights[ROOTS] = {1, -0.5f, 2};
    kedge_graph_forward(graph, BATCH, active);
    kedge_graph_backward(graph, weights, active);
    meaning(g, x, weights, active);
    for (int r = 0; r < ROOTS; r++) {
        double got = (double)graph->roots[r]->val[0], want = g->want_roots[r];
        if (active >> r & 1 && !(fabs(got - want) <= 1e-4 * (1 + fabs(want))))
            fail_msg("root %d is %.9g, should be %.9g", r, got, want);
    }
    for (int p = 0; p < PARAMS; p++)
        for (int j = 0; j < ROWS; j++) {
            double got = (double)g->gradients[p][j], want = g->want[p][j];
            if (!(fabs(got - want) <= 1e-4 * (1 + fabs(want))))
                fail_msg("active %u: gradient (%d,%d) is %.9g, should be %.9g", active, p, j, got, want);
        }
}

static void graphs_at_random(void **state)
{
    (void)state;
    static random_graph g;
    int fused = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        kedge_context *ctx = plain_context();
        kedge_node *x;
        draw_graph(&g, seed);
        kedge_graph *graph = build_graph(&g, ctx, &x);
        for (int j = 0; j < ROWS; j++)
            for (int s = 0; s < x->ld; s++) AT(x, val, j, s) = sinf((float)(s + 30 * j) * 0.37f);
        for (unsigned active = 1; active < 8; active += 1 + (unsigned)seed % 3) check_graph(&g, graph, x, active);
        for (int i = 0; i < graph->n_nodes; i++) fused += graph->nodes[i]->fused;
        kedge_graph_free(graph);
        kedge_context_free(ctx);
    }
    assert_true(fused > 100); /* that way was taken too */
}

static void same_graph_same_plan(void **state)
{
    (void)state;
    static random_graph g;
    kedge_context *ctx = plain_context();
    kedge_node *x;
    draw_graph(&g, 5);
    kedge_graph *a = build_graph(&g, ctx, &x), *b = build_graph(&g, ctx, &x);
    assert_int_equal(a->block_size, b->block_size);
    for (int i = 0; i < a->n_nodes; i++)
        if (a->nodes[i]->op) assert_int_equal(a->nodes[i]->val - a->block, b->nodes[i]->val - b->block);
    kedge_graph_free(a);
    kedge_graph_free(b);
    kedge_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fused_gradients_are_the_same),     cmocka_unit_test(what_others_look_at_is_not_fused),
        cmocka_unit_test(what_keeps_its_gradient_is_not_fused),
        cmocka_unit_test(a_long_chain_takes_little_memory), cmocka_unit_test(sites_outlive_the_pass),
        cmocka_unit_test(edited_values_outlive_the_pass),   cmocka_unit_test(graphs_at_random),
        cmocka_unit_test(same_graph_same_plan),
    };
    return cmocka_run_group_tests_name("prepare", tests, NULL, NULL);
}
