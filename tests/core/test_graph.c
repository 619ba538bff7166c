/* building graphs: errors, sites, roots. */
#include "core_test.h"

#include <stdio.h>
#include <string.h>

#include "failing_alloc.h"
#include "ops/ops.h"

typedef struct fixture {
    kedge_context *ctx;
    kedge_graph *graph;
    kedge_node *x; /* an input of 3 rows */
} fixture;

static int open_graph(void **state)
{
    static fixture f;
    f.ctx = plain_context();
    f.graph = graph_for(f.ctx, 20, true);
    f.x = kedge_graph_input(f.graph, "x", 3);
    *state = &f;
    return 0;
}

static int close_graph(void **state)
{
    fixture *f = *state;
    kedge_graph_free(f->graph);
    kedge_context_free(f->ctx);
    return 0;
}

/* The plan fails with this. */
static void assert_refused(fixture *f, kedge_status status, const char *message)
{
    kedge_fail(KEDGE_EIO, "something else in between");
    assert_int_equal(kedge_graph_plan(f->graph), status);
    assert_string_equal(kedge_error(), message);
}

static void batches_have_a_size(void **state)
{
    fixture *f = *state;
    kedge_graph *graph = NULL;
    assert_int_equal(kedge_graph_create(&graph, f->ctx, 0, false), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "a graph for 0 samples at a time; 1 to 16777216 are possible");
    assert_int_equal(kedge_graph_create(&graph, f->ctx, (1 << 24) + 1, false), KEDGE_EINVALID);
    assert_null(graph);
}

static void null_gives_null(void **state)
{
    fixture *f = *state;
    assert_null(unary(&op_wave, NULL));
    assert_null(binary(&op_add, f->x, NULL));
    assert_null(binary(&op_add, NULL, f->x));
    assert_null(kedge_graph_site(NULL, "a"));
    assert_int_equal(kedge_graph_root(NULL), -1);
    kedge_graph_keep(NULL);
    kedge_graph_free(NULL);
    assert_int_equal(f->graph->status, KEDGE_OK); /* an error is where it came up, not where it passes */
}

static void the_first_error_comes_out(void **state)
{
    fixture *f = *state;
    kedge_node *other = kedge_graph_input(f->graph, "other", 4);
    assert_null(unary(&op_wave, binary(&op_add, f->x, other)));
    assert_int_equal(kedge_graph_root(f->x), -1); /* another one */
    assert_refused(f, KEDGE_EINVALID, "add: operand 1 has 4 rows, not 3");
}

static void shapes_that_do_not_fit(void **state)
{
    fixture *f = *state;
    static float values[64];
    kedge_node *w = kedge_graph_param(f->graph, "w", 4, 5, values, NULL);
    kedge_node *b = kedge_graph_param(f->graph, "b", 4, 1, values, NULL);
    assert_null(kedge_linear(f->x, w, b));
    assert_refused(f, KEDGE_EINVALID, "linear: weights (4,5) do not fit an input of 3 rows");
}

static void operands_are_counted(void **state)
{
    fixture *f = *state;
    assert_null(unary(&op_gain, f->x));
    assert_refused(f, KEDGE_EINVALID, "gain: takes 2 operands, got 1");
}

static void any_number_of_operands(void **state)
{
    fixture *f = *state;
    kedge_node *many[10];
    for (int i = 0; i < 10; i++) many[i] = f->x;
    kedge_node *sum = kedge_graph_add(&op_add, NULL, 0, 10, many);
    assert_non_null(sum);
    assert_int_equal(sum->n_in, 10);
    assert_int_equal(f->x->consumers, 10);
}

static void attributes_are_copied(void **state)
{
    fixture *f = *state;
    int forward, backward;
    counted own = {2, &forward, &backward};
    kedge_node *node = kedge_graph_add(&op_count, &own, sizeof own, 1, &f->x);
    own.factor = 3;
    assert_true(((const counted *)node->attributes)->factor == 2);
}

