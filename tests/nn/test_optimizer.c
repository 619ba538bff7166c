/* Every kind of optimizer against its recurrence in double, and laws between kinds. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "failing_alloc.h"
#include "kernels.h"
#include "nn/optimizer.h"

enum { N = 45, SIZE = 48, STEPS = 100 };

enum { ADAM, ADAMW, SGD }; /* as in the list */

/* One parameter in double: its value, and what the optimizer keeps for it, 0 at the start. */
typedef struct scalar {
    double p, a, b;
} scalar;

/* Kingma and Ba 2015, algorithm 1. */
static double adam_step(const kedge_optimizer_options *o, int t, scalar *s, double g)
{
    s->a = o->beta1 * s->a + (1 - o->beta1) * g;
    s->b = o->beta2 * s->b + (1 - o->beta2) * g * g;
    double mean = s->a / (1 - pow(o->beta1, t)), square = s->b / (1 - pow(o->beta2, t));
    return mean / (sqrt(square) + o->epsilon);
}

static void follow_adam(const kedge_optimizer_options *o, int t, double lr, double g, scalar *s)
{
    s->p -= lr * adam_step(o, t, s, g);
}

/* Loshchilov and Hutter 2019, algorithm 2, with the decay first, as torch.optim.AdamW has it. */
static void follow_adamw(const kedge_optimizer_options *o, int t, double lr, double g, scalar *s)
{
    s->p *= 1 - lr * o->weight_decay;
    s->p -= lr * adam_step(o, t, s, g);
}

/* torch.optim.SGD: its first step takes the gradient for the sum. */
static void follow_sgd(const kedge_optimizer_options *o, int t, double lr, double g, scalar *s)
{
    g += o->weight_decay * s->p;
    s->a = t == 1 ? g : o->momentum * s->a + g;
    if (o->nesterov) g += o->momentum * s->a;
    else g = s->a;
    s->p -= lr * g;
}

static const struct {
    kedge_optimizer_options options;
    void (*follow)(const kedge_optimizer_options *o, int t, double lr, double g, scalar *s);
} cases[] = {
    {{.kind = ADAM, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8}, follow_adam},
    {{.kind = ADAM, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 1e-3}, follow_adam},
    {{.kind = ADAMW, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .weight_decay = 0.01}, follow_adamw},
    {{.kind = ADAMW, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .weight_decay = 3}, follow_adamw},
    {{.kind = SGD, .momentum = 0.9}, follow_sgd},
    {{.kind = SGD, .momentum = 0.9, .nesterov = true}, follow_sgd},
    {{.kind = SGD, .momentum = 0.5, .weight_decay = 0.2}, follow_sgd},
    {{.kind = SGD, .momentum = 0.5, .weight_decay = 0.2, .nesterov = true}, follow_sgd},
};
enum { CASES = sizeof cases / sizeof *cases };

typedef struct fixture {
    kedge_params params;
    kedge_optimizer optimizer;
} fixture;

