/* edits.c - the one list of kinds of edits, and the keys that all have. */
#include "steer/edit.h"

const kedge_edit_kind *const kedge_edit_kinds[] = {
    &kedge_edit_suppress,
    &kedge_edit_repel,
    &kedge_edit_zero,
    &kedge_edit_add,
    NULL,
};

int kedge_n_edit_kinds(void)
{
    return (int)(sizeof kedge_edit_kinds / sizeof *kedge_edit_kinds) - 1;
}

const kedge_field kedge_edit_fields[] = {
    {"site", KEDGE_FIELD_TEXT, offsetof(kedge_edit_options, site), 0, 0, NULL, "bottleneck",
     "the activation that is edited: bottleneck, pre-norm, encoder.N or decoder.N"},
};
const int kedge_n_edit_fields = sizeof kedge_edit_fields / sizeof *kedge_edit_fields;
