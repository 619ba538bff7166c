/* test_csv.c - tables of cells that know where they stood. */
#include "format_test.h"

#include "format/csv.h"

static bool parse(fixture *self, kedge_csv *csv, const char *text)
{
    return kedge_csv_parse(csv, &self->arena, "t.csv", text, strlen(text), &self->errors);
}

static void assert_cell(const kedge_csv *csv, int row, int column, const char *text)
{
    assert_string_equal(kedge_csv_at(csv, row, column)->text, text);
}

static void assert_wrong(fixture *self, const char *text, const char *message)
{
    kedge_csv csv = {.rows = -7};
    kedge_errors_init(&self->errors);
    assert_false(parse(self, &csv, text));
    assert_string_equal(self->errors.text, message);
    assert_int_equal(self->errors.status, KEDGE_EFORMAT);
    assert_int_equal(csv.rows, -7);
}

static void reads_a_table(void **state)
{
    kedge_csv csv;
    assert_true(parse(*state, &csv, "a,b\n1, x y \n,3"));
    assert_int_equal(csv.rows, 2);
    assert_int_equal(csv.columns, 2);
    assert_string_equal(csv.header[1].text, "b");
    assert_cell(&csv, 0, 1, "x y");
    assert_cell(&csv, 1, 0, "");
    assert_cell(&csv, 1, 1, "3");
    assert_string_equal(csv.file, "t.csv");
}

static void knows_the_places(void **state)
{
    kedge_csv csv;
    assert_true(parse(*state, &csv, "a,b\n\n1,  \"x\ny\"\n 2,\t3\n"));
    const kedge_csv_cell *quoted = kedge_csv_at(&csv, 0, 1), *plain = kedge_csv_at(&csv, 1, 1);
    assert_int_equal(quoted->line, 3);
    assert_int_equal(quoted->column, 6); /* behind the quote */
    assert_int_equal(plain->line, 5);
    assert_int_equal(plain->column, 5);
}

static void reads_crlf_and_a_mark(void **state)
{
    kedge_csv csv;
    assert_true(parse(*state, &csv, "\xEF\xBB\xBF" "a,b\r\n1,2\r\n\r\n3,4\r\n"));
    assert_int_equal(csv.rows, 2);
    assert_string_equal(csv.header[0].text, "a");
    assert_int_equal(csv.header[0].column, 1);
    assert_string_equal(csv.header[1].text, "b");
    assert_cell(&csv, 1, 1, "4");
}

static void reads_quotes(void **state)
{
    kedge_csv csv;
    assert_true(parse(*state, &csv, "\"a\",b\n\"say \"\"hi\"\", you\",\" kept \"\n\"\",\"l1\nl2\" \n"));
    assert_string_equal(csv.header[0].text, "a");
    assert_cell(&csv, 0, 0, "say \"hi\", you");
    assert_cell(&csv, 0, 1, " kept ");
    assert_cell(&csv, 1, 0, "");
    assert_cell(&csv, 1, 1, "l1\nl2");
}

static void passes_over_empty_lines(void **state)
{
    kedge_csv csv;
    assert_true(parse(*state, &csv, "\n  \na\n\n1\n \n\n2\n\n"));
    assert_int_equal(csv.rows, 2);
    assert_int_equal(kedge_csv_at(&csv, 1, 0)->line, 8);
}

static void reads_a_header_alone(void **state)
{
    kedge_csv csv;
    assert_true(parse(*state, &csv, "a,b"));
    assert_int_equal(csv.rows, 0);
}

static void refuses_ragged_rows_all_at_once(void **state)
{
    assert_wrong(*state, "a,b\n1\n1,2,3\n1,2\n",
                 "t.csv:2:1: 1 cell in this row; the header has 2\n"
                 "t.csv:3:5: 3 cells in this row; the header has 2; a cell with commas wants quotes\n");
}

static void refuses_an_open_quote(void **state)
{
    assert_wrong(*state, "a,b\n1,\"x\n3,4\n", "t.csv:2:3: this quote is never closed; add a '\"'\n");
}

static void refuses_text_after_a_quote(void **state)
{
    assert_wrong(*state, "a,b\n\"x\"y,2\n",
                 "t.csv:2:4: text after a closing quote; a quote inside of quotes is written twice\n");
}

static void refuses_wrong_names(void **state)
{
    assert_wrong(*state, "a,,b\n", "t.csv:1:3: column 2 has no name; give it one\n");
    assert_wrong(*state, "a,b,a\n", "t.csv:1:5: a second column named 'a'; names are unique\n");
}

