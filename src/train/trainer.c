/* trainer.c - the training loop. */
#include "train/trainer.h"

#include <math.h>
#include <string.h>

#include "base/float_state.h"
#include "base/pool.h"
#include "base/random.h"
#include "ops/ops.h"

static kedge_status declare(kedge_trainer *trainer)
{
    const kedge_dataset *dataset = trainer->training->dataset;
    kedge_status status = kedge_model_declare(trainer->training->model, dataset->n_features, dataset->n_targets,
                                              &trainer->params);
    return status ? status : kedge_params_allocate(&trainer->params);
}

kedge_status kedge_trainer_build(kedge_trainer *trainer, kedge_site_hook hook, void *payload)
{
    const kedge_training *training = trainer->training;
    const kedge_dataset *dataset = training->dataset;
    const char **names = kedge_arena_alloc(&trainer->arena, (size_t)training->n_labels, sizeof *names);
    if (!names) return kedge_fail_memory("a trainer");
    for (int i = 0; i < training->n_labels; i++) names[i] = training->labels[i].name;
    kedge_status status =
        kedge_graph_create(&trainer->graph, trainer->ctx, kedge_sampler_largest(training->sampler), true);
    if (status) return status;
    if (hook) kedge_graph_on_site(trainer->graph, hook, payload);
    trainer->input = kedge_graph_input(trainer->graph, "input", dataset->n_features);
    bool own_target = dataset->targets != dataset->features;
    trainer->target = own_target ? kedge_graph_input(trainer->graph, "target", dataset->n_targets) : trainer->input;
    trainer->output = kedge_model_build(training->model, &trainer->params, trainer->input);
    status = kedge_objective_build(&trainer->objective, trainer->output, trainer->target, training->n_terms,
                                   training->terms, training->n_labels, names, training->sets != NULL);
    return status ? status : kedge_graph_plan(trainer->graph);
}

kedge_status kedge_trainer_create(kedge_trainer **out, kedge_context *ctx, const kedge_training *training)
{
    kedge_trainer *trainer = kedge_alloc_zero(ctx, 1, sizeof *trainer);
    if (!trainer) return kedge_fail_memory("a trainer");
    trainer->ctx = ctx;
    trainer->training = training;
    kedge_params_init(&trainer->params, ctx);
    kedge_arena_init(&trainer->arena, ctx);
    kedge_status status = declare(trainer);
    if (!status) status = kedge_trainer_build(trainer, NULL, NULL);
    if (status) goto done;
    status = kedge_optimizer_init(&trainer->optimizer, ctx, training->optimizer, trainer->params.size);
    if (status) goto done;
    size_t n = (size_t)kedge_columns(trainer->graph->batch);
    trainer->words = kedge_alloc(ctx, 4 * n, sizeof *trainer->words);
    trainer->index = kedge_alloc(ctx, n, sizeof *trainer->index);
    trainer->order = kedge_alloc(ctx, n, sizeof *trainer->order);
    trainer->thresholds = kedge_alloc(ctx, n, sizeof *trainer->thresholds);
    trainer->values = kedge_arena_alloc(&trainer->arena, (size_t)training->n_terms + 1, sizeof *trainer->values);
    trainer->drawn = kedge_arena_alloc(&trainer->arena, (size_t)training->n_labels, sizeof *trainer->drawn);
    if (!trainer->words || !trainer->index || !trainer->order || !trainer->thresholds || !trainer->values ||
        !trainer->drawn) {
        status = kedge_fail_memory("a trainer");
        goto done;
    }
    for (size_t i = 0; i < n; i++) trainer->order[i] = (uint32_t)i;
    *out = trainer;
    trainer = NULL;
done:
    kedge_trainer_free(trainer);
    return status;
}

