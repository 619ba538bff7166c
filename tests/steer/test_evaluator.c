/* A model on a test set: against a forward pass in double. */
#include "failing_alloc.h"
#include "kernels.h"
#include "reference.h"

#include "steer/evaluator.h"

static const int64_t deep[] = {16, 9};

typedef struct fixture {
    kedge_context *ctx;
    kedge_dataset *dataset;
    kedge_params params;
    kedge_model_options model;
    kedge_evaluator *evaluator;
} fixture;

static void open(fixture *f, kedge_context *ctx, int points, bool plain)
{
    kedge_data_options data = {.kind = KEDGE_DATA_RGB_GRID, .points = points, .batch = 1};
    kedge_errors errors;
    kedge_errors_init(&errors);
    *f = (fixture){.ctx = ctx};
    f->model = (kedge_model_options){.hidden = {2, deep}, .bottleneck = 5, .normalize = !plain,
                                     .output = plain ? KEDGE_OUTPUT_SIGMOID : KEDGE_OUTPUT_LINEAR};
    f->dataset = kedge_dataset_create(ctx, &data, NULL, &errors);
    assert_non_null(f->dataset);
    kedge_params_init(&f->params, ctx);
    assert_int_equal(kedge_model_declare(&f->model, 3, 3, &f->params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    kedge_params_draw(&f->params, 11);
    assert_int_equal(kedge_evaluator_create(&f->evaluator, ctx, &f->model, &f->params, f->dataset, NULL, NULL),
                     KEDGE_OK);
}

static void close_all(fixture *f)
{
    kedge_evaluator_free(f->evaluator);
    kedge_params_release(&f->params);
    kedge_dataset_free(f->dataset);
}

/* Rows [n][3] of inputs, and what the evaluator made of them. */
static void compare(const fixture *f, int n, const float *inputs, const float *latents, const float *outputs)
{
    static ref_model model;
    static ref_pass pass;
    ref_model_read(&model, &f->model, 3, 3, &f->params);
    for (int i = 0; i < n; i++) {
        pass.n = 1;
        for (int j = 0; j < 3; j++) pass.x[0][j] = (double)inputs[3 * i + j];
        ref_forward(&model, &pass);
        for (int j = 0; latents && j < 5; j++)
            if (!(fabs((double)latents[5 * i + j] - pass.bottleneck[0][j]) <= 2e-6))
                fail_msg("(%s) latent %d of point %d of %d is %.9g, should be %.9g", kedge_context_kernels(f->ctx), j,
                         i, n, (double)latents[5 * i + j], pass.bottleneck[0][j]);
        for (int j = 0; outputs && j < 3; j++)
            if (!(fabs((double)outputs[3 * i + j] - pass.y[0][j]) <= 2e-6))
                fail_msg("(%s) output %d of point %d of %d is %.9g, should be %.9g", kedge_context_kernels(f->ctx), j,
                         i, n, (double)outputs[3 * i + j], pass.y[0][j]);
    }
}

static float *inputs_of(const kedge_dataset *dataset)
{
    float *inputs = malloc((size_t)dataset->points * 3 * sizeof *inputs);
    assert_non_null(inputs);
    for (int i = 0; i < dataset->points; i++)
        for (int j = 0; j < 3; j++) inputs[3 * i + j] = dataset->features[j][i];
    return inputs;
}

/* 8, 125, 512 and 729 points: fewer than a vector, no multiple of one, a whole chunk, and more than that. */
static void all_points(void **state)
{
    static const int grids[] = {2, 5, 8, 9};
    (void)state;
    fixture f;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int g = 0; g < 8; g++) {
            open(&f, ctx, grids[g / 2], g % 2);
            float *inputs = inputs_of(f.dataset);
            kedge_evaluator_run(f.evaluator);
            compare(&f, f.dataset->points, inputs, f.evaluator->latents, f.evaluator->outputs);
            free(inputs);
            close_all(&f);
        }
}

static void any_rows(void **state)
{
    static const int counts[] = {0, 1, 7, 64, 65, 700};
    static float inputs[2100], latents[3500], outputs[2100];
    (void)state;
    fixture f;
    kedge_context *ctx;
    uint64_t random = 4;
    for (int i = 0; i < 2100; i++) inputs[i] = (float)ref_uniform(&random, -1, 2);
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        open(&f, ctx, 4, false);
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            kedge_evaluator_apply(f.evaluator, counts[c], inputs, latents, outputs);
            compare(&f, counts[c], inputs, latents, outputs);
        }
        close_all(&f);
    }
}

static fixture *one(void)
{
    static fixture f;
    kedge_context *ctx;
    kedge_context_options options = {.kernels = "ref", .threads = 1};
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    open(&f, ctx, 4, false);
    return &f;
}

static void close_one(fixture *f)
{
    close_all(f);
    kedge_context_free(f->ctx);
}

static void half_of_it(void **state)
{
    static float latents[320], outputs[192], again[320];
    (void)state;
    fixture *f = one();
    float *inputs = inputs_of(f->dataset);
    kedge_evaluator_apply(f->evaluator, 64, inputs, latents, outputs);
    kedge_evaluator_apply(f->evaluator, 64, inputs, again, NULL);
    assert_memory_equal(again, latents, sizeof latents);
    kedge_evaluator_apply(f->evaluator, 64, inputs, NULL, again);
    assert_memory_equal(again, outputs, sizeof outputs);
    free(inputs);
    close_one(f);
}

/* What is applied in between leaves the points' results alone. */
static void results_stay(void **state)
{
    static const float rows[] = {0.5f, 0.25f, 1};
    float latents[5], kept[320];
    (void)state;
    fixture *f = one();
    kedge_evaluator_run(f->evaluator);
    memcpy(kept, f->evaluator->latents, sizeof kept);
    kedge_evaluator_apply(f->evaluator, 1, rows, latents, NULL);
    assert_memory_equal(f->evaluator->latents, kept, sizeof kept);
    close_one(f);
}

static void parameters_are_read_at_each_run(void **state)
{
    (void)state;
    fixture *f = one();
    kedge_evaluator_run(f->evaluator);
    kedge_params_draw(&f->params, 12);
    kedge_evaluator_run(f->evaluator);
    float *inputs = inputs_of(f->dataset);
    compare(f, 64, inputs, f->evaluator->latents, f->evaluator->outputs);
    free(inputs);
    close_one(f);
}

static void running_allocates_nothing(void **state)
{
    (void)state;
    failing_alloc memory = {0};
    kedge_context_options options = failing_alloc_options(&memory);
    kedge_context *ctx;
    fixture f;
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    open(&f, ctx, 9, false);
    size_t before = memory.requests;
    kedge_evaluator_run(f.evaluator);
    assert_int_equal(memory.requests, before);
    close_all(&f);
    kedge_context_free(ctx);
    assert_int_equal(memory.in_use, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_points),
        cmocka_unit_test(any_rows),
        cmocka_unit_test(half_of_it),
        cmocka_unit_test(results_stay),
        cmocka_unit_test(parameters_are_read_at_each_run),
        cmocka_unit_test(running_allocates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
