/* answer.c - what answers have in common. */
#include "store/answer.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

enum { MANY_SETTINGS = 4 /* that always stand in a table for reading */ };

void kedge_answer_add_settings(kedge_table *table, const kedge_frame *frame)
{
    for (size_t i = 0; i < frame->n_paths; i++)
        kedge_table_add_labelled(table, frame->paths[i], frame->labels[i],
                                 i < MANY_SETTINGS ? KEDGE_RANK_KEPT : KEDGE_RANK_FIRST_OUT - 1);
}

void kedge_answer_put_settings(kedge_table *table, int *at, const kedge_frame *frame, size_t group)
{
    for (size_t i = 0; i < frame->n_paths; i++) kedge_table_put_cell(table, at, frame->groups[group].values[i]);
}

void kedge_answer_add_recipe(kedge_table *table, const kedge_frame *frame)
{
    kedge_table_add_column(table, "recipe", frame->one_title ? KEDGE_RANK_NOT_SHOWN : KEDGE_RANK_KEPT);
    kedge_table_add_column(table, "digest", frame->needs_digest ? KEDGE_RANK_KEPT : KEDGE_RANK_NOT_SHOWN);
}

void kedge_answer_put_recipe(kedge_table *table, int *at, const kedge_frame *frame, size_t group)
{
    char begin[9];
    snprintf(begin, sizeof begin, "%s", frame->groups[group].digest);
    kedge_table_put_text(table, at, frame->groups[group].title);
    kedge_table_put_text(table, at, begin);
}

long long kedge_answer_count(const kedge_frame *frame, const kedge_partition *partition, size_t group,
                             const char *status)
{
    long long n = 0;
    for (size_t i = partition->first[group]; i < partition->first[group + 1]; i++)
        n += strcmp(frame->runs[partition->order[i]].status, status) == 0;
    return n;
}

kedge_status kedge_answer_read_order(kedge_frame *frame, const char *sort, const char **word, bool *descending)
{
    const char *colon = strrchr(sort, ':');
    size_t length = colon ? (size_t)(colon - sort) : strlen(sort);
    *descending = colon && strcmp(colon, ":desc") == 0;
    if (length == 0 || (colon && !*descending && strcmp(colon, ":asc") != 0))
        return kedge_fail(KEDGE_EINVALID, "%s: cannot sort by '%s'; write COLUMN, or COLUMN:desc", frame->store->path,
                          sort);
    *word = kedge_arena_bytes(&frame->arena, sort, length);
    return *word ? KEDGE_OK : kedge_fail_memory("an order");
}

int kedge_answer_column(const kedge_table *table, const kedge_frame *frame, const char *word)
{
    int column = kedge_table_column(table, word);
    for (size_t i = 0; column < 0 && i < frame->n_paths; i++)
        if (strcmp(frame->labels[i], word) == 0) column = kedge_table_column(table, frame->paths[i]);
    return column;
}

void kedge_answer_add_label(kedge_text *text, const kedge_frame *frame, size_t group)
{
    const char *between = "";
    for (size_t i = 0; i < frame->n_paths; i++) {
        kedge_cell cell = frame->groups[group].values[i];
        if (cell.kind == KEDGE_CELL_NONE) continue;
        kedge_text_addf(text, "%s%s=", between, frame->paths[i]);
        if (cell.kind == KEDGE_CELL_TEXT) kedge_text_add(text, cell.text);
        else kedge_text_add_real(text, "%.9g", cell.real);
        between = ",";
    }
    if (!*between) kedge_text_add(text, "no settings");
}
