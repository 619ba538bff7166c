/* The verdict on runs made by hand, and the steps that trajectories know. */
#include "metrics_fixture.h"

#include "eval/verdict.h"
#include "failing_alloc.h"

static double same[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
static double without_red[3][3] = {{0, 0, 0}, {0, 1, 0}, {0, 0, 1}};
static double without_green[3][3] = {{0, 0, 0}, {0, 0.9, 0}, {0, 0, 1}};

static const char *const reds[] = {"red"};
static const double one[] = {1}, at_red[] = {1, 0, 0}, at_green[] = {0, 1, 0};
static const int64_t first_two[] = {0, 1}, turned[] = {1, 0}, others[] = {0, 2};

static void anchored(fixture *f, const double *at)
{
    open(f);
    add_label(f, "red", "redness");
    put_identity(f, "encoder.0.weight");
    put_identity(f, "decoder.0.weight");
    add_term(f, "anchor", "there", (kedge_weights){1, reds, one})->at = (kedge_reals){3, at};
}

/* A trajectory of the fixture's own model; the test frees it. */
static kedge_trajectory *follow(fixture *f, int steps)
{
    kedge_trajectory *trajectory = NULL;
    assert_int_equal(kedge_trajectory_create(&trajectory, f->evaluator, &f->model, &f->params, steps, f->input.n_terms,
                                             f->terms, f->input.n_labels, f->labels),
                     KEDGE_OK);
    f->input.trajectory = trajectory;
    return trajectory;
}

/* ---- verdicts ---- */

static void nothing_to_judge(fixture *f)
{
    open(f);
    measure(f);
    assert_false(has(f, "verdict"));
}

static void an_anchor_held(fixture *f)
{
    anchored(f, at_red);
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
    assert_false(has(f, "verdict_step"));
}

static void an_anchor_lost(fixture *f)
{
    anchored(f, at_green);
    assert_value(f, "verdict", KEDGE_VERDICT_LOST);
}

/* Red at (1, t, 0): the angle whose cosine is .9 has the tangent .4843. */
static void held_means_a_cosine_of_nine_tenths(fixture *f)
{
    anchored(f, at_red);
    put(f, "encoder.0.weight", 1, 0, 0.484);
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
    put(f, "encoder.0.weight", 1, 0, 0.485);
    assert_value(f, "verdict", KEDGE_VERDICT_LOST);
}

static void a_latent_of_nothing_is_lost(fixture *f)
{
    anchored(f, at_red);
    for (int i = 0; i < 3; i++) put(f, "encoder.0.weight", i, i, 0);
    assert_value(f, "verdict", KEDGE_VERDICT_LOST);
}

/* ---- crumpled ---- */

static kedge_term_options *plane(fixture *f, kedge_ints dims)
{
    open(f);
    kedge_term_options *term = add_term(f, "subspace", "flat", (kedge_weights){0});
    term->dims = dims;
    for (int c = 0; c < 3; c++) {
        put(f, "encoder.0.weight", 0, c, cos(c * 2 * M_PI / 3));
        put(f, "encoder.0.weight", 1, c, sin(c * 2 * M_PI / 3));
    }
    return term;
}

static void hues_in_order(fixture *f)
{
    plane(f, (kedge_ints){2, first_two});
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
}

static void hues_out_of_order(fixture *f)
{
    plane(f, (kedge_ints){2, turned});
    put(f, "encoder.0.bias", 0, 0, 5);
    assert_value(f, "verdict", KEDGE_VERDICT_CRUMPLED);
}

static void hues_in_other_dims_are_not_judged(fixture *f)
{
    plane(f, (kedge_ints){2, others});
    put(f, "encoder.0.bias", 0, 0, 5);
    measure(f);
    assert_false(has(f, "verdict"));
}

static void lost_comes_before_crumpled(fixture *f)
{
    anchored(f, at_green);
    add_term(f, "subspace", "flat", (kedge_weights){0})->dims = (kedge_ints){2, first_two};
    put(f, "encoder.0.bias", 0, 0, 50);
    put(f, "encoder.0.bias", 1, 0, -50);
    assert_value(f, "verdict", KEDGE_VERDICT_LOST);
}

/* ---- leaky ---- */

static void scored(fixture *f, const char *formula, double (*mix)[3])
{
    anchored(f, at_red);
    add_plan(f, "p", formula, mix);
    f->input.scored = 0;
}

static void the_concept_is_gone(fixture *f)
{
    scored(f, "r", without_red);
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
}

static void the_concept_is_still_there(fixture *f)
{
    scored(f, "r", same);
    assert_value(f, "verdict", KEDGE_VERDICT_LEAKY);
}

/* E at red is (1 - x)^2 / 3: .18 where x = .2652. */
static void gone_means_an_error_of_eighteen_hundredths(fixture *f)
{
    scored(f, "r", without_red);
    put_into(&f->edited[0], "decoder.0.weight", 0, 0, 0.265);
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
    put_into(&f->edited[0], "decoder.0.weight", 0, 0, 0.266);
    assert_value(f, "verdict", KEDGE_VERDICT_LEAKY);
}

/* A model that gives black for everything: nothing is left that a plan could take away. */
static void errors_of_the_model_are_no_merit_of_the_plan(fixture *f)
{
    static double nothing[3][3];
    scored(f, "redness", nothing);
    for (int i = 0; i < 3; i++) put(f, "decoder.0.weight", i, i, 0);
    assert_value(f, "damage_p", 1. / 3);
    assert_value(f, "verdict", KEDGE_VERDICT_LEAKY);
    kedge_target *target = &f->targets[0];
    target->has_colour = true;
    target->colour = (kedge_hsv){0, 1, 1};
    assert_value(f, "damage_p", 1. / 3);
    assert_value(f, "verdict", KEDGE_VERDICT_LEAKY);
}

static void something_orthogonal_is_hurt(fixture *f)
{
    scored(f, "r", without_green); /* .01 / 3 at green */
    assert_value(f, "verdict", KEDGE_VERDICT_LEAKY);
    put_into(&f->edited[0], "decoder.0.weight", 1, 1, 0.906); /* .0029 */
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
}

static void an_unscored_plan_may_leak(fixture *f)
{
    scored(f, "r", same);
    f->input.scored = -1;
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
    assert_false(has(f, "leak"));
}

static void a_leak_of_the_concept(fixture *f)
{
    scored(f, "r", same);
    assert_value(f, "leak", KEDGE_LEAK_DAMAGE);
    assert_string_equal(column_of(f, "leak")->metric->words(KEDGE_LEAK_DAMAGE), "damage");
}

static void a_leak_into_something_orthogonal(fixture *f)
{
    scored(f, "r", without_green);
    put_into(&f->edited[0], "decoder.0.weight", 0, 0, 0);
    assert_value(f, "leak", KEDGE_LEAK_COLLATERAL);
    assert_string_equal(column_of(f, "leak")->metric->words(KEDGE_LEAK_COLLATERAL), "collateral");
}

static void a_leak_of_both_kinds(fixture *f)
{
    scored(f, "r", same);
    put_into(&f->edited[0], "decoder.0.weight", 1, 1, 0.9);
    assert_value(f, "leak", KEDGE_LEAK_BOTH);
    assert_string_equal(column_of(f, "leak")->metric->words(KEDGE_LEAK_BOTH), "both");
}

static void clean_runs_leak_by_nothing(fixture *f)
{
    scored(f, "r", without_red);
    assert_value(f, "leak", NAN);
    assert_null(column_of(f, "leak")->metric->words((double)NAN));
}

/* The verdict is 'lost' then, and names no leak, though nothing is taken away. */
static void a_lost_run_is_not_said_to_leak(fixture *f)
{
    scored(f, "r", same);
    for (int i = 0; i < 3; i++) put(f, "encoder.0.weight", 0, i, 0);
    assert_value(f, "verdict", KEDGE_VERDICT_LOST);
    assert_value(f, "leak", NAN);
}

static void without_orthogonal_points_damage_decides(fixture *f)
{
    scored(f, "r + 1", without_red);
    assert_value(f, "verdict", KEDGE_VERDICT_CLEAN);
}

/* ---- steps ---- */

static void a_step_that_never_was(fixture *f)
{
    anchored(f, at_green);
    kedge_trajectory *trajectory = follow(f, 10);
    kedge_trajectory_begin(trajectory);
    for (int step = 0; step < 10; step++) kedge_trajectory_step(trajectory, step);
    kedge_trajectory_end(trajectory, trajectory->steps);
    assert_value(f, "verdict_step", KEDGE_STEP_NEVER);
    assert_string_equal(column_of(f, "verdict_step")->metric->words(KEDGE_STEP_NEVER), "never");
    assert_null(column_of(f, "verdict_step")->metric->words(3));
    kedge_trajectory_free(trajectory);
}

/* Held for the first 4 steps: the state before update 3 is the last good one. */
static void the_step_of_a_loss(fixture *f)
{
    anchored(f, at_red);
    kedge_trajectory *trajectory = follow(f, 10);
    kedge_trajectory_begin(trajectory);
    for (int step = 0; step < 10; step++) {
        if (step == 4) put(f, "encoder.0.weight", 0, 0, -1);
        kedge_trajectory_step(trajectory, step);
    }
    kedge_trajectory_end(trajectory, trajectory->steps);
    assert_value(f, "verdict_step", 3);
    assert_int_equal(trajectory->n_samples, 11);
    assert_true(trajectory->tracks[0].cosines[3] == 1 && trajectory->tracks[0].cosines[4] == -1);
    kedge_trajectory_free(trajectory);
}

/* Samples stand where a whole run has them; the last is the end's. */
static void a_run_that_ends_early(fixture *f)
{
    int whole[KEDGE_TRAJECTORY_SAMPLES + 1];
    anchored(f, at_red);
    kedge_trajectory *trajectory = follow(f, 1000);
    kedge_trajectory_begin(trajectory);
    for (int step = 0; step < 255; step++) kedge_trajectory_step(trajectory, step);
    kedge_trajectory_end(trajectory, 255);
    assert_int_equal(kedge_trajectory_grid(1000, whole), KEDGE_TRAJECTORY_SAMPLES + 1);
    assert_int_equal(trajectory->n_samples, 27);
    for (int i = 0; i < 26; i++) assert_int_equal(trajectory->at[i], whole[i]);
    assert_int_equal(trajectory->at[26], 255);
    assert_int_equal(trajectory->tracks[0].last_held, 255);
    kedge_trajectory_free(trajectory);
}

static void the_step_of_a_crumpling(fixture *f)
{
    plane(f, (kedge_ints){2, first_two});
    kedge_trajectory *trajectory = follow(f, 200);
    kedge_trajectory_begin(trajectory);
    for (int step = 0; step < 200; step++) {
        if (step == 101) put(f, "encoder.0.bias", 0, 0, 5);
        kedge_trajectory_step(trajectory, step);
    }
    kedge_trajectory_end(trajectory, trajectory->steps);
    assert_value(f, "verdict", KEDGE_VERDICT_CRUMPLED);
    assert_value(f, "verdict_step", 100);
    assert_int_equal(trajectory->n_samples, 101);
    assert_int_equal(trajectory->at[100], 200);
    kedge_trajectory_free(trajectory);
}

static void clean_runs_have_no_step(fixture *f)
{
    anchored(f, at_red);
    kedge_trajectory *trajectory = follow(f, 1);
    kedge_trajectory_begin(trajectory);
    kedge_trajectory_step(trajectory, 0);
    kedge_trajectory_end(trajectory, trajectory->steps);
    assert_value(f, "verdict_step", NAN);
    kedge_trajectory_free(trajectory);
}

static void an_unknown_trajectory_has_no_step(fixture *f)
{
    anchored(f, at_green);
    kedge_trajectory *trajectory = follow(f, 10);
    assert_value(f, "verdict_step", NAN);
    kedge_trajectory_free(trajectory);
}

/* ---- trajectories in metadata ---- */

static kedge_trajectory *with_both(fixture *f)
{
    anchored(f, at_red);
    add_term(f, "subspace", "flat", (kedge_weights){0})->dims = (kedge_ints){2, first_two};
    return follow(f, 1000);
}

static void text_and_back(fixture *f)
{
    kedge_trajectory *trajectory = with_both(f);
    kedge_trajectory_begin(trajectory);
    trajectory->tracks[0].last_held = 740;
    assert_string_equal(kedge_trajectory_text(trajectory, &f->arena), "there=740,hues=-1");
    assert_true(kedge_trajectory_read(trajectory, "there=990,hues=1000"));
    assert_true(trajectory->known);
    assert_int_equal(trajectory->tracks[0].last_held, 990);
    assert_int_equal(trajectory->last_ordered, 1000);
    kedge_trajectory_free(trajectory);
}

static void other_texts_are_not_read(fixture *f)
{
    static const char *const texts[] = {NULL, "", "there=1", "there=1,hues=", "there=1,hues=1001", "there=1,hues=-2",
                                        "there=1,hues=1,", "there=1 hues=1", "hues=1,there=1", "here=1,hues=1",
                                        "there1,hues=1", "there=1,"};
    kedge_trajectory *trajectory = with_both(f);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (kedge_trajectory_read(trajectory, texts[i])) fail_msg("read '%s'", texts[i]);
        assert_false(trajectory->known);
    }
    kedge_trajectory_free(trajectory);
}

