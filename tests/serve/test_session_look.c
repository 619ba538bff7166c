/* test_session_look.c - what is seen of a session is what a run of the same recipe goes through. */
#include "session_fixture.h"

#include "show/replay.h"

enum { ROOM = 512 };

/* A copy of the present state. */
typedef struct copy {
    uint32_t epoch;
    int step, n;
    float *parameters, *rows;
    int steps[ROOM];
} copy;

static copy look(kedge_session *session, uint32_t epoch, int since, int room)
{
    copy c;
    c.parameters = malloc(kedge_session_parameters(session) * sizeof *c.parameters);
    c.rows = malloc(ROOM * (size_t)kedge_session_columns(session) * sizeof *c.rows);
    assert_true(c.parameters && c.rows);
    c.n = kedge_session_copy(session, epoch, since, room, &c.epoch, &c.step, c.parameters, c.steps, c.rows);
    return c;
}

static void drop(copy *c)
{
    free(c->parameters);
    free(c->rows);
}

static kedge_replay *replay_of(const fixture *f, long long seed)
{
    kedge_replay *replay = NULL;
    if (kedge_replay_create(&replay, f->ctx, f->loaded, seed, 1, NULL)) fail_msg("%s", kedge_error());
    return replay;
}

static bool same_number(float a, float b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void assert_row(const kedge_replay *replay, int step, const float *row)
{
    int n = replay->n_terms;
    assert_true(row[0] == (float)replay->lr[step]);
    for (int i = 0; i < n; i++) assert_true(row[1 + i] == (float)replay->weights[step * n + i]);
    for (int i = 0; i <= n; i++) assert_true(same_number(row[1 + n + i], replay->losses[step * (n + 1) + i]));
}

static void assert_parameters(const kedge_replay *replay, int step, const float *parameters)
{
    assert_int_equal(replay->at[step], step);
    assert_memory_equal(parameters, replay->parameters + (size_t)step * replay->n_parameters,
                        replay->n_parameters * sizeof *parameters);
}

static void shows_what_a_run_goes_through(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_replay *replay = replay_of(f, 4);
    kedge_session *session = open_session(f, (kedge_session_options){.seed = 4, .paused = true});
    assert_int_equal(kedge_session_parameters(session), replay->n_parameters);
    assert_int_equal(kedge_session_columns(session), 6);
    const int places[] = {0, 1, 37, 100};
    for (int i = 0; i < 4; i++) {
        go_to(session, places[i]);
        copy c = look(session, 0, 0, ROOM);
        assert_true(c.step == places[i] && c.n == places[i] && c.epoch == 0);
        assert_parameters(replay, c.step, c.parameters);
        for (int k = 0; k < c.n; k++) {
            assert_int_equal(c.steps[k], k);
            assert_row(replay, k, c.rows + k * 6);
        }
        drop(&c);
    }
    finish(session);
    copy c = look(session, 0, 99, ROOM);
    assert_true(c.step == 101 && c.n == 2 && c.steps[0] == 99);
    assert_parameters(replay, 101, c.parameters);
    assert_row(replay, 100, c.rows + 6);
    drop(&c);
    kedge_session_free(session);
    kedge_replay_free(replay);
}

static void thins_rows_evenly(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){0});
    finish(session);
    copy c = look(session, 0, 1, 10);
    const int expected[] = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
    assert_int_equal(c.n, 10);
    assert_memory_equal(c.steps, expected, sizeof expected);
    drop(&c);
    c = look(session, 0, 101, 10);
    assert_int_equal(c.n, 0);
    drop(&c);
    c = look(session, 0, 5000, 10);
    assert_int_equal(c.n, 0);
    drop(&c);
    c = look(session, 0, 0, 0);
    assert_int_equal(c.n, 0);
    drop(&c);
    kedge_session_free(session);
}

