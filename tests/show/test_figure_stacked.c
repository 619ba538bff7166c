/* test_figure_stacked.c - plans side by side, each from three sides. */
#include "figure_fixture.h"

static void in_every_format_the_same_each_time(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_formats(f, model, "stacked", NULL);
    kedge_model_free(model);
}

static void words_have_the_scores_of_every_plan(void **state)
{
    fixture *f = *state;
    kedge_evaluation *evaluation = NULL;
    kedge_plan_scores scores;
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "stacked", NULL);
    assert_int_equal(kedge_evaluate(&evaluation, model, NULL), KEDGE_OK);
    assert_non_null(strstr(words, "baseline: E is"));
    for (int i = 0; kedge_evaluation_plan(evaluation, i, &scores); i++) {
        char expected[128];
        snprintf(expected, sizeof expected, "%s: E(red) is %.4f", scores.name, scores.damage);
        assert_non_null(strstr(words, expected));
    }
    kedge_evaluation_free(evaluation);
    kedge_model_free(model);
}

static void the_pair_of_dims_can_be_chosen(void **state)
{
    static const int pairs[][2] = {{2, 1}};
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "stacked", &(kedge_draw_options){.pairs = pairs, .n_pairs = 1});
    assert_non_null(strstr(words, "latents along z2 and z1"));
    kedge_model_free(model);
}

static void several_pairs_are_refused(void **state)
{
    static const int pairs[][2] = {{0, 1}, {0, 2}};
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_refused(f, model, "stacked", &(kedge_draw_options){.pairs = pairs, .n_pairs = 2},
                         "figure 'stacked' shows one pair of dims, not 2");
    kedge_model_free(model);
}

static void a_pair_beyond_the_dims_is_refused(void **state)
{
    static const int pairs[][2] = {{0, 3}};
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_refused(f, model, "stacked", &(kedge_draw_options){.pairs = pairs, .n_pairs = 1},
                         "dimensions 0 and 3");
    kedge_model_free(model);
}

/* Four plans stand side by side; on a narrow page they wrap. */
static void columns_wrap_on_a_narrow_page(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_draw(f, model, "stacked", NULL, "wide.png");
    figure_draw(f, model, "stacked", &(kedge_draw_options){.width = 250}, "narrow.png");
    cairo_surface_t *wide = cairo_image_surface_create_from_png(in_folder(f, "wide.png"));
    cairo_surface_t *narrow = cairo_image_surface_create_from_png(in_folder(f, "narrow.png"));
    assert_int_equal(cairo_image_surface_get_width(narrow), 500);
    assert_true(cairo_image_surface_get_width(wide) > 1100);
    assert_true(cairo_image_surface_get_height(narrow) > cairo_image_surface_get_height(wide));
    cairo_surface_destroy(wide);
    cairo_surface_destroy(narrow);
    kedge_model_free(model);
}

static void data_that_are_no_colours_are_refused(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_of_table(f);
    figure_check_refused(f, model, "stacked", NULL, "gives colours back; its data are csv");
    kedge_model_free(model);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "stacked", "picture.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(in_every_format_the_same_each_time),
        TEST(words_have_the_scores_of_every_plan),
        TEST(the_pair_of_dims_can_be_chosen),
        TEST(several_pairs_are_refused),
        TEST(a_pair_beyond_the_dims_is_refused),
        TEST(columns_wrap_on_a_narrow_page),
        TEST(data_that_are_no_colours_are_refused),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
