/* test_figure_ledger.c - what terms pulled in a model's run as a figure: repeated, the pairs that matter alone. */
#include "figure_test.h"

static void is_drawn_alike(void **state)
{
    assert_recipe_draws_alike(*state, "ledger");
}

static void every_part_is_told(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    draw_figure(f, "ledger", "", NULL, "a.png");
    assert_says(f, "What each part of the objective pulls, over 101 steps.");
    assert_says(f, " Norm of task: 101 values between steps 0 and 100,");
    assert_says(f, " Norm of separate: 100 values between steps 0 and 99,");
    assert_says(f, " Norm of anchor: ");
}

/* At each labelled sample they are opposite, whatever the rest of the batch does. */
static void opposite_terms_are_told_with_their_cosine(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 4, "  separate: {kind: anti-anchor, form: full, at: [1, 0, 0]}", "", NULL), KEDGE_OK);
    draw_figure(f, "ledger", "", NULL, "a.png");
    assert_says(f, " Cosine of separate, anchor: ");
    assert_says(f, " -1 at first, -1 at the end.");
}

/* The terms are opposite all the time, but from step 50 on one of them is ten thousand times weaker. */
static void who_is_no_match_has_no_cosine(void **state)
{
    fixture *f = *state;
    size_t length;
    int values = 0, first = -1, last = -1;
    put(f, "schedule.csv", "STEP,lr,separate:linear:step,anchor\n0,0.01,0.1,0.1\n50,,0.00001,\n100,,,\n");
    assert_int_equal(load(f, 4, "  separate: {kind: anti-anchor, form: full, at: [1, 0, 0]}", "", NULL), KEDGE_OK);
    draw_figure(f, "ledger", "", NULL, "a.png");
    char *words = bytes_of(f, "a.txt", &length), *at = strstr(words, " Cosine of separate, anchor: ");
    assert_non_null(at);
    assert_int_equal(sscanf(at, " Cosine of separate, anchor: %d values between steps %d and %d,", &values, &first,
                            &last), 3);
    assert_true(values > 10 && first < 10 && last > 40 && last < 50);
    free(words);
}

static void a_run_directory_and_its_recipe_are_one_run(void **state)
{
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    options.seed = 1;
    assert_model_is_its_recipe(*state, "ledger", &options);
}

static void refuses_a_seed_that_fails(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, "");
    assert_refuses(f, "ledger", "", NULL, KEDGE_ENUMERIC, "seed 0 fails");
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_short(f);
    assert_survives_failed_allocations(f, "ledger", "", NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(every_part_is_told),
        TEST(opposite_terms_are_told_with_their_cosine),
        TEST(who_is_no_match_has_no_cosine),
        TEST(a_run_directory_and_its_recipe_are_one_run),
        TEST(refuses_a_seed_that_fails),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
