/* labels: rates, thresholds, who carries one for certain, and what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "anchor/label.h"

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
    kedge_dataset *grid; /* 8^3 colours */
} fixture;

static fixture f;

static int set_up(void **state)
{
    (void)state;
    kedge_data_options options = {.kind = KEDGE_DATA_RGB_GRID, .points = 8, .batch = 64};
    kedge_errors_init(&f.errors);
    if (kedge_context_create(&f.ctx, NULL) != KEDGE_OK) return -1;
    kedge_arena_init(&f.arena, f.ctx);
    f.grid = kedge_dataset_create(f.ctx, &options, NULL, &f.errors);
    return f.grid ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kedge_dataset_free(f.grid);
    kedge_arena_release(&f.arena);
    kedge_context_free(f.ctx);
    return 0;
}

enum { RED = 7 * 64, GREEN = 7 * 8, BLACK = 0 };

static bool try_label(kedge_label *label, const char *rate, int mode, const char *exact)
{
    kedge_label_options options = {
        .name = "red", .rate = {rate, "r.yaml:5:8"}, .mode = mode, .exact = {exact, "r.yaml:6:9"}};
    return kedge_label_make(label, &options, f.grid, &f.arena, &f.errors);
}

static kedge_label label_of(const char *rate, int mode, const char *exact)
{
    kedge_label label = {0};
    bool sound = try_label(&label, rate, mode, exact);
    assert_string_equal(f.errors.text, "");
    assert_true(sound);
    return label;
}

static void refused(const char *rate, const char *exact, const char *message)
{
    kedge_label label;
    assert_false(try_label(&label, rate, KEDGE_LABEL_STOCHASTIC, exact));
    kedge_errors_status(&f.errors);
    assert_string_equal(kedge_error(), message);
}

/* Labels expected in a run of 1501 batches of 64. */
static double expected_labels(const kedge_label *label)
{
    double sum = 0;
    for (int i = 0; i < f.grid->points; i++) sum += label->threshold[i] * 0x1p-31;
    return sum / f.grid->points * 64 * 1501;
}

static void red_labels_of_a_published_run(void **state)
{
    (void)state;
    kedge_label label = label_of("0.08 * redness^8", KEDGE_LABEL_STOCHASTIC, NULL);
    assert_true(fabs(expected_labels(&label) - 86.4) < 0.05);
}

static void vibrant_labels_of_a_published_run(void **state)
{
    (void)state;
    kedge_label label = label_of("0.01 * vibrancy^10", KEDGE_LABEL_STOCHASTIC, NULL);
    assert_true(fabs(expected_labels(&label) - 114.3) < 0.05);
}

static void thresholds_are_31_bit_rates(void **state)
{
    (void)state;
    kedge_label label = label_of("redness / 2", KEDGE_LABEL_STOCHASTIC, NULL);
    for (int i = 0; i < f.grid->points; i++)
        assert_true(fabs(label.threshold[i] - label.rate[i] * 0x1p31) <= 0.5);
}

static void rate_one_is_always_and_zero_never(void **state)
{
    (void)state;
    kedge_label label = label_of("redness", KEDGE_LABEL_STOCHASTIC, NULL);
    assert_true((UINT32_MAX >> 1) < label.threshold[RED]);
    assert_int_equal(label.threshold[BLACK], 0);
}

static void soft_is_the_rate(void **state)
{
    (void)state;
    kedge_label label = label_of("0.1 * redness", KEDGE_LABEL_SOFT, NULL);
    for (int i = 0; i < f.grid->points; i++) assert_true(label.soft[i] == (float)label.rate[i]);
}

static void exact_mode_is_one_or_zero(void **state)
{
    (void)state;
    kedge_label label = label_of("0.1 * redness", KEDGE_LABEL_EXACT, NULL);
    for (int i = 0; i < f.grid->points; i++) assert_true(label.soft[i] == (i == RED ? 1.f : 0.f));
}

static void exact_is_where_the_rate_is_largest(void **state)
{
    (void)state;
    kedge_label label = label_of("0.08 * redness^8", KEDGE_LABEL_STOCHASTIC, NULL);
    assert_int_equal(label.n_exact, 1);
    assert_true(label.exact[RED]);
}

