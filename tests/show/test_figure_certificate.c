/* test_figure_certificate.c - what a plan can change at most, as a figure. */
#include "figure_fixture.h"

#include <math.h>

#include "kedge/certify.h"

static void in_every_format_the_same_each_time(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    figure_check_formats(f, model, "certificate", NULL);
    kedge_model_free(model);
}

/* The number behind a text. */
static double number_after(const char *words, const char *text)
{
    const char *found = strstr(words, text);
    if (!found) fail_msg("'%s' does not say '%s'", words, text);
    return strtod(found + strlen(text), NULL);
}

/* Whichever options the figure took, its promise is no less than any change that a certificate found, and not much
 * more than a close one's promise. */
static void words_have_the_promises(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"repelled"};
    kedge_certificate *certificate = NULL;
    const kedge_certificate_cell *cells;
    double found = 0;
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "certificate", &(kedge_draw_options){.plans = plans, .n_plans = 1});
    assert_int_equal(kedge_certify(&certificate, model, NULL, "repelled", NULL), KEDGE_OK);
    int n = kedge_certificate_cells(certificate, &cells);
    for (int i = 0; i < n; i++) found = fmax(found, cells[i].found);
    double promised = number_after(words, "no input at all changes by more than ");
    assert_true(promised >= found && promised <= 1.1 * kedge_certificate_beyond(certificate, 0) + 0.001);
    double beyond = number_after(words, "beyond 60 degrees by ");
    assert_true(beyond > 0 && beyond <= 1.3 * kedge_certificate_beyond(certificate, 60) + 0.001);
    kedge_certificate_free(certificate);
    kedge_model_free(model);
}

/* What is measured of the data is what the certificate measured. */
static void words_have_what_was_measured(void **state)
{
    fixture *f = *state;
    kedge_certificate *certificate = NULL;
    const kedge_certificate_point *points;
    double most = 0;
    char expected[64];
    int away = 0;
    load_good(f, "plans: {aside: {edit: suppress, direction: [0.2, 1, -0.4]}}\n");
    kedge_model *model = figure_model(f);
    const char *words = figure_words(f, model, "certificate", NULL);
    assert_int_equal(kedge_certify(&certificate, model, NULL, "aside", NULL), KEDGE_OK);
    int n = kedge_certificate_points(certificate, &points);
    for (int i = 0; i < n; i++) most = fmax(most, points[i].change), away += points[i].alignment < 0;
    assert_true(most > 0 && away > 0 && away < n);
    assert_true(fabs(number_after(words, "the data have up to ") - most) < 0.0001);
    snprintf(expected, sizeof expected, "; %d points lie further than 90 degrees", away);
    assert_non_null(strstr(words, expected));
    kedge_certificate_free(certificate);
    kedge_model_free(model);
}

static void each_named_plan_has_a_panel(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"ablated", "suppressed"};
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "certificate", &(kedge_draw_options){.plans = plans, .n_plans = 2});
    assert_non_null(strstr(words, "ablated: in "));
    assert_non_null(strstr(words, "suppressed: in "));
    kedge_model_free(model);
}

/* A promise needs no colours. */
static void tables_can_be_certified(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_of_table(f);
    assert_non_null(strstr(figure_words(f, model, "certificate", NULL), "ablated: in "));
    kedge_model_free(model);
}

static void a_recipe_without_plans_is_refused(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_model *model = figure_model(f);
    figure_check_refused(f, model, "certificate", NULL, "is made of a plan; its recipe has none");
    kedge_model_free(model);
}

static void the_baseline_is_refused(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"baseline"};
    kedge_model *model = figure_model_with_plans(f);
    figure_check_refused(f, model, "certificate", &(kedge_draw_options){.plans = plans, .n_plans = 1},
                         "name one of its plans, not 'baseline'");
    kedge_model_free(model);
}

static void a_plan_that_nothing_can_be_promised_of_is_told(void **state)
{
    fixture *f = *state;
    load_good(f, "plans: {away: {surgery: redirect, dims: [0], gamma: 1}}\n");
    kedge_model *model = figure_model(f);
    assert_int_equal(kedge_draw_model(model, "certificate", NULL, in_folder(f, "a.svg")), KEDGE_EUNSUPPORTED);
    assert_false(kedge_is_file(in_folder(f, "a.svg")));
    kedge_model_free(model);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "certificate", "picture.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(in_every_format_the_same_each_time),
        TEST(words_have_the_promises),
        TEST(words_have_what_was_measured),
        TEST(each_named_plan_has_a_panel),
        TEST(tables_can_be_certified),
        TEST(a_recipe_without_plans_is_refused),
        TEST(the_baseline_is_refused),
        TEST(a_plan_that_nothing_can_be_promised_of_is_told),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
