/* test_figure_trajectory.c - all seeds of a run over time: repeated on any number of threads, with their verdicts. */
#include "figure_test.h"

static void is_drawn_alike(void **state)
{
    assert_recipe_draws_alike(*state, "trajectory");
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    draw_figure(f, "trajectory", "", NULL, "a.svg");
    kedge_context_options options = KEDGE_CONTEXT_OPTIONS_INIT;
    options.kernels = "ref";
    options.threads = 2;
    kedge_context *one = f->ctx;
    assert_int_equal(kedge_context_create(&f->ctx, &options), KEDGE_OK);
    draw_figure(f, "trajectory", "", NULL, "b.svg");
    kedge_context_free(f->ctx);
    f->ctx = one;
    assert_true(same_file(f, "a.svg", "b.svg"));
}

static void a_run_directory_shows_the_same_as_its_recipe(void **state)
{
    assert_run_is_its_recipe(*state, "trajectory", NULL);
}

/* A number of the row that begins so; its column counted from 0. */
static double cell(const char *text, const char *begin, int column)
{
    const char *at = strstr(text, begin);
    assert_non_null(at);
    for (int i = 0; i < column; i++) at = strchr(at, ',') + 1;
    return strtod(at, NULL);
}

/* The ends in the figure are the numbers that a run reports. */
static void ends_are_those_of_the_summary(void **state)
{
    fixture *f = *state;
    size_t length;
    load_good(f, "");
    run_into(f, "out", 0);
    draw_figure(f, "trajectory", "out", NULL, "a.png");
    char *text = bytes_of(f, "out/summary.csv", &length), want[128];
    assert_non_null(strstr(text, "seed,status,recon_mse,verdict,verdict_step,spike,anchor_anchor,"));
    double first = 1 - cell(text, "\n0,ok,", 6), second = 1 - cell(text, "\n1,ok,", 6);
    free(text);
    snprintf(want, sizeof want, "median %.3f, from %.3f to %.3f", (first + second) / 2,
             first < second ? first : second, first < second ? second : first);
    assert_says(f, want);
    assert_says(f, "2 runs of 101 steps: 2 clean.");
}

static void runs_that_fail_are_counted(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, "");
    draw_figure(f, "trajectory", "", NULL, "a.png");
    assert_says(f, "2 runs of 21 steps: 2 failed. Seeds 0, 1: failed.");
}

/* One model of two is another seed's. */
static void runs_that_end_otherwise_are_counted(void **state)
{
    fixture *f = *state;
    char other[256];
    load_good(f, "");
    run_into(f, "out", 0);
    draw_figure(f, "trajectory", "out", NULL, "a.png");
    assert_says(f, "2 runs of 101 steps: 2 clean. ");
    snprintf(other, sizeof other, "%s", in_folder(f, "out/seed-1/model.safetensors"));
    assert_int_equal(rename(in_folder(f, "out/seed-0/model.safetensors"), other), 0);
    size_t length;
    char *bytes = bytes_of(f, "out/seed-1/model.safetensors", &length);
    assert_int_equal(kedge_file_write(f->ctx, in_folder(f, "out/seed-0/model.safetensors"), bytes, length), KEDGE_OK);
    free(bytes);
    draw_figure(f, "trajectory", "out", NULL, "a.png");
    assert_says(f, "2 runs of 101 steps: 2 clean; repeated, 1 ended otherwise than its model did. ");
}

static void refuses_a_run_that_anchors_nothing(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 5, "  anchor: {kind: anchor, at: [1, 0, 0]}", "", NULL), KEDGE_OK);
    assert_refuses(f, "trajectory", "", NULL, KEDGE_EINVALID, "recipe.yaml: no labelled concept is anchored");
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_short(f);
    assert_survives_failed_allocations(f, "trajectory", "", NULL, 1);
    run_into(f, "out", 0); /* with models to compare with */
    assert_survives_failed_allocations(f, "trajectory", "out", NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(any_number_of_threads_gives_the_same_bytes),
        TEST(a_run_directory_shows_the_same_as_its_recipe),
        TEST(ends_are_those_of_the_summary),
        TEST(runs_that_fail_are_counted),
        TEST(runs_that_end_otherwise_are_counted),
        TEST(refuses_a_run_that_anchors_nothing),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
