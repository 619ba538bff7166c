/* tables: filled, ordered, printed. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failing_alloc.h"
#include "store/table.h"

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    kedge_table *table;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f = (fixture){0};
    kedge_context_options options = failing_alloc_options(&f.memory);
    if (kedge_context_create(&f.ctx, &options) || kedge_table_create(&f.table, f.ctx)) return -1;
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    kedge_table_free(f->table);
    kedge_context_free(f->ctx);
    return f->memory.in_use == 0 ? 0 : -1;
}

static void prints(fixture *f, const char *format, const char *want)
{
    char *text = NULL;
    if (kedge_table_print(f->table, format, &text)) fail_msg("%s", kedge_error());
    assert_string_equal(text, want);
    kedge_free(f->ctx, text);
}

/* Four columns with a row of each kind of cell. */
static void fill(kedge_table *table)
{
    static const char *const names[] = {"n", "value", "name", "none"};
    static const int ranks[] = {KEDGE_RANK_KEPT, KEDGE_RANK_KEPT, KEDGE_RANK_KEPT, KEDGE_RANK_FIRST_OUT};
    for (int i = 0; i < 4; i++) kedge_table_add_column(table, names[i], ranks[i]);
    static const char *const words[] = {"b", "a,\"b\"", "a"};
    for (int i = 0; i < 3; i++) {
        int at = 0;
        kedge_table_add_row(table);
        kedge_table_put_integer(table, &at, 10 - i);
        kedge_table_put_real(table, &at, i == 1 ? NAN : i + 0.1234567891);
        kedge_table_put_text(table, &at, words[i]);
        kedge_table_put_none(table, &at);
    }
}

static void gives_its_cells(void **state)
{
    fixture *f = *state;
    fill(f->table);
    assert_int_equal(kedge_table_rows(f->table), 3);
    assert_int_equal(kedge_table_columns(f->table), 4);
    assert_string_equal(kedge_table_name(f->table, 1), "value");
    assert_null(kedge_table_name(f->table, 4));
    assert_int_equal(kedge_table_column(f->table, "name"), 2);
    assert_int_equal(kedge_table_column(f->table, "nam"), -1);
    assert_int_equal(kedge_table_cell(f->table, 0, 0).integer, 10);
    assert_true(kedge_table_cell(f->table, 0, 0).real == 10);
    assert_int_equal(kedge_table_cell(f->table, 1, 1).kind, KEDGE_CELL_NONE);
    assert_string_equal(kedge_table_cell(f->table, 2, 2).text, "a");
}

static void prints_csv(void **state)
{
    fixture *f = *state;
    fill(f->table);
    prints(f, "csv", "n,value,name,none\n10,0.123456789,b,\n9,,\"a,\"\"b\"\"\",\n8,2.12345679,a,\n");
}

static void prints_json(void **state)
{
    fixture *f = *state;
    fill(f->table);
    prints(f, "json", "[\n  {\"n\": 10, \"value\": 0.123456789, \"name\": \"b\", \"none\": null},\n"
                      "  {\"n\": 9, \"value\": null, \"name\": \"a,\\\"b\\\"\", \"none\": null},\n"
                      "  {\"n\": 8, \"value\": 2.12345679, \"name\": \"a\", \"none\": null}\n]\n");
}

static void prints_for_reading(void **state)
{
    fixture *f = *state;
    fill(f->table);
    kedge_table_set_heading(f->table, "what it is\n");
    prints(f, "table", "what it is\n"
                       " n   value  name\n"
                       "10  0.1235  b\n"
                       " 9       -  a,\"b\"\n"
                       " 8   2.123  a\n");
}

static void prints_no_rows(void **state)
{
    fixture *f = *state;
    kedge_table_add_column(f->table, "a", KEDGE_RANK_KEPT);
    kedge_table_add_column(f->table, "b", KEDGE_RANK_FIRST_OUT);
    kedge_table_add_column(f->table, "c", KEDGE_RANK_NOT_SHOWN);
    prints(f, "table", "a  b\n");
    prints(f, "csv", "a,b,c\n");
    prints(f, "json", "[]\n");
}

static void leaves_out_what_does_not_fit(void **state)
{
    fixture *f = *state;
    static const char wide[] = "123456789 123456789 123456789 123456789"; /* 39 */
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    static const int ranks[] = {2, KEDGE_RANK_KEPT, 3, 3, 1};
    int at = 0;
    for (int i = 0; i < 5; i++) kedge_table_add_column(f->table, names[i], ranks[i]);
    kedge_table_add_row(f->table);
    for (int i = 0; i < 5; i++) kedge_table_put_text(f->table, &at, i == 4 ? "e" : wide);
    prints(f, "table", "a                                        b                                        e\n"
                       "123456789 123456789 123456789 123456789  123456789 123456789 123456789 123456789  e\n"
                       "not shown for want of room: c, d\n");
}

