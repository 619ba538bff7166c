/* colour.c - colours as channels and as hue, saturation, value. */
#include "data/colour.h"

#include <math.h>

kedge_hsv kedge_hsv_from_rgb(kedge_rgb c)
{
    double max = fmax(c.r, fmax(c.g, c.b)), range = max - fmin(c.r, fmin(c.g, c.b));
    if (!(range > 0)) return (kedge_hsv){0, 0, max};
    double sixth;
    if (c.r == max)
        sixth = (c.g - c.b) / range;
    else if (c.g == max)
        sixth = 2 + (c.b - c.r) / range;
    else
        sixth = 4 + (c.r - c.g) / range;
    double h = sixth < 0 ? (sixth + 6) / 6 : sixth / 6;
    return (kedge_hsv){h < 1 ? h : 0, range / max, max}; /* a hue just below red rounds to 1: red */
}

/* One channel, n = 5, 3, 1 for r, g, b: a trapezoid of the hue. Continuous, so that a hue of k/36 that is a
 * rounding error below a corner cannot land in the wrong sixth. */
static double channel(kedge_hsv c, double n)
{
    double k = fmod(n + 6 * (c.h - floor(c.h)), 6);
    return c.v - c.v * c.s * fmax(0, fmin(1, fmin(k, 4 - k)));
}

kedge_rgb kedge_rgb_from_hsv(kedge_hsv c)
{
    return (kedge_rgb){channel(c, 5), channel(c, 3), channel(c, 1)};
}

double kedge_redness(kedge_rgb c)
{
    return c.r * (1 - c.g / 2 - c.b / 2);
}

double kedge_greenness(kedge_rgb c)
{
    return c.g * (1 - c.r / 2 - c.b / 2);
}

double kedge_blueness(kedge_rgb c)
{
    return c.b * (1 - c.r / 2 - c.g / 2);
}

double kedge_vibrancy(kedge_rgb c)
{
    return fmax(c.r, fmax(c.g, c.b)) - fmin(c.r, fmin(c.g, c.b));
}

double kedge_colour_similarity(kedge_hsv a, kedge_hsv b)
{
    double apart = fabs(a.h - b.h);
    double degrees = 360 * fmin(apart, 1 - apart);
    double hues = fmax(0, (90 - degrees) / 90);
    double q = (a.s * a.v + b.s * b.v) / 2;
    return (q * hues + 1 - q) * (1 - fabs(a.s - b.s)) * (1 - fabs(a.v - b.v));
}

const kedge_named_colour kedge_named_colours[KEDGE_NAMED_COLOURS] = {
    {"red", {0, 1, 1}},
    {"orange", {1. / 12, 1, 1}},
    {"yellow", {2. / 12, 1, 1}},
    {"lime", {3. / 12, 1, 1}},
    {"green", {4. / 12, 1, 1}},
    {"teal", {5. / 12, 1, 1}},
    {"cyan", {6. / 12, 1, 1}},
    {"azure", {7. / 12, 1, 1}},
    {"blue", {8. / 12, 1, 1}},
    {"purple", {9. / 12, 1, 1}},
    {"magenta", {10. / 12, 1, 1}},
    {"pink", {11. / 12, 1, 1}},
    {"black", {0, 0, 0}},
    {"dark grey", {0, 0, .25}},
    {"grey", {0, 0, .5}},
    {"light grey", {0, 0, .75}},
    {"white", {0, 0, 1}},
};
