/* training.c - from a recipe to what the training loop shares among runs. */
#include "run/training.h"

#include <string.h>

/* Value of a column, 'lr' or a term's name, at an update. */
static double value_at(const kedge_recipe *recipe, const char *name, int step)
{
    if (recipe->hold >= 0 && step > recipe->hold) step = (int)recipe->hold;
    if (recipe->sheet) {
        int column = kedge_schedule_column(recipe->sheet, name);
        return column >= 0 ? kedge_schedule_value(recipe->sheet, column, step) : 1;
    }
    for (int i = 0; i < recipe->constants.n; i++)
        if (strcmp(recipe->constants.names[i], name) == 0) return recipe->constants.values[i];
    return 1;
}

kedge_status kedge_recipe_training_init(kedge_recipe_training *self, const kedge_recipe *recipe)
{
    int steps = (int)recipe->steps, n_terms = recipe->n_terms;
    double *table = kedge_alloc(recipe->ctx, (size_t)steps * (size_t)(n_terms + 1), sizeof *table);
    if (!table) return kedge_fail_memory("the schedule of a run");
    double *weights = table + steps;
    for (int step = 0; step < steps; step++) {
        table[step] = value_at(recipe, "lr", step);
        for (int i = 0; i < n_terms; i++)
            weights[(size_t)step * (size_t)n_terms + (size_t)i] = value_at(recipe, recipe->terms[i].name, step);
    }
    *self = (kedge_recipe_training){
        .table = table,
        .training = {.dataset = recipe->dataset,
                     .sampler = recipe->sampler,
                     .model = &recipe->model,
                     .n_labels = recipe->n_labels,
                     .labels = recipe->label_values,
                     .n_terms = n_terms,
                     .terms = recipe->terms,
                     .beta1 = recipe->optimizer.beta1,
                     .beta2 = recipe->optimizer.beta2,
                     .epsilon = recipe->optimizer.epsilon,
                     .steps = steps,
                     .lr = table,
                     .weights = weights},
    };
    return KEDGE_OK;
}

void kedge_recipe_training_release(kedge_recipe_training *self, kedge_context *ctx)
{
    kedge_release(ctx, self->table);
    *self = (kedge_recipe_training){0};
}
