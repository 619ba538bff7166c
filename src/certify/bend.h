/* bend.h - how activations bend: values and first two derivatives at a point, and enclosures of them over an
 * interval. */
#ifndef CERTIFY_BEND_H
#define CERTIFY_BEND_H

/* All that is computed here is off by at most this, relative to the larger of 1 and the number itself: libm's
 * functions are good to a few units in the last place (2^-52), this is 2^-43. Enclosures are widened by it. */
#define KEDGE_BEND_ERROR 0x1p-43

typedef struct kedge_range {
    double low, high;
} kedge_range;

/* f(x), f'(x), f''(x). relu: f'(0) = 0, f'' = 0. */
typedef struct kedge_bend_point {
    double x, value, slope, curvature;
} kedge_bend_point;

enum { KEDGE_BEND_EXTREMA = 3 };

/* An extremum: where, and the value there. */
typedef struct kedge_bend_extremum {
    double at, value;
} kedge_bend_extremum;

/* f, with all points inside the line where f, f' and f'' have an extremum; between neighbouring ones each is
 * monotone, so that its range over an interval is spanned by the values at both ends and at the extrema between
 * them. */
typedef struct kedge_bend {
    kedge_bend_point (*at)(double x);
    int n_value, n_slope, n_curvature;
    kedge_bend_extremum value[KEDGE_BEND_EXTREMA], slope[KEDGE_BEND_EXTREMA], curvature[KEDGE_BEND_EXTREMA];
    double steepest; /* sup |f'| */
    double third;    /* sup |f'''| */
    int has_kink;    /* relu: f'' says nothing */
    double error;    /* the kernels' values are this far off at most, apart from rounding the result */
} kedge_bend;

/* By KEDGE_ACTIVATION_... of nn/model.h. */
const kedge_bend *kedge_bend_of(int activation);

/* Over [a.x, b.x], a.x <= b.x. */
kedge_range kedge_bend_values(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b);
kedge_range kedge_bend_slopes(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b);
/* Not for a bend with a kink. */
kedge_range kedge_bend_curvatures(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b);

/* The line through both ends of f over [a.x, b.x]: f(x) is in offset + slope x + [-radius, radius] there. A
 * constant is given instead where that is nearer. */
typedef struct kedge_bend_line {
    double slope, offset, radius;
} kedge_bend_line;
kedge_bend_line kedge_bend_linear(const kedge_bend *bend, const kedge_bend_point *a, const kedge_bend_point *b);

#endif
