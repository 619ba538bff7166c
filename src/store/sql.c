/* sql.c - the few calls through which a store talks to SQLite, and the texts of its statements. */
#include "store/sql.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"

static const char *const texts[KEDGE_SQL_N] = {
    [KEDGE_SQL_BEGIN] = "BEGIN",
    [KEDGE_SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [KEDGE_SQL_COMMIT] = "COMMIT",
    [KEDGE_SQL_GET_META] = "SELECT value FROM meta WHERE key = ?1",
    [KEDGE_SQL_ADD_META] = "INSERT INTO meta(key, value) VALUES(?1, ?2) ON CONFLICT DO NOTHING",
    [KEDGE_SQL_ADD_RECIPE] =
        "INSERT INTO recipe(digest, title, text, schedule) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    [KEDGE_SQL_ADD_RUN] =
        "INSERT INTO run(recipe, settings, seed, stream) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    [KEDGE_SQL_ADD_PLANNED] =
        "INSERT INTO planned(run, place) SELECT id, ?5 FROM run WHERE recipe = ?1 AND settings = ?2 AND seed = ?3 "
        "AND stream = ?4 ON CONFLICT DO NOTHING",
    [KEDGE_SQL_COUNT_PENDING] =
        "SELECT count(*) FROM run JOIN planned ON planned.run = run.id WHERE status = 'pending'",
    [KEDGE_SQL_COUNT_FAILED] =
        "SELECT count(*) FROM run JOIN planned ON planned.run = run.id WHERE status = 'failed'",
    [KEDGE_SQL_RETRY_METRICS] =
        "DELETE FROM metric WHERE run_id IN (SELECT id FROM run JOIN planned ON planned.run = run.id "
        "WHERE status = 'failed')",
    [KEDGE_SQL_RETRY] =
        "UPDATE run SET status = 'pending', message = NULL WHERE status = 'failed' AND id IN (SELECT run FROM planned)",
    [KEDGE_SQL_BEAT] =
        "INSERT INTO worker(id, host, pid, started, beat) VALUES(?1, ?2, ?3, ?4, CAST(strftime('%s') AS INTEGER)) "
        "ON CONFLICT(id) DO UPDATE SET beat = excluded.beat",
    [KEDGE_SQL_WORKERS] =
        "SELECT id, host, pid, started, CAST(strftime('%s') AS INTEGER) - beat FROM worker WHERE id <> ?1",
    [KEDGE_SQL_DROP_WORKER] = "DELETE FROM worker WHERE id = ?1",
    [KEDGE_SQL_FREE_RUNS] =
        "SELECT id, recipe, settings, seed, stream, place FROM run CROSS JOIN planned ON planned.run = run.id "
        "WHERE status = 'pending' AND NOT EXISTS (SELECT 1 FROM claim WHERE run_id = run.id) ORDER BY id LIMIT ?1",
    [KEDGE_SQL_ADD_CLAIM] = "INSERT INTO claim(run_id, worker) VALUES(?1, ?2)",
    [KEDGE_SQL_COUNT_CLAIMS] = "SELECT count(*) FROM claim JOIN planned ON planned.run = run_id WHERE worker <> ?1",
    [KEDGE_SQL_DROP_CLAIM] = "DELETE FROM claim WHERE run_id = ?1",
    [KEDGE_SQL_DROP_CLAIMS] = "DELETE FROM claim WHERE worker = ?1",
    [KEDGE_SQL_FINISH] = "UPDATE run SET status = ?2, message = ?3 WHERE id = ?1 AND status = 'pending'",
    [KEDGE_SQL_ADD_METRIC] = "INSERT INTO metric(run_id, name, value) VALUES(?1, ?2, ?3)",
    [KEDGE_SQL_GROUPS] =
        "SELECT recipe, settings, (SELECT title FROM recipe WHERE digest = run.recipe) FROM run "
        "GROUP BY recipe, settings ORDER BY min(id)",
    [KEDGE_SQL_SETTINGS] = "SELECT key, type, value FROM json_each(?1)",
    [KEDGE_SQL_RUNS] = "SELECT id, recipe, settings, seed, stream, status, message FROM run ORDER BY id",
    [KEDGE_SQL_HAS_METRIC] = "SELECT 1 FROM metric WHERE name = ?1 LIMIT 1",
    [KEDGE_SQL_METRIC_NAMES] = "SELECT DISTINCT name FROM metric ORDER BY name",
    [KEDGE_SQL_METRICS] = "SELECT name, value FROM metric WHERE run_id = ?1 ORDER BY name",
    [KEDGE_SQL_METRIC] = "SELECT value FROM metric WHERE run_id = ?1 AND name = ?2",
};

/* What the operating system said, where SQLite asked it. */
static kedge_status fail_system(kedge_store *store, const char *what)
{
    int reason = sqlite3_system_errno(store->db);
    if (reason == 0) return kedge_fail(KEDGE_EIO, "%s: cannot %s: %s", store->path, what, sqlite3_errmsg(store->db));
    return kedge_fail(KEDGE_EIO, "%s: cannot %s: %s", store->path, what, strerror(reason));
}

kedge_status kedge_sql_fail(kedge_store *store)
{
    const char *verb = store->writes ? "write" : "read";
    switch (sqlite3_errcode(store->db) & 0xff) { /* the rest says more of some kinds */
    case SQLITE_NOMEM: return kedge_fail(KEDGE_ENOMEM, "%s: out of memory", store->path);
    case SQLITE_FULL: return kedge_fail(KEDGE_EIO, "%s: cannot write: no space left", store->path);
    case SQLITE_READONLY:
        return kedge_fail(KEDGE_EIO, "%s: cannot write: the file or its folder is read-only", store->path);
    case SQLITE_PERM:
    case SQLITE_AUTH: return kedge_fail(KEDGE_EIO, "%s: cannot %s: %s", store->path, verb, strerror(EACCES));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return kedge_fail(KEDGE_EIO, "%s: locked by another process; try again when it is done", store->path);
    case SQLITE_CANTOPEN:
        return fail_system(store, store->writes ? "write (its folder must be writable too)" : "read");
    case SQLITE_IOERR: return fail_system(store, verb);
    case SQLITE_NOTADB: return kedge_fail(KEDGE_EFORMAT, "%s: not a store", store->path);
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
        return kedge_fail(KEDGE_EFORMAT, "%s: damaged: %s", store->path, sqlite3_errmsg(store->db));
    default: return kedge_fail(KEDGE_EIO, "%s: %s", store->path, sqlite3_errmsg(store->db));
    }
}

kedge_status kedge_sql_text(kedge_store *store, const char *text)
{
    return sqlite3_exec(store->db, text, NULL, NULL, NULL) == SQLITE_OK ? KEDGE_OK : kedge_sql_fail(store);
}

kedge_status kedge_sql_get(kedge_store *store, kedge_sql which, sqlite3_stmt **out)
{
    sqlite3_stmt **kept = &store->statements[which];
    if (!*kept && sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, kept, NULL) != SQLITE_OK)
        return kedge_sql_fail(store);
    sqlite3_reset(*kept);
    sqlite3_clear_bindings(*kept);
    *out = *kept;
    return KEDGE_OK;
}

