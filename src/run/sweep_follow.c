/* sweep_follow.c - a rank that computes what rank 0 hands out. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "run/sweep_parts.h"

enum { BATCH_BYTES = 1 << 18 };
#define BATCH_SECONDS 0.1
#define POLL_SECONDS 0.002

typedef struct follower {
    const kedge_sweep_share *share;
    kedge_text results; /* blocks that are not sent yet */
    double since;       /* when the first of them came */
    bool asked, ended;
    kedge_status verdict; /* what rank 0 said at the end */
} follower;

static kedge_status introduce(const kedge_sweep_share *share)
{
    kedge_sweep_ready ready = {.status = share->status};
    if (share->status) {
        snprintf(ready.message, sizeof ready.message, "%s", kedge_error());
    } else {
        ready.threads = kedge_sweep_crew_threads(share->crew);
        kedge_sweep_plan_digest(share->plan, ready.digest);
    }
    return kedge_ranks_send(share->ranks, 0, KEDGE_SWEEP_READY, &ready, sizeof ready);
}

static kedge_status send_results(follower *self)
{
    if (self->results.length == 0) return KEDGE_OK;
    kedge_status status = kedge_ranks_send(self->share->ranks, 0, KEDGE_SWEEP_RESULTS,
                                           kedge_text_string(&self->results), self->results.length);
    kedge_text_clear(&self->results);
    return status;
}

static kedge_status gather_results(follower *self)
{
    kedge_sweep_result *result;
    while ((result = kedge_sweep_crew_take(self->share->crew))) {
        if (self->results.length == 0) self->since = kedge_clock_seconds();
        kedge_text_add_bytes(&self->results, result, result->size);
        kedge_release(self->share->plan->ctx, result);
    }
    return kedge_text_status(&self->results, "results for rank 0");
}

static kedge_status read_messages(follower *self)
{
    const kedge_sweep_share *share = self->share;
    kedge_rank_message message;
    for (;;) {
        bool there;
        kedge_status status = kedge_ranks_receive(share->ranks, &there, &message);
        if (status || !there) return status;
        if (message.tag == KEDGE_SWEEP_JOBS && share->crew) {
            self->asked = false;
            status = kedge_sweep_crew_give(share->crew, message.bytes, message.size / sizeof(kedge_sweep_job));
        } else if (message.tag == KEDGE_SWEEP_END) {
            int32_t verdict = KEDGE_EIO;
            if (message.size == sizeof verdict) memcpy(&verdict, message.bytes, sizeof verdict);
            self->verdict = verdict;
            self->ended = true;
        }
        if (status) return status;
    }
}

/* One turn: takes jobs, asks for more, hands results back. */
static kedge_status turn(follower *self)
{
    const kedge_sweep_share *share = self->share;
    kedge_status status = read_messages(self);
    if (status) return status;
    if (!share->crew) {
        kedge_sweep_nap();
        return KEDGE_OK;
    }
    status = gather_results(self);
    size_t waiting = kedge_sweep_crew_waiting(share->crew);
    bool idle = waiting < (size_t)kedge_sweep_crew_threads(share->crew);
    if (!status && (self->results.length > BATCH_BYTES || (waiting == 0 && self->asked) ||
                    kedge_clock_seconds() - self->since > BATCH_SECONDS))
        status = send_results(self);
    if (!status && idle && !self->asked && !self->ended) {
        self->asked = true;
        status = kedge_ranks_send(share->ranks, 0, KEDGE_SWEEP_ASK, NULL, 0);
    }
    return status ? status : kedge_sweep_crew_wait(share->crew, POLL_SECONDS);
}

/* What cannot go on here ends the whole sweep: a result of no run says so. */
static kedge_status complain(follower *self, kedge_status why)
{
    kedge_sweep_ready ready = {.status = why};
    snprintf(ready.message, sizeof ready.message, "%s", kedge_error());
    return kedge_ranks_send(self->share->ranks, 0, KEDGE_SWEEP_READY, &ready, sizeof ready);
}

kedge_status kedge_sweep_follow(const kedge_sweep_share *share)
{
    follower self = {.share = share};
    kedge_text_init(&self.results, share->plan->ctx);
    kedge_status status = introduce(share);
    while (!status && !self.ended && !kedge_stopped(share->options->stop)) status = turn(&self);
    if (share->crew) {
        kedge_sweep_crew_stop(share->crew);
        if (!status) status = gather_results(&self);
        if (!status) status = send_results(&self);
    }
    if (status) complain(&self, status);
    kedge_status left = kedge_ranks_send(share->ranks, 0, KEDGE_SWEEP_BYE, NULL, 0);
    while (!left && !self.ended) { /* rank 0 has the last word */
        left = read_messages(&self);
        if (!left && !self.ended) kedge_sweep_nap();
    }
    kedge_text_release(&self.results);
    if (status || left || self.verdict) return kedge_fail(KEDGE_ECANCELLED, "the sweep failed; rank 0 says why");
    return KEDGE_OK;
}
