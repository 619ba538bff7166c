/* session_parts.h - inside of a session: what its thread and those who look and steer share, and under which rules. */
#ifndef SERVE_SESSION_PARTS_H
#define SERVE_SESSION_PARTS_H

#include <pthread.h>

#include "run/rescheduled.h"
#include "run/training.h"
#include "run/worker.h"
#include "schedule/amend.h"
#include "serve/session.h"

/* What the trainer is asked to look up for, before its next update. Looking waits for nothing: if the lock is taken
 * just then, the next update will do. */
enum { KEDGE_ATTEND_LOOK = 1, KEDGE_ATTEND_ORDER = 2 };

/* 'Parked': the trainer stands before an update (or has ended), waits for 'wake', and what may be looked at is
 * published. Who holds the lock then may write what the trainer reads: tables and recipe. */
struct kedge_session {
    kedge_context *ctx;
    kedge_arena arena;
    int force;
    const char *directory; /* NULL: none */
    bool claimed;          /* this session has written its recipe to the last of its directories */
    int copy;              /* of DIR, DIR-2, ... */
    char *base;            /* the schedule before any change, as a sheet */
    size_t base_length;
    int n_controls;
    kedge_recipe_column *controls; /* [n_controls] */
    const char *const *names;      /* [n_controls] theirs */
    kedge_recipe_training training;
    double *column; /* [steps] scratch */
    kedge_rescheduled changed;
    kedge_worker *worker;
    pthread_t thread;
    bool started;

    /* The trainer writes, others read what is published: rows of steps before the published one; kept states below
     * n_kept. */
    int columns;
    float *rows;  /* [steps][columns] */
    int kept_room, kept_stride, next_kept;
    int *kept_at; /* [kept_room] */
    float *kept;  /* [kept_room][parameters] */

    /* Atomic. */
    int step, n_kept, attention, stopping;

    pthread_mutex_t lock; /* for all below; held for no longer than a copy takes, or a change of the schedule */
    pthread_cond_t wake, told; /* for the trainer; for all others */
    bool parked, paused, over, done, restarting, waiting, new_pace;
    int guests;              /* waiting for the trainer to park */
    uint64_t asked, served;  /* looks */
    int64_t budget;          /* updates before it pauses */
    double pace, origin;     /* the update 'origin_step' was due at 'origin', seconds */
    int origin_step;
    float *published; /* [parameters] before the update 'published_step' */
    int published_step;
    uint64_t ticks, version;
    uint32_t epoch;
    int64_t seed;
    char message[512];
    kedge_session_ending ending;
    const char *written; /* directory */
    kedge_amendment *changes; /* 'column' is one of names */
    size_t n_changes;
};

/* The parameters of the model, tensor after tensor, without the padding between. */
void kedge_session_gather(const kedge_session *session, float *to);
/* Takes the lock and waits until the trainer is parked. */
void kedge_session_enter(kedge_session *session);
/* Gives the lock back; the trainer and all others look anew. */
void kedge_session_leave(kedge_session *session);
/* With the lock: the trainer attends before its next update. */
void kedge_session_call(kedge_session *session, int attend);

/* Makes the directory, or the next of its name that is free for it, one of the recipe as it is now. */
kedge_status kedge_session_claim(kedge_session *session);

/* The thread. */
void *kedge_session_work(void *session);

static inline int kedge_session_now(const kedge_session *session)
{
    return __atomic_load_n(&session->step, __ATOMIC_ACQUIRE);
}

#endif
