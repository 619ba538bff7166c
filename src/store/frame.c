/* frame.c - the runs of a store at one moment, read into memory. */
#include "store/frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static kedge_status no_memory(void)
{
    return kedge_fail_memory("the runs of a store");
}

/* ---- groups and their settings ---- */

/* A setting as it is read, before the paths of all are known. */
typedef struct found {
    struct found *next;
    size_t group;
    const char *path;
    kedge_cell value;
} found;

static kedge_status read_groups(kedge_frame *frame)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(frame->store, KEDGE_SQL_GROUPS, &statement);
    if (status) return status;
    while (kedge_sql_next(frame->store, statement, &status)) {
        size_t n = frame->n_groups;
        kedge_frame_group *grown = kedge_grow(frame->ctx, frame->groups, n, &frame->group_room, n + 1, sizeof *grown);
        if (grown) {
            frame->groups = grown;
            grown[n].digest = kedge_arena_text(&frame->arena, kedge_sql_column_text(statement, 0));
            grown[n].settings = kedge_arena_text(&frame->arena, kedge_sql_column_text(statement, 1));
            grown[n].title = kedge_arena_text(&frame->arena, kedge_sql_column_text(statement, 2));
        }
        if (!grown || !grown[n].digest || !grown[n].settings || !grown[n].title) {
            sqlite3_reset(statement);
            return no_memory();
        }
        frame->n_groups++;
    }
    return status;
}

/* A value as SQLite reads JSON: numbers are numbers, all else is its text. */
static kedge_cell read_value(kedge_arena *arena, sqlite3_stmt *row)
{
    const char *type = kedge_sql_column_text(row, 1);
    kedge_cell cell = {.real = NAN};
    if (strcmp(type, "null") == 0) return cell;
    if (strcmp(type, "integer") == 0) {
        cell.kind = KEDGE_CELL_INTEGER;
        cell.integer = sqlite3_column_int64(row, 2);
        cell.real = (double)cell.integer;
    } else if (strcmp(type, "real") == 0) {
        cell.kind = KEDGE_CELL_REAL;
        cell.real = sqlite3_column_double(row, 2);
    } else {
        bool boolean = strcmp(type, "true") == 0 || strcmp(type, "false") == 0;
        cell.kind = KEDGE_CELL_TEXT;
        cell.text = kedge_arena_text(arena, boolean ? type : kedge_sql_column_text(row, 2));
    }
    return cell;
}

static kedge_status read_settings(kedge_frame *frame, size_t group, found **list, size_t *n)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(frame->store, KEDGE_SQL_SETTINGS, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, frame->groups[group].settings);
    while (kedge_sql_next(frame->store, statement, &status)) {
        found *one = kedge_arena_alloc(&frame->arena, 1, sizeof *one);
        if (one) {
            *one = (found){.next = *list, .group = group, .value = read_value(&frame->arena, statement)};
            one->path = kedge_arena_text(&frame->arena, kedge_sql_column_text(statement, 0));
        }
        if (!one || !one->path || (one->value.kind == KEDGE_CELL_TEXT && !one->value.text)) {
            sqlite3_reset(statement);
            return no_memory();
        }
        *list = one;
        ++*n;
    }
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The shortest end of a path, from a dot on, that is no end of another path. */
static const char *label_of(const kedge_frame *frame, size_t path)
{
    const char *whole = frame->paths[path], *label = whole + strlen(whole);
    bool alone = false;
    while (label > whole && !alone) {
        for (label--; label > whole && label[-1] != '.'; label--) {
        }
        size_t length = strlen(label);
        alone = true;
        for (size_t i = 0; i < frame->n_paths && alone; i++) {
            size_t other = strlen(frame->paths[i]);
            bool ends = other >= length && strcmp(frame->paths[i] + other - length, label) == 0;
            alone = i == path || !ends || (other > length && frame->paths[i][other - length - 1] != '.');
        }
    }
    return label;
}

