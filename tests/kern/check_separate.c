/* check_separate.c - powers of pairwise cosines. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kern_test.h"

enum { MAX_LIVE = 70, MAX_K = 9 };

typedef struct want {
    double sum, left_out, g[MAX_K][MAX_LIVE];
    double sum_bound, g_bound[MAX_K][MAX_LIVE];
} want;

/* Unit columns with junk after them; one is there twice and one has an opposite, if there are as many. */
static float *unit_columns(int k, int live, int ld)
{
    float *e = kern_matrix(k, live, ld, -1, 1);
    for (int s = 0; s < live; s++) {
        double sum = 0;
        for (int j = 0; j < k; j++) sum += (double)e[kern_at(j, ld, s)] * (double)e[kern_at(j, ld, s)];
        for (int j = 0; j < k; j++) e[kern_at(j, ld, s)] = (float)((double)e[kern_at(j, ld, s)] / sqrt(sum));
    }
    for (int j = 0; j < k && live > 3; j++) {
        e[kern_at(j, ld, live - 1)] = e[kern_at(j, ld, 1)];
        e[kern_at(j, ld, live - 2)] = -e[kern_at(j, ld, 0)];
    }
    return e;
}

static double cosine(const float *e, int k, int ld, int a, int b)
{
    double sum = 0;
    for (int j = 0; j < k; j++) sum += (double)e[kern_at(j, ld, a)] * (double)e[kern_at(j, ld, b)];
    return sum;
}

/* The limit, moved to where rounding cannot decide on which side of it a pair lies. */
static float clear_limit(const kedge_separate *s, const float *e, int k, int ld, int live)
{
    double limit = (double)s->limit;
    if (isinf(limit)) return s->limit;
    for (int a = 0; a < live; a++)
        for (int b = 0; b < a; b++)
            if (fabs((double)s->scale * cosine(e, k, ld, a, b) + (double)s->bias - limit) < 2e-6) {
                limit -= 5e-6;
                a = b = 0; /* from the start */
            }
    return (float)limit;
}

/* In double. The bounds: an error of x of (k + 3) roundings, times the power; the sum's own. */
static void meaning(const kedge_separate *s, int k, int live, const float *e, int ld, const float *c, want *w)
{
    memset(w, 0, sizeof *w);
    double power = s->power, scale = (double)s->scale, total = 0;
    for (int a = 0; a < live; a++)
        for (int b = 0; b < live; b++) {
            if (a == b) continue;
            double x = scale * cosine(e, k, ld, a, b) + (double)s->bias, weight = c ? (double)c[a] : 1;
            if (x >= (double)s->limit) {
                w->left_out += weight;
                continue;
            }
            double below = pow(x, power - 1), off = power * (k + 3) * UNIT / fmax(fabs(x), 1e-6);
            w->sum += weight * below * x;
            total += fabs(weight * below * x);
            w->sum_bound += fabs(weight * below * x) * off;
            for (int j = 0; j < k; j++) {
                double slope = weight * power * scale * below;
                double to_a = slope * (double)e[kern_at(j, ld, b)], to_b = slope * (double)e[kern_at(j, ld, a)];
                w->g[j][a] += to_a;
                w->g[j][b] += to_b;
                w->g_bound[j][a] += fabs(to_a) * (off + 8 * UNIT);
                w->g_bound[j][b] += fabs(to_b) * (off + 8 * UNIT);
            }
        }
    w->sum_bound += 16 * UNIT * total;
}

typedef struct separate_case {
    int power, k, live;
    bool shift, weighted;
    float limit;
} separate_case;

static void run_case(const kedge_kern *kern, const separate_case *p)
{
    static want w;
    int ld = (p->live + 15) / 16 * 16, ldg = ld + 16, k = p->k, live = p->live;
    float *e = unit_columns(k, live, ld), *c = p->weighted ? kern_matrix(1, live, ld, 0, 1) : NULL;
    kedge_separate s = {.power = p->power, .scale = p->shift ? 0.5f : 1, .bias = p->shift ? 0.5f : 0,
                        .limit = p->limit};
    s.limit = clear_limit(&s, e, k, ld, live);
    float *g = kern_output((size_t)k * (size_t)ldg, 0), *work = kern_output(KEDGE_SEPARATE_WORK(k, live), 0);
    float *sum = kern_output(1, 0), *left_out = kern_output(1, 0);
    kern->separate(&s, k, live, e, ld, c, g, ldg, work, sum, left_out);
    meaning(&s, k, live, e, ld, c, &w);
    char what[128];
    snprintf(what, sizeof what, "power %d, shift %d, weights %d, limit %g, k %d, live %d", p->power, p->shift,
             p->weighted, (double)s.limit, k, live);
    kern_close(what, -1, 0, (double)*sum, w.sum, w.sum_bound + 1e-37);
    kern_close(what, -2, 0, (double)*left_out, w.left_out, 16 * UNIT * w.left_out);
    for (int j = 0; j < k; j++)
        for (int i = 0; i < live; i++)
            kern_close(what, j, i, (double)g[kern_at(j, ldg, i)], w.g[j][i], w.g_bound[j][i] + 1e-36);
    kern_zero(what, g, k, live, ld, ldg);
    kern_untouched(what, g, k, ld, ldg);
    kern_done();
}

