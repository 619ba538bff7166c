/* test_ledger_summary.c - what ledgers say together: means and intervals, who fights whom, and damaged files. */
#include "run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "run/ledger_summary.h"
#include "run/training.h"

/* Three terms, the last of them labelled; two of the names make two pairs of columns with one name. */
static const char *const red[] = {"red"};
static const double whole[] = {1};
static const kedge_term_options terms[] = {
    {.name = "a"}, {.name = "a_b"}, {.name = "b", .labels = {1, red, whole}}};
static const kedge_training training = {.n_terms = 3, .terms = terms};

enum { PARTS = 4, PAIRS = 6 };

/* A record that a test fills in: norms of 1, all cosines 0. */
typedef struct moment {
    double norms[PARTS], pulls[PARTS], cosines[PAIRS], shared[PAIRS], ratios[PAIRS];
    kedge_ledger_record record;
} moment;

static moment *usual(moment *m)
{
    *m = (moment){.record = {m->norms, m->pulls, m->cosines, m->shared, m->ratios}};
    for (int i = 0; i < PARTS; i++) m->norms[i] = 1, m->pulls[i] = NAN;
    for (int p = 0; p < PAIRS; p++) m->ratios[p] = 1;
    return m;
}

static kedge_ledger_summary *open_summary(const fixture *f, size_t seeds)
{
    kedge_ledger_summary *summary;
    assert_int_equal(kedge_ledger_summary_create(&summary, f->ctx, &training, "pre-norm", seeds, 16), KEDGE_OK);
    return summary;
}

/* One seed with n such records at the steps 0, 10, ..., finished. */
static kedge_ledger_summary *of_records(const fixture *f, int n, const moment *m)
{
    kedge_ledger_summary *summary = open_summary(f, 1);
    kedge_ledger_summary_begin(summary);
    for (int i = 0; i < n; i++) kedge_ledger_summary_add(summary, 10 * i, &m->record);
    assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
    return summary;
}

static void assert_tells(const fixture *f, const kedge_ledger_summary *summary, const char *expected)
{
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    kedge_ledger_summary_tell(summary, &text);
    assert_string_equal(kedge_text_string(&text), expected);
    kedge_text_release(&text);
}

/* ---- means ---- */

static void means_are_over_records_where_it_acts(void **state)
{
    moment m;
    kedge_ledger_summary *summary = open_summary(*state, 1);
    kedge_ledger_summary_begin(summary);
    usual(&m)->norms[3] = 4, m.pulls[3] = 2;
    kedge_ledger_summary_add(summary, 0, &m.record);
    m.norms[3] = 2, m.pulls[3] = 1;
    kedge_ledger_summary_add(summary, 1, &m.record);
    m.norms[3] = m.pulls[3] = NAN;
    kedge_ledger_summary_add(summary, 2, &m.record);
    assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
    assert_true(summary->parts[3].norm == 3 && summary->parts[3].pull == 1.5);
    assert_int_equal(summary->parts[3].records, 2);
    assert_true(isnan(summary->parts[0].pull));
    kedge_ledger_summary_free(summary);
}

/* A seed with many records counts no more than one with few. */
static void cosines_are_means_over_seeds(void **state)
{
    moment m;
    kedge_ledger_summary *summary = open_summary(*state, 3);
    static const double of_seeds[] = {0.1, 0.2, 0.6};
    for (int seed = 0; seed < 3; seed++) {
        kedge_ledger_summary_begin(summary);
        usual(&m)->cosines[1] = of_seeds[seed];
        for (int i = 0; i < 1 + 7 * seed; i++) kedge_ledger_summary_add(summary, i, &m.record);
    }
    assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
    const kedge_ledger_between *between = &summary->between[1];
    assert_true(fabs(between->cosine - 0.3) < 1e-12);
    assert_true(between->low >= 0.1 && between->low < 0.3 && between->high > 0.3 && between->high <= 0.6);
    assert_int_equal(between->both, 1 + 8 + 15);
    kedge_ledger_summary_free(summary);
}

