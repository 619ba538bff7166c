/* plan_latents.h - a model's latents as a plan leaves them, with all that is known of their space. */
#ifndef SHOW_PLAN_LATENTS_H
#define SHOW_PLAN_LATENTS_H

#include "draw/latents.h"
#include "run/model.h"

/* Fills points, colours, anchors, places that repel, the cones of the plan's edits and the unit circle; not the words
 * and pairs. 'options': whose cones; NULL: none. 'edited': the plan's evaluator, which has run: latents are its own, in
 * the dims that the plan leaves, beside those from before; NULL: latents are the model's. All is in the arena, or the
 * model's and the evaluator's. KEDGE_ENOMEM. */
kedge_status kedge_plan_latents(kedge_latents_figure *figure, kedge_model *model, const kedge_plan_options *options,
                                const kedge_evaluator *edited, kedge_arena *arena);

#endif