static void open_fixture(fixture *f, kedge_context *ctx, const kedge_optimizer_options *options)
{
    kedge_params_init(&f->params, ctx);
    assert_int_equal(kedge_params_add(&f->params, "w", 9, 5, 0.7f), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    kedge_params_draw(&f->params, 11);
    assert_int_equal(f->params.size, SIZE);
    assert_int_equal(kedge_optimizer_init(&f->optimizer, ctx, options, f->params.size), KEDGE_OK);
}

static void close_fixture(fixture *f)
{
    kedge_optimizer_release(&f->optimizer);
    kedge_params_release(&f->params);
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

/* Updates 1 to n of some run; the parameters end up in 'values'. */
static void train(fixture *f, int n, float values[SIZE])
{
    kedge_params_draw(&f->params, 11);
    for (int t = 1; t <= n; t++) {
        for (int i = 0; i < N; i++) f->params.gradients[i] = gradient_at(i, t);
        kedge_optimizer_step(&f->optimizer, &f->params, rate_at(t));
    }
    memcpy(values, f->params.values, SIZE * sizeof *values);
}

static void train_with(kedge_context *ctx, const kedge_optimizer_options *options, int n, float values[SIZE])
{
    fixture f;
    open_fixture(&f, ctx, options);
    train(&f, n, values);
    close_fixture(&f);
}

static void every_kind_has_a_case(void **state)
{
    static const char *const names[] = {"adam", "adamw", "sgd"};
    (void)state;
    for (int kind = 0; kedge_optimizer_kinds[kind]; kind++) {
        int n = 0;
        for (int c = 0; c < CASES; c++) n += cases[c].options.kind == kind;
        if (n == 0) fail_msg("'%s' has no case", kedge_optimizer_kinds[kind]->variant.name);
        assert_string_equal(kedge_optimizer_kinds[kind]->variant.name, names[kind]);
    }
}

static void follow_case(kedge_context *ctx, int c)
{
    fixture f;
    scalar want[N] = {{0}};
    double bound[N] = {0};
    open_fixture(&f, ctx, &cases[c].options);
    for (int i = 0; i < N; i++) want[i].p = (double)f.params.values[i];
    for (int t = 1; t <= STEPS; t++) {
        for (int i = 0; i < N; i++) {
            double g = (double)(f.params.gradients[i] = gradient_at(i, t)), before = want[i].p;
            cases[c].follow(&cases[c].options, t, rate_at(t), g, &want[i]);
            bound[i] += 1e-6 * fabs(want[i].p - before) + 0x1p-24 * fabs(want[i].p);
        }
        kedge_optimizer_step(&f.optimizer, &f.params, rate_at(t));
        for (int i = 0; i < N; i++)
            if (!(fabs((double)f.params.values[i] - want[i].p) <= bound[i]))
                fail_msg("%s, case %d: step %d, parameter %d is %.9g, should be %.9g: %g off, %g allowed",
                         kedge_context_kernels(ctx), c, t, i, (double)f.params.values[i], want[i].p,
                         fabs((double)f.params.values[i] - want[i].p), bound[i]);
    }
    for (int i = N; i < SIZE; i++) assert_true(f.params.values[i] == 0); /* gaps */
    close_fixture(&f);
}

static void a_hundred_steps(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int c = 0; c < CASES; c++) follow_case(ctx, c);
}

static void the_first_step_of_adam_is_the_rate(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        fixture f;
        float before[SIZE];
        open_fixture(&f, ctx, &cases[0].options);
        memcpy(before, f.params.values, sizeof before);
        for (int i = 0; i < N; i++) f.params.gradients[i] = i % 2 ? -0.01f : 30;
        kedge_optimizer_step(&f.optimizer, &f.params, 0.05);
        for (int i = 0; i < N; i++)
            assert_true(fabsf(before[i] - f.params.values[i] - (i % 2 ? -0.05f : 0.05f)) < 1e-6f);
        close_fixture(&f);
    }
}

static void adamw_without_decay_is_adam(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        float plain[SIZE], decoupled[SIZE];
        kedge_optimizer_options options = cases[0].options;
        train_with(ctx, &options, STEPS, plain);
        options.kind = ADAMW;
        train_with(ctx, &options, STEPS, decoupled);
        assert_memory_equal(plain, decoupled, sizeof plain);
    }
}

