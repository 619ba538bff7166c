/* two groups, paired by seed; and what a group may be called. */
#include "filled_store.h"

#include "store/statistics.h"

static double number(const kedge_table *table, long long row, const char *column)
{
    int at = kedge_table_column(table, column);
    assert_true(at >= 0);
    return kedge_table_cell(table, row, at).real;
}

static kedge_table *compare(fixture *f, const char *a, const char *b, const char *metric)
{
    kedge_table *table = NULL;
    kedge_store_compare_options options = {.a = a, .b = b, .metrics = metric ? &metric : NULL, .n_metrics = 1};
    ok(kedge_store_compare(&table, f->store, &options));
    return table;
}

/* Seeds 10, 11 and 14 have a score in groups 1 and 2: 12 is undefined in one, 13 failed in the other. */
static void leaves_out_what_has_no_partner(void **state)
{
    kedge_table *table = compare(*state, "1", "2", "score");
    assert_true(number(table, 0, "n") == 3);
    assert_float_equal(number(table, 0, "mean_a"), 2.75 / 3, 1e-15);
    assert_float_equal(number(table, 0, "mean_b"), 2.81 / 3, 1e-15);
    kedge_table_free(table);
}

static void pairs_by_seed(void **state)
{
    fixture *f = *state;
    kedge_paired want;
    double a[4], b[4];
    for (int i = 0; i < 4; i++) { /* seeds 10, 11, 12, 14 */
        int s = i < 3 ? i : 4;
        a[i] = (1 + s) * 1e-5 * 3;
        b[i] = (1 + s) * 1e-5 * 2;
    }
    kedge_resamples resamples;
    kedge_resamples_init(&resamples, f->ctx);
    ok(kedge_compare_pairs(&want, &resamples, a, b, 4));
    kedge_resamples_release(&resamples);
    kedge_table *table = compare(f, "1", "2", "recon_mse");
    assert_int_equal(kedge_table_rows(table), 1);
    assert_true(number(table, 0, "a") == 1 && number(table, 0, "b") == 2 && number(table, 0, "n") == 4);
    assert_true(number(table, 0, "mean_a") == want.mean_a && number(table, 0, "mean_b") == want.mean_b);
    assert_true(number(table, 0, "diff") == want.difference.mean);
    assert_true(number(table, 0, "low") == want.difference.of_mean.low);
    assert_true(number(table, 0, "high") == want.difference.of_mean.high);
    assert_true(number(table, 0, "d_z") == want.effect);
    assert_true(number(table, 0, "higher") == 4 && number(table, 0, "equal") == 0 && number(table, 0, "lower") == 0);
    kedge_table_free(table);
}

/* The chance looks at all runs with a value: .90 .92 .91 .93 against .92 .94 .96 .95. */
static void takes_all_runs_for_the_chance(void **state)
{
    kedge_table *table = compare(*state, "1", "2", "score");
    assert_float_equal(number(table, 0, "p_higher"), 1.5 / 16, 1e-15);
    kedge_table_free(table);
}

static void turns_its_sign(void **state)
{
    kedge_table *one = compare(*state, "1", "3", "recon_mse"), *other = compare(*state, "3", "1", "recon_mse");
    assert_true(number(one, 0, "diff") == -number(other, 0, "diff"));
    assert_true(number(one, 0, "higher") == number(other, 0, "lower"));
    assert_float_equal(number(one, 0, "p_higher") + number(other, 0, "p_higher"), 1, 1e-15);
    kedge_table_free(one);
    kedge_table_free(other);
}

static void compares_the_usual_metrics(void **state)
{
    kedge_table *table = compare(*state, "1", "2", NULL);
    assert_int_equal(kedge_table_rows(table), 2);
    assert_string_equal(kedge_table_cell(table, 0, kedge_table_column(table, "metric")).text, "score");
    assert_string_equal(kedge_table_cell(table, 1, kedge_table_column(table, "metric")).text, "recon_mse");
    kedge_table_free(table);
}

static void bears_a_metric_that_one_does_not_have(void **state)
{
    kedge_table *table = compare(*state, "1", "3", "angle");
    assert_true(number(table, 0, "n") == 0);
    assert_true(number(table, 0, "diff") != number(table, 0, "diff"));
    kedge_table_free(table);
}

static void says_what_is_compared(void **state)
{
    fixture *f = *state;
    char *text;
    kedge_table *table = compare(f, "1", "2", NULL);
    ok(kedge_table_print(table, "table", &text));
    static const char want[] = "a: group 1, no settings: 5 runs\n"
                               "b: group 2, optimizer.clip=0.5: 4 runs and 1 that failed\n"
                               "metric ";
    assert_memory_equal(text, want, sizeof want - 1);
    kedge_free(f->ctx, text);
    kedge_table_free(table);
}

