/* test_attribute_store.c - what is said of the crossed seeds of a store. */
#include "sweep_fixture.h"

static void what_explains_is_told(void **state)
{
    fixture *f = *state;
    kedge_table *table;
    char store[256], *text;
    write_recipe(f, "");
    swept(f, "s", (kedge_sweep_options){.seed_count = 4, .attribute = 1});
    snprintf(store, sizeof store, "%s", in_folder(f, "s"));
    kedge_attribute_options options = {.metric = "recon_mse", .has_limit = 1, .limit = 0};
    assert_int_equal(kedge_attribute(&table, f->ctx, store, &options), KEDGE_OK);
    assert_int_equal(kedge_table_rows(table), 6);
    double sum = 0;
    int share = kedge_table_column(table, "share");
    for (int i = 0; i < 3; i++) sum += kedge_table_cell(table, i, share).real;
    assert_true(sum > 1 - 1e-12 && sum < 1 + 1e-12);
    assert_int_equal(kedge_table_cell(table, 4, share).kind, KEDGE_CELL_NONE); /* no run failed */
    assert_int_equal(kedge_table_print(table, "table", &text), KEDGE_OK);
    assert_non_null(strstr(text, "group 1, recon_mse of 16 runs: of the variance initial weights explain "));
    assert_non_null(strstr(text, "group 1, failure of 16 runs: all equal, there is nothing to explain\n"));
    kedge_free(f->ctx, text);
    kedge_table_free(table);
}

/* The sentence about the score after all values in the store were replaced by an expression of seed and stream. */
static void assert_said(fixture *f, const char *expression, const char *sentence)
{
    kedge_table *table;
    char store[256], query[256], *text;
    snprintf(store, sizeof store, "%s", in_folder(f, "s"));
    snprintf(query, sizeof query, "UPDATE metric SET value = (SELECT %s FROM run WHERE id = run_id) "
             "WHERE name = 'recon_mse'", expression);
    ask(f, "s", query);
    kedge_attribute_options options = {.metric = "recon_mse"};
    assert_int_equal(kedge_attribute(&table, f->ctx, store, &options), KEDGE_OK);
    assert_int_equal(kedge_table_print(table, "table", &text), KEDGE_OK);
    char *end = strchr(text, '\n');
    assert_non_null(end);
    *end = '\0';
    const char *said = strrchr(text, ':');
    assert_non_null(said);
    assert_string_equal(said + 2, sentence);
    kedge_free(f->ctx, text);
    kedge_table_free(table);
}

static void no_more_is_said_than_the_intervals_say(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    swept(f, "s", (kedge_sweep_options){.seed_count = 6, .attribute = 1});
    assert_said(f, "seed", "the weights explain it, the batches do not");
    assert_said(f, "stream", "the batches explain it, the weights do not");
    assert_said(f, "seed = 0", "the weights count, how much is uncertain; no sign that the batches do");
    assert_said(f, "seed + stream", "both count, which of them more is uncertain");
    assert_said(f, "seed + 9 * stream", "both count, the batches more");
    assert_said(f, "seed = stream", "mostly the pair; alone, no sign that either explains it by itself");
}

static void runs_that_are_not_crossed_are_left_out(void **state)
{
    fixture *f = *state;
    kedge_table *table;
    char store[256];
    write_recipe(f, "");
    swept(f, "s", (kedge_sweep_options){.seed_count = 9});
    snprintf(store, sizeof store, "%s", in_folder(f, "s"));
    kedge_attribute_options options = {.metric = "recon_mse"};
    assert_int_equal(kedge_attribute(&table, f->ctx, store, &options), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "no seeds are crossed among these runs; 'kedge sweep --attribute' crosses them");
    swept(f, "s", (kedge_sweep_options){.seed_count = 3, .attribute = 1});
    assert_int_equal(kedge_attribute(&table, f->ctx, store, &options), KEDGE_OK);
    assert_int_equal(kedge_table_cell(table, 0, kedge_table_column(table, "runs")).integer, 9);
    kedge_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_explains_is_told),
        TEST(no_more_is_said_than_the_intervals_say),
        TEST(runs_that_are_not_crossed_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
