/* easing.c - how a value goes from one to another. */
#include "schedule/easing.h"

#include <math.h>
#include <stdbool.h>

static const double log_floor = 1e-10;  /* a weight of 0 has no logarithm */
static const double log_ceiling = 700.0; /* exp of little more is infinite */

double kedge_ease(kedge_interpolator interpolator, double u)
{
    switch (interpolator) {
    case KEDGE_EASE_MINJERK: return u * u * u * (10.0 - u * (15.0 - 6.0 * u));
    case KEDGE_EASE_LINEAR: return u;
    case KEDGE_EASE_STEP: return u < 1.0 ? 0.0 : 1.0;
    }
    return u;
}

/* Two values so close are no transition. */
static bool agree(double a, double b)
{
    return fabs(a - b) <= 1e-8 + 1e-5 * fabs(b);
}

double kedge_space_enter(kedge_space space, double value)
{
    return space == KEDGE_SPACE_LOG ? log(fmax(value, log_floor)) : value;
}

double kedge_space_leave(kedge_space space, double place)
{
    return space == KEDGE_SPACE_LOG ? exp(fmin(place, log_ceiling)) : place;
}

double kedge_ease_between(kedge_space space, kedge_interpolator interpolator, double a, double b, double u)
{
    double share = kedge_ease(interpolator, u);
    if (share == 0.0 || agree(a, b)) return a;
    if (space == KEDGE_SPACE_LINEAR) {
        double whole = b - a;
        return isfinite(whole) ? a + whole * share : a * (1.0 - share) + b * share;
    }
    double from = log(fmax(a, log_floor)), to = log(fmax(b, log_floor));
    return exp(from + (to - from) * share);
}

kedge_motion kedge_ease_motion(kedge_space space, kedge_interpolator interpolator, double a, double b, double length,
                               double u)
{
    double value = u < 1.0 ? kedge_ease_between(space, interpolator, a, b, u) : b;
    kedge_motion motion = {.y = kedge_space_enter(space, value)};
    if (interpolator == KEDGE_EASE_STEP || agree(a, b)) return motion;
    double way = (kedge_space_enter(space, b) - kedge_space_enter(space, a)) / length;
    if (interpolator == KEDGE_EASE_LINEAR) {
        motion.v = way;
        return motion;
    }
    motion.v = way * 30.0 * u * u * (1.0 - u) * (1.0 - u);
    motion.a = way / length * 60.0 * u * (1.0 - u) * (1.0 - 2.0 * u);
    return motion;
}

kedge_quintic kedge_quintic_join(double y0, double v0, double a0, double y1, double length)
{
    double c0 = y0, c1 = v0 * length, c2 = 0.5 * a0 * length * length;
    double d = y1 - c0 - c1 - c2, v = -(c1 + 2.0 * c2), a = -2.0 * c2; /* what is left to do at the end */
    return (kedge_quintic){
        .c = {c0, c1, c2, 10.0 * d - 4.0 * v + 0.5 * a, -15.0 * d + 7.0 * v - a, 6.0 * d - 3.0 * v + 0.5 * a},
        .length = length,
        .goal = y1,
    };
}

kedge_motion kedge_quintic_at(const kedge_quintic *quintic, double t)
{
    if (t >= quintic->length) return (kedge_motion){.y = quintic->goal};
    const double *c = quintic->c, u = t > 0.0 ? t / quintic->length : 0.0, per = 1.0 / quintic->length;
    return (kedge_motion){
        .y = c[0] + u * (c[1] + u * (c[2] + u * (c[3] + u * (c[4] + u * c[5])))),
        .v = per * (c[1] + u * (2.0 * c[2] + u * (3.0 * c[3] + u * (4.0 * c[4] + u * 5.0 * c[5])))),
        .a = per * per * (2.0 * c[2] + u * (6.0 * c[3] + u * (12.0 * c[4] + u * 20.0 * c[5]))),
    };
}
