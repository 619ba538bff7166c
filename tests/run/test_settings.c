/* test_settings.c - what --over says: values, points, and every mistake. */
#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "run/settings.h"

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
    kedge_settings settings;
} fixture;

static int setup(void **state)
{
    static fixture f;
    if (kedge_context_create(&f.ctx, NULL)) return -1;
    kedge_arena_init(&f.arena, f.ctx);
    kedge_errors_init(&f.errors);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    kedge_arena_release(&f->arena);
    kedge_context_free(f->ctx);
    return 0;
}

static void read(fixture *f, long long samples, int n, const char *const *texts)
{
    if (!kedge_settings_read(&f->settings, texts, n, samples, &f->arena, &f->errors)) fail_msg("%s", f->errors.text);
}

/* The values of one axis, with blanks between. */
static const char *values(fixture *f, const char *text)
{
    static char out[4096];
    out[0] = '\0';
    read(f, 0, 1, &text);
    for (size_t i = 0; i < f->settings.axes[0].n; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? " " : "", f->settings.axes[0].values[i]);
    return out;
}

/* The values at a point, with blanks between. */
static const char *point(fixture *f, size_t i)
{
    static char out[4096];
    kedge_setting at[8];
    assert_int_equal(kedge_settings_at(&f->settings, i, &f->arena, at), KEDGE_OK);
    out[0] = '\0';
    for (int k = 0; k < f->settings.n_axes; k++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s=%s", k ? " " : "", at[k].path, at[k].value);
    return out;
}

static const char *message(fixture *f)
{
    assert_int_not_equal(kedge_errors_status(&f->errors), KEDGE_OK);
    return kedge_error();
}

static const char *mistake(fixture *f, long long samples, const char *text)
{
    assert_false(kedge_settings_read(&f->settings, &text, 1, samples, &f->arena, &f->errors));
    return message(f);
}

/* ---- values ---- */

static void a_list_has_its_values(void **state)
{
    assert_string_equal(values(*state, "optimizer.beta1=0.9,0.95,0.99"), "0.9 0.95 0.99");
}

static void blanks_around_values_do_not_count(void **state)
{
    assert_string_equal(values(*state, "a= x , y z ,w"), "x y z w");
}

static void commas_in_brackets_and_quotes_do_not_separate(void **state)
{
    assert_string_equal(values(*state, "a=[1, 0],{x: [1,2], y: 3},\"p,q\",'r,s'"),
                        "[1, 0] {x: [1,2], y: 3} \"p,q\" 'r,s'");
}

static void dots_in_a_path_are_no_range(void **state)
{
    assert_string_equal(values(*state, "schedule=../a.csv,../b.csv"), "../a.csv ../b.csv");
}

static void a_range_has_both_ends(void **state)
{
    assert_string_equal(values(*state, "optimizer.beta1=0..1:5"), "0 0.25 0.5 0.75 1");
}

static void a_range_may_be_negative(void **state)
{
    assert_string_equal(values(*state, "schedule.lr=-1.5..1.5:4"), "-1.5 -0.5 0.5 1.5");
}

static void a_range_in_the_logarithm(void **state)
{
    assert_string_equal(values(*state, "schedule.lr=0.001..1:log:4"), "0.001 0.01 0.1 1");
}

static void values_of_a_range_have_12_digits(void **state)
{
    assert_string_equal(values(*state, "schedule.lr=0..1:4"), "0 0.333333333333 0.666666666667 1");
}

static void small_values_read_as_numbers_in_yaml(void **state)
{
    assert_string_equal(values(*state, "optimizer.epsilon=1e-12..1e-8:log:3"), "1.0e-12 1.0e-10 1.0e-08");
}

static void a_key_of_whole_numbers_gets_whole_numbers(void **state)
{
    assert_string_equal(values(*state, "steps=1000..6000:log:4"), "1000 1817 3302 6000");
    assert_string_equal(values(*state, "model.bottleneck=3..8:3"), "3 6 8");
    assert_string_equal(values(*state, "model.hidden.0=8..16:4"), "8 11 13 16");
}

/* The second value, 2.5, is rounded to even. */
static void halves_go_to_the_even_number(void **state)
{
    assert_string_equal(values(*state, "hold=1..4:3"), "1 2 4");
}

static void other_keys_are_not_rounded(void **state)
{
    assert_string_equal(values(*state, "terms.anchor.weight=1..2:3"), "1 1.5 2");
    assert_string_equal(values(*state, "schedule.steps=1..2:3"), "1 1.5 2");
}

static void the_locale_changes_nothing(void **state)
{
    static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C.UTF-8"};
    for (int i = 0; i < 4 && !setlocale(LC_ALL, names[i]); i++) continue;
    char have[64];
    snprintf(have, sizeof have, "%s", values(*state, "schedule.lr=0.5..1.5:3"));
    setlocale(LC_ALL, "C");
    assert_string_equal(have, "0.5 1 1.5");
}

/* ---- points ---- */

static void no_axis_is_one_point(void **state)
{
    fixture *f = *state;
    read(f, 0, 0, NULL);
    assert_int_equal(f->settings.n_points, 1);
    assert_int_equal(kedge_settings_at(&f->settings, 0, &f->arena, NULL), KEDGE_OK);
}

static void a_grid_has_all_combinations(void **state)
{
    fixture *f = *state;
    static const char *const want[] = {"a=1 b=x", "a=1 b=y", "a=1 b=z", "a=2 b=x", "a=2 b=y", "a=2 b=z"};
    read(f, 0, 2, (const char *const[]){"a=1,2", "b=x,y,z"});
    assert_int_equal(f->settings.n_points, 6);
    for (size_t i = 0; i < 6; i++) assert_string_equal(point(f, i), want[i]);
}

static void samples_are_points_of_sobols_sequence(void **state)
{
    fixture *f = *state;
    static const char *const want[] = {"schedule.lr=0 schedule.a=1", "schedule.lr=4 schedule.a=100",
                                       "schedule.lr=6 schedule.a=10", "schedule.lr=2 schedule.a=1000"};
    read(f, 4, 2, (const char *const[]){"schedule.lr=0..8", "schedule.a=1..10000:log"});
    assert_int_equal(f->settings.n_points, 4);
    for (size_t i = 0; i < 4; i++) assert_string_equal(point(f, i), want[i]);
}

static void samples_of_whole_numbers_are_whole(void **state)
{
    fixture *f = *state;
    static const char *const want[] = {"steps=100", "steps=150", "steps=175", "steps=125", "steps=138", "steps=188"};
    read(f, 6, 1, (const char *const[]){"steps=100..200"});
    for (size_t i = 0; i < 6; i++) assert_string_equal(point(f, i), want[i]);
}

static void samples_divide_a_list_evenly(void **state)
{
    fixture *f = *state;
    int seen[4] = {0};
    read(f, 64, 2, (const char *const[]){"schedule.lr=0..1", "b=0,1,2,3"});
    for (size_t i = 0; i < 64; i++) seen[strchr(point(f, i), 'b')[2] - '0']++;
    for (int i = 0; i < 4; i++) assert_int_equal(seen[i], 16);
}

/* ---- mistakes ---- */

typedef struct wrong {
    const char *text;
    long long samples;
    const char *message;
} wrong;

static const wrong mistakes[] = {
    {"steps", 0, "--over steps: no path and '='; write path=a,b,c or path=lo..hi:N"},
    {"=1,2", 0, "--over =1,2: no path and '='; write path=a,b,c or path=lo..hi:N"},
    {"a=", 0, "--over a=: an empty value; write values with commas between, or lo..hi:N"},
    {"a=1,,2", 0, "--over a=1,,2: an empty value; write values with commas between, or lo..hi:N"},
    {"a=1,2, ", 0, "--over a=1,2, : an empty value; write values with commas between, or lo..hi:N"},
    {"a=0.5,1,5e-1", 0, "--over a=0.5,1,5e-1: the value '5e-1' comes twice; each must come once"},
    {"a=1..x:3", 0, "--over a=1..x:3: 'x' is no end of a range; a range is lo..hi:N or lo..hi:log:N"},
    {"a=1..:3", 0, "--over a=1..:3: '' is no end of a range; a range is lo..hi:N or lo..hi:log:N"},
    {"a=1..2:x", 0, "--over a=1..2:x: 'x' is no number of values; must be a whole number from 2 to 100000"},
    {"a=1..2:1", 0, "--over a=1..2:1: '1' is no number of values; must be a whole number from 2 to 100000"},
    {"a=1..2:log:1e3", 0,
     "--over a=1..2:log:1e3: '1e3' is no number of values; must be a whole number from 2 to 100000"},
    {"a=1..2:3:4", 0, "--over a=1..2:3:4: too many parts; a range is lo..hi:N or lo..hi:log:N"},
    {"a=1..2:log:3:4", 0, "--over a=1..2:log:3:4: too many parts; a range is lo..hi:N or lo..hi:log:N"},
    {"a=2..1:3", 0, "--over a=2..1:3: an empty range; the first number must be below the second"},
    {"a=2..2:3", 0, "--over a=2..2:3: an empty range; the first number must be below the second"},
    {"a=0..1:log:3", 0, "--over a=0..1:log:3: a range in the logarithm must lie above 0"},
    {"a=-1e308..1e308:3", 0, "--over a=-1e308..1e308:3: too wide a range; at most 1e300 from end to end"},
    {"a=1..2", 0, "--over a=1..2: a range needs a number of values; write lo..hi:N, or sample it with --sobol N"},
    {"a=1..2:log", 0,
     "--over a=1..2:log: a range needs a number of values; write lo..hi:N, or sample it with --sobol N"},
    {"a=1..2:3", 8,
     "--over a=1..2:3: a sampled range takes no number of values; write lo..hi or lo..hi:log with --sobol"},
    {"steps=1..3:5", 0,
     "--over steps=1..3:5: the value '2' comes twice; each must come once; the key takes whole numbers, so ask for "
     "fewer"},
    {"seeds=1,2", 0, "--over seeds=1,2: every point gets the same seeds; they are given by --seeds"},
    {"seeds.first=1,2", 0, "--over seeds.first=1,2: every point gets the same seeds; they are given by --seeds"},
    {"a=\xff", 0, "--over a=\xff: at most 65536 bytes of UTF-8 are read"},
    {"a=1..2", 1000001, "--sobol 1000001: must be from 1 to 1000000 points"},
};

static void every_mistake_has_its_message(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        kedge_errors_init(&f->errors);
        assert_string_equal(mistake(f, mistakes[i].samples, mistakes[i].text), mistakes[i].message);
    }
}

