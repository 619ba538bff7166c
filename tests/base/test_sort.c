/* test_sort.c - numbers in order. */
#include "unit.h"

#include <math.h>

#include "base/sort.h"

static void values_rise(void **state)
{
    (void)state;
    double values[] = {3, -1, INFINITY, 0, -INFINITY, 3, 1e-300};
    const double sorted[] = {-INFINITY, -1, 0, 1e-300, 3, 3, INFINITY};
    kedge_sort_reals(values, 7);
    for (int i = 0; i < 7; i++) assert_true(values[i] == sorted[i]);
}

static void none_and_one_stay(void **state)
{
    (void)state;
    double one = 2;
    kedge_sort_reals(NULL, 0);
    kedge_sort_reals(&one, 1);
    assert_true(one == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_rise),
        cmocka_unit_test(none_and_one_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
