/* session_look.c - what may be seen of a session at any time. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "serve/session_parts.h"

size_t kedge_session_parameters(const kedge_session *session)
{
    return session->worker->trainer->params.count;
}

int kedge_session_columns(const kedge_session *session)
{
    return session->columns;
}

void kedge_session_gather(const kedge_session *session, float *to)
{
    const kedge_params *params = &session->worker->trainer->params;
    for (int i = 0; i < params->n; i++) {
        size_t count = kedge_param_count(&params->list[i]);
        memcpy(to, params->values + params->list[i].offset, count * sizeof *to);
        to += count;
    }
}

/* ---- the state ---- */

static uint64_t tick(const kedge_session *session)
{
    return session->ticks + (uint64_t)kedge_session_now(session);
}

void kedge_session_state_get(kedge_session *session, kedge_session_state *state)
{
    pthread_mutex_lock(&session->lock);
    *state = (kedge_session_state){
        .tick = tick(session),
        .version = session->version,
        .epoch = session->epoch,
        .seed = session->seed,
        .step = kedge_session_now(session),
        .steps = session->training.training.steps,
        .paused = session->paused && session->budget == 0,
        .done = session->done,
        .pace = session->pace,
        .changes = session->n_changes,
        .directory = session->written,
        .ending = session->ending,
    };
    snprintf(state->message, sizeof state->message, "%s", session->message);
    pthread_mutex_unlock(&session->lock);
}

bool kedge_session_wait(kedge_session *session, uint64_t seen, int ms)
{
    double end = kedge_clock_seconds() + 1e-3 * (ms > 0 ? ms : 0);
    struct timespec until = {.tv_sec = (time_t)end};
    until.tv_nsec = (long)((end - (double)until.tv_sec) * 1e9);
    pthread_mutex_lock(&session->lock);
    bool moved;
    while (!(moved = tick(session) != seen)) {
        session->waiting = true;
        kedge_session_call(session, KEDGE_ATTEND_LOOK);
        if (pthread_cond_timedwait(&session->told, &session->lock, &until) != 0) break;
    }
    moved = tick(session) != seen;
    pthread_mutex_unlock(&session->lock);
    return moved;
}

/* ---- parameters and curves ---- */

/* With the lock: waits until the present state is published. */
static void await(kedge_session *session)
{
    uint64_t mine = session->parked ? 0 : ++session->asked;
    while (!session->parked && session->served < mine) {
        kedge_session_call(session, KEDGE_ATTEND_LOOK);
        pthread_cond_wait(&session->told, &session->lock);
    }
}

int kedge_session_copy(kedge_session *session, uint32_t epoch, int since, int room, uint32_t *epoch_now, int *step,
                       float *parameters, int *steps, float *rows)
{
    size_t columns = (size_t)session->columns;
    pthread_mutex_lock(&session->lock);
    await(session);
    int end = session->published_step, first = epoch == session->epoch && since > 0 ? since : 0;
    int n = end > first ? end - first : 0, taken = n < room ? n : room;
    memcpy(parameters, session->published, kedge_session_parameters(session) * sizeof *parameters);
    for (int i = 0; i < taken; i++) {
        int at = first + (int)((int64_t)(i + 1) * n / taken) - 1; /* the last one always */
        steps[i] = at;
        memcpy(rows + (size_t)i * columns, session->rows + (size_t)at * columns, columns * sizeof *rows);
    }
    *epoch_now = session->epoch;
    *step = end;
    pthread_mutex_unlock(&session->lock);
    return taken > 0 ? taken : 0;
}

int kedge_session_kept(kedge_session *session, uint32_t *epoch, int *at, float *parameters)
{
    pthread_mutex_lock(&session->lock);
    int n = __atomic_load_n(&session->n_kept, __ATOMIC_ACQUIRE);
    memcpy(at, session->kept_at, (size_t)n * sizeof *at);
    memcpy(parameters, session->kept, (size_t)n * kedge_session_parameters(session) * sizeof *parameters);
    *epoch = session->epoch;
    pthread_mutex_unlock(&session->lock);
    return n;
}

/* ---- the schedule ---- */

/* With the lock: the value of control i at a step. */
static double value_at(const kedge_session *session, int i, int step)
{
    int last = session->training.training.steps - 1;
    return kedge_recipe_column_value(&session->training, &session->changed.recipe, &session->controls[i],
                                     step < 0 ? 0 : step > last ? last : step);
}

double kedge_session_value(kedge_session *session, const char *column)
{
    double value = NAN;
    pthread_mutex_lock(&session->lock);
    for (int i = 0; i < session->n_controls; i++)
        if (strcmp(session->names[i], column) == 0) value = value_at(session, i, kedge_session_now(session));
    pthread_mutex_unlock(&session->lock);
    return value;
}

void kedge_session_schedule(kedge_session *session, int n, const int *at, double *values)
{
    pthread_mutex_lock(&session->lock);
    for (int i = 0; i < session->n_controls; i++)
        for (int k = 0; k < n; k++) values[(size_t)i * (size_t)n + (size_t)k] = value_at(session, i, at[k]);
    pthread_mutex_unlock(&session->lock);
}

kedge_status kedge_session_changes(kedge_session *session, kedge_session_change **changes, size_t *n)
{
    kedge_status status = KEDGE_OK;
    pthread_mutex_lock(&session->lock);
    kedge_session_change *list = kedge_alloc(session->ctx, session->n_changes, sizeof *list);
    if (!list) status = kedge_fail_memory("a list of changes");
    for (size_t i = 0; list && i < session->n_changes; i++) {
        const kedge_amendment *from = &session->changes[i];
        list[i] = (kedge_session_change){from->step, from->column, from->value, from->over, from->hold};
    }
    if (list) {
        *changes = list;
        *n = session->n_changes;
    }
    pthread_mutex_unlock(&session->lock);
    return status;
}

kedge_status kedge_session_sheet(kedge_session *session, kedge_text *text)
{
    pthread_mutex_lock(&session->lock);
    kedge_recipe_sheet(&session->changed.recipe, text);
    pthread_mutex_unlock(&session->lock);
    return kedge_text_status(text, "a schedule");
}
