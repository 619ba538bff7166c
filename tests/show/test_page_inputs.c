/* test_page_inputs.c - pages of every kind of input, of several, and of none. */
#include "page_fixture.h"

#include <math.h>

#include "kedge/evaluate.h"
#include "kedge/report.h"
#include "kedge/surgery.h"

/* ---- kinds of runs */

static void a_pruned_model_shows_what_is_left(void **state)
{
    fixture *f = *state;
    const int dims[] = {2};
    kedge_model *model = prepare(f);
    kedge_surgery surgery = {.kind = "prune", .n_dims = 1, .dims = dims};
    assert_int_equal(kedge_model_operate(model, &surgery, NULL), KEDGE_OK);
    assert_int_equal(kedge_model_save(model, in_folder(f, "pruned.safetensors")), KEDGE_OK);
    json_t *page = page_of_path(f, in_folder(f, "pruned.safetensors")), *run = run_at(page, 0);
    assert_string_equal(text_within(run, "name"), "seed 0, after prune");
    assert_true(json_is_false(within(run, "exact")));
    assert_int_equal(number_within(run, "model.bottleneck"), 2);
    assert_int_equal(json_array_size(within(run, "records.at")), 1);
    assert_int_equal(json_array_size(within(run, "anchors.0.at")), 2);
    assert_true(json_is_null(within(run, "verdict")));
    json_t *plans = within(run, "plans"); /* those that name three dims do not fit it any more */
    for (size_t i = 0; i < json_array_size(plans); i++)
        assert_string_not_equal(text_within(json_array_get(plans, i), "name"), "suppressed");
    assert_int_equal(json_array_size(plans), 3);
    json_decref(page);
    kedge_model_free(model);
}

static void a_failed_run_shows_how_far_it_came(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, "");
    json_t *page = page_of_path(f, f->recipe), *run = run_at(page, 0);
    assert_non_null(strstr(text_within(run, "verdict"), "failed: its loss is no number from step"));
    json_t *at = within(run, "records.at");
    assert_in_range(json_integer_value(json_array_get(at, json_array_size(at) - 1)), 4, 8);
    json_decref(page);
}

static void plans_of_a_failed_run_are_whole_or_nothing(void **state)
{
    fixture *f = *state;
    load_sheet(f, exploding, with_plans);
    json_t *page = page_of_path(f, f->recipe), *plans = within(run_at(page, 0), "plans");
    assert_string_equal(text_within(named(plans, "suppressed"), "edit.kind"), "suppress");
    const json_t *both = named(plans, "both");
    assert_int_equal(json_is_null(json_object_get(both, "parameters")), json_is_null(json_object_get(both, "edit")));
    json_decref(page);
}

static void a_recorded_run_is_as_any(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_into(f, "plain", 0);
    run_into(f, "recorded", 20);
    json_t *plain = page_of_path(f, in_folder(f, "plain")), *recorded = page_of_path(f, in_folder(f, "recorded"));
    assert_true(json_equal(run_at(plain, 0), run_at(recorded, 0)));
    json_decref(plain);
    json_decref(recorded);
}

static void a_verdict_says_since_when(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_into(f, "out", 0);
    json_t *page = page_of_path(f, in_folder(f, "out"));
    for (size_t i = 0; i < json_array_size(within(page, "runs")); i++) {
        const char *verdict = text_within(run_at(page, i), "verdict");
        bool held = strstr(verdict, "held from step") || strstr(verdict, "last held at step");
        bool known = held || strstr(verdict, "never held");
        if (!known) fail_msg("'%s'", verdict);
    }
    json_decref(page);
}

/* ---- several */

static void the_best_seed_comes_first(void **state)
{
    fixture *f = *state;
    kedge_best_seed best;
    assert_int_equal(load(f, 7, "seeds: 5", with_plans, NULL), KEDGE_OK);
    run_into(f, "out", 0);
    assert_int_equal(kedge_evaluate_best(&best, f->ctx, in_folder(f, "out"), NULL), KEDGE_OK);
    json_t *page = page_of_path(f, in_folder(f, "out"));
    assert_int_equal(json_array_size(within(page, "runs")), 3);
    assert_int_equal(number_within(page, "runs.0.seed"), best.seed);
    assert_int_equal(json_array_size(within(page, "seeds.rows")), 5);
    assert_string_equal(text_within(page, "seeds.columns.0"), "seed");
    assert_string_equal(text_within(page, "seeds.columns.1"), "verdict");
    assert_string_equal(text_within(page, "seeds.columns.2"), "score");
    for (size_t i = 1; i < 3; i++) assert_true(number_within(run_at(page, i), "seed") != (double)best.seed);
    json_decref(page);
}

