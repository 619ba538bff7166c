/* condition.h - 'NAME OP VALUE'. */
#ifndef STORE_CONDITION_H
#define STORE_CONDITION_H

#include "store/frame.h"

/* Whether a cell is what a user wrote: numbers as numbers, else to the letter. */
bool kedge_cell_is(kedge_cell cell, const char *value);

/* Whether a recipe is meant: its title, or at least four characters that its digest begins with. */
bool kedge_recipe_is(const kedge_frame_group *group, const char *word);

/* A copy without the blanks around it, in the arena; NULL without memory. */
char *kedge_trimmed(kedge_arena *arena, const char *text, size_t length);

#endif
