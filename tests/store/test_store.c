/* a store's file: made, opened, and refused with a reason where it is something else. */
#include "store_fixture.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <signal.h>

static void makes_a_store(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    close_store(f);
    assert_string_equal(ask(f, "PRAGMA application_id"), "1801742181\n");
    assert_string_equal(ask(f, "PRAGMA user_version"), "1\n");
    assert_string_equal(ask(f, "PRAGMA journal_mode"), "wal\n");
    assert_string_equal(ask(f, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"),
                        "claim\nmeta\nmetric\nrecipe\nrun\nworker\n");
}

static void says_what_made_it(void **state)
{
    fixture *f = *state;
    char want[128];
    open_store(f, KEDGE_STORE_CREATE);
    close_store(f);
    snprintf(want, sizeof want, "kedge|%s\nkernels|ref\n", kedge_version());
    assert_string_equal(ask(f, "SELECT key, value FROM meta ORDER BY key"), want);
}

static void keeps_the_first_note(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(kedge_store_note(f->store, "sweep", "one"));
    ok(kedge_store_note(f->store, "sweep", "two"));
    assert_string_equal(ask(f, "SELECT value FROM meta WHERE key = 'sweep'"), "one\n");
}

static void takes_an_empty_file(void **state)
{
    fixture *f = *state;
    ok(kedge_file_write(f->ctx, f->path, "", 0));
    open_store(f, KEDGE_STORE_CREATE);
    assert_string_equal(ask(f, "PRAGMA user_version"), "1\n");
}

static void leaves_one_file(void **state)
{
    fixture *f = *state;
    char side[128];
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 10, NULL));
    close_store(f);
    open_store(f, KEDGE_STORE_READ);
    close_store(f);
    snprintf(side, sizeof side, "%s-wal", f->path);
    assert_int_not_equal(access(side, F_OK), 0);
    snprintf(side, sizeof side, "%s-shm", f->path);
    assert_int_not_equal(access(side, F_OK), 0);
}

static void opens_paths_that_are_odd_as_uris(void **state)
{
    fixture *f = *state;
    snprintf(f->path, sizeof f->path, "%s/a?b#c%%41 d.kedge", f->folder);
    open_store(f, KEDGE_STORE_CREATE);
    open_store(f, KEDGE_STORE_READ);
    assert_int_equal(access(f->path, F_OK), 0);
}

static void leaves_no_worker_behind(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    assert_string_equal(ask(f, "SELECT count(*) FROM worker"), "1\n");
    close_store(f);
    assert_string_equal(ask(f, "SELECT count(*) FROM worker"), "0\n");
}

/* ---- what is refused ---- */

static void refuses_what_is_missing(void **state)
{
    fixture *f = *state;
    refused(f, KEDGE_STORE_READ, KEDGE_EIO, "STORE: cannot open: No such file or directory");
    refused(f, KEDGE_STORE_WRITE, KEDGE_EIO, "STORE: cannot open: No such file or directory");
    assert_int_not_equal(access(f->path, F_OK), 0);
}

static void refuses_names_of_what_would_be_gone(void **state)
{
    fixture *f = *state;
    f->path[0] = '\0';
    kedge_store *store = NULL;
    assert_int_equal(kedge_store_open_for(&store, f->ctx, "", KEDGE_STORE_CREATE), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "'' is no name for a store; must be the path of a file");
    assert_int_equal(kedge_store_open_for(&store, f->ctx, ":memory:", KEDGE_STORE_CREATE), KEDGE_EINVALID);
    assert_null(store);
}

static void refuses_a_missing_folder(void **state)
{
    fixture *f = *state;
    snprintf(f->path, sizeof f->path, "%s/none/s.kedge", f->folder);
    refused(f, KEDGE_STORE_CREATE, KEDGE_EIO,
            "STORE: cannot write (its folder must be writable too): No such file or directory");
}

static void refuses_a_directory(void **state)
{
    fixture *f = *state;
    ok(kedge_make_directory(f->path));
    refused(f, KEDGE_STORE_CREATE, KEDGE_EFORMAT, "STORE: not a store but a directory");
}

static void refuses_a_pipe(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkfifo(f->path, 0600), 0);
    refused(f, KEDGE_STORE_READ, KEDGE_EFORMAT, "STORE: not a store but a special file");
}

static void refuses_an_empty_file_to_read(void **state)
{
    fixture *f = *state;
    ok(kedge_file_write(f->ctx, f->path, "", 0));
    refused(f, KEDGE_STORE_READ, KEDGE_EFORMAT, "STORE: not a store but an empty file");
}

/* The file's bytes, to see that nothing touched them. */
static char *contents(const fixture *f, size_t *length)
{
    char *bytes;
    ok(kedge_file_read(f->ctx, f->path, 1 << 24, &bytes, length));
    return bytes;
}

