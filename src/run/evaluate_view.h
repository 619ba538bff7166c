/* evaluate_view.h - inside of evaluate: a recipe with some of its plans. */
#ifndef RUN_EVALUATE_VIEW_H
#define RUN_EVALUATE_VIEW_H

#include "run/recipe.h"

/* A copy of the recipe's struct, which shares all with it but the lists of plans and targets: those named, in that
 * order ("baseline" adds nothing), all with n = 0. Its score is that of the scored plan, where it is among them.
 * Never freed itself; the lists lie in 'arena'. KEDGE_EINVALID: an unknown plan, or one named twice; KEDGE_ENOMEM. */
kedge_status kedge_recipe_view(kedge_recipe *view, const kedge_recipe *recipe, const char *const *names, int n,
                               kedge_arena *arena);

#endif
