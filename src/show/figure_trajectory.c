/* figure_trajectory.c - all seeds of a run at once: how well their anchored concepts are aligned, step by step. */
#include <math.h>
#include <string.h>

#include "base/pool.h"
#include "draw/trajectory.h"
#include "eval/verdict.h"
#include "run/directory.h"
#include "show/figure.h"
#include "show/phases.h"

/* Kinds of ends: the verdicts in their order, then what has none. */
enum { NOT_JUDGED = KEDGE_VERDICT_CRUMPLED + 1, FAILED, KINDS };

/* What all threads share. A run's place in the arrays is its number, whoever does it. All but the workers and the
 * training lies in the show's arena: a second picture of the same show is made of it again. */
typedef struct kedge_gathering {
    const kedge_recipe *recipe;
    kedge_recipe_training training;
    kedge_context *ctx;      /* that runs are repeated in */
    kedge_worker **workers;  /* [n_workers] */
    int n_workers;
    const long long *seeds;
    size_t n_runs;
    int n_concepts;
    kedge_trajectory_run *runs; /* [n_runs] */
    double *cosines;         /* [n_concepts][n_runs][n_samples] */
    int n_samples;
    double *at;              /* [n_samples] */
    const char **concepts;   /* [n_concepts] */
    kedge_status *statuses;  /* [n_runs] */
    const char *input;       /* the run directory with the seeds' models; NULL: none */
    const kedge_params *model; /* of the only seed; NULL: none, or surgery has changed it */
    kedge_params *stored;    /* [n_workers] of a seed's model */
    bool *otherwise;         /* [n_runs] it did not end as its model did */
} gathering;

enum { SAMPLES = KEDGE_TRAJECTORY_SAMPLES + 1 };

static const char *const kinds[KINDS] = {
    [KEDGE_VERDICT_CLEAN] = "clean", [KEDGE_VERDICT_LEAKY] = "leaky", [KEDGE_VERDICT_LOST] = "lost",
    [KEDGE_VERDICT_CRUMPLED] = "crumpled", [NOT_JUDGED] = "not judged", [FAILED] = "failed",
};

/* A run that came to its end before the others could keeps what it ended with. */
static void keep(gathering *g, size_t i, const kedge_trajectory *trajectory)
{
    int last = trajectory->n_samples - 1;
    for (int c = 0; c < g->n_concepts; c++) {
        double *row = g->cosines + ((size_t)c * g->n_runs + i) * SAMPLES;
        for (int k = 0; k < SAMPLES; k++)
            row[k] = k <= last          ? (double)trajectory->tracks[c].cosines[k]
                     : trajectory->known ? (double)trajectory->tracks[c].cosines[last]
                                         : (double)NAN;
    }
}

/* Whether a run that was repeated ended with the parameters that its model has. */
static kedge_status compare(const gathering *g, size_t i, int thread, bool *otherwise)
{
    const kedge_params *ended = &g->workers[thread]->trainer->params;
    *otherwise = g->model && !kedge_replay_same(ended, g->model);
    if (!g->input) return KEDGE_OK;
    kedge_st file;
    kedge_arena arena;
    kedge_arena_init(&arena, g->ctx);
    char *path = kedge_run_seed_file(g->ctx, g->input, g->seeds[i], "model.safetensors");
    kedge_status status = path ? kedge_st_load(&file, &arena, path, KEDGE_MODEL_BYTES) : kedge_fail_memory("a path");
    if (!status) status = kedge_model_read_params(&file, path, &g->stored[thread]);
    *otherwise = status || !kedge_replay_same(ended, &g->stored[thread]);
    kedge_release(g->ctx, path);
    kedge_arena_release(&arena);
    return status == KEDGE_ENOMEM ? status : KEDGE_OK; /* others are no models of its recipe */
}

static void repeat(long i, int thread, void *payload)
{
    gathering *g = payload;
    kedge_worker *worker = g->workers[thread];
    uint64_t seed = (uint64_t)g->seeds[i];
    kedge_status status = kedge_worker_train(worker, seed, seed, NULL);
    keep(g, (size_t)i, worker->trajectory);
    int kind = FAILED;
    g->otherwise[i] = g->input || g->model; /* which came to an end */
    if (!status) status = compare(g, (size_t)i, thread, &g->otherwise[i]);
    if (!status) {
        status = kedge_worker_evaluate(worker);
        double verdict = worker->meter->run.verdict;
        kind = isnan(verdict) ? NOT_JUDGED : (int)verdict;
    }
    g->statuses[i] = status == KEDGE_ENUMERIC ? KEDGE_OK : status; /* a run that fails has a trajectory up to there */
    g->runs[i] = (kedge_trajectory_run){.seed = g->seeds[i], .kind = kind};
}

