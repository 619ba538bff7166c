/* Every operation: values and gradients against double, on every set of kernels, for batches that fill vectors and
 * batches that do not. */
#include "copy_op.h"

#include <math.h>
#include <string.h>

#include "gradient.h"

static const gradient_cases *const groups[] = {&model_cases, &edit_cases};
enum { GROUPS = sizeof groups / sizeof *groups };

/* A scalar root: sum of c x y with fixed random c, so that every entry of y's gradient is known. */
static kedge_status probe_shape(kedge_node *self)
{
    return kedge_shape_scalar(self);
}

static double coefficient(int row, int column)
{
    return sin(1.0 + 12.9898 * row + 78.233 * column);
}

static void probe_forward(kedge_node *self)
{
    self->val[0] = 0;
}

static void probe_backward(kedge_node *self)
{
    kedge_node *y = self->in[0];
    bool accumulate;
    float *dy = kedge_node_grad(y, &accumulate);
    int columns = y->cols == KEDGE_BATCH ? self->graph->n : y->cols;
    for (int j = 0; j < y->rows; j++)
        for (int i = 0; i < columns; i++) {
            bool counts = y->cols != KEDGE_BATCH || i < self->graph->live;
            float c = counts ? (float)coefficient(j, i) * self->grad[0] : 0;
            float *at = &dy[(size_t)j * (size_t)y->ld + (size_t)i];
            *at = accumulate ? *at + c : c;
        }
}

static const kedge_op probe = {
    .name = "probe", .n_in = 1, .shape = probe_shape, .forward = probe_forward, .backward = probe_backward,
};

/* An activation operand is a parameter too here, so that its gradient can be read. */
typedef struct built {
    kedge_graph *graph;
    kedge_node *in[CASE_OPERANDS], *out;
    float val[CASE_OPERANDS][CASE_NUMBERS], grad[CASE_OPERANDS][CASE_NUMBERS];
} built;

static double uniform(uint64_t *state, double low, double high)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(*state >> 11) * 0x1p-53;
}

static void make_unit(values *v, int operand)
{
    int rows = v->rows[operand], live = v->live;
    for (int i = 0; i < live; i++) {
        double sum = 0;
        for (int j = 0; j < rows; j++) sum += v->in[operand][j * live + i] * v->in[operand][j * live + i];
        for (int j = 0; j < rows; j++) v->in[operand][j * live + i] /= sqrt(sum);
    }
}

static void draw(const gradient_case *c, int live, uint64_t seed, values *v)
{
    memset(v, 0, sizeof *v);
    v->live = live;
    for (int o = 0; o < c->n_in; o++) {
        v->rows[o] = c->rows[o];
        v->cols[o] = c->cols[o];
        int columns = c->cols[o] ? c->cols[o] : live;
        for (int i = 0; i < c->rows[o] * columns; i++) v->in[o][i] = (float)uniform(&seed, c->low[o], c->high[o]);
        if (c->unit_operand == o + 1) make_unit(v, o);
        if (c->duplicate && !c->cols[o])
            for (int j = 0; j < c->rows[o]; j++) v->in[o][j * live + live - 1] = v->in[o][j * live];
    }
}

static void build(const gradient_case *c, kedge_context *ctx, const values *v, built *b)
{
    assert_int_equal(kedge_graph_create(&b->graph, ctx, v->live, true), KEDGE_OK);
    for (int o = 0; o < c->n_in; o++) {
        int columns = c->cols[o] ? c->cols[o] : v->live;
        for (int i = 0; i < c->rows[o] * columns; i++) b->val[o][i] = (float)v->in[o][i];
        kedge_node *leaf = kedge_graph_param(b->graph, "operand", c->rows[o], columns, b->val[o],
                                             c->constant[o] ? NULL : b->grad[o]);
        b->in[o] = c->cols[o] ? leaf : kedge_graph_add(&copy, NULL, 0, 1, &leaf);
    }
    b->out = c->build(b->in);
    assert_non_null(b->out);
    kedge_graph_keep(b->out);
    assert_int_equal(kedge_graph_root(kedge_graph_add(&probe, NULL, 0, 1, &b->out)), 0);
    assert_int_equal(kedge_graph_plan(b->graph), KEDGE_OK);
    kedge_graph_forward(b->graph, v->live, 1);
    kedge_graph_backward(b->graph, &(float){1}, 1);
}

static double probed(const gradient_case *c, values *v, int rows, int columns)
{
    c->meaning(v);
    double sum = 0;
    for (int j = 0; j < rows; j++)
        for (int i = 0; i < columns; i++) sum += coefficient(j, i) * v->out[j * columns + i];
    return sum;
}

