/* test_evaluate.c - a model under its plans, as the public functions tell it. */
#include "run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "kedge/evaluate.h"
#include "kedge/surgery.h"

static const char plans[] =
    "plans:\n"
    "  gone: {edit: suppress, direction: [1, 0, 0]}\n"
    "  cut: {surgery: ablate, dims: [0], target: 1 - v}\n"
    "  aside: {edit: zero, dims: [2], target: similarity(blue)}\n"
    "score: {plan: gone, target: similarity(red)^2}\n";

static kedge_model *load_model(const fixture *f, const char *file)
{
    kedge_model *model = NULL;
    if (kedge_model_load(&model, f->ctx, in_folder(f, file))) fail_msg("%s", kedge_error());
    return model;
}

/* Seed 1 of the small recipe with plans. */
static kedge_model *model_of(fixture *f)
{
    load_good(f, plans);
    run_into(f, "out", 0);
    return load_model(f, "out/seed-1/model.safetensors");
}

static kedge_evaluation *evaluate(kedge_model *model, const kedge_evaluate_options *options)
{
    kedge_evaluation *evaluation = NULL;
    if (kedge_evaluate(&evaluation, model, options)) fail_msg("%s", kedge_error());
    return evaluation;
}

static double column(const kedge_summary *summary, long long row, const char *name)
{
    for (int i = 0; kedge_summary_name(summary, i); i++)
        if (strcmp(kedge_summary_name(summary, i), name) == 0) return kedge_summary_value(summary, row, i);
    fail_msg("no column '%s'", name);
    return NAN;
}

static void assert_same(double a, double b)
{
    if (!(a == b) && !(isnan(a) && isnan(b))) fail_msg("%.17g is not %.17g", a, b);
}

/* ---- numbers ---- */

static void scores_are_those_of_the_summary(void **state)
{
    fixture *f = *state;
    kedge_model *model = model_of(f);
    kedge_summary *summary;
    assert_int_equal(run(f, (kedge_run_options){.directory = "out"}, &summary), KEDGE_OK);
    kedge_evaluation *evaluation = evaluate(model, NULL);
    kedge_plan_scores gone, cut;
    double step;
    assert_int_equal(kedge_evaluation_plan(evaluation, 0, &gone), 1);
    assert_int_equal(kedge_evaluation_plan(evaluation, 1, &cut), 1);
    assert_same(kedge_evaluation_recon_mse(evaluation), column(summary, 1, "recon_mse"));
    assert_same(gone.r2, column(summary, 1, "score"));
    assert_same(gone.r, column(summary, 1, "r_gone"));
    assert_same(gone.damage, column(summary, 1, "damage_gone"));
    assert_same(gone.collateral, column(summary, 1, "collateral_gone"));
    assert_same(gone.opposite, column(summary, 1, "opposite_gone"));
    assert_same(gone.spoof, column(summary, 1, "spoof_gone"));
    assert_same(cut.bins[4], column(summary, 1, "bin4_cut"));
    assert_same(kedge_evaluation_verdict(evaluation, &step), column(summary, 1, "verdict"));
    assert_same(step, column(summary, 1, "verdict_step"));
    double increase, leak = column(summary, 1, "leak");
    assert_int_equal(kedge_evaluation_leak(evaluation, &increase), isnan(leak) ? KEDGE_LEAK_NONE : (int)leak);
    assert_true(isfinite(increase));
    kedge_evaluation_free(evaluation);
    kedge_summary_free(summary);
    kedge_model_free(model);
}

