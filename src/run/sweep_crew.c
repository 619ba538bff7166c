/* sweep_crew.c - the threads that compute runs. */
#include "run/sweep_crew.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/pool.h"
#include "run/training.h"
#include "run/worker.h"

/* A point that threads work on: made by the first that comes to it, freed by the last that leaves it. */
typedef struct site {
    struct site *next;
    size_t point;
    int users;
    bool ready; /* loaded, or failed to */
    kedge_status status;
    char message[1024];
    kedge_recipe *recipe;
    kedge_recipe_training training;
} site;

typedef struct member {
    kedge_sweep_crew *crew;
    pthread_t thread;
    site *site;           /* where it works; NULL: nowhere yet */
    kedge_worker *worker; /* for that site */
} member;

typedef struct outcome {
    struct outcome *next;
    kedge_sweep_result *result;
} outcome;

struct kedge_sweep_crew {
    kedge_context *ctx;
    const kedge_sweep_plan *plan;
    const volatile int *stop;
    int n_members;
    member *members;
    pthread_mutex_t lock;      /* for all below */
    pthread_cond_t has_job, has_result, site_ready;
    bool lost;                 /* a result, without memory for it */
    int leave;                 /* what is under way is given up; read without the lock too */
    kedge_sweep_job *jobs;     /* [first, last) wait */
    size_t first, last, room;
    outcome *oldest, *newest;
    site *sites;
};

/* ---- results ---- */

const char *kedge_sweep_result_texts(const kedge_sweep_result *result)
{
    return (const char *)(result->values + result->n_metrics);
}

bool kedge_sweep_result_valid(const kedge_sweep_result *result, size_t size)
{
    if (size < sizeof *result + 1 || result->size > size || result->size < sizeof *result + 1) return false;
    if (result->n_metrics < 0 || (size_t)result->n_metrics > (result->size - sizeof *result - 1) / sizeof(double))
        return false;
    const char *at = kedge_sweep_result_texts(result), *end = (const char *)result + result->size;
    for (int i = 0; i <= result->n_metrics; i++) {
        const char *zero = memchr(at, 0, (size_t)(end - at));
        if (!zero) return false;
        at = zero + 1;
    }
    return true;
}

/* NULL without memory. The block's size is rounded up so that another may follow it. */
static kedge_sweep_result *make_result(kedge_context *ctx, int64_t id, kedge_status status, const char *message,
                                       const kedge_meter *meter)
{
    int n = meter ? meter->n_columns : 0;
    size_t size = sizeof(kedge_sweep_result) + (size_t)n * sizeof(double) + strlen(message) + 1;
    for (int i = 0; i < n; i++) size += strlen(meter->columns[i].name) + 1;
    size = (size + 15) / 16 * 16;
    kedge_sweep_result *result = kedge_alloc_zero(ctx, 1, size);
    if (!result) return NULL;
    *result = (kedge_sweep_result){.id = id, .size = (uint32_t)size, .status = status, .n_metrics = n};
    if (n) memcpy(result->values, meter->values, (size_t)n * sizeof(double));
    char *at = (char *)(result->values + n);
    memcpy(at, message, strlen(message) + 1);
    for (int i = 0; i < n; i++) {
        at += strlen(at) + 1;
        memcpy(at, meter->columns[i].name, strlen(meter->columns[i].name) + 1);
    }
    return result;
}

/* Where there is no memory for it the run stays pending, and the sweep ends. */
static void put_result(kedge_sweep_crew *self, kedge_sweep_result *result)
{
    outcome *one = kedge_alloc_zero(self->ctx, 1, sizeof *one);
    pthread_mutex_lock(&self->lock);
    if (one && result) {
        one->result = result;
        if (self->newest) self->newest->next = one;
        else self->oldest = one;
        self->newest = one;
    } else {
        self->lost = true;
        __atomic_store_n(&self->leave, 1, __ATOMIC_RELAXED);
        pthread_cond_broadcast(&self->has_job);
    }
    pthread_cond_signal(&self->has_result);
    pthread_mutex_unlock(&self->lock);
    if (one && result) return;
    kedge_release(self->ctx, one);
    kedge_release(self->ctx, result);
}

/* ---- sites ---- */