static void the_table_is_the_summary(void **state)
{
    fixture *f = *state;
    kedge_summary *summary = NULL;
    load_good(f, with_plans);
    assert_int_equal(run(f, (kedge_run_options){.directory = "out"}, &summary), KEDGE_OK);
    json_t *page = page_of_path(f, in_folder(f, "out")), *columns = within(page, "seeds.columns");
    int checked = 0;
    for (size_t c = 3; c < json_array_size(columns); c++)
        for (int k = 0; k < kedge_summary_columns(summary); k++) {
            if (strcmp(kedge_summary_name(summary, k), json_string_value(json_array_get(columns, c))) != 0) continue;
            json_t *cell = json_array_get(within(page, "seeds.rows.1"), c);
            double want = kedge_summary_value(summary, 1, k);
            if (!json_is_number(cell)) continue;
            assert_float_equal(json_number_value(cell), want, 1e-8 * fabs(want));
            checked++;
        }
    assert_in_range(checked, 10, 100);
    kedge_summary_free(summary);
    json_decref(page);
}

static void several_inputs_stand_side_by_side(void **state)
{
    fixture *f = *state;
    load_good(f, with_plans);
    run_into(f, "one", 0);
    run_into(f, "two", 0);
    const char *paths[] = {in_folder(f, "one"), in_folder(f, "two"), f->recipe};
    json_t *page = page_of(f, (kedge_page_options){.inputs = paths, .n_inputs = 3});
    assert_int_equal(json_array_size(within(page, "runs")), 3);
    assert_memory_equal(text_within(page, "runs.0.name"), "one, seed ", 10);
    assert_memory_equal(text_within(page, "runs.1.name"), "two, seed ", 10);
    assert_string_equal(text_within(page, "runs.2.name"), "recipe.yaml, seed 0");
    assert_string_equal(text_within(page, "title"), "one, two, recipe.yaml");
    json_decref(page);
}

/* ---- refusals */

static kedge_status page_status(fixture *f, kedge_page_options options)
{
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    kedge_status status = kedge_page_of_run(f->ctx, &options, &text);
    kedge_text_release(&text);
    return status;
}

static void refuses_a_seed_that_is_not_there(void **state)
{
    fixture *f = *state;
    const long long seven = 7;
    const char *path = in_folder(f, "out");
    kedge_model_free(prepare(f));
    kedge_page_options options = {.inputs = &path, .n_inputs = 1, .seeds = &seven, .n_seeds = 1};
    assert_int_equal(page_status(f, options), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "no model of seed 7; 2 seeds from 0 to 1 have one"));
}

static void refuses_an_unknown_plan(void **state)
{
    fixture *f = *state;
    const char *path = in_folder(f, "out"), *plan = "suppresed";
    kedge_model_free(prepare(f));
    kedge_page_options options = {.inputs = &path, .n_inputs = 1, .plans = &plan, .n_plans = 1};
    assert_int_equal(page_status(f, options), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "did you mean 'suppressed'?"));
}

static void refuses_nothing_and_nowhere(void **state)
{
    fixture *f = *state;
    const char *nowhere = in_folder(f, "nowhere");
    assert_int_equal(page_status(f, (kedge_page_options){.inputs = &nowhere, .n_inputs = 1}), KEDGE_EIO);
    assert_int_equal(page_status(f, (kedge_page_options){.inputs = &nowhere}), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "a page needs a run directory, a model or a recipe");
}

static void refuses_a_seed_of_a_model(void **state)
{
    fixture *f = *state;
    const long long zero = 0;
    const char *path = in_folder(f, "out/seed-0/model.safetensors");
    kedge_model_free(prepare(f));
    kedge_page_options options = {.inputs = &path, .n_inputs = 1, .seeds = &zero, .n_seeds = 1};
    assert_int_equal(page_status(f, options), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "a seed picks a model of a run directory or recipe; this is a model"));
}

