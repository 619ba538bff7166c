/* test_figure_lobes.c - suppression and repulsion by angle, of plans and of examples. */
#include "figure_fixture.h"

static void draw_examples(fixture *f, const char *name)
{
    if (kedge_draw(f->ctx, "lobes", NULL, NULL, in_folder(f, name))) fail_msg("%s", kedge_error());
}

static void examples_in_every_format_the_same_each_time(void **state)
{
    static const char *const names[][2] = {{"a.png", "b.png"}, {"a.svg", "b.svg"}, {"a.pdf", "b.pdf"}};
    for (int i = 0; i < 3; i++) {
        draw_examples(*state, names[i][0]);
        draw_examples(*state, names[i][1]);
        assert_true(same_file(*state, names[i][0], names[i][1]));
    }
}

/* METHOD section 6: h = b ((alpha - a) / (1 - a))^p, a the cosine of 'from'; the linear map ends at that of 'to'. */
static void words_have_the_functions_values(void **state)
{
    fixture *f = *state;
    size_t length;
    draw_examples(f, "a.png");
    char *words = bytes_of(f, "a.txt", &length);
    assert_non_null(strstr(words, "from 60 degrees, strength 0.8, power 2: h is 0.800 at 0, 0.429 at 30, 0.000 at 60"));
    assert_non_null(strstr(words, "from 90 degrees to 60 degrees, linear: m is 0.500 at 0, 0.433 at 30, 0.250 at 60"));
    free(words);
}

static void plans_of_a_recipe_are_drawn_instead(void **state)
{
    fixture *f = *state;
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "lobes", NULL);
    assert_non_null(strstr(words, "suppressed, from 80 degrees, strength 1, power 0: h is 1.000 at 0"));
    assert_non_null(strstr(words, "repelled, from 90 degrees to 60 degrees, linear: m is 0.500 at 0"));
    assert_null(strstr(words, "ablated"));
    assert_null(strstr(words, "from 60 degrees, strength 0.8"));
    kedge_model_free(model);
}

static void a_plan_can_be_chosen(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"repelled"};
    kedge_model *model = figure_model_with_plans(f);
    const char *words = figure_words(f, model, "lobes", &(kedge_draw_options){.plans = plans, .n_plans = 1});
    assert_non_null(strstr(words, "repelled"));
    assert_null(strstr(words, "suppressed"));
    kedge_model_free(model);
}

static void plans_that_do_neither_are_refused(void **state)
{
    fixture *f = *state;
    const char *plans[] = {"ablated"};
    kedge_model *model = figure_model_with_plans(f);
    figure_check_refused(f, model, "lobes", &(kedge_draw_options){.plans = plans, .n_plans = 1},
                         "no plan here suppresses or repels; without a recipe examples are drawn");
    kedge_model_free(model);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_with_plans(f));
    figure_check_memory(f, "lobes", "picture.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(examples_in_every_format_the_same_each_time),
        TEST(words_have_the_functions_values),
        TEST(plans_of_a_recipe_are_drawn_instead),
        TEST(a_plan_can_be_chosen),
        TEST(plans_that_do_neither_are_refused),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
