/* What anchors tell of who carries a concept, against counts over all pairs of points. */
#include "metrics_fixture.h"

#include "failing_alloc.h"

static const char *const red[] = {"red"}, *const green[] = {"green"}, *const both[] = {"red", "green"};
static const double one[] = {1}, mixed[] = {1, 0.5}, first_only[] = {1, 0};
static const double at_red[] = {1, 0, 0}, at_green[] = {0, 1, 0}, oblique[] = {1, 2.1, -0.7};
static const double beside[] = {0.25, 0.375, 0.4375}; /* of no two colours on one ray from the origin */

static void add_test_label(fixture *f, int i, const char *rate)
{
    kedge_label_options options = {.name = f->labels[i].name, .rate = {.text = rate}};
    assert_true(kedge_label_make(&f->test_labels[i], &options, f->test_set, &f->arena, &f->errors));
    f->input.test_labels = f->test_labels;
}

/* Latents are the colours, moved off black; a third of the points carries 'red', and rates of it have ties. */
static kedge_term_options *anchored(fixture *f, kedge_weights labels, const double *at)
{
    open(f);
    add_label(f, "red", "r");
    add_label(f, "green", "g");
    add_test_label(f, 0, "r");
    add_test_label(f, 1, "g");
    kedge_term_options *term = add_term(f, "anchor", "there", labels);
    term->at = (kedge_reals){3, at};
    put_identity(f, "encoder.0.weight");
    for (int i = 0; i < 3; i++) put(f, "encoder.0.bias", i, 0, beside[i]);
    return term;
}

static double cosine(const fixture *f, const double *at, int point)
{
    double dot = 0, zz = 0, pp = 0;
    for (int j = 0; j < 3; j++) {
        double z = (double)f->test_set->features[j][point] + beside[j];
        dot += z * at[j], zz += z * z, pp += at[j] * at[j];
    }
    return dot / sqrt(zz * pp);
}

static int order_of(double a, double b)
{
    return (a > b) - (a < b);
}

/* Over all pairs of a point with r = 1 and another. */
static double counted_auroc(const fixture *f, const double *at)
{
    double won = 0, pairs = 0;
    for (int i = 0; i < f->test_set->points; i++)
        for (int j = 0; j < f->test_set->points; j++) {
            if (!(f->test_set->features[0][i] == 1) || f->test_set->features[0][j] == 1) continue;
            won += (order_of(cosine(f, at, i), cosine(f, at, j)) + 1) / 2.0;
            pairs++;
        }
    return won / pairs;
}

static double counted_rank(const double *values, int n, int point)
{
    double rank = 0.5;
    for (int i = 0; i < n; i++) rank += (order_of(values[point], values[i]) + 1) / 2.0;
    return rank;
}

static double spearman(const double *a, const double *b, int n)
{
    double mean = (n + 1) / 2.0, aa = 0, bb = 0, ab = 0;
    for (int i = 0; i < n; i++) {
        double x = counted_rank(a, n, i) - mean, y = counted_rank(b, n, i) - mean;
        aa += x * x, bb += y * y, ab += x * y;
    }
    return ab / sqrt(aa * bb);
}

static void the_area_is_the_share_of_pairs(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, oblique);
    assert_value(f, "auroc_there", counted_auroc(f, oblique));
    assert_true(value_of(f, "auroc_there") > 0.1 && value_of(f, "auroc_there") < 0.9);
}

static void all_carriers_first_is_one(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    add_test_label(f, 0, "r^2 * (1 - g) * (1 - b)");
    assert_value(f, "auroc_there", 1);
}

static void all_carriers_last_is_none(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    add_test_label(f, 0, "(1 - r) * g * b");
    assert_value(f, "auroc_there", 0);
}

static void points_that_all_lie_alike_are_a_half(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    for (int i = 0; i < 3; i++) put(f, "encoder.0.weight", i, i, 0);
    assert_value(f, "auroc_there", 0.5);
    assert_value(f, "rank_there", NAN);
}

static void a_latent_at_the_origin_has_no_angle(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    for (int i = 0; i < 3; i++) put(f, "encoder.0.bias", i, 0, 0);
    assert_value(f, "auroc_there", NAN);
    assert_value(f, "rank_there", NAN);
}

/* The rate of a term is mixed as its labels are in training. */
static void ranks_follow_the_rate(fixture *f)
{
    double cosines[27], rates[27];
    anchored(f, (kedge_weights){2, both, mixed}, oblique);
    for (int i = 0; i < 27; i++) {
        cosines[i] = cosine(f, oblique, i);
        rates[i] = fmin(1, (double)f->test_set->features[0][i] + 0.5 * (double)f->test_set->features[1][i]);
    }
    assert_value(f, "rank_there", spearman(cosines, rates, 27));
    assert_true(fabs(value_of(f, "rank_there")) > 0.1);
}

static void it_is_the_test_set_that_counts(fixture *f)
{
    f->test_data = (kedge_data_options){.kind = KEDGE_DATA_RGB_VALIDATION, .batch = 1};
    anchored(f, (kedge_weights){1, red, one}, oblique);
    assert_value(f, "auroc_there", counted_auroc(f, oblique));
}

static void assert_neither(fixture *f)
{
    measure(f);
    assert_false(has(f, "auroc_there"));
    assert_false(has(f, "rank_there"));
}

static void without_labels_there_no_column(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    f->input.test_labels = NULL;
    assert_neither(f);
}

