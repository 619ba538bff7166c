/* test_record.c - records of a run: which steps, what stands in the files, and what a failure leaves. */
#include "run_fixture.h"

#include <math.h>

#include "format/csv.h"
#include "format/npy.h"
#include "run/record.h"
#include "run/training.h"

/* What a run recorded. */
typedef struct record {
    kedge_arena arena;
    kedge_csv metrics;
    kedge_npy latents, steps;
} record;

static void read_record(const fixture *f, const char *folder, record *r)
{
    kedge_errors errors;
    char name[128];
    kedge_errors_init(&errors);
    kedge_arena_init(&r->arena, f->ctx);
    snprintf(name, sizeof name, "%s/metrics.csv", folder);
    if (!kedge_csv_load(&r->metrics, &r->arena, in_folder(f, name), 1 << 20, &errors)) fail_msg("%s", errors.text);
    snprintf(name, sizeof name, "%s/latents.npy", folder);
    if (kedge_npy_load(&r->latents, &r->arena, in_folder(f, name), 1 << 24)) fail_msg("%s", kedge_error());
    snprintf(name, sizeof name, "%s/latents-steps.npy", folder);
    if (kedge_npy_load(&r->steps, &r->arena, in_folder(f, name), 1 << 20)) fail_msg("%s", kedge_error());
}

static void release_record(record *r)
{
    kedge_arena_release(&r->arena);
}

static double cell(const record *r, int row, const char *column)
{
    for (int j = 0; j < r->metrics.columns; j++)
        if (strcmp(r->metrics.header[j].text, column) == 0)
            return atof(r->metrics.cells[row * r->metrics.columns + j].text);
    fail_msg("no column '%s'", column);
    return NAN;
}

/* ---- which steps ---- */

static void assert_steps(int every, int n, const int *expected)
{
    int step = 0;
    for (int i = 0; i < n; i++, step = kedge_record_after(step, every)) assert_int_equal(step, expected[i]);
}

static void steps_are_dense_at_the_start(void **state)
{
    (void)state;
    static const int by_10[] = {0, 1, 2, 4, 8, 10, 20, 30, 40}, by_8[] = {0, 1, 2, 4, 8, 16, 24};
    static const int by_1[] = {0, 1, 2, 3, 4, 5}, by_2[] = {0, 1, 2, 4, 6}, by_3[] = {0, 1, 2, 3, 6, 9};
    static const int by_1000[] = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000, 2000};
    assert_steps(10, 9, by_10);
    assert_steps(8, 7, by_8);
    assert_steps(1, 6, by_1);
    assert_steps(2, 5, by_2);
    assert_steps(3, 6, by_3);
    assert_steps(1000, 13, by_1000);
}

static void metrics_and_latents_have_their_steps(void **state)
{
    fixture *f = *state;
    record r;
    static const int expected[] = {0, 1, 2, 4, 8, 16, 32, 40, 80};
    load_good(f, "");
    run_into(f, "out", 40);
    read_record(f, "out/seed-1", &r);
    assert_int_equal(r.metrics.rows, 9);
    assert_int_equal(r.steps.dims, 1);
    assert_int_equal(r.steps.shape[0], 10);
    for (int i = 0; i < 9; i++) {
        assert_true(cell(&r, i, "step") == expected[i]);
        assert_true(r.steps.values[i] == expected[i]);
    }
    assert_true(r.steps.values[9] == 101); /* the end */
    release_record(&r);
}

static void a_record_that_falls_on_the_last_step(void **state)
{
    fixture *f = *state;
    record r;
    load_good(f, "steps: 11\n");
    run_into(f, "out", 10);
    read_record(f, "out/seed-0", &r);
    assert_true(cell(&r, r.metrics.rows - 1, "step") == 10);
    assert_true(r.steps.values[r.steps.shape[0] - 1] == 11);
    release_record(&r);
}

static void a_record_longer_than_the_run(void **state)
{
    fixture *f = *state;
    record r;
    load_good(f, "steps: 3\n");
    run_into(f, "out", 1000);
    read_record(f, "out/seed-0", &r);
    assert_int_equal(r.metrics.rows, 3);
    assert_int_equal(r.latents.shape[0], 4);
    release_record(&r);
}

/* ---- what stands there ---- */

static void columns_are_named_after_the_terms(void **state)
{
    fixture *f = *state;
    size_t length;
    load_good(f, "steps: 3\n");
    run_into(f, "out", 1);
    char *text = bytes_of(f, "out/seed-0/metrics.csv", &length);
    *strchr(text, '\n') = '\0';
    assert_string_equal(text, "step,lr,weight_separate,weight_anchor,loss,recon,separate,anchor");
    free(text);
}

