/* bend.c - values, slopes and curvatures of activations. */
#include "certify/bend.h"

#include <math.h>

#include "nn/model.h"

static kedge_bend_point gelu_at(double x)
{
    double phi = exp(-0.5 * x * x) * 0.39894228040143267794, below = 0.5 * erfc(-x * M_SQRT1_2);
    return (kedge_bend_point){x, x * below, below + x * phi, phi * (2 - x * x)};
}

static kedge_bend_point relu_at(double x)
{
    return (kedge_bend_point){x, x > 0 ? x : 0, x > 0 ? 1 : 0, 0};
}

static kedge_bend_point tanh_at(double x)
{
    double y = tanh(x), slope = 1 - y * y;
    return (kedge_bend_point){x, y, slope, -2 * y * slope};
}

static kedge_bend_point sigmoid_at(double x)
{
    double y = 1 / (1 + exp(-x)), slope = y * (1 - y);
    return (kedge_bend_point){x, y, slope, slope * (1 - 2 * y)};
}

/* gelu' = Phi + x phi has its extrema where gelu'' = (2 - x^2) phi is 0, gelu'' where (x^3 - 4x) phi is, gelu'''
 * where (x^4 - 7 x^2 + 4) phi is: x^2 = (7 - sqrt 33)/2 gives the largest. */
static const kedge_bend gelu = {
    .at = gelu_at,
    .n_value = 1, .value = {{-0.75179152469356, -0.16997120747990}},
    .n_slope = 2, .slope = {{-M_SQRT2, -0.12890414518516}, {M_SQRT2, 1.12890414518516}},
    .n_curvature = 3, .curvature = {{-2, -0.10798193302638}, {0, 0.79788456080287}, {2, -0.10798193302638}},
    .steepest = 1.1289041452, .third = 0.7792, .error = 5e-7,
};

static const kedge_bend relu = {.at = relu_at, .steepest = 1, .has_kink = 1};

/* tanh'' = -2 t (1 - t^2) is extreme where t^2 = 1/3. */
static const kedge_bend tangent = {
    .at = tanh_at,
    .n_slope = 1, .slope = {{0, 1}},
    .n_curvature = 2, .curvature = {{-0.65847894846241, 0.76980035891951}, {0.65847894846241, -0.76980035891951}},
    .steepest = 1, .third = 2, .error = 5e-7,
};

/* s (1 - s)(1 - 2s) is extreme where s = (3 -+ sqrt 3)/6. */
static const kedge_bend sigmoid = {
    .at = sigmoid_at,
    .n_slope = 1, .slope = {{0, 0.25}},
    .n_curvature = 2, .curvature = {{-1.31695789692482, 0.09622504486494}, {1.31695789692482, -0.09622504486494}},
    .steepest = 0.25, .third = 0.125, .error = 5e-7,
};

const kedge_bend *kedge_bend_of(int activation)
{
    switch (activation) {
    case KEDGE_ACTIVATION_RELU: return &relu;
    case KEDGE_ACTIVATION_TANH: return &tangent;
    case KEDGE_ACTIVATION_SIGMOID: return &sigmoid;
    default: return &gelu;
    }
}

static kedge_range span(double at_a, double at_b, double a, double b, int n, const kedge_bend_extremum *extrema)
{
    kedge_range range = {fmin(at_a, at_b), fmax(at_a, at_b)};
    for (int i = 0; i < n; i++) {
        if (!(extrema[i].at > a && extrema[i].at < b)) continue;
        range.low = fmin(range.low, extrema[i].value);
        range.high = fmax(range.high, extrema[i].value);
    }
    range.low -= KEDGE_BEND_ERROR * fmax(1, fabs(range.low));
    range.high += KEDGE_BEND_ERROR * fmax(1, fabs(range.high));
    return range;
}

kedge_range kedge_bend_values(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b)
{
    return span(a->value, b->value, a->x, b->x, bend->n_value, bend->value);
}

kedge_range kedge_bend_slopes(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b)
{
    return span(a->slope, b->slope, a->x, b->x, bend->n_slope, bend->slope);
}

kedge_range kedge_bend_curvatures(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b)
{
    return span(a->curvature, b->curvature, a->x, b->x, bend->n_curvature, bend->curvature);
}

/* With the chord c, f(x) - c(x) = f''(xi) (x - a)(x - b)/2 and (x - a)(b - x) is in [0, (b-a)^2/4]. */
kedge_bend_line kedge_bend_linear(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b)
{
    double width = b->x - a->x, slope = width > 0 ? (b->value - a->value) / width : 0;
    kedge_range off;
    if (bend->has_kink) {
        off = (kedge_range){a->x < 0 && b->x > 0 ? slope * a->x : 0, 0};
    } else {
        kedge_range curvature = kedge_bend_curvatures(bend, a, b);
        off.low = fmin(0, -curvature.high * width * width / 8);
        off.high = fmax(0, -curvature.low * width * width / 8);
    }
    double error = 4 * KEDGE_BEND_ERROR * fmax(1, fmax(fabs(a->value), fabs(b->value)) + fabs(slope * a->x));
    kedge_bend_line chord = {.slope = slope, .offset = a->value - slope * a->x + (off.low + off.high) / 2,
                             .radius = (off.high - off.low) / 2 + error};
    kedge_range values = kedge_bend_values(bend, a, b);
    kedge_bend_line flat = {.offset = (values.low + values.high) / 2, .radius = (values.high - values.low) / 2 + error};
    return flat.radius < chord.radius ? flat : chord;
}
