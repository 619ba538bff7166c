/* certify_models.c - certify_models N: certificates of N trained models of each of a few recipes, under attack.
 *
 * Every model is trained by itself from its seed; then the largest change that the float model shows, on its data
 * and on inputs that climb towards more, must stay below every promise. A few models are part of the usual tests, a
 * thousand are a matter of minutes. Prints a line for each recipe; exit status 1 if a promise was broken. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certify/certify.h"
#include "kedge/run.h"
#include "run/training.h"
#include "steer/plan.h"

enum { INPUTS = 128, ROUNDS = 24 };

typedef struct attacked {
    kedge_context *ctx;
    const kedge_recipe *recipe;
    kedge_params *params;
    kedge_arena arena;
    kedge_path path;
    kedge_certificate_cell *cells;
    int n_cells;
    kedge_evaluator *before;
    kedge_plan *plan;
    uint64_t state;
    double nearest; /* largest share of a promise that was reached */
} attacked;

static double uniform(attacked *a, double low, double high)
{
    a->state = a->state * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(a->state >> 11) * 0x1p-53;
}

static double channel(float x)
{
    return fmin(1, fmax(0, (double)x));
}

/* The share of its promise that one input reaches; false if it is more than all. */
static bool check(attacked *a, const float *latent, const float *before, const float *after, double *share)
{
    double alignment = kedge_certify_alignment(&a->path, latent), sum = 0;
    const kedge_certificate_cell *cell = &a->cells[kedge_certify_cell(a->cells, a->n_cells, fmax(0, alignment))];
    double bound = alignment < 0 ? 0 : cell->bound;
    for (int j = 0; j < 3; j++) sum += pow(channel(after[j]) - channel(before[j]), 2);
    double change = sqrt(sum / 3);
    *share = bound > 0 ? change / bound : 0;
    if (change <= bound) return true;
    printf("alignment %.9g: changes by %.9g, at most %.9g was promised\n", alignment, change, bound);
    return false;
}

/* Colours, and inputs that are none, which climb towards larger shares of their promise. */
static bool attack(attacked *a)
{
    float inputs[INPUTS][3], latents[INPUTS * 8], before[INPUTS][3], after[INPUTS][3], best[INPUTS][3];
    double reached[INPUTS];
    int k = a->before->n_latents;
    for (int i = 0; i < INPUTS; i++) reached[i] = -1;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < INPUTS; i++)
            for (int j = 0; j < 3; j++)
                inputs[i][j] = (float)(round == 0 ? i % 2 ? uniform(a, -3, 4) : uniform(a, 0, 1)
                                                  : (double)best[i][j] + uniform(a, -1, 1) * pow(0.85, round));
        kedge_evaluator_apply(a->before, INPUTS, inputs[0], latents, before[0]);
        kedge_evaluator_apply(kedge_plan_evaluator(a->plan), INPUTS, inputs[0], NULL, after[0]);
        for (int i = 0; i < INPUTS; i++) {
            double share;
            if (!check(a, latents + i * k, before[i], after[i], &share)) return false;
            if (!(share > reached[i])) continue;
            reached[i] = share;
            a->nearest = fmax(a->nearest, share);
            memcpy(best[i], inputs[i], sizeof best[i]);
        }
    }
    return true;
}

static bool must(kedge_status status)
{
    if (status) printf("%s\n", kedge_error());
    return status == KEDGE_OK;
}

static bool check_plan(attacked *a, int plan)
{
    const kedge_recipe *recipe = a->recipe;
    const kedge_certify_options options = {.resolution = 0.1, .patches = 600};
    kedge_arena_init(&a->arena, a->ctx);
    bool held = must(kedge_certify_cells(&a->cells, &a->n_cells, &a->path, &a->arena, &recipe->plans[plan],
                                         &recipe->model, a->params, 3, true, &options)) &&
                must(kedge_plan_create(&a->plan, a->ctx, &recipe->plans[plan], &recipe->model, a->params,
                                       recipe->dataset)) &&
                must(kedge_plan_run(a->plan)) && attack(a);
    kedge_plan_free(a->plan);
    kedge_arena_release(&a->arena);
    a->plan = NULL;
    return held;
}

static bool check_recipe(kedge_context *ctx, const char *path, int n)
{
    kedge_recipe *recipe = NULL;
    kedge_recipe_training training = {0};
    kedge_trainer *trainer = NULL;
    bool held = must(kedge_recipe_load(&recipe, ctx, path, NULL)) &&
                must(kedge_recipe_training_init(&training, recipe)) &&
                must(kedge_trainer_create(&trainer, ctx, &training.training));
    attacked a = {.ctx = ctx, .recipe = recipe, .params = held ? &trainer->params : NULL, .state = 1};
    held = held && must(kedge_evaluator_create(&a.before, ctx, &recipe->model, a.params, recipe->dataset, NULL, NULL));
    for (int seed = 0; held && seed < n; seed++) {
        held = must(kedge_trainer_run(trainer, (uint64_t)seed, NULL));
        for (int plan = 0; held && plan < recipe->n_plans; plan++) held = check_plan(&a, plan);
        if (!held) printf("%s: seed %d\n", path, seed);
    }
    if (held) printf("%s: %d models, %d plans each; at most %.3f of a promise reached\n", path, n, recipe->n_plans,
                     a.nearest);
    kedge_evaluator_free(a.before);
    kedge_trainer_free(trainer);
    kedge_recipe_training_release(&training);
    kedge_recipe_free(recipe);
    return held;
}

int main(int argc, char **argv)
{
    static const char *const recipes[] = {"2.4.1", "2.5.1", "2.7.1", "2.9.1"};
    const char *source = getenv("KEDGE_SOURCE");
    kedge_context *ctx = NULL;
    bool held = true;
    int n = argc > 1 ? atoi(argv[1]) : 0;
    if (n < 1 || kedge_context_create(&ctx, NULL)) {
        printf("usage: certify_models N\n");
        return 2;
    }
    for (size_t i = 0; held && i < sizeof recipes / sizeof *recipes; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/experiments/%s", source ? source : ".", recipes[i]);
        held = check_recipe(ctx, path, n);
    }
    kedge_context_free(ctx);
    return held ? 0 : 1;
}
