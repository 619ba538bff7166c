/* check_pointwise.c - y = f(x) with f'(x), and products entry by entry. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "kern_test.h"

typedef void function(int n, const float *x, float *y, float *d);

/* What holds of f everywhere: its value and slope in double, and how far off they may be. */
typedef struct meaning {
    double (*value)(double x), (*slope)(double x);
    double value_bound, value_relative; /* |error| <= bound + relative |value| */
    double slope_bound;
} meaning;

static void compare(function *f, const meaning *m, int n, const float *x)
{
    float *y = kern_output((size_t)n, 0), *d = kern_output((size_t)n, 0);
    f(n, x, y, d);
    for (int i = 0; i < n; i++) {
        double in = (double)x[i], value = m->value(in), slope = m->slope(in);
        double bound = m->value_bound + m->value_relative * fabs(value);
        if (!(fabs((double)y[i] - value) <= bound))
            fail_msg("f(%.9g) is %.9g, should be %.9g within %g", in, (double)y[i], value, bound);
        if (!(fabs((double)d[i] - slope) <= m->slope_bound))
            fail_msg("f'(%.9g) is %.9g, should be %.9g within %g", in, (double)d[i], slope, m->slope_bound);
    }
}

/* A quarter of a million numbers that are close together over [-end, end], and as many that halve towards 0. */
static void densely(function *f, const meaning *m, double end)
{
    enum { PART = 1 << 14, PARTS = 16 };
    for (int part = 0; part < PARTS; part++) {
        float *x = kern_input(PART, 0, 1);
        for (int i = 0; i < PART; i++) {
            double share = (part * PART + i + (double)x[i]) / (PART * PARTS);
            x[i] = (float)(end * (2 * share - 1));
        }
        compare(f, m, PART, x);
        for (int i = 0; i < PART; i++) x[i] *= ldexpf(1, -i % 140);
        compare(f, m, PART, x);
        kern_done();
    }
}

/* Any n, with and without the slope; nothing past n. */
static void sizes(function *f)
{
    static const int ns[] = {16, 32, 48, 64, 80, 112, 256, 1040};
    for (int i = 0; i < COUNT(ns); i++) {
        size_t n = (size_t)ns[i];
        float *x = kern_input(n, -4, 4), *y = kern_output(n, 0), *d = kern_output(n, 0), *alone = kern_output(n, 0);
        f(ns[i], x, y, d);
        f(ns[i], x, alone, NULL);
        kern_same("y without the slope", alone, y, n);
        /* the last entry is made as the first is */
        float *last = kern_input(16, x[n - 1], x[n - 1]), *again = kern_output(16, 0);
        f(16, last, again, NULL);
        kern_same("the last", y + n - 1, again, 1);
    }
}

static const float extremes[] = {0, -0.0f, 1e-45f, -1e-45f, 1e-40f, -1e-40f, FLT_MIN, -FLT_MIN, 1e-20f, -1e-20f,
                                 87, -87, 88, -88, 89, -89, 127, -127, 1e4f, -1e4f, 1e10f, -1e10f,
                                 1e20f, -1e20f, 1e30f, -1e30f};

static void at_extremes(function *f, const meaning *m)
{
    enum { N = (COUNT(extremes) + 15) / 16 * 16 };
    float *x = kern_input(N, 0, 1);
    memcpy(x, extremes, sizeof extremes);
    compare(f, m, N, x);
}

/* The largest numbers of all: no infinity, no not-a-number. */
static void stays_finite(function *f)
{
    float *x = kern_input(16, 0, 1), *y = kern_output(16, 0), *d = kern_output(16, 0);
    x[0] = FLT_MAX;
    x[1] = -FLT_MAX;
    f(16, x, y, d);
    for (int i = 0; i < 2; i++) assert_true(isfinite(y[i]) && isfinite(d[i]));
}

/* ---- gelu ---- */
static double gelu_value(double x)
{
    return 0.5 * x * erfc(-x / sqrt(2));
}

static double gelu_slope(double x)
{
    return 0.5 * erfc(-x / sqrt(2)) + x * exp(-0.5 * x * x) / sqrt(2 * acos(-1));
}

static const meaning gelu = {gelu_value, gelu_slope, 5e-7, 0, 5e-7};

static void gelu_dense(const kedge_kern *kern)
{
    densely(kern->gelu, &gelu, 12);
}

static void gelu_extremes(const kedge_kern *kern)
{
    static const meaning far = {gelu_value, gelu_slope, 5e-7, 2 * UNIT, 5e-7};
    at_extremes(kern->gelu, &far);
    stays_finite(kern->gelu);
}

static void gelu_sizes(const kedge_kern *kern)
{
    sizes(kern->gelu);
}

const kern_check kern_checks_gelu[] = {
    {"5e-7 of the exact function over [-12, 12]", gelu_dense},
    {"extremes", gelu_extremes},
    {"sizes", gelu_sizes},
    {0},
};

/* ---- relu ---- */
static double relu_value(double x)
{
    return x > 0 ? x : 0;
}

static double relu_slope(double x)
{
    return x > 0 ? 1 : 0;
}

static const meaning relu = {relu_value, relu_slope, 0, 0, 0};

static void relu_dense(const kedge_kern *kern)
{
    densely(kern->relu, &relu, 12);
}

static void relu_extremes(const kedge_kern *kern)
{
    at_extremes(kern->relu, &relu);
    stays_finite(kern->relu);
}

