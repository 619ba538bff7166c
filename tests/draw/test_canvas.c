/* test_canvas.c - pages become files of the right kind, the same each time, or nothing. */
#include "draw_test.h"

#include <signal.h>
#include <sys/resource.h>

#include "draw/canvas.h"

static const kedge_canvas_options page = {
    .width = 60, .height = 40, .paper = {1, 1, 1}, .title = "A title", .description = "a < b & c"};

static kedge_status make(folder *f, const char *name, const kedge_canvas_options *options)
{
    kedge_canvas canvas = {0};
    kedge_status status = kedge_canvas_init(&canvas, f->ctx, &(kedge_picture){.path = in_folder(f, name)}, options);
    if (status) return status;
    cairo_rectangle(canvas.cr, 10, 10, 20, 20);
    kedge_canvas_ink(canvas.cr, (kedge_ink){1, 0, 0}, 1);
    cairo_fill(canvas.cr);
    cairo_move_to(canvas.cr, 10, 35);
    cairo_show_text(canvas.cr, "text");
    status = kedge_canvas_save(&canvas);
    kedge_canvas_release(&canvas);
    return status;
}

static void check_beginning(folder *f, const char *name, const char *magic, size_t length)
{
    size_t size;
    assert_int_equal(make(f, name, &page), KEDGE_OK);
    char *bytes = bytes_of(f, name, &size);
    assert_true(size > 400);
    assert_memory_equal(bytes, magic, length);
    kedge_free(f->ctx, bytes);
}

static void png_begins_as_one(void **state)
{
    check_beginning(*state, "a.png", "\x89PNG\r\n\x1a\n", 8);
}

static void svg_begins_as_one(void **state)
{
    check_beginning(*state, "a.svg", "<?xml", 5);
}

static void pdf_begins_as_one(void **state)
{
    check_beginning(*state, "a.pdf", "%PDF-1.", 7);
}

static void suffix_in_capitals_counts(void **state)
{
    check_beginning(*state, "a.PNG", "\x89PNG", 4);
}

static void check_size(folder *f, double scale, int wide, int high)
{
    kedge_canvas_options options = page;
    options.scale = scale;
    assert_int_equal(make(f, "a.png", &options), KEDGE_OK);
    cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, "a.png"));
    assert_int_equal(cairo_image_surface_get_width(image), wide);
    assert_int_equal(cairo_image_surface_get_height(image), high);
    cairo_surface_destroy(image);
}

static void png_has_two_pixels_a_point(void **state)
{
    check_size(*state, 0, 120, 80);
}

static void png_scale_as_asked(void **state)
{
    check_size(*state, 3, 180, 120);
}

static void drawing_lands_on_the_pixels_of_its_points(void **state)
{
    folder *f = *state;
    assert_int_equal(make(f, "a.png", &page), KEDGE_OK);
    cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, "a.png"));
    assert_in_range(pixels_like(image, 0xff0000), 1600, 1800); /* 40 x 40, and some of the text */
    cairo_surface_destroy(image);
}

static void check_repetition(folder *f, const char *a, const char *b)
{
    assert_int_equal(make(f, a, &page), KEDGE_OK);
    assert_int_equal(make(f, b, &page), KEDGE_OK);
    assert_same_files(f, a, b);
}

static void png_repeats_to_the_byte(void **state)
{
    check_repetition(*state, "a.png", "b.png");
}

static void svg_repeats_to_the_byte(void **state)
{
    check_repetition(*state, "a.svg", "b.svg");
}

static void pdf_repeats_to_the_byte(void **state)
{
    check_repetition(*state, "a.pdf", "b.pdf");
}

static void check_holds(folder *f, const char *name, const kedge_canvas_options *options, const char *what)
{
    size_t size;
    assert_int_equal(make(f, name, options), KEDGE_OK);
    char *bytes = bytes_of(f, name, &size);
    assert_non_null(memmem(bytes, size, what, strlen(what)));
    kedge_free(f->ctx, bytes);
}

static void svg_has_its_description_escaped(void **state)
{
    check_holds(*state, "a.svg", &page, "<title>A title</title>\n<desc>a &lt; b &amp; c</desc>");
}

static void svg_description_is_cleaned(void **state)
{
    kedge_canvas_options options = page;
    options.description = "\xff|\x01|\xc3\xa9|\xef\xbf\xbf|\xed\xa0\x80";
    check_holds(*state, "a.svg", &options, "<desc>?| |\xc3\xa9|\?\?\?|\?\?\?</desc>");
}

static void pdf_has_its_title(void **state)
{
    check_holds(*state, "a.pdf", &page, "/Title (A title)");
}

static void pdf_date_is_fixed(void **state)
{
    check_holds(*state, "a.pdf", &page, "20000101000000Z)");
}

/* CRC-32 from its polynomial, most significant bit first on reversed bytes: not how the canvas does it. */
static unsigned long checksum(const unsigned char *bytes, size_t length)
{
    unsigned long sum = 0xffffffffu, reversed = 0;
    for (size_t i = 0; i < 8 * length; i++) {
        unsigned long bit = bytes[i / 8] >> i % 8 & 1, top = sum >> 31;
        sum = sum << 1 & 0xffffffffu;
        if (top != bit) sum ^= 0x04c11db7u;
    }
    for (int i = 0; i < 32; i++) reversed |= (sum >> i & 1) << (31 - i);
    return reversed ^ 0xffffffffu;
}

