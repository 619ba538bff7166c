/* test_recipe_sets.c - sets of points in a recipe: what is read and printed, their factors, what mistakes are told. */
#include "run_fixture.h"

#include "failing_alloc.h"
#include "run/model.h"
#include "run/rescheduled.h"
#include "run/training.h"
#include "schedule/schedule.h"

/* A curriculum in place of the fixture's data and sheet. */
static const char curriculum[] =
    "data: {kind: rgb-grid, points: 3, batch: 8, sets: {pure: vibrancy == 1 && v == 1, "
    "half: {where: v == 1, phases: [more, all of it], moves: sampling}, rest: {where: 1, phases: [all of it]}}}";
static const char rising[] = "STEP,PHASE,lr,separate,anchor,data-half,data-rest\n"
                             "0,first,0.01,0.1,0.1,0,0.5\n10,more,,,,,\n20,all of it,,,,1,\n40,,,,,,1\n";

static void load_curriculum(fixture *f, const char *more)
{
    put(f, "schedule.csv", rising);
    if (load(f, 0, curriculum, more, NULL)) fail_msg("%s", kedge_error());
}

static void sets_are_read(void **state)
{
    fixture *f = *state;
    load_curriculum(f, "");
    const kedge_recipe *recipe = f->loaded;
    assert_int_equal(recipe->n_sets, 3);
    assert_string_equal(recipe->sets[0].name, "pure");
    assert_string_equal(recipe->sets[0].where.text, "vibrancy == 1 && v == 1");
    assert_int_equal(recipe->sets[0].phases.n, 0);
    assert_int_equal(recipe->sets[0].moves, KEDGE_MOVES_BOTH);
    assert_int_equal(recipe->sets[1].phases.n, 2);
    assert_string_equal(recipe->sets[1].phases.at[1], "all of it");
    assert_int_equal(recipe->sets[1].moves, KEDGE_MOVES_SAMPLING);
    assert_int_equal(kedge_sets_count(recipe->point_sets), 3);
    assert_int_equal(kedge_sets_points(recipe->point_sets, 0), 12); /* hues of a cube of three: 6 corners, 6 between */
}

static void what_is_printed_reads_back(void **state)
{
    fixture *f = *state;
    load_curriculum(f, "");
    char *first = strdup(kedge_recipe_text(f->loaded));
    assert_non_null(strstr(first, "  epoch: 0\n  sets:\n    pure:\n      where: \"vibrancy == 1 && v == 1\"\n"
                                  "      moves: both\n    half:\n      where: v == 1\n      phases: [more, all of it]\n"
                                  "      moves: sampling\n    rest:\n"));
    put(f, "recipe.yaml", first);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_OK);
    assert_string_equal(kedge_recipe_text(f->loaded), first);
    free(first);
}

/* A set that is written as a formula alone has the keys of one that is written as a map. */
static void sets_keys_of_a_short_set(void **state)
{
    fixture *f = *state;
    const char *const set[] = {"data.sets.rest.moves=loss"};
    load_curriculum(f, "");
    char *text = strdup(kedge_recipe_text(f->loaded));
    assert_int_equal(f->loaded->sets[2].moves, KEDGE_MOVES_BOTH);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, &(kedge_recipe_options){set, 1}), KEDGE_OK);
    assert_int_equal(f->loaded->sets[2].moves, KEDGE_MOVES_LOSS);
    assert_string_not_equal(kedge_recipe_text(f->loaded), text);
    free(text);
}

static void factors_are_the_columns_within_phases(void **state)
{
    fixture *f = *state;
    kedge_recipe_training training;
    load_curriculum(f, "hold: 30\n");
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    const kedge_training *t = &training.training;
    assert_ptr_equal(t->sets, f->loaded->point_sets);
    for (int step = 0; step < 41; step++) {
        int at = step > 30 ? 30 : step;
        const double *row = t->factors + step * 3;
        assert_true(row[0] == 1); /* no column */
        assert_true(row[1] == (at < 10 ? 0 : kedge_schedule_value(f->loaded->sheet, 3, at)));
        assert_true(row[2] == (at < 20 ? 0 : kedge_schedule_value(f->loaded->sheet, 4, at)));
    }
    assert_true(t->factors[10 * 3 + 1] > 0 && t->factors[30 * 3 + 2] > 0.5);
    kedge_recipe_training_release(&training);
}

static void constants_are_factors_too(void **state)
{
    fixture *f = *state;
    const char *set[] = {"schedule={lr: 0.01, anchor: 1, data-b: 0.25}", "steps=5", "data.sets={a: r < 0.2, b: 1}"};
    kedge_recipe_training training;
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){set, 3}), KEDGE_OK);
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    for (int step = 0; step < 5; step++) {
        assert_true(training.training.factors[2 * step] == 1);
        assert_true(training.training.factors[2 * step + 1] == 0.25);
    }
    kedge_recipe_training_release(&training);
}

static void without_sets_there_are_no_factors(void **state)
{
    fixture *f = *state;
    kedge_recipe_training training;
    load_good(f, "");
    assert_null(f->loaded->point_sets);
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    assert_null(training.training.sets);
    assert_null(training.training.factors);
    kedge_recipe_training_release(&training);
}

