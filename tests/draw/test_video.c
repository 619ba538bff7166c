/* video: frames become files, whole or not at all, with the same bytes every time. */
#include "draw_test.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>

#include "draw/video.h"
#include "draw/video_kind.h"
#include "failing_alloc.h"

enum { WIDTH = 320, HEIGHT = 180, FRAMES = 40, FPS = 20 };

static const kedge_encoder_options usual = {WIDTH, HEIGHT, FPS, 75, "a square"};

/* A square that goes from left to right. */
static void fill(uint32_t *pixels, int frame)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool in = x >= 6 * frame && x < 6 * frame + 40 && y >= 60 && y < 100;
            pixels[y * WIDTH + x] = in ? 0xff0000 : 0xffffff;
        }
}

static kedge_status write_frames(kedge_encoder *encoder, int n)
{
    for (int i = 0; i < n; i++) {
        uint32_t *pixels;
        kedge_status status = kedge_encoder_begin(encoder, &pixels);
        if (status) return status;
        fill(pixels, i);
        kedge_encoder_end(encoder);
    }
    return KEDGE_OK;
}

static kedge_status write_video(kedge_context *ctx, const char *path)
{
    kedge_encoder *encoder;
    kedge_status status = kedge_encoder_open(&encoder, ctx, path, &usual);
    if (status) return status;
    status = write_frames(encoder, FRAMES);
    if (!status) return kedge_encoder_commit(encoder);
    kedge_encoder_abort(encoder);
    return status;
}

/* A build or machine without codecs has nothing to test there, but says so. */
static bool no_codec(folder *f, const char *name)
{
    if (kedge_video_load() == KEDGE_OK) return false;
    assert_int_equal(write_video(f->ctx, in_folder(f, name)), KEDGE_EUNSUPPORTED);
    assert_int_equal(files_in(f), 0);
    return true;
}

static void same_bytes(folder *f, const char *suffix)
{
    char one[16], two[16], three[16];
    kedge_context *alone;
    snprintf(one, sizeof one, "one%s", suffix);
    snprintf(two, sizeof two, "two%s", suffix);
    snprintf(three, sizeof three, "three%s", suffix);
    assert_int_equal(kedge_context_create(&alone, &(kedge_context_options){.threads = 1}), KEDGE_OK);
    assert_int_equal(write_video(alone, in_folder(f, one)), KEDGE_OK);
    kedge_context_free(alone);
    assert_int_equal(kedge_context_create(&alone, &(kedge_context_options){.threads = 2}), KEDGE_OK);
    assert_int_equal(write_video(alone, in_folder(f, two)), KEDGE_OK);
    assert_int_equal(write_video(alone, in_folder(f, three)), KEDGE_OK);
    kedge_context_free(alone);
    assert_same_files(f, one, two);
    assert_same_files(f, two, three);
}

static void mp4_has_the_same_bytes_every_time(void **state)
{
    if (!no_codec(*state, "one.mp4")) same_bytes(*state, ".mp4");
}

static void webm_has_the_same_bytes_every_time(void **state)
{
    if (!no_codec(*state, "one.webm")) same_bytes(*state, ".webm");
}

/* ---- MP4: boxes of a length and a name */

