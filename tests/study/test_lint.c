/* test_lint.c - doses, and warnings: each on a planted recipe, and not on its cured twin. */
#include "../run/run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "kedge/lint.h"

/* A recipe of these terms and this sheet. */
static void write_recipe(fixture *f, const char *terms, const char *rows)
{
    char text[2048];
    put(f, "schedule.csv", rows);
    snprintf(text, sizeof text,
             "data: {kind: rgb-grid, points: 3, batch: 8}\n"
             "labels: {red: redness^2, blue: b^2}\n"
             "model: {kind: autoencoder, hidden: [6], bottleneck: 3}\n"
             "terms:\n%sschedule: schedule.csv\n", terms);
    put(f, "recipe.yaml", text);
}

static kedge_lint *lint(fixture *f, const char *terms, const char *rows)
{
    kedge_lint *made = NULL;
    write_recipe(f, terms, rows);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    if (kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL)) fail_msg("%s", kedge_error());
    assert_int_equal(kedge_recipe_lint(&made, f->loaded), KEDGE_OK);
    return made;
}

/* There is one warning; it is of this kind and says this. */
static void assert_warns(fixture *f, const char *terms, const char *rows, kedge_warning_kind kind, const char *part)
{
    kedge_lint *made = lint(f, terms, rows);
    kedge_warning warning;
    if (!kedge_lint_warning(made, 0, &warning)) fail_msg("no warning; want '%s'", part);
    assert_int_equal(warning.kind, kind);
    if (!strstr(warning.text, part)) fail_msg("'%s' is not in '%s'", part, warning.text);
    assert_string_equal(warning.file, f->recipe);
    if (kedge_lint_warning(made, 1, &warning)) fail_msg("one more: %s", warning.text);
    kedge_lint_free(made);
}

static void assert_silent(fixture *f, const char *terms, const char *rows)
{
    kedge_lint *made = lint(f, terms, rows);
    kedge_warning warning;
    if (kedge_lint_warning(made, 0, &warning)) fail_msg("%s", warning.text);
    kedge_lint_free(made);
}

static const char one_term[] = "  a: {kind: separate}\n";

/* ---- doses ---- */

static void doses_are_sums_over_updates(void **state)
{
    fixture *f = *state;
    kedge_dose dose;
    kedge_lint *made = lint(f, one_term, "STEP,lr::step,a::step\n0,0.5,0\n2,0.25,2\n4,0.5,1\n5,0.5,0\n6,0.5,\n");
    assert_true(kedge_lint_heat(made) == 0.5 + 0.5 + 0.25 + 0.25 + 0.5 + 0.5 + 0.5);
    assert_true(kedge_lint_dose(made, 0, &dose));
    assert_string_equal(dose.term, "a");
    assert_true(dose.dose == 2 * 0.25 + 2 * 0.25 + 0.5);
    assert_true(dose.centroid == (2 * 0.5 + 3 * 0.5 + 4 * 0.5) / 1.5);
    assert_int_equal(dose.first, 2);
    assert_int_equal(dose.last, 4);
    assert_false(kedge_lint_dose(made, 1, &dose));
    assert_false(kedge_lint_dose(made, -1, &dose));
    kedge_lint_free(made);
}

static void a_term_that_is_never_active_has_no_centroid(void **state)
{
    fixture *f = *state;
    kedge_dose dose;
    kedge_lint *made = lint(f, one_term, "STEP,lr,a\n0,0.5,0\n6,0.5,\n");
    assert_true(kedge_lint_dose(made, 0, &dose));
    assert_true(dose.dose == 0 && isnan(dose.centroid) && dose.first == -1 && dose.last == -1);
    kedge_lint_free(made);
}

static void updates_past_the_sheet_count(void **state)
{
    fixture *f = *state;
    kedge_lint *made = NULL;
    load_sheet(f, "STEP,lr,separate,anchor\n0,0.5,1,1\n9,,,\n", "steps: 20\n");
    assert_int_equal(kedge_recipe_lint(&made, f->loaded), KEDGE_OK);
    assert_true(fabs(kedge_lint_heat(made) - 10) < 1e-12);
    kedge_lint_free(made);
}

