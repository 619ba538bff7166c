/* surgery_redirect.c - dims that point the other way: at a constant place, or for each input. METHOD section 7. */
#include "steer/surgery.h"

static const kedge_field redirect_fields[] = {
    {"gamma", KEDGE_FIELD_REAL, offsetof(kedge_surgery_options, gamma), 0, 1e6, NULL, "0",
     "how far the dims are moved to their negative side, before normalization; 0: as far as they are large on the "
     "data, root mean square"},
};

const kedge_surgery_kind kedge_surgery_redirect = {
    .variant = {"redirect", "makes the dims the constant -gamma for every input: the place opposite the concept",
                redirect_fields, sizeof redirect_fields / sizeof *redirect_fields},
    .needs_data = true,
};

const kedge_surgery_kind kedge_surgery_reflect = {
    .variant = {"reflect", "negates the weights that make the dims", NULL, 0},
};
