/* check_update.c - updates of the parameters, random words, and what is drawn with them. */
#include <math.h>
#include <string.h>

#include <Random123/philox.h>

#include "kern_test.h"

/* ---- adam, adamw ---- */
static const int update_sizes[] = {16, 32, 48, 272, 1040};

/* With 'decay' NULL by the kernel adam, else by adamw. */
static void adam_family(const kedge_kern *kern, const float *decay)
{
    float rate = 0.0123f, root = 3.7f, b1 = 0.9f, b2 = 0.999f, eps = 1e-8f;
    for (int c = 0; c < COUNT(update_sizes); c++) {
        int n = update_sizes[c];
        float *g = kern_input((size_t)n, -1, 1);
        float *m = kern_output((size_t)n, 0), *v = kern_output((size_t)n, 0), *p = kern_output((size_t)n, 0);
        float *m0 = kern_prior(m, 1, n, n), *v0 = kern_prior(v, 1, n, n), *p0 = kern_prior(p, 1, n, n);
        for (int i = 0; i < n; i++) v[i] = v0[i] = v0[i] * v0[i];
        if (decay) kern->adamw(n, g, rate, root, b1, b2, eps, *decay, m, v, p);
        else kern->adam(n, g, rate, root, b1, b2, eps, m, v, p);
        for (int i = 0; i < n; i++) {
            double old = (double)b1 * (double)m0[i], add = (1 - (double)b1) * (double)g[i];
            kern_close("m", 0, i, (double)m[i], old + add, 2 * UNIT * (fabs(old) + fabs(add)));
            double second = (double)b2 * (double)v0[i] + (1 - (double)b2) * (double)g[i] * (double)g[i];
            kern_close("v", 0, i, (double)v[i], second, 3 * UNIT * second);
            double scale = (double)rate / (sqrt(second) * (double)root + (double)eps), size = fabs((double)p0[i]);
            double lost = decay ? (double)*decay * (double)p0[i] : 0;
            kern_close("p", 0, i, (double)p[i], (double)p0[i] - lost - scale * (old + add),
                       UNIT * (size + 3 * fabs(lost) + 9 * scale * (fabs(old) + fabs(add))));
        }
    }
}

static void adam_values(const kedge_kern *kern)
{
    adam_family(kern, NULL);
}

static void adamw_values(const kedge_kern *kern)
{
    static const float decays[] = {0, 1e-4f, 0.3f, 1};
    for (int c = 0; c < COUNT(decays); c++) adam_family(kern, &decays[c]);
}

static void adam_at_rest(const kedge_kern *kern)
{
    enum { N = 48 };
    float *g = kern_input(N, 0, 0), *m = kern_input(N, 0, 0), *v = kern_input(N, 0, 0), *p = kern_input(N, -1, 1);
    float *before = kern_output(N, 0);
    memcpy(before, p, N * sizeof *p);
    kern->adam(N, g, 10, 31.6f, 0.9f, 0.999f, 1e-8f, m, v, p);
    kern_same("p without gradient", p, before, N);
}

static void adamw_is_adam(const kedge_kern *kern)
{
    enum { N = 272 };
    float *g = kern_input(N, -1, 1), *at[2][3];
    for (int j = 0; j < 3; j++) {
        at[0][j] = kern_input(N, j == 1 ? 0 : -1, 1); /* squares are positive */
        at[1][j] = kern_output(N, 0);
        memcpy(at[1][j], at[0][j], N * sizeof *at[0][j]);
    }
    kern->adam(N, g, 0.1f, 3.7f, 0.9f, 0.999f, 1e-8f, at[0][0], at[0][1], at[0][2]);
    kern->adamw(N, g, 0.1f, 3.7f, 0.9f, 0.999f, 1e-8f, 0, at[1][0], at[1][1], at[1][2]);
    for (int j = 0; j < 3; j++) kern_same("adamw without decay", at[1][j], at[0][j], N);
}

const kern_check kern_checks_adam[] = {{"one step", adam_values}, {"no gradient, no move", adam_at_rest}, {0}};
const kern_check kern_checks_adamw[] = {{"one step", adamw_values}, {"without decay it is adam", adamw_is_adam}, {0}};

/* ---- sgd ---- */
static void sgd_step(const kedge_kern *kern, int n, float mu, bool nesterov, float decay)
{
    float rate = 0.0123f;
    float *g = kern_input((size_t)n, -1, 1), *v = kern_output((size_t)n, 0), *p = kern_output((size_t)n, 0);
    float *v0 = kern_prior(v, 1, n, n), *p0 = kern_prior(p, 1, n, n);
    kern->sgd(n, g, rate, mu, nesterov, decay, v, p);
    for (int i = 0; i < n; i++) {
        double d = (double)g[i] + (double)decay * (double)p0[i], old = (double)mu * (double)v0[i];
        double size = fabs((double)g[i]) + fabs((double)decay * (double)p0[i]) + fabs(old);
        kern_close("v", 0, i, (double)v[i], old + d, 3 * UNIT * size);
        double move = nesterov ? d + (double)mu * (old + d) : old + d;
        kern_close("p", 0, i, (double)p[i], (double)p0[i] - (double)rate * move,
                   UNIT * (fabs((double)p0[i]) + 10 * (double)rate * size));
    }
}

