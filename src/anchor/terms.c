/* terms.c - the one list of term kinds, and the keys that all have. */
#include "anchor/term.h"

const kedge_term_kind *const kedge_term_kinds[] = {
    &kedge_term_anchor,
    &kedge_term_anti_anchor,
    &kedge_term_subspace,
    &kedge_term_anti_subspace,
    &kedge_term_unitarity,
    &kedge_term_separate,
    &kedge_term_separate_pairs,
    &kedge_term_separate_inverse,
    &kedge_term_captured_anchor,
    &kedge_term_fallback,
    NULL,
};

int kedge_n_term_kinds(void)
{
    return (int)(sizeof kedge_term_kinds / sizeof *kedge_term_kinds) - 1;
}

const kedge_field kedge_term_fields[] = {
    {"site", KEDGE_FIELD_TEXT, offsetof(kedge_term_options, site), 0, 0, NULL, "bottleneck",
     "the activation it acts on: bottleneck, pre-norm, encoder.N or decoder.N"},
    {"labels", KEDGE_FIELD_WEIGHTS, offsetof(kedge_term_options, labels), 0, 1, NULL, "",
     "label: affinity pairs; a sample's weight is their sum, at most 1; without labels the term acts on every sample"},
    {"scale", KEDGE_FIELD_REAL, offsetof(kedge_term_options, scale), 0, 1e6, NULL, "1",
     "a factor on its weight at every step: what a sweep varies where the schedule is a sheet; 0 leaves the term out"},
};
const int kedge_n_term_fields = sizeof kedge_term_fields / sizeof *kedge_term_fields;
