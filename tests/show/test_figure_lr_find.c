/* test_figure_lr_find.c - a recipe's learning-rate range test as a figure. */
#include "figure_test.h"

#include "kedge/lr_find.h"

static void is_drawn_alike(void **state)
{
    assert_recipe_draws_alike(*state, "lr-find");
}

static void every_mark_is_told(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    draw_figure(f, "lr-find", "", NULL, "a.png");
    assert_says(f, "rises from 1e-06 to 10, a line for each of 8 seeds.");
    for (int i = 0; i < KEDGE_LR_MARKS; i++) assert_says(f, kedge_lr_mark_doc((kedge_lr_mark)i));
    assert_says(f, "The recipe's own largest is 0.01.");
}

static void a_test_that_was_made_is_drawn_the_same(void **state)
{
    fixture *f = *state;
    kedge_lr_test *test = NULL;
    load_good(f, "title: small\n");
    draw_figure(f, "lr-find", "", NULL, "a.svg");
    assert_int_equal(kedge_lr_find(&test, f->ctx, f->loaded, NULL), KEDGE_OK);
    assert_int_equal(kedge_draw_lr_test(test, NULL, in_folder(f, "b.svg")), KEDGE_OK);
    assert_true(same_file(f, "a.svg", "b.svg"));
    kedge_lr_test_free(test);
}

static void refuses_what_is_no_recipe(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_refuses(f, "lr-find", "nowhere", NULL, KEDGE_EIO, "nowhere");
}

static void survives_failed_allocations(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_survives_failed_allocations(f, "lr-find", "", NULL, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(every_mark_is_told),
        TEST(a_test_that_was_made_is_drawn_the_same),
        TEST(refuses_what_is_no_recipe),
        TEST(survives_failed_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
