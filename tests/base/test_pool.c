/* the pool: every job once, by any number of threads. */
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "base/pool.h"

enum { MAX_JOBS = 5000, MAX_WORKERS = 300 };

typedef struct record {
    atomic_int done[MAX_JOBS];
    atomic_int busy[MAX_WORKERS];  /* jobs that a worker has in hand */
    long last[MAX_WORKERS];        /* its latest; touched by it alone */
    atomic_int faults, total;
    int threads;
    volatile int stop;
    long stop_at; /* the job that raises the flag; -1: none */
    int nap;      /* microseconds that a job takes */
} record;

static record *fresh(int threads)
{
    static record r;
    memset(&r, 0, sizeof r);
    for (int w = 0; w < MAX_WORKERS; w++) r.last[w] = -1;
    r.threads = threads;
    r.stop_at = -1;
    return &r;
}

static void job(long i, int worker, void *payload)
{
    record *r = payload;
    if (worker < 0 || worker >= r->threads || i < 0 || i >= MAX_JOBS) {
        atomic_fetch_add(&r->faults, 1);
        return;
    }
    if (atomic_fetch_add(&r->busy[worker], 1) != 0) atomic_fetch_add(&r->faults, 1); /* two at a time */
    if (r->last[worker] >= i) atomic_fetch_add(&r->faults, 1);                       /* out of order */
    r->last[worker] = i;
    if (r->nap) usleep((useconds_t)r->nap);
    atomic_fetch_add(&r->done[i], 1);
    atomic_fetch_add(&r->total, 1);
    if (i == r->stop_at) __atomic_store_n(&r->stop, 1, __ATOMIC_RELAXED);
    atomic_fetch_sub(&r->busy[worker], 1);
}

static void check_each_once(int threads, long n)
{
    record *r = fresh(threads);
    kedge_pool_run(threads, n, job, r, NULL);
    assert_int_equal(r->faults, 0);
    assert_int_equal(r->total, n);
    for (long i = 0; i < n; i++) assert_int_equal(r->done[i], 1);
}

static void each_job_once(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 7};
    for (int t = 0; t < 3; t++) {
        check_each_once(threads[t], 1);
        check_each_once(threads[t], 6);
        check_each_once(threads[t], 7);
        check_each_once(threads[t], MAX_JOBS);
    }
}

static void no_jobs_is_fine(void **state)
{
    (void)state;
    check_each_once(1, 0);
    check_each_once(7, 0);
}

static void more_threads_than_there_can_be(void **state)
{
    (void)state;
    check_each_once(MAX_WORKERS, 400);
}

static void several_threads_work_at_once(void **state)
{
    (void)state;
    static const int threads[] = {2, 7};
    for (int t = 0; t < 2; t++) {
        record *r = fresh(threads[t]);
        r->nap = 2000;
        kedge_pool_run(threads[t], 30, job, r, NULL);
        assert_int_equal(r->total, 30); /* none is still under way */
        assert_true(r->last[0] >= 0 && r->last[1] >= 0);
    }
}

static void same_thread(long i, int worker, void *payload)
{
    (void)i;
    if (worker != 0 || !pthread_equal(pthread_self(), *(pthread_t *)payload)) fail();
}

static void one_thread_is_the_callers(void **state)
{
    (void)state;
    pthread_t self = pthread_self();
    kedge_pool_run(1, 10, same_thread, &self, NULL);
}

/* Jobs are handed out in order, and those under way are finished: what is done has no gap. */
static void the_flag_ends_it_after_the_jobs_under_way(void **state)
{
    (void)state;
    static const int threads[] = {1, 2, 7};
    for (int t = 0; t < 3; t++) {
        record *r = fresh(threads[t]);
        r->stop_at = 50;
        kedge_pool_run(threads[t], MAX_JOBS, job, r, &r->stop);
        assert_int_equal(r->faults, 0);
        if (threads[t] == 1) assert_int_equal(r->total, 51);
        assert_true(r->total >= 51 && r->total < MAX_JOBS);
        for (int i = 0; i < MAX_JOBS; i++) assert_int_equal(r->done[i], i < r->total);
    }
}

static void a_raised_flag_means_no_job(void **state)
{
    (void)state;
    record *r = fresh(3);
    r->stop = 1;
    kedge_pool_run(3, 100, job, r, &r->stop);
    assert_int_equal(r->total, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_job_once),
        cmocka_unit_test(no_jobs_is_fine),
        cmocka_unit_test(more_threads_than_there_can_be),
        cmocka_unit_test(several_threads_work_at_once),
        cmocka_unit_test(one_thread_is_the_callers),
        cmocka_unit_test(the_flag_ends_it_after_the_jobs_under_way),
        cmocka_unit_test(a_raised_flag_means_no_job),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
