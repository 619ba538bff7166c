/* session.c - a run that can be watched and steered while it trains: its begin, its end, the orders that it takes. */
#include "serve/session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "run/directory.h"
#include "run/schema.h"
#include "schedule/schedule.h"
#include "serve/session_parts.h"

enum { KEPT_BYTES = 64 << 20 };
static const double largest_pace = 1e9;

/* ---- begin ---- */

static kedge_status name_controls(kedge_session *self, const kedge_recipe *recipe)
{
    self->n_controls = kedge_recipe_columns(recipe);
    self->controls = kedge_arena_alloc(&self->arena, (size_t)self->n_controls, sizeof *self->controls);
    const char **names = kedge_arena_alloc(&self->arena, (size_t)self->n_controls, sizeof *names);
    if (!self->controls || !names) return kedge_fail_memory("a session");
    for (int i = 0; i < self->n_controls; i++) {
        self->controls[i] = kedge_recipe_column_at(recipe, i);
        names[i] = self->controls[i].name;
    }
    self->names = names;
    return KEDGE_OK;
}

static kedge_status copy_sheet(kedge_session *self, const kedge_recipe *recipe)
{
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    kedge_recipe_sheet(recipe, &text);
    kedge_status status = kedge_text_status(&text, "a schedule");
    if (!status) {
        self->base_length = text.length;
        self->base = kedge_arena_bytes(&self->arena, kedge_text_string(&text), text.length);
        if (!self->base) status = kedge_fail_memory("a schedule");
    }
    kedge_text_release(&text);
    return status;
}

static kedge_status allocate(kedge_session *self)
{
    const kedge_training *training = &self->training.training;
    size_t steps = (size_t)training->steps, size = kedge_session_parameters(self);
    size_t room = KEPT_BYTES / (size * sizeof *self->kept);
    self->columns = 2 + 2 * training->n_terms;
    self->kept_room = room > KEDGE_SESSION_KEPT ? KEDGE_SESSION_KEPT : room < 2 ? 2 : (int)room;
    self->kept_stride = 1;
    self->column = kedge_alloc(self->ctx, steps, sizeof *self->column);
    self->rows = kedge_alloc(self->ctx, steps * (size_t)self->columns, sizeof *self->rows);
    self->kept_at = kedge_alloc(self->ctx, (size_t)self->kept_room, sizeof *self->kept_at);
    self->kept = kedge_alloc(self->ctx, (size_t)self->kept_room * size, sizeof *self->kept);
    self->published = kedge_alloc_zero(self->ctx, size, sizeof *self->published);
    self->published_step = -1;
    if (self->column && self->rows && self->kept_at && self->kept && self->published) return KEDGE_OK;
    return kedge_fail_memory("a session");
}

/* Makes the directory one of this recipe. One that holds runs of the recipe as it is could not take a changed one. */
static kedge_status open_directory(kedge_session *self, const char *directory)
{
    long long *seeds = NULL;
    size_t n = 0;
    self->directory = kedge_arena_text(&self->arena, directory);
    if (!self->directory) return kedge_fail_memory("a session");
    self->copy = 1;
    if (self->force) return kedge_run_directory_check(directory, &self->changed.recipe, true);
    kedge_status status = kedge_run_directory_check(directory, &self->changed.recipe, false);
    if (!status) status = kedge_run_directory_seeds(self->ctx, directory, &seeds, &n);
    kedge_release(self->ctx, seeds);
    if (!status && n > 0)
        return kedge_fail(KEDGE_EEXISTS, "%s: holds finished runs, which changes would part from their recipe; choose "
                          "another directory, or replace them with --force", directory);
    return status ? status : kedge_session_claim(self);
}

