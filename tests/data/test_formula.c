/* formulas: values against the same written in C, and what is not a number. */
#include "data_test.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>

#include "data/formula.h"

static double at_point(const char *text, int point)
{
    double values[512];
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    kedge_formula formula = {text, "r.yaml:5:8"};
    bool sound = kedge_formula_eval(&formula, d, values, &errors);
    kedge_dataset_free(d);
    assert_errors("");
    assert_true(sound);
    return values[point];
}

/* Of a formula without columns. */
static double value_of(const char *text)
{
    return at_point(text, 0);
}

static void assert_near(double value, double expected)
{
    assert_true(fabs(value - expected) <= 1e-14 * fmax(1, fabs(expected)));
}

static void a_number_is_a_formula(void **state)
{
    (void)state;
    assert_true(value_of("0.25") == 0.25);
    assert_true(value_of(" 2.5e-3 ") == 2.5e-3);
    assert_true(value_of(".5") == .5);
}

static void every_point_has_its_value(void **state)
{
    (void)state;
    double values[512];
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    kedge_formula formula = {"0.08 * redness^8", "r.yaml:5:8"};
    assert_true(kedge_formula_eval(&formula, d, values, &errors));
    for (int i = 0; i < 512; i++) assert_near(values[i], .08 * pow(column_of(d, "redness")[i], 8));
    kedge_dataset_free(d);
}

static void all_columns_have_their_names(void **state)
{
    (void)state;
    const char *sum = "r+g+b+h+s+v+redness+greenness+blueness+vibrancy";
    assert_near(at_point(sum, 7 * 64), 1 + 0 + 0 + 0 + 1 + 1 + 1 + 0 + 0 + 1);
}

static void precedence(void **state)
{
    (void)state;
    assert_near(value_of("1+2*3-8/4/2"), 6);
    assert_near(value_of("-2^2"), -4);
    assert_near(value_of("2^3^2"), 512);
    assert_near(value_of("2^-1"), .5);
    assert_near(value_of("10-4-3"), 3);
    assert_near(value_of("1+1<3 && 2>1 || 0"), 1);
    assert_near(value_of("0 && 0 || 1"), 1);
    assert_near(value_of("1 || 0 && 0"), 1);
}

static void comparisons_are_one_or_zero(void **state)
{
    (void)state;
    assert_true(value_of("2 >= 2") == 1 && value_of("2 > 2") == 0);
    assert_true(value_of("1 <= 2") == 1 && value_of("2 < 1") == 0);
    assert_true(value_of("1 == 1") == 1 && value_of("1 != 1") == 0);
}

static void fractions_are_true(void **state)
{
    (void)state;
    assert_true(value_of("0.5 || 0") == 1);
    assert_true(value_of("0.5 && 0.25") == 1);
    assert_true(value_of("0.5 ? 2 : 3") == 2);
}

static void conditions_nest(void **state)
{
    (void)state;
    assert_true(value_of("0 ? 1 : 0 ? 2 : 3") == 3);
    assert_true(value_of("1 ? 0 ? 4 : 5 : 6") == 5);
    assert_true(at_point("r > 0.5 ? redness : 0", 7 * 64) == 1);
    assert_true(at_point("r > 0.5 ? redness : 0", 64) == 0);
}

static void functions(void **state)
{
    (void)state;
    assert_near(value_of("sqrt(9)+abs(-1)+sign(-3)"), 3);
    assert_near(value_of("ln(_e)+log(_e)+log2(8)+log10(100)+exp(0)"), 1 + 1 + 3 + 2 + 1);
    assert_near(value_of("sin(_pi/2)+cos(0)+tan(_pi/4)"), 3);
    assert_near(value_of("asin(1)+acos(0)+atan(1)+atan2(1,0)"), M_PI * 1.75);
    assert_near(value_of("tanh(0)+floor(1.7)+ceil(1.2)+round(2.5)"), 0 + 1 + 2 + 3);
    assert_near(value_of("clamp(5,0,1)+clamp(-5,0,1)+clamp(0.5,0,1)"), 1.5);
    assert_near(value_of("min(3,1,2)+max(3,1,2)+sum(1,2,3)+avg(1,2,3)"), 1 + 3 + 6 + 2);
}

/* Of all points to a colour, in a formula and by the function. */
static void check_similarity(const char *text, kedge_hsv colour)
{
    double values[512];
    kedge_data_options options = rgb_options(8);
    kedge_dataset *d = make(&options);
    kedge_formula formula = {text, "r.yaml:5:8"};
    assert_true(kedge_formula_eval(&formula, d, values, &errors));
    for (int i = 0; i < 512; i++) {
        kedge_rgb rgb = {column_of(d, "r")[i], column_of(d, "g")[i], column_of(d, "b")[i]};
        assert_true(values[i] == kedge_colour_similarity(kedge_hsv_from_rgb(rgb), colour));
    }
    kedge_dataset_free(d);
}

