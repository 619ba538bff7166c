/* test_lobes.c - lobes about a direction: as large as their strength, and what is refused. */
#include "draw_test.h"

#include <math.h>

#include "draw/lobes.h"

enum { SAMPLES = 91 };

typedef struct bulb {
    double degrees[SAMPLES], strength[SAMPLES];
    kedge_lobe lobe;
    kedge_lobes_figure figure;
} bulb;

static void bulb_init(bulb *b, double strength)
{
    *b = (bulb){0};
    for (int i = 0; i < SAMPLES; i++) b->degrees[i] = i, b->strength[i] = strength;
    b->lobe = (kedge_lobe){.title = "a lobe", .n = SAMPLES, .degrees = b->degrees, .strength = b->strength, .from = 90};
    b->figure = (kedge_lobes_figure){.title = "Title", .n = 1, .lobes = &b->lobe};
}

/* Pixels of the lobe's inside: series colour 0x0072b2 laid over white with .3. */
static int inside(folder *f, const bulb *b)
{
    kedge_picture to = {.path = in_folder(f, "a.png")};
    if (kedge_draw_lobes(f->ctx, &b->figure, &to)) fail_msg("%s", kedge_error());
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->file);
    int n = pixels_like(image, 0xb3d5e8) + pixels_like(image, 0xb2d5e8) + pixels_like(image, 0xb3d4e8);
    cairo_surface_destroy(image);
    return n;
}

/* Half the strength is a quarter of the area. Lines over the lobes take a part of the small one's. */
static void area_is_that_of_the_strength(void **state)
{
    bulb whole, half;
    bulb_init(&whole, 1);
    bulb_init(&half, 0.5);
    double large = inside(*state, &whole), small = inside(*state, &half);
    assert_true(large > 10000);
    assert_true(fabs(small / large - 0.25) < 0.03);
}

static void check_refused(folder *f, const bulb *b, kedge_status status, const char *words)
{
    kedge_picture to = {.path = in_folder(f, "a.svg")};
    assert_int_equal(kedge_draw_lobes(f->ctx, &b->figure, &to), status);
    assert_non_null(strstr(kedge_error(), words));
    assert_int_equal(files_in(f), 0);
}

static void no_lobes_are_refused(void **state)
{
    bulb b;
    bulb_init(&b, 1);
    b.figure.n = 0;
    check_refused(*state, &b, KEDGE_EINVALID, "0 lobes");
}

static void a_single_sample_is_refused(void **state)
{
    bulb b;
    bulb_init(&b, 1);
    b.lobe.n = 1;
    check_refused(*state, &b, KEDGE_EINVALID, "a lobe of 1 samples");
}

static void a_sample_that_is_no_number_is_named(void **state)
{
    bulb b;
    bulb_init(&b, 1);
    b.strength[17] = NAN;
    check_refused(*state, &b, KEDGE_ENUMERIC, "sample 17 of lobe 0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(area_is_that_of_the_strength),
        in_fresh_folder(no_lobes_are_refused),
        in_fresh_folder(a_single_sample_is_refused),
        in_fresh_folder(a_sample_that_is_no_number_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