static uint32_t big_endian(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* What is in the first box named so, in the boxes that hold it. */
static const char *box(const char *bytes, const char *end, const char *path)
{
    for (const char *at = bytes; at + 8 <= end && big_endian(at) >= 8; at += big_endian(at))
        if (memcmp(at + 4, path, 4) == 0)
            return path[4] ? box(at + 8, at + big_endian(at), path + 5) : at + 8;
    return NULL;
}

static void mp4_says_what_it_holds(void **state)
{
    size_t length;
    if (no_codec(*state, "a.mp4")) return;
    assert_int_equal(write_video(((folder *)*state)->ctx, in_folder(*state, "a.mp4")), KEDGE_OK);
    char *bytes = bytes_of(*state, "a.mp4", &length), *end = bytes + length;
    const char *track = box(bytes, end, "moov/trak/tkhd"), *media = box(bytes, end, "moov/trak/mdia/mdhd");
    const char *samples = box(bytes, end, "moov/trak/mdia/minf/stbl/stsz");
    if (!track || !media || !samples) {
        fail_msg("a box is missing");
        return;
    }
    assert_int_equal(big_endian(track + 76) >> 16, WIDTH);
    assert_int_equal(big_endian(track + 80) >> 16, HEIGHT);
    assert_int_equal(big_endian(samples + 8), FRAMES);
    assert_int_equal(big_endian(media + 16), big_endian(media + 12) * FRAMES / FPS); /* duration, in units a second */
    kedge_free(((folder *)*state)->ctx, bytes);
}

static void mp4_has_its_index_first(void **state)
{
    size_t length;
    if (no_codec(*state, "a.mp4")) return;
    assert_int_equal(write_video(((folder *)*state)->ctx, in_folder(*state, "a.mp4")), KEDGE_OK);
    char *bytes = bytes_of(*state, "a.mp4", &length), *end = bytes + length;
    const char *index = box(bytes, end, "moov"), *frames = box(bytes, end, "mdat");
    assert_true(index && frames && index < frames);
    kedge_free(((folder *)*state)->ctx, bytes);
}

static void mp4_has_no_date(void **state)
{
    size_t length;
    if (no_codec(*state, "a.mp4")) return;
    assert_int_equal(write_video(((folder *)*state)->ctx, in_folder(*state, "a.mp4")), KEDGE_OK);
    char *bytes = bytes_of(*state, "a.mp4", &length);
    const char *movie = box(bytes, bytes + length, "moov/mvhd");
    if (movie) assert_int_equal(big_endian(movie + 4), 0);
    else fail_msg("a box is missing");
    kedge_free(((folder *)*state)->ctx, bytes);
}

/* ---- WebM: elements of a number, a length and contents */

static uint64_t ebml_number(const unsigned char **at, bool keep_mark)
{
    int more = 0;
    while (!(**at & 0x80 >> more)) more++;
    uint64_t value = keep_mark ? **at : **at & (0x7f >> more);
    for (++*at; more > 0; more--) value = value << 8 | *(*at)++;
    return value;
}

typedef struct webm_facts {
    uint64_t width, height;
    double duration; /* ms */
    int blocks;
} webm_facts;

static void ebml_walk(const unsigned char *at, const unsigned char *end, webm_facts *facts)
{
    while (at < end) {
        uint64_t id = ebml_number(&at, true), length = ebml_number(&at, false), value = 0;
        for (uint64_t i = 0; i < length && length <= 8; i++) value = value << 8 | at[i];
        bool holds_others = id == 0x18538067 || id == 0x1549a966 || id == 0x1654ae6b || id == 0xae || id == 0xe0 ||
                            id == 0x1f43b675; /* Segment, Info, Tracks, TrackEntry, Video, Cluster */
        if (holds_others) ebml_walk(at, at + length, facts);
        if (id == 0xb0) facts->width = value;
        if (id == 0xba) facts->height = value;
        if (id == 0xa3) facts->blocks++;
        if (id == 0x4489) memcpy(&facts->duration, &value, sizeof value);
        at += length;
    }
}

static void webm_says_what_it_holds(void **state)
{
    size_t length;
    webm_facts facts = {0};
    if (no_codec(*state, "a.webm")) return;
    assert_int_equal(write_video(((folder *)*state)->ctx, in_folder(*state, "a.webm")), KEDGE_OK);
    char *bytes = bytes_of(*state, "a.webm", &length);
    ebml_walk((const unsigned char *)bytes, (const unsigned char *)bytes + length, &facts);
    assert_int_equal(facts.width, WIDTH);
    assert_int_equal(facts.height, HEIGHT);
    assert_int_equal(facts.blocks, FRAMES);
    assert_true(fabs(facts.duration - 1000.0 * FRAMES / FPS) < 1);
    kedge_free(((folder *)*state)->ctx, bytes);
}

/* ---- frames */

static void frames_are_the_pixels_given(void **state)
{
    folder *f = *state;
    static uint32_t expected[WIDTH * HEIGHT];
    assert_int_equal(write_video(f->ctx, in_folder(f, "frames/")), KEDGE_OK);
    cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, "frames/frame-00031.png"));
    assert_int_equal(cairo_image_surface_get_width(image), WIDTH);
    assert_int_equal(cairo_image_surface_get_height(image), HEIGHT);
    fill(expected, 30);
    const unsigned char *rows = cairo_image_surface_get_data(image);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint32_t pixel;
            memcpy(&pixel, rows + (size_t)y * (size_t)cairo_image_surface_get_stride(image) + 4 * (size_t)x, 4);
            if ((pixel & 0xffffff) != expected[y * WIDTH + x]) fail_msg("pixel %d, %d is another", x, y);
        }
    cairo_surface_destroy(image);
}

