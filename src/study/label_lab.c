/* label_lab.c - the label laboratory: which label, and the runs. */
#include "study/label_lab.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/pool.h"
#include "eval/concept.h"
#include "eval/verdict.h"
#include "run/worker.h"

enum { SEEDS = 60, QUICK_SEEDS = 12 };

/* ---- which label ---- */

/* Whether the term is drawn to what carries label l. */
static bool uses(const kedge_recipe *recipe, int term, int l)
{
    const kedge_weights *labels = &recipe->terms[term].labels;
    for (int i = 0; i < labels->n; i++)
        if (labels->values[i] > 0 && strcmp(labels->names[i], recipe->labels[l].name) == 0) return true;
    return false;
}

static bool lies_along(const kedge_reals *at, const kedge_reals *direction)
{
    double product = 0, a = 0, b = 0;
    if (at->n != direction->n) return false;
    for (int i = 0; i < at->n; i++) {
        product += at->at[i] * direction->at[i];
        a += at->at[i] * at->at[i];
        b += direction->at[i] * direction->at[i];
    }
    return product > 0.999 * sqrt(a * b);
}

static bool lies_within(const kedge_reals *at, const kedge_ints *dims)
{
    double within = 0, all = 0;
    for (int i = 0; i < at->n; i++) all += at->at[i] * at->at[i];
    for (int i = 0; i < dims->n; i++)
        if (dims->at[i] >= 0 && dims->at[i] < at->n) within += at->at[dims->at[i]] * at->at[dims->at[i]];
    return within > 0.998 * all;
}

/* Whether the scored plan acts where the anchor stands. */
static bool is_scored(const kedge_recipe *recipe, int term)
{
    if (recipe->score_plan < 0) return false;
    const kedge_plan_options *plan = &recipe->plans[recipe->score_plan];
    const kedge_reals *at = &recipe->terms[term].at;
    for (int i = 0; i < plan->n_steps; i++) {
        const kedge_plan_step *step = &plan->steps[i];
        if (!step->is_surgery && lies_along(at, &step->edit.direction)) return true;
        if (lies_within(at, step->is_surgery ? &step->surgery.dims : &step->edit.dims)) return true;
    }
    return false;
}

/* The first anchor of label l, or -1; 'meter' knows which terms are anchors. */
static int anchor_of(const kedge_recipe *recipe, const kedge_meter *meter, int l)
{
    for (int t = 0; t < recipe->n_terms; t++)
        if (meter->terms[t].is_anchor && uses(recipe, t, l)) return t;
    return -1;
}

static kedge_status choose_named(kedge_label_lab *lab, const char *name)
{
    const kedge_recipe *recipe = lab->recipe;
    const char *names[64];
    int n = 0;
    for (; n < recipe->n_labels && n < 64; n++) {
        names[n] = recipe->labels[n].name;
        if (strcmp(name, names[n]) == 0) lab->label = n;
    }
    if (lab->label >= 0) return KEDGE_OK;
    const char *nearest = kedge_nearest(name, names, n);
    return kedge_fail(KEDGE_EINVALID, "%s: no label '%s'%s%s%s", lab->path, name, nearest ? "; did you mean '" : "",
                      nearest ? nearest : "; it must be one of the recipe's", nearest ? "'?" : "");
}

static kedge_status choose(kedge_label_lab *lab, const kedge_meter *meter)
{
    const kedge_recipe *recipe = lab->recipe;
    int anchored = 0, scored = -1, last = -1;
    lab->label = -1;
    if (lab->options->label) {
        kedge_status status = choose_named(lab, lab->options->label);
        if (status) return status;
    }
    for (int l = recipe->n_labels - 1; l >= 0; l--) {
        int term = anchor_of(recipe, meter, l);
        if (term < 0) continue;
        anchored++;
        last = l;
        if (is_scored(recipe, term)) scored = l;
    }
    if (lab->label < 0) lab->label = scored >= 0 ? scored : anchored == 1 ? last : -1;
    if (lab->label < 0 && anchored == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: no label is used by an anchor of the latents; one must be", lab->path);
    if (lab->label < 0)
        return kedge_fail(KEDGE_EINVALID, "%s: several labels are used by anchors; name one with --label", lab->path);
    lab->term = anchor_of(recipe, meter, lab->label);
    if (lab->term >= 0) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "%s: label '%s' is used by no anchor of the latents; it must be", lab->path,
                      recipe->labels[lab->label].name);
}