static void load_site(kedge_sweep_crew *self, site *s)
{
    s->status = kedge_sweep_plan_load(self->plan, s->point, &s->recipe);
    if (!s->status) s->status = kedge_recipe_training_init(&s->training, s->recipe);
    if (s->status) snprintf(s->message, sizeof s->message, "%s", kedge_error());
}

static void free_site(kedge_sweep_crew *self, site *s)
{
    kedge_recipe_training_release(&s->training);
    kedge_recipe_free(s->recipe);
    kedge_release(self->ctx, s);
}

/* The site of a point, counted as used. Who comes while another reads it waits. NULL without memory. */
static site *enter_site(kedge_sweep_crew *self, size_t point)
{
    pthread_mutex_lock(&self->lock);
    site *s = self->sites;
    while (s && s->point != point) s = s->next;
    if (s) {
        s->users++;
        while (!s->ready) pthread_cond_wait(&self->site_ready, &self->lock);
    } else if ((s = kedge_alloc_zero(self->ctx, 1, sizeof *s))) {
        *s = (site){.next = self->sites, .point = point, .users = 1};
        self->sites = s;
        pthread_mutex_unlock(&self->lock);
        load_site(self, s);
        pthread_mutex_lock(&self->lock);
        s->ready = true;
        pthread_cond_broadcast(&self->site_ready);
    }
    pthread_mutex_unlock(&self->lock);
    return s;
}

static void leave_site(member *m)
{
    kedge_sweep_crew *self = m->crew;
    site *s = m->site;
    if (!s) return;
    kedge_worker_free(m->worker);
    m->worker = NULL;
    m->site = NULL;
    pthread_mutex_lock(&self->lock);
    bool last = --s->users == 0;
    for (site **at = &self->sites; last && *at; at = &(*at)->next) {
        if (*at != s) continue;
        *at = s->next;
        break;
    }
    pthread_mutex_unlock(&self->lock);
    if (last) free_site(self, s);
}

static kedge_status move_to(member *m, size_t point)
{
    if (m->site && m->site->point == point && m->worker) return KEDGE_OK;
    leave_site(m);
    m->site = enter_site(m->crew, point);
    if (!m->site) return kedge_fail_memory("a run");
    if (m->site->status) return kedge_fail(m->site->status, "%s", m->site->message);
    return kedge_worker_create(&m->worker, m->crew->ctx, m->site->recipe, &m->site->training.training, false);
}

/* ---- the threads ---- */

/* KEDGE_ECANCELLED: given up. */
static kedge_status compute(member *m, const kedge_sweep_run *run)
{
    kedge_sweep_crew *self = m->crew;
    kedge_status status = move_to(m, run->point);
    kedge_train_events events = {.stop = &self->leave};
    if (!status) status = kedge_worker_train(m->worker, (uint64_t)run->seed, (uint64_t)run->stream, &events);
    return status ? status : kedge_worker_evaluate(m->worker);
}

/* The next job, waiting for one; false: it is time to leave. */
static bool next_job(kedge_sweep_crew *self, kedge_sweep_job *job)
{
    pthread_mutex_lock(&self->lock);
    while (!self->leave && self->first == self->last) pthread_cond_wait(&self->has_job, &self->lock);
    bool there = !self->leave;
    if (there) *job = self->jobs[self->first++];
    pthread_mutex_unlock(&self->lock);
    return there;
}

static void *work(void *argument)
{
    member *m = argument;
    kedge_sweep_crew *self = m->crew;
    kedge_sweep_job job;
    while (next_job(self, &job)) {
        kedge_sweep_run run = kedge_sweep_plan_run(self->plan, (size_t)job.run);
        kedge_status status = compute(m, &run);
        if (status == KEDGE_ECANCELLED) continue;
        put_result(self, make_result(self->ctx, job.id, status, status ? kedge_error() : "",
                                     status ? NULL : m->worker->meter));
    }
    leave_site(m);
    return NULL;
}

/* ---- the crew ---- */

