/* test_schedule.c - the public face of dopesheets. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "failing_alloc.h"
#include "schedule/schedule.h"

static const char sheet[] = "STEP,PHASE,ACTION,lr:log,anchor\n"
                            "0,\"warm, up\",start,1e-8,0\n"
                            "2,,,0.01,\n"
                            "4,rest,\"save, \"\"x\"\"\",,1\n";

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

static kedge_schedule *parse(kedge_context *ctx, const char *text)
{
    kedge_schedule *schedule = NULL;
    assert_int_equal(kedge_schedule_parse(&schedule, ctx, "s.csv", text, strlen(text)), KEDGE_OK);
    return schedule;
}

static void knows_its_columns(void **state)
{
    kedge_schedule *schedule = parse(*state, sheet);
    assert_int_equal(kedge_schedule_steps(schedule), 5);
    assert_int_equal(kedge_schedule_columns(schedule), 2);
    assert_string_equal(kedge_schedule_name(schedule, 1), "anchor");
    assert_null(kedge_schedule_name(schedule, 2));
    assert_null(kedge_schedule_name(schedule, -1));
    assert_int_equal(kedge_schedule_column(schedule, "lr"), 0);
    assert_int_equal(kedge_schedule_column(schedule, "lr:log"), -1);
    kedge_schedule_free(schedule);
}

static void prints_changes(void **state)
{
    kedge_schedule *schedule = parse(*state, "STEP,w\n0,1\n1,~3/2\n4,\n");
    char *text = NULL;
    assert_int_equal(kedge_schedule_print(schedule, &text), KEDGE_OK);
    assert_string_equal(text, "step,phase,action,w\n0,,,1\n1,,,1\n2,,,2\n3,,,3\n4,,,3\n");
    kedge_free(*state, text);
    kedge_schedule_free(schedule);
}

static void gives_values(void **state)
{
    kedge_schedule *schedule = parse(*state, sheet);
    double values[7];
    assert_true(kedge_schedule_value(schedule, 0, 0) == 1e-8);
    assert_true(fabs(kedge_schedule_value(schedule, 0, 1) / 1e-5 - 1.0) < 1e-12);
    assert_true(kedge_schedule_value(schedule, 0, 2) == 0.01);
    assert_true(kedge_schedule_value(schedule, 0, 4) == 0.01);
    assert_true(kedge_schedule_value(schedule, 1, 2) == 0.5);
    assert_true(kedge_schedule_value(schedule, 1, 100) == 1.0);
    assert_true(kedge_schedule_value(schedule, 2, 0) == 0.0);
    for (int step = 0; step < 7; step++) values[step] = step;
    kedge_schedule_fill(schedule, 1, 7, values, values);
    for (int step = 0; step < 7; step++) assert_true(values[step] == kedge_schedule_value(schedule, 1, step));
    kedge_schedule_free(schedule);
}

static void assert_keys(void *ctx, const char *text, int n, const int *steps, const double *values)
{
    kedge_schedule *schedule = parse(ctx, text);
    int step;
    double value;
    for (int i = 0; i < n; i++) {
        assert_true(kedge_schedule_key(schedule, 0, i, &step, &value));
        assert_int_equal(step, steps[i]);
        assert_true(value == values[i]);
    }
    assert_false(kedge_schedule_key(schedule, 0, n, &step, &value));
    kedge_schedule_free(schedule);
}

static void lists_keys_in_order(void **state)
{
    const int steps[] = {0, 4, 10};
    const double values[] = {0.5, 2, 3};
    assert_keys(*state, "STEP,x,y\n10,3,\n0,0.5,1\n4,2,\n6,,1\n", 3, steps, values);
}

/* The key at 8 lies within the change and does not count; the change's end does. */
static void the_end_of_a_change_is_a_key(void **state)
{
    const int steps[] = {0, 11, 20};
    const double values[] = {1, 5, 3};
    assert_keys(*state, "STEP,x\n0,1\n6,~5/5\n8,2\n20,3\n", 3, steps, values);
}

/* A second change that begins during the first cuts it off: it never comes to rest. */
static void a_change_that_is_cut_off_has_no_end(void **state)
{
    const int steps[] = {0, 13, 20};
    const double values[] = {1, 7, 3};
    assert_keys(*state, "STEP,x\n0,1\n6,~5/5\n9,~7/4\n20,3\n", 3, steps, values);
}

static void gives_phases_and_actions(void **state)
{
    kedge_schedule *schedule = parse(*state, sheet);
    assert_string_equal(kedge_schedule_phase(schedule, 3), "warm, up");
    assert_string_equal(kedge_schedule_phase(schedule, 4), "rest");
    assert_string_equal(kedge_schedule_phase(schedule, 9), "rest");
    assert_string_equal(kedge_schedule_action(schedule, 0), "start");
    assert_string_equal(kedge_schedule_action(schedule, 1), "");
    assert_string_equal(kedge_schedule_action(schedule, 4), "save,\"x\"");
    kedge_schedule_free(schedule);
}