/* ---- what is known of it ---- */

void kedge_lab_mix(const kedge_training *training, int step, double *shares)
{
    kedge_sets_mix mix;
    memset(shares, 0, KEDGE_SETS_MAX * sizeof *shares);
    if (!training->sets) {
        shares[0] = 1;
        return;
    }
    int n = kedge_sets_count(training->sets);
    if (kedge_sets_mix_make(&mix, training->sets, training->factors + (size_t)step * (size_t)n))
        kedge_sets_mix_shares(&mix, shares);
}

/* All points are one set, of which each is drawn by its weight. */
static kedge_status read_weights(kedge_label_lab *lab)
{
    const kedge_dataset *dataset = lab->recipe->dataset;
    const kedge_formula *weight = &lab->recipe->data.weight;
    kedge_errors errors;
    double sum = 0;
    kedge_errors_init(&errors);
    for (int i = 0; i < dataset->points; i++) {
        lab->set_of[i] = 0;
        lab->within[i] = 1;
    }
    if (weight->text && !kedge_formula_eval(weight, dataset, lab->within, &errors)) return kedge_errors_status(&errors);
    for (int i = 0; i < dataset->points; i++) sum += lab->within[i];
    for (int i = 0; i < dataset->points; i++) lab->within[i] /= sum;
    return KEDGE_OK;
}

/* How often points are drawn: at a step by the factors of their sets, over the run by the means of those. */
static kedge_status read_shares(kedge_label_lab *lab, const kedge_training *training)
{
    int points = lab->recipe->dataset->points;
    double now[KEDGE_SETS_MAX], mean[KEDGE_SETS_MAX] = {0}, samples = 0;
    kedge_status status = KEDGE_OK;
    if (training->sets) kedge_sets_members(training->sets, points, lab->set_of, lab->within);
    else status = read_weights(lab);
    for (int step = 0; step < training->steps; step++) {
        int n = kedge_sampler_size(training->sampler, step);
        kedge_lab_mix(training, step, now);
        for (int k = 0; k < KEDGE_SETS_MAX; k++) mean[k] += n * now[k];
        samples += n;
    }
    for (int i = 0; i < points; i++)
        lab->shares[i] = lab->set_of[i] < 0 ? 0 : lab->within[i] * (mean[lab->set_of[i]] / samples);
    return status;
}

/* The label by its concept, and the concept's values. */
static kedge_status read_concept(kedge_label_lab *lab, const kedge_training *training)
{
    const kedge_dataset *dataset = lab->recipe->dataset;
    const kedge_label_options *label = &lab->recipe->labels[lab->label];
    size_t n = (size_t)dataset->points;
    kedge_errors errors;
    kedge_errors_init(&errors);
    if (!kedge_label_by_concept(&lab->base, label, &lab->arena))
        return kedge_fail(KEDGE_EINVALID, "%s: the rate of label '%s' is not of the form 'A * NAME^B'; write it as "
                          "{concept: FORMULA, exponent: B, rate: A}", label->rate.where ? label->rate.where : lab->path,
                          label->name);
    double *values = kedge_arena_alloc(&lab->arena, n, sizeof *values);
    lab->shares = kedge_arena_alloc(&lab->arena, n, sizeof *lab->shares);
    lab->concept = kedge_arena_alloc(&lab->arena, n, sizeof *lab->concept);
    lab->sides = kedge_arena_alloc(&lab->arena, n, sizeof *lab->sides);
    lab->set_of = kedge_arena_alloc(&lab->arena, n, sizeof *lab->set_of);
    lab->within = kedge_arena_alloc(&lab->arena, n, sizeof *lab->within);
    if (!values || !lab->shares || !lab->concept || !lab->sides || !lab->set_of || !lab->within)
        return kedge_fail_memory("a label's concept");
    kedge_status status = read_shares(lab, training);
    if (status) return status;
    if (!kedge_formula_eval(&lab->base.rate, dataset, values, &errors)) return kedge_errors_status(&errors);
    lab->rate = values[0];
    if (!kedge_formula_eval(&lab->base.concept, dataset, lab->concept, &errors)) return kedge_errors_status(&errors);
    if (lab->base.among.text && !kedge_formula_eval(&lab->base.among, dataset, values, &errors))
        return kedge_errors_status(&errors);
    for (size_t i = 0; i < n; i++) {
        lab->concept[i] = fmin(1, fmax(0, lab->concept[i])); /* rounding, as the label was made of it */
        lab->sides[i] = lab->base.among.text && values[i] == 0 ? KEDGE_LAB_NO_SIDE : KEDGE_LAB_LABEL_SIDE;
        if (lab->sides[i] == KEDGE_LAB_NO_SIDE) continue;
        double carried = pow(lab->concept[i], lab->base.exponent);
        lab->right += lab->shares[i] * carried;
        lab->others += lab->shares[i] * (1 - carried);
    }
    return KEDGE_OK;
}

