/* Every metric in situations made by hand, whose answers are known. */
#include "reference.h"

#include <unistd.h>

#include "eval/evaluate.h"

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

static int set_up(void **state)
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

static int tear_down(void **state)
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
static void open(fixture *f)
{
    f->dataset = kedge_dataset_create(f->ctx, &f->data, NULL, &f->errors);
    f->test_set = kedge_dataset_create(f->ctx, f->test_data.batch ? &f->test_data : &f->data, NULL, &f->errors);
    assert_non_null(f->dataset);
    assert_non_null(f->test_set);
    int in = f->dataset->n_features, out = f->dataset->n_targets;
    kedge_params_init(&f->params, f->ctx);
    assert_int_equal(kedge_model_declare(&f->model, in, out, &f->params), KEDGE_OK);
    assert_int_equal(kedge_params_allocate(&f->params), KEDGE_OK);
    assert_int_equal(kedge_evaluator_create(&f->evaluator, f->ctx, &f->model, &f->params, f->dataset), KEDGE_OK);
    assert_int_equal(kedge_evaluator_create(&f->test, f->ctx, &f->model, &f->params, f->test_set), KEDGE_OK);
    f->input = (kedge_metric_input){
        .evaluator = f->evaluator, .test = f->test, .labels = f->labels, .terms = f->terms};
}

static void put(fixture *f, const char *tensor, int row, int column, double value)
{
    const kedge_param *param = kedge_params_find(&f->params, tensor);
    assert_non_null(param);
    f->params.values[param->offset + (size_t)(row * (param->cols ? param->cols : 1) + column)] = (float)value;
}

static void put_identity(fixture *f, const char *tensor)
{
    for (int i = 0; i < 3; i++) put(f, tensor, i, i, 1);
}

static void add_label(fixture *f, const char *name, const char *rate)
{
    kedge_label_options options = {.name = name, .rate = {.text = rate}};
    assert_true(
        kedge_label_make(&f->labels[f->input.n_labels++], &options, f->dataset, &f->arena, &f->errors));
}

static kedge_term_options *add_term(fixture *f, const char *kind, const char *name, kedge_weights labels)
{
    kedge_term_options *term = &f->terms[f->input.n_terms++];
    *term = (kedge_term_options){.name = name, .site = "bottleneck", .labels = labels};
    while (strcmp(kedge_term_kinds[term->kind]->variant.name, kind) != 0) term->kind++;
    return term;
}

static void note(const char *metric, const char *term, double value, void *payload)
{
    fixture *f = payload;
    assert_true(f->n < MOST_COLUMNS);
    snprintf(f->names[f->n], sizeof f->names[0], "%s%s", metric, term ? term : "");
    f->values[f->n++] = value;
}

static void measure(fixture *f)
{
    kedge_evaluator_run(f->evaluator);
    kedge_evaluator_run(f->test);
    f->n = 0;
    kedge_measure(&f->input, note, f);
}

static double value_of(const fixture *f, const char *column)
{
    for (int i = 0; i < f->n; i++)
        if (strcmp(f->names[i], column) == 0) return f->values[i];
    fail_msg("no column '%s'", column);
    return NAN;
}

static bool has(const fixture *f, const char *column)
{
    for (int i = 0; i < f->n; i++)
        if (strcmp(f->names[i], column) == 0) return true;
    return false;
}

static void assert_value(fixture *f, const char *column, double expected)
{
    measure(f);
    double got = value_of(f, column);
    if (!(fabs(got - expected) <= 2e-6 * fmax(1, fabs(expected))) && !(isnan(got) && isnan(expected)))
        fail_msg("%s is %.9g, should be %.9g", column, got, expected);
}

/* ---- reconstruction ---- */

static void perfect_reconstruction(fixture *f)
{
    open(f);
    put_identity(f, "encoder.0.weight");
    put_identity(f, "decoder.0.weight");
    assert_value(f, "recon_mse", 0);
}

static void black_for_everything(fixture *f)
{
    open(f);
    assert_value(f, "recon_mse", (0 + 0.25 + 1) / 3);
}

/* x + 1/2 of 0, 1/2, 1, shown as 1/2, 1, 1. */
static void colours_are_clamped(fixture *f)
{
    open(f);
    put_identity(f, "encoder.0.weight");
    put_identity(f, "decoder.0.weight");
    for (int i = 0; i < 3; i++) put(f, "decoder.0.bias", i, 0, 0.5);
    assert_value(f, "recon_mse", (0.25 + 0.25 + 0) / 3);
}

