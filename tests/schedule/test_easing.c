/* test_easing.c - how a value goes from one to another. */
#include "unit.h"

#include <math.h>

#include "schedule/easing.h"

static void assert_near(double value, double expected, double bound)
{
    if (fabs(value - expected) > bound) fail_msg("%.17g is not %.17g within %g", value, expected, bound);
}

static void minjerk_is_its_polynomial(void **state)
{
    (void)state;
    for (int i = 0; i <= 100; i++) {
        double u = i / 100.0;
        double expected = 10.0 * pow(u, 3) - 15.0 * pow(u, 4) + 6.0 * pow(u, 5);
        assert_near(kedge_ease(KEDGE_EASE_MINJERK, u), expected, 4e-15);
    }
    assert_true(kedge_ease(KEDGE_EASE_MINJERK, 1.0) == 1.0);
}

static void minjerk_is_symmetric_and_rises(void **state)
{
    (void)state;
    double before = 0.0;
    for (int i = 1; i <= 50; i++) {
        double u = i / 100.0, y = kedge_ease(KEDGE_EASE_MINJERK, u);
        assert_true(y > before);
        assert_near(y + kedge_ease(KEDGE_EASE_MINJERK, 1.0 - u), 1.0, 4e-15);
        before = y;
    }
}

static void linear_and_step(void **state)
{
    (void)state;
    assert_true(kedge_ease(KEDGE_EASE_LINEAR, 0.25) == 0.25);
    assert_true(kedge_ease(KEDGE_EASE_STEP, 0.999999) == 0.0);
    assert_true(kedge_ease(KEDGE_EASE_STEP, 1.0) == 1.0);
}

static void logarithm_takes_equal_factors(void **state)
{
    (void)state;
    double middle = kedge_ease_between(KEDGE_SPACE_LOG, KEDGE_EASE_LINEAR, 1e-4, 1.0, 0.5);
    assert_near(middle, 1e-2, 1e-15);
    middle = kedge_ease_between(KEDGE_SPACE_LOG, KEDGE_EASE_MINJERK, 1.0, 100.0, 0.5);
    assert_near(middle, 10.0, 1e-13);
}

static void logarithm_of_zero_is_that_of_1e_10(void **state)
{
    (void)state;
    assert_near(kedge_ease_between(KEDGE_SPACE_LOG, KEDGE_EASE_LINEAR, 0.0, 1.0, 0.5), 1e-5, 1e-18);
    assert_true(kedge_ease_between(KEDGE_SPACE_LOG, KEDGE_EASE_LINEAR, 0.0, 1.0, 0.0) == 0.0);
}

static void values_that_agree_stay_the_first(void **state)
{
    (void)state;
    assert_true(kedge_ease_between(KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, 0.0, 1e-8, 0.9) == 0.0);
    assert_true(kedge_ease_between(KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, 0.0, 1.1e-8, 0.9) > 0.0);
    assert_true(kedge_ease_between(KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, 1.0, 1.00001, 0.9) == 1.0);
    assert_true(kedge_ease_between(KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, 1.0, 1.00002, 0.9) > 1.0);
    assert_true(kedge_ease_between(KEDGE_SPACE_LOG, KEDGE_EASE_LINEAR, 1e-9, 9e-9, 0.9) == 1e-9);
}

static void stays_finite_between_huge_values(void **state)
{
    (void)state;
    assert_near(kedge_ease_between(KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, -1e308, 1e308, 0.5), 0.0, 1.0);
}

static const double from = 0.3, speed = -0.02, push = 0.004, goal = 1.7, length = 25.0;

static void quintic_begins_as_it_was(void **state)
{
    (void)state;
    kedge_quintic quintic = kedge_quintic_join(from, speed, push, goal, length);
    kedge_motion motion = kedge_quintic_at(&quintic, 0.0);
    assert_near(motion.y, from, 1e-15);
    assert_near(motion.v, speed, 1e-15);
    assert_near(motion.a, push, 1e-15);
    assert_near(kedge_quintic_at(&quintic, -3.0).y, from, 1e-15);
}

static void quintic_ends_at_rest_at_its_goal(void **state)
{
    (void)state;
    kedge_quintic quintic = kedge_quintic_join(from, speed, push, goal, length);
    kedge_motion motion = kedge_quintic_at(&quintic, length * (1.0 - 1e-9));
    assert_near(motion.y, goal, 1e-13);
    assert_near(motion.v, 0.0, 1e-13);
    assert_near(motion.a, 0.0, 1e-9);
    motion = kedge_quintic_at(&quintic, length);
    assert_true(motion.y == goal && motion.v == 0.0 && motion.a == 0.0);
    assert_true(kedge_quintic_at(&quintic, 1e9).y == goal);
}

static void quintic_from_rest_is_minjerk(void **state)
{
    (void)state;
    kedge_quintic quintic = kedge_quintic_join(2.0, 0.0, 0.0, 5.0, 10.0);
    for (int t = 0; t < 10; t++)
        assert_near(kedge_quintic_at(&quintic, t).y, 2.0 + 3.0 * kedge_ease(KEDGE_EASE_MINJERK, t / 10.0), 1e-14);
}

