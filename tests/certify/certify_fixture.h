/* certify_fixture.h - small models and plans for them. */
#ifndef CERTIFY_CERTIFY_FIXTURE_H
#define CERTIFY_CERTIFY_FIXTURE_H

#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "certify/certify.h"

enum { MAX_WIDTH = 64, MAX_DIMS = 16, N_OUT = 3 };

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_params params;
    kedge_model_options model;
    int64_t hidden[3], dims[MAX_DIMS];
    double direction[MAX_DIMS];
    kedge_plan_step step;
    kedge_plan_options plan;
    bool clamp;
    kedge_path path;
    kedge_certificate_cell *cells;
    int n_cells;
    uint64_t state; /* of random numbers */
} fixture;

static inline double uniform(fixture *f, double low, double high)
{
    f->state = f->state * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(f->state >> 11) * 0x1p-53;
}

static inline int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    kedge_context_options options = {.threads = 1};
    if (!f || kedge_context_create(&f->ctx, &options)) return -1;
    kedge_arena_init(&f->arena, f->ctx);
    kedge_params_init(&f->params, f->ctx);
    f->clamp = true;
    f->plan = (kedge_plan_options){.name = "p", .n_steps = 1, .steps = &f->step};
    *state = f;
    return 0;
}

static inline int teardown(void **state)
{
    fixture *f = *state;
    kedge_params_release(&f->params);
    kedge_arena_release(&f->arena);
    kedge_context_free(f->ctx);
    free(f);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* A model with K latents and up to two hidden layers (0: none), initial weights times 'scale'. */
static inline void make_model(fixture *f, int k, int first, int second, int activation, uint64_t seed, double scale)
{
    f->hidden[0] = first, f->hidden[1] = second;
    f->model = (kedge_model_options){.hidden = {(first > 0) + (second > 0), f->hidden}, .bottleneck = k,
                                     .normalize = true, .activation = activation};
    kedge_params_release(&f->params);
    kedge_params_init(&f->params, f->ctx);
    assert_int_equal(kedge_model_declare(&f->model, 3, N_OUT, &f->params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    kedge_params_draw(&f->params, seed);
    for (size_t i = 0; i < f->params.size; i++) f->params.values[i] *= (float)scale;
    f->state = seed;
}

/* ---- plans ---- */

static inline int kind_of(const kedge_edit_kind *kind)
{
    for (int i = 0; i < kedge_n_edit_kinds(); i++)
        if (kedge_edit_kinds[i] == kind) return i;
    fail_msg("no such kind of edit");
    return -1;
}

static inline int surgery_of(const char *name)
{
    for (int i = 0; i < kedge_n_surgery_kinds(); i++)
        if (strcmp(kedge_surgery_kinds[i]->variant.name, name) == 0) return i;
    fail_msg("no such kind of surgery");
    return -1;
}

/* Along the first axis, or (tilted) along none. */
static inline kedge_edit_options *make_edit(fixture *f, const kedge_edit_kind *kind, bool tilted)
{
    int k = (int)f->model.bottleneck;
    for (int j = 0; j < k; j++) f->direction[j] = tilted ? uniform(f, -2, 2) : j == 0;
    f->step = (kedge_plan_step){.edit = {.kind = kind_of(kind), .site = "bottleneck", .direction = {k, f->direction},
                                         .from = 90, .to = 80, .strength = 1}};
    return &f->step.edit;
}

static inline void make_dims(fixture *f, int n)
{
    for (int i = 0; i < n; i++) f->dims[i] = n - 1 - i;
}

static inline void make_surgery(fixture *f, const char *name, int n_dims)
{
    make_dims(f, n_dims);
    f->step = (kedge_plan_step){.is_surgery = true, .surgery = {.kind = surgery_of(name), .site = "bottleneck",
                                                                .dims = {n_dims, f->dims}}};
}

static inline void make_zero(fixture *f, int n_dims)
{
    make_dims(f, n_dims);
    f->step = (kedge_plan_step){.edit = {.kind = kind_of(&kedge_edit_zero), .site = "bottleneck",
                                         .dims = {n_dims, f->dims}}};
}

static inline kedge_status certify(fixture *f, const kedge_certify_options *options)
{
    return kedge_certify_cells(&f->cells, &f->n_cells, &f->path, &f->arena, &f->plan, &f->model, &f->params, N_OUT,
                               f->clamp, options);
}

static inline void must_certify(fixture *f, const kedge_certify_options *options)
{
    if (certify(f, options)) fail_msg("%s", kedge_error());
}

#endif
