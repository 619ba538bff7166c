/* pool.h - independent jobs on a few threads. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include "base/context.h"

/* Whether somebody (a signal handler, another thread) has set the flag; 'stop' may be NULL. */
static inline bool kedge_stopped(const volatile int *stop)
{
    return stop && __atomic_load_n(stop, __ATOMIC_RELAXED) != 0;
}

/* Does jobs 0..n-1, each once, handed out in that order to at most 'threads' workers; returns when all are done
 * or when '*stop' (may be NULL) has become non-zero and the jobs under way are done. Worker w in [0, threads)
 * does one job at a time, so that work[w] may hold its scratch. A job's result must not depend on w. With one
 * thread, or where no thread can be started, the caller's thread does the work. */
void kedge_pool_run(int threads, long n, void (*job)(long i, int worker, void *payload), void *payload,
                    const volatile int *stop);

#endif
