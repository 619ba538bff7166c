/* test_latents.c - the figure of a latent space: made, repeated, refused. */
#include "figure_test.h"

#include <math.h>

#include "draw/latents.h"

enum { POINTS = 64, DIMS = 4 };

/* A cloud on the unit sphere, coloured by place. */
typedef struct cloud {
    float latents[POINTS * DIMS], rgb[3 * POINTS], shade[POINTS], red[DIMS];
    kedge_latents_anchor anchor;
    kedge_latents_figure figure;
    bool dark;
} cloud;

static void cloud_init(cloud *c, int k)
{
    *c = (cloud){.red = {1}};
    for (int i = 0; i < POINTS; i++) {
        double squares = 0;
        for (int d = 0; d < k; d++) squares += pow(sin(0.7 * i * (d + 1) + d + 0.3), 2);
        for (int d = 0; d < k; d++) c->latents[i * k + d] = (float)(sin(0.7 * i * (d + 1) + d + 0.3) / sqrt(squares));
        for (int channel = 0; channel < 3; channel++) c->rgb[3 * i + channel] = (float)(i >> 2 * channel & 3) / 3;
        c->shade[i] = (float)i / (POINTS - 1);
    }
    c->anchor = (kedge_latents_anchor){"red", c->red};
    c->figure = (kedge_latents_figure){.title = "Title", .subtitle = "Subtitle", .n = POINTS, .k = k,
                                       .latents = c->latents, .rgb = c->rgb, .n_anchors = 1, .anchors = &c->anchor,
                                       .unit_circle = true};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_latents(ctx, figure, to);
}

static kedge_status draw(folder *f, const cloud *c, const char *name)
{
    return kedge_draw_latents(f->ctx, &c->figure, &(kedge_picture){.path = in_folder(f, name), .dark = c->dark});
}

static void check_made(folder *f, const cloud *c, const char *name)
{
    size_t size;
    assert_int_equal(draw(f, c, name), KEDGE_OK);
    char *bytes = bytes_of(f, name, &size);
    assert_true(size > 4000);
    kedge_free(f->ctx, bytes);
}

static void made_in_every_format(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    check_made(*state, &c, "a.png");
    check_made(*state, &c, "a.svg");
    check_made(*state, &c, "a.pdf");
    assert_int_equal(files_in(*state), 4); /* and a.txt, the words of a.png */
}

static void made_for_every_number_of_dimensions(void **state)
{
    cloud c;
    for (int k = 1; k <= DIMS; k++) {
        cloud_init(&c, k);
        check_made(*state, &c, "a.png");
    }
}

static void made_without_words_anchors_or_colours(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.figure = (kedge_latents_figure){.n = POINTS, .k = DIMS, .latents = c.latents};
    check_made(*state, &c, "a.png");
}

static void made_of_one_place(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    for (int i = 0; i < POINTS * DIMS; i++) c.latents[i] = -2e6f;
    c.figure.n_anchors = 0;
    c.figure.unit_circle = false;
    check_made(*state, &c, "a.svg");
}

static void made_of_the_largest_floats(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.latents[0] = 3.4e38f, c.latents[4] = -3.4e38f;
    check_made(*state, &c, "a.png");
}

static void repeats_to_the_byte(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    assert_drawn_twice_alike(*state, draw_any, &c.figure);
}

static void check_differs(folder *f, const cloud *a, const cloud *b)
{
    size_t a_size, b_size;
    assert_int_equal(draw(f, a, "a.png"), KEDGE_OK);
    assert_int_equal(draw(f, b, "b.png"), KEDGE_OK);
    char *a_bytes = bytes_of(f, "a.png", &a_size), *b_bytes = bytes_of(f, "b.png", &b_size);
    assert_true(a_size != b_size || memcmp(a_bytes, b_bytes, a_size) != 0);
    kedge_free(f->ctx, a_bytes);
    kedge_free(f->ctx, b_bytes);
}

