/* until.h - rows of a sheet that come early: on what condition, and how the schedule's time then runs ahead. What a
 * metric is this folder does not know: it is a name (docs/schedules.md states the rules for users). */
#ifndef SCHEDULE_UNTIL_H
#define SCHEDULE_UNTIL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "format/csv.h"

enum { KEDGE_UNTIL_OVER = 50 }; /* steps of the way where a cell does not say */

/* A cell 'METRIC < NUMBER / STEPS' in the row of a step. */
typedef struct kedge_until {
    int step;           /* of its row */
    int from;           /* that of the row before, smaller: watched from then on */
    const char *metric;
    bool below;         /* holds where the metric is below the bound; else where it is above. NAN is neither */
    double bound;
    int over;           /* steps of the way, fewer than lie between the rows */
    int line, column;   /* of the cell */
} kedge_until;

/* Reads a cell that is not empty, in the row of 'step'; 'from': the step of the row before, -1 if there is none. False,
 * with what is wrong added to 'errors' as 'file:line:column: ...': no condition, no row before, no time for the way
 * between the two; or without memory in 'arena'. */
bool kedge_until_read(kedge_until *out, kedge_arena *arena, const char *file, const kedge_csv_cell *cell, int from,
                      int step, kedge_errors *errors);

/* In a run: before the update 'at' a condition held; 'over' updates later the schedule is at the row of step 'to'. */
typedef struct kedge_advance {
    int at, to, over;
} kedge_advance;

/* The schedule's time before an update, with the rows of 'advances' come early, in their order (each begins when the
 * one before has ended). Until the first it is the update's own number k. From an advance on that leaves at a time t0
 * it is, with u = (k - at) / over: t0 + (k - at) + (to - t0 - over) (10 u^3 - 15 u^4 + 6 u^5), which leaves with
 * velocity 1 and acceleration 0, arrives at 'to' with the same, and never runs backwards, as to - t0 > over; over 0: it
 * is there at once. Behind it, one a step again. Whole numbers before and behind are exact. */
double kedge_advance_time(const kedge_advance *advances, int n, int update);
/* How many updates fewer that makes: the sum of to - t0 - over. */
int kedge_advance_saved(const kedge_advance *advances, int n);
/* The first update at which the schedule's time is 'step' or past it. */
int kedge_advance_update(const kedge_advance *advances, int n, int step);

#endif
