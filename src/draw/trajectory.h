/* trajectory.h - the figure of many runs: how well a concept is aligned with its anchor, step by step. */
#ifndef DRAW_TRAJECTORY_H
#define DRAW_TRAJECTORY_H

#include "draw/canvas.h"
#include "draw/marks.h"

enum { KEDGE_TRAJECTORY_KINDS = 6 };

typedef struct kedge_trajectory_run {
    long long seed;
    int kind; /* how it ended: an index of the figure's kinds */
} kedge_trajectory_run;

typedef struct kedge_trajectory_figure {
    const char *title, *subtitle; /* NULL: none */
    const char *caveat;           /* what the subtitle says of the whole, for the words; NULL: nothing */
    int steps;                    /* of a run: the x axis */
    int n_samples;
    const double *at;             /* [n_samples] steps, ascending */
    int n_kinds;                  /* of ends, at most KEDGE_TRAJECTORY_KINDS: the first is the good one */
    const char *const *kinds;     /* [n_kinds] "clean", "lost", ... */
    int n_runs;
    const kedge_trajectory_run *runs; /* [n_runs] */
    int n_concepts;               /* a panel for each */
    const char *const *concepts;  /* [n_concepts] names */
    const double *cosines;        /* [n_concepts][n_runs][n_samples]; NaN where there is none */
    double held;                  /* a rule in each panel: from here on a concept counts as held */
    int n_phases, n_actions;
    const kedge_stretch *phases;
    const kedge_place *actions;
} kedge_trajectory_figure;

/* Draws the figure, whole or not at all; same input, same bytes. Each kind has a colour and a shape of its own, and few
 * runs of a kind are heavier and dashed; the first kind lies at the bottom, the median of all runs on top. Where
 * cosines go far down, a second panel shows those near the rule.
 * KEDGE_EINVALID: no run, no concept, no sample, a kind out of range; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_draw_trajectory(kedge_context *ctx, const kedge_trajectory_figure *figure, const kedge_picture *to);

#endif
