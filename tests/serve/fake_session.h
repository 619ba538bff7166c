/* fake_session.h - a session that trains nothing: a test sets what it shows, and sees what it was told. */
#ifndef TESTS_SERVE_FAKE_SESSION_H
#define TESTS_SERVE_FAKE_SESSION_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "serve/session.h"
#include "unit.h"

enum { FAKE_PARAMETERS = 3, FAKE_TERMS = 1, FAKE_COLUMNS = 2 + 2 * FAKE_TERMS };

struct kedge_session {
    kedge_context *ctx;
    kedge_session_state state;
    size_t n_changes;
    char told[256]; /* the last command */
};

size_t kedge_session_parameters(const kedge_session *session)
{
    (void)session;
    return FAKE_PARAMETERS;
}

int kedge_session_columns(const kedge_session *session)
{
    (void)session;
    return FAKE_COLUMNS;
}

void kedge_session_state_get(kedge_session *session, kedge_session_state *state)
{
    *state = session->state;
}

/* Row of step s: s in every column but the last, which is no number. Parameters: step + 0.5, ... */
int kedge_session_copy(kedge_session *session, uint32_t epoch, int since, int room, uint32_t *epoch_now, int *step,
                       float *parameters, int *steps, float *rows)
{
    int n = 0;
    if (epoch != session->state.epoch) since = 0;
    for (int s = since; s < session->state.step && n < room; s++, n++) {
        steps[n] = s;
        for (int i = 0; i < FAKE_COLUMNS; i++) rows[n * FAKE_COLUMNS + i] = i + 1 < FAKE_COLUMNS ? (float)s : NAN;
    }
    for (int i = 0; i < FAKE_PARAMETERS; i++) parameters[i] = (float)session->state.step + 0.5f;
    *epoch_now = session->state.epoch;
    *step = session->state.step;
    return n;
}

double kedge_session_value(kedge_session *session, const char *column)
{
    (void)session;
    return strcmp(column, "lr") == 0 ? 0.25 : strcmp(column, "labels.red") == 0 ? 1 : 0.5;
}

kedge_status kedge_session_changes(kedge_session *session, kedge_session_change **changes, size_t *n)
{
    *changes = kedge_alloc_zero(session->ctx, session->n_changes, sizeof **changes);
    if (!*changes) return kedge_fail_memory("changes");
    for (size_t i = 0; i < session->n_changes; i++)
        (*changes)[i] =
            (kedge_session_change){.step = (int)i, .column = "lr", .value = 0.125, .over = 50, .hold = true};
    *n = session->n_changes;
    return KEDGE_OK;
}

#define FAKE_TOLD(...) snprintf(session->told, sizeof session->told, __VA_ARGS__)

kedge_status kedge_session_pause(kedge_session *session, bool paused)
{
    FAKE_TOLD("pause %d", paused);
    return KEDGE_OK;
}

kedge_status kedge_session_step(kedge_session *session, int64_t steps)
{
    FAKE_TOLD("step %lld", (long long)steps);
    return KEDGE_OK;
}

kedge_status kedge_session_pace(kedge_session *session, double steps_a_second)
{
    FAKE_TOLD("pace %g", steps_a_second);
    return steps_a_second < 0 ? kedge_fail(KEDGE_EINVALID, "a pace must be \"0\" or more") : KEDGE_OK;
}

kedge_status kedge_session_set(kedge_session *session, const char *column, double value, int64_t over, bool hold)
{
    FAKE_TOLD("set %s %g %lld %d", column, value, (long long)over, hold);
    return KEDGE_OK;
}

kedge_status kedge_session_restart(kedge_session *session, int64_t seed)
{
    FAKE_TOLD("restart %lld", (long long)seed);
    return KEDGE_OK;
}

#endif
