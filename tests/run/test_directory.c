/* test_directory.c - the directory of a run: whose it is, what is replaced, and what is never touched. */
#include "run_fixture.h"

#include "failing_alloc.h"
#include "run/directory.h"

static kedge_status open_directory(const fixture *f, bool force)
{
    return kedge_run_directory_open(in_folder(f, "out"), f->loaded, force);
}

static void assert_opens(const fixture *f, bool force)
{
    if (open_directory(f, force)) fail_msg("%s", kedge_error());
}

static void assert_refused(const fixture *f, bool force, kedge_status status, const char *why)
{
    assert_int_equal(open_directory(f, force), status);
    assert_string_equal(message(f), why);
}

static void put_in(fixture *f, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s", in_folder(f, name));
    *strrchr(path, '/') = '\0';
    assert_int_equal(kedge_make_directory(path), KEDGE_OK);
    put(f, name, text);
}

static void assert_holds_text(const fixture *f, const char *name, const char *text)
{
    size_t length;
    char *bytes = bytes_of(f, name, &length);
    assert_string_equal(bytes, text);
    free(bytes);
}

static void makes_a_new_directory(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    assert_string_equal(listing(f, "out"), "recipe.yaml\nschedule.csv\n");
    assert_holds_text(f, "out/recipe.yaml", kedge_recipe_text(f->loaded));
    assert_holds_text(f, "out/schedule.csv", sheet);
}

static void makes_its_parents(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_int_equal(kedge_run_directory_open(in_folder(f, "a/b/c"), f->loaded, false), KEDGE_OK);
    assert_string_equal(listing(f, "a"), "b/\nb/c/\nb/c/recipe.yaml\nb/c/schedule.csv\n");
}

static void takes_an_empty_directory(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_int_equal(kedge_make_directory(in_folder(f, "out")), KEDGE_OK);
    assert_opens(f, false);
}

static void writes_no_sheet_for_constants(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, anchor: 0.1}\nsteps: 3", "", NULL), KEDGE_OK);
    assert_opens(f, false);
    assert_string_equal(listing(f, "out"), "recipe.yaml\n");
}

static void goes_on_with_the_same_recipe(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    put_in(f, "out/seed-0/model.safetensors", "kept");
    assert_opens(f, false);
    assert_opens(f, true);
    assert_holds_text(f, "out/seed-0/model.safetensors", "kept");
}

static void goes_on_where_only_the_seeds_differ(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    assert_int_equal(load(f, 7, "seeds: {first: 100, count: 9}", "", NULL), KEDGE_OK);
    assert_opens(f, false);
}

static void refuses_another_recipe(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    load_good(f, "title: other\n");
    assert_refused(f, false, KEDGE_EEXISTS,
                   "out: holds a run with another recipe; choose another directory, or replace it with --force");
}

static void refuses_another_schedule(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    load_sheet(f, "STEP,PHASE,ACTION,lr,separate,anchor\n0,,,0.02,0.1,0.1\n100,,,0.001,0,0\n", "");
    assert_refused(f, false, KEDGE_EEXISTS,
                   "out: holds a run with another schedule; choose another directory, or replace it with --force");
}

static void refuses_what_is_no_run(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    put_in(f, "out/notes.txt", "mine");
    assert_refused(f, false, KEDGE_EEXISTS, "out: holds 'notes.txt' and no run; choose a new or empty directory");
    assert_refused(f, true, KEDGE_EEXISTS, "out: holds 'notes.txt' and no run; choose a new or empty directory");
    assert_string_equal(listing(f, "out"), "notes.txt\n");
}

static void force_replaces_a_run(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    put_in(f, "out/seed-0/model.safetensors", "old");
    put_in(f, "out/seed-12/latents.npy", "old");
    put_in(f, "out/summary.csv", "old");
    put_in(f, "out/summary.json", "old");
    put_in(f, "out/timing.json", "old");
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, anchor: 0.1}\nsteps: 3", "", NULL), KEDGE_OK);
    assert_opens(f, true);
    assert_string_equal(listing(f, "out"), "recipe.yaml\n");
    assert_holds_text(f, "out/recipe.yaml", kedge_recipe_text(f->loaded));
}

