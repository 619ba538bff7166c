/* sweep_lead.c - rank 0: hands out the runs of the store and puts their results in. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "run/sweep_parts.h"

enum {
    CLAIM_MAX = 1024,  /* runs handed out at once */
    PER_THREAD = 32,   /* of them to a thread */
    BATCH = 256        /* results put in at once */
};
#define BATCH_SECONDS 0.5  /* results wait so long for others */
#define AHEAD_SECONDS 0.5  /* a thread gets work for about so long */
#define BEAT_SECONDS 20.0
#define RETRY_SECONDS 0.2  /* until the store is asked again whether others have left something */
#define WAIT_ALONE 0.1
#define WAIT_RANKS 0.002   /* messages are polled */

typedef struct rank {
    int threads;           /* 0: not heard of yet */
    bool asks, left;
} rank;

typedef struct leader {
    const kedge_sweep_share *share;
    kedge_sweep_report *report;
    kedge_context *ctx;
    kedge_store *store;
    int n_ranks, n_threads; /* of all ranks */
    rank *ranks;            /* [n_ranks]; 0 is this one, without use */
    long long outstanding;  /* runs claimed and without result */
    kedge_sweep_result **held; /* [n_held] results that are not in the store yet */
    size_t n_held, room;
    double began, committed, beaten, retry; /* seconds; 'retry': not to claim before */
    bool dry;               /* the last claim found nothing */
    bool finished;
    kedge_status status; /* the first failure, which ends the sweep */
    char message[8192];
} leader;

static void fail(leader *self, kedge_status status)
{
    if (!status || self->status) return;
    self->status = status;
    snprintf(self->message, sizeof self->message, "%s", kedge_error());
}

/* ---- results ---- */

static void progress(leader *self)
{
    const kedge_sweep_options *options = self->share->options;
    const kedge_sweep_report *r = self->report;
    if (options->progress) options->progress(r->runs - r->pending, r->runs, options->progress_payload);
}

static void hold(leader *self, kedge_sweep_result *result)
{
    kedge_sweep_result **held =
        kedge_grow(self->ctx, self->held, self->n_held, &self->room, self->n_held + 1, sizeof *held);
    self->outstanding--;
    if (!held) {
        kedge_release(self->ctx, result);
        fail(self, kedge_fail_memory("results"));
        return;
    }
    self->held = held;
    if (result->status && result->status != KEDGE_ENUMERIC) {
        fail(self, kedge_fail((kedge_status)result->status, "%s", kedge_sweep_result_texts(result)));
        kedge_release(self->ctx, result);
        return;
    }
    held[self->n_held++] = result;
}

/* A result as the store takes it; names lie in 'arena'. */
static kedge_status unpack(const kedge_sweep_result *result, kedge_arena *arena, kedge_store_result *out)
{
    const char *at = kedge_sweep_result_texts(result);
    const char **names = kedge_arena_alloc(arena, (size_t)result->n_metrics, sizeof *names);
    if (!names) return kedge_fail_memory("results");
    *out = (kedge_store_result){.id = result->id, .failure = result->status ? at : NULL,
                                .n_metrics = result->n_metrics, .names = names, .values = result->values};
    for (int i = 0; i < result->n_metrics; i++) {
        at += strlen(at) + 1;
        names[i] = at;
    }
    return KEDGE_OK;
}

static void release_held(leader *self)
{
    for (size_t i = 0; i < self->n_held; i++) kedge_release(self->ctx, self->held[i]);
    self->n_held = 0;
}

/* Puts the held results into the store. */
static void commit(leader *self)
{
    self->committed = kedge_clock_seconds();
    if (self->n_held == 0 || !self->store) return;
    kedge_arena arena;
    kedge_arena_init(&arena, self->ctx);
    kedge_store_result *results = kedge_arena_alloc(&arena, self->n_held, sizeof *results);
    kedge_status status = results ? KEDGE_OK : kedge_fail_memory("results");
    for (size_t i = 0; i < self->n_held && !status; i++) status = unpack(self->held[i], &arena, &results[i]);
    if (!status) status = kedge_store_finish(self->store, results, self->n_held);
    if (!status) {
        self->report->computed += (long long)self->n_held;
        self->report->pending -= (long long)self->n_held;
        if (self->report->pending < 0) self->report->pending = 0;
        progress(self);
    }
    fail(self, status);
    release_held(self);
    kedge_arena_release(&arena);
}

static void take_results(leader *self)
{
    kedge_sweep_result *result;
    if (!self->share->crew) return;
    while ((result = kedge_sweep_crew_take(self->share->crew))) hold(self, result);
}

/* ---- messages ---- */

