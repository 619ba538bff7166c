/* The whole loss of the published models: every loss part, and the gradient by every parameter, against a double
 * implementation and its central differences, on every set of kernels. */
#include "kernels.h"
#include "objective_fixture.h"

static const double e0[] = {1, 0, 0, 0}, e0_of_5[] = {1, 0, 0, 0, 0}, minus_e0_of_5[] = {-1, 0, 0, 0, 0};
static const double skew[] = {0.5, -1, 0.25, 0.75};
static const int64_t sixteen[] = {16}, twice[] = {16, 16}, odd[] = {11, 7};
static const int64_t plane[] = {0, 1}, axis[] = {0}, last[] = {3};
static const char *const red[] = {"red"}, *const vibrant[] = {"vibrant"}, *const two[] = {"red", "vibrant"};
static const char *const three[] = {"vibrant", "red", "dark"};
static const double origin[] = {0, 0, 0, 0}, grey[] = {0.5, 0.5, 0.5}, hidden[] = {0.3, -0.2, 1, 0, -1, 0.1, 0.7};
static const double one[] = {1}, affinities[] = {0.75, 0.5}, strong[] = {1, 1, 0.25};

#define LABELLED(by, with) .labels = {sizeof by / sizeof *by, by, with}
#define AT(point) .at = {sizeof point / sizeof *point, point}
#define IN(some) .dims = {sizeof some / sizeof *some, some}
#define SITE .site = "bottleneck"
#define OF(some) .reference = {sizeof some / sizeof *some / 3, 3, some}

/* Features r, g, b of six points, of nineteen (more columns than 16), and of one. */
static const float pure[] = {1, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1}, single[] = {0.25f, 0.5f, 0.75f};
static const float many[] = {
    0.1f, 0.9f, 0.4f, 0.3f, 0.7f, 0.2f, 0.6f, 0.5f, 0.8f, 0, 1, 0.15f, 0.95f, 0.35f, 0.65f, 0.45f, 0.05f, 0.55f, 0.25f,
    0.2f, 0.3f, 0.1f, 0.8f, 0.6f, 0.4f, 0.9f, 0.7f, 0.5f, 1, 0, 0.35f, 0.75f, 0.15f, 0.85f, 0.95f, 0.45f, 0.25f, 0.65f,
    0.7f, 0.1f, 0.8f, 0.5f, 0.2f, 0.9f, 0.3f, 0.4f, 0.6f, 1, 1, 0.55f, 0.65f, 0.25f, 0.05f, 0.75f, 0.15f, 0.85f, 0.35f};

enum { MOST_TERMS = 16 };

typedef struct gradient_case {
    const char *name;
    double bound; /* on a gradient, relative to the largest of its tensor (or 1e-6) */
    recipe recipe;
    const char *kinds[MOST_TERMS];
    kedge_term_options terms[MOST_TERMS];
    double weights[MOST_TERMS];
} gradient_case;