/* ---- fights ---- */

static void five_records_below_the_bound_are_a_fight(void **state)
{
    moment m;
    usual(&m)->shared[4] = -0.75; /* a and b */
    kedge_ledger_summary *summary = of_records(*state, 5, &m);
    assert_tells(*state, summary, "terms 'a' and 'b' pull against each other: mean cosine -0.75 (95% from -0.75 to "
                                  "-0.75) in 5 of 5 records, steps 0..40\n");
    kedge_ledger_summary_free(summary);
}

static void with_the_task_too(void **state)
{
    moment m;
    usual(&m)->shared[0] = -0.51;
    kedge_ledger_summary *summary = of_records(*state, 6, &m);
    assert_tells(*state, summary, "term 'a' and the task pull against each other: mean cosine -0.51 (95% from -0.51 to "
                                  "-0.51) in 6 of 6 records, steps 0..50\n");
    kedge_ledger_summary_free(summary);
}

static void four_records_are_too_few(void **state)
{
    moment m;
    usual(&m)->shared[4] = -1;
    kedge_ledger_summary *summary = of_records(*state, 4, &m);
    assert_tells(*state, summary, "");
    kedge_ledger_summary_free(summary);
}

static void a_half_is_not_below_the_bound(void **state)
{
    moment m;
    usual(&m)->shared[4] = -0.5;
    kedge_ledger_summary *summary = of_records(*state, 9, &m);
    assert_tells(*state, summary, "");
    kedge_ledger_summary_free(summary);
}

/* Records in which one is below a tenth of the other are none of a fight; those at a tenth are. */
static void the_weaker_must_be_a_match(void **state)
{
    moment m;
    kedge_ledger_summary *summary = open_summary(*state, 1);
    kedge_ledger_summary_begin(summary);
    usual(&m)->shared[4] = -1;
    for (int i = 0; i < 12; i++) {
        m.ratios[4] = i < 3 || i > 8 ? 0.0999 : 0.1;
        kedge_ledger_summary_add(summary, i, &m.record);
    }
    assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
    assert_tells(*state, summary, "terms 'a' and 'b' pull against each other: mean cosine -1.00 (95% from -1.00 to "
                                  "-1.00) in 6 of 12 records, steps 3..8\n");
    kedge_ledger_summary_free(summary);
}

/* Records that lie as they happen to: their mean is below the bound, and might as well not be. */
static void what_may_be_chance_is_no_fight(void **state)
{
    static const double chance[] = {-0.9, -0.8, -0.9, 0.2, -0.7}, sure[] = {-0.9, -0.8, -0.9, -0.6, -0.7};
    for (int k = 0; k < 2; k++) {
        moment m;
        kedge_ledger_summary *summary = open_summary(*state, 1);
        kedge_ledger_summary_begin(summary);
        for (int i = 0; i < 5; i++) {
            usual(&m)->shared[4] = k ? sure[i] : chance[i];
            kedge_ledger_summary_add(summary, i, &m.record);
        }
        assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
        const kedge_ledger_between *between = &summary->between[4];
        assert_true(between->shared < -0.6 && between->shared_low < between->shared);
        assert_true(k ? between->shared_high < -0.6 : between->shared_high > -0.5);
        assert_int_equal(between->fights, k);
        kedge_ledger_summary_free(summary);
    }
}

/* Of several seeds it is their means that vary: one in four with many records does not decide for the rest. */
static void chance_is_that_of_seeds(void **state)
{
    static const double others[] = {-0.4, -0.9};
    for (int k = 0; k < 2; k++) {
        moment m;
        kedge_ledger_summary *summary = open_summary(*state, 4);
        for (int seed = 0; seed < 4; seed++) {
            kedge_ledger_summary_begin(summary);
            usual(&m)->shared[4] = seed == 0 ? -1 : others[k];
            for (int i = 0; i < (seed == 0 ? 100 : 1); i++) kedge_ledger_summary_add(summary, i, &m.record);
        }
        assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
        assert_true(fabs(summary->between[4].shared - (3 * others[k] - 1) / 4) < 1e-12);
        assert_true(summary->between[4].shared_low < summary->between[4].shared);
        assert_true(fabs(summary->between[4].shared_high - others[k]) < 1e-12); /* a third of resamples lack seed 0 */
        assert_int_equal(summary->between[4].fights, k);
        kedge_ledger_summary_free(summary);
    }
}

