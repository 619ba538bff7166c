/* Snapshots of runs: which files they are, and that they are the run's models on its way. */
#include "run_fixture.h"

#include "run/model.h"

static const char with_snapshots[] =
    "STEP,ACTION,lr,separate,anchor\n0,,0.01,0.1,0.1\n30,snapshot,,,\n60,snapshot,,,\n100,,0.001,0,0\n";

static kedge_model *model_of(const fixture *f, const char *path)
{
    kedge_model *model = NULL;
    if (kedge_model_load(&model, f->ctx, in_folder(f, path))) fail_msg("%s", kedge_error());
    return model;
}

static void snapshots_lie_beside_the_model(void **state)
{
    fixture *f = *state;
    load_sheet(f, with_snapshots, "");
    run_into(f, "out", 0);
    assert_string_equal(listing(f, "out/seed-1"),
                        "model.safetensors\nsnapshot-30.safetensors\nsnapshot-60.safetensors\n");
    kedge_model *model = model_of(f, "out/seed-1/snapshot-30.safetensors");
    assert_string_equal(kedge_model_metadata(model, "step"), "30");
    assert_string_equal(kedge_model_metadata(model, "seed"), "1");
    assert_string_equal(kedge_model_metadata(model, "schedule"), with_snapshots);
    assert_non_null(kedge_model_metadata(model, "labels.red"));
    assert_null(kedge_model_metadata(model, "trajectory")); /* which is that of a whole run */
    kedge_model_free(model);
    model = model_of(f, "out/seed-1/model.safetensors");
    assert_null(kedge_model_metadata(model, "step"));
    kedge_model_free(model);
}

static void a_snapshot_is_the_model_of_a_shorter_run(void **state)
{
    fixture *f = *state;
    load_sheet(f, with_snapshots, "");
    run_into(f, "out", 0);
    load_sheet(f, with_snapshots, "steps: 30\n");
    run_into(f, "short", 0);
    kedge_model *snapshot = model_of(f, "out/seed-1/snapshot-30.safetensors");
    kedge_model *model = model_of(f, "short/seed-1/model.safetensors");
    assert_int_equal(snapshot->params.size, model->params.size);
    assert_memory_equal(snapshot->params.values, model->params.values, model->params.size * sizeof(float));
    kedge_model_free(snapshot);
    kedge_model_free(model);
}

static void snapshots_change_nothing_else(void **state)
{
    fixture *f = *state;
    load_sheet(f, with_snapshots, "");
    run_into(f, "out", 0);
    load_sheet(f, "STEP,lr,separate,anchor\n0,0.01,0.1,0.1\n100,0.001,0,0\n", "");
    run_into(f, "plain", 0);
    assert_true(same_file(f, "out/summary.csv", "plain/summary.csv"));
}

static void snapshots_need_a_directory(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    load_sheet(f, with_snapshots, "");
    assert_int_equal(run(f, (kedge_run_options){0}, &summary), KEDGE_OK);
    kedge_summary_free(summary);
    assert_string_equal(listing(f, ""), "recipe.yaml\nschedule.csv\n");
}

/* A seed is done by its model: one that was cut off behind a snapshot begins anew. */
static void a_snapshot_finishes_no_seed(void **state)
{
    fixture *f = *state;
    load_sheet(f, with_snapshots, "");
    run_into(f, "out", 0);
    run_into(f, "whole", 0);
    remove_file(f, "out/seed-0/model.safetensors");
    remove_file(f, "out/seed-0/snapshot-60.safetensors");
    run_into(f, "out", 0);
    assert_same_tree(f, "out", "whole");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(snapshots_lie_beside_the_model),
        TEST(a_snapshot_is_the_model_of_a_shorter_run),
        TEST(snapshots_change_nothing_else),
        TEST(snapshots_need_a_directory),
        TEST(a_snapshot_finishes_no_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
