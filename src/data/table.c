/* table.c - data sets from the user's tables: CSV with names, NumPy arrays with numbers. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/fill.h"
#include "format/csv.h"
#include "format/npy.h"
#include "format/utf8.h"

/* A list of chosen columns: features or targets. */
typedef struct choice {
    const char *what; /* "feature" */
    int n;
    int *columns;       /* [n] of the file */
    const char **names; /* [n] */
    float **values;     /* [n][points] */
} choice;

static bool no_memory(const char *path, kedge_errors *errors)
{
    kedge_errors_add(errors, KEDGE_ENOMEM, "%s: out of memory", path);
    return false;
}

static bool choice_reserve(choice *chosen, kedge_dataset *dataset, const kedge_texts *asked, const char *path,
                           kedge_errors *errors)
{
    kedge_arena *arena = &dataset->arena;
    size_t n = (size_t)asked->n, points = (size_t)dataset->points;
    chosen->n = asked->n;
    chosen->columns = kedge_arena_alloc(arena, n, sizeof *chosen->columns);
    chosen->names = kedge_arena_alloc(arena, n, sizeof *chosen->names);
    chosen->values = kedge_arena_alloc(arena, n, sizeof *chosen->values);
    if (!chosen->columns || !chosen->names || !chosen->values) return no_memory(path, errors);
    for (size_t i = 0; i < n; i++) {
        chosen->values[i] = kedge_arena_alloc(arena, points, sizeof **chosen->values);
        if (!chosen->values[i]) return no_memory(path, errors);
    }
    return true;
}

static void choice_keep(kedge_dataset *dataset, const choice *features, const choice *targets)
{
    dataset->n_features = features->n;
    dataset->feature_names = features->names;
    dataset->features = (const float *const *)features->values;
    dataset->n_targets = targets->n;
    dataset->target_names = targets->names;
    dataset->targets = (const float *const *)targets->values;
}

static bool check_shape(kedge_dataset *dataset, const char *path, size_t rows, size_t columns, kedge_errors *errors)
{
    if (columns > KEDGE_DATA_COLUMNS)
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: %zu columns; at most %d are possible", path, columns,
                         (int)KEDGE_DATA_COLUMNS);
    else if (rows == 0 || columns == 0)
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: holds no points; at least one row is needed", path);
    else if (rows > INT_MAX)
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: %zu rows; at most %d are possible", path, rows, INT_MAX);
    else {
        dataset->points = (int)rows;
        return true;
    }
    return false;
}

/* -- csv: features and targets ---------------------------------------------------------------------------- */

/* What is wrong with a cell, as 'file:line:column: ...'. */
static const char *bad_cell(kedge_arena *arena, const kedge_csv *csv, const kedge_csv_cell *cell)
{
    if (!*cell->text)
        return kedge_arena_format(arena, "%s:%d:%d: the cell is empty", csv->file, cell->line, cell->column);
    return kedge_arena_format(arena, "%s:%d:%d: '%s' is not a finite number", csv->file, cell->line, cell->column,
                              kedge_clip_text(cell->text).text);
}

static void csv_find(choice *chosen, const kedge_csv *csv, const kedge_texts *asked, kedge_arena *arena,
                     const char *where, kedge_errors *errors)
{
    const char **names = kedge_arena_alloc(arena, (size_t)csv->columns, sizeof *names);
    if (!names) {
        no_memory(csv->file, errors);
        return;
    }
    for (int c = 0; c < csv->columns; c++) names[c] = csv->header[c].text;
    for (int i = 0; i < asked->n; i++) {
        chosen->columns[i] = kedge_csv_column(csv, asked->at[i]);
        if (chosen->columns[i] >= 0) continue;
        const char *near = kedge_nearest(asked->at[i], names, csv->columns);
        if (near)
            kedge_errors_add(errors, KEDGE_EINVALID, "%s: unknown %s '%s'; did you mean '%s'?", where, chosen->what,
                             kedge_clip_text(asked->at[i]).text, near);
        else
            kedge_errors_add(errors, KEDGE_EINVALID, "%s: unknown %s '%s'; %s:%d has no column of that name", where,
                             chosen->what, kedge_clip_text(asked->at[i]).text, csv->file, csv->header[0].line);
    }
}