void kedge_trainer_free(kedge_trainer *trainer)
{
    if (!trainer) return;
    kedge_optimizer_release(&trainer->optimizer);
    kedge_graph_free(trainer->graph);
    kedge_params_release(&trainer->params);
    kedge_release(trainer->ctx, trainer->words);
    kedge_release(trainer->ctx, trainer->index);
    kedge_release(trainer->ctx, trainer->order);
    kedge_release(trainer->ctx, trainer->thresholds);
    kedge_arena_release(&trainer->arena);
    kedge_release(trainer->ctx, trainer);
}

/* One label of the batch with a factor on its rate. Only the samples that were drawn are looked at, so that a factor
 * that changes at each step costs the same for any number of points. */
static void draw_scaled(kedge_trainer *trainer, const kedge_label *label, double factor, int n, const uint32_t *words,
                        float *row, float *sum)
{
    const uint32_t *index = trainer->index;
    if (label->mode == KEDGE_LABEL_STOCHASTIC) {
        for (int s = 0; s < n; s++) {
            double rate = label->rate[index[s]] * factor;
            trainer->thresholds[s] = (uint32_t)((rate < 1 ? rate : 1) * 0x1p31 + 0.5); /* as in kedge_label_make */
        }
        trainer->ctx->kern->bernoulli(n, words, trainer->thresholds, trainer->order, row, sum);
        return;
    }
    for (int s = 0; s < n; s++) {
        double rate = label->mode == KEDGE_LABEL_EXACT ? (double)label->soft[index[s]] : label->rate[index[s]];
        rate *= factor;
        row[s] = (float)(rate < 1 ? rate : 1);
    }
}

/* Labels of the batch: 0 and 1 use the words left over from drawing the points, further ones their own. */
static void draw_labels(kedge_trainer *trainer, uint64_t seed, int step, int n, int live)
{
    const kedge_kern *kern = trainer->ctx->kern;
    size_t plane = (size_t)kedge_columns(trainer->graph->batch);
    uint32_t *words = trainer->words;
    const double *rates = trainer->training->rates;
    if (rates) rates += (size_t)step * (size_t)trainer->training->n_labels;
    for (int i = 0; i < trainer->training->n_labels; i++) {
        const kedge_label *label = &trainer->training->labels[i];
        kedge_node *row = trainer->objective.label_rows[i];
        int word = i < 2 ? i + 2 : (i - 2) % 4;
        if (i >= 2 && word == 0)
            kedge_random_planes(kern, seed, KEDGE_PURPOSE_LABELS, (uint32_t)step, (uint32_t)(i - 2) / 4, n, words,
                                words + plane, words + 2 * plane, words + 3 * plane);
        if (!row) continue;
        float *sum = &trainer->objective.label_sums[i];
        double factor = rates ? rates[i] : 1;
        if (factor != 1)
            draw_scaled(trainer, label, factor, n, words + (size_t)word * plane, row->val, sum);
        else if (label->mode == KEDGE_LABEL_STOCHASTIC)
            kern->bernoulli(n, words + (size_t)word * plane, label->threshold, trainer->index, row->val, sum);
        else
            kern->gather(n, label->soft, trainer->index, row->val);
        if (label->mode != KEDGE_LABEL_STOCHASTIC || live < n) {
            for (int s = live; s < n; s++) row->val[s] = 0;
            kern->weighted_sum(live, row->val, NULL, sum);
        }
        trainer->drawn[i] += (double)*sum;
    }
}

/* The points of the batch, uniformly or by weight. */
static void draw_points(kedge_trainer *trainer, uint64_t seed, int step, int n)
{
    size_t plane = (size_t)kedge_columns(trainer->graph->batch);
    uint32_t *words = trainer->words;
    kedge_random_planes(trainer->ctx->kern, seed, KEDGE_PURPOSE_BATCH, (uint32_t)step, 0, n, words, words + plane,
                        words + 2 * plane, words + 3 * plane);
    kedge_sampler_indices(trainer->training->sampler, n, words, words + plane, trainer->index);
}

/* The points of the batch from sets, and what each counts. Words of part 0 are those of draw_points, last in the planes
 * because labels use what is left of them. */