static void the_weight_of_the_task_is_named_where_the_schedule_does(void **state)
{
    fixture *f = *state;
    size_t length;
    record r;
    load_sheet(f, "STEP,lr,recon,separate,anchor\n0,0.01,0.5,0,0\n3,0.01,,0,0\n", "");
    run_into(f, "out", 1);
    read_record(f, "out/seed-0", &r);
    assert_true(cell(&r, 2, "weight_recon") == 0.5);
    assert_float_equal(cell(&r, 2, "loss"), 0.5 * cell(&r, 2, "recon"), 1e-8 * cell(&r, 2, "recon"));
    release_record(&r);
    char *text = bytes_of(f, "out/seed-0/metrics.csv", &length);
    *strchr(text, '\n') = '\0';
    assert_string_equal(text, "step,lr,weight_recon,weight_separate,weight_anchor,loss,recon,separate,anchor");
    free(text);
}

static void latents_have_records_points_and_dims(void **state)
{
    fixture *f = *state;
    record r;
    load_good(f, "steps: 3\n");
    run_into(f, "out", 1);
    read_record(f, "out/seed-0", &r);
    assert_int_equal(r.latents.dims, 3);
    assert_int_equal(r.latents.shape[0], 4);
    assert_int_equal(r.latents.shape[1], 27);
    assert_int_equal(r.latents.shape[2], 3);
    release_record(&r);
}

/* The loop with its numbers beside it: the same run, watched here. */
typedef struct watch {
    const record *r;
    const kedge_recipe *recipe;
    int row;
} watch;

static void assert_printed(const record *r, int row, const char *column, double value)
{
    double got = cell(r, row, column);
    if (!(fabs(got - value) <= 6e-9 * fabs(value)))
        fail_msg("row %d: '%s' is %.12g, should be %.12g", row, column, got, value);
}

static kedge_status compare_step(const kedge_step *step, void *payload)
{
    watch *w = payload;
    if (w->row >= w->r->metrics.rows || step->step != (int)cell(w->r, w->row, "step")) return KEDGE_OK;
    double loss = (double)step->values[0] + step->weights[0] * (double)step->values[1] +
                  step->weights[1] * (double)step->values[2];
    assert_printed(w->r, w->row, "lr", step->lr);
    assert_printed(w->r, w->row, "weight_separate", step->weights[0]);
    assert_printed(w->r, w->row, "weight_anchor", step->weights[1]);
    assert_printed(w->r, w->row, "recon", (double)step->values[0]);
    assert_printed(w->r, w->row, "separate", (double)step->values[1]);
    assert_printed(w->r, w->row, "anchor", (double)step->values[2]);
    assert_printed(w->r, w->row, "loss", loss);
    w->row++;
    return KEDGE_OK;
}

/* The latents of record i against those of the trainer's present parameters. */
static void compare_latents(const record *r, kedge_evaluator *evaluator, int i)
{
    kedge_evaluator_run(evaluator);
    for (int j = 0; j < 81; j++)
        assert_true((float)r->latents.values[81 * i + j] == evaluator->latents[j]);
}

static void numbers_are_those_of_the_run(void **state)
{
    fixture *f = *state;
    record r;
    kedge_recipe_training training;
    kedge_trainer *trainer;
    kedge_evaluator *evaluator;
    load_good(f, "");
    run_into(f, "out", 40);
    read_record(f, "out/seed-1", &r);
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    assert_int_equal(kedge_trainer_create(&trainer, f->ctx, &training.training), KEDGE_OK);
    kedge_status made =
        kedge_evaluator_create(&evaluator, f->ctx, &f->loaded->model, &trainer->params, f->loaded->dataset, NULL,
                               NULL);
    assert_int_equal(made, KEDGE_OK);
    watch w = {.r = &r, .recipe = f->loaded};
    kedge_train_events events = {.step = compare_step, .payload = &w};
    assert_int_equal(kedge_trainer_run(trainer, 1, &events), KEDGE_OK);
    assert_int_equal(w.row, r.metrics.rows);
    compare_latents(&r, evaluator, 9); /* the end */
    training.training.steps = 32;
    assert_int_equal(kedge_trainer_run(trainer, 1, NULL), KEDGE_OK);
    compare_latents(&r, evaluator, 6); /* before step 32 */
    kedge_params_draw(&trainer->params, 1);
    compare_latents(&r, evaluator, 0); /* the initial weights */
    kedge_evaluator_free(evaluator);
    kedge_trainer_free(trainer);
    kedge_recipe_training_release(&training);
    release_record(&r);
}

