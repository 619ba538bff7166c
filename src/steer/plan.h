/* plan.h - a plan: surgery and edits in order, made ready for one shape of model, applied to one run after another. */
#ifndef STEER_PLAN_H
#define STEER_PLAN_H

#include "steer/edit.h"
#include "steer/evaluator.h"
#include "steer/surgery.h"

typedef struct kedge_plan_step {
    bool is_surgery;
    kedge_edit_options edit;       /* if not */
    kedge_surgery_options surgery; /* if so */
} kedge_plan_step;

typedef struct kedge_plan_options {
    const char *name;
    int n_steps;
    kedge_plan_step *steps; /* after a prune, dims are those that are left */
    kedge_formula target;   /* what its damage is compared with; none: the recipe's score's */
} kedge_plan_options;

typedef struct kedge_plan kedge_plan;

/* In order means: surgery changes the weights before anything runs, each step those that the surgery before it left;
 * then, while the model runs, the edits change its activations, each what the edits before it left at its site and at
 * those that lead there. So no surgery sees an edit, and surgery that keeps shapes may stand after an edit as well as
 * before; an edit before a prune is refused, as it would name dims that are not there when it runs. */

/* For models of these options whose numbers stand in 'params' (read at each run), at the points of 'dataset'; all four
 * must outlive the plan. KEDGE_EINVALID: an unknown site, an edit or surgery that does not fit its site, an edit before
 * a prune. KEDGE_ENOMEM. */
kedge_status kedge_plan_create(kedge_plan **out, kedge_context *ctx, const kedge_plan_options *options,
                               const kedge_model_options *model, kedge_params *params, const kedge_dataset *dataset);
void kedge_plan_free(kedge_plan *plan);

/* Surgery on a copy of the parameters as they are now, then all points through the edited model: the result stands in
 * kedge_plan_evaluator(plan). Edits allocate nothing. Surgery does, and frees it again: the graph that it walks, and
 * what 'redirect' and 'constant' measure with; the copies of the parameters are made once, with the plan. */
kedge_status kedge_plan_run(kedge_plan *plan);
/* The plan's own model: its latents after the edits, its outputs, kedge_evaluator_apply for further inputs. */
kedge_evaluator *kedge_plan_evaluator(const kedge_plan *plan);
/* Its parameters after surgery, and their options. */
const kedge_params *kedge_plan_params(const kedge_plan *plan);
const kedge_model_options *kedge_plan_model(const kedge_plan *plan);

#endif
