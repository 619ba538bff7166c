/* files: read whole or refused with a reason, written whole or not at all. */
#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "failing_alloc.h"

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    char folder[64], path[160]; /* an empty folder, and a file in it that is not there yet */
} fixture;

static int open_folder(void **state)
{
    static fixture f;
    f = (fixture){.folder = "/tmp/kedge-file-XXXXXX"};
    kedge_context_options options = failing_alloc_options(&f.memory);
    if (kedge_context_create(&f.ctx, &options) || !mkdtemp(f.folder)) return -1;
    snprintf(f.path, sizeof f.path, "%s/a.txt", f.folder);
    *state = &f;
    return 0;
}

static int close_folder(void **state)
{
    fixture *f = *state;
    kedge_status status = kedge_remove_tree(f->folder);
    kedge_context_free(f->ctx);
    return status == KEDGE_OK && f->memory.in_use == 0 ? 0 : -1;
}

static int entries(const char *folder)
{
    int n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) n += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
    closedir(dir);
    return n;
}

static void put(fixture *f, const char *text)
{
    assert_int_equal(kedge_file_write(f->ctx, f->path, text, strlen(text)), KEDGE_OK);
}

static void assert_holds(fixture *f, const char *path, const char *text)
{
    char *bytes;
    size_t length;
    assert_int_equal(kedge_file_read(f->ctx, path, 1 << 20, &bytes, &length), KEDGE_OK);
    assert_int_equal(length, strlen(text));
    assert_string_equal(bytes, text);
    kedge_release(f->ctx, bytes);
}

/* The message is the path, then 'rest'. */
static void assert_says(const char *path, const char *rest)
{
    char want[512];
    snprintf(want, sizeof want, "%s%s", path, rest);
    assert_string_equal(kedge_error(), want);
}

static void assert_unreadable(fixture *f, const char *path, kedge_status status, const char *why)
{
    char *bytes = NULL;
    size_t length = 7;
    assert_int_equal(kedge_file_read(f->ctx, path, 1000, &bytes, &length), status);
    assert_says(path, why);
    assert_null(bytes);
    assert_int_equal(length, 7);
}

/* ---- reading ---- */
static void what_was_written_is_read(void **state)
{
    fixture *f = *state;
    put(f, "one\ntwo\n");
    assert_holds(f, f->path, "one\ntwo\n");
}

static void an_empty_file(void **state)
{
    fixture *f = *state;
    put(f, "");
    assert_holds(f, f->path, "");
}

static void zeros_and_large_files(void **state)
{
    fixture *f = *state;
    enum { N = 300000 };
    char *bytes = calloc(N, 1), *back;
    size_t length;
    bytes[N - 1] = 'z';
    assert_int_equal(kedge_file_write(f->ctx, f->path, bytes, N), KEDGE_OK);
    assert_int_equal(kedge_file_read(f->ctx, f->path, N, &back, &length), KEDGE_OK);
    assert_int_equal(length, N);
    assert_memory_equal(back, bytes, N);
    assert_int_equal(back[N], 0);
    kedge_release(f->ctx, back);
    free(bytes);
}

static void a_missing_file(void **state)
{
    fixture *f = *state;
    assert_unreadable(f, f->path, KEDGE_EIO, ": cannot open: No such file or directory");
}

static void a_folder_is_no_file(void **state)
{
    fixture *f = *state;
    assert_unreadable(f, f->folder, KEDGE_EIO, ": not a regular file but a directory");
}

static void a_pipe_does_not_hang(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkfifo(f->path, 0600), 0);
    assert_unreadable(f, f->path, KEDGE_EIO, ": not a regular file but a special file");
}

static void a_device_is_no_file(void **state)
{
    fixture *f = *state;
    assert_unreadable(f, "/dev/zero", KEDGE_EIO, ": not a regular file but a special file");
}

static void a_file_past_the_limit(void **state)
{
    fixture *f = *state;
    char text[1002];
    memset(text, 'x', sizeof text - 1);
    text[1001] = '\0';
    put(f, text);
    assert_unreadable(f, f->path, KEDGE_EFORMAT, ": too large: 1001 bytes; at most 1000 are read");
    text[1000] = '\0';
    put(f, text);
    char *bytes;
    size_t length;
    assert_int_equal(kedge_file_read(f->ctx, f->path, 1000, &bytes, &length), KEDGE_OK);
    kedge_release(f->ctx, bytes);
}

static void a_file_that_may_not_be_read(void **state)
{
    fixture *f = *state;
    put(f, "secret");
    assert_int_equal(chmod(f->path, 0), 0);
    uid_t user = geteuid();
    if (user == 0) assert_int_equal(seteuid(65534), 0); /* root may read everything, nobody may not */
    assert_unreadable(f, f->path, KEDGE_EIO, ": cannot open: Permission denied");
    assert_int_equal(seteuid(user), 0);
}

static void no_memory_to_read(void **state)
{
    fixture *f = *state;
    put(f, "text");
    f->memory.fail_at = f->memory.requests + 1;
    assert_unreadable(f, f->path, KEDGE_ENOMEM, ": out of memory for 5 bytes");
}