static void one_seed_without_its_records_says_nothing(void **state)
{
    const fixture *f = *state;
    moment m;
    kedge_ledger_summary *summary;
    assert_int_equal(kedge_ledger_summary_create(&summary, f->ctx, &training, "pre-norm", 1, 0), KEDGE_OK);
    kedge_ledger_summary_begin(summary);
    usual(&m)->shared[4] = -1;
    for (int i = 0; i < 9; i++) kedge_ledger_summary_add(summary, i, &m.record);
    assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
    assert_true(summary->between[4].shared == -1 && isnan(summary->between[4].shared_high));
    assert_tells(f, summary, "");
    kedge_ledger_summary_free(summary);
}

static void a_recorded_run_tells_it_below_its_table(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    char *text;
    assert_int_equal(load(f, 4, "  separate: {kind: anti-anchor, form: full, at: [1, 0, 0]}", "", NULL), KEDGE_OK);
    for (int record = 1; record >= 0; record--) {
        assert_int_equal(run(f, (kedge_run_options){.directory = "out", .record = record}, &summary), KEDGE_OK);
        assert_int_equal(kedge_summary_print(summary, "table", &text), KEDGE_OK);
        const char *told = strstr(text, "\nterms 'separate' and 'anchor' pull against each other: mean cosine -1.00");
        assert_int_equal(told != NULL, record);
        kedge_free(f->ctx, text);
        kedge_summary_free(summary);
    }
}

/* ---- files ---- */

static const char header[] =
    "step,norm_task,norm_a,norm_a_b,norm_b,pull_b,cos_task_a,cos_task_a_b,cos_task_b,cos_a_a_b,cos_a_b,cos_a_b_b,"
    "shared_task_b,ratio_task_b,shared_a_b,ratio_a_b,shared_a_b_b,ratio_a_b_b\n";

/* Of a run of two updates, each recorded. */
static kedge_status read_text(fixture *f, kedge_ledger_summary *summary, const char *rows)
{
    char text[2048];
    snprintf(text, sizeof text, "%s%s", header, rows);
    put(f, "ledger.csv", text);
    return kedge_ledger_summary_read(summary, in_folder(f, "ledger.csv"), 1, 2);
}

static void columns_are_found_by_their_places(void **state)
{
    fixture *f = *state;
    kedge_text text;
    kedge_text_init(&text, f->ctx);
    kedge_ledger_add_header(&text, &training);
    assert_string_equal(kedge_text_string(&text), header);
    kedge_text_release(&text);
    kedge_ledger_summary *summary = open_summary(f, 1);
    assert_int_equal(read_text(f, summary, "0,1,2,3,4,5,.01,.02,.03,.04,.05,.06,.11,.12,.13,.14,.15,.16\n"
                                           "1,1,,3,,,,.02,,,,,,,,,,\n"),
                     KEDGE_OK);
    assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
    assert_int_equal(summary->records, 2);
    for (int i = 0; i < PARTS; i++) assert_true(summary->parts[i].norm == i + 1);
    assert_true(summary->parts[3].pull == 5);
    for (int p = 0; p < PAIRS; p++) {
        static const double shared[] = {.01, .02, .11, .04, .13, .15};
        assert_true(fabs(summary->between[p].cosine - 0.01 * (p + 1)) < 1e-15);
        assert_int_equal(summary->between[p].both, p == 1 ? 2 : 1);
        assert_true(fabs(summary->between[p].shared - shared[p]) < 1e-15);
    }
    assert_int_equal(summary->between[1].last, 1); /* a ratio of norms, 1 by 3 */
    kedge_ledger_summary_free(summary);
}

