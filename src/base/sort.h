/* sort.h - numbers in order. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

/* Ascending; none may be NaN. The C library's qsort, which may allocate: not for the inside of a training step. */
void kedge_sort_reals(double *values, size_t n);

#endif