/* Appended to the recipe they change nothing. */
static void printed_doses_are_comments(void **state)
{
    fixture *f = *state;
    char *text = NULL, before[4096], again[8192];
    kedge_lint *made = lint(f, "  a: {kind: separate}\n  b: {kind: unitarity}\n", "STEP,lr,a,b\n0,0.5,0,2\n9,0.5,,\n");
    assert_int_equal(kedge_lint_print(made, &text), KEDGE_OK);
    assert_string_equal(text, "# heat 5: the sum of the learning rate over 10 updates\n"
                              "# term a: dose 0, never active\n"
                              "# term b: dose 10, centroid 4, active 0..9\n");
    kedge_lint_free(made);
    snprintf(before, sizeof before, "%s", kedge_recipe_text(f->loaded));
    snprintf(again, sizeof again, "%s%s", before, text);
    kedge_free(f->ctx, text);
    put(f, "recipe.yaml", again);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_OK);
    assert_string_equal(kedge_recipe_text(f->loaded), before);
}

/* What they come to if a row comes early, only the run knows. */
static void doses_of_a_sheet_that_reacts_are_those_of_the_whole(void **state)
{
    fixture *f = *state;
    char *text = NULL;
    kedge_lint *made = lint(f, one_term, "STEP,UNTIL,lr,a\n0,,0.5,1\n9,recon_mse < 1e-9/2,,\n");
    assert_int_equal(kedge_lint_print(made, &text), KEDGE_OK);
    assert_string_equal(text, "# if no row comes early (UNTIL):\n"
                              "# heat 5: the sum of the learning rate over 10 updates\n"
                              "# term a: dose 5, centroid 4, active 0..9\n");
    kedge_free(f->ctx, text);
    kedge_lint_free(made);
}

/* ---- protection and heat ---- */

static const char anchored[] = "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}\n";
static const char ends_hot[] = "STEP,lr::step,a::step\n0,0.5,1\n50,,0\n99,,\n";

static void warns_of_protection_that_ends_while_hot(void **state)
{
    fixture *f = *state;
    assert_warns(f, anchored, "STEP,lr::step,a::step\n0,0.5,1\n80,,0.04\n99,,\n", KEDGE_WARNING_HOT_END,
                 "term 'a' ends while the learning rate is hot: from step 80 on its weight is below 5% of its largest, "
                 "with 20% of the heat still to come");
}

static void protection_may_end_with_the_heat(void **state)
{
    fixture *f = *state;
    assert_silent(f, anchored, "STEP,lr::step,a::step\n0,0.5,1\n80,0.1,0\n99,,\n");  /* 5% */
    assert_silent(f, anchored, "STEP,lr::step,a::step\n0,0.5,1\n91,,0\n99,,\n");      /* 9% */
    assert_silent(f, anchored, "STEP,lr::step,a::step\n0,0.5,1\n50,,0.06\n99,,\n");   /* it stays above */
    assert_silent(f, anchored, "STEP,lr::step,a::step\n0,0.5,1\n50,,0\n95,,1\n99,,\n"); /* it comes back */
}

static void warns_of_all_that_hold_something(void **state)
{
    static const char *const terms[] = {"  a: {kind: anti-subspace, dims: [0]}\n",
                                        "  a: {kind: anti-anchor, at: [-1, 0, 0]}\n",
                                        "  a: {kind: subspace, dims: [0], labels: {red: 1}}\n",
                                        "  a: {kind: separate, labels: {red: 1}}\n"};
    for (int i = 0; i < 4; i++)
        assert_warns(*state, terms[i], ends_hot, KEDGE_WARNING_HOT_END, "term 'a' ends while the learning rate is hot");
}

static void what_holds_nothing_may_end(void **state)
{
    assert_silent(*state, "  a: {kind: separate}\n", ends_hot);
    assert_silent(*state, "  a: {kind: unitarity, site: pre-norm}\n", ends_hot);
}

