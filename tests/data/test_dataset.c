/* options: bounds, doubled names, defaults; points in messages. */
#include "data_test.h"

static void refused(const kedge_data_options *options, const char *message)
{
    assert_null(kedge_dataset_create(ctx, options, "r.yaml:3:8", &errors));
    assert_errors(message);
}

static const kedge_field *field_of(kedge_data_kind kind, const char *key)
{
    const kedge_variant *variant = &kedge_data_variants[kind];
    for (int i = 0; i < variant->n_fields; i++)
        if (strcmp(variant->fields[i].key, key) == 0) return &variant->fields[i];
    fail_msg("no key '%s'", key);
    return variant->fields; /* not reached: gcc does not know that */
}

static void variants_stand_in_the_order_of_their_kinds(void **state)
{
    (void)state;
    assert_string_equal(kedge_data_variants[KEDGE_DATA_RGB_GRID].name, "rgb-grid");
    assert_string_equal(kedge_data_variants[KEDGE_DATA_HSV_GRID].name, "hsv-grid");
    assert_string_equal(kedge_data_variants[KEDGE_DATA_CSV].name, "csv");
    assert_string_equal(kedge_data_variants[KEDGE_DATA_NPY].name, "npy");
}

static void defaults(void **state)
{
    (void)state;
    assert_string_equal(field_of(KEDGE_DATA_RGB_GRID, "points")->fallback, "8");
    assert_string_equal(field_of(KEDGE_DATA_HSV_GRID, "hues")->fallback, "36");
    assert_string_equal(field_of(KEDGE_DATA_HSV_GRID, "saturations")->fallback, "10");
    assert_string_equal(field_of(KEDGE_DATA_HSV_GRID, "values")->fallback, "10");
    assert_string_equal(field_of(KEDGE_DATA_CSV, "batch")->fallback, "64");
    assert_string_equal(field_of(KEDGE_DATA_NPY, "epoch")->fallback, "0");
    assert_string_equal(field_of(KEDGE_DATA_CSV, "targets")->fallback, "");
}

static void a_table_needs_a_file_and_features(void **state)
{
    (void)state;
    for (int kind = KEDGE_DATA_CSV; kind <= KEDGE_DATA_NPY; kind++) {
        assert_null(field_of((kedge_data_kind)kind, "file")->fallback);
        assert_null(field_of((kedge_data_kind)kind, "features")->fallback);
    }
}

static void every_key_is_documented_with_a_full_stop(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++)
        for (int i = 0; i < kedge_data_variants[kind].n_fields; i++) {
            const char *doc = kedge_data_variants[kind].fields[i].doc;
            assert_non_null(doc);
            assert_true(strlen(doc) > 10 && doc[strlen(doc) - 1] == '.');
        }
}

static void points_out_of_range(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(0);
    refused(&options, "r.yaml:3:8: 'points' is 0; it must be from 2 to 64");
    options.points = 65;
    refused(&options, "r.yaml:3:8: 'points' is 65; it must be from 2 to 64");
}

static void batch_out_of_range(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(8);
    options.batch = 1000001;
    refused(&options, "r.yaml:3:8: 'batch' is 1000001; it must be from 1 to 1000000");
    options.batch = 0;
    refused(&options, "r.yaml:3:8: 'batch' is 0; it must be from 1 to 1000000");
}

static void epoch_out_of_range(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(8);
    options.epoch = -1;
    refused(&options, "r.yaml:3:8: 'epoch' is -1; it must be from 0 to 1000000000");
}

static void all_errors_at_once(void **state)
{
    (void)state;
    kedge_data_options options = hsv_options(0, 1, 65);
    refused(&options, "r.yaml:3:8: 'hues' is 0; it must be from 1 to 360\n"
                      "r.yaml:3:8: 'saturations' is 1; it must be from 2 to 64\n"
                      "r.yaml:3:8: 'values' is 65; it must be from 2 to 64");
}

static void unknown_kind(void **state)
{
    (void)state;
    kedge_data_options options = {.kind = 5, .batch = 64};
    refused(&options, "r.yaml:3:8: unknown kind of data 5");
}

static void missing_file_and_features(void **state)
{
    (void)state;
    kedge_data_options options = {.kind = KEDGE_DATA_CSV, .batch = 64};
    refused(&options, "r.yaml:3:8: 'file' is missing\nr.yaml:3:8: 'features' is missing");
}

