/* timeline.h - keyframes, and the value that they give at each step. */
#ifndef SCHEDULE_TIMELINE_H
#define SCHEDULE_TIMELINE_H

#include "schedule/easing.h"

typedef struct kedge_key {
    int step;
    double value;
} kedge_key;

/* One value over the steps. Keys are sorted by step; two at one step make a jump: the first is what the steps
 * before it go to, the last is what holds at it. Read-only once made: threads may share it. A value that is
 * changed while running is the user's of the track: he leaves it for a kedge_quintic from its motion there. */
typedef struct kedge_track {
    const char *name;
    kedge_space space;
    kedge_interpolator interpolator;
    int n;
    const kedge_key *keys;
} kedge_track;

/* Before the first key its value, after the last its value, at a key just the key's, between eased; 0 without
 * keys. Takes O(log keys). */
double kedge_track_value(const kedge_track *track, int step);
/* The values at steps 0 to steps-1: the same numbers, in one pass. */
void kedge_track_fill(const kedge_track *track, int steps, double *values);

/* A text that holds from a step on (a phase), or belongs to a step alone (actions). Sorted, one per step. */
typedef struct kedge_mark {
    int step;
    const char *text;
} kedge_mark;

/* The text of the last mark at or before 'step', of the mark at it; "" if there is none. */
const char *kedge_mark_holding(const kedge_mark *marks, int n, int step);
const char *kedge_mark_at(const kedge_mark *marks, int n, int step);

#endif
