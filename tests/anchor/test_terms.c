/* Every kind of term: values and gradients against double, with the labels that a batch may have, on every set of
 * kernels. */
#include "copy_op.h"
#include "kernels.h"
#include "reference_terms.h"

#include "ops/ops.h"

enum { DIMS = 4, NUMBERS = DIMS * REF_BATCH };

/* One case: the options of a term, and how near the library has to come. */
typedef struct term_case {
    const char *name;
    const kedge_term_kind *kind;
    kedge_term_options options;
    double bound;       /* on the gradient, relative to its largest entry (or 1e-6) */
    double value_bound; /* on the value, likewise (or 0.01: odd powers cancel) */
} term_case;

static const double direction[] = {0.6, -0.8, 0.3, 1.5}, first_axis[] = {1, 0, 0, 0}, opposite[] = {-1, 0, 0, 0};
static const int64_t plane[] = {0, 1}, axis[] = {2};
#define AT(point) .at = {DIMS, point}
#define IN(some) .dims = {sizeof some / sizeof *some, some}

static const term_case cases[] = {
    {"anchor, angular", &kedge_term_anchor, {AT(direction), .metric = KEDGE_METRIC_ANGULAR}, 5e-6, 2e-6},
    {"anchor, angular, on an axis", &kedge_term_anchor, {AT(first_axis), .metric = KEDGE_METRIC_ANGULAR}, 5e-6, 2e-6},
    {"anchor, euclidean", &kedge_term_anchor, {AT(direction), .metric = KEDGE_METRIC_EUCLIDEAN}, 5e-6, 2e-6},
    {"anti-anchor, hemispheric", &kedge_term_anti_anchor, {AT(opposite), .form = KEDGE_FORM_HEMISPHERIC}, 5e-6, 2e-6},
    {"anti-anchor, full", &kedge_term_anti_anchor, {AT(direction), .form = KEDGE_FORM_FULL}, 5e-6, 2e-6},
    {"subspace", &kedge_term_subspace, {IN(plane)}, 5e-6, 2e-6},
    {"anti-subspace", &kedge_term_anti_subspace, {IN(axis)}, 5e-6, 2e-6},
    {"unitarity", &kedge_term_unitarity, {0}, 1e-5, 2e-6},
    /* A hundredth power has a hundred times the rounding error of its base. */
    {"separate, power 100, shift", &kedge_term_separate, {.power = 100, .shift = true}, 5e-5, 2e-5},
    {"separate, power 10", &kedge_term_separate, {.power = 10}, 2e-5, 5e-5},
    {"separate, power 7", &kedge_term_separate, {.power = 7}, 2e-5, 5e-5},
    {"separate, power 1", &kedge_term_separate, {.power = 1}, 2e-5, 5e-5},
    {"separate-pairs, power 2", &kedge_term_separate_pairs, {.power = 2}, 2e-5, 5e-5},
    {"separate-pairs, power 3", &kedge_term_separate_pairs, {.power = 3}, 2e-5, 5e-5},
    {"separate-inverse", &kedge_term_separate_inverse, {0}, 2e-5, 5e-6},
};
enum { CASES = sizeof cases / sizeof *cases };

typedef enum labelling { ON_ALL, ALL_LABELLED, SOME, ONE, NONE, SOFT, LABELLINGS } labelling;

/* Latents and labels, and what the term means there. */
typedef struct situation {
    kedge_term_options options;
    const term_case *c;
    int n;
    bool normalize, duplicate;
    labelling labels;
    ref_rows u;
    double label[REF_BATCH];
    double value, gradient[NUMBERS]; /* by u, [dim][sample] */
} situation;

static int kind_number(const kedge_term_kind *kind)
{
    for (int i = 0; kedge_term_kinds[i]; i++)
        if (kedge_term_kinds[i] == kind) return i;
    fail_msg("kind '%s' is not in the list", kind->variant.name);
    return -1;
}

static double meaning(situation *s)
{
    static ref_rows z;
    const double *labels = s->labels == ON_ALL ? NULL : s->label;
    if (!s->normalize) return ref_term(&s->options, s->n, DIMS, s->u, labels);
    ref_normalize(s->n, DIMS, s->u, z);
    return ref_term(&s->options, s->n, DIMS, z, labels);
}

static void draw_labels(situation *s, uint64_t *state)
{
    for (int a = 0; a < s->n; a++) {
        double u = ref_uniform(state, 0, 1);
        switch (s->labels) {
        case SOME: s->label[a] = u < 0.3; break;
        case ONE: s->label[a] = a == s->n / 2; break;
        case NONE: s->label[a] = 0; break;
        case SOFT: s->label[a] = u; break;
        default: s->label[a] = 1; break;
        }
    }
}

