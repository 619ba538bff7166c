/* test_training.c - learning rate and weights of every update, from sheets and from constants. */
#include "run_fixture.h"

#include "run/training.h"
#include "schedule/schedule.h"

static kedge_recipe_training training;

static const kedge_training *init(const fixture *f)
{
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    return &training.training;
}

static double weight(const kedge_training *t, int step, int term)
{
    return t->weights[step * t->n_terms + term];
}

static void values_are_those_of_the_sheet(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    const kedge_training *t = init(f);
    assert_int_equal(t->steps, 101);
    assert_int_equal(t->n_terms, 2);
    for (int step = 0; step < 101; step++) {
        assert_true(t->lr[step] == kedge_schedule_value(f->loaded->sheet, 0, step));
        assert_true(weight(t, step, 0) == kedge_schedule_value(f->loaded->sheet, 1, step));
        assert_true(weight(t, step, 1) == kedge_schedule_value(f->loaded->sheet, 2, step));
    }
    assert_true(t->lr[0] == 0.01 && t->lr[100] == 0.001 && weight(t, 100, 1) == 0);
    kedge_recipe_training_release(&training);
}

/* Columns stand for terms by their names, not by their order. */
static void columns_are_found_by_name(void **state)
{
    fixture *f = *state;
    load_sheet(f, "STEP,PHASE,ACTION,anchor,separate,lr\n0,,,0.25,0.5,0.01\n9,,,,,\n", "");
    const kedge_training *t = init(f);
    assert_true(t->lr[3] == 0.01 && weight(t, 3, 0) == 0.5 && weight(t, 3, 1) == 0.25);
    kedge_recipe_training_release(&training);
}

static void terms_without_a_column_have_weight_one(void **state)
{
    fixture *f = *state;
    load_sheet(f, "STEP,PHASE,ACTION,lr,anchor\n0,,,0.01,0.25\n9,,,,\n", "");
    const kedge_training *t = init(f);
    for (int step = 0; step < 10; step++) assert_true(weight(t, step, 0) == 1 && weight(t, step, 1) == 0.25);
    kedge_recipe_training_release(&training);
}

static void holds_the_values_of_a_step(void **state)
{
    fixture *f = *state;
    load_good(f, "hold: 60\n");
    const kedge_training *t = init(f);
    assert_int_equal(t->steps, 101);
    assert_true(t->lr[60] != t->lr[59]);
    for (int step = 60; step < 101; step++)
        assert_true(t->lr[step] == t->lr[60] && weight(t, step, 0) == weight(t, 60, 0));
    kedge_recipe_training_release(&training);
}

static void holds_the_last_step_of_a_short_sheet(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 150\n");
    const kedge_training *t = init(f);
    assert_int_equal(t->steps, 150);
    for (int step = 100; step < 150; step++) assert_true(t->lr[step] == 0.001 && weight(t, step, 0) == 0);
    kedge_recipe_training_release(&training);
}

static void cuts_a_long_sheet(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 1\n");
    const kedge_training *t = init(f);
    assert_int_equal(t->steps, 1);
    assert_true(t->lr[0] == 0.01);
    kedge_recipe_training_release(&training);
}

static void constants_hold_at_all_steps(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 6, "schedule: {anchor: -0.5, lr: 0.125}\nsteps: 7", "", NULL), KEDGE_OK);
    const kedge_training *t = init(f);
    assert_int_equal(t->steps, 7);
    for (int step = 0; step < 7; step++)
        assert_true(t->lr[step] == 0.125 && weight(t, step, 0) == 1 && weight(t, step, 1) == -0.5);
    kedge_recipe_training_release(&training);
}

static void the_task_has_weight_one_unless_named(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_null(init(f)->task);
    kedge_recipe_training_release(&training);
    load_sheet(f, "STEP,lr,anchor,recon\n0,0.01,1,1\n8,,,0.5\n9,,,\n", "");
    const kedge_training *t = init(f);
    assert_non_null(t->task);
    for (int step = 0; step < 10; step++)
        assert_true(t->task[step] == kedge_schedule_value(f->loaded->sheet, 2, step));
    assert_true(t->task[0] == 1 && t->task[9] == 0.5 && weight(t, 9, 1) == 1);
    kedge_recipe_training_release(&training);
}