/* What its weight was before there was anything to hold does not count. */
static void protection_begins_at_the_capture(void **state)
{
    fixture *f = *state;
    static const char terms[] = "  a: {kind: captured-anchor, of: s == 0}\n";
    assert_silent(f, terms, "STEP,ACTION,lr,a::step\n0,,0.5,1\n50,anchor,,0.01\n99,,,\n");
    assert_warns(f, terms, "STEP,ACTION,lr,a::step\n0,,0.5,1\n50,anchor,,1\n75,,,0\n99,,,\n", KEDGE_WARNING_HOT_END,
                 "from step 75 on its weight is below 5% of its largest, with 25% of the heat still to come");
}

/* ---- what never acts ---- */

static void warns_of_weights_that_are_0(void **state)
{
    fixture *f = *state;
    assert_warns(f, one_term, "STEP,lr,a\n0,0.5,0\n9,,\n", KEDGE_WARNING_NEVER_ACTIVE,
                 "term 'a' is never active: its weight is 0 at every update");
    assert_silent(f, one_term, "STEP,lr,a::step\n0,0.5,0\n8,,1\n9,,\n");
    assert_silent(f, "  a: {kind: separate, scale: 0}\n", "STEP,lr,a\n0,0.5,1\n9,,\n");
}

static void warns_of_weights_while_the_learning_rate_is_0(void **state)
{
    fixture *f = *state;
    assert_warns(f, one_term, "STEP,lr::step,a::step\n0,0.5,0\n5,0,1\n9,,\n", KEDGE_WARNING_NEVER_ACTIVE,
                 "term 'a' is never active: it has a weight only while the learning rate is 0");
    assert_silent(f, one_term, "STEP,lr::step,a::step\n0,0.5,0\n5,0,1\n9,0.1,\n");
}

static void warns_of_labels_that_nobody_gets(void **state)
{
    fixture *f = *state;
    static const char terms[] = "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1, blue: 0.5}}\n";
    assert_warns(f, terms, "STEP,lr,a::step,labels.red::step,labels.blue\n0,0.5,1,0,0\n9,,,,\n",
                 KEDGE_WARNING_NEVER_ACTIVE,
                 "term 'a' is never active: whenever it has a weight, the rates of its labels are 0");
    assert_silent(f, terms, "STEP,lr,a::step,labels.red::step,labels.blue\n0,0.5,1,0,1\n9,,,,\n");
    assert_silent(f, terms, "STEP,lr,a::step,labels.red::step,labels.blue\n0,0.5,1,0,0\n9,,,1,\n");
    assert_silent(f, one_term, "STEP,lr,a::step,labels.red,labels.blue\n0,0.5,1,0,0\n9,,,,\n");
}

static void warns_of_a_task_without_weight(void **state)
{
    fixture *f = *state;
    assert_warns(f, one_term, "STEP,lr,a,recon\n0,0.5,1,0\n9,,,\n", KEDGE_WARNING_NEVER_ACTIVE,
                 "the task is never active: its weight 'recon' is 0 at every update");
    assert_silent(f, one_term, "STEP,lr,a,recon\n0,0.5,1,0\n9,,,1\n");
}

static void warns_of_a_set_that_is_never_drawn(void **state)
{
    fixture *f = *state;
    kedge_lint *made;
    kedge_warning warning;
    const char *sets[] = {"data.sets={dark: v < 0.7, rest: 1}"};
    for (int is_drawn = 0; is_drawn < 2; is_drawn++) {
        write_recipe(f, one_term, is_drawn ? "STEP,lr,a,data-dark\n0,0.5,1,0\n9,,,1\n"
                                           : "STEP,lr,a,data-dark\n0,0.5,1,0\n9,,,\n");
        kedge_recipe_free(f->loaded);
        f->loaded = NULL;
        assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, &(kedge_recipe_options){sets, 1}), KEDGE_OK);
        assert_int_equal(kedge_recipe_lint(&made, f->loaded), KEDGE_OK);
        assert_int_equal(kedge_lint_warning(made, 0, &warning), !is_drawn);
        if (!is_drawn) {
            assert_int_equal(warning.kind, KEDGE_WARNING_NEVER_ACTIVE);
            assert_string_equal(warning.text, "set 'dark' is never drawn: its factor is 0 at every update");
        }
        kedge_lint_free(made);
    }
}

