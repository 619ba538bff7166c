/* csv.h - comma-separated values (RFC 4180) as a table of cells that know where they stood. */
#ifndef FORMAT_CSV_H
#define FORMAT_CSV_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

typedef struct kedge_csv_cell {
    const char *text; /* unquoted, spaces around it removed unless it was quoted; "" if empty */
    int line, column; /* of its first character, from 1, columns counted in bytes */
} kedge_csv_cell;

typedef struct kedge_csv {
    const char *file;
    int rows, columns;           /* without the header row */
    const kedge_csv_cell *header; /* [columns] */
    const kedge_csv_cell *cells;  /* [rows][columns] */
} kedge_csv;

/* Reads a table with one header row into 'arena'. LF, CRLF and a byte order mark are fine; lines that are
 * empty are passed over. Added to 'errors' as 'file:line:column: ...': a row with more or fewer cells than the
 * header, an unclosed quote, text after a closing quote, a NUL byte, not UTF-8, an empty or duplicate header
 * name, an empty file. 'max' bounds the file's bytes. False after an error. */
bool kedge_csv_load(kedge_csv *out, kedge_arena *arena, const char *path, size_t max, kedge_errors *errors);
bool kedge_csv_parse(kedge_csv *out, kedge_arena *arena, const char *name, const char *bytes, size_t length,
                     kedge_errors *errors);

static inline const kedge_csv_cell *kedge_csv_at(const kedge_csv *csv, int row, int column)
{
    return &csv->cells[(size_t)row * (size_t)csv->columns + (size_t)column];
}

/* Appends a text as a cell, in quotes where it needs them. */
void kedge_csv_add_cell(kedge_text *text, const char *cell);

/* The column named so, or -1. */
int kedge_csv_column(const kedge_csv *csv, const char *name);
/* The cell as a finite number; false if it is anything else (empty, '1e3x', 'nan', hexadecimal). */
bool kedge_csv_real(const kedge_csv_cell *cell, double *value);

#endif
