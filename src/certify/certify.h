/* certify.h - a plan's certificate on bare parameters: cells of alignment with bounds. */
#ifndef CERTIFY_CERTIFY_H
#define CERTIFY_CERTIFY_H

#include "certify/path.h"
#include "kedge/certify.h"

/* Cells of (0, 1] for the model whose numbers stand in 'params'; outputs count as clamped to [0,1] if 'clamp'.
 * Cells and path lie in the arena; points and measured are left at 0. Threads of the arena's context.
 * KEDGE_EUNSUPPORTED, KEDGE_EINVALID, KEDGE_ENUMERIC, KEDGE_ENOMEM as kedge_certify. */
kedge_status kedge_certify_cells(kedge_certificate_cell **cells, int *n, kedge_path *path, kedge_arena *arena,
                                 const kedge_plan_options *plan, const kedge_model_options *model,
                                 const kedge_params *params, int n_outputs, bool clamp,
                                 const kedge_certify_options *options);

/* The alignment of a latent as the model gave it [K], of any length: exactly as edits see it. Below 0 where it
 * points away from v. 0 of what has no length. */
double kedge_certify_alignment(const kedge_path *path, const float *latent);

/* The cell of an alignment in [0,1]. */
int kedge_certify_cell(const kedge_certificate_cell *cells, int n, double alignment);

#endif
