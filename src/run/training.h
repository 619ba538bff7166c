/* training.h - from a recipe to what the training loop shares among runs. */
#ifndef RUN_TRAINING_H
#define RUN_TRAINING_H

#include "run/recipe.h"
#include "train/trainer.h"

typedef struct kedge_recipe_training {
    kedge_training training;
    kedge_context *ctx; /* the recipe's */
    double *table;      /* lr [steps], weights [steps][terms], weight of the task [steps] */
    double *rates;      /* [steps][labels]; NULL: the schedule names none */
    double *factors;    /* [steps][sets] */
    kedge_action *actions;
    const double *times; /* [steps] the schedule's time at each update, which does not fall; NULL: its own number */
} kedge_recipe_training;

/* Resolves learning rate, weights and factors on the rates of labels for every update. A term without a column has
 * weight 1 (METHOD section 4), a label without a column 'labels.NAME' the factor 1; where all factors are 1
 * training.rates is NULL. A set without a column 'data-NAME' has the factor 1 too, and each 0 outside of its phases.
 * The recipe must outlive it. */
kedge_status kedge_recipe_training_init(kedge_recipe_training *self, const kedge_recipe *recipe);
void kedge_recipe_training_release(kedge_recipe_training *self);

/* ---- the schedule as one edits it */

typedef enum kedge_column_kind {
    KEDGE_COLUMN_LR, KEDGE_COLUMN_WEIGHT, KEDGE_COLUMN_TASK, KEDGE_COLUMN_RATE, KEDGE_COLUMN_FACTOR
} kedge_column_kind;

typedef struct kedge_recipe_column {
    kedge_column_kind kind;
    int index;     /* of the term, label or set */
    char name[80]; /* its header in a sheet */
} kedge_recipe_column;

/* What a run can be told by a schedule, named by this one or not: "lr", the terms, "recon" (only where it is named),
 * "labels.NAME", "data-NAME". */
int kedge_recipe_columns(const kedge_recipe *recipe);
kedge_recipe_column kedge_recipe_column_at(const kedge_recipe *recipe, int i);
/* Its value at an update of 'training', which is one of this recipe, in the unit of the sheet: of a term before its
 * 'scale'. The factor of a set is that of the run, 0 outside of its phases. */
double kedge_recipe_column_value(const kedge_recipe_training *training, const kedge_recipe *recipe,
                                 const kedge_recipe_column *column, int step);
/* Whether the schedule has a column of that name. */
bool kedge_recipe_schedules(const kedge_recipe *recipe, const char *name);

/* The actions of the sheet that a run comes to, in the order in which they fire; returns how many. 'actions' may be
 * NULL. The recipe's check has passed. */
int kedge_recipe_actions(const kedge_recipe *recipe, kedge_action *actions);

/* The step at which the sheet first captures for a term, whether or not a run comes to it; -1: at none. */
int kedge_recipe_capture_step(const kedge_recipe *recipe, int term);

/* The phases of a sheet, each once, in the order in which they come: the first 'most' of them. Returns how many. */
int kedge_recipe_phases(const kedge_schedule *sheet, int most, const char **names);

/* For a schedule that is changed while it is used: makes room for the factors, although it may name none so far. */
kedge_status kedge_recipe_training_open_rates(kedge_recipe_training *self, const kedge_recipe *recipe);
/* Resolves the updates from 'first' on once more, from the recipe's schedule as it is now; what comes before is left
 * alone, and so are the actions. 'column' [steps] is scratch. No allocation. */
void kedge_recipe_training_refill(kedge_recipe_training *self, const kedge_recipe *recipe, int first, double *column);

/* The factor of a set at every update where no row comes early: to [steps]. 'column' [steps] is scratch. */
void kedge_recipe_fill_factors(const kedge_recipe *recipe, int set, double *column, double *to);

#endif