static void every_named_colour_has_its_similarity(void **state)
{
    (void)state;
    for (int i = 0; i < KEDGE_NAMED_COLOURS; i++) {
        char text[64];
        snprintf(text, sizeof text, "similarity(%s)", kedge_named_colours[i].name);
        for (char *c = text; *c; c++)
            if (*c == ' ') *c = '_';
        check_similarity(text, kedge_named_colours[i].hsv);
    }
}

static void a_colour_of_channels_has_its_similarity(void **state)
{
    (void)state;
    check_similarity("similarity( .25,1e0 , 0.5 )", kedge_hsv_from_rgb((kedge_rgb){.25, 1, .5}));
}

static void similarity_is_a_value_like_others(void **state)
{
    (void)state;
    assert_near(at_point("2 * max(similarity(red), similarity(blue))^2 + r", 7 * 64), 3);
    assert_near(at_point("-similarity(red)^2 > -1 ? 4 : 5", 7 * 64), 5);
    assert_near(at_point("similarity(red)*similarity(cyan)+similarity(white)", 511), 1);
}

/* A table with a column of the function's name, and one of a colour's. */
static void similarity_takes_channels_of_tables(void **state)
{
    (void)state;
    const char *const names[] = {"b", "r", "similarity", "g", "red"};
    const double b[] = {0, 1}, r[] = {1, 0}, own[] = {5, 6}, g[] = {0, 1}, red[] = {7, 8};
    const double *const columns[] = {b, r, own, g, red};
    kedge_dataset d = {.ctx = ctx, .points = 2, .n_columns = 5, .column_names = names, .columns = columns};
    double values[2];
    kedge_formula formula = {"similarity(red) + 10*similarity + 100*red", NULL};
    assert_true(kedge_formula_eval(&formula, &d, values, &errors));
    assert_near(values[0], 751);
    assert_near(values[1], 860);
}

static void a_channel_out_of_range_is_no_colour(void **state)
{
    (void)state;
    const char *const names[] = {"r", "g", "b"};
    const double r[] = {1, 0}, g[] = {0, 255}, b[] = {0, 0};
    const double *const columns[] = {r, g, b};
    const float feature[] = {3, 4};
    const float *const features[] = {feature};
    kedge_dataset d = {.ctx = ctx, .points = 2, .n_columns = 3, .column_names = names, .columns = columns,
                       .n_features = 1, .feature_names = names, .features = features};
    double values[2];
    kedge_formula formula = {"similarity(red)", "r.yaml:5:8"};
    assert_false(kedge_formula_eval(&formula, &d, values, &errors));
    assert_errors("r.yaml:5:8: in \"similarity(red)\": 'g' is 255 at point 1 (r=4); for 'similarity' it must be from "
                  "0 to 1 at every point");
}

static bool is_similarity(const char *text, kedge_hsv *colour)
{
    return kedge_formula_similarity(&(kedge_formula){text, NULL}, colour);
}

static void a_power_of_a_similarity_has_a_colour(void **state)
{
    (void)state;
    kedge_hsv colour = {0, 0, 0};
    assert_true(is_similarity("similarity(cyan)", &colour));
    assert_true(colour.h == 0.5 && colour.s == 1 && colour.v == 1);
    assert_true(is_similarity(" similarity ( light_grey\t) ^ 2.5e0 ", &colour));
    assert_true(colour.h == 0 && colour.s == 0 && colour.v == 0.75);
    assert_true(is_similarity("similarity(0,0,1)^3", &colour));
    assert_true(colour.h == 4. / 6 && colour.s == 1 && colour.v == 1);
}

static void other_formulas_have_no_colour(void **state)
{
    (void)state;
    static const char *const others[] = {
        "vibrancy^2", "2*similarity(red)", "similarity(red)*2", "similarity(red)^r", "similarity(red)^2^2",
        "similarity(red)^2+0", "(similarity(red))", "similarity(rad)", "similarity", "", "similarity(red)^",
        "similarity(red)^-2", "similarityx(red)", "-similarity(red)", "similarity(red",
    };
    kedge_hsv colour = {9, 9, 9};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_false(is_similarity(others[i], &colour));
    assert_true(colour.h == 9);
}

static void spaces_may_be_tabs_and_line_ends(void **state)
{
    (void)state;
    assert_near(value_of("1\n+\t2\r\n"), 3);
}

static void thousand_characters_are_fine(void **state)
{
    (void)state;
    char text[KEDGE_FORMULA_LENGTH + 1];
    for (int i = 0; i < KEDGE_FORMULA_LENGTH; i++) text[i] = i % 2 ? '+' : '1';
    text[KEDGE_FORMULA_LENGTH - 1] = ' ';
    text[KEDGE_FORMULA_LENGTH] = '\0';
    assert_near(value_of(text), 500);
}