static kedge_status make_workers(gathering *g, kedge_arena *arena)
{
    int threads = kedge_context_threads(g->ctx);
    if ((size_t)threads > g->n_runs) threads = (int)g->n_runs;
    g->workers = kedge_arena_alloc(arena, (size_t)threads, sizeof *g->workers);
    g->stored = kedge_arena_alloc(arena, (size_t)threads, sizeof *g->stored);
    if (!g->workers || !g->stored) return kedge_fail_memory("a figure");
    kedge_status status = KEDGE_OK;
    for (int i = 0; i < threads && !status; i++) {
        kedge_params *stored = &g->stored[i];
        const kedge_dataset *data = g->recipe->dataset;
        status = kedge_worker_create(&g->workers[i], g->ctx, g->recipe, &g->training.training, false);
        if (status) break;
        g->n_workers++;
        kedge_params_init(stored, g->ctx);
        status = kedge_model_declare(&g->recipe->model, data->n_features, data->n_targets, stored);
        if (!status) status = kedge_params_allocate(stored);
    }
    return status;
}

static kedge_status allocate(gathering *g, kedge_arena *arena)
{
    size_t n = g->n_runs;
    g->runs = kedge_arena_alloc(arena, n, sizeof *g->runs);
    g->statuses = kedge_arena_alloc(arena, n, sizeof *g->statuses);
    g->otherwise = kedge_arena_alloc(arena, n, sizeof *g->otherwise);
    g->cosines = kedge_arena_alloc(arena, (size_t)g->n_concepts * n * SAMPLES, sizeof *g->cosines);
    g->at = kedge_arena_alloc(arena, SAMPLES, sizeof *g->at);
    g->concepts = kedge_arena_alloc(arena, (size_t)g->n_concepts, sizeof *g->concepts);
    if (!g->runs || !g->statuses || !g->otherwise || !g->cosines || !g->at || !g->concepts)
        return kedge_fail_memory("a figure");
    return KEDGE_OK;
}

/* Steps at which a whole run is sampled; a run that failed has the first of them. */
static void find_samples(gathering *g)
{
    int whole[SAMPLES];
    if (kedge_recipe_reacts(g->recipe)) { /* no run may be a whole one */
        g->n_samples = kedge_trajectory_grid((int)g->recipe->steps, whole);
        for (int k = 0; k < g->n_samples; k++) g->at[k] = whole[k];
        return;
    }
    for (int w = 0; w < g->n_workers; w++) {
        const kedge_trajectory *trajectory = g->workers[w]->trajectory;
        if (trajectory->n_samples <= g->n_samples) continue;
        g->n_samples = trajectory->n_samples;
        for (int k = 0; k < g->n_samples; k++) g->at[k] = trajectory->at[k];
    }
}

/* The kernels that the input's models were made with; NULL: there are none. In 'arena'. */
static kedge_status find_kernels(kedge_show *show, const char **kernels)
{
    *kernels = NULL;
    if (show->model) *kernels = kedge_model_metadata(show->model, "kernels");
    if (show->model || !show->seeds_are_stored) return KEDGE_OK;
    char *path = kedge_run_seed_file(show->ctx, show->input, show->seeds[0], "model.safetensors");
    kedge_model *model = NULL;
    if (!path) return kedge_fail_memory("a path");
    kedge_status status = kedge_model_load(&model, show->ctx, path);
    const char *found = status ? NULL : kedge_model_metadata(model, "kernels");
    if (found) *kernels = kedge_arena_text(&show->arena, found);
    if (found && !*kernels) status = kedge_fail_memory("a figure");
    kedge_model_free(model);
    kedge_release(show->ctx, path);
    return status;
}

