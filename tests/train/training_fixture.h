/* training_fixture.h - a small training on colours, which a test changes before it opens the trainer. */
#ifndef TRAIN_TRAINING_FIXTURE_H
#define TRAIN_TRAINING_FIXTURE_H

#include "failing_alloc.h"
#include "reference.h"

#include <unistd.h>

#include "train/trainer.h"

enum { MOST_STEPS = 2000, MOST_TERMS = 12, MOST_LABELS = 7 };

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
    kedge_data_options data;
    kedge_model_options model;
    kedge_optimizer_options optimizer;
    kedge_dataset *dataset;
    kedge_sampler *sampler;
    int n_labels;
    kedge_label labels[MOST_LABELS];
    int n_terms, steps;
    kedge_term_options terms[MOST_TERMS];
    double lr[MOST_STEPS], weights[MOST_STEPS * MOST_TERMS];
    kedge_training training;
    kedge_trainer *trainer;
} fixture;

static const int64_t six[] = {6};
static const double first_axis[] = {1, 0, 0};
static const int64_t first_two[] = {0, 1};
static const char *const red[] = {"red"}, *const dark[] = {"dark"};
static const double whole[] = {1};

static inline int kind_named(const char *name)
{
    for (int i = 0; kedge_term_kinds[i]; i++)
        if (strcmp(kedge_term_kinds[i]->variant.name, name) == 0) return i;
    fail_msg("no term kind '%s'", name);
    return -1;
}

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f) return -1;
    kedge_context_options options = failing_alloc_options(&f->memory);
    if (kedge_context_create(&f->ctx, &options)) return -1;
    kedge_arena_init(&f->arena, f->ctx);
    kedge_errors_init(&f->errors);
    f->data = (kedge_data_options){.kind = KEDGE_DATA_RGB_GRID, .points = 4, .batch = 24};
    f->model = (kedge_model_options){.hidden = {1, six}, .bottleneck = 3, .normalize = true};
    f->optimizer = (kedge_optimizer_options){.beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
    f->steps = 20;
    *state = f;
    return 0;
}

static inline void close_trainer(fixture *f)
{
    kedge_trainer_free(f->trainer);
    f->trainer = NULL;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    close_trainer(f);
    kedge_sampler_free(f->sampler);
    kedge_dataset_free(f->dataset);
    kedge_arena_release(&f->arena);
    kedge_context_free(f->ctx);
    size_t in_use = f->memory.in_use;
    free(f);
    return in_use ? -1 : 0; /* a leak */
}

static inline void open_data(fixture *f)
{
    f->dataset = kedge_dataset_create(f->ctx, &f->data, NULL, &f->errors);
    assert_non_null(f->dataset);
    f->sampler = kedge_sampler_create(f->ctx, f->dataset, &f->data, &f->errors);
    assert_non_null(f->sampler);
}

/* Opens the data with the first one. */
static inline void add_label(fixture *f, const char *name, const char *rate, int mode)
{
    if (!f->dataset) open_data(f);
    kedge_label_options options = {.name = name, .rate = {.text = rate}, .mode = mode};
    assert_true(kedge_label_make(&f->labels[f->n_labels++], &options, f->dataset, &f->arena, &f->errors));
}

static inline void add_term(fixture *f, const char *name, const char *kind, kedge_term_options term)
{
    term.name = name;
    term.kind = kind_named(kind);
    if (!term.site) term.site = "bottleneck";
    f->terms[f->n_terms++] = term;
}

/* Labels and terms as in the published recipes. */
static inline void add_the_usual(fixture *f)
{
    add_label(f, "red", "0.3 * redness^2", KEDGE_LABEL_STOCHASTIC);
    add_label(f, "dark", "0.5 * (1 - v)", KEDGE_LABEL_SOFT);
    add_term(f, "separate", "separate", (kedge_term_options){.power = 20, .shift = true});
    add_term(f, "anchor", "anchor", (kedge_term_options){.at = {3, first_axis}, .labels = {1, red, whole}});
    add_term(f, "subspace", "subspace", (kedge_term_options){.dims = {2, first_two}, .labels = {1, dark, whole}});
}

static inline void open_trainer(fixture *f, double lr)
{
    if (!f->dataset) open_data(f);
    for (int i = 0; i < f->steps; i++) {
        f->lr[i] = lr;
        for (int j = 0; j < f->n_terms; j++) {
            double *weight = &f->weights[i * f->n_terms + j];
            if (*weight == 0) *weight = 0.1 * (j + 1); /* what the test has not set */
        }
    }
    f->training = (kedge_training){.dataset = f->dataset, .sampler = f->sampler, .model = &f->model,
                                   .n_labels = f->n_labels, .labels = f->labels, .n_terms = f->n_terms,
                                   .terms = f->terms, .optimizer = &f->optimizer,
                                   .steps = f->steps, .lr = f->lr, .weights = f->weights};
    assert_int_equal(kedge_trainer_create(&f->trainer, f->ctx, &f->training), KEDGE_OK);
}

/* The parameters as they are now, in a block that the test frees. */
static inline float *parameters(const fixture *f)
{
    const kedge_params *params = &f->trainer->params;
    float *copy = malloc(params->size * sizeof *copy);
    assert_non_null(copy);
    memcpy(copy, params->values, params->size * sizeof *copy);
    return copy;
}

static inline void assert_same_parameters(const fixture *f, const float *expected)
{
    const kedge_params *params = &f->trainer->params;
    assert_memory_equal(params->values, expected, params->size * sizeof *expected);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
