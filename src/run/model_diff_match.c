/* model_diff_match.c - the lines that a smaller tensor has kept of a larger one. */
#include "run/model_diff.h"

static int64_t count_differing(const kedge_lines *many, int i, const kedge_lines *few, int j)
{
    const float *x = many->values + i * many->step, *y = few->values + j * few->step;
    int64_t n = 0;
    for (int k = 0; k < many->length; k++) n += kedge_differs(x[k * many->stride], y[k * few->stride]);
    return n;
}

/* Line j of few is line j + s of many, with s in [0, gone] that never falls: so cost(j, s) = differing(j + s, j) + the
 * least cost(j - 1, s') over s' <= s. */
kedge_status kedge_lines_match(const kedge_lines *many, const kedge_lines *few, int *at, int64_t *differ,
                               kedge_arena *arena)
{
    size_t shifts = (size_t)(many->n - few->n) + 1, cells = (size_t)few->n * shifts;
    *differ = -1;
    if (cells * (size_t)many->length > (size_t)1 << 28) return KEDGE_OK;
    int64_t *cost = kedge_arena_alloc(arena, shifts, sizeof *cost);
    int *from = kedge_arena_alloc(arena, cells, sizeof *from);
    if (!cost || !from) return kedge_fail_memory("a comparison of models");
    for (int j = 0; j < few->n; j++) {
        size_t best = 0; /* the shift up to here with the least cost so far */
        int64_t least = cost[0];
        for (size_t s = 0; s < shifts; s++) {
            if (cost[s] < least) least = cost[s], best = s;
            from[(size_t)j * shifts + s] = (int)best;
            cost[s] = least + count_differing(many, j + (int)s, few, j);
        }
    }
    size_t shift = 0;
    for (size_t s = 1; s < shifts; s++)
        if (cost[s] < cost[shift]) shift = s;
    *differ = cost[shift];
    for (int j = few->n - 1; j >= 0; j--) {
        at[j] = j + (int)shift;
        shift = (size_t)from[(size_t)j * shifts + shift];
    }
    return KEDGE_OK;
}
