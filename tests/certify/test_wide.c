/* norms from above. */
#include "attack.h"

#include "certify/wide.h"

/* The largest singular value by power iteration, from below. */
static double power_iteration(int rows, int cols, const double *columns)
{
    double x[8] = {1, 0.3, -0.7, 0.2, 0.9, -0.4, 0.1, 0.5}, y[8], size = 0;
    for (int pass = 0; pass < 2000; pass++) {
        for (int r = 0; r < rows; r++) {
            y[r] = 0;
            for (int c = 0; c < cols; c++) y[r] += columns[c * rows + r] * x[c];
        }
        size = length_of(rows, y) / length_of(cols, x);
        for (int c = 0; c < cols; c++) {
            x[c] = 0;
            for (int r = 0; r < rows; r++) x[c] += columns[c * rows + r] * y[r];
        }
        double length = length_of(cols, x);
        for (int c = 0; c < cols; c++) x[c] /= length;
    }
    return size;
}

static void bounds_the_largest_singular_value(void **state)
{
    fixture *f = *state;
    double columns[64], work[128];
    for (int trial = 0; trial < 200; trial++) {
        int rows = 1 + trial % 8, cols = 1 + trial / 8 % 8;
        for (int i = 0; i < rows * cols; i++) columns[i] = uniform(f, -1, 1) * pow(10, trial % 5 - 2);
        double least = power_iteration(rows, cols, columns), bound = kedge_spectral_bound(rows, cols, columns, work);
        assert_true(bound >= least * (1 - 1e-12) && bound <= least * 1.03);
    }
}

static void nothing_has_no_norm(void **state)
{
    (void)state;
    double columns[6] = {0}, work[8];
    assert_true(kedge_spectral_bound(2, 3, columns, work) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(bounds_the_largest_singular_value), TEST(nothing_has_no_norm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