static kedge_status check_options(const kedge_recipe *recipe, const kedge_session_options *options)
{
    if (options->seed < 0 || options->seed > 1000000000000)
        return kedge_fail(KEDGE_EINVALID, "seed %lld; must be from 0 to 1000000000000", (long long)options->seed);
    if (!(options->pace >= 0 && options->pace <= largest_pace))
        return kedge_fail(KEDGE_EINVALID, "a pace of %.9g steps a second; must be from 0 (as fast as it goes) to 1e9",
                          options->pace);
    if (kedge_recipe_reacts(recipe))
        return kedge_fail(KEDGE_EINVALID, "%s: rows of its schedule may come early (UNTIL), and a run whose schedule "
                          "reacts cannot be steered; train it with 'kedge run', or leave the column out", recipe->file);
    if (recipe->steps == 0) return kedge_fail(KEDGE_EINVALID, "%s: its schedule is not loaded", recipe->file);
    return KEDGE_OK;
}

static kedge_status build(kedge_session *self, const kedge_recipe *recipe, const kedge_session_options *options)
{
    kedge_status status = name_controls(self, recipe);
    if (!status) status = copy_sheet(self, recipe);
    if (!status) status = kedge_rescheduled_init(&self->changed, recipe, options->seed);
    if (!status) status = kedge_recipe_training_init(&self->training, recipe);
    if (!status) status = kedge_recipe_training_open_rates(&self->training, recipe);
    if (!status)
        status = kedge_worker_create(&self->worker, self->ctx, &self->changed.recipe, &self->training.training, false);
    if (!status) status = allocate(self);
    if (!status && options->directory) status = open_directory(self, options->directory);
    if (status) return status;
    self->started = pthread_create(&self->thread, NULL, kedge_session_work, self) == 0;
    return self->started ? KEDGE_OK : kedge_fail(KEDGE_ENOMEM, "no thread can be started");
}

kedge_status kedge_session_create(kedge_session **out, kedge_context *ctx, const kedge_recipe *recipe,
                                  const kedge_session_options *options)
{
    kedge_status status = check_options(recipe, options);
    if (status) return status;
    kedge_session *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a session");
    self->ctx = ctx;
    self->force = options->force;
    self->seed = options->seed;
    self->pace = options->pace;
    self->paused = options->paused;
    self->new_pace = true;
    self->attention = KEDGE_ATTEND_ORDER;
    kedge_arena_init(&self->arena, ctx);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wake, &monotonic);
    pthread_cond_init(&self->told, &monotonic);
    pthread_condattr_destroy(&monotonic);
    status = build(self, recipe, options);
    if (status) kedge_session_free(self);
    else *out = self;
    return status;
}

void kedge_session_stop(kedge_session *session)
{
    if (!session || !session->started) return;
    pthread_mutex_lock(&session->lock);
    __atomic_store_n(&session->stopping, 1, __ATOMIC_RELAXED);
    kedge_session_call(session, KEDGE_ATTEND_ORDER);
    pthread_mutex_unlock(&session->lock);
    pthread_join(session->thread, NULL);
    session->started = false;
}

void kedge_session_free(kedge_session *session)
{
    if (!session) return;
    kedge_session_stop(session);
    pthread_cond_destroy(&session->told);
    pthread_cond_destroy(&session->wake);
    pthread_mutex_destroy(&session->lock);
    kedge_worker_free(session->worker);
    kedge_rescheduled_release(&session->changed);
    kedge_recipe_training_release(&session->training);
    kedge_release(session->ctx, session->column);
    kedge_release(session->ctx, session->rows);
    kedge_release(session->ctx, session->kept_at);
    kedge_release(session->ctx, session->kept);
    kedge_release(session->ctx, session->published);
    kedge_release(session->ctx, session->changes);
    kedge_arena_release(&session->arena);
    kedge_release(session->ctx, session);
}

/* ---- the trainer and the others ---- */

void kedge_session_call(kedge_session *session, int attend)
{
    __atomic_fetch_or(&session->attention, attend, __ATOMIC_RELEASE);
    if (attend & KEDGE_ATTEND_ORDER) pthread_cond_signal(&session->wake);
}