static int by_content(const void *a, const void *b)
{
    const kedge_frame_group *x = *(const kedge_frame_group *const *)a, *y = *(const kedge_frame_group *const *)b;
    int order = strcmp(x->settings, y->settings);
    return order ? order : strcmp(x->digest, y->digest);
}

/* Groups by settings, then recipe; and what tells them apart for a reader. */
static kedge_status sort_groups(kedge_frame *frame)
{
    frame->sorted = kedge_arena_alloc(&frame->arena, frame->n_groups, sizeof *frame->sorted);
    if (!frame->sorted) return no_memory();
    for (size_t g = 0; g < frame->n_groups; g++) frame->sorted[g] = &frame->groups[g];
    qsort(frame->sorted, frame->n_groups, sizeof *frame->sorted, by_content);
    frame->one_title = true;
    for (size_t g = 1; g < frame->n_groups; g++) {
        const kedge_frame_group *last = frame->sorted[g - 1], *group = frame->sorted[g];
        bool same = strcmp(last->title, group->title) == 0;
        frame->one_title &= same;
        frame->needs_digest |= same && strcmp(last->settings, group->settings) == 0;
    }
    return KEDGE_OK;
}

static kedge_status read_all_settings(kedge_frame *frame)
{
    found *list = NULL;
    size_t n = 0;
    for (size_t g = 0; g < frame->n_groups; g++) {
        kedge_status status = read_settings(frame, g, &list, &n);
        if (status) return status;
    }
    frame->paths = kedge_arena_alloc(&frame->arena, n, sizeof *frame->paths);
    if (!frame->paths) return no_memory();
    for (found *one = list; one; one = one->next) frame->paths[frame->n_paths++] = one->path;
    qsort(frame->paths, n, sizeof *frame->paths, by_name);
    frame->n_paths = 0;
    for (size_t i = 0; i < n; i++) { /* each once; the last one kept stands at or before i - 1 */
        const char *path = frame->paths[i];
        if (i == 0 || strcmp(path, frame->paths[frame->n_paths - 1]) != 0) frame->paths[frame->n_paths++] = path;
    }
    for (size_t g = 0; g < frame->n_groups; g++) {
        frame->groups[g].values = kedge_arena_alloc(&frame->arena, frame->n_paths, sizeof(kedge_cell));
        if (!frame->groups[g].values) return no_memory();
        for (size_t i = 0; i < frame->n_paths; i++) frame->groups[g].values[i].real = NAN;
    }
    frame->labels = kedge_arena_alloc(&frame->arena, frame->n_paths, sizeof *frame->labels);
    if (!frame->labels) return no_memory();
    for (size_t i = 0; i < frame->n_paths; i++) frame->labels[i] = label_of(frame, i);
    for (found *one = list; one; one = one->next) {
        const char **at = bsearch(&one->path, frame->paths, frame->n_paths, sizeof *frame->paths, by_name);
        frame->groups[one->group].values[at - frame->paths] = one->value;
    }
    return KEDGE_OK;
}

/* ---- runs ---- */

/* The three that a status can be; what else stands there is damage. */
static const char *known_status(const char *status)
{
    static const char *const known[] = {"pending", "done", "failed"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(status, known[i]) == 0) return known[i];
    return NULL;
}

/* The group of a row; most rows are of that of the row before. NULL: of none. */
static const kedge_frame_group *group_of(const kedge_frame *frame, sqlite3_stmt *row)
{
    const kedge_frame_group key = {.digest = kedge_sql_column_text(row, 1), .settings = kedge_sql_column_text(row, 2)};
    const kedge_frame_group *wanted = &key;
    if (frame->n_runs > 0) {
        const kedge_frame_group *last = &frame->groups[frame->runs[frame->n_runs - 1].group];
        if (by_content(&last, &wanted) == 0) return last;
    }
    const kedge_frame_group *const *at = bsearch(&wanted, frame->sorted, frame->n_groups, sizeof *frame->sorted,
                                                 by_content);
    return at ? *at : NULL;
}