static void draw_sets(kedge_trainer *trainer, uint64_t seed, int step, int n)
{
    const kedge_kern *kern = trainer->ctx->kern;
    const kedge_sets_mix *mix = &trainer->mix;
    size_t plane = (size_t)kedge_columns(trainer->graph->batch);
    uint32_t *words = trainer->words;
    kedge_node *samples = trainer->objective.samples;
    kedge_random_planes(kern, seed, KEDGE_PURPOSE_BATCH, (uint32_t)step, 1, n, words, words + plane,
                        words + 2 * plane, words + 3 * plane);
    kedge_sets_pick(mix, n, words, trainer->index);
    samples->all_one = !mix->weighted;
    for (int s = 0; mix->weighted && s < n; s++)
        samples->val[s] = s < trainer->graph->live ? mix->loss[trainer->index[s]] : 0;
    kedge_random_planes(kern, seed, KEDGE_PURPOSE_BATCH, (uint32_t)step, 0, n, words, words + plane,
                        words + 2 * plane, words + 3 * plane);
    kedge_sets_indices(trainer->training->sets, n, words, words + plane, trainer->index);
}

/* What the factors of a step mean, into trainer->mix. */
static kedge_status mix_sets(kedge_trainer *trainer, int step)
{
    const kedge_training *training = trainer->training;
    if (!training->sets) return KEDGE_OK;
    const double *factors = training->factors + (size_t)step * (size_t)kedge_sets_count(training->sets);
    if (kedge_sets_mix_make(&trainer->mix, training->sets, factors)) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "no point can be drawn at step %d, as every set has the factor 0; at least one "
                      "must be above 0", step);
}

kedge_status kedge_trainer_draw(kedge_trainer *trainer, uint64_t seed, int step)
{
    const kedge_training *training = trainer->training;
    const kedge_dataset *dataset = training->dataset;
    const kedge_kern *kern = trainer->ctx->kern;
    int live = kedge_sampler_size(training->sampler, step), n = kedge_columns(live);
    kedge_status status = mix_sets(trainer, step);
    if (status) return status;
    trainer->graph->live = live;
    if (training->sets) draw_sets(trainer, seed, step, n);
    else draw_points(trainer, seed, step, n);
    for (int j = 0; j < dataset->n_features; j++)
        kern->gather(n, dataset->features[j], trainer->index,
                     trainer->input->val + (size_t)j * (size_t)trainer->input->ld);
    for (int j = 0; trainer->target != trainer->input && j < dataset->n_targets; j++)
        kern->gather(n, dataset->targets[j], trainer->index,
                     trainer->target->val + (size_t)j * (size_t)trainer->target->ld);
    draw_labels(trainer, seed, step, n, live);
    return KEDGE_OK;
}

uint64_t kedge_trainer_gradient(kedge_trainer *trainer, int step)
{
    const kedge_training *training = trainer->training;
    float seeds[KEDGE_MAX_ROOTS];
    kedge_graph *graph = trainer->graph;
    const double *weights = training->weights + (size_t)step * (size_t)training->n_terms;
    uint64_t active = kedge_objective_activate(&trainer->objective, kedge_columns(graph->live), weights, seeds);
    if (training->task) seeds[trainer->objective.task] = (float)training->task[step];
    kedge_graph_forward(graph, graph->live, active);
    kedge_graph_backward(graph, seeds, active);
    return active;
}

void kedge_trainer_update(kedge_trainer *trainer, int step)
{
    kedge_optimizer_step(&trainer->optimizer, &trainer->params, trainer->training->lr[step]);
}

