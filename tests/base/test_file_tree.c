/* folders and paths. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "failing_alloc.h"

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    char folder[64];
    char path[256];
} fixture;

static int open_folder(void **state)
{
    static fixture f;
    f = (fixture){.folder = "/tmp/kedge-tree-XXXXXX"};
    kedge_context_options options = failing_alloc_options(&f.memory);
    if (kedge_context_create(&f.ctx, &options) || !mkdtemp(f.folder)) return -1;
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

/* The path of 'name' in the test's folder, until the next call. */
static const char *inside(fixture *f, const char *name)
{
    snprintf(f->path, sizeof f->path, "%s/%s", f->folder, name);
    return f->path;
}

static void touch(fixture *f, const char *name)
{
    assert_int_equal(kedge_file_write(f->ctx, inside(f, name), name, strlen(name)), KEDGE_OK);
}

static void parents_are_made_too(void **state)
{
    fixture *f = *state;
    assert_int_equal(kedge_make_directory(inside(f, "a/b/c")), KEDGE_OK);
    assert_true(kedge_is_directory(inside(f, "a/b/c")));
    assert_int_equal(kedge_make_directory(inside(f, "a/b/c")), KEDGE_OK); /* it is there */
    assert_int_equal(kedge_make_directory(inside(f, "a//d/")), KEDGE_OK);
    assert_true(kedge_is_directory(inside(f, "a/d")));
}

static void a_file_in_the_way_of_a_folder(void **state)
{
    fixture *f = *state;
    char want[256];
    touch(f, "file");
    assert_int_equal(kedge_make_directory(inside(f, "file")), KEDGE_EIO);
    snprintf(want, sizeof want, "%s/file: in the way: not a directory", f->folder);
    assert_string_equal(kedge_error(), want);
    assert_int_equal(kedge_make_directory(inside(f, "file/below")), KEDGE_EIO);
    assert_true(kedge_is_file(inside(f, "file")));
}

static void a_folder_nobody_can_make(void **state)
{
    (void)state;
    assert_int_equal(kedge_make_directory("/proc/kedge/run"), KEDGE_EIO);
    assert_int_equal(strncmp(kedge_error(), "/proc/kedge: cannot make the directory: ", 40), 0);
}

static void paths_of_folders_have_a_length(void **state)
{
    (void)state;
    static char path[6000];
    memset(path, 'x', sizeof path - 1);
    assert_int_equal(kedge_make_directory(path), KEDGE_EINVALID);
    assert_int_equal(kedge_make_directory(""), KEDGE_EINVALID);
}

static void files_and_folders_are_told_apart(void **state)
{
    fixture *f = *state;
    touch(f, "file");
    assert_true(kedge_is_file(inside(f, "file")));
    assert_false(kedge_is_directory(inside(f, "file")));
    assert_false(kedge_is_file(f->folder));
    assert_true(kedge_is_directory(f->folder));
    assert_false(kedge_is_file(inside(f, "none")));
    assert_false(kedge_is_directory(inside(f, "none")));
    assert_int_equal(mkfifo(inside(f, "pipe"), 0600), 0);
    assert_false(kedge_is_file(inside(f, "pipe")));
}

static void a_tree_is_removed(void **state)
{
    fixture *f = *state;
    assert_int_equal(kedge_make_directory(inside(f, "run/seed-1")), KEDGE_OK);
    touch(f, "run/a");
    touch(f, "run/seed-1/b");
    assert_int_equal(kedge_remove_tree(inside(f, "run")), KEDGE_OK);
    assert_false(kedge_is_directory(inside(f, "run")));
    assert_int_equal(kedge_remove_tree(inside(f, "run")), KEDGE_OK); /* it is not there */
}

static void what_links_lead_to_is_not_removed(void **state)
{
    fixture *f = *state;
    char target[256];
    assert_int_equal(kedge_make_directory(inside(f, "precious")), KEDGE_OK);
    touch(f, "precious/file");
    assert_int_equal(kedge_make_directory(inside(f, "run")), KEDGE_OK);
    snprintf(target, sizeof target, "%s/precious", f->folder);
    assert_int_equal(symlink(target, inside(f, "run/link")), 0);
    assert_int_equal(kedge_remove_tree(inside(f, "run")), KEDGE_OK);
    assert_true(kedge_is_file(inside(f, "precious/file")));
}

static void assert_path(fixture *f, char *path, const char *want)
{
    assert_non_null(path);
    assert_string_equal(path, want);
    kedge_release(f->ctx, path);
}

static void paths_join(void **state)
{
    fixture *f = *state;
    assert_path(f, kedge_path_join(f->ctx, "runs", "a.csv"), "runs/a.csv");
    assert_path(f, kedge_path_join(f->ctx, "runs/", "a.csv"), "runs/a.csv");
    assert_path(f, kedge_path_join(f->ctx, "/", "a.csv"), "/a.csv");
    assert_path(f, kedge_path_join(f->ctx, "", "a.csv"), "a.csv");
}

static void names_are_seen_from_the_file(void **state)
{
    fixture *f = *state;
    assert_path(f, kedge_path_beside(f->ctx, "runs/1/recipe.yaml", "schedule.csv"), "runs/1/schedule.csv");
    assert_path(f, kedge_path_beside(f->ctx, "recipe.yaml", "schedule.csv"), "schedule.csv");
    assert_path(f, kedge_path_beside(f->ctx, "/recipe.yaml", "schedule.csv"), "/schedule.csv");
    assert_path(f, kedge_path_beside(f->ctx, "runs/recipe.yaml", "/data/a.csv"), "/data/a.csv");
    assert_path(f, kedge_path_beside(f->ctx, "runs/recipe.yaml", "../a.csv"), "runs/../a.csv");
}

static void paths_need_memory(void **state)
{
    fixture *f = *state;
    f->memory.fail_at = f->memory.requests + 1;
    assert_null(kedge_path_join(f->ctx, "runs", "a.csv"));
    f->memory.fail_at = f->memory.requests + 1;
    assert_null(kedge_path_beside(f->ctx, "runs/b", "a.csv"));
}

int main(void)
{
#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)
    const struct CMUnitTest tests[] = {
        TREE_TEST(parents_are_made_too),
        TREE_TEST(a_file_in_the_way_of_a_folder),
        TREE_TEST(a_folder_nobody_can_make),
        TREE_TEST(paths_of_folders_have_a_length),
        TREE_TEST(files_and_folders_are_told_apart),
        TREE_TEST(a_tree_is_removed),
        TREE_TEST(what_links_lead_to_is_not_removed),
        TREE_TEST(paths_join),
        TREE_TEST(names_are_seen_from_the_file),
        TREE_TEST(paths_need_memory),
    };
    return cmocka_run_group_tests_name("file_tree", tests, NULL, NULL);
}