static void sgd_without_momentum_is_plain_descent(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        fixture f;
        float ahead[SIZE], values[SIZE];
        open_fixture(&f, ctx, &(kedge_optimizer_options){.kind = SGD});
        for (int t = 1; t <= STEPS; t++) {
            double want[N], bound[N];
            for (int i = 0; i < N; i++) {
                double move = rate_at(t) * (double)(f.params.gradients[i] = gradient_at(i, t));
                want[i] = (double)f.params.values[i] - move;
                bound[i] = 0x1p-24 * fabs(want[i]) + 0x1p-23 * fabs(move);
            }
            kedge_optimizer_step(&f.optimizer, &f.params, rate_at(t));
            for (int i = 0; i < N; i++) assert_true(fabs((double)f.params.values[i] - want[i]) <= bound[i]);
        }
        memcpy(values, f.params.values, sizeof values);
        train_with(ctx, &(kedge_optimizer_options){.kind = SGD, .nesterov = true}, STEPS, ahead);
        assert_memory_equal(values, ahead, sizeof values); /* nothing to look ahead with */
        close_fixture(&f);
    }
}

/* Where no gradient is, parameters shrink by (1 - lr decay) at each step. */
static void decay_alone_shrinks(void **state)
{
    static const kedge_optimizer_options decays[] = {
        {.kind = ADAMW, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8, .weight_decay = 0.5},
        {.kind = SGD, .weight_decay = 0.5},
    };
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int c = 0; c < 2; c++) {
            fixture f;
            float before[SIZE];
            open_fixture(&f, ctx, &decays[c]);
            memcpy(before, f.params.values, sizeof before);
            for (int t = 0; t < 20; t++) kedge_optimizer_step(&f.optimizer, &f.params, 0.1);
            for (int i = 0; i < N; i++) {
                double want = (double)before[i] * pow(0.95, 20);
                assert_true(fabs((double)f.params.values[i] - want) <= 40 * 0x1p-24 * fabs(want));
            }
            close_fixture(&f);
        }
}

static void long_gradients_are_clipped_first(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        fixture f;
        float before[SIZE];
        open_fixture(&f, ctx, &(kedge_optimizer_options){.kind = SGD, .clip = 0.5});
        memcpy(before, f.params.values, sizeof before);
        f.params.gradients[0] = 3;
        f.params.gradients[1] = -4; /* together 5: ten times too long */
        kedge_optimizer_step(&f.optimizer, &f.params, 1);
        assert_true(fabsf(before[0] - f.params.values[0] - 0.3f) < 2e-7f);
        assert_true(fabsf(before[1] - f.params.values[1] + 0.4f) < 2e-7f);
        close_fixture(&f);
    }
}

static void clear_is_back_to_the_start(void **state)
{
    (void)state;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int c = 0; c < CASES; c++) {
            fixture f;
            float first[SIZE], again[SIZE];
            open_fixture(&f, ctx, &cases[c].options);
            train(&f, 5, first);
            kedge_optimizer_clear(&f.optimizer);
            train(&f, 5, again);
            assert_memory_equal(first, again, sizeof first);
            close_fixture(&f);
        }
}

static void memory_may_run_out(void **state)
{
    (void)state;
    failing_alloc memory = {0};
    kedge_context_options options = failing_alloc_options(&memory);
    kedge_context *ctx = NULL;
    kedge_optimizer optimizer = {0};
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    for (int c = 0; c < CASES; c++)
        for (int n = 1; n <= kedge_optimizer_kinds[cases[c].options.kind]->rows; n++) {
            memory.fail_at = memory.requests + (size_t)n;
            assert_int_equal(kedge_optimizer_init(&optimizer, ctx, &cases[c].options, SIZE), KEDGE_ENOMEM);
            assert_int_equal(memory.in_use, 1);
            kedge_optimizer_release(&optimizer); /* of nothing is fine */
        }
    kedge_context_free(ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_a_case),
        cmocka_unit_test(a_hundred_steps),
        cmocka_unit_test(the_first_step_of_adam_is_the_rate),
        cmocka_unit_test(adamw_without_decay_is_adam),
        cmocka_unit_test(sgd_without_momentum_is_plain_descent),
        cmocka_unit_test(decay_alone_shrinks),
        cmocka_unit_test(long_gradients_are_clipped_first),
        cmocka_unit_test(clear_is_back_to_the_start),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests_name("optimizer", tests, NULL, NULL);
}
