/* table.c - rows of named columns. */
#include "store/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

kedge_status kedge_table_create(kedge_table **out, kedge_context *ctx)
{
    kedge_table *table = kedge_alloc_zero(ctx, 1, sizeof *table);
    if (!table) return kedge_fail_memory("a table");
    table->ctx = ctx;
    kedge_arena_init(&table->arena, ctx);
    *out = table;
    return KEDGE_OK;
}

void kedge_table_free(kedge_table *table)
{
    if (!table) return;
    kedge_release(table->ctx, table->cells);
    kedge_release(table->ctx, table->columns);
    kedge_arena_release(&table->arena);
    kedge_release(table->ctx, table);
}

kedge_status kedge_table_status(const kedge_table *table)
{
    return table->broken ? kedge_fail_memory("a table") : KEDGE_OK;
}

/* ---- filling ---- */

void kedge_table_set_heading(kedge_table *table, const char *heading)
{
    table->heading = kedge_arena_text(&table->arena, heading);
    if (!table->heading) table->broken = true;
}

int kedge_table_add_column(kedge_table *table, const char *name, int rank)
{
    size_t n = table->n_columns;
    kedge_heading *columns = table->broken ? NULL : kedge_grow(table->ctx, table->columns, n, &table->column_room,
                                                                    n + 1, sizeof *columns);
    if (columns) table->columns = columns;
    char *copy = columns ? kedge_arena_text(&table->arena, name) : NULL;
    if (!copy) {
        table->broken = true;
        return 0;
    }
    columns[n] = (kedge_heading){.name = copy, .label = copy, .rank = rank};
    return (int)table->n_columns++;
}

int kedge_table_add_labelled(kedge_table *table, const char *name, const char *label, int rank)
{
    int column = kedge_table_add_column(table, name, rank);
    char *copy = table->broken ? NULL : kedge_arena_text(&table->arena, label);
    if (copy) table->columns[column].label = copy;
    else table->broken = true;
    return column;
}

void kedge_table_add_row(kedge_table *table)
{
    size_t used = table->n_rows * table->n_columns;
    if (table->broken) return;
    kedge_cell *cells = kedge_grow(table->ctx, table->cells, used, &table->cell_room, used + table->n_columns,
                                   sizeof *cells);
    if (!cells) {
        table->broken = true;
        return;
    }
    table->cells = cells;
    for (size_t i = 0; i < table->n_columns; i++) cells[used + i] = (kedge_cell){.real = NAN};
    table->n_rows++;
}

void kedge_table_put_cell(kedge_table *table, int *at, kedge_cell cell)
{
    size_t column = (size_t)(*at)++;
    if (table->broken) return;
    if (cell.kind == KEDGE_CELL_TEXT) {
        cell.text = kedge_arena_text(&table->arena, cell.text);
        table->broken = !cell.text;
    }
    table->cells[(table->n_rows - 1) * table->n_columns + column] = cell;
}

void kedge_table_put_none(kedge_table *table, int *at)
{
    kedge_table_put_cell(table, at, (kedge_cell){.real = NAN});
}

void kedge_table_put_integer(kedge_table *table, int *at, long long value)
{
    kedge_table_put_cell(table, at, (kedge_cell){.kind = KEDGE_CELL_INTEGER, .integer = value, .real = (double)value});
}

void kedge_table_put_real(kedge_table *table, int *at, double value)
{
    kedge_table_put_cell(table, at, (kedge_cell){.kind = isnan(value) ? KEDGE_CELL_NONE : KEDGE_CELL_REAL,
                                                 .real = value});
}

void kedge_table_put_text(kedge_table *table, int *at, const char *value)
{
    kedge_table_put_cell(table, at, (kedge_cell){.kind = value ? KEDGE_CELL_TEXT : KEDGE_CELL_NONE, .real = NAN,
                                                 .text = value});
}

/* ---- order ---- */

static int rank_of(kedge_cell cell)
{
    return cell.kind == KEDGE_CELL_NONE ? 2 : cell.kind == KEDGE_CELL_TEXT;
}

int kedge_cell_compare(kedge_cell a, kedge_cell b)
{
    if (rank_of(a) != rank_of(b)) return rank_of(a) < rank_of(b) ? -1 : 1;
    if (a.kind == KEDGE_CELL_NONE) return 0;
    if (a.kind == KEDGE_CELL_TEXT) return (strcmp(a.text, b.text) > 0) - (strcmp(a.text, b.text) < 0);
    if (a.kind == KEDGE_CELL_INTEGER && b.kind == KEDGE_CELL_INTEGER)
        return (a.integer > b.integer) - (a.integer < b.integer);
    return (a.real > b.real) - (a.real < b.real);
}

typedef struct sorted_row {
    kedge_cell key;
    size_t row;
    bool descending;
} sorted_row;

static int compare_rows(const void *a, const void *b)
{
    const sorted_row *x = a, *y = b;
    int order = kedge_cell_compare(x->key, y->key);
    bool none = x->key.kind == KEDGE_CELL_NONE || y->key.kind == KEDGE_CELL_NONE;
    if (order != 0) return x->descending && !none ? -order : order;
    return (x->row > y->row) - (x->row < y->row);
}

kedge_status kedge_table_sort(kedge_table *table, int column, bool descending)
{
    size_t width = table->n_columns;
    sorted_row *rows = kedge_alloc(table->ctx, table->n_rows, sizeof *rows);
    kedge_cell *cells = kedge_alloc(table->ctx, table->n_rows * width, sizeof *cells);
    if (!rows || !cells) {
        kedge_release(table->ctx, rows);
        kedge_release(table->ctx, cells);
        return kedge_fail_memory("a table");
    }
    for (size_t i = 0; i < table->n_rows; i++)
        rows[i] = (sorted_row){table->cells[i * width + (size_t)column], i, descending};
    qsort(rows, table->n_rows, sizeof *rows, compare_rows);
    for (size_t i = 0; i < table->n_rows; i++)
        memcpy(cells + i * width, table->cells + rows[i].row * width, width * sizeof *cells);
    kedge_release(table->ctx, rows);
    kedge_release(table->ctx, table->cells);
    table->cells = cells;
    table->cell_room = table->n_rows * width;
    return KEDGE_OK;
}

void kedge_table_cut(kedge_table *table, long long rows)
{
    if ((long long)table->n_rows > rows) table->n_rows = (size_t)rows;
}

/* ---- reading ---- */

long long kedge_table_rows(const kedge_table *table)
{
    return (long long)table->n_rows;
}

int kedge_table_columns(const kedge_table *table)
{
    return (int)table->n_columns;
}

const char *kedge_table_name(const kedge_table *table, int column)
{
    return column >= 0 && (size_t)column < table->n_columns ? table->columns[column].name : NULL;
}

int kedge_table_column(const kedge_table *table, const char *name)
{
    for (size_t i = 0; i < table->n_columns; i++)
        if (strcmp(table->columns[i].name, name) == 0) return (int)i;
    return -1;
}

kedge_cell kedge_table_cell(const kedge_table *table, long long row, int column)
{
    return table->cells[(size_t)row * table->n_columns + (size_t)column];
}
