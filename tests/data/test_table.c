/* tables: which columns become what, and every error with its place. */
#include "data_test.h"

#include <stdio.h>

#include "failing_alloc.h"

/* The file of a test, in a folder of its own; messages name it as it was opened. */
static char folder[64], path[96];

static int set_up_folder(void **state)
{
    strcpy(folder, "/tmp/kedge-table-XXXXXX");
    return mkdtemp(folder) ? set_up(state) : -1;
}

static int tear_down_folder(void **state)
{
    kedge_remove_tree(folder);
    return tear_down(state);
}

static void put(const char *name, const void *bytes, size_t length)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(kedge_file_write(ctx, path, bytes, length), KEDGE_OK);
}

static kedge_data_options table_options(kedge_data_kind kind, const char *const *features, int n_features,
                                        const char *const *targets, int n_targets)
{
    return (kedge_data_options){.kind = (int)kind, .file = path, .features = {n_features, features},
                                .targets = {n_targets, targets}, .batch = 64};
}

static kedge_dataset *csv(const char *text, const char *feature, const char *target)
{
    put("my.csv", text, strlen(text));
    kedge_data_options options = table_options(KEDGE_DATA_CSV, &feature, 1, &target, target ? 1 : 0);
    return kedge_dataset_create(ctx, &options, "r.yaml:3:8", &errors);
}

/* The message, with each '@' standing for the file. */
static void assert_file_errors(const char *message)
{
    char text[2048];
    size_t used = 0;
    for (; *message; message++)
        used += (size_t)snprintf(text + used, sizeof text - used, *message == '@' ? "%s" : "%.1s",
                                 *message == '@' ? path : message);
    assert_errors(text);
}

static void csv_refused(const char *text, const char *feature, const char *target, const char *message)
{
    assert_null(csv(text, feature, target));
    assert_file_errors(message);
}

/* -- csv -------------------------------------------------------------------------------------------------- */

static void csv_features_and_targets(void **state)
{
    (void)state;
    kedge_dataset *d = csv("a,b,c\n1,2,3\n4,5,6.5\n", "a", "c");
    assert_non_null(d);
    assert_int_equal(d->points, 2);
    assert_true(d->features[0][0] == 1 && d->features[0][1] == 4);
    assert_true(d->targets[0][0] == 3 && d->targets[0][1] == 6.5f);
    assert_string_equal(d->feature_names[0], "a");
    assert_string_equal(d->target_names[0], "c");
    kedge_dataset_free(d);
}

static void csv_targets_default_to_the_features(void **state)
{
    (void)state;
    kedge_dataset *d = csv("a,b\n1,2\n", "b", NULL);
    assert_non_null(d);
    assert_int_equal(d->n_targets, 1);
    assert_ptr_equal(d->targets, d->features);
    kedge_dataset_free(d);
}

static void csv_a_feature_may_be_a_target_too(void **state)
{
    (void)state;
    kedge_dataset *d = csv("a\n7\n", "a", "a");
    assert_non_null(d);
    assert_true(d->targets[0][0] == 7);
    kedge_dataset_free(d);
}

static void csv_features_keep_the_order_asked_for(void **state)
{
    (void)state;
    const char *const features[] = {"c", "a"};
    put("my.csv", "a,b,c\n1,2,3\n", 12);
    kedge_data_options options = table_options(KEDGE_DATA_CSV, features, 2, NULL, 0);
    kedge_dataset *d = make(&options);
    assert_true(d->features[0][0] == 3 && d->features[1][0] == 1);
    kedge_dataset_free(d);
}

static void csv_numeric_columns_are_for_formulas(void **state)
{
    (void)state;
    double value;
    kedge_dataset *d = csv("a,note,size in mm,2nd,gr\xc3\xbcn\n1,hot,2.5,3,4\n", "a", NULL);
    assert_non_null(d);
    kedge_formula formula = {"a + size_in_mm + _2nd + gr_n", NULL};
    assert_true(kedge_formula_eval(&formula, d, &value, &errors));
    kedge_dataset_free(d);
    assert_true(value == 10.5);
}

static void csv_columns_are_not_rounded_to_single(void **state)
{
    (void)state;
    kedge_dataset *d = csv("a\n0.1\n", "a", NULL);
    assert_non_null(d);
    assert_true(column_of(d, "a")[0] == 0.1 && d->features[0][0] == 0.1f);
    kedge_dataset_free(d);
}