static void sets_are_told_with_their_points_and_steps(void **state)
{
    fixture *f = *state;
    kedge_lint *made;
    kedge_set_use use;
    char *text = NULL;
    const char *sets[] = {"data.sets={red: 'r == 1 && s == 1 && g == 0 && b == 0', none: v == 0, rest: 1}"};
    write_recipe(f, one_term, "STEP,lr,a,data-red::step,data-none\n0,0.5,1,0,0\n3,,,1,\n7,,,0,\n9,,,,\n");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, &(kedge_recipe_options){sets, 1}), KEDGE_OK);
    assert_int_equal(kedge_recipe_lint(&made, f->loaded), KEDGE_OK);
    assert_true(kedge_lint_set(made, 0, &use));
    assert_string_equal(use.set, "red");
    assert_true(use.points == 1 && use.first == 3 && use.last == 6);
    assert_true(kedge_lint_set(made, 1, &use));
    assert_true(use.points == 1 && use.first == -1 && use.last == -1);
    assert_false(kedge_lint_set(made, 3, &use));
    assert_false(kedge_lint_set(made, -1, &use));
    assert_int_equal(kedge_lint_print(made, &text), KEDGE_OK);
    assert_non_null(strstr(text, "active 0..9\n# set red: 1 point, drawn at 3..6\n# set none: 1 point, never drawn\n"
                                 "# set rest: 25 points, drawn at 0..9\n"));
    kedge_free(f->ctx, text);
    kedge_lint_free(made);
}

/* ---- phases ---- */

static void sheet_of_phases(char *rows, size_t size, const char *a, const char *b)
{
    snprintf(rows, size, "STEP,PHASE,lr,a\n0,%s,0.5,1\n5,%s,,\n9,,,\n", a, b);
}