static void reconstruction_is_on_the_test_set(fixture *f)
{
    f->test_data = (kedge_data_options){.kind = KEDGE_DATA_RGB_VALIDATION, .batch = 1};
    open(f);
    double sum = 0;
    for (int i = 0; i < 7; i++) sum += pow((1 + 14 * i / 6.0) / 16, 2);
    assert_value(f, "recon_mse", (343 * sum / 7 + 8 * 0.5) / 351);
}

static void put_table(fixture *f, const char *text)
{
    strcpy(f->path, "/tmp/kedge-metrics-XXXXXX");
    int fd = mkstemp(f->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void other_data_is_not_clamped(fixture *f)
{
    static const char *const features[] = {"a", "b"};
    put_table(f, "a,b\n0,0.5\n1,1\n");
    f->data = (kedge_data_options){.kind = KEDGE_DATA_CSV, .file = f->path, .features = {2, features}, .batch = 1};
    open(f);
    for (int i = 0; i < 2; i++) {
        put(f, "encoder.0.weight", i, i, 1);
        put(f, "decoder.0.weight", i, i, 1);
        put(f, "decoder.0.bias", i, 0, 0.5);
    }
    assert_value(f, "recon_mse", 0.25);
}

static void targets_of_colours_are_not_clamped(fixture *f)
{
    static const char *const features[] = {"r", "g", "b"}, *const targets[] = {"t"};
    put_table(f, "r,g,b,t\n0,0.5,1,2\n1,1,0,4\n");
    f->data = (kedge_data_options){
        .kind = KEDGE_DATA_CSV, .file = f->path, .features = {3, features}, .targets = {1, targets}, .batch = 1};
    open(f);
    put(f, "decoder.0.bias", 0, 0, 3);
    assert_value(f, "recon_mse", 1);
}

/* ---- anchors ---- */

static const char *const red[] = {"red"}, *const both[] = {"red", "green"};
static const double one[] = {1}, ones[] = {1, 1}, first_only[] = {1, 0};
static const double at_red[] = {2, 0, 0}, at_green[] = {0, 1, 0}, opposite[] = {-1, 0, 0}, between[] = {1, 1, 0};

static kedge_term_options *anchored(fixture *f, kedge_weights labels, const double *at)
{
    open(f);
    add_label(f, "red", "redness");
    add_label(f, "green", "greenness");
    kedge_term_options *term = add_term(f, "anchor", "there", labels);
    term->at = (kedge_reals){3, at};
    put_identity(f, "encoder.0.weight");
    return term;
}

static void red_at_its_anchor(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    assert_value(f, "anchor_there", 0);
}

static void red_at_right_angles(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_green);
    assert_value(f, "anchor_there", 1);
}

static void red_opposite_its_anchor(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, opposite);
    assert_value(f, "anchor_there", 2);
}

static void red_half_way(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, between)->metric = KEDGE_METRIC_EUCLIDEAN;
    assert_value(f, "anchor_there", 1 - sqrt(0.5));
}

static void carriers_of_two_labels(fixture *f)
{
    anchored(f, (kedge_weights){2, both, ones}, at_red);
    assert_value(f, "anchor_there", 0.5);
}

static void labels_without_affinity_do_not_count(fixture *f)
{
    anchored(f, (kedge_weights){2, both, first_only}, at_red);
    assert_value(f, "anchor_there", 0);
}

static void an_angle_of_nothing_is_undefined(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    for (int i = 0; i < 3; i++) put(f, "encoder.0.weight", i, i, 0);
    assert_value(f, "anchor_there", NAN);
}

static void anchors_of_all_are_no_column(fixture *f)
{
    anchored(f, (kedge_weights){0}, at_red);
    measure(f);
    assert_false(has(f, "anchor_there"));
}

static void anchors_at_other_sites_are_no_column(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red)->site = "encoder.0";
    measure(f);
    assert_false(has(f, "anchor_there"));
}

/* ---- subspaces: the latents are the colours themselves ---- */

static const int64_t first_two[] = {0, 1}, last[] = {2};