static void find_meaning(situation *s)
{
    const double h = 2e-6;
    s->value = meaning(s);
    for (int j = 0; j < DIMS; j++)
        for (int a = 0; a < s->n; a++) {
            double x = s->u[a][j];
            s->u[a][j] = x + h;
            double above = meaning(s);
            s->u[a][j] = x - h;
            double below = meaning(s);
            s->u[a][j] = x;
            s->gradient[j * s->n + a] = (above - below) / (2 * h);
        }
}

static void set_scene(situation *s, const term_case *c, int n, bool normalize, bool duplicate, labelling labels)
{
    uint64_t state = 17 + (uint64_t)n + 100 * labels + 1000 * normalize;
    *s = (situation){.options = c->options, .c = c, .n = n, .normalize = normalize, .duplicate = duplicate,
                     .labels = labels};
    s->options.name = "term";
    s->options.site = "bottleneck";
    s->options.kind = kind_number(c->kind);
    for (int a = 0; a < n; a++)
        for (int j = 0; j < DIMS; j++) s->u[a][j] = ref_uniform(&state, -1.5, 1.5);
    if (duplicate) memcpy(s->u[n - 1], s->u[0], sizeof s->u[0]);
    draw_labels(s, &state);
}

typedef struct result {
    float value, gradient[NUMBERS];
} result;

/* The same by the library. */
static void compute(const situation *s, kedge_context *ctx, result *out)
{
    kedge_graph *graph;
    float u[NUMBERS];
    assert_int_equal(kedge_graph_create(&graph, ctx, s->n, true), KEDGE_OK);
    for (int a = 0; a < s->n; a++)
        for (int j = 0; j < DIMS; j++) u[j * s->n + a] = (float)s->u[a][j];
    kedge_node *site = kedge_graph_param(graph, "u", DIMS, s->n, u, out->gradient);
    site = kedge_graph_add(&copy, NULL, 0, 1, &site);
    if (s->normalize) site = kedge_l2norm(site);
    site = kedge_graph_site(site, "bottleneck");
    kedge_node *row = s->labels == ON_ALL ? NULL : kedge_graph_input(graph, "labels", 1);
    kedge_node *term = s->c->kind->build(&s->options, site, row);
    assert_non_null(term);
    assert_int_equal(kedge_graph_root(term), 0);
    assert_int_equal(kedge_graph_plan(graph), KEDGE_OK);
    for (int a = 0; row && a < s->n; a++) row->val[a] = (float)s->label[a];
    kedge_graph_forward(graph, s->n, 1);
    kedge_graph_backward(graph, &(float){1}, 1);
    out->value = term->val[0];
    kedge_graph_free(graph);
}

static void compare(const situation *s, const char *kernels, const result *got)
{
    double largest = 1e-6;
    for (int i = 0; i < DIMS * s->n; i++) largest = fmax(largest, fabs(s->gradient[i]));
    if (!(fabs((double)got->value - s->value) <= s->c->value_bound * fmax(1e-2, fabs(s->value))))
        fail_msg("%s (%s), batch %d, labels %d%s%s: value is %.9g, should be %.9g", s->c->name, kernels, s->n,
                 s->labels, s->normalize ? ", normalized" : "", s->duplicate ? ", duplicate" : "",
                 (double)got->value, s->value);
    for (int i = 0; i < DIMS * s->n; i++)
        if (!(fabs((double)got->gradient[i] - s->gradient[i]) <= s->c->bound * largest))
            fail_msg("%s (%s), batch %d, labels %d%s%s: gradient %d is %.9g, should be %.9g (of %.9g)", s->c->name,
                     kernels, s->n, s->labels, s->normalize ? ", normalized" : "", s->duplicate ? ", duplicate" : "", i,
                     (double)got->gradient[i], s->gradient[i], largest);
}

static void check_situation(situation *s)
{
    static result got;
    kedge_context *ctx;
    find_meaning(s);
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        compute(s, ctx, &got);
        compare(s, kedge_context_kernels(ctx), &got);
        if (s->labels != NONE) continue;
        assert_true(got.value == 0);
        for (int i = 0; i < DIMS * s->n; i++) assert_true(got.gradient[i] == 0);
    }
}

