/* test_sweep.c - what a sweep puts into its store, whoever computes it and whatever comes between. */
#include "sweep_fixture.h"

#include <pthread.h>

#include "failing_alloc.h"

static const char *const two_axes[] = {"model.hidden=[4],[6]", "optimizer.beta1=0.5..0.9:3"};

/* Six points of four seeds. */
static const kedge_sweep_options grid = {.over = two_axes, .n_over = 2, .first_seed = 3, .seed_count = 4};

/* ---- what comes out ---- */

static void runs_stand_in_the_order_of_points_and_seeds(void **state)
{
    fixture *f = *state;
    static const char *const over[] = {"optimizer.beta1=0.9,0.5"};
    write_recipe(f, "");
    kedge_sweep_report r = swept(f, "s", (kedge_sweep_options){.over = over, .n_over = 1, .seed_count = 2});
    assert_int_equal(r.points, 2);
    assert_int_equal(r.runs, 4);
    assert_int_equal(r.computed, 4);
    assert_int_equal(r.before, 0);
    assert_int_equal(r.failed, 0);
    assert_int_equal(r.pending, 0);
    assert_string_equal(ask(f, "s", "SELECT id, settings, seed, stream, status FROM run ORDER BY id"),
                        "1|{\"optimizer.beta1\":0.9}|0|0|done\n2|{\"optimizer.beta1\":0.9}|1|1|done\n"
                        "3|{\"optimizer.beta1\":0.5}|0|0|done\n4|{\"optimizer.beta1\":0.5}|1|1|done\n");
}

static void without_options_it_runs_the_recipe(void **state)
{
    fixture *f = *state;
    kedge_sweep_report r;
    char store[256];
    write_recipe(f, "");
    snprintf(store, sizeof store, "%s", in_folder(f, "s"));
    assert_int_equal(kedge_sweep(&r, f->ctx, f->folder, store, NULL), KEDGE_OK);
    assert_string_equal(ask(f, "s", "SELECT seed, settings FROM run"), "0|{}\n1|{}\n");
}

/* The same numbers as 'kedge run' has. */
static void a_run_is_the_run_of_its_seed(void **state)
{
    fixture *f = *state;
    kedge_summary *summary;
    char want[64];
    write_recipe(f, "");
    swept(f, "s", (kedge_sweep_options){.first_seed = 7, .seed_count = 1});
    assert_int_equal(run(f, (kedge_run_options){.first_seed = 7, .seed_count = 1}, &summary), KEDGE_OK);
    snprintf(want, sizeof want, "%.15g\n", kedge_summary_value(summary, 0, 0));
    kedge_summary_free(summary);
    assert_string_equal(ask(f, "s", "SELECT printf('%.15g', value) FROM metric WHERE name = 'recon_mse'"), want);
}

static void seeds_of_the_recipe_do_not_count(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    swept(f, "a", (kedge_sweep_options){.seed_count = 3});
    static const char *const other[] = {"seeds=9"};
    swept(f, "b", (kedge_sweep_options){.set = other, .n_set = 1, .seed_count = 3});
    assert_same_store(f, "a", "b");
}

static void repeated_samples_count_once(void **state)
{
    fixture *f = *state;
    static const char *const over[] = {"optimizer.beta1=0.5,0.9"};
    write_recipe(f, "");
    kedge_sweep_options options = {.over = over, .n_over = 1, .samples = 16, .seed_count = 1};
    kedge_sweep_report r = swept(f, "s", options);
    assert_int_equal(r.points, 2);
    assert_int_equal(r.runs, 2);
}

static void the_store_says_what_was_asked(void **state)
{
    fixture *f = *state;
    char want[512];
    write_recipe(f, "");
    swept(f, "s", grid);
    snprintf(want, sizeof want, "%s --over 'model.hidden=[4],[6]' --over 'optimizer.beta1=0.5..0.9:3' --seeds 3..6\n",
             f->folder);
    assert_string_equal(ask(f, "s", "SELECT value FROM meta WHERE key = 'sweep'"), want);
}

