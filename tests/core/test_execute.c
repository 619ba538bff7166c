/* running graphs: what is executed, how gradients add up, what batches of other sizes see. */
#include "core_test.h"

#include <string.h>

#include "ops/ops.h"

enum { ROWS = 3, BATCH = 20 };

typedef struct fixture {
    kedge_context *ctx;
    kedge_graph *graph;
    kedge_node *x, *p;
    float gain[ROWS], gradient[ROWS];
} fixture;

static void open_with(fixture *f, int batch, bool training)
{
    f->ctx = plain_context();
    f->graph = graph_for(f->ctx, batch, training);
    for (int j = 0; j < ROWS; j++) {
        f->gain[j] = 0.5f + 0.25f * (float)j;
        f->gradient[j] = 99;
    }
    f->x = kedge_graph_input(f->graph, "x", ROWS);
    f->p = kedge_graph_param(f->graph, "p", ROWS, 1, f->gain, training ? f->gradient : NULL);
}

static void close_all(fixture *f)
{
    kedge_graph_free(f->graph);
    kedge_context_free(f->ctx);
}

static double input_at(int row, int column)
{
    return sin(1 + 3 * row + 0.7 * column);
}

/* Plans, and fills the input: junk past live. */
static void ready(fixture *f, int live)
{
    assert_int_equal(kedge_graph_plan(f->graph), KEDGE_OK);
    for (int j = 0; j < ROWS; j++)
        for (int i = 0; i < f->x->ld; i++) AT(f->x, val, j, i) = i < live ? (float)input_at(j, i) : 1e3f;
}

static void assert_near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-5 * (1 + fabs(want)))) fail_msg("%.9g, should be %.9g", got, want);
}

static void several_consumers_add_up(void **state)
{
    (void)state;
    fixture f;
    open_with(&f, BATCH, true);
    kedge_node *y = binary(&op_gain, f.x, f.p); /* goes three ways */
    kedge_node *sum = kedge_graph_add(&op_add, NULL, 0, 3, (kedge_node *[]){unary(&op_wave, y), unary(&op_soft, y), y});
    kedge_graph_root(unary(&op_total, sum));
    ready(&f, BATCH);
    kedge_graph_forward(f.graph, BATCH, 1);
    kedge_graph_backward(f.graph, &(float){2}, 1);
    for (int j = 0; j < ROWS; j++) {
        double want = 0;
        for (int i = 0; i < BATCH; i++) {
            double x = input_at(j, i), y0 = x * (double)f.gain[j], soft = 1 / (1 + fabs(y0));
            want += 2 * x * (cos(y0) + soft * soft + 1);
        }
        assert_near((double)f.gradient[j], want);
    }
    close_all(&f);
}

static void one_operand_twice(void **state)
{
    (void)state;
    fixture f;
    open_with(&f, BATCH, true);
    kedge_node *y = binary(&op_gain, f.x, f.p);
    kedge_graph_root(unary(&op_total, binary(&op_add, y, y)));
    ready(&f, BATCH);
    kedge_graph_forward(f.graph, BATCH, 1);
    kedge_graph_backward(f.graph, &(float){1}, 1);
    for (int j = 0; j < ROWS; j++) {
        double want = 0;
        for (int i = 0; i < BATCH; i++) want += 2 * input_at(j, i);
        assert_near((double)f.gradient[j], want);
    }
    close_all(&f);
}

static void roots_are_weighted(void **state)
{
    (void)state;
    fixture f;
    open_with(&f, BATCH, true);
    kedge_node *y = binary(&op_gain, f.x, f.p), *loss = unary(&op_total, y);
    assert_int_equal(kedge_graph_root(loss), 0);
    assert_int_equal(kedge_graph_root(unary(&op_total, unary(&op_wave, y))), 1);
    assert_int_equal(kedge_graph_root(loss), 2); /* the same once more */
    ready(&f, BATCH);
    for (unsigned active = 1; active < 8; active++) {
        const float weights[] = {0.5f, -3, 0.25f};
        kedge_graph_forward(f.graph, BATCH, active);
        kedge_graph_backward(f.graph, weights, active);
        for (int j = 0; j < ROWS; j++) {
            double want = 0;
            for (int i = 0; i < BATCH; i++) {
                double x = input_at(j, i);
                want += (active & 1 ? 0.5 * x : 0) + (active & 4 ? 0.25 * x : 0);
                want += active & 2 ? -3 * x * cos(x * (double)f.gain[j]) : 0;
            }
            assert_near((double)f.gradient[j], want);
        }
    }
    close_all(&f);
}

