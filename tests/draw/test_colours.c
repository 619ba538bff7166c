/* test_colours.c - slices of colours: patches where they belong, and what is refused. */
#include "draw_test.h"

#include <math.h>

#include "draw/colours.h"

enum { HUES = 4, VALUES = 2 };

/* A slice of one colour in and another out. */
typedef struct slab {
    float shown[3 * HUES * VALUES], truth[3 * HUES * VALUES];
    kedge_colours_slice slice;
    kedge_colours_figure figure;
} slab;

static void slab_init(slab *s, const float shown[3], const float truth[3])
{
    for (int i = 0; i < 3 * HUES * VALUES; i++) s->shown[i] = shown[i % 3], s->truth[i] = truth[i % 3];
    s->slice = (kedge_colours_slice){"a slice", HUES, VALUES, s->shown, s->truth};
    s->figure = (kedge_colours_figure){.title = "Title", .n = 1, .slices = &s->slice, .rows = 1};
}

static const float red[3] = {1, 0, 0}, blue[3] = {0, 0, 1};

static cairo_surface_t *image_of(folder *f, const slab *s)
{
    kedge_picture to = {.path = in_folder(f, "a.png")};
    if (kedge_draw_colours(f->ctx, &s->figure, &to)) fail_msg("%s", kedge_error());
    return cairo_image_surface_create_from_png(f->file);
}

/* A small patch takes .42 of its large one's side, which is the lesser of width and height. */
static void patches_have_their_colours(void **state)
{
    slab s;
    slab_init(&s, red, blue);
    cairo_surface_t *image = image_of(*state, &s);
    int large = pixels_like(image, 0xff0000), small = pixels_like(image, 0x0000ff);
    double expected = 0.42 * 0.42 / (1 - 0.42 * 0.42);
    assert_true(fabs((double)small / large - expected) < 0.1 * expected);
    cairo_surface_destroy(image);
}

/* The first hue of the lowest value, all else black: its pixels lie in the lower left quarter of the frame. */
static void hue_goes_right_and_value_up(void **state)
{
    static const float black[3] = {0};
    slab s;
    slab_init(&s, black, black);
    s.shown[0] = s.truth[0] = 1;
    cairo_surface_t *image = image_of(*state, &s);
    const unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image), height = cairo_image_surface_get_height(image);
    int lowest_red = 0, lowest_black = 0, rightmost_red = 0, rightmost_black = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < stride / 4; x++) {
            unsigned pixel;
            memcpy(&pixel, data + (size_t)y * (size_t)stride + 4 * (size_t)x, sizeof pixel);
            if ((pixel & 0xffffff) == 0xff0000) lowest_red = y, rightmost_red = x > rightmost_red ? x : rightmost_red;
            if ((pixel & 0xffffff) == 0) lowest_black = y, rightmost_black = x > rightmost_black ? x : rightmost_black;
        }
    assert_in_range(lowest_black - lowest_red, 0, 4);
    assert_true(rightmost_red < rightmost_black / 2);
    cairo_surface_destroy(image);
}

static void errors_are_mean_squares(void **state)
{
    slab s;
    (void)state;
    slab_init(&s, red, red);
    s.shown[3 * (HUES + 2)] = 0.5f; /* hue 2 of value 1 */
    s.shown[3 * (HUES + 2) + 1] = -2; /* counts as 0 */
    kedge_colours_error error = kedge_colours_error_of(&s.slice);
    assert_int_equal(error.hue, 2);
    assert_int_equal(error.value, 1);
    assert_true(fabs(error.most - 0.25 / 3) < 1e-12);
    assert_true(fabs(error.mean - 0.25 / 3 / (HUES * VALUES)) < 1e-12);
}

static void check_refused(folder *f, const slab *s, kedge_status status, const char *words)
{
    kedge_picture to = {.path = in_folder(f, "a.svg")};
    assert_int_equal(kedge_draw_colours(f->ctx, &s->figure, &to), status);
    assert_non_null(strstr(kedge_error(), words));
    assert_int_equal(files_in(f), 0);
}

static void a_colour_that_is_no_number_is_named(void **state)
{
    slab s;
    slab_init(&s, red, blue);
    s.shown[3 * 5 + 1] = NAN;
    check_refused(*state, &s, KEDGE_ENUMERIC, "channel 1 of colour 5 of slice 0 is nan");
}

static void no_slices_are_refused(void **state)
{
    slab s;
    slab_init(&s, red, blue);
    s.figure.n = 0;
    check_refused(*state, &s, KEDGE_EINVALID, "0 slices");
}

static void no_hues_are_refused(void **state)
{
    slab s;
    slab_init(&s, red, blue);
    s.slice.hues = 0;
    check_refused(*state, &s, KEDGE_EINVALID, "0 hues");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(patches_have_their_colours),
        in_fresh_folder(hue_goes_right_and_value_up),
        in_fresh_folder(errors_are_mean_squares),
        in_fresh_folder(a_colour_that_is_no_number_is_named),
        in_fresh_folder(no_slices_are_refused),
        in_fresh_folder(no_hues_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
