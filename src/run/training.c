/* training.c - from a recipe to what the training loop shares among runs. */
#include "run/training.h"

#include <stdio.h>
#include <string.h>

#include "schedule/schedule.h"

/* The schedule's time at an update. */
static double time_of(const kedge_recipe_training *self, const kedge_recipe *recipe, int step)
{
    double time = self->times ? self->times[step] : (double)step;
    return recipe->hold >= 0 && time > (double)recipe->hold ? (double)recipe->hold : time;
}

/* What a schedule without a sheet has under a name; 1 where it names none. */
static double constant_of(const kedge_recipe *recipe, const char *name)
{
    double constant = 1;
    for (int i = 0; !recipe->sheet && i < recipe->constants.n; i++)
        if (strcmp(recipe->constants.names[i], name) == 0) constant = recipe->constants.values[i];
    return constant;
}

/* The values of a column at every update from 'first' on, 'stride' apart. A name that is no column counts 1. */
static void fill(const kedge_recipe_training *self, const kedge_recipe *recipe, const char *name, int first, int steps,
                 double *column, double *to, int stride)
{
    int at = recipe->sheet ? kedge_schedule_column(recipe->sheet, name) : -1;
    double constant = constant_of(recipe, name);
    for (int step = first; at >= 0 && step < steps; step++) column[step] = time_of(self, recipe, step);
    if (at >= 0) kedge_schedule_fill(recipe->sheet, at, steps - first, column + first, column + first);
    for (int step = first; step < steps; step++)
        to[(size_t)step * (size_t)stride] = at >= 0 ? column[step] : constant;
}

/* "labels." and the label's name, "data-" and the set's, which are at most 60 bytes. */
static const char *rate_name(const kedge_recipe *recipe, int label, char name[80])
{
    snprintf(name, 80, "labels.%s", recipe->labels[label].name);
    return name;
}

static const char *set_name(const kedge_recipe *recipe, int set, char name[80])
{
    snprintf(name, 80, KEDGE_SET_COLUMN "%s", recipe->sets[set].name);
    return name;
}

/* The weight of the task's loss stands behind the terms'. */
static void fill_task(kedge_recipe_training *self, const kedge_recipe *recipe, int first, double *column)
{
    size_t steps = (size_t)self->training.steps;
    double *task = self->table + steps * (size_t)(recipe->n_terms + 1);
    fill(self, recipe, "recon", first, (int)steps, column, task, 1);
    bool all_one = true;
    for (size_t i = 0; i < steps && all_one; i++) all_one = task[i] == 1;
    self->training.task = all_one ? NULL : task;
}

/* Whether a set is drawn in a phase at all. */
static bool counts_in(const kedge_set_options *set, const char *phase)
{
    for (int i = 0; i < set->phases.n; i++)
        if (strcmp(set->phases.at[i], phase) == 0) return true;
    return set->phases.n == 0;
}

/* The factor of a set at every update from 'first' on, 'stride' apart. */
static void fill_factors(const kedge_recipe_training *self, const kedge_recipe *recipe, int set, int first, int steps,
                         double *column, double *to, int stride)
{
    const kedge_set_options *options = &recipe->sets[set];
    char name[80];
    fill(self, recipe, set_name(recipe, set, name), first, steps, column, to, stride);
    const char *phase = NULL;
    bool counts = true;
    for (int step = first; recipe->sheet && options->phases.n > 0 && step < steps; step++) {
        const char *now = kedge_schedule_phase(recipe->sheet, (int)time_of(self, recipe, step));
        if (now != phase) counts = counts_in(options, now);
        phase = now;
        if (!counts) to[(size_t)step * (size_t)stride] = 0;
    }
}

void kedge_recipe_fill_factors(const kedge_recipe *recipe, int set, double *column, double *to)
{
    const kedge_recipe_training as_written = {0};
    fill_factors(&as_written, recipe, set, 0, (int)recipe->steps, column, to, 1);
}

void kedge_recipe_training_refill(kedge_recipe_training *self, const kedge_recipe *recipe, int first, double *column)
{
    int steps = self->training.steps, n_terms = recipe->n_terms, n_labels = recipe->n_labels;
    double *weights = self->table + steps;
    char name[80];
    fill(self, recipe, "lr", first, steps, column, self->table, 1);
    for (int i = 0; i < n_terms; i++)
        fill(self, recipe, recipe->terms[i].name, first, steps, column, weights + i, n_terms);
    for (size_t i = (size_t)first * (size_t)n_terms; i < (size_t)steps * (size_t)n_terms; i++)
        weights[i] *= recipe->terms[i % (size_t)n_terms].scale;
    fill_task(self, recipe, first, column);
    for (int i = 0; i < recipe->n_sets; i++)
        fill_factors(self, recipe, i, first, steps, column, self->factors + i, recipe->n_sets);
    if (!self->rates) return;
    for (int i = 0; i < n_labels; i++)
        fill(self, recipe, rate_name(recipe, i, name), first, steps, column, self->rates + i, n_labels);
    bool all_one = true;
    for (size_t i = 0; i < (size_t)steps * (size_t)n_labels && all_one; i++) all_one = self->rates[i] == 1;
    self->training.rates = all_one ? NULL : self->rates;
}