/* ---- writing ---- */
static void a_file_is_replaced_whole(void **state)
{
    fixture *f = *state;
    put(f, "a long old text");
    put(f, "new");
    assert_holds(f, f->path, "new");
    assert_int_equal(entries(f->folder), 1); /* no temporary file is left */
}

static void nothing_is_there_before_commit(void **state)
{
    fixture *f = *state;
    kedge_outfile file;
    assert_int_equal(kedge_outfile_open(&file, f->ctx, f->path), KEDGE_OK);
    kedge_outfile_write(&file, "part", 4);
    assert_false(kedge_is_file(f->path));
    assert_int_equal(kedge_outfile_commit(&file), KEDGE_OK);
    assert_holds(f, f->path, "part");
    kedge_outfile_abort(&file); /* does nothing */
    assert_holds(f, f->path, "part");
}

static void abort_leaves_the_old_file(void **state)
{
    fixture *f = *state;
    put(f, "old");
    kedge_outfile file;
    assert_int_equal(kedge_outfile_open(&file, f->ctx, f->path), KEDGE_OK);
    kedge_outfile_write(&file, "new", 3);
    kedge_outfile_abort(&file);
    kedge_outfile_abort(&file);
    assert_holds(f, f->path, "old");
    assert_int_equal(entries(f->folder), 1);
}

static void many_writes_keep_their_order(void **state)
{
    fixture *f = *state;
    enum { N = 30000 };
    kedge_outfile file;
    assert_int_equal(kedge_outfile_open(&file, f->ctx, f->path), KEDGE_OK);
    char line[16], *large = calloc(1, 200001), *want = calloc(1, 8 * N + 200001), *end = want;
    memset(large, 'L', 200000);
    for (int i = 0; i < N; i++) {
        int length = snprintf(line, sizeof line, "%d\n", i);
        kedge_outfile_write(&file, line, (size_t)length);
        memcpy(end, line, (size_t)length);
        end += length;
        if (i != N / 2) continue;
        kedge_outfile_write(&file, large, 200000); /* longer than the buffer */
        memcpy(end, large, 200000);
        end += 200000;
    }
    assert_int_equal(kedge_outfile_commit(&file), KEDGE_OK);
    assert_holds(f, f->path, want);
    free(large);
    free(want);
}

/* Two writes that end at, before and past the end of the buffer. */
static void writes_around_the_buffers_end(void **state)
{
    fixture *f = *state;
    enum { BUFFER = 1 << 16 };
    static char text[2 * BUFFER];
    for (size_t first = BUFFER - 3; first <= BUFFER + 1; first++)
        for (size_t second = 1; second <= 4; second++) {
            kedge_outfile file;
            memset(text, 'a', first);
            memset(text + first, 'b', second);
            text[first + second] = '\0';
            assert_int_equal(kedge_outfile_open(&file, f->ctx, f->path), KEDGE_OK);
            kedge_outfile_write(&file, text, first);
            assert_in_range(file.used, 0, BUFFER);
            kedge_outfile_write(&file, text + first, second);
            assert_in_range(file.used, 0, BUFFER);
            assert_int_equal(kedge_outfile_commit(&file), KEDGE_OK);
            assert_holds(f, f->path, text);
        }
}

static void patches_replace_what_was_written(void **state)
{
    fixture *f = *state;
    kedge_outfile file;
    assert_int_equal(kedge_outfile_open(&file, f->ctx, f->path), KEDGE_OK);
    kedge_outfile_write(&file, "????:body", 9);
    kedge_outfile_patch(&file, 0, "head", 4);
    kedge_outfile_write(&file, ":end", 4);
    kedge_outfile_patch(&file, 5, "BO", 2);
    assert_int_equal(kedge_outfile_commit(&file), KEDGE_OK);
    assert_holds(f, f->path, "head:BOdy:end");
}

static void a_folder_in_the_way(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkdir(f->path, 0777), 0);
    assert_int_equal(kedge_file_write(f->ctx, f->path, "x", 1), KEDGE_EIO);
    assert_says(f->path, ": cannot write: a directory is in the way");
    assert_true(kedge_is_directory(f->path));
    assert_int_equal(entries(f->folder), 1);
}

