/* sweep_parts.h - inside of kedge_sweep: rank 0, which has the store and hands out work, and the others. */
#ifndef RUN_SWEEP_PARTS_H
#define RUN_SWEEP_PARTS_H

#include "run/ranks.h"
#include "run/sweep_crew.h"

/* What the messages between ranks are. Ranks are of one build on machines of one kind, so structs go as they are. */
enum {
    KEDGE_SWEEP_READY = 1, /* to rank 0, first: kedge_sweep_ready */
    KEDGE_SWEEP_ASK,       /* to rank 0: it has room for jobs; nothing */
    KEDGE_SWEEP_JOBS,      /* from rank 0: kedge_sweep_job[] */
    KEDGE_SWEEP_RESULTS,   /* to rank 0: kedge_sweep_result blocks, one behind the other */
    KEDGE_SWEEP_END,       /* from rank 0: give up what is under way; int32_t: KEDGE_OK, or why the sweep failed */
    KEDGE_SWEEP_BYE        /* to rank 0, last: nothing */
};

typedef struct kedge_sweep_ready {
    int32_t status;                 /* KEDGE_OK, or why this rank cannot work */
    int32_t threads;                /* that it works with */
    char digest[KEDGE_DIGEST_SIZE]; /* of its plan */
    char message[2048];
} kedge_sweep_ready;

/* One rank's share. */
typedef struct kedge_sweep_share {
    const kedge_sweep_options *options;
    const kedge_sweep_plan *plan;
    kedge_ranks *ranks;
    kedge_sweep_crew *crew; /* NULL where 'status' is an error */
    kedge_status status;    /* of what came before; if it is an error, nothing is computed, but the others are told */
} kedge_sweep_share;

/* Rank 0's: hands out runs of the store until none is left. */
kedge_status kedge_sweep_lead(kedge_sweep_report *report, const kedge_sweep_share *share, const char *store);
/* The others': computes what comes. KEDGE_ECANCELLED: the sweep failed elsewhere. */
kedge_status kedge_sweep_follow(const kedge_sweep_share *share);

/* Where there is no crew to wait for: some time for messages to come. */
void kedge_sweep_nap(void);

#endif
