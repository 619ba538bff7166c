/* test_gates.c - rows that come early in a run, and what is kept of that. */
#include "run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "run/trained.h"
#include "schedule/schedule.h"

/* The condition holds at once: 10 updates later the schedule is at step 80, 70 updates early. */
static const char early[] = "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n80,recon_mse < 1 / 10,0.02,0.1,0.2\n"
                            "100,,0.001,0,0\n";
static const char never[] = "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n80,recon_mse < 0 / 10,0.02,0.1,0.2\n"
                            "100,,0.001,0,0\n";
static const char plain[] = "STEP,lr,separate,anchor\n0,0.01,0.1,0.1\n80,0.02,0.1,0.2\n100,0.001,0,0\n";
static const char twice[] = "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n40,recon_mse < 1 / 10,0.02,0.1,0.2\n"
                            "45,,,,\n80,anchor_anchor < 3 / 5,0.01,0.1,0.2\n100,,0.001,0,0\n";

typedef struct made {
    kedge_recipe_training training;
    kedge_worker *worker;
} made;

static kedge_worker *open(fixture *f, made *m, bool control)
{
    assert_int_equal(kedge_recipe_training_init(&m->training, f->loaded), KEDGE_OK);
    if (kedge_worker_create(&m->worker, f->ctx, f->loaded, &m->training.training, control))
        fail_msg("%s", kedge_error());
    return m->worker;
}

static void done(made *m)
{
    kedge_worker_free(m->worker);
    kedge_recipe_training_release(&m->training);
}

static void train(kedge_worker *worker, uint64_t seed)
{
    if (kedge_worker_train(worker, seed, seed, NULL)) fail_msg("%s", kedge_error());
}

static void assert_text(kedge_worker *worker, const char *expected)
{
    kedge_arena arena;
    kedge_arena_init(&arena, worker->ctx);
    assert_string_equal(kedge_gates_text(worker->gates, &arena), expected);
    kedge_arena_release(&arena);
}

static void assert_same_params(const kedge_params *a, const kedge_params *b)
{
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->values, b->values, a->size * sizeof *a->values);
}

/* ---- one run ---- */

static void a_row_comes_early(void **state)
{
    fixture *f = *state;
    made m;
    load_sheet(f, early, "");
    kedge_worker *worker = open(f, &m, false);
    train(worker, 0);
    assert_text(worker, "0>80/10");
    assert_int_equal(worker->trainer->training->steps, 31);
    assert_int_equal(worker->assessment->updates, 31);
    assert_int_equal(m.training.training.steps, 101); /* what all workers share is as it was */
    done(&m);
}

static void all_columns_are_read_at_the_runs_time(void **state)
{
    fixture *f = *state;
    made m;
    double values[101];
    load_sheet(f, early, "");
    kedge_worker *worker = open(f, &m, false);
    train(worker, 0);
    const kedge_training *t = worker->trainer->training;
    static const kedge_advance way = {0, 80, 10};
    for (int column = 0; column < 3; column++) {
        for (int k = 0; k < 31; k++) values[k] = kedge_advance_time(&way, 1, k);
        kedge_schedule_fill(f->loaded->sheet, column, 31, values, values);
        for (int k = 0; k < 31; k++)
            assert_true(values[k] == (column == 0 ? t->lr[k] : t->weights[2 * k + column - 1]));
    }
    assert_true(t->lr[0] == 0.01 && t->lr[10] == 0.02 && t->lr[30] == 0.001);
    done(&m);
}

static void rows_come_early_one_after_the_other(void **state)
{
    fixture *f = *state;
    made m;
    load_sheet(f, twice, "");
    kedge_worker *worker = open(f, &m, false);
    train(worker, 0);
    assert_text(worker, "0>40/10;15>80/5"); /* step 45, from which on the second is watched, is update 15 */
    assert_int_equal(worker->trainer->training->steps, 101 - 30 - 30);
    done(&m);
}

static kedge_status note_snapshot(int step, void *payload)
{
    char *text = payload;
    snprintf(text + strlen(text), 64 - strlen(text), "%d ", step);
    return KEDGE_OK;
}

static void actions_fire_by_the_runs_time(void **state)
{
    fixture *f = *state;
    made m;
    load_sheet(f, "STEP,ACTION,UNTIL,lr,separate,anchor\n0,snapshot,,0.01,0.1,0.1\n40,snapshot,,,,\n41,snapshot,,,,\n"
               "60,snapshot,,,,\n90,snapshot,recon_mse < 1 / 5,0.02,0.1,0.2\n100,snapshot,,0.001,0,0\n", "");
    kedge_worker *worker = open(f, &m, false);
    for (int i = 0; i < 2; i++) { /* the second run begins as the first */
        char steps[64] = "";
        const kedge_train_events events = {.snapshot = note_snapshot, .payload = steps};
        assert_int_equal(kedge_worker_train(worker, 0, 0, &events), KEDGE_OK);
        assert_text(worker, "60>90/5");
        assert_string_equal(steps, "0 40 41 60 65 75 ");
    }
    done(&m);
}

