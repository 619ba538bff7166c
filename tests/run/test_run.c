/* test_run.c - the seeds of a recipe: the same bytes however they come about, and what is kept when something fails. */
#include "run_fixture.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "run/directory.h"

static const char plain_files[] =
    "recipe.yaml\nschedule.csv\nseed-0/\nseed-0/model.safetensors\nseed-1/\nseed-1/model.safetensors\n"
    "summary.csv\nsummary.json\ntiming.json\n";

/* ---- what comes out ---- */

static void writes_every_file(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_into(f, "out", 0);
    assert_string_equal(listing(f, "out"), plain_files);
}

static void needs_no_directory(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    load_good(f, "");
    assert_int_equal(run(f, (kedge_run_options){0}, &summary), KEDGE_OK);
    assert_int_equal(kedge_summary_rows(summary), 2);
    assert_int_equal(kedge_summary_trained(summary), 2);
    kedge_summary_free(summary);
    assert_string_equal(listing(f, ""), "recipe.yaml\nschedule.csv\n");
}

static void the_summary_has_a_row_per_seed(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    load_good(f, "");
    assert_int_equal(run(f, (kedge_run_options){.first_seed = 5, .seed_count = 3}, &summary), KEDGE_OK);
    assert_int_equal(kedge_summary_rows(summary), 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(kedge_summary_seed(summary, i), 5 + i);
        assert_null(kedge_summary_failure(summary, i));
        for (int j = 0; j < kedge_summary_columns(summary); j++)
            if (strcmp(kedge_summary_name(summary, j), "verdict_step") != 0) /* of clean runs there is none */
                assert_true(isfinite(kedge_summary_value(summary, i, j)));
    }
    assert_string_equal(kedge_summary_name(summary, 0), "recon_mse");
    assert_null(kedge_summary_name(summary, kedge_summary_columns(summary)));
    assert_int_equal(kedge_summary_failures(summary), 0);
    assert_false(kedge_summary_stopped(summary));
    kedge_summary_free(summary);
}

static void count_progress(long long done, long long total, void *payload)
{
    long long *calls = payload;
    assert_int_equal(done, ++*calls);
    assert_int_equal(total, 9);
}

static void tells_its_progress(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    long long calls = 0;
    load_good(f, "");
    f->ctx->threads = 3;
    kedge_run_options options = {.seed_count = 9, .progress = count_progress, .progress_payload = &calls};
    assert_int_equal(run(f, options, &summary), KEDGE_OK);
    assert_int_equal(calls, 9);
    kedge_summary_free(summary);
}

static void refuses_seeds_and_records_that_cannot_be(void **state)
{
    fixture *f = *state;
    kedge_summary *summary = NULL;
    load_good(f, "");
    assert_int_equal(run(f, (kedge_run_options){.first_seed = -1, .seed_count = 1}, &summary), KEDGE_EINVALID);
    assert_int_equal(run(f, (kedge_run_options){.seed_count = 10000001}, &summary), KEDGE_EINVALID);
    assert_int_equal(run(f, (kedge_run_options){.record = 1}, &summary), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "recording needs a directory to write to");
    assert_null(summary);
}

/* ---- the same bytes ---- */

static void run_seeds(const fixture *f, const char *directory, long long first, long long count, int record)
{
    kedge_summary *summary;
    kedge_run_options options = {.directory = directory, .first_seed = first, .seed_count = count, .record = record};
    if (run(f, options, &summary)) fail_msg("%s", kedge_error());
    assert_int_equal(kedge_summary_failures(summary), 0);
    kedge_summary_free(summary);
}

static void same_bytes_for_any_number_of_threads(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    static const int threads[] = {1, 2, 7};
    static const char *const names[] = {"one", "two", "seven"};
    for (int i = 0; i < 3; i++) {
        f->ctx->threads = threads[i];
        run_seeds(f, names[i], 0, 20, 30);
    }
    assert_same_tree(f, "one", "two");
    assert_same_tree(f, "one", "seven");
}

static void same_bytes_alone_or_among_others(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_seeds(f, "all", 0, 20, 30);
    run_seeds(f, "alone", 17, 1, 30);
    assert_same_tree(f, "all/seed-17", "alone/seed-17");
}