static void a_planned_graph_is_closed(void **state)
{
    fixture *f = *state;
    unary(&op_wave, f->x);
    assert_int_equal(kedge_graph_plan(f->graph), KEDGE_OK);
    assert_null(unary(&op_wave, f->x));
    assert_string_equal(kedge_error(), "the graph is planned; no node can be added");
}

/* ---- sites ---- */
static void sites_are_found_by_name(void **state)
{
    fixture *f = *state;
    char name[] = "bottleneck";
    kedge_node *z = unary(&op_wave, f->x);
    assert_ptr_equal(kedge_graph_site(z, name), z);
    name[0] = 'x'; /* the graph has its own copy */
    const kedge_site *site = kedge_graph_find_site(f->graph, "bottleneck");
    assert_non_null(site);
    assert_ptr_equal(site->node, z);
    assert_ptr_equal(site->edited, z);
    assert_string_equal(z->name, "bottleneck");
    assert_null(kedge_graph_find_site(f->graph, "bottle"));
}

static void two_sites_of_one_name(void **state)
{
    fixture *f = *state;
    assert_non_null(kedge_graph_site(unary(&op_wave, f->x), "a"));
    assert_null(kedge_graph_site(unary(&op_soft, f->x), "a"));
    assert_refused(f, KEDGE_EINVALID, "site 'a' is there already");
}

static void one_node_may_be_two_sites(void **state)
{
    fixture *f = *state;
    kedge_node *z = unary(&op_wave, f->x);
    assert_ptr_equal(kedge_graph_site(kedge_graph_site(z, "pre-norm"), "bottleneck"), z);
    assert_ptr_equal(kedge_graph_find_site(f->graph, "pre-norm")->node, z);
    assert_ptr_equal(kedge_graph_find_site(f->graph, "bottleneck")->node, z);
}

typedef struct edit {
    const char *site;
    int forward, backward, asked;
} edit;

/* Triples the value at one site. */
static kedge_node *triple(kedge_node *node, const char *site, void *payload)
{
    edit *self = payload;
    self->asked++;
    return strcmp(site, self->site) == 0 ? count(node, 3, &self->forward, &self->backward) : node;
}

static void a_hook_edits_a_site(void **state)
{
    fixture *f = *state;
    edit self = {.site = "b"};
    static float gain[3] = {1, 2, 4}, gradient[3];
    kedge_graph_on_site(f->graph, triple, &self);
    kedge_node *p = kedge_graph_param(f->graph, "p", 3, 1, gain, gradient);
    kedge_node *a = kedge_graph_site(binary(&op_gain, f->x, p), "a");
    kedge_node *b = kedge_graph_site(unary(&op_wave, a), "b"), *loss = unary(&op_total, b);
    assert_int_equal(kedge_graph_root(loss), 0);
    assert_int_equal(self.asked, 2);
    const kedge_site *site = kedge_graph_find_site(f->graph, "b");
    assert_ptr_equal(site->edited, b);
    assert_ptr_equal(b->in[0], site->node);
    assert_int_equal(kedge_graph_plan(f->graph), KEDGE_OK);
    for (int j = 0; j < 3; j++)
        for (int i = 0; i < f->x->ld; i++) AT(f->x, val, j, i) = 0.1f * (float)(i + 1);
    kedge_graph_forward(f->graph, 2, 1);
    assert_true(AT(site->edited, val, 2, 1) == 3 * AT(site->node, val, 2, 1)); /* both stay readable */
    kedge_graph_backward(f->graph, &(float){1}, 1);
    assert_int_equal(self.forward, 1);
    assert_int_equal(self.backward, 1);
    for (int j = 0; j < 3; j++) {
        double g = (double)gain[j], want = 0;
        for (int i = 1; i <= 2; i++) want += 3 * cos(g * 0.1 * i) * 0.1 * i;
        assert_true(fabs((double)gradient[j] - want) < 1e-6);
    }
}

static kedge_node *refuse(kedge_node *node, const char *site, void *payload)
{
    (void)payload;
    kedge_fail(KEDGE_EINVALID, "no edit fits '%s'", site);
    return kedge_graph_error(node->graph, KEDGE_EINVALID);
}

