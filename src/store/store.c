/* store.c - a store's file: made, opened, closed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "kedge/version.h"
#include "store/sql.h"

enum { PATIENCE = 30000 /* milliseconds to wait for another process's lock */, STEP = 20 };

/* docs/store.md describes it. A change of it is a new KEDGE_STORE_VERSION. */
static const char schema[] =
    "CREATE TABLE meta(\n"
    "    key TEXT PRIMARY KEY,\n"
    "    value TEXT NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE recipe(\n"
    "    digest TEXT PRIMARY KEY,\n"
    "    title TEXT NOT NULL,\n"
    "    text TEXT NOT NULL,\n"
    "    schedule TEXT\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE run(\n"
    "    id INTEGER PRIMARY KEY,\n"
    "    recipe TEXT NOT NULL REFERENCES recipe(digest),\n"
    "    settings TEXT NOT NULL CHECK(settings GLOB '{*}'),\n"
    "    seed INTEGER NOT NULL,\n"
    "    stream INTEGER NOT NULL,\n"
    "    status TEXT NOT NULL DEFAULT 'pending' CHECK(status IN ('pending', 'done', 'failed')),\n"
    "    message TEXT CHECK((message IS NOT NULL) = (status = 'failed')),\n"
    "    UNIQUE(recipe, settings, seed, stream)\n"
    ") STRICT;\n"
    "CREATE INDEX run_pending ON run(id) WHERE status = 'pending';\n"
    "CREATE TABLE metric(\n"
    "    run_id INTEGER NOT NULL REFERENCES run(id),\n"
    "    name TEXT NOT NULL,\n"
    "    value REAL,\n"
    "    PRIMARY KEY(run_id, name)\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE worker(\n"
    "    id TEXT PRIMARY KEY,\n"
    "    host TEXT NOT NULL,\n"
    "    pid INTEGER NOT NULL,\n"
    "    started INTEGER NOT NULL,\n"
    "    beat INTEGER NOT NULL\n"
    ") STRICT, WITHOUT ROWID;\n"
    "CREATE TABLE claim(\n"
    "    run_id INTEGER PRIMARY KEY REFERENCES run(id),\n"
    "    worker TEXT NOT NULL REFERENCES worker(id) ON DELETE CASCADE\n"
    ") STRICT;\n"
    "CREATE INDEX claim_worker ON claim(worker);\n";

/* ---- whether it is one ---- */

static kedge_status not_a_store(const char *path, const char *what)
{
    return kedge_fail(KEDGE_EFORMAT, "%s: not a store but %s", path, what);
}

/* One number that a PRAGMA answers. */
static kedge_status ask(kedge_store *store, const char *pragma, long long *answer)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = KEDGE_OK;
    *answer = 0;
    if (sqlite3_prepare_v2(store->db, pragma, -1, &statement, NULL) != SQLITE_OK) return kedge_sql_fail(store);
    if (kedge_sql_next(store, statement, &status)) *answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return status;
}

/* *fresh: nothing has been made in the file yet. */
static kedge_status check_marks(kedge_store *store, bool *fresh)
{
    long long application, version, tables;
    kedge_status status = ask(store, "PRAGMA application_id", &application);
    if (!status) status = ask(store, "PRAGMA user_version", &version);
    if (!status) status = ask(store, "SELECT count(*) FROM sqlite_master", &tables);
    if (status) return status;
    *fresh = application == 0 && version == 0 && tables == 0;
    if (*fresh) return KEDGE_OK;
    if (application != KEDGE_STORE_APPLICATION) return not_a_store(store->path, "another SQLite database");
    if (version != KEDGE_STORE_VERSION)
        return kedge_fail(KEDGE_EFORMAT, "%s: a store of version %lld; kedge %s reads version %d", store->path, version,
                          kedge_version(), KEDGE_STORE_VERSION);
    return KEDGE_OK;
}

/* ---- the connection ---- */