static void refuses_what_is_no_text(void **state)
{
    assert_wrong(*state, "a\nx\xE9\n", "t.csv:2:2: byte 0xe9 is not UTF-8; save the file as UTF-8\n");
    assert_wrong(*state, "", "t.csv:1:1: the file is empty; the first line names the columns\n");
    assert_wrong(*state, "\xEF\xBB\xBF \n", "t.csv:1:1: the file is empty; the first line names the columns\n");
    assert_wrong(*state, "a\rb\r",
                 "t.csv:1:2: a carriage return without a line feed; end lines with LF or CRLF\n");
}

static void refuses_a_zero_byte(void **state)
{
    fixture *self = *state;
    kedge_csv csv;
    assert_false(kedge_csv_parse(&csv, &self->arena, "t.csv", "a\n\0\n", 4, &self->errors));
    assert_string_equal(self->errors.text, "t.csv:2:1: a 0 byte; a text file has none\n");
}

static void shows_long_names_clipped(void **state)
{
    fixture *self = *state;
    char text[20002];
    kedge_csv csv;
    memset(text, 'x', sizeof text - 1);
    text[10000] = ',';
    text[20001] = '\0';
    assert_false(parse(self, &csv, text));
    assert_non_null(strstr(self->errors.text, "xxx...'; names are unique"));
}

static void finds_columns_by_name(void **state)
{
    kedge_csv csv;
    assert_true(parse(*state, &csv, "a,b\n"));
    assert_int_equal(kedge_csv_column(&csv, "b"), 1);
    assert_int_equal(kedge_csv_column(&csv, "c"), -1);
}

static void reads_numbers(void **state)
{
    kedge_csv csv;
    double value = 0.0;
    assert_true(parse(*state, &csv, "a,b\n -2.5e-1 ,1e3x\n"));
    assert_true(kedge_csv_real(kedge_csv_at(&csv, 0, 0), &value));
    assert_true(value == -0.25);
    assert_false(kedge_csv_real(kedge_csv_at(&csv, 0, 1), &value));
}

static void loads_a_file(void **state)
{
    fixture *self = *state;
    kedge_csv csv;
    char path[64];
    temporary_file(path);
    assert_int_equal(kedge_file_write(self->ctx, path, "a\n1\n", 4), KEDGE_OK);
    bool read = kedge_csv_load(&csv, &self->arena, path, 4, &self->errors);
    bool bounded = !kedge_csv_load(&csv, &self->arena, path, 3, &self->errors);
    unlink(path);
    assert_true(read);
    assert_cell(&csv, 0, 0, "1");
    assert_true(bounded);
    assert_int_equal(self->errors.status, KEDGE_EFORMAT);
}

static void names_a_missing_file(void **state)
{
    fixture *self = *state;
    kedge_csv csv;
    assert_false(kedge_csv_load(&csv, &self->arena, "/nowhere/t.csv", 100, &self->errors));
    assert_int_equal(self->errors.status, KEDGE_EIO);
    assert_non_null(strstr(self->errors.text, "/nowhere/t.csv: cannot open"));
}

static kedge_status work(fixture *self)
{
    kedge_csv csv;
    parse(self, &csv, "a,b\n1,\"2\"\n");
    return kedge_errors_status(&self->errors);
}

static void survives_failing_memory(void **state)
{
    (void)state;
    assert_survives_failing_memory(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORMAT_TEST(reads_a_table),
        FORMAT_TEST(knows_the_places),
        FORMAT_TEST(reads_crlf_and_a_mark),
        FORMAT_TEST(reads_quotes),
        FORMAT_TEST(passes_over_empty_lines),
        FORMAT_TEST(reads_a_header_alone),
        FORMAT_TEST(refuses_ragged_rows_all_at_once),
        FORMAT_TEST(refuses_an_open_quote),
        FORMAT_TEST(refuses_text_after_a_quote),
        FORMAT_TEST(refuses_wrong_names),
        FORMAT_TEST(refuses_what_is_no_text),
        FORMAT_TEST(refuses_a_zero_byte),
        FORMAT_TEST(shows_long_names_clipped),
        FORMAT_TEST(finds_columns_by_name),
        FORMAT_TEST(reads_numbers),
        FORMAT_TEST(loads_a_file),
        FORMAT_TEST(names_a_missing_file),
        cmocka_unit_test(survives_failing_memory),
    };
    return cmocka_run_group_tests_name("format/csv", tests, NULL, NULL);
}
