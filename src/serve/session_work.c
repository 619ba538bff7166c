/* session_work.c - the thread of a session: it trains, keeps pace, parks where it is told to, writes what it made. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "kedge/run.h"
#include "run/directory.h"
#include "run/record.h"
#include "run/trained.h"
#include "serve/session_parts.h"

/* Behind its pace by more, a session goes on from where it is instead of catching up. */
static const double most_behind = 0.25;
static const double longest_nap = 3600; /* at any pace; it looks again and sleeps on */

/* ---- with the lock ---- */

static void publish(kedge_session *self, int step)
{
    self->served = self->asked;
    if (self->published_step == step) return;
    kedge_session_gather(self, self->published);
    self->published_step = step;
}

/* When the update is due; 0: now. */
static double due(kedge_session *self, int step)
{
    if (!(self->pace > 0)) return 0;
    double now = kedge_clock_seconds(), at = self->origin + (step - self->origin_step) / self->pace;
    if (self->new_pace || now - at > most_behind) {
        self->new_pace = false;
        self->origin = at = now;
        self->origin_step = step;
    }
    return now < at ? fmin(at, now + longest_nap) : 0;
}

/* Waits for a call, or until 'at' (0: for good). */
static void wait_until(kedge_session *self, double at)
{
    if (at > 0) {
        struct timespec time = {.tv_sec = (time_t)at};
        time.tv_nsec = (long)((at - (double)time.tv_sec) * 1e9);
        pthread_cond_timedwait(&self->wake, &self->lock, &time);
    } else {
        pthread_cond_wait(&self->wake, &self->lock);
    }
}

static bool leaves(const kedge_session *self)
{
    return self->restarting || __atomic_load_n(&self->stopping, __ATOMIC_RELAXED);
}

/* Parks as long as somebody wants that. */
static void park(kedge_session *self, int step)
{
    while (!leaves(self)) {
        bool held = self->guests > 0 || (self->paused && self->budget == 0);
        double at = held ? 0 : due(self, step);
        if (!held && at == 0) break;
        if (held) self->new_pace = true; /* the time that it stands still is not made up for */
        if (!self->parked) {
            publish(self, step);
            self->parked = true;
            pthread_cond_broadcast(&self->told);
        }
        wait_until(self, at);
    }
    self->parked = false;
}

/* Does what others have asked for. */
static kedge_status attend(kedge_session *self, int step)
{
    bool ordered = (__atomic_load_n(&self->attention, __ATOMIC_RELAXED) & KEDGE_ATTEND_ORDER) != 0;
    if (ordered) pthread_mutex_lock(&self->lock);
    else if (pthread_mutex_trylock(&self->lock) != 0) return KEDGE_OK;
    park(self, step);
    bool ends = leaves(self), look = self->waiting || self->served != self->asked;
    if (!ends && self->served != self->asked) publish(self, step); /* a restart has no state of this epoch yet */
    self->waiting = false; /* who waits for the tick to move is told */
    if (look) pthread_cond_broadcast(&self->told);
    if (self->paused && self->budget > 0) self->budget--;
    int attention = ends || self->paused || self->pace > 0 || self->guests > 0 ? KEDGE_ATTEND_ORDER : 0;
    __atomic_store_n(&self->attention, attention, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&self->lock);
    return ends ? kedge_fail(KEDGE_ECANCELLED, "stopped before step %d", step) : KEDGE_OK;
}

/* ---- kept states ---- */

/* Makes room by keeping every other state, and those at powers of 2. */
static void thin(kedge_session *self)
{
    enum { FEW = 64 };
    size_t size = kedge_session_parameters(self);
    int n = 0;
    self->kept_stride *= 2;
    for (int i = 0; i < self->kept_room; i++) {
        int at = self->kept_at[i];
        bool early = self->kept_room >= FEW && (at & (at - 1)) == 0;
        if (at % self->kept_stride != 0 && !early) continue;
        self->kept_at[n] = at;
        if (n != i) memcpy(self->kept + (size_t)n * size, self->kept + (size_t)i * size, size * sizeof *self->kept);
        n++;
    }
    __atomic_store_n(&self->n_kept, n, __ATOMIC_RELEASE);
}

static void keep(kedge_session *self, int step)
{
    size_t size = kedge_session_parameters(self);
    if (self->n_kept == self->kept_room && pthread_mutex_trylock(&self->lock) == 0) {
        thin(self);
        pthread_mutex_unlock(&self->lock);
    }
    self->next_kept = kedge_record_after(step, self->kept_stride);
    if (self->n_kept == self->kept_room) return; /* somebody looks just now: it will be another step */
    kedge_session_gather(self, self->kept + (size_t)self->n_kept * size);
    self->kept_at[self->n_kept] = step;
    __atomic_store_n(&self->n_kept, self->n_kept + 1, __ATOMIC_RELEASE);
}

/* ---- events ---- */

static kedge_status begin(int step, void *payload)
{
    kedge_session *self = payload;
    __atomic_store_n(&self->step, step, __ATOMIC_RELEASE);
    if (step == self->next_kept) keep(self, step);
    if (__atomic_load_n(&self->attention, __ATOMIC_ACQUIRE) == 0) return KEDGE_OK;
    return attend(self, step);
}

static kedge_status note(const kedge_step *step, void *payload)
{
    kedge_session *self = payload;
    int n = self->training.training.n_terms;
    float *row = self->rows + (size_t)step->step * (size_t)self->columns;
    *row++ = (float)step->lr;
    for (int i = 0; i < n; i++) *row++ = (float)step->weights[i];
    *row++ = step->values[0];
    for (int i = 0; i < n; i++) *row++ = kedge_step_active(step, i) ? step->values[i + 1] : (float)NAN;
    return KEDGE_OK;
}