static void a_scale_is_a_factor_on_the_weight(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    const kedge_training *plain = init(f);
    double before[101];
    for (int step = 0; step < 101; step++) before[step] = weight(plain, step, 1);
    kedge_recipe_training_release(&training);
    f->loaded->terms[1].scale = 0.5;
    const kedge_training *t = init(f);
    for (int step = 0; step < 101; step++)
        assert_true(weight(t, step, 1) == 0.5 * before[step] && weight(t, step, 0) == weight(t, step, 0));
    /* Once more, as after a change on the way: not scaled twice. */
    double column[101];
    kedge_recipe_training_refill(&training, f->loaded, 40, column);
    for (int step = 0; step < 101; step++) assert_true(weight(t, step, 1) == 0.5 * before[step]);
    kedge_recipe_training_release(&training);
}

static void rates_are_none_unless_named(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_null(init(f)->rates);
    kedge_recipe_training_release(&training);
    load_sheet(f, "STEP,lr,anchor,labels.red\n0,0.01,1,1\n9,,,1\n", "");
    assert_null(init(f)->rates);
    kedge_recipe_training_release(&training);
}

static void rates_are_those_of_the_sheet(void **state)
{
    fixture *f = *state;
    load_sheet(f, "STEP,lr,anchor,labels.red\n0,0.01,1,1\n2,,,~3/4\n9,,,\n", "");
    const kedge_training *t = init(f);
    int red = strcmp(f->loaded->labels[0].name, "red") == 0 ? 0 : 1;
    assert_non_null(t->rates);
    for (int step = 0; step < 10; step++) {
        assert_true(t->rates[step * 2 + red] == kedge_schedule_value(f->loaded->sheet, 2, step));
        assert_true(t->rates[step * 2 + 1 - red] == 1);
    }
    assert_true(t->rates[9 * 2 + red] == 3);
    kedge_recipe_training_release(&training);
}

static void rates_may_be_constants(void **state)
{
    fixture *f = *state;
    static const char *const written[] = {"schedule: {anchor: 1, lr: 0.1, labels.red: 0.5}\nsteps: 3",
                                          "schedule: {anchor: 1, lr: 0.1, labels: {red: 0.5}}\nsteps: 3"};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(load(f, 6, written[i], "", NULL), KEDGE_OK);
        const kedge_training *t = init(f);
        for (int step = 0; step < 3; step++) assert_true(t->rates[step * 2] * t->rates[step * 2 + 1] == 0.5);
        assert_non_null(strstr(kedge_recipe_text(f->loaded), "schedule: {anchor: 1, lr: 0.1, labels.red: 0.5}\n"));
        kedge_recipe_training_release(&training);
    }
}

/* What a refill leaves alone, and what it sees of a schedule that has changed meanwhile. */
static void refills_from_a_step_on(void **state)
{
    fixture *f = *state;
    double column[101], before[101];
    load_good(f, "");
    init(f);
    kedge_recipe_training_open_rates(&training, f->loaded);
    memcpy(before, training.training.lr, sizeof before);
    kedge_schedule *own = f->loaded->sheet;
    static const char other[] = "STEP,lr,labels.red\n0,0.5,2\n100,,\n";
    assert_int_equal(kedge_schedule_parse(&f->loaded->sheet, f->ctx, "s", other, strlen(other)), KEDGE_OK);
    kedge_recipe_training_refill(&training, f->loaded, 40, column);
    const kedge_training *t = &training.training;
    assert_memory_equal(t->lr, before, 40 * sizeof *before);
    assert_true(t->lr[40] == 0.5 && t->lr[100] == 0.5 && weight(t, 40, 0) == 1);
    assert_true(t->rates[39 * 2] == 1 && t->rates[39 * 2 + 1] == 1 && t->rates[40 * 2] * t->rates[40 * 2 + 1] == 2);
    kedge_schedule_free(f->loaded->sheet);
    f->loaded->sheet = own;
    kedge_recipe_training_release(&training);
}

