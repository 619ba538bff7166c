/* branch.h - the largest change of output over a set of latents, from above, by branch and bound. */
#ifndef CERTIFY_BRANCH_H
#define CERTIFY_BRANCH_H

#include "certify/search.h"

typedef struct kedge_branch_options {
    long patches;              /* at most so many are bounded, after those of the first covering */
    double relative, absolute; /* done when bound <= (1 + relative) found + absolute, as root mean squares */
    int trials;                /* of the search */
    uint32_t stream;           /* its random stream */
    double most;               /* a bound that is known already, mean square; INFINITY: none */
} kedge_branch_options;

typedef struct kedge_branch kedge_branch;

/* Scratch for one thread. KEDGE_ENOMEM. */
kedge_status kedge_branch_create(kedge_branch **out, kedge_context *ctx, const kedge_patch_kind *kind, long patches);
void kedge_branch_free(kedge_branch *branch);

typedef struct kedge_branch_result {
    double bound, found; /* mean squares */
    long patches;        /* bounded */
} kedge_branch_result;

/* Over all latents of the ranges (of angles, and at most one corner). The patch with the largest bound is halved
 * until what was found comes near, or there were enough: the bound is sound at any time. The result depends on the
 * arguments alone. No allocation. */
kedge_branch_result kedge_branch_run(kedge_branch *branch, const kedge_branch_options *options,
                                     const kedge_probe_range *ranges, int n);

#endif
