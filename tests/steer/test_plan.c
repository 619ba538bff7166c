/* Plans: edits and surgery in order, on one model after another. */
#include "edit_fixture.h"

#include "failing_alloc.h"
#include "steer/plan.h"

static const int64_t widths[] = {16, 9}, dim_0[] = {0}, dim_1[] = {1};
static const double slanted[] = {0.3, -2, 0.7, 1.1};

typedef struct fixture {
    kedge_context *ctx;
    kedge_dataset *dataset;
    kedge_params params;
    kedge_model_options model;
} fixture;

static kedge_status open(fixture *f, kedge_context *ctx)
{
    kedge_data_options data = {.kind = KEDGE_DATA_RGB_GRID, .points = 4, .batch = 1};
    kedge_errors errors;
    kedge_errors_init(&errors);
    *f = (fixture){.ctx = ctx};
    f->model = (kedge_model_options){.hidden = {2, widths}, .bottleneck = 4, .normalize = true};
    f->dataset = kedge_dataset_create(ctx, &data, NULL, &errors);
    if (!f->dataset) return kedge_errors_status(&errors);
    kedge_params_init(&f->params, ctx);
    kedge_status status = kedge_model_declare(&f->model, 3, 3, &f->params);
    if (!status) status = kedge_params_allocate(&f->params);
    if (!status) kedge_params_draw(&f->params, 11);
    return status;
}

static void close(fixture *f)
{
    kedge_params_release(&f->params);
    kedge_dataset_free(f->dataset);
}

static fixture *one(void)
{
    static fixture f;
    kedge_context *ctx;
    kedge_context_options options = {.kernels = "ref", .threads = 1};
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    assert_int_equal(open(&f, ctx), KEDGE_OK);
    return &f;
}

static void close_one(fixture *f)
{
    close(f);
    kedge_context_free(f->ctx);
}

static kedge_plan_step edit(const char *kind, const char *site)
{
    return (kedge_plan_step){.edit = {.kind = edit_kind(kind), .site = site, .direction = {4, slanted}, .from = 90,
                                      .to = 30, .strength = 1, .dims = {1, dim_1}}};
}

static int surgery_kind(const char *name)
{
    for (int i = 0; kedge_surgery_kinds[i]; i++)
        if (strcmp(kedge_surgery_kinds[i]->variant.name, name) == 0) return i;
    fail_msg("no kind of surgery is called '%s'", name);
    return -1;
}

static kedge_plan_step surgery(const char *kind)
{
    return (kedge_plan_step){.is_surgery = true,
                             .surgery = {.kind = surgery_kind(kind), .site = "bottleneck", .dims = {1, dim_0}}};
}

/* A plan, run. */
static kedge_plan *run(const fixture *f, const kedge_plan_options *options)
{
    kedge_plan *plan = NULL;
    if (kedge_plan_create(&plan, f->ctx, options, &f->model, (kedge_params *)(uintptr_t)&f->params, f->dataset) ||
        kedge_plan_run(plan))
        fail_msg("%s", kedge_error());
    return plan;
}

static kedge_plan *run_steps(const fixture *f, kedge_plan_options *options, int n, kedge_plan_step *steps)
{
    *options = (kedge_plan_options){.name = "p", .n_steps = n, .steps = steps};
    return run(f, options);
}

/* Latents of the points as columns. */
static columns latents_of(const kedge_plan *plan)
{
    const kedge_evaluator *evaluator = kedge_plan_evaluator(plan);
    columns c = {.dims = evaluator->n_latents, .n = evaluator->dataset->points};
    for (int i = 0; i < c.n; i++)
        memcpy(c.z[i], evaluator->latents + i * c.dims, (size_t)c.dims * sizeof(float));
    return c;
}

static void assert_latents(const columns *got, const columns *want)
{
    for (int i = 0; i < want->n; i++) assert_same_column(got, want, i);
}

static size_t output_bytes(const fixture *f)
{
    return (size_t)f->dataset->points * 3 * sizeof(float);
}