static void dark_is_dark(void **state)
{
    folder *f = *state;
    cloud c;
    cloud_init(&c, DIMS);
    c.dark = true;
    assert_int_equal(draw(f, &c, "a.png"), KEDGE_OK);
    cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, "a.png"));
    int all = cairo_image_surface_get_width(image) * cairo_image_surface_get_height(image);
    assert_true(pixels_like(image, 0x15171b) + pixels_like(image, 0x1b1e23) > all / 2);
    cairo_surface_destroy(image);
}

static void shade_gives_a_colour_bar(void **state)
{
    cloud bare, barred;
    cloud_init(&bare, DIMS);
    cloud_init(&barred, DIMS);
    bare.figure.rgb = barred.figure.rgb = NULL;
    bare.figure.shade = bare.shade, barred.figure.shade = barred.shade;
    barred.figure.shade_label = "amount";
    check_differs(*state, &bare, &barred);
}

static void size_follows_the_pairs(void **state)
{
    static const int pairs[2][2] = {{0, 1}, {3, 2}};
    folder *f = *state;
    cloud c;
    int widths[2];
    cloud_init(&c, DIMS);
    c.figure.pairs = pairs;
    for (int n = 1; n <= 2; n++) {
        c.figure.n_pairs = n;
        assert_int_equal(draw(f, &c, "a.png"), KEDGE_OK);
        widths[n - 1] = size_of(f, "a.png").wide;
    }
    assert_in_range(widths[0], 640, 760); /* a panel of 300 points, twice as many pixels, and its labels */
    assert_in_range(widths[1], 980, 1100); /* two of 220 */
}

/* Two points that coincide in (z0, z1): the one that shares the anchor's other dimensions lies on top. */
static void anchored_region_is_on_top(void **state)
{
    static const int pairs[1][2] = {{0, 1}};
    static const float latents[2][DIMS] = {{0.5f, 0, 0, -1}, {0.5f, 0, 0, 0.2f}}, at[DIMS] = {-1, -1, 0, -1};
    static const float rgb[2][3] = {{1, 0, 0}, {0, 0, 1}};
    folder *f = *state;
    cloud c;
    cloud_init(&c, DIMS);
    c.anchor = (kedge_latents_anchor){NULL, at};
    c.figure.n = 2, c.figure.latents = &latents[0][0], c.figure.rgb = &rgb[0][0];
    c.figure.n_pairs = 1, c.figure.pairs = pairs;
    assert_int_equal(draw(f, &c, "a.png"), KEDGE_OK);
    cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, "a.png"));
    assert_true(pixels_like(image, 0xff0000) > 80);
    assert_int_equal(pixels_like(image, 0x0000ff), 0);
    cairo_surface_destroy(image);
}

static void svg_says_what_is_seen(void **state)
{
    folder *f = *state;
    size_t size;
    cloud c;
    cloud_init(&c, DIMS);
    c.anchor.label = "<red>";
    assert_int_equal(draw(f, &c, "a.svg"), KEDGE_OK);
    char *bytes = bytes_of(f, "a.svg", &size);
    assert_non_null(strstr(bytes, "<desc>64 points in a latent space of 4 dimensions, projected on the planes (z0,"));
    assert_non_null(strstr(bytes, "Anchor &lt;red&gt; at (1, 0, 0, 0).</desc>"));
    kedge_free(f->ctx, bytes);
}

/* What is drawn of the cloud when this is said of it is not what is drawn without. */
static void edit_is_drawn_and_said(void **state)
{
    folder *f = *state;
    size_t size;
    cloud plain, edited;
    float before[POINTS * DIMS];
    cloud_init(&plain, DIMS);
    cloud_init(&edited, DIMS);
    memcpy(before, edited.latents, sizeof before);
    int moved = 0;
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
        float *z = &edited.latents[i * DIMS];
        if (z[0] > 0) moved++, sum += (double)z[0], z[0] = 0;
    }
    memcpy(plain.latents, edited.latents, sizeof before);
    edited.figure.before = before;
    check_differs(f, &plain, &edited);
    assert_int_equal(draw(f, &edited, "a.svg"), KEDGE_OK);
    char want[128], *bytes = bytes_of(f, "a.svg", &size);
    snprintf(want, sizeof want, "The edit moved %d of 64 points, by %.3g on average.", moved, sum / moved);
    assert_non_null(strstr(bytes, want));
    kedge_free(f->ctx, bytes);
}

