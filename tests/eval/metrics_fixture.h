/* metrics_fixture.h - data, and a linear model whose weights a test sets by hand, for metrics with known answers. */
#ifndef EVAL_METRICS_FIXTURE_H
#define EVAL_METRICS_FIXTURE_H

#include "reference.h"

#include <unistd.h>

#include "eval/metrics.h"

enum { MOST_COLUMNS = 16, MOST_TERMS = 3, MOST_LABELS = 2 };

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
    kedge_data_options data, test_data;
    kedge_dataset *dataset, *test_set;
    kedge_model_options model;
    kedge_params params;
    kedge_evaluator *evaluator, *test;
    kedge_label labels[MOST_LABELS];
    kedge_term_options terms[MOST_TERMS];
    kedge_metric_input input;
    int n;
    char names[MOST_COLUMNS][64];
    double values[MOST_COLUMNS];
    char path[64];
} fixture;

static inline int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    kedge_context_options options = {.kernels = "ref", .threads = 1};
    if (!f || kedge_context_create(&f->ctx, &options)) return -1;
    kedge_arena_init(&f->arena, f->ctx);
    kedge_errors_init(&f->errors);
    f->data = (kedge_data_options){.kind = KEDGE_DATA_RGB_GRID, .points = 3, .batch = 1};
    f->model = (kedge_model_options){.bottleneck = 3}; /* z = w x + b, y = w z + b */
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    fixture *f = *state;
    kedge_evaluator_free(f->evaluator);
    kedge_evaluator_free(f->test);
    kedge_params_release(&f->params);
    kedge_dataset_free(f->dataset);
    kedge_dataset_free(f->test_set);
    kedge_arena_release(&f->arena);
    kedge_context_free(f->ctx);
    if (f->path[0]) unlink(f->path);
    free(f);
    return 0;
}

/* Data and a model whose parameters are all 0. */
static inline void open(fixture *f)
{
    f->dataset = kedge_dataset_create(f->ctx, &f->data, NULL, &f->errors);
    f->test_set = kedge_dataset_create(f->ctx, f->test_data.batch ? &f->test_data : &f->data, NULL, &f->errors);
    assert_non_null(f->dataset);
    assert_non_null(f->test_set);
    int in = f->dataset->n_features, out = f->dataset->n_targets;
    kedge_params_init(&f->params, f->ctx);
    assert_int_equal(kedge_model_declare(&f->model, in, out, &f->params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    assert_int_equal(kedge_evaluator_create(&f->evaluator, f->ctx, &f->model, &f->params, f->dataset, NULL, NULL), KEDGE_OK);
    assert_int_equal(kedge_evaluator_create(&f->test, f->ctx, &f->model, &f->params, f->test_set, NULL, NULL), KEDGE_OK);
    f->input = (kedge_metric_input){
        .evaluator = f->evaluator, .test = f->test, .labels = f->labels, .terms = f->terms};
}

static inline void put(fixture *f, const char *tensor, int row, int column, double value)
{
    const kedge_param *param = kedge_params_find(&f->params, tensor);
    assert_non_null(param);
    f->params.values[param->offset + (size_t)(row * (param->cols ? param->cols : 1) + column)] = (float)value;
}

static inline void put_identity(fixture *f, const char *tensor)
{
    for (int i = 0; i < 3; i++) put(f, tensor, i, i, 1);
}

static inline void add_label(fixture *f, const char *name, const char *rate)
{
    kedge_label_options options = {.name = name, .rate = {.text = rate}};
    assert_true(
        kedge_label_make(&f->labels[f->input.n_labels++], &options, f->dataset, &f->arena, &f->errors));
}

static inline kedge_term_options *add_term(fixture *f, const char *kind, const char *name, kedge_weights labels)
{
    kedge_term_options *term = &f->terms[f->input.n_terms++];
    *term = (kedge_term_options){.name = name, .site = "bottleneck", .labels = labels};
    while (strcmp(kedge_term_kinds[term->kind]->variant.name, kind) != 0) term->kind++;
    return term;
}

static inline void note(const char *metric, const char *term, double value, void *payload)
{
    fixture *f = payload;
    assert_true(f->n < MOST_COLUMNS);
    snprintf(f->names[f->n], sizeof f->names[0], "%s%s", metric, term ? term : "");
    f->values[f->n++] = value;
}

static inline void measure(fixture *f)
{
    kedge_evaluator_run(f->evaluator);
    kedge_evaluator_run(f->test);
    f->n = 0;
    kedge_measure(&f->input, note, f);
}

static inline double value_of(const fixture *f, const char *column)
{
    for (int i = 0; i < f->n; i++)
        if (strcmp(f->names[i], column) == 0) return f->values[i];
    fail_msg("no column '%s'", column);
    return NAN;
}

static inline bool has(const fixture *f, const char *column)
{
    for (int i = 0; i < f->n; i++)
        if (strcmp(f->names[i], column) == 0) return true;
    return false;
}

static inline void assert_value(fixture *f, const char *column, double expected)
{
    measure(f);
    double got = value_of(f, column);
    if (!(fabs(got - expected) <= 2e-6 * fmax(1, fabs(expected))) && !(isnan(got) && isnan(expected)))
        fail_msg("%s is %.9g, should be %.9g", column, got, expected);
}

/* A csv file of its own. */
static inline void put_table(fixture *f, const char *text)
{
    strcpy(f->path, "/tmp/kedge-metrics-XXXXXX");
    int fd = mkstemp(f->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

/* One test, and the metric that it is about. */
typedef struct metric_case {
    const char *metric, *name;
    void (*test)(fixture *f);
} metric_case;

#define CASE(metric, test) {metric, #test, test}

static metric_case running;

static inline void run_case(void **state)
{
    running.test(*state);
}

static inline int set_up_case(void **state)
{
    running = *(const metric_case *)*state;
    return set_up(state);
}

static inline int run_cases(const metric_case *cases, int n, const char *group, struct CMUnitTest *tests, int first)
{
    for (int c = 0; c < n; c++)
        tests[first + c] = (struct CMUnitTest){.name = cases[c].name,
                                               .test_func = run_case,
                                               .setup_func = set_up_case,
                                               .teardown_func = tear_down,
                                               .initial_state = (void *)(uintptr_t)&cases[c]};
    return _cmocka_run_group_tests(group, tests, (size_t)(first + n), NULL, NULL);
}

#endif
