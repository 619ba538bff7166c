/* work.c - the runs of a store: planned, claimed, finished. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "store/sql.h"

enum { SILENCE = 60 /* seconds after which a worker of another machine counts as dead */ };

/* ---- the plan ---- */

static kedge_status add_recipe(kedge_store *store, const kedge_store_recipe *recipe, const char *digest)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_ADD_RECIPE, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, digest);
    kedge_sql_bind_text(statement, 2, recipe->title);
    kedge_sql_bind_text(statement, 3, recipe->text);
    if (recipe->schedule) kedge_sql_bind_text(statement, 4, recipe->schedule);
    return kedge_sql_run(store, statement);
}

static kedge_status add_run(kedge_store *store, const kedge_store_run *run, const char *digest)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_ADD_RUN, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, digest);
    kedge_sql_bind_text(statement, 2, run->settings);
    sqlite3_bind_int64(statement, 3, run->seed);
    sqlite3_bind_int64(statement, 4, run->stream);
    return kedge_sql_run(store, statement);
}

/* Only this connection sees the list: which runs are of the plan, and where they stand in it. */
static kedge_status begin_plan(kedge_store *store)
{
    if (store->has_plan) return kedge_sql_text(store, "DELETE FROM temp.planned");
    return kedge_sql_text(store, "DROP VIEW temp.planned; "
                                 "CREATE TEMP TABLE planned(run INTEGER PRIMARY KEY, place INTEGER NOT NULL)");
}

static kedge_status add_planned(kedge_store *store, const kedge_store_run *run, const char *digest, size_t place)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_ADD_PLANNED, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, digest);
    kedge_sql_bind_text(statement, 2, run->settings);
    sqlite3_bind_int64(statement, 3, run->seed);
    sqlite3_bind_int64(statement, 4, run->stream);
    sqlite3_bind_int64(statement, 5, (sqlite3_int64)place);
    return kedge_sql_run(store, statement);
}

kedge_status kedge_store_add(kedge_store *store, const kedge_store_plan *plan, long long *pending)
{
    long long count = 0;
    char(*digests)[KEDGE_DIGEST_SIZE] = kedge_alloc(store->ctx, plan->n_recipes, sizeof *digests);
    if (!digests) return kedge_fail_memory("a plan of runs");
    kedge_status status = kedge_sql_begin(store, KEDGE_SQL_BEGIN_WRITE);
    if (status) goto done;
    status = begin_plan(store);
    for (size_t i = 0; i < plan->n_recipes && !status; i++) {
        kedge_store_digest(&plan->recipes[i], digests[i]);
        status = add_recipe(store, &plan->recipes[i], digests[i]);
    }
    for (size_t i = 0; i < plan->n_runs && !status; i++) {
        const kedge_store_run *run = &plan->runs[i];
        status = add_run(store, run, digests[run->recipe]);
        if (!status) status = add_planned(store, run, digests[run->recipe], i);
    }
    if (!status) status = kedge_sql_number(store, KEDGE_SQL_COUNT_PENDING, &count);
    status = kedge_sql_end(store, status);
    if (!status) store->has_plan = true;
    if (!status && pending) *pending = count;
done:
    kedge_release(store->ctx, digests);
    return status;
}

kedge_status kedge_store_retry(kedge_store *store, long long *n)
{
    kedge_status status = kedge_sql_begin(store, KEDGE_SQL_BEGIN_WRITE);
    if (status) return status;
    long long changed = 0;
    status = kedge_sql_do(store, KEDGE_SQL_RETRY_METRICS);
    if (!status) status = kedge_sql_do(store, KEDGE_SQL_RETRY);
    if (!status) changed = sqlite3_changes(store->db);
    status = kedge_sql_end(store, status);
    if (!status) *n = changed;
    return status;
}

/* ---- workers ---- */

kedge_status kedge_store_beat(kedge_store *store)
{
    sqlite3_stmt *statement = NULL;
    char name[sizeof store->worker];
    const kedge_process *self = &store->process;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_BEAT, &statement);
    if (status) return status;
    /* The address tells apart the stores that one process has open. */
    snprintf(name, sizeof name, "%s:%lld:%lld:%p", self->host, (long long)self->pid, (long long)self->started,
             (void *)store);
    kedge_sql_bind_text(statement, 1, name);
    kedge_sql_bind_text(statement, 2, self->host);
    sqlite3_bind_int64(statement, 3, self->pid);
    sqlite3_bind_int64(statement, 4, self->started);
    status = kedge_sql_run(store, statement);
    if (!status) memcpy(store->worker, name, sizeof name);
    return status;
}

/* Whether the worker of this row can be counted on. */
static bool lives(const kedge_store *store, sqlite3_stmt *row)
{
    if (strcmp(kedge_sql_column_text(row, 1), store->process.host) == 0)
        return kedge_process_lives(sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3));
    return sqlite3_column_int64(row, 4) <= SILENCE;
}

static kedge_status drop_worker(kedge_store *store, const char *worker)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_DROP_WORKER, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, worker);
    return kedge_sql_run(store, statement);
}

