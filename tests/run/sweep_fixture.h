/* sweep_fixture.h - sweeps over a small recipe into a store, and what then stands there. */
#ifndef RUN_SWEEP_FIXTURE_H
#define RUN_SWEEP_FIXTURE_H

#include "run_fixture.h"

#include <sqlite3.h>

#include "kedge/sweep.h"

/* Writes the recipe with so many steps; it need not be without a mistake. */
static inline void write_steps(fixture *f, int steps, const char *more)
{
    char text[512];
    snprintf(text, sizeof text, "steps: %d\n%s", steps, more);
    load(f, -1, NULL, text, NULL);
}

static inline void write_recipe(fixture *f, const char *more)
{
    write_steps(f, 20, more);
}

static inline kedge_status sweep(const fixture *f, const char *store, kedge_sweep_options options,
                                 kedge_sweep_report *report)
{
    char path[256];
    snprintf(path, sizeof path, "%s", in_folder(f, store));
    return kedge_sweep(report, f->ctx, f->folder, path, &options);
}

/* One that must succeed. */
static inline kedge_sweep_report swept(const fixture *f, const char *store, kedge_sweep_options options)
{
    kedge_sweep_report report;
    if (sweep(f, store, options, &report)) fail_msg("%s", kedge_error());
    return report;
}

/* Appends the answer of a query as lines of values with '|' between. */
static inline void add_rows(sqlite3 *db, const char *query, char *text, size_t size)
{
    sqlite3_stmt *statement;
    size_t used = strlen(text);
    if (sqlite3_prepare_v2(db, query, -1, &statement, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0, n = sqlite3_column_count(statement); i < n; i++) {
            const unsigned char *value = sqlite3_column_text(statement, i);
            used += (size_t)snprintf(text + used, size - used, "%s%c", value ? (const char *)value : "-",
                                     i + 1 < n ? '|' : '\n');
            assert_true(used < size);
        }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
}

enum { DUMP_BYTES = 1 << 22 };

static inline char *rows_of(const fixture *f, const char *store, const char *const *queries)
{
    sqlite3 *db;
    char *text = calloc(1, DUMP_BYTES);
    assert_non_null(text);
    assert_int_equal(sqlite3_open_v2(in_folder(f, store), &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    for (; *queries; queries++) add_rows(db, *queries, text, DUMP_BYTES);
    sqlite3_close(db);
    return text;
}

/* All that a store says, in a block that the test frees; values to the last bit. */
static inline char *dump(const fixture *f, const char *store)
{
    static const char *const all[] = {
        "SELECT * FROM recipe ORDER BY digest", "SELECT * FROM run ORDER BY id",
        "SELECT run_id, name, printf('%!.17g', value) FROM metric ORDER BY run_id, name",
        "SELECT * FROM claim", NULL};
    return rows_of(f, store, all);
}

static inline void assert_same_store(const fixture *f, const char *a, const char *b)
{
    char *left = dump(f, a), *right = dump(f, b);
    assert_true(strlen(left) > 100);
    assert_string_equal(left, right);
    free(left);
    free(right);
}

/* The answer of one query, until the next. */
static inline const char *ask(const fixture *f, const char *store, const char *query)
{
    static char *text;
    const char *const queries[] = {query, NULL};
    static char kept[1 << 16];
    text = rows_of(f, store, queries);
    snprintf(kept, sizeof kept, "%s", text);
    free(text);
    return kept;
}

#endif
