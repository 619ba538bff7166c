/* test_until.c - rows that come early: the cells that say when, and the time that then runs ahead. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "schedule/schedule.h"

static int make(void **state)
{
    return kedge_context_create((kedge_context **)state, NULL) == KEDGE_OK ? 0 : -1;
}

static int end(void **state)
{
    kedge_context_free(*state);
    return 0;
}

/* A sheet with rows at 0, 100 and 200, and a cell in the last. NULL with an error. */
static kedge_schedule *parse(void *ctx, const char *cell)
{
    char text[1024];
    kedge_schedule *schedule = NULL;
    snprintf(text, sizeof text, "STEP,UNTIL,a\n0,,1\n200, %s,2\n100,,3\n", cell);
    kedge_schedule_parse(&schedule, ctx, "s.csv", text, strlen(text));
    return schedule;
}

static void assert_until(void *ctx, const char *cell, const char *metric, bool below, double bound, int over)
{
    kedge_schedule *schedule = parse(ctx, cell);
    int n;
    if (!schedule) fail_msg("%s", kedge_error());
    const kedge_until *until = kedge_schedule_untils(schedule, &n);
    assert_int_equal(n, 1);
    assert_string_equal(until->metric, metric);
    assert_int_equal(until->below, below);
    assert_true(until->bound == bound);
    assert_int_equal(until->over, over);
    assert_int_equal(until->step, 200);
    assert_int_equal(until->from, 100);
    assert_int_equal(until->line, 3);
    assert_int_equal(until->column, 6);
    kedge_schedule_free(schedule);
}

static void reads_metric_sense_bound_and_steps(void **state)
{
    assert_until(*state, "recon_mse < 1e-4", "recon_mse", true, 1e-4, 50);
    assert_until(*state, "recon_mse<1e-4/7", "recon_mse", true, 1e-4, 7);
    assert_until(*state, "wheel_ordered  >\t.5 / 99", "wheel_ordered", false, 0.5, 99);
    assert_until(*state, "anchor_a-b > -2 /0", "anchor_a-b", false, -2, 0);
}

static void assert_refused(void *ctx, const char *cell, const char *why)
{
    char message[512];
    snprintf(message, sizeof message, "s.csv:3:6: '%s' %s", cell, why);
    assert_null(parse(ctx, cell));
    assert_string_equal(kedge_error(), message);
}