static void as_json(void **state)
{
    fixture *f = *state;
    kedge_text text;
    moment m;
    usual(&m)->shared[4] = -0.75;
    m.norms[3] = 0.25, m.pulls[3] = 0.125, m.ratios[0] = 0.01;
    kedge_ledger_summary *summary = of_records(f, 5, &m);
    kedge_text_init(&text, f->ctx);
    kedge_ledger_summary_json(summary, &text);
    static const char start[] =
        "{\"site\":\"pre-norm\",\"seeds\":1,\"records\":5,\"terms\":[{\"name\":\"task\",\"norm\":1,\"pull\":null,"
        "\"active\":1},{\"name\":\"a\",\"norm\":1,\"pull\":null,\"active\":1},{\"name\":\"a_b\",\"norm\":1,\"pull\":"
        "null,\"active\":1},{\"name\":\"b\",\"norm\":0.25,\"pull\":0.125,\"active\":1}],\"pairs\":[{\"a\":\"task\","
        "\"b\":\"a\",\"records\":5,\"cosine\":0,\"low\":null,\"high\":null,\"shared_records\":0,\"shared_cosine\":"
        "null,\"shared_low\":null,\"shared_high\":null,\"fights\":false},";
    static const char inside[] =
        "{\"a\":\"a\",\"b\":\"b\",\"records\":5,\"cosine\":0,\"low\":null,\"high\":null,\"shared_records\":5,"
        "\"shared_cosine\":-0.75,\"shared_low\":-0.75,\"shared_high\":-0.75,\"first\":0,\"last\":40,\"fights\":true}";
    assert_int_equal(strncmp(kedge_text_string(&text), start, sizeof start - 1), 0);
    assert_non_null(strstr(kedge_text_string(&text), inside));
    kedge_text_release(&text);
    kedge_ledger_summary_free(summary);
}

static void damaged_files_are_refused(void **state)
{
    fixture *f = *state;
    static const char *const damaged[] = {
        "0,1,2\n", "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n", "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18\n",
        "0,1,2,3,4,5,6,7,8,9,10,x,12,13,14,15,16,17\n", "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", "\n"};
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        kedge_ledger_summary *summary = open_summary(f, 1);
        assert_int_equal(read_text(f, summary, damaged[i]), KEDGE_EFORMAT);
        assert_string_equal(message(f), "ledger.csv:2: no line of 18 numbers");
        kedge_ledger_summary_free(summary);
    }
    kedge_ledger_summary *summary = open_summary(f, 1);
    put(f, "empty.csv", "");
    assert_int_equal(kedge_ledger_summary_read(summary, in_folder(f, "empty.csv"), 1, 2), KEDGE_EFORMAT);
    assert_string_equal(message(f), "empty.csv:1: not the columns of this recipe's terms");
    assert_int_equal(kedge_ledger_summary_read(summary, in_folder(f, "none.csv"), 1, 2), KEDGE_EIO);
    kedge_ledger_summary_free(summary);
}

/* Lines of a ledger at the steps given. */
static kedge_status read_steps(fixture *f, kedge_ledger_summary *summary, const char *steps, int every, int updates)
{
    char rows[1024] = "", list[64];
    snprintf(list, sizeof list, "%s", steps);
    for (char *step = strtok(list, " "); step; step = strtok(NULL, " "))
        strcat(strcat(rows, step), ",1,1,1,1,1,0,0,0,0,0,0,0,1,0,1,0,1\n");
    char text[2048];
    snprintf(text, sizeof text, "%s%s", header, rows);
    put(f, "ledger.csv", text);
    return kedge_ledger_summary_read(summary, in_folder(f, "ledger.csv"), every, updates);
}