static void png_has_its_description_in_a_sound_chunk(void **state)
{
    static const char body[] = "iTXtDescription\0\0\0\0\0a < b & c";
    folder *f = *state;
    size_t size, length = sizeof body - 1;
    assert_int_equal(make(f, "a.png", &page), KEDGE_OK);
    char *bytes = bytes_of(f, "a.png", &size);
    const unsigned char *chunk = memmem(bytes, size, body, length);
    assert_non_null(chunk);
    assert_int_equal(chunk[-1], length - 4);
    unsigned long sum = (unsigned long)chunk[length] << 24 | (unsigned long)chunk[length + 1] << 16 |
                        (unsigned long)chunk[length + 2] << 8 | chunk[length + 3];
    assert_int_equal(sum, checksum(chunk, length));
    kedge_free(f->ctx, bytes);
}

static void check_refused(folder *f, const char *name, const kedge_canvas_options *options, const char *words)
{
    assert_int_equal(make(f, name, options), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), words));
    assert_int_equal(files_in(f), 0);
}

static void unknown_suffix_names_the_right_ones(void **state)
{
    check_refused(*state, "a.jpg", &page, "it ends in .png, .svg or .pdf");
}

static void no_suffix_is_refused(void **state)
{
    check_refused(*state, "png", &page, "it ends in");
}

static void nothing_but_a_suffix_is_refused(void **state)
{
    check_refused(*state, ".png", &page, "it ends in");
}

static void page_without_a_size_is_refused(void **state)
{
    kedge_canvas_options options = page;
    options.height = 0;
    check_refused(*state, "a.pdf", &options, "60 x 0 points");
}

static void page_of_too_many_pixels_is_refused(void **state)
{
    kedge_canvas_options options = page;
    options.width = 16001;
    check_refused(*state, "a.png", &options, "32002 x 80 pixels");
}

static void missing_folder_is_said(void **state)
{
    folder *f = *state;
    assert_int_equal(make(f, "none/a.svg", &page), KEDGE_EIO);
    assert_int_equal(files_in(f), 0);
}

static void failed_drawing_leaves_no_file(void **state)
{
    folder *f = *state;
    kedge_canvas canvas = {0};
    const kedge_picture to = {.path = in_folder(f, "a.png")};
    assert_int_equal(kedge_canvas_init(&canvas, f->ctx, &to, &page), KEDGE_OK);
    cairo_restore(canvas.cr); /* nothing was saved */
    assert_int_equal(kedge_canvas_save(&canvas), KEDGE_EUNSUPPORTED);
    assert_int_equal(files_in(f), 0);
    kedge_canvas_release(&canvas);
}

/* Files may have no more than 100 bytes. */
static void a_full_disk_leaves_the_earlier_picture(void **state)
{
    folder *f = *state;
    struct rlimit own;
    kedge_canvas_options other = page;
    size_t length[4];
    char *files[4]; /* the picture and its words, before and after */
    assert_int_equal(make(f, "a.png", &page), KEDGE_OK);
    files[0] = bytes_of(f, "a.png", &length[0]), files[1] = bytes_of(f, "a.txt", &length[1]);
    other.description = "another";
    getrlimit(RLIMIT_FSIZE, &own);
    struct rlimit low = {.rlim_cur = 100, .rlim_max = own.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &low);
    kedge_status status = make(f, "a.png", &other);
    setrlimit(RLIMIT_FSIZE, &own);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, KEDGE_EIO);
    files[2] = bytes_of(f, "a.png", &length[2]), files[3] = bytes_of(f, "a.txt", &length[3]);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(length[i], length[i + 2]);
        assert_memory_equal(files[i], files[i + 2], length[i]);
    }
    assert_int_equal(files_in(f), 2);
    for (int i = 0; i < 4; i++) kedge_free(f->ctx, files[i]);
}

static void release_takes_a_page_that_is_not_saved(void **state)
{
    folder *f = *state;
    kedge_canvas canvas = {0};
    const kedge_picture to = {.path = in_folder(f, "a.pdf")};
    assert_int_equal(kedge_canvas_init(&canvas, f->ctx, &to, &page), KEDGE_OK);
    kedge_canvas_release(&canvas);
    kedge_canvas_release(&canvas);
    assert_int_equal(files_in(f), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(png_begins_as_one),
        in_fresh_folder(svg_begins_as_one),
        in_fresh_folder(pdf_begins_as_one),
        in_fresh_folder(suffix_in_capitals_counts),
        in_fresh_folder(png_has_two_pixels_a_point),
        in_fresh_folder(png_scale_as_asked),
        in_fresh_folder(drawing_lands_on_the_pixels_of_its_points),
        in_fresh_folder(png_repeats_to_the_byte),
        in_fresh_folder(svg_repeats_to_the_byte),
        in_fresh_folder(pdf_repeats_to_the_byte),
        in_fresh_folder(svg_has_its_description_escaped),
        in_fresh_folder(svg_description_is_cleaned),
        in_fresh_folder(pdf_has_its_title),
        in_fresh_folder(pdf_date_is_fixed),
        in_fresh_folder(png_has_its_description_in_a_sound_chunk),
        in_fresh_folder(unknown_suffix_names_the_right_ones),
        in_fresh_folder(no_suffix_is_refused),
        in_fresh_folder(nothing_but_a_suffix_is_refused),
        in_fresh_folder(page_without_a_size_is_refused),
        in_fresh_folder(page_of_too_many_pixels_is_refused),
        in_fresh_folder(missing_folder_is_said),
        in_fresh_folder(failed_drawing_leaves_no_file),
        in_fresh_folder(a_full_disk_leaves_the_earlier_picture),
        in_fresh_folder(release_takes_a_page_that_is_not_saved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