static void cones_are_drawn_and_said(void **state)
{
    folder *f = *state;
    size_t size;
    cloud plain, shaded;
    cloud_init(&plain, DIMS);
    cloud_init(&shaded, DIMS);
    const kedge_cone cone = {"out", shaded.red, 72.5};
    shaded.figure.n_cones = 1, shaded.figure.cones = &cone;
    check_differs(f, &plain, &shaded);
    assert_int_equal(draw(f, &shaded, "a.svg"), KEDGE_OK);
    char *bytes = bytes_of(f, "a.svg", &size);
    assert_non_null(strstr(bytes, "'out' acts on what is closer than 72.5 degrees to the direction at (1, 0, 0, 0)."));
    kedge_free(f->ctx, bytes);
}

static void repellers_are_drawn_and_said(void **state)
{
    folder *f = *state;
    size_t size;
    cloud plain, repelled;
    cloud_init(&plain, DIMS);
    cloud_init(&repelled, DIMS);
    repelled.figure.n_repellers = 1, repelled.figure.repellers = &repelled.anchor;
    repelled.figure.n_anchors = 0;
    check_differs(f, &plain, &repelled);
    assert_int_equal(draw(f, &repelled, "a.svg"), KEDGE_OK);
    char *bytes = bytes_of(f, "a.svg", &size);
    assert_non_null(strstr(bytes, "Driven away from red at (1, 0, 0, 0)."));
    kedge_free(f->ctx, bytes);
}

static void page_has_the_width_asked_for(void **state)
{
    static const double widths[] = {150, 250, 360, 900};
    cloud c;
    for (int k = 1; k <= DIMS; k++) {
        cloud_init(&c, k);
        assert_as_wide_as_asked(*state, draw_any, &c.figure, widths, 4);
    }
}

static void check_refused(folder *f, const cloud *c, const char *name, kedge_status status, const char *words)
{
    assert_refused(f, draw_any, &c->figure, name, status, words);
}

static void unknown_suffix_is_refused(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    check_refused(*state, &c, "a.gif", KEDGE_EINVALID, ".png, .svg or .pdf");
}

static void missing_folder_is_said(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    check_refused(*state, &c, "none/a.png", KEDGE_EIO, "cannot write");
}

static void no_points_are_refused(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.figure.n = 0;
    check_refused(*state, &c, "a.png", KEDGE_EINVALID, "0 points");
}

static void no_dimensions_are_refused(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.figure.k = 0;
    check_refused(*state, &c, "a.png", KEDGE_EINVALID, "0 dimensions");
}

static void latent_that_is_nan_is_named(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.latents[17 * DIMS + 2] = NAN;
    check_refused(*state, &c, "a.png", KEDGE_ENUMERIC, "number 2 of the latent of point 17 is nan");
}

static void colour_that_is_infinite_is_named(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.rgb[3 * 5 + 1] = INFINITY;
    check_refused(*state, &c, "a.png", KEDGE_ENUMERIC, "number 1 of the colour of point 5 is inf");
}

static void shade_that_is_nan_is_named(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.figure.rgb = NULL, c.figure.shade = c.shade;
    c.shade[3] = NAN;
    check_refused(*state, &c, "a.png", KEDGE_ENUMERIC, "the shade of point 3 is nan");
}

static void anchor_that_is_nan_is_named(void **state)
{
    cloud c;
    cloud_init(&c, DIMS);
    c.red[1] = NAN;
    check_refused(*state, &c, "a.png", KEDGE_ENUMERIC, "number 1 of anchor 0 is nan");
}