static void plans_have_names_targets_and_bins(void **state)
{
    fixture *f = *state;
    kedge_model *model = model_of(f);
    kedge_evaluation *evaluation = evaluate(model, NULL);
    kedge_plan_scores plan;
    kedge_evaluation_plan(evaluation, 0, &plan);
    assert_string_equal(plan.name, "gone");
    assert_string_equal(plan.target, "similarity(red)^2");
    assert_int_equal(plan.scored, 1);
    kedge_evaluation_plan(evaluation, 1, &plan);
    assert_string_equal(plan.target, "1 - v");
    assert_int_equal(plan.scored, 0);
    assert_true(isnan(plan.opposite) && isnan(plan.spoof));
    assert_int_equal(plan.bin_points[0], 19); /* v = 1 */
    assert_int_equal(plan.bin_points[2], 7);  /* v = 1/2 */
    assert_int_equal(plan.bin_points[4], 1);  /* black */
    assert_true(isnan(plan.bins[1]));
    assert_int_equal(kedge_evaluation_plan(evaluation, 3, &plan), 0);
    assert_int_equal(kedge_evaluation_plan(evaluation, -1, &plan), 0);
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

static void every_point_is_there(void **state)
{
    fixture *f = *state;
    kedge_model *model = model_of(f);
    kedge_evaluation *evaluation = evaluate(model, NULL);
    const float *inputs, *outputs, *raw_inputs, *latents, *raw;
    const double *errors;
    assert_int_equal(kedge_model_points(model, &raw_inputs, &latents, &raw), 27);
    for (int plan = -1; plan < 3; plan++) {
        assert_int_equal(kedge_evaluation_points(evaluation, plan, &inputs, &outputs, &errors), 27);
        for (int i = 0; i < 27; i++) {
            double sum = 0;
            for (int j = 0; j < 3; j++) {
                float y = outputs[3 * i + j], x = inputs[3 * i + j];
                assert_true(y >= 0 && y <= 1 && x == raw_inputs[3 * i + j]);
                if (plan < 0) assert_true(y == fminf(1, fmaxf(0, raw[3 * i + j])));
                sum += ((double)y - (double)x) * ((double)y - (double)x) / 3;
            }
            assert_true(fabs(sum - errors[i]) < 1e-12);
        }
    }
    assert_string_equal(kedge_evaluation_input_name(evaluation, 2), "b");
    assert_string_equal(kedge_evaluation_output_name(evaluation, 0), "r");
    assert_null(kedge_evaluation_input_name(evaluation, 3));
    assert_null(kedge_evaluation_output_name(evaluation, -1));
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

/* The grid's corners are named colours. */
static void colours_are_points_too(void **state)
{
    fixture *f = *state;
    kedge_model *model = model_of(f);
    kedge_evaluation *evaluation = evaluate(model, NULL);
    kedge_plan_scores gone;
    const float *inputs, *outputs;
    const double *errors;
    const char *name;
    double rgb[3];
    int n = 0;
    for (; kedge_evaluation_colour(evaluation, n, &name, rgb); n++) assert_true(rgb[0] >= 0 && rgb[0] <= 1);
    assert_int_equal(n, 17);
    kedge_evaluation_colour(evaluation, 0, &name, rgb);
    assert_string_equal(name, "red");
    kedge_evaluation_points(evaluation, -1, &inputs, &outputs, &errors);
    assert_true(fabs(kedge_evaluation_colour_error(evaluation, -1, 0) - errors[18]) < 1e-7);
    kedge_evaluation_plan(evaluation, 0, &gone);
    assert_true(fabs(kedge_evaluation_colour_error(evaluation, 0, 0) - gone.damage) < 1e-7);
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

static void an_ablated_model_is_what_the_plan_shows(void **state)
{
    fixture *f = *state;
    static const int dims[] = {0};
    kedge_model *model = model_of(f);
    kedge_surgery surgery = {.kind = "ablate", .dims = dims, .n_dims = 1};
    kedge_evaluation *before = evaluate(model, NULL);
    assert_int_equal(kedge_model_operate(model, &surgery, NULL), KEDGE_OK);
    kedge_evaluation *after = evaluate(model, NULL);
    for (int i = 0; i < 17; i++) {
        double planned = kedge_evaluation_colour_error(before, 1, i);
        double done = kedge_evaluation_colour_error(after, -1, i);
        assert_true(fabs(planned - done) < 1e-6);
    }
    assert_int_equal(kedge_evaluation_verdict(after, NULL), -1);
    kedge_evaluation_free(before);
    kedge_evaluation_free(after);
    kedge_model_free(model);
}

/* ---- choices ---- */

static void plans_can_be_chosen(void **state)
{
    fixture *f = *state;
    static const char *const names[] = {"aside", "baseline", "gone"};
    kedge_model *model = model_of(f);
    kedge_evaluation *all = evaluate(model, NULL);
    kedge_evaluation *some = evaluate(model, &(kedge_evaluate_options){.plans = names, .n_plans = 3});
    kedge_plan_scores a, b;
    assert_int_equal(kedge_evaluation_plan(some, 2, &a), 0);
    kedge_evaluation_plan(some, 0, &a);
    assert_string_equal(a.name, "aside");
    kedge_evaluation_plan(some, 1, &a);
    kedge_evaluation_plan(all, 0, &b);
    assert_int_equal(a.scored, 1);
    assert_same(a.r, b.r);
    assert_int_equal(kedge_evaluation_verdict(some, NULL), kedge_evaluation_verdict(all, NULL));
    kedge_evaluation_free(some);
    some = evaluate(model, &(kedge_evaluate_options){.plans = names, .n_plans = 2});
    assert_int_equal(kedge_evaluation_verdict(some, NULL), -1); /* the scored plan is not there */
    kedge_evaluation_free(some);
    kedge_evaluation_free(all);
    kedge_model_free(model);
}

static void assert_refused(kedge_model *model, const kedge_evaluate_options *options, const char *why)
{
    kedge_evaluation *evaluation = NULL;
    assert_int_equal(kedge_evaluate(&evaluation, model, options), KEDGE_EINVALID);
    assert_null(evaluation);
    if (!strstr(kedge_error(), why)) fail_msg("'%s' says not '%s'", kedge_error(), why);
}

static void unknown_plans_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const wrong[] = {"gon"}, *const twice[] = {"cut", "cut"};
    kedge_model *model = model_of(f);
    assert_refused(model, &(kedge_evaluate_options){.plans = wrong, .n_plans = 1},
                   "unknown plan 'gon'; did you mean 'gone'?");
    assert_refused(model, &(kedge_evaluate_options){.plans = twice, .n_plans = 2}, "plan 'cut' is named twice");
    kedge_model_free(model);
}

static void a_model_without_plans_takes_those_of_a_recipe(void **state)
{
    fixture *f = *state;
    static const char *const any[] = {"gone"};
    load_good(f, "");
    run_into(f, "bare", 0);
    kedge_model *model = load_model(f, "bare/seed-0/model.safetensors");
    kedge_evaluation *evaluation = evaluate(model, NULL);
    kedge_plan_scores plan;
    assert_int_equal(kedge_evaluation_plan(evaluation, 0, &plan), 0);
    assert_true(kedge_evaluation_colour_error(evaluation, -1, 0) > 0);
    kedge_evaluation_free(evaluation);
    assert_refused(model, &(kedge_evaluate_options){.plans = any, .n_plans = 1}, "unknown plan 'gone'; ");
    load_good(f, plans);
    evaluation = evaluate(model, &(kedge_evaluate_options){.recipe = f->loaded});
    assert_int_equal(kedge_evaluation_plan(evaluation, 2, &plan), 1);
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

static void data_of_other_widths_are_refused(void **state)
{
    fixture *f = *state;
    kedge_model *model = model_of(f);
    put(f, "data.csv", "a,b\n0,1\n1,0\n");
    put(f, "recipe.yaml", "data: {kind: csv, file: data.csv, features: [a, b], targets: [b], batch: 1}\n"
                          "model: {kind: autoencoder, bottleneck: 3}\nschedule: {lr: 0.1}\nsteps: 1\n");
    kedge_recipe_free(f->loaded);
    if (kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL)) fail_msg("%s", kedge_error());
    assert_refused(model, &(kedge_evaluate_options){.recipe = f->loaded},
                   "its data have 2 features and 1 target; the model takes 3 and gives 3");
    kedge_model_free(model);
}

static void plans_that_do_not_fit_are_refused_by_name(void **state)
{
    fixture *f = *state;
    static const int dims[] = {1};
    static const char *const none[] = {"baseline"};
    kedge_model *model = model_of(f);
    kedge_surgery surgery = {.kind = "prune", .dims = dims, .n_dims = 1};
    assert_int_equal(kedge_model_operate(model, &surgery, NULL), KEDGE_OK);
    assert_refused(model, NULL, "plan 'gone': ");
    kedge_evaluation *evaluation = evaluate(model, &(kedge_evaluate_options){.plans = none, .n_plans = 1});
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

/* Numbers in, other numbers out: no colours, nothing clamped. */
static void other_data_have_no_colours(void **state)
{
    fixture *f = *state;
    put(f, "data.csv", "a,b\n0,5\n1,-3\n2,9\n");
    put(f, "recipe.yaml", "data: {kind: csv, file: data.csv, features: [a], targets: [b], batch: 2}\n"
                          "model: {kind: autoencoder, hidden: [4], bottleneck: 2}\nschedule: {lr: 0.1}\nsteps: 200\n"
                          "plans: {none: {edit: zero, dims: [0, 1], target: a}}\nseeds: 1\n");
    kedge_recipe_free(f->loaded);
    if (kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL)) fail_msg("%s", kedge_error());
    run_into(f, "out", 0);
    kedge_model *model = load_model(f, "out/seed-0/model.safetensors");
    kedge_evaluation *evaluation = evaluate(model, NULL);
    const float *inputs, *outputs;
    const double *errors;
    const char *name;
    double rgb[3];
    kedge_plan_scores plan;
    assert_int_equal(kedge_evaluation_colour(evaluation, 0, &name, rgb), 0);
    assert_int_equal(kedge_evaluation_points(evaluation, 0, &inputs, &outputs, &errors), 3);
    assert_true(outputs[0] == outputs[1] && outputs[1] == outputs[2]);
    assert_true(errors[2] > 1 || errors[1] > 1);
    kedge_evaluation_plan(evaluation, 0, &plan);
    assert_int_equal(plan.bin_points[4], 2);
    assert_int_equal(kedge_evaluation_verdict(evaluation, NULL), -1);
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

/* ---- the best seed ---- */

static void the_best_seed_has_the_best_score(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    kedge_best_seed best = {0};
    load_good(f, plans);
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .seed_count = 5}, &summary), KEDGE_OK);
    assert_int_equal(kedge_evaluate_best(&best, f->ctx, in_folder(f, "out"), NULL), KEDGE_OK);
    assert_int_equal(best.of, 5);
    assert_string_equal(best.metric, "score");
    assert_same(best.value, column(summary, best.seed, "score"));
    for (int i = 0; i < 5; i++) assert_true(column(summary, i, "score") <= best.value);
    kedge_summary_free(summary);
}