static kedge_term_options *subspace(fixture *f, const char *rate, kedge_ints dims)
{
    open(f);
    add_label(f, "red", rate);
    kedge_term_options *term = add_term(f, "subspace", "flat", (kedge_weights){1, red, one});
    term->dims = dims;
    put_identity(f, "encoder.0.weight");
    return term;
}

static void blue_outside(fixture *f)
{
    subspace(f, "blueness", (kedge_ints){2, first_two});
    assert_value(f, "subspace_flat", 1);
}

static void blue_inside(fixture *f)
{
    subspace(f, "blueness", (kedge_ints){1, last});
    assert_value(f, "subspace_flat", 0);
}

/* Nine points have b = 1; r and g of them are 0, 1/2, 1. */
static void mean_of_the_carriers(fixture *f)
{
    subspace(f, "b", (kedge_ints){1, last});
    assert_value(f, "subspace_flat", 2 * (0 + 0.25 + 1) / 3);
}

static void subspaces_of_all_are_no_column(fixture *f)
{
    subspace(f, "b", (kedge_ints){1, last})->labels.n = 0;
    measure(f);
    assert_false(has(f, "subspace_flat"));
}

/* ---- the wheel: red, green and blue at 0, 120 and 240 degrees; every hue at its own angle then, the pure and the
 * mixed ones at length 1, the six between at sqrt(3)/2 ---- */

static void put_wheel(fixture *f, double across, double up)
{
    f->model.bottleneck = 2;
    open(f);
    for (int c = 0; c < 3; c++) {
        put(f, "encoder.0.weight", 0, c, across * cos(c * 2 * M_PI / 3));
        put(f, "encoder.0.weight", 1, c, up * sin(c * 2 * M_PI / 3));
    }
}

static void a_perfect_wheel(fixture *f)
{
    put_wheel(f, 1, 1);
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "wheel_worst_gap", 0);
    assert_value(f, "wheel_radius", (1 + sqrt(0.75)) / 2);
    assert_value(f, "red_cos", 1);
}

static void the_other_way_round(fixture *f)
{
    put_wheel(f, 1, -1);
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "wheel_worst_gap", 0);
    assert_value(f, "red_cos", 1);
}

static void red_on_the_left(fixture *f)
{
    put_wheel(f, -1, 1);
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "red_cos", -1);
}

static void a_stretched_wheel(fixture *f)
{
    put_wheel(f, 1, 2);
    double worst = 0, before = 0;
    for (int i = 1; i <= 3; i++) { /* the other quarters are its mirror images */
        double angle = atan2(2 * sin(i * M_PI / 6), cos(i * M_PI / 6)) * 180 / M_PI;
        worst = fmax(worst, fabs(angle - before - 30));
        before = angle;
    }
    assert_value(f, "wheel_ordered", 1);
    assert_value(f, "wheel_worst_gap", worst);
}

static void a_wheel_beside_the_origin(fixture *f)
{
    put_wheel(f, 1, 1);
    put(f, "encoder.0.bias", 0, 0, 5);
    assert_value(f, "wheel_ordered", 0);
}

static void a_wheel_pressed_flat(fixture *f)
{
    put_wheel(f, 1, 0);
    assert_value(f, "wheel_ordered", 0);
}

static void a_wheel_at_the_origin(fixture *f)
{
    put_wheel(f, 0, 0);
    assert_value(f, "wheel_ordered", 0);
    assert_value(f, "wheel_worst_gap", 30);
    assert_value(f, "wheel_radius", 0);
    assert_value(f, "red_cos", NAN);
}

static void a_wheel_of_unit_length(fixture *f)
{
    f->model.normalize = true;
    put_wheel(f, 3, 3);
    assert_value(f, "wheel_radius", 1);
}

/* A third dim that is 1 everywhere: it counts for the cosine, not for the radius. */
static void a_wheel_above_the_plane(fixture *f)
{
    open(f);
    put(f, "encoder.0.weight", 0, 0, 1);
    put(f, "encoder.0.weight", 1, 1, 1);
    put(f, "encoder.0.bias", 2, 0, 1);
    assert_value(f, "red_cos", sqrt(0.5));
    measure(f);
    assert_true(value_of(f, "wheel_radius") < 1.5);
}

static void no_wheel_in_one_dim(fixture *f)
{
    f->model.bottleneck = 1;
    open(f);
    measure(f);
    assert_int_equal(f->n, 1);
}