static void a_refill_leaves_what_was(void **state)
{
    fixture *f = *state;
    kedge_recipe_training training;
    double column[41];
    load_curriculum(f, "");
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    double before = training.training.factors[29 * 3 + 2];
    kedge_schedule *schedule = NULL;
    static const char other[] = "STEP,PHASE,lr,separate,anchor,data-rest\n0,all of it,0.01,0.1,0.1,0.25\n40,,,,,\n";
    assert_int_equal(kedge_schedule_parse(&schedule, f->ctx, "other.csv", other, strlen(other)), KEDGE_OK);
    kedge_recipe changed = *f->loaded;
    changed.sheet = schedule;
    kedge_recipe_training_refill(&training, &changed, 30, column);
    assert_true(training.training.factors[29 * 3 + 2] == before);
    for (int step = 30; step < 41; step++) {
        assert_true(training.training.factors[step * 3 + 1] == 1);
        assert_true(training.training.factors[step * 3 + 2] == 0.25);
    }
    kedge_schedule_free(schedule);
    kedge_recipe_training_release(&training);
}

/* The parameters of seed 1 after a run by so many threads. */
static void train(const fixture *f, int threads, kedge_model **model)
{
    char path[320];
    kedge_context_options options = {.kernels = "ref", .threads = threads};
    kedge_context *ctx;
    kedge_recipe *recipe;
    kedge_summary *summary;
    snprintf(path, sizeof path, "%s/%d", f->folder, threads);
    const kedge_run_options into = {.directory = path};
    assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
    assert_int_equal(kedge_recipe_load(&recipe, ctx, f->folder, NULL), KEDGE_OK);
    assert_int_equal(kedge_run(&summary, ctx, recipe, &into), KEDGE_OK);
    kedge_summary_free(summary);
    kedge_recipe_free(recipe);
    kedge_context_free(ctx);
    strcat(path, "/seed-1/model.safetensors");
    assert_int_equal(kedge_model_load(model, f->ctx, path), KEDGE_OK);
}

static void threads_make_no_difference(void **state)
{
    fixture *f = *state;
    kedge_model *one, *two;
    load_curriculum(f, "");
    train(f, 1, &one);
    train(f, 2, &two);
    assert_int_equal(one->params.size, two->params.size);
    assert_memory_equal(one->params.values, two->params.values, one->params.size * sizeof *one->params.values);
    kedge_model_free(one);
    kedge_model_free(two);
}

/* What replaces the data, the sheet, the other mistakes; the whole message. */
static const struct {
    const char *data, *sheet, *message;
} mistakes[] = {
    {"sets: [a]", NULL, "recipe.yaml:1:30: 'sets' in the recipe is a list; must be a map of names to sets"},
    {"sets: {a: [1]}", NULL, "recipe.yaml:1:34: set 'a' is a list; must be a formula that holds for its points, or a "
     "map"},
    {"sets: {9a: 1}", NULL, "recipe.yaml:1:31: '9a' is no name for a set; must be a letter, then letters, digits, '_' "
     "or '-', at most 60 in all"},
    {"sets: {a: {phases: []}}", NULL, "recipe.yaml:1:34: missing key 'where' in set 'a'; must be a number or a "
     "formula"},
    {"sets: {a: {where: 1, move: loss}}", NULL, "recipe.yaml:1:45: unknown key 'move' in set 'a'; did you mean "
     "'moves'?"},
    {"sets: {a: {where: 1, moves: los}}", NULL, "recipe.yaml:1:52: unknown moves 'los' in set 'a'; did you mean "
     "'loss'?"},
    {"sets: {a: rad > 0, b: 1}", NULL, "recipe.yaml:1:34: in \"rad > 0\": unknown name 'rad' at position 1; did "
     "you mean 'r'?"},
    {"sets: {a: 1, b: r}", NULL, "recipe.yaml:1:40: set 'b' has no point, as all that its formula holds for are in "
     "sets before it; one must be in no other"},
    {"sets: {dim: v < 0.7, all: 1}", "STEP,lr,anchor,data-dimm\n0,1,1,1\n9,,,\n",
     "schedule.csv:1:16: column 'data-dimm': unknown set 'dimm'; did you mean 'dim'?"},
    {"sets: {}", "STEP,lr,anchor,data-dim\n0,1,1,1\n9,,,\n",
     "schedule.csv:1:16: column 'data-dim': unknown set 'dim'; must be a name from 'sets', and the recipe has none"},
    {"sets: {dim: v < 0.7, all: 1}", "STEP,lr,anchor,data-dim\n0,1,1,1\n9,,,-1\n",
     "schedule.csv:3:5: 'data-dim' is -1; must be at least 0"},
    {"sets: {dim: {where: 1, phases: [last, most]}}", "STEP,PHASE,lr,anchor\n0,first,1,1\n5,most,,\n9,,,\n",
     "recipe.yaml:1:56: 'phases[0]' in set 'dim': unknown phase 'last'; did you mean 'most'?"},
    {"sets: {dim: {where: 1, phases: [last]}}", NULL,
     "recipe.yaml:1:56: 'phases[0]' in set 'dim': unknown phase 'last'; the schedule has none"},
    {"sets: {dim: {where: 1, phases: [most]}}", "STEP,PHASE,lr,anchor\n0,first,1,1\n5,most,,\n9,,,\n",
     "recipe.yaml:1:24: no point can be drawn at step 0 (phase 'first'), as every set has the factor 0; at least one "
     "must be above 0"},
    {"sets: {dim: v < 0.7, all: 1}", "STEP,lr,anchor,data-dim,data-all\n0,1,1,1,0\n5,,,0,0\n6,,,0,1\n9,,,,\n",
     "recipe.yaml:1:24: no point can be drawn at step 5, as every set has the factor 0; at least one must be above 0"},
};