/* The path as a URI, which is how SQLite is told that nobody writes. */
static kedge_status connect_immutable(kedge_store *store)
{
    kedge_text uri;
    kedge_text_init(&uri, store->ctx);
    kedge_text_add(&uri, "file:");
    if (store->path[0] != '/') kedge_text_add(&uri, "./"); /* no authority is meant by what comes first */
    for (const char *c = store->path; *c; c++)
        if (strchr("?#%", *c)) kedge_text_addf(&uri, "%%%02x", (unsigned)*c);
        else kedge_text_add_bytes(&uri, c, 1);
    kedge_text_add(&uri, "?immutable=1");
    kedge_status status = kedge_text_status(&uri, "the path of a store");
    if (!status && sqlite3_open_v2(kedge_text_string(&uri), &store->db,
                                   SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        status = store->db ? kedge_sql_fail(store) : kedge_fail_memory("a store");
    kedge_text_release(&uri);
    return status;
}

static void disconnect(kedge_store *store)
{
    for (int i = 0; i < KEDGE_SQL_N; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    sqlite3_close(store->db);
    store->db = NULL;
}

/* What counts as planned until a plan is added. */
static kedge_status plan_all(kedge_store *store)
{
    return kedge_sql_text(store, "PRAGMA temp_store = MEMORY; "
                                 "CREATE TEMP VIEW planned AS SELECT id AS run, 0 AS place FROM main.run");
}

static kedge_status connect_shared(kedge_store *store, bool create)
{
    /* For reading too: a reader takes part in the locks, and the last one out tidies up. SQLite falls back to reading
     * where the file may not be written. */
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
    if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK)
        return store->db ? kedge_sql_fail(store) : kedge_fail_memory("a store");
    sqlite3_busy_timeout(store->db, PATIENCE);
    /* A file from elsewhere must not bring code along: functions in its schema, writes into it. */
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    kedge_status status = kedge_sql_text(store, "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL");
    return status ? status : plan_all(store);
}

/* Looks at the file without locks and without a trace, since it may be somebody else's. *fresh: missing or empty. */
static kedge_status look(kedge_store *store, bool create, bool *fresh)
{
    struct stat info;
    *fresh = false;
    if (stat(store->path, &info) != 0) {
        *fresh = errno == ENOENT && create;
        return *fresh ? KEDGE_OK : kedge_fail(KEDGE_EIO, "%s: cannot open: %s", store->path, strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) return not_a_store(store->path, "a directory");
    if (!S_ISREG(info.st_mode)) return not_a_store(store->path, "a special file");
    if (access(store->path, R_OK) != 0)
        return kedge_fail(KEDGE_EIO, "%s: cannot open: %s", store->path, strerror(errno));
    if (info.st_size == 0) {
        *fresh = create;
        return create ? KEDGE_OK : not_a_store(store->path, "an empty file");
    }
    kedge_status status = connect_immutable(store);
    if (!status) status = check_marks(store, fresh);
    if (status == KEDGE_EFORMAT && sqlite3_errcode(store->db) == SQLITE_NOTADB)
        status = not_a_store(store->path, "another kind of file");
    disconnect(store);
    if (!status && *fresh && !create) status = not_a_store(store->path, "an empty SQLite database");
    return status;
}

/* ---- making it ---- */

static kedge_status add_meta(kedge_store *store, const char *key, const char *value)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_ADD_META, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, key);
    kedge_sql_bind_text(statement, 2, value);
    return kedge_sql_run(store, statement);
}

/* In one transaction, and not yet with a log beside the file: from then on its first page says what it is. */
static kedge_status make_schema(kedge_store *store)
{
    char marks[96];
    bool fresh;
    kedge_status status = kedge_sql_text(store, "BEGIN EXCLUSIVE");
    if (status) return status;
    status = check_marks(store, &fresh);
    if (!status && fresh) {
        snprintf(marks, sizeof marks, "PRAGMA application_id = %d; PRAGMA user_version = %d", KEDGE_STORE_APPLICATION,
                 KEDGE_STORE_VERSION);
        status = kedge_sql_text(store, marks);
        if (!status) status = kedge_sql_text(store, schema);
        if (!status) status = add_meta(store, "kedge", kedge_version());
        if (!status) status = add_meta(store, "kernels", kedge_context_kernels(store->ctx));
    }
    return kedge_sql_end(store, status);
}

/* Writers append to a log, so that readers see the last whole state meanwhile. The change to it does not wait for
 * locks by itself. */
static kedge_status use_log(kedge_store *store)
{
    for (int waited = 0;; waited += STEP) {
        kedge_status status = kedge_sql_text(store, "PRAGMA journal_mode = WAL");
        int code = sqlite3_errcode(store->db) & 0xff;
        if (!status || (code != SQLITE_BUSY && code != SQLITE_LOCKED) || waited >= PATIENCE) return status;
        sqlite3_sleep(STEP);
    }
}

static kedge_status check_kernels(kedge_store *store)
{
    sqlite3_stmt *statement = NULL;
    const char *ours = kedge_context_kernels(store->ctx);
    kedge_status status = kedge_sql_get(store, KEDGE_SQL_GET_META, &statement);
    if (status) return status;
    kedge_sql_bind_text(statement, 1, "kernels");
    while (kedge_sql_next(store, statement, &status)) {
        const char *theirs = kedge_sql_column_text(statement, 0);
        if (strcmp(theirs, ours) == 0) continue;
        status = kedge_fail(KEDGE_EEXISTS, "%s: its runs are computed with kernels '%s', not '%s'; choose these, or "
                            "another store", store->path, theirs, ours);
        sqlite3_reset(statement);
        break;
    }
    return status;
}

static kedge_status open_for_writing(kedge_store *store, bool create)
{
    kedge_status status = connect_shared(store, create);
    if (!status && sqlite3_db_readonly(store->db, "main") == 1)
        status = kedge_fail(KEDGE_EIO, "%s: cannot write: the file or its folder is read-only", store->path);
    if (!status && create) status = make_schema(store);
    if (!status) status = use_log(store);
    if (!status) status = check_kernels(store);
    if (!status) status = kedge_store_beat(store); /* the first write: better it fails now */
    return status;
}

/* A store at rest in a folder that cannot be written has no log, and none can be made. */
static kedge_status open_for_reading(kedge_store *store)
{
    long long tables;
    kedge_status status = connect_shared(store, false);
    if (!status) status = kedge_sql_text(store, "PRAGMA query_only = ON");
    if (!status) status = ask(store, "SELECT count(*) FROM sqlite_master", &tables);
    int code = sqlite3_errcode(store->db) & 0xff;
    if (!status || (code != SQLITE_CANTOPEN && code != SQLITE_READONLY)) return status;
    disconnect(store);
    status = connect_immutable(store);
    return status ? status : plan_all(store);
}

/* ---- the object ---- */

kedge_status kedge_store_open_for(kedge_store **out, kedge_context *ctx, const char *path, kedge_store_mode mode)
{
    bool create = mode == KEDGE_STORE_CREATE, fresh;
    /* SQLite would take these for a database that is gone when it is closed. */
    if (!*path || strcmp(path, ":memory:") == 0)
        return kedge_fail(KEDGE_EINVALID, "'%s' is no name for a store; must be the path of a file", path);
    kedge_store *store = kedge_alloc_zero(ctx, 1, sizeof *store);
    if (!store) return kedge_fail_memory("a store");
    store->ctx = ctx;
    store->writes = mode != KEDGE_STORE_READ;
    kedge_arena_init(&store->texts, ctx);
    kedge_process_self(&store->process);
    kedge_status status = KEDGE_OK;
    store->path = kedge_alloc(ctx, strlen(path) + 1, 1);
    if (!store->path) {
        status = kedge_fail_memory("a store");
        goto done;
    }
    memcpy(store->path, path, strlen(path) + 1);
    status = look(store, create, &fresh);
    if (!status) status = store->writes ? open_for_writing(store, create) : open_for_reading(store);
done:
    if (status) kedge_store_close(store);
    else *out = store;
    return status;
}

kedge_status kedge_store_open(kedge_store **out, kedge_context *context, const char *path)
{
    return kedge_store_open_for(out, context, path, KEDGE_STORE_READ);
}

/* What it still claims is given back by taking its name from the list of workers. Where that fails (a full disk), the
 * next one who looks finds this process gone. Neither is worth a message, let alone one over the caller's. */
static void leave(kedge_store *store)
{
    sqlite3_stmt *statement = NULL;
    if (!store->worker[0]) return;
    if (sqlite3_prepare_v2(store->db, "DELETE FROM worker WHERE id = ?1", -1, &statement, NULL) == SQLITE_OK) {
        kedge_sql_bind_text(statement, 1, store->worker);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
}

void kedge_store_close(kedge_store *store)
{
    if (!store) return;
    if (store->db) leave(store);
    disconnect(store);
    kedge_arena_release(&store->texts);
    kedge_release(store->ctx, store->path);
    kedge_release(store->ctx, store);
}

kedge_status kedge_store_note(kedge_store *store, const char *key, const char *value)
{
    return add_meta(store, key, value);
}
