/* test_session.c - runs that are steered, and repeated from what they left. */
#include "session_fixture.h"

#include "failing_alloc.h"

/* What 'kedge run' makes of the recipe in a session's directory. */
static void repeat(fixture *f, const char *directory, const char *other)
{
    kedge_recipe *own = f->loaded;
    if (kedge_recipe_load(&f->loaded, f->ctx, in_folder(f, directory), NULL)) fail_msg("%s", kedge_error());
    run_into(f, other, 0);
    kedge_recipe_free(f->loaded);
    f->loaded = own;
}

static void leaves_what_a_run_would(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .seed = 7});
    finish(session);
    assert_string_equal(state_of(session).message, "");
    kedge_session_free(session);
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
    assert_true(same_file(f, "out/schedule.csv", "schedule.csv"));
    assert_non_null(strstr(listing(f, "out"), "seed-7/model.safetensors"));
}

/* Changes of all kinds, at several moments, one in the midst of another. */
static void steer(kedge_session *session, int last)
{
    set(session, "labels.red", 1.5, 0, false);
    go_to(session, 10);
    set(session, "lr", 0.02, 30, false);
    set(session, "anchor", 0.3, 20, false);
    go_to(session, 25);
    set(session, "lr", 0.004, 20, false);
    set(session, "labels.red", 3, 15, false);
    set(session, "separate", 0, 5, true);
    go_to(session, 26);
    set(session, "separate", 0.05, 7, false);
    set(session, "separate", 0.07, 9, false); /* instead of the one before */
    go_to(session, 80);
    set(session, "anchor", 0.01, 0, true);
    set(session, "labels.dark", 0.5, last, false);
}

static void a_steered_run_can_be_repeated(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .seed = 3, .paused = true});
    steer(session, 300);
    finish(session);
    assert_string_equal(state_of(session).message, "");
    kedge_session_free(session);
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
    assert_false(same_file(f, "out/schedule.csv", "schedule.csv"));
}

static void so_can_one_with_actions(void **state)
{
    fixture *f = *state;
    put(f, "schedule.csv", "STEP,ACTION,lr,separate,anchor\n0,,0.01,0.1,0.1\n30,\"anchor, reset-optimizer\",,,\n"
                           "90,anchor:anchor,,,\n100,,0.001,0,0\n");
    if (load(f, 5, "  anchor: {kind: captured-anchor, of: s == 0}", "", NULL)) fail_msg("%s", kedge_error());
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .seed = 3, .paused = true});
    steer(session, 300);
    finish(session);
    assert_string_equal(state_of(session).message, "");
    kedge_session_free(session);
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
}

static void so_can_one_whose_schedule_is_constants(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, anchor: 0.1, labels.red: 0.75}\nsteps: 101", "", NULL), KEDGE_OK);
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .paused = true});
    steer(session, 300);
    finish(session);
    kedge_session_free(session);
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
}

static void constants_stay_constants_without_a_change(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, anchor: 0.1}\nsteps: 20", "", NULL), KEDGE_OK);
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out"});
    finish(session);
    kedge_session_free(session);
    assert_null(strstr(listing(f, "out"), "schedule.csv"));
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
}

static void so_can_one_that_stands_still_in_the_end(void **state)
{
    fixture *f = *state;
    load_good(f, "hold: 90\nsteps: 120\n");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .paused = true});
    steer(session, 10);
    assert_int_equal(kedge_session_set(session, "anchor", 0.1, 11, false), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "the change would end at step 91; the schedule stands still from step 90 on, as "
                                       "the recipe's 'hold' says: over 10 steps at most");
    go_to(session, 90);
    set(session, "lr", 0.5, 0, false);
    go_to(session, 91);
    assert_int_equal(kedge_session_set(session, "lr", 0.1, 0, false), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "the schedule stands still from step 90 on, as the recipe's 'hold' says");
    assert_true(kedge_session_value(session, "lr") == 0.5);
    finish(session);
    kedge_session_free(session);
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
}

static void a_change_past_the_sheet_is_kept(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 140\n");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .paused = true});
    go_to(session, 120);
    set(session, "anchor", 0.2, 10, false);
    finish(session);
    kedge_session_free(session);
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
}

