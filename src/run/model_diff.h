/* model_diff.h - inside of comparing models: which lines of a tensor of another shape are the same ones. */
#ifndef RUN_MODEL_DIFF_H
#define RUN_MODEL_DIFF_H

#include "base/arena.h"
#include "base/error.h"

/* One tensor as rows and columns; line i of an axis and what lies along it. */
typedef struct kedge_lines {
    const float *values;
    int n, length;          /* lines, entries in each */
    ptrdiff_t step, stride; /* floats from line to line, from entry to entry */
} kedge_lines;

/* Which lines of 'many' the lines of 'few' are, of equal length, in order: of all choices the one with the fewest
 * entries that differ, of those the one with the lowest lines. at [few->n] gets it. 'differ' is how many entries differ
 * then, or -1 where there would be too much to look at (more than 2^28 comparisons). KEDGE_ENOMEM. */
kedge_status kedge_lines_match(const kedge_lines *many, const kedge_lines *few, int *at, int64_t *differ,
                               kedge_arena *arena);

/* Whether two numbers differ: NaN is like NaN, 0 like -0. */
static inline bool kedge_differs(float a, float b)
{
    return !(a == b || (a != a && b != b));
}

#endif