static void read_introduction(leader *self, const kedge_rank_message *message)
{
    kedge_sweep_ready ready;
    char digest[KEDGE_DIGEST_SIZE];
    if (message->size != sizeof ready) {
        fail(self, kedge_fail(KEDGE_EIO, "rank %d: is of another kedge", message->from));
        return;
    }
    memcpy(&ready, message->bytes, sizeof ready);
    ready.message[sizeof ready.message - 1] = ready.digest[sizeof ready.digest - 1] = '\0';
    self->ranks[message->from].threads = ready.threads > 0 ? ready.threads : 1;
    self->n_threads += self->ranks[message->from].threads;
    if (self->status) return;
    if (ready.status) {
        fail(self, kedge_fail((kedge_status)ready.status, "rank %d: %s", message->from, ready.message));
        return;
    }
    kedge_sweep_plan_digest(self->share->plan, digest);
    if (strcmp(digest, ready.digest) != 0)
        fail(self, kedge_fail(KEDGE_EINVALID, "rank %d: reads another recipe, or computes with other kernels, than "
                              "rank 0; every rank must see the same files", message->from));
}

/* Blocks one behind the other. */
static void read_results(leader *self, const kedge_rank_message *message)
{
    const char *at = message->bytes;
    for (size_t left = message->size; left > 0;) {
        const kedge_sweep_result *block = (const void *)at;
        kedge_sweep_result *own = NULL;
        if (left < sizeof *block || !kedge_sweep_result_valid(block, left)) {
            fail(self, kedge_fail(KEDGE_EIO, "rank %d: sent what is no result", message->from));
            return;
        }
        if (!(own = kedge_alloc(self->ctx, 1, block->size))) {
            fail(self, kedge_fail_memory("results"));
            return;
        }
        memcpy(own, block, block->size);
        at += own->size;
        left -= own->size;
        hold(self, own);
    }
}

static void read_messages(leader *self)
{
    kedge_rank_message message;
    bool there = self->n_ranks > 1;
    while (there) {
        kedge_status status = kedge_ranks_receive(self->share->ranks, &there, &message);
        fail(self, status);
        if (status || !there) return;
        switch (message.tag) {
        case KEDGE_SWEEP_READY: read_introduction(self, &message); break;
        case KEDGE_SWEEP_ASK: self->ranks[message.from].asks = true; break;
        case KEDGE_SWEEP_RESULTS: read_results(self, &message); break;
        case KEDGE_SWEEP_BYE: self->ranks[message.from].left = true; break;
        default: break;
        }
    }
}

/* ---- handing out ---- */

/* Runs for so many threads: smaller and smaller portions towards the end, so that all threads end together, and never
 * much more than they do until the next commit. */
static size_t portion(const leader *self, int threads)
{
    double seconds = kedge_clock_seconds() - self->began;
    long long left = self->report->pending - self->outstanding - (long long)self->n_held;
    double rate = seconds > 0.05 ? (double)self->report->computed / seconds / self->n_threads : 0;
    long long each = (long long)(rate * AHEAD_SECONDS), fair = left / (4 * self->n_threads);
    if (each > fair) each = fair;
    if (each > PER_THREAD) each = PER_THREAD;
    if (each < 1) each = 1;
    size_t n = (size_t)each * (size_t)threads;
    return n > CLAIM_MAX ? CLAIM_MAX : n;
}

/* Claims runs for somebody; none while the store has none. */
static size_t claim(leader *self, int threads, kedge_sweep_job *jobs)
{
    kedge_store_job claimed[CLAIM_MAX];
    size_t n = 0;
    double now = kedge_clock_seconds();
    if (self->status || now < self->retry) return 0;
    fail(self, kedge_store_claim(self->store, portion(self, threads), claimed, &n));
    if (self->status) return 0;
    self->dry = n == 0;
    if (self->dry) self->retry = now + RETRY_SECONDS;
    for (size_t i = 0; i < n; i++)
        jobs[i] = (kedge_sweep_job){.id = claimed[i].id, .run = (int64_t)claimed[i].place};
    self->outstanding += (long long)n;
    self->beaten = now;
    return n;
}

static void hand_out(leader *self)
{
    kedge_sweep_job jobs[CLAIM_MAX];
    kedge_sweep_crew *crew = self->share->crew;
    int own = kedge_sweep_crew_threads(crew);
    if (kedge_sweep_crew_waiting(crew) < (size_t)own) {
        size_t n = claim(self, own, jobs);
        if (n) fail(self, kedge_sweep_crew_give(crew, jobs, n));
    }
    for (int r = 1; r < self->n_ranks; r++) {
        rank *other = &self->ranks[r];
        if (!other->asks) continue;
        size_t n = claim(self, other->threads, jobs);
        if (n == 0) return;
        other->asks = false;
        fail(self, kedge_ranks_send(self->share->ranks, r, KEDGE_SWEEP_JOBS, jobs, n * sizeof *jobs));
    }
}

/* Nothing is under way and nothing can be had: either all is done, or other processes are at it, and what they leave
 * behind is ours. */
static void look_around(leader *self)
{
    long long pending;
    self->dry = false;
    commit(self);
    kedge_status status = self->status ? self->status : kedge_store_pending(self->store, &pending, NULL);
    fail(self, status);
    if (status) return;
    self->report->pending = pending;
    self->finished = pending == 0;
    progress(self);
}

