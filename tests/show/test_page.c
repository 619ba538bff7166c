/* test_page.c - the page around its data; lists; live runs. */
#include "page_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "nn/params.h"

static const char minimal[] = "<html><script type=\"application/json\" id=\"kedge-data\">null</script></html>";

static void the_page_has_one_place_for_data(void **state)
{
    (void)state;
    static const char marker[] = "<script type=\"application/json\" id=\"kedge-data\">null</script>";
    const char *html = NULL;
    size_t length = 0;
    assert_int_equal(kedge_page_template(&html, &length), KEDGE_OK);
    const char *first = memmem(html, length, marker, sizeof marker - 1);
    assert_non_null(first);
    size_t rest = length - (size_t)(first + 1 - html);
    assert_null(memmem(first + 1, rest, marker, sizeof marker - 1));
}

static kedge_status fill(fixture *f, const char *page, const char *data, kedge_text *html)
{
    kedge_text json;
    kedge_text_init(&json, f->ctx);
    kedge_text_init(html, f->ctx);
    kedge_text_add(&json, data);
    kedge_status status = kedge_page_fill("page.html", page, strlen(page), &json, html);
    kedge_text_release(&json);
    return status;
}

static void data_replace_null(void **state)
{
    kedge_text html;
    assert_int_equal(fill(*state, minimal, "{\"a\":1}", &html), KEDGE_OK);
    assert_string_equal(kedge_text_string(&html),
                        "<html><script type=\"application/json\" id=\"kedge-data\">{\"a\":1}</script></html>");
    kedge_text_release(&html);
}

static void no_text_ends_the_element(void **state)
{
    kedge_text html;
    assert_int_equal(fill(*state, minimal, "[\"</script><!--\"]", &html), KEDGE_OK);
    assert_non_null(strstr(kedge_text_string(&html), "[\"\\u003c/script>\\u003c!--\"]</script></html>"));
    kedge_text_release(&html);
}

static void a_page_without_a_place_is_refused(void **state)
{
    kedge_text html;
    assert_int_equal(fill(*state, "<html></html>", "1", &html), KEDGE_EFORMAT);
    assert_non_null(strstr(kedge_error(), "page.html: has no place for data"));
    kedge_text_release(&html);
}

static void a_page_with_two_places_is_refused(void **state)
{
    kedge_text html;
    char twice[2 * sizeof minimal];
    snprintf(twice, sizeof twice, "%s%s", minimal, minimal);
    assert_int_equal(fill(*state, twice, "1", &html), KEDGE_EFORMAT);
    assert_non_null(strstr(kedge_error(), "has two places for data"));
    kedge_text_release(&html);
}

/* ---- lists */

static json_t *read_back(kedge_text *text)
{
    json_error_t error;
    json_t *page = json_loadb(kedge_text_string(text), text->length, 0, &error);
    if (!page) fail_msg("%s", error.text);
    kedge_text_release(text);
    return page;
}

static void a_directory_is_a_list_of_its_seeds(void **state)
{
    fixture *f = *state;
    kedge_text text;
    load_good(f, with_plans);
    run_into(f, "out", 0);
    kedge_text_init(&text, f->ctx);
    assert_int_equal(kedge_page_of_directory(f->ctx, in_folder(f, "out"), "all", "seed/", &text), KEDGE_OK);
    json_t *page = read_back(&text);
    assert_string_equal(text_within(page, "kind"), "list");
    assert_int_equal(json_array_size(within(page, "entries")), 2);
    assert_string_equal(text_within(page, "entries.1.name"), "seed 1");
    assert_string_equal(text_within(page, "entries.1.href"), "seed/1");
    assert_true(number_within(page, "entries.1.values.recon_mse") > 0);
    json_decref(page);
}

static void what_a_summary_lacks_is_measured(void **state)
{
    fixture *f = *state;
    kedge_text text[2];
    load_good(f, with_plans);
    run_into(f, "out", 0);
    for (int i = 0; i < 2; i++) {
        kedge_text_init(&text[i], f->ctx);
        assert_int_equal(kedge_page_of_directory(f->ctx, in_folder(f, "out"), "all", "", &text[i]), KEDGE_OK);
        if (i == 0) remove_file(f, "out/summary.csv");
    }
    assert_string_equal(kedge_text_string(&text[0]), kedge_text_string(&text[1]));
    kedge_text_release(&text[0]);
    kedge_text_release(&text[1]);
}

static void a_failed_seed_leads_nowhere(void **state)
{
    fixture *f = *state;
    kedge_text text;
    kedge_summary *summary = NULL;
    load_sheet(f, exploding, "");
    assert_int_equal(run(f, (kedge_run_options){.directory = "out"}, &summary), KEDGE_OK);
    kedge_summary_free(summary);
    kedge_text_init(&text, f->ctx);
    assert_int_equal(kedge_page_of_directory(f->ctx, in_folder(f, "out"), "all", "seed/", &text), KEDGE_OK);
    json_t *page = read_back(&text);
    assert_string_equal(text_within(page, "entries.0.href"), "");
    json_decref(page);
}

