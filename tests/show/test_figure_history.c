/* test_figure_history.c - how a latent space came about, as a figure: which steps, which pairs. */
#include "figure_test.h"

#include "kedge/surgery.h"

static void is_drawn_alike(void **state)
{
    assert_recipe_draws_alike(*state, "history");
}

static void early_steps_are_denser(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    draw_figure(f, "history", "", NULL, "a.png");
    assert_says(f, "Latent space of 27 points in 3 dimensions after 101 steps, with 10 earlier states");
    assert_says(f, "Dimensions 0 and 1, 0 and 2. Anchored: red.");
    static const int steps[] = {0, 1, 4, 9, 16, 25, 36, 49, 65, 82, 101};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char part[32];
        snprintf(part, sizeof part, " at step %d%s", steps[i], steps[i] == 101 ? "." : ",");
        assert_says(f, part);
    }
}

static void a_short_run_shows_each_step_once(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, separate: 0.1, anchor: 1}\nsteps: 3", "", NULL), KEDGE_OK);
    draw_figure(f, "history", "", NULL, "a.png");
    assert_says(f, "after 3 steps, with 3 earlier states");
}

static void pairs_may_be_chosen(void **state)
{
    static const int pairs[][2] = {{2, 1}}, beyond[][2] = {{0, 3}};
    fixture *f = *state;
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    options.pairs = pairs, options.n_pairs = 1;
    load_good(f, "");
    draw_figure(f, "history", "", &options, "a.png");
    assert_says(f, "Dimensions 2 and 1.");
    options.pairs = beyond;
    assert_refuses(f, "history", "", &options, KEDGE_EINVALID, "cannot draw dimensions 0 and 3");
}

static void a_run_directory_shows_the_same_as_its_recipe(void **state)
{
    assert_run_is_its_recipe(*state, "history", NULL);
}

static void surgery_is_told(void **state)
{
    fixture *f = *state;
    kedge_model *model = NULL;
    const int dim = 0;
    const kedge_surgery ablate = {.kind = "ablate", .n_dims = 1, .dims = &dim};
    load_good(f, "");
    run_into(f, "out", 0);
    assert_int_equal(kedge_model_load(&model, f->ctx, in_folder(f, "out/seed-0/model.safetensors")), KEDGE_OK);
    assert_int_equal(kedge_model_operate(model, &ablate, NULL), KEDGE_OK);
    assert_int_equal(kedge_draw_model(model, "history", NULL, in_folder(f, "a.png")), KEDGE_OK);
    assert_says(f, "small below it; before the model's surgery. Dimensions");
    assert_int_equal(kedge_draw_model(model, "losses", NULL, in_folder(f, "a.png")), KEDGE_OK);
    assert_says(f, "over a moving window; before the model's surgery. reconstruction");
    kedge_model_free(model);
}

static void refuses_what_is_no_run(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_refuses(f, "history", "nowhere", NULL, KEDGE_EIO, "nowhere");
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_short(f);
    assert_survives_failed_allocations(f, "history", "", NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(early_steps_are_denser),
        TEST(a_short_run_shows_each_step_once),
        TEST(pairs_may_be_chosen),
        TEST(a_run_directory_shows_the_same_as_its_recipe),
        TEST(surgery_is_told),
        TEST(refuses_what_is_no_run),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
