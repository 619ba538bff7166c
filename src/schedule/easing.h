/* easing.h - how a value goes from one to another. Times and steps are doubles here. */
#ifndef SCHEDULE_EASING_H
#define SCHEDULE_EASING_H

/* MINJERK: 10 u^3 - 15 u^4 + 6 u^5, the path of least jerk from rest to rest (Flash and Hogan, The coordination of
 * arm movements, J. Neurosci. 5, 1985). LINEAR: u. STEP: holds the first value, jumps on arrival. */
typedef enum kedge_interpolator { KEDGE_EASE_MINJERK, KEDGE_EASE_LINEAR, KEDGE_EASE_STEP } kedge_interpolator;

/* LOG interpolates ln(max(v, 1e-10)): equal factors in equal times. */
typedef enum kedge_space { KEDGE_SPACE_LINEAR, KEDGE_SPACE_LOG } kedge_space;

/* The share of the way that is done when the share u in [0, 1] of the time is over. */
double kedge_ease(kedge_interpolator interpolator, double u);

/* The value at the share u in [0, 1) of the time from 'a' to 'b'. If they agree within 1e-8 + 1e-5 |b| it is 'a'.
 * (At u = 1 a caller has 'b' itself: through the logarithm it would come back rounded.) */
double kedge_ease_between(kedge_space space, kedge_interpolator interpolator, double a, double b, double u);

/* Value, velocity and acceleration, per step. */
typedef struct kedge_motion {
    double y, v, a;
} kedge_motion;

/* The motion at the share u in (0, 1] of 'length' steps from 'a' to 'b', as it comes there: at u = 1 that of the
 * arrival. In LOG all three are of the logarithm. Where kedge_ease_between stays at 'a' it is at rest. */
kedge_motion kedge_ease_motion(kedge_space space, kedge_interpolator interpolator, double a, double b, double length,
                               double u);
/* A value as a place in its space, and back: itself, or its logarithm, that of 1e-10 for anything smaller. No place is
 * so far out that its value is infinite. */
double kedge_space_enter(kedge_space space, double value);
double kedge_space_leave(kedge_space space, double place);

/* The polynomial of least jerk from value, velocity and acceleration (y0, v0, a0) to rest at y1 over a time T:
 * y(t) = sum of c[k] (t/T)^k; with D = y1 - c0 - c1 - c2, V = -(c1 + 2 c2), A = -2 c2:
 * c0 = y0, c1 = v0 T, c2 = a0 T^2 / 2, c3 = 10 D - 4 V + A/2, c4 = -15 D + 7 V - A, c5 = 6 D - 3 V + A/2.
 * It is how a value that is changed at run time goes on without a kink: from its state under way to the new goal. */
typedef struct kedge_quintic {
    double c[6];
    double length; /* T */
    double goal;   /* y1 */
} kedge_quintic;

/* T must be positive. */
kedge_quintic kedge_quintic_join(double y0, double v0, double a0, double y1, double length);

/* The motion at a time t since its begin: before that as at it; from its end on at rest at the goal, exactly. */
kedge_motion kedge_quintic_at(const kedge_quintic *quintic, double t);

#endif