static void a_plan_without_steps_is_the_model(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_options options;
    kedge_plan *plan = run_steps(f, &options, 0, NULL);
    kedge_evaluator *evaluator;
    kedge_status status = kedge_evaluator_create(&evaluator, f->ctx, &f->model, &f->params, f->dataset, NULL, NULL);
    assert_int_equal(status, KEDGE_OK);
    kedge_evaluator_run(evaluator);
    assert_memory_equal(kedge_plan_evaluator(plan)->outputs, evaluator->outputs, output_bytes(f));
    assert_ptr_equal(kedge_plan_params(plan), &f->params);
    kedge_evaluator_free(evaluator);
    kedge_plan_free(plan);
    close_one(f);
}

/* To the bit, for every two kinds, on all kernels; the second edit meets columns that are not of unit length. */
static void two_edits_are_one_after_the_other(void **state)
{
    (void)state;
    fixture f;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        assert_int_equal(open(&f, ctx), KEDGE_OK);
        for (int pair = 0; pair < kedge_n_edit_kinds() * kedge_n_edit_kinds(); pair++) {
            kedge_plan_step steps[2] = {edit(kedge_edit_kinds[pair / 4]->variant.name, "bottleneck"),
                                        edit(kedge_edit_kinds[pair % 4]->variant.name, "bottleneck")};
            kedge_plan_options options[2];
            kedge_plan *first = run_steps(&f, &options[0], 1, steps), *both = run_steps(&f, &options[1], 2, steps);
            columns half = latents_of(first), got = latents_of(both), want;
            edit_ok(ctx, &steps[1].edit, &half, &want);
            assert_latents(&got, &want);
            kedge_plan_free(first);
            kedge_plan_free(both);
        }
        close(&f);
    }
}

static void order_counts(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_step steps[3] = {edit("add", "bottleneck"), edit("zero", "bottleneck"), edit("add", "bottleneck")};
    kedge_plan_options options[2];
    kedge_plan *last = run_steps(f, &options[0], 2, steps), *first = run_steps(f, &options[1], 2, steps + 1);
    columns zeroed = latents_of(last), added = latents_of(first);
    for (int i = 0; i < zeroed.n; i++) {
        assert_true(zeroed.z[i][1] == 0);
        assert_true(added.z[i][1] == added.z[0][1] && added.z[i][1] < -0.5f);
    }
    kedge_plan_free(last);
    kedge_plan_free(first);
    close_one(f);
}

/* Before the norm and after it: the one before is normalized away, wherever it stands in the plan. */
static void edits_at_two_sites(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_step steps[2] = {edit("add", "bottleneck"), edit("zero", "pre-norm")};
    kedge_plan_options options[2];
    kedge_plan *inner = run_steps(f, &options[0], 1, steps + 1), *both = run_steps(f, &options[1], 2, steps);
    columns half = latents_of(inner), got = latents_of(both), want;
    for (int i = 0; i < half.n; i++) {
        assert_true(half.z[i][1] == 0);
        assert_true(fabs(length_of(&half, i) - 1) <= 1e-6);
    }
    edit_ok(f->ctx, &steps[0].edit, &half, &want);
    assert_latents(&got, &want);
    kedge_plan_free(inner);
    kedge_plan_free(both);
    close_one(f);
}

/* What is removed before the norm reads 0 after it, though nothing there is of unit length. */
static void suppress_before_the_norm(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_step step = edit("suppress", "pre-norm");
    kedge_plan_options options;
    kedge_plan *plan = run_steps(f, &options, 1, &step);
    columns got = latents_of(plan);
    for (int i = 0; i < got.n; i++) assert_true(cosine_with(&got, i, slanted) <= 1e-6);
    kedge_plan_free(plan);
    close_one(f);
}

static void an_edit_of_a_hidden_layer(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_step step = edit("zero", "encoder.1");
    kedge_plan_options options;
    kedge_plan *plan = run_steps(f, &options, 1, &step), *want;
    columns edited = latents_of(plan), as_if;
    kedge_plan_free(plan);
    const kedge_param *weight = kedge_params_find(&f->params, "encoder.4.weight"); /* reads that layer */
    for (int j = 0; j < weight->rows; j++) f->params.values[weight->offset + (size_t)(j * weight->cols) + 1] = 0;
    want = run_steps(f, &options, 0, NULL);
    as_if = latents_of(want);
    assert_latents(&edited, &as_if);
    kedge_plan_free(want);
    close_one(f);
}