static void nothing_to_follow(fixture *f)
{
    open(f);
    kedge_trajectory *trajectory = follow(f, 10);
    kedge_trajectory_begin(trajectory);
    kedge_trajectory_step(trajectory, 0);
    kedge_trajectory_end(trajectory, trajectory->steps);
    assert_string_equal(kedge_trajectory_text(trajectory, &f->arena), "");
    assert_true(kedge_trajectory_read(trajectory, ""));
    assert_int_equal(trajectory->n_samples, 0);
    kedge_trajectory_free(trajectory);
    kedge_trajectory_free(NULL);
}

static void names_of_verdicts(fixture *f)
{
    (void)f;
    assert_string_equal(kedge_verdict_name(0), "clean");
    assert_string_equal(kedge_verdict_name(1), "leaky");
    assert_string_equal(kedge_verdict_name(2), "lost");
    assert_string_equal(kedge_verdict_name(3), "crumpled");
    assert_null(kedge_verdict_name(-1));
    assert_null(kedge_verdict_name(4));
}

/* A meter and a trajectory when each of their allocations fails in turn; nothing they do later allocates. */
static void survives_each_failed_allocation(fixture *f)
{
    scored(f, "r", without_red);
    measure(f);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_trajectory *trajectory = NULL;
        kedge_meter *meter = NULL;
        kedge_evaluator like = *f->evaluator;
        like.ctx = ctx;
        kedge_status status = kedge_trajectory_create(&trajectory, &like, &f->model, &f->params, 5, f->input.n_terms,
                                                      f->terms, f->input.n_labels, f->labels);
        f->input.trajectory = trajectory;
        if (!status) status = kedge_meter_create(&meter, ctx, &f->input);
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        size_t before = memory.requests;
        if (meter) {
            kedge_trajectory_begin(trajectory);
            for (int step = 0; step < 5; step++) kedge_trajectory_step(trajectory, step);
            kedge_trajectory_end(trajectory, trajectory->steps);
            kedge_meter_read(meter);
        }
        assert_int_equal(memory.requests, before);
        kedge_meter_free(meter);
        kedge_trajectory_free(trajectory);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
    f->input.trajectory = NULL;
}

