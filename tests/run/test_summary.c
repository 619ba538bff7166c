/* test_summary.c - summaries: rows and columns, and their text to the letter. */
#include "run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "run/summary.h"

/* A table made by hand: two columns, four seeds, one of which failed. */
typedef struct table {
    kedge_summary summary;
    kedge_column columns[2];
    kedge_summary_row rows[4];
    double values[4][2];
} table;

static table *make(kedge_context *ctx, table *t)
{
    *t = (table){
        .columns = {{.name = "recon_mse"}, {.name = "anchor_a-long-name"}},
        .values = {{0.25, 1}, {0.0001234567891, NAN}, {NAN, NAN}, {1e-12, 0.5}},
    };
    for (int i = 0; i < 4; i++)
        t->rows[i] = (kedge_summary_row){.seed = i + 8, .present = true, .values = t->values[i]};
    t->rows[2].failure = "term \"a\\b\" became\tinfinite";
    t->summary = (kedge_summary){.ctx = ctx, .n_columns = 2, .columns = t->columns, .n_rows = 4, .rows = t->rows};
    return t;
}

static void assert_prints(const fixture *f, const table *t, const char *format, const char *expected)
{
    char *text = NULL;
    assert_int_equal(kedge_summary_print(&t->summary, format, &text), KEDGE_OK);
    assert_string_equal(text, expected);
    kedge_free(f->ctx, text);
}

static void as_csv(void **state)
{
    table t;
    assert_prints(*state, make(((fixture *)*state)->ctx, &t), "csv",
                  "seed,status,recon_mse,anchor_a-long-name\n"
                  "8,ok,0.25,1\n"
                  "9,ok,0.000123456789,\n"
                  "10,failed,,\n"
                  "11,ok,1e-12,0.5\n");
}

static void as_json(void **state)
{
    table t;
    assert_prints(*state, make(((fixture *)*state)->ctx, &t), "json",
                  "[\n"
                  "  {\"seed\": 8, \"status\": \"ok\", \"recon_mse\": 0.25, \"anchor_a-long-name\": 1},\n"
                  "  {\"seed\": 9, \"status\": \"ok\", \"recon_mse\": 0.000123456789, \"anchor_a-long-name\": null},\n"
                  "  {\"seed\": 10, \"status\": \"failed\", \"error\": \"term \\\"a\\\\b\\\" became\\u0009infinite\", "
                  "\"recon_mse\": null, \"anchor_a-long-name\": null},\n"
                  "  {\"seed\": 11, \"status\": \"ok\", \"recon_mse\": 1e-12, \"anchor_a-long-name\": 0.5}\n"
                  "]\n");
}

/* The median of three is the one in the middle, quarters lie between; of one value there is no deviation. */
static void as_table(void **state)
{
    table t;
    assert_prints(*state, make(((fixture *)*state)->ctx, &t), "table",
                  "    seed  recon_mse  anchor_a-long-name\n"
                  "       8       0.25                   1\n"
                  "       9  0.0001235                   -\n"
                  "      10          -                   -  failed\n"
                  "      11      1e-12                 0.5\n"
                  "     min      1e-12                 0.5\n"
                  "     25%  6.173e-05               0.625\n"
                  "  median  0.0001235                0.75\n"
                  "    mean    0.08337                0.75\n"
                  "     75%     0.1251               0.875\n"
                  "     max       0.25                   1\n"
                  "      sd     0.1443              0.3536\n");
}

static void one_seed_has_no_statistics(void **state)
{
    table t;
    make(((fixture *)*state)->ctx, &t)->summary.n_rows = 1;
    assert_prints(*state, &t, "table",
                  "    seed  recon_mse  anchor_a-long-name\n"
                  "       8       0.25                   1\n");
}

static void of_nothing(void **state)
{
    table t;
    make(((fixture *)*state)->ctx, &t)->summary.n_rows = 0;
    assert_prints(*state, &t, "csv", "seed,status,recon_mse,anchor_a-long-name\n");
    assert_prints(*state, &t, "json", "[]\n");
    assert_prints(*state, &t, "table", "    seed  recon_mse  anchor_a-long-name\n");
}

static void of_failures_alone(void **state)
{
    table t;
    make(((fixture *)*state)->ctx, &t);
    t.rows[0] = t.rows[1] = t.rows[2];
    t.summary.n_rows = 2;
    char *text = NULL;
    assert_int_equal(kedge_summary_print(&t.summary, "table", &text), KEDGE_OK);
    assert_non_null(strstr(text, "\n  median          -                   -\n"));
    kedge_free(((fixture *)*state)->ctx, text);
}

