/* parameters: names, places, initial values. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "failing_alloc.h"
#include "nn/params.h"

typedef struct fixture {
    failing_alloc memory;
    kedge_context *ctx;
    kedge_params params;
} fixture;

static int open_params(void **state)
{
    static fixture f;
    f = (fixture){0};
    kedge_context_options options = failing_alloc_options(&f.memory);
    if (kedge_context_create(&f.ctx, &options)) return -1;
    kedge_params_init(&f.params, f.ctx);
    *state = &f;
    return 0;
}

static int close_params(void **state)
{
    fixture *f = *state;
    kedge_params_release(&f->params);
    kedge_params_release(&f->params); /* of nothing is fine */
    kedge_context_free(f->ctx);
    return f->memory.in_use == 0 ? 0 : -1;
}

/* Three tensors: 15, 5 and 64 numbers. */
static void declare(fixture *f)
{
    assert_int_equal(kedge_params_add(&f->params, "a.weight", 5, 3, 0.5f), KEDGE_OK);
    assert_int_equal(kedge_params_add(&f->params, "a.bias", 5, 0, 0.25f), KEDGE_OK);
    assert_int_equal(kedge_params_add(&f->params, "b.weight", 1, 64, 2), KEDGE_OK);
}

static void tensors_lie_one_after_the_other(void **state)
{
    fixture *f = *state;
    declare(f);
    assert_int_equal(f->params.n, 3);
    assert_int_equal(f->params.count, 15 + 5 + 64);
    assert_int_equal(f->params.size, 16 + 16 + 64);
    assert_int_equal(f->params.list[0].offset, 0);
    assert_int_equal(f->params.list[1].offset, 16);
    assert_int_equal(f->params.list[2].offset, 32);
    assert_int_equal(kedge_param_count(&f->params.list[1]), 5);
}

static void gradients_are_clipped_to_a_norm(void **state)
{
    fixture *f = *state;
    declare(f);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    f->params.gradients[0] = 3;
    f->params.gradients[33] = -4; /* in another tensor: the norm is that of all */
    assert_float_equal(kedge_params_clip(&f->params, f->ctx->kern, 5.5), 5, 1e-6);
    assert_true(f->params.gradients[0] == 3.0f); /* nothing over the limit: to the bit */
    assert_float_equal(kedge_params_clip(&f->params, f->ctx->kern, 0.5), 5, 1e-6);
    assert_float_equal(f->params.gradients[0], 0.3, 1e-7);
    assert_float_equal(f->params.gradients[33], -0.4, 1e-7);
}

static void gradients_that_are_not_finite_are_not_clipped(void **state)
{
    fixture *f = *state;
    declare(f);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    f->params.gradients[0] = INFINITY;
    f->params.gradients[1] = 3;
    kedge_params_clip(&f->params, f->ctx->kern, 0.5);
    assert_true(f->params.gradients[1] == 3.0f);
}

static void tensors_are_found_by_name(void **state)
{
    fixture *f = *state;
    char name[] = "late";
    declare(f);
    assert_int_equal(kedge_params_add(&f->params, name, 2, 7, 1), KEDGE_OK);
    name[0] = 'x'; /* the block has its own copy */
    const kedge_param *late = kedge_params_find(&f->params, "late");
    assert_non_null(late);
    assert_int_equal(late->rows, 2);
    assert_int_equal(late->cols, 7);
    assert_string_equal(kedge_params_find(&f->params, "a.bias")->name, "a.bias");
    assert_null(kedge_params_find(&f->params, "a"));
}

static void the_block_starts_clear_and_aligned(void **state)
{
    fixture *f = *state;
    declare(f);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    assert_int_equal((uintptr_t)f->params.values % 64, 0);
    assert_int_equal((uintptr_t)f->params.gradients % 64, 0);
    for (size_t i = 0; i < f->params.size; i++) assert_true(f->params.values[i] == 0 && f->params.gradients[i] == 0);
}

