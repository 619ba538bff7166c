/* test_figure_colours.c - what a plan makes of all colours, as a figure. */
#include "figure_fixture.h"

static void written_in_every_format_the_same_each_time(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_formats(f, model, "colours", NULL);
    kedge_model_free(model);
}

/* Pure red is colour 0 of the full slice: its error is what the evaluation says of red. */
static void words_have_the_largest_error_of_the_evaluation(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    const char *plans[] = {"ablated"};
    kedge_evaluation *evaluation = NULL;
    assert_int_equal(kedge_evaluate(&evaluation, model, &(kedge_evaluate_options){.plans = plans, .n_plans = 1}), 0);
    double most = 0;
    const float *inputs, *outputs;
    const double *errors;
    int n = kedge_evaluation_points(evaluation, 0, &inputs, &outputs, &errors), where = 0;
    for (int i = 0; i < n; i++)
        if (inputs[3 * i] + inputs[3 * i + 1] + inputs[3 * i + 2] < 3 && errors[i] > most) most = errors[where = i];
    assert_true(most > 0.01);
    const char *words = figure_words(f, model, "colours", &(kedge_draw_options){.plans = plans, .n_plans = 1});
    const char *found = strstr(words, "saturation 1: mean error ");
    assert_non_null(found);
    /* The slice has colours that the points lack, so it may be more. */
    assert_true(strtod(strstr(found, "at most ") + 8, NULL) >= most - 0.0001);
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

static void words_name_the_scored_plan_unless_another_is_asked_for(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"baseline"};
    kedge_model *model = figure_model_with_plans(f);
    assert_non_null(strstr(figure_words(f, model, "colours", NULL), "seed 0, suppressed."));
    assert_non_null(strstr(figure_words(f, model, "colours", &(kedge_draw_options){.plans = plans, .n_plans = 1}),
                           "seed 0, baseline."));
    kedge_model_free(model);
}

static void a_model_without_plans_is_shown_as_it_is(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_model *model = figure_model(f);
    assert_non_null(strstr(figure_words(f, model, "colours", NULL), "seed 0, baseline."));
    kedge_model_free(model);
}

static void several_plans_stand_side_by_side(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"suppressed", "ablated", "baseline"};
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "colours", &(kedge_draw_options){.plans = plans, .n_plans = 3});
    const char *first = strstr(words, "baseline, saturation 1"), *last = strstr(words, "ablated, saturation 0");
    assert_non_null(strstr(words, "in 12 slices"));
    assert_true(first && last && first < last);
    kedge_model_free(model);
}

static void width_is_what_was_asked_for(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_draw(f, model, "colours", &(kedge_draw_options){.width = 250}, "a.png");
    assert_int_equal(figure_width(f, "a.png"), 500);
    kedge_model_free(model);
}

static void data_that_are_no_colours_are_refused(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_of_table(f);
    figure_check_refused(f, model, "colours", NULL,
                         "figure 'colours' is made of a model that gives colours back; its data are csv");
    kedge_model_free(model);
}

static void an_unknown_plan_is_refused(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"ablate"};
    kedge_model *model = figure_model_with_plans(f);
    figure_check_refused(f, model, "colours", &(kedge_draw_options){.plans = plans, .n_plans = 1},
                         "unknown plan 'ablate'; did you mean 'ablated'?");
    kedge_model_free(model);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "colours", "picture.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(written_in_every_format_the_same_each_time),
        TEST(words_have_the_largest_error_of_the_evaluation),
        TEST(words_name_the_scored_plan_unless_another_is_asked_for),
        TEST(a_model_without_plans_is_shown_as_it_is),
        TEST(several_plans_stand_side_by_side),
        TEST(width_is_what_was_asked_for),
        TEST(data_that_are_no_colours_are_refused),
        TEST(an_unknown_plan_is_refused),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
