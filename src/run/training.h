/* training.h - from a recipe to what the training loop shares among runs. */
#ifndef RUN_TRAINING_H
#define RUN_TRAINING_H

#include "run/recipe.h"
#include "train/trainer.h"

typedef struct kedge_recipe_training {
    kedge_training training;
    kedge_context *ctx; /* the recipe's */
    double *table;      /* lr, then weights */
} kedge_recipe_training;

/* Resolves learning rate and weights for every update. A term without a column has weight 1 (METHOD section 4). The
 * recipe must outlive it. */
kedge_status kedge_recipe_training_init(kedge_recipe_training *self, const kedge_recipe *recipe);
void kedge_recipe_training_release(kedge_recipe_training *self);

#endif