static void names_given_twice(void **state)
{
    (void)state;
    const char *const twice[] = {"a", "b", "a"};
    kedge_data_options options = {.kind = KEDGE_DATA_CSV, .batch = 64, .file = "absent.csv", .features = {3, twice},
                                  .targets = {3, twice}};
    refused(&options, "r.yaml:3:8: feature 'a' is named twice; once is enough\n"
                      "r.yaml:3:8: target 'a' is named twice; once is enough");
}

static void too_many_features(void **state)
{
    (void)state;
    static const char *names[5000];
    for (int i = 0; i < 5000; i++) names[i] = "a";
    kedge_data_options options = {.kind = KEDGE_DATA_NPY, .batch = 64, .file = "absent.npy", .features = {5000, names}};
    refused(&options, "r.yaml:3:8: 5000 features; at most 4096 are possible");
}

static void without_a_place_it_says_data(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(1);
    assert_null(kedge_dataset_create(ctx, &options, NULL, &errors));
    assert_errors("data: 'points' is 1; it must be from 2 to 64");
}

static void a_point_is_described_by_its_features(void **state)
{
    (void)state;
    char text[64];
    kedge_data_options options = rgb_options(3);
    kedge_dataset *d = make(&options);
    kedge_dataset_describe(d, 17, text, sizeof text);
    kedge_dataset_free(d);
    assert_string_equal(text, "point 17 (r=0.5, g=1, b=1)");
}

static void a_wide_point_is_cut_short(void **state)
{
    (void)state;
    char text[200], short_text[12];
    const char *const names[] = {"a name that is far too long to be shown in full, since it has no end", "b",
                                 "c", "d", "e", "f", "g", "h"};
    const float value[] = {0.125f};
    const float *const features[] = {value, value, value, value, value, value, value, value};
    kedge_dataset d = {.points = 1, .n_features = 8, .feature_names = names, .features = features};
    kedge_dataset_describe(&d, 0, text, sizeof text);
    assert_string_equal(text, "point 0 (a name that is far too long to be shown in full, since it...=0.125, b=0.125, "
                              "c=0.125, d=0.125, e=0.125, f=0.125, ...)");
    kedge_dataset_describe(&d, 0, short_text, sizeof short_text);
    assert_string_equal(short_text, "point 0 (a ");
}

static void free_takes_null(void **state)
{
    (void)state;
    kedge_dataset_free(NULL);
    assert_errors("");
}

/* Allocations that succeed before one fails. */
static int budget;

static void *scarce_alloc(size_t size, void *payload)
{
    (void)payload;
    return budget-- > 0 ? aligned_alloc(64, (size + 63) & ~(size_t)63) : NULL;
}

static void scarce_free(void *block, void *payload)
{
    (void)payload;
    free(block);
}

static void memory_that_runs_out_is_an_error(void **state)
{
    (void)state;
    kedge_context_options scarce = {.alloc = scarce_alloc, .free = scarce_free};
    kedge_context *own;
    budget = 1000;
    assert_int_equal(kedge_context_create(&own, &scarce), KEDGE_OK);
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = NULL;
    int failures = 0;
    for (int n = 0; !d; n++) {
        budget = n;
        d = kedge_dataset_create(own, &options, "r.yaml:3:8", &errors);
        if (d) break;
        assert_int_equal(errors.status, KEDGE_ENOMEM);
        kedge_errors_init(&errors);
        failures++;
    }
    kedge_dataset_free(d);
    kedge_context_free(own);
    assert_true(failures >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(variants_stand_in_the_order_of_their_kinds),
        TEST(defaults),
        TEST(a_table_needs_a_file_and_features),
        TEST(every_key_is_documented_with_a_full_stop),
        TEST(points_out_of_range),
        TEST(batch_out_of_range),
        TEST(epoch_out_of_range),
        TEST(all_errors_at_once),
        TEST(unknown_kind),
        TEST(missing_file_and_features),
        TEST(names_given_twice),
        TEST(too_many_features),
        TEST(without_a_place_it_says_data),
        TEST(a_point_is_described_by_its_features),
        TEST(a_wide_point_is_cut_short),
        TEST(free_takes_null),
        TEST(memory_that_runs_out_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
