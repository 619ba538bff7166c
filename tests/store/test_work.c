/* the runs of a store: planned once, claimed by one, finished once, whoever is killed meanwhile. */
#include "store_fixture.h"

#include <sys/wait.h>

#include <math.h>
#include <signal.h>
#include <time.h>

/* ---- the plan ---- */

static void plans_in_order(void **state)
{
    fixture *f = *state;
    long long pending;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{\"a\":1}", 5, 2, &pending));
    assert_int_equal(pending, 2);
    ok(add_seeds(f->store, "{}", 5, 1, &pending));
    assert_int_equal(pending, 1);
    assert_string_equal(ask(f, "SELECT id, settings, seed, stream, status, message FROM run ORDER BY id"),
                        "1|{\"a\":1}|5|5|pending|-\n2|{\"a\":1}|6|6|pending|-\n3|{}|5|5|pending|-\n");
}

static void plans_nothing_twice(void **state)
{
    fixture *f = *state;
    long long pending;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 3, NULL));
    ok(finish_one(f->store, 2, 1, 2));
    ok(add_seeds(f->store, "{}", 1, 4, &pending));
    assert_int_equal(pending, 3);
    assert_string_equal(ask(f, "SELECT id, seed, status FROM run ORDER BY id"),
                        "1|0|pending\n2|1|done\n3|2|pending\n4|3|pending\n5|4|pending\n");
}

/* What another sweep left pending is not this one's to do. */
static void works_on_its_own_plan(void **state)
{
    fixture *f = *state;
    kedge_store_job jobs[8];
    size_t n;
    long long pending, others;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{\"a\":1}", 0, 3, NULL));
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    ok(kedge_store_pending(f->store, &pending, &others));
    assert_int_equal(pending, 2);
    ok(kedge_store_claim(f->store, 8, jobs, &n));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(jobs[i].id, 4 + i);
        assert_int_equal(jobs[i].place, i);
    }
}

static void keeps_streams_apart(void **state)
{
    fixture *f = *state;
    kedge_store_run runs[] = {{.settings = "{}", .seed = 1, .stream = 1}, {.settings = "{}", .seed = 1, .stream = 2}};
    kedge_store_plan plan = {.recipes = &colour_wheel, .n_recipes = 1, .runs = runs, .n_runs = 2};
    open_store(f, KEDGE_STORE_CREATE);
    ok(kedge_store_add(f->store, &plan, NULL));
    assert_string_equal(ask(f, "SELECT seed, stream FROM run"), "1|1\n1|2\n");
}

static void keeps_recipes(void **state)
{
    fixture *f = *state;
    kedge_store_recipe recipes[] = {colour_wheel, {.title = "other", .text = "title: other\n"}};
    kedge_store_run runs[] = {{.recipe = 1, .settings = "{}"}, {.recipe = 0, .settings = "{}"}};
    kedge_store_plan plan = {.recipes = recipes, .n_recipes = 2, .runs = runs, .n_runs = 2};
    open_store(f, KEDGE_STORE_CREATE);
    ok(kedge_store_add(f->store, &plan, NULL));
    assert_string_equal(ask(f, "SELECT run.id, title, text, schedule FROM run JOIN recipe ON recipe = digest "
                               "ORDER BY run.id"),
                        "1|other|title: other\n|-\n2|colour wheel|title: colour wheel\n|STEP,PHASE,ACTION,lr\n"
                        "0,,,0.1\n\n");
}

static void adds_a_plan_whole_or_not_at_all(void **state)
{
    fixture *f = *state;
    kedge_store_run runs[] = {{.settings = "{}", .seed = 1}, {.settings = "no object", .seed = 2}};
    kedge_store_plan plan = {.recipes = &colour_wheel, .n_recipes = 1, .runs = runs, .n_runs = 2};
    open_store(f, KEDGE_STORE_CREATE);
    assert_int_not_equal(kedge_store_add(f->store, &plan, NULL), KEDGE_OK);
    assert_string_equal(ask(f, "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM recipe)"), "0|0\n");
}

