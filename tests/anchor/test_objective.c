/* The objective: which terms count in a step, how labels are mixed, and what is refused. */
#include "kernels.h"
#include "objective_fixture.h"

static const double e0[] = {1, 0}, e0_of_3[] = {1, 0, 0};
static const int64_t hidden[] = {5}, second[] = {1}, third[] = {2};
static const char *const red[] = {"red"}, *const two[] = {"red", "vibrant"}, *const green[] = {"green"};
static const double one[] = {1}, half[] = {0.5}, strong[] = {0.75, 0.5};

typedef struct fixture {
    kedge_context *ctx;
    built b;
    kedge_term_options terms[2];
    double weights[2], rows[LABELS][REF_BATCH];
    recipe recipe;
} fixture;

static fixture f;

static int set_up(void **state)
{
    (void)state;
    kedge_context_options options = {.kernels = "ref", .threads = 1};
    f = (fixture){.weights = {0.5, 0.25}};
    f.recipe = (recipe){.model = {.hidden = {1, hidden}, .bottleneck = 2, .normalize = true}, .n_in = 3, .n_out = 3,
                        .terms = f.terms, .weights = f.weights};
    return kedge_context_create(&f.ctx, &options);
}

static int tear_down(void **state)
{
    (void)state;
    release(&f.b);
    kedge_context_free(f.ctx);
    return 0;
}

static kedge_term_options anchor(const char *name, kedge_weights labels)
{
    return (kedge_term_options){
        .name = name, .kind = kind_named("anchor"), .site = "bottleneck", .at = {2, e0}, .labels = labels};
}

static void make(int n_terms)
{
    f.recipe.n_terms = n_terms;
    build(&f.b, f.ctx, &f.recipe, 16, 3);
}

/* Seven samples; labels are as the test set them. */
static uint64_t step(void)
{
    static ref_rows x;
    uint64_t state = 9;
    for (int a = 0; a < 7; a++)
        for (int j = 0; j < 3; j++) x[a][j] = ref_uniform(&state, 0, 1);
    put_samples(f.b.input, 7, x);
    put_samples(f.b.target, 7, x);
    put_labels(&f.b, f.rows, 7);
    return pass(&f.b, &f.recipe, 7);
}

static void refused(const char *message)
{
    make(1);
    assert_int_equal(f.b.status, KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
}

static void unknown_site(void **state)
{
    (void)state;
    f.terms[0] = anchor("red-end", (kedge_weights){0});
    f.terms[0].site = "encoder.1";
    refused("term 'red-end': unknown site 'encoder.1'");
}

static void unknown_label(void **state)
{
    (void)state;
    f.terms[0] = anchor("green-end", (kedge_weights){1, green, one});
    refused("term 'green-end': unknown label 'green'");
}

static void anchor_of_the_wrong_length(void **state)
{
    (void)state;
    f.terms[0] = anchor("red-end", (kedge_weights){0});
    f.terms[0].at = (kedge_reals){3, e0_of_3};
    refused("term 'red-end': 'at' has 3 numbers; site 'bottleneck' has 2 dims");
}

static void anti_anchor_of_the_wrong_length(void **state)
{
    (void)state;
    f.terms[0] = anchor("other-end", (kedge_weights){0});
    f.terms[0].kind = kind_named("anti-anchor");
    f.terms[0].site = "encoder.0";
    refused("term 'other-end': 'at' has 2 numbers; site 'encoder.0' has 5 dims");
}

static void dim_beyond_the_site(void **state)
{
    (void)state;
    f.terms[0] = (kedge_term_options){
        .name = "plane", .kind = kind_named("subspace"), .site = "bottleneck", .dims = {1, third}};
    refused("term 'plane': dim 2; site 'bottleneck' has dims 0 to 1");
}

static void a_model_that_failed_is_no_error_of_the_objective(void **state)
{
    (void)state;
    f.recipe.terms = f.terms;
    make(0);
    kedge_objective objective;
    assert_int_equal(kedge_objective_build(&objective, NULL, f.b.target, 0, NULL, 0, NULL, false), KEDGE_OK);
}

static void task_alone(void **state)
{
    (void)state;
    make(0);
    assert_int_equal(f.b.status, KEDGE_OK);
    assert_int_equal(step(), 1);
}

static void terms_without_labels_are_active(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){0});
    f.terms[1] = anchor("b", (kedge_weights){0});
    make(2);
    assert_int_equal(step(), 7);
    assert_true(kedge_objective_value(&f.b.objective, 0, 7) == kedge_objective_value(&f.b.objective, 1, 7));
}