/* Reads the recipe and finds the label; a worker for it knows what its terms are. */
static kedge_status open_recipe(kedge_label_lab *lab)
{
    const kedge_label_lab_options *options = lab->options;
    kedge_recipe_training training = {0};
    kedge_worker *worker = NULL;
    kedge_status status = kedge_recipe_load(&lab->recipe, lab->ctx, lab->path,
                                            &(kedge_recipe_options){options->set, options->n_set});
    if (!status) status = kedge_recipe_training_init(&training, lab->recipe);
    if (!status) status = kedge_worker_create(&worker, lab->ctx, lab->recipe, &training.training, false);
    if (!status) status = choose(lab, worker->meter);
    if (!status) status = read_concept(lab, &training.training);
    kedge_worker_free(worker);
    kedge_recipe_training_release(&training);
    return status;
}

/* ---- the runs ---- */

/* What a thread works with: a worker for the cell that it is at. */
typedef struct bench {
    int cell; /* -1: none */
    kedge_worker *worker;
    double *cosines; /* [4 * points], the last three scratch */
    int *order;      /* [points], scratch */
} bench;

typedef struct session {
    kedge_label_lab *lab;
    int n_benches;
    bench *benches;
    pthread_mutex_t lock; /* for all below */
    long long done;
    kedge_status status;  /* the first error that ends it all */
    char message[1024];
} session;

/* Counts batches without a label. */
typedef struct counting {
    const float *sum; /* of the label over the batch */
    long long empty;
} counting;

static kedge_status count(const kedge_step *step, void *payload)
{
    counting *self = payload;
    (void)step;
    self->empty += *self->sum == 0;
    return KEDGE_OK;
}

static double metric_of(const kedge_meter *meter, const char *name, int item)
{
    for (int i = 0; i < meter->n_columns; i++) {
        const kedge_column *column = &meter->columns[i];
        if (strcmp(column->metric->name, name) == 0 && (item < 0 || column->item == item)) return meter->values[i];
    }
    return NAN;
}

static void read_run(const kedge_label_lab *lab, const kedge_lab_cell *cell, const bench *own, long long empty,
                     double *values)
{
    const kedge_worker *worker = own->worker;
    const kedge_evaluator *evaluator = worker->evaluator;
    double verdict = metric_of(worker->meter, "verdict", -1);
    double anchor = metric_of(worker->meter, "anchor_", lab->term);
    values[KEDGE_LAB_SCORE] = metric_of(worker->meter, "score", -1);
    values[KEDGE_LAB_ANGLE] = acos(fmin(1, fmax(-1, 1 - anchor))) * (180 / M_PI);
    values[KEDGE_LAB_RECON] = metric_of(worker->meter, "recon_mse", -1);
    values[KEDGE_LAB_CLEAN] = isnan(verdict) ? (double)NAN : verdict == KEDGE_VERDICT_CLEAN;
    values[KEDGE_LAB_DRAWN] = worker->trainer->drawn[lab->label];
    values[KEDGE_LAB_EMPTY] = (double)empty / worker->trainer->training->steps;
    values[KEDGE_LAB_LABELLED] = values[KEDGE_LAB_HELD] = values[KEDGE_LAB_RANK] = NAN;
    if (cell->part != KEDGE_LABELS_HELD_OUT) return;
    for (int i = 0; i < evaluator->dataset->points; i++)
        own->cosines[i] = kedge_anchor_cosine(&cell->recipe->terms[lab->term],
                                              evaluator->latents + (size_t)i * (size_t)evaluator->n_latents,
                                              evaluator->n_latents);
    kedge_lab_read_held(lab, own->cosines, own->cosines + evaluator->dataset->points, own->order, values);
}

