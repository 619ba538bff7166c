/* plan.h - offsets for buffers with lifetimes. */
#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct kedge_buffer {
    size_t size;      /* floats */
    int first, last;  /* the steps at which it is in use, both included */
    size_t offset;    /* found by kedge_plan_offsets: a multiple of 16 floats */
} kedge_buffer;

/* Places buffers so that no two that are in use at one step overlap: largest first, each at the lowest offset that
 * is free. 'order' is scratch of n ints. Returns the floats needed. */
size_t kedge_plan_offsets(kedge_buffer *buffers, int n, int *order);

#endif
