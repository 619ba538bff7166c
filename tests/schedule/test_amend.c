/* test_amend.c - sheets with changes, written as sheets. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "failing_alloc.h"
#include "schedule/amend.h"
#include "schedule/schedule.h"

enum { STEPS = 400 };

static int make(void **state)
{
    kedge_context *ctx = NULL;
    if (kedge_context_create(&ctx, NULL) != KEDGE_OK) return -1;
    *state = ctx;
    return 0;
}

static int end(void **state)
{
    kedge_context_free(*state);
    return 0;
}

/* The sheet with the changes, as text. */
static kedge_text amend(kedge_context *ctx, const char *sheet, const kedge_amendment *changes, int n)
{
    kedge_text text;
    kedge_text_init(&text, ctx);
    if (kedge_schedule_amend(&text, ctx, "s.csv", sheet, strlen(sheet), changes, n, 1)) fail_msg("%s", kedge_error());
    return text;
}

static kedge_schedule *parse(kedge_context *ctx, const char *text)
{
    kedge_schedule *schedule = NULL;
    if (kedge_schedule_parse(&schedule, ctx, "s.csv", text, strlen(text))) fail_msg("%s in %s", kedge_error(), text);
    return schedule;
}

static void assert_amended(kedge_context *ctx, const char *sheet, const kedge_amendment *changes, int n,
                           const char *expected)
{
    kedge_text text = amend(ctx, sheet, changes, n);
    assert_string_equal(kedge_text_string(&text), expected);
    kedge_text_release(&text);
}

static const char rich[] = "STEP,PHASE,ACTION,lr:log,a::linear,b:log:step,\"c,d\"\n"
                           "0,warm,,1e-8,0.1,1,0.3333333333333333\n"
                           "+10,,\"x, \"\"y\"\"\",0.01,,,\n"
                           "+0.5,,,,7,,~-2/20\n"
                           "100,,save,0.1,3,5,\n"
                           "100,rest,more,0.2,4,,90\n"
                           "-20,,,,,~3/50,\n"
                           "399,,,,,,\n";

/* Values of all columns of 'a' are those of the columns of the same name in 'b', to the bit, before 'until'. */
static void assert_same_values(const kedge_schedule *a, const kedge_schedule *b, int until)
{
    for (int i = 0; i < kedge_schedule_columns(a); i++) {
        int k = kedge_schedule_column(b, kedge_schedule_name(a, i));
        assert_true(k >= 0);
        for (int step = 0; step < until; step++) {
            double x = kedge_schedule_value(a, i, step), y = kedge_schedule_value(b, k, step);
            if (x != y) fail_msg("%s at %d is %.17g, was %.17g", kedge_schedule_name(a, i), step, y, x);
        }
    }
}

static void without_changes_all_is_the_same(void **state)
{
    kedge_text text = amend(*state, rich, NULL, 0);
    kedge_schedule *before = parse(*state, rich), *after = parse(*state, kedge_text_string(&text));
    assert_int_equal(kedge_schedule_columns(after), 4);
    assert_int_equal(kedge_schedule_steps(after), STEPS);
    assert_same_values(before, after, STEPS);
    for (int step = 0; step < STEPS; step++) {
        assert_string_equal(kedge_schedule_phase(before, step), kedge_schedule_phase(after, step));
        assert_string_equal(kedge_schedule_action(before, step), kedge_schedule_action(after, step));
    }
    kedge_schedule_free(before);
    kedge_schedule_free(after);
    kedge_text_release(&text);
}

static void keys_stand_at_absolute_steps(void **state)
{
    assert_amended(*state, "STEP,a,b::step,ACTION\n10,1,,\n-4,,0.25,\n+5,3e-7,,\" x ,y\"\n10,2,,\n", NULL, 0,
                   "STEP,ACTION,a,b::step\n6,,,0.25\n10,,1,\n10,,2,\n15,\"x,y\",3e-07,\n");
}

static void a_change_is_a_cell(void **state)
{
    static const kedge_amendment changes[] = {{"a", 5, 0.2, 50, false}, {"a", 10, 4, 0, false}};
    assert_amended(*state, "STEP,a,b\n0,1,2\n10,3,\n20,,\n", changes, 2,
                   "STEP,a,b\n0,1,2\n5,~0.2/50,\n10,3,\n10,~4/0,\n20,,\n");
}

static void a_property_without_a_column_gets_one(void **state)
{
    static const kedge_amendment changes[] = {{"w", 5, 0.2, 3, false}, {"w", 0, 2, 1, false}};
    assert_amended(*state, "STEP,a\n2,1\n9,\n", changes, 2, "STEP,a,w\n0,,1\n0,,~2/1\n2,1,\n5,,~0.2/3\n9,,\n");
}

static void a_change_after_the_last_step_adds_a_row(void **state)
{
    static const kedge_amendment change = {"a", 30, 0.2, 5, false};
    assert_amended(*state, "STEP,a\n0,1\n20,2\n", &change, 1, "STEP,a\n0,1\n20,2\n30,~0.2/5\n");
}

static void a_value_that_is_held_stays(void **state)
{
    static const kedge_amendment change = {"a", 5, 7, 3, true};
    assert_amended(*state, "STEP,a,b\n0,1,1\n10,2,\n20,3,5\n30,4,\n", &change, 1,
                   "STEP,a,b\n0,1,1\n5,~7/3,\n8,~7/2,\n10,2,\n20,,5\n30,,\n");
}

