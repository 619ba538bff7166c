/* Pareto fronts, of groups and of runs. */
#include "filled_store.h"

#include <math.h>

static const char *front(fixture *f, const kedge_store_pareto_options *options)
{
    static char kept[4096];
    kedge_table *table = NULL;
    char *text = NULL;
    ok(kedge_store_pareto(&table, f->store, options));
    ok(kedge_table_print(table, "csv", &text));
    snprintf(kept, sizeof kept, "%s", text);
    kedge_free(f->ctx, text);
    kedge_table_free(table);
    return kept;
}

static void finds_the_best_group(void **state)
{
    const kedge_store_objective objectives[] = {{"score", 1}, {"recon_mse", 0}};
    assert_string_equal(front(*state, &(kedge_store_pareto_options){.objectives = objectives, .n_objectives = 2}),
                        "group,optimizer.clip,steps,n,failed,score,recon_mse,recipe,digest\n"
                        "3,0.5,3000,4,0,0.9575,2.5e-05,colour wheel,0014f9fa\n");
}

static void finds_a_front(void **state)
{
    const kedge_store_objective objectives[] = {{"score", 0}, {"recon_mse", 0}};
    assert_string_equal(front(*state, &(kedge_store_pareto_options){.objectives = objectives, .n_objectives = 2}),
                        "group,optimizer.clip,steps,n,failed,score,recon_mse,recipe,digest\n"
                        "1,,,4,0,0.915,9e-05,colour wheel,0014f9fa\n"
                        "2,0.5,,4,1,0.9425,5.5e-05,colour wheel,0014f9fa\n"
                        "3,0.5,3000,4,0,0.9575,2.5e-05,colour wheel,0014f9fa\n");
}

static void keeps_conditions(void **state)
{
    const char *condition = "group!=3";
    const kedge_store_objective objectives[] = {{"score", 1}};
    kedge_store_pareto_options options = {.objectives = objectives, .n_objectives = 1, .where = &condition,
                                          .n_where = 1};
    assert_string_equal(front(*state, &options), "group,optimizer.clip,steps,n,failed,score,recipe,digest\n"
                                                 "2,0.5,,4,1,0.9425,colour wheel,0014f9fa\n");
}

static void finds_runs(void **state)
{
    const kedge_store_objective objectives[] = {{"recon_mse", 0}, {"score", 1}};
    kedge_store_pareto_options options = {.objectives = objectives, .n_objectives = 2, .runs = 1};
    assert_string_equal(front(*state, &options),
                        "id,group,optimizer.clip,steps,seed,stream,recon_mse,score,recipe,digest\n"
                        "11,3,0.5,3000,10,10,1e-05,0.94,colour wheel,0014f9fa\n"
                        "12,3,0.5,3000,11,11,2e-05,0.96,colour wheel,0014f9fa\n"
                        "13,3,0.5,3000,12,12,3e-05,0.98,colour wheel,0014f9fa\n");
}

static void leaves_out_what_is_undefined(void **state)
{
    const kedge_store_objective objectives[] = {{"angle", 0}};
    assert_string_equal(front(*state, &(kedge_store_pareto_options){.objectives = objectives, .n_objectives = 1}),
                        "group,optimizer.clip,steps,n,failed,angle,recipe,digest\n"
                        "3,0.5,3000,4,0,0.375,colour wheel,0014f9fa\n");
}

static void refuses_without_objectives(void **state)
{
    fixture *f = *state;
    kedge_table *table;
    assert_int_equal(kedge_store_pareto(&table, f->store, &(kedge_store_pareto_options){0}), KEDGE_EINVALID);
    assert_string_equal(message(f), "STORE: a Pareto front needs something to minimize or to maximize");
}

static void refuses_an_unknown_metric(void **state)
{
    fixture *f = *state;
    kedge_table *table;
    const kedge_store_objective objectives[] = {{"socre", 0}};
    kedge_store_pareto_options options = {.objectives = objectives, .n_objectives = 1};
    assert_int_equal(kedge_store_pareto(&table, f->store, &options), KEDGE_EINVALID);
    assert_string_equal(message(f), "STORE: unknown metric 'socre'; did you mean 'score'?");
}

/* Against the definition, three objectives with many ties. */
static void agrees_with_the_definition(void **state)
{
    enum { RUNS = 300, N = 3 };
    fixture *f = *state;
    static const char *const names[N] = {"a", "b", "c"};
    static double values[RUNS][N];
    open_store(f, KEDGE_STORE_CREATE);
    ok(add_seeds(f->store, "{}", 0, RUNS, NULL));
    uint32_t word = 1;
    for (int i = 0; i < RUNS; i++) {
        for (int j = 0; j < N; j++) {
            word = word * 1664525u + 1013904223u;
            values[i][j] = word >> 28;
        }
        ok(kedge_store_finish(f->store, &(kedge_store_result){.id = i + 1, .n_metrics = N, .names = names,
                                                              .values = values[i]}, 1));
    }
    bool best[RUNS];
    int n_best = 0;
    for (int i = 0; i < RUNS; i++) {
        best[i] = true;
        for (int j = 0; j < RUNS; j++) {
            const double *x = values[i], *y = values[j]; /* a small, b large, c small */
            bool as_good = y[0] <= x[0] && y[1] >= x[1] && y[2] <= x[2];
            if (as_good && (y[0] != x[0] || y[1] != x[1] || y[2] != x[2])) best[i] = false;
        }
        n_best += best[i];
    }
    const kedge_store_objective objectives[] = {{"a", 0}, {"b", 1}, {"c", 0}};
    kedge_table *table;
    ok(kedge_store_pareto(&table, f->store, &(kedge_store_pareto_options){.objectives = objectives, .n_objectives = 3,
                                                                          .runs = 1}));
    assert_int_equal(kedge_table_rows(table), n_best);
    for (long long i = 0; i < kedge_table_rows(table); i++)
        assert_true(best[kedge_table_cell(table, i, 0).integer - 1]);
    kedge_table_free(table);
}

static void bears_the_lack_of_memory(void **state)
{
    fixture *f = *state;
    const kedge_store_objective objectives[] = {{"score", 0}, {"recon_mse", 0}};
    for (size_t n = 1;; n++) {
        kedge_store_pareto_options options = {.objectives = objectives, .n_objectives = 2, .runs = n % 2 == 0};
        kedge_table *table = NULL;
        f->memory.requests = 0;
        f->memory.fail_at = n;
        kedge_status status = kedge_store_pareto(&table, f->store, &options);
        bool all = f->memory.requests < n;
        f->memory.fail_at = 0;
        kedge_table_free(table);
        assert_int_equal(status, all ? KEDGE_OK : KEDGE_ENOMEM);
        if (all && n % 2 == 0) break;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_filled, teardown)
    const struct CMUnitTest tests[] = {
        TEST(finds_the_best_group),
        TEST(finds_a_front),
        TEST(keeps_conditions),
        TEST(finds_runs),
        TEST(leaves_out_what_is_undefined),
        TEST(refuses_without_objectives),
        TEST(refuses_an_unknown_metric),
        cmocka_unit_test_setup_teardown(agrees_with_the_definition, setup, teardown),
        TEST(bears_the_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
