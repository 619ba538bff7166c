/* check_linear.c - products of a small weight matrix with a batch. */
#include <math.h>

#include "kern_test.h"

static const int widths[] = {1, 2, 3, 4, 5, 7, 16, 17, 33, 64};
static const int batches[] = {16, 32, 48, 64, 80, 144};

/* Calls 'run' for all pairs of widths, with batches that change from pair to pair. */
static void for_all_sizes(const kedge_kern *kern, void (*run)(const kedge_kern *kern, int m, int k, int n, int ld))
{
    int turn = 0;
    for (int i = 0; i < COUNT(widths); i++)
        for (int j = 0; j < COUNT(widths); j++, turn++) {
            int n = batches[turn % COUNT(batches)];
            run(kern, widths[i], widths[j], n, n + turn % 3 * 16);
            kern_done();
        }
}

static void linear_of(const kedge_kern *kern, int m, int k, int n, int ld)
{
    float *w = kern_input((size_t)m * (size_t)k, -1, 1), *b = kern_input((size_t)m, -1, 1);
    float *x = kern_matrix(k, n, ld, -2, 2), *y = kern_output((size_t)m * (size_t)(ld + 16), 0);
    kern->linear(m, k, n, w, b, x, ld, y, ld + 16);
    for (int i = 0; i < m; i++)
        for (int s = 0; s < n; s++) {
            double want = b[i], size = fabs(want);
            for (int j = 0; j < k; j++) {
                double term = (double)w[kern_at(i, k, j)] * (double)x[kern_at(j, ld, s)];
                want += term;
                size += fabs(term);
            }
            kern_close("y", i, s, (double)y[kern_at(i, ld + 16, s)], want, 4 * UNIT * size);
        }
    kern_untouched("y", y, m, n, ld + 16);
}

static void linear_values(const kedge_kern *kern)
{
    for_all_sizes(kern, linear_of);
}

const kern_check kern_checks_linear[] = {{"values of all sizes", linear_values}, {0}};

static void dx_case(const kedge_kern *kern, int m, int k, int n, int ld, bool scaled, bool accumulate)
{
    float *w = kern_input((size_t)m * (size_t)k, -1, 1), *dy = kern_matrix(m, n, ld, -2, 2);
    int lds = ld + 16, ldx = ld + 32;
    float *scale = scaled ? kern_matrix(k, n, lds, -1, 1.2) : NULL;
    float *dx = kern_output((size_t)k * (size_t)ldx, 0), *prior = accumulate ? kern_prior(dx, k, n, ldx) : NULL;
    kern->linear_dx(m, k, n, w, dy, ld, scale, lds, accumulate, dx, ldx);
    for (int j = 0; j < k; j++)
        for (int s = 0; s < n; s++) {
            double want = 0, size = 0;
            for (int i = 0; i < m; i++) {
                double term = (double)w[kern_at(i, k, j)] * (double)dy[kern_at(i, ld, s)];
                want += term;
                size += fabs(term);
            }
            double factor = scale ? (double)scale[kern_at(j, lds, s)] : 1;
            double before = prior ? (double)prior[kern_at(j, ldx, s)] : 0;
            kern_close("dx", j, s, (double)dx[kern_at(j, ldx, s)], want * factor + before,
                       4 * UNIT * (size * fabs(factor) + fabs(before)));
        }
    kern_untouched("dx", dx, k, n, ldx);
}

static void dx_of(const kedge_kern *kern, int m, int k, int n, int ld)
{
    for (int options = 0; options < 4; options++) dx_case(kern, m, k, n, ld, options & 1, options & 2);
}

static void dx_values(const kedge_kern *kern)
{
    for_all_sizes(kern, dx_of);
}

const kern_check kern_checks_linear_dx[] = {{"all sizes, scaled or not, added or not", dx_values}, {0}};

static void dw_case(const kedge_kern *kern, int m, int k, int n, int ld, bool accumulate)
{
    float *dy = kern_matrix(m, n, ld, -2, 2), *x = kern_matrix(k, n, ld + 16, -2, 2);
    float *dw = kern_output((size_t)m * (size_t)k, 0), *db = kern_output((size_t)m, 0);
    float *prior = accumulate ? kern_prior(dw, m, k, k) : NULL, *prior_b = accumulate ? kern_prior(db, 1, m, m) : NULL;
    kern->linear_dw(m, k, n, dy, ld, x, ld + 16, accumulate, dw, db);
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < k; j++) {
            double want = prior ? (double)prior[kern_at(i, k, j)] : 0, size = fabs(want);
            for (int s = 0; s < n; s++) {
                double term = (double)dy[kern_at(i, ld, s)] * (double)x[kern_at(j, ld + 16, s)];
                want += term;
                size += fabs(term);
            }
            kern_close("dw", i, j, (double)dw[kern_at(i, k, j)], want, 4 * UNIT * size);
        }
        double want = prior_b ? (double)prior_b[i] : 0, size = fabs(want);
        for (int s = 0; s < n; s++) {
            want += (double)dy[kern_at(i, ld, s)];
            size += fabs((double)dy[kern_at(i, ld, s)]);
        }
        kern_close("db", i, 0, (double)db[i], want, 4 * UNIT * size);
    }
}

static void dw_of(const kedge_kern *kern, int m, int k, int n, int ld)
{
    dw_case(kern, m, k, n, ld, false);
    dw_case(kern, m, k, n, ld, true);
}

static void dw_values(const kedge_kern *kern)
{
    for_all_sizes(kern, dw_of);
}

const kern_check kern_checks_linear_dw[] = {{"all sizes, added or not", dw_values}, {0}};