static void refuses_what_is_no_condition(void **state)
{
    static const char *const wrong[] = {
        "recon_mse", "< 1", "recon_mse <", "recon_mse < x", "recon_mse < nan", "a b < 1", "recon_mse < 1 2",
        "recon_mse = 1", "recon_mse < 1 /", "recon_mse < 1 / -3", "recon_mse < 1 / 2.5", "recon_mse < 1 / 2 / 3",
        "recon_mse <= 1", "1 < > 2",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_refused(*state, wrong[i], "is no condition; write a metric, < or >, a number, like 'recon_mse < 1e-4'");
}

static void refuses_a_way_as_long_as_the_rows_are_apart(void **state)
{
    assert_refused(*state, "m < 1/100", "takes 100 steps and can never come early, as the row before is at step 100; "
                   "must take fewer than 100, like '/50'");
    assert_refused(*state, "m < 1/99999999999", "takes 2147483647 steps and can never come early, as the row before is "
                   "at step 100; must take fewer than 100, like '/50'");
}

static void refuses(void *ctx, const char *text, const char *message)
{
    kedge_schedule *schedule = NULL;
    assert_int_equal(kedge_schedule_parse(&schedule, ctx, "s.csv", text, strlen(text)), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
}

static void refuses_a_condition_without_a_row_before(void **state)
{
    refuses(*state, "STEP,UNTIL,a\n5,m < 1,1\n90,,1\n", "s.csv:2:3: 'm < 1' stands in the first row; must have a row "
            "before it, from which on it is watched");
}

static void refuses_two_conditions_for_a_step(void **state)
{
    refuses(*state, "STEP,UNTIL,a\n0,,1\n90,m < 1,1\n90,k < 1,1\n",
            "s.csv:4:4: a second condition for step 90; leave one out");
}

static void the_column_is_reserved(void **state)
{
    refuses(*state, "STEP,Until,a\n0,1,1\n",
            "s.csv:1:6: 'Until' is no property; the reserved column is 'UNTIL' and nothing more");
}

/* Rows of one step have one row before them. */
static void the_row_before_is_at_another_step(void **state)
{
    kedge_schedule *schedule = NULL;
    const char text[] = "STEP,UNTIL,a\n0,,1\n90,,1\n90,m < 1,2\n";
    int n;
    assert_int_equal(kedge_schedule_parse(&schedule, *state, "s.csv", text, strlen(text)), KEDGE_OK);
    assert_int_equal(kedge_schedule_untils(schedule, &n)->from, 0);
    kedge_schedule_free(schedule);
}

/* ---- time ---- */

/* The second leaves at the time 750 - 620 - 50 + 800 = 880. */
static const kedge_advance ways[] = {{620, 750, 50}, {800, 1200, 20}};

static void time_is_the_updates_number_without_advances(void **state)
{
    (void)state;
    for (int k = 0; k < 100; k++) assert_true(kedge_advance_time(NULL, 0, k) == k);
    assert_int_equal(kedge_advance_saved(NULL, 0), 0);
    assert_int_equal(kedge_advance_update(NULL, 0, 7), 7);
}

static void time_leaves_and_arrives_exactly(void **state)
{
    (void)state;
    assert_true(kedge_advance_time(ways, 2, 619) == 619);
    assert_true(kedge_advance_time(ways, 2, 620) == 620);
    assert_true(kedge_advance_time(ways, 2, 670) == 750);
    assert_true(kedge_advance_time(ways, 2, 671) == 751);
    assert_true(kedge_advance_time(ways, 2, 800) == 880);
    assert_true(kedge_advance_time(ways, 2, 820) == 1200);
    assert_true(kedge_advance_time(ways, 2, 900) == 1280);
    assert_int_equal(kedge_advance_saved(ways, 1), 80);
    assert_int_equal(kedge_advance_saved(ways, 2), 380);
}

/* In the midst, by the formula; and never slower than a step an update. */
static void time_runs_ahead_by_least_jerk(void **state)
{
    (void)state;
    assert_true(kedge_advance_time(ways, 2, 645) == 645 + 80 * 0.5);
    double u = 10.0 / 50, share = u * u * u * (10 - 15 * u + 6 * u * u);
    assert_true(fabs(kedge_advance_time(ways, 2, 630) - (630 + 80 * share)) < 1e-10);
    for (int k = 0; k < 900; k++)
        assert_true(kedge_advance_time(ways, 2, k + 1) - kedge_advance_time(ways, 2, k) >= 1 - 1e-12);
}

/* A long way, so that differences show derivatives: velocity and acceleration have no jump where it begins and ends,
 * which a jump in them would make of the order of gain / over^2 = 1e-2 (velocity: 1e-1). */
static void time_has_no_kink(void **state)
{
    (void)state;
    static const kedge_advance way = {1000, 3000, 1000};
    double before = 0, most = 0;
    for (int k = 1; k < 3000; k++) {
        double a = kedge_advance_time(&way, 1, k - 1), b = kedge_advance_time(&way, 1, k);
        double bend = kedge_advance_time(&way, 1, k + 1) - 2 * b + a; /* the acceleration */
        most = fmax(most, fabs(bend - before));
        before = bend;
    }
    assert_true(most < 1.01 * 1000 * 60 / 1e9); /* the jerk of least jerk: 60 gain / over^3 at its ends */
}

static void a_way_without_steps_is_a_jump(void **state)
{
    (void)state;
    static const kedge_advance way = {30, 70, 0};
    assert_true(kedge_advance_time(&way, 1, 29) == 29);
    assert_true(kedge_advance_time(&way, 1, 30) == 70);
    assert_true(kedge_advance_time(&way, 1, 31) == 71);
}

static void finds_the_update_that_comes_to_a_step(void **state)
{
    (void)state;
    for (int step = 0; step < 1400; step++) {
        int update = kedge_advance_update(ways, 2, step);
        assert_true(kedge_advance_time(ways, 2, update) >= step);
        assert_true(update == 0 || kedge_advance_time(ways, 2, update - 1) < step);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)
    const struct CMUnitTest tests[] = {
        TEST(reads_metric_sense_bound_and_steps),
        TEST(refuses_what_is_no_condition),
        TEST(refuses_a_way_as_long_as_the_rows_are_apart),
        TEST(refuses_a_condition_without_a_row_before),
        TEST(refuses_two_conditions_for_a_step),
        TEST(the_column_is_reserved),
        TEST(the_row_before_is_at_another_step),
        TEST(time_is_the_updates_number_without_advances),
        TEST(time_leaves_and_arrives_exactly),
        TEST(time_runs_ahead_by_least_jerk),
        TEST(time_has_no_kink),
        TEST(a_way_without_steps_is_a_jump),
        TEST(finds_the_update_that_comes_to_a_step),
    };
    return cmocka_run_group_tests_name("schedule/until", tests, NULL, NULL);
}
