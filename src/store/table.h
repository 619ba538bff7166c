/* table.h - inside of kedge_table, and filling one. */
#ifndef STORE_TABLE_H
#define STORE_TABLE_H

#include "base/arena.h"
#include "kedge/table.h"

/* In which order columns go where they do not fit. */
enum { KEDGE_RANK_KEPT = 0, KEDGE_RANK_FIRST_OUT = 9, KEDGE_RANK_NOT_SHOWN = 10 /* csv and json alone */ };

typedef struct kedge_heading {
    const char *name;
    const char *label; /* what stands above the column where it is printed for reading */
    int rank; /* the higher ones are left out of a printed table first, of equal ones the last */
} kedge_heading;

struct kedge_table {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_heading *columns;
    size_t n_columns, column_room;
    kedge_cell *cells; /* row by row */
    size_t n_rows, cell_room;
    const char *heading; /* lines above a printed table; NULL: none */
    bool broken; /* an allocation failed: nothing more is added, table_status says so */
};

kedge_status kedge_table_create(kedge_table **out, kedge_context *ctx);
/* KEDGE_ENOMEM if anything could not be added. */
kedge_status kedge_table_status(const kedge_table *table);

/* Lines, each with its newline, that stand above the table when it is printed for reading. Copied. */
void kedge_table_set_heading(kedge_table *table, const char *heading);
/* Columns come before rows. The name is copied. Returns its index. */
int kedge_table_add_column(kedge_table *table, const char *name, int rank);
/* A shorter one for reading; copied. */
int kedge_table_add_labelled(kedge_table *table, const char *name, const char *label, int rank);
/* A row of empty cells. */
void kedge_table_add_row(kedge_table *table);
/* Cells of the last row, from the first on: each call fills the next. 'at' counts them. */
void kedge_table_put_none(kedge_table *table, int *at);
void kedge_table_put_integer(kedge_table *table, int *at, long long value);
void kedge_table_put_real(kedge_table *table, int *at, double value); /* NaN: none */
void kedge_table_put_text(kedge_table *table, int *at, const char *value); /* copied; NULL: none */
void kedge_table_put_cell(kedge_table *table, int *at, kedge_cell cell); /* its text is copied */

/* Whether a number stands before another, a number before a text; -1, 0 or 1. Nothing is equal to nothing. */
int kedge_cell_compare(kedge_cell a, kedge_cell b);
/* Keeps the first rows. */
void kedge_table_cut(kedge_table *table, long long rows);
/* Orders rows by a column; equal ones stay in order, empty ones come last either way. */
kedge_status kedge_table_sort(kedge_table *table, int column, bool descending);

#endif