/* ---- live */

static void a_schedule_shows_its_keys_and_the_steps_before(void **state)
{
    fixture *f = *state;
    int at[20];
    load_sheet(f, "STEP,lr,separate:linear:step,anchor\n0,0.01,0.1,0.1\n500,,0.2,\n999,0.02,0.1,0.1\n", "");
    int n = kedge_page_schedule_steps(f->loaded->sheet, NULL, 1000, 20, at);
    bool before = false, key = false;
    assert_in_range(n, 8, 20);
    for (int i = 0; i < n; i++) {
        if (i > 0) assert_true(at[i] > at[i - 1]);
        before = before || at[i] == 499;
        key = key || at[i] == 500;
    }
    assert_true(before && key);
    assert_int_equal(at[0], 0);
    assert_int_equal(at[n - 1], 999);
}

static void few_steps_are_all_shown(void **state)
{
    (void)state;
    int at[16];
    assert_int_equal(kedge_page_schedule_steps(NULL, NULL, 5, 16, at), 5);
    for (int i = 0; i < 5; i++) assert_int_equal(at[i], i);
}

/* A run at its second step, with one record. */
static kedge_status live(fixture *f, kedge_context *ctx, kedge_text *text)
{
    static const int at[] = {0, 1}, steps[] = {0, 1};
    static const double values[] = {0.01, 0.01, 0.1, 0.1, 0.1, 0.1, 1, 1, 1, 1};
    static const float rows[] = {0.01F, 0.1F, 0.1F, 0.5F, 0.25F, (float)NAN, 0.01F, 0.1F, 0.1F, 0.4F, 0.2F, 0.1F};
    static float parameters[200];
    kedge_params layout;
    kedge_params_init(&layout, f->ctx);
    kedge_status status = kedge_model_declare(&f->loaded->model, 3, 3, &layout);
    size_t count = layout.count;
    kedge_params_release(&layout);
    if (status) return status;
    assert_in_range(count, 1, 200);
    const kedge_page_live page = {
        .schedule = {.recipe = f->loaded, .steps = 101, .n = 2, .at = at, .values = values},
        .seed = 7, .kernels = "ref", .n_rows = 2, .steps = steps, .rows = rows,
        .n_records = 1, .at = at, .parameters = parameters,
    };
    return kedge_page_of_live(ctx, &page, text);
}

static void a_live_run_shows_what_there_is_so_far(void **state)
{
    fixture *f = *state;
    kedge_text text;
    size_t n;
    load_good(f, with_plans);
    kedge_text_init(&text, f->ctx);
    assert_int_equal(live(f, f->ctx, &text), KEDGE_OK);
    json_t *page = read_back(&text), *run = run_at(page, 0);
    assert_string_equal(text_within(page, "kind"), "live");
    assert_string_equal(text_within(run, "name"), "seed 7");
    assert_true(json_is_null(within(run, "verdict")));
    assert_int_equal(json_array_size(within(run, "metrics")), 0);
    assert_string_equal(text_within(run, "plans.0.edit.kind"), "suppress");
    assert_string_equal(text_within(run, "plans.3.name"), "both"); /* its surgery has not been done */
    assert_true(json_is_null(within(run, "plans.3.edit")) && json_is_null(within(run, "plans.3.parameters")));
    float *losses = floats_within(run, "losses.values", &n);
    assert_int_equal(n, 6); /* recon, separate, anchor at two steps */
    assert_true(losses[0] == 0.5F && losses[1] == 0.4F && losses[2] == 0.25F && isnan(losses[4]) && losses[5] == 0.1F);
    free(losses);
    float *schedule = floats_within(run, "schedule.values", &n);
    assert_int_equal(n, 6); /* nothing sets the labels' factors */
    free(schedule);
    json_decref(page);
}

static void live_survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    load_good(f, with_plans);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_text text;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        kedge_text_init(&text, ctx);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = live(f, ctx, &text);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        kedge_text_release(&text);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_page_has_one_place_for_data),
        TEST(data_replace_null),
        TEST(no_text_ends_the_element),
        TEST(a_page_without_a_place_is_refused),
        TEST(a_page_with_two_places_is_refused),
        TEST(a_directory_is_a_list_of_its_seeds),
        TEST(what_a_summary_lacks_is_measured),
        TEST(a_failed_seed_leads_nowhere),
        TEST(a_schedule_shows_its_keys_and_the_steps_before),
        TEST(few_steps_are_all_shown),
        TEST(a_live_run_shows_what_there_is_so_far),
        TEST(live_survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
