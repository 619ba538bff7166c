/* test_run_memory.c - runs with too little memory: every allocation fails once, and nothing is lost, leaked or half
 * written. */
#include "run_fixture.h"

#include "failing_alloc.h"

/* One try: a context whose n-th allocation from now on fails, and the recipe in it. */
typedef struct attempt {
    failing_alloc memory;
    kedge_context *ctx;
    kedge_recipe *recipe;
    kedge_status status;
} attempt;

static void run_with_little_memory(const fixture *f, attempt *a, size_t n, const char *directory)
{
    kedge_context_options options;
    kedge_summary *summary = NULL;
    *a = (attempt){0};
    options = failing_alloc_options(&a->memory);
    options.kernels = "ref";
    assert_int_equal(kedge_context_create(&a->ctx, &options), KEDGE_OK);
    assert_int_equal(kedge_recipe_load(&a->recipe, a->ctx, f->folder, NULL), KEDGE_OK);
    a->memory.requests = 0;
    a->memory.fail_at = n;
    kedge_run_options run_options = {.directory = directory, .record = directory ? 4 : 0};
    a->status = kedge_run(&summary, a->ctx, a->recipe, &run_options);
    if (a->status) {
        assert_int_equal(a->status, KEDGE_ENOMEM);
        assert_non_null(strstr(kedge_error(), "out of memory"));
        assert_null(summary);
    } else {
        assert_int_equal(kedge_summary_rows(summary), 2);
        assert_false(kedge_summary_stopped(summary));
    }
    kedge_summary_free(summary);
    kedge_recipe_free(a->recipe);
    kedge_context_free(a->ctx);
    assert_int_equal(a->memory.in_use, 0);
}

static void without_a_directory(void **state)
{
    fixture *f = *state;
    attempt a;
    load_good(f, "steps: 3\n");
    for (size_t n = 1;; n++) {
        run_with_little_memory(f, &a, n, NULL);
        if (a.memory.requests < n) break;
        assert_int_equal(a.status, KEDGE_ENOMEM);
    }
    assert_int_equal(a.status, KEDGE_OK);
}

/* Rows of the schedule come early. */
static void of_a_schedule_that_reacts(void **state)
{
    fixture *f = *state;
    attempt a;
    load_sheet(f, "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n5,recon_mse < 1 / 2,0.01,0.1,0.1\n6,,,,\n", "");
    for (size_t n = 1;; n++) {
        run_with_little_memory(f, &a, n, in_folder(f, "out"));
        assert_no_temporary_files(f, "out");
        assert_int_equal(kedge_remove_tree(in_folder(f, "out")), KEDGE_OK);
        if (a.memory.requests < n) break;
    }
    assert_int_equal(a.status, KEDGE_OK);
}

/* Every file that is there after a failure is whole: the same as in a run that had enough. */
static void assert_part_of(const fixture *f, const char *part, const char *whole)
{
    char files[4096], left[256], right[256];
    snprintf(files, sizeof files, "%s", listing(f, part));
    assert_no_temporary_files(f, part);
    for (char *line = files, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = '\0';
        /* summaries are of the seeds that are done */
        if (end[-1] == '/' || strstr(line, "timing") || strstr(line, "summary") ||
            strcmp(line, "ledger.json") == 0)
            continue;
        snprintf(left, sizeof left, "%.64s/%.128s", part, line);
        snprintf(right, sizeof right, "%.64s/%.128s", whole, line);
        if (!same_file(f, left, right)) fail_msg("'%s' and '%s' differ", left, right);
    }
}

static void into_a_new_directory(void **state)
{
    fixture *f = *state;
    attempt a;
    load_sheet(f, "STEP,ACTION,lr,separate,anchor\n0,,0.01,0.1,0.1\n2,snapshot,,,\n", "steps: 5\n");
    run_into(f, "whole", 4);
    for (size_t n = 1;; n++) {
        run_with_little_memory(f, &a, n, in_folder(f, "out"));
        assert_part_of(f, "out", "whole");
        if (a.status == KEDGE_OK) assert_same_tree(f, "out", "whole");
        run_into(f, "out", 4); /* the next try goes on */
        assert_same_tree(f, "out", "whole");
        assert_int_equal(kedge_remove_tree(in_folder(f, "out")), KEDGE_OK);
        if (a.memory.requests < n) break;
    }
    assert_int_equal(a.status, KEDGE_OK);
}

/* Going on: one seed is there, the other's model is cut off. */
static void into_a_directory_that_was_begun(void **state)
{
    fixture *f = *state;
    attempt a;
    load_good(f, "steps: 5\n");
    run_into(f, "whole", 4);
    for (size_t n = 1;; n++) {
        run_into(f, "out", 4);
        assert_int_equal(truncate(in_folder(f, "out/seed-1/model.safetensors"), 600), 0);
        run_with_little_memory(f, &a, n, in_folder(f, "out"));
        assert_no_temporary_files(f, "out");
        assert_same_tree(f, "out/seed-0", "whole/seed-0");
        if (a.status == KEDGE_OK) assert_same_tree(f, "out", "whole");
        if (a.memory.requests < n) break;
    }
    assert_int_equal(a.status, KEDGE_OK);
}

/* A seed that fails for its numbers, and a lack of memory while its row is written. */
static void of_seeds_that_fail(void **state)
{
    fixture *f = *state;
    attempt a;
    load_sheet(f, exploding, "");
    run_into(f, "whole", 4);
    for (size_t n = 1;; n++) {
        run_with_little_memory(f, &a, n, in_folder(f, "out"));
        assert_part_of(f, "out", "whole");
        assert_int_equal(kedge_remove_tree(in_folder(f, "out")), KEDGE_OK);
        if (a.memory.requests < n) break;
    }
    assert_int_equal(a.status, KEDGE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(without_a_directory),
        TEST(of_a_schedule_that_reacts),
        TEST(into_a_new_directory),
        TEST(into_a_directory_that_was_begun),
        TEST(of_seeds_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