static void depth_of_thirty_two_is_fine(void **state)
{
    (void)state;
    assert_near(value_of("((((((((((((((((((((((((((((((((2))))))))))))))))))))))))))))))))"), 2);
}

static void refused(const char *text, const char *message)
{
    double values[8];
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    kedge_formula formula = {text, "r.yaml:5:8"};
    bool sound = kedge_formula_eval(&formula, d, values, &errors);
    kedge_dataset_free(d);
    assert_false(sound);
    assert_errors(message);
}

static void division_by_zero_names_the_point(void **state)
{
    (void)state;
    refused("g/r", "r.yaml:5:8: in \"g/r\": the value is not a number at point 0 (r=0, g=0, b=0); it must be finite "
                   "at every point");
    refused("1/(1-b)", "r.yaml:5:8: in \"1/(1-b)\": the value is infinite at point 1 (r=0, g=0, b=1); it must be "
                       "finite at every point");
}

static void overflow_names_the_point(void **state)
{
    (void)state;
    refused("1e300*10^(r*9)", "r.yaml:5:8: in \"1e300*10^(r*9)\": the value is infinite at point 4 (r=1, g=0, b=0); "
                              "it must be finite at every point");
}

static void a_column_may_be_called_like_a_function(void **state)
{
    (void)state;
    const char *const names[] = {"min", "_pi"};
    const double first[] = {3, 4}, second[] = {7, 8};
    const double *const columns[] = {first, second};
    double values[2];
    kedge_dataset d = {.ctx = ctx, .points = 2, .n_columns = 2, .column_names = names, .columns = columns};
    kedge_formula formula = {"min(min, 3.5) + _pi", NULL};
    assert_true(kedge_formula_eval(&formula, &d, values, &errors));
    assert_true(values[0] == 10 && values[1] == 11.5);
}

static void a_column_may_have_a_long_name(void **state)
{
    (void)state;
    char name[KEDGE_FORMULA_NAME + 1];
    memset(name, 'n', KEDGE_FORMULA_NAME);
    name[KEDGE_FORMULA_NAME] = '\0';
    const char *const names[] = {name};
    const double column[] = {3};
    const double *const columns[] = {column};
    double value = 0;
    kedge_dataset d = {.ctx = ctx, .points = 1, .n_columns = 1, .column_names = names, .columns = columns};
    kedge_formula formula = {name, NULL};
    assert_true(kedge_formula_eval(&formula, &d, &value, &errors));
    assert_true(value == 3);
}

typedef struct work {
    const kedge_dataset *dataset;
    int wrong;
} work;

static void *evaluate_often(void *payload)
{
    work *w = payload;
    kedge_errors own;
    double values[8];
    kedge_errors_init(&own);
    for (int i = 0; i < 300; i++) {
        kedge_formula good = {"r + 2*g + 4*b", NULL}, bad = {"1/r", NULL};
        w->wrong += !kedge_formula_eval(&good, w->dataset, values, &own) || values[7] != 7;
        w->wrong += kedge_formula_eval(&bad, w->dataset, values, &own);
    }
    return NULL;
}

static void threads_take_turns(void **state)
{
    (void)state;
    kedge_data_options options = rgb_options(2);
    kedge_dataset *d = make(&options);
    work works[4];
    pthread_t threads[4];
    int wrong = 0;
    for (int i = 0; i < 4; i++) {
        works[i] = (work){d, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, evaluate_often, &works[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        wrong += works[i].wrong;
    }
    kedge_dataset_free(d);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_number_is_a_formula),
        TEST(every_point_has_its_value),
        TEST(all_columns_have_their_names),
        TEST(precedence),
        TEST(comparisons_are_one_or_zero),
        TEST(fractions_are_true),
        TEST(conditions_nest),
        TEST(functions),
        TEST(every_named_colour_has_its_similarity),
        TEST(a_colour_of_channels_has_its_similarity),
        TEST(similarity_is_a_value_like_others),
        TEST(similarity_takes_channels_of_tables),
        TEST(a_channel_out_of_range_is_no_colour),
        TEST(a_power_of_a_similarity_has_a_colour),
        TEST(other_formulas_have_no_colour),
        TEST(spaces_may_be_tabs_and_line_ends),
        TEST(thousand_characters_are_fine),
        TEST(depth_of_thirty_two_is_fine),
        TEST(division_by_zero_names_the_point),
        TEST(overflow_names_the_point),
        TEST(a_column_may_be_called_like_a_function),
        TEST(a_column_may_have_a_long_name),
        TEST(threads_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