static void all_mistakes_are_named_at_once(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {"a=2..1:3", "b=1,2", "c"};
    assert_false(kedge_settings_read(&f->settings, texts, 3, 0, &f->arena, &f->errors));
    assert_int_equal(f->errors.count, 2);
}

static void a_path_is_varied_once(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {"a=1,2", "b=1", "a=3"};
    assert_false(kedge_settings_read(&f->settings, texts, 3, 0, &f->arena, &f->errors));
    assert_string_equal(message(f), "--over a=3: 'a' is varied twice; give all its values once");
}

static void too_many_points_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const texts[] = {"a=0..1:1000", "b=0..1:1000", "c=0..1:2"};
    assert_false(kedge_settings_read(&f->settings, texts, 3, 0, &f->arena, &f->errors));
    assert_string_equal(message(f),
                        "--over c=0..1:2: too many points, all combinations counted; at most 1000000");
}

static void samples_need_something_to_sample(void **state)
{
    fixture *f = *state;
    assert_false(kedge_settings_read(&f->settings, NULL, 0, 5, &f->arena, &f->errors));
    assert_string_equal(message(f), "--sobol: nothing to sample; give --over path=lo..hi");
}

static void more_keys_than_dimensions_are_refused(void **state)
{
    fixture *f = *state;
    static const char *texts[22];
    for (int i = 0; i < 22; i++) texts[i] = "a=0..1";
    assert_false(kedge_settings_read(&f->settings, texts, 22, 5, &f->arena, &f->errors));
    assert_string_equal(message(f), "--sobol: 22 keys are too many; at most 21");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_has_its_values),
        TEST(blanks_around_values_do_not_count),
        TEST(commas_in_brackets_and_quotes_do_not_separate),
        TEST(dots_in_a_path_are_no_range),
        TEST(a_range_has_both_ends),
        TEST(a_range_may_be_negative),
        TEST(a_range_in_the_logarithm),
        TEST(values_of_a_range_have_12_digits),
        TEST(small_values_read_as_numbers_in_yaml),
        TEST(a_key_of_whole_numbers_gets_whole_numbers),
        TEST(halves_go_to_the_even_number),
        TEST(other_keys_are_not_rounded),
        TEST(the_locale_changes_nothing),
        TEST(no_axis_is_one_point),
        TEST(a_grid_has_all_combinations),
        TEST(samples_are_points_of_sobols_sequence),
        TEST(samples_of_whole_numbers_are_whole),
        TEST(samples_divide_a_list_evenly),
        TEST(every_mistake_has_its_message),
        TEST(all_mistakes_are_named_at_once),
        TEST(a_path_is_varied_once),
        TEST(too_many_points_are_refused),
        TEST(samples_need_something_to_sample),
        TEST(more_keys_than_dimensions_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