/* The tables of a session are those of its sheet, and what is behind the trainer never changes. */
static void steps_before_a_change_stay_as_they_were(void **state)
{
    fixture *f = *state;
    enum { STEPS = 101, CONTROLS = 5 };
    static const char *const names[CONTROLS] = {"lr", "separate", "anchor", "labels.red", "labels.dark"};
    double before[CONTROLS * STEPS], after[CONTROLS * STEPS];
    int at[STEPS];
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    for (int i = 0; i < STEPS; i++) at[i] = i;
    kedge_session_schedule(session, STEPS, at, before);
    for (int step = 0, i = 0; step < 100; step += 9, i++) {
        go_to(session, step);
        set(session, names[i % CONTROLS], 0.05 * (1 + i % 3), 7 * i % 40, i % 4 == 3);
        kedge_session_schedule(session, STEPS, at, after);
        kedge_schedule *schedule = sheet_of(f, session);
        for (int k = 0; k < CONTROLS; k++) {
            int column = kedge_schedule_column(schedule, names[k]);
            for (int t = 0; t < STEPS; t++) {
                assert_true(t >= step || after[k * STEPS + t] == before[k * STEPS + t]);
                assert_true(after[k * STEPS + t] == (column < 0 ? 1 : kedge_schedule_value(schedule, column, t)));
            }
        }
        kedge_schedule_free(schedule);
        memcpy(before, after, sizeof before);
    }
    kedge_session_free(session);
}

static void tells_its_changes(void **state)
{
    fixture *f = *state;
    kedge_session_change *changes = NULL;
    size_t n = 0;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    assert_int_equal(kedge_session_changes(session, &changes, &n), KEDGE_OK);
    assert_int_equal(n, 0);
    kedge_release(f->ctx, changes);
    steer(session, 300);
    assert_int_equal(state_of(session).version, 10);
    assert_int_equal(kedge_session_changes(session, &changes, &n), KEDGE_OK);
    assert_int_equal(n, 9);
    assert_string_equal(changes[1].column, "lr");
    assert_true(changes[1].step == 10 && changes[1].value == 0.02 && changes[1].over == 30 && !changes[1].hold);
    assert_true(changes[6].step == 26 && changes[6].value == 0.07 && !changes[6].hold);
    assert_true(changes[7].hold);
    kedge_release(f->ctx, changes);
    kedge_session_free(session);
}

static void restarts_with_its_changes(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .paused = true});
    go_to(session, 40);
    set(session, "anchor", 0.3, 20, false);
    go_to(session, 50);
    uint64_t tick = state_of(session).tick;
    assert_int_equal(kedge_session_restart(session, 5), KEDGE_OK);
    await_step(session, 0);
    kedge_session_state now = state_of(session);
    assert_true(now.epoch == 1 && now.seed == 5 && now.tick > tick);
    go_to(session, 20);
    set(session, "anchor", 0.2, 10, false); /* the later one leaves from there */
    finish(session);
    kedge_session_free(session);
    assert_null(strstr(listing(f, "out"), "seed-0"));
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
}

static void restarts_when_it_is_over(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 20\n");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out"});
    finish(session);
    assert_int_equal(kedge_session_set(session, "lr", 0.1, 0, false), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "the run is over; restart it to change it");
    assert_int_equal(kedge_session_step(session, 1), KEDGE_EINVALID);
    kedge_session_pause(session, true);
    assert_int_equal(kedge_session_restart(session, 1), KEDGE_OK);
    await_step(session, 0);
    set(session, "lr", 0.1, 0, false);
    finish(session);
    kedge_session_state now = state_of(session);
    assert_string_equal(now.message, "");
    assert_true(now.ending.count == 2 && now.ending.seed == 1);
    assert_string_equal(now.directory, in_folder(f, "out-2")); /* what is finished is not overwritten */
    kedge_session_free(session);
    assert_non_null(strstr(listing(f, "out"), "seed-0/model"));
    assert_null(strstr(listing(f, "out"), "seed-1"));
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
    repeat(f, "out-2", "again-2");
    assert_same_tree(f, "out-2", "again-2");
}

static void a_restart_without_a_change_adds_its_seed(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 20\n");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out"});
    finish(session);
    assert_int_equal(kedge_session_restart(session, 1), KEDGE_OK);
    finish(session);
    kedge_session_free(session);
    assert_non_null(strstr(listing(f, "out"), "seed-0/model"));
    assert_non_null(strstr(listing(f, "out"), "seed-1/model"));
    assert_null(strstr(listing(f, ""), "out-2"));
}