static void no_wheel_of_other_data(fixture *f)
{
    static const char *const features[] = {"r", "g", "x"};
    put_table(f, "r,g,x\n0,0.5,1\n1,1,0\n");
    f->data = (kedge_data_options){.kind = KEDGE_DATA_CSV, .file = f->path, .features = {3, features}, .batch = 1};
    open(f);
    measure(f);
    assert_int_equal(f->n, 1);
}

/* ---- all together ---- */

static void columns_stand_in_order(fixture *f)
{
    static const char *const expected[] = {"recon_mse", "anchor_there", "anchor_again", "subspace_flat",
                                           "wheel_ordered", "wheel_worst_gap", "wheel_radius", "red_cos"};
    anchored(f, (kedge_weights){1, red, one}, at_red);
    add_term(f, "subspace", "flat", (kedge_weights){1, red, one})->dims = (kedge_ints){2, first_two};
    add_term(f, "anchor", "again", (kedge_weights){1, red, one})->at = (kedge_reals){3, at_green};
    measure(f);
    assert_int_equal(f->n, sizeof expected / sizeof *expected);
    for (int i = 0; i < f->n; i++) assert_string_equal(f->names[i], expected[i]);
}

typedef struct metric_case {
    const char *metric, *name;
    void (*test)(fixture *f);
} metric_case;

#define CASE(metric, test) {metric, #test, test}
static const metric_case cases[] = {
    CASE("recon_mse", perfect_reconstruction),
    CASE("recon_mse", black_for_everything),
    CASE("recon_mse", colours_are_clamped),
    CASE("recon_mse", reconstruction_is_on_the_test_set),
    CASE("recon_mse", other_data_is_not_clamped),
    CASE("recon_mse", targets_of_colours_are_not_clamped),
    CASE("anchor_", red_at_its_anchor),
    CASE("anchor_", red_at_right_angles),
    CASE("anchor_", red_opposite_its_anchor),
    CASE("anchor_", red_half_way),
    CASE("anchor_", carriers_of_two_labels),
    CASE("anchor_", labels_without_affinity_do_not_count),
    CASE("anchor_", an_angle_of_nothing_is_undefined),
    CASE("anchor_", anchors_of_all_are_no_column),
    CASE("anchor_", anchors_at_other_sites_are_no_column),
    CASE("subspace_", blue_outside),
    CASE("subspace_", blue_inside),
    CASE("subspace_", mean_of_the_carriers),
    CASE("subspace_", subspaces_of_all_are_no_column),
    CASE("wheel_ordered", a_perfect_wheel),
    CASE("wheel_ordered", the_other_way_round),
    CASE("wheel_ordered", a_wheel_beside_the_origin),
    CASE("wheel_ordered", a_wheel_pressed_flat),
    CASE("wheel_worst_gap", a_stretched_wheel),
    CASE("wheel_worst_gap", a_wheel_at_the_origin),
    CASE("wheel_radius", a_wheel_of_unit_length),
    CASE("red_cos", red_on_the_left),
    CASE("red_cos", a_wheel_above_the_plane),
    CASE("", no_wheel_in_one_dim),
    CASE("", no_wheel_of_other_data),
    CASE("", columns_stand_in_order),
};
enum { CASES = sizeof cases / sizeof *cases };

static metric_case running;

static void run_case(void **state)
{
    running.test(*state);
}

static int set_up_case(void **state)
{
    running = *(const metric_case *)*state;
    return set_up(state);
}

static void every_metric_has_a_case(void **state)
{
    (void)state;
    for (int i = 0; kedge_metrics[i].name; i++) {
        int found = 0;
        for (int c = 0; c < CASES; c++) found += strcmp(cases[c].metric, kedge_metrics[i].name) == 0;
        if (!found) fail_msg("metric '%s' has no case", kedge_metrics[i].name);
        assert_non_null(kedge_metrics[i].doc);
    }
}

int main(void)
{
    struct CMUnitTest tests[CASES + 1] = {cmocka_unit_test(every_metric_has_a_case)};
    for (int c = 0; c < CASES; c++)
        tests[c + 1] = (struct CMUnitTest){.name = cases[c].name,
                                           .test_func = run_case,
                                           .setup_func = set_up_case,
                                           .teardown_func = tear_down,
                                           .initial_state = (void *)(uintptr_t)&cases[c]};
    return _cmocka_run_group_tests("metrics", tests, CASES + 1, NULL, NULL);
}
