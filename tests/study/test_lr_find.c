/* test_lr_find.c - the learning-rate range test: what is read off a curve, and the runs behind it. */
#include "../run/run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "study/lr_find.h"
#include "run/training.h"

enum { STEPS = 80 };

/* ---- one curve ---- */

/* 1, 10, 100, ... in 10 updates each. */
static void fill_rates(double *rates)
{
    for (int i = 0; i < STEPS; i++) rates[i] = pow(10, i / 10.0);
}

static void a_level_stays_itself_when_smoothed(void **state)
{
    double loss[STEPS], smooth[STEPS];
    (void)state;
    for (int i = 0; i < STEPS; i++) loss[i] = 0.25;
    kedge_lr_smooth(loss, STEPS, STEPS, smooth);
    for (int i = 0; i < STEPS; i++) assert_true(fabs(smooth[i] - 0.25) < 1e-12);
}

static void smoothing_weighs_by_age(void **state)
{
    const double loss[3] = {1, 2, 4};
    double smooth[4];
    (void)state;
    kedge_lr_smooth(loss, 3, 4, smooth);
    assert_true(fabs(smooth[2] - (4 + 0.95 * 2 + 0.95 * 0.95 * 1) / (1 + 0.95 + 0.95 * 0.95)) < 1e-12);
    assert_true(isnan(smooth[3]));
}

/* Level, steepest at update 30, smallest from 50 on, then up by a factor of 10 every 5 updates from 60 on. */
static void fill_curve(double *smooth)
{
    for (int i = 0; i < STEPS; i++) {
        smooth[i] = 1.1 - 1 / (1 + exp((30 - i) / 2.0)) - 1e-4 * i;
        if (i >= 50) smooth[i] = smooth[49] - 1e-6;
        if (i >= 60) smooth[i] = smooth[50] * pow(10, (i - 59) / 5.0);
    }
}

static void marks_stand_where_the_curve_has_them(void **state)
{
    double rates[STEPS], smooth[STEPS], marks[KEDGE_LR_MARKS];
    (void)state;
    fill_rates(rates);
    fill_curve(smooth);
    kedge_lr_read(rates, smooth, STEPS, STEPS, marks);
    assert_true(marks[KEDGE_LR_STEEPEST] == rates[30]);
    assert_true(marks[KEDGE_LR_MINIMUM] == rates[50]);
    assert_true(marks[KEDGE_LR_EDGE] == rates[63]); /* 10^(4/5) > 4 > 10^(3/5) */
}

static void an_end_is_an_edge(void **state)
{
    double rates[STEPS], smooth[STEPS], marks[KEDGE_LR_MARKS];
    (void)state;
    fill_rates(rates);
    fill_curve(smooth);
    kedge_lr_read(rates, smooth, 55, STEPS, marks);
    assert_true(marks[KEDGE_LR_EDGE] == rates[55]);
    kedge_lr_read(rates, smooth, 0, STEPS, marks);
    assert_true(isnan(marks[KEDGE_LR_STEEPEST]) && isnan(marks[KEDGE_LR_MINIMUM]));
    assert_true(marks[KEDGE_LR_EDGE] == rates[0]);
}

static void what_does_not_fall_has_no_steepest(void **state)
{
    double rates[STEPS], smooth[STEPS], marks[KEDGE_LR_MARKS];
    (void)state;
    fill_rates(rates);
    for (int i = 0; i < STEPS; i++) smooth[i] = 1 + 0.01 * i;
    kedge_lr_read(rates, smooth, STEPS, STEPS, marks);
    assert_true(isnan(marks[KEDGE_LR_STEEPEST]) && isnan(marks[KEDGE_LR_EDGE]));
    assert_true(marks[KEDGE_LR_MINIMUM] == rates[0]);
}

/* ---- runs ---- */

static kedge_lr_find_options short_test(void)
{
    kedge_lr_find_options options = KEDGE_LR_FIND_OPTIONS_INIT;
    options.steps = 40;
    options.seed_count = 3;
    return options;
}

static kedge_lr_test *find(const fixture *f, kedge_lr_find_options options)
{
    kedge_lr_test *test = NULL;
    if (kedge_lr_find(&test, f->ctx, f->loaded, &options)) fail_msg("%s", kedge_error());
    return test;
}

static void rates_rise_by_equal_factors(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_lr_test *test = find(f, short_test());
    const double *rates = kedge_lr_test_rates(test);
    assert_true(rates[0] == 1e-6 && fabs(rates[39] / 10 - 1) < 1e-12);
    for (int i = 1; i < 39; i++) assert_true(fabs(rates[i + 1] * rates[i - 1] / (rates[i] * rates[i]) - 1) < 1e-12);
    kedge_lr_test_free(test);
}

