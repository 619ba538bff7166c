/* table.h - answers: rows of named columns, to be looked at or printed. */
#ifndef KEDGE_TABLE_H
#define KEDGE_TABLE_H

#include "kedge/context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A table. Read-only: threads may share it. */
typedef struct kedge_table kedge_table;

typedef enum kedge_cell_kind {
    KEDGE_CELL_NONE, /* nothing there: undefined, not among this row's */
    KEDGE_CELL_INTEGER,
    KEDGE_CELL_REAL,
    KEDGE_CELL_TEXT
} kedge_cell_kind;

typedef struct kedge_cell {
    kedge_cell_kind kind;
    long long integer;
    double real;      /* of an integer too; NaN where there is no number */
    const char *text; /* owned by the table; NULL where it is a number, or nothing */
} kedge_cell;

KEDGE_API void kedge_table_free(kedge_table *table);

KEDGE_API long long kedge_table_rows(const kedge_table *table);
KEDGE_API int kedge_table_columns(const kedge_table *table);
/* Name of a column; NULL past the end. Owned by the table. */
KEDGE_API const char *kedge_table_name(const kedge_table *table, int column);
/* The column named so, or -1. */
KEDGE_API int kedge_table_column(const kedge_table *table, const char *name);
/* Row in [0, rows), column in [0, columns). */
KEDGE_API kedge_cell kedge_table_cell(const kedge_table *table, long long row, int column);

/* As text, the same in every locale. 'csv': a header, then the rows, numbers with 9 significant digits, nothing
 * where nothing is. 'json': an array of objects, null where nothing is. 'table': for reading, at most 100 characters
 * wide: the least important columns are left out until it fits, and named below. The caller frees *text with
 * kedge_free. KEDGE_EINVALID: an unknown format; KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_table_print(const kedge_table *table, const char *format, char **text);

#ifdef __cplusplus
}
#endif
#endif
