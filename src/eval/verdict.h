/* verdict.h - one word on a run: clean, leaky, lost or crumpled. METHOD section 8.
 *
 * lost: the points that carry an anchored concept for certain end with a mean cosine to their anchor below
 * KEDGE_VERDICT_HELD. crumpled: the 12 pure hues are out of order in the plane (z_0, z_1), though a subspace term
 * asks for dims 0 and 1. leaky: the scored plan raises E at the concept by less than KEDGE_VERDICT_DAMAGE, or E of
 * something orthogonal to it by more than KEDGE_VERDICT_COLLATERAL; judged for models that give colours, whose
 * errors have a common scale. It is the increase that counts: what a broken model gets wrong anyway is no merit of
 * a plan. Of several the first in this order; clean: none. */
#ifndef EVAL_VERDICT_H
#define EVAL_VERDICT_H

#include "eval/damage.h"
#include "eval/trajectory.h"
#include "kedge/evaluate.h"

#define KEDGE_VERDICT_HELD 0.9
#define KEDGE_VERDICT_DAMAGE 0.18
#define KEDGE_VERDICT_COLLATERAL 0.003

/* What is judged. */
typedef struct kedge_evidence {
    int n_anchors;
    const double *cosines; /* [n_anchors] mean over carriers at the end, in the order of the trajectory's tracks */
    bool has_plane, ordered;
    const kedge_gauge *gauge;   /* of the scored plan; NULL: none */
    const kedge_damage *damage; /* under it */
    const kedge_trajectory *trajectory; /* NULL: unknown */
} kedge_evidence;

/* Whether there is anything to judge, and whether leaks are among it. */
bool kedge_can_judge(const kedge_evidence *evidence);
bool kedge_can_leak(const kedge_evidence *evidence);
/* Which of the two bounds on a leak are broken, whatever else is; KEDGE_LEAK_NONE where leaks are not judged. */
kedge_leak kedge_leaks(const kedge_evidence *evidence);
/* "damage", "collateral", "both"; NULL for KEDGE_LEAK_NONE and other numbers. Static. */
const char *kedge_leak_name(int leak);
/* The verdict, and in *step the last sampled step at which what was lost or is out of order was not so,
 * KEDGE_STEP_NEVER if it never was; NAN for other verdicts, or where no trajectory is known. */
kedge_verdict kedge_judge(const kedge_evidence *evidence, double *step);

#endif