kedge_status kedge_sweep_crew_create(kedge_sweep_crew **out, const kedge_sweep_plan *plan, int threads,
                                     const volatile int *stop)
{
    kedge_sweep_crew *self = kedge_alloc_zero(plan->ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("the threads of a sweep");
    self->ctx = plan->ctx;
    self->plan = plan;
    self->stop = stop;
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&self->has_job, NULL);
    pthread_cond_init(&self->has_result, &monotonic);
    pthread_cond_init(&self->site_ready, NULL);
    pthread_condattr_destroy(&monotonic);
    self->members = kedge_alloc_zero(self->ctx, (size_t)threads, sizeof *self->members);
    int code = 0;
    for (int i = 0; self->members && i < threads && code == 0; i++) {
        self->members[i].crew = self;
        code = pthread_create(&self->members[i].thread, NULL, work, &self->members[i]);
        self->n_members += code == 0;
    }
    if (self->n_members > 0) {
        *out = self;
        return KEDGE_OK;
    }
    kedge_status status = self->members ? kedge_fail(KEDGE_EUNSUPPORTED, "cannot start a thread: %s", strerror(code))
                                        : kedge_fail_memory("the threads of a sweep");
    kedge_sweep_crew_free(self);
    return status;
}

void kedge_sweep_crew_free(kedge_sweep_crew *crew)
{
    if (!crew) return;
    kedge_sweep_crew_stop(crew);
    for (int i = 0; i < crew->n_members; i++) pthread_join(crew->members[i].thread, NULL);
    for (kedge_sweep_result *result; (result = kedge_sweep_crew_take(crew));) kedge_release(crew->ctx, result);
    pthread_cond_destroy(&crew->site_ready);
    pthread_cond_destroy(&crew->has_result);
    pthread_cond_destroy(&crew->has_job);
    pthread_mutex_destroy(&crew->lock);
    kedge_release(crew->ctx, crew->jobs);
    kedge_release(crew->ctx, crew->members);
    kedge_release(crew->ctx, crew);
}

kedge_status kedge_sweep_crew_give(kedge_sweep_crew *crew, const kedge_sweep_job *jobs, size_t n)
{
    pthread_mutex_lock(&crew->lock);
    size_t waiting = crew->last - crew->first;
    if (crew->first > 0) memmove(crew->jobs, crew->jobs + crew->first, waiting * sizeof *jobs);
    crew->first = 0;
    crew->last = waiting;
    kedge_sweep_job *grown = kedge_grow(crew->ctx, crew->jobs, waiting, &crew->room, waiting + n, sizeof *jobs);
    if (grown) {
        crew->jobs = grown;
        memcpy(crew->jobs + waiting, jobs, n * sizeof *jobs);
        crew->last = waiting + n;
        pthread_cond_broadcast(&crew->has_job);
    }
    pthread_mutex_unlock(&crew->lock);
    return grown ? KEDGE_OK : kedge_fail_memory("runs to do");
}

size_t kedge_sweep_crew_waiting(kedge_sweep_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    size_t waiting = crew->last - crew->first;
    pthread_mutex_unlock(&crew->lock);
    return waiting;
}

void kedge_sweep_crew_stop(kedge_sweep_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    __atomic_store_n(&crew->leave, 1, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&crew->has_job);
    pthread_mutex_unlock(&crew->lock);
}

/* The caller's flag is looked at here: a signal handler cannot wake a thread, but its system call ends early. */
kedge_status kedge_sweep_crew_wait(kedge_sweep_crew *crew, double seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    long nanoseconds = until.tv_nsec + (long)(seconds * 1e9) % 1000000000;
    until.tv_sec += (time_t)seconds + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    pthread_mutex_lock(&crew->lock);
    int code = 0;
    while (!crew->oldest && !crew->leave && code != ETIMEDOUT && !kedge_stopped(crew->stop))
        code = pthread_cond_timedwait(&crew->has_result, &crew->lock, &until);
    bool lost = crew->lost;
    pthread_mutex_unlock(&crew->lock);
    return lost ? kedge_fail_memory("a run's result") : KEDGE_OK;
}

kedge_sweep_result *kedge_sweep_crew_take(kedge_sweep_crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    outcome *one = crew->oldest;
    if (one) {
        crew->oldest = one->next;
        if (!crew->oldest) crew->newest = NULL;
    }
    pthread_mutex_unlock(&crew->lock);
    if (!one) return NULL;
    kedge_sweep_result *result = one->result;
    kedge_release(crew->ctx, one);
    return result;
}

int kedge_sweep_crew_threads(const kedge_sweep_crew *crew)
{
    return crew->n_members;
}