static void a_hook_may_fail(void **state)
{
    fixture *f = *state;
    kedge_graph_on_site(f->graph, refuse, NULL);
    assert_null(unary(&op_wave, kedge_graph_site(f->x, "a")));
    assert_refused(f, KEDGE_EINVALID, "no edit fits 'a'");
}

/* ---- roots ---- */
static void roots_are_scalars(void **state)
{
    fixture *f = *state;
    assert_int_equal(kedge_graph_root(f->x), -1);
    assert_refused(f, KEDGE_EINVALID, "a loss must be a scalar, not (3,-1)");
}

static void roots_are_numbered_up_to_a_limit(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < KEDGE_MAX_ROOTS; i++) assert_int_equal(kedge_graph_root(unary(&op_total, f->x)), i);
    assert_int_equal(kedge_graph_root(unary(&op_total, f->x)), -1);
    assert_refused(f, KEDGE_EINVALID, "too many losses in one graph; at most 64");
}

/* ---- memory ---- */
static kedge_status build_all(kedge_context *ctx, kedge_graph **out)
{
    static float gain[3], gradient[3];
    kedge_status status = kedge_graph_create(out, ctx, 20, true);
    if (status) return status;
    kedge_node *x = kedge_graph_input(*out, "x", 3), *p = kedge_graph_param(*out, "p", 3, 1, gain, gradient);
    for (int i = 0; i < 40; i++) {
        char name[16];
        snprintf(name, sizeof name, "site.%d", i);
        x = kedge_graph_site(binary(&op_gain, unary(&op_ripple, x), p), name);
    }
    kedge_graph_root(unary(&op_total, x));
    return kedge_graph_plan(*out);
}

/* y = relu(x) + x with a site at x; decoded again with (1, -2, 3) at the site. */
static void a_site_can_be_replayed(void **state)
{
    fixture *f = *state;
    const float place[] = {1, -2, 3};
    kedge_node *x = kedge_graph_site(f->x, "a");
    kedge_graph_output(kedge_relu(kedge_relu(x)));
    kedge_node *again = kedge_graph_replay(kedge_graph_find_site(f->graph, "a"),
                                           kedge_graph_constant(f->graph, 3, place));
    kedge_graph_keep(again);
    assert_int_equal(kedge_graph_plan(f->graph), KEDGE_OK);
    kedge_graph_forward(f->graph, 20, 0);
    for (int c = 0; c < KEDGE_CONSTANT_COLUMNS; c++) {
        assert_true(AT(again, val, 0, c) == 1.0f);
        assert_true(AT(again, val, 1, c) == 0.0f);
        assert_true(AT(again, val, 2, c) == 3.0f);
    }
}

static void a_replay_needs_an_output(void **state)
{
    fixture *f = *state;
    const float place[] = {1, -2, 3};
    kedge_graph_site(f->x, "a");
    assert_null(kedge_graph_replay(kedge_graph_find_site(f->graph, "a"), kedge_graph_constant(f->graph, 3, place)));
    assert_refused(f, KEDGE_EINVALID, "the graph has no output yet; nothing leads from site 'a' to it");
}

static void a_replay_needs_a_way_to_the_output(void **state)
{
    fixture *f = *state;
    const float place[] = {1, -2, 3};
    kedge_graph_output(kedge_relu(f->x));
    kedge_graph_site(kedge_relu(f->x), "aside");
    assert_null(kedge_graph_replay(kedge_graph_find_site(f->graph, "aside"),
                                   kedge_graph_constant(f->graph, 3, place)));
    assert_refused(f, KEDGE_EINVALID, "nothing leads from site 'aside' to the output");
}