static void updates_follow_from_the_decades(void **state)
{
    fixture *f = *state;
    kedge_lr_find_options options = KEDGE_LR_FIND_OPTIONS_INIT;
    options.seed_count = 1;
    load_good(f, "");
    for (int decades = 1; decades < 4; decades++) {
        options.from = pow(10, -decades), options.to = 1;
        kedge_lr_test *test = find(f, options);
        assert_int_equal(kedge_lr_test_steps(test), 57 * decades + 1);
        kedge_lr_test_free(test);
    }
    options.from = 0.9;
    kedge_lr_test *test = find(f, options);
    assert_int_equal(kedge_lr_test_steps(test), 10);
    kedge_lr_test_free(test);
}

/* The first batch, its labels and the weights are those of a run that begins at that step's weights. */
static void losses_are_those_of_the_recipe(void **state)
{
    fixture *f = *state;
    kedge_recipe_training training;
    kedge_trainer *trainer = NULL;
    load_good(f, "");
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    training.training.steps = 1;
    assert_int_equal(kedge_trainer_create(&trainer, f->ctx, &training.training), KEDGE_OK);
    kedge_lr_find_options options = short_test();
    options.first_seed = 5, options.seed_count = 1;
    kedge_lr_test *test = find(f, options);
    assert_int_equal(kedge_trainer_run(trainer, 5, NULL), KEDGE_OK);
    double loss = (double)trainer->values[0];
    for (int i = 0; i < 2; i++) loss += training.training.weights[i] * (double)trainer->values[1 + i];
    assert_int_equal(kedge_lr_test_seed(test, 0), 5);
    assert_true(kedge_lr_test_values(test, 0, KEDGE_LR_TASK)[0] == (double)trainer->values[0]);
    assert_true(fabs(kedge_lr_test_values(test, 0, KEDGE_LR_LOSS)[0] - loss) < 1e-12);
    assert_true(loss > (double)trainer->values[0]);
    kedge_lr_test_free(test);
    kedge_trainer_free(trainer);
    kedge_recipe_training_release(&training);
}

static void weights_are_those_where_the_learning_rate_is_largest(void **state)
{
    fixture *f = *state;
    load_sheet(f, "STEP,PHASE,ACTION,lr,separate,anchor\n0,,,0.01,0,0\n20,,,0.5,3,0\n40,,,0.5,1,0\n60,,,0.1,,\n", "");
    kedge_lr_find_options options = short_test();
    kedge_lr_test *largest = find(f, options);
    options.at = 20;
    kedge_lr_test *same = find(f, options);
    options.at = 0;
    kedge_lr_test *other = find(f, options);
    assert_int_equal(kedge_lr_test_at(largest), 20);
    assert_true(kedge_lr_test_recipe_rate(largest) == 0.5);
    size_t bytes = 40 * sizeof(double);
    const double *loss = kedge_lr_test_values(largest, 1, KEDGE_LR_LOSS);
    assert_memory_equal(loss, kedge_lr_test_values(same, 1, KEDGE_LR_LOSS), bytes);
    assert_true(loss[0] > kedge_lr_test_values(other, 1, KEDGE_LR_LOSS)[0]);
    kedge_lr_test_free(other);
    kedge_lr_test_free(same);
    kedge_lr_test_free(largest);
}

/* So are the factors of sets: at the last step alone is there something bright to learn. */
static void sets_are_those_of_the_step(void **state)
{
    fixture *f = *state;
    static const char rows[] = "STEP,lr,separate,data-dark::step,data-rest::step\n0,0.01,0,1,0\n5,,,0,1\n";
    static const char *const constant[] = {"schedule={lr: 0.01, separate: 0, data-dark: 0}", "steps=6",
                                           "data.sets={dark: v < 0.4, rest: 1}"};
    kedge_lr_find_options options = short_test();
    options.at = 5;
    put(f, "schedule.csv", rows);
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){&constant[2], 1}), KEDGE_OK);
    kedge_lr_test *held = find(f, options);
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){constant, 3}), KEDGE_OK);
    kedge_lr_test *same = find(f, options);
    assert_memory_equal(kedge_lr_test_values(held, 0, KEDGE_LR_TASK), kedge_lr_test_values(same, 0, KEDGE_LR_TASK),
                        40 * sizeof(double));
    assert_string_equal(kedge_lr_test_sets(held), "the points are those of step 5, of 'rest', without 'dark'");
    kedge_lr_test_free(same);
    kedge_lr_test_free(held);
}

