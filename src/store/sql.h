/* sql.h - a store and the few calls through which all of it talks to SQLite. */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <sqlite3.h>

#include "base/arena.h"
#include "store/process.h"
#include "store/store.h"

/* Statements that are kept prepared; their texts stand in sql.c. */
typedef enum kedge_sql {
    KEDGE_SQL_BEGIN,
    KEDGE_SQL_BEGIN_WRITE,
    KEDGE_SQL_COMMIT,
    KEDGE_SQL_GET_META,
    KEDGE_SQL_ADD_META,
    KEDGE_SQL_ADD_RECIPE,
    KEDGE_SQL_ADD_RUN,
    KEDGE_SQL_ADD_PLANNED,
    KEDGE_SQL_COUNT_PENDING,
    KEDGE_SQL_COUNT_FAILED,
    KEDGE_SQL_RETRY_METRICS,
    KEDGE_SQL_RETRY,
    KEDGE_SQL_BEAT,
    KEDGE_SQL_WORKERS,
    KEDGE_SQL_DROP_WORKER,
    KEDGE_SQL_FREE_RUNS,
    KEDGE_SQL_ADD_CLAIM,
    KEDGE_SQL_COUNT_CLAIMS,
    KEDGE_SQL_DROP_CLAIM,
    KEDGE_SQL_DROP_CLAIMS,
    KEDGE_SQL_FINISH,
    KEDGE_SQL_ADD_METRIC,
    KEDGE_SQL_GROUPS,
    KEDGE_SQL_SETTINGS,
    KEDGE_SQL_RUNS,
    KEDGE_SQL_HAS_METRIC,
    KEDGE_SQL_METRIC_NAMES,
    KEDGE_SQL_METRIC,
    KEDGE_SQL_METRICS,
    KEDGE_SQL_N
} kedge_sql;

struct kedge_store {
    kedge_context *ctx;
    sqlite3 *db;
    char *path;
    sqlite3_stmt *statements[KEDGE_SQL_N];
    bool writes;
    bool has_plan;     /* the temporary 'planned' is a table, of the plan that was added; else it shows all runs */
    kedge_process process;
    char worker[320];  /* what this store is called in claims; "": not in the table yet */
    kedge_arena texts; /* of the last claim */
};

/* The last failure of SQLite as status and message. */
kedge_status kedge_sql_fail(kedge_store *store);
/* Statements without an answer, for the schema and for settings of the connection. */
kedge_status kedge_sql_text(kedge_store *store, const char *text);
/* A statement, ready for its values. */
kedge_status kedge_sql_get(kedge_store *store, kedge_sql which, sqlite3_stmt **out);
/* Whether there is another row. If not, the statement is reset; *status is set only if that is because of a failure. */
bool kedge_sql_next(kedge_store *store, sqlite3_stmt *statement, kedge_status *status);
/* Runs a statement that answers nothing; its values are bound. */
kedge_status kedge_sql_run(kedge_store *store, sqlite3_stmt *statement);
/* Runs one that has no values. */
kedge_status kedge_sql_do(kedge_store *store, kedge_sql which);
/* One whole number from a statement without values. */
kedge_status kedge_sql_number(kedge_store *store, kedge_sql which, long long *number);

/* A text that outlives the statement's step. */
void kedge_sql_bind_text(sqlite3_stmt *statement, int i, const char *text);
/* A column as text; "" for NULL, or without memory. */
const char *kedge_sql_column_text(sqlite3_stmt *statement, int i);

/* A transaction: end commits if 'status' is KEDGE_OK and takes all back otherwise; returns what came of it. */
kedge_status kedge_sql_begin(kedge_store *store, kedge_sql kind);
kedge_status kedge_sql_end(kedge_store *store, kedge_status status);

#endif