/* The trees after a run was stopped at step 5 of a changed schedule, and what a run makes of them. */
static void stopped_it_leaves_its_changes(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 20\n");
    for (int i = 0; i < 2; i++) {
        const char *directory = i == 0 ? "stopped" : "whole";
        kedge_session *session = open_session(f, (kedge_session_options){.directory = directory, .paused = true});
        set(session, "lr", 0.02, 3, false);
        if (i == 0) go_to(session, 5);
        else finish(session);
        kedge_session_stop(session);
        assert_int_equal(state_of(session).changes, 1);
        assert_string_equal(state_of(session).directory, in_folder(f, directory));
        kedge_session_free(session);
    }
    assert_string_equal(listing(f, "stopped"), "recipe.yaml\nschedule.csv\n");
    repeat(f, "stopped", "again");
    assert_same_tree(f, "whole", "again");
}

static void failed_it_leaves_its_changes(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, "");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out", .paused = true});
    set(session, "anchor", 0.3, 2, false);
    finish(session);
    assert_non_null(strstr(state_of(session).message, "; its changes are written to "));
    assert_string_equal(state_of(session).ending.message, state_of(session).message);
    kedge_session_free(session);
    assert_string_equal(listing(f, "out"), "recipe.yaml\nschedule.csv\n");
    assert_false(same_file(f, "out/schedule.csv", "schedule.csv"));
}

static void says_why_it_failed(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, "");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out"});
    finish(session);
    kedge_session_state now = state_of(session);
    assert_non_null(strstr(now.message, "became"));
    assert_true(now.step < now.steps);
    assert_null(strstr(listing(f, "out"), "seed-"));
    assert_null(strstr(listing(f, "out"), "summary"));
    assert_int_equal(kedge_session_restart(session, -1), KEDGE_OK);
    finish(session);
    assert_non_null(strstr(state_of(session).message, "became"));
    kedge_session_free(session);
}

static void ends_in_any_state(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 100000\n");
    for (int i = 0; i < 6; i++) {
        kedge_session *session = open_session(f, (kedge_session_options){.paused = i % 2 == 0, .pace = i == 3 ? 5 : 0});
        if (i == 2) go_to(session, 10);
        if (i == 4) assert_int_equal(kedge_session_step(session, 50000), KEDGE_OK);
        if (i == 5) {
            kedge_session_pause(session, true);
            kedge_session_pause(session, true);
        }
        kedge_session_free(session);
    }
    kedge_session_free(NULL);
}

static void paused_it_stands(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 1000000\n");
    kedge_session *session = open_session(f, (kedge_session_options){0});
    kedge_session_pause(session, true);
    kedge_session_pause(session, true);
    kedge_session_state now = state_of(session);
    assert_true(now.paused && !now.done && now.steps == 1000000);
    assert_false(kedge_session_wait(session, now.tick, 20));
    assert_int_equal(state_of(session).step, now.step);
    kedge_session_pause(session, false);
    assert_true(kedge_session_wait(session, state_of(session).tick, 5000));
    kedge_session_free(session);
}

static void keeps_its_pace(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true, .pace = 400});
    double start = kedge_clock_seconds();
    finish(session);
    double seconds = kedge_clock_seconds() - start;
    assert_true(seconds > 0.24 && seconds < 5); /* 100 gaps of 2.5 ms */
    assert_int_equal(kedge_session_restart(session, -1), KEDGE_OK);
    assert_int_equal(kedge_session_pace(session, 0), KEDGE_OK);
    finish(session);
    kedge_session_free(session);
}

static void a_slow_pace_does_not_hold_up_orders(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    double start = kedge_clock_seconds();
    kedge_session *session = open_session(f, (kedge_session_options){.pace = 1e-6});
    set(session, "lr", 0.1, 5, false);
    assert_int_equal(kedge_session_pause(session, true), KEDGE_OK);
    assert_int_equal(kedge_session_pace(session, 0), KEDGE_OK);
    finish(session);
    assert_true(kedge_clock_seconds() - start < 10);
    kedge_session_free(session);
}