static const gradient_case cases[] = {
    {"2.4.1", 1e-5,
     {.model = {.hidden = {1, sixteen}, .bottleneck = 4, .normalize = true}, .n_in = 3, .n_out = 3, .n_terms = 3},
     {"separate", "anchor", "subspace"},
     {{.name = "separate", SITE, .power = 100, .shift = true},
      {.name = "anchor", SITE, AT(e0), LABELLED(red, one)},
      {.name = "subspace", SITE, IN(plane), LABELLED(vibrant, one)}},
     {0.01, 0.1, 0.1}},
    {"2.9.1", 1e-5,
     {.model = {.hidden = {2, twice}, .bottleneck = 5, .normalize = true}, .n_in = 3, .n_out = 3, .n_terms = 4},
     {"separate", "anchor", "anti-anchor", "anti-subspace"},
     {{.name = "separate", SITE, .power = 100, .shift = true},
      {.name = "anchor", SITE, AT(e0_of_5), LABELLED(red, one)},
      {.name = "anti-anchor", SITE, AT(minus_e0_of_5)},
      {.name = "anti-subspace", SITE, IN(axis)}},
     {0.01, 0.1, 0.05, 0.25}},
    {"1.7", 1e-5,
     {.model = {.hidden = {1, sixteen}, .bottleneck = 4, .output = KEDGE_OUTPUT_SIGMOID},
      .n_in = 3, .n_out = 3, .n_terms = 5},
     {"separate", "anchor", "subspace", "unitarity", "unitarity"},
     {{.name = "separate", SITE, .power = 10},
      {.name = "reg-polar", SITE, AT(e0), .metric = KEDGE_METRIC_EUCLIDEAN, LABELLED(red, one)},
      {.name = "reg-planar", SITE, IN(plane), LABELLED(vibrant, one)},
      {.name = "reg-norm-v", SITE, LABELLED(vibrant, one)},
      {.name = "reg-norm", SITE}},
     {0.02, 0.006, 0.08, 0.02, 0.2}},
    {"fallbacks", 1e-5,
     {.model = {.hidden = {2, odd}, .bottleneck = 4, .normalize = true}, .n_in = 3, .n_out = 3, .n_terms = 4},
     {"fallback", "fallback", "fallback", "anchor"},
     {{.name = "suppressed", SITE, .place = {4, origin}, .output = {3, grey}},
      {.name = "before the norm", .site = "pre-norm", .place = {4, skew}, .output = {3, skew}},
      {.name = "further on", .site = "decoder.0", .place = {7, hidden}, .output = {3, grey}},
      {.name = "anchor", SITE, AT(e0), LABELLED(red, one)}},
     {0.05, 0.7, 0.4, 0.1}},
    {"captured anchors", 1e-5,
     {.model = {.hidden = {2, odd}, .bottleneck = 4, .normalize = true}, .n_in = 3, .n_out = 3, .n_terms = 5},
     {"captured-anchor", "captured-anchor", "captured-anchor", "captured-anchor", "anchor"},
     {{.name = "pure", SITE, OF(pure)},
      {.name = "before the norm", .site = "pre-norm", OF(many)},
      {.name = "earlier", .site = "encoder.0", OF(single)},
      {.name = "further on", .site = "decoder.1", OF(many)},
      {.name = "anchor", SITE, AT(e0), LABELLED(red, one)}},
     {0.25, 0.6, 0.4, -0.1, 0.1}},
    {"every kind, many sites, mixed labels, other targets", 5e-5,
     {.model = {.hidden = {2, odd}, .bottleneck = 4, .normalize = true, .activation = KEDGE_ACTIVATION_TANH},
      .n_in = 5, .n_out = 2, .n_terms = 10},
     {"separate", "anchor", "anchor", "anti-anchor", "subspace", "anti-subspace", "unitarity", "separate-pairs",
      "separate-inverse", "unitarity"},
     {{.name = "a", SITE, .power = 7, LABELLED(two, affinities)},
      {.name = "b", SITE, AT(skew), LABELLED(three, strong)},
      {.name = "c", .site = "pre-norm", AT(skew), .metric = KEDGE_METRIC_EUCLIDEAN, LABELLED(red, one)},
      {.name = "d", .site = "pre-norm", AT(skew), .form = KEDGE_FORM_FULL},
      {.name = "e", .site = "encoder.0", IN(plane), LABELLED(vibrant, affinities)},
      {.name = "f", .site = "decoder.1", IN(last)},
      {.name = "g", .site = "pre-norm", LABELLED(red, one)},
      {.name = "h", SITE, .power = 3},
      {.name = "i", SITE, LABELLED(two, affinities)},
      {.name = "j", .site = "decoder.0"}},
     {0.3, 0.5, 0.2, 0.4, 0.3, 0.2, 0.5, 0.7, 0.01, 0.1}},
};
enum { CASES = sizeof cases / sizeof *cases };

/* A case at one batch, and what it means. */
typedef struct situation {
    recipe recipe;
    kedge_term_options terms[MOST_TERMS];
    int n;
    uint64_t seed;
    double bound;
    ref_model model, then;
    ref_pass pass;
    double rows[LABELS][REF_BATCH], mixed[MOST_TERMS][REF_BATCH];
    double weights[REF_BATCH]; /* of the samples, where they count differently */
    double values[MOST_TERMS + 1]; /* the task's, then each term's */
    double gradient[REF_PARAMS];
} situation;

static double whole_loss(situation *s)
{
    ref_forward(&s->model, &s->pass);
    const double *weights = s->recipe.weighted ? s->weights : NULL;
    double loss = s->values[0] = ref_task_weighted(&s->model, &s->pass, weights);
    for (int i = 0; i < s->recipe.n_terms; i++) {
        const kedge_term_options *term = &s->terms[i];
        s->values[i + 1] = ref_term_at_site(&s->model, &s->pass, term, term->labels.n ? s->mixed[i] : weights);
        loss += s->recipe.weights[i] * s->values[i + 1];
    }
    return loss;
}

/* Random samples with labels; the first is in the batch twice. */
static void set_scene(situation *s, const gradient_case *c, int n, uint64_t seed, bool weighted)
{
    uint64_t state = seed;
    memset(s, 0, sizeof *s);
    s->recipe = c->recipe;
    s->recipe.terms = s->terms;
    s->recipe.weights = c->weights;
    s->recipe.weighted = weighted;
    s->n = s->pass.n = n;
    s->seed = seed;
    s->bound = c->bound;
    for (int i = 0; i < c->recipe.n_terms; i++) {
        s->terms[i] = c->terms[i];
        s->terms[i].kind = kind_named(c->kinds[i]);
    }
    for (int a = 0; a < n; a++) {
        for (int j = 0; j < c->recipe.n_in; j++) s->pass.x[a][j] = ref_uniform(&state, 0, 1);
        for (int j = 0; j < c->recipe.n_out; j++)
            s->pass.target[a][j] = c->recipe.n_in == c->recipe.n_out ? s->pass.x[a][j] : ref_uniform(&state, -1, 1);
        s->rows[0][a] = ref_uniform(&state, 0, 1) < 0.2;
        s->rows[1][a] = ref_uniform(&state, 0, 1) < 0.4;
        s->rows[2][a] = ref_uniform(&state, 0, 1); /* a soft one */
    }
    for (int a = 0; a < n; a++) s->weights[a] = a % 3 == 0 ? 1 : ref_uniform(&state, 0.1, 1);
    if (n > 1) memcpy(s->pass.x[n - 1], s->pass.x[0], sizeof s->pass.x[0]);
    for (int i = 0; i < c->recipe.n_terms; i++)
        ref_mix(&s->terms[i], LABELS, label_names, s->rows, n, s->mixed[i]);
    for (int i = 0; weighted && i < c->recipe.n_terms; i++)
        for (int a = 0; a < n; a++) s->mixed[i][a] *= s->weights[a];
}

