/* ranks_none.c - built without MPI: this process is alone. */
#include "base/error.h"
#include "run/ranks.h"

struct kedge_ranks {
    kedge_context *ctx;
};

kedge_status kedge_ranks_open(kedge_ranks **out, kedge_context *ctx)
{
    kedge_ranks *ranks = kedge_alloc_zero(ctx, 1, sizeof *ranks);
    if (!ranks) return kedge_fail_memory("ranks");
    ranks->ctx = ctx;
    *out = ranks;
    return KEDGE_OK;
}

void kedge_ranks_close(kedge_ranks *ranks)
{
    if (ranks) kedge_release(ranks->ctx, ranks);
}

int kedge_ranks_self(const kedge_ranks *ranks)
{
    (void)ranks;
    return 0;
}

int kedge_ranks_count(const kedge_ranks *ranks)
{
    (void)ranks;
    return 1;
}

kedge_status kedge_ranks_send(kedge_ranks *ranks, int to, int tag, const void *bytes, size_t size)
{
    (void)ranks, (void)tag, (void)bytes, (void)size;
    return kedge_fail(KEDGE_EUNSUPPORTED, "rank %d: no such rank: this kedge was built without MPI", to);
}

kedge_status kedge_ranks_receive(kedge_ranks *ranks, bool *there, kedge_rank_message *message)
{
    (void)ranks, (void)message;
    *there = false;
    return KEDGE_OK;
}