static void same_bytes_without_a_record(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_seeds(f, "with", 0, 2, 1);
    run_seeds(f, "without", 0, 2, 0);
    assert_true(same_file(f, "with/summary.csv", "without/summary.csv"));
    assert_true(same_file(f, "with/seed-1/model.safetensors", "without/seed-1/model.safetensors"));
}

/* ---- going on ---- */

static long long trained_by(const fixture *f, const char *directory, long long seeds, int record)
{
    kedge_summary *summary;
    if (run(f, (kedge_run_options){.directory = directory, .seed_count = seeds, .record = record}, &summary))
        fail_msg("%s", kedge_error());
    long long trained = kedge_summary_trained(summary);
    kedge_summary_free(summary);
    return trained;
}

static void nothing_is_trained_twice(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_int_equal(trained_by(f, "out", 5, 0), 5);
    assert_int_equal(trained_by(f, "out", 5, 0), 0);
    assert_int_equal(trained_by(f, "out", 8, 0), 3);
    run_seeds(f, "fresh", 0, 8, 0);
    assert_same_tree(f, "out", "fresh");
}

/* What is known of a run only while it trains is read back from its model. */
static void a_summary_is_made_again_from_models(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_seeds(f, "out", 0, 3, 0);
    run_seeds(f, "fresh", 0, 3, 0);
    size_t length;
    char *text = bytes_of(f, "out/summary.csv", &length);
    assert_non_null(strstr(text, ",spike,"));
    free(text);
    remove_file(f, "out/summary.csv");
    remove_file(f, "out/summary.json");
    assert_int_equal(trained_by(f, "out", 3, 0), 0);
    assert_same_tree(f, "out", "fresh");
}

static void fewer_seeds_keep_the_rest(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    load_good(f, "");
    run_seeds(f, "out", 0, 6, 0);
    run_seeds(f, "fresh", 0, 6, 0);
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .first_seed = 2, .seed_count = 1}, &summary),
                     KEDGE_OK);
    assert_int_equal(kedge_summary_rows(summary), 6);
    kedge_summary_free(summary);
    assert_same_tree(f, "out", "fresh");
}

static void deleted_seeds_come_back(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_seeds(f, "fresh", 0, 4, 40);
    run_seeds(f, "out", 0, 4, 40);
    remove_file(f, "out/seed-1/model.safetensors");
    remove_file(f, "out/seed-2/latents-steps.npy");
    remove_file(f, "out/seed-0/ledger.csv");
    remove_file(f, "out/summary.json");
    assert_int_equal(kedge_remove_tree(in_folder(f, "out/seed-3")), KEDGE_OK);
    assert_int_equal(trained_by(f, "out", 4, 40), 4);
    assert_same_tree(f, "out", "fresh");
}

/* Ledgers of two densities would be added up as one, and a damaged one as if it were whole. */
static void seeds_recorded_otherwise_come_back(void **state)
{
    fixture *f = *state;
    size_t length;
    load_good(f, "");
    run_seeds(f, "fresh", 0, 3, 40);
    run_seeds(f, "out", 0, 2, 50);
    assert_int_equal(trained_by(f, "out", 3, 40), 3);
    assert_same_tree(f, "out", "fresh");
    char *bytes = bytes_of(f, "out/seed-1/ledger.csv", &length);
    char *last = bytes + length - 1;
    while (last[-1] != '\n') last--;
    assert_int_equal(truncate(in_folder(f, "out/seed-1/ledger.csv"), last - bytes), 0);
    free(bytes);
    assert_int_equal(trained_by(f, "out", 3, 40), 1);
    assert_int_equal(trained_by(f, "out", 3, 40), 0);
    assert_same_tree(f, "out", "fresh");
}

/* ledger.json is of the seeds that are there, or it is not there. */
static void a_ledger_does_not_go_stale(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_seeds(f, "out", 0, 2, 40);
    assert_int_equal(trained_by(f, "out", 2, 0), 0);
    assert_true(kedge_is_file(in_folder(f, "out/ledger.json")));
    assert_int_equal(trained_by(f, "out", 3, 0), 1);
    assert_false(kedge_is_file(in_folder(f, "out/ledger.json")));
    assert_int_equal(trained_by(f, "out", 3, 40), 1);
    run_seeds(f, "fresh", 0, 3, 40);
    assert_same_tree(f, "out", "fresh");
}