static void weight_zero_skips_a_term(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){0});
    f.terms[1] = anchor("b", (kedge_weights){0});
    f.weights[0] = 0;
    make(2);
    assert_int_equal(step(), 5);
    assert_true(kedge_objective_value(&f.b.objective, 0, 5) == 0);
}

/* Gradients of the present step; the model is the same each time. */
static float *gradients_of(int n_terms)
{
    make(n_terms);
    assert_int_equal(f.b.status, KEDGE_OK);
    step();
    float *copy = malloc(f.b.params.size * sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, f.b.params.gradients, f.b.params.size * sizeof *copy);
    release(&f.b);
    return copy;
}

static void skipped_terms_leave_no_trace(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){0});
    f.terms[1] = anchor("b", (kedge_weights){1, red, one});
    float *without = gradients_of(1), *with = gradients_of(2);
    make(1);
    assert_memory_equal(without, with, f.b.params.size * sizeof *with);
    free(without);
    free(with);
}

static void negative_weights_push(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){0});
    float *none = (f.weights[0] = 0, gradients_of(1)), *pull = (f.weights[0] = 0.5, gradients_of(1)),
          *push = (f.weights[0] = -0.5, gradients_of(1));
    make(1);
    for (size_t i = 0; i < f.b.params.size; i++)
        assert_true(fabsf((pull[i] - none[i]) + (push[i] - none[i])) <= 1e-6f);
    assert_true(fabsf(pull[0] - push[0]) > 1e-3f);
    free(none);
    free(pull);
    free(push);
}

static void no_labelled_sample_skips_a_term(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){1, red, one});
    make(1);
    assert_int_equal(step(), 1);
    assert_true(kedge_objective_value(&f.b.objective, 0, 1) == 0);
}

static void one_labelled_sample_is_the_loss(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){1, red, one});
    f.rows[0][4] = 1;
    make(1);
    assert_int_equal(step(), 3);
    const kedge_site *site = kedge_graph_find_site(f.b.graph, "bottleneck");
    assert_true(fabsf(kedge_objective_value(&f.b.objective, 0, 3) - (1 - site->node->val[4])) < 1e-6f);
}

static void one_label_is_used_as_it_is(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){1, red, one});
    f.terms[1] = anchor("b", (kedge_weights){1, red, one});
    make(2);
    assert_ptr_equal(f.b.objective.terms[0].row, f.b.objective.label_rows[0]);
    assert_ptr_equal(f.b.objective.terms[1].row, f.b.objective.label_rows[0]);
}

static void labels_that_no_term_uses_have_no_row(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){1, red, one});
    make(1);
    assert_non_null(f.b.objective.label_rows[0]);
    assert_null(f.b.objective.label_rows[1]);
    assert_null(f.b.objective.label_rows[2]);
}

static void affinities_are_added_and_end_at_one(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){2, two, strong});
    f.rows[0][0] = f.rows[0][1] = f.rows[1][1] = f.rows[1][2] = 1;
    f.rows[1][3] = 0.25;
    make(1);
    assert_int_equal(step(), 3);
    const float *row = f.b.objective.terms[0].row->val, want[] = {0.75f, 1, 0.5f, 0.125f, 0, 0, 0};
    for (int a = 0; a < 16; a++) assert_true(row[a] == (a < 7 ? want[a] : 0));
}

static void affinity_of_one_label_scales_it(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){1, red, half});
    f.rows[0][6] = 1;
    make(1);
    assert_int_equal(step(), 3);
    assert_true(f.b.objective.terms[0].row->val[6] == 0.5f);
    assert_true(f.b.objective.label_rows[0]->val[6] == 1);
}

static void mixed_labels_of_nobody_skip_a_term(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){2, two, strong});
    make(1);
    assert_int_equal(step(), 1);
}

static void a_kept_dim_may_be_named_at_any_site(void **state)
{
    (void)state;
    f.terms[0] = (kedge_term_options){
        .name = "plane", .kind = kind_named("subspace"), .site = "pre-norm", .dims = {1, second}};
    make(1);
    assert_int_equal(step(), 3);
    const kedge_site *site = kedge_graph_find_site(f.b.graph, "pre-norm");
    float sum = 0;
    for (int a = 0; a < 7; a++) sum += site->node->val[a] * site->node->val[a] / 7;
    assert_true(fabsf(kedge_objective_value(&f.b.objective, 0, 3) - sum) < 1e-6f);
}