/* 'written': also until a run that is over is written. Another guest may have restarted it when this one wakes. */
static void enter(kedge_session *session, bool written)
{
    pthread_mutex_lock(&session->lock);
    session->guests++;
    while (!session->parked || (written && session->over && !session->done)) {
        kedge_session_call(session, KEDGE_ATTEND_ORDER);
        pthread_cond_wait(&session->told, &session->lock);
    }
    session->guests--;
}

void kedge_session_enter(kedge_session *session)
{
    enter(session, false);
}

void kedge_session_leave(kedge_session *session)
{
    session->ticks++;
    kedge_session_call(session, KEDGE_ATTEND_ORDER);
    pthread_cond_broadcast(&session->told);
    pthread_mutex_unlock(&session->lock);
}

/* ---- orders ---- */

kedge_status kedge_session_pause(kedge_session *session, bool paused)
{
    pthread_mutex_lock(&session->lock);
    session->paused = paused;
    session->budget = 0;
    if (!paused) session->new_pace = true;
    pthread_mutex_unlock(&session->lock);
    kedge_session_enter(session); /* what is seen from now on is where it stands */
    kedge_session_leave(session);
    return KEDGE_OK;
}

kedge_status kedge_session_step(kedge_session *session, int64_t steps)
{
    if (steps < 1) return kedge_fail(KEDGE_EINVALID, "%lld steps; must be at least 1", (long long)steps);
    kedge_session_enter(session);
    bool over = session->over;
    if (!over) {
        session->paused = true;
        session->budget = steps;
    }
    kedge_session_leave(session);
    return over ? kedge_fail(KEDGE_EINVALID, "the run is over; restart it to go on") : KEDGE_OK;
}

kedge_status kedge_session_pace(kedge_session *session, double steps_a_second)
{
    if (!(steps_a_second >= 0 && steps_a_second <= largest_pace))
        return kedge_fail(KEDGE_EINVALID, "a pace of %.9g steps a second; must be from 0 (as fast as it goes) to 1e9",
                          steps_a_second);
    pthread_mutex_lock(&session->lock);
    session->pace = steps_a_second;
    session->new_pace = true;
    kedge_session_leave(session);
    return KEDGE_OK;
}

kedge_status kedge_session_restart(kedge_session *session, int64_t seed)
{
    if (seed < -1 || seed > 1000000000000)
        return kedge_fail(KEDGE_EINVALID, "seed %lld; must be from 0 to 1000000000000, or -1 for the same",
                          (long long)seed);
    enter(session, true);
    kedge_status status = seed < 0 ? KEDGE_OK : kedge_rescheduled_seed(&session->changed, seed);
    if (!status) {
        if (seed >= 0) session->seed = seed;
        session->ticks += (uint64_t)kedge_session_now(session);
        __atomic_store_n(&session->step, 0, __ATOMIC_RELEASE);
        __atomic_store_n(&session->n_kept, 0, __ATOMIC_RELEASE);
        session->kept_stride = 1;
        session->next_kept = 0;
        session->published_step = -1;
        session->epoch++;
        session->message[0] = '\0';
        session->over = session->done = session->parked = false;
        session->budget = 0;
        session->new_pace = session->restarting = true;
    }
    kedge_session_leave(session);
    return status;
}

/* ---- the schedule ---- */

static int find_control(const kedge_session *session, const char *column)
{
    for (int i = 0; i < session->n_controls; i++)
        if (strcmp(session->names[i], column) == 0) return i;
    return -1;
}