/* y = relu(x) with a site behind it, of 19 points beside a batch of 20: more columns than 16. */
static void the_way_to_a_site_can_be_replayed(void **state)
{
    fixture *f = *state;
    float points[3 * 19];
    for (int i = 0; i < 3 * 19; i++) points[i] = (float)i - 10;
    kedge_graph_entry(f->x);
    kedge_graph_output(kedge_relu(kedge_graph_site(kedge_relu(f->x), "a")));
    kedge_node *again = kedge_graph_replay_to(kedge_graph_find_site(f->graph, "a"),
                                              kedge_graph_points(f->graph, 3, 19, points));
    kedge_graph_keep(again);
    assert_int_equal(kedge_graph_plan(f->graph), KEDGE_OK);
    assert_int_equal(kedge_node_live(again), 19);
    assert_int_equal(kedge_node_columns(again), 32);
    kedge_graph_forward(f->graph, 1, 0);
    for (int r = 0; r < 3; r++)
        for (int c = 0; c < 32; c++) {
            float x = points[r * 19 + (c < 19 ? c : 18)];
            assert_true(AT(again, val, r, c) == (x > 0 ? x : 0));
        }
}

static void points_without_values_are_zero_and_may_be_written(void **state)
{
    fixture *f = *state;
    kedge_node *points = kedge_graph_points(f->graph, 3, 2, NULL), *y = kedge_relu(points);
    kedge_graph_keep(y);
    assert_int_equal(kedge_graph_plan(f->graph), KEDGE_OK);
    for (int c = 0; c < 16; c++) assert_true(AT(points, val, 2, c) == 0);
    AT(points, val, 2, 1) = 5;
    kedge_graph_forward(f->graph, 20, 0);
    assert_true(AT(y, val, 2, 1) == 5 && AT(y, val, 2, 0) == 0);
}

static void a_replay_to_a_site_needs_an_input(void **state)
{
    fixture *f = *state;
    kedge_graph_site(f->x, "a");
    assert_null(kedge_graph_replay_to(kedge_graph_find_site(f->graph, "a"), kedge_graph_points(f->graph, 3, 2, NULL)));
    assert_refused(f, KEDGE_EINVALID, "nothing leads from the input to site 'a'");
}

static void targets_have_as_many_points(void **state)
{
    fixture *f = *state;
    kedge_node *y = kedge_graph_points(f->graph, 3, 2, NULL), *target = kedge_graph_points(f->graph, 3, 4, NULL);
    assert_null(kedge_mse(y, target, NULL));
    assert_refused(f, KEDGE_EINVALID, "mse: an output of 2 points against a target of 4");
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_graph *graph = NULL;
        kedge_status status = kedge_context_create(&ctx, &options);
        if (status == KEDGE_OK) status = build_all(ctx, &graph);
        kedge_graph_free(graph);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        if (status == KEDGE_OK) break;
        assert_int_equal(strncmp(kedge_error(), "out of memory for ", 18), 0);
    }
}

int main(void)
{
#define GRAPH_TEST(test) cmocka_unit_test_setup_teardown(test, open_graph, close_graph)
    const struct CMUnitTest tests[] = {
        GRAPH_TEST(batches_have_a_size),
        GRAPH_TEST(null_gives_null),
        GRAPH_TEST(the_first_error_comes_out),
        GRAPH_TEST(shapes_that_do_not_fit),
        GRAPH_TEST(operands_are_counted),
        GRAPH_TEST(any_number_of_operands),
        GRAPH_TEST(attributes_are_copied),
        GRAPH_TEST(a_planned_graph_is_closed),
        GRAPH_TEST(sites_are_found_by_name),
        GRAPH_TEST(two_sites_of_one_name),
        GRAPH_TEST(one_node_may_be_two_sites),
        GRAPH_TEST(a_hook_edits_a_site),
        GRAPH_TEST(a_hook_may_fail),
        GRAPH_TEST(roots_are_scalars),
        GRAPH_TEST(roots_are_numbered_up_to_a_limit),
        GRAPH_TEST(a_site_can_be_replayed), GRAPH_TEST(a_replay_needs_an_output),
        GRAPH_TEST(a_replay_needs_a_way_to_the_output),
        GRAPH_TEST(the_way_to_a_site_can_be_replayed),
        GRAPH_TEST(points_without_values_are_zero_and_may_be_written),
        GRAPH_TEST(a_replay_to_a_site_needs_an_input),
        GRAPH_TEST(targets_have_as_many_points), cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