static void actions_that_a_jump_comes_to_fire_at_once(void **state)
{
    fixture *f = *state;
    made m;
    char steps[64] = "";
    load_sheet(f, "STEP,ACTION,UNTIL,lr,separate,anchor\n0,,,0.01,0.1,0.1\n80,snapshot,recon_mse < 1 / 0,0.02,0.1,0.2\n"
               "100,\"snapshot,reset-optimizer\",,0.001,0,0\n", "");
    kedge_worker *worker = open(f, &m, false);
    const kedge_train_events events = {.snapshot = note_snapshot, .payload = steps};
    assert_int_equal(kedge_worker_train(worker, 0, 0, &events), KEDGE_OK);
    assert_string_equal(steps, "0 20 ");
    assert_int_equal(worker->trainer->training->steps, 21);
    done(&m);
}

/* The values that a run has every tenth step decide when: the first below the bound. */
typedef struct noted {
    kedge_worker *worker;
    double values[11];
} noted;

static kedge_status note(int step, void *payload)
{
    noted *n = payload;
    if (step % 10 == 0) n->values[step / 10] = kedge_meter_measure(n->worker->gates->meter, 0);
    return KEDGE_OK;
}

static void the_first_measurement_that_meets_it_decides(void **state)
{
    fixture *f = *state;
    made m;
    noted n;
    char text[512];
    load_sheet(f, never, "");
    n.worker = open(f, &m, false);
    const kedge_train_events events = {.begin = note, .payload = &n};
    assert_int_equal(kedge_worker_train(n.worker, 0, 0, &events), KEDGE_OK);
    done(&m);
    int at = 1;
    while (at < 5 && !(n.values[at] < n.values[0])) at++;
    double bound = nextafter(n.values[at], 1);
    assert_true(at < 5 && bound <= n.values[0]);
    snprintf(text, sizeof text, "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n"
             "80,recon_mse < %.17g / 10,0.02,0.1,0.2\n100,,0.001,0,0\n", bound);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    load_sheet(f, text, "");
    kedge_worker *worker = open(f, &m, false);
    train(worker, 0);
    assert_int_equal(worker->gates->n_advances, 1);
    assert_int_equal(worker->gates->advances[0].at, 10 * at);
    done(&m);
}

static void what_never_holds_changes_nothing(void **state)
{
    fixture *f = *state;
    made m, other;
    load_sheet(f, never, "");
    kedge_worker *worker = open(f, &m, false);
    train(worker, 3);
    assert_text(worker, "");
    kedge_recipe *with = f->loaded;
    f->loaded = NULL;
    load_sheet(f, plain, "");
    kedge_worker *without = open(f, &other, false);
    assert_null(without->gates);
    train(without, 3);
    assert_same_params(&worker->trainer->params, &without->trainer->params);
    done(&m);
    done(&other);
    kedge_recipe_free(with);
}

/* A run leaves nothing behind for the next. */
static void runs_do_not_depend_on_those_before(void **state)
{
    fixture *f = *state;
    made m, fresh;
    load_sheet(f, twice, "");
    kedge_worker *worker = open(f, &m, false), *other = open(f, &fresh, false);
    train(worker, 0);
    train(worker, 5);
    train(other, 5);
    assert_same_params(&worker->trainer->params, &other->trainer->params);
    done(&m);
    done(&fresh);
}

static void assert_not_watched(fixture *f, const char *more)
{
    made m;
    load_sheet(f, early, more);
    kedge_worker *worker = open(f, &m, false);
    train(worker, 0);
    assert_text(worker, "");
    done(&m);
}

static void a_row_behind_the_end_is_not_watched(void **state)
{
    assert_not_watched(*state, "steps: 80\n");
}

static void a_row_behind_the_hold_is_not_watched(void **state)
{
    assert_not_watched(*state, "hold: 79\n");
}

/* The schedule stands still at step 90, and the run is as much shorter. */
static void a_hold_stands_on_the_schedules_time(void **state)
{
    fixture *f = *state;
    made m;
    load_sheet(f, early, "hold: 90\n");
    kedge_worker *worker = open(f, &m, false);
    train(worker, 0);
    const kedge_training *t = worker->trainer->training;
    assert_int_equal(t->steps, 31);
    assert_true(t->lr[19] != t->lr[20]);
    for (int k = 20; k < 31; k++) assert_true(t->lr[k] == kedge_schedule_value(f->loaded->sheet, 0, 90));
    done(&m);
}

