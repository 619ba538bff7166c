/* verdict.c - one word on a run. */
#include "eval/verdict.h"

#include <math.h>

bool kedge_can_leak(const kedge_evidence *evidence)
{
    return evidence->gauge && evidence->gauge->has_target && evidence->gauge->gives_colours;
}

bool kedge_can_judge(const kedge_evidence *evidence)
{
    return evidence->n_anchors > 0 || evidence->has_plane || kedge_can_leak(evidence);
}

/* A mean that is no number, as of a latent at the origin, has no angle to hold. */
static bool is_lost(double cosine)
{
    return !(cosine >= KEDGE_VERDICT_HELD);
}

kedge_leak kedge_leaks(const kedge_evidence *evidence)
{
    if (!kedge_can_leak(evidence)) return KEDGE_LEAK_NONE;
    bool spills = evidence->gauge->n_orthogonal > 0 && !(evidence->damage->collateral <= KEDGE_VERDICT_COLLATERAL);
    bool keeps = !(evidence->damage->concept_increase >= KEDGE_VERDICT_DAMAGE);
    if (spills) return keeps ? KEDGE_LEAK_BOTH : KEDGE_LEAK_COLLATERAL;
    return keeps ? KEDGE_LEAK_DAMAGE : KEDGE_LEAK_NONE;
}

kedge_verdict kedge_judge(const kedge_evidence *evidence, double *step)
{
    const kedge_trajectory *trajectory = evidence->trajectory;
    bool known = trajectory && trajectory->known;
    bool lost = false;
    *step = NAN;
    for (int i = 0; i < evidence->n_anchors; i++) {
        if (!is_lost(evidence->cosines[i])) continue;
        double last = known ? trajectory->tracks[i].last_held : NAN;
        if (!lost || last < *step) *step = last; /* of several anchors, the one that was lost first */
        lost = true;
    }
    if (lost) return KEDGE_VERDICT_LOST;
    if (evidence->has_plane && !evidence->ordered) {
        *step = known ? trajectory->last_ordered : NAN;
        return KEDGE_VERDICT_CRUMPLED;
    }
    return kedge_leaks(evidence) ? KEDGE_VERDICT_LEAKY : KEDGE_VERDICT_CLEAN;
}

const char *kedge_verdict_name(int verdict)
{
    switch (verdict) {
    case KEDGE_VERDICT_CLEAN: return "clean";
    case KEDGE_VERDICT_LEAKY: return "leaky";
    case KEDGE_VERDICT_LOST: return "lost";
    case KEDGE_VERDICT_CRUMPLED: return "crumpled";
    default: return NULL;
    }
}

const char *kedge_leak_name(int leak)
{
    switch (leak) {
    case KEDGE_LEAK_DAMAGE: return "damage";
    case KEDGE_LEAK_COLLATERAL: return "collateral";
    case KEDGE_LEAK_BOTH: return "both";
    default: return NULL;
    }
}
