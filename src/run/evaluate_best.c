/* evaluate_best.c - the best seed of a run directory. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "kedge/evaluate.h"
#include "run/assessment.h"
#include "run/directory.h"
#include "run/evaluate_view.h"
#include "run/model.h"

typedef struct search {
    kedge_context *ctx;
    const char *directory;
    kedge_params params;
    kedge_assessment *assessment;
    bool has_score;
    kedge_best_seed best;
} search;

/* Reads the model of a seed; KEDGE_EFORMAT or KEDGE_EIO where there is none that fits. */
static kedge_status read_seed(search *self, long long seed)
{
    kedge_st file;
    kedge_arena arena;
    kedge_arena_init(&arena, self->ctx);
    char *path = kedge_run_seed_file(self->ctx, self->directory, seed, "model.safetensors");
    kedge_status status = path ? kedge_st_load(&file, &arena, path, KEDGE_MODEL_BYTES) : kedge_fail_memory("a path");
    if (!status) status = kedge_model_read_params(&file, path, &self->params);
    kedge_release(self->ctx, path);
    kedge_arena_release(&arena);
    return status;
}

static kedge_status try_seed(search *self, long long seed)
{
    kedge_best_seed *best = &self->best;
    kedge_status status = read_seed(self, seed);
    if (status == KEDGE_EFORMAT || status == KEDGE_EIO) return KEDGE_OK;
    if (!status) status = kedge_assessment_run(self->assessment);
    if (status == KEDGE_ENUMERIC) return KEDGE_OK; /* this seed's failure, as in kedge_run */
    if (status) return status;
    const kedge_run_facts *run = &self->assessment->meter->run;
    double value = self->has_score ? run->score : run->recon_mse;
    if (isnan(value)) return KEDGE_OK;
    bool better = self->has_score ? value > best->value : value < best->value;
    if (best->of == 0 || better || (value == best->value && seed < best->seed)) {
        best->seed = seed;
        best->value = value;
    }
    best->of++;
    return KEDGE_OK;
}

/* An assessment of the shape that the directory's recipe gives, by the scored plan alone. */
static kedge_status prepare(search *self, const kedge_recipe *own, const kedge_recipe *recipe, kedge_recipe *view,
                            kedge_arena *arena)
{
    const char *plan = recipe->score_plan >= 0 ? recipe->plans[recipe->score_plan].name : "baseline";
    const kedge_dataset *data = own->dataset;
    if (recipe->dataset->n_features != data->n_features || recipe->dataset->n_targets != data->n_targets)
        return kedge_fail(KEDGE_EINVALID, "%s: its data have not as many features and targets as those of %s",
                          recipe->file, own->file);
    kedge_status status = kedge_recipe_view(view, recipe, &plan, 1, arena);
    if (!status) status = kedge_model_declare(&own->model, data->n_features, data->n_targets, &self->params);
    if (!status) status = kedge_params_allocate(&self->params);
    if (!status)
        status = kedge_assessment_create(&self->assessment, self->ctx, view, &own->model, &self->params, NULL, INT_MAX);
    self->has_score = recipe->score_plan >= 0;
    self->best = (kedge_best_seed){.metric = self->has_score ? "score" : "recon_mse", .value = NAN};
    return status;
}

kedge_status kedge_evaluate_best(kedge_best_seed *best, kedge_context *context, const char *directory,
                                 const kedge_recipe *recipe)
{
    search self = {.ctx = context, .directory = directory};
    kedge_recipe *own = NULL, view;
    kedge_arena arena;
    long long *seeds = NULL;
    size_t n = 0;
    kedge_arena_init(&arena, context);
    kedge_params_init(&self.params, context);
    kedge_status status = kedge_recipe_load(&own, context, directory, NULL);
    if (!status) status = prepare(&self, own, recipe ? recipe : own, &view, &arena);
    if (!status) status = kedge_run_directory_seeds(context, directory, &seeds, &n);
    for (size_t i = 0; !status && i < n; i++) status = try_seed(&self, seeds[i]);
    if (!status && self.best.of == 0)
        status = kedge_fail(KEDGE_EIO, "%s: no model in it that its recipe made; 'kedge run' writes "
                                       "seed-N/model.safetensors", directory);
    if (!status) *best = self.best;
    kedge_release(context, seeds);
    kedge_assessment_free(self.assessment);
    kedge_params_release(&self.params);
    kedge_recipe_free(own);
    kedge_arena_release(&arena);
    return status;
}