static void warns_of_phases_with_a_slip_between_them(void **state)
{
    char rows[256];
    static const char *const pairs[][2] = {{"Full color space", "Full colour space"}, {"All hues", "all Hues"},
                                           {"Warm up", "Wram up"}, {"Warm up", "Warn up"}, {"hues", "hue"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        sheet_of_phases(rows, sizeof rows, pairs[i][0], pairs[i][1]);
        assert_warns(*state, one_term, rows, KEDGE_WARNING_PHASES, "are two, as their names differ");
    }
}

static void phases_that_are_counted_or_other_words_are_meant(void **state)
{
    char rows[256];
    static const char *const pairs[][2] = {{"Phase 1", "Phase 2"}, {"Phase 1", "Phase 11"}, {"Part A", "Part B"},
                                           {"Stage II", "Stage III"}, {"Warm up", "Cool down"}, {"all", "ill"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        sheet_of_phases(rows, sizeof rows, pairs[i][0], pairs[i][1]);
        assert_silent(*state, one_term, rows);
    }
}

/* ---- conflicts ---- */

static const char both[] = "STEP,lr,a,b\n0,0.5,1,0.25\n9,,,\n";

static void assert_fight(void **state, const char *terms, const char *part)
{
    assert_warns(*state, terms, both, KEDGE_WARNING_CONFLICT, part);
}

static void warns_of_an_anchor_that_an_anti_anchor_repels(void **state)
{
    assert_fight(state, "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}\n"
                        "  b: {kind: anti-anchor, at: [1, 0.2, 0]}\n",
                 "terms 'a' and 'b' fight over where samples labelled 'red' point");
    assert_silent(*state, "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}\n"
                          "  b: {kind: anti-anchor, at: [-1, 0, 0]}\n", both);
    assert_silent(*state, "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}\n"
                          "  b: {kind: anti-anchor, at: [1, 0.2, 0], labels: {blue: 1}}\n", both);
}

static void warns_of_two_anchors_of_one_label(void **state)
{
    assert_fight(state, "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1, blue: 1}}\n"
                        "  b: {kind: anchor, at: [0, 1, 0], labels: {blue: 0.5}}\n",
                 "'a' and 'b' fight over where samples labelled 'blue' point: their 'at' lie apart (cosine 0.00)");
    assert_silent(*state, "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1, blue: 0}}\n"
                          "  b: {kind: anchor, at: [0, 1, 0], labels: {blue: 0.5}}\n", both);
    assert_silent(*state, "  a: {kind: anchor, at: [1, 0, 0], labels: {blue: 1}}\n"
                          "  b: {kind: anchor, at: [1, 1, 0], labels: {blue: 1}}\n", both);
}

static void warns_of_subspaces_that_leave_nothing(void **state)
{
    assert_fight(state, "  a: {kind: anti-subspace, dims: [0, 1]}\n"
                        "  b: {kind: subspace, dims: [1], labels: {red: 1}}\n",
                 "terms 'b' and 'a' fight over the dims of samples labelled 'red'");
    assert_silent(*state, "  a: {kind: anti-subspace, dims: [0, 1]}\n"
                          "  b: {kind: subspace, dims: [1, 2], labels: {red: 1}}\n", both);
}

static void warns_of_an_anchor_in_dims_that_are_emptied(void **state)
{
    assert_fight(state, "  a: {kind: anchor, at: [1, 0.9, 0], labels: {red: 1}}\n"
                        "  b: {kind: anti-subspace, dims: [0]}\n",
                 "'at' has 55% of its squared length in dims that the other empties");
    assert_silent(*state, "  a: {kind: anchor, at: [0.9, 1, 0], labels: {red: 1}}\n"
                          "  b: {kind: anti-subspace, dims: [0]}\n", both);
}

static void warns_of_inverse_separation_with_unitarity(void **state)
{
    assert_fight(state, "  a: {kind: unitarity, site: pre-norm}\n  b: {kind: separate-inverse, site: pre-norm}\n",
                 "terms 'b' and 'a' fight over the length of all samples");
    assert_silent(*state, "  a: {kind: unitarity, site: pre-norm}\n  b: {kind: separate, site: pre-norm}\n", both);
}

static const char apart[] = "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}\n"
                            "  b: {kind: anchor, at: [0, 1, 0], labels: {red: 1}}\n";

static void terms_fight_only_where_they_meet(void **state)
{
    fixture *f = *state;
    assert_silent(f, "  a: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}\n"
                     "  b: {kind: anchor, site: pre-norm, at: [0, 1, 0], labels: {red: 1}}\n", both);
    assert_silent(f, apart, "STEP,lr,a::step,b::step\n0,0.5,1,0\n95,,0,1\n99,,,\n");
    assert_silent(f, apart, "STEP,lr,a,b\n0,0.5,1,-1\n9,,,\n");
}

static void doses_are_compared(void **state)
{
    assert_fight(state, apart, "; their doses are as 4 to 1");
    assert_warns(*state, apart, "STEP,lr,a,b\n0,0.5,0.1,0.25\n9,,,\n", KEDGE_WARNING_CONFLICT,
                 "; their doses are as 1 to 2.5");
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    write_recipe(f, apart, "STEP,lr::step,a::step,b::step\n0,0.5,1,1\n5,,0,0\n9,,,\n");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options with = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_recipe *recipe;
        kedge_lint *made = NULL;
        kedge_warning warning;
        char *text = NULL;
        with.kernels = "ref";
        assert_int_equal(kedge_context_create(&ctx, &with), KEDGE_OK);
        assert_int_equal(kedge_recipe_load(&recipe, ctx, f->folder, NULL), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_recipe_lint(&made, recipe);
        if (!status) assert_true(kedge_lint_warning(made, 2, &warning));
        if (!status) status = kedge_lint_print(made, &text);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_free(ctx, text);
        kedge_lint_free(made);
        kedge_recipe_free(recipe);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

static void names_a_term_that_never_captures(void **state)
{
    fixture *f = *state;
    static const char terms[] = "  a: {kind: captured-anchor, of: s == 0}\n  b: {kind: captured-anchor, of: r == 1}\n";
    assert_warns(f, terms, "STEP,ACTION,lr,a,b\n0,anchor:b,0.5,1,1\n9,,,,\n", KEDGE_WARNING_NEVER_ACTIVE,
                 "term 'a' is never active: no action 'anchor' captures its reference points");
    assert_silent(f, terms, "STEP,ACTION,lr,a,b\n0,anchor,0.5,1,1\n9,,,,\n");
}

static void names_the_capture_that_is_never_reached(void **state)
{
    fixture *f = *state;
    kedge_lint *made;
    kedge_warning warning;
    static const char *const cut[] = {"hold=4", "steps=4"};
    write_recipe(f, "  a: {kind: captured-anchor, of: s == 0}\n", "STEP,ACTION,lr,a\n0,,0.5,1\n5,anchor:a,,\n9,,,\n");
    for (size_t i = 0; i < 2; i++) {
        kedge_recipe_free(f->loaded);
        f->loaded = NULL;
        assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, &(kedge_recipe_options){&cut[i], 1}),
                         KEDGE_OK);
        assert_int_equal(kedge_recipe_lint(&made, f->loaded), KEDGE_OK);
        assert_true(kedge_lint_warning(made, 0, &warning));
        assert_string_equal(warning.text, "term 'a' is never active: its action 'anchor' at step 5 is never reached");
        kedge_lint_free(made);
    }
}

static void names_a_term_that_captures_too_late(void **state)
{
    fixture *f = *state;
    static const char terms[] = "  a: {kind: captured-anchor, of: s == 0}\n  b: {kind: separate}\n";
    assert_warns(f, terms, "STEP,ACTION,lr::step,a::step,b\n0,,0.5,1,1\n5,,0.001,0,\n7,anchor,,,\n9,,,,\n",
                 KEDGE_WARNING_NEVER_ACTIVE,
                 "term 'a' is never active: its weight is 0 from the capture of its reference points on");
}

/* Before its capture a term has a weight, but nothing to hold. */
static void doses_begin_at_the_capture(void **state)
{
    fixture *f = *state;
    kedge_lint *made = lint(f, "  a: {kind: captured-anchor, of: s == 0}\n",
                            "STEP,ACTION,lr,a\n0,,0.5,1\n6,anchor,,\n8,anchor,,\n9,,,\n");
    kedge_dose dose;
    assert_int_equal(kedge_lint_dose(made, 0, &dose), 1);
    assert_float_equal(dose.dose, 4 * 0.5, 1e-12);
    assert_float_equal(dose.centroid, 7.5, 1e-12);
    assert_int_equal(dose.first, 6);
    assert_int_equal(dose.last, 9);
    kedge_lint_free(made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(doses_are_sums_over_updates),
        TEST(a_term_that_is_never_active_has_no_centroid),
        TEST(names_a_term_that_never_captures),
        TEST(names_the_capture_that_is_never_reached),
        TEST(names_a_term_that_captures_too_late),
        TEST(doses_begin_at_the_capture),
        TEST(updates_past_the_sheet_count),
        TEST(printed_doses_are_comments),
        TEST(doses_of_a_sheet_that_reacts_are_those_of_the_whole),
        TEST(warns_of_protection_that_ends_while_hot),
        TEST(protection_may_end_with_the_heat),
        TEST(warns_of_all_that_hold_something),
        TEST(what_holds_nothing_may_end),
        TEST(protection_begins_at_the_capture),
        TEST(warns_of_weights_that_are_0),
        TEST(warns_of_weights_while_the_learning_rate_is_0),
        TEST(warns_of_labels_that_nobody_gets),
        TEST(warns_of_a_task_without_weight),
        TEST(warns_of_a_set_that_is_never_drawn),
        TEST(sets_are_told_with_their_points_and_steps),
        TEST(warns_of_phases_with_a_slip_between_them),
        TEST(phases_that_are_counted_or_other_words_are_meant),
        TEST(warns_of_an_anchor_that_an_anti_anchor_repels),
        TEST(warns_of_two_anchors_of_one_label),
        TEST(warns_of_subspaces_that_leave_nothing),
        TEST(warns_of_an_anchor_in_dims_that_are_emptied),
        TEST(warns_of_inverse_separation_with_unitarity),
        TEST(terms_fight_only_where_they_meet),
        TEST(doses_are_compared),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
