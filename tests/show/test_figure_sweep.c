/* test_figure_sweep.c - the settings of a store side by side: which metric, which names, which front. */
#include "figure_test.h"

#include "eval/metrics.h"
#include "kedge/store.h"
#include "kedge/sweep.h"

/* A store of two settings with three seeds each. */
static void sweep(fixture *f, const char *const *over, int n_over)
{
    char store[256];
    kedge_sweep_options options = KEDGE_SWEEP_OPTIONS_INIT;
    kedge_sweep_report report;
    snprintf(store, sizeof store, "%s", in_folder(f, "runs.kedge"));
    options.over = over, options.n_over = n_over;
    options.seed_count = 3;
    load_good(f, "");
    if (kedge_sweep(&report, f->ctx, f->folder, store, &options)) fail_msg("%s", kedge_error());
}

static const char *const clips[] = {"optimizer.clip=0.5,2"};

static kedge_draw_options of_metrics(const char *const *metrics, int n)
{
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    options.metrics = metrics, options.n_metrics = n;
    return options;
}

static void is_drawn_alike(void **state)
{
    fixture *f = *state;
    sweep(f, clips, 1);
    assert_draws_alike(f, "sweep", "runs.kedge");
}

/* The mean of a group as the store tells it, with 4 digits. */
static void mean_of(fixture *f, const char *metric, long long row, char *out, size_t room)
{
    kedge_store *store = NULL;
    kedge_table *table = NULL;
    kedge_store_query query = {.metrics = &metric, .n_metrics = 1, .by_group = 1};
    assert_int_equal(kedge_store_open(&store, f->ctx, in_folder(f, "runs.kedge")), KEDGE_OK);
    assert_int_equal(kedge_store_runs(&table, store, &query), KEDGE_OK);
    snprintf(out, room, "%s %.4g (", metric, kedge_table_cell(table, row, kedge_table_column(table, "mean")).real);
    kedge_table_free(table);
    kedge_store_close(store);
}

static void groups_are_named_by_what_differs(void **state)
{
    fixture *f = *state;
    char mean[64];
    sweep(f, clips, 1);
    draw_figure(f, "sweep", "runs.kedge", NULL, "a.png");
    assert_says(f, "Means with 95% intervals of 2 groups of runs. clip 0.5, 3 runs: recon_mse ");
    mean_of(f, "recon_mse", 1, mean, sizeof mean);
    assert_says(f, "clip 2, 3 runs: ");
    assert_says(f, mean);
}

static void metrics_may_be_chosen(void **state)
{
    static const char *const one[] = {"anchor_anchor"};
    fixture *f = *state;
    kedge_draw_options options = of_metrics(one, 1);
    char mean[64];
    sweep(f, clips, 1);
    draw_figure(f, "sweep", "runs.kedge", &options, "a.png");
    mean_of(f, "anchor_anchor", 0, mean, sizeof mean);
    assert_says(f, mean);
}

static void two_metrics_have_the_front_of_the_store(void **state)
{
    static const char *const two[] = {"recon_mse", "anchor_anchor"};
    fixture *f = *state;
    kedge_draw_options options = of_metrics(two, 2);
    sweep(f, clips, 1);
    draw_figure(f, "sweep", "runs.kedge", &options, "a.png");
    kedge_store *store = NULL;
    kedge_table *table = NULL;
    const kedge_store_objective objectives[] = {{"recon_mse", 0}, {"anchor_anchor", 0}};
    kedge_store_pareto_options front = {.objectives = objectives, .n_objectives = 2};
    assert_int_equal(kedge_store_open(&store, f->ctx, in_folder(f, "runs.kedge")), KEDGE_OK);
    assert_int_equal(kedge_store_pareto(&table, store, &front), KEDGE_OK);
    size_t length;
    char *text = bytes_of(f, "a.txt", &length);
    int n = 0;
    for (const char *at = text; (at = strstr(at, "on the front")); at++) n++;
    assert_int_equal(n, kedge_table_rows(table));
    free(text);
    kedge_table_free(table);
    kedge_store_close(store);
}

static void a_lone_group_has_the_front_of_its_runs(void **state)
{
    static const char *const two[] = {"recon_mse", "anchor_anchor"};
    fixture *f = *state;
    kedge_draw_options options = of_metrics(two, 2);
    sweep(f, NULL, 0);
    draw_figure(f, "sweep", "runs.kedge", &options, "a.png");
    assert_says(f, "1 group of runs. 3 runs: recon_mse");
    assert_says(f, "on the front.");
}

static void the_list_of_metrics_says_what_is_better(void **state)
{
    (void)state;
    assert_true(kedge_metric_find("score")->more);
    assert_true(kedge_metric_find("damage_suppressed")->more);
    assert_false(kedge_metric_find("recon_mse")->more);
    assert_false(kedge_metric_find("collateral_suppressed")->more);
    assert_null(kedge_metric_find("scores"));
}

static void refuses_what_it_cannot_show(void **state)
{
    static const char *const three[] = {"recon_mse", "anchor_anchor", "anchor_anchor"}, *const wrong[] = {"recon_mze"};
    fixture *f = *state;
    kedge_draw_options many = of_metrics(three, 3), unknown = of_metrics(wrong, 1);
    sweep(f, clips, 1);
    assert_refuses(f, "sweep", "runs.kedge", &many, KEDGE_EINVALID, "one metric, or two against each other, not 3");
    assert_refuses(f, "sweep", "runs.kedge", &unknown, KEDGE_EINVALID, "did you mean 'recon_mse'?");
    assert_refuses(f, "sweep", "recipe.yaml", NULL, KEDGE_EFORMAT, "recipe.yaml");
    assert_refuses(f, "sweep", "nowhere", NULL, KEDGE_EIO, "nowhere");
}

static void survives_each_failed_allocation(void **state)
{
    static const char *const two[] = {"recon_mse", "anchor_anchor"};
    fixture *f = *state;
    kedge_draw_options options = of_metrics(two, 2);
    sweep(f, clips, 1);
    assert_survives_failed_allocations(f, "sweep", "runs.kedge", NULL, 1);
    assert_survives_failed_allocations(f, "sweep", "runs.kedge", &options, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_drawn_alike),
        TEST(groups_are_named_by_what_differs),
        TEST(metrics_may_be_chosen),
        TEST(two_metrics_have_the_front_of_the_store),
        TEST(a_lone_group_has_the_front_of_its_runs),
        TEST(the_list_of_metrics_says_what_is_better),
        TEST(refuses_what_it_cannot_show),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