static const metric_case cases[] = {
    CASE("verdict", nothing_to_judge),
    CASE("verdict", an_anchor_held),
    CASE("verdict", an_anchor_lost),
    CASE("verdict", held_means_a_cosine_of_nine_tenths),
    CASE("verdict", a_latent_of_nothing_is_lost),
    CASE("verdict", hues_in_order),
    CASE("verdict", hues_out_of_order),
    CASE("verdict", hues_in_other_dims_are_not_judged),
    CASE("verdict", lost_comes_before_crumpled),
    CASE("verdict", the_concept_is_gone),
    CASE("verdict", the_concept_is_still_there),
    CASE("verdict", gone_means_an_error_of_eighteen_hundredths),
    CASE("verdict", errors_of_the_model_are_no_merit_of_the_plan),
    CASE("verdict", something_orthogonal_is_hurt),
    CASE("verdict", an_unscored_plan_may_leak),
    CASE("verdict", without_orthogonal_points_damage_decides),
    CASE("leak", a_leak_of_the_concept),
    CASE("leak", a_leak_into_something_orthogonal),
    CASE("leak", a_leak_of_both_kinds),
    CASE("leak", clean_runs_leak_by_nothing),
    CASE("leak", a_lost_run_is_not_said_to_leak),
    CASE("verdict_step", a_step_that_never_was),
    CASE("verdict_step", the_step_of_a_loss),
    CASE("verdict_step", a_run_that_ends_early),
    CASE("verdict_step", the_step_of_a_crumpling),
    CASE("verdict_step", clean_runs_have_no_step),
    CASE("verdict_step", an_unknown_trajectory_has_no_step),
    CASE("verdict_step", text_and_back),
    CASE("verdict_step", other_texts_are_not_read),
    CASE("verdict_step", nothing_to_follow),
    CASE("verdict", names_of_verdicts),
    CASE("", survives_each_failed_allocation),
};
enum { CASES = sizeof cases / sizeof *cases };

int main(void)
{
    struct CMUnitTest tests[CASES];
    return run_cases(cases, CASES, "metrics_verdict", tests, 0);
}
