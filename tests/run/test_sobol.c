/* test_sobol.c - Sobol's sequence against known points, and what it promises. */
#include "unit.h"

#include <stdbool.h>
#include <string.h>

#include "run/sobol.h"

/* Of 32 binary places, the first four. */
static void the_first_points_in_four_dimensions(void **state)
{
    (void)state;
    static const uint32_t eighths[8][4] = {{0, 0, 0, 0}, {4, 4, 4, 4}, {6, 2, 2, 2}, {2, 6, 6, 6},
                                           {3, 3, 5, 7}, {7, 7, 1, 3}, {5, 1, 7, 5}, {1, 5, 3, 1}};
    for (uint32_t i = 0; i < 8; i++)
        for (int dim = 0; dim < 4; dim++) assert_int_equal(kedge_sobol(dim, i), eighths[i][dim] << 29);
}

/* As the sequence of the same direction numbers in SciPy 1.10 has it. */
static void later_points_in_sixteen_dimensions(void **state)
{
    (void)state;
    static const uint32_t sixteenths[16] = {13, 11, 13, 1, 7, 15, 9, 9, 9, 7, 13, 15, 1, 13, 3, 9};
    static const uint32_t of_1024[16] = {225, 99, 531, 693, 287, 929, 47, 921, 513, 71, 87, 261, 165, 393, 147, 379};
    for (int dim = 0; dim < 16; dim++) {
        assert_int_equal(kedge_sobol(dim, 13), sixteenths[dim] << 28);
        assert_int_equal(kedge_sobol(dim, 1000), of_1024[dim] << 22);
    }
}

/* Of every block of 256 points each 256th part of every axis holds one. */
static void every_dimension_is_even(void **state)
{
    (void)state;
    for (int dim = 0; dim < KEDGE_SOBOL_DIMS; dim++) {
        for (uint32_t block = 0; block < 4; block++) {
            bool seen[256] = {false};
            for (uint32_t i = 0; i < 256; i++) {
                uint32_t cell = kedge_sobol(dim, 256 * block + i) >> 24;
                assert_false(seen[cell]);
                seen[cell] = true;
            }
        }
    }
}

/* The first two make a (0, 2)-net: 256 points in 16 x 16 cells. */
static void the_first_two_dimensions_are_even_together(void **state)
{
    (void)state;
    bool seen[256] = {false};
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t cell = (kedge_sobol(0, i) >> 28) << 4 | kedge_sobol(1, i) >> 28;
        assert_false(seen[cell]);
        seen[cell] = true;
    }
}

static void no_two_dimensions_are_the_same(void **state)
{
    (void)state;
    for (int a = 0; a < KEDGE_SOBOL_DIMS; a++) {
        for (int b = 0; b < a; b++) {
            bool differ = false;
            for (uint32_t i = 0; i < 256 && !differ; i++) differ = kedge_sobol(a, i) != kedge_sobol(b, i);
            assert_true(differ);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_points_in_four_dimensions),
        cmocka_unit_test(later_points_in_sixteen_dimensions),
        cmocka_unit_test(every_dimension_is_even),
        cmocka_unit_test(the_first_two_dimensions_are_even_together),
        cmocka_unit_test(no_two_dimensions_are_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
