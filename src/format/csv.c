/* csv.c - comma-separated values as a table of cells that know where they stood. */
#include "format/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "format/number.h"
#include "format/utf8.h"

typedef struct reader {
    const char *name;
    char *at, *end, *line_start; /* in a copy of the file, in which cells are ended by a 0 where they stand */
    int line;
    kedge_csv_cell *cells; /* room for every cell that the file can hold */
    size_t used;
    kedge_errors *errors;
    bool row_good;
} reader;

static int column_of(const reader *self, const char *at)
{
    return (int)(at - self->line_start) + 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether the cell ends here: at a comma, at a line's end, at the end of the file. */
static bool at_cell_end(const reader *self, const char *at)
{
    return at == self->end || *at == ',' || *at == '\n' ||
           (*at == '\r' && at + 1 < self->end && at[1] == '\n');
}

static char *skip_blanks(const reader *self, char *at)
{
    while (at < self->end && is_blank(*at)) at++;
    return at;
}

/* From the opening quote at 'at' to behind the closing one; pairs of quotes become one, in place. */
static char *quoted_cell(reader *self, kedge_csv_cell *cell, char *at)
{
    char *put = at + 1, *get = at + 1;
    char *line_start = self->line_start;
    int line = self->line;
    *cell = (kedge_csv_cell){.text = put, .line = line, .column = column_of(self, put)};
    for (; get < self->end; get++) {
        if (*get == '"') {
            if (get + 1 == self->end || get[1] != '"') break;
            get++;
        }
        *put++ = *get;
        if (*get == '\n') {
            line++;
            line_start = get + 1;
        }
    }
    if (get == self->end) {
        kedge_errors_add(self->errors, KEDGE_EFORMAT, "%s:%d:%d: this quote is never closed; add a '\"'", self->name,
                         self->line, column_of(self, at));
        self->row_good = false;
        *at = '\0'; /* the rest of the file is no cell's text */
        cell->text = at;
        return self->end;
    }
    self->line = line;
    self->line_start = line_start;
    *put = '\0'; /* at the closing quote or before it */
    return get + 1;
}

static char *plain_cell(const reader *self, kedge_csv_cell *cell, char *at)
{
    char *last = at;
    *cell = (kedge_csv_cell){.text = at, .line = self->line, .column = column_of(self, at)};
    for (; !at_cell_end(self, at); at++)
        if (!is_blank(*at)) last = at + 1;
    /* 'last' may be the comma that the caller still has to see: he ends the text once he has. */
    return last;
}

/* Reads one cell; returns what ended it: ',', '\n' or 0 at the end of the file. */
static char read_cell(reader *self)
{
    kedge_csv_cell *cell = &self->cells[self->used++];
    char *at = skip_blanks(self, self->at), *text_end;
    if (at < self->end && *at == '"') {
        text_end = NULL;
        at = skip_blanks(self, quoted_cell(self, cell, at));
        if (!at_cell_end(self, at)) {
            kedge_errors_add(self->errors, KEDGE_EFORMAT,
                             "%s:%d:%d: text after a closing quote; a quote inside of quotes is written twice",
                             self->name, self->line, column_of(self, at));
            self->row_good = false;
            while (!at_cell_end(self, at)) at++;
        }
    } else {
        text_end = plain_cell(self, cell, at);
        at = text_end;
        while (!at_cell_end(self, at)) at++;
    }
    char ended = at == self->end ? '\0' : *at;
    if (ended == '\r') {
        ended = '\n';
        at++;
    }
    if (text_end) *text_end = '\0';
    self->at = at < self->end ? at + 1 : at;
    if (ended == '\n') {
        self->line++;
        self->line_start = self->at;
    }
    return ended;
}

/* Passes over lines of nothing but spaces; false at the end of the file. */
static bool next_line(reader *self)
{
    while (self->at < self->end) {
        char *at = skip_blanks(self, self->at);
        if (at == self->end) return false;
        if (*at == '\r' && at + 1 < self->end && at[1] == '\n') at++;
        if (*at != '\n') return true;
        self->at = self->line_start = at + 1;
        self->line++;
    }
    return false;
}

/* Reads a row; returns its number of cells. */
static size_t read_row(reader *self)
{
    size_t before = self->used;
    self->row_good = true;
    while (read_cell(self) == ',') {
    }
    return self->used - before;
}

/* A carriage return without a line feed would hide in a cell and make a puzzling message later. */
static bool check_returns(const char *name, const char *bytes, size_t length, kedge_errors *errors)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != '\r' || (i + 1 < length && bytes[i + 1] == '\n')) continue;
        int line, column;
        kedge_utf8_place(bytes, i, &line, &column);
        kedge_errors_add(errors, KEDGE_EFORMAT,
                         "%s:%d:%d: a carriage return without a line feed; end lines with LF or CRLF", name, line,
                         column);
        return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    const kedge_csv_cell *const *left = a, *const *right = b;
    int order = strcmp((*left)->text, (*right)->text);
    if (order != 0) return order;
    return *left < *right ? -1 : *left > *right;
}