/* On one run after another: the numbers of now, by any steps. */
static void parameters_are_read_at_each_run(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_step steps[3] = {surgery("ablate"), surgery("reflect"), edit("suppress", "bottleneck")};
    kedge_plan_options options[2];
    kedge_plan *old = run_steps(f, &options[0], 3, steps);
    kedge_params_draw(&f->params, 12);
    assert_int_equal(kedge_plan_run(old), KEDGE_OK);
    kedge_plan *fresh = run_steps(f, &options[1], 3, steps);
    assert_memory_equal(kedge_plan_evaluator(old)->outputs, kedge_plan_evaluator(fresh)->outputs, output_bytes(f));
    kedge_plan_free(old);
    kedge_plan_free(fresh);
    close_one(f);
}

static void the_model_stays_as_it_is(void **state)
{
    (void)state;
    fixture *f = one();
    float before[1024];
    kedge_plan_step steps[4] = {surgery("ablate"), surgery("reflect"), surgery("prune"), surgery("ablate")};
    kedge_plan_options options;
    assert_true(f->params.size <= 1024);
    memcpy(before, f->params.values, f->params.size * sizeof *before);
    kedge_plan *plan = run_steps(f, &options, 4, steps);
    assert_memory_equal(f->params.values, before, f->params.size * sizeof *before);
    assert_int_equal(f->model.bottleneck, 4);
    kedge_plan_free(plan);
    close_one(f);
}

/* Each operation works on what those before it left: dims 0 and then 0 again are the first two. */
static void surgery_in_order(void **state)
{
    static const int64_t both[] = {0, 1};
    (void)state;
    fixture *f = one();
    kedge_plan_step twice[2] = {surgery("prune"), surgery("prune")}, once = surgery("ablate");
    kedge_plan_options options[2];
    once.surgery.dims = (kedge_ints){2, both};
    kedge_plan *pruned = run_steps(f, &options[0], 2, twice), *ablated = run_steps(f, &options[1], 1, &once);
    assert_int_equal(kedge_plan_model(pruned)->bottleneck, 2);
    assert_int_equal(kedge_plan_evaluator(pruned)->n_latents, 2);
    const float *got = kedge_plan_evaluator(pruned)->outputs, *want = kedge_plan_evaluator(ablated)->outputs;
    for (int i = 0; i < 3 * f->dataset->points; i++) assert_true(fabsf(got[i] - want[i]) <= 1e-6f);
    kedge_plan_free(pruned);
    kedge_plan_free(ablated);
    close_one(f);
}

static void surgery_then_an_edit(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_step steps[2] = {surgery("prune"), edit("suppress", "bottleneck")};
    kedge_plan_options options[2];
    steps[1].edit.direction = (kedge_reals){3, slanted};
    kedge_plan *pruned = run_steps(f, &options[0], 1, steps), *both = run_steps(f, &options[1], 2, steps);
    columns half = latents_of(pruned), got = latents_of(both), want;
    edit_ok(f->ctx, &steps[1].edit, &half, &want);
    assert_latents(&got, &want);
    kedge_plan_free(pruned);
    kedge_plan_free(both);
    close_one(f);
}

/* No surgery sees an edit: its place among those that keep shapes does not matter. */
static void surgery_after_an_edit_comes_first(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_plan_step steps[3] = {edit("add", "bottleneck"), surgery("redirect"), edit("add", "bottleneck")};
    kedge_plan_options options[2];
    kedge_plan *after = run_steps(f, &options[0], 2, steps), *before = run_steps(f, &options[1], 2, steps + 1);
    assert_memory_equal(kedge_plan_evaluator(after)->outputs, kedge_plan_evaluator(before)->outputs, output_bytes(f));
    kedge_plan_free(after);
    kedge_plan_free(before);
    close_one(f);
}

