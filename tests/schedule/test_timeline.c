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

/* The values at steps 0 to n-1, in one pass. */
static void fill(const kedge_track *track, int n, double *values)
{
    for (int step = 0; step < n; step++) values[step] = step;
    kedge_track_fill(track, n, values, values);
}

static void fills_the_same_values(void **state)
{
    (void)state;
    static const kedge_key jump[] = {{0, 0.0}, {10, 1.0}, {10, 5.0}, {21, 0.25}};
    double values[60];
    for (int i = 0; i < 3; i++) {
        kedge_track track = track_of((kedge_interpolator)i, i ? keys : jump, i ? 3 : 4);
        fill(&track, 60, values);
        for (int step = 0; step < 60; step++) assert_true(values[step] == kedge_track_value(&track, step));
    }
}

/* A track with room for changes. */
typedef struct changing {
    kedge_track track;
    kedge_join joins[8];
} changing;

static void begin(changing *c, kedge_space space, kedge_interpolator interpolator, const kedge_key *at, int n)
{
    c->track = track_of(interpolator, at, n);
    c->track.space = space;
    c->track.joins = c->joins;
}

static bool change(changing *c, int step, double goal, int over)
{
    bool made = kedge_track_join(&c->track, step, goal, over, &c->joins[c->track.n_joins]);
    c->track.n_joins += made;
    return made;
}

static double at(const changing *c, int step)
{
    return kedge_track_value(&c->track, step);
}

static void assert_close(double value, double expected, double bound)
{
    if (!(fabs(value - expected) <= bound)) fail_msg("%.17g is not %.17g within %g", value, expected, bound);
}

static const kedge_key rise[] = {{0, 0.25}, {100000, 1.0}, {200000, 0.5}};

/* Value, velocity and acceleration have no jump where a change begins and ends: what three neighbours say on one side
 * is what those on the other say, but for what the jerk moves in between (about 60 / length^3 a step). */
static void a_change_has_no_kink(void **state)
{
    (void)state;
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK, rise, 3);
    assert_true(change(&c, 40000, 0.125, 30000));
    const int places[] = {40000, 70000};
    for (int i = 0; i < 2; i++) {
        int t = places[i];
        double left = at(&c, t) - 2 * at(&c, t - 1) + at(&c, t - 2);
        double right = at(&c, t + 2) - 2 * at(&c, t + 1) + at(&c, t);
        assert_close(at(&c, t + 1) - at(&c, t), at(&c, t) - at(&c, t - 1), 1e-8);
        assert_close(right, left, 2e-11);
    }
    assert_close(at(&c, 40001) - at(&c, 40000), 0.75 * 30 * 0.4 * 0.4 * 0.6 * 0.6 / 100000, 1e-8);
}

static void a_second_change_leaves_from_the_firsts_motion(void **state)
{
    (void)state;
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK, rise, 3);
    assert_true(change(&c, 40000, 0.125, 60000));
    assert_true(change(&c, 65000, 0.75, 50000));
    int t = 65000;
    double left = at(&c, t) - 2 * at(&c, t - 1) + at(&c, t - 2);
    double right = at(&c, t + 2) - 2 * at(&c, t + 1) + at(&c, t);
    assert_true(fabs(at(&c, t) - at(&c, t - 1)) > 1e-6);
    assert_close(at(&c, t + 1) - at(&c, t), at(&c, t) - at(&c, t - 1), 1e-8);
    assert_close(right, left, 2e-11);
    assert_true(at(&c, 115000) == 0.75);
}

static void a_change_of_a_straight_line_keeps_its_speed(void **state)
{
    (void)state;
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, rise, 3);
    assert_true(change(&c, 50000, 2.0, 100000));
    assert_close(at(&c, 50001) - at(&c, 50000), 7.5e-6, 1e-12);
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, rise, 3);
    assert_true(change(&c, 100000, 2.0, 100000)); /* on a key: that of the arrival */
    assert_close(at(&c, 100001) - at(&c, 100000), 7.5e-6, 1e-12);
}

static void a_change_at_rest_is_an_ordinary_transition(void **state)
{
    (void)state;
    static const kedge_key whole[] = {{0, 0.5}, {30, 0.5}, {80, 3.0}};
    for (int space = 0; space < 2; space++) {
        changing c, plain;
        begin(&c, (kedge_space)space, KEDGE_EASE_MINJERK, whole, 2);
        begin(&plain, (kedge_space)space, KEDGE_EASE_MINJERK, whole, 3);
        assert_true(change(&c, 30, 3.0, 50));
        for (int step = 0; step < 100; step++) assert_close(at(&c, step), at(&plain, step), 1e-14);
    }
}