static kedge_status move_to(session *self, bench *own, int index)
{
    kedge_lab_cell *cell = &self->lab->cells[index];
    size_t points = (size_t)self->lab->recipe->dataset->points;
    if (!own->cosines) own->cosines = kedge_alloc(self->lab->ctx, 4 * points, sizeof *own->cosines);
    if (!own->order) own->order = kedge_alloc(self->lab->ctx, points, sizeof *own->order);
    if (!own->cosines || !own->order) return kedge_fail_memory("a run's cosines");
    if (own->cell == index && own->worker) return KEDGE_OK;
    kedge_worker_free(own->worker);
    own->worker = NULL;
    own->cell = index;
    return kedge_worker_create(&own->worker, self->lab->ctx, cell->recipe, &cell->training.training, false);
}

static void report(session *self, kedge_status status)
{
    const kedge_label_lab_options *options = self->lab->options;
    pthread_mutex_lock(&self->lock);
    if (status && self->status == KEDGE_OK) {
        self->status = status;
        snprintf(self->message, sizeof self->message, "%s", kedge_error());
    }
    self->done += !status;
    if (options->progress && !status)
        options->progress(self->done, self->lab->n_cells * self->lab->n_seeds, options->progress_payload);
    pthread_mutex_unlock(&self->lock);
}

static bool broken(session *self)
{
    pthread_mutex_lock(&self->lock);
    bool is = self->status != KEDGE_OK;
    pthread_mutex_unlock(&self->lock);
    return is;
}

static void do_run(long i, int index, void *payload)
{
    session *self = payload;
    kedge_label_lab *lab = self->lab;
    bench *own = &self->benches[index];
    long long at = i % lab->n_seeds;
    kedge_lab_cell *cell = &lab->cells[i / lab->n_seeds];
    kedge_lab_run *run = &cell->runs[at];
    if (broken(self)) return;
    kedge_status status = move_to(self, own, (int)(i / lab->n_seeds));
    uint64_t seed = (uint64_t)(lab->first_seed + at);
    if (!status) {
        counting batches = {.sum = &own->worker->trainer->objective.label_sums[lab->label]};
        kedge_train_events events = {.step = count, .payload = &batches, .stop = lab->options->stop};
        status = kedge_worker_train(own->worker, seed, seed, &events);
        if (!status) status = kedge_worker_evaluate(own->worker);
        if (!status) read_run(lab, cell, own, batches.empty, run->values);
    }
    if (status == KEDGE_ENUMERIC) {
        run->failed = true;
        for (int v = 0; v < KEDGE_LAB_VALUES; v++) run->values[v] = NAN;
        status = KEDGE_OK;
    }
    if (status != KEDGE_ECANCELLED) report(self, status);
}

static kedge_status run_all(kedge_label_lab *lab)
{
    session self = {.lab = lab, .n_benches = kedge_context_threads(lab->ctx)};
    long runs = (long)lab->n_cells * (long)lab->n_seeds;
    self.benches = kedge_alloc_zero(lab->ctx, (size_t)self.n_benches, sizeof *self.benches);
    if (!self.benches) return kedge_fail_memory("a laboratory");
    pthread_mutex_init(&self.lock, NULL);
    for (int b = 0; b < self.n_benches; b++) self.benches[b].cell = -1;
    kedge_pool_run(self.n_benches, runs, do_run, &self, lab->options->stop);
    for (int b = 0; b < self.n_benches; b++) {
        kedge_worker_free(self.benches[b].worker);
        kedge_release(lab->ctx, self.benches[b].cosines);
        kedge_release(lab->ctx, self.benches[b].order);
    }
    kedge_release(lab->ctx, self.benches);
    pthread_mutex_destroy(&self.lock);
    if (self.status) return kedge_fail(self.status, "%s", self.message);
    if (self.done < runs)
        return kedge_fail(KEDGE_ECANCELLED, "stopped after %lld of %ld runs; nothing is kept", self.done, runs);
    return KEDGE_OK;
}