static void the_rest_is_the_recipes(void **state)
{
    fixture *f = *state;
    load_good(f, "optimizer: {kind: adam, beta1: 0.5, beta2: 0.75, epsilon: 0.001}\n");
    const kedge_training *t = init(f);
    assert_true(t->optimizer->beta1 == 0.5 && t->optimizer->beta2 == 0.75 && t->optimizer->epsilon == 0.001);
    assert_ptr_equal(t->dataset, f->loaded->dataset);
    assert_ptr_equal(t->sampler, f->loaded->sampler);
    assert_ptr_equal(t->model, &f->loaded->model);
    assert_ptr_equal(t->terms, f->loaded->terms);
    assert_ptr_equal(t->labels, f->loaded->label_values);
    assert_int_equal(t->n_labels, 2);
    kedge_recipe_training_release(&training);
    kedge_recipe_training_release(&training); /* does nothing */
}

/* A recipe with a captured anchor as its term 1 of 3, and a sheet with actions. */
static const kedge_training *init_actions(fixture *f, const char *more)
{
    put(f, "schedule.csv", "STEP,ACTION,lr,separate\n0,,0.01,0.1\n40,\"reset-optimizer, anchor:keep\",,\n"
                           "7,snapshot,,\n40,anchor,,\n100,snapshot,,\n");
    if (load(f, 5, "  keep: {kind: captured-anchor, of: s == 0}\n  unit: {kind: unitarity}", more, NULL))
        fail_msg("%s", kedge_error());
    return init(f);
}

static void assert_action(const kedge_training *t, int i, int step, const char *kind, int term)
{
    assert_int_equal(t->actions[i].step, step);
    assert_string_equal(kedge_action_kinds[t->actions[i].kind].name, kind);
    assert_int_equal(t->actions[i].term, term);
}

static void actions_come_in_the_order_of_steps(void **state)
{
    fixture *f = *state;
    const kedge_training *t = init_actions(f, "");
    assert_int_equal(t->n_actions, 5);
    assert_action(t, 0, 7, "snapshot", -1);
    assert_action(t, 1, 40, "reset-optimizer", -1);
    assert_action(t, 2, 40, "anchor", 1);
    assert_action(t, 3, 40, "anchor", -1);
    assert_action(t, 4, 100, "snapshot", -1);
    kedge_recipe_training_release(&training);
}

/* Updates past the step that is held do not come to later rows, and do not fire its actions again. */
static void actions_past_the_held_step_are_none(void **state)
{
    fixture *f = *state;
    const kedge_training *t = init_actions(f, "hold: 7\n");
    assert_int_equal(t->n_actions, 1);
    assert_action(t, 0, 7, "snapshot", -1);
    kedge_recipe_training_release(&training);
}

static void reference_points_are_those_of_the_formula(void **state)
{
    fixture *f = *state;
    const kedge_reference *reference = &init_actions(f, "")->terms[1].reference;
    assert_int_equal(reference->n, 3); /* the greys of a grid of three */
    assert_int_equal(reference->n_features, 3);
    for (int i = 0; i < 9; i++) assert_true(reference->features[i] == 0.5f * (float)(i % 3));
    kedge_recipe_training_release(&training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_are_those_of_the_sheet),
        TEST(columns_are_found_by_name),
        TEST(terms_without_a_column_have_weight_one),
        TEST(holds_the_values_of_a_step),
        TEST(holds_the_last_step_of_a_short_sheet),
        TEST(cuts_a_long_sheet),
        TEST(constants_hold_at_all_steps),
        TEST(the_task_has_weight_one_unless_named),
        TEST(a_scale_is_a_factor_on_the_weight),
        TEST(rates_are_none_unless_named),
        TEST(rates_are_those_of_the_sheet),
        TEST(rates_may_be_constants),
        TEST(refills_from_a_step_on),
        TEST(the_rest_is_the_recipes),
        TEST(actions_come_in_the_order_of_steps),
        TEST(actions_past_the_held_step_are_none),
        TEST(reference_points_are_those_of_the_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