static void find_gradient(situation *s)
{
    const double h = 2e-6;
    for (int i = 0; i < s->model.n_params; i++) {
        double p = s->model.params[i];
        s->model.params[i] = p + h;
        double above = whole_loss(s);
        s->model.params[i] = p - h;
        double below = whole_loss(s);
        s->model.params[i] = p;
        s->gradient[i] = (above - below) / (2 * h);
    }
    whole_loss(s);
}

static void compare_values(const situation *s, const built *b, uint64_t active, const char *kernels)
{
    for (int i = 0; i <= s->recipe.n_terms; i++) {
        double got = i == 0 ? b->graph->roots[b->objective.task]->val[0]
                            : kedge_objective_value(&b->objective, i - 1, active);
        if (!(fabs(got - s->values[i]) <= 2e-5 * fmax(1e-3, fabs(s->values[i]))))
            fail_msg("(%s) batch %d: loss part %d is %.9g, should be %.9g", kernels, s->n, i, got, s->values[i]);
    }
}

/* Each tensor on its own scale. */
static void compare_gradient(const situation *s, const built *b, const char *kernels)
{
    for (int t = 0; t < s->model.n_tensors; t++) {
        const ref_tensor *tensor = &s->model.tensors[t];
        const double *want = s->gradient + tensor->first;
        double largest = 1e-6;
        for (int i = 0; i < tensor->count; i++) largest = fmax(largest, fabs(want[i]));
        for (int i = 0; i < tensor->count; i++) {
            double got = b->params.gradients[tensor->offset + (size_t)i];
            if (!(fabs(got - want[i]) <= s->bound * largest))
                fail_msg("(%s) batch %d: gradient %d by '%s' is %.9g, should be %.9g (of %.9g)", kernels, s->n, i,
                         tensor->name, got, want[i], largest);
        }
    }
}

/* Other parameters for a moment, with which the terms that wait for it capture. */
static void capture(situation *s, built *b)
{
    size_t size = b->params.size * sizeof(float);
    float *own = malloc(size);
    assert_non_null(own);
    memcpy(own, b->params.values, size);
    kedge_params_draw(&b->params, s->seed + 100);
    ref_model_read(&s->then, &s->recipe.model, s->recipe.n_in, s->recipe.n_out, &b->params);
    for (int i = 0; i < s->recipe.n_terms; i++) kedge_objective_capture(&b->objective, i);
    memcpy(b->params.values, own, size);
    free(own);
}

static void check_situation(situation *s)
{
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        built b;
        build(&b, ctx, &s->recipe, 64, s->seed);
        assert_int_equal(b.status, KEDGE_OK);
        capture(s, &b);
        if (s->model.n_params == 0) { /* the initial weights are the same on all kernels: once is enough */
            ref_model_read(&s->model, &s->recipe.model, s->recipe.n_in, s->recipe.n_out, &b.params);
            s->model.then = &s->then;
            find_gradient(s);
        }
        put_samples(b.input, s->n, s->pass.x);
        put_samples(b.target, s->n, s->pass.target);
        put_labels(&b, s->rows, s->n);
        if (s->recipe.weighted) put_weights(&b, s->weights, s->n);
        uint64_t active = pass(&b, &s->recipe, s->n);
        compare_values(s, &b, active, kedge_context_kernels(ctx));
        compare_gradient(s, &b, kedge_context_kernels(ctx));
        release(&b);
    }
}

static void test_case(void **state)
{
    static const int batches[] = {1, 7, 16, 19, 64};
    static situation s;
    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++) {
        for (int weighted = 0; weighted < 2; weighted++) {
            set_scene(&s, *state, batches[b], 5 + b, weighted);
            check_situation(&s);
        }
    }
}

int main(void)
{
    struct CMUnitTest tests[CASES];
    for (int c = 0; c < CASES; c++)
        tests[c] = (struct CMUnitTest){
            .name = cases[c].name, .test_func = test_case, .initial_state = (void *)(uintptr_t)&cases[c]};
    return _cmocka_run_group_tests("objective_gradient", tests, CASES, NULL, NULL);
}