static void a_change_in_the_logarithm_goes_on_there(void **state)
{
    (void)state;
    static const kedge_key powers[] = {{0, 1e-8}, {100000, 1.0}};
    changing c;
    begin(&c, KEDGE_SPACE_LOG, KEDGE_EASE_MINJERK, powers, 2);
    assert_true(change(&c, 50000, 1e-3, 80000));
    int t = 50000;
    double l[5];
    for (int i = 0; i < 5; i++) l[i] = log(at(&c, t - 2 + i));
    assert_close(l[3] - l[2], l[2] - l[1], 1e-7);
    assert_close(l[4] - 2 * l[3] + l[2], l[2] - 2 * l[1] + l[0], 1e-10);
    assert_true(at(&c, 130000) == 1e-3 && at(&c, 200000) == 1e-3);
}

static void a_jump_bends_nothing_before(void **state)
{
    (void)state;
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK, keys, 3);
    assert_true(change(&c, 15, 7.0, 0));
    kedge_track plain = track_of(KEDGE_EASE_MINJERK, keys, 3);
    for (int step = 0; step < 15; step++) assert_true(at(&c, step) == kedge_track_value(&plain, step));
    assert_true(at(&c, 15) == 7.0);
    assert_true(at(&c, 16) < 7.0 && at(&c, 20) == 3.0); /* the key at 20 is the next one */
}

static void a_value_that_jumped_is_at_rest(void **state)
{
    (void)state;
    static const kedge_key jump[] = {{0, 0.0}, {10, 1.0}, {10, 5.0}, {20, 5.0}};
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, jump, 4);
    assert_true(change(&c, 10, 9.0, 10));
    assert_close(at(&c, 15), 7.0, 1e-14);
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, jump, 4);
    assert_true(change(&c, 5, 1.0, 0) && change(&c, 5, 3.0, 4));
    assert_close(at(&c, 7), 2.0, 1e-14);
}

static void a_change_counts_as_a_key_at_its_end(void **state)
{
    (void)state;
    static const kedge_key many[] = {{0, 1.0}, {20, 2.0}, {30, 3.0}, {31, 4.0}, {41, 8.0}};
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, many, 5);
    assert_true(change(&c, 10, 6.0, 21));
    assert_true(at(&c, 31) == 6.0); /* not the key at 31, and not those before it */
    assert_close(at(&c, 36), 7.0, 1e-14);
    assert_true(at(&c, 41) == 8.0 && at(&c, 99) == 8.0);
}

static void keys_that_a_change_has_dropped_stay_dropped(void **state)
{
    (void)state;
    static const kedge_key many[] = {{0, 1.0}, {20, 2.0}, {60, 3.0}};
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, many, 3);
    assert_true(change(&c, 10, 6.0, 30));
    assert_true(change(&c, 12, 5.0, 2));
    assert_close(at(&c, 37), 4.0, 1e-14); /* straight from 14 to 60 */
}

static void a_change_alone_starts_from_zero(void **state)
{
    (void)state;
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK, NULL, 0);
    assert_true(change(&c, 10, 1.0, 10));
    assert_true(at(&c, 0) == 0.0 && at(&c, 10) == 0.0 && at(&c, 20) == 1.0 && at(&c, 500) == 1.0);
    assert_close(at(&c, 15), 0.5, 1e-15);
}

/* A value under way down to 0 swings below it when it is given much more time. */
static void a_change_stops_at_zero(void **state)
{
    (void)state;
    static const kedge_key fall[] = {{0, 1.0}, {100, 0.0}};
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK, fall, 2);
    assert_true(change(&c, 30, 0.1, 200));
    double least = 1.0;
    for (int step = 0; step < 300; step++) least = fmin(least, at(&c, step));
    assert_true(least == 0.0);
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK, fall, 2);
    assert_true(change(&c, 30, -0.1, 200));
    for (int step = 0; step < 300; step++) least = fmin(least, at(&c, step));
    assert_true(least < -0.25);
}

static void refuses_a_change_out_of_the_numbers(void **state)
{
    (void)state;
    static const kedge_key huge[] = {{0, -1e308}, {100, 1e308}};
    changing c;
    begin(&c, KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, huge, 2);
    assert_false(change(&c, 50, 0.0, 10));
    assert_true(change(&c, 50, 0.0, 0));
}

