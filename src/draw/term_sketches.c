/* term_sketches.c - the sketch and the formula of each kind of term: where samples are, where it moves them. The
 * circle is the unit sphere. */
#include <math.h>
#include <string.h>

#include "draw/canvas.h"
#include "draw/terms.h"

#define MINUS "\xe2\x88\x92"
#define SUM "\xe2\x88\x91"
#define DOT "\xc2\xb7"

/* A sample on the sphere, at an angle in degrees. */
static void sample(const kedge_sketch *s, double angle, kedge_sketch_ink ink)
{
    kedge_sketch_disc(s, cos(angle * M_PI / 180), sin(angle * M_PI / 180), ink);
}

static void samples(const kedge_sketch *s, int n, const double *angles, kedge_sketch_ink ink)
{
    for (int i = 0; i < n; i++) sample(s, angles[i], ink);
}

static void anchor(const kedge_sketch *s)
{
    static const double others[] = {105, 140, 175, 215, 255, 300};
    kedge_sketch_ellipse(s, 1, 1, false);
    samples(s, 6, others, KEDGE_SKETCH_PLAIN);
    kedge_sketch_place(s, 1, 0, false);
    kedge_sketch_arc(s, 1, 62, 24);
    kedge_sketch_arc(s, 1, -42, -19);
    sample(s, 62, KEDGE_SKETCH_LABELLED);
    sample(s, -42, KEDGE_SKETCH_LABELLED);
    kedge_sketch_text(s, 1.34, 0, "p");
}

static void anti_anchor(const kedge_sketch *s)
{
    static const double others[] = {20, 65, 300, 335};
    kedge_sketch_ellipse(s, 1, 1, false);
    kedge_sketch_line(s, 0, -1, 0, 1, true);
    samples(s, 4, others, KEDGE_SKETCH_PLAIN);
    kedge_sketch_place(s, -1, 0, true);
    kedge_sketch_arc(s, 1, 150, 105);
    kedge_sketch_arc(s, 1, 205, 240);
    sample(s, 150, KEDGE_SKETCH_LABELLED);
    sample(s, 205, KEDGE_SKETCH_LABELLED);
    kedge_sketch_text(s, -1.34, 0, "p");
}

/* Samples above and below a plane through the middle. */
static void subspace(const kedge_sketch *s)
{
    static const double at[][2] = {{-0.55, 0.62}, {0.15, 0.83}, {0.5, -0.68}, {-0.2, -0.8}};
    kedge_sketch_ellipse(s, 1, 1, false);
    kedge_sketch_ellipse(s, 1, 0.3, true);
    kedge_sketch_disc(s, 0.72, 0.55, KEDGE_SKETCH_PLAIN);
    kedge_sketch_disc(s, -0.66, -0.6, KEDGE_SKETCH_PLAIN);
    for (int i = 0; i < 4; i++) {
        kedge_sketch_arrow(s, at[i][0], at[i][1], at[i][0], at[i][1] > 0 ? 0.12 : -0.12);
        kedge_sketch_disc(s, at[i][0], at[i][1], KEDGE_SKETCH_LABELLED);
    }
    kedge_sketch_text(s, 1.3, 0, "D");
}

/* Samples on both sides of the plane that lacks the dim. */
static void anti_subspace(const kedge_sketch *s)
{
    static const double at[][2] = {{-0.7, 0.5}, {0.78, 0.42}, {0.62, -0.55}, {-0.8, -0.3}};
    kedge_sketch_ellipse(s, 1, 1, false);
    kedge_sketch_ellipse(s, 0.3, 1, true);
    kedge_sketch_line(s, -1.2, 0, 1.2, 0, true);
    for (int i = 0; i < 4; i++) {
        kedge_sketch_arrow(s, at[i][0], at[i][1], at[i][0] > 0 ? 0.14 : -0.14, at[i][1]);
        kedge_sketch_disc(s, at[i][0], at[i][1], KEDGE_SKETCH_LABELLED);
    }
    kedge_sketch_text(s, 1.36, 0, "D");
}

static void unitarity(const kedge_sketch *s)
{
    static const double at[][2] = {{30, 0.5}, {75, 1.3}, {140, 0.45}, {200, 1.4}, {265, 0.4}, {325, 1.36}};
    kedge_sketch_ellipse(s, 1, 1, false);
    for (int i = 0; i < 6; i++) {
        double x = cos(at[i][0] * M_PI / 180), y = sin(at[i][0] * M_PI / 180), end = at[i][1] < 1 ? 0.97 : 1.03;
        kedge_sketch_arrow(s, at[i][1] * x, at[i][1] * y, end * x, end * y);
        kedge_sketch_disc(s, at[i][1] * x, at[i][1] * y, KEDGE_SKETCH_LABELLED);
    }
}

static void separate(const kedge_sketch *s)
{
    static const double near[] = {55, 72, 88, 105}, far[] = {190, 270, 335};
    kedge_sketch_ellipse(s, 1, 1, false);
    kedge_sketch_arc(s, 1, 55, 18);
    kedge_sketch_arc(s, 1, 105, 142);
    samples(s, 4, near, KEDGE_SKETCH_LABELLED);
    samples(s, 3, far, KEDGE_SKETCH_PLAIN);
}