static void refuses_what_makes_no_sense(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = NULL;
    const kedge_session_options wrong[] = {{.seed = -1}, {.pace = -1}, {.pace = NAN}};
    for (int i = 0; i < 3; i++)
        assert_int_equal(kedge_session_create(&session, f->ctx, f->loaded, &wrong[i]), KEDGE_EINVALID);
    session = open_session(f, (kedge_session_options){.paused = true});
    const struct {
        const char *column;
        double value;
        int64_t over;
        const char *message;
    } cases[] = {
        {"ancor", 1, 5, "unknown column 'ancor'; did you mean 'anchor'?"},
        {"labels.rad", 1, 5, "unknown column 'labels.rad'; did you mean 'labels.red'?"},
        {"lr", -0.1, 5, "'lr' is to be -0.1; must be a finite number of at least 0"},
        {"labels.red", -1, 5, "'labels.red' is to be -1; must be a finite number of at least 0"},
        {"anchor", NAN, 5, "'anchor' is to be nan; must be a finite number"},
        {"anchor", 1, -1, "a change over -1 steps; must be from 0 to 10000000"},
        {"anchor", 1, 10000001, "a change over 10000001 steps; must be from 0 to 10000000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(kedge_session_set(session, cases[i].column, cases[i].value, cases[i].over, false),
                         KEDGE_EINVALID);
        assert_string_equal(kedge_error(), cases[i].message);
    }
    assert_int_equal(kedge_session_step(session, 0), KEDGE_EINVALID);
    assert_int_equal(kedge_session_pace(session, -2), KEDGE_EINVALID);
    assert_int_equal(kedge_session_restart(session, -2), KEDGE_EINVALID);
    assert_true(isnan(kedge_session_value(session, "ancor")));
    assert_int_equal(state_of(session).version, 0);
    kedge_session_free(session);
}

static void weights_may_be_negative(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    set(session, "anchor", -0.5, 0, false);
    assert_true(kedge_session_value(session, "anchor") == -0.5);
    kedge_session_free(session);
}

static void refuses_a_directory_with_finished_runs(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_into(f, "out", 0);
    char path[256];
    snprintf(path, sizeof path, "%s", in_folder(f, "out"));
    kedge_session *session = NULL;
    kedge_session_options options = {.directory = path, .paused = true};
    assert_int_equal(kedge_session_create(&session, f->ctx, f->loaded, &options), KEDGE_EEXISTS);
    assert_null(session);
    options.force = 1;
    assert_int_equal(kedge_session_create(&session, f->ctx, f->loaded, &options), KEDGE_OK);
    assert_non_null(strstr(listing(f, "out"), "seed-1/model")); /* until there is something to write instead */
    set(session, "lr", 0.02, 10, false);
    finish(session);
    assert_string_equal(state_of(session).message, "");
    kedge_session_free(session);
    repeat(f, "out", "again");
    assert_same_tree(f, "out", "again");
}

/* The trainer allocates nothing while it trains, so that all requests are this thread's. */
static void survives_every_failed_allocation(void **state)
{
    fixture *f = *state;
    load_good(f, "steps: 3\n");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        options.kernels = "ref";
        kedge_context *ctx = NULL;
        kedge_recipe *recipe = NULL;
        kedge_session *session = NULL;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        assert_int_equal(kedge_recipe_load(&recipe, ctx, f->folder, NULL), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_session_create(&session, ctx, recipe, &(kedge_session_options){.paused = true});
        if (!status) {
            double lr = kedge_session_value(session, "lr");
            status = kedge_session_set(session, "lr", 0.5, 0, true);
            if (status) assert_true(kedge_session_value(session, "lr") == lr && state_of(session).version == 0);
            if (!status) status = kedge_session_restart(session, 3);
            if (!status) finish(session);
        }
        assert_true(status == KEDGE_OK || status == KEDGE_ENOMEM);
        kedge_session_free(session);
        kedge_recipe_free(recipe);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(leaves_what_a_run_would),
        TEST(a_steered_run_can_be_repeated),
        TEST(so_can_one_with_actions),
        TEST(so_can_one_whose_schedule_is_constants),
        TEST(constants_stay_constants_without_a_change),
        TEST(so_can_one_that_stands_still_in_the_end),
        TEST(a_change_past_the_sheet_is_kept),
        TEST(steps_before_a_change_stay_as_they_were),
        TEST(tells_its_changes),
        TEST(restarts_with_its_changes),
        TEST(restarts_when_it_is_over),
        TEST(a_restart_without_a_change_adds_its_seed),
        TEST(stopped_it_leaves_its_changes),
        TEST(failed_it_leaves_its_changes),
        TEST(says_why_it_failed),
        TEST(ends_in_any_state),
        TEST(paused_it_stands),
        TEST(keeps_its_pace),
        TEST(a_slow_pace_does_not_hold_up_orders),
        TEST(refuses_what_makes_no_sense),
        TEST(weights_may_be_negative),
        TEST(refuses_a_directory_with_finished_runs),
        TEST(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("serve/session", tests, NULL, NULL);
}
