/* table_print.c - a table as text. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "store/setting.h"
#include "store/table.h"

enum {
    PAGE = 100,
    GAP = 2,
    LONGEST = 40, /* characters of a text in a table for reading */
    ROOM = 256    /* bytes that a cell there needs at most: characters of 4 bytes, or a number */
};

/* ---- csv ---- */

static void add_csv_text(kedge_text *text, const char *string)
{
    if (!strpbrk(string, ",\"\r\n")) {
        kedge_text_add(text, string);
        return;
    }
    kedge_text_add(text, "\"");
    for (const char *c = string; *c; c++) kedge_text_add_bytes(text, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
    kedge_text_add(text, "\"");
}

static void print_csv(const kedge_table *table, kedge_text *text)
{
    for (size_t j = 0; j < table->n_columns; j++) {
        if (j) kedge_text_add(text, ",");
        add_csv_text(text, table->columns[j].name);
    }
    kedge_text_add(text, "\n");
    for (size_t i = 0; i < table->n_rows; i++) {
        const kedge_cell *row = table->cells + i * table->n_columns;
        for (size_t j = 0; j < table->n_columns; j++) {
            if (j) kedge_text_add(text, ",");
            if (row[j].kind == KEDGE_CELL_INTEGER) kedge_text_addf(text, "%lld", row[j].integer);
            if (row[j].kind == KEDGE_CELL_REAL) kedge_text_add_real(text, "%.9g", row[j].real);
            if (row[j].kind == KEDGE_CELL_TEXT) add_csv_text(text, row[j].text);
        }
        kedge_text_add(text, "\n");
    }
}

/* ---- json ---- */

static void print_json(const kedge_table *table, kedge_text *text)
{
    kedge_text_add(text, "[");
    for (size_t i = 0; i < table->n_rows; i++) {
        const kedge_cell *row = table->cells + i * table->n_columns;
        kedge_text_add(text, i ? ",\n  {" : "\n  {");
        for (size_t j = 0; j < table->n_columns; j++) {
            if (j) kedge_text_add(text, ", ");
            kedge_json_add_text(text, table->columns[j].name);
            kedge_text_add(text, ": ");
            switch (row[j].kind) {
            case KEDGE_CELL_NONE: kedge_text_add(text, "null"); break;
            case KEDGE_CELL_INTEGER: kedge_text_addf(text, "%lld", row[j].integer); break;
            case KEDGE_CELL_REAL: kedge_text_add_real(text, "%.9g", row[j].real); break;
            case KEDGE_CELL_TEXT: kedge_json_add_text(text, row[j].text); break;
            }
        }
        kedge_text_add(text, "}");
    }
    kedge_text_add(text, table->n_rows ? "\n]\n" : "]\n");
}

/* ---- for reading ---- */

/* Characters of UTF-8, bytes of 'limit' characters at most. */
static size_t characters(const char *string, size_t limit, size_t *bytes)
{
    size_t n = 0, at = 0;
    for (; string[at]; at++) {
        bool first = ((unsigned char)string[at] & 0xc0) != 0x80;
        if (first && n == limit) break;
        n += first;
    }
    *bytes = at;
    return n;
}

/* A cell as it is read, on one line; returns its width. 'text' is emptied first. */
static size_t format_cell(kedge_text *text, kedge_cell cell)
{
    size_t bytes;
    kedge_text_clear(text);
    switch (cell.kind) {
    case KEDGE_CELL_NONE: kedge_text_add(text, "-"); break;
    case KEDGE_CELL_INTEGER: kedge_text_addf(text, "%lld", cell.integer); break;
    case KEDGE_CELL_REAL: kedge_text_add_real(text, "%.4g", cell.real); break;
    case KEDGE_CELL_TEXT:
        characters(cell.text, LONGEST, &bytes);
        bool whole = cell.text[bytes] == '\0';
        if (!whole) characters(cell.text, LONGEST - 3, &bytes);
        kedge_text_add_bytes(text, cell.text, bytes);
        if (!whole) kedge_text_add(text, "...");
        for (size_t i = 0; i < text->length; i++)
            if ((unsigned char)text->bytes[i] < 0x20) text->bytes[i] = ' ';
        break;
    }
    return characters(kedge_text_string(text), (size_t)-1, &bytes);
}

typedef struct layout {
    size_t width;
    bool shown, dropped, left; /* dropped: for want of room; left: texts stand at the left edge */
} layout;

/* Widths of all columns; those that hold nothing, or are not for reading, are not shown. */
static size_t measure(const kedge_table *table, kedge_text *one, layout *columns)
{
    size_t total = 0;
    for (size_t j = 0; j < table->n_columns; j++) {
        size_t bytes, filled = 0, width = characters(table->columns[j].label, (size_t)-1, &bytes);
        for (size_t i = 0; i < table->n_rows; i++) {
            kedge_cell cell = table->cells[i * table->n_columns + j];
            size_t needs = format_cell(one, cell);
            if (needs > width) width = needs;
            filled += cell.kind != KEDGE_CELL_NONE;
            columns[j].left |= cell.kind == KEDGE_CELL_TEXT;
        }
        columns[j].width = width;
        columns[j].shown = table->columns[j].rank < KEDGE_RANK_NOT_SHOWN &&
                           (filled > 0 || table->n_rows == 0 || table->columns[j].rank == KEDGE_RANK_KEPT);
        if (columns[j].shown) total += width + GAP;
    }
    return total > 0 ? total - GAP : 0;
}

/* Takes columns away until the rest fits; the names of those go into 'out'. */
static void fit(const kedge_table *table, layout *columns, size_t total, kedge_text *out)
{
    while (total > PAGE) {
        size_t worst = table->n_columns;
        for (size_t j = 0; j < table->n_columns; j++)
            if (columns[j].shown && table->columns[j].rank != KEDGE_RANK_KEPT &&
                (worst == table->n_columns || table->columns[j].rank >= table->columns[worst].rank))
                worst = j;
        if (worst == table->n_columns) return; /* the rest must stand, wide or not */
        columns[worst].shown = false;
        columns[worst].dropped = true;
        total -= columns[worst].width + GAP;
    }
    for (size_t j = 0; j < table->n_columns; j++) {
        if (!columns[j].dropped) continue;
        if (out->length) kedge_text_add(out, ", ");
        kedge_text_add(out, table->columns[j].name); /* labels may be alike, as several may be 'low' */
    }
}

static void add_padded(kedge_text *text, const char *value, size_t value_width, const layout *column, bool last)
{
    size_t blanks = column->width > value_width ? column->width - value_width : 0;
    if (!column->left) kedge_text_addf(text, "%*s", (int)blanks, "");
    kedge_text_add(text, value);
    if (column->left && !last) kedge_text_addf(text, "%*s", (int)blanks, "");
}

/* Row 'i', or the names for -1. */
static void add_line(const kedge_table *table, const layout *columns, long long i, kedge_text *one, kedge_text *text)
{
    size_t bytes, last = 0;
    bool first = true;
    for (size_t j = 0; j < table->n_columns; j++)
        if (columns[j].shown) last = j;
    for (size_t j = 0; j < table->n_columns; j++) {
        if (!columns[j].shown) continue;
        if (!first) kedge_text_addf(text, "%*s", GAP, "");
        first = false;
        const char *name = table->columns[j].label;
        size_t width = i < 0 ? characters(name, (size_t)-1, &bytes)
                             : format_cell(one, table->cells[(size_t)i * table->n_columns + j]);
        add_padded(text, i < 0 ? name : kedge_text_string(one), width, &columns[j], j == last);
    }
    kedge_text_add(text, "\n");
}

static kedge_status print_table(const kedge_table *table, kedge_text *text)
{
    kedge_text one, out;
    kedge_text_init(&one, table->ctx);
    kedge_text_init(&out, table->ctx);
    /* Room for any cell at once: what is cleared forgets that it was broken. */
    kedge_text_addf(&one, "%*s", ROOM, "");
    kedge_status status = kedge_text_status(&one, "a table");
    layout *columns = kedge_alloc_zero(table->ctx, table->n_columns, sizeof *columns);
    if (!status && !columns) status = kedge_fail_memory("a table");
    if (status) goto done;
    if (table->heading) kedge_text_add(text, table->heading);
    fit(table, columns, measure(table, &one, columns), &out);
    for (long long i = -1; i < (long long)table->n_rows; i++) add_line(table, columns, i, &one, text);
    if (out.length) kedge_text_addf(text, "not shown for want of room: %s\n", kedge_text_string(&out));
    status = kedge_text_status(&out, "a table");
done:
    kedge_release(table->ctx, columns);
    kedge_text_release(&one);
    kedge_text_release(&out);
    return status;
}

kedge_status kedge_table_print(const kedge_table *table, const char *format, char **out)
{
    kedge_text text;
    kedge_text_init(&text, table->ctx);
    kedge_status status = KEDGE_OK;
    if (strcmp(format, "csv") == 0) print_csv(table, &text);
    else if (strcmp(format, "json") == 0) print_json(table, &text);
    else if (strcmp(format, "table") == 0) status = print_table(table, &text);
    else status = kedge_fail(KEDGE_EINVALID, "unknown format '%s'; known are table, csv, json", format);
    if (!status) status = kedge_text_status(&text, "a table");
    if (status) kedge_text_release(&text);
    else *out = text.bytes;
    return status;
}
