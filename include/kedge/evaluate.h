/* evaluate.h - what plans do to a trained model. */
#ifndef KEDGE_EVALUATE_H
#define KEDGE_EVALUATE_H

#include "kedge/api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One word on a run; the metric 'verdict' is this number. */
typedef enum kedge_verdict {
    KEDGE_VERDICT_CLEAN,    /* none of the others */
    KEDGE_VERDICT_LEAKY,    /* the anchor held, but under the scored plan E at the concept stays below .18, or something
                             * orthogonal to it gets worse by more than .003 */
    KEDGE_VERDICT_LOST,     /* an anchored concept's certain carriers end with a mean cosine to the anchor below .9 */
    KEDGE_VERDICT_CRUMPLED  /* the hues are out of order, though the recipe asks for a plane of them */
} kedge_verdict;

/* "clean", "leaky", "lost", "crumpled"; NULL for other numbers. Static. */
KEDGE_API const char *kedge_verdict_name(int verdict);

#ifdef __cplusplus
}
#endif
#endif