static void labels_that_cannot_be_said_there_are_no_column(fixture *f)
{
    anchored(f, (kedge_weights){2, both, mixed}, at_red);
    f->test_labels[1] = (kedge_label){0};
    assert_neither(f);
    f->terms[0].labels.values = first_only; /* nobody asks for the second now */
    measure(f);
    assert_true(has(f, "auroc_there") && has(f, "rank_there"));
}

static void without_another_point_no_area(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    add_test_label(f, 0, "0.5");
    assert_neither(f);
}

static void anchors_of_all_are_no_column(fixture *f)
{
    anchored(f, (kedge_weights){0}, at_red);
    assert_neither(f);
}

/* ---- between anchors ---- */

static void second(fixture *f, kedge_weights labels, const double *at)
{
    add_term(f, "anchor", "other", labels)->at = (kedge_reals){3, at};
}

/* Cosine of 'at' to the mean direction of the points whose channel c is 1. */
static double mean_cosine(const fixture *f, int c, const double *at)
{
    double mean[3] = {0}, dot = 0, mm = 0, pp = 0;
    for (int i = 0; i < 27; i++) {
        double z[3], length = 0;
        for (int j = 0; j < 3; j++) {
            z[j] = (double)f->dataset->features[j][i] + beside[j];
            length += z[j] * z[j];
        }
        for (int j = 0; j < 3 && f->dataset->features[c][i] == 1; j++) mean[j] += z[j] / sqrt(length);
    }
    for (int j = 0; j < 3; j++) dot += mean[j] * at[j], mm += mean[j] * mean[j], pp += at[j] * at[j];
    return dot / sqrt(mm * pp);
}

static void crosstalk_is_the_largest_cosine(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    second(f, (kedge_weights){1, green, one}, oblique);
    double expected = fmax(fabs(mean_cosine(f, 0, oblique)), fabs(mean_cosine(f, 1, at_red)));
    assert_value(f, "crosstalk", expected);
}

static void crosstalk_has_no_sign(fixture *f)
{
    static const double away[] = {-1, 0, 0};
    anchored(f, (kedge_weights){1, red, one}, away);
    second(f, (kedge_weights){1, green, one}, at_green);
    double least = fabs(mean_cosine(f, 1, away));
    measure(f);
    assert_true(value_of(f, "crosstalk") >= least - 1e-6);
}

static void one_anchor_has_no_crosstalk(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    add_term(f, "subspace", "other", (kedge_weights){1, green, one});
    measure(f);
    assert_false(has(f, "crosstalk"));
}

static void two_anchors_of_one_concept_have_no_crosstalk(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    second(f, (kedge_weights){1, red, one}, at_red);
    measure(f);
    assert_false(has(f, "crosstalk"));
}

static void a_carrier_at_the_origin_leaves_crosstalk_undefined(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    second(f, (kedge_weights){1, green, one}, at_green);
    for (int i = 0; i < 3; i++) put(f, "encoder.0.bias", i, 0, i == 1 ? -1 : 0); /* (0, 1, 0) goes there */
    assert_value(f, "crosstalk", NAN);
}

/* ---- roughness ---- */

static void a_known_spike_is_a_column(fixture *f)
{
    kedge_spike spike = {.value = 0.75};
    open(f);
    measure(f);
    assert_false(has(f, "spike"));
    f->input.spike = &spike;
    assert_value(f, "spike", 0.75);
    assert_true(column_of(f, "spike")->detail);
    spike.value = NAN;
    assert_value(f, "spike", NAN);
}

/* ---- memory ---- */

static void survives_each_failed_allocation(fixture *f)
{
    anchored(f, (kedge_weights){1, red, one}, at_red);
    second(f, (kedge_weights){1, green, one}, at_green);
    measure(f);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_meter *meter = NULL;
        kedge_status status = kedge_meter_create(&meter, ctx, &f->input);
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        size_t before = memory.requests;
        if (meter) kedge_meter_read(meter);
        assert_int_equal(memory.requests, before);
        kedge_meter_free(meter);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

static const metric_case cases[] = {
    CASE("auroc_", the_area_is_the_share_of_pairs),
    CASE("auroc_", all_carriers_first_is_one),
    CASE("auroc_", all_carriers_last_is_none),
    CASE("auroc_", points_that_all_lie_alike_are_a_half),
    CASE("auroc_", a_latent_at_the_origin_has_no_angle),
    CASE("auroc_", it_is_the_test_set_that_counts),
    CASE("auroc_", without_labels_there_no_column),
    CASE("auroc_", labels_that_cannot_be_said_there_are_no_column),
    CASE("auroc_", without_another_point_no_area),
    CASE("auroc_", anchors_of_all_are_no_column),
    CASE("rank_", ranks_follow_the_rate),
    CASE("crosstalk", crosstalk_is_the_largest_cosine),
    CASE("crosstalk", crosstalk_has_no_sign),
    CASE("crosstalk", one_anchor_has_no_crosstalk),
    CASE("crosstalk", two_anchors_of_one_concept_have_no_crosstalk),
    CASE("crosstalk", a_carrier_at_the_origin_leaves_crosstalk_undefined),
    CASE("spike", a_known_spike_is_a_column),
    CASE("", survives_each_failed_allocation),
};
enum { CASES = sizeof cases / sizeof *cases };

int main(void)
{
    struct CMUnitTest tests[CASES];
    return run_cases(cases, CASES, "metrics_monitor", tests, 0);
}
