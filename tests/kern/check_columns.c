/* check_columns.c - what is computed for each column (sample) by itself, and sums over them. */
#include <math.h>

#include "kern_test.h"

static const int heights[] = {1, 2, 3, 4, 5, 7, 16, 17, 33, 64};
static const int batches[] = {16, 32, 48, 64, 80, 144};

/* Calls 'run' for all heights and batches; rows have gaps in every second case. */
static void for_all_sizes(const kedge_kern *kern, void (*run)(const kedge_kern *kern, int k, int n, int ld))
{
    for (int i = 0; i < COUNT(heights); i++)
        for (int j = 0; j < COUNT(batches); j++) {
            run(kern, heights[i], batches[j], batches[j] + (i + j) % 2 * 16);
            kern_done();
        }
}

/* ---- l2norm ---- */
static void l2norm_of(const kedge_kern *kern, int k, int n, int ld)
{
    float *x = kern_matrix(k, n, ld, -3, 3), *y = kern_output((size_t)k * (size_t)(ld + 16), 0);
    float *r = kern_output((size_t)n, 0), *alone = kern_output((size_t)k * (size_t)(ld + 16), 0);
    kern->l2norm(k, n, x, ld, y, ld + 16, r);
    kern->l2norm(k, n, x, ld, alone, ld + 16, NULL);
    for (int s = 0; s < n; s++) {
        double sum = 0;
        for (int j = 0; j < k; j++) sum += (double)x[kern_at(j, ld, s)] * (double)x[kern_at(j, ld, s)];
        kern_close("r", 0, s, (double)r[s], 1 / sqrt(sum), 6 * UNIT / sqrt(sum));
        for (int j = 0; j < k; j++) {
            double want = (double)x[kern_at(j, ld, s)] / sqrt(sum);
            kern_close("y", j, s, (double)y[kern_at(j, ld + 16, s)], want, 6 * UNIT * fabs(want));
        }
    }
    kern_untouched("y", y, k, n, ld + 16);
    kern_same("y without r", alone, y, (size_t)k * (size_t)(ld + 16));
}

static void l2norm_values(const kedge_kern *kern)
{
    for_all_sizes(kern, l2norm_of);
}

/* A column of zeros, and shorter than 1e-12: divided by 1e-12, not by 0. */
static void l2norm_short(const kedge_kern *kern)
{
    float *x = kern_input(2 * 16, -1, 1), *y = kern_output(2 * 16, 0), *r = kern_output(16, 0);
    x[0] = x[16] = 0;
    x[1] = 3e-14f;
    x[17] = -4e-14f;
    x[2] = 1e-30f;
    x[18] = 0;
    kern->l2norm(2, 16, x, 16, y, 16, r);
    for (int s = 0; s < 3; s++) kern_close("r", 0, s, (double)r[s], 1e12, 1e12 * 3 * UNIT);
    assert_true(y[0] == 0 && y[16] == 0);
    kern_close("y", 0, 1, (double)y[1], 0.03, 0.03 * 4 * UNIT);
    kern_close("y", 1, 1, (double)y[17], -0.04, 0.04 * 4 * UNIT);
    kern_close("y", 0, 2, (double)y[2], 1e-18, 1e-18 * 4 * UNIT);
}

const kern_check kern_checks_l2norm[] = {{"values", l2norm_values}, {"short columns", l2norm_short}, {0}};

static void l2norm_grad_case(const kedge_kern *kern, int k, int n, int ld, bool accumulate)
{
    float *y = kern_matrix(k, n, ld, -1, 1), *dy = kern_matrix(k, n, ld + 16, -2, 2);
    float *r = kern_input((size_t)n, 0.1, 4), *dx = kern_output((size_t)k * (size_t)(ld + 32), 0);
    float *prior = accumulate ? kern_prior(dx, k, n, ld + 32) : NULL;
    kern->l2norm_grad(k, n, y, ld, dy, ld + 16, r, accumulate, dx, ld + 32);
    for (int s = 0; s < n; s++) {
        double along = 0, size = 0;
        for (int j = 0; j < k; j++) {
            double term = (double)y[kern_at(j, ld, s)] * (double)dy[kern_at(j, ld + 16, s)];
            along += term;
            size += fabs(term);
        }
        for (int j = 0; j < k; j++) {
            double unit = (double)y[kern_at(j, ld, s)], slope = (double)dy[kern_at(j, ld + 16, s)];
            double before = prior ? (double)prior[kern_at(j, ld + 32, s)] : 0;
            kern_close("dx", j, s, (double)dx[kern_at(j, ld + 32, s)], before + (slope - unit * along) * (double)r[s],
                       4 * UNIT * (fabs(before) + (fabs(slope) + fabs(unit) * size) * (double)r[s]));
        }
    }
    kern_untouched("dx", dx, k, n, ld + 32);
}

