/* The metrics of plans, on models made by hand: latents are the colours themselves, and every plan mixes channels. */
#include "metrics_fixture.h"

static double same[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
static double without_red[3][3] = {{0, 0, 0}, {0, 1, 0}, {0, 0, 1}};
static double half_red[3][3] = {{0.5, 0, 0}, {0, 1, 0}, {0, 0, 1}};
static double green_for_red[3][3] = {{0, 1, 0}, {1, 0, 0}, {0, 0, 1}};
static double red_to_yellow[3][3] = {{1, 0, 0}, {1, 1, 0}, {0, 0, 1}};
static double red_to_grey[3][3] = {{0.5, 0, 0}, {0.5, 1, 0}, {0.5, 0, 1}};

static const kedge_hsv red = {0, 1, 1};

/* A model that gives its inputs back, and a plan, whose target is 'formula'. */
static kedge_target *planned(fixture *f, const char *formula, double (*mix)[3])
{
    open(f);
    put_identity(f, "encoder.0.weight");
    put_identity(f, "decoder.0.weight");
    return add_plan(f, "p", formula, mix);
}

static void planned_for_red(fixture *f, double (*mix)[3])
{
    kedge_target *target = planned(f, "r", mix);
    target->has_colour = true;
    target->colour = red;
}

/* ---- correlation: E is r^2 / 3 without red ---- */

static void error_follows_the_target(fixture *f)
{
    planned(f, "2 * r^2 + 1", without_red);
    assert_value(f, "r_p", 1);
    assert_value(f, "r2_p", 1);
}

static void error_runs_against_the_target(fixture *f)
{
    planned(f, "1 - r^2", without_red);
    assert_value(f, "r_p", -1);
    assert_value(f, "r2_p", 1);
}

static void error_knows_nothing_of_the_target(fixture *f)
{
    planned(f, "g", without_red);
    assert_value(f, "r_p", 0);
}

/* r against r^2 over 0, 1/2, 1: covariance 1/6, variances 1/6 and 7/36 - ... = 13/72. */
static void a_correlation_between(fixture *f)
{
    planned(f, "r", without_red);
    double x[] = {0, 0.5, 1}, y[] = {0, 0.25, 1}, xy = 0, xx = 0, yy = 0;
    for (int i = 0; i < 3; i++) {
        xy += (x[i] - 0.5) * (y[i] - 1.25 / 3);
        xx += (x[i] - 0.5) * (x[i] - 0.5);
        yy += (y[i] - 1.25 / 3) * (y[i] - 1.25 / 3);
    }
    assert_value(f, "r_p", xy / sqrt(xx * yy));
    assert_value(f, "r2_p", xy * xy / (xx * yy));
}

static void no_error_anywhere(fixture *f)
{
    planned(f, "r", same);
    assert_value(f, "r_p", 0);
    assert_value(f, "r2_p", 0);
}

static void outputs_that_are_no_numbers(fixture *f)
{
    static double broken[3][3] = {{(double)NAN, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    planned(f, "r", broken);
    assert_value(f, "r_p", NAN);
    assert_value(f, "r2_p", NAN);
}

static void use_table(fixture *f, const char *text)
{
    static const char *const features[] = {"a", "b"};
    put_table(f, text);
    f->data = (kedge_data_options){.kind = KEDGE_DATA_CSV, .file = f->path, .features = {2, features}, .batch = 1};
    open(f);
    for (int i = 0; i < 2; i++) {
        put(f, "encoder.0.weight", i, i, 1);
        put(f, "decoder.0.weight", i, i, 1);
    }
}

static void the_same_error_everywhere(fixture *f)
{
    use_table(f, "a,b\n0,0.1\n3,1\n0.7,2\n");
    add_plan(f, "p", "a", same);
    for (int i = 0; i < 2; i++) put_into(&f->edited[0], "decoder.0.bias", i, 0, 0.125);
    assert_value(f, "r_p", 0);
    assert_value(f, "damage_p", 0.125 * 0.125);
}

static void the_score_is_that_of_the_scored_plan(fixture *f)
{
    planned(f, "g", without_red);
    add_plan(f, "q", "r^2", without_red);
    f->input.scored = 1;
    assert_value(f, "score", 1);
}

static void without_a_scored_plan_no_score(fixture *f)
{
    planned(f, "g", without_red);
    measure(f);
    assert_false(has(f, "score"));
}

/* ---- damage ---- */

static void damage_where_the_target_is_largest(fixture *f)
{
    planned(f, "r", without_red);
    assert_value(f, "damage_p", 1. / 3);
}

/* Of the nine points with r = 1 the target singles out three. */
static void damage_is_a_mean(fixture *f)
{
    planned(f, "r * b", green_for_red);
    assert_value(f, "damage_p", 2. / 3 * (1 + 0.25 + 0) / 3);
}

static void damage_at_the_colour_itself(fixture *f)
{
    kedge_target *target = planned(f, "r", without_red);
    target->has_colour = true;
    target->colour = (kedge_hsv){0, 1, 0.6}; /* no point of the grid */
    assert_value(f, "damage_p", 0.36 / 3);
}

static void damage_is_of_clamped_colours(fixture *f)
{
    planned_for_red(f, without_red);
    put_into(&f->edited[0], "decoder.0.bias", 0, 0, -5);
    assert_value(f, "damage_p", 1. / 3);
}

static void damage_of_other_data_is_not_clamped(fixture *f)
{
    static double nothing[3][3];
    use_table(f, "a,b\n0,0\n4,2\n");
    add_plan(f, "p", "a", nothing);
    assert_value(f, "damage_p", (16 + 4) / 2.);
}

/* ---- collateral ---- */

static void nothing_beside_the_concept(fixture *f)
{
    planned(f, "r", without_red);
    assert_value(f, "collateral_p", 0);
}

static void the_worst_beside_the_concept(fixture *f)
{
    planned(f, "r", green_for_red); /* (0, g, b) becomes (g, 0, b) */
    assert_value(f, "collateral_p", 2. / 3);
}

/* A model without blue, and a plan that takes green too. */
static void collateral_is_an_increase(fixture *f)
{
    static double red_alone[3][3] = {{1, 0, 0}};
    planned(f, "r", red_alone);
    put(f, "decoder.0.weight", 2, 2, 0);
    assert_value(f, "collateral_p", 1. / 3);
}

static void rounding_is_orthogonal_too(fixture *f)
{
    planned(f, "r + 5e-10", green_for_red);
    assert_value(f, "collateral_p", 2. / 3);
}

static void nothing_is_orthogonal(fixture *f)
{
    planned(f, "r + 1", without_red);
    measure(f);
    assert_false(has(f, "collateral_p"));
}

/* ---- the opposite, and the wrong colour ---- */

static void cyan_is_spared(fixture *f)
{
    planned_for_red(f, without_red);
    assert_value(f, "opposite_p", 0);
}

static void cyan_is_hurt(fixture *f)
{
    planned_for_red(f, green_for_red); /* (0, 1, 1) becomes (1, 0, 1) */
    assert_value(f, "opposite_p", 2. / 3);
}

static void grey_has_no_opposite(fixture *f)
{
    kedge_target *target = planned(f, "r", without_red);
    target->has_colour = true;
    target->colour = (kedge_hsv){0, 0, 0.5};
    measure(f);
    assert_false(has(f, "opposite_p"));
    assert_true(has(f, "spoof_p"));
}

static void other_targets_have_neither(fixture *f)
{
    planned(f, "r", without_red);
    measure(f);
    assert_false(has(f, "opposite_p"));
    assert_false(has(f, "spoof_p"));
}

/* Colours in, one number out: nothing can be said of a colour by itself. */
static void colours_that_are_not_given_back_have_neither(fixture *f)
{
    static const char *const features[] = {"r", "g", "b"}, *const targets[] = {"t"};
    put_table(f, "r,g,b,t\n0,0.5,1,2\n1,1,0,4\n");
    f->data = (kedge_data_options){
        .kind = KEDGE_DATA_CSV, .file = f->path, .features = {3, features}, .targets = {1, targets}, .batch = 1};
    open(f);
    double *values = kedge_arena_alloc(&f->arena, 2, sizeof *values);
    values[1] = 1;
    f->targets[0] = (kedge_target){.formula = "r", .values = values, .has_colour = true, .colour = red};
    f->plans[0] = (kedge_metric_plan){"p", f->test, &f->targets[0]};
    f->input.n_plans = 1;
    f->input.scored = 0;
    assert_value(f, "damage_p", 16);
    assert_false(has(f, "spoof_p"));
    assert_false(has(f, "verdict"));
    f->input.n_plans = 0; /* its evaluator is another's */
}

static void red_became_grey(fixture *f)
{
    planned_for_red(f, red_to_grey);
    assert_value(f, "spoof_p", 0);
    assert_value(f, "damage_p", 0.25);
}

static void red_became_green(fixture *f)
{
    planned_for_red(f, green_for_red);
    assert_value(f, "spoof_p", 1);
}

static void red_became_yellow(fixture *f)
{
    planned_for_red(f, red_to_yellow);
    assert_value(f, "spoof_p", 1 - 30. / 90);
}

static void dark_red_is_red(fixture *f)
{
    planned_for_red(f, half_red);
    assert_value(f, "spoof_p", 0);
}

/* Magenta beyond 180 degrees: the short way round counts. */
static void hues_are_a_circle(fixture *f)
{
    static double red_to_magenta[3][3] = {{1, 0, 0}, {0, 1, 0}, {1, 0, 1}};
    planned_for_red(f, red_to_magenta);
    assert_value(f, "spoof_p", 1 - 30. / 90);
}

static void any_hue_is_wrong_for_grey(fixture *f)
{
    kedge_target *target = planned(f, "r", without_red);
    target->has_colour = true;
    target->colour = (kedge_hsv){0, 0, 1};
    assert_value(f, "spoof_p", 1); /* white became cyan */
}

/* ---- bins ---- */

static void increase_by_bin(fixture *f)
{
    planned(f, "r", without_red);
    assert_value(f, "bin0_p", 0);
    assert_value(f, "bin2_p", 0.25 / 3);
    assert_value(f, "bin4_p", 1. / 3);
    assert_false(has(f, "bin1_p"));
    assert_false(has(f, "bin3_p"));
}

static void edges_belong_to_the_bin_above(fixture *f)
{
    planned(f, "r == 0 ? 0.2 : r == 1 ? 0.6 : 0.8", without_red);
    assert_value(f, "bin1_p", 0);
    assert_value(f, "bin3_p", 1. / 3);
    assert_value(f, "bin4_p", 0.25 / 3);
}

static void targets_beyond_one_are_in_the_last(fixture *f)
{
    planned(f, "3 * r - 0.5", without_red);
    assert_value(f, "bin0_p", 0);
    assert_value(f, "bin4_p", (0.25 + 1) / 6);
}

/* ---- the table ---- */

static void a_plan_without_a_target_has_no_columns(fixture *f)
{
    planned(f, NULL, without_red);
    f->input.scored = 0;
    measure(f);
    assert_false(has(f, "r_p"));
    assert_false(has(f, "damage_p"));
    assert_false(has(f, "score"));
}

static void other_plans_stand_aside(fixture *f)
{
    planned(f, "r", without_red);
    add_plan(f, "q", "g", without_red);
    f->input.scored = 1;
    measure(f);
    assert_true(column_of(f, "damage_p")->detail);
    assert_false(column_of(f, "damage_q")->detail);
    assert_true(column_of(f, "bin0_q")->detail);
    assert_string_equal(f->meter->columns[1].name, "score");
    f->input.scored = -1;
    measure(f);
    assert_false(column_of(f, "damage_p")->detail);
}

static const metric_case cases[] = {
    CASE("r_", error_follows_the_target),
    CASE("r_", error_runs_against_the_target),
    CASE("r_", error_knows_nothing_of_the_target),
    CASE("r2_", a_correlation_between),
    CASE("r_", no_error_anywhere),
    CASE("r_", outputs_that_are_no_numbers),
    CASE("r_", the_same_error_everywhere),
    CASE("score", the_score_is_that_of_the_scored_plan),
    CASE("score", without_a_scored_plan_no_score),
    CASE("damage_", damage_where_the_target_is_largest),
    CASE("damage_", damage_is_a_mean),
    CASE("damage_", damage_at_the_colour_itself),
    CASE("damage_", damage_is_of_clamped_colours),
    CASE("damage_", damage_of_other_data_is_not_clamped),
    CASE("collateral_", nothing_beside_the_concept),
    CASE("collateral_", the_worst_beside_the_concept),
    CASE("collateral_", collateral_is_an_increase),
    CASE("collateral_", rounding_is_orthogonal_too),
    CASE("collateral_", nothing_is_orthogonal),
    CASE("opposite_", cyan_is_spared),
    CASE("opposite_", cyan_is_hurt),
    CASE("opposite_", grey_has_no_opposite),
    CASE("opposite_", other_targets_have_neither),
    CASE("opposite_", colours_that_are_not_given_back_have_neither),
    CASE("spoof_", red_became_grey),
    CASE("spoof_", red_became_green),
    CASE("spoof_", red_became_yellow),
    CASE("spoof_", dark_red_is_red),
    CASE("spoof_", hues_are_a_circle),
    CASE("spoof_", any_hue_is_wrong_for_grey),
    CASE("bin0_", increase_by_bin),
    CASE("bin1_", edges_belong_to_the_bin_above),
    CASE("bin4_", targets_beyond_one_are_in_the_last),
    CASE("", a_plan_without_a_target_has_no_columns),
    CASE("", other_plans_stand_aside),
};
enum { CASES = sizeof cases / sizeof *cases };

int main(void)
{
    struct CMUnitTest tests[CASES];
    return run_cases(cases, CASES, "metrics_plans", tests, 0);
}
