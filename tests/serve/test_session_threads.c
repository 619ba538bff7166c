/* test_session_threads.c - many threads look at a session and steer it at once. */
#include "session_fixture.h"

#include <pthread.h>
#include <time.h>


typedef struct looker {
    pthread_t thread;
    kedge_session *session;
    int number;
    bool steers;
    double hertz; /* of its looks; 0: as fast as it goes */
    int stop;     /* atomic */
    long looks;
    const char *wrong; /* NULL: all was well */
} looker;

enum { ROOM = 64 };

/* One look at everything. False if what is seen does not fit together. */
static bool look_once(looker *self, float *parameters, float *rows, float *kept)
{
    static const char *const names[] = {"lr", "anchor", "labels.red"};
    int steps[ROOM], at[KEDGE_SESSION_KEPT], step;
    uint32_t epoch, kept_epoch;
    size_t size = kedge_session_parameters(self->session);
    int n = kedge_session_copy(self->session, 0, 0, ROOM, &epoch, &step, parameters, steps, rows);
    for (int i = 0; i < n; i++)
        if (steps[i] >= step || !isfinite(rows[i * kedge_session_columns(self->session)])) return false;
    if (n > 0 && steps[n - 1] != step - 1) return false;
    for (size_t i = 0; i < size; i++)
        if (!isfinite(parameters[i])) return false;
    if (self->hertz > 0) return true;
    n = kedge_session_kept(self->session, &kept_epoch, at, kept);
    for (int i = 1; i < n; i++)
        if (at[i] <= at[i - 1]) return false;
    return isfinite(kedge_session_value(self->session, names[self->number % 3]));
}

static void steer_once(looker *self)
{
    static const char *const names[] = {"lr", "anchor", "labels.red", "separate"};
    long i = self->looks;
    if (i % 5 == 0) kedge_session_set(self->session, names[i / 5 % 4], 0.01 * (double)(i % 7), i % 30, i % 11 == 0);
    if (i % 17 == 3) kedge_session_pause(self->session, i % 2 == 0);
    if (i % 19 == 4) kedge_session_step(self->session, i % 50 + 1);
    if (i % 23 == 5) kedge_session_pace(self->session, i % 2 == 0 ? 5e4 : 0);
    if (i % 101 == 100) kedge_session_restart(self->session, i);
}

static void *look(void *payload)
{
    looker *self = payload;
    size_t size = kedge_session_parameters(self->session);
    float *parameters = malloc(size * sizeof *parameters), *kept = malloc(KEDGE_SESSION_KEPT * size * sizeof *kept);
    float *rows = malloc(ROOM * (size_t)kedge_session_columns(self->session) * sizeof *rows);
    kedge_session_state state = {0};
    for (; parameters && rows && kept && !self->wrong && !__atomic_load_n(&self->stop, __ATOMIC_RELAXED);
         self->looks++) {
        if (!look_once(self, parameters, rows, kept)) self->wrong = "what was seen does not fit together";
        if (self->steers) steer_once(self);
        kedge_session_wait(self->session, state.tick, 1);
        kedge_session_state_get(self->session, &state);
        if (state.step > state.steps) self->wrong = "a step past the end";
        if (self->hertz > 0)
            nanosleep(&(struct timespec){.tv_nsec = (long)(1e9 / self->hertz)}, NULL);
    }
    free(parameters);
    free(rows);
    free(kept);
    return NULL;
}

static void begin(looker *self, kedge_session *session, int number, bool steers, double hertz)
{
    *self = (looker){.session = session, .number = number, .steers = steers, .hertz = hertz};
    assert_int_equal(pthread_create(&self->thread, NULL, look, self), 0);
}

static void end(looker *self)
{
    __atomic_store_n(&self->stop, 1, __ATOMIC_RELAXED);
    pthread_join(self->thread, NULL);
    if (self->wrong) fail_msg("%s", self->wrong);
    assert_true(self->looks > 0);
}

static void looking_and_steering_at_once(void **state)
{
    enum { THREADS = 4 };
    fixture *f = *state;
    looker lookers[THREADS];
    load_good(f, "steps: 3000\n");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out"});
    for (int i = 0; i < THREADS; i++) begin(&lookers[i], session, i, i < 2, 0);
    nanosleep(&(struct timespec){.tv_nsec = 700000000}, NULL);
    for (int i = 0; i < THREADS; i++) end(&lookers[i]);
    assert_int_equal(kedge_session_pace(session, 0), KEDGE_OK);
    finish(session);
    kedge_session_free(session);
}

/* Looked at by four, thirty times a second each, a run goes through the same numbers. */
static void looking_changes_nothing(void **state)
{
    enum { THREADS = 4 };
    fixture *f = *state;
    looker lookers[THREADS];
    load_good(f, "steps: 20000\n");
    float *alone = NULL, *seen = NULL;
    for (int crowded = 0; crowded < 2; crowded++) {
        kedge_session *session = open_session(f, (kedge_session_options){.seed = 2, .paused = true});
        size_t size = kedge_session_parameters(session);
        float **to = crowded ? &seen : &alone;
        uint32_t epoch;
        int step;
        *to = malloc(size * sizeof **to);
        assert_non_null(*to);
        for (int i = 0; crowded && i < THREADS; i++) begin(&lookers[i], session, i, false, 30);
        finish(session);
        for (int i = 0; crowded && i < THREADS; i++) end(&lookers[i]);
        kedge_session_copy(session, 0, 0, 0, &epoch, &step, *to, NULL, NULL);
        assert_int_equal(step, 20000);
        if (crowded) assert_memory_equal(alone, seen, size * sizeof *alone);
        kedge_session_free(session);
    }
    free(alone);
    free(seen);
}

static void *restart_often(void *payload)
{
    for (int i = 0; i < 40; i++) kedge_session_restart(payload, i % 3);
    return NULL;
}

/* Each of them waits until what is over is written, although the other may begin anew meanwhile. */
static void several_may_restart_at_once(void **state)
{
    enum { GUESTS = 4 };
    fixture *f = *state;
    pthread_t guests[GUESTS];
    load_good(f, "steps: 3\n");
    kedge_session *session = open_session(f, (kedge_session_options){.directory = "out"});
    for (int i = 0; i < GUESTS; i++) assert_int_equal(pthread_create(&guests[i], NULL, restart_often, session), 0);
    for (int i = 0; i < GUESTS; i++) pthread_join(guests[i], NULL);
    finish(session);
    kedge_session_state now = state_of(session);
    assert_true(now.epoch == 40 * GUESTS && now.seed == now.ending.seed && now.step == 3);
    assert_string_equal(now.message, "");
    kedge_session_free(session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(looking_and_steering_at_once),
        TEST(looking_changes_nothing),
        TEST(several_may_restart_at_once),
    };
    return cmocka_run_group_tests_name("serve/session_threads", tests, NULL, NULL);
}
