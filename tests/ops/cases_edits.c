/* cases_edits.c - the meaning of edits, in double: columns are taken apart into what is along v and what is across. */
#include <math.h>

#include "gradient.h"

static const double along_4[] = {0.5, -0.5, 0.5, 0.5}, along_2[] = {0.6, -0.8};
static const double way_4[] = {0.5, 0.5, -0.5, 0.5}, way_2[] = {0.8, 0.6};
static const kedge_falloff all_of_it = {0, 1, 0}, growing = {0.25, 0.75, 1};
static const kedge_falloff late = {0.5, 2, 2.5}, steep = {0.125, 1, 0.5};
static const kedge_turn straight = {0, 0.5, false}, curved = {0, 0.75, true}, curved_late = {0.25, 0.375, true};

static kedge_node *build_suppress(kedge_node **in)
{
    return kedge_suppress(in[0], along_4, &all_of_it);
}

static kedge_node *build_suppress_growing(kedge_node **in)
{
    return kedge_suppress(in[0], along_4, &growing);
}

static kedge_node *build_suppress_late(kedge_node **in)
{
    return kedge_suppress(in[0], along_2, &late);
}

static kedge_node *build_suppress_steep(kedge_node **in)
{
    return kedge_suppress(in[0], along_4, &steep);
}

/* Column s: its part along v and its length; returns their quotient. */
static double column(const values *v, const double *direction_of, int s, double *along, double *length)
{
    *along = *length = 0;
    for (int j = 0; j < v->rows[0]; j++) {
        *along += direction_of[j] * at(v, 0, j, s);
        *length += at(v, 0, j, s) * at(v, 0, j, s);
    }
    *length = sqrt(*length);
    return *along / *length;
}

static void suppressed(values *v, const double *direction_of, const kedge_falloff *f)
{
    for (int s = 0; s < v->live; s++) {
        double along, length, cosine = column(v, direction_of, s, &along, &length), share = 0;
        if (cosine > f->from) share = f->strength * pow((cosine - f->from) / (1 - f->from), f->power);
        for (int j = 0; j < v->rows[0]; j++)
            v->out[j * v->live + s] = at(v, 0, j, s) - share * along * direction_of[j];
    }
}

static void meaning_suppress(values *v)
{
    suppressed(v, along_4, &all_of_it);
}

static void meaning_suppress_growing(values *v)
{
    suppressed(v, along_4, &growing);
}

static void meaning_suppress_late(values *v)
{
    suppressed(v, along_2, &late);
}

static void meaning_suppress_steep(values *v)
{
    suppressed(v, along_4, &steep);
}

static kedge_node *build_repel(kedge_node **in)
{
    return kedge_repel(in[0], along_4, way_4, &straight);
}

static kedge_node *build_repel_plane(kedge_node **in)
{
    return kedge_repel(in[0], along_2, way_2, &straight);
}

static kedge_node *build_repel_curved(kedge_node **in)
{
    return kedge_repel(in[0], along_4, way_4, &curved);
}

static kedge_node *build_repel_curved_late(kedge_node **in)
{
    return kedge_repel(in[0], along_4, way_4, &curved_late);
}

/* By De Casteljau's construction, and halving. */
static double casteljau(const double *points, double t)
{
    double p[4] = {points[0], points[1], points[2], points[3]};
    for (int n = 3; n > 0; n--)
        for (int i = 0; i < n; i++) p[i] += t * (p[i + 1] - p[i]);
    return p[0];
}

static double turned_to(const kedge_turn *turn, double cosine)
{
    double a = turn->from, b = turn->to, low = 0, high = 1;
    if (cosine <= a) return cosine;
    if (!turn->curved) return a + (cosine - a) * (b - a) / (1 - a);
    double x[] = {a, a + (b - a) / sqrt(2), 1 + (b - 1) / sqrt(2), 1}, y[] = {a, a + (b - a) / sqrt(2), b, b};
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(casteljau(x, middle) < cosine ? &low : &high) = middle;
    }
    return casteljau(y, low);
}

static void repelled(values *v, const double *direction_of, const kedge_turn *turn)
{
    for (int s = 0; s < v->live; s++) {
        double along, length, cosine = column(v, direction_of, s, &along, &length), m = turned_to(turn, cosine);
        double across = sqrt(1 - cosine * cosine) * length;
        for (int j = 0; j < v->rows[0]; j++) {
            double n = (at(v, 0, j, s) - along * direction_of[j]) / across;
            v->out[j * v->live + s] = length * (m * direction_of[j] + sqrt(1 - m * m) * n);
        }
    }
}

static void meaning_repel(values *v)
{
    repelled(v, along_4, &straight);
}

static void meaning_repel_plane(values *v)
{
    repelled(v, along_2, &straight);
}

static void meaning_repel_curved(values *v)
{
    repelled(v, along_4, &curved);
}

static void meaning_repel_curved_late(values *v)
{
    repelled(v, along_4, &curved_late);
}

static const float scales[] = {1, 0, -2.5f, 1}, shifts[] = {0, 0.75f, 0.5f, -1};

static kedge_node *build_affine(kedge_node **in)
{
    return kedge_affine(in[0], scales, shifts);
}

static void meaning_affine(values *v)
{
    for (int j = 0; j < v->rows[0]; j++)
        for (int s = 0; s < v->live; s++)
            v->out[j * v->live + s] = (double)scales[j] * at(v, 0, j, s) + (double)shifts[j];
}

#define ANY .low = {-2}, .high = {2}

static const gradient_case cases[] = {
    {"suppress", &kedge_op_suppress, 1, {4}, {0}, ANY, .unit_operand = 1, .build = build_suppress,
        .meaning = meaning_suppress, .bound = 5e-7, .value_bound = 2e-7},
    {"suppress, power 1", &kedge_op_suppress, 1, {4}, {0}, ANY, .build = build_suppress_growing,
        .meaning = meaning_suppress_growing, .bound = 5e-7, .value_bound = 2e-7},
    {"suppress, power 2.5, 2 dims", &kedge_op_suppress, 1, {2}, {0}, ANY, .build = build_suppress_late,
        .meaning = meaning_suppress_late, .bound = 5e-7, .value_bound = 2e-7},
    {"suppress, power 0.5", &kedge_op_suppress, 1, {4}, {0}, ANY, .build = build_suppress_steep,
        .meaning = meaning_suppress_steep, .bound = 5e-7, .value_bound = 2e-7},
    {"repel", &kedge_op_repel, 1, {4}, {0}, ANY, .unit_operand = 1, .build = build_repel, .meaning = meaning_repel,
        .bound = 5e-7, .value_bound = 2e-7},
    {"repel, 2 dims", &kedge_op_repel, 1, {2}, {0}, ANY, .build = build_repel_plane, .meaning = meaning_repel_plane,
        .bound = 5e-7, .value_bound = 2e-7},
    {"repel, bezier", &kedge_op_repel, 1, {4}, {0}, ANY, .build = build_repel_curved,
        .meaning = meaning_repel_curved, .bound = 5e-7, .value_bound = 2e-7},
    {"repel, bezier, late and flat", &kedge_op_repel, 1, {4}, {0}, ANY, .build = build_repel_curved_late,
        .meaning = meaning_repel_curved_late, .bound = 5e-7, .value_bound = 2e-7},
    {"affine", &kedge_op_affine, 1, {4}, {0}, ANY, .build = build_affine, .meaning = meaning_affine,
        .bound = 5e-7, .value_bound = 2e-7},
};
const gradient_cases edit_cases = {cases, sizeof cases / sizeof *cases};
