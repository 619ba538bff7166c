/* evaluate.h - what plans do to a trained model: errors, scores, a verdict. */
#ifndef KEDGE_EVALUATE_H
#define KEDGE_EVALUATE_H

#include "kedge/context.h"
#include "kedge/model.h"
#include "kedge/recipe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One word on a run; the metric 'verdict' is this number. Of several that hold it is the first of lost, crumpled,
 * leaky. */
typedef enum kedge_verdict {
    KEDGE_VERDICT_CLEAN,    /* none of the others */
    KEDGE_VERDICT_LEAKY,    /* the scored plan raises E at the concept by less than .18, or E of something
                             * orthogonal to it by more than .003; only judged where a model gives colours back */
    KEDGE_VERDICT_LOST,     /* an anchored concept's certain carriers end with a mean cosine to the anchor below .9 */
    KEDGE_VERDICT_CRUMPLED  /* the hues are out of order, though the recipe asks for a plane of them */
} kedge_verdict;

/* "clean", "leaky", "lost", "crumpled"; NULL for other numbers. Static. */
KEDGE_API const char *kedge_verdict_name(int verdict);

/* By what a leaky run is so; the metric 'leak' is this number. */
typedef enum kedge_leak {
    KEDGE_LEAK_NONE,
    KEDGE_LEAK_DAMAGE,     /* the increase of E at the concept is below .18 */
    KEDGE_LEAK_COLLATERAL, /* that of something orthogonal to it is above .003 */
    KEDGE_LEAK_BOTH
} kedge_leak;

typedef struct kedge_evaluate_options {
    const kedge_recipe *recipe; /* whose data and plans count; NULL: the model's own */
    const char *const *plans;   /* names of its plans, in this order; "baseline" may be among them and adds nothing */
    int n_plans;                /* 0: all of them */
} kedge_evaluate_options;

#define KEDGE_EVALUATE_OPTIONS_INIT {0}

/* A model under its plans. E is the mean over targets of (output - target)^2; where colours are to come out as
 * they went in, outputs are clamped to [0,1] first, everywhere below. Plans are numbered from 0; -1 is the
 * baseline, the model as it is. */
typedef struct kedge_evaluation kedge_evaluation;

/* Evaluates 'model' at the points of the recipe's data; nothing of the arguments is kept. 'options' may be NULL.
 * KEDGE_EINVALID: an unknown plan, one that does not fit the model (after pruning, say), or a recipe whose data
 * have other numbers of features and targets. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_evaluate(kedge_evaluation **out, kedge_model *model,
                                      const kedge_evaluate_options *options);
KEDGE_API void kedge_evaluation_free(kedge_evaluation *evaluation);

/* Mean of E over the recipe's test set. */
KEDGE_API double kedge_evaluation_recon_mse(const kedge_evaluation *evaluation);
/* A kedge_verdict; -1 where there is nothing to judge, the scored plan is not among those evaluated, or surgery
 * was done on the model. *step gets the last sampled step of training at which what was lost or crumpled was not
 * so, -1 if it never was, NaN where that is not known or of no matter; it may be NULL. */
KEDGE_API int kedge_evaluation_verdict(const kedge_evaluation *evaluation, double *step);
/* By what the verdict is KEDGE_VERDICT_LEAKY, KEDGE_LEAK_NONE for others. *increase gets that of E at the concept under
 * the scored plan, NaN where leaks are not judged; it may be NULL. */
KEDGE_API kedge_leak kedge_evaluation_leak(const kedge_evaluation *evaluation, double *increase);

enum { KEDGE_SCORE_BINS = 5 };

/* NaN stands for what does not apply: all without a target, collateral where no point has a target of 0, opposite
 * and spoof where the target is no colour. */
typedef struct kedge_plan_scores {
    const char *name;   /* owned by the evaluation */
    const char *target; /* the formula that E is compared with; NULL: none */
    int scored;         /* 1 for the plan whose score counts */
    double r, r2;       /* correlation of E with the target, and its square */
    double damage;      /* E at the concept; geometry suggests 1/4 for grey, 1/3 for a random colour: no bounds */
    double collateral;  /* largest increase of E where the target is 0 */
    double opposite;    /* increase of E at the opposite hue */
    double spoof;       /* 0: the concept's colour became grey or kept its hue; 1: a pure colour of another hue */
    double bins[KEDGE_SCORE_BINS];    /* mean increase of E where the target is in [0,.2), .., [.8,1] */
    int bin_points[KEDGE_SCORE_BINS]; /* how many points that is */
} kedge_plan_scores;

/* Plan i; 0 past the end, else 1. */
KEDGE_API int kedge_evaluation_plan(const kedge_evaluation *evaluation, int i, kedge_plan_scores *scores);

/* The 12 named hues and 5 greys: name and r, g, b of colour i; 0 past the end, and at once where no colours are to
 * come out as they went in. Its E under a plan. */
KEDGE_API int kedge_evaluation_colour(const kedge_evaluation *evaluation, int i, const char **name, double rgb[3]);
KEDGE_API double kedge_evaluation_colour_error(const kedge_evaluation *evaluation, int plan, int i);

/* Every point under a plan: returns their number; inputs [n][features], outputs [n][targets], E [n]. Owned by the
 * evaluation. */
KEDGE_API int kedge_evaluation_points(const kedge_evaluation *evaluation, int plan, const float **inputs,
                                      const float **outputs, const double **errors);
/* Names of feature and target i; NULL past the end. Owned by the evaluation. */
KEDGE_API const char *kedge_evaluation_input_name(const kedge_evaluation *evaluation, int i);
KEDGE_API const char *kedge_evaluation_output_name(const kedge_evaluation *evaluation, int i);

/* The best seed of a run directory. */
typedef struct kedge_best_seed {
    long long seed;
    long long of;       /* seeds that could be compared */
    const char *metric; /* "score": the largest; "recon_mse", where the recipe scores no plan: the smallest. Static */
    double value;
} kedge_best_seed;

/* Of equals it is the lowest. 'recipe' says whose plans count; NULL: the directory's own. Files that its recipe
 * did not make are passed over. KEDGE_EIO: it holds no model; KEDGE_EINVALID, KEDGE_EFORMAT: its recipe cannot be
 * used; KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_evaluate_best(kedge_best_seed *best, kedge_context *context, const char *directory,
                                           const kedge_recipe *recipe);

#ifdef __cplusplus
}
#endif
#endif