bool kedge_sql_next(kedge_store *store, sqlite3_stmt *statement, kedge_status *status)
{
    int code = sqlite3_step(statement);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) *status = kedge_sql_fail(store);
    sqlite3_reset(statement);
    return false;
}

kedge_status kedge_sql_run(kedge_store *store, sqlite3_stmt *statement)
{
    kedge_status status = KEDGE_OK;
    while (kedge_sql_next(store, statement, &status)) {
    }
    return status;
}

kedge_status kedge_sql_do(kedge_store *store, kedge_sql which)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, which, &statement);
    return status ? status : kedge_sql_run(store, statement);
}

kedge_status kedge_sql_number(kedge_store *store, kedge_sql which, long long *number)
{
    sqlite3_stmt *statement = NULL;
    kedge_status status = kedge_sql_get(store, which, &statement);
    if (status) return status;
    *number = 0;
    while (kedge_sql_next(store, statement, &status)) *number = sqlite3_column_int64(statement, 0);
    return status;
}

/* Nothing is copied, so that it cannot fail. */
void kedge_sql_bind_text(sqlite3_stmt *statement, int i, const char *text)
{
    sqlite3_bind_text(statement, i, text, -1, SQLITE_STATIC);
}

const char *kedge_sql_column_text(sqlite3_stmt *statement, int i)
{
    const unsigned char *text = sqlite3_column_text(statement, i);
    return text ? (const char *)text : "";
}

kedge_status kedge_sql_begin(kedge_store *store, kedge_sql kind)
{
    return kedge_sql_do(store, kind);
}

kedge_status kedge_sql_end(kedge_store *store, kedge_status status)
{
    if (!status) status = kedge_sql_do(store, KEDGE_SQL_COMMIT);
    /* Some failures have rolled back already; what cannot be rolled back now is when the connection closes. */
    if (status && !sqlite3_get_autocommit(store->db)) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    return status;
}