static void check_header(const reader *self, kedge_arena *arena, size_t columns)
{
    const kedge_csv_cell **sorted = kedge_arena_alloc(arena, columns, sizeof *sorted);
    if (!sorted) {
        kedge_errors_add(self->errors, KEDGE_ENOMEM, "%s: out of memory for %zu columns", self->name, columns);
        return;
    }
    for (size_t i = 0; i < columns; i++) {
        sorted[i] = &self->cells[i];
        if (self->cells[i].text[0] == '\0')
            kedge_errors_add(self->errors, KEDGE_EFORMAT, "%s:%d:%d: column %zu has no name; give it one",
                             self->name, self->cells[i].line, self->cells[i].column, i + 1);
    }
    qsort(sorted, columns, sizeof *sorted, by_name);
    for (size_t i = 1; i < columns; i++)
        if (sorted[i]->text[0] != '\0' && strcmp(sorted[i]->text, sorted[i - 1]->text) == 0)
            kedge_errors_add(self->errors, KEDGE_EFORMAT, "%s:%d:%d: a second column named '%s'; names are unique",
                             self->name, sorted[i]->line, sorted[i]->column, kedge_clip_text(sorted[i]->text).text);
}

/* More cells than this the file cannot have: each ends at a comma, a line feed or the file's end. */
static size_t most_cells(const char *bytes, size_t length)
{
    size_t n = 1;
    for (size_t i = 0; i < length; i++) n += bytes[i] == ',' || bytes[i] == '\n';
    return n;
}

static void read_table(reader *self, kedge_csv *out, kedge_arena *arena)
{
    size_t columns = read_row(self);
    int rows = 0;
    check_header(self, arena, columns);
    while (next_line(self)) {
        size_t before = self->used, count = read_row(self);
        if (count == columns) {
            rows++;
            continue;
        }
        const kedge_csv_cell *place = &self->cells[before + (count > columns ? columns : count - 1)];
        if (self->row_good) /* an unclosed quote has swallowed cells: one message is enough */
            kedge_errors_add(self->errors, KEDGE_EFORMAT, "%s:%d:%d: %zu cell%s in this row; the header has %zu%s",
                             self->name, place->line, place->column, count, count == 1 ? "" : "s", columns,
                             count > columns ? "; a cell with commas wants quotes" : "");
        self->used = before;
    }
    out->rows = rows;
    out->columns = (int)columns;
    out->header = self->cells;
    out->cells = self->cells + columns;
}

bool kedge_csv_parse(kedge_csv *out, kedge_arena *arena, const char *name, const char *bytes, size_t length,
                     kedge_errors *errors)
{
    int before = errors->count;
    size_t mark = kedge_utf8_mark(bytes, length);
    bytes += mark;
    length -= mark;
    if (length >= INT32_MAX) {
        kedge_errors_add(errors, KEDGE_EFORMAT, "%s: %zu bytes are too many for a table", name, length);
        return false;
    }
    if (!kedge_utf8_check(name, bytes, length, errors)) return false;
    if (!check_returns(name, bytes, length, errors)) return false;
    reader self = {.name = name, .line = 1, .errors = errors};
    self.at = self.line_start = kedge_arena_bytes(arena, bytes, length);
    self.cells = kedge_arena_alloc(arena, most_cells(bytes, length), sizeof *self.cells);
    const char *file = kedge_arena_text(arena, name);
    if (!self.at || !self.cells || !file) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "%s: out of memory for a table of %zu bytes", name, length);
        return false;
    }
    self.end = self.at + length;
    if (!next_line(&self)) {
        kedge_errors_add(errors, KEDGE_EFORMAT, "%s:1:1: the file is empty; the first line names the columns", name);
        return false;
    }
    kedge_csv table = {.file = file};
    read_table(&self, &table, arena);
    if (errors->count > before) return false;
    *out = table;
    return true;
}

bool kedge_csv_load(kedge_csv *out, kedge_arena *arena, const char *path, size_t max, kedge_errors *errors)
{
    char *bytes = NULL;
    size_t length = 0;
    kedge_status status = kedge_file_read(arena->ctx, path, max, &bytes, &length);
    if (status) {
        kedge_errors_add(errors, status, "%s", kedge_error());
        return false;
    }
    bool good = kedge_csv_parse(out, arena, path, bytes, length, errors);
    kedge_release(arena->ctx, bytes);
    return good;
}

int kedge_csv_column(const kedge_csv *csv, const char *name)
{
    for (int i = 0; i < csv->columns; i++)
        if (strcmp(csv->header[i].text, name) == 0) return i;
    return -1;
}

bool kedge_csv_real(const kedge_csv_cell *cell, double *value)
{
    return kedge_number_real(cell->text, value);
}

void kedge_csv_add_cell(kedge_text *text, const char *cell)
{
    size_t length = strlen(cell);
    bool blanks = length > 0 && (strchr(" \t", cell[0]) || strchr(" \t", cell[length - 1]));
    if (strcspn(cell, ",\"\r\n") == length && !blanks) {
        kedge_text_add(text, cell);
        return;
    }
    kedge_text_add(text, "\"");
    for (const char *at = cell; *at; at++) kedge_text_add_bytes(text, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
    kedge_text_add(text, "\"");
}
