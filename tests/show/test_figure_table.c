/* test_figure_table.c - the named colours under plans, as a picture and as text. */
#include "figure_fixture.h"

static void pictures_in_every_format_the_same_each_time(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_formats(f, model, "table", NULL);
    kedge_model_free(model);
}

static char *text_of(fixture *f, kedge_model *model, const char *name)
{
    size_t length;
    figure_draw(f, model, "table", NULL, name);
    return bytes_of(f, name, &length);
}

static double error_of(kedge_model *model, int plan, int colour)
{
    kedge_evaluation *evaluation = NULL;
    assert_int_equal(kedge_evaluate(&evaluation, model, NULL), KEDGE_OK);
    double error = kedge_evaluation_colour_error(evaluation, plan, colour);
    kedge_evaluation_free(evaluation);
    return error;
}

/* Row 'red' is "red,ff0000,E,out,E,out,...": baseline, then the plans. */
static void csv_has_the_evaluations_numbers(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    char *csv = text_of(f, model, "t.csv");
    assert_memory_equal(csv, "colour,in,baseline,baseline_out,suppressed,suppressed_out,repelled,repelled_out,ablated,",
                        86);
    const char *row = strstr(csv, "\nred,ff0000,");
    assert_non_null(row);
    row += 12;
    for (int plan = -1; plan < 3; plan++) {
        char expected[32];
        snprintf(expected, sizeof expected, "%.9g,", error_of(model, plan, 0));
        assert_memory_equal(row, expected, strlen(expected));
        row += strlen(expected);
        assert_int_equal(strspn(row, "0123456789abcdef"), 6);
        row += 7;
    }
    int lines = 0;
    for (const char *at = csv; (at = strchr(at, '\n')); at++) lines++;
    assert_int_equal(lines, 18);
    free(csv);
    kedge_model_free(model);
}

static void markdown_has_a_row_for_each_colour(void **state)
{
    fixture *f = *state;
    char expected[64];
    kedge_model *model = figure_model_with_plans(f);
    char *text = text_of(f, model, "t.md");
    assert_non_null(strstr(text, "| colour | in | baseline | out | suppressed | out | repelled | out |"));
    snprintf(expected, sizeof expected, "| red | `#ff0000` | %.4f | `#", error_of(model, -1, 0));
    assert_non_null(strstr(text, expected));
    assert_non_null(strstr(text, "| light grey | `#bfbfbf` |"));
    free(text);
    kedge_model_free(model);
}

static void latex_has_shades_and_escapes_names(void **state)
{
    fixture *f = *state;
    load_good(f, "plans: {no_red: {surgery: ablate, dims: [0]}}\n");
    kedge_model *model = figure_model(f);
    char *text = text_of(f, model, "t.tex");
    assert_non_null(strstr(text, "colour & baseline & no\\_red \\\\"));
    assert_non_null(strstr(text, "\\swatch{FF0000} red & \\cellcolor{orange!"));
    assert_non_null(strstr(text, "\\bottomrule\n\\end{tabular}\n"));
    free(text);
    kedge_model_free(model);
}

static void text_is_the_same_each_time(void **state)
{
    static const char *const names[][2] = {{"a.md", "b.md"}, {"a.csv", "b.csv"}, {"a.tex", "b.tex"}};
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    for (int i = 0; i < 3; i++) {
        figure_draw(f, model, "table", NULL, names[i][0]);
        figure_draw(f, model, "table", NULL, names[i][1]);
        assert_true(same_file(f, names[i][0], names[i][1]));
    }
    kedge_model_free(model);
}

static void words_have_every_number(void **state)
{
    fixture *f = *state;
    char expected[64];
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "table", NULL);
    snprintf(expected, sizeof expected, "ablated: red %.4f, orange %.4f,", error_of(model, 2, 0),
             error_of(model, 2, 1));
    assert_non_null(strstr(words, expected));
    snprintf(expected, sizeof expected, "white %.4f.", error_of(model, 1, 16));
    assert_non_null(strstr(words, expected));
    kedge_model_free(model);
}

static void other_figures_are_no_text(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    assert_int_equal(kedge_draw_model(model, "colours", NULL, in_folder(f, "t.md")), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "its name must end in .png, .svg or .pdf"));
    assert_int_equal(kedge_draw_model(model, "table", NULL, in_folder(f, "t.gif")), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "its name must end in .png, .svg, .pdf, .md, .csv or .tex"));
    kedge_model_free(model);
}

static void data_that_are_no_colours_are_refused(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_of_table(f);
    figure_check_refused(f, model, "table", NULL, "gives colours back; its data are csv");
    kedge_model_free(model);
}

static void a_missing_folder_is_told(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    assert_int_equal(kedge_draw_model(model, "table", NULL, in_folder(f, "nowhere/t.csv")), KEDGE_EIO);
    kedge_model_free(model);
}

static void the_picture_survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "table", "picture.svg");
}

static void the_text_survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "table", "table.tex");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pictures_in_every_format_the_same_each_time),
        TEST(csv_has_the_evaluations_numbers),
        TEST(markdown_has_a_row_for_each_colour),
        TEST(latex_has_shades_and_escapes_names),
        TEST(text_is_the_same_each_time),
        TEST(words_have_every_number),
        TEST(other_figures_are_no_text),
        TEST(data_that_are_no_colours_are_refused),
        TEST(a_missing_folder_is_told),
        TEST(the_picture_survives_each_failed_allocation),
        TEST(the_text_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