static void csv_text_in_a_formula(void **state)
{
    (void)state;
    double values[2];
    kedge_dataset *d = csv("a,kind\n1,7\n2,hot\n", "a", NULL);
    assert_non_null(d);
    kedge_formula formula = {"2*kind", "r.yaml:5:8"};
    assert_false(kedge_formula_eval(&formula, d, values, &errors));
    kedge_dataset_free(d);
    assert_file_errors("r.yaml:5:8: in \"2*kind\": column 'kind' at position 3 holds text: @:3:3: 'hot' is not a "
                       "finite number");
}

static void csv_two_columns_of_one_formula_name(void **state)
{
    (void)state;
    double value;
    kedge_dataset *d = csv("a b,a-b\n1,2\n", "a b", NULL);
    assert_non_null(d);
    kedge_formula formula = {"a_b", "r.yaml:5:8"};
    assert_false(kedge_formula_eval(&formula, d, &value, &errors));
    kedge_dataset_free(d);
    assert_errors("r.yaml:5:8: in \"a_b\": column 'a_b' at position 1 stands for both 'a b' and 'a-b'; rename one of "
                  "them");
}

static void csv_the_true_owner_of_a_name_has_it(void **state)
{
    (void)state;
    kedge_dataset *d = csv("a b,a_b\n1,2\n", "a b", NULL);
    assert_non_null(d);
    assert_int_equal(d->n_columns, 1);
    assert_true(column_of(d, "a_b")[0] == 2);
    kedge_dataset_free(d);
}

static void csv_colours_are_known_by_their_names(void **state)
{
    (void)state;
    const char *const features[] = {"r", "g", "b"};
    const char *const tables[] = {"r,g,b\n0,0.5,1\n", "r,g,b\n0,0.5,1.5\n"};
    for (int i = 0; i < 2; i++) {
        put("my.csv", tables[i], strlen(tables[i]));
        kedge_data_options options = table_options(KEDGE_DATA_CSV, features, 3, NULL, 0);
        kedge_dataset *d = make(&options);
        assert_int_equal(d->is_colour, i == 0);
        kedge_dataset_free(d);
    }
}

static const char *const channels[] = {"r", "g", "b"};

static kedge_dataset *csv_of_colours(const char *text)
{
    put("my.csv", text, strlen(text));
    kedge_data_options options = table_options(KEDGE_DATA_CSV, channels, 3, NULL, 0);
    return make(&options);
}

/* As a grid describes the same colours. */
static void csv_colours_have_the_columns_of_a_grid(void **state)
{
    (void)state;
    kedge_data_options grid_options = rgb_options(2);
    kedge_dataset *grid = make(&grid_options);
    kedge_dataset *d = csv_of_colours("name,r,g,b\n0,0,0,0\n1,0,0,1\n2,0,1,0\n3,0,1,1\n4,1,0,0\n5,1,0,1\n6,1,1,0\n"
                                      "7,1,1,1\n");
    assert_int_equal(d->n_columns, grid->n_columns + 1);
    for (int c = 0; c < grid->n_columns; c++)
        assert_memory_equal(column_of(d, grid->column_names[c]), grid->columns[c], 8 * sizeof(double));
    assert_true(column_of(d, "name")[7] == 7);
    kedge_dataset_free(grid);
    kedge_dataset_free(d);
}

static void csv_colours_keep_columns_of_their_own(void **state)
{
    (void)state;
    double values[2];
    kedge_dataset *d = csv_of_colours("r,g,b,redness,v\n1,0,0,17,light\n0,0,1,18,dark\n");
    assert_true(column_of(d, "redness")[0] == 17 && column_of(d, "blueness")[1] == 1);
    assert_false(kedge_formula_eval(&(kedge_formula){.text = "v"}, d, values, &errors));
    assert_file_errors("formula: in \"v\": column 'v' at position 1 holds text: @:2:10: 'light' is not a finite "
                       "number");
    kedge_dataset_free(d);
}

/* What rounds to 1 as a feature is a colour, and no rate above 1. */
static void csv_colours_are_clamped_to_the_cube(void **state)
{
    (void)state;
    kedge_dataset *d = csv_of_colours("r,g,b\n1.00000001,0,-0\n");
    assert_true(d->is_colour);
    assert_true(column_of(d, "v")[0] == 1 && column_of(d, "redness")[0] == 1);
    kedge_dataset_free(d);
}