static void refused_untouched(fixture *f, const char *why)
{
    size_t before_length, after_length;
    char *before = contents(f, &before_length);
    refused(f, KEDGE_STORE_READ, KEDGE_EFORMAT, why);
    refused(f, KEDGE_STORE_WRITE, KEDGE_EFORMAT, why);
    refused(f, KEDGE_STORE_CREATE, KEDGE_EFORMAT, why);
    char *after = contents(f, &after_length);
    assert_int_equal(before_length, after_length);
    assert_memory_equal(before, after, after_length);
    kedge_release(f->ctx, before);
    kedge_release(f->ctx, after);
}

static void refuses_another_kind_of_file(void **state)
{
    fixture *f = *state;
    char text[2000];
    memset(text, 'x', sizeof text);
    ok(kedge_file_write(f->ctx, f->path, text, sizeof text));
    refused_untouched(f, "STORE: not a store but another kind of file");
    ok(kedge_file_write(f->ctx, f->path, "short", 5));
    refused_untouched(f, "STORE: not a store but another kind of file");
}

static void run_sql(const fixture *f, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static void refuses_another_database(void **state)
{
    fixture *f = *state;
    run_sql(f, "CREATE TABLE run(id)");
    refused_untouched(f, "STORE: not a store but another SQLite database");
}

static void refuses_another_version(void **state)
{
    fixture *f = *state;
    char why[128];
    open_store(f, KEDGE_STORE_CREATE);
    close_store(f);
    run_sql(f, "PRAGMA user_version = 2");
    snprintf(why, sizeof why, "STORE: a store of version 2; kedge %s reads version 1", kedge_version());
    refused_untouched(f, why);
}

static void refuses_other_kernels(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    close_store(f);
    run_sql(f, "UPDATE meta SET value = 'avx9' WHERE key = 'kernels'");
    refused(f, KEDGE_STORE_WRITE, KEDGE_EEXISTS,
            "STORE: its runs are computed with kernels 'avx9', not 'ref'; choose these, or another store");
    open_store(f, KEDGE_STORE_READ);
}

/* A store that is cut short is damaged, or no store; never a crash, and never an answer. */
static void refuses_a_truncated_store(void **state)
{
    fixture *f = *state;
    struct stat info;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 2000, NULL));
    close_store(f);
    assert_int_equal(stat(f->path, &info), 0);
    for (off_t size = info.st_size - 4096; size > 0; size -= 4096 * 5 + 100) {
        kedge_store *store = NULL;
        kedge_store_job jobs[2000];
        size_t n;
        assert_int_equal(truncate(f->path, size), 0);
        kedge_status status = kedge_store_open_for(&store, f->ctx, f->path, KEDGE_STORE_WRITE);
        if (!status) status = kedge_store_claim(store, 2000, jobs, &n);
        assert_int_equal(status, KEDGE_EFORMAT);
        kedge_store_close(store);
    }
}

static void refuses_a_store_without_its_tables(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    close_store(f);
    run_sql(f, "DROP TABLE worker");
    refused(f, KEDGE_STORE_WRITE, KEDGE_EFORMAT, "STORE: damaged: no such table: worker");
}

/* ---- where nothing can be written ---- */

/* What an ordinary user gets, in a process of its own: rights do not bind root. */
static void as_nobody(fixture *f, void (*body)(fixture *))
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && seteuid(65534) != 0) _exit(99);
        body(f);
        _exit(strcmp(message(f), "STORE: cannot write: the file or its folder is read-only") == 0 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void try_writing(fixture *f)
{
    kedge_store *store;
    if (kedge_store_open_for(&store, f->ctx, f->path, KEDGE_STORE_WRITE) != KEDGE_EIO) _exit(2);
}

static void refuses_to_write_a_read_only_file(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    close_store(f);
    assert_int_equal(chmod(f->folder, 0777), 0);
    assert_int_equal(chmod(f->path, 0444), 0);
    as_nobody(f, try_writing);
}

static void refuses_to_write_into_a_read_only_folder(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    close_store(f);
    assert_int_equal(chmod(f->path, 0666), 0);
    assert_int_equal(chmod(f->folder, 0555), 0);
    as_nobody(f, try_writing);
    assert_int_equal(chmod(f->folder, 0755), 0);
}

static void try_reading(fixture *f)
{
    kedge_store *store;
    long long pending;
    if (kedge_store_open(&store, f->ctx, f->path)) _exit(2);
    if (kedge_sql_number(store, KEDGE_SQL_COUNT_PENDING, &pending) || pending != 7) _exit(3);
    kedge_store_close(store);
    kedge_store_open_for(&store, f->ctx, f->path, KEDGE_STORE_WRITE); /* for its message */
}

static void reads_from_a_read_only_folder(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 7, NULL));
    close_store(f);
    assert_int_equal(chmod(f->path, 0444), 0);
    assert_int_equal(chmod(f->folder, 0555), 0);
    as_nobody(f, try_reading);
    assert_int_equal(chmod(f->folder, 0755), 0);
}

static void a_reader_writes_nothing(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    open_store(f, KEDGE_STORE_READ);
    assert_int_equal(add_seeds(f->store, "{}", 0, 1, NULL), KEDGE_EIO);
    assert_string_equal(message(f), "STORE: cannot write: the file or its folder is read-only");
}

/* ---- a full disk ---- */