static void l2norm_grad_of(const kedge_kern *kern, int k, int n, int ld)
{
    l2norm_grad_case(kern, k, n, ld, false);
    l2norm_grad_case(kern, k, n, ld, true);
}

static void l2norm_grad_values(const kedge_kern *kern)
{
    for_all_sizes(kern, l2norm_grad_of);
}

const kern_check kern_checks_l2norm_grad[] = {{"values, added or not", l2norm_grad_values}, {0}};

/* ---- difference ---- */
static void difference_case(const kedge_kern *kern, int rows, int n, int ld, int live)
{
    float *y = kern_matrix(rows, live, ld, -2, 2), *t = kern_matrix(rows, live, ld + 16, -2, 2);
    float *d = kern_output((size_t)rows * (size_t)(ld + 32), 0), *sum = kern_output(1, 0);
    kern->difference(rows, n, live, y, ld, t, ld + 16, d, ld + 32, sum);
    double want = 0;
    for (int j = 0; j < rows; j++)
        for (int s = 0; s < live; s++) {
            float difference = y[kern_at(j, ld, s)] - t[kern_at(j, ld + 16, s)];
            if (d[kern_at(j, ld + 32, s)] != difference) fail_msg("d (%d,%d) is not the rounded difference", j, s);
            want += (double)difference * (double)difference;
        }
    kern_close("sum", rows, live, (double)*sum, want, (4 + sqrt(rows * live)) * UNIT * want);
    kern_zero("d", d, rows, live, n, ld + 32);
    kern_untouched("d", d, rows, n, ld + 32);
}

static void difference_of(const kedge_kern *kern, int rows, int n, int ld)
{
    for (int live = n - 15; live <= n; live += 3) difference_case(kern, rows, n, ld, live);
    difference_case(kern, rows, n, ld, 1);
}

static void difference_values(const kedge_kern *kern)
{
    for_all_sizes(kern, difference_of);
}

const kern_check kern_checks_difference[] = {{"exact, 0 past live", difference_values}, {0}};

/* ---- project ---- */
static void project_of(const kedge_kern *kern, int k, int n, int ld)
{
    float *z = kern_matrix(k, n, ld, -2, 2), *p = kern_input((size_t)k, -1, 1), *a = kern_output((size_t)n, 0);
    kern->project(k, n, z, ld, p, a);
    for (int s = 0; s < n; s++) {
        double want = 0, size = 0;
        for (int j = 0; j < k; j++) {
            want += (double)p[j] * (double)z[kern_at(j, ld, s)];
            size += fabs((double)p[j] * (double)z[kern_at(j, ld, s)]);
        }
        kern_close("a", k, s, (double)a[s], want, 4 * UNIT * size);
    }
}

static void project_values(const kedge_kern *kern)
{
    for_all_sizes(kern, project_of);
}

const kern_check kern_checks_project[] = {{"values", project_values}, {0}};

static void project_grad_of(const kedge_kern *kern, int k, int n, int ld)
{
    for (int form = 0; form < 2; form++) {
        float *p = kern_input((size_t)k, -1, 1), *da = kern_input((size_t)n, -2, 2);
        float *dz = kern_output((size_t)k * (size_t)ld, 0), *prior = form ? kern_prior(dz, k, n, ld) : NULL;
        kern->project_grad(k, n, p, da, prior, dz, ld);
        for (int j = 0; j < k; j++)
            for (int s = 0; s < n; s++) {
                double part = (double)p[j] * (double)da[s], before = prior ? (double)prior[kern_at(j, ld, s)] : 0;
                kern_close("dz", j, s, (double)dz[kern_at(j, ld, s)], before + part,
                           UNIT * (2 * fabs(part) + fabs(before)));
            }
        kern_untouched("dz", dz, k, n, ld);
    }
}

