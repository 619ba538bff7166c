/* surgery_constant.c - dims that are one number for every input. METHOD section 7. */
#include "steer/surgery.h"

static const kedge_field fields[] = {
    {"value", KEDGE_FIELD_REALS, offsetof(kedge_surgery_options, value), 0, 0, NULL, "",
     "the constant of each dim, before normalization; left out: those that make the mean squared error on the data "
     "least"},
};

const kedge_surgery_kind kedge_surgery_constant = {
    .variant = {"constant", "makes the dims the constants that harm least, or given ones", fields,
                sizeof fields / sizeof *fields},
    .needs_data = true,
};
