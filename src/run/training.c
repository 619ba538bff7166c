/* training.c - from a recipe to what the training loop shares among runs. */
#include "run/training.h"

#include <string.h>

#include "schedule/schedule.h"

/* The values of 'lr' or of a term at every update, 'stride' apart. A name that is no column counts 1. */
static void fill(const kedge_recipe *recipe, const char *name, int steps, double *column, double *to, int stride)
{
    double constant = 1;
    int at = recipe->sheet ? kedge_schedule_column(recipe->sheet, name) : -1;
    if (at >= 0) kedge_schedule_fill(recipe->sheet, at, steps, column);
    for (int i = 0; i < recipe->constants.n; i++)
        if (strcmp(recipe->constants.names[i], name) == 0) constant = recipe->constants.values[i];
    for (int step = 0; step < steps; step++) {
        int from = recipe->hold >= 0 && step > recipe->hold ? (int)recipe->hold : step;
        to[(size_t)step * (size_t)stride] = at >= 0 ? column[from] : constant;
    }
}

kedge_status kedge_recipe_training_init(kedge_recipe_training *self, const kedge_recipe *recipe)
{
    int steps = (int)recipe->steps, n_terms = recipe->n_terms;
    double *table = kedge_alloc(recipe->ctx, (size_t)steps * (size_t)(n_terms + 1), sizeof *table);
    double *column = kedge_alloc(recipe->ctx, (size_t)steps, sizeof *column);
    if (!table || !column) {
        kedge_release(recipe->ctx, table);
        kedge_release(recipe->ctx, column);
        return kedge_fail_memory("the schedule of a run");
    }
    double *weights = table + steps;
    fill(recipe, "lr", steps, column, table, 1);
    for (int i = 0; i < n_terms; i++) fill(recipe, recipe->terms[i].name, steps, column, weights + i, n_terms);
    kedge_release(recipe->ctx, column);
    *self = (kedge_recipe_training){
        .ctx = recipe->ctx,
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
                     .clip = recipe->optimizer.clip,
                     .steps = steps,
                     .lr = table,
                     .weights = weights},
    };
    return KEDGE_OK;
}

void kedge_recipe_training_release(kedge_recipe_training *self)
{
    if (self->ctx) kedge_release(self->ctx, self->table);
    *self = (kedge_recipe_training){0};
}