static kedge_status read_run(kedge_frame *frame, sqlite3_stmt *row)
{
    size_t n = frame->n_runs;
    const kedge_frame_group *group = group_of(frame, row);
    const char *status = known_status(kedge_sql_column_text(row, 5));
    if (!group || !status)
        return kedge_fail(KEDGE_EFORMAT, "%s: damaged: run %lld", frame->store->path,
                          (long long)sqlite3_column_int64(row, 0));
    kedge_frame_run *grown = kedge_grow(frame->ctx, frame->runs, n, &frame->run_room, n + 1, sizeof *grown);
    if (!grown) return no_memory();
    frame->runs = grown;
    grown[n] = (kedge_frame_run){.id = sqlite3_column_int64(row, 0), .seed = sqlite3_column_int64(row, 3),
                                 .stream = sqlite3_column_int64(row, 4), .group = (size_t)(group - frame->groups),
                                 .status = status, .kept = true};
    if (sqlite3_column_type(row, 6) != SQLITE_NULL) {
        grown[n].message = kedge_arena_text(&frame->arena, kedge_sql_column_text(row, 6));
        if (!grown[n].message) return no_memory();
    }
    frame->crossed |= grown[n].seed != grown[n].stream;
    frame->n_runs++;
    return KEDGE_OK;
}

static kedge_status read_runs(kedge_frame *frame)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(frame->store, KEDGE_SQL_RUNS, &statement);
    while (!status && kedge_sql_next(frame->store, statement, &status)) {
        status = read_run(frame, statement);
        if (status) sqlite3_reset(statement);
    }
    return status;
}

kedge_status kedge_frame_init(kedge_frame *frame, kedge_store *store)
{
    *frame = (kedge_frame){.store = store, .ctx = store->ctx};
    kedge_arena_init(&frame->arena, store->ctx);
    kedge_status status = kedge_sql_begin(store, KEDGE_SQL_BEGIN);
    if (!status) status = read_groups(frame);
    if (!status) status = sort_groups(frame);
    if (!status) status = read_all_settings(frame);
    if (!status) status = read_runs(frame);
    return status;
}

void kedge_frame_release(kedge_frame *frame)
{
    /* Nothing was written: there is nothing that could fail to be. */
    if (!sqlite3_get_autocommit(frame->store->db)) sqlite3_exec(frame->store->db, "ROLLBACK", NULL, NULL, NULL);
    for (size_t i = 0; i < frame->n_metrics; i++) kedge_release(frame->ctx, frame->metrics[i].values);
    kedge_release(frame->ctx, frame->metrics);
    kedge_release(frame->ctx, frame->runs);
    kedge_release(frame->ctx, frame->groups);
    kedge_arena_release(&frame->arena);
}

/* ---- by group ---- */

kedge_status kedge_frame_partition(kedge_frame *frame, kedge_partition *partition)
{
    size_t *order = kedge_arena_alloc(&frame->arena, frame->n_runs, sizeof *order);
    size_t *first = kedge_arena_alloc(&frame->arena, frame->n_groups + 2, sizeof *first);
    if (!order || !first) return no_memory();
    for (size_t i = 0; i < frame->n_runs; i++) first[frame->runs[i].group + 2] += frame->runs[i].kept;
    for (size_t g = 2; g < frame->n_groups + 2; g++) first[g] += first[g - 1];
    for (size_t i = 0; i < frame->n_runs; i++) /* first[g + 1] moves from the begin of group g to its end */
        if (frame->runs[i].kept) order[first[frame->runs[i].group + 1]++] = i;
    *partition = (kedge_partition){.order = order, .first = first};
    return KEDGE_OK;
}

size_t kedge_frame_values(const kedge_frame *frame, const kedge_partition *partition, size_t group, size_t metric,
                          double *values)
{
    size_t n = 0;
    for (size_t i = partition->first[group]; i < partition->first[group + 1]; i++) {
        double value = frame->metrics[metric].values[partition->order[i]];
        if (isfinite(value)) values[n++] = value;
    }
    return n;
}
