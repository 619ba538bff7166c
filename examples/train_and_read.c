/* train_and_read.c - the library from a program of one's own: train, keep, load, ask.
 *
 *     cc train_and_read.c $(pkg-config --cflags --libs kedge) -o train_and_read
 *     ./train_and_read experiments/2.4.1
 *
 * Trains three seeds of a recipe for colours and prints how well each rebuilds them; trains one into a directory that
 * is removed again, loads its model, and asks where pure red lies in its latent space. */
#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "kedge/kedge.h"

/* Nothing is written: the results are in the summary. */
static kedge_status print_errors(kedge_context *context, const kedge_recipe *recipe)
{
    kedge_run_options options = KEDGE_RUN_OPTIONS_INIT;
    kedge_summary *summary = NULL;
    options.first_seed = 0;
    options.seed_count = 3;
    kedge_status status = kedge_run(&summary, context, recipe, &options);
    if (status) return status;
    for (long long row = 0; row < kedge_summary_rows(summary); row++)
        printf("seed %lld: %s %.3g\n", kedge_summary_seed(summary, row), kedge_summary_name(summary, 0),
               kedge_summary_value(summary, row, 0));
    kedge_summary_free(summary);
    return KEDGE_OK;
}

/* The model of seed 0, by way of the file that a run leaves in 'directory'. */
static kedge_status train_model(kedge_model **model, kedge_context *context, const kedge_recipe *recipe,
                                const char *directory)
{
    kedge_run_options options = KEDGE_RUN_OPTIONS_INIT;
    kedge_summary *summary = NULL;
    char path[4096];
    options.directory = directory;
    options.first_seed = 0;
    options.seed_count = 1;
    kedge_status status = kedge_run(&summary, context, recipe, &options);
    kedge_summary_free(summary);
    if (status) return status;
    snprintf(path, sizeof path, "%s/seed-0/model.safetensors", directory);
    return kedge_model_load(model, context, path);
}

/* 0 if the model is one of colours. */
static int print_red(kedge_model *model)
{
    enum { LATENTS_MAX = 64 };
    static const float red[3] = {1, 0, 0};
    float latent[LATENTS_MAX], output[3];
    int n = kedge_model_latents(model);
    if (kedge_model_inputs(model) != 3 || kedge_model_outputs(model) != 3 || n > LATENTS_MAX) {
        fprintf(stderr, "train_and_read: not a small model of colours\n");
        return 1;
    }
    kedge_model_apply(model, 1, red, latent, output);
    printf("red lies at");
    for (int i = 0; i < n; i++) printf(" %.2f", (double)latent[i]);
    printf(" and comes back as %.2f %.2f %.2f\n", (double)output[0], (double)output[1], (double)output[2]);
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info, (void)type, (void)place;
    return remove(path);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "experiments/2.4.1";
    char directory[] = "/tmp/kedge-example-XXXXXX";
    kedge_context *context = NULL;
    kedge_recipe *recipe = NULL;
    kedge_model *model = NULL;
    int failed = 0;
    if (!mkdtemp(directory)) {
        perror(directory);
        return 1;
    }
    kedge_status status = kedge_context_create(&context, NULL);
    if (!status) status = kedge_recipe_load(&recipe, context, path, NULL);
    if (!status) status = print_errors(context, recipe);
    if (!status) status = train_model(&model, context, recipe, directory);
    if (!status) failed = print_red(model);
    if (status) fprintf(stderr, "%s\n", kedge_error());
    kedge_model_free(model);
    kedge_recipe_free(recipe);
    kedge_context_free(context);
    nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    return status || failed;
}
