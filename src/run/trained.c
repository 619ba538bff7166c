/* trained.c - a finished run, or one on its way. */
#include "run/trained.h"

#include <string.h>

#include "kedge/version.h"

enum { N_METADATA = 8 };

/* How many of each label were drawn; those that no term uses were not. */
static bool add_labels(const kedge_worker *worker, kedge_arena *arena, kedge_st_pair *pairs, size_t *n)
{
    const kedge_recipe *recipe = worker->recipe;
    for (int i = 0; i < recipe->n_labels; i++) {
        if (!worker->trainer->objective.label_rows[i]) continue;
        kedge_text number;
        kedge_text_init(&number, worker->ctx);
        kedge_text_add_real(&number, "%.9g", worker->trainer->drawn[i]);
        kedge_st_pair *pair = &pairs[(*n)++];
        pair->key = kedge_arena_format(arena, "labels.%s", recipe->labels[i].name);
        pair->value = number.broken ? NULL : kedge_arena_text(arena, kedge_text_string(&number));
        kedge_text_release(&number);
        if (!pair->key || !pair->value) return false;
    }
    return true;
}

/* 'step': of a snapshot; -1: the run is over. */
static kedge_status gather(const kedge_worker *worker, long long seed, int step, kedge_arena *arena,
                           kedge_st_pair **out, size_t *out_n)
{
    const kedge_recipe *recipe = worker->recipe;
    size_t n = 0;
    kedge_st_pair *pairs = kedge_arena_alloc(arena, (size_t)recipe->n_labels + N_METADATA, sizeof *pairs);
    const char *trajectory = step < 0 ? kedge_trajectory_text(worker->trajectory, arena) : "";
    const char *spike = step < 0 ? kedge_spike_text(&worker->assessment->spike, arena) : "";
    const char *advances = worker->gates ? kedge_gates_text(worker->gates, arena) : "";
    if (!pairs || !trajectory || !spike || !advances) goto no_memory;
    pairs[n++] = (kedge_st_pair){"seed", kedge_arena_format(arena, "%lld", seed)};
    if (step >= 0) pairs[n++] = (kedge_st_pair){"step", kedge_arena_format(arena, "%d", step)};
    pairs[n++] = (kedge_st_pair){"version", kedge_version()};
    pairs[n++] = (kedge_st_pair){"kernels", kedge_context_kernels(worker->ctx)};
    pairs[n++] = (kedge_st_pair){"recipe", recipe->text};
    if (recipe->sheet_bytes)
        pairs[n++] = (kedge_st_pair){"schedule", kedge_arena_bytes(arena, recipe->sheet_bytes, recipe->sheet_length)};
    if (*trajectory) pairs[n++] = (kedge_st_pair){"trajectory", trajectory};
    if (*spike) pairs[n++] = (kedge_st_pair){"spike", spike};
    if (*advances) pairs[n++] = (kedge_st_pair){"advances", advances};
    for (size_t i = 0; i < n; i++)
        if (!pairs[i].value) goto no_memory;
    if (!add_labels(worker, arena, pairs, &n)) goto no_memory;
    *out = pairs;
    *out_n = n;
    return KEDGE_OK;
no_memory:
    return kedge_fail_memory("a model's metadata");
}

kedge_status kedge_trained_metadata(const kedge_worker *worker, long long seed, kedge_arena *arena,
                                    kedge_st_pair **out, size_t *out_n)
{
    return gather(worker, seed, -1, arena, out, out_n);
}

static kedge_status save(const kedge_worker *worker, long long seed, int step, const char *path)
{
    kedge_arena arena;
    kedge_st_pair *pairs;
    size_t n;
    kedge_arena_init(&arena, worker->ctx);
    kedge_status status = gather(worker, seed, step, &arena, &pairs, &n);
    if (!status) status = kedge_model_write(worker->ctx, &worker->trainer->params, pairs, n, path);
    kedge_arena_release(&arena);
    return status;
}

kedge_status kedge_trained_save(const kedge_worker *worker, long long seed, const char *path)
{
    return save(worker, seed, -1, path);
}

kedge_status kedge_trained_snapshot(const kedge_worker *worker, long long seed, int step, const char *path)
{
    return save(worker, seed, step, path);
}

kedge_status kedge_trained_model(kedge_model **out, const kedge_worker *worker, long long seed)
{
    kedge_model *model = NULL;
    kedge_status status = kedge_model_begin(&model, worker->ctx);
    if (status) return status;
    kedge_st_pair *pairs;
    status = kedge_trained_metadata(worker, seed, &model->arena, &pairs, &model->file.n_metadata);
    if (status) goto done;
    model->file.metadata = pairs;
    for (size_t i = 0; i < model->file.n_metadata; i++) { /* some are the worker's, which may go first */
        pairs[i].value = kedge_arena_text(&model->arena, pairs[i].value);
        if (!pairs[i].value) status = kedge_fail_memory("a model's metadata");
    }
    if (!status) status = kedge_model_fill(model, worker->recipe->file, &worker->trainer->params);
done:
    if (status) kedge_model_free(model);
    else *out = model;
    return status;
}