static void csv_read(choice *chosen, const kedge_csv *csv, kedge_arena *scratch, kedge_arena *arena,
                     kedge_errors *errors)
{
    for (int i = 0; i < chosen->n; i++) {
        if (chosen->columns[i] < 0) continue;
        const char *name = chosen->names[i] = kedge_arena_text(arena, csv->header[chosen->columns[i]].text);
        if (!name) {
            no_memory(csv->file, errors);
            return;
        }
        for (int row = 0; row < csv->rows && errors->count <= KEDGE_ERRORS_MAX; row++) {
            const kedge_csv_cell *cell = kedge_csv_at(csv, row, chosen->columns[i]);
            double value = 0;
            if (!kedge_csv_real(cell, &value)) {
                const char *wrong = bad_cell(scratch, csv, cell);
                kedge_errors_add(errors, KEDGE_EFORMAT, "%s; column '%s' is a %s", wrong ? wrong : csv->file,
                                 kedge_clip_text(name).text, chosen->what);
            } else if (!isfinite((float)value)) {
                kedge_errors_add(errors, KEDGE_EFORMAT, "%s:%d:%d: '%s' is too large for single precision; column "
                                 "'%s' is a %s", csv->file, cell->line, cell->column, kedge_clip_text(cell->text).text,
                                 kedge_clip_text(name).text, chosen->what);
            }
            chosen->values[i][row] = (float)value;
        }
    }
}

/* -- csv: columns for formulas ---------------------------------------------------------------------------- */

/* A column's name as a formula can write it. */
typedef struct formula_name {
    const char *name;
    int column;
    bool exact; /* it is the header's own */
} formula_name;

static bool name_byte(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Each character that no formula may hold becomes '_'; a digit at the start gets one before it. */
static bool formula_name_make(formula_name *out, kedge_arena *arena, const char *header, int column)
{
    char *name = kedge_arena_alloc(arena, strlen(header) + 2, 1), *to = name;
    if (!name) return false;
    if (*header >= '0' && *header <= '9') *to++ = '_';
    for (const unsigned char *from = (const unsigned char *)header; *from; from++) {
        if (name_byte(*from))
            *to++ = (char)*from;
        else if ((*from & 0xc0) != 0x80) /* one '_' for a character of several bytes */
            *to++ = '_';
    }
    *out = (formula_name){name, column, strcmp(name, header) == 0};
    return true;
}

static int by_name(const void *left, const void *right)
{
    const formula_name *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order != 0) return order;
    if (a->exact != b->exact) return a->exact ? -1 : 1;
    return (a->column > b->column) - (a->column < b->column);
}

/* Where the work on the columns stands. */
typedef struct column_list {
    const kedge_csv *csv;
    kedge_arena *scratch, *arena;
    formula_name *sorted; /* [csv->columns] */
    const char **names;
    const double **columns;
    kedge_barred_column *barred;
    int n_columns, n_barred;
} column_list;

static bool bar(column_list *list, const char *name, const char *why)
{
    list->barred[list->n_barred++] = (kedge_barred_column){name, why};
    return why != NULL;
}