static void inactive_roots_cost_nothing(void **state)
{
    (void)state;
    fixture f;
    int calls[4][2] = {{0}};
    open_with(&f, BATCH, true);
    kedge_node *shared = count(binary(&op_gain, f.x, f.p), 1, &calls[0][0], &calls[0][1]);
    kedge_node *own = count(shared, 1, &calls[1][0], &calls[1][1]);
    kedge_graph_root(unary(&op_total, count(own, 1, &calls[2][0], &calls[2][1])));
    kedge_graph_root(unary(&op_total, count(shared, 1, &calls[3][0], &calls[3][1])));
    ready(&f, BATCH);
    static const int want[][4] = {{1, 1, 1, 0}, {1, 0, 0, 1}, {1, 1, 1, 1}};
    for (unsigned active = 1; active <= 3; active++) {
        memset(calls, 0, sizeof calls);
        kedge_graph_forward(f.graph, BATCH, active);
        kedge_graph_backward(f.graph, (const float[]){1, 1}, active);
        for (int k = 0; k < 4; k++) {
            assert_int_equal(calls[k][0], want[active - 1][k]);
            assert_int_equal(calls[k][1], want[active - 1][k]);
        }
    }
    close_all(&f);
}

/* An output that no loss looks at is computed, with all that it needs, whatever is active. */
static void outputs_without_a_root_are_always_there(void **state)
{
    (void)state;
    fixture f;
    open_with(&f, BATCH, true);
    kedge_node *hidden = unary(&op_wave, f.x), *output = unary(&op_soft, hidden);
    kedge_graph_keep(output);
    kedge_graph_root(unary(&op_total, binary(&op_gain, hidden, f.p)));
    kedge_graph_root(unary(&op_total, binary(&op_gain, f.x, f.p)));
    ready(&f, BATCH);
    for (unsigned active = 0; active < 4; active++) {
        for (int i = 0; i < BATCH; i++) AT(f.x, val, 0, i) = (float)(active + 1) * 0.1f;
        kedge_graph_forward(f.graph, BATCH, active);
        double y = sin((active + 1) * 0.1);
        assert_near((double)AT(output, val, 0, 5), y / (1 + y));
    }
    close_all(&f);
}

static void what_nothing_reached_has_no_gradient(void **state)
{
    (void)state;
    fixture f;
    float own[ROWS] = {1, 1, 1}, own_gradient[ROWS], idle_gradient[ROWS] = {7, 7, 7};
    open_with(&f, BATCH, true);
    kedge_node *q = kedge_graph_param(f.graph, "q", ROWS, 1, own, own_gradient);
    kedge_graph_param(f.graph, "idle", ROWS, 1, own, idle_gradient);
    kedge_graph_root(unary(&op_total, binary(&op_gain, f.x, f.p)));
    kedge_graph_root(unary(&op_total, binary(&op_gain, f.x, q)));
    ready(&f, BATCH);
    for (int turn = 0; turn < 4; turn++) {
        unsigned active = turn % 2 ? 2 : 1;
        kedge_graph_forward(f.graph, BATCH, active);
        kedge_graph_backward(f.graph, (const float[]){1, 1}, active);
        for (int j = 0; j < ROWS; j++) {
            assert_true((f.gradient[j] == 0) == (active == 2));
            assert_true((own_gradient[j] == 0) == (active == 1));
            assert_true(idle_gradient[j] == 0);
        }
    }
    close_all(&f);
}

static void frozen_parameters_stay_out(void **state)
{
    (void)state;
    fixture f;
    int calls[2] = {0};
    float frozen[ROWS] = {2, 2, 2};
    open_with(&f, BATCH, true);
    kedge_node *q = kedge_graph_param(f.graph, "q", ROWS, 1, frozen, NULL);
    kedge_node *below = count(binary(&op_gain, f.x, q), 1, &calls[0], &calls[1]);
    kedge_graph_root(unary(&op_total, binary(&op_gain, below, f.p)));
    kedge_graph_root(unary(&op_total, below)); /* trains nothing */
    ready(&f, BATCH);
    kedge_graph_forward(f.graph, BATCH, 3);
    kedge_graph_backward(f.graph, (const float[]){1, 1}, 3);
    assert_int_equal(calls[0], 1);
    assert_int_equal(calls[1], 0); /* there is nothing to train below it */
    for (int j = 0; j < ROWS; j++) {
        double want = 0;
        for (int i = 0; i < BATCH; i++) want += 2 * input_at(j, i);
        assert_near((double)f.gradient[j], want);
    }
    close_all(&f);
}