static void exact_allows_for_rounding(void **state)
{
    (void)state;
    kedge_label label = label_of("0.5 + 0.1 * (greenness == 1) + (0.1 - 1e-11) * (redness == 1)",
                                 KEDGE_LABEL_STOCHASTIC, NULL);
    assert_int_equal(label.n_exact, 2);
    assert_true(label.exact[GREEN] && label.exact[RED]);
}

static void exact_may_be_a_formula(void **state)
{
    (void)state;
    kedge_label label = label_of("0.5", KEDGE_LABEL_STOCHASTIC, "g == 1 && r == 0");
    assert_int_equal(label.n_exact, 8);
    assert_true(label.exact[GREEN] && !label.exact[RED]);
}

static void vibrant_for_certain(void **state)
{
    (void)state;
    kedge_label label = label_of("0.01 * vibrancy^10", KEDGE_LABEL_STOCHASTIC, NULL);
    int expected = 0;
    for (int i = 0; i < 512; i++) {
        int r = i / 64, g = i / 8 % 8, b = i % 8;
        bool vibrant = (r == 7 || g == 7 || b == 7) && (r == 0 || g == 0 || b == 0);
        expected += vibrant;
        assert_int_equal(label.exact[i], vibrant);
    }
    assert_int_equal(label.n_exact, expected);
}

static void a_number_is_a_rate(void **state)
{
    (void)state;
    kedge_label label = label_of("0.25", KEDGE_LABEL_STOCHASTIC, NULL);
    assert_int_equal(label.threshold[17], 1u << 29);
    assert_int_equal(label.n_exact, 512);
}

static void rounding_beyond_the_ends_is_forgiven(void **state)
{
    (void)state;
    kedge_label label = label_of("redness + 1e-13 - 2e-13 * (r == 0)", KEDGE_LABEL_STOCHASTIC, NULL);
    assert_true(label.rate[RED] == 1);
    assert_true(label.rate[BLACK] == 0);
}

static void the_name_is_kept(void **state)
{
    (void)state;
    kedge_label label = label_of("0.25", KEDGE_LABEL_STOCHASTIC, NULL);
    assert_string_equal(label.name, "red");
}

static void rate_above_one(void **state)
{
    (void)state;
    refused("1.5 * redness", NULL,
            "r.yaml:5:8: the rate of label 'red' is 1.07143 at point 320 (r=0.714286, g=0, b=0); it must be from 0 to "
            "1 at every point");
}

static void rate_below_zero(void **state)
{
    (void)state;
    refused("r - 0.25", NULL,
            "r.yaml:5:8: the rate of label 'red' is -0.25 at point 0 (r=0, g=0, b=0); it must be from 0 to 1 at every "
            "point");
}

static void rate_zero_everywhere(void **state)
{
    (void)state;
    refused("0 * r", NULL,
            "r.yaml:5:8: the rate of label 'red' is 0 at every point; at least one must be able to carry it");
}

static void malformed_rate(void **state)
{
    (void)state;
    refused("rednes^8", NULL,
            "r.yaml:5:8: in \"rednes^8\": unknown name 'rednes' at position 1; did you mean 'redness'?");
}

static void exact_nowhere(void **state)
{
    (void)state;
    refused("0.5", "r > 2",
            "r.yaml:6:9: 'exact' of label 'red' is 0 at every point; it must hold for at least one");
}

static void malformed_exact(void **state)
{
    (void)state;
    refused("0.5", "r >", "r.yaml:6:9: in \"r >\": ends at position 4 where a value has to follow");
}

static void keys_and_defaults(void **state)
{
    (void)state;
    assert_int_equal(kedge_n_label_fields, 4);
    assert_string_equal(kedge_label_fields[0].key, "rate");
    assert_null(kedge_label_fields[0].fallback);
    assert_string_equal(kedge_label_fields[1].key, "mode");
    assert_string_equal(kedge_label_fields[1].fallback, "stochastic");
    assert_string_equal(kedge_label_fields[1].choices[KEDGE_LABEL_EXACT], "exact");
    assert_string_equal(kedge_label_fields[2].key, "exact");
    assert_string_equal(kedge_label_fields[2].fallback, "");
}

/* ---- labels with a concept, and those handed out to some points only ---- */

/* 0.08 of those who carry it by redness^8, and 0.02 of the others. */
static kedge_label_options noisy(void)
{
    return (kedge_label_options){.name = "red", .rate = {"0.1", "r.yaml:5:8"}, .concept = {"redness", "r.yaml:6:8"},
                                 .exponent = 8, .true_positive = 0.8, .false_positive = 0.2};
}