static void a_weight_of_zero_has_no_value(void **state)
{
    fixture *f = *state;
    size_t length;
    load_sheet(f, "STEP,PHASE,ACTION,lr,separate:linear:step,anchor\n0,,,0.01,0.5,0\n1,,,,0,\n", "");
    run_into(f, "out", 1);
    char *text = bytes_of(f, "out/seed-0/metrics.csv", &length);
    char *first = strchr(text, '\n') + 1, *second = strchr(first, '\n') + 1;
    second[-1] = '\0';
    assert_int_equal(first[strlen(first) - 1], ','); /* anchor */
    assert_true(strstr(second, "\n") && strcmp(strchr(second, '\n') - 2, ",,\n") == 0); /* both */
    assert_int_equal(strncmp(second, "1,0.01,0,0,", 11), 0);
    free(text);
}

static void so_has_a_term_without_a_label(void **state)
{
    fixture *f = *state;
    size_t length;
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, anchor: 0.5, labels.red: 0}\nsteps: 2", "", NULL), KEDGE_OK);
    run_into(f, "out", 1);
    char *text = bytes_of(f, "out/seed-0/metrics.csv", &length);
    char *first = strstr(text, "\n0,"), *second = strstr(text, "\n1,");
    assert_true(first && second);
    assert_int_equal(strncmp(first + 1, "0,0.01,1,0.5,", 13), 0);
    assert_int_equal(second[-1], ',');
    free(text);
}

static void recording_changes_no_model(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_into(f, "out", 1);
    run_into(f, "plain", 0);
    assert_true(same_file(f, "out/seed-1/model.safetensors", "plain/seed-1/model.safetensors"));
}

/* ---- the ledger ---- */

static void ledger_has_parts_and_pairs(void **state)
{
    fixture *f = *state;
    size_t length;
    load_good(f, "steps: 3\n");
    run_into(f, "out", 1);
    char *text = bytes_of(f, "out/seed-0/ledger.csv", &length);
    *strchr(text, '\n') = '\0';
    assert_string_equal(text, "step,norm_task,norm_separate,norm_anchor,pull_anchor,cos_task_separate,cos_task_anchor,"
                              "cos_separate_anchor,shared_task_anchor,ratio_task_anchor,shared_separate_anchor,"
                              "ratio_separate_anchor");
    free(text);
}

/* Beside a run that is watched here. */
typedef struct ledger_watch {
    kedge_ledger *ledger;
    kedge_text text;
} ledger_watch;

static kedge_status add_line(const kedge_step *step, void *payload)
{
    ledger_watch *w = payload;
    kedge_ledger_take(w->ledger, step);
    kedge_ledger_add_line(&w->text, w->ledger, step->step);
    return KEDGE_OK;
}

static void ledger_is_that_of_the_run(void **state)
{
    fixture *f = *state;
    kedge_recipe_training training;
    kedge_trainer *trainer;
    size_t length;
    load_good(f, "steps: 7\n");
    run_into(f, "out", 1);
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    assert_int_equal(kedge_trainer_create(&trainer, f->ctx, &training.training), KEDGE_OK);
    ledger_watch w;
    kedge_text_init(&w.text, f->ctx);
    kedge_ledger_add_header(&w.text, &training.training);
    kedge_train_events events = {.step = add_line, .payload = &w};
    assert_int_equal(kedge_ledger_create(&w.ledger, trainer), KEDGE_OK);
    assert_int_equal(kedge_trainer_run(trainer, 1, &events), KEDGE_OK);
    char *text = bytes_of(f, "out/seed-1/ledger.csv", &length);
    assert_string_equal(text, kedge_text_string(&w.text));
    free(text);
    kedge_text_release(&w.text);
    kedge_ledger_free(w.ledger);
    kedge_trainer_free(trainer);
    kedge_recipe_training_release(&training);
}

/* ---- failures ---- */

