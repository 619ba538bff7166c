/* All kinds of edits: what they have in common, and the two that only scale and shift. */
#include "edit_fixture.h"

#include "failing_alloc.h"
#include "ops/ops.h"

static const double slanted[] = {0.3, -2, 0.7, 1.1};
static const int64_t some_dims[] = {2, 0};

/* One of each kind, that changes about half of what it meets. */
static kedge_edit_options example(int kind)
{
    return (kedge_edit_options){.kind = kind, .site = "bottleneck", .direction = {4, slanted}, .from = 90, .to = 30,
                                .strength = 1, .power = 0.5, .map = KEDGE_MAP_BEZIER, .dims = {2, some_dims}};
}

static void every_kind_is_described(void **state)
{
    (void)state;
    assert_int_equal(kedge_n_edit_kinds(), 4);
    for (int i = 0; i < kedge_n_edit_kinds(); i++) {
        const kedge_edit_kind *kind = kedge_edit_kinds[i];
        assert_non_null(kind->build);
        assert_true(strlen(kind->variant.name) > 0 && strlen(kind->variant.doc) > 0 && kind->variant.n_fields > 0);
        for (int f = 0; f < kind->variant.n_fields; f++) assert_true(strlen(kind->variant.fields[f].doc) > 0);
    }
    assert_null(kedge_edit_kinds[4]);
}

static void zeroed_dims_are_zero(void **state)
{
    (void)state;
    kedge_edit_options edit = example(edit_kind("zero"));
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        columns from = random_columns(4), to;
        from.z[3][0] = INFINITY;
        from.z[4][2] = NAN;
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++) assert_true(to.z[i][0] == 0 && to.z[i][2] == 0);
    }
}

static void other_dims_stay_to_the_bit(void **state)
{
    (void)state;
    kedge_edit_options edit = example(edit_kind("zero"));
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        columns from = random_columns(4), to;
        for (int i = 0; i < from.n; i += 2) from.z[i][1] = i % 4 ? -0.0f : 1e-42f;
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++) from.z[i][0] = from.z[i][2] = 0;
        for (int i = 0; i < from.n; i++) assert_same_column(&to, &from, i);
    }
}

/* Whatever the direction's own length, even if no number holds its square. */
static void the_strength_is_the_length_added(void **state)
{
    static const double lengths[] = {1, 1e-300, 1e300};
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    for (int l = 0; l < 3; l++) {
        double direction[4];
        columns from = random_columns(4), to;
        kedge_edit_options edit = example(edit_kind("add"));
        for (int d = 0; d < 4; d++) direction[d] = slanted[d] * lengths[l];
        edit.direction.at = direction;
        edit.strength = -2.5;
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++)
            for (int d = 0; d < 4; d++) {
                double want = (double)from.z[i][d] - 2.5 * slanted[d] / ref_length(4, slanted);
                assert_true(fabs((double)to.z[i][d] - want) <= 5e-7);
            }
    }
    kedge_context_free(ctx);
}

static void no_such_dim(void **state)
{
    static const int64_t dims[] = {1, 4};
    (void)state;
    kedge_edit_options edit = example(edit_kind("zero"));
    edit.dims.at = dims;
    edit_refused(&edit, 4, "zero: dim 4; site 'bottleneck' has dims 0 to 3");
}

static void no_dims(void **state)
{
    (void)state;
    kedge_edit_options edit = example(edit_kind("zero"));
    edit.dims.n = 0;
    edit_refused(&edit, 4, "zero: 'dims' is empty; must name at least one");
}

static void a_direction_of_another_size(void **state)
{
    (void)state;
    kedge_edit_options edit = example(edit_kind("add"));
    edit_refused(&edit, 5, "add: 'direction' has 4 numbers; site 'bottleneck' has 5 dims");
    edit = example(edit_kind("suppress"));
    edit_refused(&edit, 3, "suppress: 'direction' has 4 numbers; site 'bottleneck' has 3 dims");
}

static void no_direction(void **state)
{
    static const double nothing[] = {0, -0.0, 0, 0};
    (void)state;
    kedge_edit_options edit = example(edit_kind("repel"));
    edit.direction.at = nothing;
    edit_refused(&edit, 4, "repel: 'direction' is all 0; must have a number that is not");
}

/* What is not finite is nobody's direction, and harms no other column. */
static void infinite_columns_keep_to_themselves(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    for (int kind = 0; kedge_edit_kinds[kind]; kind++) {
        columns from = random_columns(4), to, want;
        kedge_edit_options edit = example(kind);
        edit_ok(ctx, &edit, &from, &want);
        from.z[17][1] = INFINITY;
        from.z[18][3] = NAN;
        edit_ok(ctx, &edit, &from, &to);
        for (int i = 0; i < from.n; i++)
            if (i != 17 && i != 18) assert_same_column(&to, &want, i);
    }
    kedge_context_free(ctx);
}

/* ---- gradients: z is a parameter, one column a sample; the roots are sums over the edited z and over z itself ---- */
typedef struct trained {
    kedge_graph *graph;
    float *z, *grad; /* [4][16] */
} trained;

static kedge_status widen_shape(kedge_node *self)
{
    self->rows = self->in[0]->rows;
    self->cols = KEDGE_BATCH;
    return KEDGE_OK;
}

static void widen_forward(kedge_node *self)
{
    memcpy(self->val, self->in[0]->val, (size_t)self->rows * 16 * sizeof(float));
}

static void widen_backward(kedge_node *self)
{
    bool accumulate;
    float *grad = kedge_node_grad(self->in[0], &accumulate);
    assert_false(accumulate);
    memcpy(grad, self->grad, (size_t)self->rows * 16 * sizeof(float));
}

