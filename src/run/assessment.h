/* assessment.h - a model under everything that its recipe wants measured: the data, the test set, every plan. */
#ifndef RUN_ASSESSMENT_H
#define RUN_ASSESSMENT_H

#include "eval/metrics.h"
#include "format/safetensors.h"
#include "run/recipe.h"

typedef struct kedge_assessment {
    kedge_context *ctx;
    kedge_arena arena; /* holds the lists below */
    kedge_evaluator *evaluator, *test; /* the points learned, and the test set */
    int n_plans;
    kedge_plan **plans;        /* the recipe's, in its order */
    kedge_metric_plan *listed; /* the same, as metrics see them */
    kedge_trajectory *trajectory; /* of the last run, or read from its model */
    kedge_spike spike;            /* likewise */
    const kedge_recipe *recipe;
    double updates;               /* of the run: to be set after training, or read from its model; NAN: not known */
    kedge_meter *meter;
} kedge_assessment;

/* For models of these options whose numbers stand in 'params' (read at each run), on the data of 'recipe', by its
 * plans. 'control': a model trained without terms, on the test set; may be NULL. 'steps': updates in a run, at
 * most, for the trajectory alone. The recipe's terms are about its own latents: where 'model' has another number of
 * them (after pruning) none is measured. All arguments must outlive it. KEDGE_EINVALID: a plan does not fit the model.
 * KEDGE_ENOMEM. */
kedge_status kedge_assessment_create(kedge_assessment **out, kedge_context *ctx, const kedge_recipe *recipe,
                                     const kedge_model_options *model, kedge_params *params, kedge_evaluator *control,
                                     int steps);
void kedge_assessment_free(kedge_assessment *assessment);

/* What the metadata of a model tell of its run; unknown where they do not. */
void kedge_assessment_recall(kedge_assessment *assessment, const kedge_st *file);

/* Runs the evaluators and plans on the parameters as they are, then reads the meter. As kedge_plan_run. */
kedge_status kedge_assessment_run(kedge_assessment *assessment);

#endif
