/* test_timeline.c - the value that keyframes give at each step. */
#include "unit.h"

#include <math.h>

#include "schedule/timeline.h"

static const kedge_key keys[] = {{10, 1.0}, {20, 3.0}, {40, 2.0}};

static kedge_track track_of(kedge_interpolator interpolator, const kedge_key *at, int n)
{
    return (kedge_track){.name = "w", .interpolator = interpolator, .n = n, .keys = at};
}

static void is_a_keys_value_at_the_key(void **state)
{
    (void)state;
    static const kedge_key odd[] = {{0, 0.1}, {3, 0.7}, {10, 0.3}};
    for (int space = 0; space < 2; space++) {
        kedge_track track = track_of(KEDGE_EASE_MINJERK, odd, 3);
        track.space = space ? KEDGE_SPACE_LOG : KEDGE_SPACE_LINEAR;
        for (int i = 0; i < 3; i++) assert_true(kedge_track_value(&track, odd[i].step) == odd[i].value);
    }
}

static void holds_before_and_after(void **state)
{
    (void)state;
    kedge_track track = track_of(KEDGE_EASE_MINJERK, keys, 3);
    assert_true(kedge_track_value(&track, 0) == 1.0);
    assert_true(kedge_track_value(&track, 9) == 1.0);
    assert_true(kedge_track_value(&track, 41) == 2.0);
    assert_true(kedge_track_value(&track, 1000000) == 2.0);
}

static void is_zero_without_keys(void **state)
{
    (void)state;
    kedge_track track = track_of(KEDGE_EASE_MINJERK, NULL, 0);
    assert_true(kedge_track_value(&track, 5) == 0.0);
}

static void eases_between_keys(void **state)
{
    (void)state;
    kedge_track track = track_of(KEDGE_EASE_MINJERK, keys, 3);
    assert_true(fabs(kedge_track_value(&track, 15) - 2.0) < 1e-15);
    double u = 5.0 / 20.0, share = 10 * u * u * u - 15 * u * u * u * u + 6 * u * u * u * u * u;
    assert_true(fabs(kedge_track_value(&track, 25) - (3.0 - share)) < 1e-15);
    track.interpolator = KEDGE_EASE_LINEAR;
    assert_true(kedge_track_value(&track, 25) == 2.75);
}

static void steps_jump_on_arrival(void **state)
{
    (void)state;
    kedge_track track = track_of(KEDGE_EASE_STEP, keys, 3);
    assert_true(kedge_track_value(&track, 19) == 1.0);
    assert_true(kedge_track_value(&track, 20) == 3.0);
}

static void keeps_the_first_of_values_that_agree(void **state)
{
    (void)state;
    static const kedge_key close[] = {{0, 1.0}, {10, 1.000005}};
    kedge_track track = track_of(KEDGE_EASE_LINEAR, close, 2);
    assert_true(kedge_track_value(&track, 9) == 1.0);
    assert_true(kedge_track_value(&track, 10) == 1.000005);
}

static void two_keys_at_a_step_jump(void **state)
{
    (void)state;
    static const kedge_key jump[] = {{0, 0.0}, {10, 1.0}, {10, 5.0}, {20, 5.0}};
    kedge_track track = track_of(KEDGE_EASE_LINEAR, jump, 4);
    assert_true(fabs(kedge_track_value(&track, 9) - 0.9) < 1e-15);
    assert_true(kedge_track_value(&track, 10) == 5.0);
    assert_true(kedge_track_value(&track, 11) == 5.0);
}

static void fills_the_same_values(void **state)
{
    (void)state;
    static const kedge_key jump[] = {{0, 0.0}, {10, 1.0}, {10, 5.0}, {21, 0.25}};
    double values[60];
    for (int i = 0; i < 3; i++) {
        kedge_track track = track_of((kedge_interpolator)i, i ? keys : jump, i ? 3 : 4);
        kedge_track_fill(&track, 60, values);
        for (int step = 0; step < 60; step++) assert_true(values[step] == kedge_track_value(&track, step));
    }
}

static void marks_hold_or_fire(void **state)
{
    (void)state;
    static const kedge_mark marks[] = {{3, "a"}, {7, "b"}};
    static const char *const holding[] = {"", "", "", "a", "a", "a", "a", "b", "b"};
    static const char *const at[] = {"", "", "", "a", "", "", "", "b", ""};
    for (int step = 0; step < 9; step++) {
        assert_string_equal(kedge_mark_holding(marks, 2, step), holding[step]);
        assert_string_equal(kedge_mark_at(marks, 2, step), at[step]);
    }
    assert_string_equal(kedge_mark_at(NULL, 0, 3), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_keys_value_at_the_key),
        cmocka_unit_test(holds_before_and_after),
        cmocka_unit_test(is_zero_without_keys),
        cmocka_unit_test(eases_between_keys),
        cmocka_unit_test(steps_jump_on_arrival),
        cmocka_unit_test(keeps_the_first_of_values_that_agree),
        cmocka_unit_test(two_keys_at_a_step_jump),
        cmocka_unit_test(fills_the_same_values),
        cmocka_unit_test(marks_hold_or_fire),
    };
    return cmocka_run_group_tests_name("schedule/timeline", tests, NULL, NULL);
}