static void refused(int n, kedge_plan_step *steps, const char *message)
{
    fixture *f = one();
    kedge_plan_options options = {.name = "p", .n_steps = n, .steps = steps};
    kedge_plan *plan = NULL;
    assert_int_equal(kedge_plan_create(&plan, f->ctx, &options, &f->model, &f->params, f->dataset), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
    assert_null(plan);
    close_one(f);
}

static void an_edit_before_a_prune(void **state)
{
    (void)state;
    kedge_plan_step steps[3] = {surgery("ablate"), edit("zero", "bottleneck"), surgery("prune")};
    refused(3, steps, "plan 'p': step 2 edits dims that step 3, 'prune', would renumber; must come after it");
}

static void an_unknown_site(void **state)
{
    (void)state;
    kedge_plan_step step = edit("zero", "botleneck");
    refused(1, &step, "plan 'p': zero: unknown site 'botleneck'; did you mean 'bottleneck'?");
    step = edit("add", "resid.3");
    refused(1, &step, "plan 'p': add: unknown site 'resid.3'; must be 'bottleneck', 'pre-norm', 'encoder.N' or "
                      "'decoder.N'");
}

static void an_edit_that_does_not_fit(void **state)
{
    (void)state;
    kedge_plan_step step = edit("suppress", "encoder.1");
    refused(1, &step, "plan 'p': suppress: 'direction' has 4 numbers; site 'encoder.1' has 9 dims");
}

static void surgery_that_does_not_fit(void **state)
{
    static const int64_t dims[] = {4};
    (void)state;
    kedge_plan_step step = surgery("ablate");
    step.surgery.dims.at = dims;
    fixture *f = one();
    kedge_plan_options options = {.name = "p", .n_steps = 1, .steps = &step};
    kedge_plan *plan = NULL;
    assert_int_equal(kedge_plan_create(&plan, f->ctx, &options, &f->model, &f->params, f->dataset), KEDGE_EINVALID);
    assert_memory_equal(kedge_error(), "plan 'p': ablate: ", 18);
    close_one(f);
}

static void running_edits_allocates_nothing(void **state)
{
    (void)state;
    failing_alloc memory = {0};
    kedge_context_options context = failing_alloc_options(&memory);
    kedge_context *ctx;
    fixture f;
    kedge_plan_step steps[3] = {edit("suppress", "bottleneck"), edit("repel", "pre-norm"), edit("add", "encoder.0")};
    kedge_plan_options options;
    steps[2] = edit("zero", "encoder.0");
    assert_int_equal(kedge_context_create(&ctx, &context), KEDGE_OK);
    assert_int_equal(open(&f, ctx), KEDGE_OK);
    kedge_plan *plan = run_steps(&f, &options, 3, steps);
    size_t before = memory.requests;
    assert_int_equal(kedge_plan_run(plan), KEDGE_OK);
    assert_int_equal(memory.requests, before);
    kedge_plan_free(plan);
    close(&f);
    kedge_context_free(ctx);
    assert_int_equal(memory.in_use, 0);
}

static kedge_status whole_life(kedge_context *ctx)
{
    fixture f;
    kedge_plan_step steps[5] = {surgery("redirect"), surgery("constant"), surgery("prune"),
                                edit("suppress", "bottleneck"), edit("repel", "pre-norm")};
    kedge_plan_options options = {.name = "p", .n_steps = 5, .steps = steps};
    kedge_plan *plan = NULL;
    steps[3].edit.direction.n = steps[4].edit.direction.n = 3;
    kedge_status status = open(&f, ctx);
    if (!status) status = kedge_plan_create(&plan, ctx, &options, &f.model, &f.params, f.dataset);
    if (!status) status = kedge_plan_run(plan);
    kedge_plan_free(plan);
    close(&f);
    return status;
}

static void every_allocation_fails(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_status status = kedge_context_create(&ctx, &options);
        if (!status) status = whole_life(ctx);
        assert_int_equal(status, memory.requests >= n ? KEDGE_ENOMEM : KEDGE_OK);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_without_steps_is_the_model),
        cmocka_unit_test(two_edits_are_one_after_the_other),
        cmocka_unit_test(order_counts),
        cmocka_unit_test(edits_at_two_sites),
        cmocka_unit_test(suppress_before_the_norm),
        cmocka_unit_test(an_edit_of_a_hidden_layer),
        cmocka_unit_test(parameters_are_read_at_each_run),
        cmocka_unit_test(the_model_stays_as_it_is),
        cmocka_unit_test(surgery_in_order),
        cmocka_unit_test(surgery_then_an_edit),
        cmocka_unit_test(surgery_after_an_edit_comes_first),
        cmocka_unit_test(an_edit_before_a_prune),
        cmocka_unit_test(an_unknown_site),
        cmocka_unit_test(an_edit_that_does_not_fit),
        cmocka_unit_test(surgery_that_does_not_fit),
        cmocka_unit_test(running_edits_allocates_nothing),
        cmocka_unit_test(every_allocation_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