/* Below it nothing is trained, and it is asked for when one root reaches it and when none does. */
static void a_kept_gradient_is_there_after_backward(void **state)
{
    (void)state;
    fixture f;
    float frozen[ROWS] = {2, 2, 2};
    open_with(&f, BATCH, true);
    kedge_node *q = kedge_graph_param(f.graph, "q", ROWS, 1, frozen, NULL);
    kedge_node *y = binary(&op_gain, f.x, q);
    kedge_graph_keep_grad(y);
    kedge_graph_root(unary(&op_total, unary(&op_soft, unary(&op_wave, y))));
    kedge_graph_root(unary(&op_total, binary(&op_gain, f.x, f.p)));
    ready(&f, BATCH);
    for (int turn = 0; turn < 4; turn++) {
        unsigned active = turn % 2 ? 2 : 1;
        kedge_graph_forward(f.graph, BATCH, active);
        kedge_graph_backward(f.graph, (const float[]){3, 1}, active);
        EACH(y, j, i) {
            double at = 2 * input_at(j, i), soft = 1 / (1 + fabs(sin(at)));
            if (i < BATCH) assert_near((double)AT(y, grad, j, i), active == 1 ? 3 * cos(at) * soft * soft : 0);
        }
    }
    close_all(&f);
}

/* A stack that uses all operations; returns the node before the loss. */
static kedge_node *stack(fixture *f)
{
    kedge_node *y = f->x;
    for (int i = 0; i < 3; i++) {
        y = binary(&op_gain, unary(&op_ripple, binary(&op_gain, y, f->p)), f->p); /* one parameter, six times */
        y = binary(&op_add, unary(&op_wave, y), unary(&op_soft, y));
    }
    kedge_graph_root(unary(&op_total, y));
    kedge_graph_keep(y);
    return y;
}

static void passes_leave_nothing_behind(void **state)
{
    (void)state;
    fixture f;
    float first[ROWS];
    open_with(&f, BATCH, true);
    stack(&f);
    ready(&f, BATCH);
    for (int turn = 0; turn < 3; turn++) {
        kedge_graph_forward(f.graph, BATCH, 1);
        kedge_graph_backward(f.graph, &(float){1}, 1);
        if (turn == 0) memcpy(first, f.gradient, sizeof first);
        assert_memory_equal(f.gradient, first, sizeof first);
    }
    close_all(&f);
}

static void inference_gives_the_values_of_training(void **state)
{
    (void)state;
    fixture a, b;
    open_with(&a, BATCH, true);
    open_with(&b, BATCH, false);
    kedge_node *y = stack(&a), *z = stack(&b);
    ready(&a, BATCH);
    ready(&b, BATCH);
    kedge_graph_forward(a.graph, BATCH, 1);
    kedge_graph_forward(b.graph, BATCH, 1);
    for (int j = 0; j < ROWS; j++) assert_memory_equal(&AT(y, val, j, 0), &AT(z, val, j, 0), BATCH * sizeof(float));
    assert_true(b.graph->block_size < a.graph->block_size / 2); /* values are needed until the next is there */
    close_all(&a);
    close_all(&b);
}

static void fewer_samples_than_fit(void **state)
{
    (void)state;
    fixture large, small;
    open_with(&large, 100, true);
    kedge_node *y = stack(&large);
    ready(&large, 100);
    static const int lives[] = {100, 1, 5, 16, 17, 40, 99, 100};
    for (int c = 0; c < 8; c++) {
        int live = lives[c];
        open_with(&small, live, true);
        kedge_node *z = stack(&small);
        ready(&small, live);
        for (int j = 0; j < ROWS; j++)
            for (int i = 0; i < 112; i++) AT(large.x, val, j, i) = i < live ? (float)input_at(j, i) : -50;
        kedge_graph_forward(large.graph, live, 1);
        kedge_graph_backward(large.graph, &(float){1}, 1);
        kedge_graph_forward(small.graph, live, 1);
        kedge_graph_backward(small.graph, &(float){1}, 1);
        for (int j = 0; j < ROWS; j++)
            assert_memory_equal(&AT(y, val, j, 0), &AT(z, val, j, 0), (size_t)live * sizeof(float));
        assert_memory_equal(large.gradient, small.gradient, sizeof small.gradient);
        close_all(&small);
    }
    close_all(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_consumers_add_up),
        cmocka_unit_test(one_operand_twice),
        cmocka_unit_test(roots_are_weighted),
        cmocka_unit_test(inactive_roots_cost_nothing),
        cmocka_unit_test(outputs_without_a_root_are_always_there),
        cmocka_unit_test(what_nothing_reached_has_no_gradient),
        cmocka_unit_test(frozen_parameters_stay_out),
        cmocka_unit_test(a_kept_gradient_is_there_after_backward),
        cmocka_unit_test(passes_leave_nothing_behind),
        cmocka_unit_test(inference_gives_the_values_of_training),
        cmocka_unit_test(fewer_samples_than_fit),
    };
    return cmocka_run_group_tests_name("execute", tests, NULL, NULL);
}