static kedge_label make(const kedge_label_options *options)
{
    kedge_label label = {0};
    bool sound = kedge_label_make(&label, options, f.grid, &f.arena, &f.errors);
    assert_string_equal(f.errors.text, "");
    assert_true(sound);
    return label;
}

static void refused_options(const kedge_label_options *options, const char *message)
{
    kedge_label label;
    assert_false(kedge_label_make(&label, options, f.grid, &f.arena, &f.errors));
    kedge_errors_status(&f.errors);
    assert_string_equal(kedge_error(), message);
}

static void rates_of_a_concept_mix_two_kinds_of_labels(void **state)
{
    (void)state;
    kedge_label_options options = noisy();
    kedge_label label = make(&options);
    assert_true(fabs(label.rate[RED] - 0.08) < 1e-15);
    assert_true(fabs(label.rate[BLACK] - 0.02) < 1e-15);
    double carried = pow(5 / 7., 8); /* r = 5/7 alone */
    assert_true(fabs(label.rate[5 * 64] - 0.1 * (0.8 * carried + 0.2 * (1 - carried))) < 1e-15);
}

static void a_concept_gives_the_bits_of_its_rate(void **state)
{
    (void)state;
    kedge_label_options options = noisy();
    options.true_positive = 1, options.false_positive = 0;
    kedge_label plain = label_of("0.1 * redness^8", KEDGE_LABEL_STOCHASTIC, NULL), label = make(&options);
    assert_memory_equal(label.threshold, plain.threshold, 512 * sizeof *plain.threshold);
    assert_memory_equal(label.soft, plain.soft, 512 * sizeof *plain.soft);
}

static void noise_does_not_change_who_carries_a_concept(void **state)
{
    (void)state;
    kedge_label_options options = noisy();
    options.true_positive = 0, options.false_positive = 1; /* the rate is largest everywhere else */
    kedge_label label = make(&options);
    assert_int_equal(label.n_exact, 1);
    assert_true(label.exact[RED]);
    assert_true(label.rate[RED] == 0);
}

static void concept_beyond_one(void **state)
{
    (void)state;
    kedge_label_options options = noisy();
    options.concept.text = "2 * redness";
    refused_options(&options, "r.yaml:6:8: the concept of label 'red' is 1.14286 at point 256 (r=0.571429, g=0, b=0); "
                              "it must be from 0 to 1 at every point");
}

static void rate_that_varies_beside_a_concept(void **state)
{
    (void)state;
    kedge_label_options options = noisy();
    options.rate.text = "0.1 * r";
    refused_options(&options, "r.yaml:5:8: the rate of label 'red' varies among points; beside 'concept' it must be "
                              "one number");
}

/* Though no point's own rate, 2.5 x 0.2 of a label that nobody carries, would be above 1. */
static void rate_above_one_beside_a_concept(void **state)
{
    (void)state;
    kedge_label_options options = noisy();
    options.rate.text = "2.5", options.true_positive = 0.4;
    refused_options(&options, "r.yaml:5:8: the rate of label 'red' is 2.5 at point 0 (r=0, g=0, b=0); it must be from "
                              "0 to 1 at every point");
}

static void labels_go_to_those_among_alone(void **state)
{
    (void)state;
    kedge_label_options options = {.name = "red", .rate = {"0.1 * redness", NULL}, .among = {"r < 1", NULL}};
    kedge_label label = make(&options), all = label_of("0.1 * redness", KEDGE_LABEL_STOCHASTIC, NULL);
    for (int i = 0; i < 512; i++) {
        bool among = i < 7 * 64;
        assert_true(label.rate[i] == (among ? all.rate[i] : 0));
        assert_int_equal(label.threshold[i], among ? all.threshold[i] : 0);
    }
    assert_int_equal(label.n_exact, 1); /* who is scored is the same */
    assert_true(label.exact[RED]);
}