static void sets_are_told_unless_all_are_drawn(void **state)
{
    fixture *f = *state;
    static const char *const all[] = {"schedule={lr: 0.01, separate: 0}", "steps=6",
                                      "data.sets={dark: v < 0.4, rest: 1}"};
    static const char *const some[] = {"schedule={lr: 0.01, separate: 0, data-dark: 0}", "steps=6",
                                       "data.sets={pure: r == 1, dark: v < 0.4, rest: 1}"};
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){all, 2}), KEDGE_OK);
    kedge_lr_test *test = find(f, short_test());
    assert_null(kedge_lr_test_sets(test));
    kedge_lr_test_free(test);
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){all, 3}), KEDGE_OK);
    test = find(f, short_test());
    assert_null(kedge_lr_test_sets(test));
    kedge_lr_test_free(test);
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){some, 3}), KEDGE_OK);
    test = find(f, short_test());
    assert_string_equal(kedge_lr_test_sets(test),
                        "the points are those of step 0, of 'pure' and 'rest', without 'dark'");
    kedge_lr_test_free(test);
}

static void the_task_has_its_weight(void **state)
{
    fixture *f = *state;
    load_sheet(f, "STEP,PHASE,ACTION,lr,recon,separate\n0,,,0.01,0.25,0\n9,,,0.001,1,0\n", "");
    kedge_lr_find_options options = short_test();
    options.without_terms = 1;
    kedge_lr_test *test = find(f, options);
    for (int i = 0; i < 40; i++)
        assert_true(kedge_lr_test_values(test, 0, KEDGE_LR_LOSS)[i] ==
                    0.25 * kedge_lr_test_values(test, 0, KEDGE_LR_TASK)[i]);
    kedge_lr_test_free(test);
}

/* Of a sheet whose own step 3 takes back all that the optimizer learned. */
static void actions_do_not_fire(void **state)
{
    fixture *f = *state;
    static const char *const rows[2] = {"STEP,ACTION,lr,separate\n0,,0.01,1\n3,reset-optimizer,,\n9,,,\n",
                                        "STEP,ACTION,lr,separate\n0,,0.01,1\n3,,,\n9,,,\n"};
    kedge_lr_test *tests[2];
    for (int i = 0; i < 2; i++) {
        load_sheet(f, rows[i], "");
        tests[i] = find(f, short_test());
    }
    assert_memory_equal(kedge_lr_test_values(tests[0], 0, KEDGE_LR_LOSS),
                        kedge_lr_test_values(tests[1], 0, KEDGE_LR_LOSS), 40 * sizeof(double));
    kedge_lr_test_free(tests[0]);
    kedge_lr_test_free(tests[1]);
}

static void without_terms_the_loss_is_the_tasks(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_lr_find_options options = short_test();
    options.without_terms = 1;
    kedge_lr_test *test = find(f, options);
    assert_int_equal(kedge_lr_test_at(test), -1);
    assert_memory_equal(kedge_lr_test_values(test, 2, KEDGE_LR_LOSS), kedge_lr_test_values(test, 2, KEDGE_LR_TASK),
                        40 * sizeof(double));
    kedge_lr_test_free(test);
}

static void a_seed_that_diverges_is_a_result(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_lr_find_options options = short_test();
    options.to = 1e35;
    kedge_lr_test *test = find(f, options);
    double median, low, high;
    for (int row = 0; row < 3; row++) {
        int reached = kedge_lr_test_reached(test, row);
        assert_true(reached > 5 && reached < 40);
        assert_true(isfinite(kedge_lr_test_values(test, row, KEDGE_LR_LOSS)[reached - 1]));
        assert_true(isnan(kedge_lr_test_values(test, row, KEDGE_LR_SMOOTH)[reached]));
    }
    assert_int_equal(kedge_lr_test_marks(test, KEDGE_LR_EDGE, &median, &low, &high), 3);
    assert_true(low <= median && median <= high && low > 0);
    assert_true(isnan(kedge_lr_test_values(test, -1, KEDGE_LR_SMOOTH)[39]));
    kedge_lr_test_free(test);
}

static void the_median_is_the_middle_seed(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_lr_test *test = find(f, short_test());
    for (int i = 0; i < 40; i++) {
        double of[3], median = kedge_lr_test_values(test, -1, KEDGE_LR_LOSS)[i];
        int below = 0, above = 0;
        for (int row = 0; row < 3; row++) {
            of[row] = kedge_lr_test_values(test, row, KEDGE_LR_LOSS)[i];
            below += of[row] <= median, above += of[row] >= median;
        }
        assert_true(below >= 2 && above >= 2 && (median == of[0] || median == of[1] || median == of[2]));
    }
    kedge_lr_test_free(test);
}