/* ---- captured anchors ---- */

static const float points[] = {1, 0, 0.5f, 0, 1, 0.5f}; /* two: (1, 0.5, 1), (0, 0, 0.5) */

static void add_captured(const char *site, kedge_weights labels)
{
    f.terms[0] = (kedge_term_options){.name = "keep", .kind = kind_named("captured-anchor"), .site = site,
                                      .labels = labels, .reference = {2, 3, points}};
}

static void a_captured_anchor_waits_for_its_capture(void **state)
{
    (void)state;
    add_captured("bottleneck", (kedge_weights){0});
    make(1);
    assert_int_equal(f.b.status, KEDGE_OK);
    assert_int_equal(step(), 1);
    kedge_objective_capture(&f.b.objective, 0);
    assert_int_equal(step(), 3);
    kedge_objective_clear(&f.b.objective);
    assert_int_equal(step(), 1);
}

static void what_has_not_moved_since_has_no_loss(void **state)
{
    (void)state;
    add_captured("bottleneck", (kedge_weights){0});
    make(1);
    kedge_objective_capture(&f.b.objective, 0);
    assert_true(kedge_objective_value(&f.b.objective, 0, step()) == 0);
    f.b.params.values[0] += 0.5f;
    assert_true(kedge_objective_value(&f.b.objective, 0, step()) > 1e-4f);
    kedge_objective_capture(&f.b.objective, 0); /* the last one counts */
    assert_true(kedge_objective_value(&f.b.objective, 0, step()) == 0);
}

static void the_batch_does_not_move_a_captured_anchor(void **state)
{
    (void)state;
    add_captured("pre-norm", (kedge_weights){0});
    make(1);
    kedge_objective_capture(&f.b.objective, 0);
    f.b.params.values[0] += 0.5f;
    float first = kedge_objective_value(&f.b.objective, 0, step());
    for (int a = 0; a < 16; a++) f.b.input->val[a] = 0.125f * (float)a;
    assert_true(kedge_objective_value(&f.b.objective, 0, pass(&f.b, &f.recipe, 16)) == first);
}

static void other_terms_capture_nothing(void **state)
{
    (void)state;
    f.terms[0] = anchor("a", (kedge_weights){1, red, one});
    make(1);
    kedge_objective_capture(&f.b.objective, 0);
    assert_int_equal(step(), 1);
}

static void a_captured_anchor_has_no_labels(void **state)
{
    (void)state;
    add_captured("bottleneck", (kedge_weights){1, red, one});
    refused("term 'keep': acts on no sample; must have no labels");
}

static void a_captured_anchor_needs_points(void **state)
{
    (void)state;
    add_captured("bottleneck", (kedge_weights){0});
    f.terms[0].reference.n = 0;
    refused("term 'keep': has no reference points; must have at least one");
}

static void reference_points_have_the_features_of_the_model(void **state)
{
    (void)state;
    add_captured("bottleneck", (kedge_weights){0});
    f.terms[0].reference.n_features = 2;
    refused("term 'keep': its reference points are not what the model takes");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unknown_site),
        TEST(unknown_label),
        TEST(anchor_of_the_wrong_length),
        TEST(anti_anchor_of_the_wrong_length),
        TEST(dim_beyond_the_site),
        TEST(a_model_that_failed_is_no_error_of_the_objective),
        TEST(task_alone),
        TEST(terms_without_labels_are_active),
        TEST(weight_zero_skips_a_term),
        TEST(skipped_terms_leave_no_trace),
        TEST(negative_weights_push),
        TEST(no_labelled_sample_skips_a_term),
        TEST(one_labelled_sample_is_the_loss),
        TEST(one_label_is_used_as_it_is),
        TEST(labels_that_no_term_uses_have_no_row),
        TEST(affinities_are_added_and_end_at_one),
        TEST(affinity_of_one_label_scales_it),
        TEST(mixed_labels_of_nobody_skip_a_term),
        TEST(a_kept_dim_may_be_named_at_any_site),
        TEST(a_captured_anchor_waits_for_its_capture),
        TEST(what_has_not_moved_since_has_no_loss),
        TEST(the_batch_does_not_move_a_captured_anchor),
        TEST(other_terms_capture_nothing),
        TEST(a_captured_anchor_has_no_labels),
        TEST(a_captured_anchor_needs_points),
        TEST(reference_points_have_the_features_of_the_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