static void sgd_values(const kedge_kern *kern)
{
    static const float moments[] = {0, 0.5f, 0.9f}, decays[] = {0, 0.02f};
    for (int c = 0; c < COUNT(update_sizes) * COUNT(moments) * COUNT(decays); c++)
        for (int nesterov = 0; nesterov < 2; nesterov++)
            sgd_step(kern, update_sizes[c % COUNT(update_sizes)], moments[c / COUNT(update_sizes) % COUNT(moments)],
                     nesterov, decays[c / COUNT(update_sizes) / COUNT(moments)]);
}

static void sgd_at_rest(const kedge_kern *kern)
{
    enum { N = 48 };
    float *g = kern_input(N, 0, 0), *v = kern_input(N, 0, 0), *p = kern_input(N, -1, 1), *before = kern_output(N, 0);
    memcpy(before, p, N * sizeof *p);
    kern->sgd(N, g, 10, 0.9f, true, 0, v, p);
    kern_same("p without gradient", p, before, N);
}

const kern_check kern_checks_sgd[] = {{"one step", sgd_values}, {"no gradient, no move", sgd_at_rest}, {0}};

/* ---- philox ---- */
static void philox_zero(const kedge_kern *kern)
{
    uint32_t *w[4];
    for (int j = 0; j < 4; j++) w[j] = kern_words(16);
    kern->philox(16, (const uint32_t[2]){0}, (const uint32_t[3]){0}, w[0], w[1], w[2], w[3]);
    /* The vector that comes with Random123 for zero key and counter. */
    assert_true(w[0][0] == 0x6627e8d5 && w[1][0] == 0xe169c58d && w[2][0] == 0xbc57ac4c && w[3][0] == 0x9b00dbd8);
}

static void philox_values(const kedge_kern *kern)
{
    static const int ns[] = {16, 32, 48, 64, 80, 112, 528};
    static const uint32_t words[][5] = {{0, 0, 0, 0, 0},
                                        {17, 0, 1, 2, 3},
                                        {0xa4093822, 0x299f31d0, 0x85a308d3, 0x13198a2e, 0x03707344},
                                        {~0u, ~0u, ~0u, ~0u, ~0u}};
    for (int c = 0; c < COUNT(words); c++)
        for (int s = 0; s < COUNT(ns); s++) {
            uint32_t *w[4];
            for (int j = 0; j < 4; j++) w[j] = kern_words((size_t)ns[s]);
            kern->philox(ns[s], words[c], words[c] + 2, w[0], w[1], w[2], w[3]);
            philox4x32_key_t key = {{words[c][0], words[c][1]}};
            for (int i = 0; i < ns[s]; i++) {
                philox4x32_ctr_t counter = {{(uint32_t)i, words[c][2], words[c][3], words[c][4]}};
                philox4x32_ctr_t want = philox4x32(counter, key);
                for (int j = 0; j < 4; j++)
                    if (w[j][i] != want.v[j])
                        fail_msg("key %d, n %d: word %d of block %d is %08x, should be %08x", c, ns[s], j, i, w[j][i],
                                 want.v[j]);
            }
        }
}

const kern_check kern_checks_philox[] = {
    {"published answer for zeros", philox_zero}, {"bit for bit Random123", philox_values}, {0}};

/* ---- bernoulli and gather ---- */
static uint32_t *drawn_words(int n, double low, double high)
{
    uint32_t *words = kern_words((size_t)n);
    for (int i = 0; i < n; i++) words[i] = (uint32_t)kern_draw(low, high);
    return words;
}

static void bernoulli_values(const kedge_kern *kern)
{
    static const int ns[] = {16, 32, 48, 64, 80, 1040};
    enum { POINTS = 40 };
    for (int c = 0; c < COUNT(ns); c++) {
        int n = ns[c], count = 0;
        uint32_t *word = drawn_words(n, 0, 0x1p32), *index = drawn_words(n, 0, POINTS);
        uint32_t *threshold = drawn_words(POINTS, 0, 0x1p31);
        /* never, always, and the words on either side of a threshold */
        threshold[0] = 0;
        threshold[1] = 1u << 31;
        threshold[2] = 5;
        word[0] = 0, index[0] = 0;
        word[1] = ~0u, index[1] = 1;
        word[2] = 9, index[2] = 2;
        word[3] = 10, index[3] = 2;
        float *l = kern_output((size_t)n, 0), *sum = kern_output(1, 0);
        kern->bernoulli(n, word, threshold, index, l, sum);
        for (int i = 0; i < n; i++) {
            bool hit = (word[i] >> 1) < threshold[index[i]];
            count += hit;
            if (l[i] != (float)hit) fail_msg("l[%d] is %g, should be %d", i, (double)l[i], hit);
        }
        assert_true(l[0] == 0 && l[1] == 1 && l[2] == 1 && l[3] == 0);
        assert_true(*sum == (float)count);
    }
}

const kern_check kern_checks_bernoulli[] = {{"exact, edges of thresholds too", bernoulli_values}, {0}};

static void gather_values(const kedge_kern *kern)
{
    static const int ns[] = {16, 32, 48, 64, 80, 1040};
    enum { POINTS = 37 };
    float *x = kern_input(POINTS, -1, 1);
    for (int c = 0; c < COUNT(ns); c++) {
        uint32_t *index = drawn_words(ns[c], 0, POINTS);
        index[0] = POINTS - 1;
        float *y = kern_output((size_t)ns[c], 0);
        kern->gather(ns[c], x, index, y);
        for (int i = 0; i < ns[c]; i++) kern_same("y", y + i, x + index[i], 1);
    }
}

const kern_check kern_checks_gather[] = {{"exact", gather_values}, {0}};
