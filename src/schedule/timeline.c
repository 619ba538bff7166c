/* timeline.c - the value that keyframes give at each step. */
#include "schedule/timeline.h"

/* The value at a step that key i is the last to precede (i = -1: none does). */
static double value_after(const kedge_track *track, int i, int step)
{
    if (track->n == 0) return 0.0;
    if (i < 0) return track->keys[0].value;
    const kedge_key *key = &track->keys[i];
    if (i == track->n - 1 || key->step == step) return key->value;
    double u = (double)(step - key->step) / (double)(key[1].step - key->step);
    return kedge_ease_between(track->space, track->interpolator, key->value, key[1].value, u);
}

double kedge_track_value(const kedge_track *track, int step)
{
    int low = 0, high = track->n; /* keys before 'low' are at or before the step, from 'high' on after it */
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (track->keys[middle].step <= step) low = middle + 1;
        else high = middle;
    }
    return value_after(track, low - 1, step);
}

void kedge_track_fill(const kedge_track *track, int steps, double *values)
{
    int i = -1;
    for (int step = 0; step < steps; step++) {
        while (i + 1 < track->n && track->keys[i + 1].step <= step) i++;
        values[step] = value_after(track, i, step);
    }
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
