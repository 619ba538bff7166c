/* trajectory.c - how the anchored points moved during one run. */
#include "eval/trajectory.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/verdict.h"
#include "eval/wheel.h"

/* The probe with these inputs; a new one if no other has them. There is room for 'most'. */
static int add_probe(kedge_trajectory *self, size_t most, const float *inputs)
{
    int features = self->probes.n_features, i = 0;
    for (; i < self->n_probes; i++) {
        bool same = true;
        for (int j = 0; j < features; j++) same &= self->inputs[(size_t)j * most + (size_t)i] == inputs[j];
        if (same) return i;
    }
    for (int j = 0; j < features; j++) self->inputs[(size_t)j * most + (size_t)i] = inputs[j];
    return self->n_probes++;
}

static kedge_status add_track(kedge_trajectory *self, const kedge_dataset *dataset, const kedge_term_options *term,
                              int n_labels, const kedge_label *labels, size_t most, float *point)
{
    kedge_track *track = &self->tracks[self->n_tracks++];
    kedge_carriers carriers;
    kedge_status status = kedge_carriers_find(&carriers, &self->arena, dataset, term, n_labels, labels);
    if (status) return status;
    track->term = term;
    track->n = carriers.n < KEDGE_TRACK_POINTS ? carriers.n : KEDGE_TRACK_POINTS;
    track->cosines = kedge_arena_alloc(&self->arena, KEDGE_TRAJECTORY_SAMPLES + 1, sizeof *track->cosines);
    if (!track->cosines) return kedge_fail_memory("a trajectory");
    for (int i = 0; i < track->n; i++) {
        int from = carriers.points[(long)i * carriers.n / track->n];
        for (int j = 0; j < dataset->n_features; j++) point[j] = dataset->features[j][from];
        track->probes[i] = add_probe(self, most, point);
    }
    return KEDGE_OK;
}

/* What is followed: hues and carriers, as data of their own. */
static kedge_status find_probes(kedge_trajectory *self, const kedge_evaluator *evaluator, int n_terms,
                                const kedge_term_options *terms, int n_labels, const kedge_label *labels)
{
    const kedge_dataset *dataset = evaluator->dataset;
    kedge_arena *arena = &self->arena;
    size_t features = (size_t)dataset->n_features, most = KEDGE_NAMED_HUES + KEDGE_TRACK_POINTS * (size_t)n_terms;
    float hues[3 * KEDGE_NAMED_HUES];
    self->probes = *dataset;
    self->inputs = kedge_arena_alloc(arena, most * features, sizeof *self->inputs);
    self->tracks = kedge_arena_alloc(arena, (size_t)n_terms, sizeof *self->tracks);
    const float **columns = kedge_arena_alloc(arena, features, sizeof *columns);
    float *point = kedge_arena_alloc(arena, features, sizeof *point);
    if (!self->inputs || !self->tracks || !columns || !point) return kedge_fail_memory("a trajectory");
    for (size_t j = 0; j < features; j++) columns[j] = self->inputs + j * most;
    for (int i = 0; i < n_terms; i++)
        self->has_plane |= dataset->is_colour && kedge_term_is_plane(&terms[i], evaluator->graph);
    kedge_wheel_inputs(hues);
    for (int i = 0; self->has_plane && i < KEDGE_NAMED_HUES; i++) add_probe(self, most, hues + 3 * i);
    for (int i = 0; i < n_terms; i++) {
        if (!kedge_term_is_anchor(&terms[i], evaluator->graph)) continue;
        kedge_status status = add_track(self, dataset, &terms[i], n_labels, labels, most, point);
        if (status) return status;
    }
    self->probes.points = self->n_probes;
    self->probes.features = columns;
    return KEDGE_OK;
}