static void force_leaves_what_is_not_a_runs(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    put_in(f, "out/notes.txt", "mine");
    put_in(f, "out/seed-list.txt", "mine");
    put_in(f, "out/seed-3.csv", "mine");
    put_in(f, "out/seed-007/x", "mine");
    put_in(f, "out/seed-99999999999999999999/x", "mine");
    put_in(f, "out/summary.csv.old", "mine");
    put_in(f, "out/seed-0/model.safetensors", "old");
    load_good(f, "title: other\n");
    assert_opens(f, true);
    assert_string_equal(listing(f, "out"),
                        "notes.txt\nrecipe.yaml\nschedule.csv\nseed-007/\nseed-007/x\nseed-3.csv\n"
                        "seed-99999999999999999999/\nseed-99999999999999999999/x\nseed-list.txt\nsummary.csv.old\n");
}

/* Somebody runs his own recipe.yaml into the folder where it stands. */
static void never_replaces_the_recipe_itself(void **state)
{
    fixture *f = *state;
    static const char why[] = "%s: holds the recipe itself; choose another directory";
    char expected[256];
    load_good(f, "");
    snprintf(expected, sizeof expected, why, f->folder);
    for (int force = 0; force < 2; force++) {
        assert_int_equal(kedge_run_directory_open(f->folder, f->loaded, force), KEDGE_EEXISTS);
        assert_string_equal(kedge_error(), expected);
    }
    assert_holds_text(f, "schedule.csv", sheet);
    assert_string_equal(listing(f, ""), "recipe.yaml\nschedule.csv\n");
}

/* The resolved recipe of a run goes on in its own directory. */
static void goes_on_with_the_recipe_that_is_there(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_opens(f, false);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, in_folder(f, "out"), NULL), KEDGE_OK);
    assert_opens(f, false);
    assert_opens(f, true);
}

/* What a first call leaves that was cut off between its two files. */
static void finishes_a_directory_that_was_begun(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    put_in(f, "out/schedule.csv", sheet);
    assert_opens(f, false);
    assert_string_equal(listing(f, "out"), "recipe.yaml\nschedule.csv\n");
}

static void a_sheet_of_others_is_no_begun_directory(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    put_in(f, "out/schedule.csv", "mine");
    assert_refused(f, false, KEDGE_EEXISTS, "out: holds 'schedule.csv' and no run; choose a new or empty directory");
    assert_holds_text(f, "out/schedule.csv", "mine");
}

static void refuses_a_file(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    put(f, "out", "a file");
    assert_refused(f, true, KEDGE_EIO, "out: cannot open the directory: Not a directory");
    assert_int_equal(kedge_run_directory_open(in_folder(f, "out/deeper"), f->loaded, false), KEDGE_EIO);
    assert_holds_text(f, "out", "a file");
}

static void refuses_a_path_that_is_too_long(void **state)
{
    fixture *f = *state;
    static char path[5000];
    load_good(f, "");
    memset(path, 'x', sizeof path - 1);
    assert_int_equal(kedge_run_directory_open(path, f->loaded, false), KEDGE_EINVALID);
}

static void lists_its_seeds(void **state)
{
    fixture *f = *state;
    long long *seeds = NULL, sum = 0;
    size_t n = 0;
    static const char *const folders[] = {"seed-0", "seed-12", "seed-1000000000000", "seed-", "seed-x", "seed-1x",
                                          "seed--1", "seed-01", "seed-99999999999999999999", "seedling"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char name[64];
        snprintf(name, sizeof name, "out/%s/model.safetensors", folders[i]);
        put_in(f, name, "");
    }
    put_in(f, "out/seed-5/metrics.csv", ""); /* was not finished */
    assert_int_equal(kedge_run_directory_seeds(f->ctx, in_folder(f, "out"), &seeds, &n), KEDGE_OK);
    for (size_t i = 0; i < n; i++) sum += seeds[i];
    assert_int_equal(n, 3);
    assert_int_equal(sum, 1000000000012);
    kedge_free(f->ctx, seeds);
}

static void a_directory_that_is_not_there_has_no_seeds(void **state)
{
    fixture *f = *state;
    long long *seeds = NULL;
    size_t n = 1;
    assert_int_equal(kedge_run_directory_seeds(f->ctx, in_folder(f, "out"), &seeds, &n), KEDGE_OK);
    assert_int_equal(n, 0);
    kedge_free(f->ctx, seeds);
}

