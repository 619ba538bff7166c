/* store.h - writing into a store: a plan of runs, claims on them, results.
 *
 * What a sweep does:
 *     kedge_store_open_for(&store, ctx, path, KEDGE_STORE_CREATE);
 *     kedge_store_add(store, &plan, &pending);
 *     while (kedge_store_claim(store, 64, claimed, &n), n > 0) {
 *         ... compute them, in any order; kedge_store_beat every 20 seconds or so ...
 *         kedge_store_finish(store, results, n);
 *     }
 *     kedge_store_close(store);
 * Several processes may do so at once: nothing is computed twice. A process that is killed leaves claims, which the
 * others take over; its finished batches stay. Every call is one transaction: it happens, or nothing does.
 *
 * What stands in 'recipe', 'run' and 'metric' depends on what was asked for alone: no times, no hosts. A row of a plan
 * gets the next id, in the plan's order; a plan added again adds nothing.
 *
 * One thread at a time per store; each process opens its own (not over a fork). Errors of all: KEDGE_EIO (full disk,
 * locked for longer than 30 seconds, not writable), KEDGE_EFORMAT (damaged), KEDGE_ENOMEM. Messages begin with the
 * path. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/context.h"
#include "kedge/store.h"

enum { KEDGE_STORE_APPLICATION = 0x6b646765 /* "kdge" */, KEDGE_STORE_VERSION = 1 };

typedef enum kedge_store_mode {
    KEDGE_STORE_READ,
    KEDGE_STORE_WRITE, /* must be there */
    KEDGE_STORE_CREATE /* made if it is not there, or empty */
} kedge_store_mode;

/* As kedge_store_open. Writing also: KEDGE_EEXISTS where the store's runs were computed with other kernels than this
 * context's (they would not be the same to the bit); KEDGE_EIO: not writable, or its folder. */
kedge_status kedge_store_open_for(kedge_store **out, kedge_context *ctx, const char *path, kedge_store_mode mode);

/* ---- the plan ---- */

/* What the settings are applied over. */
typedef struct kedge_store_recipe {
    const char *title;
    const char *text;     /* resolved YAML */
    const char *schedule; /* the bytes of the sheet that the text names; NULL: none */
} kedge_store_recipe;

typedef struct kedge_store_run {
    int recipe;           /* index into the plan's recipes */
    const char *settings; /* canonical, from kedge_setting_json; "{}": none */
    int64_t seed;         /* of the initial weights, and of all else that is drawn, */
    int64_t stream;       /* except batches and labels. Equal to seed unless the two are crossed */
} kedge_store_run;

typedef struct kedge_store_plan {
    const kedge_store_recipe *recipes;
    size_t n_recipes;
    const kedge_store_run *runs; /* in the order of their ids */
    size_t n_runs;
} kedge_store_plan;

/* Adds the runs that are not there yet, as pending. From then on this store's retry, claim and pending are about the
 * runs of the plan alone, whatever else the file holds; without a plan they are about all. *pending (may be NULL): how
 * many of the plan are pending now, claimed or not. */
kedge_status kedge_store_add(kedge_store *store, const kedge_store_plan *plan, long long *pending);

/* A line about the store as a whole ("sweep": the command that made it). The first value stays. */
kedge_status kedge_store_note(kedge_store *store, const char *key, const char *value);

/* Failed runs are pending again. *n: how many. */
kedge_status kedge_store_retry(kedge_store *store, long long *n);

/* ---- the work ---- */

/* A run to compute. Texts are owned by the store, valid until its next claim. */
typedef struct kedge_store_job {
    int64_t id;
    const char *recipe;   /* digest: see kedge_store_digest */
    const char *settings; /* as added */
    int64_t seed, stream;
    size_t place;         /* index into the plan's runs; 0 without a plan */
} kedge_store_job;

enum { KEDGE_DIGEST_SIZE = 33 }; /* 32 hexadecimal digits and a 0 */

/* What a recipe is known by: the first half of the SHA-256 of text, a zero byte, schedule. */
void kedge_store_digest(const kedge_store_recipe *recipe, char digest[KEDGE_DIGEST_SIZE]);

/* Up to 'max' pending runs that no living worker has, in the order of ids; *n = 0: there are none now (but others may
 * still compute: kedge_store_pending). A claim of a process that died on this machine is taken over at once, one of
 * another machine when it has not been heard of for 60 seconds. */
kedge_status kedge_store_claim(kedge_store *store, size_t max, kedge_store_job *jobs, size_t *n);

/* Runs that are pending, claimed or not; how many of them other living workers hold (may be NULL). */
kedge_status kedge_store_pending(kedge_store *store, long long *pending, long long *others);
/* Runs that failed, whoever did them. */
kedge_status kedge_store_failed(kedge_store *store, long long *failed);

/* Says that this worker is alive: every 20 seconds or so while it computes. */
kedge_status kedge_store_beat(kedge_store *store);

typedef struct kedge_store_result {
    int64_t id;
    const char *failure;      /* NULL: done */
    int n_metrics;
    const char *const *names; /* [n_metrics], each once */
    const double *values;     /* infinite or not a number: stored as undefined */
} kedge_store_result;

/* Puts results in, in one transaction: for speed some hundred at a time, or what half a second brings. A run that has
 * a result already keeps it. */
kedge_status kedge_store_finish(kedge_store *store, const kedge_store_result *results, size_t n);

/* Gives back what this store has claimed and not finished; close does so too. */
kedge_status kedge_store_release(kedge_store *store);

#endif