static void another_epoch_starts_from_zero(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    go_to(session, 50);
    assert_int_equal(kedge_session_restart(session, 9), KEDGE_OK);
    copy c = look(session, 0, 40, ROOM);
    assert_true(c.epoch == 1 && c.step == 0 && c.n == 0);
    drop(&c);
    go_to(session, 20);
    kedge_replay *replay = replay_of(f, 9);
    c = look(session, 0, 15, ROOM);
    assert_true(c.epoch == 1 && c.step == 20 && c.n == 20);
    assert_parameters(replay, 20, c.parameters);
    assert_row(replay, 0, c.rows);
    drop(&c);
    c = look(session, 1, 15, ROOM);
    assert_int_equal(c.n, 5);
    drop(&c);
    kedge_replay_free(replay);
    kedge_session_free(session);
}

static void keeps_states_for_late_comers(void **state)
{
    fixture *f = *state;
    static int at[KEDGE_SESSION_KEPT];
    const int runs[] = {20, 101, 160, 1000, 5000};
    for (int i = 0; i < 5; i++) {
        char more[32];
        uint32_t epoch;
        snprintf(more, sizeof more, "steps: %d\n", runs[i]);
        load_good(f, more);
        kedge_replay *replay = replay_of(f, 0);
        kedge_session *session = open_session(f, (kedge_session_options){0});
        finish(session);
        float *parameters = malloc(KEDGE_SESSION_KEPT * replay->n_parameters * sizeof *parameters);
        assert_non_null(parameters);
        int n = kedge_session_kept(session, &epoch, at, parameters), widest = 0;
        assert_true(epoch == 0 && n <= KEDGE_SESSION_KEPT && n >= (runs[i] < 80 ? runs[i] + 1 : 80));
        for (int k = 0; k < n; k++) {
            assert_parameters(replay, at[k], parameters + (size_t)k * replay->n_parameters);
            if (k > 0) assert_true(at[k] > at[k - 1]);
            if (k > 0 && at[k] - at[k - 1] > widest) widest = at[k] - at[k - 1];
        }
        assert_true(at[0] == 0 && at[1] == 1 && at[2] == 2 && at[n - 1] == runs[i]);
        assert_true(widest <= runs[i] / 60 + 1);
        for (int power = 4; power < runs[i]; power *= 2) {
            int k = 0;
            while (k < n && at[k] != power) k++;
            assert_true(k < n);
        }
        free(parameters);
        kedge_session_free(session);
        kedge_replay_free(replay);
    }
}

static void ticks_tell_of_every_change(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    await_step(session, 0);
    uint64_t tick = state_of(session).tick;
    assert_false(kedge_session_wait(session, tick, 1));
    set(session, "lr", 0.1, 5, false);
    assert_true(kedge_session_wait(session, tick, 1000));
    tick = state_of(session).tick;
    kedge_session_pace(session, 100);
    assert_true(kedge_session_wait(session, tick, 1000));
    assert_true(state_of(session).pace == 100);
    tick = state_of(session).tick;
    go_to(session, 1);
    assert_true(state_of(session).tick > tick);
    kedge_session_free(session);
}

static void values_are_those_of_the_next_update(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    go_to(session, 60);
    assert_true(kedge_session_value(session, "lr") == kedge_schedule_value(f->loaded->sheet, 0, 60));
    assert_true(kedge_session_value(session, "anchor") == kedge_schedule_value(f->loaded->sheet, 2, 60));
    assert_true(kedge_session_value(session, "labels.dark") == 1);
    set(session, "labels.dark", 0.25, 0, false);
    assert_true(kedge_session_value(session, "labels.dark") == 0.25);
    const int at[] = {59, 60, 1000};
    double values[5 * 3];
    kedge_session_schedule(session, 3, at, values);
    assert_true(values[4 * 3] == 1 && values[4 * 3 + 1] == 0.25 && values[4 * 3 + 2] == 0.25);
    assert_true(values[2] == 0.001);
    kedge_session_free(session);
}

