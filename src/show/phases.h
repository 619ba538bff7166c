/* phases.h - the phases and actions of a schedule, as charts over steps mark them. */
#ifndef SHOW_PHASES_H
#define SHOW_PHASES_H

#include "base/arena.h"
#include "draw/marks.h"
#include "kedge/schedule.h"

typedef struct kedge_phases {
    int n_phases, n_actions;
    const kedge_stretch *phases; /* from the step at which each begins; their texts are the sheet's */
    const kedge_place *actions;
} kedge_phases;

/* Lists them into 'arena'; none without a sheet (NULL). KEDGE_ENOMEM. */
kedge_status kedge_phases_find(kedge_phases *out, kedge_arena *arena, const kedge_schedule *sheet);

#endif