static void names_the_files_of_a_seed(void **state)
{
    fixture *f = *state;
    char *folder = kedge_run_seed_folder(f->ctx, "out/", 17), *file = kedge_run_seed_file(f->ctx, "out", 17, "a.npy");
    assert_string_equal(folder, "out/seed-17");
    assert_string_equal(file, "out/seed-17/a.npy");
    kedge_free(f->ctx, folder);
    kedge_free(f->ctx, file);
}

static void recipes_are_the_same_but_for_their_seeds(void **state)
{
    (void)state;
    static const char a[] = "title: x\nseeds:\n  first: 0\n  count: 2\ntest:\n  kind: y\n";
    assert_true(kedge_same_recipe(a, a));
    assert_true(kedge_same_recipe(a, "title: x\ntest:\n  kind: y\nseeds:\n  first: 5\n  count: 1\n"));
    assert_true(kedge_same_recipe(a, "title: x\ntest:\n  kind: y\n"));
    assert_false(kedge_same_recipe(a, "title: z\ntest:\n  kind: y\n"));
    assert_false(kedge_same_recipe(a, "title: x\ntest:\n  kind: yy\n"));
    assert_false(kedge_same_recipe(a, "title: x\ntest:\n"));
    assert_false(kedge_same_recipe(a, "title: x\nseeds:\n"));
    assert_false(kedge_same_recipe(a, ""));
    assert_true(kedge_same_recipe("", "seeds:\n- 1\n"));
}

/* Opens, opens again, opens by force; every allocation fails once. A failure is KEDGE_ENOMEM and leaves a directory
 * that the next call can use. */
static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        options.kernels = "ref";
        kedge_context *ctx;
        kedge_recipe *recipe, *other;
        load_good(f, "");
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        assert_int_equal(kedge_recipe_load(&recipe, ctx, f->folder, NULL), KEDGE_OK);
        load_good(f, "title: other\n");
        assert_int_equal(kedge_recipe_load(&other, ctx, f->folder, NULL), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status first = kedge_run_directory_open(in_folder(f, "out"), recipe, false);
        if (first) assert_int_equal(first, KEDGE_ENOMEM);
        if (first) assert_int_equal(kedge_run_directory_open(in_folder(f, "out"), recipe, false), KEDGE_OK);
        kedge_status again = kedge_run_directory_open(in_folder(f, "out"), recipe, false);
        if (again) assert_int_equal(again, KEDGE_ENOMEM);
        kedge_status replaced = kedge_run_directory_open(in_folder(f, "out"), other, true);
        if (replaced) assert_int_equal(replaced, KEDGE_ENOMEM);
        if (replaced) assert_int_equal(kedge_run_directory_open(in_folder(f, "out"), other, true), KEDGE_OK);
        assert_string_equal(listing(f, "out"), "recipe.yaml\nschedule.csv\n");
        kedge_remove_tree(in_folder(f, "out"));
        kedge_recipe_free(recipe);
        kedge_recipe_free(other);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(makes_a_new_directory),
        TEST(makes_its_parents),
        TEST(takes_an_empty_directory),
        TEST(writes_no_sheet_for_constants),
        TEST(goes_on_with_the_same_recipe),
        TEST(goes_on_where_only_the_seeds_differ),
        TEST(refuses_another_recipe),
        TEST(refuses_another_schedule),
        TEST(refuses_what_is_no_run),
        TEST(force_replaces_a_run),
        TEST(force_leaves_what_is_not_a_runs),
        TEST(never_replaces_the_recipe_itself),
        TEST(goes_on_with_the_recipe_that_is_there),
        TEST(finishes_a_directory_that_was_begun),
        TEST(a_sheet_of_others_is_no_begun_directory),
        TEST(refuses_a_file),
        TEST(refuses_a_path_that_is_too_long),
        TEST(lists_its_seeds),
        TEST(a_directory_that_is_not_there_has_no_seeds),
        TEST(names_the_files_of_a_seed),
        TEST(recipes_are_the_same_but_for_their_seeds),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
