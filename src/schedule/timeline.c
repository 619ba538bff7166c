/* timeline.c - the value that keyframes give at each step. */
#include "schedule/timeline.h"

#include <math.h>

/* What leads to a step: the last key at or before it (-1: none) and the last join. */
typedef struct place {
    int key, join;
} place;

/* The keys at or before 'step' (or, without 'at', before it) are the first so many. */
static int count_keys(const kedge_track *track, int step, bool at)
{
    int low = 0, high = track->n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (track->keys[middle].step < step + at) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int count_joins(const kedge_track *track, int step)
{
    int low = 0, high = track->n_joins;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (track->joins[middle].step <= step) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Whether the last join has come to rest and no key has come since: then it is the key that one comes from. */
static bool rests(const kedge_track *track, place at)
{
    return at.join >= 0 && at.key < track->joins[at.join].next;
}

static kedge_key key_of(const kedge_track *track, place at)
{
    if (!rests(track, at)) return track->keys[at.key];
    return (kedge_key){track->joins[at.join].end, track->joins[at.join].goal};
}

/* The key that one goes to; n: none. */
static int next_key(const kedge_track *track, place at)
{
    return rests(track, at) ? track->joins[at.join].next : at.key + 1;
}

/* The motion on the way of a join, in the track's space. */
static kedge_motion motion_on(const kedge_join *join, double time)
{
    kedge_motion motion = kedge_quintic_at(&join->path, time - join->step);
    return join->floor && motion.y < 0.0 ? (kedge_motion){0} : motion;
}

static double value_at(const kedge_track *track, place at, double time)
{
    if (at.join >= 0 && time < track->joins[at.join].end) {
        const kedge_join *join = &track->joins[at.join];
        double y = motion_on(join, time).y; /* at its begin, and where it keeps a value, just that */
        return y == join->path.c[0] ? join->from : kedge_space_leave(track->space, y);
    }
    if (track->n == 0 && at.join < 0) return 0.0;
    if (at.key < 0 && at.join < 0) return track->keys[0].value;
    kedge_key key = key_of(track, at);
    int next = next_key(track, at);
    if (next == track->n || key.step == time) return key.value;
    double u = (time - key.step) / (double)(track->keys[next].step - key.step);
    return kedge_ease_between(track->space, track->interpolator, key.value, track->keys[next].value, u);
}

double kedge_track_at(const kedge_track *track, double time)
{
    int step = (int)time; /* what leads to a time leads to the step before */
    return value_at(track, (place){count_keys(track, step, true) - 1, count_joins(track, step) - 1}, time);
}

double kedge_track_value(const kedge_track *track, int step)
{
    return kedge_track_at(track, (double)step);
}

void kedge_track_fill(const kedge_track *track, int n, const double *times, double *values)
{
    place at = {-1, -1};
    for (int i = 0; i < n; i++) {
        double time = times[i];
        while (at.key + 1 < track->n && track->keys[at.key + 1].step <= time) at.key++;
        while (at.join + 1 < track->n_joins && track->joins[at.join + 1].step <= time) at.join++;
        values[i] = value_at(track, at, time);
    }
}

/* The motion with which a track comes to a step, in its space. */
static kedge_motion motion_at(const kedge_track *track, int step)
{
    kedge_motion rest = {.y = kedge_space_enter(track->space, kedge_track_value(track, step))};
    int keys = count_keys(track, step, true);
    place before = {count_keys(track, step, false) - 1, count_joins(track, step) - 1};
    if (before.join >= 0 && step <= track->joins[before.join].end)
        return step == track->joins[before.join].end ? rest : motion_on(&track->joins[before.join], step);
    if (before.key < 0 && before.join < 0) return rest;
    kedge_key key = key_of(track, before);
    int next = next_key(track, before);
    if (next == track->n || keys - next > 1) return rest; /* two keys at this step: a jump */
    double length = (double)(track->keys[next].step - key.step);
    return kedge_ease_motion(track->space, track->interpolator, key.value, track->keys[next].value, length,
                             (double)(step - key.step) / length);
}

bool kedge_track_join(const kedge_track *track, int step, double goal, int length, kedge_join *join)
{
    const double most = 1e300; /* of the path's coefficients, so that no sum of them overflows */
    double from = kedge_track_value(track, step), size = 0.0;
    *join = (kedge_join){.step = step, .end = step + length, .from = from, .goal = goal};
    join->floor = track->space == KEDGE_SPACE_LINEAR && from >= 0.0 && goal >= 0.0;
    join->next = count_keys(track, join->end, true);
    if (track->n_joins > 0 && track->joins[track->n_joins - 1].next > join->next)
        join->next = track->joins[track->n_joins - 1].next;
    if (length == 0) return true;
    kedge_motion motion = motion_at(track, step);
    double to = kedge_space_enter(track->space, goal);
    join->path = kedge_quintic_join(motion.y, motion.v, motion.a, to, (double)length);
    for (int i = 0; i < 6; i++) size += fabs(join->path.c[i]);
    return size <= most; /* no number is not */
}

/* The last mark at or before the step, or NULL. */
static const kedge_mark *last_mark(const kedge_mark *marks, int n, int step)
{
    int low = 0, high = n;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (marks[middle].step <= step) low = middle + 1;
        else high = middle;
    }
    return low > 0 ? &marks[low - 1] : 0;
}

const char *kedge_mark_holding(const kedge_mark *marks, int n, int step)
{
    const kedge_mark *mark = last_mark(marks, n, step);
    return mark ? mark->text : "";
}

const char *kedge_mark_at(const kedge_mark *marks, int n, int step)
{
    const kedge_mark *mark = last_mark(marks, n, step);
    return mark && mark->step == step ? mark->text : "";
}