static void project_grad_values(const kedge_kern *kern)
{
    for_all_sizes(kern, project_grad_of);
}

const kern_check kern_checks_project_grad[] = {{"values, added or not", project_grad_values}, {0}};

/* ---- distance ---- */
static void distance_of(const kedge_kern *kern, int k, int n, int ld)
{
    float *z = kern_matrix(k, n, ld, -2, 2), *p = kern_input((size_t)k, -1, 1), *m = kern_input((size_t)k, 0, 1);
    float *a = kern_output((size_t)n, 0);
    kern->distance(k, n, z, ld, p, m, a);
    for (int s = 0; s < n; s++) {
        double want = 0;
        for (int j = 0; j < k; j++) {
            double difference = (double)z[kern_at(j, ld, s)] - (double)p[j];
            want += (double)m[j] * difference * difference;
        }
        kern_close("a", k, s, (double)a[s], want, 8 * UNIT * want);
    }
}

static void distance_values(const kedge_kern *kern)
{
    for_all_sizes(kern, distance_of);
}

const kern_check kern_checks_distance[] = {{"values", distance_values}, {0}};

static void distance_grad_of(const kedge_kern *kern, int k, int n, int ld)
{
    for (int form = 0; form < 2; form++) {
        float *z = kern_matrix(k, n, ld, -2, 2), *p = kern_input((size_t)k, -1, 1), *m = kern_input((size_t)k, 0, 1);
        float *da = kern_input((size_t)n, -2, 2), *dz = kern_output((size_t)k * (size_t)(ld + 16), 0);
        float *prior = form ? kern_prior(dz, k, n, ld + 16) : NULL;
        kern->distance_grad(k, n, z, ld, p, m, da, prior, dz, ld + 16);
        for (int j = 0; j < k; j++)
            for (int s = 0; s < n; s++) {
                double part = 2 * (double)m[j] * ((double)z[kern_at(j, ld, s)] - (double)p[j]) * (double)da[s];
                double before = prior ? (double)prior[kern_at(j, ld + 16, s)] : 0;
                kern_close("dz", j, s, (double)dz[kern_at(j, ld + 16, s)], before + part,
                           UNIT * (5 * fabs(part) + fabs(before)));
            }
        kern_untouched("dz", dz, k, n, ld + 16);
    }
}

static void distance_grad_values(const kedge_kern *kern)
{
    for_all_sizes(kern, distance_grad_of);
}

const kern_check kern_checks_distance_grad[] = {{"values, added or not", distance_grad_values}, {0}};

/* ---- weighted_sum ---- */
static void weighted_sum_values(const kedge_kern *kern)
{
    for (int live = 1; live <= 150; live += live < 70 ? 1 : 16) {
        int n = (live + 15) / 16 * 16;
        float *a = kern_matrix(1, live, n, -1, 2), *l = kern_matrix(1, live, n, 0, 1);
        float *weighted = kern_output(1, 0), *plain = kern_output(1, 0);
        kern->weighted_sum(live, a, l, weighted);
        kern->weighted_sum(live, a, NULL, plain);
        double want = 0, want_plain = 0, size = 0, size_plain = 0;
        for (int s = 0; s < live; s++) {
            want += (double)a[s] * (double)l[s];
            size += fabs((double)a[s] * (double)l[s]);
            want_plain += (double)a[s];
            size_plain += fabs((double)a[s]);
        }
        kern_close("with l", live, 0, (double)*weighted, want, 6 * UNIT * size);
        kern_close("without l", live, 0, (double)*plain, want_plain, 6 * UNIT * size_plain);
        kern_done();
    }
}

const kern_check kern_checks_weighted_sum[] = {{"values, with and without weights", weighted_sum_values}, {0}};
