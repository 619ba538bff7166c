/* ranks_mpi.c - the processes of one MPI job. */
#include <limits.h>
#include <mpi.h>
#include <string.h>

#include "base/error.h"
#include "run/ranks.h"

/* A message on its way. */
typedef struct outgoing {
    struct outgoing *next;
    MPI_Request request;
    _Alignas(64) char bytes[];
} outgoing;

struct kedge_ranks {
    kedge_context *ctx;
    MPI_Comm comm; /* our own: what else the program sends cannot come between */
    bool started;  /* MPI, by us */
    int self, count;
    outgoing *outgoing;
    char *buffer; /* of the last message received */
    size_t room;
};

static kedge_status fail(int code, const char *what)
{
    char text[MPI_MAX_ERROR_STRING] = "";
    int length = 0;
    MPI_Error_string(code, text, &length);
    return kedge_fail(KEDGE_EIO, "%s: %s", what, text);
}

kedge_status kedge_ranks_open(kedge_ranks **out, kedge_context *ctx)
{
    int begun = 0, ended = 0, level = 0;
    MPI_Initialized(&begun);
    MPI_Finalized(&ended);
    if (ended) return kedge_fail(KEDGE_EUNSUPPORTED, "MPI has been ended in this process; start it before the sweep");
    kedge_ranks *ranks = kedge_alloc_zero(ctx, 1, sizeof *ranks);
    if (!ranks) return kedge_fail_memory("ranks");
    ranks->ctx = ctx;
    ranks->comm = MPI_COMM_NULL;
    int code = begun ? MPI_SUCCESS : MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    ranks->started = !begun && code == MPI_SUCCESS;
    if (code == MPI_SUCCESS) code = MPI_Comm_dup(MPI_COMM_WORLD, &ranks->comm);
    if (code == MPI_SUCCESS) code = MPI_Comm_set_errhandler(ranks->comm, MPI_ERRORS_RETURN);
    if (code == MPI_SUCCESS) code = MPI_Comm_rank(ranks->comm, &ranks->self);
    if (code == MPI_SUCCESS) code = MPI_Comm_size(ranks->comm, &ranks->count);
    if (code != MPI_SUCCESS) {
        kedge_status status = fail(code, "cannot join the MPI job");
        kedge_ranks_close(ranks);
        return status;
    }
    *out = ranks;
    return KEDGE_OK;
}

/* Frees the messages that have arrived; with 'wait' all, once they have. */
static void tidy(kedge_ranks *ranks, bool wait)
{
    for (outgoing **at = &ranks->outgoing; *at;) {
        outgoing *one = *at;
        int arrived = 1;
        if (wait) MPI_Wait(&one->request, MPI_STATUS_IGNORE);
        else MPI_Test(&one->request, &arrived, MPI_STATUS_IGNORE);
        if (!arrived) {
            at = &one->next;
            continue;
        }
        *at = one->next;
        kedge_release(ranks->ctx, one);
    }
}

void kedge_ranks_close(kedge_ranks *ranks)
{
    if (!ranks) return;
    tidy(ranks, true);
    if (ranks->comm != MPI_COMM_NULL) MPI_Comm_free(&ranks->comm);
    if (ranks->started) MPI_Finalize();
    kedge_release(ranks->ctx, ranks->buffer);
    kedge_release(ranks->ctx, ranks);
}

int kedge_ranks_self(const kedge_ranks *ranks)
{
    return ranks->self;
}

int kedge_ranks_count(const kedge_ranks *ranks)
{
    return ranks->count;
}

kedge_status kedge_ranks_send(kedge_ranks *ranks, int to, int tag, const void *bytes, size_t size)
{
    if (size > INT_MAX) return kedge_fail(KEDGE_EINVALID, "a message of %zu bytes is too long for MPI", size);
    outgoing *one = kedge_alloc(ranks->ctx, 1, sizeof *one + size);
    if (!one) return kedge_fail_memory("a message to another rank");
    tidy(ranks, false);
    if (size) memcpy(one->bytes, bytes, size);
    int code = MPI_Isend(one->bytes, (int)size, MPI_BYTE, to, tag, ranks->comm, &one->request);
    if (code != MPI_SUCCESS) {
        kedge_release(ranks->ctx, one);
        return fail(code, "cannot send to another rank");
    }
    one->next = ranks->outgoing;
    ranks->outgoing = one;
    return KEDGE_OK;
}

kedge_status kedge_ranks_receive(kedge_ranks *ranks, bool *there, kedge_rank_message *message)
{
    MPI_Status state;
    int waits = 0, size = 0;
    *there = false;
    int code = MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, ranks->comm, &waits, &state);
    if (code == MPI_SUCCESS && !waits) return KEDGE_OK;
    if (code == MPI_SUCCESS) code = MPI_Get_count(&state, MPI_BYTE, &size);
    if (code != MPI_SUCCESS) return fail(code, "cannot receive from another rank");
    if ((size_t)size > ranks->room || !ranks->buffer) {
        size_t room = (size_t)size > 4096 ? 2 * (size_t)size : 4096;
        kedge_release(ranks->ctx, ranks->buffer);
        ranks->room = 0;
        ranks->buffer = kedge_alloc(ranks->ctx, room, 1);
        if (!ranks->buffer) return kedge_fail_memory("a message of another rank");
        ranks->room = room;
    }
    code = MPI_Recv(ranks->buffer, size, MPI_BYTE, state.MPI_SOURCE, state.MPI_TAG, ranks->comm, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS) return fail(code, "cannot receive from another rank");
    *message = (kedge_rank_message){.from = state.MPI_SOURCE, .tag = state.MPI_TAG, .size = (size_t)size,
                                    .bytes = ranks->buffer};
    *there = true;
    return KEDGE_OK;
}