kedge_status kedge_recipe_training_open_rates(kedge_recipe_training *self, const kedge_recipe *recipe)
{
    if (self->rates || recipe->n_labels == 0) return KEDGE_OK;
    size_t n = (size_t)self->training.steps * (size_t)recipe->n_labels;
    self->rates = kedge_alloc(recipe->ctx, n, sizeof *self->rates);
    if (!self->rates) return kedge_fail_memory("the schedule of a run");
    for (size_t i = 0; i < n; i++) self->rates[i] = 1;
    return KEDGE_OK;
}

bool kedge_recipe_schedules(const kedge_recipe *recipe, const char *name)
{
    if (recipe->sheet && kedge_schedule_column(recipe->sheet, name) >= 0) return true;
    for (int i = 0; i < recipe->constants.n; i++)
        if (strcmp(recipe->constants.names[i], name) == 0) return true;
    return false;
}

static bool names_rates(const kedge_recipe *recipe)
{
    char name[80];
    for (int i = 0; i < recipe->n_labels; i++)
        if (kedge_recipe_schedules(recipe, rate_name(recipe, i, name))) return true;
    return false;
}

/* ---- columns as one edits them ---- */

int kedge_recipe_columns(const kedge_recipe *recipe)
{
    return 1 + recipe->n_terms + kedge_recipe_schedules(recipe, "recon") + recipe->n_labels + recipe->n_sets;
}

kedge_recipe_column kedge_recipe_column_at(const kedge_recipe *recipe, int i)
{
    kedge_recipe_column column = {.kind = KEDGE_COLUMN_LR, .name = "lr"};
    bool task = kedge_recipe_schedules(recipe, "recon");
    if (i-- == 0) return column;
    if (i < recipe->n_terms) {
        column = (kedge_recipe_column){.kind = KEDGE_COLUMN_WEIGHT, .index = i};
        snprintf(column.name, sizeof column.name, "%.60s", recipe->terms[i].name);
        return column;
    }
    i -= recipe->n_terms;
    if (task && i-- == 0) return (kedge_recipe_column){.kind = KEDGE_COLUMN_TASK, .name = "recon"};
    if (i < recipe->n_labels) {
        column = (kedge_recipe_column){.kind = KEDGE_COLUMN_RATE, .index = i};
        rate_name(recipe, i, column.name);
        return column;
    }
    column = (kedge_recipe_column){.kind = KEDGE_COLUMN_FACTOR, .index = i - recipe->n_labels};
    set_name(recipe, column.index, column.name);
    return column;
}

double kedge_recipe_column_value(const kedge_recipe_training *self, const kedge_recipe *recipe,
                                 const kedge_recipe_column *column, int step)
{
    if (column->kind == KEDGE_COLUMN_FACTOR)
        return self->factors[(size_t)step * (size_t)recipe->n_sets + (size_t)column->index];
    int at = recipe->sheet ? kedge_schedule_column(recipe->sheet, column->name) : -1;
    if (at < 0) return constant_of(recipe, column->name);
    double value = time_of(self, recipe, step);
    kedge_schedule_fill(recipe->sheet, at, 1, &value, &value);
    return value;
}

kedge_status kedge_recipe_training_init(kedge_recipe_training *self, const kedge_recipe *recipe)
{
    int steps = (int)recipe->steps, n_terms = recipe->n_terms;
    double *table = kedge_alloc(recipe->ctx, (size_t)steps * (size_t)(n_terms + 2), sizeof *table);
    double *column = kedge_alloc(recipe->ctx, (size_t)steps, sizeof *column);
    double *factors = kedge_alloc(recipe->ctx, (size_t)steps * (size_t)recipe->n_sets, sizeof *factors);
    int n_actions = kedge_recipe_actions(recipe, NULL);
    kedge_action *actions = kedge_alloc(recipe->ctx, (size_t)n_actions, sizeof *actions);
    bool room = table && column && factors && actions;
    kedge_status status = room ? KEDGE_OK : kedge_fail_memory("the schedule of a run");
    kedge_recipe_training made = {
        .ctx = recipe->ctx,
        .table = table,
        .factors = factors,
        .actions = actions,
        .training = {.dataset = recipe->dataset,
                     .sampler = recipe->sampler,
                     .sets = recipe->point_sets,
                     .factors = recipe->point_sets ? factors : NULL,
                     .model = &recipe->model,
                     .n_labels = recipe->n_labels,
                     .labels = recipe->label_values,
                     .n_terms = n_terms,
                     .terms = recipe->terms,
                     .optimizer = &recipe->optimizer,
                     .steps = steps,
                     .lr = table,
                     .weights = table ? table + steps : NULL,
                     .n_actions = n_actions,
                     .actions = actions},
    };
    if (!status && names_rates(recipe)) status = kedge_recipe_training_open_rates(&made, recipe);
    if (!status) kedge_recipe_training_refill(&made, recipe, 0, column);
    if (!status) kedge_recipe_actions(recipe, actions);
    kedge_release(recipe->ctx, column);
    if (status) kedge_recipe_training_release(&made);
    else *self = made;
    return status;
}

void kedge_recipe_training_release(kedge_recipe_training *self)
{
    if (self->ctx) {
        kedge_release(self->ctx, self->table);
        kedge_release(self->ctx, self->rates);
        kedge_release(self->ctx, self->factors);
        kedge_release(self->ctx, self->actions);
    }
    *self = (kedge_recipe_training){0};
}