static void refuses_more_runs_than_fit(void **state)
{
    fixture *f = *state;
    enum { N = KEDGE_REPORT_RUNS + 1 };
    long long seeds[N];
    for (int i = 0; i < N; i++) seeds[i] = i;
    const char *path = f->recipe;
    load_good(f, "");
    kedge_page_options options = {.inputs = &path, .n_inputs = 1, .seeds = seeds, .n_seeds = N};
    assert_int_equal(page_status(f, options), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "13 runs do not fit on a page; must be at most 12");
}

/* ---- files */

static void a_title_cannot_break_out(void **state)
{
    fixture *f = *state;
    size_t length;
    const char *path = f->recipe;
    kedge_report_options options = {.title = "</script><b>\"\xff", .no_figures = 1};
    load_good(f, "");
    assert_int_equal(kedge_report(f->ctx, &path, 1, &options, in_folder(f, "page.html")), KEDGE_OK);
    char *html = bytes_of(f, "page.html", &length);
    assert_null(strstr(html, "</script><b>"));
    assert_non_null(strstr(html, "\"title\":\"\\u003c/script>\\u003cb>\\\"\xef\xbf\xbd\""));
    free(html);
}

static void the_same_bytes_for_any_number_of_threads(void **state)
{
    fixture *f = *state;
    const char *path = f->recipe;
    load_good(f, with_plans);
    for (int threads = 1; threads <= 3; threads++) {
        kedge_context_options options = {.kernels = "ref", .threads = threads};
        kedge_context *ctx;
        char name[32];
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        snprintf(name, sizeof name, "%d.html", threads);
        assert_int_equal(kedge_report(ctx, &path, 1, NULL, in_folder(f, name)), KEDGE_OK);
        kedge_context_free(ctx);
    }
    assert_true(same_file(f, "1.html", "2.html"));
    assert_true(same_file(f, "1.html", "3.html"));
}

static void every_figure_is_in_words_too(void **state)
{
    fixture *f = *state;
    kedge_model_free(prepare(f));
    const char *path = in_folder(f, "out");
    json_t *page = page_of(f, (kedge_page_options){.inputs = &path, .n_inputs = 1, .figures = true});
    json_t *figures = within(page, "figures");
    assert_true(json_array_size(figures) >= 2);
    for (size_t i = 0; i < json_array_size(figures); i++) {
        json_t *figure = json_array_get(figures, i);
        assert_memory_equal(text_within(figure, "light"), "deflate,", 8);
        assert_memory_equal(text_within(figure, "dark"), "deflate,", 8);
        assert_true(strlen(text_within(figure, "alt")) > 20);
    }
    assert_non_null(named(figures, "latents"));
    json_decref(page);
}

static void a_folder_that_is_not_there_gets_no_page(void **state)
{
    fixture *f = *state;
    const char *path = f->recipe;
    kedge_report_options options = {.no_figures = 1};
    load_good(f, "");
    assert_int_equal(kedge_report(f->ctx, &path, 1, &options, in_folder(f, "nowhere/page.html")), KEDGE_EIO);
    assert_no_temporary_files(f, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pruned_model_shows_what_is_left),
        TEST(a_failed_run_shows_how_far_it_came),
        TEST(plans_of_a_failed_run_are_whole_or_nothing),
        TEST(a_recorded_run_is_as_any),
        TEST(a_verdict_says_since_when),
        TEST(the_best_seed_comes_first),
        TEST(the_table_is_the_summary),
        TEST(several_inputs_stand_side_by_side),
        TEST(refuses_a_seed_that_is_not_there),
        TEST(refuses_an_unknown_plan),
        TEST(refuses_nothing_and_nowhere),
        TEST(refuses_a_seed_of_a_model),
        TEST(refuses_more_runs_than_fit),
        TEST(a_title_cannot_break_out),
        TEST(the_same_bytes_for_any_number_of_threads),
        TEST(every_figure_is_in_words_too),
        TEST(a_folder_that_is_not_there_gets_no_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
