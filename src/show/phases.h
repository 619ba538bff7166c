/* phases.h - the phases and actions of a schedule, as charts over steps mark them. */
#ifndef SHOW_PHASES_H
#define SHOW_PHASES_H

#include "base/arena.h"
#include "draw/marks.h"
#include "kedge/schedule.h"
#include "run/gates.h"
#include "run/recipe.h"

typedef struct kedge_phases {
    int n_phases, n_actions;
    const kedge_stretch *phases; /* from the step at which each begins; their texts are the sheet's */
    const kedge_place *actions;
} kedge_phases;

/* How many steps of the recipe's sheet a run comes to that has 'steps' updates where no row comes early: all, or those
 * up to 'hold', after which nothing changes. What the sheet says of later ones never happens. */
int kedge_phases_reach(const kedge_recipe *recipe, int steps);
/* Lists those of the steps before 'reach' into 'arena'; none without a sheet (NULL). They stand at the updates at which
 * the run of 'gates' came to them (NULL: it has none). KEDGE_ENOMEM. */
kedge_status kedge_phases_find(kedge_phases *out, kedge_arena *arena, const kedge_schedule *sheet, int reach,
                               const kedge_gates *gates);
/* The next of a column's keys, from number *i on (0 at first), that a run of 'steps' updates passes: it lies before the
 * end and, behind a hold, where the value that is held is the key's (to 1%). False: there are no more. */
bool kedge_phases_key(const kedge_recipe *recipe, const kedge_schedule *sheet, int steps, int column, int *i, int *step,
                      double *value);
/* The phase of a step; "" where there is none. */
const char *kedge_phases_at(const kedge_phases *phases, double step);

#endif
