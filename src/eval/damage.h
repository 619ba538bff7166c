/* damage.h - what a plan does to the points of a data set, seen from a concept. METHOD section 8.
 *
 * E of a point is the mean over targets of (output - target)^2, in double; where the targets are the colours
 * themselves outputs are clamped to [0,1] first, as they would be shown. An increase is E under the plan less E of
 * the model as it is. */
#ifndef EVAL_DAMAGE_H
#define EVAL_DAMAGE_H

#include "eval/target.h"
#include "steer/evaluator.h"

enum { KEDGE_TARGET_BINS = 5 };

/* Of one run. NAN only where an output is no number. */
typedef struct kedge_damage {
    /* Pearson's correlation of E with the target over the points, signed and squared. 0 where E is the same
     * everywhere: then it tells nothing of the concept. */
    double r, r2;
    /* E at the concept: at the target's colour, run by itself; for other targets the mean over the points where
     * the target is largest. Geometry suggests 1/4 for a pure colour that decodes to mid-grey and 1/3 for one that
     * decodes to a random colour; both are expectations, not bounds. */
    double concept;
    /* The part of it that is due to the plan: the increase there. */
    double concept_increase;
    /* Largest increase among the points whose target is 0, up to 1e-9: orthogonal to the concept. */
    double collateral;
    /* Increase at the concept's colour with its hue turned by 180 degrees. */
    double opposite;
    /* How surely the concept's colour turned into another one: vibrancy of what it decodes to, times 1 - max(0,
     * (90 - d) / 90), d the angle between the hues in degrees. 0 for grey and for any shade of the concept's own
     * hue, 1 for a pure colour 90 degrees or more away. A concept without a hue turns into another with any hue. */
    double spoof;
    double bins[KEDGE_TARGET_BINS]; /* mean increase of the points whose target is in [0,.2), ..., [.8,1] */
} kedge_damage;

/* How damage is read: what is known of data and target before any run. */
typedef struct kedge_gauge {
    const kedge_target *target;
    bool has_target;    /* all of kedge_damage needs it */
    bool gives_colours; /* the outputs are colours, which are to be as the inputs */
    bool has_colour;    /* ... and the target has a colour, which can be run by itself */
    bool has_opposite;  /* that colour has a hue */
    float colours[2][3]; /* the concept's and its opposite */
    double most;        /* largest target value */
    int n_orthogonal, n_in_bin[KEDGE_TARGET_BINS]; /* points of each kind */
} kedge_gauge;

/* 'target' may be NULL, or have no formula: no damage is read. */
kedge_gauge kedge_gauge_of(const kedge_dataset *dataset, const kedge_target *target);

/* Whether outputs are colours that are to be as the inputs. */
bool kedge_gives_colours(const kedge_dataset *dataset);
/* E of one output row [targets] against 'wanted' [targets]. */
double kedge_output_error(const kedge_dataset *dataset, const float *output, const float *wanted);
/* Of an evaluator that has run: E at every point, errors [points]; its mean over the points. */
void kedge_point_errors(const kedge_evaluator *evaluator, double *errors);
double kedge_mean_error(const kedge_evaluator *evaluator);

/* Reads the damage of 'edited', which has run on the same points as 'model'; E of both stand in 'errors' and
 * 'baseline'. Runs up to two further inputs through both. What the gauge does not have is 0. No allocation. */
void kedge_damage_read(kedge_damage *damage, const kedge_gauge *gauge, kedge_evaluator *model, kedge_evaluator *edited,
                       const double *baseline, const double *errors);

#endif