static void a_full_store_keeps_what_it_had(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 100, NULL));
    assert_int_equal(sqlite3_exec(f->store->db, "PRAGMA max_page_count = 30", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(add_seeds(f->store, "{}", 100, 5000, NULL), KEDGE_EIO);
    assert_string_equal(message(f), "STORE: cannot write: no space left");
    assert_string_equal(ask(f, "SELECT count(*), max(seed) FROM run"), "100|99\n");
    assert_int_equal(sqlite3_exec(f->store->db, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL), SQLITE_OK);
    ok(add_seeds(f->store, "{}", 100, 5000, NULL));
    assert_string_equal(ask(f, "SELECT count(*), max(seed) FROM run"), "5100|5099\n");
}

static void a_file_at_its_limit_keeps_what_it_had(void **state)
{
    fixture *f = *state;
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, 100, NULL));
    close_store(f);
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    open_store(f, KEDGE_STORE_WRITE);
    small = (struct rlimit){.rlim_cur = 200000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    kedge_status status = add_seeds(f->store, "{}", 100, 20000, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, KEDGE_EIO);
    assert_string_equal(message(f), "STORE: cannot write: File too large");
    close_store(f);
    assert_string_equal(ask(f, "SELECT count(*), max(seed) FROM run"), "100|99\n");
    assert_string_equal(ask(f, "PRAGMA integrity_check"), "ok\n");
}

/* ---- memory ---- */

static void bears_the_lack_of_memory(void **state)
{
    fixture *f = *state;
    for (size_t n = 1;; n++) {
        kedge_store *store = NULL;
        kedge_store_job jobs[2];
        size_t claimed;
        snprintf(f->path, sizeof f->path, "%s/%zu.kedge", f->folder, n);
        f->memory.requests = 0;
        f->memory.fail_at = n;
        kedge_status status = kedge_store_open_for(&store, f->ctx, f->path, KEDGE_STORE_CREATE);
        if (!status) status = add_seeds(store, "{}", 0, 3, NULL);
        if (!status) status = kedge_store_claim(store, 2, jobs, &claimed);
        if (!status) status = finish_one(store, jobs[0].id, 1, 2);
        bool all = f->memory.requests < n;
        f->memory.fail_at = 0;
        kedge_store_close(store);
        assert_int_equal(status, all ? KEDGE_OK : KEDGE_ENOMEM);
        if (all) break;
    }
}

/* The same with SQLite's own memory, which it gets elsewhere. */
static void bears_that_sqlite_lacks_memory(void **state)
{
    enum { STEP = 1777 };
    fixture *f = *state;
    kedge_status status = KEDGE_ENOMEM;
    for (sqlite3_int64 room = STEP; status; room += STEP) {
        kedge_store *store = NULL;
        kedge_table *table = NULL;
        kedge_store_job jobs[2];
        size_t claimed = 0;
        snprintf(f->path, sizeof f->path, "%s/%lld.kedge", f->folder, (long long)room);
        sqlite3_hard_heap_limit64(sqlite3_memory_used() + room);
        status = kedge_store_open_for(&store, f->ctx, f->path, KEDGE_STORE_CREATE);
        if (!status) status = add_seeds(store, "{\"a\":1}", 0, 3, NULL);
        if (!status) status = kedge_store_claim(store, 2, jobs, &claimed);
        if (!status) assert_string_equal(jobs[1].settings, "{\"a\":1}");
        if (!status) status = finish_one(store, jobs[0].id, 1, 2);
        if (!status) status = kedge_store_runs(&table, store, &(kedge_store_query){.all_metrics = 1});
        if (status && status != KEDGE_ENOMEM) fail_msg("%s", kedge_error());
        kedge_table_free(table);
        kedge_store_close(store);
        sqlite3_hard_heap_limit64(0);
    }
    assert_string_equal(ask(f, "SELECT count(*), sum(status = 'done') FROM run"), "3|1\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(makes_a_store),
        TEST(says_what_made_it),
        TEST(keeps_the_first_note),
        TEST(takes_an_empty_file),
        TEST(leaves_one_file),
        TEST(opens_paths_that_are_odd_as_uris),
        TEST(leaves_no_worker_behind),
        TEST(refuses_what_is_missing),
        TEST(refuses_names_of_what_would_be_gone),
        TEST(refuses_a_missing_folder),
        TEST(refuses_a_directory),
        TEST(refuses_a_pipe),
        TEST(refuses_an_empty_file_to_read),
        TEST(refuses_another_kind_of_file),
        TEST(refuses_another_database),
        TEST(refuses_another_version),
        TEST(refuses_other_kernels),
        TEST(refuses_a_truncated_store),
        TEST(refuses_a_store_without_its_tables),
        TEST(refuses_to_write_a_read_only_file),
        TEST(refuses_to_write_into_a_read_only_folder),
        TEST(reads_from_a_read_only_folder),
        TEST(a_reader_writes_nothing),
        TEST(a_full_store_keeps_what_it_had),
        TEST(a_file_at_its_limit_keeps_what_it_had),
        TEST(bears_the_lack_of_memory),
        TEST(bears_that_sqlite_lacks_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
