/* answer.h - what answers have in common: the columns that say which group a row is about. */
#ifndef STORE_ANSWER_H
#define STORE_ANSWER_H

#include "base/text.h"
#include "store/frame.h"
#include "store/table.h"

/* One column per setting. */
void kedge_answer_add_settings(kedge_table *table, const kedge_frame *frame);
void kedge_answer_put_settings(kedge_table *table, int *at, const kedge_frame *frame, size_t group);

/* The title of the recipe and the beginning of its digest, shown where they tell groups apart. */
void kedge_answer_add_recipe(kedge_table *table, const kedge_frame *frame);
void kedge_answer_put_recipe(kedge_table *table, int *at, const kedge_frame *frame, size_t group);

/* How many of a group's kept runs have a status. */
long long kedge_answer_count(const kedge_frame *frame, const kedge_partition *partition, size_t group,
                             const char *status);

/* 'COLUMN', 'COLUMN:asc' or 'COLUMN:desc'; the word is in the frame's arena. */
kedge_status kedge_answer_read_order(kedge_frame *frame, const char *sort, const char **word, bool *descending);

/* The column of a name: its own, or that of the setting that it stands for; -1: none. */
int kedge_answer_column(const kedge_table *table, const kedge_frame *frame, const char *word);

/* 'path=value,path=value', or 'no settings'. */
void kedge_answer_add_label(kedge_text *text, const kedge_frame *frame, size_t group);

#endif