/* ---- the whole ---- */

static kedge_status choose_seeds(kedge_label_lab *lab)
{
    const kedge_label_lab_options *options = lab->options;
    lab->first_seed = options->first_seed >= 0 ? options->first_seed : lab->recipe->first_seed;
    lab->n_seeds = options->seed_count > 0 ? options->seed_count : options->quick ? QUICK_SEEDS : SEEDS;
    if (lab->first_seed <= 1000000000000 && lab->n_seeds <= 100000) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "seeds %lld and on, %lld of them: the first is from 0 to 1000000000000, and at "
                      "most 100000 are trained at once", lab->first_seed, lab->n_seeds);
}

/* That files can be written there is found out before anything is trained. */
static kedge_status try_directory(const kedge_label_lab *lab)
{
    kedge_outfile file = {0};
    if (!lab->options->directory) return KEDGE_OK;
    kedge_status status = kedge_make_directory(lab->options->directory);
    char *path = kedge_path_join(lab->ctx, lab->options->directory, "labels.csv");
    if (!status) status = path ? kedge_outfile_open(&file, lab->ctx, path) : kedge_fail_memory("a path");
    kedge_outfile_abort(&file);
    kedge_release(lab->ctx, path);
    return status;
}

/* Recipes are needed for the runs alone. */
static void close_cells(kedge_label_lab *lab)
{
    for (int i = 0; i < lab->n_cells; i++) {
        kedge_recipe_training_release(&lab->cells[i].training);
        kedge_recipe_free(lab->cells[i].recipe);
        lab->cells[i].recipe = NULL;
    }
}

kedge_status kedge_label_lab_run(kedge_label_lab **out, kedge_context *context, const char *recipe,
                                 const kedge_label_lab_options *options)
{
    static const kedge_label_lab_options none = KEDGE_LABEL_LAB_OPTIONS_INIT;
    kedge_label_lab *lab = kedge_alloc_zero(context, 1, sizeof *lab);
    if (!lab) return kedge_fail_memory("a laboratory");
    *lab = (kedge_label_lab){.ctx = context, .options = options ? options : &none, .path = recipe};
    kedge_arena_init(&lab->arena, context);
    kedge_status status = open_recipe(lab);
    if (!status) status = choose_seeds(lab);
    if (!status) status = kedge_lab_hold_out(lab);
    if (!status) status = kedge_lab_plan(lab);
    if (!status) status = try_directory(lab);
    if (!status) status = run_all(lab);
    close_cells(lab);
    if (!status) status = kedge_lab_judge(lab);
    lab->options = NULL;
    lab->path = NULL;
    if (status) kedge_label_lab_free(lab);
    else *out = lab;
    return status;
}

void kedge_label_lab_free(kedge_label_lab *lab)
{
    if (!lab) return;
    close_cells(lab);
    kedge_recipe_free(lab->recipe);
    kedge_arena_release(&lab->arena);
    kedge_release(lab->ctx, lab);
}

long long kedge_label_lab_runs(const kedge_label_lab *lab)
{
    return lab->n_cells * lab->n_seeds;
}

long long kedge_label_lab_failures(const kedge_label_lab *lab)
{
    long long failures = 0;
    for (int i = 0; i < lab->n_cells; i++)
        for (long long s = 0; s < lab->n_seeds; s++) failures += lab->cells[i].runs[s].failed;
    return failures;
}

const char *kedge_label_lab_verdict(const kedge_label_lab *lab)
{
    return lab->verdict;
}