static void the_store_has_each_recipe_with_its_sheet(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    swept(f, "s", grid);
    assert_string_equal(ask(f, "s", "SELECT count(*), count(DISTINCT text), min(schedule) = max(schedule) FROM recipe"),
                        "6|6|1\n");
    assert_non_null(strstr(ask(f, "s", "SELECT text FROM recipe WHERE text LIKE '%hidden: [4]%beta1: 0.7%'"),
                           "bottleneck: 3"));
}

typedef struct news {
    long long calls, last, total;
} news;

static void count_news(long long done, long long total, void *payload)
{
    news *n = payload;
    assert_true(done >= n->last);
    n->calls++;
    n->last = done;
    n->total = total;
}

static void tells_its_progress(void **state)
{
    fixture *f = *state;
    news n = {0};
    write_recipe(f, "");
    kedge_sweep_options options = grid;
    options.progress = count_news;
    options.progress_payload = &n;
    swept(f, "s", options);
    assert_true(n.calls >= 2);
    assert_int_equal(n.last, 24);
    assert_int_equal(n.total, 24);
}

/* ---- the same content ---- */

static void same_content_for_any_number_of_threads(void **state)
{
    fixture *f = *state;
    static const char *const names[] = {"one", "two", "seven"};
    static const int threads[] = {1, 2, 7};
    write_recipe(f, "");
    for (int i = 0; i < 3; i++) {
        f->ctx->threads = threads[i];
        swept(f, names[i], grid);
    }
    assert_same_store(f, "one", "two");
    assert_same_store(f, "one", "seven");
}

static void nothing_is_computed_twice(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    swept(f, "once", grid);
    swept(f, "s", grid);
    kedge_sweep_report r = swept(f, "s", grid);
    assert_int_equal(r.computed, 0);
    assert_int_equal(r.before, 24);
    assert_same_store(f, "s", "once");
}

static void a_store_takes_another_sweep(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    swept(f, "s", (kedge_sweep_options){.seed_count = 2});
    kedge_sweep_report r = swept(f, "s", (kedge_sweep_options){.seed_count = 5});
    assert_int_equal(r.computed, 3);
    swept(f, "fresh", (kedge_sweep_options){.seed_count = 5});
    assert_same_store(f, "s", "fresh");
}

/* What another sweep has left pending stays so. */
static void another_sweeps_runs_are_left_alone(void **state)
{
    fixture *f = *state;
    static const int now = 1;
    write_recipe(f, "");
    kedge_sweep_options stopped = grid;
    stopped.stop = &now;
    kedge_sweep_report r;
    assert_int_equal(sweep(f, "s", stopped, &r), KEDGE_ECANCELLED); /* before the points were read */
    stopped.stop = NULL;
    write_recipe(f, "");
    swept(f, "s", (kedge_sweep_options){.seed_count = 2});
    assert_string_equal(ask(f, "s", "SELECT status, count(*) FROM run GROUP BY status"), "done|2\n");
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
    if (done >= s->after) s->stop = 1;
}

static void stopping_keeps_what_is_finished(void **state)
{
    fixture *f = *state;
    stopper s = {.after = 1};
    write_steps(f, 500, "");
    f->ctx->threads = 2;
    kedge_sweep_options options = {.seed_count = 300};
    kedge_sweep_options stopped = options;
    stopped.stop = &s.stop;
    stopped.progress = stop_after;
    stopped.progress_payload = &s;
    kedge_sweep_report r = swept(f, "s", stopped);
    assert_in_range(r.computed, 1, 299);
    assert_int_equal(r.pending, 300 - r.computed);
    kedge_sweep_report rest = swept(f, "s", options);
    assert_int_equal(rest.before, r.computed);
    assert_int_equal(rest.computed, r.pending);
    swept(f, "whole", options);
    assert_same_store(f, "s", "whole");
}

/* ---- failing ---- */