/* ---- what is kept ---- */

static void reading_back_makes_the_same_tables(void **state)
{
    fixture *f = *state;
    made m, other;
    load_sheet(f, twice, "");
    kedge_worker *worker = open(f, &m, false), *reader = open(f, &other, false);
    train(worker, 0);
    assert_true(kedge_gates_read(reader->gates, "0>40/10;15>80/5"));
    const kedge_training *a = worker->trainer->training, *b = reader->trainer->training;
    assert_int_equal(a->steps, b->steps);
    assert_memory_equal(a->lr, b->lr, (size_t)a->steps * sizeof *a->lr);
    assert_memory_equal(a->weights, b->weights, 2 * (size_t)a->steps * sizeof *a->weights);
    done(&m);
    done(&other);
}

static void texts_of_other_runs_are_refused(void **state)
{
    static const char *const wrong[] = {"x", "0", "0>40", "0>40/10;", "0>40/11", "0>41/10", "3>40/10", "30>40/10",
                                        "-10>40/10", "990>40/10", "0>40/10;16>80/5", "0>40/10;15>80/5;15>80/5",
                                        "0>80/5", "0>40/10 ", "0>40/10;99999999999999999999>80/5"};
    fixture *f = *state;
    made m;
    load_sheet(f, twice, "");
    kedge_worker *worker = open(f, &m, false);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (kedge_gates_read(worker->gates, wrong[i])) fail_msg("'%s' was read", wrong[i]);
        assert_int_equal(kedge_recipe_updates(f->loaded, wrong[i]), -1);
        assert_text(worker, "");
        assert_int_equal(worker->trainer->training->steps, 101);
        assert_true(worker->trainer->training->lr[40] == 0.02);
    }
    assert_true(kedge_gates_read(worker->gates, NULL));
    assert_true(kedge_gates_read(worker->gates, "55>80/5")); /* the first never held */
    done(&m);
}

static void updates_follow_from_what_came_early(void **state)
{
    fixture *f = *state;
    load_sheet(f, twice, "");
    assert_int_equal(kedge_recipe_updates(f->loaded, "0>40/10;15>80/5"), 101 - 30 - 30);
    assert_int_equal(kedge_recipe_updates(f->loaded, "55>80/5"), 101 - 20);
    assert_int_equal(kedge_recipe_updates(f->loaded, NULL), 101);
}

/* What a file does not tell is not known: one that no run wrote, and a snapshot, behind which more may come early. */
static void updates_of_other_files_are_not_known(void **state)
{
    fixture *f = *state;
    made m;
    load_sheet(f, twice, "");
    kedge_worker *worker = open(f, &m, false);
    kedge_st_pair pairs[] = {{"seed", "0"}, {"advances", "0>40/10"}, {"step", "20"}};
    kedge_st file = {.metadata = pairs, .n_metadata = 2};
    kedge_assessment_recall(worker->assessment, &file);
    assert_true(worker->assessment->updates == 71);
    file.n_metadata = 3;
    kedge_assessment_recall(worker->assessment, &file);
    assert_true(isnan(worker->assessment->updates));
    file.n_metadata = 0;
    kedge_assessment_recall(worker->assessment, &file);
    assert_true(isnan(worker->assessment->updates));
    pairs[1].value = "1>40/10";
    file.n_metadata = 2;
    kedge_assessment_recall(worker->assessment, &file);
    assert_true(isnan(worker->assessment->updates));
    done(&m);
}

static void the_model_names_its_advances(void **state)
{
    fixture *f = *state;
    made m;
    kedge_model *model;
    load_sheet(f, twice, "");
    kedge_worker *worker = open(f, &m, false);
    train(worker, 1);
    assert_int_equal(kedge_trained_model(&model, worker, 1), KEDGE_OK);
    assert_string_equal(kedge_model_metadata(model, "advances"), "0>40/10;15>80/5");
    kedge_model_free(model);
    done(&m);
}

/* ---- directories ---- */

static double value_of(const kedge_summary *summary, long long row, const char *name)
{
    for (int i = 0; i < kedge_summary_columns(summary); i++)
        if (strcmp(kedge_summary_name(summary, i), name) == 0) return kedge_summary_value(summary, row, i);
    fail_msg("no column '%s'", name);
    return NAN;
}

static void the_summary_counts_updates(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    load_sheet(f, early, "");
    assert_int_equal(run(f, (kedge_run_options){0}, &summary), KEDGE_OK);
    assert_true(value_of(summary, 0, "updates") == 31 && value_of(summary, 1, "updates") == 31);
    kedge_summary_free(summary);
}

