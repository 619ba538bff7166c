/* surgery_redirect.c - dims that point the other way: at a constant place, or for each input. METHOD section 7. */
#include "steer/surgery_parts.h"

static bool redirect_calibrates(const kedge_surgery_options *options)
{
    return options->gamma == 0;
}

static kedge_status redirect(kedge_operation *self)
{
    const kedge_surgery_options *options = self->options;
    for (int d = 0; d < options->dims.n; d++) {
        double gamma = options->gamma > 0 ? options->gamma : self->reports[d].rms;
        if (!(gamma > 0))
            return kedge_fail(KEDGE_EINVALID, "dim %d of site '%s' is 0 on all data, so it has no typical size; give "
                              "gamma", (int)options->dims.at[d], options->site);
        self->reports[d].set = -gamma;
        kedge_operation_fix(self, (int)options->dims.at[d], (float)-gamma);
    }
    return KEDGE_OK;
}

static kedge_status reflect(kedge_operation *self)
{
    const kedge_ints *dims = &self->options->dims;
    for (int i = 0; i < self->after->n; i++) {
        const kedge_param *param = &self->after->list[i];
        if (!(self->roles[i] & (KEDGE_MAKES_ROWS | KEDGE_MAKES_BIAS))) continue;
        int n = param->cols > 0 ? param->cols : 1;
        for (int d = 0; d < dims->n; d++) {
            float *row = kedge_operation_tensor(self, i) + dims->at[d] * n;
            for (int j = 0; j < n; j++) row[j] = -row[j];
        }
    }
    return KEDGE_OK;
}

static const kedge_field redirect_fields[] = {
    {"gamma", KEDGE_FIELD_REAL, offsetof(kedge_surgery_options, gamma), 0, 1e6, NULL, "0",
     "how far the dims are moved to their negative side, before normalization; 0: as far as they are large on the "
     "data, root mean square"},
};

const kedge_surgery_kind kedge_surgery_redirect = {
    .variant = {"redirect", "makes the dims the constant -gamma for every input: the place opposite the concept",
                redirect_fields, sizeof redirect_fields / sizeof *redirect_fields},
    .calibrates = redirect_calibrates,
    .operate = redirect,
};

const kedge_surgery_kind kedge_surgery_reflect = {
    .variant = {"reflect", "negates the weights that make the dims", NULL, 0},
    .operate = reflect,
};
