/* Adam against its definition in double: Kingma and Ba, algorithm 1. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "failing_alloc.h"
#include "kernels.h"
#include "nn/adam.h"

enum { N = 45, SIZE = 48, STEPS = 100 };

static void open_params(kedge_params *params, kedge_context *ctx)
{
    kedge_params_init(params, ctx);
    assert_int_equal(kedge_params_add(params, "w", 9, 5, 0.7f), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(params), KEDGE_OK);
    kedge_params_draw(params, 11);
    assert_int_equal(params->size, SIZE);
}

/* Of very different sizes, and 0 for one of them. */
static float gradient_at(int i, int step)
{
    if (i == 7) return 0;
    return (float)(sin(0.3 * step + i) * pow(10, i % 9 - 6) + (i % 2 ? 0 : 1e-3));
}

static double rate_at(int step)
{
    return 0.1 * (1 + sin(0.1 * step)) / 2;
}

static void a_hundred_steps(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        kedge_params params;
        kedge_adam adam;
        double m[N] = {0}, v[N] = {0}, p[N], moved[N] = {0};
        open_params(&params, ctx);
        assert_int_equal(kedge_adam_init(&adam, ctx, 0.9, 0.999, 1e-8, params.size), KEDGE_OK);
        for (int i = 0; i < N; i++) p[i] = (double)params.values[i];
        for (int t = 1; t <= STEPS; t++) {
            for (int i = 0; i < N; i++) {
                double g = (double)(params.gradients[i] = gradient_at(i, t));
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                double step = rate_at(t) * (m[i] / (1 - pow(0.9, t))) / (sqrt(v[i] / (1 - pow(0.999, t))) + 1e-8);
                p[i] -= step;
                moved[i] += fabs(step) + fabs(p[i]) * 0x1p-22;
            }
            kedge_adam_step(&adam, &params, rate_at(t));
            for (int i = 0; i < N; i++)
                if (!(fabs((double)params.values[i] - p[i]) <= 1e-6 * moved[i]))
                    fail_msg("%s: step %d, parameter %d is %.9g, should be %.9g", kedge_context_kernels(ctx), t, i,
                             (double)params.values[i], p[i]);
        }
        for (int i = N; i < SIZE; i++) assert_true(params.values[i] == 0); /* gaps */
        kedge_adam_release(&adam);
        kedge_params_release(&params);
    }
}

static void the_first_step_is_the_rate(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        kedge_params params;
        kedge_adam adam;
        float before[SIZE];
        open_params(&params, ctx);
        assert_int_equal(kedge_adam_init(&adam, ctx, 0.9, 0.999, 1e-8, params.size), KEDGE_OK);
        memcpy(before, params.values, sizeof before);
        for (int i = 0; i < N; i++) params.gradients[i] = i % 2 ? -0.01f : 30;
        kedge_adam_step(&adam, &params, 0.05);
        for (int i = 0; i < N; i++)
            assert_true(fabsf(before[i] - params.values[i] - (i % 2 ? -0.05f : 0.05f)) < 1e-6f);
        kedge_adam_release(&adam);
        kedge_params_release(&params);
    }
}

static void clear_is_back_to_the_start(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        kedge_params params;
        kedge_adam adam;
        float first[SIZE];
        open_params(&params, ctx);
        assert_int_equal(kedge_adam_init(&adam, ctx, 0.9, 0.999, 1e-8, params.size), KEDGE_OK);
        for (int turn = 0; turn < 2; turn++) {
            kedge_params_draw(&params, 11);
            for (int t = 1; t <= 5; t++) {
                for (int i = 0; i < N; i++) params.gradients[i] = gradient_at(i, t);
                kedge_adam_step(&adam, &params, 0.1);
            }
            if (turn == 0) memcpy(first, params.values, sizeof first);
            kedge_adam_clear(&adam);
        }
        assert_memory_equal(first, params.values, sizeof first);
        kedge_adam_release(&adam);
        kedge_params_release(&params);
    }
}

static void memory_may_run_out(void **state)
{
    (void)state;
    failing_alloc memory = {0};
    kedge_context_options options = failing_alloc_options(&memory);
    kedge_context *ctx = NULL;
    kedge_adam adam = {0};
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    for (size_t n = 1; n <= 2; n++) {
        memory.fail_at = memory.requests + n;
        assert_int_equal(kedge_adam_init(&adam, ctx, 0.9, 0.999, 1e-8, SIZE), KEDGE_ENOMEM);
        assert_int_equal(memory.in_use, 1);
        kedge_adam_release(&adam); /* of nothing is fine */
    }
    kedge_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_steps),
        cmocka_unit_test(the_first_step_is_the_rate),
        cmocka_unit_test(clear_is_back_to_the_start),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("adam", tests, NULL, NULL);
}
