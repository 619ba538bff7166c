/* group_label.h - what a group of a store is called in a figure: the settings in which it differs from the others. */
#ifndef SHOW_GROUP_LABEL_H
#define SHOW_GROUP_LABEL_H

#include "base/arena.h"
#include "kedge/table.h"

/* The label of the group in a row of a table of kedge_store_runs by groups, or of kedge_attribute: "clip 0.5, power 80"
 * from the columns between 'group' and the column 'behind' whose values differ among rows, by the last part of their
 * paths where that is not ambiguous; before it the recipe's title if titles differ. Where nothing of that does, the
 * digest of the recipe, or "" for a lone one. In 'arena'; NULL without memory. */
const char *kedge_group_label(kedge_arena *arena, const kedge_table *groups, const char *behind, long long row);

#endif