/* How training begins must not change: tensor t's number j is word j % 4 of block j / 4 of step t. */
static void values_come_from_their_own_counters(void **state)
{
    fixture *f = *state;
    declare(f);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    kedge_params_draw(&f->params, 42);
    for (int t = 0; t < 3; t++) {
        const kedge_param *param = &f->params.list[t];
        for (uint32_t j = 0; j < kedge_param_count(param); j++) {
            uint32_t words[4];
            kedge_random_block(42, KEDGE_PURPOSE_WEIGHTS, (uint32_t)t, 0, j / 4, words);
            float want = param->bound * (2 * ((float)(words[j % 4] >> 8) * 0x1p-24f) - 1);
            assert_true(f->params.values[param->offset + j] == want);
        }
    }
}

static void gaps_stay_zero(void **state)
{
    fixture *f = *state;
    declare(f);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    kedge_params_draw(&f->params, 1);
    assert_true(f->params.values[15] == 0);
    for (int i = 21; i < 32; i++) assert_true(f->params.values[i] == 0);
}

static void same_seed_same_values(void **state)
{
    fixture *f = *state;
    float first[96];
    declare(f);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    kedge_params_draw(&f->params, 7);
    memcpy(first, f->params.values, sizeof first);
    kedge_params_draw(&f->params, 8);
    assert_memory_not_equal(first, f->params.values, sizeof first);
    kedge_params_draw(&f->params, 7 + ((uint64_t)1 << 32));
    assert_memory_not_equal(first, f->params.values, sizeof first);
    kedge_params_draw(&f->params, 7);
    assert_memory_equal(first, f->params.values, sizeof first);
}

/* 100,000 numbers: within the bound, mean and variance within four standard errors, tenths as full as they should. */
static void values_are_uniform_within_the_bound(void **state)
{
    fixture *f = *state;
    enum { N = 100000 };
    const float bound = 0.3f;
    assert_int_equal(kedge_params_add(&f->params, "w", N / 100, 100, bound), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    kedge_params_draw(&f->params, 3);
    double sum = 0, squares = 0;
    int tenths[10] = {0};
    for (int i = 0; i < N; i++) {
        float value = f->params.values[i];
        assert_true(value >= -bound && value < bound);
        double x = (double)value / (double)bound;
        sum += x;
        squares += x * x;
        tenths[(int)((x + 1) * 5)]++;
    }
    assert_true(fabs(sum / N) < 4 / sqrt(3.0 * N));
    assert_true(fabs(squares / N - 1 / 3.0) < 4 * sqrt(4 / 45.0 / N));
    for (int t = 0; t < 10; t++) assert_true(fabs(tenths[t] - N / 10.0) < 4 * sqrt(N * 0.09));
}

static void memory_may_run_out(void **state)
{
    fixture *f = *state;
    f->memory.fail_at = f->memory.requests + 1;
    assert_int_equal(kedge_params_add(&f->params, "a", 2, 2, 1), KEDGE_ENOMEM);
    assert_int_equal(f->params.n, 0);
    declare(f);
    for (size_t n = 1; n <= 2; n++) {
        f->memory.fail_at = f->memory.requests + n;
        assert_int_equal(kedge_params_allocate(&f->params), KEDGE_ENOMEM);
        kedge_params_release(&f->params);
        kedge_params_init(&f->params, f->ctx);
        declare(f);
    }
}

int main(void)
{
#define PARAMS_TEST(test) cmocka_unit_test_setup_teardown(test, open_params, close_params)
    const struct CMUnitTest tests[] = {
        PARAMS_TEST(tensors_lie_one_after_the_other),     PARAMS_TEST(tensors_are_found_by_name),
        PARAMS_TEST(gradients_are_clipped_to_a_norm), PARAMS_TEST(gradients_that_are_not_finite_are_not_clipped),
        PARAMS_TEST(the_block_starts_clear_and_aligned),  PARAMS_TEST(values_come_from_their_own_counters),
        PARAMS_TEST(gaps_stay_zero),                      PARAMS_TEST(same_seed_same_values),
        PARAMS_TEST(values_are_uniform_within_the_bound), PARAMS_TEST(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