static void former_latent_that_is_nan_is_named(void **state)
{
    float before[POINTS * DIMS] = {0};
    cloud c;
    cloud_init(&c, DIMS);
    c.figure.before = before;
    before[5] = NAN;
    check_refused(*state, &c, "a.png", KEDGE_ENUMERIC, "number 1 of the former latent of point 1 is nan");
}

static void cone_that_is_none_is_refused(void **state)
{
    static const float nowhere[DIMS] = {0}, somewhere[DIMS] = {0, 1};
    kedge_cone cone = {"out", nowhere, 60};
    cloud c;
    cloud_init(&c, DIMS);
    c.figure.n_cones = 1, c.figure.cones = &cone;
    check_refused(*state, &c, "a.png", KEDGE_EINVALID, "its axis must have a length");
    cone = (kedge_cone){"out", somewhere, 91};
    check_refused(*state, &c, "a.png", KEDGE_EINVALID, "a cone of 91 degrees; 0 to 90");
}

static void pair_beyond_the_dimensions_is_refused(void **state)
{
    static const int pairs[1][2] = {{0, DIMS}};
    cloud c;
    cloud_init(&c, DIMS);
    c.figure.n_pairs = 1, c.figure.pairs = pairs;
    check_refused(*state, &c, "a.png", KEDGE_EINVALID, "dimensions 0 and 4; a panel shows two different ones");
}

static void pair_of_one_dimension_is_refused(void **state)
{
    static const int pairs[1][2] = {{2, 2}};
    cloud c;
    cloud_init(&c, DIMS);
    c.figure.n_pairs = 1, c.figure.pairs = pairs;
    check_refused(*state, &c, "a.png", KEDGE_EINVALID, "two different ones");
}

/* Lets each allocation fail in turn. */
static void check_memory(folder *f, const char *name)
{
    cloud c;
    cloud_init(&c, 2);
    c.figure.n = 4;
    survive_each_failed_allocation(f, draw_any, &c.figure, name);
}

static void png_survives_any_lack_of_memory(void **state)
{
    check_memory(*state, "a.png");
}

static void svg_survives_any_lack_of_memory(void **state)
{
    check_memory(*state, "a.svg");
}

static void pdf_survives_any_lack_of_memory(void **state)
{
    check_memory(*state, "a.pdf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(made_in_every_format),
        in_fresh_folder(made_for_every_number_of_dimensions),
        in_fresh_folder(made_without_words_anchors_or_colours),
        in_fresh_folder(made_of_one_place),
        in_fresh_folder(made_of_the_largest_floats),
        in_fresh_folder(repeats_to_the_byte),
        in_fresh_folder(dark_is_dark),
        in_fresh_folder(shade_gives_a_colour_bar),
        in_fresh_folder(size_follows_the_pairs),
        in_fresh_folder(anchored_region_is_on_top),
        in_fresh_folder(svg_says_what_is_seen),
        in_fresh_folder(edit_is_drawn_and_said),
        in_fresh_folder(cones_are_drawn_and_said),
        in_fresh_folder(repellers_are_drawn_and_said),
        in_fresh_folder(page_has_the_width_asked_for),
        in_fresh_folder(unknown_suffix_is_refused),
        in_fresh_folder(missing_folder_is_said),
        in_fresh_folder(no_points_are_refused),
        in_fresh_folder(no_dimensions_are_refused),
        in_fresh_folder(latent_that_is_nan_is_named),
        in_fresh_folder(colour_that_is_infinite_is_named),
        in_fresh_folder(shade_that_is_nan_is_named),
        in_fresh_folder(anchor_that_is_nan_is_named),
        in_fresh_folder(former_latent_that_is_nan_is_named),
        in_fresh_folder(cone_that_is_none_is_refused),
        in_fresh_folder(pair_beyond_the_dimensions_is_refused),
        in_fresh_folder(pair_of_one_dimension_is_refused),
        in_fresh_folder(png_survives_any_lack_of_memory),
        in_fresh_folder(svg_survives_any_lack_of_memory),
        in_fresh_folder(pdf_survives_any_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