static void long_tables_are_cut(void **state)
{
    fixture *f = *state;
    static kedge_summary_row rows[250];
    table t;
    make(f->ctx, &t);
    for (int i = 0; i < 250; i++) rows[i] = (kedge_summary_row){.seed = i, .present = true, .values = t.values[0]};
    t.summary.rows = rows;
    t.summary.n_rows = 250;
    char *text = NULL;
    assert_int_equal(kedge_summary_print(&t.summary, "table", &text), KEDGE_OK);
    assert_non_null(strstr(text, "\n      99       0.25                   1\n     ...  and 150 more seeds\n     min "));
    kedge_free(f->ctx, text);
    assert_int_equal(kedge_summary_print(&t.summary, "csv", &text), KEDGE_OK);
    assert_non_null(strstr(text, "\n249,ok,0.25,1\n"));
    kedge_free(f->ctx, text);
}

static void unknown_formats_are_refused(void **state)
{
    table t;
    char *text = NULL;
    make(((fixture *)*state)->ctx, &t);
    assert_int_equal(kedge_summary_print(&t.summary, "xml", &text), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "unknown format 'xml'; known are table, csv, json");
    assert_null(text);
}

/* ---- made from metrics ---- */

/* A meter with one column. */
static kedge_summary *create(kedge_context *ctx, const long long *seeds, long long n, kedge_meter *meter)
{
    static kedge_column column = {.name = "recon_mse"};
    static double value = 0.25;
    kedge_summary *summary = NULL;
    *meter = (kedge_meter){.n_columns = 1, .columns = &column, .values = &value};
    kedge_status status = kedge_summary_create(&summary, ctx, meter, seeds, n);
    if (status) assert_int_equal(status, KEDGE_ENOMEM);
    return summary;
}

static void rows_are_measured_or_failed_or_left_out(void **state)
{
    fixture *f = *state;
    static const long long seeds[] = {3, 5, 7, 9};
    kedge_meter meter;
    kedge_summary *summary = create(f->ctx, seeds, 4, &meter);
    assert_int_equal(kedge_summary_columns(summary), 1);
    kedge_summary_fill(summary, 3, &meter);
    assert_int_equal(kedge_summary_fail(summary, 1, "why"), KEDGE_OK);
    kedge_summary_fill(summary, 0, &meter);
    kedge_summary_finish(summary);
    assert_int_equal(kedge_summary_rows(summary), 3);
    assert_true(kedge_summary_stopped(summary));
    assert_int_equal(kedge_summary_failures(summary), 1);
    assert_int_equal(kedge_summary_seed(summary, 2), 9);
    assert_true(kedge_summary_value(summary, 2, 0) == 0.25);
    assert_string_equal(kedge_summary_failure(summary, 1), "why");
    assert_true(isnan(kedge_summary_value(summary, 1, 0)));
    assert_null(kedge_summary_failure(summary, 0));
    assert_null(kedge_summary_name(summary, -1));
    kedge_summary_free(summary);
}

static void a_full_summary_was_not_stopped(void **state)
{
    fixture *f = *state;
    static const long long seeds[] = {3};
    kedge_meter meter;
    kedge_summary *summary = create(f->ctx, seeds, 1, &meter);
    kedge_summary_fill(summary, 0, &meter);
    kedge_summary_finish(summary);
    assert_false(kedge_summary_stopped(summary));
    kedge_summary_free(summary);
    kedge_summary_free(NULL);
}

static void survives_each_failed_allocation(void **state)
{
    static const char *const formats[] = {"csv", "json", "table"};
    static const long long seeds[] = {3, 5};
    (void)state;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_meter meter;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_summary *summary = create(ctx, seeds, 2, &meter);
        if (summary) {
            kedge_summary_fill(summary, 0, &meter);
            kedge_status status = kedge_summary_fail(summary, 1, "why");
            if (status) assert_int_equal(status, KEDGE_ENOMEM);
            for (int i = 0; i < 3; i++) {
                char *text = NULL;
                status = kedge_summary_print(summary, formats[i], &text);
                if (status) assert_int_equal(status, KEDGE_ENOMEM);
                if (status) assert_null(text);
                kedge_free(ctx, text);
            }
        }
        kedge_summary_free(summary);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(as_csv),
        TEST(as_json),
        TEST(as_table),
        TEST(one_seed_has_no_statistics),
        TEST(of_nothing),
        TEST(of_failures_alone),
        TEST(long_tables_are_cut),
        TEST(unknown_formats_are_refused),
        TEST(rows_are_measured_or_failed_or_left_out),
        TEST(a_full_summary_was_not_stopped),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