static void truncated_seeds_come_back(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_seeds(f, "fresh", 0, 4, 0);
    run_seeds(f, "out", 0, 4, 0);
    assert_int_equal(truncate(in_folder(f, "out/seed-0/model.safetensors"), 0), 0);
    assert_int_equal(truncate(in_folder(f, "out/seed-1/model.safetensors"), 700), 0);
    put(f, "out/seed-2/model.safetensors", "something else");
    assert_int_equal(trained_by(f, "out", 4, 0), 3);
    assert_same_tree(f, "out", "fresh");
}

/* A model of another seed in the place of this one is not taken for it. */
static void exchanged_seeds_come_back(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    run_seeds(f, "fresh", 0, 2, 0);
    run_seeds(f, "out", 0, 2, 0);
    assert_int_equal(rename(in_folder(f, "out/seed-0/model.safetensors"), in_folder(f, "out/seed-1/model.safetensors")),
                     0);
    assert_int_equal(trained_by(f, "out", 2, 0), 2);
    assert_same_tree(f, "out", "fresh");
}

/* ---- stopping ---- */

typedef struct stopper {
    int stop;
    long long after;
} stopper;

static void stop_after(long long done, long long total, void *payload)
{
    stopper *s = payload;
    (void)total;
    s->stop = done >= s->after;
}

static void stopping_keeps_what_is_finished(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    stopper s = {.after = 3};
    load_good(f, "");
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .seed_count = 10, .record = 50, .stop = &s.stop,
                                                .progress = stop_after, .progress_payload = &s}, &summary), KEDGE_OK);
    assert_int_equal(kedge_summary_rows(summary), 3);
    assert_true(kedge_summary_stopped(summary));
    kedge_summary_free(summary);
    assert_no_temporary_files(f, "out");
    run_seeds(f, "three", 0, 3, 50);
    assert_same_tree(f, "out", "three");
    run_seeds(f, "ten", 0, 10, 50);
    assert_int_equal(trained_by(f, "out", 10, 50), 7);
    assert_same_tree(f, "out", "ten");
}

static void stopping_before_the_start_trains_nothing(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    static const int now = 1;
    load_good(f, "");
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .stop = &now}, &summary), KEDGE_OK);
    assert_int_equal(kedge_summary_rows(summary), 0);
    assert_true(kedge_summary_stopped(summary));
    kedge_summary_free(summary);
    assert_string_equal(listing(f, "out"), "recipe.yaml\nschedule.csv\nsummary.csv\nsummary.json\ntiming.json\n");
}

static volatile int interrupted;

static void interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

/* In the middle of a run of a million steps. */
static void stopping_a_seed_leaves_nothing_of_it(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    load_good(f, "steps: 1000000\n");
    interrupted = 0;
    signal(SIGALRM, interrupt);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .record = 1000, .stop = &interrupted}, &summary),
                     KEDGE_OK);
    signal(SIGALRM, SIG_DFL);
    assert_int_equal(kedge_summary_rows(summary), 0);
    assert_true(kedge_summary_stopped(summary));
    kedge_summary_free(summary);
    assert_string_equal(listing(f, "out"), "recipe.yaml\nschedule.csv\nsummary.csv\nsummary.json\ntiming.json\n");
}

/* ---- failing ---- */

static void a_loss_that_is_no_number_fails_its_seed(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    load_sheet(f, exploding, "");
    assert_int_equal(run(f, (kedge_run_options){.directory = "out"}, &summary), KEDGE_OK);
    assert_int_equal(kedge_summary_rows(summary), 2);
    assert_int_equal(kedge_summary_failures(summary), 2);
    assert_false(kedge_summary_stopped(summary));
    assert_string_equal(kedge_summary_failure(summary, 1),
                        "the reconstruction loss became not a number at step 6; try a lower learning rate");
    assert_true(isnan(kedge_summary_value(summary, 1, 0)));
    kedge_summary_free(summary);
    assert_null(strstr(listing(f, "out"), "model.safetensors"));
}

