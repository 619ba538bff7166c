/* test_figure_attribution.c - crossed seeds of a store as a figure: the numbers are those of the attribution. */
#include "figure_test.h"

#include <math.h>

#include "kedge/store.h"
#include "kedge/sweep.h"

/* A store of three seeds of weights with three of batches. */
static void sweep(fixture *f, int crossed)
{
    char store[256];
    kedge_sweep_options options = KEDGE_SWEEP_OPTIONS_INIT;
    kedge_sweep_report report;
    snprintf(store, sizeof store, "%s", in_folder(f, "runs.kedge"));
    options.seed_count = 3;
    options.attribute = crossed;
    load_good(f, "");
    if (kedge_sweep(&report, f->ctx, f->folder, store, &options)) fail_msg("%s", kedge_error());
}

static void is_drawn_alike(void **state)
{
    fixture *f = *state;
    sweep(f, 1);
    assert_draws_alike(f, "attribution", "runs.kedge");
}

static void shares_are_those_of_the_attribution(void **state)
{
    fixture *f = *state;
    kedge_table *table = NULL;
    kedge_attribute_options options = {.metric = "recon_mse"};
    char want[64];
    sweep(f, 1);
    draw_figure(f, "attribution", "runs.kedge", NULL, "a.png");
    assert_int_equal(kedge_attribute(&table, f->ctx, in_folder(f, "runs.kedge"), &options), KEDGE_OK);
    assert_says(f, "Heat map of recon_mse for crossed seeds. 3 seeds of weights by 3 of batches, 9 runs with a value");
    double weights = kedge_table_cell(table, 0, kedge_table_column(table, "share")).real;
    double low = kedge_table_cell(table, 0, kedge_table_column(table, "low")).real;
    snprintf(want, sizeof want, "Variance of recon_mse: weights %.0f%% (%.0f%% to ", 100 * weights, 100 * low);
    assert_says(f, want);
    assert_says(f, "Variance of failure (not clean): ");
    kedge_table_free(table);
}

static void another_metric_may_be_chosen(void **state)
{
    static const char *const one[] = {"anchor_anchor"}, *const two[] = {"anchor_anchor", "recon_mse"};
    fixture *f = *state;
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    options.metrics = one, options.n_metrics = 1;
    sweep(f, 1);
    draw_figure(f, "attribution", "runs.kedge", &options, "a.png");
    assert_says(f, "Heat map of anchor_anchor");
    options.metrics = two, options.n_metrics = 2;
    assert_refuses(f, "attribution", "runs.kedge", &options, KEDGE_EINVALID, "shows one metric, not 2");
}

static void refuses_a_store_that_is_not_crossed(void **state)
{
    fixture *f = *state;
    sweep(f, 0);
    assert_refuses(f, "attribution", "runs.kedge", NULL, KEDGE_EINVALID, "crossed");
    assert_refuses(f, "attribution", "nowhere", NULL, KEDGE_EIO, "nowhere");
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    sweep(f, 1);
    assert_survives_failed_allocations(f, "attribution", "runs.kedge", NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(shares_are_those_of_the_attribution),
        TEST(another_metric_may_be_chosen),
        TEST(refuses_a_store_that_is_not_crossed),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
