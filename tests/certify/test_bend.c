/* enclosures of activations: no point of an interval is left out, and they are not wider than they must be. */
#include "attack.h"

#include "certify/bend.h"

static const int activations[] = {KEDGE_ACTIVATION_GELU, KEDGE_ACTIVATION_RELU, KEDGE_ACTIVATION_TANH,
                                  KEDGE_ACTIVATION_SIGMOID};
enum { N = sizeof activations / sizeof *activations };

static void values_are_the_activations(void **state)
{
    (void)state;
    for (int a = 0; a < N; a++)
        for (double x = -30; x <= 30; x += 0.013) {
            double value = kedge_bend_of(activations[a])->at(x).value;
            assert_true(fabs(value - activate(activations[a], x)) <= 1e-14 * fmax(1, fabs(x)));
        }
}

static void derivatives_are_those_of_the_values(void **state)
{
    (void)state;
    const double h = 1e-5;
    for (int a = 0; a < N; a++)
        for (double x = -8.0051; x <= 8; x += 0.017) {
            const kedge_bend *bend = kedge_bend_of(activations[a]);
            kedge_bend_point at = bend->at(x), more = bend->at(x + h), less = bend->at(x - h);
            assert_true(fabs((more.value - less.value) / (2 * h) - at.slope) < 1e-8);
            if (!bend->has_kink) assert_true(fabs((more.slope - less.slope) / (2 * h) - at.curvature) < 1e-8);
            assert_true(fabs(at.slope) <= bend->steepest);
            if (!bend->has_kink) assert_true(fabs(more.curvature - less.curvature) / (2 * h) <= bend->third + 1e-6);
        }
}

/* An interval of any size, near or far, and a point in it: mostly within rounding of an end or of an extremum. */
static void draw_interval(fixture *f, const kedge_bend *bend, double *low, double *high, double *x)
{
    double middle = uniform(f, -4, 4), half = pow(10, uniform(f, -9, 1));
    *low = middle - half;
    *high = middle + half;
    switch ((int)uniform(f, 0, 6)) {
    case 0: *x = nextafter(*low, *high); break;
    case 1: *x = nextafter(*high, *low); break;
    case 2: *x = bend->n_slope ? bend->slope[0].at : 0; break;
    case 3: *x = bend->n_curvature ? bend->curvature[1].at : 0; break;
    case 4: *x = bend->n_value ? bend->value[0].at : 0; break;
    default: *x = uniform(f, *low, *high);
    }
    *x = fmin(*high, fmax(*low, *x));
}

static void assert_inside(kedge_range range, double x)
{
    if (!(x >= range.low && x <= range.high)) fail_msg("%.17g is not in [%.17g, %.17g]", x, range.low, range.high);
}

static void ranges_hold_every_point(void **state)
{
    fixture *f = *state;
    f->state = 1;
    for (int trial = 0; trial < 200000; trial++) {
        const kedge_bend *bend = kedge_bend_of(activations[trial % N]);
        double low, high, x;
        draw_interval(f, bend, &low, &high, &x);
        kedge_bend_point a = bend->at(low), b = bend->at(high), at = bend->at(x);
        assert_inside(kedge_bend_values(bend, &a, &b), at.value);
        assert_inside(kedge_bend_slopes(bend, &a, &b), at.slope);
        if (!bend->has_kink) assert_inside(kedge_bend_curvatures(bend, &a, &b), at.curvature);
    }
}

static void lines_hold_every_point(void **state)
{
    fixture *f = *state;
    f->state = 2;
    for (int trial = 0; trial < 200000; trial++) {
        const kedge_bend *bend = kedge_bend_of(activations[trial % N]);
        double low, high, x;
        draw_interval(f, bend, &low, &high, &x);
        kedge_bend_point a = bend->at(low), b = bend->at(high);
        kedge_bend_line line = kedge_bend_linear(bend, &a, &b);
        double off = bend->at(x).value - (line.offset + line.slope * x);
        if (!(fabs(off) <= line.radius)) fail_msg("at %.17g of [%.17g, %.17g]: off by %g", x, low, high, off);
    }
}

/* A line's radius is the 16th of width squared times curvature where that hardly changes. */
static void lines_are_tight(void **state)
{
    (void)state;
    const kedge_bend *bend = kedge_bend_of(KEDGE_ACTIVATION_GELU);
    for (double x = -1.2; x < 1.2; x += 0.1) {
        kedge_bend_point a = bend->at(x), b = bend->at(x + 0.01);
        double radius = kedge_bend_linear(bend, &a, &b).radius;
        double expected = 1e-4 * fabs(a.curvature) / 16;
        assert_true(radius < 1.1 * expected + 1e-6 && radius > 0.9 * expected);
    }
    const kedge_bend *relu = kedge_bend_of(KEDGE_ACTIVATION_RELU);
    kedge_bend_point a = relu->at(-1), b = relu->at(3);
    assert_true(fabs(kedge_bend_linear(relu, &a, &b).radius - 0.375) < 1e-9); /* half of 3/4 at the kink */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_are_the_activations), TEST(derivatives_are_those_of_the_values), TEST(ranges_hold_every_point),
        TEST(lines_hold_every_point),     TEST(lines_are_tight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