static void a_failed_run_keeps_what_was_before(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    record r;
    load_sheet(f, exploding, "");
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .record = 1}, &summary), KEDGE_OK);
    assert_int_equal(kedge_summary_failures(summary), 2);
    kedge_summary_free(summary);
    assert_string_equal(listing(f, "out/seed-0"), "latents-steps.npy\nlatents.npy\nledger.csv\nmetrics.csv\n");
    read_record(f, "out/seed-0", &r); /* npy files whose headers lie are refused */
    assert_int_equal(r.metrics.rows, 6);
    assert_int_equal(r.steps.shape[0], 6);
    assert_int_equal(r.latents.shape[0], 6);
    assert_true(r.steps.values[5] == 5);
    release_record(&r);
}

static void a_failed_run_is_as_before_up_to_there(void **state)
{
    fixture *f = *state;
    record r, full;
    load_sheet(f, exploding, "");
    kedge_summary *summary;
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .record = 1}, &summary), KEDGE_OK);
    kedge_summary_free(summary);
    load_sheet(f, exploding, "steps: 5\n");
    run_into(f, "short", 1);
    read_record(f, "out/seed-0", &r);
    read_record(f, "short/seed-0", &full);
    assert_memory_equal(r.latents.values, full.latents.values, 6 * 81 * sizeof(double));
    release_record(&r);
    release_record(&full);
}

static kedge_recorder recorder;

static void open_and(fixture *f, kedge_status (*then)(void))
{
    kedge_recipe_training training;
    kedge_trainer *trainer;
    kedge_evaluator *evaluator;
    load_good(f, "");
    assert_int_equal(kedge_make_directory(in_folder(f, "out")), KEDGE_OK);
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    assert_int_equal(kedge_trainer_create(&trainer, f->ctx, &training.training), KEDGE_OK);
    kedge_status made =
        kedge_evaluator_create(&evaluator, f->ctx, &f->loaded->model, &trainer->params, f->loaded->dataset, NULL,
                               NULL);
    assert_int_equal(made, KEDGE_OK);
    kedge_params_draw(&trainer->params, 1);
    kedge_ledger *ledger;
    assert_int_equal(kedge_ledger_create(&ledger, trainer), KEDGE_OK);
    kedge_status status = kedge_recorder_open(&recorder, f->ctx, in_folder(f, "out"), ledger, evaluator, 7, false);
    if (!status) status = then();
    kedge_recorder_abort(&recorder);
    kedge_recorder_abort(&recorder); /* does nothing */
    kedge_evaluator_free(evaluator);
    kedge_ledger_free(ledger);
    kedge_trainer_free(trainer);
    kedge_recipe_training_release(&training);
    if (status) assert_int_equal(status, KEDGE_EIO);
}

static kedge_status nothing(void)
{
    return KEDGE_OK;
}

static kedge_status commit(void)
{
    return kedge_recorder_commit(&recorder, true);
}

static void an_aborted_record_leaves_nothing(void **state)
{
    fixture *f = *state;
    open_and(f, nothing);
    assert_string_equal(listing(f, "out"), "");
}

static void a_record_of_the_end_alone(void **state)
{
    fixture *f = *state;
    record r;
    open_and(f, commit);
    read_record(f, "out", &r);
    assert_int_equal(r.metrics.rows, 0);
    assert_int_equal(r.latents.shape[0], 1);
    assert_true(r.steps.values[0] == 101);
    release_record(&r);
}

static void a_file_that_cannot_be_written_leaves_no_other_half(void **state)
{
    fixture *f = *state;
    assert_int_equal(kedge_make_directory(in_folder(f, "out/latents.npy")), KEDGE_OK);
    open_and(f, commit);
    assert_string_equal(message(f), "out/latents.npy: cannot write: a directory is in the way");
    assert_string_equal(listing(f, "out"), "latents.npy/\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(steps_are_dense_at_the_start),
        TEST(metrics_and_latents_have_their_steps),
        TEST(a_record_that_falls_on_the_last_step),
        TEST(a_record_longer_than_the_run),
        TEST(columns_are_named_after_the_terms),
        TEST(the_weight_of_the_task_is_named_where_the_schedule_does),
        TEST(latents_have_records_points_and_dims),
        TEST(numbers_are_those_of_the_run),
        TEST(a_weight_of_zero_has_no_value),
        TEST(so_has_a_term_without_a_label),
        TEST(recording_changes_no_model),
        TEST(ledger_has_parts_and_pairs),
        TEST(ledger_is_that_of_the_run),
        TEST(a_failed_run_keeps_what_was_before),
        TEST(a_failed_run_is_as_before_up_to_there),
        TEST(an_aborted_record_leaves_nothing),
        TEST(a_record_of_the_end_alone),
        TEST(a_file_that_cannot_be_written_leaves_no_other_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