static void what_holds_drops_later_changes(void **state)
{
    static const kedge_amendment changes[] = {{"a", 25, 9, 2, false}, {"a", 5, 7, 30, true}};
    assert_amended(*state, "STEP,a\n0,1\n20,~3/5\n30,4\n", changes, 2, "STEP,a\n0,1\n5,~7/30\n30,4\n");
}

static void changes_after_one_that_holds_stay_too(void **state)
{
    static const kedge_amendment changes[] = {{"a", 5, 7, 3, true}, {"a", 6, 8, 1, false}, {"a", 30, 9, 5, false}};
    assert_amended(*state, "STEP,a\n0,1\n20,2\n40,3\n50,\n", changes, 3,
                   "STEP,a\n0,1\n5,~7/3\n6,~8/1\n7,~8/13\n20,2\n30,~9/5\n50,\n");
}

static unsigned int draw(unsigned int *seed, unsigned int below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static const char *const names[] = {"lr", "a", "b", "c,d", "new"};

/* A change at any step of a sheet that has some already: before it all is as it was, at its end the value is there, and
 * if it holds it stays until the next change. */
static void changes_leave_the_steps_before_alone(void **state)
{
    enum { MOST = 8 };
    for (unsigned int seed = 1, i = 0; i < 500; i++) {
        kedge_amendment changes[MOST];
        kedge_schedule *before = parse(*state, rich);
        for (int n = 0; n < MOST; n++) {
            int which = (int)draw(&seed, 5), step = (int)draw(&seed, STEPS), over = (int)draw(&seed, 80);
            changes[n] = (kedge_amendment){names[which], step, draw(&seed, 100) / 7.0, over, draw(&seed, 3) == 0};
            kedge_text text = amend(*state, rich, changes, n + 1);
            kedge_schedule *after = parse(*state, kedge_text_string(&text));
            assert_int_equal(kedge_schedule_steps(after), STEPS);
            assert_same_values(before, after, step);
            int column = kedge_schedule_column(after, names[which]);
            for (int t = step + over; t < STEPS && changes[n].hold; t++)
                assert_true(kedge_schedule_value(after, column, t) == changes[n].value);
            for (int k = 0; k < kedge_schedule_columns(before); k++) /* the others go on as they did */
                if (strcmp(kedge_schedule_name(before, k), names[which]) != 0)
                    for (int t = step; t < STEPS; t++)
                        assert_true(kedge_schedule_value(before, k, t) == kedge_schedule_value(after, k, t));
            kedge_schedule_free(before);
            kedge_text_release(&text);
            before = after;
        }
        kedge_schedule_free(before);
    }
}

static void numbers_come_back(void **state)
{
    static const double values[] = {0.1, 1.0 / 3, 1e-300, 123456789.0, 1e6, 90, -0.5, 5e-324, 1.7976931348623157e308};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        kedge_amendment change = {"b", 5, values[i], 0, false};
        kedge_text text = amend(*state, "STEP,b\n0,1\n10,1\n", &change, 1);
        kedge_schedule *after = parse(*state, kedge_text_string(&text));
        assert_true(kedge_schedule_value(after, 0, 5) == values[i]);
        kedge_schedule_free(after);
        kedge_text_release(&text);
    }
}

static void passes_on_what_is_wrong_in_the_sheet(void **state)
{
    kedge_text text;
    kedge_text_init(&text, *state);
    assert_int_equal(kedge_schedule_amend(&text, *state, "s.csv", "STEP,a\nx,1\n", 11, NULL, 0, 1), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "s.csv:2:1: STEP 'x'"));
    kedge_text_release(&text);
}

static void refuses_a_sheet_that_reacts(void **state)
{
    static const char reacts[] = "STEP,UNTIL,a\n0,,1\n90,m < 1,2\n";
    kedge_text text;
    kedge_text_init(&text, *state);
    assert_int_equal(kedge_schedule_amend(&text, *state, "s.csv", reacts, strlen(reacts), NULL, 0, 1), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "s.csv: has rows that come early (UNTIL); cannot be changed under way");
    kedge_text_release(&text);
}

static void survives_every_failed_allocation(void **state)
{
    (void)state;
    static const kedge_amendment changes[] = {{"a", 5, 7, 3, true}, {"new", 6, 8, 1, false}};
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_text text;
        if (kedge_context_create(&ctx, &options)) continue;
        kedge_text_init(&text, ctx);
        kedge_status status = kedge_schedule_amend(&text, ctx, "s.csv", rich, strlen(rich), changes, 2, 1);
        assert_true(status == KEDGE_OK || status == KEDGE_ENOMEM);
        kedge_text_release(&text);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)
    const struct CMUnitTest tests[] = {
        TEST(without_changes_all_is_the_same),
        TEST(keys_stand_at_absolute_steps),
        TEST(a_change_is_a_cell),
        TEST(a_property_without_a_column_gets_one),
        TEST(a_change_after_the_last_step_adds_a_row),
        TEST(a_value_that_is_held_stays),
        TEST(what_holds_drops_later_changes),
        TEST(changes_after_one_that_holds_stay_too),
        TEST(changes_leave_the_steps_before_alone),
        TEST(numbers_come_back),
        TEST(passes_on_what_is_wrong_in_the_sheet),
        TEST(refuses_a_sheet_that_reacts),
        TEST(survives_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("schedule/amend", tests, NULL, NULL);
}
