/* store_fixture.h - a folder with a store in it, plans of runs, and what stands in the file then. */
#ifndef STORE_STORE_FIXTURE_H
#define STORE_STORE_FIXTURE_H

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "failing_alloc.h"
#include "kedge/version.h"
#include "store/setting.h"
#include "store/sql.h"

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    char folder[64], path[96];
    kedge_store *store; /* of the test, closed by teardown */
} fixture;

static inline int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f) return -1;
    kedge_context_options options = failing_alloc_options(&f->memory);
    options.kernels = "ref";
    strcpy(f->folder, "/tmp/kedge-store-XXXXXX");
    if (kedge_context_create(&f->ctx, &options) || !mkdtemp(f->folder)) return -1;
    snprintf(f->path, sizeof f->path, "%s/s.kedge", f->folder);
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    fixture *f = *state;
    kedge_store_close(f->store);
    kedge_remove_tree(f->folder);
    kedge_context_free(f->ctx);
    int status = f->memory.in_use == 0 ? 0 : -1;
    free(f);
    return status;
}

static inline void ok(kedge_status status)
{
    if (status) fail_msg("%s", kedge_error());
}

static inline kedge_store *open_store(fixture *f, kedge_store_mode mode)
{
    kedge_store_close(f->store);
    f->store = NULL;
    ok(kedge_store_open_for(&f->store, f->ctx, f->path, mode));
    return f->store;
}

static inline void close_store(fixture *f)
{
    kedge_store_close(f->store);
    f->store = NULL;
}

/* The last message with the file's path as 'STORE'. */
static inline const char *message(const fixture *f)
{
    static char text[1024];
    const char *said = kedge_error();
    size_t length = strlen(f->path);
    bool ours = strncmp(said, f->path, length) == 0;
    snprintf(text, sizeof text, "%s%s", ours ? "STORE" : "", ours ? said + length : said);
    return text;
}

static inline void refused(fixture *f, kedge_store_mode mode, kedge_status status, const char *why)
{
    kedge_store *store = NULL;
    assert_int_equal(kedge_store_open_for(&store, f->ctx, f->path, mode), status);
    assert_null(store);
    assert_string_equal(message(f), why);
}

/* ---- plans ---- */

static const kedge_store_recipe colour_wheel = {.title = "colour wheel", .text = "title: colour wheel\n",
                                                .schedule = "STEP,PHASE,ACTION,lr\n0,,,0.1\n"};

/* Seeds first .. first + n - 1 of a setting. */
static inline kedge_status add_seeds(kedge_store *store, const char *settings, int64_t first, size_t n,
                                     long long *pending)
{
    kedge_store_run *runs = calloc(n, sizeof *runs);
    if (!runs) return KEDGE_ENOMEM;
    for (size_t i = 0; i < n; i++)
        runs[i] = (kedge_store_run){.settings = settings, .seed = first + (int64_t)i, .stream = first + (int64_t)i};
    kedge_store_plan plan = {.recipes = &colour_wheel, .n_recipes = 1, .runs = runs, .n_runs = n};
    kedge_status status = kedge_store_add(store, &plan, pending);
    free(runs);
    return status;
}

/* A result with the metrics 'recon_mse' and 'score'. */
static inline kedge_status finish_one(kedge_store *store, int64_t id, double mse, double score)
{
    const char *const names[] = {"recon_mse", "score"};
    double values[] = {mse, score};
    kedge_store_result result = {.id = id, .n_metrics = 2, .names = names, .values = values};
    return kedge_store_finish(store, &result, 1);
}

/* ---- what stands there ---- */

/* The answer of a query as lines of values with '|' between; read by a connection of its own. */
static inline const char *ask(const fixture *f, const char *query)
{
    static char text[65536];
    sqlite3 *db;
    sqlite3_stmt *statement;
    size_t used = 0;
    text[0] = '\0';
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    if (sqlite3_prepare_v2(db, query, -1, &statement, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW)
        for (int i = 0, n = sqlite3_column_count(statement); i < n; i++) {
            const unsigned char *value = sqlite3_column_text(statement, i);
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%c", value ? (const char *)value : "-",
                                     i + 1 < n ? '|' : '\n');
            assert_true(used < sizeof text);
        }
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    sqlite3_close(db);
    return text;
}

#endif