static void relu_sizes(const kedge_kern *kern)
{
    sizes(kern->relu);
}

const kern_check kern_checks_relu[] = {
    {"exact over [-12, 12]", relu_dense}, {"exact at extremes", relu_extremes}, {"sizes", relu_sizes}, {0}};

/* ---- tanh ---- */
static double tanh_slope(double x)
{
    return 1 - tanh(x) * tanh(x);
}

/* Relative, so that it is x near 0, down to where half the last place is a denormal. */
static const meaning hyperbolic = {tanh, tanh_slope, FLT_MIN, 9 * UNIT, 7 * UNIT};

static void tanh_dense(const kedge_kern *kern)
{
    densely(kern->tanh, &hyperbolic, 12);
}

static void tanh_extremes(const kedge_kern *kern)
{
    at_extremes(kern->tanh, &hyperbolic);
    stays_finite(kern->tanh);
}

static void tanh_in_range(const kedge_kern *kern)
{
    enum { N = 1 << 12 };
    float *x = kern_input(N, -20, 20), *y = kern_output(N, 0), *d = kern_output(N, 0);
    kern->tanh(N, x, y, d);
    for (int i = 0; i < N; i++) {
        assert_true(fabsf(y[i]) <= 1 && d[i] >= 0 && d[i] <= 1);
        assert_true(signbit(x[i]) == signbit(y[i]));
    }
}

static void tanh_sizes(const kedge_kern *kern)
{
    sizes(kern->tanh);
}

const kern_check kern_checks_tanh[] = {
    {"values over [-12, 12]", tanh_dense},
    {"extremes", tanh_extremes},
    {"within [-1, 1], with the sign of x", tanh_in_range},
    {"sizes", tanh_sizes},
    {0},
};

/* ---- sigmoid ---- */
static double sigmoid_value(double x)
{
    return 1 / (1 + exp(-x));
}

static double sigmoid_slope(double x)
{
    return sigmoid_value(x) * sigmoid_value(-x);
}

static const meaning logistic = {sigmoid_value, sigmoid_slope, 2 * UNIT, 0, 2 * UNIT};

static void sigmoid_dense(const kedge_kern *kern)
{
    densely(kern->sigmoid, &logistic, 20);
}

static void sigmoid_extremes(const kedge_kern *kern)
{
    at_extremes(kern->sigmoid, &logistic);
    stays_finite(kern->sigmoid);
}

static void sigmoid_in_range(const kedge_kern *kern)
{
    enum { N = 1 << 12 };
    float *x = kern_input(N, -200, 200), *y = kern_output(N, 0), *d = kern_output(N, 0);
    kern->sigmoid(N, x, y, d);
    for (int i = 0; i < N; i++) assert_true(y[i] >= 0 && y[i] <= 1 && d[i] >= 0 && d[i] <= 0.25f);
}

static void sigmoid_sizes(const kedge_kern *kern)
{
    sizes(kern->sigmoid);
}

const kern_check kern_checks_sigmoid[] = {
    {"values over [-20, 20]", sigmoid_dense},
    {"extremes", sigmoid_extremes},
    {"within [0, 1], slope within [0, 1/4]", sigmoid_in_range},
    {"sizes", sigmoid_sizes},
    {0},
};

/* ---- mul ---- */
static void mul_values(const kedge_kern *kern)
{
    static const int ns[] = {16, 32, 48, 64, 80, 1040};
    for (int i = 0; i < 2 * COUNT(ns); i++) {
        int n = ns[i / 2];
        float *x = kern_input((size_t)n, -2, 2), *y = kern_input((size_t)n, -2, 2), *z = kern_output((size_t)n, 0);
        float *prior = i % 2 ? kern_prior(z, 1, n, n) : NULL;
        kern->mul(n, x, y, prior, z);
        for (int j = 0; j < n; j++) {
            double product = (double)x[j] * (double)y[j], before = prior ? (double)prior[j] : 0;
            kern_close("z", 0, j, (double)z[j], product + before, UNIT * (2 * fabs(product) + fabs(before)));
        }
    }
}

/* The gradient of a large layer is scaled where it is. */
static void mul_in_place(const kedge_kern *kern)
{
    float *x = kern_input(80, -2, 2), *y = kern_input(80, -2, 2), *z = kern_output(80, 0);
    kern->mul(80, x, y, false, z);
    kern->mul(80, x, y, false, x);
    kern_same("z", x, z, 80);
}

const kern_check kern_checks_mul[] = {{"values, added or not", mul_values}, {"in place", mul_in_place}, {0}};

/* ---- scale ---- */
static void scale_values(const kedge_kern *kern)
{
    static const int ns[] = {16, 32, 48, 64, 80, 1040};
    for (int i = 0; i < 2 * COUNT(ns); i++) {
        int n = ns[i / 2];
        float *x = kern_input((size_t)n, -2, 2), *y = kern_output((size_t)n, 0), by = (float)kern_draw(-2, 2);
        float *prior = i % 2 ? kern_prior(y, 1, n, n) : NULL;
        kern->scale(n, x, by, prior, y);
        for (int j = 0; j < n; j++) {
            double product = (double)by * (double)x[j], before = prior ? (double)prior[j] : 0;
            kern_close("y", 0, j, (double)y[j], product + before, UNIT * (2 * fabs(product) + fabs(before)));
        }
    }
}

const kern_check kern_checks_scale[] = {{"values, added or not", scale_values}, {0}};
