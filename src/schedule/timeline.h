/* timeline.h - keyframes, and the value that they give at each step. */
#ifndef SCHEDULE_TIMELINE_H
#define SCHEDULE_TIMELINE_H

#include <stdbool.h>

#include "schedule/easing.h"

typedef struct kedge_key {
    int step;
    double value;
} kedge_key;

/* From its step on a value leaves whatever it is doing there and comes to rest at the goal: by kedge_quintic_join from
 * its motion, or, with end == step, by a jump. From its end on it counts as a key there. */
typedef struct kedge_join {
    int step, end;
    double from, goal;  /* the values there */
    kedge_quintic path; /* of the value, in LOG of its logarithm; its time counts from 'step' */
    bool floor;         /* neither 'from' nor 'goal' is below 0: what would be on the way is 0 */
    int next;           /* the first key that counts after it: those up to the end of a join do not */
} kedge_join;

/* One value over the steps. Keys are sorted by step; two at one step make a jump: the first is what the steps
 * before it go to, the last is what holds at it. Joins are sorted by step; before a join all is as without it.
 * Read-only once made: threads may share it. */
typedef struct kedge_track {
    const char *name;
    kedge_space space;
    kedge_interpolator interpolator;
    int n, n_joins;
    const kedge_key *keys;
    const kedge_join *joins;
} kedge_track;

/* Before the first key its value, after the last its value, at a key just the key's, between eased; 0 without
 * keys; on the way of a join its path. Takes O(log keys + log joins). */
double kedge_track_value(const kedge_track *track, int step);
/* The same at any time from 0 on, to which value and motion go on between the steps; at a whole one the same number. */
double kedge_track_at(const kedge_track *track, double time);
/* The values at times[0..n), which do not fall: the same numbers, in one pass. 'values' may be 'times'. */
void kedge_track_fill(const kedge_track *track, int n, const double *times, double *values);

/* Makes the join that follows the track's own ones: it leaves at 'step' (not before the last one's), at which all keys
 * of that step hold already, with the motion of its arrival there; a value that has just jumped is at rest. False if
 * the way would lead out of the numbers. */
bool kedge_track_join(const kedge_track *track, int step, double goal, int length, kedge_join *join);

/* A text that holds from a step on (a phase), or belongs to a step alone (actions). Sorted, one per step. */
typedef struct kedge_mark {
    int step;
    const char *text;
} kedge_mark;

/* The text of the last mark at or before 'step', of the mark at it; "" if there is none. */
const char *kedge_mark_holding(const kedge_mark *marks, int n, int step);
const char *kedge_mark_at(const kedge_mark *marks, int n, int step);

#endif
