/* test_replay.c - a run once more: its losses, its states, its end. */
#include "../run/run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "show/replay.h"

static kedge_replay *replay_of(fixture *f, int stride)
{
    kedge_replay *replay = NULL;
    if (kedge_replay_create(&replay, f->ctx, f->loaded, 1, stride, NULL)) fail_msg("%s", kedge_error());
    return replay;
}

static void records_stand_stride_apart_and_at_the_end(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_replay *replay = replay_of(f, 40);
    static const int want[] = {0, 40, 80, 101};
    assert_int_equal(replay->n_records, 4);
    for (int i = 0; i < 4; i++) assert_int_equal(replay->at[i], want[i]);
    kedge_replay_free(replay);
}

static void every_stride_ends_alike(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_replay *fine = replay_of(f, 1), *coarse = replay_of(f, 1000);
    size_t n = fine->n_parameters;
    assert_int_equal(fine->n_records, 102);
    assert_int_equal(coarse->n_records, 2);
    assert_memory_equal(fine->parameters + 101 * n, coarse->parameters + n, n * sizeof(float));
    kedge_replay_free(fine);
    kedge_replay_free(coarse);
}

/* The recorder writes the same losses. */
static void losses_are_those_of_the_record(void **state)
{
    fixture *f = *state;
    size_t length;
    load_good(f, "");
    run_into(f, "out", 50);
    kedge_replay *replay = replay_of(f, 0);
    char *text = bytes_of(f, "out/seed-1/metrics.csv", &length), *row = strstr(text, "\n50,");
    assert_non_null(row);
    double lr, separate, anchor, loss, recon;
    assert_int_equal(sscanf(row, "\n50,%lf,%lf,%lf,%lf,%lf", &lr, &separate, &anchor, &loss, &recon), 5);
    assert_float_equal(replay->losses[50 * (replay->n_terms + 1)], recon, 1e-6 * recon);
    assert_float_equal(replay->lr[50], lr, 1e-9);
    free(text);
    kedge_replay_free(replay);
}

static void seeking_shows_the_state_of_then(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_replay *replay = replay_of(f, 1);
    size_t bytes = (size_t)replay->evaluator->dataset->points * (size_t)replay->evaluator->n_latents * sizeof(float);
    float *end = malloc(bytes);
    assert_non_null(end);
    memcpy(end, replay->evaluator->latents, bytes);
    kedge_replay_seek(replay, 0);
    assert_memory_not_equal(end, replay->evaluator->latents, bytes);
    kedge_replay_seek(replay, replay->n_records - 1);
    assert_memory_equal(end, replay->evaluator->latents, bytes);
    free(end);
    kedge_replay_free(replay);
}

static void finds_the_record_before_a_step(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_replay *replay = replay_of(f, 40);
    assert_int_equal(kedge_replay_find(replay, 0), 0);
    assert_int_equal(kedge_replay_find(replay, 39), 0);
    assert_int_equal(kedge_replay_find(replay, 40), 1);
    assert_int_equal(kedge_replay_find(replay, 5000), 3);
    kedge_replay_free(replay);
}

static void a_run_that_fails_has_a_history_up_to_there(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, "");
    kedge_replay *replay = replay_of(f, 1);
    assert_in_range(replay->n_records, 5, 8);
    assert_int_not_equal(replay->at[replay->n_records - 1], replay->steps);
    assert_true(isnan(replay->losses[(size_t)(replay->n_terms + 1) * 15]));
    kedge_replay_free(replay);
}

/* A row of the schedule comes early, in the replay as in the run: the same parameters, and its own time. */
static void rows_that_came_early_do_so_again(void **state)
{
    fixture *f = *state;
    kedge_model *model;
    kedge_replay *replay;
    load_sheet(f, "STEP,PHASE,UNTIL,lr,separate,anchor\n0,,,0.01,0.1,0.1\n80,Late,recon_mse < 1 / 10,0.02,0.1,0.2\n"
               "100,,,0.001,0,0\n", "");
    run_into(f, "out", 0);
    if (kedge_model_load(&model, f->ctx, in_folder(f, "out/seed-1/model.safetensors"))) fail_msg("%s", kedge_error());
    assert_string_equal(kedge_model_metadata(model, "advances"), "0>80/10");
    assert_int_equal(kedge_replay_create(&replay, f->ctx, f->loaded, 1, 20, &model->params), KEDGE_OK);
    assert_true(replay->exact && kedge_replay_whole(replay));
    assert_int_equal(replay->steps, 31);
    assert_true(replay->lr[10] == 0.02 && replay->lr[30] == 0.001);
    kedge_replay_free(replay);
    kedge_model_free(model);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_replay *replay = NULL;
        memory.fail_at = 0;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_replay_create(&replay, ctx, f->loaded, 0, 10, NULL);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_replay_free(replay);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_stand_stride_apart_and_at_the_end),
        TEST(every_stride_ends_alike),
        TEST(losses_are_those_of_the_record),
        TEST(seeking_shows_the_state_of_then),
        TEST(finds_the_record_before_a_step),
        TEST(a_run_that_fails_has_a_history_up_to_there),
        TEST(rows_that_came_early_do_so_again),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
