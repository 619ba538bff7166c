/* test_page_report.c - the data of finished runs are what the library itself gives. */
#include "page_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "kedge/evaluate.h"
#include "kedge/surgery.h"
#include "show/replay.h"

/* ---- weights */

static void the_last_record_is_the_model(void **state)
{
    fixture *f = *state;
    kedge_model *model = prepare(f);
    json_t *page = page_of_seed(f, 0), *run = run_at(page, 0);
    size_t n, width = kedge_model_parameter_count(model), records = json_array_size(within(run, "records.at"));
    float *all = floats_within(run, "records.parameters", &n), *at = all + (records - 1) * width;
    kedge_tensor_view view;
    assert_int_equal(n, records * width);
    assert_int_equal(number_within(run, "model.parameters"), width);
    for (int i = 0; kedge_model_tensor(model, i, &view); i++) {
        size_t count = view.shape[0] * (view.dims == 2 ? view.shape[1] : 1);
        assert_memory_equal(at, view.values, count * sizeof *at);
        at += count;
    }
    assert_true(json_is_true(within(run, "exact")));
    free(all);
    json_decref(page);
    kedge_model_free(model);
}

static void layers_are_where_the_page_is_told(void **state)
{
    fixture *f = *state;
    kedge_model *model = prepare(f);
    json_t *page = page_of_seed(f, 0), *decoder = within(run_at(page, 0), "model.decoder");
    size_t n;
    float *all = floats_within(run_at(page, 0), "records.parameters", &n);
    float *last = all + n - kedge_model_parameter_count(model);
    kedge_tensor_view weight, bias;
    assert_int_equal(json_array_size(decoder), 3);
    kedge_model_tensor(model, 8, &weight); /* decoder.2, behind three layers of the encoder and one of its own */
    kedge_model_tensor(model, 9, &bias);
    assert_string_equal(weight.name, "decoder.2.weight");
    assert_int_equal(number_within(decoder, "1.outputs"), weight.shape[0]);
    assert_int_equal(number_within(decoder, "1.inputs"), weight.shape[1]);
    const float *w = last + (int)number_within(decoder, "1.weight"), *b = last + (int)number_within(decoder, "1.bias");
    assert_memory_equal(w, weight.values, weight.shape[0] * weight.shape[1] * sizeof *w);
    assert_memory_equal(b, bias.values, bias.shape[0] * sizeof *b);
    free(all);
    json_decref(page);
    kedge_model_free(model);
}

static void records_are_states_of_the_run(void **state)
{
    fixture *f = *state;
    kedge_replay *replay = NULL;
    kedge_model_free(prepare(f));
    json_t *page = page_of_seed(f, 1), *at = within(run_at(page, 0), "records.at");
    assert_int_equal(kedge_replay_create(&replay, f->ctx, f->loaded, 1, 1, NULL), KEDGE_OK);
    size_t n, width = replay->n_parameters;
    float *all = floats_within(run_at(page, 0), "records.parameters", &n);
    for (size_t i = 0; i < json_array_size(at); i++) {
        int record = kedge_replay_find(replay, (int)json_integer_value(json_array_get(at, i)));
        assert_int_equal(replay->at[record], json_integer_value(json_array_get(at, i)));
        assert_memory_equal(all + i * width, replay->parameters + (size_t)record * width, width * sizeof *all);
    }
    free(all);
    kedge_replay_free(replay);
    json_decref(page);
}

/* ---- points */

static void points_are_those_of_the_model(void **state)
{
    fixture *f = *state;
    kedge_model *model = prepare(f);
    json_t *page = page_of_seed(f, 0);
    const float *inputs, *latents, *outputs;
    size_t n;
    int points = kedge_model_points(model, &inputs, &latents, &outputs);
    float *found = floats_within(run_at(page, 0), "points.0.inputs", &n);
    assert_int_equal(number_within(run_at(page, 0), "points.0.n"), points);
    assert_int_equal(n, 3 * points);
    assert_memory_equal(found, inputs, n * sizeof *found);
    assert_true(json_is_null(within(run_at(page, 0), "points.0.targets")));
    assert_true(json_is_null(within(run_at(page, 0), "points.0.shade")));
    free(found);
    json_decref(page);
    kedge_model_free(model);
}

static void the_test_set_comes_second(void **state)
{
    fixture *f = *state;
    kedge_model_free(prepare(f));
    json_t *page = page_of_seed(f, 0);
    assert_string_equal(text_within(run_at(page, 0), "points.1.name"), "test");
    assert_int_equal(number_within(run_at(page, 0), "points.1.n"), f->loaded->test_set->points);
    json_decref(page);
}