static void prints_a_table(void **state)
{
    kedge_schedule *schedule = parse(*state, sheet);
    char *text = NULL;
    assert_int_equal(kedge_schedule_print(schedule, &text), KEDGE_OK);
    assert_string_equal(text, "step,phase,action,lr,anchor\n"
                              "0,\"warm, up\",start,1e-08,0\n"
                              "1,\"warm, up\",,1e-05,0.103515625\n"
                              "2,\"warm, up\",,0.01,0.5\n"
                              "3,\"warm, up\",,0.01,0.896484375\n"
                              "4,rest,\"save,\"\"x\"\"\",0.01,1\n");
    kedge_free(*state, text);
    kedge_schedule_free(schedule);
}

static void resolves_the_published_lr(void **state)
{
    kedge_schedule *schedule = parse(*state, "STEP,lr\n0,1e-8\n10,.01\n750,.1\n1425,.1\n1500,.05\n");
    assert_int_equal(kedge_schedule_steps(schedule), 1501);
    double u = 0.5, share = 10 * pow(u, 3) - 15 * pow(u, 4) + 6 * pow(u, 5);
    assert_true(fabs(kedge_schedule_value(schedule, 0, 5) - (1e-8 + (.01 - 1e-8) * share)) < 1e-17);
    assert_true(fabs(kedge_schedule_value(schedule, 0, 380) - .055) < 1e-16);
    assert_true(kedge_schedule_value(schedule, 0, 1000) == .1);
    kedge_schedule_free(schedule);
}

static void reports_all_errors(void **state)
{
    kedge_schedule *schedule = NULL;
    static const char text[] = "STEP,a\nx,1\n0,y\n";
    assert_int_equal(kedge_schedule_parse(&schedule, *state, "s.csv", text, sizeof text - 1), KEDGE_EINVALID);
    assert_null(schedule);
    assert_string_equal(kedge_error(),
                        "s.csv:2:1: STEP 'x': no number; write a step '750', a distance '+10' or a share '+0.5'\n"
                        "s.csv:3:3: 'y' is no finite number; write a decimal like 0.05 or 1e-8, or leave it empty");
}

static void loads_a_file(void **state)
{
    kedge_schedule *schedule = NULL;
    char path[] = "/tmp/kedge-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(kedge_file_write(*state, path, sheet, sizeof sheet - 1), KEDGE_OK);
    kedge_status status = kedge_schedule_load(&schedule, *state, path);
    unlink(path);
    assert_int_equal(status, KEDGE_OK);
    assert_int_equal(kedge_schedule_steps(schedule), 5);
    kedge_schedule_free(schedule);
}

static void names_a_missing_file(void **state)
{
    kedge_schedule *schedule = NULL;
    assert_int_equal(kedge_schedule_load(&schedule, *state, "/nowhere/s.csv"), KEDGE_EIO);
    assert_non_null(strstr(kedge_error(), "/nowhere/s.csv: cannot open"));
    assert_null(schedule);
}

static kedge_status load_and_print(failing_alloc *memory)
{
    kedge_context_options options = failing_alloc_options(memory);
    kedge_context *ctx = NULL;
    kedge_schedule *schedule = NULL;
    char *text = NULL;
    kedge_status status = kedge_context_create(&ctx, &options);
    if (!status) status = kedge_schedule_parse(&schedule, ctx, "s.csv", sheet, sizeof sheet - 1);
    if (!status) status = kedge_schedule_print(schedule, &text);
    kedge_schedule_free(schedule);
    if (ctx) kedge_free(ctx, text);
    kedge_context_free(ctx);
    return status;
}

static void survives_every_failing_allocation(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_status status = load_and_print(&memory);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) {
            assert_int_equal(status, KEDGE_OK);
            break;
        }
        assert_int_equal(status, KEDGE_ENOMEM);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, end)
    const struct CMUnitTest tests[] = {
        TEST(knows_its_columns),
        TEST(prints_changes),
        TEST(gives_values),
        TEST(lists_keys_in_order),
        TEST(the_end_of_a_change_is_a_key),
        TEST(a_change_that_is_cut_off_has_no_end),
        TEST(gives_phases_and_actions),
        TEST(prints_a_table),
        TEST(resolves_the_published_lr),
        TEST(reports_all_errors),
        TEST(loads_a_file),
        TEST(names_a_missing_file),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests_name("schedule/schedule", tests, NULL, NULL);
}
