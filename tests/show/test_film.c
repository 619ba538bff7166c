/* test_film.c - a run as a video: what its frames show, and when it is not made. */
#include "figure_fixture.h"

#include "kedge/video.h"

static const kedge_video_options small = {.seed = -1, .width = 96, .height = 64, .frames = 12, .fps = 4, .quality = 50};

static void make(const fixture *f, const char *input, const kedge_video_options *options, const char *name)
{
    if (kedge_video(f->ctx, in_folder(f, input), options, in_folder(f, name))) fail_msg("%s", kedge_error());
}

static void check_refused(fixture *f, const kedge_video_options *options, const char *name, kedge_status status,
                          const char *words)
{
    assert_int_equal(kedge_video(f->ctx, f->folder, options, in_folder(f, name)), status);
    if (!strstr(kedge_error(), words)) fail_msg("'%s' does not say '%s'", kedge_error(), words);
    assert_no_temporary_files(f, "");
}

static void a_recipe_has_so_many_frames(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    make(f, "", &small, "frames/");
    assert_true(kedge_is_file(in_folder(f, "frames/frame-00012.png")));
    assert_false(kedge_is_file(in_folder(f, "frames/frame-00013.png")));
}

static void it_stands_at_both_ends(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    make(f, "", &small, "frames/"); /* half a second: two frames */
    assert_true(same_file(f, "frames/frame-00001.png", "frames/frame-00002.png"));
    assert_true(same_file(f, "frames/frame-00011.png", "frames/frame-00012.png"));
    assert_false(same_file(f, "frames/frame-00004.png", "frames/frame-00005.png"));
    assert_false(same_file(f, "frames/frame-00001.png", "frames/frame-00012.png"));
}

static void a_run_a_model_and_a_recipe_give_the_same_frames(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_model_free(figure_model(f));
    make(f, "", &small, "recipe/");
    make(f, "out", &small, "run/");
    make(f, "out/seed-0/model.safetensors", &small, "model/");
    assert_same_tree(f, "recipe", "run");
    assert_same_tree(f, "recipe", "model");
}

static void seeds_differ(void **state)
{
    fixture *f = *state;
    kedge_video_options other = small;
    other.seed = 1;
    load_good(f, "");
    make(f, "", &small, "a/");
    make(f, "", &other, "b/");
    assert_false(same_file(f, "a/frame-00001.png", "b/frame-00001.png"));
}

static void any_number_of_threads_gives_the_same_frames(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    for (int threads = 1; threads <= 2; threads++) {
        kedge_context *ctx;
        assert_int_equal(kedge_context_create(&ctx, &(kedge_context_options){.threads = threads}), KEDGE_OK);
        kedge_status status = kedge_video(ctx, f->folder, &small, in_folder(f, threads == 1 ? "one/" : "two/"));
        kedge_context_free(ctx);
        if (status) fail_msg("%s", kedge_error());
    }
    assert_same_tree(f, "one", "two");
}

static void points_that_are_no_colours_have_a_film(void **state)
{
    fixture *f = *state;
    kedge_model_free(figure_model_of_table(f));
    make(f, "out", &small, "frames/");
    assert_true(kedge_is_file(in_folder(f, "frames/frame-00012.png")));
}

typedef struct counter {
    long long calls, done, total;
    volatile int stop;
} counter;

static void count(long long done, long long total, void *payload)
{
    counter *c = payload;
    c->calls++;
    c->done = done;
    c->total = total;
    if (done == 5) c->stop = 1;
}

static void progress_is_told_of_each_frame(void **state)
{
    fixture *f = *state;
    counter c = {0};
    kedge_video_options options = small;
    options.progress = count;
    options.progress_payload = &c;
    load_good(f, "");
    make(f, "", &options, "frames/");
    assert_int_equal(c.calls, 12);
    assert_int_equal(c.done, 12);
    assert_int_equal(c.total, 12);
}

static void stopped_it_leaves_nothing(void **state)
{
    fixture *f = *state;
    counter c = {0};
    kedge_video_options options = small;
    options.progress = count;
    options.progress_payload = &c;
    options.stop = &c.stop;
    load_good(f, "");
    check_refused(f, &options, "frames/", KEDGE_ECANCELLED, "stopped after 5 of 12 frames; nothing was written");
    assert_false(kedge_is_directory(in_folder(f, "frames")));
}

static void a_codec_makes_a_file_or_is_missed(void **state)
{
    fixture *f = *state;
    static const char *const names[] = {"a.mp4", "a.webm"};
    load_good(f, "");
    for (int i = 0; i < 2; i++) {
        kedge_status status = kedge_video(f->ctx, f->folder, &small, in_folder(f, names[i]));
        assert_int_equal(status, kedge_video_supported() ? KEDGE_OK : KEDGE_EUNSUPPORTED);
        assert_int_equal(kedge_is_file(in_folder(f, names[i])), status == KEDGE_OK);
    }
}

static void one_frame_is_no_video(void **state)
{
    kedge_video_options options = small;
    options.frames = 1;
    check_refused(*state, &options, "frames/", KEDGE_EINVALID, "1 frames make no video; there are 2 to 99999");
}

static void an_odd_size_is_refused(void **state)
{
    kedge_video_options options = small;
    options.width = 97;
    check_refused(*state, &options, "frames/", KEDGE_EINVALID, "97 x 64 pixels make no video");
}

static void another_suffix_is_refused_before_training(void **state)
{
    check_refused(*state, &small, "a.gif", KEDGE_EINVALID, "it ends in .mp4 or .webm");
}

static void a_dim_that_is_not_there_is_refused(void **state)
{
    fixture *f = *state;
    static const int pairs[][2] = {{0, 3}};
    kedge_video_options options = small;
    options.pairs = pairs;
    options.n_pairs = 1;
    load_good(f, "");
    check_refused(f, &options, "frames/", KEDGE_EINVALID, "cannot draw dimensions 0 and 3");
}

static void each_allocation_may_fail(void **state)
{
    fixture *f = *state;
    kedge_video_options options = small;
    options.width = options.height = 64;
    options.frames = 2;
    load_good(f, "");
    kedge_model_free(figure_model(f));
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options own = failing_alloc_options(&memory);
        kedge_context *ctx;
        if (kedge_context_create(&ctx, &own)) continue;
        (void)kedge_remove_tree(in_folder(f, "frames"));
        kedge_status status = kedge_video(ctx, in_folder(f, "out/seed-0/model.safetensors"), &options,
                                          in_folder(f, "frames/"));
        if (status && status != KEDGE_ENOMEM) fail_msg("allocation %zu: %s", n, kedge_error());
        assert_int_equal(kedge_is_directory(in_folder(f, "frames")), status == KEDGE_OK);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
    assert_no_temporary_files(f, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_recipe_has_so_many_frames),
        TEST(it_stands_at_both_ends),
        TEST(a_run_a_model_and_a_recipe_give_the_same_frames),
        TEST(seeds_differ),
        TEST(any_number_of_threads_gives_the_same_frames),
        TEST(points_that_are_no_colours_have_a_film),
        TEST(progress_is_told_of_each_frame),
        TEST(stopped_it_leaves_nothing),
        TEST(a_codec_makes_a_file_or_is_missed),
        TEST(one_frame_is_no_video),
        TEST(an_odd_size_is_refused),
        TEST(another_suffix_is_refused_before_training),
        TEST(a_dim_that_is_not_there_is_refused),
        TEST(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
