/* plan.h - a plan: surgery and edits in order, made ready for one shape of model and applied to one run after another. */
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
    kedge_plan_step *steps; /* each works on what those before it left; after a prune, dims are those that are left */
    kedge_formula target;   /* what its damage is compared with; none: the recipe's score's */
} kedge_plan_options;

typedef struct kedge_plan kedge_plan;

/* For models of these options whose numbers stand in 'params' (read at each run), at the points of 'dataset'; all three
 * must outlive the plan. KEDGE_EINVALID, KEDGE_ENOMEM. */
kedge_status kedge_plan_create(kedge_plan **out, kedge_context *ctx, const kedge_plan_options *options,
                               const kedge_model_options *model, kedge_params *params, const kedge_dataset *dataset);
void kedge_plan_free(kedge_plan *plan);

/* Surgery on a copy of the parameters as they are now, then all points through the edited model: the result stands in
 * kedge_plan_evaluator(plan). No allocation but by surgery that calibrates. */
kedge_status kedge_plan_run(kedge_plan *plan);
/* The plan's own model: its latents after the edits, its outputs, kedge_evaluator_apply for further inputs. */
kedge_evaluator *kedge_plan_evaluator(const kedge_plan *plan);
/* Its parameters after surgery, and their options. */
const kedge_params *kedge_plan_params(const kedge_plan *plan);
const kedge_model_options *kedge_plan_model(const kedge_plan *plan);

#endif