static void frames_are_all_there(void **state)
{
    folder *f = *state, inside = {0};
    assert_int_equal(write_video(f->ctx, in_folder(f, "frames/")), KEDGE_OK);
    snprintf(inside.path, sizeof inside.path, "%s", f->path);
    strncat(inside.path, "/frames", sizeof inside.path - strlen(inside.path) - 1);
    assert_int_equal(files_in(&inside), FRAMES);
}

static void a_folder_that_holds_something_is_left_alone(void **state)
{
    folder *f = *state;
    assert_int_equal(kedge_make_directory(in_folder(f, "frames")), KEDGE_OK);
    assert_int_equal(kedge_file_write(f->ctx, in_folder(f, "frames/mine"), "x", 1), KEDGE_OK);
    assert_int_equal(write_video(f->ctx, in_folder(f, "frames")), KEDGE_EEXISTS);
    assert_int_equal(files_in(f), 1);
}

static void an_empty_folder_is_filled(void **state)
{
    folder *f = *state;
    assert_int_equal(kedge_make_directory(in_folder(f, "frames")), KEDGE_OK);
    assert_int_equal(write_video(f->ctx, in_folder(f, "frames")), KEDGE_OK);
    assert_true(kedge_is_file(in_folder(f, "frames/frame-00001.png")));
}

/* ---- whole or not at all */

static void assert_abort_leaves_nothing(folder *f, const char *name)
{
    kedge_encoder *encoder;
    assert_int_equal(kedge_encoder_open(&encoder, f->ctx, in_folder(f, name), &usual), KEDGE_OK);
    assert_int_equal(write_frames(encoder, 5), KEDGE_OK);
    kedge_encoder_abort(encoder);
    assert_int_equal(files_in(f), 0);
}

static void abort_leaves_no_mp4(void **state)
{
    if (!no_codec(*state, "a.mp4")) assert_abort_leaves_nothing(*state, "a.mp4");
}

static void abort_leaves_no_webm(void **state)
{
    if (!no_codec(*state, "a.webm")) assert_abort_leaves_nothing(*state, "a.webm");
}

static void abort_leaves_no_frames(void **state)
{
    assert_abort_leaves_nothing(*state, "frames/");
}

static void nothing_is_printed(void **state)
{
    folder *f = *state;
    if (no_codec(f, "a.mp4")) return;
    int kept = dup(STDERR_FILENO), to = open(in_folder(f, "said"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    assert_true(kept >= 0 && to >= 0);
    dup2(to, STDERR_FILENO);
    kedge_status mp4 = write_video(f->ctx, in_folder(f, "a.mp4"));
    kedge_status webm = write_video(f->ctx, in_folder(f, "a.webm"));
    dup2(kept, STDERR_FILENO);
    close(kept);
    off_t said = lseek(to, 0, SEEK_END);
    close(to);
    assert_true(mp4 == KEDGE_OK && webm == KEDGE_OK);
    assert_int_equal(said, 0);
}

static void assert_each_allocation_may_fail(folder *f, const char *name)
{
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        (void)kedge_remove_tree(in_folder(f, name));
        kedge_status status = kedge_context_create(&ctx, &options);
        if (status) continue;
        status = write_video(ctx, in_folder(f, name));
        kedge_context_free(ctx);
        if (status && status != KEDGE_ENOMEM) fail_msg("allocation %zu: %s", n, kedge_error());
        assert_int_equal(memory.in_use, 0);
        assert_int_equal(files_in(f), status == KEDGE_OK);
        if (memory.requests < n) break;
    }
}

static void each_allocation_of_mp4_may_fail(void **state)
{
    if (!no_codec(*state, "a.mp4")) assert_each_allocation_may_fail(*state, "a.mp4");
}

static void each_allocation_of_frames_may_fail(void **state)
{
    assert_each_allocation_may_fail(*state, "frames/");
}

/* ---- what is refused */

static kedge_status open_with(folder *f, const char *name, kedge_encoder_options options)
{
    kedge_encoder *encoder;
    kedge_status status = kedge_encoder_open(&encoder, f->ctx, in_folder(f, name), &options);
    if (!status) kedge_encoder_abort(encoder);
    return status;
}

static void an_unknown_suffix_is_refused(void **state)
{
    assert_int_equal(open_with(*state, "a.avi", usual), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "it ends in .mp4 or .webm, or in / for a folder of frames"));
}