/* ---- claims ---- */

static void hands_out_runs_in_order(void **state)
{
    fixture *f = *state;
    kedge_store_job jobs[4];
    size_t n;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{\"a\":1}", 10, 6, NULL));
    ok(finish_one(f->store, 2, 0, 0));
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    assert_int_equal(n, 4);
    assert_int_equal(jobs[0].id, 1);
    assert_int_equal(jobs[1].id, 3);
    assert_int_equal(jobs[1].seed, 12);
    assert_int_equal(jobs[1].stream, 12);
    assert_string_equal(jobs[1].settings, "{\"a\":1}");
    char digest[KEDGE_DIGEST_SIZE];
    kedge_store_digest(&colour_wheel, digest);
    assert_string_equal(jobs[1].recipe, digest);
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    assert_int_equal(n, 1);
    assert_int_equal(jobs[0].id, 6);
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    assert_int_equal(n, 0);
}

static void a_claim_leaves_the_run_as_it_was(void **state)
{
    fixture *f = *state;
    kedge_store_job jobs[4];
    size_t n;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    assert_string_equal(ask(f, "SELECT status, count(*) FROM run GROUP BY status"), "pending|2\n");
}

static void gives_back_what_it_claimed(void **state)
{
    fixture *f = *state;
    kedge_store_job jobs[4];
    size_t n;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    ok(kedge_store_release(f->store));
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    assert_int_equal(n, 2);
    open_store(f, KEDGE_STORE_WRITE); /* closes the first */
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    assert_int_equal(n, 2);
}

/* Two stores open in one process are two workers. */
static void leaves_the_claims_of_others(void **state)
{
    fixture *f = *state;
    kedge_store *other;
    kedge_store_job jobs[4];
    size_t n;
    long long pending, others;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 5, NULL));
    ok(kedge_store_open_for(&other, f->ctx, f->path, KEDGE_STORE_WRITE));
    ok(kedge_store_claim(other, 3, jobs, &n));
    ok(kedge_store_claim(f->store, 4, jobs, &n));
    assert_int_equal(n, 2);
    assert_int_equal(jobs[0].id, 4);
    ok(kedge_store_pending(f->store, &pending, &others));
    assert_int_equal(pending, 5);
    assert_int_equal(others, 3);
    kedge_store_close(other);
}