static void without_a_score_reconstruction_decides(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    kedge_best_seed best = {0};
    load_good(f, "");
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .seed_count = 5}, &summary), KEDGE_OK);
    assert_int_equal(kedge_evaluate_best(&best, f->ctx, in_folder(f, "out"), NULL), KEDGE_OK);
    assert_string_equal(best.metric, "recon_mse");
    for (int i = 0; i < 5; i++) assert_true(column(summary, i, "recon_mse") >= best.value);
    load_good(f, plans);
    assert_int_equal(kedge_evaluate_best(&best, f->ctx, in_folder(f, "out"), f->loaded), KEDGE_OK);
    assert_string_equal(best.metric, "score");
    kedge_summary_free(summary);
}

static void spoilt_models_are_passed_over(void **state)
{
    fixture *f = *state;
    kedge_best_seed best = {0};
    load_good(f, plans);
    run_into(f, "out", 0);
    put(f, "out/seed-0/model.safetensors", "no model");
    assert_int_equal(kedge_evaluate_best(&best, f->ctx, in_folder(f, "out"), NULL), KEDGE_OK);
    assert_int_equal(best.seed, 1);
    assert_int_equal(best.of, 1);
    put(f, "out/seed-1/model.safetensors", "no model");
    assert_int_equal(kedge_evaluate_best(&best, f->ctx, in_folder(f, "out"), NULL), KEDGE_EIO);
    assert_non_null(strstr(kedge_error(), "no model in it that its recipe made"));
    assert_int_equal(kedge_evaluate_best(&best, f->ctx, in_folder(f, "nowhere"), NULL), KEDGE_EIO);
}

