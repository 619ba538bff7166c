/* wheel.c - the colour wheel. */
#include "eval/wheel.h"

#include <math.h>
#include <stddef.h>

enum { HUES = KEDGE_NAMED_HUES };

void kedge_wheel_inputs(float *rgb)
{
    for (int i = 0; i < HUES; i++) {
        kedge_rgb c = kedge_rgb_from_hsv(kedge_named_colours[i].hsv);
        rgb[3 * i] = (float)c.r, rgb[3 * i + 1] = (float)c.g, rgb[3 * i + 2] = (float)c.b;
    }
}

/* The angle from the hue at a to that at b, in degrees, in (-180, 180]. */
static double gap(const float *a, const float *b)
{
    double ax = (double)a[0], ay = (double)a[1], bx = (double)b[0], by = (double)b[1];
    return atan2(ax * by - ay * bx, ax * bx + ay * by) * 180 / M_PI;
}

static double red_cosine(const float *z, int k)
{
    double squares = 0;
    for (int j = 0; j < k; j++) squares += (double)z[j] * (double)z[j];
    return squares > 0 ? (double)z[0] / sqrt(squares) : NAN;
}

kedge_wheel kedge_wheel_of(const float *latents, int k)
{
    kedge_wheel wheel = {.red_cos = red_cosine(latents, k)};
    double gaps[HUES], sum = 0, radii = 0;
    int forward = 0;
    for (int i = 0; i < HUES; i++) {
        const float *z = latents + (size_t)i * (size_t)k;
        gaps[i] = gap(z, latents + (size_t)((i + 1) % HUES) * (size_t)k);
        sum += gaps[i];
        forward += gaps[i] > 0;
        radii += sqrt((double)z[0] * (double)z[0] + (double)z[1] * (double)z[1]);
    }
    wheel.ordered = (forward == 0 || forward == HUES) && fabs(fabs(sum) - 360) < 1e-6;
    wheel.radius = radii / HUES;
    for (int i = 0; i < HUES; i++) /* the wheel may turn either way */
        wheel.worst_gap = fmax(wheel.worst_gap, fabs((sum < 0 ? -gaps[i] : gaps[i]) - 30));
    return wheel;
}