/* Losses of the step into trainer->values; an error if one is not finite. */
static kedge_status check_losses(kedge_trainer *trainer, int step, uint64_t active)
{
    const kedge_training *training = trainer->training;
    float *values = trainer->values;
    values[0] = trainer->graph->roots[trainer->objective.task]->val[0];
    float sum = values[0] - values[0]; /* 0, or no number as soon as one is not finite */
    for (int i = 0; i < training->n_terms; i++) {
        values[i + 1] = kedge_objective_value(&trainer->objective, i, active);
        sum += values[i + 1] - values[i + 1];
    }
    if (sum == 0) return KEDGE_OK;
    int first = 0;
    while (isfinite(values[first])) first++;
    const char *what = isnan(values[first]) ? "not a number" : "infinite";
    if (first == 0)
        return kedge_fail(KEDGE_ENUMERIC, "the reconstruction loss became %s at step %d; try a lower learning rate",
                          what, step);
    double weight = training->weights[(size_t)step * (size_t)training->n_terms + (size_t)first - 1];
    return kedge_fail(KEDGE_ENUMERIC, "term '%s' became %s at step %d (weight %.9g); try a lower weight or learning "
        "rate",
                      training->terms[first - 1].name, what, step, weight);
}

/* The last update has no loss after it that would tell. */
static kedge_status check_parameters(const kedge_trainer *trainer)
{
    const kedge_params *params = &trainer->params;
    float sum = 0;
    for (size_t i = 0; i < params->size; i++) sum += params->values[i] - params->values[i];
    if (sum == 0) return KEDGE_OK;
    return kedge_fail(KEDGE_ENUMERIC, "the parameters became infinite or not a number in the last update, "
        "step %d; try a "
                                      "lower weight or learning rate", trainer->training->steps - 1);
}

/* Fires what is due at a step; *next is the first action that has not been fired. */
static kedge_status fire(kedge_trainer *trainer, int step, int *next, const kedge_train_events *events)
{
    const kedge_training *training = trainer->training;
    kedge_status status = KEDGE_OK;
    for (; !status && *next < training->n_actions && training->actions[*next].step == step; ++*next) {
        const kedge_action *action = &training->actions[*next];
        status = kedge_action_kinds[action->kind].fire(trainer, action, events);
    }
    return status;
}

static kedge_status run(kedge_trainer *trainer, uint64_t seed, const kedge_train_events *events)
{
    const kedge_training *training = trainer->training;
    int next = 0;
    for (int step = 0; step < training->steps; step++) {
        if (events && kedge_stopped(events->stop))
            return kedge_fail(KEDGE_ECANCELLED, "cancelled at step %d", step);
        kedge_status status = events && events->begin ? events->begin(step, events->payload) : KEDGE_OK;
        if (!status) status = fire(trainer, step, &next, events);
        if (status) return status;
        status = kedge_trainer_draw(trainer, seed, step);
        if (status) return status;
        uint64_t active = kedge_trainer_gradient(trainer, step);
        status = check_losses(trainer, step, active);
        if (!status && events && events->step) {
            kedge_step now = {.step = step, .lr = training->lr[step], .values = trainer->values, .active = active,
                              .task = training->task ? training->task[step] : 1,
                              .weights = training->weights + (size_t)step * (size_t)training->n_terms};
            status = events->step(&now, events->payload);
        }
        if (status) return status;
        kedge_trainer_update(trainer, step);
    }
    return check_parameters(trainer);
}

kedge_status kedge_trainer_run_crossed(kedge_trainer *trainer, uint64_t weights_seed, uint64_t stream_seed,
                                       const kedge_train_events *events)
{
    kedge_float_state state = kedge_float_enter();
    kedge_params_draw(&trainer->params, weights_seed);
    memset(trainer->params.gradients, 0, trainer->params.size * sizeof *trainer->params.gradients);
    kedge_optimizer_clear(&trainer->optimizer);
    kedge_objective_clear(&trainer->objective);
    memset(trainer->drawn, 0, (size_t)trainer->training->n_labels * sizeof *trainer->drawn);
    kedge_status status = run(trainer, stream_seed, events);
    kedge_float_leave(state);
    return status;
}

kedge_status kedge_trainer_run(kedge_trainer *trainer, uint64_t seed, const kedge_train_events *events)
{
    return kedge_trainer_run_crossed(trainer, seed, seed, events);
}
