/* show.c - one input, and what follows from it. */
#include "show/show.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "run/directory.h"
#include "run/trained.h"

static const kedge_draw_options none = KEDGE_DRAW_OPTIONS_INIT;

void kedge_show_init(kedge_show *show, kedge_context *ctx, const char *input, const kedge_draw_options *options)
{
    *show = (kedge_show){.ctx = ctx, .input = input, .options = options ? options : &none};
    kedge_arena_init(&show->arena, ctx);
}

void kedge_show_init_model(kedge_show *show, kedge_model *model, const kedge_draw_options *options)
{
    kedge_show_init(show, model->ctx, NULL, options);
    show->model = model;
    show->model_is_lent = true;
}

void kedge_show_release(kedge_show *show)
{
    kedge_store_close(show->store);
    kedge_evaluation_free(show->evaluation);
    kedge_replay_free(show->replay);
    kedge_recipe_free(show->own_recipe);
    if (!show->model_is_lent) kedge_model_free(show->model);
    kedge_context_free(show->replay_ctx);
    kedge_release(show->ctx, show->seeds);
    kedge_arena_release(&show->arena);
    *show = (kedge_show){0};
}

/* ---- the model */

/* Whether a path is a model's, by its suffix or by how the file begins: 8 bytes of length, then JSON (safetensors). A
 * recipe's first bytes are text. */
