/* test_figure_errors.c - errors by hue and by similarity, as figures. */
#include "figure_fixture.h"

#include <math.h>

static void by_hue_in_every_format_the_same_each_time(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_formats(f, model, "error-hue", NULL);
    kedge_model_free(model);
}

static void by_similarity_in_every_format_the_same_each_time(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_formats(f, model, "error-similarity", NULL);
    kedge_model_free(model);
}

/* The scores of plan i as the words must have them. */
static void assert_scores_are_said(kedge_model *model, const char *words, int i)
{
    kedge_evaluation *evaluation = NULL;
    kedge_plan_scores scores;
    char text[256];
    assert_int_equal(kedge_evaluate(&evaluation, model, NULL), KEDGE_OK);
    assert_int_equal(kedge_evaluation_plan(evaluation, i, &scores), 1);
    snprintf(text, sizeof text, "%s: E(red) is %.4f", scores.name, scores.damage);
    if (!strstr(words, text)) fail_msg("'%s' does not say '%s'", words, text);
    snprintf(text, sizeof text, "r %.4f, r^2 %.4f with similarity(red)^2", scores.r, scores.r2);
    if (!strstr(words, text)) fail_msg("'%s' does not say '%s'", words, text);
    kedge_evaluation_free(evaluation);
}

static void words_have_the_scores_of_every_plan(void **state)
{
    static const char *const figures[] = {"error-hue", "error-similarity"};
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    for (int figure = 0; figure < 2; figure++)
        for (int i = 0; i < 3; i++) assert_scores_are_said(model, figure_words(f, model, figures[figure], NULL), i);
    kedge_model_free(model);
}

static void the_baseline_stands_beside_a_named_plan(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"ablated"};
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "error-hue", &(kedge_draw_options){.plans = plans, .n_plans = 1});
    assert_non_null(strstr(words, "in 2 panels"));
    assert_non_null(strstr(words, "baseline: E is"));
    assert_non_null(strstr(words, "ablated: E(red)"));
    kedge_model_free(model);
}

/* For the target's own power r^2 of the line is the plan's; the best power's is no less. */
static void the_best_power_fits_no_worse(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"suppressed"};
    kedge_evaluation *evaluation = NULL;
    kedge_plan_scores scores;
    kedge_model *model = figure_model_with_plans(f);
    assert_int_equal(kedge_evaluate(&evaluation, model, NULL), KEDGE_OK);
    kedge_evaluation_plan(evaluation, 0, &scores);
    const char *words = figure_words(f, model, "error-similarity",
                                     &(kedge_draw_options){.plans = plans, .n_plans = 1});
    const char *found = strstr(words, "with r^2 ");
    assert_non_null(found);
    assert_true(strtod(found + 9, NULL) >= scores.r2 - 0.0001);
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

/* Formulas of several parts stand in brackets, and have no power 1. */
static void other_targets_are_told_as_they_are(void **state)
{
    fixture *f = *state;
    load_good(f, "plans:\n  out: {edit: suppress, direction: [1, 0, 0], from: 90, target: 2*similarity(red)^2+1}\n"
                 "  low: {edit: suppress, direction: [1, 0, 0], from: 90, target: redness-2}\n");
    kedge_model *model = figure_model(f);
    const char *words = figure_words(f, model, "error-similarity", NULL);
    assert_non_null(strstr(words, " (2*similarity(red)^2+1); the power that fits best is "));
    assert_non_null(strstr(words, " (redness-2); redness-2 is below 0 somewhere, so that no power is fitted."));
    kedge_model_free(model);
}

static void similarity_without_plans_is_refused(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_model *model = figure_model(f);
    figure_check_refused(f, model, "error-similarity", NULL, "is made of a plan; its recipe has none");
    kedge_model_free(model);
}

static void similarity_of_the_baseline_is_refused(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"baseline"};
    kedge_model *model = figure_model_with_plans(f);
    figure_check_refused(f, model, "error-similarity", &(kedge_draw_options){.plans = plans, .n_plans = 1},
                         "name one of its plans, not 'baseline'");
    kedge_model_free(model);
}

static void similarity_without_a_target_is_refused(void **state)
{
    fixture *f = *state;
    load_good(f, "plans: {ablated: {surgery: ablate, dims: [0]}}\n");
    kedge_model *model = figure_model(f);
    figure_check_refused(f, model, "error-similarity", NULL, "no plan here has a target");
    kedge_model_free(model);
}

static void errors_by_hue_need_no_target(void **state)
{
    fixture *f = *state;
    load_good(f, "plans: {ablated: {surgery: ablate, dims: [0]}}\n");
    kedge_model *model = figure_model(f);
    assert_non_null(strstr(figure_words(f, model, "error-hue", NULL), "ablated: it has no target."));
    kedge_model_free(model);
}

static void data_that_are_no_colours_are_refused(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_of_table(f);
    figure_check_refused(f, model, "error-hue", NULL, "gives colours back; its data are csv");
    figure_check_refused(f, model, "error-similarity", NULL, "gives colours back; its data are csv");
    kedge_model_free(model);
}

static void outputs_that_are_no_numbers_are_told(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    model->params.values[0] = NAN;
    assert_int_equal(kedge_draw_model(model, "error-hue", NULL, in_folder(f, "a.svg")), KEDGE_ENUMERIC);
    kedge_model_free(model);
}

static void by_hue_survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "error-hue", "picture.svg");
}

static void by_similarity_survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "error-similarity", "picture.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_hue_in_every_format_the_same_each_time),
        TEST(by_similarity_in_every_format_the_same_each_time),
        TEST(words_have_the_scores_of_every_plan),
        TEST(the_baseline_stands_beside_a_named_plan),
        TEST(the_best_power_fits_no_worse),
        TEST(other_targets_are_told_as_they_are),
        TEST(similarity_without_plans_is_refused),
        TEST(similarity_of_the_baseline_is_refused),
        TEST(similarity_without_a_target_is_refused),
        TEST(errors_by_hue_need_no_target),
        TEST(data_that_are_no_colours_are_refused),
        TEST(outputs_that_are_no_numbers_are_told),
        TEST(by_hue_survives_each_failed_allocation),
        TEST(by_similarity_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
