/* ranks.h - the processes of one MPI job, and messages between them. Built without MPI (ranks_none.c) there is one. */
#ifndef RUN_RANKS_H
#define RUN_RANKS_H

#include "base/context.h"

typedef struct kedge_ranks kedge_ranks;

/* Joins the job that this process belongs to; starts MPI if that was not done. Without a job, one rank. All calls from
 * one thread. KEDGE_EUNSUPPORTED: MPI cannot be started (again: once per process), KEDGE_ENOMEM. */
kedge_status kedge_ranks_open(kedge_ranks **out, kedge_context *ctx);
/* Waits for the other ranks, then ends MPI if open started it. NULL is fine. */
void kedge_ranks_close(kedge_ranks *ranks);

int kedge_ranks_self(const kedge_ranks *ranks);
int kedge_ranks_count(const kedge_ranks *ranks);

/* Sends a message and does not wait for its arrival, so that two ranks that send to each other both get on. 'bytes' are
 * copied. KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_ranks_send(kedge_ranks *ranks, int to, int tag, const void *bytes, size_t size);

/* A message that came in. */
typedef struct kedge_rank_message {
    int from, tag;
    size_t size;
    void *bytes; /* owned by 'ranks', until the next receive; aligned to 64 */
} kedge_rank_message;

/* The next message, without waiting; *there false: none now. KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_ranks_receive(kedge_ranks *ranks, bool *there, kedge_rank_message *message);

#endif