/* ---- names of groups ---- */

static void is_group(void **state, const char *name, int group)
{
    kedge_table *table = compare(*state, name, group == 1 ? "2" : "1", "score");
    assert_int_equal(kedge_table_cell(table, 0, 0).integer, group);
    kedge_table_free(table);
}

static void knows_groups_by_their_settings(void **state)
{
    is_group(state, "steps=3000", 3);
    is_group(state, "steps=3e3 , optimizer.clip=.5", 3);
    is_group(state, "optimizer.clip=0.5", 2); /* group 3 has it too, and more */
}

static void knows_values_with_commas(void **state)
{
    fixture *f = *state;
    ok(add_seeds(f->store, "{\"model.hidden\":\"[16, 16]\",\"steps\":5}", 10, 1, NULL));
    is_group(state, "model.hidden=[16, 16],steps=5", 4);
}

static void knows_groups_by_their_recipe(void **state)
{
    fixture *f = *state;
    kedge_store_recipe recipe = {.title = "softer", .text = "title: softer\n"};
    kedge_store_run run = {.settings = "{}", .seed = 10, .stream = 10};
    char digest[KEDGE_DIGEST_SIZE];
    ok(kedge_store_add(f->store, &(kedge_store_plan){&recipe, 1, &run, 1}, NULL));
    is_group(state, "softer", 4);
    is_group(state, "colour wheel", 1); /* of three the one without settings */
    kedge_store_digest(&recipe, digest);
    digest[8] = '\0';
    is_group(state, digest, 4);
}

static void refuses(void **state, const char *a, const char *b, const char *why)
{
    fixture *f = *state;
    kedge_table *table;
    kedge_store_compare_options options = {.a = a, .b = b};
    assert_int_equal(kedge_store_compare(&table, f->store, &options), KEDGE_EINVALID);
    assert_string_equal(message(f), why);
}

static void says_what_is_wrong_with_a_name(void **state)
{
    refuses(state, "0", "1", "STORE: there is no group 0; there are 3");
    refuses(state, "1", "4", "STORE: there is no group 4; there are 3");
    refuses(state, "1", "1", "STORE: '1' and '1' are the same group, 1");
    refuses(state, "3", "steps=3000", "STORE: '3' and 'steps=3000' are the same group, 3");
    refuses(state, "hello", "1", "STORE: no group is 'hello'; 'kedge runs --group' lists them");
    refuses(state, "steps=3001", "1", "STORE: no group is 'steps=3001'; 'kedge runs --group' lists them");
    refuses(state, "steps=3000,clip", "1", "STORE: group 'steps=3000,clip' is not path=value,path=value");
    refuses(state, "score=0.9", "1", "STORE: group 'score=0.9': 'score' is no setting");
    refuses(state, "step=3000", "1", "STORE: unknown name 'step'; did you mean 'steps'?");
    refuses(state, "", "1", "STORE: no group is ''; 'kedge runs --group' lists them");
}

static void says_that_a_name_is_not_enough(void **state)
{
    fixture *f = *state;
    ok(add_seeds(f->store, "{\"optimizer.clip\":0.7,\"steps\":3000}", 10, 1, NULL));
    refuses(state, "steps=3000", "1", "STORE: 'steps=3000' fits 2 groups, 3 and 4 among them; name more settings, or a "
                                      "number");
}

static void bears_the_lack_of_memory(void **state)
{
    fixture *f = *state;
    for (size_t n = 1;; n++) {
        kedge_table *table = NULL;
        f->memory.requests = 0;
        f->memory.fail_at = n;
        kedge_store_compare_options options = {.a = "steps=3000", .b = "1"};
        kedge_status status = kedge_store_compare(&table, f->store, &options);
        bool all = f->memory.requests < n;
        f->memory.fail_at = 0;
        kedge_table_free(table);
        assert_int_equal(status, all ? KEDGE_OK : KEDGE_ENOMEM);
        if (all) break;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_filled, teardown)
    const struct CMUnitTest tests[] = {
        TEST(pairs_by_seed),
        TEST(leaves_out_what_has_no_partner),
        TEST(takes_all_runs_for_the_chance),
        TEST(turns_its_sign),
        TEST(compares_the_usual_metrics),
        TEST(bears_a_metric_that_one_does_not_have),
        TEST(says_what_is_compared),
        TEST(knows_groups_by_their_settings),
        TEST(knows_values_with_commas),
        TEST(knows_groups_by_their_recipe),
        TEST(says_what_is_wrong_with_a_name),
        TEST(says_that_a_name_is_not_enough),
        TEST(bears_the_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
