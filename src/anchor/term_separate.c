/* term_separate.c - push samples of a batch apart. METHOD section 3. */
#include "anchor/term.h"
#include "ops/ops.h"

static kedge_node *separate(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    return kedge_separate_pairs(kedge_unit(site), KEDGE_SEPARATE_ROWS, (int)options->power, options->shift, labels);
}

static kedge_node *separate_pairs(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    return kedge_separate_pairs(kedge_unit(site), KEDGE_SEPARATE_PAIRS, (int)options->power, false, labels);
}

static kedge_node *separate_inverse(const kedge_term_options *options, kedge_node *site, kedge_node *labels)
{
    (void)options;
    return kedge_separate_inverse(site, labels);
}

static const kedge_field separate_fields[] = {
    {"power", KEDGE_FIELD_INT, offsetof(kedge_term_options, power), 1, 1000, NULL, "100",
     "the exponent of the cosine: the higher, the nearer two samples must be to repel each other"},
    {"shift", KEDGE_FIELD_BOOL, offsetof(kedge_term_options, shift), 0, 0, NULL, "true",
     "raise (cos + 1) / 2 to the power instead of cos"},
};

static const kedge_field separate_pairs_fields[] = {
    {"power", KEDGE_FIELD_INT, offsetof(kedge_term_options, power), 1, 1000, NULL, "2", "the exponent of the cosine"},
};

const kedge_term_kind kedge_term_separate = {
    .variant = {"separate", "pushes samples apart: the sum of cos^power over the batch, averaged over samples",
                separate_fields, 2},
    .build = separate,
};
const kedge_term_kind kedge_term_separate_pairs = {
    .variant = {"separate-pairs", "pushes samples apart: the mean of cos^power over all pairs of the batch",
                separate_pairs_fields, 1},
    .build = separate_pairs,
};
const kedge_term_kind kedge_term_separate_inverse = {
    .variant = {"separate-inverse", "pushes samples apart: the mean of 1 / distance^2; fights unitarity", NULL, 0},
    .build = separate_inverse,
};