static unsigned int draw(unsigned int *seed, unsigned int below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

/* Any keys and changes: what comes before a change is the same to the bit as without it, the value is at the goal when
 * it ends, and one pass gives the same numbers. */
static void changes_keep_what_was_before(void **state)
{
    (void)state;
    enum { STEPS = 300, MOST = 8 };
    double before[STEPS], after[STEPS];
    for (unsigned int seed = 1, i = 0; i < 3000; i++) {
        kedge_key any[MOST];
        changing c;
        int n = (int)draw(&seed, MOST), step = 0;
        for (int k = 0; k < n; k++) any[k] = (kedge_key){step += (int)draw(&seed, 50), draw(&seed, 1000) / 100.0};
        begin(&c, (kedge_space)draw(&seed, 2), (kedge_interpolator)draw(&seed, 3), any, n);
        fill(&c.track, STEPS, before);
        step = 0;
        for (int k = 0; k < MOST; k++) {
            step += (int)draw(&seed, 60);
            double goal = draw(&seed, 1000) / 100.0;
            int over = (int)draw(&seed, 90);
            assert_true(change(&c, step, goal, over));
            fill(&c.track, STEPS, after);
            for (int t = 0; t < STEPS; t++) {
                assert_true(t >= step || after[t] == before[t]);
                assert_true(after[t] == kedge_track_value(&c.track, t) && after[t] >= 0.0 && isfinite(after[t]));
            }
            if (step + over < STEPS) assert_true(after[step + over] == goal);
            for (int t = 0; t < STEPS; t++) before[t] = after[t];
        }
    }
}

/* Between keys, on the way of a change and behind it: at whole times the steps' own numbers, between them what lies
 * between, on the same curve. */
static void times_between_steps_are_on_the_same_curve(void **state)
{
    (void)state;
    enum { PARTS = 16, STEPS = 60 };
    double times[PARTS * STEPS], values[PARTS * STEPS];
    for (int space = 0; space < 2; space++) {
        changing c;
        begin(&c, (kedge_space)space, KEDGE_EASE_MINJERK, keys, 3);
        assert_true(change(&c, 25, 0.5, 10));
        for (int i = 0; i < PARTS * STEPS; i++) times[i] = (double)i / PARTS;
        kedge_track_fill(&c.track, PARTS * STEPS, times, values);
        for (int i = 0; i < PARTS * STEPS; i++) {
            assert_true(values[i] == kedge_track_at(&c.track, times[i]));
            if (i % PARTS == 0) assert_true(values[i] == kedge_track_value(&c.track, i / PARTS));
            if (i > 1) assert_true(fabs(values[i] - 2 * values[i - 1] + values[i - 2]) < 1e-2);
        }
    }
}

static void a_step_jumps_at_its_time_alone(void **state)
{
    (void)state;
    kedge_track track = track_of(KEDGE_EASE_STEP, keys, 3);
    assert_true(kedge_track_at(&track, 19.999) == 1.0);
    assert_true(kedge_track_at(&track, 20.0) == 3.0);
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
        cmocka_unit_test(a_change_has_no_kink),
        cmocka_unit_test(a_second_change_leaves_from_the_firsts_motion),
        cmocka_unit_test(a_change_of_a_straight_line_keeps_its_speed),
        cmocka_unit_test(a_change_at_rest_is_an_ordinary_transition),
        cmocka_unit_test(a_change_in_the_logarithm_goes_on_there),
        cmocka_unit_test(a_jump_bends_nothing_before),
        cmocka_unit_test(a_value_that_jumped_is_at_rest),
        cmocka_unit_test(a_change_counts_as_a_key_at_its_end),
        cmocka_unit_test(keys_that_a_change_has_dropped_stay_dropped),
        cmocka_unit_test(a_change_alone_starts_from_zero),
        cmocka_unit_test(a_change_stops_at_zero),
        cmocka_unit_test(refuses_a_change_out_of_the_numbers),
        cmocka_unit_test(changes_keep_what_was_before),
        cmocka_unit_test(times_between_steps_are_on_the_same_curve),
        cmocka_unit_test(a_step_jumps_at_its_time_alone),
        cmocka_unit_test(marks_hold_or_fire),
    };
    return cmocka_run_group_tests_name("schedule/timeline", tests, NULL, NULL);
}