static void csv_colours_survive_each_failed_allocation(void **state)
{
    (void)state;
    static const char text[] = "name,r,g,b\nred,1,0,0\n";
    put("my.csv", text, strlen(text));
    kedge_data_options asked = table_options(KEDGE_DATA_CSV, channels, 3, NULL, 0);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *own;
        assert_int_equal(kedge_context_create(&own, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_errors_init(&errors);
        kedge_dataset *d = kedge_dataset_create(own, &asked, NULL, &errors);
        bool made = d != NULL;
        if (!made) assert_int_equal(errors.status, KEDGE_ENOMEM);
        kedge_dataset_free(d);
        kedge_context_free(own);
        assert_int_equal(memory.in_use, 0);
        if (made && memory.requests < n) break;
    }
}

static void csv_of_other_names_has_no_colours(void **state)
{
    (void)state;
    kedge_dataset *d = csv("r,g,b\n1,0,0\n", "r", NULL);
    assert_int_equal(d->n_columns, 3);
    kedge_dataset_free(d);
}

static void csv_unknown_feature(void **state)
{
    (void)state;
    csv_refused("length,width\n1,2\n", "lenght", NULL,
                "r.yaml:3:8: unknown feature 'lenght'; did you mean 'length'?");
    csv_refused("length,width\n1,2\n", "colour", "colour",
                "r.yaml:3:8: unknown feature 'colour'; @:1 has no column of that name\n"
                "r.yaml:3:8: unknown target 'colour'; @:1 has no column of that name");
}

static void csv_cells_that_are_no_numbers(void **state)
{
    (void)state;
    csv_refused("a,b\n1,2\n1e3x,2\n,3\nnan,3\n", "a", NULL,
                "@:3:1: '1e3x' is not a finite number; column 'a' is a feature\n"
                "@:4:1: the cell is empty; column 'a' is a feature\n"
                "@:5:1: 'nan' is not a finite number; column 'a' is a feature");
}

static void csv_target_that_is_no_number(void **state)
{
    (void)state;
    csv_refused("a,b\n1,x\n", "a", "b", "@:2:3: 'x' is not a finite number; column 'b' is a target");
}

static void csv_number_too_large_for_single_precision(void **state)
{
    (void)state;
    csv_refused("a\n1e39\n", "a", NULL, "@:2:1: '1e39' is too large for single precision; column 'a' is a feature");
}

static void csv_without_rows(void **state)
{
    (void)state;
    csv_refused("a,b\n", "a", NULL, "@: holds no points; at least one row is needed");
}

static void csv_errors_are_counted_up_to_a_bound(void **state)
{
    (void)state;
    char text[4096] = "a\n";
    for (int i = 0; i < 1000; i++) strcat(text, "x\n");
    assert_null(csv(text, "a", NULL));
    assert_int_equal(errors.count, KEDGE_ERRORS_MAX + 1);
}

static void csv_ragged_row(void **state)
{
    (void)state;
    assert_null(csv("a,b\n1,2\n3\n", "a", NULL));
    assert_int_equal(errors.count, 1);
    assert_int_equal(errors.status, KEDGE_EFORMAT);
    assert_memory_equal(errors.text, path, strlen(path));
}

static void csv_missing_file(void **state)
{
    (void)state;
    const char *feature = "a";
    snprintf(path, sizeof path, "%s/absent.csv", folder);
    kedge_data_options options = table_options(KEDGE_DATA_CSV, &feature, 1, NULL, 0);
    assert_null(kedge_dataset_create(ctx, &options, "r.yaml:3:8", &errors));
    assert_file_errors("@: cannot open: No such file or directory");
}

/* -- npy -------------------------------------------------------------------------------------------------- */

static void put_npy(const char *shape, const double *values, size_t n)
{
    char bytes[1024] = "\x93NUMPY\x01";
    char *header = bytes + 10;
    memset(header, ' ', 118);
    int length = snprintf(header, 118, "{'descr': '<f8', 'fortran_order': False, 'shape': (%s), }", shape);
    header[length] = ' ';
    header[117] = '\n';
    bytes[8] = 118;
    memcpy(bytes + 128, values, n * sizeof *values);
    put("my.npy", bytes, 128 + n * sizeof *values);
}

static const double six[] = {1, 2, 3, 4, 5, 6};

static void npy_features_and_targets(void **state)
{
    (void)state;
    const char *const features[] = {"2", "0"}, *const targets[] = {"1"};
    put_npy("2, 3", six, 6);
    kedge_data_options options = table_options(KEDGE_DATA_NPY, features, 2, targets, 1);
    kedge_dataset *d = make(&options);
    assert_int_equal(d->points, 2);
    assert_true(d->features[0][0] == 3 && d->features[0][1] == 6 && d->features[1][1] == 4);
    assert_true(d->targets[0][0] == 2 && d->targets[0][1] == 5);
    assert_string_equal(d->feature_names[0], "c2");
    kedge_dataset_free(d);
}

static void npy_columns_are_for_formulas(void **state)
{
    (void)state;
    const char *feature = "0";
    double values[2];
    put_npy("2, 3", six, 6);
    kedge_data_options options = table_options(KEDGE_DATA_NPY, &feature, 1, NULL, 0);
    kedge_dataset *d = make(&options);
    kedge_formula formula = {"c0 + 10*c1 + 100*c2", NULL};
    assert_true(kedge_formula_eval(&formula, d, values, &errors));
    kedge_dataset_free(d);
    assert_true(values[0] == 321 && values[1] == 654);
}

static void npy_refused(const char *feature, const char *message)
{
    kedge_data_options options = table_options(KEDGE_DATA_NPY, &feature, 1, NULL, 0);
    assert_null(kedge_dataset_create(ctx, &options, "r.yaml:3:8", &errors));
    assert_file_errors(message);
}

static void npy_columns_that_are_not_there(void **state)
{
    (void)state;
    put_npy("2, 3", six, 6);
    npy_refused("3", "r.yaml:3:8: unknown feature '3'; the columns of @ are numbered 0 to 2");
    npy_refused("-1", "r.yaml:3:8: unknown feature '-1'; the columns of @ are numbered 0 to 2");
    npy_refused("01", "r.yaml:3:8: unknown feature '01'; the columns of @ are numbered 0 to 2");
    npy_refused("99999999999", "r.yaml:3:8: unknown feature '99999999999'; the columns of @ are numbered 0 to 2");
}

static void npy_of_other_dims(void **state)
{
    (void)state;
    put_npy("6,", six, 6);
    npy_refused("0", "@: the array has 1 dims; a table has 2, [points][columns]");
    put_npy("1, 2, 3", six, 6);
    npy_refused("0", "@: the array has 3 dims; a table has 2, [points][columns]");
}

static void npy_number_too_large_for_single_precision(void **state)
{
    (void)state;
    const double values[] = {1, 2, 3, -1e39};
    put_npy("2, 2", values, 4);
    npy_refused("1", "@: -1e+39 in row 1, column 1 is too large for single precision; the column is a feature");
}

static void npy_that_lies_about_its_size(void **state)
{
    (void)state;
    const char *feature = "0";
    put_npy("200, 300", six, 6);
    kedge_data_options options = table_options(KEDGE_DATA_NPY, &feature, 1, NULL, 0);
    assert_null(kedge_dataset_create(ctx, &options, "r.yaml:3:8", &errors));
    assert_int_equal(errors.count, 1);
    assert_int_equal(errors.status, KEDGE_EFORMAT);
}

#define FILE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_folder, tear_down_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(csv_features_and_targets),
        FILE_TEST(csv_targets_default_to_the_features),
        FILE_TEST(csv_a_feature_may_be_a_target_too),
        FILE_TEST(csv_features_keep_the_order_asked_for),
        FILE_TEST(csv_numeric_columns_are_for_formulas),
        FILE_TEST(csv_columns_are_not_rounded_to_single),
        FILE_TEST(csv_text_in_a_formula),
        FILE_TEST(csv_two_columns_of_one_formula_name),
        FILE_TEST(csv_the_true_owner_of_a_name_has_it),
        FILE_TEST(csv_colours_are_known_by_their_names),
        FILE_TEST(csv_colours_have_the_columns_of_a_grid),
        FILE_TEST(csv_colours_keep_columns_of_their_own),
        FILE_TEST(csv_colours_are_clamped_to_the_cube),
        FILE_TEST(csv_colours_survive_each_failed_allocation),
        FILE_TEST(csv_of_other_names_has_no_colours),
        FILE_TEST(csv_unknown_feature),
        FILE_TEST(csv_cells_that_are_no_numbers),
        FILE_TEST(csv_target_that_is_no_number),
        FILE_TEST(csv_number_too_large_for_single_precision),
        FILE_TEST(csv_without_rows),
        FILE_TEST(csv_errors_are_counted_up_to_a_bound),
        FILE_TEST(csv_ragged_row),
        FILE_TEST(csv_missing_file),
        FILE_TEST(npy_features_and_targets),
        FILE_TEST(npy_columns_are_for_formulas),
        FILE_TEST(npy_columns_that_are_not_there),
        FILE_TEST(npy_of_other_dims),
        FILE_TEST(npy_number_too_large_for_single_precision),
        FILE_TEST(npy_that_lies_about_its_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
