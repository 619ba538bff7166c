/* session.h - a run that can be watched and steered while it trains. It knows no network.
 *
 * A thread of its own trains one seed of a recipe at a given pace. Others may look and steer at any time, from any
 * thread. Looking never makes training wait for longer than it takes to copy the parameters. */
#ifndef SERVE_SESSION_H
#define SERVE_SESSION_H

#include "base/text.h"
#include "run/recipe.h"

typedef struct kedge_session kedge_session;

typedef struct kedge_session_options {
    const char *directory; /* the finished run goes there, as 'kedge run' would write it (see below); NULL: nowhere */
    int64_t seed;
    double pace;           /* steps a second; 0: as fast as it goes */
    bool paused;           /* waits before the first update */
    int force;             /* as in kedge_run_options */
} kedge_session_options;

/* Starts the run. 'recipe' (with its schedule loaded) must outlive the session. KEDGE_EEXISTS, KEDGE_EIO: the
 * directory, which without 'force' may not hold finished runs of this recipe either: a change would part them from it.
 * KEDGE_EINVALID, KEDGE_ENOMEM.
 *
 * The directory: what 'force' replaces is cleared when there is something to write instead, not before. A restart adds
 * its seed where the schedule is the same; where finished seeds of another schedule lie it leaves them alone and goes
 * to DIR-2, DIR-3, ... A run that fails or is stopped after changes leaves recipe and schedule, so that 'kedge run'
 * can repeat it. */
kedge_status kedge_session_create(kedge_session **out, kedge_context *ctx, const kedge_recipe *recipe,
                                  const kedge_session_options *options);
/* Stops training and waits for its thread, and so for a run that is being written. What there is to look at stays;
 * nothing may be steered from then on. NULL is fine. */
void kedge_session_stop(kedge_session *session);
/* Stops it if it is not. NULL is fine. */
void kedge_session_free(kedge_session *session);

/* ---- steering: takes effect before the next update, for which the caller waits. All return KEDGE_OK, or
 * KEDGE_EINVALID with a message, or KEDGE_ENOMEM: then nothing has changed. */
kedge_status kedge_session_pause(kedge_session *session, bool paused);
/* 'steps' updates more, then pauses. */
kedge_status kedge_session_step(kedge_session *session, int64_t steps);
kedge_status kedge_session_pace(kedge_session *session, double steps_a_second);
/* From the next update on a column ("lr", a term's name, "recon" where the schedule names it, "labels.NAME": a factor
 * on that label's rate, "data-NAME": one on that set of points) goes from where it is, with the speed that it has, to
 * 'value' over 'over' steps (0: at once) by minimum jerk (METHOD section 4). Later keys of the sheet go on from there,
 * unless 'hold': then the value stays, and changes that were made at later steps are dropped. A change of the same
 * column at the same step is replaced. It is written into the schedule (see kedge_session_sheet), so that 'kedge run'
 * repeats it. KEDGE_EINVALID also when the run is over, when the change would not have arrived at the step of the
 * recipe's 'hold', or when no point could be drawn at some step. */
kedge_status kedge_session_set(kedge_session *session, const char *column, double value, int64_t over, bool hold);
/* From the beginning with another seed (-1: the same). The schedule keeps its changes. */
kedge_status kedge_session_restart(kedge_session *session, int64_t seed);

/* ---- looking */
/* How the last run that came to an end did, and how many did so far: one that failed counts, one that was restarted
 * or stopped before its end does not. */
typedef struct kedge_session_ending {
    int count;
    int64_t seed;
    char message[512]; /* why it failed, or "" */
} kedge_session_ending;

typedef struct kedge_session_state {
    uint64_t tick;    /* grows with every update and every change of what is below */
    uint64_t version; /* grows with every change of the schedule */
    uint32_t epoch;   /* counts restarts */
    int64_t seed;
    int step, steps;  /* the next update; 'steps': done */
    bool paused, done;
    double pace;
    char message[512]; /* why it failed, or "" */
    size_t changes;    /* of the schedule */
    const char *directory; /* where something was written last; lives as long as the session. NULL: nowhere so far */
    kedge_session_ending ending;
} kedge_session_state;

void kedge_session_state_get(kedge_session *session, kedge_session_state *state);
/* Waits until the tick is another than 'seen', at most 'ms' milliseconds. True if it is. */
bool kedge_session_wait(kedge_session *session, uint64_t seen, int ms);

/* Sizes that do not change: floats of the parameters (as kedge_model_tensor lists them, without padding), columns of a
 * row: lr, weights [terms] as they act, recon, losses [terms]. */
size_t kedge_session_parameters(const kedge_session *session);
int kedge_session_columns(const kedge_session *session);

/* A consistent copy of the present state: parameters [kedge_session_parameters] before the update of *step, its epoch,
 * and at most 'room' rows of the steps in [since, *step), thinned evenly if there are more: steps [room], rows [room]
 * [columns]. Returns the number of rows. 'since' of another epoch counts as 0. */
int kedge_session_copy(kedge_session *session, uint32_t epoch, int since, int room, uint32_t *epoch_now, int *step,
                       float *parameters, int *steps, float *rows);
/* States kept for late comers: at most KEDGE_SESSION_KEPT, spread over the run so far (the first and powers of 2 early
 * on among them). Returns their number; at [KEPT], parameters [KEPT][kedge_session_parameters]. */
enum { KEDGE_SESSION_KEPT = 160 };
int kedge_session_kept(kedge_session *session, uint32_t *epoch, int *at, float *parameters);

/* The value of a control now, in the unit of the sheet, which kedge_session_set takes too: of a term before its
 * 'scale'. NaN for a name that is none. */
double kedge_session_value(kedge_session *session, const char *column);
typedef struct kedge_session_change {
    int step;
    const char *column; /* lives as long as the session */
    double value;
    int over;
    bool hold;
} kedge_session_change;
/* The changes so far, oldest first, in a new block that the caller releases with kedge_release. */
kedge_status kedge_session_changes(kedge_session *session, kedge_session_change **changes, size_t *n);
/* The schedule with all changes: its text as a sheet (appended to 'text'), and what it says at 'n' steps 'at', values
 * [kedge_recipe_columns][n]. */
kedge_status kedge_session_sheet(kedge_session *session, kedge_text *text);
void kedge_session_schedule(kedge_session *session, int n, const int *at, double *values);

#endif