/* A worker as another process leaves it, with a claim on run 1. */
static void add_worker(fixture *f, const char *host, long long pid, long long started, int silent)
{
    char sql[600];
    snprintf(sql, sizeof sql,
             "INSERT INTO worker VALUES('w', '%s', %lld, %lld, CAST(strftime('%%s') AS INTEGER) - %d);"
             "INSERT INTO claim VALUES(1, 'w')", host, pid, started, silent);
    if (sqlite3_exec(f->store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(f->store->db));
}

static int64_t first_free(fixture *f)
{
    kedge_store_job job;
    size_t n;
    ok(kedge_store_claim(f->store, 1, &job, &n));
    assert_int_equal(n, 1);
    return job.id;
}

static void takes_over_from_a_process_that_is_gone(void **state)
{
    fixture *f = *state;
    pid_t child = fork();
    if (child == 0) _exit(0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    add_worker(f, f->store->process.host, child, 1, 0);
    assert_int_equal(first_free(f), 1);
    assert_string_equal(ask(f, "SELECT count(*) FROM worker"), "1\n");
}

/* The number of a process that is gone may be another's now. */
static void takes_over_from_a_process_that_began_earlier(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    add_worker(f, f->store->process.host, f->store->process.pid, f->store->process.started + 1, 0);
    assert_int_equal(first_free(f), 1);
}

static void leaves_the_claim_of_a_process_that_lives(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    add_worker(f, f->store->process.host, f->store->process.pid, f->store->process.started, 1000000);
    assert_int_equal(first_free(f), 2);
}

static void leaves_the_claim_of_another_machine_that_was_heard_of(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    add_worker(f, "elsewhere", 1, 1, 50);
    assert_int_equal(first_free(f), 2);
}

static void takes_over_from_another_machine_that_is_silent(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    add_worker(f, "elsewhere", 1, 1, 61);
    assert_int_equal(first_free(f), 1);
}

static void a_beat_is_heard(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    assert_int_equal(sqlite3_exec(f->store->db, "UPDATE worker SET beat = 5", NULL, NULL, NULL), SQLITE_OK);
    ok(kedge_store_beat(f->store));
    assert_string_equal(ask(f, "SELECT count(*), min(beat) > 1000 FROM worker"), "1|1\n");
}

/* ---- results ---- */

static void finishes_runs(void **state)
{
    fixture *f = *state;
    const char *const names[] = {"score", "recon_mse", "angle"};
    double values[] = {0.5, NAN, INFINITY};
    kedge_store_result results[] = {
        {.id = 1, .n_metrics = 3, .names = names, .values = values},
        {.id = 2, .failure = "the loss is not finite at step 7"},
    };
    kedge_store_job jobs[3];
    size_t n;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 3, NULL));
    ok(kedge_store_claim(f->store, 3, jobs, &n));
    ok(kedge_store_finish(f->store, results, 2));
    assert_string_equal(ask(f, "SELECT id, status, message FROM run"),
                        "1|done|-\n2|failed|the loss is not finite at step 7\n3|pending|-\n");
    assert_string_equal(ask(f, "SELECT run_id, name, value FROM metric"), "1|angle|-\n1|recon_mse|-\n1|score|0.5\n");
    assert_string_equal(ask(f, "SELECT run_id FROM claim"), "3\n");
}

static void keeps_the_first_result(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 1, NULL));
    ok(finish_one(f->store, 1, 1, 2));
    ok(finish_one(f->store, 1, 3, 4));
    assert_string_equal(ask(f, "SELECT value FROM metric"), "1.0\n2.0\n");
}

static void takes_a_batch_whole_or_not_at_all(void **state)
{
    fixture *f = *state;
    const char *const names[] = {"score", "score"};
    double values[] = {1, 2};
    kedge_store_result results[] = {
        {.id = 1, .n_metrics = 1, .names = names, .values = values},
        {.id = 2, .n_metrics = 2, .names = names, .values = values}, /* one name twice */
    };
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    assert_int_not_equal(kedge_store_finish(f->store, results, 2), KEDGE_OK);
    assert_string_equal(ask(f, "SELECT (SELECT count(*) FROM metric), (SELECT count(*) FROM run WHERE status = "
                               "'done')"), "0|0\n");
    ok(kedge_store_finish(f->store, results, 1));
}

static void tries_failed_runs_again(void **state)
{
    fixture *f = *state;
    const char *const names[] = {"step"};
    double values[] = {7};
    kedge_store_result failed = {.id = 2, .failure = "no", .n_metrics = 1, .names = names, .values = values};
    long long n;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2, NULL));
    ok(finish_one(f->store, 1, 1, 2));
    ok(kedge_store_finish(f->store, &failed, 1));
    ok(kedge_store_retry(f->store, &n));
    assert_int_equal(n, 1);
    assert_string_equal(ask(f, "SELECT id, status, message FROM run"), "1|done|-\n2|pending|-\n");
    assert_string_equal(ask(f, "SELECT count(*) FROM metric WHERE run_id = 2"), "0\n");
}

/* ---- several processes, some of them killed ---- */

enum { RUNS = 600, BLOCK = 7 };