/* Checks what does not depend on the step. */
static kedge_status check_change(const kedge_session *session, const kedge_amendment *change, int64_t over)
{
    const char *column = change->column;
    if (find_control(session, column) < 0) {
        char hint[512];
        kedge_suggest(column, session->names, session->n_controls, hint, sizeof hint);
        return kedge_fail(KEDGE_EINVALID, "unknown column '%s'%s", kedge_clip_text(column).text, hint);
    }
    int control = find_control(session, column);
    bool is_weight = session->controls[control].kind == KEDGE_COLUMN_WEIGHT;
    if (!isfinite(change->value) || (!is_weight && change->value < 0))
        return kedge_fail(KEDGE_EINVALID, "'%s' is to be %.9g; must be a finite number%s", column, change->value,
                          is_weight ? "" : " of at least 0");
    if (over < 0 || over > KEDGE_SHEET_STEP)
        return kedge_fail(KEDGE_EINVALID, "a change over %lld steps; must be from 0 to %d", (long long)over,
                          KEDGE_SHEET_STEP);
    return KEDGE_OK;
}

/* Whether the change arrives before the schedule stands still. */
static kedge_status check_step(const kedge_session *session, int step, int over)
{
    int64_t hold = session->changed.recipe.hold;
    if (session->over) return kedge_fail(KEDGE_EINVALID, "the run is over; restart it to change it");
    if (hold >= 0 && step > hold)
        return kedge_fail(KEDGE_EINVALID, "the schedule stands still from step %lld on, as the recipe's 'hold' says",
                          (long long)hold);
    if (hold >= 0 && step + over > hold)
        return kedge_fail(KEDGE_EINVALID, "the change would end at step %d; the schedule stands still from step %lld "
                          "on, as the recipe's 'hold' says: over %d steps at most", step + over, (long long)hold,
                          (int)(hold - step));
    return KEDGE_OK;
}

/* The changes so far with one more, which replaces one of the same column and step, and if it holds those after it.
 * Returns their number. */
static int list_changes(const kedge_session *session, const kedge_amendment *change, kedge_amendment *all)
{
    int n = 0;
    for (size_t i = 0; i < session->n_changes; i++) {
        const kedge_amendment *old = &session->changes[i];
        bool same = strcmp(old->column, change->column) == 0;
        if (same && (old->step == change->step || (change->hold && old->step > change->step))) continue;
        all[n++] = *old;
    }
    all[n++] = *change;
    return n;
}

/* Writes the changed sheet, and lets the recipe and the tables follow. */
static kedge_status apply(kedge_session *session, kedge_amendment *all, int n, int step)
{
    kedge_text text;
    kedge_text_init(&text, session->ctx);
    kedge_status status = kedge_schedule_amend(&text, session->ctx, "schedule.csv", session->base,
                                               session->base_length, all, n, 1);
    if (!status && text.length > KEDGE_SHEET_BYTES)
        status = kedge_fail(KEDGE_EINVALID, "too many changes; a schedule has at most %d bytes", KEDGE_SHEET_BYTES);
    if (!status) status = kedge_rescheduled_sheet(&session->changed, &text);
    if (!status)
        kedge_recipe_training_refill(&session->training, &session->changed.recipe, step, session->column);
    kedge_text_release(&text);
    return status;
}

kedge_status kedge_session_set(kedge_session *session, const char *column, double value, int64_t over, bool hold)
{
    kedge_amendment change = {.column = column, .value = value, .hold = hold};
    kedge_status status = check_change(session, &change, over);
    if (status) return status;
    change.column = session->names[find_control(session, column)];
    change.over = (int)over;
    kedge_session_enter(session);
    change.step = kedge_session_now(session);
    status = check_step(session, change.step, change.over);
    size_t room = session->n_changes + 1;
    kedge_amendment *all = status ? NULL : kedge_alloc(session->ctx, room, sizeof *all);
    if (!status && !all) status = kedge_fail_memory("a change");
    if (!status) {
        int n = list_changes(session, &change, all);
        status = apply(session, all, n, change.step);
        if (!status) {
            kedge_release(session->ctx, session->changes);
            session->changes = all;
            session->n_changes = (size_t)n;
            session->version++;
            all = NULL;
        }
    }
    kedge_session_leave(session);
    kedge_release(session->ctx, all);
    return status;
}