static void exact_labels_go_to_those_among_alone(void **state)
{
    (void)state;
    kedge_label_options options = {.name = "red", .rate = {"0.1 * redness", NULL}, .mode = KEDGE_LABEL_EXACT,
                                   .exact = {"redness > 0.9", NULL}, .among = {"g == 0", NULL}};
    kedge_label label = make(&options);
    assert_int_equal(label.n_exact, 3); /* (1, 0, 0), (1, 1/7, 0), (1, 0, 1/7) */
    for (int i = 0; i < 512; i++) assert_true(label.soft[i] == (i == RED || i == RED + 1 ? 1.f : 0.f));
}

static void among_nobody(void **state)
{
    (void)state;
    kedge_label_options options = {.name = "red", .rate = {"redness", NULL}, .among = {"r == 0", "r.yaml:7:9"}};
    refused_options(&options, "r.yaml:7:9: label 'red' is handed out at no point of 'among'; at least one must be able "
                              "to carry it");
}

/* ---- a rate as a concept ---- */

static bool by_concept(const char *rate, kedge_label_options *out)
{
    kedge_label_options options = {.name = "red", .rate = {rate, "r.yaml:5:8"}, .mode = KEDGE_LABEL_SOFT};
    return kedge_label_by_concept(out, &options, &f.arena);
}

static void reads(const char *rate, const char *factor, const char *concept, double exponent)
{
    kedge_label_options out;
    assert_true(by_concept(rate, &out));
    assert_string_equal(out.rate.text, factor);
    assert_string_equal(out.concept.text, concept);
    assert_string_equal(out.concept.where, "r.yaml:5:8");
    assert_true(out.exponent == exponent && out.true_positive == 1 && out.false_positive == 0);
    assert_int_equal(out.mode, KEDGE_LABEL_SOFT);
}

static void a_power_of_a_name_is_a_concept(void **state)
{
    (void)state;
    reads("0.08 * redness^8", "0.08", "redness", 8);
    reads("  .5*my_column ^ 1.5 ", ".5", "my_column", 1.5);
    reads("redness", "1", "redness", 1);
    reads("1e-3 * redness", "1e-3", "redness", 1);
    reads("redness^1e1", "1", "redness", 10);
    reads("0.1 * similarity(1, .5, (0))^3", "0.1", "similarity(1, .5, (0))", 3);
}

static void other_rates_are_none(void **state)
{
    (void)state;
    static const char *const rates[] = {"0.08 * redness^8 + 0.1", "redness * 0.08", "1 - v", "0.5", "2 * redness",
                                        "0 * redness", "0.1 redness", "0.1 * redness^-1", "0.1 * redness^8^2",
                                        "0.1 * similarity(red", "0.1 * r * g", "", "1.2.3 * redness", "redness^1001"};
    kedge_label_options out;
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        if (by_concept(rates[i], &out)) fail_msg("'%s' was read", rates[i]);
}

static void a_concept_stays_as_it_is(void **state)
{
    (void)state;
    kedge_label_options options = noisy(), out;
    assert_true(kedge_label_by_concept(&out, &options, &f.arena));
    assert_memory_equal(&out, &options, sizeof out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(red_labels_of_a_published_run),
        TEST(vibrant_labels_of_a_published_run),
        TEST(thresholds_are_31_bit_rates),
        TEST(rate_one_is_always_and_zero_never),
        TEST(soft_is_the_rate),
        TEST(exact_mode_is_one_or_zero),
        TEST(exact_is_where_the_rate_is_largest),
        TEST(exact_allows_for_rounding),
        TEST(exact_may_be_a_formula),
        TEST(vibrant_for_certain),
        TEST(a_number_is_a_rate),
        TEST(rounding_beyond_the_ends_is_forgiven),
        TEST(the_name_is_kept),
        TEST(rate_above_one),
        TEST(rate_below_zero),
        TEST(rate_zero_everywhere),
        TEST(malformed_rate),
        TEST(exact_nowhere),
        TEST(malformed_exact),
        TEST(keys_and_defaults),
        TEST(rates_of_a_concept_mix_two_kinds_of_labels),
        TEST(a_concept_gives_the_bits_of_its_rate),
        TEST(noise_does_not_change_who_carries_a_concept),
        TEST(concept_beyond_one),
        TEST(rate_that_varies_beside_a_concept),
        TEST(rate_above_one_beside_a_concept),
        TEST(labels_go_to_those_among_alone),
        TEST(exact_labels_go_to_those_among_alone),
        TEST(among_nobody),
        TEST(a_power_of_a_name_is_a_concept),
        TEST(other_rates_are_none),
        TEST(a_concept_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