static void a_table_has_targets_and_shades(void **state)
{
    fixture *f = *state;
    size_t n;
    put(f, "data.csv", "a,b,c\n0,1,10\n0.5,2,20\n1,3,30\n0.25,4,40\n");
    put(f, "recipe.yaml", "data: {kind: csv, file: data.csv, features: [a, b], targets: [c], batch: 2}\n"
                          "labels: {high: a}\n"
                          "model: {kind: autoencoder, hidden: [4], bottleneck: 2}\n"
                          "terms:\n  anchor: {kind: anchor, at: [1, 0], labels: {high: 1}}\n"
                          "  separate: {kind: separate}\n"
                          "schedule: schedule.csv\n");
    json_t *page = page_of_path(f, f->recipe), *run = run_at(page, 0);
    assert_true(json_is_false(within(run, "model.colour")));
    assert_string_equal(text_within(run, "model.outputs.0"), "c");
    float *targets = floats_within(run, "points.0.targets", &n);
    assert_int_equal(n, 4);
    assert_true(targets[0] == 10 && targets[3] == 40);
    free(targets);
    float *shade = floats_within(run, "points.0.shade", &n);
    assert_int_equal(n, 4);
    assert_true(shade[0] == 0 && shade[1] == 0.5F && shade[2] == 1);
    assert_string_equal(text_within(run, "points.0.shadeName"), "high");
    free(shade);
    json_decref(page);
}

/* ---- numbers */

static void metrics_are_those_of_the_evaluation(void **state)
{
    fixture *f = *state;
    kedge_model *model = prepare(f);
    kedge_evaluation *evaluation = NULL;
    kedge_plan_scores scores;
    const char *path = in_folder(f, "out/seed-0/model.safetensors"), *const plans[] = {"suppressed", "ablated"};
    json_t *page = page_of(f, (kedge_page_options){.inputs = &path, .n_inputs = 1, .plans = plans, .n_plans = 2});
    json_t *run = run_at(page, 0);
    assert_int_equal(kedge_evaluate(&evaluation, model, NULL), KEDGE_OK);
    double recon = number_within(named(within(run, "metrics"), "recon_mse"), "value");
    assert_float_equal(recon, kedge_evaluation_recon_mse(evaluation), 1e-8 * recon);
    for (int i = 0; i < 2; i++) {
        kedge_evaluation_plan(evaluation, i, &scores);
        json_t *plan = named(within(run, "plans"), scores.name), *metrics = within(plan, "metrics");
        assert_float_equal(number_within(named(metrics, "r"), "value"), scores.r, 1e-8);
        assert_float_equal(number_within(named(metrics, "damage"), "value"), scores.damage, 1e-8);
        assert_int_equal(json_is_true(within(plan, "scored")), scores.scored);
    }
    kedge_evaluation_free(evaluation);
    json_decref(page);
    kedge_model_free(model);
}

/* Seed and report of a directory whose summary is gone are measured from the models. */
static void assert_updates(fixture *f, const char *condition, double updates)
{
    char rows[256];
    snprintf(rows, sizeof rows, "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n80,%s,0.02,0.1,0.2\n100,,0.001,0,0\n",
             condition);
    load_sheet(f, rows, "");
    run_into(f, "out", 0);
    remove_file(f, "out/summary.csv");
    json_t *page = page_of_path(f, in_folder(f, "out")), *columns = within(page, "seeds.columns");
    assert_true(number_within(named(within(run_at(page, 0), "metrics"), "updates"), "value") == updates);
    size_t c = 0;
    while (c < json_array_size(columns) && strcmp(json_string_value(json_array_get(columns, c)), "updates") != 0) c++;
    assert_true(json_number_value(json_array_get(within(page, "seeds.rows.1"), c)) == updates);
    json_decref(page);
}

static void rows_that_came_early_save_updates(void **state)
{
    assert_updates(*state, "recon_mse < 1 / 10", 31);
}

static void rows_that_did_not_come_early_save_none(void **state)
{
    assert_updates(*state, "recon_mse < 0 / 10", 101);
}

static void the_target_is_that_of_the_plan(void **state)
{
    fixture *f = *state;
    size_t n;
    kedge_model_free(prepare(f));
    json_t *page = page_of_seed(f, 0), *target = within(run_at(page, 0), "plans.0.target");
    float *values = floats_within(target, "values", &n);
    assert_string_equal(text_within(target, "formula"), "redness^2");
    assert_int_equal(n, 27);
    for (size_t i = 0; i < n; i++) assert_float_equal(values[i], f->loaded->targets[0].values[i], 1e-7);
    free(values);
    json_decref(page);
}

