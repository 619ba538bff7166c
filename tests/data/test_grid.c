/* grids: which colours, in which order, with which columns. */
#include "data_test.h"

#include <math.h>

static void rgb_grid_has_red_slowest(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    assert_int_equal(d->points, 512);
    for (int i = 0; i < 512; i++) {
        assert_true(column_of(d, "r")[i] == i / 64 / 7.);
        assert_true(column_of(d, "g")[i] == i / 8 % 8 / 7.);
        assert_true(column_of(d, "b")[i] == i % 8 / 7.);
    }
    kedge_dataset_free(d);
}

static void features_are_channels_rounded_once(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    assert_int_equal(d->n_features, 3);
    for (int c = 0; c < 3; c++)
        for (int i = 0; i < 512; i++) assert_true(d->features[c][i] == (float)d->columns[c][i]);
    assert_string_equal(d->feature_names[0], "r");
    assert_string_equal(d->feature_names[2], "b");
    kedge_dataset_free(d);
}

static void targets_are_the_features(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    assert_int_equal(d->n_targets, 3);
    assert_ptr_equal(d->targets, d->features);
    kedge_dataset_free(d);
}

static void grids_are_colours(void **state)
{
    (void)state;
    kedge_data_options options = hsv_options(3, 2, 2);
    kedge_dataset *d = make(&options);
    assert_true(d->is_colour);
    kedge_dataset_free(d);
}

static void columns_of_an_rgb_grid(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    int yellow = 7 * 64 + 7 * 8;
    assert_int_equal(d->n_columns, 10);
    assert_true(fabs(column_of(d, "h")[yellow] - 1. / 6) < 1e-15);
    assert_true(column_of(d, "s")[yellow] == 1 && column_of(d, "v")[yellow] == 1);
    assert_true(column_of(d, "redness")[yellow] == .5 && column_of(d, "greenness")[yellow] == .5);
    assert_true(column_of(d, "blueness")[yellow] == 0 && column_of(d, "vibrancy")[yellow] == 1);
    kedge_dataset_free(d);
}

static void hsv_grid_has_hue_slowest_and_value_fastest(void **state)
{
    (void)state;
    kedge_data_options options = hsv_options(36, 10, 10);
    kedge_dataset *d = make(&options);
    assert_int_equal(d->points, 3600);
    int i = 7 * 100 + 3 * 10 + 9;
    assert_true(column_of(d, "h")[i] == 7 / 36.);
    assert_true(column_of(d, "s")[i] == 3 / 9.);
    assert_true(column_of(d, "v")[i] == 1);
    kedge_dataset_free(d);
}

static void hsv_grid_features_are_channels(void **state)
{
    (void)state;
    kedge_data_options options = hsv_options(36, 10, 10);
    kedge_dataset *d = make(&options);
    int green = 12 * 100 + 99;
    assert_true(d->features[0][green] == 0 && d->features[1][green] == 1 && d->features[2][green] == 0);
    assert_true(column_of(d, "greenness")[green] == 1);
    kedge_dataset_free(d);
}

static void one_colour_has_one_description(void **state)
{
    (void)state;
    kedge_data_options options = hsv_options(36, 10, 10);
    kedge_dataset *d = make(&options);
    const double *h = column_of(d, "h"), *s = column_of(d, "s"), *v = column_of(d, "v");
    for (int i = 0; i < d->points; i++) {
        if (v[i] == 0) assert_true(s[i] == 0);
        if (s[i] == 0) assert_true(h[i] == 0);
    }
    kedge_dataset_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rgb_grid_has_red_slowest),
        TEST(features_are_channels_rounded_once),
        TEST(targets_are_the_features),
        TEST(grids_are_colours),
        TEST(columns_of_an_rgb_grid),
        TEST(hsv_grid_has_hue_slowest_and_value_fastest),
        TEST(hsv_grid_features_are_channels),
        TEST(one_colour_has_one_description),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
