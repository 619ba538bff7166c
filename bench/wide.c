/* wide.c - a wide model's step against the matrix product that it consists of.
 * usage: wide RECIPE [KERNELS]: hidden [1024, 1024], bottleneck 64,
 * batch 1024 on the recipe's data and terms; GFLOP/s of
 * a whole step, and of one-thread sgemm at the size that dominates it, where a BLAS was there to build with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "run/training.h"

#if defined(KEDGE_BENCH_BLAS)
#include <cblas.h>
#endif

enum { WIDTH = 1024, LATENTS = 64, BATCH = 1024 };

/* Multiplications and additions of a step's matrix products: forward, and backward by input and by weight. */
static double step_flops(const kedge_params *params)
{
    double products = 0;
    for (int i = 0; i < params->n; i++)
        if (params->list[i].cols > 0) products += (double)params->list[i].rows * params->list[i].cols;
    double first = (double)params->list[0].rows * params->list[0].cols; /* the data need no gradient */
    return 2.0 * BATCH * (3 * products - first);
}

static double best_of(int n, void (*work)(void *payload), void *payload)
{
    double best = 1e18;
    for (int i = 0; i < n; i++) {
        double start = kedge_clock_seconds();
        work(payload);
        double took = kedge_clock_seconds() - start;
        if (took < best) best = took;
    }
    return best;
}

static void one_step(void *payload)
{
    kedge_trainer_draw(payload, 1, 0);
    kedge_trainer_gradient(payload, 0);
    kedge_trainer_update(payload, 0);
}

typedef struct product {
    const kedge_kern *kern;
    float *a, *b, *c, *work;
} product;

static void own_product(void *payload)
{
    product *p = payload;
    p->kern->gemm(WIDTH, BATCH, WIDTH, p->a, WIDTH, 1, p->b, BATCH, 1, false, p->c, BATCH, p->work);
}

#if defined(KEDGE_BENCH_BLAS)
static void blas_product(void *payload)
{
    product *p = payload;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, WIDTH, BATCH, WIDTH, 1, p->a, WIDTH, p->b, BATCH, 0, p->c,
                BATCH);
}
#endif

static void compare_products(kedge_context *ctx, double step_rate)
{
    size_t n = (size_t)WIDTH * BATCH;
    product p = {.kern = ctx->kern,
                 .a = kedge_alloc(ctx, n, sizeof *p.a),
                 .b = kedge_alloc(ctx, n, sizeof *p.b),
                 .c = kedge_alloc(ctx, n, sizeof *p.c),
                 .work = kedge_alloc(ctx, KEDGE_GEMM_WORK, sizeof *p.work)};
    for (size_t i = 0; p.a && p.b && i < n; i++) p.a[i] = p.b[i] = (float)(i % 7) - 3;
    if (p.a && p.b && p.c && p.work) {
        double flops = 2.0 * WIDTH * BATCH * WIDTH * 1e-9;
        printf("    own product 1024 x 1024 x 1024:    %6.1f GFLOP/s\n", flops / best_of(20, own_product, &p));
#if defined(KEDGE_BENCH_BLAS)
        double blas = flops / best_of(20, blas_product, &p);
        printf("    cblas_sgemm, the same, one thread: %6.1f GFLOP/s; the step reaches %.0f%% of it\n", blas,
               100 * step_rate / blas);
#else
        (void)step_rate;
        printf("    no BLAS to compare with (install libopenblas-serial-dev and configure anew)\n");
#endif
    }
    kedge_release(ctx, p.a);
    kedge_release(ctx, p.b);
    kedge_release(ctx, p.c);
    kedge_release(ctx, p.work);
}

/* Every vector of the recipe that has a number per latent: the first axis. */
enum { VECTORS = 3, ROOM = LATENTS * 3 + 40 };
static const char *const vectors[VECTORS] = {"terms.anchor.at", "plans.suppressed.direction",
                                             "plans.repelled.direction"};

static void first_axis(char *text, const char *key)
{
    int n = snprintf(text, ROOM, "%s=[1", key);
    for (int i = 1; i < LATENTS; i++) n += snprintf(text + n, (size_t)(ROOM - n), ",0");
    snprintf(text + n, (size_t)(ROOM - n), "]");
}

int main(int argc, char **argv)
{
    kedge_context *ctx = NULL;
    kedge_recipe *recipe = NULL;
    kedge_recipe_training training = {0};
    kedge_trainer *trainer = NULL;
    char axes[VECTORS][ROOM];
    for (int i = 0; i < VECTORS; i++) first_axis(axes[i], vectors[i]);
    const char *const set[] = {"model.hidden=[1024,1024]", "model.bottleneck=64", "data.batch=1024", axes[0], axes[1],
                               axes[2]};
    kedge_recipe_options recipe_options = {.set = set, .n_set = 6};
    kedge_context_options options = {.kernels = argc > 2 ? argv[2] : NULL, .threads = 1};
    if (argc < 2) {
        fprintf(stderr, "usage: wide RECIPE [KERNELS]\n");
        return 2;
    }
    kedge_status status = kedge_context_create(&ctx, &options);
    if (!status) status = kedge_recipe_load(&recipe, ctx, argv[1], &recipe_options);
    if (!status) status = kedge_recipe_training_init(&training, recipe);
    if (!status) status = kedge_trainer_create(&trainer, ctx, &training.training);
    if (status) {
        fprintf(stderr, "wide: %s\n", kedge_error());
    } else {
        kedge_params_draw(&trainer->params, 1);
        double seconds = best_of(10, one_step, trainer), rate = step_flops(&trainer->params) / seconds * 1e-9;
        printf("wide: hidden [1024, 1024], bottleneck 64, batch 1024, kernels %s, %zu parameters\n",
               kedge_context_kernels(ctx), trainer->params.count);
        printf("    a whole step: %.1f ms, %.1f GFLOP/s in its matrix products alone\n", seconds * 1e3, rate);
        compare_products(ctx, rate);
    }
    kedge_trainer_free(trainer);
    if (recipe) kedge_recipe_training_release(&training);
    kedge_recipe_free(recipe);
    kedge_context_free(ctx);
    return status ? 1 : 0;
}
