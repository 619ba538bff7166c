/* test_label_lab_expected.c - the label laboratory: what is expected of labels under sets and early rows, and the
 * grids that follow from it. */
#include "label_lab_fixture.h"

/* ---- expected ---- */

/* Mean of redness squared over the points of the cube that are bright, or over all. */
static double mean_of_squares(bool bright_alone)
{
    double sum = 0, n = 0;
    for (int i = 0; i < 27; i++) {
        double r = i / 9 / 2., g = i / 3 % 3 / 2., b = i % 3 / 2., c = r * (1 - g / 2 - b / 2);
        if (bright_alone && r < 1 && g < 1 && b < 1) continue;
        sum += c * c;
        n++;
    }
    return sum / n;
}

/* The bright points alone at 51 steps, all alike at 50 more. */
static void sets_are_drawn_as_their_factors_say(void **state)
{
    fixture *f = *state;
    const char *const set[] = {"data.sets={bright: v == 1, rest: 1}"};
    kedge_label_lab_options options = small();
    options.set = set, options.n_set = 1, options.seed_count = 40;
    put(f, "schedule.csv", "STEP,lr,separate,anchor,data-rest:linear:step\n0,0.01,0.1,0.1,0\n51,,,,1\n100,,,,1\n");
    write_labels(f, red, "");
    kedge_label_lab *lab = lab_of(f, options);
    kedge_table *table = table_of(lab, KEDGE_LABELS_ALL);
    double bright = 0.5 * mean_of_squares(true), all = 0.5 * mean_of_squares(false);
    double labels = 8 * (51 * bright + 50 * all), empty = (51 * pow(1 - bright, 8) + 50 * pow(1 - all, 8)) / 101;
    assert_near(cell_of(table, 0, "labels_expected").real, labels, 1e-5); /* shares are multiples of 2^-32 */
    assert_near(cell_of(table, 0, "empty_expected").real, empty, 1e-7);
    assert_near(cell_of(table, 0, "labels").real, labels, 5 * sqrt(labels / 40));
    assert_near(cell_of(table, 0, "empty").real, empty, 5 * sqrt(0.25 / 101 / 40));
    for (int i = 0; i < 3; i++) { /* of the labels handed out over the whole run */
        double share = 0.25 * i, wrong_bright = 0.5 * cell_of(table, i, "false_positive").real - bright *
                                                cell_of(table, i, "false_positive").real;
        double wrong_all = (0.5 - all) * cell_of(table, i, "false_positive").real;
        double wrong = 8 * (51 * wrong_bright + 50 * wrong_all);
        assert_near(wrong / (wrong + labels), share, 1e-7);
    }
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

/* All carry the label, so that those handed out tell how many updates the run had. */
static void early_rows_leave_nothing_to_expect(void **state)
{
    fixture *f = *state;
    put(f, "schedule.csv", "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n80,recon_mse < 1000 / 10,0.02,0.1,0.2\n"
                           "100,,0.001,0,0\n");
    write_labels(f, "labels: {red: {concept: 1, rate: 1}, dark: 1 - v}", "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_ALL);
    double updates = cell_of(table, 0, "labels").real / 8, empty = cell_of(table, 2, "empty").real;
    assert_true(updates < 60 && cell_of(table, 0, "empty").real == 0);
    assert_near(empty, pow(0.8, 8), 0.15);
    assert_near(empty * 2 * updates, round(empty * 2 * updates), 1e-9); /* batches of two runs */
    for (long long row = 0; row < kedge_table_rows(table); row++) {
        assert_int_equal(cell_of(table, row, "labels_expected").kind, KEDGE_CELL_NONE);
        assert_int_equal(cell_of(table, row, "empty_expected").kind, KEDGE_CELL_NONE);
    }
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

/* ---- grids ---- */

/* By the recipe's own label, not by the one without noise that the first table begins with. */
static void the_lowest_rate_hands_out_five_labels(void **state)
{
    fixture *f = *state;
    write_labels(f, "labels: {red: {concept: redness, exponent: 2, rate: 0.5, true_positive: 0.3, "
                    "false_positive: 0.02}, dark: 1 - v}", "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_RATE);
    assert_true(cell_of(table, 1, "rate").real < 0.2 && cell_of(table, 1, "exponent").real == 2);
    const kedge_lab_cell *lowest = &lab->cells[9 + 1];
    assert_int_equal(lowest->part, KEDGE_LABELS_RATE);
    assert_near(lowest->labels, 5, 0.25); /* the rate has two digits */
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

static void a_yes_or_no_has_one_exponent(void **state)
{
    fixture *f = *state;
    write_labels(f, "labels: {red: {concept: redness > 0.4, rate: 0.5}, dark: 1 - v}", "");
    kedge_label_lab *lab = lab_of(f, small());
    kedge_table *table = table_of(lab, KEDGE_LABELS_RATE);
    assert_int_equal(kedge_table_rows(table), 3);
    for (int i = 0; i < 3; i++) assert_true(cell_of(table, i, "exponent").real == 1);
    assert_true(cell_of(table, 0, "rate").real < cell_of(table, 1, "rate").real);
    kedge_table_free(table);
    kedge_label_lab_free(lab);
}

/* ---- where it is to be written ---- */

static void count(long long done, long long total, void *payload)
{
    (void)total;
    *(long long *)payload = done;
}

static void a_directory_that_cannot_be_is_told_first(void **state)
{
    fixture *f = *state;
    kedge_label_lab_options options = small();
    kedge_label_lab *lab = NULL;
    long long done = 0;
    write_labels(f, red, "");
    put(f, "taken", "");
    options.progress = count, options.progress_payload = &done;
    options.directory = in_folder(f, "taken");
    assert_int_equal(kedge_label_lab_run(&lab, f->ctx, f->folder, &options), KEDGE_EIO);
    assert_null(lab);
    assert_int_equal(done, 0);
    options.directory = in_folder(f, "out/in");
    lab = lab_of(f, options);
    assert_string_equal(listing(f, "out"), "in/\n"); /* saving is the caller's */
    kedge_label_lab_free(lab);
}


int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sets_are_drawn_as_their_factors_say),
        TEST(early_rows_leave_nothing_to_expect),
        TEST(the_lowest_rate_hands_out_five_labels),
        TEST(a_yes_or_no_has_one_exponent),
        TEST(a_directory_that_cannot_be_is_told_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