/* The column joins those of the formulas, or is barred with its first cell that is no number. */
static bool add_column(column_list *list, const formula_name *entry)
{
    const kedge_csv *csv = list->csv;
    for (int row = 0; row < csv->rows; row++) {
        double value;
        const kedge_csv_cell *cell = kedge_csv_at(csv, row, entry->column);
        if (kedge_csv_real(cell, &value)) continue;
        const char *wrong = bad_cell(list->scratch, csv, cell);
        return wrong && bar(list, entry->name, kedge_arena_format(list->arena, "holds text: %s", wrong));
    }
    double *values = kedge_arena_alloc(list->arena, (size_t)csv->rows, sizeof *values);
    if (!values) return false;
    for (int row = 0; row < csv->rows; row++) kedge_csv_real(kedge_csv_at(csv, row, entry->column), &values[row]);
    list->names[list->n_columns] = entry->name;
    list->columns[list->n_columns++] = values;
    return true;
}

/* Columns whose names look alike in a formula: the one that is really called so has the name, else none. */
static bool add_group(column_list *list, const formula_name *group, int n)
{
    if (n == 1 || group[0].exact) return add_column(list, group);
    return bar(list, group->name,
               kedge_arena_format(list->arena, "stands for both '%s' and '%s'; rename one of them",
                                  kedge_clip_text(list->csv->header[group[0].column].text).text,
                                  kedge_clip_text(list->csv->header[group[1].column].text).text));
}

static bool csv_columns(kedge_dataset *dataset, const kedge_csv *csv, kedge_arena *scratch)
{
    kedge_arena *arena = &dataset->arena;
    size_t n = (size_t)csv->columns;
    column_list list = {
        .csv = csv, .scratch = scratch, .arena = arena,
        .sorted = kedge_arena_alloc(scratch, n, sizeof *list.sorted),
        .names = kedge_arena_alloc(arena, n, sizeof *list.names),
        .columns = kedge_arena_alloc(arena, n, sizeof *list.columns),
        .barred = kedge_arena_alloc(arena, n, sizeof *list.barred),
    };
    if (!list.sorted || !list.names || !list.columns || !list.barred) return false;
    for (int c = 0; c < csv->columns; c++)
        if (!formula_name_make(&list.sorted[c], arena, csv->header[c].text, c)) return false;
    qsort(list.sorted, n, sizeof *list.sorted, by_name);
    for (int first = 0, end; first < csv->columns; first = end) {
        for (end = first + 1; end < csv->columns; end++)
            if (strcmp(list.sorted[first].name, list.sorted[end].name) != 0) break;
        if (!add_group(&list, &list.sorted[first], end - first)) return false;
    }
    dataset->n_columns = list.n_columns;
    dataset->column_names = list.names;
    dataset->columns = list.columns;
    dataset->n_barred = list.n_barred;
    dataset->barred = list.barred;
    return true;
}

bool kedge_fill_csv(kedge_dataset *dataset, const kedge_data_options *options, const char *where,
                    kedge_errors *errors)
{
    kedge_csv csv;
    kedge_arena scratch;
    choice features = {.what = "feature"}, targets = {.what = "target"};
    int before = errors->count;
    kedge_arena_init(&scratch, dataset->ctx);
    if (!kedge_csv_load(&csv, &scratch, options->file, KEDGE_DATA_CSV_BYTES, errors)) goto done;
    if (!check_shape(dataset, csv.file, (size_t)csv.rows, (size_t)csv.columns, errors)) goto done;
    if (!choice_reserve(&features, dataset, &options->features, csv.file, errors)) goto done;
    if (!choice_reserve(&targets, dataset, &options->targets, csv.file, errors)) goto done;
    csv_find(&features, &csv, &options->features, &scratch, where, errors);
    csv_find(&targets, &csv, &options->targets, &scratch, where, errors);
    csv_read(&features, &csv, &scratch, &dataset->arena, errors);
    csv_read(&targets, &csv, &scratch, &dataset->arena, errors);
    if (errors->count == before && !csv_columns(dataset, &csv, &scratch)) no_memory(csv.file, errors);
    choice_keep(dataset, &features, &targets);
done:
    kedge_arena_release(&scratch);
    return errors->count == before;
}

/* -- npy -------------------------------------------------------------------------------------------------- */