static void quintic_derivatives_are_its_own(void **state)
{
    (void)state;
    kedge_quintic quintic = kedge_quintic_join(from, speed, push, goal, length);
    const double h = 1e-4;
    for (double t = 1.0; t < length - 1.0; t += 1.5) {
        kedge_motion at = kedge_quintic_at(&quintic, t);
        kedge_motion left = kedge_quintic_at(&quintic, t - h), right = kedge_quintic_at(&quintic, t + h);
        assert_near(at.v, (right.y - left.y) / (2.0 * h), 1e-10);
        assert_near(at.a, (right.v - left.v) / (2.0 * h), 1e-10);
    }
}

/* Changed again while it is under way: nothing jumps. */
static void quintic_goes_on_from_a_quintic(void **state)
{
    (void)state;
    kedge_quintic first = kedge_quintic_join(0.0, 0.0, 0.0, 1.0, 100.0);
    kedge_motion under_way = kedge_quintic_at(&first, 40.0);
    kedge_quintic second = kedge_quintic_join(under_way.y, under_way.v, under_way.a, 0.2, 30.0);
    kedge_motion goes_on = kedge_quintic_at(&second, 0.0);
    assert_near(goes_on.y, under_way.y, 1e-15);
    assert_near(goes_on.v, under_way.v, 1e-15);
    assert_near(goes_on.a, under_way.a, 1e-15);
}

/* Of all paths with the same ends the quintic has the least integral of squared jerk: a bump u^3 (1-u)^3, which
 * changes no end, only adds. */
static void quintic_has_the_least_jerk(void **state)
{
    (void)state;
    double jerk[3] = {0.0, 0.0, 0.0};
    kedge_quintic quintic = kedge_quintic_join(from, speed, push, goal, 1.0);
    const double *c = quintic.c;
    for (int i = 0; i < 1000; i++) {
        double u = (i + 0.5) / 1000.0;
        double own = 6.0 * c[3] + 24.0 * c[4] * u + 60.0 * c[5] * u * u;
        double bump = 6.0 - 72.0 * u + 180.0 * u * u - 120.0 * u * u * u;
        for (int k = 0; k < 3; k++) jerk[k] += pow(own + 0.01 * (k - 1) * bump, 2) / 1000.0;
    }
    assert_true(jerk[1] < jerk[0]);
    assert_true(jerk[1] < jerk[2]);
}

/* The motion is that of the value: its derivatives are those of central differences. */
static void the_motion_of_a_transition_is_its_derivative(void **state)
{
    (void)state;
    const double steps = 50.0, h = 1e-3;
    for (int space = 0; space < 2; space++)
        for (int ease = 0; ease < 2; ease++)
            for (double u = 0.1; u < 1.0; u += 0.1) {
                double y[3];
                for (int i = 0; i < 3; i++)
                    y[i] = kedge_space_enter((kedge_space)space,
                                             kedge_ease_between((kedge_space)space, (kedge_interpolator)ease, 0.5, 3.0,
                                                                u + (i - 1) * h));
                kedge_motion m = kedge_ease_motion((kedge_space)space, (kedge_interpolator)ease, 0.5, 3.0, steps, u);
                assert_near(m.y, y[1], 1e-15);
                assert_near(m.v, (y[2] - y[0]) / (2.0 * h * steps), 1e-6);
                assert_near(m.a, (y[2] - 2.0 * y[1] + y[0]) / (h * h * steps * steps), 1e-6);
            }
}

static void arrives_at_rest_or_with_its_speed(void **state)
{
    (void)state;
    kedge_motion m = kedge_ease_motion(KEDGE_SPACE_LINEAR, KEDGE_EASE_MINJERK, 1.0, 3.0, 10.0, 1.0);
    assert_true(m.y == 3.0 && m.v == 0.0 && m.a == 0.0);
    m = kedge_ease_motion(KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, 1.0, 3.0, 10.0, 1.0);
    assert_true(m.y == 3.0 && m.v == 0.2 && m.a == 0.0);
    m = kedge_ease_motion(KEDGE_SPACE_LINEAR, KEDGE_EASE_STEP, 1.0, 3.0, 10.0, 0.5);
    assert_true(m.y == 1.0 && m.v == 0.0 && m.a == 0.0);
    m = kedge_ease_motion(KEDGE_SPACE_LINEAR, KEDGE_EASE_LINEAR, 1.0, 1.000001, 10.0, 0.5);
    assert_true(m.y == 1.0 && m.v == 0.0); /* values that agree are no transition */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minjerk_is_its_polynomial),
        cmocka_unit_test(minjerk_is_symmetric_and_rises),
        cmocka_unit_test(linear_and_step),
        cmocka_unit_test(logarithm_takes_equal_factors),
        cmocka_unit_test(logarithm_of_zero_is_that_of_1e_10),
        cmocka_unit_test(values_that_agree_stay_the_first),
        cmocka_unit_test(stays_finite_between_huge_values),
        cmocka_unit_test(quintic_begins_as_it_was),
        cmocka_unit_test(quintic_ends_at_rest_at_its_goal),
        cmocka_unit_test(quintic_from_rest_is_minjerk),
        cmocka_unit_test(quintic_derivatives_are_its_own),
        cmocka_unit_test(quintic_goes_on_from_a_quintic),
        cmocka_unit_test(quintic_has_the_least_jerk),
        cmocka_unit_test(the_motion_of_a_transition_is_its_derivative),
        cmocka_unit_test(arrives_at_rest_or_with_its_speed),
    };
    return cmocka_run_group_tests_name("schedule/easing", tests, NULL, NULL);
}
