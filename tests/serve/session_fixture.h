/* session_fixture.h - sessions of the small recipe, led step by step. */
#ifndef SERVE_SESSION_FIXTURE_H
#define SERVE_SESSION_FIXTURE_H

#include "../run/run_fixture.h"

#include <math.h>

#include "base/clock.h"
#include "schedule/schedule.h"
#include "serve/session.h"

/* Without a mistake; the test's folder stands before the directory. */
static inline kedge_session *open_session(const fixture *f, kedge_session_options options)
{
    kedge_session *session = NULL;
    char directory[256];
    if (options.directory) {
        snprintf(directory, sizeof directory, "%s", in_folder(f, options.directory));
        options.directory = directory;
    }
    if (kedge_session_create(&session, f->ctx, f->loaded, &options)) fail_msg("%s", kedge_error());
    return session;
}

static inline kedge_session_state state_of(kedge_session *session)
{
    kedge_session_state state;
    kedge_session_state_get(session, &state);
    return state;
}

/* Waits until it stands before the update of 'step', paused. */
static inline void await_step(kedge_session *session, int step)
{
    kedge_session_state state = state_of(session);
    for (double end = kedge_clock_seconds() + 60; !state.paused || state.step != step; state = state_of(session)) {
        kedge_session_wait(session, state.tick, 10);
        if (kedge_clock_seconds() > end) break;
    }
    assert_true(state.paused);
    assert_int_equal(state.step, step);
}

static inline void go_to(kedge_session *session, int step)
{
    int now = state_of(session).step;
    if (step > now) assert_int_equal(kedge_session_step(session, step - now), KEDGE_OK);
    await_step(session, step);
}

static inline void finish(kedge_session *session)
{
    assert_int_equal(kedge_session_pause(session, false), KEDGE_OK);
    kedge_session_state state = state_of(session);
    for (double end = kedge_clock_seconds() + 60; !state.done; state = state_of(session)) {
        kedge_session_wait(session, state.tick, 10);
        if (kedge_clock_seconds() > end) break;
    }
    assert_true(state.done);
}

static inline void set(kedge_session *session, const char *column, double value, int over, bool hold)
{
    if (kedge_session_set(session, column, value, over, hold)) fail_msg("%s", kedge_error());
}

/* The sheet as it is now, as a schedule. */
static inline kedge_schedule *sheet_of(const fixture *f, kedge_session *session)
{
    kedge_text text;
    kedge_schedule *schedule = NULL;
    kedge_text_init(&text, f->ctx);
    assert_int_equal(kedge_session_sheet(session, &text), KEDGE_OK);
    if (kedge_schedule_parse(&schedule, f->ctx, "s.csv", kedge_text_string(&text), text.length))
        fail_msg("%s", kedge_error());
    kedge_text_release(&text);
    return schedule;
}

#endif