kedge_status kedge_trajectory_create(kedge_trajectory **out, const kedge_evaluator *evaluator,
                                     const kedge_model_options *model, kedge_params *params, int steps, int n_terms,
                                     const kedge_term_options *terms, int n_labels, const kedge_label *labels)
{
    kedge_trajectory *self = kedge_alloc_zero(evaluator->ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a trajectory");
    self->ctx = evaluator->ctx;
    self->steps = steps;
    kedge_arena_init(&self->arena, self->ctx);
    kedge_status status = find_probes(self, evaluator, n_terms, terms, n_labels, labels);
    if (!status && self->n_probes > 0)
        status = kedge_evaluator_create(&self->evaluator, self->ctx, model, params, &self->probes, NULL, NULL);
    if (status)
        kedge_trajectory_free(self);
    else
        *out = self;
    return status;
}

void kedge_trajectory_free(kedge_trajectory *trajectory)
{
    if (!trajectory) return;
    kedge_evaluator_free(trajectory->evaluator);
    kedge_arena_release(&trajectory->arena);
    kedge_release(trajectory->ctx, trajectory);
}

void kedge_trajectory_begin(kedge_trajectory *self)
{
    self->n_samples = self->next = 0;
    self->known = false;
    self->last_ordered = KEDGE_STEP_NEVER;
    for (int i = 0; i < self->n_tracks; i++) self->tracks[i].last_held = KEDGE_STEP_NEVER;
}

/* The sample that follows the n-th, which was at 'step'. */
static int next_sample(int steps, int n, int step)
{
    long next = (long)n * steps / KEDGE_TRAJECTORY_SAMPLES;
    return next > step ? (int)next : step + 1; /* a short run: every step */
}

int kedge_trajectory_grid(int steps, int at[KEDGE_TRAJECTORY_SAMPLES + 1])
{
    int n = 0;
    for (int step = 0; step < steps && n < KEDGE_TRAJECTORY_SAMPLES; step = next_sample(steps, n, step)) at[n++] = step;
    at[n++] = steps;
    return n;
}

static void sample(kedge_trajectory *self, int step)
{
    const float *latents = self->evaluator->latents;
    int k = self->evaluator->n_latents;
    kedge_evaluator_run(self->evaluator);
    for (int i = 0; i < self->n_tracks; i++) {
        kedge_track *track = &self->tracks[i];
        double sum = 0;
        for (int p = 0; p < track->n; p++)
            sum += kedge_anchor_cosine(track->term, latents + (size_t)track->probes[p] * (size_t)k, k);
        track->cosines[self->n_samples] = (float)(sum / track->n);
        if (sum >= KEDGE_VERDICT_HELD * track->n) track->last_held = step;
    }
    if (self->has_plane && kedge_wheel_of(latents, k).ordered) self->last_ordered = step;
    self->at[self->n_samples++] = step;
    self->next = next_sample(self->steps, self->n_samples, step);
}

void kedge_trajectory_step(kedge_trajectory *self, int step)
{
    if (step == self->next && self->n_probes > 0 && self->n_samples < KEDGE_TRAJECTORY_SAMPLES) sample(self, step);
}

void kedge_trajectory_end(kedge_trajectory *self, int updates)
{
    if (self->n_probes > 0) sample(self, updates);
    self->known = true;
}

/* ---- what a model's metadata hold of it ---- */

const char *kedge_trajectory_text(const kedge_trajectory *self, kedge_arena *arena)
{
    const char *text = "";
    for (int i = 0; text && i < self->n_tracks; i++)
        text = kedge_arena_format(arena, "%s%s%s=%d", text, i ? "," : "", self->tracks[i].term->name,
                                  self->tracks[i].last_held);
    if (text && self->has_plane)
        text = kedge_arena_format(arena, "%s%shues=%d", text, self->n_tracks ? "," : "", self->last_ordered);
    return text;
}

/* 'name=step' at *text, which then stands behind it. */
static bool read_step(const kedge_trajectory *self, const char **text, const char *name, bool first, int *step)
{
    size_t length = strlen(name);
    if (!first && *(*text)++ != ',') return false;
    if (strncmp(*text, name, length) != 0 || (*text)[length] != '=') return false;
    const char *digits = *text + length + 1;
    char *end;
    long value = strtol(digits, &end, 10);
    if (end == digits || value < KEDGE_STEP_NEVER || value > self->steps) return false;
    *text = end;
    *step = (int)value;
    return true;
}

bool kedge_trajectory_read(kedge_trajectory *self, const char *text)
{
    kedge_trajectory_begin(self);
    bool fits = text != NULL;
    for (int i = 0; fits && i < self->n_tracks; i++)
        fits = read_step(self, &text, self->tracks[i].term->name, i == 0, &self->tracks[i].last_held);
    if (fits && self->has_plane) fits = read_step(self, &text, "hues", self->n_tracks == 0, &self->last_ordered);
    self->known = fits && *text == '\0';
    return self->known;
}