static void a_run_that_fails_leaves_the_others(void **state)
{
    fixture *f = *state;
    static const char *const rare[] = {"labels.red=0.0009", "schedule={lr: 0.01, anchor: 1e60}", "steps=100"};
    write_recipe(f, "");
    f->ctx->threads = 2;
    kedge_sweep_options options = {.set = rare, .n_set = 3, .seed_count = 10};
    kedge_sweep_report r = swept(f, "s", options);
    assert_in_range(r.failed, 1, 9);
    assert_int_equal(r.computed, 10);
    char want[64];
    snprintf(want, sizeof want, "done|%lld\nfailed|%lld\n", 10 - r.failed, r.failed);
    assert_string_equal(ask(f, "s", "SELECT status, count(*) FROM run GROUP BY status ORDER BY status"), want);
    assert_non_null(strstr(ask(f, "s", "SELECT message FROM run WHERE status = 'failed'"), "a lower learning rate"));
    assert_int_equal(swept(f, "s", options).computed, 0);
    options.retry = 1;
    assert_int_equal(swept(f, "s", options).computed, r.failed); /* and they fail again */
    swept(f, "once", options);
    assert_same_store(f, "s", "once");
}

/* ---- mistakes ---- */

static const char *mistakes(fixture *f, const char *const *over, int n)
{
    kedge_sweep_report r;
    assert_int_equal(sweep(f, "s", (kedge_sweep_options){.over = over, .n_over = n}, &r), KEDGE_EINVALID);
    assert_false(kedge_is_file(in_folder(f, "s")));
    return message(f);
}

static void a_wrong_value_is_named_once(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    static const char want[] =
        "--set optimizer.beta1=1.5: 'beta1' in optimizer is '1.5'; must be a number from 0 to 0.999999\n"
        "--set optimizer.beta1=2: 'beta1' in optimizer is '2'; must be a number from 0 to 0.999999";
    static const char *const over[] = {"optimizer.beta1=0.5,1.5,2", "model.hidden=[4],[6]"};
    assert_string_equal(mistakes(f, over, 2), want);
}

static void a_mistake_elsewhere_names_its_point(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    static const char want[] =
        "recipe.yaml:6:30: 'at' in term 'anchor' has 3 numbers; must have 2, the width of 'bottleneck'; with "
        "model.bottleneck=2, optimizer.beta1=0.5, and at 1 more point";
    assert_string_equal(mistakes(f, (const char *const[]){"model.bottleneck=3,2", "optimizer.beta1=0.5,0.9"}, 2), want);
}

static void a_mistake_of_the_recipe_stands_alone(void **state)
{
    fixture *f = *state;
    write_recipe(f, "hold: 20\n");
    assert_string_equal(mistakes(f, (const char *const[]){"optimizer.beta1=0.5,0.9"}, 1),
                        "recipe.yaml:10:7: 'hold' in the recipe is 20; must be below the number of steps, 20");
}

static void a_mistake_of_the_seeds_is_found(void **state)
{
    fixture *f = *state;
    kedge_sweep_report r;
    static const char *const set[] = {"seeds=0"};
    write_recipe(f, "");
    assert_int_equal(sweep(f, "s", (kedge_sweep_options){.set = set, .n_set = 1}, &r), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "--set seeds=0"));
}

static void too_many_runs_are_refused(void **state)
{
    fixture *f = *state;
    kedge_sweep_report r;
    write_recipe(f, "");
    kedge_sweep_options options = grid;
    options.seed_count = 2000000;
    assert_int_equal(sweep(f, "s", options, &r), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "2000000 seeds at each of 6 points are too many; at most 10000000 runs in all");
    options.seed_count = 2000;
    options.attribute = 1;
    assert_int_equal(sweep(f, "s", options, &r), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "2000 seeds crossed with themselves at each of 6 points are too many; at most "
                                       "10000000 runs in all");
}

static void one_seed_is_not_crossed(void **state)
{
    fixture *f = *state;
    kedge_sweep_report r;
    write_recipe(f, "");
    assert_int_equal(sweep(f, "s", (kedge_sweep_options){.seed_count = 1, .attribute = 1}, &r), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), "one seed cannot be crossed with another; ask for at least two");
}

static void a_store_that_is_none_is_refused(void **state)
{
    fixture *f = *state;
    kedge_sweep_report r;
    write_recipe(f, "");
    put(f, "s", "my thesis");
    assert_int_equal(sweep(f, "s", grid, &r), KEDGE_EFORMAT);
    assert_string_equal(message(f), "s: not a store but another kind of file");
}

/* ---- crossed seeds ---- */

