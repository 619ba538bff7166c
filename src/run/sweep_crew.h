/* sweep_crew.h - the threads of one process that compute runs of a sweep. They know neither store nor ranks: jobs come
 * in, results go out. */
#ifndef RUN_SWEEP_CREW_H
#define RUN_SWEEP_CREW_H

#include "run/sweep_plan.h"

/* Plain data: it is sent to other ranks as it is. */
typedef struct kedge_sweep_job {
    int64_t id; /* in the store */
    int64_t run; /* in the plan */
} kedge_sweep_job;

/* What came of a job: one block without pointers, which is sent as it is. The texts follow the values: the message (""
 * if none), then the names, each ended by a 0. */
typedef struct kedge_sweep_result {
    int64_t id;
    uint32_t size; /* bytes of the block */
    int32_t status; /* KEDGE_OK; KEDGE_ENUMERIC: the run failed; anything else ends the sweep */
    int32_t n_metrics;
    int32_t reserved;
    double values[];
} kedge_sweep_result;

const char *kedge_sweep_result_texts(const kedge_sweep_result *result);
/* Whether 'size' bytes from elsewhere are a whole result. */
bool kedge_sweep_result_valid(const kedge_sweep_result *result, size_t size);

typedef struct kedge_sweep_crew kedge_sweep_crew;

/* Starts 'threads' threads, or as many as can be started, at least one. 'stop' (may be NULL): when it becomes non-zero,
 * what is under way is given up. The plan must outlive the crew. KEDGE_ENOMEM, KEDGE_EUNSUPPORTED: not one thread. */
kedge_status kedge_sweep_crew_create(kedge_sweep_crew **out, const kedge_sweep_plan *plan, int threads,
                                     const volatile int *stop);
/* Gives up what is under way, waits for the threads. NULL is fine. */
void kedge_sweep_crew_free(kedge_sweep_crew *crew);

/* The following for one thread, which is none of the crew's. */

/* Adds jobs at the end of the queue. KEDGE_ENOMEM. */
kedge_status kedge_sweep_crew_give(kedge_sweep_crew *crew, const kedge_sweep_job *jobs, size_t n);
/* How many jobs no thread has begun yet. */
size_t kedge_sweep_crew_waiting(kedge_sweep_crew *crew);
/* Gives up what is under way and in the queue; the threads end. Results that are there can still be taken. */
void kedge_sweep_crew_stop(kedge_sweep_crew *crew);
/* Waits until there is a result or the flag is set, at most so long. KEDGE_ENOMEM: a result was lost, all stop. */
kedge_status kedge_sweep_crew_wait(kedge_sweep_crew *crew, double seconds);
/* The next result, which the caller releases with kedge_release; NULL: none now. */
kedge_sweep_result *kedge_sweep_crew_take(kedge_sweep_crew *crew);
int kedge_sweep_crew_threads(const kedge_sweep_crew *crew);

#endif