/* A weight that no float can hold meets a label so rare that only some seeds draw it. */
static void failed_seeds_leave_the_others(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    static const char *const rare[] = {"labels.red=0.0009", "schedule={lr: 0.01, anchor: 1e60}", "steps=100"};
    assert_int_equal(load(f, -1, NULL, "", &(kedge_recipe_options){rare, 3}), KEDGE_OK);
    f->ctx->threads = 2;
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .seed_count = 10}, &summary), KEDGE_OK);
    long long failures = kedge_summary_failures(summary);
    assert_in_range(failures, 1, 9);
    assert_int_equal(kedge_summary_rows(summary), 10);
    for (int i = 0; i < 10; i++) {
        char folder[64];
        bool failed = kedge_summary_failure(summary, i) != NULL;
        assert_int_equal(isnan(kedge_summary_value(summary, i, 0)) != 0, failed);
        snprintf(folder, sizeof folder, "out/seed-%d/model.safetensors", i);
        assert_int_equal(kedge_is_file(in_folder(f, folder)), !failed);
    }
    kedge_summary_free(summary);
    assert_int_equal(trained_by(f, "out", 10, 0), failures); /* they fail again */
}

/* What would be lost by a failure of one seed: a file that stands where its folder should be. */
static void a_seed_that_cannot_be_written_keeps_the_others(void **state)
{
    fixture *f = *state;
    kedge_summary *summary = NULL;
    load_good(f, "");
    run_seeds(f, "fresh", 0, 2, 0);
    assert_int_equal(kedge_run_directory_open(in_folder(f, "out"), f->loaded, false), KEDGE_OK);
    put(f, "out/seed-2", "in the way");
    assert_int_equal(run(f, (kedge_run_options){.directory = "out", .seed_count = 4}, &summary), KEDGE_EIO);
    assert_string_equal(message(f), "out/seed-2: in the way: not a directory");
    assert_null(summary);
    assert_same_tree(f, "out/seed-0", "fresh/seed-0");
    assert_same_tree(f, "out/seed-1", "fresh/seed-1");
    remove_file(f, "out/seed-2");
    run_seeds(f, "all", 0, 4, 0);
    run_seeds(f, "out", 0, 4, 0);
    assert_same_tree(f, "out", "all");
}

static void a_directory_that_cannot_be_made(void **state)
{
    fixture *f = *state;
    kedge_summary *summary = NULL;
    load_good(f, "");
    put(f, "file", "no folder");
    assert_int_equal(run(f, (kedge_run_options){.directory = "file/out"}, &summary), KEDGE_EIO);
    assert_null(summary);
}

/* A full disk, as far as one process can have it: files may not grow past some size. */
static void a_full_disk_leaves_no_half_files(void **state)
{
    fixture *f = *state;
    struct rlimit before, small;
    load_good(f, "");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (rlim_t size = 100; size < 3000; size += 400) {
        kedge_summary *summary = NULL;
        small = (struct rlimit){.rlim_cur = size, .rlim_max = before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        kedge_status status = run(f, (kedge_run_options){.directory = "out", .record = 10}, &summary);
        setrlimit(RLIMIT_FSIZE, &before);
        assert_int_equal(status, KEDGE_EIO);
        assert_non_null(strstr(kedge_error(), ": cannot write: File too large"));
        assert_null(summary);
        assert_no_temporary_files(f, "out");
    }
    signal(SIGXFSZ, SIG_DFL);
    run_seeds(f, "out", 0, 2, 10); /* goes on */
    run_seeds(f, "fresh", 0, 2, 10);
    assert_same_tree(f, "out", "fresh");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_every_file),
        TEST(needs_no_directory),
        TEST(the_summary_has_a_row_per_seed),
        TEST(tells_its_progress),
        TEST(refuses_seeds_and_records_that_cannot_be),
        TEST(same_bytes_for_any_number_of_threads),
        TEST(same_bytes_alone_or_among_others),
        TEST(same_bytes_without_a_record),
        TEST(nothing_is_trained_twice),
        TEST(a_summary_is_made_again_from_models),
        TEST(fewer_seeds_keep_the_rest),
        TEST(deleted_seeds_come_back),
        TEST(seeds_recorded_otherwise_come_back),
        TEST(a_ledger_does_not_go_stale),
        TEST(truncated_seeds_come_back),
        TEST(exchanged_seeds_come_back),
        TEST(stopping_keeps_what_is_finished),
        TEST(stopping_before_the_start_trains_nothing),
        TEST(stopping_a_seed_leaves_nothing_of_it),
        TEST(a_loss_that_is_no_number_fails_its_seed),
        TEST(failed_seeds_leave_the_others),
        TEST(a_seed_that_cannot_be_written_keeps_the_others),
        TEST(a_directory_that_cannot_be_made),
        TEST(a_full_disk_leaves_no_half_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
