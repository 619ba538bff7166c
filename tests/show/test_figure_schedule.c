/* test_figure_schedule.c - what a recipe asks of training, as a figure. */
#include "figure_test.h"

static void is_drawn_alike(void **state)
{
    assert_recipe_draws_alike(*state, "schedule");
}

static void keyframes_are_those_of_the_sheet(void **state)
{
    fixture *f = *state;
    load_sheet(f,
               "STEP,PHASE,ACTION,lr,separate,anchor\n0,Warm up,,0.01,0.1,\n50,Heat,snapshot,,,0.25\n100,,,0.001,0,\n",
               "");
    draw_figure(f, "schedule", "", NULL, "a.png");
    assert_says(f, "Schedule of 101 steps. Phases: Warm up from step 0, Heat from step 50.");
    assert_says(f, "Actions: snapshot at step 50.");
    assert_says(f, "separate: 0.1 at 0, 0 at 100.");
    assert_says(f, "anchor: 0.25 at 50.");
    assert_says(f, "lr: 0.01 at 0, 0.001 at 100.");
}

static void constants_have_no_keyframes(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, anchor: 0.3}\nsteps: 40", "", NULL), KEDGE_OK);
    draw_figure(f, "schedule", "", NULL, "a.png");
    assert_says(f, "Schedule of 40 steps.");
    assert_says(f, "anchor: 0.3 throughout.");
    assert_says(f, "lr: 0.01 throughout.");
}

static void a_term_that_no_column_names_weighs_one(void **state)
{
    fixture *f = *state;
    load_sheet(f, "STEP,PHASE,ACTION,lr,separate\n0,,,0.01,0.1\n100,,,0.001,0\n", "");
    draw_figure(f, "schedule", "", NULL, "a.png");
    assert_says(f, "anchor: 1 throughout.");
}

/* Named by a column, by phases alone, or by nothing. */
static void sets_are_drawn_by_what_holds_of_them(void **state)
{
    fixture *f = *state;
    static const char data[] = "data: {kind: rgb-grid, points: 3, batch: 8, sets: {a: r == 1, "
                               "b: {where: g == 1, phases: [Two]}, c: {where: b == 1, phases: [Two]}, rest: 1}}";
    put(f, "schedule.csv", "STEP,PHASE,lr,separate,anchor,data-a,data-c::step\n0,One,0.01,0.1,0.1,0,0.75\n"
                           "10,Two,,,,1,0.5\n20,Two,,,,,\n");
    assert_int_equal(load(f, 0, data, "", NULL), KEDGE_OK);
    draw_figure(f, "schedule", "", NULL, "a.png");
    assert_says(f, "data-a: 0 at 0, 1 at 10.");
    assert_says(f, "data-b: ");
    assert_says(f, "data-c: 0.5 at 10.");
    assert_says(f, "data-rest: 1 throughout.");
}

static void what_is_held_is_drawn_as_held(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    draw_figure(f, "schedule", "", NULL, "a.svg");
    load_good(f, "hold: 50\n");
    draw_figure(f, "schedule", "", NULL, "b.svg");
    assert_false(same_file(f, "a.svg", "b.svg"));
}

static const char three_phases[] = "STEP,PHASE,ACTION,lr,separate,anchor\n0,One,,0.01,0.1,0.1\n"
                                   "10,Two,snapshot,0.02,0.1,0.1\n20,Three,reset-optimizer,0.01,0.1,0.1\n";

static void what_a_short_run_does_not_come_to_is_left_out(void **state)
{
    fixture *f = *state;
    put(f, "schedule.csv", three_phases);
    assert_int_equal(load(f, 6, "schedule: schedule.csv\nsteps: 11", "", NULL), KEDGE_OK);
    draw_figure(f, "schedule", "", NULL, "a.png");
    assert_says(f, "Schedule of 11 steps. Phases: One from step 0, Two from step 10. Actions: snapshot at step 10. ");
    assert_says(f, "lr: 0.01 at 0, 0.02 at 10.");
}

static void what_comes_after_a_hold_is_left_out(void **state)
{
    fixture *f = *state;
    load_sheet(f, three_phases, "hold: 9\n");
    draw_figure(f, "schedule", "", NULL, "a.png");
    assert_says(f, "Schedule of 21 steps. Phases: One from step 0. separate: ");
}

static void a_run_directory_and_its_model_will_do(void **state)
{
    assert_model_is_its_recipe(*state, "schedule", NULL);
}

static void refuses_what_is_no_recipe(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_refuses(f, "schedule", "nowhere", NULL, KEDGE_EIO, "nowhere");
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_survives_failed_allocations(f, "schedule", "", NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(keyframes_are_those_of_the_sheet),
        TEST(constants_have_no_keyframes),
        TEST(a_term_that_no_column_names_weighs_one),
        TEST(sets_are_drawn_by_what_holds_of_them),
        TEST(what_is_held_is_drawn_as_held),
        TEST(what_a_short_run_does_not_come_to_is_left_out),
        TEST(what_comes_after_a_hold_is_left_out),
        TEST(a_run_directory_and_its_model_will_do),
        TEST(refuses_what_is_no_recipe),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