/* What a sweep does, with a metric that tells who did it. Never returns. */
static void work(fixture *f, int who, bool anonymous)
{
    kedge_store *store;
    kedge_store_job jobs[BLOCK];
    size_t n;
    if (kedge_store_open_for(&store, f->ctx, f->path, KEDGE_STORE_CREATE)) _exit(1);
    if (add_seeds(store, "{}", 0, RUNS, NULL)) _exit(2);
    for (;;) {
        if (kedge_store_claim(store, BLOCK, jobs, &n)) _exit(3);
        if (n == 0) break;
        for (size_t i = 0; i < n; i++) {
            const char *const names[] = {"score", "seed", "who"};
            double values[] = {sqrt((double)jobs[i].seed), (double)jobs[i].seed, who};
            kedge_store_result result = {.id = jobs[i].id, .n_metrics = 3 - anonymous, .names = names,
                                         .values = values};
            if (kedge_store_finish(store, &result, 1)) _exit(4);
        }
    }
    kedge_store_close(store);
    _exit(0);
}

static pid_t start(fixture *f, int who, bool anonymous)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) work(f, who, anonymous);
    return child;
}

static void must_succeed(pid_t child)
{
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void writers_share_the_work(void **state)
{
    fixture *f = *state;
    pid_t children[3];
    for (int i = 0; i < 3; i++) children[i] = start(f, i, false);
    for (int i = 0; i < 3; i++) must_succeed(children[i]);
    assert_string_equal(ask(f, "SELECT count(*), min(id), max(id), count(DISTINCT seed) FROM run WHERE status = "
                               "'done'"), "600|1|600|600\n");
    assert_string_equal(ask(f, "SELECT name, count(*) FROM metric GROUP BY name"), "score|600\nseed|600\nwho|600\n");
    assert_string_equal(ask(f, "SELECT (SELECT count(*) FROM claim), (SELECT count(*) FROM worker)"), "0|0\n");
}

/* Killed at moments spread over the work, within transactions and between: what the next one finishes is what one
 * alone would have made. */
static void bears_being_killed(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 12; i++) {
        pid_t child = start(f, i, true);
        nanosleep(&(struct timespec){.tv_nsec = 1000000L + 1700000L * i}, NULL);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        kedge_store *store = NULL;
        if (access(f->path, F_OK) != 0) continue;
        kedge_status status = kedge_store_open(&store, f->ctx, f->path);
        kedge_store_close(store);
        if (status && !strstr(kedge_error(), "not a store but an empty")) fail_msg("%s", kedge_error());
    }
    must_succeed(start(f, 99, true));
    assert_string_equal(ask(f, "PRAGMA integrity_check"), "ok\n");
    assert_string_equal(ask(f, "SELECT count(*), sum(id = seed + 1), sum(status = 'done') FROM run"),
                        "600|600|600\n");
    assert_string_equal(ask(f, "SELECT name, count(*) FROM metric JOIN run ON id = run_id WHERE value = "
                               "iif(name = 'seed', seed, sqrt(seed)) GROUP BY name"), "score|600\nseed|600\n");
    assert_string_equal(ask(f, "SELECT (SELECT count(*) FROM claim), (SELECT count(*) FROM worker)"), "0|0\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(plans_in_order),
        TEST(plans_nothing_twice),
        TEST(works_on_its_own_plan),
        TEST(keeps_streams_apart),
        TEST(keeps_recipes),
        TEST(adds_a_plan_whole_or_not_at_all),
        TEST(hands_out_runs_in_order),
        TEST(a_claim_leaves_the_run_as_it_was),
        TEST(gives_back_what_it_claimed),
        TEST(leaves_the_claims_of_others),
        TEST(takes_over_from_a_process_that_is_gone),
        TEST(takes_over_from_a_process_that_began_earlier),
        TEST(leaves_the_claim_of_a_process_that_lives),
        TEST(leaves_the_claim_of_another_machine_that_was_heard_of),
        TEST(takes_over_from_another_machine_that_is_silent),
        TEST(a_beat_is_heard),
        TEST(finishes_runs),
        TEST(keeps_the_first_result),
        TEST(takes_a_batch_whole_or_not_at_all),
        TEST(tries_failed_runs_again),
        TEST(writers_share_the_work),
        TEST(bears_being_killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
