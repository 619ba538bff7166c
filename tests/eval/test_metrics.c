/* Metrics in situations made by hand, whose answers are known. */
#include "metrics_fixture.h"

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

/* ---- the control ---- */

/* A model that shows black, beside one that shows half of every colour. */
static void the_control_stands_beside(fixture *f)
{
    static double nothing[3][3];
    open(f);
    put_identity(f, "encoder.0.weight");
    for (int i = 0; i < 3; i++) put(f, "decoder.0.weight", i, i, 0.5);
    add_plan(f, "unused", NULL, nothing);
    f->input.control = f->plans[0].evaluator;
    assert_value(f, "control_mse", (0 + 0.25 + 1) / 3);
    assert_value(f, "control_ratio", 0.25);
}

static void without_a_control_no_column(fixture *f)
{
    open(f);
    measure(f);
    assert_false(has(f, "control_mse"));
    assert_false(has(f, "control_ratio"));
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

/* ---- under way ---- */

/* A live metric is found alone as it is among all, of the parameters as they are by then. */
static void measured_alone(fixture *f)
{
    int live = 0;
    anchored(f, (kedge_weights){1, red, one}, at_red);
    add_term(f, "subspace", "flat", (kedge_weights){1, red, one})->dims = (kedge_ints){2, first_two};
    measure(f);
    put(f, "encoder.0.weight", 0, 1, 0.3);
    for (int i = 0; i < f->meter->n_columns; i++) {
        if (!f->meter->columns[i].metric->live) continue;
        double alone = kedge_meter_measure(f->meter, i);
        kedge_evaluator_run(f->evaluator);
        kedge_evaluator_run(f->test);
        kedge_meter_read(f->meter);
        assert_true(alone == f->meter->values[i]);
        live++;
    }
    assert_int_equal(live, 7);
}

static void updates_are_told_where_runs_differ(fixture *f)
{
    static const double updates = 42;
    open(f);
    f->input.updates = &updates;
    measure(f);
    assert_value(f, "updates", 42);
}

static void without_their_number_no_column(fixture *f)
{
    open(f);
    measure(f);
    assert_false(has(f, "updates"));
}

/* ---- all together ---- */

static void columns_stand_in_order(fixture *f)
{
    static const char *const expected[] = {"recon_mse", "verdict", "anchor_there", "anchor_again", "subspace_flat",
                                           "wheel_ordered", "wheel_worst_gap", "wheel_radius", "red_cos"};
    anchored(f, (kedge_weights){1, red, one}, at_red);
    add_term(f, "subspace", "flat", (kedge_weights){1, red, one})->dims = (kedge_ints){2, first_two};
    add_term(f, "anchor", "again", (kedge_weights){1, red, one})->at = (kedge_reals){3, at_green};
    measure(f);
    assert_int_equal(f->meter->n_columns, sizeof expected / sizeof *expected);
    for (int i = 0; i < f->meter->n_columns; i++) assert_string_equal(f->meter->columns[i].name, expected[i]);
}

static const metric_case cases[] = {
    CASE("recon_mse", perfect_reconstruction),
    CASE("recon_mse", black_for_everything),
    CASE("recon_mse", colours_are_clamped),
    CASE("recon_mse", reconstruction_is_on_the_test_set),
    CASE("recon_mse", other_data_is_not_clamped),
    CASE("recon_mse", targets_of_colours_are_not_clamped),
    CASE("control_mse", the_control_stands_beside),
    CASE("control_ratio", without_a_control_no_column),
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
    CASE("", measured_alone),
    CASE("updates", updates_are_told_where_runs_differ),
    CASE("updates", without_their_number_no_column),
    CASE("", columns_stand_in_order),
};
enum { CASES = sizeof cases / sizeof *cases };

/* Their cases are in the files test_metrics_*.c. */
static const char *const elsewhere[] = {"wheel_ordered", "wheel_worst_gap", "wheel_radius", "red_cos",
                                        "score", "r_", "r2_", "damage_", "collateral_", "opposite_", "spoof_", "bin0_",
                                        "bin1_", "bin2_", "bin3_", "bin4_", "verdict", "verdict_step",
                                        "leak", "auroc_", "rank_", "crosstalk", "spike"};

static void every_metric_has_a_case(void **state)
{
    (void)state;
    for (int i = 0; kedge_metrics[i].name; i++) {
        int found = 0;
        for (int c = 0; c < CASES; c++) found += strcmp(cases[c].metric, kedge_metrics[i].name) == 0;
        for (size_t c = 0; c < sizeof elsewhere / sizeof *elsewhere; c++)
            found += strcmp(elsewhere[c], kedge_metrics[i].name) == 0;
        if (!found) fail_msg("metric '%s' has no case", kedge_metrics[i].name);
        assert_non_null(kedge_metrics[i].doc);
    }
}

int main(void)
{
    struct CMUnitTest tests[CASES + 1] = {cmocka_unit_test(every_metric_has_a_case)};
    return run_cases(cases, CASES, "metrics", tests, 1);
}