static void a_pipe_in_the_way(void **state)
{
    fixture *f = *state;
    assert_int_equal(mkfifo(f->path, 0600), 0);
    assert_int_equal(kedge_file_write(f->ctx, f->path, "x", 1), KEDGE_EIO);
    assert_says(f->path, ": cannot write: a special file is in the way");
    struct stat info;
    assert_int_equal(stat(f->path, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    assert_int_equal(entries(f->folder), 1);
}

static void a_folder_that_comes_in_the_way(void **state)
{
    fixture *f = *state;
    kedge_outfile file;
    assert_int_equal(kedge_outfile_open(&file, f->ctx, f->path), KEDGE_OK);
    kedge_outfile_write(&file, "x", 1);
    assert_int_equal(mkdir(f->path, 0777), 0);
    assert_int_equal(kedge_outfile_commit(&file), KEDGE_EIO);
    assert_says(f->path, ": cannot write: Is a directory");
    assert_true(kedge_is_directory(f->path));
    assert_int_equal(entries(f->folder), 1);
}

static void a_folder_that_is_not_there(void **state)
{
    fixture *f = *state;
    char path[200];
    snprintf(path, sizeof path, "%s/none/a.txt", f->folder);
    assert_int_equal(kedge_file_write(f->ctx, path, "x", 1), KEDGE_EIO);
    assert_says(path, ": cannot write: No such file or directory");
}

static void a_folder_that_may_not_be_written(void **state)
{
    fixture *f = *state;
    put(f, "old");
    if (geteuid() == 0) { /* root may write there, but nobody makes files in /proc */
        assert_int_equal(kedge_file_write(f->ctx, "/proc/self/kedge", "x", 1), KEDGE_EIO);
        return;
    }
    assert_int_equal(chmod(f->folder, 0555), 0);
    kedge_status status = kedge_file_write(f->ctx, f->path, "x", 1);
    assert_int_equal(chmod(f->folder, 0755), 0);
    assert_int_equal(status, KEDGE_EIO);
    assert_says(f->path, ": cannot write: Permission denied");
    assert_holds(f, f->path, "old");
}

/* A write that fails half-way, as on a full disk: a limit on the size of files does the same. */
static kedge_status write_with_limit(fixture *f, rlim_t limit, size_t length)
{
    struct rlimit own, low;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &own), 0);
    low = (struct rlimit){.rlim_cur = limit, .rlim_max = own.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    char *bytes = calloc(length, 1);
    setrlimit(RLIMIT_FSIZE, &low);
    kedge_status status = kedge_file_write(f->ctx, f->path, bytes, length);
    setrlimit(RLIMIT_FSIZE, &own);
    signal(SIGXFSZ, handler);
    free(bytes);
    return status;
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    fixture *f = *state;
    put(f, "old");
    assert_int_equal(write_with_limit(f, 1000, 200000), KEDGE_EIO); /* past the buffer */
    assert_says(f->path, ": cannot write: File too large");
    assert_int_equal(write_with_limit(f, 1000, 2000), KEDGE_EIO); /* at commit */
    assert_says(f->path, ": cannot write: File too large");
    assert_holds(f, f->path, "old");
    assert_int_equal(entries(f->folder), 1);
}

static void a_closed_file_waits_for_its_commit(void **state)
{
    fixture *f = *state;
    kedge_outfile file;
    put(f, "old");
    for (int commits = 0; commits < 2; commits++) {
        assert_int_equal(kedge_outfile_open(&file, f->ctx, f->path), KEDGE_OK);
        kedge_outfile_write(&file, "new", 3);
        assert_int_equal(kedge_outfile_close(&file), KEDGE_OK);
        assert_holds(f, f->path, "old");
        assert_int_equal(entries(f->folder), 2);
        if (commits) assert_int_equal(kedge_outfile_commit(&file), KEDGE_OK);
        kedge_outfile_abort(&file);
        assert_holds(f, f->path, commits ? "new" : "old");
        assert_int_equal(entries(f->folder), 1);
    }
}

static void no_memory_to_write(void **state)
{
    fixture *f = *state;
    for (size_t n = 1; n <= 3; n++) {
        f->memory.fail_at = f->memory.requests + n;
        assert_int_equal(kedge_file_write(f->ctx, f->path, "x", 1), KEDGE_ENOMEM);
        assert_int_equal(f->memory.in_use, 1);
    }
    assert_int_equal(entries(f->folder), 0);
    assert_int_equal(kedge_file_write(f->ctx, f->path, "x", 1), KEDGE_OK);
}

int main(void)
{
#define FILE_TEST(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)
    const struct CMUnitTest tests[] = {
        FILE_TEST(what_was_written_is_read),
        FILE_TEST(an_empty_file),
        FILE_TEST(zeros_and_large_files),
        FILE_TEST(a_missing_file),
        FILE_TEST(a_folder_is_no_file),
        FILE_TEST(a_pipe_does_not_hang),
        FILE_TEST(a_device_is_no_file),
        FILE_TEST(a_file_past_the_limit),
        FILE_TEST(a_file_that_may_not_be_read),
        FILE_TEST(no_memory_to_read),
        FILE_TEST(a_file_is_replaced_whole),
        FILE_TEST(nothing_is_there_before_commit),
        FILE_TEST(abort_leaves_the_old_file),
        FILE_TEST(many_writes_keep_their_order),
        FILE_TEST(writes_around_the_buffers_end),
        FILE_TEST(patches_replace_what_was_written),
        FILE_TEST(a_folder_in_the_way),
        FILE_TEST(a_pipe_in_the_way),
        FILE_TEST(a_folder_that_comes_in_the_way),
        FILE_TEST(a_folder_that_is_not_there),
        FILE_TEST(a_folder_that_may_not_be_written),
        FILE_TEST(a_failed_write_leaves_the_old_file),
        FILE_TEST(a_closed_file_waits_for_its_commit),
        FILE_TEST(no_memory_to_write),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