static void separate_pairs(const kedge_sketch *s)
{
    static const double angles[] = {60, 88, 200, 235, 330};
    kedge_sketch_ellipse(s, 1, 1, false);
    for (int i = 0; i < 5; i++)
        for (int j = i + 1; j < 5; j++)
            kedge_sketch_line(s, cos(angles[i] * M_PI / 180), sin(angles[i] * M_PI / 180),
                              cos(angles[j] * M_PI / 180), sin(angles[j] * M_PI / 180), true);
    kedge_sketch_arc(s, 1, 60, 30);
    kedge_sketch_arc(s, 1, 88, 118);
    kedge_sketch_arc(s, 1, 200, 175);
    kedge_sketch_arc(s, 1, 235, 260);
    samples(s, 5, angles, KEDGE_SKETCH_LABELLED);
}

static void separate_inverse(const kedge_sketch *s)
{
    kedge_sketch_ellipse(s, 1, 1, false);
    kedge_sketch_line(s, -0.22, 0.1, 0.22, -0.1, true);
    kedge_sketch_arrow(s, -0.22, 0.1, -0.85, 0.386);
    kedge_sketch_arrow(s, 0.22, -0.1, 0.85, -0.386);
    kedge_sketch_disc(s, -0.22, 0.1, KEDGE_SKETCH_LABELLED);
    kedge_sketch_disc(s, 0.22, -0.1, KEDGE_SKETCH_LABELLED);
    kedge_sketch_text(s, -0.3, 0.34, "z_i");
    kedge_sketch_text(s, 0.3, -0.36, "z_j");
}

/* Reference points, each on its way back to where it was. */
static void captured_anchor(const kedge_sketch *s)
{
    static const double at[][2] = {{0, 52}, {100, 138}, {195, 158}, {285, 238}};
    kedge_sketch_ellipse(s, 1, 1, false);
    for (int i = 0; i < 4; i++) {
        double end = at[i][0] + (at[i][1] > at[i][0] ? 9 : -9);
        kedge_sketch_arc(s, 1, at[i][1], end);
        sample(s, at[i][0], KEDGE_SKETCH_PLAIN);
        sample(s, at[i][1], KEDGE_SKETCH_LABELLED);
    }
    kedge_sketch_text(s, 1.25, 0, "c");
}

/* A place through the decoder, to an output that says nothing. */
static void fallback(const kedge_sketch *s)
{
    static const double decoder[][2] = {{-0.3, 0.2}, {0.35, 0.55}, {0.35, -0.55}, {-0.3, -0.2}};
    static const double output[][2] = {{0.85, 0.25}, {1.35, 0.25}, {1.35, -0.25}, {0.85, -0.25}};
    kedge_sketch_place(s, -1.1, 0, false);
    kedge_sketch_arrow(s, -0.85, 0, -0.34, 0);
    kedge_sketch_polygon(s, 4, decoder, s->theme->panel);
    kedge_sketch_arrow(s, 0.32, 0, 0.81, 0);
    kedge_sketch_polygon(s, 4, output, (kedge_ink){0.5, 0.5, 0.5});
    kedge_sketch_text(s, -1.1, -0.42, "place");
    kedge_sketch_text(s, 0.03, 0, "f");
    kedge_sketch_text(s, 1.1, -0.5, "output");
}

static const kedge_term_sketch sketches[] = {
    {"anchor", {"angular: 1 " MINUS " cos(z, p)", "euclidean: " SUM "_k (z_k " MINUS " p_k)^2"}, anchor},
    {"anti-anchor", {"hemispheric: max(0, cos(z, p))", "full: (cos(z, p) + 1) / 2"}, anti_anchor},
    {"subspace", {SUM "_{k\xe2\x88\x89" "D} z_k^2"}, subspace},
    {"anti-subspace", {SUM "_{k\xe2\x88\x88" "D} z_k^2"}, anti_subspace},
    {"unitarity", {"(|u| " MINUS " 1)^2"}, unitarity},
    {"separate", {SUM "_b C_{a,b}^P,  C_{a,b} = e_a" DOT "e_b", "shift: C_{a,b} = (e_a" DOT "e_b + 1) / 2"}, separate},
    {"separate-pairs", {SUM "_{i\xe2\x89\xa0" "j} (e_i" DOT "e_j)^P / (B (B " MINUS " 1))"}, separate_pairs},
    {"separate-inverse", {"1 / |z_i " MINUS " z_j|^2"}, separate_inverse},
    {"captured-anchor", {SUM "_k (z_k " MINUS " c_k)^2"}, captured_anchor},
    {"fallback", {"mean (f(place) " MINUS " output)^2"}, fallback},
};

const kedge_term_sketch *kedge_term_sketch_find(const char *kind)
{
    for (size_t i = 0; i < sizeof sketches / sizeof *sketches; i++)
        if (strcmp(sketches[i].kind, kind) == 0) return &sketches[i];
    return NULL;
}
