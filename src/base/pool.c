/* pool.c - independent jobs on a few threads. */
#include "base/pool.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 256 };

typedef struct pool {
    atomic_long next;
    long n;
    void (*job)(long i, int worker, void *payload);
    void *payload;
    const volatile int *stop;
} pool;

typedef struct worker {
    pool *pool;
    int index;
    pthread_t thread;
} worker;

static void *work(void *argument)
{
    worker *self = argument;
    pool *shared = self->pool;
    for (;;) {
        if (kedge_stopped(shared->stop)) return NULL;
        long i = atomic_fetch_add(&shared->next, 1);
        if (i >= shared->n) return NULL;
        shared->job(i, self->index, shared->payload);
    }
}

void kedge_pool_run(int threads, long n, void (*job)(long i, int worker, void *payload), void *payload,
                    const volatile int *stop)
{
    pool shared = {.n = n, .job = job, .payload = payload, .stop = stop};
    worker workers[MAX_THREADS];
    if (threads > n) threads = (int)n;
    if (threads > MAX_THREADS) threads = MAX_THREADS;
    int started = 0;
    for (int w = 1; w < threads; w++) {
        workers[w] = (worker){.pool = &shared, .index = w};
        if (pthread_create(&workers[w].thread, NULL, work, &workers[w]) != 0) break;
        started = w;
    }
    worker own = {.pool = &shared, .index = 0};
    work(&own);
    for (int w = 1; w <= started; w++) pthread_join(workers[w].thread, NULL);
}