static void a_plan_has_what_the_page_can_do(void **state)
{
    fixture *f = *state;
    kedge_model_free(prepare(f));
    json_t *page = page_of_seed(f, 0), *plans = within(run_at(page, 0), "plans");
    json_t *edit = within(named(plans, "suppressed"), "edit");
    assert_float_equal(number_within(edit, "from"), 60, 0);
    assert_float_equal(number_within(edit, "strength"), 0.5, 0);
    assert_float_equal(number_within(edit, "power"), 2, 0);
    assert_int_equal(json_array_size(within(edit, "direction")), 3);
    assert_true(json_is_null(within(edit, "dims")));
    assert_true(json_is_null(within(named(plans, "ablated"), "edit")));
    assert_true(json_is_string(within(named(plans, "ablated"), "parameters")));
    assert_true(json_is_null(within(named(plans, "pruned"), "parameters")));
    assert_string_equal(text_within(named(plans, "both"), "edit.map"), "bezier");
    assert_true(json_is_string(within(named(plans, "both"), "parameters")));
    assert_true(json_is_null(within(named(plans, "cut"), "edit"))); /* which alone would be another plan */
    assert_true(json_is_null(within(named(plans, "cut"), "parameters")));
    assert_true(json_is_null(within(named(plans, "two"), "edit")));
    assert_true(json_is_null(within(named(plans, "early"), "edit")));
    json_decref(page);
}

static void surgery_of_a_plan_is_that_of_the_library(void **state)
{
    fixture *f = *state;
    const int dims[] = {0};
    size_t n;
    kedge_model *model = prepare(f);
    kedge_tensor_view view;
    json_t *page = page_of_seed(f, 0);
    float *values = floats_within(named(within(run_at(page, 0), "plans"), "ablated"), "parameters", &n), *at = values;
    kedge_surgery surgery = {.kind = "ablate", .n_dims = 1, .dims = dims};
    assert_int_equal(kedge_model_operate(model, &surgery, NULL), KEDGE_OK);
    for (int i = 0; kedge_model_tensor(model, i, &view); i++) {
        size_t count = view.shape[0] * (view.dims == 2 ? view.shape[1] : 1);
        assert_memory_equal(at, view.values, count * sizeof *at);
        at += count;
    }
    free(values);
    json_decref(page);
    kedge_model_free(model);
}

/* ---- curves */

static void a_schedule_is_that_of_the_sheet(void **state)
{
    fixture *f = *state;
    size_t n;
    kedge_model_free(prepare(f));
    json_t *page = page_of_seed(f, 0), *schedule = within(run_at(page, 0), "schedule");
    float *values = floats_within(schedule, "values", &n);
    assert_int_equal(n, 3 * 101);
    assert_string_equal(text_within(schedule, "columns.2"), "anchor");
    double want = kedge_schedule_value(f->loaded->sheet, kedge_schedule_column(f->loaded->sheet, "anchor"), 37);
    assert_float_equal(values[2 * 101 + 37], want, 1e-7);
    assert_int_equal(json_array_size(within(schedule, "keys")), 6);
    assert_int_equal(number_within(schedule, "keys.1.step"), 100);
    assert_float_equal(number_within(schedule, "keys.1.value"), 0.001, 1e-12);
    free(values);
    json_decref(page);
}

/* Curves and keys are the sheet's numbers, before 'scale'. */
static void a_scaled_term_is_shown_in_the_unit_of_the_sheet(void **state)
{
    fixture *f = *state;
    size_t n;
    const char *anchor = "  anchor: {kind: anchor, at: [1, 0, 0], scale: 3, labels: {red: 1}}";
    assert_int_equal(load(f, 5, anchor, "", NULL), KEDGE_OK);
    json_t *page = page_of_path(f, f->recipe), *schedule = within(run_at(page, 0), "schedule");
    float *values = floats_within(schedule, "values", &n);
    assert_int_equal(n, 3 * 101);
    assert_true(values[2 * 101] == 0.1F);
    assert_float_equal(number_within(schedule, "keys.4.value"), 0.1, 1e-12);
    free(values);
    json_decref(page);
}

static void the_weight_of_the_task_is_shown_where_it_is_named(void **state)
{
    fixture *f = *state;
    size_t n;
    load_sheet(f, "STEP,lr,recon::step,separate,anchor\n0,0.01,2,0.1,0.1\n50,,0.5,,\n100,0.001,,0,0\n", "");
    json_t *page = page_of_path(f, f->recipe), *schedule = within(run_at(page, 0), "schedule");
    float *values = floats_within(schedule, "values", &n);
    assert_int_equal(n, 4 * 101);
    assert_string_equal(text_within(schedule, "columns.3"), "recon");
    assert_true(values[3 * 101 + 49] == 2 && values[3 * 101 + 50] == 0.5F);
    free(values);
    json_decref(page);
}