/* ---- the end ---- */

/* Finished seeds of another schedule are replaced only in the first directory, and only if the user said so. */
static kedge_status claim_one(kedge_session *self, const char *directory, bool first)
{
    long long *seeds = NULL;
    size_t n = 0;
    kedge_status status = kedge_run_directory_seeds(self->ctx, directory, &seeds, &n);
    kedge_release(self->ctx, seeds);
    if (status) return status;
    bool replace = first && (self->claimed ? n == 0 : self->force != 0);
    return kedge_run_directory_open(directory, &self->changed.recipe, replace);
}

kedge_status kedge_session_claim(kedge_session *self)
{
    enum { COPIES = 10000 };
    kedge_status status = KEDGE_EEXISTS;
    for (int copy = self->copy; copy <= COPIES && status == KEDGE_EEXISTS; copy++) {
        const char *directory =
            copy == 1 ? self->directory : kedge_arena_format(&self->arena, "%s-%d", self->directory, copy);
        if (!directory) return kedge_fail_memory("a path");
        status = claim_one(self, directory, copy == self->copy);
        if (status && !self->claimed) return status;
        if (status) continue;
        pthread_mutex_lock(&self->lock);
        self->copy = copy;
        self->claimed = true;
        self->written = directory;
        pthread_mutex_unlock(&self->lock);
    }
    return status;
}

/* Writes the run as kedge_run would: the model first, then all that kedge_run adds for a seed that is there. Who stops
 * the session waits for it. */
static kedge_status write_run(kedge_session *self)
{
    kedge_status status = kedge_session_claim(self);
    if (status) return status;
    kedge_summary *summary = NULL;
    char *folder = kedge_run_seed_folder(self->ctx, self->written, self->seed);
    char *path = kedge_run_seed_file(self->ctx, self->written, self->seed, "model.safetensors");
    kedge_run_options options = {.directory = self->written, .first_seed = self->seed, .seed_count = 1};
    status = folder && path ? kedge_make_directory(folder) : kedge_fail_memory("a path");
    if (!status) status = kedge_trained_save(self->worker, self->seed, path);
    if (!status) status = kedge_run(&summary, self->ctx, &self->changed.recipe, &options);
    kedge_summary_free(summary);
    kedge_release(self->ctx, folder);
    kedge_release(self->ctx, path);
    return status;
}

/* Of a run that did not come to its end: its recipe and schedule, if they were changed, for 'kedge run'. Nobody
 * changes them meanwhile: the run is over, or about to be stopped. Adds to the message what came of it. */
static void write_changes(kedge_session *self, char *message, size_t size)
{
    if (!self->directory || self->n_changes == 0) return;
    kedge_status status = kedge_session_claim(self);
    size_t length = strlen(message);
    const char *between = length > 0 ? "; " : "";
    if (status)
        snprintf(message + length, size - length, "%sits changes cannot be written: %s", between, kedge_error());
    else if (length > 0)
        snprintf(message + length, size - length, "; its changes are written to %s", self->written);
}

/* Shows the end of a run, whole or not, and writes it. */
static void conclude(kedge_session *self, kedge_status status)
{
    int step = status ? kedge_session_now(self) : self->training.training.steps;
    char message[sizeof self->message] = "";
    if (status) snprintf(message, sizeof message, "%s", kedge_error());
    pthread_mutex_lock(&self->lock);
    __atomic_store_n(&self->step, step, __ATOMIC_RELEASE);
    self->over = true;
    snprintf(self->message, sizeof self->message, "%s", message);
    publish(self, step);
    self->parked = true;
    pthread_cond_broadcast(&self->told);
    pthread_mutex_unlock(&self->lock);
    if (self->n_kept == 0 || self->kept_at[self->n_kept - 1] != step) keep(self, step);
    if (status) write_changes(self, message, sizeof message);
    else if (self->directory && write_run(self)) snprintf(message, sizeof message, "%s", kedge_error());
    pthread_mutex_lock(&self->lock);
    snprintf(self->message, sizeof self->message, "%s", message);
    self->ending.count++;
    self->ending.seed = self->seed;
    snprintf(self->ending.message, sizeof self->ending.message, "%s", message);
    self->done = true;
    self->ticks++;
    pthread_cond_broadcast(&self->told);
    while (!leaves(self)) wait_until(self, 0);
    self->parked = false;
    pthread_mutex_unlock(&self->lock);
}

/* The session ends, perhaps before its run does: nobody steers any more, and who looks waits for nothing. */
static void leave_for_good(kedge_session *self, bool early)
{
    char message[sizeof self->message] = "";
    if (early) write_changes(self, message, sizeof message);
    pthread_mutex_lock(&self->lock);
    if (early) snprintf(self->message, sizeof self->message, "%s", message);
    publish(self, kedge_session_now(self));
    self->parked = true;
    pthread_cond_broadcast(&self->told);
    pthread_mutex_unlock(&self->lock);
}

void *kedge_session_work(void *payload)
{
    kedge_session *self = payload;
    const kedge_train_events events = {.begin = begin, .step = note, .payload = self};
    for (;;) {
        pthread_mutex_lock(&self->lock);
        self->restarting = false;
        uint64_t seed = (uint64_t)self->seed;
        pthread_mutex_unlock(&self->lock);
        kedge_status status = kedge_worker_train(self->worker, seed, seed, &events);
        if (status != KEDGE_ECANCELLED) conclude(self, status);
        if (!__atomic_load_n(&self->stopping, __ATOMIC_RELAXED)) continue;
        leave_for_good(self, status == KEDGE_ECANCELLED);
        return NULL;
    }
}
