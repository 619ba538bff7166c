/* damage.c - what a plan does to the points of a data set, seen from a concept. */
#include "eval/damage.h"

#include <math.h>

static const double orthogonal = 1e-9; /* targets up to here are 0 but for rounding */

static double clamp(double x)
{
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

bool kedge_gives_colours(const kedge_dataset *dataset)
{
    return dataset->is_colour && dataset->targets == dataset->features;
}

static double squared(bool colours, float output, float wanted)
{
    double y = (double)output, difference = (colours ? clamp(y) : y) - (double)wanted;
    return difference * difference;
}

double kedge_output_error(const kedge_dataset *dataset, const float *output, const float *wanted)
{
    bool colours = kedge_gives_colours(dataset);
    double sum = 0;
    for (int j = 0; j < dataset->n_targets; j++) sum += squared(colours, output[j], wanted[j]);
    return sum / dataset->n_targets;
}

void kedge_point_errors(const kedge_evaluator *evaluator, double *errors)
{
    const kedge_dataset *dataset = evaluator->dataset;
    bool colours = kedge_gives_colours(dataset);
    const float *output = evaluator->outputs;
    for (int i = 0; i < dataset->points; i++, output += dataset->n_targets) {
        double sum = 0;
        for (int j = 0; j < dataset->n_targets; j++) sum += squared(colours, output[j], dataset->targets[j][i]);
        errors[i] = sum / dataset->n_targets;
    }
}

double kedge_mean_error(const kedge_evaluator *evaluator)
{
    const kedge_dataset *dataset = evaluator->dataset;
    bool colours = kedge_gives_colours(dataset);
    const float *output = evaluator->outputs;
    double sum = 0;
    for (int i = 0; i < dataset->points; i++, output += dataset->n_targets)
        for (int j = 0; j < dataset->n_targets; j++) sum += squared(colours, output[j], dataset->targets[j][i]);
    return sum / ((double)dataset->points * dataset->n_targets);
}

/* ---- what is known before any run ---- */

static int bin_of(double value)
{
    double scaled = floor(value * KEDGE_TARGET_BINS + 1e-9); /* .6 x 5 is 3, also where rounding made it less */
    return scaled < 0 ? 0 : scaled < KEDGE_TARGET_BINS ? (int)scaled : KEDGE_TARGET_BINS - 1;
}

static void put_colour(float *to, kedge_hsv hsv)
{
    kedge_rgb c = kedge_rgb_from_hsv(hsv);
    to[0] = (float)c.r, to[1] = (float)c.g, to[2] = (float)c.b;
}

kedge_gauge kedge_gauge_of(const kedge_dataset *dataset, const kedge_target *target)
{
    kedge_gauge gauge = {.target = target, .has_target = target && target->formula, .most = -INFINITY};
    if (!gauge.has_target) return gauge;
    for (int i = 0; i < dataset->points; i++) {
        double value = target->values[i];
        gauge.most = fmax(gauge.most, value);
        gauge.n_orthogonal += fabs(value) <= orthogonal;
        gauge.n_in_bin[bin_of(value)]++;
    }
    gauge.gives_colours = kedge_gives_colours(dataset);
    gauge.has_colour = target->has_colour && gauge.gives_colours;
    gauge.has_opposite = gauge.has_colour && target->colour.s > 0 && target->colour.v > 0;
    put_colour(gauge.colours[0], target->colour);
    put_colour(gauge.colours[1], (kedge_hsv){target->colour.h + 0.5, target->colour.s, target->colour.v});
    return gauge;
}

/* ---- of one run ---- */

/* Pearson's. */
static double correlation(int n, const double *x, const double *y)
{
    double mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (int i = 0; i < n; i++) mean_x += x[i], mean_y += y[i];
    mean_x /= n, mean_y /= n;
    for (int i = 0; i < n; i++) {
        double dx = x[i] - mean_x, dy = y[i] - mean_y;
        xx += dx * dx, yy += dy * dy, xy += dx * dy;
    }
    /* Numbers that differ by rounding alone, x as floats, are all the same. */
    double apart_x = 1e-6 * mean_x, apart_y = 1e-12 * mean_y;
    if (xx <= n * apart_x * apart_x || yy <= n * apart_y * apart_y) return 0;
    double r = xy / sqrt(xx * yy);
    return r > 1 ? 1 : r < -1 ? -1 : r; /* fmin would make 1 of an r that is no number */
}

static void read_points(kedge_damage *damage, const kedge_gauge *gauge, int points, const double *baseline,
                        const double *errors)
{
    double at_most = 0, more_at_most = 0;
    int n_most = 0;
    double worst = -INFINITY;
    for (int i = 0; i < points; i++) {
        double value = gauge->target->values[i], increase = errors[i] - baseline[i];
        damage->bins[bin_of(value)] += increase;
        if (fabs(value) <= orthogonal && !(increase <= worst))
            worst = isnan(worst) ? worst : increase; /* what is no number stays */
        if (value >= gauge->most - 1e-9 * fabs(gauge->most))
            at_most += errors[i], more_at_most += increase, n_most++;
    }
    for (int b = 0; b < KEDGE_TARGET_BINS; b++)
        if (gauge->n_in_bin[b]) damage->bins[b] /= gauge->n_in_bin[b];
    if (gauge->n_orthogonal) damage->collateral = worst;
    damage->concept = at_most / n_most;
    damage->concept_increase = more_at_most / n_most;
}

static double spoof(const float *output, kedge_hsv concept)
{
    kedge_rgb shown = {clamp((double)output[0]), clamp((double)output[1]), clamp((double)output[2])};
    double apart = fabs(kedge_hsv_from_rgb(shown).h - concept.h);
    double degrees = 360 * fmin(apart, 1 - apart);
    bool has_hue = concept.s > 0 && concept.v > 0;
    return kedge_vibrancy(shown) * (has_hue ? 1 - fmax(0, (90 - degrees) / 90) : 1);
}

static void read_colours(kedge_damage *damage, const kedge_gauge *gauge, kedge_evaluator *model,
                         kedge_evaluator *edited)
{
    const kedge_dataset *dataset = model->dataset;
    int n = gauge->has_opposite ? 2 : 1;
    float before[2][3], after[2][3];
    kedge_evaluator_apply(model, n, gauge->colours[0], NULL, before[0]);
    kedge_evaluator_apply(edited, n, gauge->colours[0], NULL, after[0]);
    damage->concept = kedge_output_error(dataset, after[0], gauge->colours[0]);
    damage->concept_increase = damage->concept - kedge_output_error(dataset, before[0], gauge->colours[0]);
    damage->spoof = spoof(after[0], gauge->target->colour);
    if (n == 2)
        damage->opposite = kedge_output_error(dataset, after[1], gauge->colours[1]) -
                           kedge_output_error(dataset, before[1], gauge->colours[1]);
}

void kedge_damage_read(kedge_damage *damage, const kedge_gauge *gauge, kedge_evaluator *model, kedge_evaluator *edited,
                       const double *baseline, const double *errors)
{
    *damage = (kedge_damage){0};
    if (!gauge->has_target) return;
    int points = model->dataset->points;
    damage->r = correlation(points, errors, gauge->target->values);
    damage->r2 = damage->r * damage->r;
    read_points(damage, gauge, points, baseline, errors);
    if (gauge->has_colour) read_colours(damage, gauge, model, edited);
}