static void the_whole_of_a_run_at_one_density_is_read(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *steps;
        int every, updates;
        const char *error;
    } files[] = {
        {"0 1 2 4 5", 5, 6, NULL},
        {"0 1 2 4 5", 5, 10, NULL},
        {"0 1 2 4 5", 5, 11, "ledger.csv: ends before step 10; a run of 11 steps recorded every 5 has it"},
        {"0 1 2 4 5", 5, 5, "ledger.csv:6: a line too many; a run of 5 steps recorded every 5 ends before"},
        {"0 1 2 4 5", 4, 9, "ledger.csv:6: not step 8, which must stand there if every 4 are recorded"},
        {"0 1 2 4 5", 10, 9, "ledger.csv:6: not step 8, which must stand there if every 10 are recorded"},
        {"0 2 4 5", 5, 6, "ledger.csv:3: not step 1, which must stand there if every 5 are recorded"},
        {"", 5, 6, "ledger.csv: ends before step 0; a run of 6 steps recorded every 5 has it"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        kedge_ledger_summary *summary = open_summary(f, 1);
        kedge_status status = read_steps(f, summary, files[i].steps, files[i].every, files[i].updates);
        assert_int_equal(status, files[i].error ? KEDGE_EFORMAT : KEDGE_OK);
        if (status) assert_string_equal(message(f), files[i].error);
        kedge_ledger_summary_free(summary);
    }
}

static void other_columns_are_refused(void **state)
{
    fixture *f = *state;
    char text[1024];
    snprintf(text, sizeof text, "%s0,1,1,1,1,1,0,0,0,0,0,0,0,1,0,1,0,1\n", header);
    char *name = strstr(text, "norm_b");
    assert_non_null(name);
    name[5] = 'c'; /* a term was renamed: as many numbers, but of others */
    put(f, "ledger.csv", text);
    kedge_ledger_summary *summary = open_summary(f, 1);
    assert_int_equal(kedge_ledger_summary_read(summary, in_folder(f, "ledger.csv"), 1, 1), KEDGE_EFORMAT);
    assert_string_equal(message(f), "ledger.csv:1: not the columns of this recipe's terms");
    kedge_ledger_summary_free(summary);
}

/* The powers of 2 below the interval would count the first steps several times. */
static void only_regular_steps_count(void **state)
{
    fixture *f = *state;
    kedge_ledger_summary *summary = open_summary(f, 1);
    assert_int_equal(read_steps(f, summary, "0 1 2 4 5 10", 5, 12), KEDGE_OK);
    assert_int_equal(kedge_ledger_summary_finish(summary), KEDGE_OK);
    assert_int_equal(summary->records, 3);
    assert_int_equal(summary->between[5].last, 10);
    kedge_ledger_summary_free(summary);
}

static void each_allocation_may_fail(void **state)
{
    fixture *f = *state;
    char text[512];
    snprintf(text, sizeof text, "%s0,1,2,3,4,5,.01,.02,.03,.04,.05,.06,.11,.12,.13,.14,.15,.16\n", header);
    put(f, "ledger.csv", text);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = 0};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_ledger_summary *summary = NULL;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_ledger_summary_create(&summary, ctx, &training, "pre-norm", 1, 1);
        if (!status) status = kedge_ledger_summary_read(summary, in_folder(f, "ledger.csv"), 1, 1);
        if (!status) status = kedge_ledger_summary_finish(summary);
        kedge_ledger_summary_free(summary);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        assert_int_equal(status, memory.requests >= n ? KEDGE_ENOMEM : KEDGE_OK);
        if (memory.requests < n) break;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(means_are_over_records_where_it_acts),
        TEST(cosines_are_means_over_seeds),
        TEST(five_records_below_the_bound_are_a_fight),
        TEST(with_the_task_too),
        TEST(four_records_are_too_few),
        TEST(a_half_is_not_below_the_bound),
        TEST(the_weaker_must_be_a_match),
        TEST(what_may_be_chance_is_no_fight),
        TEST(chance_is_that_of_seeds),
        TEST(one_seed_without_its_records_says_nothing),
        TEST(a_recorded_run_tells_it_below_its_table),
        TEST(columns_are_found_by_their_places),
        TEST(as_json),
        TEST(damaged_files_are_refused),
        TEST(the_whole_of_a_run_at_one_density_is_read),
        TEST(other_columns_are_refused),
        TEST(only_regular_steps_count),
        TEST(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