static void mistakes_are_told(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char data[256];
        snprintf(data, sizeof data, "data: {kind: rgb-grid, %s}", mistakes[i].data);
        put(f, "schedule.csv", mistakes[i].sheet ? mistakes[i].sheet : sheet);
        assert_int_equal(load(f, 0, data, "", NULL), KEDGE_EINVALID);
        assert_string_equal(message(f), mistakes[i].message);
    }
}

static void constants_have_no_phases(void **state)
{
    fixture *f = *state;
    const char *set[] = {"schedule={lr: 0.01, anchor: 1}", "steps=5"};
    assert_int_equal(load(f, 0, curriculum, "", &(kedge_recipe_options){set, 2}), KEDGE_EINVALID);
    assert_string_equal(message(f),
                        "recipe.yaml:1:113: 'phases' in set 'half': the schedule is a map of constants, which has "
                        "none; leave them out\nrecipe.yaml:1:175: 'phases' in set 'rest': the schedule is a map of "
                        "constants, which has none; leave them out");
}

static void at_most_sixteen(void **state)
{
    fixture *f = *state;
    char data[512] = "data: {kind: rgb-grid, sets: {a0: 1";
    for (int i = 1; i <= KEDGE_SETS_MAX; i++) snprintf(data + strlen(data), 16, ", a%d: 1", i);
    assert_int_equal(load(f, 0, strcat(data, "}}"), "", NULL), KEDGE_EINVALID);
    assert_non_null(strstr(message(f), "17 sets are too many; must be at most 16"));
}

static void a_test_has_none(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, -1, NULL, "test: {kind: rgb-grid, sets: {a: 1}}\n", NULL), KEDGE_EINVALID);
    assert_string_equal(message(f), "recipe.yaml:9:24: key 'sets' does not apply to test; leave it out");
}

static void no_term_takes_the_name_of_a_column(void **state)
{
    fixture *f = *state;
    assert_int_equal(load(f, 4, "  data-x: {kind: separate}", "", NULL), KEDGE_EINVALID);
    assert_non_null(strstr(message(f), "recipe.yaml:5:3: no term may be called 'data-x', as columns for sets of points "
                           "begin with 'data-'; must have another name\n"));
}

static void a_changed_schedule_must_draw_something(void **state)
{
    fixture *f = *state;
    kedge_rescheduled changed;
    kedge_text text;
    load_curriculum(f, "");
    assert_int_equal(kedge_rescheduled_init(&changed, f->loaded, 0), KEDGE_OK);
    kedge_text_init(&text, f->ctx);
    kedge_text_add(&text, "STEP,PHASE,lr,separate,anchor,data-pure\n0,more,0.01,0.1,0.1,1\n4,first,,,,0\n40,,,,,0\n");
    assert_int_equal(kedge_rescheduled_sheet(&changed, &text), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "no point can be drawn at step 4 (phase 'first'), as every set has the factor "
                        "0; at least one must be above 0");
    assert_ptr_equal(changed.recipe.sheet, f->loaded->sheet);
    kedge_text_release(&text);
    kedge_rescheduled_release(&changed);
}

static void each_allocation_may_fail(void **state)
{
    fixture *f = *state;
    load_curriculum(f, "");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *own = NULL;
        kedge_recipe *recipe = NULL;
        kedge_recipe_training training = {0};
        options.kernels = "ref";
        kedge_status status = kedge_context_create(&own, &options);
        if (!status) status = kedge_recipe_load(&recipe, own, f->folder, NULL);
        if (!status) status = kedge_recipe_training_init(&training, recipe);
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        kedge_recipe_training_release(&training);
        kedge_recipe_free(recipe);
        kedge_context_free(own);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sets_are_read),
        TEST(what_is_printed_reads_back),
        TEST(sets_keys_of_a_short_set),
        TEST(factors_are_the_columns_within_phases),
        TEST(constants_are_factors_too),
        TEST(without_sets_there_are_no_factors),
        TEST(a_refill_leaves_what_was),
        TEST(threads_make_no_difference),
        TEST(mistakes_are_told),
        TEST(constants_have_no_phases),
        TEST(at_most_sixteen),
        TEST(a_test_has_none),
        TEST(no_term_takes_the_name_of_a_column),
        TEST(a_changed_schedule_must_draw_something),
        TEST(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