static void a_bare_suffix_is_no_name(void **state)
{
    assert_int_equal(open_with(*state, ".mp4", usual), KEDGE_EINVALID);
}

static void odd_sides_are_refused(void **state)
{
    assert_int_equal(open_with(*state, "f/", (kedge_encoder_options){321, 180, 20, 75, NULL}), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "321 x 180 pixels make no video; both sides are even, 64 to 7680"));
}

static void a_rate_of_no_frames_is_refused(void **state)
{
    assert_int_equal(open_with(*state, "f/", (kedge_encoder_options){320, 180, 0, 75, NULL}), KEDGE_EINVALID);
}

static void a_quality_past_the_best_is_refused(void **state)
{
    assert_int_equal(open_with(*state, "f/", (kedge_encoder_options){320, 180, 20, 101, NULL}), KEDGE_EINVALID);
}

/* ---- planes */

static void assert_planes(uint32_t colour, int luma, int u, int v)
{
    const uint32_t pixels[4] = {colour, colour, colour, colour};
    uint8_t y[4], cb, cr;
    uint8_t *const planes[3] = {y, &cb, &cr};
    kedge_video_planes(2, 2, pixels, planes, (const int[3]){2, 1, 1});
    for (int i = 0; i < 4; i++) assert_int_equal(y[i], luma);
    assert_int_equal(cb, u);
    assert_int_equal(cr, v);
}

/* Recommendation ITU-R BT.709, items 3.2 to 3.5: full amplitudes and the primaries. */
static void planes_are_those_of_the_standard(void **state)
{
    (void)state;
    assert_planes(0xffffff, 235, 128, 128);
    assert_planes(0x000000, 16, 128, 128);
    assert_planes(0xff0000, 63, 102, 240);
    assert_planes(0x00ff00, 173, 42, 26);
    assert_planes(0x0000ff, 32, 240, 118);
}

static void chroma_lies_with_the_even_columns(void **state)
{
    (void)state;
    /* Blue in column 1 alone: a quarter of it belongs to column 0, a quarter to column 2. */
    const uint32_t pixels[8] = {0, 255, 0, 0, 0, 255, 0, 0};
    uint8_t y[8], cb[2], cr[2];
    uint8_t *const planes[3] = {y, cb, cr};
    kedge_video_planes(4, 2, pixels, planes, (const int[3]){4, 2, 2});
    assert_int_equal(cb[0], 128 + 28);
    assert_int_equal(cb[1], 128 + 28);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(mp4_has_the_same_bytes_every_time),
        in_fresh_folder(webm_has_the_same_bytes_every_time),
        in_fresh_folder(mp4_says_what_it_holds),
        in_fresh_folder(mp4_has_its_index_first),
        in_fresh_folder(mp4_has_no_date),
        in_fresh_folder(webm_says_what_it_holds),
        in_fresh_folder(frames_are_the_pixels_given),
        in_fresh_folder(frames_are_all_there),
        in_fresh_folder(a_folder_that_holds_something_is_left_alone),
        in_fresh_folder(an_empty_folder_is_filled),
        in_fresh_folder(abort_leaves_no_mp4),
        in_fresh_folder(abort_leaves_no_webm),
        in_fresh_folder(abort_leaves_no_frames),
        in_fresh_folder(nothing_is_printed),
        in_fresh_folder(each_allocation_of_mp4_may_fail),
        in_fresh_folder(each_allocation_of_frames_may_fail),
        in_fresh_folder(an_unknown_suffix_is_refused),
        in_fresh_folder(a_bare_suffix_is_no_name),
        in_fresh_folder(odd_sides_are_refused),
        in_fresh_folder(a_rate_of_no_frames_is_refused),
        in_fresh_folder(a_quality_past_the_best_is_refused),
        cmocka_unit_test(planes_are_those_of_the_standard),
        cmocka_unit_test(chroma_lies_with_the_even_columns),
    };
    return cmocka_run_group_tests_name("video", tests, NULL, NULL);
}