/* Takes dead workers from the list, and their claims with them. Inside a transaction. */
static kedge_status drop_the_dead(kedge_store *store)
{
    sqlite3_stmt *statement = NULL;
    kedge_arena arena;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_WORKERS, &statement);
    if (status) return status;
    struct dead {
        struct dead *next;
        char *worker;
    } *dead = NULL; /* gathered first: the rows that are being read must not change */
    kedge_arena_init(&arena, store->ctx);
    kedge_sql_bind_text(statement, 1, store->worker);
    while (kedge_sql_next(store, statement, &status)) {
        if (lives(store, statement)) continue;
        struct dead *one = kedge_arena_alloc(&arena, 1, sizeof *one);
        if (one) one->worker = kedge_arena_text(&arena, kedge_sql_column_text(statement, 0));
        if (!one || !one->worker) {
            status = kedge_fail_memory("the workers of a store");
            sqlite3_reset(statement);
            break;
        }
        one->next = dead;
        dead = one;
    }
    for (; dead && !status; dead = dead->next) status = drop_worker(store, dead->worker);
    kedge_arena_release(&arena);
    return status;
}

/* ---- claims ---- */

/* The runs that nobody has; texts go into the store's arena. */
static kedge_status find_free_runs(kedge_store *store, size_t max, kedge_store_job *jobs, size_t *n)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_FREE_RUNS, &statement);
    if (status) return status;
    kedge_arena_release(&store->texts);
    kedge_arena_init(&store->texts, store->ctx);
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)max);
    while (kedge_sql_next(store, statement, &status)) { /* to its end: only there lack of memory for a text shows */
        kedge_store_job *job = &jobs[*n];
        job->id = sqlite3_column_int64(statement, 0);
        job->recipe = kedge_arena_text(&store->texts, kedge_sql_column_text(statement, 1));
        job->settings = kedge_arena_text(&store->texts, kedge_sql_column_text(statement, 2));
        job->seed = sqlite3_column_int64(statement, 3);
        job->stream = sqlite3_column_int64(statement, 4);
        job->place = (size_t)sqlite3_column_int64(statement, 5);
        if (!job->recipe || !job->settings) {
            status = kedge_fail_memory("claimed runs");
            break;
        }
        (*n)++;
    }
    sqlite3_reset(statement);
    return status;
}

static kedge_status add_claim(kedge_store *store, int64_t run)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_ADD_CLAIM, &statement);
    if (status) return status;
    sqlite3_bind_int64(statement, 1, run);
    kedge_sql_bind_text(statement, 2, store->worker);
    return kedge_sql_run(store, statement);
}

kedge_status kedge_store_claim(kedge_store *store, size_t max, kedge_store_job *jobs, size_t *n)
{
    size_t found = 0;
    kedge_status status = kedge_sql_begin(store, KEDGE_SQL_BEGIN_WRITE);
    if (status) return status;
    status = kedge_store_beat(store); /* also puts a worker back that others took for dead */
    if (!status) status = drop_the_dead(store);
    if (!status) status = find_free_runs(store, max, jobs, &found);
    for (size_t i = 0; i < found && !status; i++) status = add_claim(store, jobs[i].id);
    status = kedge_sql_end(store, status);
    if (!status) *n = found;
    return status;
}

kedge_status kedge_store_failed(kedge_store *store, long long *failed)
{
    return kedge_sql_number(store, KEDGE_SQL_COUNT_FAILED, failed);
}

kedge_status kedge_store_pending(kedge_store *store, long long *pending, long long *others)
{
    sqlite3_stmt *statement = NULL;
    long long runs = 0, claims = 0;
    kedge_status status = kedge_sql_begin(store, KEDGE_SQL_BEGIN_WRITE);
    if (status) return status;
    status = drop_the_dead(store);
    if (!status) status = kedge_sql_number(store, KEDGE_SQL_COUNT_PENDING, &runs);
    if (!status) status = kedge_sql_get(store, KEDGE_SQL_COUNT_CLAIMS, &statement);
    if (!status) {
        kedge_sql_bind_text(statement, 1, store->worker);
        while (kedge_sql_next(store, statement, &status)) claims = sqlite3_column_int64(statement, 0);
    }
    status = kedge_sql_end(store, status);
    if (status) return status;
    *pending = runs;
    if (others) *others = claims;
    return KEDGE_OK;
}

kedge_status kedge_store_release(kedge_store *store)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_DROP_CLAIMS, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, store->worker);
    return kedge_sql_run(store, statement);
}

/* ---- results ---- */

static kedge_status add_metric(kedge_store *store, int64_t run, const char *name, double value)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_ADD_METRIC, &statement);
    if (status) return status;
    sqlite3_bind_int64(statement, 1, run);
    kedge_sql_bind_text(statement, 2, name);
    if (isfinite(value)) sqlite3_bind_double(statement, 3, value);
    return kedge_sql_run(store, statement);
}

static kedge_status finish_one(kedge_store *store, const kedge_store_result *result)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_FINISH, &statement);
    if (status) return status;
    sqlite3_bind_int64(statement, 1, result->id);
    kedge_sql_bind_text(statement, 2, result->failure ? "failed" : "done");
    if (result->failure) kedge_sql_bind_text(statement, 3, result->failure);
    status = kedge_sql_run(store, statement);
    bool first = sqlite3_changes(store->db) > 0;
    for (int i = 0; first && i < result->n_metrics && !status; i++)
        status = add_metric(store, result->id, result->names[i], result->values[i]);
    if (!status) status = kedge_sql_get(store, KEDGE_SQL_DROP_CLAIM, &statement);
    if (status) return status;
    sqlite3_bind_int64(statement, 1, result->id);
    return kedge_sql_run(store, statement);
}

kedge_status kedge_store_finish(kedge_store *store, const kedge_store_result *results, size_t n)
{
    kedge_status status = kedge_sql_begin(store, KEDGE_SQL_BEGIN_WRITE);
    if (status) return status;
    for (size_t i = 0; i < n && !status; i++) status = finish_one(store, &results[i]);
    return kedge_sql_end(store, status);
}
