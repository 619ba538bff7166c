/* surgery_fixture.h - a small autoencoder on a colour grid, and surgery on it. */
#ifndef SURGERY_FIXTURE_H
#define SURGERY_FIXTURE_H

#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "steer/evaluator.h"
#include "steer/surgery.h"

typedef struct surgery_fixture {
    kedge_context *ctx;
    kedge_dataset *dataset;
    kedge_model_options model;
    kedge_params params;
} surgery_fixture;

static const int64_t surgery_hidden[] = {6, 5};

static inline void fixture_params(kedge_params *params, kedge_context *ctx, const kedge_model_options *model)
{
    kedge_params_init(params, ctx);
    assert_int_equal(kedge_model_declare(model, 3, 3, params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(params), KEDGE_OK);
}

/* 'layers' hidden layers of 6 and 5, 4 latents, numbers of seed 7. */
static inline void fixture_open(surgery_fixture *f, int layers, bool normalize)
{
    kedge_data_options data = {.kind = KEDGE_DATA_RGB_GRID, .points = 5, .batch = 1};
    kedge_errors errors;
    kedge_errors_init(&errors);
    *f = (surgery_fixture){.model = {.hidden = {layers, surgery_hidden}, .bottleneck = 4, .normalize = normalize}};
    assert_int_equal(kedge_context_create(&f->ctx, NULL), KEDGE_OK);
    f->dataset = kedge_dataset_create(f->ctx, &data, NULL, &errors);
    assert_non_null(f->dataset);
    fixture_params(&f->params, f->ctx, &f->model);
    kedge_params_draw(&f->params, 7);
}

static inline void fixture_close(surgery_fixture *f)
{
    kedge_params_release(&f->params);
    kedge_dataset_free(f->dataset);
    kedge_context_free(f->ctx);
}

static inline int kind_named(const char *name)
{
    for (int i = 0; i < kedge_n_surgery_kinds(); i++)
        if (strcmp(kedge_surgery_kinds[i]->variant.name, name) == 0) return i;
    fail_msg("no kind of surgery '%s'", name);
    return -1;
}

/* In place, or after an error as it was. */
static inline kedge_status operate(surgery_fixture *f, const kedge_surgery_options *options,
                                   kedge_surgery_report *report)
{
    return kedge_surgery_apply(f->ctx, options, &f->model, &f->params, &f->params, f->dataset, report);
}

static inline float *tensor(const kedge_params *params, const char *name)
{
    const kedge_param *param = kedge_params_find(params, name);
    assert_non_null(param);
    return params->values + param->offset;
}

/* Outputs [points][3] of a model with these numbers; the caller frees them. */
static inline float *outputs_of(const surgery_fixture *f, const kedge_model_options *model, kedge_params *params)
{
    kedge_evaluator *evaluator = NULL;
    assert_int_equal(kedge_evaluator_create(&evaluator, f->ctx, model, params, f->dataset, NULL, NULL), KEDGE_OK);
    kedge_evaluator_run(evaluator);
    size_t bytes = (size_t)f->dataset->points * 3 * sizeof(float);
    float *copy = malloc(bytes);
    assert_non_null(copy);
    memcpy(copy, evaluator->outputs, bytes);
    kedge_evaluator_free(evaluator);
    return copy;
}

/* Mean squared error with colours clamped, in double. */
static inline double loss_of(const surgery_fixture *f, kedge_params *params)
{
    float *outputs = outputs_of(f, &f->model, params);
    double sum = 0;
    for (int i = 0; i < f->dataset->points; i++)
        for (int j = 0; j < 3; j++) {
            double y = fmin(fmax((double)outputs[3 * i + j], 0), 1);
            sum += (y - (double)f->dataset->targets[j][i]) * (y - (double)f->dataset->targets[j][i]);
        }
    free(outputs);
    return sum / (3.0 * f->dataset->points);
}

#endif