static void turn(leader *self)
{
    read_messages(self);
    take_results(self);
    double now = kedge_clock_seconds();
    if (self->n_held >= BATCH || now - self->committed > BATCH_SECONDS) commit(self);
    if (!self->status) hand_out(self);
    if (!self->status && now - self->beaten > BEAT_SECONDS) {
        fail(self, kedge_store_beat(self->store));
        self->beaten = now;
    }
    if (!self->status && self->outstanding == 0 && self->dry) look_around(self);
    if (self->status || self->finished) return;
    double wait = self->n_ranks > 1 ? WAIT_RANKS : WAIT_ALONE;
    if (self->outstanding == 0 && now < self->retry) wait = self->n_ranks > 1 ? WAIT_RANKS : RETRY_SECONDS;
    fail(self, kedge_sweep_crew_wait(self->share->crew, wait));
}

/* ---- beginning and end ---- */

/* Until every rank has said what it is; the first that left has been stopped. */
static void gather_ranks(leader *self)
{
    for (;;) {
        bool all = true;
        read_messages(self);
        for (int r = 1; r < self->n_ranks; r++) all = all && (self->ranks[r].threads > 0 || self->ranks[r].left);
        if (all || self->status) return;
        kedge_sweep_nap();
    }
}

/* The sweep as it was asked for, for whoever finds the store. */
static kedge_status note(const leader *self)
{
    const kedge_sweep_options *options = self->share->options;
    const kedge_sweep_plan *plan = self->share->plan;
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    kedge_text_add(&text, plan->path);
    for (int i = 0; i < options->n_set; i++) kedge_text_addf(&text, " --set '%s'", options->set[i]);
    for (int i = 0; i < options->n_over; i++) kedge_text_addf(&text, " --over '%s'", options->over[i]);
    if (options->samples > 0) kedge_text_addf(&text, " --sobol %lld", options->samples);
    kedge_text_addf(&text, " --seeds %lld..%lld%s", plan->first_seed, plan->first_seed + plan->n_seeds - 1,
                    plan->crossed ? " --attribute" : "");
    kedge_status status = kedge_text_status(&text, "a note");
    if (!status) status = kedge_store_note(self->store, "sweep", kedge_text_string(&text));
    kedge_text_release(&text);
    return status;
}

static kedge_status open_store(leader *self, const char *path)
{
    kedge_sweep_report *report = self->report;
    const kedge_sweep_plan *plan = self->share->plan;
    long long retried = 0;
    kedge_status status = kedge_store_open_for(&self->store, self->ctx, path, KEDGE_STORE_CREATE);
    if (!status) status = note(self);
    if (!status) status = kedge_sweep_plan_add(plan, self->store, &report->pending);
    if (!status && self->share->options->retry) status = kedge_store_retry(self->store, &retried);
    report->pending += retried;
    report->before = report->runs - report->pending;
    return status;
}

/* Ends all ranks; what they have finished until then is kept. */
static void end_ranks(leader *self)
{
    int32_t verdict = self->status;
    for (int r = 1; r < self->n_ranks; r++)
        fail(self, kedge_ranks_send(self->share->ranks, r, KEDGE_SWEEP_END, &verdict, sizeof verdict));
    for (bool all = false; !all;) {
        all = true;
        read_messages(self);
        for (int r = 1; r < self->n_ranks; r++) all = all && self->ranks[r].left;
        if (!all) kedge_sweep_nap();
    }
}

static void finish(leader *self)
{
    if (self->share->crew) kedge_sweep_crew_stop(self->share->crew);
    take_results(self);
    commit(self);
    end_ranks(self);
    commit(self);
    if (self->store && !self->status) {
        fail(self, kedge_store_release(self->store));
        if (!self->status) fail(self, kedge_store_pending(self->store, &self->report->pending, NULL));
        if (!self->status) fail(self, kedge_store_failed(self->store, &self->report->failed));
    }
    kedge_store_close(self->store);
    release_held(self);
    kedge_release(self->ctx, self->held);
    kedge_release(self->ctx, self->ranks);
}

kedge_status kedge_sweep_lead(kedge_sweep_report *report, const kedge_sweep_share *share, const char *store)
{
    leader self = {.share = share, .report = report, .ctx = share->plan->ctx, .n_ranks = report->ranks};
    fail(&self, share->status);
    self.ranks = kedge_alloc_zero(self.ctx, (size_t)self.n_ranks, sizeof *self.ranks);
    if (!self.ranks) return kedge_fail_memory("ranks");
    if (share->crew) {
        self.n_threads = kedge_sweep_crew_threads(share->crew);
        report->points = (long long)share->plan->n_points;
        report->runs = report->pending = share->plan->n_runs;
    }
    gather_ranks(&self);
    if (!self.status) fail(&self, open_store(&self, store));
    self.began = self.committed = self.beaten = kedge_clock_seconds();
    if (!self.status) progress(&self);
    while (!self.status && !self.finished && !kedge_stopped(share->options->stop)) {
        turn(&self);
        for (int r = 1; r < self.n_ranks && !self.finished; r++)
            if (self.ranks[r].left) self.finished = true; /* it was stopped, so all are */
    }
    finish(&self);
    return self.status ? kedge_fail(self.status, "%s", self.message) : KEDGE_OK;
}
