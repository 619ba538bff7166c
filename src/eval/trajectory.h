/* trajectory.h - how the anchored points moved during one run: their angles to their anchors, and the order of
 * hues.
 *
 * About KEDGE_TRAJECTORY_SAMPLES steps, evenly spaced from the first on, and the end are sampled; each costs one
 * pass of a few columns. Of the points that carry an anchored concept for certain at most KEDGE_TRACK_POINTS are
 * followed, evenly spaced among them. */
#ifndef EVAL_TRAJECTORY_H
#define EVAL_TRAJECTORY_H

#include "eval/concept.h"

enum { KEDGE_TRAJECTORY_SAMPLES = 100, KEDGE_TRACK_POINTS = 4 };
enum { KEDGE_STEP_NEVER = -1 };

/* One anchored concept: a labelled anchor term of the latents. */
typedef struct kedge_track {
    const kedge_term_options *term;
    int n, probes[KEDGE_TRACK_POINTS]; /* which columns are its points */
    int last_held;  /* the last sampled step at which their mean cosine was at least KEDGE_VERDICT_HELD, or never */
    float *cosines; /* [KEDGE_TRAJECTORY_SAMPLES + 1] at the samples */
} kedge_track;

typedef struct kedge_trajectory {
    kedge_context *ctx;
    kedge_arena arena; /* holds all below */
    int steps;         /* updates in a run, at most */
    int n_probes;      /* points: the hues first, if there is a plane of them */
    float *inputs;     /* [features][n_probes] */
    kedge_dataset probes; /* the same as data, and the model on them: no wider than need be, so that a pass is cheap */
    kedge_evaluator *evaluator; /* NULL without probes */
    int n_tracks;
    kedge_track *tracks;
    bool has_plane;    /* colours, of which a term asks a plane of hues */
    int last_ordered;  /* the last sampled step at which the hues stood in order */
    int n_samples, next; /* so far; the step of the next one */
    int at[KEDGE_TRAJECTORY_SAMPLES + 1]; /* the step of each sample; the last is the end's */
    bool known;        /* a run was sampled, or what one left was read */
} kedge_trajectory;

/* For runs of 'steps' updates (or fewer) of a model whose numbers stand in 'params'; 'evaluator' is one of it, on the
 * data set that the labels are worked out on. All arguments must outlive it. KEDGE_ENOMEM. */
kedge_status kedge_trajectory_create(kedge_trajectory **out, const kedge_evaluator *evaluator,
                                     const kedge_model_options *model, kedge_params *params, int steps, int n_terms,
                                     const kedge_term_options *terms, int n_labels, const kedge_label *labels);
void kedge_trajectory_free(kedge_trajectory *trajectory);

/* Before a run; before each update, with its number; after the last, with how many there were. No allocation. */
void kedge_trajectory_begin(kedge_trajectory *trajectory);
void kedge_trajectory_step(kedge_trajectory *trajectory, int step);
void kedge_trajectory_end(kedge_trajectory *trajectory, int updates);

/* The steps that a run of 'steps' updates is sampled at, its end the last of them; returns their number. A run that
 * ends early has the first of them, and its end. */
int kedge_trajectory_grid(int steps, int at[KEDGE_TRAJECTORY_SAMPLES + 1]);

/* What a verdict needs of a run, for a model's metadata: 'anchor=1501,hues=-1', the last steps in order. A new
 * text in 'arena', NULL without memory; "" if there is nothing to tell. Reading it back: false, and unknown, if
 * 'text' (may be NULL) is not of these tracks. */
const char *kedge_trajectory_text(const kedge_trajectory *trajectory, kedge_arena *arena);
bool kedge_trajectory_read(kedge_trajectory *trajectory, const char *text);

#endif
