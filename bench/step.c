/* step.c - how long a training step takes, and where the time goes.
 * usage: step RECIPE [KERNELS [RUNS]]: ns and cycles per step, seeds per second on one core, then per part. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/float_state.h"
#include "ops/ops.h"
#include "run/training.h"

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Core cycles per nanosecond just now: a chain of dependent additions takes one cycle each. */
static double clock_rate(void)
{
    enum { ROUNDS = 200000 };
    double best = 1e9;
    for (int trial = 0; trial < 5; trial++) {
        double start = kedge_clock_seconds();
        unsigned long x = 0;
        for (int i = 0; i < ROUNDS; i++)
            for (int j = 0; j < 10; j++) {
                x += 1;
                __asm__ volatile("" : "+r"(x));
            }
        double took = kedge_clock_seconds() - start;
        if (took < best) best = took;
    }
    return 10.0 * ROUNDS / best * 1e-9;
}

static void measure_runs(kedge_trainer *trainer, int runs, double *ns)
{
    int steps = trainer->training->steps;
    for (int i = 0; i < runs; i++) {
        double start = kedge_clock_seconds();
        kedge_status status = kedge_trainer_run(trainer, (uint64_t)i, NULL);
        ns[i] = (kedge_clock_seconds() - start) / steps * 1e9;
        if (status) fprintf(stderr, "seed %d: %s\n", i, kedge_error());
    }
    qsort(ns, (size_t)runs, sizeof *ns, compare);
}

/* The fastest of many short series, in ns per call. */
#define FASTEST(result, statement)                                                                                     \
    do {                                                                                                               \
        result = 1e18;                                                                                                 \
        for (int series = 0; series < 200; series++) {                                                                 \
            double start_ = kedge_clock_seconds();                                                                     \
            for (int call = 0; call < 20; call++) {                                                                    \
                statement;                                                                                             \
            }                                                                                                          \
            double took_ = (kedge_clock_seconds() - start_) / 20 * 1e9;                                                \
            if (took_ < result) result = took_;                                                                        \
        }                                                                                                              \
    } while (0)

static void print_part(const char *name, double ns, double rate)
{
    printf("    %-28s %8.0f ns %8.0f cycles\n", name, ns, ns * rate);
}

static void forget_gradients(kedge_node *node)
{
    for (int j = 0; j < node->n_in; j++) {
        node->in[j]->has_grad = false;
        if (node->through) node->through->in[0]->has_grad = false;
    }
}

static void measure_parts(kedge_trainer *trainer, double rate)
{
    kedge_graph *graph = trainer->graph;
    int step = trainer->training->steps / 2;
    double ns;
    FASTEST(ns, kedge_trainer_draw(trainer, 1, step));
    print_part("draw batch and labels", ns, rate);
    FASTEST(ns, kedge_trainer_gradient(trainer, step));
    print_part("forward and backward", ns, rate);
    for (int i = 0; i < graph->n_nodes; i++) {
        kedge_node *node = graph->nodes[i];
        char name[64];
        if (!node->op) continue;
        snprintf(name, sizeof name, "  %s (%d) forward", node->op->name, node->rows);
        FASTEST(ns, node->op->forward(node));
        print_part(name, ns, rate);
        if (!node->needs_grad || node->fused) continue;
        snprintf(name, sizeof name, "  %s (%d) backward", node->op->name, node->rows);
        FASTEST(ns, (forget_gradients(node), node->op->backward(node)));
        print_part(name, ns, rate);
    }
    FASTEST(ns, kedge_trainer_update(trainer, 0));
    print_part(kedge_optimizer_kinds[trainer->training->optimizer->kind]->variant.name, ns, rate);
}

int main(int argc, char **argv)
{
    kedge_context *ctx = NULL;
    kedge_recipe *recipe = NULL;
    kedge_recipe_training training = {0};
    kedge_trainer *trainer = NULL;
    int runs = argc > 3 ? atoi(argv[3]) : 61;
    kedge_context_options options = {.kernels = argc > 2 ? argv[2] : NULL, .threads = 1};
    if (argc < 2 || runs < 1) {
        fprintf(stderr, "usage: step RECIPE [KERNELS [RUNS]]\n");
        return 2;
    }
    kedge_status status = kedge_context_create(&ctx, &options);
    if (!status) status = kedge_recipe_load(&recipe, ctx, argv[1], NULL);
    if (!status) status = kedge_recipe_training_init(&training, recipe);
    if (!status) status = kedge_trainer_create(&trainer, ctx, &training.training);
    if (status) {
        fprintf(stderr, "step: %s\n", kedge_error());
    } else {
        double *ns = calloc((size_t)runs, sizeof *ns), before = clock_rate();
        measure_runs(trainer, runs, ns);
        double rate = (before + clock_rate()) / 2;
        printf("%s, kernels %s, %zu parameters, %d steps, %d runs, %.2f GHz\n", argv[1], kedge_context_kernels(ctx),
               trainer->params.count, training.training.steps, runs, rate);
        printf("    a step: min %.0f, median %.0f ns; min %.0f, median %.0f cycles; %.1f seeds/s on one core\n", ns[0],
               ns[runs / 2], ns[0] * rate, ns[runs / 2] * rate, 1e9 / ns[runs / 2] / training.training.steps);
        kedge_float_state state = kedge_float_enter();
        measure_parts(trainer, rate);
        kedge_float_leave(state);
        free(ns);
    }
    kedge_trainer_free(trainer);
    if (recipe) kedge_recipe_training_release(&training);
    kedge_recipe_free(recipe);
    kedge_context_free(ctx);
    return status ? 1 : 0;
}
