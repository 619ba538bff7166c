/* surgery_kinds.c - the one list of kinds of surgery, and the keys that all have. */
#include "steer/surgery.h"

const kedge_surgery_kind *const kedge_surgery_kinds[] = {
    &kedge_surgery_ablate,
    &kedge_surgery_prune,
    &kedge_surgery_redirect,
    &kedge_surgery_reflect,
    &kedge_surgery_constant,
    NULL,
};

int kedge_n_surgery_kinds(void)
{
    return (int)(sizeof kedge_surgery_kinds / sizeof *kedge_surgery_kinds) - 1;
}

const kedge_field kedge_surgery_fields[] = {
    {"site", KEDGE_FIELD_TEXT, offsetof(kedge_surgery_options, site), 0, 0, NULL, "bottleneck",
     "the activation whose dims are operated on: bottleneck, pre-norm, encoder.N or decoder.N"},
    {"dims", KEDGE_FIELD_INTS, offsetof(kedge_surgery_options, dims), 0, 65535, NULL, NULL,
     "the dims of the site, counted from 0"},
};
const int kedge_n_surgery_fields = sizeof kedge_surgery_fields / sizeof *kedge_surgery_fields;
