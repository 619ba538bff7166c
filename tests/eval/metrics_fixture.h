/* metrics_fixture.h - data, and a linear model whose weights a test sets by hand, for metrics with known answers. */
#ifndef EVAL_METRICS_FIXTURE_H
#define EVAL_METRICS_FIXTURE_H

#include "reference.h"

#include <unistd.h>

#include "eval/metrics.h"

enum { MOST_TERMS = 3, MOST_LABELS = 2, MOST_PLANS = 2 };

typedef struct fixture {
    kedge_context *ctx;
    kedge_arena arena;
    kedge_errors errors;
    kedge_data_options data, test_data;
    kedge_dataset *dataset, *test_set;
    kedge_model_options model;
    kedge_params params;
    kedge_evaluator *evaluator, *test;
    kedge_label labels[MOST_LABELS], test_labels[MOST_LABELS];
    kedge_term_options terms[MOST_TERMS];
    kedge_params edited[MOST_PLANS]; /* of the models that plans leave behind */
    kedge_target targets[MOST_PLANS];
    kedge_metric_plan plans[MOST_PLANS];
    kedge_metric_input input;
    kedge_meter *meter;
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
    kedge_meter_free(f->meter);
    kedge_evaluator_free(f->evaluator);
    kedge_evaluator_free(f->test);
    for (int i = 0; i < f->input.n_plans; i++) {
        kedge_evaluator_free(f->plans[i].evaluator);
        kedge_params_release(&f->edited[i]);
    }
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
    assert_int_equal(kedge_evaluator_create(&f->evaluator, f->ctx, &f->model, &f->params, f->dataset, NULL, NULL),
                     KEDGE_OK);
    assert_int_equal(kedge_evaluator_create(&f->test, f->ctx, &f->model, &f->params, f->test_set, NULL, NULL),
                     KEDGE_OK);
    f->input = (kedge_metric_input){.evaluator = f->evaluator,
                                    .test = f->test,
                                    .labels = f->labels,
                                    .terms = f->terms,
                                    .plans = f->plans,
                                    .scored = -1};
}

static inline void put_into(kedge_params *params, const char *tensor, int row, int column, double value)
{
    const kedge_param *param = kedge_params_find(params, tensor);
    assert_non_null(param);
    params->values[param->offset + (size_t)(row * (param->cols ? param->cols : 1) + column)] = (float)value;
}

static inline void put(fixture *f, const char *tensor, int row, int column, double value)
{
    put_into(&f->params, tensor, row, column, value);
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

/* A plan whose model gives mix x for inputs x; 'formula' NULL: it has no target. */
static inline kedge_target *add_plan(fixture *f, const char *name, const char *formula, double (*mix)[3])
{
    int i = f->input.n_plans++, n = f->dataset->n_features;
    double *values = kedge_arena_alloc(&f->arena, (size_t)f->dataset->points, sizeof *values);
    if (formula)
        assert_true(kedge_formula_eval(&(kedge_formula){.text = formula}, f->dataset, values, &f->errors));
    f->targets[i] = (kedge_target){.formula = formula, .values = values};
    kedge_params_init(&f->edited[i], f->ctx);
    assert_int_equal(kedge_model_declare(&f->model, n, f->dataset->n_targets, &f->edited[i]), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->edited[i]), KEDGE_OK);
    for (int row = 0; row < n; row++) {
        put_into(&f->edited[i], "encoder.0.weight", row, row, 1);
        for (int column = 0; column < n; column++)
            put_into(&f->edited[i], "decoder.0.weight", row, column, mix[row][column]);
    }
    f->plans[i] = (kedge_metric_plan){.name = name, .target = &f->targets[i]};
    assert_int_equal(kedge_evaluator_create(&f->plans[i].evaluator, f->ctx, &f->model, &f->edited[i], f->dataset, NULL,
                                            NULL),
                     KEDGE_OK);
    return &f->targets[i];
}

static inline void measure(fixture *f)
{
    kedge_evaluator_run(f->evaluator);
    kedge_evaluator_run(f->test);
    for (int i = 0; i < f->input.n_plans; i++) kedge_evaluator_run(f->input.plans[i].evaluator);
    kedge_meter_free(f->meter);
    f->meter = NULL;
    assert_int_equal(kedge_meter_create(&f->meter, f->ctx, &f->input), KEDGE_OK);
    kedge_meter_read(f->meter);
}

static inline bool has(const fixture *f, const char *name)
{
    for (int i = 0; i < f->meter->n_columns; i++)
        if (strcmp(f->meter->columns[i].name, name) == 0) return true;
    return false;
}

static inline const kedge_column *column_of(const fixture *f, const char *name)
{
    if (!has(f, name)) fail_msg("no column '%s'", name);
    const kedge_column *column = f->meter->columns;
    while (strcmp(column->name, name) != 0) column++;
    return column;
}

static inline double value_of(const fixture *f, const char *name)
{
    return f->meter->values[column_of(f, name) - f->meter->columns];
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