/* What is shown and set is the sheet's number; what acts, and is told of each step, is 'scale' times it. */
static void a_scaled_term_is_steered_in_the_unit_of_the_sheet(void **state)
{
    fixture *f = *state;
    const char *anchor = "  anchor: {kind: anchor, at: [1, 0, 0], scale: 3, labels: {red: 1}}";
    assert_int_equal(load(f, 5, anchor, "", NULL), KEDGE_OK);
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    go_to(session, 60);
    assert_true(kedge_session_value(session, "anchor") == kedge_schedule_value(f->loaded->sheet, 2, 60));
    set(session, "anchor", 0.25, 0, false);
    assert_true(kedge_session_value(session, "anchor") == 0.25);
    const int at[] = {60};
    double values[5];
    kedge_session_schedule(session, 1, at, values);
    assert_true(values[2] == 0.25);
    go_to(session, 61);
    copy c = look(session, 0, 60, ROOM);
    assert_true(c.rows[2] == 0.75F);
    drop(&c);
    kedge_session_free(session);
}

static void a_scale_of_0_hides_no_value(void **state)
{
    fixture *f = *state;
    const char *anchor = "  anchor: {kind: anchor, at: [1, 0, 0], scale: 0, labels: {red: 1}}";
    assert_int_equal(load(f, 5, anchor, "", NULL), KEDGE_OK);
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    assert_true(kedge_session_value(session, "anchor") == 0.1);
    kedge_session_free(session);
}

static void the_weight_of_the_task_is_steered_where_it_is_named(void **state)
{
    fixture *f = *state;
    load_sheet(f, "STEP,lr,recon,separate,anchor\n0,0.01,2,0.1,0.1\n100,0.001,1,0,0\n", "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    assert_true(kedge_session_value(session, "recon") == 2);
    assert_int_equal(kedge_session_set(session, "recon", -1, 0, false), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "'recon' is to be -1; must be a finite number of at least 0");
    set(session, "recon", 0.5, 0, true);
    const int at[] = {0, 100};
    double values[6 * 2];
    kedge_session_schedule(session, 2, at, values);
    assert_true(values[3 * 2] == 0.5 && values[3 * 2 + 1] == 0.5 && values[2 * 2] == 0.1);
    finish(session);
    kedge_schedule *changed = sheet_of(f, session);
    assert_true(kedge_schedule_value(changed, kedge_schedule_column(changed, "recon"), 50) == 0.5);
    kedge_schedule_free(changed);
    kedge_session_free(session);
}

static void the_weight_of_the_task_is_no_control_elsewhere(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    assert_true(isnan(kedge_session_value(session, "recon")));
    assert_int_equal(kedge_session_set(session, "recon", 1, 0, false), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "unknown column 'recon'"));
    kedge_session_free(session);
}

/* Factors of sets are steered like the rest, but never to where nothing can be drawn. */
static void factors_of_sets_are_steered(void **state)
{
    fixture *f = *state;
    const char *sets[] = {"data.sets={hues: vibrancy == 1, all: 1}"};
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){sets, 1}), KEDGE_OK);
    kedge_session *session = open_session(f, (kedge_session_options){.paused = true});
    go_to(session, 20);
    assert_true(kedge_session_value(session, "data-hues") == 1);
    set(session, "data-all", 0.25, 10, false);
    set(session, "data-hues", 0, 0, false);
    go_to(session, 40);
    assert_true(kedge_session_value(session, "data-hues") == 0 && kedge_session_value(session, "data-all") == 0.25);
    assert_int_equal(kedge_session_set(session, "data-all", 0, 5, false), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "no point can be drawn at step 45, as every set has the factor 0; at least one "
                        "must be above 0");
    assert_int_equal(kedge_session_set(session, "data-all", -1, 5, false), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "'data-all' is to be -1; must be a finite number of at least 0");
    assert_int_equal(state_of(session).version, 2);
    finish(session);
    kedge_session_free(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shows_what_a_run_goes_through),
        TEST(thins_rows_evenly),
        TEST(another_epoch_starts_from_zero),
        TEST(keeps_states_for_late_comers),
        TEST(ticks_tell_of_every_change),
        TEST(values_are_those_of_the_next_update),
        TEST(a_scaled_term_is_steered_in_the_unit_of_the_sheet),
        TEST(a_scale_of_0_hides_no_value),
        TEST(the_weight_of_the_task_is_steered_where_it_is_named),
        TEST(the_weight_of_the_task_is_no_control_elsewhere),
        TEST(factors_of_sets_are_steered),
    };
    return cmocka_run_group_tests_name("serve/session_look", tests, NULL, NULL);
}
