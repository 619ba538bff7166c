/* group_label.c - what a group of a store is called in a figure. */
#include "show/group_label.h"

#include <string.h>

#include "base/text.h"
#include "store/table.h"

static bool differs(const kedge_table *groups, int column)
{
    kedge_cell first = kedge_table_rows(groups) > 0 ? kedge_table_cell(groups, 0, column) : (kedge_cell){0};
    for (long long row = 1; row < kedge_table_rows(groups); row++) {
        kedge_cell cell = kedge_table_cell(groups, row, column);
        bool none = cell.kind == KEDGE_CELL_NONE, was_none = first.kind == KEDGE_CELL_NONE;
        if (none != was_none || (!none && kedge_cell_compare(first, cell) != 0)) return true;
    }
    return false;
}

/* The last part of a setting's path; all of it where another one of [from, to) ends alike. */
static const char *short_name(const kedge_table *groups, int from, int to, int column)
{
    const char *path = kedge_table_name(groups, column), *dot = strrchr(path, '.');
    const char *name = dot ? dot + 1 : path;
    for (int other = from; other < to; other++) {
        const char *its = kedge_table_name(groups, other), *its_dot = strrchr(its, '.');
        if (other != column && strcmp(its_dot ? its_dot + 1 : its, name) == 0) return path;
    }
    return name;
}

static void add_value(kedge_text *out, kedge_cell cell)
{
    if (cell.kind == KEDGE_CELL_NONE) return;
    if (cell.kind == KEDGE_CELL_TEXT) kedge_text_add(out, cell.text);
    else if (cell.kind == KEDGE_CELL_INTEGER) kedge_text_addf(out, "%lld", cell.integer);
    else kedge_text_add_real(out, "%.6g", cell.real);
}

const char *kedge_group_label(kedge_arena *arena, const kedge_table *groups, const char *behind, long long row)
{
    int from = kedge_table_column(groups, "group") + 1, to = kedge_table_column(groups, behind);
    int title = kedge_table_column(groups, "recipe"), digest = kedge_table_column(groups, "digest");
    kedge_text out;
    kedge_text_init(&out, arena->ctx);
    bool titled = title >= 0 && differs(groups, title);
    if (titled) add_value(&out, kedge_table_cell(groups, row, title));
    for (int column = from; column < to; column++) {
        kedge_cell cell = kedge_table_cell(groups, row, column);
        if (!differs(groups, column) || cell.kind == KEDGE_CELL_NONE) continue;
        kedge_text_addf(&out, "%s%s ", out.length ? ", " : "", short_name(groups, from, to, column));
        add_value(&out, cell);
    }
    if (out.length == 0 && digest >= 0 && differs(groups, digest))
        add_value(&out, kedge_table_cell(groups, row, digest));
    const char *label = out.broken ? NULL : kedge_arena_text(arena, kedge_text_string(&out));
    kedge_text_release(&out);
    return label;
}