/* ---- memory ---- */

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(model_of(f));
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        options.kernels = "ref";
        kedge_context *ctx;
        kedge_model *model = NULL;
        kedge_evaluation *evaluation = NULL;
        kedge_best_seed best;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        assert_int_equal(kedge_model_load(&model, ctx, in_folder(f, "out/seed-1/model.safetensors")), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_evaluate(&evaluation, model, NULL);
        if (!status) status = kedge_evaluate_best(&best, ctx, in_folder(f, "out"), NULL);
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        kedge_evaluation_free(evaluation);
        kedge_model_free(model);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
    kedge_evaluation_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scores_are_those_of_the_summary),
        TEST(plans_have_names_targets_and_bins),
        TEST(every_point_is_there),
        TEST(colours_are_points_too),
        TEST(an_ablated_model_is_what_the_plan_shows),
        TEST(plans_can_be_chosen),
        TEST(unknown_plans_are_refused),
        TEST(a_model_without_plans_takes_those_of_a_recipe),
        TEST(data_of_other_widths_are_refused),
        TEST(plans_that_do_not_fit_are_refused_by_name),
        TEST(other_data_have_no_colours),
        TEST(the_best_seed_has_the_best_score),
        TEST(without_a_score_reconstruction_decides),
        TEST(spoilt_models_are_passed_over),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