static void powers(const kedge_kern *kern)
{
    static const int exponents[] = {1, 2, 3, 4, 7, 8, 99, 100, 101, 1000};
    for (int i = 0; i < COUNT(exponents); i++)
        for (int k = 1; k <= MAX_K; k++)
            for (int form = 0; form < 4; form++) {
                separate_case p = {.power = exponents[i], .k = k, .live = 19 + (i + k) % 14, .shift = form & 1,
                                   .weighted = form & 2, .limit = INFINITY};
                run_case(kern, &p);
            }
}

static void numbers_of_samples(const kedge_kern *kern)
{
    for (int live = 1; live <= MAX_LIVE; live++)
        for (int form = 0; form < 6; form++) {
            separate_case p = {.power = form < 4 ? 100 : 7, .k = form % 2 ? 5 : 4, .live = live, .shift = form != 2,
                               .weighted = form == 3 || form == 5, .limit = INFINITY};
            run_case(kern, &p);
        }
}

/* Duplicates only, about a quarter of the pairs, all. */
static void limits(const kedge_kern *kern)
{
    static const int lives[] = {1, 2, 3, 4, 15, 16, 17, 31, 32, 33, 64, 65};
    static const float at[] = {0.99999f, 0.7f, -2};
    for (int i = 0; i < COUNT(lives); i++)
        for (int form = 0; form < 12; form++) {
            separate_case p = {.power = form % 2 ? 100 : 6, .k = 3 + 2 * (i % 3), .live = lives[i], .shift = form & 1,
                               .weighted = form & 2, .limit = at[form / 4]};
            run_case(kern, &p);
        }
}

static void one_sample_has_no_pair(const kedge_kern *kern)
{
    for (int k = 1; k <= MAX_K; k++) {
        kedge_separate s = {.power = 3, .scale = 0.5f, .bias = 0.5f, .limit = INFINITY};
        float *e = kern_matrix(k, 1, 16, -1, 1), *g = kern_output((size_t)k * 16, 0);
        float *work = kern_output(KEDGE_SEPARATE_WORK(k, 1), 0), *sum = kern_output(1, 0), *left = kern_output(1, 0);
        kern->separate(&s, k, 1, e, 16, NULL, g, 16, work, sum, left);
        assert_true(*sum == 0 && *left == 0);
        kern_zero("g", g, k, 0, 16, 16);
    }
}

/* The same bits whatever lies past live and in work before. */
static void junk_does_not_matter(const kedge_kern *kern)
{
    for (int live = 1; live <= MAX_LIVE; live++)
        for (int form = 0; form < 3; form++) {
            int k = 4 + form, ld = (live + 15) / 16 * 16;
            kedge_separate s = {.power = 100, .scale = 0.5f, .bias = 0.5f, .limit = 0.999f};
            size_t room = KEDGE_SEPARATE_WORK(k, live);
            float *e = unit_columns(k, live, ld), *c = form ? kern_matrix(1, live, ld, 0, 1) : NULL;
            float *g[2], *sums[2], *work[2] = {kern_input(room, -1e4, 1e4), kern_output(room, 0)};
            for (int turn = 0; turn < 2; turn++) {
                g[turn] = kern_output((size_t)k * (size_t)ld, 0);
                sums[turn] = kern_output(2, 0);
                kern->separate(&s, k, live, e, ld, c, g[turn], ld, work[turn], sums[turn], sums[turn] + 1);
                for (int j = 0; j < k; j++)
                    for (int i = live; i < ld; i++) e[kern_at(j, ld, i)] = (float)kern_draw(-1e4, 1e4);
                for (int i = live; c && i < ld; i++) c[i] = (float)kern_draw(-1e4, 1e4);
            }
            kern_same("g", g[1], g[0], (size_t)k * (size_t)ld);
            kern_same("sums", sums[1], sums[0], 2);
            kern_done();
        }
}

const kern_check kern_checks_separate[] = {
    {"powers 1 to 1000, k 1 to 9, with shift and weights", powers},
    {"1 to 70 samples", numbers_of_samples},
    {"limits", limits},
    {"one sample has no pair", one_sample_has_no_pair},
    {"junk past live does not matter", junk_does_not_matter},
    {0},
};