static void same_bytes_for_any_number_of_threads(void **state)
{
    fixture *f = *state;
    load_sheet(f, twice, "");
    run_into(f, "one", 10);
    f->ctx->threads = 4;
    run_into(f, "four", 10);
    assert_same_tree(f, "one", "four");
}

static void run_with_control(fixture *f, const char *directory)
{
    kedge_summary *summary = NULL;
    if (run(f, (kedge_run_options){.directory = directory, .control = true}, &summary)) fail_msg("%s", kedge_error());
    kedge_summary_free(summary);
}

/* Seeds that are not trained again have the same rows: number of updates, and control. */
static void going_on_makes_the_same_summary(void **state)
{
    fixture *f = *state;
    load_sheet(f, twice, "");
    run_with_control(f, "whole");
    run_into(f, "out", 0);
    run_with_control(f, "out");
    assert_same_tree(f, "whole", "out");
}

static void the_control_learns_as_the_run_did(void **state)
{
    fixture *f = *state;
    made m;
    load_sheet(f, early, "");
    kedge_worker *worker = open(f, &m, true);
    train(worker, 0);
    assert_int_equal(kedge_worker_train_control(worker, 0, 0, NULL), KEDGE_OK);
    assert_int_equal(worker->plain.steps, 31);
    assert_true(worker->plain.lr == worker->trainer->training->lr);
    done(&m);
}

/* ---- mistakes ---- */

static void assert_metric_refused(fixture *f, const char *metric, const char *why)
{
    char text[512], message[512];
    snprintf(text, sizeof text, "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n80,%s < 1 / 10,0.02,0.1,0.2\n",
             metric);
    snprintf(message, sizeof message, "%s:3:4: %s", f->sheet, why);
    put(f, "schedule.csv", text);
    assert_int_equal(load(f, -1, NULL, "", NULL), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), message);
}

#define THERE_ARE \
    "; must be 'recon_mse', 'anchor_anchor', 'wheel_ordered', 'wheel_worst_gap', 'wheel_radius' or 'red_cos'"

static void metrics_that_are_none_are_refused(void **state)
{
    assert_metric_refused(*state, "recon_msa", "unknown metric 'recon_msa'; did you mean 'recon_mse'?");
    assert_metric_refused(*state, "anchor_separate", "no such metric in this recipe: 'anchor_separate'" THERE_ARE);
    assert_metric_refused(*state, "verdict_step", "not measured in the midst of a run: 'verdict_step'" THERE_ARE);
}

static void without_colours_there_is_no_wheel(void **state)
{
    fixture *f = *state;
    put(f, "points.csv", "a,b,c\n0,0,1\n1,0,0\n0,1,1\n");
    put(f, "schedule.csv", "STEP,UNTIL,lr,separate\n0,,0.01,0.1\n80,red_cos > 0,0.02,0.1\n");
    put(f, "recipe.yaml", "data: {kind: csv, file: points.csv, features: [a, b, c], batch: 2}\n"
        "model: {kind: autoencoder, hidden: [4], bottleneck: 2}\nterms:\n  separate: {kind: separate}\n"
        "schedule: schedule.csv\n");
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "schedule.csv:3:4: no such metric in this recipe: 'red_cos'; must be "
                           "'recon_mse'"));
}

static void loading_survives_every_failed_allocation(void **state)
{
    fixture *f = *state;
    load_sheet(f, twice, "");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_recipe *recipe = NULL;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_recipe_load(&recipe, ctx, f->folder, NULL);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_recipe_free(recipe);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_comes_early),
        TEST(all_columns_are_read_at_the_runs_time),
        TEST(rows_come_early_one_after_the_other),
        TEST(actions_fire_by_the_runs_time),
        TEST(actions_that_a_jump_comes_to_fire_at_once),
        TEST(the_first_measurement_that_meets_it_decides),
        TEST(what_never_holds_changes_nothing),
        TEST(runs_do_not_depend_on_those_before),
        TEST(a_row_behind_the_end_is_not_watched),
        TEST(a_row_behind_the_hold_is_not_watched),
        TEST(a_hold_stands_on_the_schedules_time),
        TEST(reading_back_makes_the_same_tables),
        TEST(texts_of_other_runs_are_refused),
        TEST(updates_follow_from_what_came_early),
        TEST(updates_of_other_files_are_not_known),
        TEST(the_model_names_its_advances),
        TEST(the_summary_counts_updates),
        TEST(same_bytes_for_any_number_of_threads),
        TEST(going_on_makes_the_same_summary),
        TEST(the_control_learns_as_the_run_did),
        TEST(metrics_that_are_none_are_refused),
        TEST(without_colours_there_is_no_wheel),
        TEST(loading_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("run/gates", tests, NULL, NULL);
}