/* Above a column a short label may stand twice; below the table nobody could tell which was meant. */
static void what_is_left_out_has_its_full_name(void **state)
{
    fixture *f = *state;
    static const char wide[] = "123456789 123456789 123456789 123456789"; /* 39 */
    int at = 0;
    kedge_table_add_labelled(f->table, "score_low", "low", 1);
    kedge_table_add_column(f->table, "b", KEDGE_RANK_KEPT);
    kedge_table_add_labelled(f->table, "angle_low", "low", 2);
    kedge_table_add_row(f->table);
    for (int i = 0; i < 3; i++) kedge_table_put_text(f->table, &at, wide);
    prints(f, "table", "low                                      b\n"
                       "123456789 123456789 123456789 123456789  123456789 123456789 123456789 123456789\n"
                       "not shown for want of room: angle_low\n");
}

static void cuts_long_texts_by_characters(void **state)
{
    fixture *f = *state;
    int at = 0;
    kedge_table_add_column(f->table, "text", KEDGE_RANK_KEPT);
    kedge_table_add_column(f->table, "next", KEDGE_RANK_KEPT);
    kedge_table_add_row(f->table);
    kedge_table_put_text(f->table, &at, "\xc3\xa4\xc3\xb6 line\nan 123456789 123456789 123456789");
    kedge_table_put_text(f->table, &at, "x");
    at = 0;
    kedge_table_add_row(f->table);
    kedge_table_put_text(f->table, &at, "123456789 123456789 123456789 123456789 \xc3\xa4");
    kedge_table_put_text(f->table, &at, "x");
    prints(f, "table", "text                                      next\n"
                       "\xc3\xa4\xc3\xb6 line an 123456789 123456789 123456789  x\n"
                       "123456789 123456789 123456789 1234567...  x\n");
}

static void does_not_know_other_formats(void **state)
{
    fixture *f = *state;
    char *text = NULL;
    assert_int_equal(kedge_table_print(f->table, "xml", &text), KEDGE_EINVALID);
    assert_null(text);
    assert_string_equal(kedge_error(), "unknown format 'xml'; known are table, csv, json");
}

static void sorts_as(fixture *f, int column, bool descending, const long long *want)
{
    assert_int_equal(kedge_table_sort(f->table, column, descending), KEDGE_OK);
    for (int i = 0; i < 3; i++) assert_int_equal(kedge_table_cell(f->table, i, 0).integer, want[i]);
}

static void sorts_rows(void **state)
{
    fixture *f = *state;
    fill(f->table);
    sorts_as(f, 0, false, (const long long[]){8, 9, 10});
    sorts_as(f, 0, true, (const long long[]){10, 9, 8});
    sorts_as(f, 2, false, (const long long[]){8, 9, 10});
    sorts_as(f, 2, true, (const long long[]){10, 9, 8});
    sorts_as(f, 1, false, (const long long[]){10, 8, 9}); /* what is undefined comes last, */
    sorts_as(f, 1, true, (const long long[]){8, 10, 9});  /* either way */
    sorts_as(f, 3, false, (const long long[]){8, 10, 9}); /* and equal ones stay */
}

static void keeps_the_first_rows(void **state)
{
    fixture *f = *state;
    fill(f->table);
    kedge_table_cut(f->table, 5);
    assert_int_equal(kedge_table_rows(f->table), 3);
    kedge_table_cut(f->table, 1);
    assert_int_equal(kedge_table_rows(f->table), 1);
}

static void bears_the_lack_of_memory(void **state)
{
    fixture *f = *state;
    static const char *const formats[] = {"csv", "json", "table"};
    for (int which = 0; which < 3; which++)
        for (size_t n = 1;; n++) {
            kedge_table *table = NULL;
            char *text = NULL;
            f->memory.requests = 0;
            f->memory.fail_at = n;
            kedge_status status = kedge_table_create(&table, f->ctx);
            if (!status) {
                fill(table);
                kedge_table_set_heading(table, "text\n");
                status = kedge_table_status(table);
            }
            if (!status) status = kedge_table_sort(table, 0, false);
            if (!status) status = kedge_table_print(table, formats[which], &text);
            bool all = f->memory.requests < n;
            f->memory.fail_at = 0;
            kedge_free(f->ctx, text);
            kedge_table_free(table);
            assert_int_equal(status, all ? KEDGE_OK : KEDGE_ENOMEM);
            if (all) break;
        }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(gives_its_cells),
        TEST(prints_csv),
        TEST(prints_json),
        TEST(prints_for_reading),
        TEST(prints_no_rows),
        TEST(leaves_out_what_does_not_fit),
        TEST(what_is_left_out_has_its_full_name),
        TEST(cuts_long_texts_by_characters),
        TEST(does_not_know_other_formats),
        TEST(sorts_rows),
        TEST(keeps_the_first_rows),
        TEST(bears_the_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
