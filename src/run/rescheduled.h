/* rescheduled.h - a recipe whose schedule changes while a run of it goes on. */
#ifndef RUN_RESCHEDULED_H
#define RUN_RESCHEDULED_H

#include "base/text.h"
#include "run/recipe.h"

/* 'recipe' is the original but for its schedule and seeds, and what follows from them: its text and its sheet. It
 * shares all else with the original, which must outlive it. */
typedef struct kedge_rescheduled {
    kedge_recipe recipe;
    kedge_schedule *sheet; /* its own; NULL: the original's */
    char *bytes;           /* of it */
    char *text;
} kedge_rescheduled;

/* The original (with its schedule loaded) with one seed alone. KEDGE_ENOMEM. */
kedge_status kedge_rescheduled_init(kedge_rescheduled *self, const kedge_recipe *original, long long seed);
void kedge_rescheduled_release(kedge_rescheduled *self);

/* Another seed; another schedule, from the text of a sheet. After an error nothing has changed. KEDGE_ENOMEM; the
 * errors of the sheet; KEDGE_EINVALID if no point could be drawn at some step. */
kedge_status kedge_rescheduled_seed(kedge_rescheduled *self, long long seed);
kedge_status kedge_rescheduled_sheet(kedge_rescheduled *self, const kedge_text *sheet);

/* Appends the schedule of a recipe as a sheet: as it is, or made from its constants. */
void kedge_recipe_sheet(const kedge_recipe *recipe, kedge_text *text);

#endif