static kedge_status gather(gathering *g, kedge_show *show)
{
    const char *kernels;
    kedge_status status = kedge_show_recipe(show, &g->recipe);
    if (!status) status = kedge_show_seeds(show, &g->seeds, &g->n_runs);
    if (!status) status = find_kernels(show, &kernels);
    if (!status) status = kedge_show_repeat_context(show, kernels, &g->ctx);
    if (!status) status = kedge_recipe_training_init(&g->training, g->recipe);
    g->input = show->seeds_are_stored ? show->input : NULL;
    g->model = !g->input && show->model && show->model->surgery.n == 0 ? &show->model->params : NULL;
    if (!status) status = make_workers(g, &show->arena);
    if (status) return status;
    const kedge_trajectory *trajectory = g->workers[0]->trajectory;
    g->n_concepts = trajectory->n_tracks;
    if (g->n_concepts == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: no labelled concept is anchored; a trajectory shows such",
                          g->recipe->file);
    status = allocate(g, &show->arena);
    if (status) return status;
    for (int c = 0; c < g->n_concepts; c++) {
        const kedge_term_options *term = trajectory->tracks[c].term;
        g->concepts[c] = term->labels.n ? term->labels.names[0] : term->name;
    }
    kedge_pool_run(g->n_workers, (long)g->n_runs, repeat, g, NULL);
    for (size_t i = 0; i < g->n_runs && !status; i++) status = g->statuses[i];
    if (status) return kedge_fail(status, "%s: a run could not be repeated", g->recipe->file);
    find_samples(g);
    return KEDGE_OK;
}

/* Rows of SAMPLES become rows of n_samples. */
static void close_rows(gathering *g)
{
    size_t rows = (size_t)g->n_concepts * g->n_runs, n = (size_t)g->n_samples;
    for (size_t i = 0; i < rows; i++) memmove(g->cosines + i * n, g->cosines + i * SAMPLES, n * sizeof *g->cosines);
}

/* What the show has, gathered when it is first asked for; NULL after an error. */
static const gathering *find_gathering(kedge_show *show, kedge_status *status)
{
    *status = KEDGE_OK;
    if (show->gathering) return show->gathering;
    gathering *g = kedge_arena_alloc(&show->arena, 1, sizeof *g);
    if (!g) {
        *status = kedge_fail_memory("a figure");
        return NULL;
    }
    *status = gather(g, show);
    if (!*status) close_rows(g);
    for (int w = 0; w < g->n_workers; w++) {
        kedge_params_release(&g->stored[w]);
        kedge_worker_free(g->workers[w]);
    }
    kedge_recipe_training_release(&g->training);
    return *status ? NULL : (show->gathering = g);
}

/* What the subtitle says of runs that are not quite the models'; "" mostly. NULL without memory. */
static const char *caveat_of(const gathering *g, kedge_show *show)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_runs; i++) n += g->otherwise[i];
    if (g->n_runs == 1 || n == 0) {
        const char *caveat = kedge_show_caveat(show, n == 0);
        return caveat ? caveat : "";
    }
    return kedge_arena_format(&show->arena, "repeated, %zu ended otherwise than %s", n,
                              n == 1 ? "its model did" : "their models did");
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    kedge_phases phases;
    kedge_status status;
    const gathering *g = find_gathering(show, &status);
    if (!g) return status;
    int steps = (int)g->recipe->steps;
    bool reacts = kedge_recipe_reacts(g->recipe); /* then runs do not share the steps of their phases */
    status = kedge_phases_find(&phases, &show->arena, reacts ? NULL : g->recipe->sheet,
                               kedge_phases_reach(g->recipe, steps), NULL);
    if (status) return status;
    kedge_trajectory_figure figure = {
        .title = kedge_show_title(show, "trajectory"), .steps = steps, .n_samples = g->n_samples,
        .at = g->at, .n_kinds = KINDS, .kinds = kinds, .n_runs = (int)g->n_runs, .runs = g->runs,
        .n_concepts = g->n_concepts, .concepts = g->concepts, .cosines = g->cosines, .held = KEDGE_VERDICT_HELD,
        .n_phases = phases.n_phases, .phases = phases.phases, .n_actions = phases.n_actions,
        .actions = phases.actions};
    const char *caveat = caveat_of(g, show);
    if (!caveat) return kedge_fail_memory("a figure");
    figure.caveat = *caveat ? caveat : NULL;
    figure.subtitle = kedge_arena_format(
        &show->arena, "%zu %s%s%s%s; mean cosine of the concept's surest points with its anchor", g->n_runs,
        g->n_runs == 1 ? "run" : "runs", *caveat ? ", " : "", caveat, reacts ? ", which may end early" : "");
    return figure.subtitle ? kedge_draw_trajectory(show->ctx, &figure, to) : kedge_fail_memory("a figure");
}

const kedge_figure kedge_figure_trajectory = {
    .info = {.name = "trajectory", .summary = "alignment of the anchored concepts over the steps, all seeds",
             .input = KEDGE_FIGURE_RUNS},
    .draw = draw,
};