/* A parameter of 16 columns as an activation of 16 samples. */
static const kedge_op widen = {
    .name = "widen", .n_in = 1, .shape = widen_shape, .forward = widen_forward, .backward = widen_backward,
};

static trained open_trained(kedge_context *ctx, const kedge_edit_options *edit)
{
    static float z[64], grad[64];
    static const float p[] = {0.5f, 1, -0.25f, 0.125f}, q[] = {-1, 0.5f, 0.75f, 1};
    trained t = {.z = z, .grad = grad};
    assert_int_equal(kedge_graph_create(&t.graph, ctx, 16, true), KEDGE_OK);
    kedge_node *leaf = kedge_graph_param(t.graph, "z", 4, 16, z, grad);
    kedge_node *node = kedge_graph_add(&widen, NULL, 0, 1, &leaf);
    kedge_node *edited = kedge_edit_kinds[edit->kind]->build(edit, node);
    assert_int_equal(kedge_graph_root(kedge_mean(kedge_project(edited, p, 1, 0, -INFINITY), NULL)), 0);
    assert_int_equal(kedge_graph_root(kedge_mean(kedge_project(node, q, 1, 0, -INFINITY), NULL)), 1);
    assert_int_equal(kedge_graph_plan(t.graph), KEDGE_OK);
    return t;
}

static void gradient_of(const trained *t, uint64_t active, float *to)
{
    kedge_graph_forward(t->graph, 16, active);
    kedge_graph_backward(t->graph, (const float[]){1, 1}, active);
    memcpy(to, t->grad, 64 * sizeof(float));
}

/* Where something else reads the same activation, gradients add up. */
static void gradients_add_up(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int kind = 0; kedge_edit_kinds[kind]; kind++) {
            kedge_edit_options edit = example(kind);
            trained t = open_trained(ctx, &edit);
            columns from = random_columns(4);
            float one[64], other[64], both[64];
            for (int i = 0; i < 64; i++) t.z[i] = from.z[i % 16][i / 16];
            gradient_of(&t, 1, one);
            gradient_of(&t, 2, other);
            gradient_of(&t, 3, both);
            for (int i = 0; i < 64; i++) assert_true(fabsf(both[i] - one[i] - other[i]) <= 1e-6f);
            kedge_graph_free(t.graph);
        }
}

/* Nothing, almost nothing, parallel, antipodal, across, exactly where the edit begins. */
static void gradients_are_finite(void **state)
{
    static const double powers[] = {0, 0.01, 1, 3.5}, axis[] = {1, 0, 0, 0};
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int c = 0; c < 4 * 4 * 2; c++) {
            kedge_edit_options edit = example(c % 4);
            edit.power = powers[c / 4 % 4];
            edit.from = 60;
            if (c >= 16) edit.direction.at = axis;
            columns from = odd_columns(4, c >= 16 ? axis : slanted);
            from.z[from.n++][0] = 1; /* the last: at 60 degrees from the axis */
            for (int d = 0; d < 4; d++) from.z[from.n - 1][d] = 0.5f;
            trained t = open_trained(ctx, &edit);
            for (int first = 0; first < from.n; first += 16) {
                float grad[64];
                for (int i = 0; i < 64; i++) t.z[i] = first + i % 16 < from.n ? from.z[first + i % 16][i / 16] : 1;
                gradient_of(&t, 1, grad);
                for (int i = 0; i < 64; i++)
                    if (!isfinite(grad[i])) fail_msg("case %d, column %d: %g", c, first + i % 16, (double)grad[i]);
            }
            kedge_graph_free(t.graph);
        }
}

/* repel 'to' 0 is the identity, and so is its gradient; parallel columns are no exception. */
static void nothing_changed_nothing_lost(void **state)
{
    (void)state;
    int k = 0;
    kedge_context *ctx = kernels_next(&k);
    kedge_edit_options turned = example(edit_kind("repel")), added = example(edit_kind("add"));
    columns from = odd_columns(4, slanted);
    float got[64], want[64];
    turned.to = added.strength = 0;
    for (int first = 0; first + 16 <= from.n; first += 16)
        for (int e = 0; e < 2; e++) {
            trained t = open_trained(ctx, e ? &added : &turned);
            for (int i = 0; i < 64; i++) t.z[i] = from.z[first + i % 16][i / 16];
            gradient_of(&t, 1, e ? want : got);
            kedge_graph_free(t.graph);
            if (e) assert_memory_equal(got, want, sizeof got);
        }
    kedge_context_free(ctx);
}

static void every_allocation_fails(void **state)
{
    (void)state;
    static columns from, to;
    kedge_edit_options edits[8];
    from = random_columns(4);
    for (int i = 0; i < 8; i++) edits[i] = example(i % 4);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_status status = kedge_context_create(&ctx, &options);
        if (!status) status = edit_columns(ctx, 8, edits, &from, &to);
        assert_int_equal(status, memory.requests >= n ? KEDGE_ENOMEM : KEDGE_OK);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_described),
        cmocka_unit_test(zeroed_dims_are_zero),
        cmocka_unit_test(other_dims_stay_to_the_bit),
        cmocka_unit_test(the_strength_is_the_length_added),
        cmocka_unit_test(no_such_dim),
        cmocka_unit_test(no_dims),
        cmocka_unit_test(a_direction_of_another_size),
        cmocka_unit_test(no_direction),
        cmocka_unit_test(infinite_columns_keep_to_themselves),
        cmocka_unit_test(gradients_add_up),
        cmocka_unit_test(gradients_are_finite),
        cmocka_unit_test(nothing_changed_nothing_lost),
        cmocka_unit_test(every_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
