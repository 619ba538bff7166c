/* test_phases.c - which phases, actions and keys of a sheet a run comes to. */
#include "../run/run_fixture.h"

#include "show/phases.h"

static const char two_phases[] = "STEP,PHASE,ACTION,lr,separate,anchor\n0,,,0.01,0.1,0.1\n5,One,snapshot,0.01,0.1,0.1\n"
                                 "10,Two,reset-optimizer,0.02,0.1,0.1\n20,,,0.01,0.1,0.1\n";

static void a_run_comes_to_all_its_steps(void **state)
{
    fixture *f = *state;
    load_sheet(f, two_phases, "");
    assert_int_equal(kedge_phases_reach(f->loaded, 21), 21);
    assert_int_equal(kedge_phases_reach(f->loaded, 8), 8);
}

/* The values of the step that is held hold for the rest. */
static void a_hold_is_the_last_step_that_counts(void **state)
{
    fixture *f = *state;
    load_sheet(f, two_phases, "hold: 10\n");
    assert_int_equal(kedge_phases_reach(f->loaded, 21), 11);
    assert_int_equal(kedge_phases_reach(f->loaded, 10), 10);
}

static void what_begins_in_reach_is_listed(void **state)
{
    fixture *f = *state;
    kedge_arena arena;
    kedge_phases phases;
    load_sheet(f, two_phases, "");
    kedge_arena_init(&arena, f->ctx);
    for (int reach = 10; reach <= 11; reach++) { /* 'Two' and its action stand at step 10 */
        assert_int_equal(kedge_phases_find(&phases, &arena, f->loaded->sheet, reach, NULL), KEDGE_OK);
        assert_int_equal(phases.n_phases, reach - 9);
        assert_int_equal(phases.n_actions, reach - 9);
        assert_string_equal(phases.phases[0].text, "One");
        assert_true(phases.actions[0].at == 5);
    }
    kedge_arena_release(&arena);
}

static void a_phase_holds_until_the_next(void **state)
{
    fixture *f = *state;
    kedge_arena arena;
    kedge_phases phases;
    load_sheet(f, two_phases, "");
    kedge_arena_init(&arena, f->ctx);
    assert_int_equal(kedge_phases_find(&phases, &arena, f->loaded->sheet, 21, NULL), KEDGE_OK);
    assert_string_equal(kedge_phases_at(&phases, 4.9), "");
    assert_string_equal(kedge_phases_at(&phases, 5), "One");
    assert_string_equal(kedge_phases_at(&phases, 9.9), "One");
    assert_string_equal(kedge_phases_at(&phases, 21), "Two");
    kedge_arena_release(&arena);
}

/* Step 5 at update 5; then the schedule runs ahead, is at 15 two updates later, and goes on. */
static void they_stand_where_the_run_came_to_them(void **state)
{
    fixture *f = *state;
    kedge_arena arena;
    kedge_phases phases;
    kedge_advance ways[] = {{6, 15, 2}};
    kedge_gates gates = {.n_advances = 1, .advances = ways};
    load_sheet(f, two_phases, "");
    kedge_arena_init(&arena, f->ctx);
    assert_int_equal(kedge_phases_find(&phases, &arena, f->loaded->sheet, 21, &gates), KEDGE_OK);
    assert_true(phases.phases[0].from == 5 && phases.actions[0].at == 5);
    assert_true(phases.phases[1].from == 7 && phases.actions[1].at == 7);
    kedge_arena_release(&arena);
}

static void constants_have_no_phases(void **state)
{
    fixture *f = *state;
    kedge_arena arena;
    kedge_phases phases;
    kedge_arena_init(&arena, f->ctx);
    assert_int_equal(kedge_phases_find(&phases, &arena, NULL, 21, NULL), KEDGE_OK);
    assert_int_equal(phases.n_phases + phases.n_actions, 0);
    assert_string_equal(kedge_phases_at(&phases, 3), "");
    kedge_arena_release(&arena);
}

/* Keys of 'lr' that a run of so many steps passes. */
static int keys(fixture *f, int steps)
{
    int n = 0, next = 0, step, column = kedge_schedule_column(f->loaded->sheet, "lr");
    double value;
    while (kedge_phases_key(f->loaded, f->loaded->sheet, steps, column, &next, &step, &value)) n++;
    return n;
}

static void keys_behind_the_end_are_not_passed(void **state)
{
    fixture *f = *state;
    load_sheet(f, two_phases, ""); /* lr has keys at 0, 5, 10 and 20 */
    assert_int_equal(keys(f, 21), 4);
    assert_int_equal(keys(f, 20), 3);
    assert_int_equal(keys(f, 10), 2);
}

/* That at 10 is, where the value is held that it has almost come to. */
static void keys_behind_a_hold_are_passed_where_they_are_held(void **state)
{
    fixture *f = *state;
    load_sheet(f, two_phases, "hold: 7\n");
    assert_int_equal(keys(f, 21), 2);
    load_sheet(f, two_phases, "hold: 19\n");
    assert_int_equal(keys(f, 21), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_comes_to_all_its_steps),
        TEST(a_hold_is_the_last_step_that_counts),
        TEST(what_begins_in_reach_is_listed),
        TEST(a_phase_holds_until_the_next),
        TEST(they_stand_where_the_run_came_to_them),
        TEST(constants_have_no_phases),
        TEST(keys_behind_the_end_are_not_passed),
        TEST(keys_behind_a_hold_are_passed_where_they_are_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
