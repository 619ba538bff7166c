/* test_figure_losses.c - the losses of a model's run as a figure: repeated, with the labels' batches alone. */
#include "figure_test.h"

#include <math.h>

#include "show/replay.h"

static void is_drawn_alike(void **state)
{
    assert_recipe_draws_alike(*state, "losses");
}

static void every_term_is_told(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    draw_figure(f, "losses", "", NULL, "a.png");
    assert_says(f, "Losses over 101 steps");
    assert_says(f, " reconstruction: ");
    assert_says(f, " separate: 100 values between steps 0 and 99,");
    assert_says(f, " anchor: ");
}

/* Batches without a labelled sample do not break a term's line: its first point is the mean of its first five values,
 * as far as its window of nine goes to both sides. */
static void labelled_terms_are_smoothed_over_their_batches(void **state)
{
    fixture *f = *state;
    kedge_replay *replay = NULL;
    char want[64];
    load_good(f, "");
    assert_int_equal(kedge_replay_create(&replay, f->ctx, f->loaded, 0, 0, NULL), KEDGE_OK);
    double sum = 0;
    int n = 0, skipped = 0;
    for (int step = 0; step < replay->steps && n < 5; step++) {
        float loss = replay->losses[step * 3 + 2];
        if (isfinite(loss) && loss != 0) sum += (double)loss, n++;
        else skipped++;
    }
    kedge_replay_free(replay);
    assert_true(n == 5 && skipped > 0);
    draw_figure(f, "losses", "", NULL, "a.png");
    snprintf(want, sizeof want, ", %.3g at first,", sum / n);
    assert_says(f, want);
}

static void a_run_directory_and_its_recipe_are_one_run(void **state)
{
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    options.seed = 1;
    assert_model_is_its_recipe(*state, "losses", &options);
}

static void seeds_differ(void **state)
{
    fixture *f = *state;
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    options.seed = 1;
    load_good(f, "");
    draw_figure(f, "losses", "", NULL, "a.svg");
    draw_figure(f, "losses", "", &options, "b.svg");
    assert_false(same_file(f, "a.svg", "b.svg"));
}

static void refuses_a_seed_that_fails(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, "");
    assert_refuses(f, "losses", "", NULL, KEDGE_ENUMERIC, "seed 0 fails");
}

static void refuses_what_is_no_run(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_refuses(f, "losses", "nowhere", NULL, KEDGE_EIO, "nowhere");
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_short(f);
    assert_survives_failed_allocations(f, "losses", "", NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(every_term_is_told),
        TEST(labelled_terms_are_smoothed_over_their_batches),
        TEST(a_run_directory_and_its_recipe_are_one_run),
        TEST(seeds_differ),
        TEST(refuses_a_seed_that_fails),
        TEST(refuses_what_is_no_run),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
