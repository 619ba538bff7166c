/* surgery_ablate.c - dims that carry nothing any more: their weights zeroed, or gone. METHOD section 7. */
#include "steer/surgery_parts.h"

static kedge_status ablate(kedge_operation *self)
{
    const kedge_ints *dims = &self->options->dims;
    for (int d = 0; d < dims->n; d++) kedge_operation_fix(self, (int)dims->at[d], 0);
    for (int i = 0; i < self->after->n; i++) {
        const kedge_param *param = &self->after->list[i];
        float *values = kedge_operation_tensor(self, i);
        if (!(self->roles[i] & KEDGE_READS_COLUMNS)) continue;
        for (int row = 0; row < param->rows; row++)
            for (int d = 0; d < dims->n; d++) values[(int64_t)row * param->cols + dims->at[d]] = 0;
    }
    return KEDGE_OK;
}

static bool is_gone(const kedge_ints *dims, int dim)
{
    for (int d = 0; d < dims->n; d++)
        if (dims->at[d] == dim) return true;
    return false;
}

/* The smaller tensor's numbers are the larger one's, in order, without the rows and columns that are gone. */
static kedge_status prune(kedge_operation *self)
{
    const kedge_ints *dims = &self->options->dims;
    for (int i = 0; i < self->after->n; i++) {
        const kedge_param *param = &self->before->list[i];
        const float *from = self->before->values + param->offset;
        float *to = kedge_operation_tensor(self, i);
        bool rows = self->roles[i] & (KEDGE_MAKES_ROWS | KEDGE_MAKES_BIAS);
        bool columns = self->roles[i] & KEDGE_READS_COLUMNS;
        int n = param->cols > 0 ? param->cols : 1;
        for (int row = 0; row < param->rows; row++, from += n) {
            if (rows && is_gone(dims, row)) continue;
            for (int j = 0; j < n; j++)
                if (!columns || !is_gone(dims, j)) *to++ = from[j];
        }
    }
    return KEDGE_OK;
}

const kedge_surgery_kind kedge_surgery_ablate = {
    .variant = {"ablate", "zeroes the weights that make the dims and those that read them", NULL, 0},
    .operate = ablate,
};

const kedge_surgery_kind kedge_surgery_prune = {
    .variant = {"prune", "deletes those weights: a smaller network with the same outputs as after `ablate`", NULL, 0},
    .resizes = true,
    .operate = prune,
};
