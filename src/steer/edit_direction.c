/* edit_direction.c - what edits along a direction share. */
#include "steer/edit_direction.h"

#include <math.h>

double kedge_cos_degrees(double angle)
{
    /* Of the angles that have a rational cosine only 60 would miss it. */
    return angle == 60 ? 0.5 : sin((90 - angle) * (M_PI / 180));
}

double *kedge_edit_direction(const kedge_edit_options *options, kedge_node *site)
{
    const char *kind = kedge_edit_kinds[options->kind]->variant.name;
    const kedge_reals *direction = &options->direction;
    double largest = 0, sum = 0, *v = NULL;
    kedge_status status;
    for (int k = 0; k < direction->n; k++) largest = fmax(largest, fabs(direction->at[k]));
    if (direction->n != site->rows)
        status = kedge_fail(KEDGE_EINVALID, "%s: 'direction' has %d numbers; site '%s' has %d dims", kind, direction->n,
                            options->site, site->rows);
    else if (largest == 0)
        status = kedge_fail(KEDGE_EINVALID, "%s: 'direction' is all 0; must have a number that is not", kind);
    else if (!(v = kedge_arena_alloc(&site->graph->arena, (size_t)site->rows, sizeof *v)))
        status = kedge_fail_memory("an edit");
    else
        status = KEDGE_OK;
    if (status) {
        kedge_graph_error(site->graph, status);
        return NULL;
    }
    /* by the largest first: squares of what a file may hold can be too large or too small for a number */
    for (int k = 0; k < site->rows; k++) v[k] = direction->at[k] / largest;
    for (int k = 0; k < site->rows; k++) sum += v[k] * v[k];
    for (int k = 0; k < site->rows; k++) v[k] /= sqrt(sum);
    return v;
}