static void threads_do_not_show(void **state)
{
    fixture *f = *state;
    kedge_context_options with = {.kernels = "ref", .threads = 3};
    kedge_context *ctx = NULL;
    kedge_lr_test *other = NULL;
    char *one = NULL, *three = NULL;
    load_good(f, "");
    kedge_lr_find_options options = short_test();
    options.seed_count = 7;
    kedge_lr_test *test = find(f, options);
    assert_int_equal(kedge_context_create(&ctx, &with), KEDGE_OK);
    assert_int_equal(kedge_lr_find(&other, ctx, f->loaded, &options), KEDGE_OK);
    kedge_table *tables[2];
    assert_int_equal(kedge_lr_test_table(&tables[0], test, KEDGE_LR_TABLE_CURVES), KEDGE_OK);
    assert_int_equal(kedge_lr_test_table(&tables[1], other, KEDGE_LR_TABLE_CURVES), KEDGE_OK);
    assert_int_equal(kedge_table_print(tables[0], "csv", &one), KEDGE_OK);
    assert_int_equal(kedge_table_print(tables[1], "csv", &three), KEDGE_OK);
    assert_string_equal(one, three);
    kedge_free(f->ctx, one);
    kedge_free(ctx, three);
    kedge_table_free(tables[0]);
    kedge_table_free(tables[1]);
    kedge_lr_test_free(test);
    kedge_lr_test_free(other);
    kedge_context_free(ctx);
}

static void refuse(const fixture *f, kedge_lr_find_options options, const char *words)
{
    kedge_lr_test *test = NULL;
    assert_int_equal(kedge_lr_find(&test, f->ctx, f->loaded, &options), KEDGE_EINVALID);
    assert_null(test);
    if (!strstr(kedge_error(), words)) fail_msg("'%s' does not say '%s'", kedge_error(), words);
}

static void refuses_options_out_of_range(void **state)
{
    fixture *f = *state;
    kedge_lr_find_options options = short_test();
    load_good(f, "");
    options.from = 10;
    refuse(f, options, "learning rates from 10 to 10");
    options = short_test(), options.steps = 9;
    refuse(f, options, "9 updates: must be 10 to 1000000");
    options = short_test(), options.at = 101;
    refuse(f, options, "step 101: the recipe has steps 0 to 100");
    options = short_test(), options.seed_count = 100001;
    refuse(f, options, "100001 of them");
    options = short_test(), options.seed_count = 1000, options.steps = 1000000;
    refuse(f, options, "1000 seeds of 1000000 updates");
}

static void can_be_stopped(void **state)
{
    fixture *f = *state;
    static const volatile int stop = 1;
    kedge_lr_test *test = NULL;
    kedge_lr_find_options options = short_test();
    options.stop = &stop;
    load_good(f, "");
    assert_int_equal(kedge_lr_find(&test, f->ctx, f->loaded, &options), KEDGE_ECANCELLED);
    assert_null(test);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options with = failing_alloc_options(&memory);
        kedge_lr_find_options options = short_test();
        kedge_context *ctx;
        kedge_recipe *recipe;
        kedge_lr_test *test = NULL;
        kedge_table *table = NULL;
        char *text = NULL;
        options.steps = 10;
        with.kernels = "ref";
        assert_int_equal(kedge_context_create(&ctx, &with), KEDGE_OK);
        assert_int_equal(kedge_recipe_load(&recipe, ctx, f->folder, NULL), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_lr_find(&test, ctx, recipe, &options);
        if (!status) status = kedge_lr_test_advise(test, &text);
        if (!status) status = kedge_lr_test_table(&table, test, KEDGE_LR_TABLE_SEEDS);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_table_free(table);
        kedge_free(ctx, text);
        kedge_lr_test_free(test);
        kedge_recipe_free(recipe);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_stays_itself_when_smoothed),
        cmocka_unit_test(smoothing_weighs_by_age),
        cmocka_unit_test(marks_stand_where_the_curve_has_them),
        cmocka_unit_test(an_end_is_an_edge),
        cmocka_unit_test(what_does_not_fall_has_no_steepest),
        TEST(rates_rise_by_equal_factors),
        TEST(updates_follow_from_the_decades),
        TEST(losses_are_those_of_the_recipe),
        TEST(weights_are_those_where_the_learning_rate_is_largest),
        TEST(the_task_has_its_weight),
        TEST(actions_do_not_fire),
        TEST(sets_are_those_of_the_step),
        TEST(sets_are_told_unless_all_are_drawn),
        TEST(without_terms_the_loss_is_the_tasks),
        TEST(a_seed_that_diverges_is_a_result),
        TEST(the_median_is_the_middle_seed),
        TEST(threads_do_not_show),
        TEST(refuses_options_out_of_range),
        TEST(can_be_stopped),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