static void crossed_seeds_stand_with_both(void **state)
{
    fixture *f = *state;
    write_recipe(f, "");
    kedge_sweep_report r = swept(f, "s", (kedge_sweep_options){.first_seed = 4, .seed_count = 2, .attribute = 1});
    assert_int_equal(r.runs, 4);
    assert_string_equal(ask(f, "s", "SELECT seed, stream FROM run ORDER BY id"), "4|4\n4|5\n5|4\n5|5\n");
    /* those with equal seeds are the plain runs */
    swept(f, "plain", (kedge_sweep_options){.first_seed = 4, .seed_count = 2});
    static const char diagonal[] = "SELECT printf('%.15g', value) FROM metric JOIN run ON id = run_id "
                                   "WHERE seed = stream ORDER BY seed, name";
    char *want = strdup(ask(f, "plain", diagonal));
    assert_non_null(want);
    assert_string_equal(ask(f, "s", diagonal), want);
    free(want);
    assert_string_equal(ask(f, "s", "SELECT count(DISTINCT value) FROM metric WHERE name = 'recon_mse'"), "4\n");
}

/* ---- too little memory ---- */

/* The crew's thread asks for memory too. */
typedef struct shared_alloc {
    failing_alloc memory;
    pthread_mutex_t lock;
} shared_alloc;

static void *get(size_t size, void *payload)
{
    shared_alloc *self = payload;
    pthread_mutex_lock(&self->lock);
    void *block = failing_alloc_get(size, &self->memory);
    pthread_mutex_unlock(&self->lock);
    return block;
}

static void give_back(void *block, void *payload)
{
    shared_alloc *self = payload;
    pthread_mutex_lock(&self->lock);
    failing_alloc_put(block, &self->memory);
    pthread_mutex_unlock(&self->lock);
}

/* Every allocation fails once; the store is whole after each. */
static void with_little_memory_nothing_is_lost(void **state)
{
    fixture *f = *state;
    static const char *const over[] = {"optimizer.beta1=0.5,0.9"};
    char store[256];
    write_recipe(f, "");
    snprintf(store, sizeof store, "%s", in_folder(f, "s"));
    kedge_sweep_options sweep_options = {.over = over, .n_over = 1, .seed_count = 2};
    bool failed = true;
    for (size_t n = 1; failed; n += n < 40 ? 1 : 7) {
        shared_alloc memory = {.lock = PTHREAD_MUTEX_INITIALIZER};
        kedge_context_options options = {.alloc = get, .free = give_back, .alloc_payload = &memory, .threads = 1,
                                         .kernels = "ref"};
        kedge_context *ctx;
        kedge_sweep_report report;
        unlink(store);
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.memory.requests = 0;
        memory.memory.fail_at = n;
        kedge_status status = kedge_sweep(&report, ctx, f->folder, store, &sweep_options);
        failed = memory.memory.requests >= n;
        assert_int_equal(status, failed ? KEDGE_ENOMEM : KEDGE_OK);
        kedge_context_free(ctx);
        assert_int_equal(memory.memory.in_use, 0);
        swept(f, "s", sweep_options);
        if (n == 1) swept(f, "whole", sweep_options);
        assert_same_store(f, "s", "whole");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(runs_stand_in_the_order_of_points_and_seeds),
        TEST(without_options_it_runs_the_recipe),
        TEST(a_run_is_the_run_of_its_seed),
        TEST(seeds_of_the_recipe_do_not_count),
        TEST(repeated_samples_count_once),
        TEST(the_store_says_what_was_asked),
        TEST(the_store_has_each_recipe_with_its_sheet),
        TEST(tells_its_progress),
        TEST(same_content_for_any_number_of_threads),
        TEST(nothing_is_computed_twice),
        TEST(a_store_takes_another_sweep),
        TEST(another_sweeps_runs_are_left_alone),
        TEST(stopping_keeps_what_is_finished),
        TEST(a_run_that_fails_leaves_the_others),
        TEST(a_wrong_value_is_named_once),
        TEST(a_mistake_elsewhere_names_its_point),
        TEST(a_mistake_of_the_recipe_stands_alone),
        TEST(a_mistake_of_the_seeds_is_found),
        TEST(too_many_runs_are_refused),
        TEST(one_seed_is_not_crossed),
        TEST(a_store_that_is_none_is_refused),
        TEST(crossed_seeds_stand_with_both),
        TEST(with_little_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
