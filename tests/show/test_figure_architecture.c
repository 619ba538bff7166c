/* test_figure_architecture.c - a recipe's network as a figure: its layers, and what acts at each. */
#include "../run/run_fixture.h"

#include "failing_alloc.h"
#include "kedge/draw.h"

static const char recipe[] =
    "data: {kind: rgb-grid, points: 3, batch: 8}\nlabels: {red: redness, vivid: vibrancy}\n"
    "model: {kind: autoencoder, hidden: [7, 5], bottleneck: 3, activation: tanh}\n"
    "terms:\n  pull: {kind: anchor, at: [0, -1, 0], labels: {red: 1, vivid: 0.5}}\n"
    "  unitarity: {kind: unitarity, site: pre-norm}\n  low: {kind: subspace, dims: [0, 2], site: decoder.1}\n"
    "  keep: {kind: captured-anchor, of: s == 0, site: encoder.1}\n"
    "schedule: {lr: 0.01, pull: 0.25, unitarity: 0.5}\nsteps: 3\n"
    "plans:\n  out: {edit: suppress, direction: [0, 1, 0], from: 60}\n  gone: {surgery: ablate, dims: [1]}\n";

/* The picture's bytes; the caller frees them. */
static char *picture_of(fixture *f, const kedge_draw_options *options)
{
    size_t length;
    put(f, "recipe.yaml", recipe);
    if (kedge_draw(f->ctx, "architecture", f->folder, options, in_folder(f, "a.svg"))) fail_msg("%s", kedge_error());
    return bytes_of(f, "a.svg", &length);
}

static void assert_says(const char *bytes, const char *words)
{
    if (!strstr(bytes, words)) fail_msg("the picture does not say '%s'", words);
}

static void layers_stand_in_order(void **state)
{
    char *bytes = picture_of(*state, NULL);
    assert_says(bytes, "A network of 8 layers, from input to output. "
                       "input: 3 features (r, g, b), 27 points of rgb-grid, 8 a step. "
                       "encoder.0: 7 units, tanh. encoder.1: 5 units, tanh; term keep: ");
    assert_says(bytes, " decoder.0: 5 units, tanh. decoder.1: 7 units, tanh; ");
    assert_says(bytes, " output: 3 numbers, linear; task task: mean squared error.");
    free(bytes);
}

static void terms_act_at_their_sites(void **state)
{
    char *bytes = picture_of(*state, NULL);
    assert_says(bytes, "encoder.1: 5 units, tanh; term keep: captured-anchor, of s == 0, weight 1. "
                       "pre-norm: 3 dims, any length; ");
    assert_says(bytes, "pre-norm: 3 dims, any length; term unitarity: on all samples, weight 0.5.");
    assert_says(bytes, "bottleneck: 3 dims, unit length; term pull: anchor, at (0, \xe2\x88\x92" "1, 0), on red and "
                       "0.5 x vivid, weight 0.25; ");
    assert_says(bytes, "decoder.1: 7 units, tanh; term low: subspace, dims 0, 2, on all samples, weight 1.");
    free(bytes);
}

static void plans_act_at_their_sites(void **state)
{
    char *bytes = picture_of(*state, NULL);
    assert_says(bytes, "; edit out: suppress, direction (0, 1, 0), from 60\xc2\xb0; surgery gone: ablate, dims 1.");
    free(bytes);
}

static void only_the_plans_that_are_named_are_drawn(void **state)
{
    static const char *const one[] = {"gone"};
    char *bytes = picture_of(*state, &(kedge_draw_options){.plans = one, .n_plans = 1});
    assert_null(strstr(bytes, "edit out"));
    assert_says(bytes, "surgery gone");
    free(bytes);
}

static void the_range_of_a_weight_is_that_of_the_run(void **state)
{
    fixture *f = *state;
    size_t length;
    load_sheet(f, "STEP,lr,separate,anchor\n0,0.01,0.1,0.02\n20,0.02,0.1,0.3\n", "");
    if (kedge_draw(f->ctx, "architecture", f->recipe, NULL, in_folder(f, "a.svg"))) fail_msg("%s", kedge_error());
    char *bytes = bytes_of(f, "a.svg", &length);
    assert_says(bytes, "weight 0.1");
    assert_says(bytes, "weight 0.02 to 0.3");
    free(bytes);
}

static void an_unknown_plan_is_refused(void **state)
{
    static const char *const one[] = {"no"};
    fixture *f = *state;
    const kedge_draw_options options = {.plans = one, .n_plans = 1};
    put(f, "recipe.yaml", recipe);
    assert_int_equal(kedge_draw(f->ctx, "architecture", f->folder, &options, in_folder(f, "a.svg")), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "unknown plan 'no'"));
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    put(f, "recipe.yaml", recipe);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_draw(ctx, "architecture", f->folder, NULL, in_folder(f, "a.svg"));
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        assert_int_equal(kedge_is_file(in_folder(f, "a.svg")), status == KEDGE_OK);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(layers_stand_in_order),
        TEST(terms_act_at_their_sites),
        TEST(plans_act_at_their_sites),
        TEST(only_the_plans_that_are_named_are_drawn),
        TEST(the_range_of_a_weight_is_that_of_the_run),
        TEST(an_unknown_plan_is_refused),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
