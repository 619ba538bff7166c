/* sort.c - numbers in order. */
#include "base/sort.h"

#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void kedge_sort_reals(double *values, size_t n)
{
    if (n > 1) qsort(values, n, sizeof *values, by_value);
}