static void test_case(void **state)
{
    static const int batches[] = {1, 7, 16, 19, 64};
    static situation s;
    for (size_t b = 0; b < sizeof batches / sizeof *batches; b++)
        for (labelling labels = ON_ALL; labels < LABELLINGS; labels++)
            for (int variant = 0; variant < 4; variant++) {
                bool normalize = variant & 1, duplicate = variant & 2;
                if (duplicate && batches[b] == 1) continue;
                set_scene(&s, *state, batches[b], normalize, duplicate, labels);
                check_situation(&s);
            }
}

static void every_kind_has_a_case(void **state)
{
    (void)state;
    int n = 0;
    for (; kedge_term_kinds[n]; n++) {
        int found = kedge_term_kinds[n]->on_no_sample; /* it needs a model: see test_objective_gradient */
        for (int c = 0; c < CASES; c++) found += cases[c].kind == kedge_term_kinds[n];
        if (!found) fail_msg("term kind '%s' has no case", kedge_term_kinds[n]->variant.name);
    }
    assert_int_equal(n, kedge_n_term_kinds());
}

static void every_kind_says_what_it_is(void **state)
{
    (void)state;
    for (int i = 0; kedge_term_kinds[i]; i++) {
        const kedge_variant *variant = &kedge_term_kinds[i]->variant;
        assert_non_null(variant->doc);
        for (int j = 0; j < i; j++) assert_string_not_equal(variant->name, kedge_term_kinds[j]->variant.name);
        for (int f = 0; f < variant->n_fields; f++) assert_non_null(variant->fields[f].doc);
    }
}

/* The angle alone counts: latents at twice the length have the same loss, and half the gradient. */
static void length_leaves_the_angular_anchor_alone(void **state)
{
    (void)state;
    static situation s;
    static result one, two;
    kedge_context *ctx;
    set_scene(&s, &cases[0], 19, false, false, SOFT);
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        compute(&s, ctx, &one);
        for (int a = 0; a < s.n; a++)
            for (int j = 0; j < DIMS; j++) s.u[a][j] *= 2;
        compute(&s, ctx, &two);
        for (int a = 0; a < s.n; a++)
            for (int j = 0; j < DIMS; j++) s.u[a][j] /= 2;
        assert_true(fabsf(one.value - two.value) < 1e-6f);
        for (int i = 0; i < DIMS * s.n; i++) assert_true(fabsf(one.gradient[i] - 2 * two.gradient[i]) < 1e-6f);
    }
}

/* So is that of the point: an angular anchor names a direction. */
static void length_of_an_angular_point_counts_for_nothing(void **state)
{
    (void)state;
    static const double longer[] = {6, -8, 3, 15};
    static const term_case scaled = {"scaled", &kedge_term_anchor, {AT(longer), .metric = KEDGE_METRIC_ANGULAR}, 0, 0};
    static situation s;
    static result one, two;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx)) {
        set_scene(&s, &cases[0], 7, true, false, ON_ALL);
        compute(&s, ctx, &one);
        set_scene(&s, &scaled, 7, true, false, ON_ALL);
        compute(&s, ctx, &two);
        assert_true(fabsf(one.value - two.value) < 1e-6f);
    }
}

/* At the origin the angle is not defined; what comes out must be numbers. */
static void latents_of_zero_give_numbers(void **state)
{
    (void)state;
    static situation s;
    static result got;
    kedge_context *ctx;
    for (int k = 0; (ctx = kernels_next(&k)); kedge_context_free(ctx))
        for (int c = 0; c < CASES; c++) {
            set_scene(&s, &cases[c], 7, false, false, ON_ALL);
            memset(s.u[3], 0, sizeof s.u[3]);
            compute(&s, ctx, &got);
            assert_true(isfinite(got.value));
            for (int i = 0; i < DIMS * s.n; i++) assert_true(isfinite(got.gradient[i]));
        }
}

int main(void)
{
    struct CMUnitTest tests[CASES + 8] = {
        cmocka_unit_test(every_kind_has_a_case),
        cmocka_unit_test(every_kind_says_what_it_is),
        cmocka_unit_test(length_leaves_the_angular_anchor_alone),
        cmocka_unit_test(length_of_an_angular_point_counts_for_nothing),
        cmocka_unit_test(latents_of_zero_give_numbers),
    };
    size_t n = 5;
    for (int c = 0; c < CASES; c++)
        tests[n++] = (struct CMUnitTest){
            .name = cases[c].name, .test_func = test_case, .initial_state = (void *)(uintptr_t)&cases[c]};
    return _cmocka_run_group_tests("terms", tests, n, NULL, NULL);
}
