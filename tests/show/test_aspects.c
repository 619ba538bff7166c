/* test_aspects.c - a model as it is and under plans: which are chosen, and what comes out of them. */
#include "figure_fixture.h"

#include <math.h>

#include "show/aspects.h"

static void init(kedge_show *show, kedge_aspects *aspects, kedge_model *model, const kedge_draw_options *options,
                 kedge_aspects_choice choice)
{
    kedge_show_init_model(show, model, options);
    if (kedge_aspects_init(aspects, show, "test", choice)) fail_msg("%s", kedge_error());
}

static void without_names_one_is_the_scored_plan(void **state)
{
    kedge_show show;
    kedge_aspects aspects;
    kedge_model *model = figure_model_with_plans(*state);
    init(&show, &aspects, model, NULL, KEDGE_ASPECTS_ONE);
    assert_int_equal(aspects.n, 1);
    assert_string_equal(aspects.list[0].name, "suppressed");
    assert_true(aspects.list[0].scored);
    kedge_aspects_release(&aspects);
    kedge_show_release(&show);
    kedge_model_free(model);
}

static void without_names_all_begin_with_the_baseline(void **state)
{
    static const char *const names[] = {"baseline", "suppressed", "repelled", "ablated"};
    kedge_show show;
    kedge_aspects aspects;
    kedge_model *model = figure_model_with_plans(*state);
    init(&show, &aspects, model, NULL, KEDGE_ASPECTS_ALL);
    assert_int_equal(aspects.n, 4);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(aspects.list[i].name, names[i]);
        assert_int_equal(aspects.list[i].plan, i - 1);
    }
    kedge_aspects_release(&aspects);
    kedge_show_release(&show);
    kedge_model_free(model);
}

static void named_plans_come_in_their_order(void **state)
{
    const char *plans[] = {"ablated", "baseline", "suppressed"};
    kedge_draw_options options = {.plans = plans, .n_plans = 3};
    kedge_show show;
    kedge_aspects aspects;
    kedge_model *model = figure_model_with_plans(*state);
    init(&show, &aspects, model, &options, KEDGE_ASPECTS_ONE);
    assert_int_equal(aspects.n, 3);
    assert_string_equal(aspects.list[0].name, "baseline");
    assert_string_equal(aspects.list[1].name, "ablated");
    assert_string_equal(aspects.list[2].name, "suppressed");
    kedge_aspects_release(&aspects);
    kedge_show_release(&show);
    kedge_model_free(model);
}

/* Colours of the data come out as the evaluation has them, also for several plans and in another order. */
static void colours_come_out_as_the_evaluation_has_them(void **state)
{
    const char *plans[] = {"ablated", "suppressed"};
    kedge_draw_options options = {.plans = plans, .n_plans = 2};
    kedge_show show;
    kedge_aspects aspects;
    const kedge_evaluation *evaluation = NULL;
    kedge_model *model = figure_model_with_plans(*state);
    init(&show, &aspects, model, &options, KEDGE_ASPECTS_ALL);
    assert_int_equal(kedge_aspects_evaluation(&aspects, &evaluation), KEDGE_OK);
    for (int i = 0; i < aspects.n; i++) {
        const float *inputs, *outputs;
        const double *errors;
        float shown[27 * 3];
        int n = kedge_evaluation_points(evaluation, aspects.list[i].plan, &inputs, &outputs, &errors);
        assert_int_equal(n, 27);
        assert_int_equal(kedge_aspect_show(&aspects.list[i], n, inputs, shown), KEDGE_OK);
        for (int k = 0; k < 3 * n; k++) assert_true(fabsf(shown[k] - outputs[k]) < 1e-6f);
    }
    kedge_aspects_release(&aspects);
    kedge_show_release(&show);
    kedge_model_free(model);
}

static void outputs_are_clamped(void **state)
{
    kedge_show show;
    kedge_aspects aspects;
    float rgb[3] = {1, 1, 1}, shown[3];
    kedge_model *model = figure_model_with_plans(*state);
    size_t last = model->params.list[model->params.n - 1].offset; /* the output's bias */
    model->params.values[last] = 7, model->params.values[last + 1] = -7;
    init(&show, &aspects, model, NULL, KEDGE_ASPECTS_ALL);
    for (int i = 0; i < aspects.n; i++) {
        assert_int_equal(kedge_aspect_show(&aspects.list[i], 1, rgb, shown), KEDGE_OK);
        assert_true(shown[0] == 1 && shown[1] == 0);
    }
    kedge_aspects_release(&aspects);
    kedge_show_release(&show);
    kedge_model_free(model);
}

static void a_plan_named_twice_is_refused(void **state)
{
    const char *plans[] = {"ablated", "ablated"};
    kedge_draw_options options = {.plans = plans, .n_plans = 2};
    kedge_show show;
    kedge_aspects aspects;
    kedge_model *model = figure_model_with_plans(*state);
    kedge_show_init_model(&show, model, &options);
    assert_int_equal(kedge_aspects_init(&aspects, &show, "test", KEDGE_ASPECTS_ALL), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "plan 'ablated' is named twice");
    kedge_aspects_release(&aspects);
    kedge_show_release(&show);
    kedge_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_names_one_is_the_scored_plan),
        TEST(without_names_all_begin_with_the_baseline),
        TEST(named_plans_come_in_their_order),
        TEST(colours_come_out_as_the_evaluation_has_them),
        TEST(outputs_are_clamped),
        TEST(a_plan_named_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