static void check_values(const gradient_case *c, const built *b, values *v)
{
    c->meaning(v);
    int columns = b->out->cols == KEDGE_BATCH ? v->live : b->out->cols;
    double largest = 1e-3, bound = c->value_bound > 0 ? c->value_bound : 3e-6;
    for (int i = 0; i < b->out->rows * columns; i++) largest = fmax(largest, fabs(v->out[i]));
    for (int j = 0; j < b->out->rows; j++)
        for (int i = 0; i < columns; i++) {
            double want = v->out[j * columns + i], got = b->out->val[(size_t)j * (size_t)b->out->ld + (size_t)i];
            if (!(fabs(want - got) <= bound * largest))
                fail_msg("%s (%s), batch %d: value (%d,%d) is %.9g, should be %.9g", c->name,
                         b->graph->kern->name, v->live, j, i, got, want);
        }
}

typedef struct slopes {
    double at[CASE_OPERANDS][CASE_NUMBERS], largest[CASE_OPERANDS];
} slopes;

static int numbers(const gradient_case *c, const values *v, int operand)
{
    return c->rows[operand] * (c->cols[operand] ? c->cols[operand] : v->live);
}

/* Central differences of the meaning: the same for all kernels. */
static void differentiate(const gradient_case *c, values *v, int rows, int columns, slopes *want)
{
    for (int o = 0; o < c->n_in; o++) {
        want->largest[o] = 1e-6;
        for (int i = 0; !c->constant[o] && i < numbers(c, v, o); i++) {
            double x = v->in[o][i], h = 1e-5;
            v->in[o][i] = x + h;
            double above = probed(c, v, rows, columns);
            v->in[o][i] = x - h;
            double below = probed(c, v, rows, columns);
            v->in[o][i] = x;
            want->at[o][i] = (above - below) / (2 * h);
            want->largest[o] = fmax(want->largest[o], fabs(want->at[o][i]));
        }
    }
}

static void check_gradient(const gradient_case *c, const built *b, const values *v, const slopes *want)
{
    for (int o = 0; o < c->n_in; o++)
        for (int i = 0; !c->constant[o] && i < numbers(c, v, o); i++)
            if (!(fabs(want->at[o][i] - (double)b->grad[o][i]) <= c->bound * want->largest[o]))
                fail_msg("%s (%s), batch %d: gradient %d by operand %d is %.9g, should be %.9g (bound %g of %g)",
                         c->name, b->graph->kern->name, v->live, i, o, (double)b->grad[o][i], want->at[o][i], c->bound,
                         want->largest[o]);
}

static void test_batch(const gradient_case *c, int live, uint64_t seed)
{
    static values v;
    static built b;
    static slopes want;
    bool known = false;
    draw(c, live, seed, &v);
    for (int k = 0; kedge_kernels(k); k++) {
        if (!kedge_kernels_usable(kedge_kernels(k))) continue;
        kedge_context_options options = {.kernels = kedge_kernels(k)};
        kedge_context *ctx;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        build(c, ctx, &v, &b);
        check_values(c, &b, &v);
        if (!known) differentiate(c, &v, b.out->rows, b.out->cols == KEDGE_BATCH ? live : b.out->cols, &want);
        known = true;
        check_gradient(c, &b, &v, &want);
        kedge_graph_free(b.graph);
        kedge_context_free(ctx);
    }
}

static void test_case(void **state)
{
    const gradient_case *c = *state;
    static const int batches[] = {1, 2, 7, 16, 19, 33, 64};
    bool large = c->rows[0] * c->rows[1] > 1000; /* their differences take long: one odd batch and one full one */
    for (size_t s = 0; s < sizeof batches / sizeof *batches; s++) {
        if (c->duplicate && batches[s] < 3) continue;
        if (large && batches[s] != 19 && batches[s] != 64) continue;
        test_batch(c, batches[s], 17 + s);
    }
}

static void test_every_op_has_a_case(void **state)
{
    (void)state;
    for (int i = 0; kedge_ops[i]; i++) {
        int cases = 0;
        for (int g = 0; g < GROUPS; g++)
            for (int c = 0; c < groups[g]->n; c++) cases += groups[g]->at[c].op == kedge_ops[i];
        if (cases == 0) fail_msg("operation '%s' has no gradient case", kedge_ops[i]->name);
        if (!kedge_ops[i]->backward) fail_msg("operation '%s' has no backward", kedge_ops[i]->name);
    }
}

int main(void)
{
    struct CMUnitTest tests[64] = {{.name = "every op has a case", .test_func = test_every_op_has_a_case}};
    int n = 1;
    for (int g = 0; g < GROUPS; g++)
        for (int c = 0; c < groups[g]->n; c++)
            tests[n++] = (struct CMUnitTest){
                .name = groups[g]->at[c].name,
                .test_func = test_case,
                .initial_state = (void *)(uintptr_t)&groups[g]->at[c],
            };
    return _cmocka_run_group_tests("gradient", tests, (size_t)n, NULL, NULL);
}