/* At the run's own time, like all its curves. */
static void curves_of_a_run_that_reacts_are_at_its_own_time(void **state)
{
    fixture *f = *state;
    size_t n;
    load_sheet(f, "STEP,UNTIL,lr,separate,anchor\n0,,0.01,0.1,0.1\n80,recon_mse < 1 / 10,0.02,0.1,0.2\n"
               "100,,0.001,0,0\n", "");
    json_t *page = page_of_path(f, f->recipe), *schedule = within(run_at(page, 0), "schedule");
    float *values = floats_within(schedule, "values", &n);
    assert_int_equal(n, 3 * 31);
    assert_true(values[10] == 0.02F && values[2 * 31 + 10] == 0.2F && values[30] == 0.001F);
    free(values);
    json_decref(page);
}

static void what_a_run_does_not_come_to_is_left_out(void **state)
{
    fixture *f = *state;
    put(f, "schedule.csv", "STEP,PHASE,ACTION,lr,separate,anchor\n0,One,,0.01,0.1,0.1\n"
                           "10,Two,snapshot,0.02,0.1,0.1\n20,Three,reset-optimizer,0.01,0.1,0.1\n");
    assert_int_equal(load(f, 6, "schedule: schedule.csv\nsteps: 20", "hold: 15\n", NULL), KEDGE_OK);
    json_t *page = page_of_path(f, f->recipe), *schedule = within(run_at(page, 0), "schedule");
    assert_int_equal(json_array_size(within(schedule, "keys")), 6); /* two of each column */
    assert_int_equal(json_array_size(within(schedule, "phases")), 2);
    assert_string_equal(text_within(schedule, "phases.1.name"), "Two");
    assert_int_equal(json_array_size(within(schedule, "actions")), 1);
    json_decref(page);
}

typedef struct extent {
    float least, most;
} extent;

static void widen(extent *self, float value)
{
    self->least = fminf(self->least, value);
    self->most = fmaxf(self->most, value);
}

static void long_losses_keep_their_spikes(void **state)
{
    fixture *f = *state;
    size_t n;
    kedge_replay *replay = NULL;
    load_sheet(f, "STEP,lr,separate,anchor\n0,0.01,0.1,0.1\n4000,0.001,0,0\n", "");
    json_t *page = page_of_path(f, f->recipe), *losses = within(run_at(page, 0), "losses");
    size_t samples = json_array_size(within(losses, "at"));
    float *values = floats_within(losses, "values", &n);
    assert_in_range(samples, 800, 1600);
    assert_int_equal(n, 3 * samples);
    assert_int_equal(kedge_replay_create(&replay, f->ctx, f->loaded, 0, 4000, NULL), KEDGE_OK);
    extent all = {.least = 1e9F}, shown = {.least = 1e9F};
    for (int i = 0; i < replay->steps; i++) widen(&all, replay->losses[3 * i]);
    for (size_t i = 0; i < samples; i++) widen(&shown, values[i]);
    assert_true(shown.most == all.most && shown.least == all.least);
    assert_int_equal(json_integer_value(json_array_get(within(losses, "at"), samples - 1)), 4000);
    free(values);
    kedge_replay_free(replay);
    json_decref(page);
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(prepare(f));
    const char *path = in_folder(f, "out");
    const long long seed = 1;
    kedge_page_options page = {.inputs = &path, .n_inputs = 1, .seeds = &seed, .n_seeds = 1};
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_text text;
        options.kernels = "ref";
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        kedge_text_init(&text, ctx);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_page_of_run(ctx, &page, &text);
        if (status != (memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM))
            fail_msg("request %zu: %s: %s", n, kedge_status_name(status), kedge_error());
        kedge_text_release(&text);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_last_record_is_the_model),
        TEST(layers_are_where_the_page_is_told),
        TEST(records_are_states_of_the_run),
        TEST(points_are_those_of_the_model),
        TEST(the_test_set_comes_second),
        TEST(a_table_has_targets_and_shades),
        TEST(metrics_are_those_of_the_evaluation),
        TEST(rows_that_came_early_save_updates),
        TEST(rows_that_did_not_come_early_save_none),
        TEST(the_target_is_that_of_the_plan),
        TEST(a_plan_has_what_the_page_can_do),
        TEST(surgery_of_a_plan_is_that_of_the_library),
        TEST(a_schedule_is_that_of_the_sheet),
        TEST(a_scaled_term_is_shown_in_the_unit_of_the_sheet),
        TEST(the_weight_of_the_task_is_shown_where_it_is_named),
        TEST(curves_of_a_run_that_reacts_are_at_its_own_time),
        TEST(what_a_run_does_not_come_to_is_left_out),
        TEST(long_losses_keep_their_spikes),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