static bool is_model(const char *path)
{
    static const char suffix[] = ".safetensors";
    size_t length = strlen(path), tail = sizeof suffix - 1;
    char bytes[9] = "";
    if (kedge_is_directory(path)) return false;
    if (length >= tail && strcmp(path + length - tail, suffix) == 0) return true;
    int fd = kedge_is_file(path) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    bool whole = fd >= 0 && read(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes;
    if (fd >= 0) close(fd);
    return whole && bytes[8] == '{' && bytes[7] == '\0'; /* no header is as long as 2^56 */
}

static int by_number(const void *a, const void *b)
{
    long long left = *(const long long *)a, right = *(const long long *)b;
    return (left > right) - (left < right);
}

/* The seeds of a run directory; none where the input is a recipe. */
static kedge_status find_seeds(kedge_show *show)
{
    if (show->seeds || !kedge_is_directory(show->input)) return KEDGE_OK;
    kedge_status status = kedge_run_directory_seeds(show->ctx, show->input, &show->seeds, &show->n_seeds);
    if (status) return status;
    char *recipe = kedge_path_join(show->ctx, show->input, "recipe.yaml");
    if (!recipe) return kedge_fail_memory("a path");
    if (show->n_seeds == 0 && !kedge_is_file(recipe))
        status = kedge_fail(KEDGE_EINVALID, "%s: holds no run (seed-N/model.safetensors) and no recipe.yaml",
                            show->input);
    kedge_release(show->ctx, recipe);
    if (!status && show->n_seeds > 0) qsort(show->seeds, show->n_seeds, sizeof *show->seeds, by_number);
    show->seeds_are_stored = !status && show->n_seeds > 0;
    return status;
}

static kedge_status load_seed(kedge_show *show)
{
    long long seed = show->options->seed >= 0 ? show->options->seed : show->seeds[0];
    bool there = false;
    for (size_t i = 0; i < show->n_seeds; i++) there = there || show->seeds[i] == seed;
    if (!there && show->n_seeds == 1)
        return kedge_fail(KEDGE_EINVALID, "%s: no model of seed %lld; seed %lld has one", show->input, seed,
                          show->seeds[0]);
    if (!there)
        return kedge_fail(KEDGE_EINVALID, "%s: no model of seed %lld; %zu seeds from %lld to %lld have one",
                          show->input, seed, show->n_seeds, show->seeds[0], show->seeds[show->n_seeds - 1]);
    char *path = kedge_run_seed_file(show->ctx, show->input, seed, "model.safetensors");
    if (!path) return kedge_fail_memory("a path");
    kedge_status status = kedge_model_load(&show->model, show->ctx, path);
    kedge_release(show->ctx, path);
    return status;
}

/* Why the run that was just repeated did not come to its end. */
static void keep_failure(kedge_show *show)
{
    const char *why = kedge_replay_whole(show->replay) ? NULL : kedge_arena_text(&show->arena, kedge_error());
    show->failure = why ? why : "its losses became infinite or not a number";
}

/* Trains a seed of the recipe; its history is kept as well. */
static kedge_status train_seed(kedge_show *show)
{
    const kedge_recipe *recipe = NULL;
    kedge_status status = kedge_show_recipe(show, &recipe);
    if (status) return status;
    long long seed = show->options->seed >= 0 ? show->options->seed : recipe->first_seed;
    if (!show->replay) {
        status = kedge_replay_create(&show->replay, show->ctx, recipe, seed, 0, NULL);
        if (status) return status;
        keep_failure(show);
    }
    if (!kedge_replay_whole(show->replay)) /* each of many figures may ask */
        return kedge_fail(KEDGE_ENUMERIC, "%s: seed %lld fails: %s", show->input, seed, show->failure);
    return kedge_trained_model(&show->model, show->replay->worker, seed);
}

kedge_status kedge_show_model(kedge_show *show, kedge_model **model)
{
    kedge_status status = KEDGE_OK;
    if (!show->model && !show->input) return kedge_fail(KEDGE_EINVALID, "a model or a recipe is missing");
    if (!show->model) {
        status = find_seeds(show);
        if (status) return status;
        bool file = is_model(show->input);
        if (file && show->options->seed >= 0)
            return kedge_fail(KEDGE_EINVALID, "%s: a seed picks a model of a run directory or recipe; this is a model",
                              show->input);
        if (show->seeds_are_stored) status = load_seed(show);
        else if (file) status = kedge_model_load(&show->model, show->ctx, show->input);
        else status = train_seed(show);
    }
    if (!status) *model = show->model;
    return status;
}

/* ---- its recipe */

/* A model's own recipe, with the schedule that stands beside it. */
static kedge_status recipe_of_model(kedge_show *show)
{
    const kedge_model *model = show->model;
    const char *sheet = kedge_model_metadata(model, "schedule");
    return kedge_recipe_from_text(&show->own_recipe, show->ctx, model->recipe->file, model->recipe->text, sheet);
}

kedge_status kedge_show_recipe(kedge_show *show, const kedge_recipe **recipe)
{
    kedge_status status = KEDGE_OK;
    if (!show->recipe) {
        kedge_model *model = NULL;
        if (!show->model && !show->input) return kedge_fail(KEDGE_EINVALID, "a model or a recipe is missing");
        if (!show->model && is_model(show->input)) status = kedge_show_model(show, &model);
        if (!status) {
            if (show->model) status = recipe_of_model(show);
            else status = kedge_recipe_load(&show->own_recipe, show->ctx, show->input, NULL);
        }
        if (status) return status;
        show->recipe = show->own_recipe;
    }
    *recipe = show->recipe;
    return KEDGE_OK;
}

kedge_status kedge_show_repeat_context(kedge_show *show, const char *kernels, kedge_context **ctx)
{
    bool others = kernels && strcmp(kernels, kedge_context_kernels(show->ctx)) != 0 && kedge_kernels_usable(kernels);
    if (others && !show->replay_ctx) {
        kedge_context_options options = show->ctx->options;
        options.kernels = kernels;
        kedge_status status = kedge_context_create(&show->replay_ctx, &options);
        if (status) return status;
    }
    *ctx = others ? show->replay_ctx : show->ctx;
    return KEDGE_OK;
}

/* Whether the model is what its run ends with: not changed since, and not a snapshot of its way. */
static bool is_an_end(const kedge_model *model)
{
    return model->surgery.n == 0 && !kedge_model_metadata(model, "step");
}

kedge_status kedge_show_replay(kedge_show *show, kedge_replay **replay)
{
    kedge_model *model = NULL;
    const kedge_recipe *recipe = NULL;
    kedge_status status = kedge_show_model(show, &model);
    if (status) return status;
    if (!show->replay) {
        status = kedge_show_recipe(show, &recipe);
        if (status) return status;
        const char *kernels = kedge_model_metadata(model, "kernels"), *seed = kedge_model_metadata(model, "seed");
        if (!seed) return kedge_fail(KEDGE_EFORMAT, "%s: its metadata holds no seed", recipe->file);
        kedge_context *ctx;
        status = kedge_show_repeat_context(show, kernels, &ctx);
        if (status) return status;
        status = kedge_replay_create(&show->replay, ctx, recipe, strtoll(seed, NULL, 10), 0,
                                     is_an_end(model) ? &model->params : NULL);
        if (!status) keep_failure(show);
    }
    if (!status && show->replay->n_records == 0)
        status = kedge_fail(KEDGE_ENUMERIC, "%s: repeated, the run fails at once: %s", show->replay->recipe->file,
                            show->failure);
    if (!status) *replay = show->replay;
    return status;
}

kedge_status kedge_show_evaluation(kedge_show *show, kedge_evaluation **evaluation)
{
    kedge_model *model = NULL;
    kedge_status status = kedge_show_model(show, &model);
    if (!status && !show->evaluation) {
        kedge_evaluate_options options = {.plans = show->options->plans, .n_plans = show->options->n_plans};
        status = kedge_evaluate(&show->evaluation, model, &options);
    }
    if (!status) *evaluation = show->evaluation;
    return status;
}

/* ---- many runs */

kedge_status kedge_show_store(kedge_show *show, kedge_store **store)
{
    kedge_status status = KEDGE_OK;
    if (!show->input) return kedge_fail(KEDGE_EINVALID, "a store is missing");
    if (!show->store) status = kedge_store_open(&show->store, show->ctx, show->input);
    if (!status) *store = show->store;
    return status;
}

kedge_status kedge_show_seeds(kedge_show *show, const long long **seeds, size_t *n)
{
    const kedge_recipe *recipe = NULL;
    kedge_model *model = NULL;
    kedge_status status = show->input ? find_seeds(show) : KEDGE_OK;
    if (!status && show->n_seeds == 0) {
        bool single = !show->input || is_model(show->input);
        if (single) status = kedge_show_model(show, &model);
        else status = kedge_show_recipe(show, &recipe);
        if (status) return status;
        size_t count = single ? 1 : (size_t)recipe->n_seeds;
        const char *own = single ? kedge_model_metadata(model, "seed") : NULL;
        kedge_release(show->ctx, show->seeds);
        show->seeds = kedge_alloc(show->ctx, count, sizeof *show->seeds);
        if (!show->seeds) return kedge_fail_memory("a list of seeds");
        for (size_t i = 0; i < count; i++)
            show->seeds[i] = single ? (own ? strtoll(own, NULL, 10) : 0) : recipe->first_seed + (long long)i;
        show->n_seeds = count;
    }
    if (status) return status;
    *seeds = show->seeds;
    *n = show->n_seeds;
    return KEDGE_OK;
}

/* ---- words */

const char *kedge_show_title(kedge_show *show, const char *otherwise)
{
    if (show->options->title) return show->options->title;
    const kedge_recipe *recipe = show->model ? show->model->recipe : show->recipe;
    return recipe && recipe->title && *recipe->title ? recipe->title : otherwise;
}

const char *kedge_show_caveat(const kedge_show *show, bool exact)
{
    if (show->model && show->model->surgery.n > 0) return "before the model's surgery";
    if (show->model && !is_an_end(show->model)) return "to its end; the model is a snapshot on its way";
    return exact ? NULL : "repeated, it ended otherwise than the model did";
}

const char *kedge_show_seed_text(kedge_show *show)
{
    const char *seed = show->model ? kedge_model_metadata(show->model, "seed") : NULL;
    return kedge_arena_format(&show->arena, "seed %s", seed ? seed : "?");
}