/* "0", "1", ..: a column's number, or -1. */
static int column_number(const char *text, int columns)
{
    size_t length = strlen(text);
    if (length == 0 || length > 6 || strspn(text, "0123456789") != length) return -1;
    if (text[0] == '0' && length > 1) return -1;
    int number = atoi(text);
    return number < columns ? number : -1;
}

static void npy_read(choice *chosen, const kedge_dataset *dataset, const kedge_npy *npy, const kedge_texts *asked,
                     const char *path, const char *where, kedge_errors *errors)
{
    size_t width = npy->shape[1];
    for (int i = 0; i < chosen->n; i++) {
        int column = column_number(asked->at[i], dataset->n_columns);
        if (column < 0) {
            kedge_errors_add(errors, KEDGE_EINVALID, "%s: unknown %s '%s'; the columns of %s are numbered 0 to %d",
                             where, chosen->what, kedge_clip_text(asked->at[i]).text, path, dataset->n_columns - 1);
            continue;
        }
        chosen->names[i] = dataset->column_names[column];
        for (size_t row = 0; row < npy->shape[0]; row++) {
            double value = npy->values[row * width + (size_t)column];
            chosen->values[i][row] = (float)value;
            if (isfinite(chosen->values[i][row])) continue;
            kedge_errors_add(errors, KEDGE_EFORMAT, "%s: %g in row %zu, column %d is too large for single precision; "
                             "the column is a %s", path, value, row, column, chosen->what);
            break;
        }
    }
}

static bool npy_columns(kedge_dataset *dataset, const kedge_npy *npy)
{
    kedge_arena *arena = &dataset->arena;
    size_t rows = npy->shape[0], width = npy->shape[1];
    const char **names = kedge_arena_alloc(arena, width, sizeof *names);
    const double **columns = kedge_arena_alloc(arena, width, sizeof *columns);
    double *values = kedge_arena_alloc(arena, rows * width, sizeof *values);
    if (!names || !columns || !values) return false;
    for (size_t c = 0; c < width; c++) {
        names[c] = kedge_arena_format(arena, "c%zu", c);
        if (!names[c]) return false;
        columns[c] = values + c * rows;
        for (size_t row = 0; row < rows; row++) values[c * rows + row] = npy->values[row * width + c];
    }
    dataset->n_columns = (int)width;
    dataset->column_names = names;
    dataset->columns = columns;
    return true;
}

bool kedge_fill_npy(kedge_dataset *dataset, const kedge_data_options *options, const char *where,
                    kedge_errors *errors)
{
    kedge_npy npy;
    kedge_arena scratch;
    const char *path = options->file;
    choice features = {.what = "feature"}, targets = {.what = "target"};
    int before = errors->count;
    kedge_arena_init(&scratch, dataset->ctx);
    kedge_status status = kedge_npy_load(&npy, &scratch, path, KEDGE_DATA_NPY_BYTES);
    if (status != KEDGE_OK) {
        kedge_errors_add(errors, status, "%s", kedge_error());
        goto done;
    }
    if (npy.dims != 2) {
        kedge_errors_add(errors, KEDGE_EINVALID, "%s: the array has %d dims; a table has 2, [points][columns]", path,
                         npy.dims);
        goto done;
    }
    if (!check_shape(dataset, path, npy.shape[0], npy.shape[1], errors)) goto done;
    if (!npy_columns(dataset, &npy)) {
        no_memory(path, errors);
        goto done;
    }
    if (!choice_reserve(&features, dataset, &options->features, path, errors)) goto done;
    if (!choice_reserve(&targets, dataset, &options->targets, path, errors)) goto done;
    npy_read(&features, dataset, &npy, &options->features, path, where, errors);
    npy_read(&targets, dataset, &npy, &options->targets, path, where, errors);
    choice_keep(dataset, &features, &targets);
done:
    kedge_arena_release(&scratch);
    return errors->count == before;
}
