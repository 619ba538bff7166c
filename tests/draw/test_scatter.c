/* test_scatter.c - coloured points with curves: points where the axes say, one scale for all panels, refusals. */
#include "figure_test.h"

#include <math.h>

#include "draw/scatter.h"

typedef struct plot {
    double at[2][2], x[3], y[3];
    float rgb[2][3];
    kedge_scatter_mark mark;
    kedge_scatter_curve curve;
    kedge_scatter_panel panels[2];
    kedge_scatter_figure figure;
} plot;

/* A red point at the lower left, a blue one at the upper right, in two panels. */
static void plot_init(plot *p)
{
    *p = (plot){.at = {{0, 0}, {1, 1}}, .x = {0, 0.5, 1}, .y = {0, 0.25, 1}, .rgb = {{1, 0, 0}, {0, 0, 1}}};
    p->mark = (kedge_scatter_mark){"here", 0.5, 0.5};
    p->curve = (kedge_scatter_curve){.kind = KEDGE_CURVE_DASHED, .n = 3, .x = p->x, .y = p->y};
    p->panels[0] = (kedge_scatter_panel){.title = "a panel", .asides = {"aside"}, .n = 2,
                                         .at = (const double(*)[2])p->at, .rgb = &p->rgb[0][0], .n_curves = 1,
                                         .curves = &p->curve, .n_marks = 1, .marks = &p->mark};
    p->panels[1] = p->panels[0];
    p->figure = (kedge_scatter_figure){.title = "Title", .description = "words", .x = "x", .y = "E",
                                       .names = {[KEDGE_CURVE_DASHED] = "a curve"}, .x_min = -0.1, .x_max = 1.1,
                                       .n = 1, .panels = p->panels};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_scatter(ctx, figure, to);
}

/* The middle of the pixels of a colour. */
static void centre_of(cairo_surface_t *image, unsigned colour, double *x_out, double *y_out)
{
    const unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image), n = 0;
    double sum_x = 0, sum_y = 0;
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0; x < cairo_image_surface_get_width(image); x++) {
            unsigned pixel;
            memcpy(&pixel, data + (size_t)y * (size_t)stride + 4 * (size_t)x, sizeof pixel);
            if ((pixel & 0xffffff) == colour) sum_x += x, sum_y += y, n++;
        }
    assert_true(n > 20);
    *x_out = sum_x / n, *y_out = sum_y / n;
}

/* A frame of 340 x 0.72 340 points, two pixels each, from -.1 to 1.1 across and from -.03 to 1.08 up. */
static void points_lie_where_the_axes_say(void **state)
{
    folder *f = *state;
    plot p;
    double red_x, red_y, blue_x, blue_y;
    plot_init(&p);
    p.panels[0].n_curves = p.panels[0].n_marks = 0;
    draw_figure(f, draw_any, &p.figure, "a.png", (kedge_picture){0});
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->file);
    cairo_surface_flush(image);
    centre_of(image, 0xff0000, &red_x, &red_y);
    centre_of(image, 0x0000ff, &blue_x, &blue_y);
    assert_true(fabs(blue_x - red_x - 2 * 340 / 1.2) < 1.5);
    assert_true(fabs(red_y - blue_y - 2 * 0.72 * 340 / 1.11) < 1.5);
    cairo_surface_destroy(image);
}

/* What is large in one panel is small in the other, where a curve goes ten times as high. */
static void panels_have_one_scale(void **state)
{
    folder *f = *state;
    plot p;
    double x, low, high;
    double ten[3] = {0, 0, 10};
    plot_init(&p);
    kedge_scatter_curve tall = p.curve;
    tall.y = ten;
    p.panels[0].n_curves = p.panels[0].n_marks = p.panels[1].n = p.panels[1].n_marks = 0;
    p.panels[1].curves = &tall;
    p.figure.n = 2;
    draw_figure(f, draw_any, &p.figure, "a.png", (kedge_picture){0});
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->file);
    cairo_surface_flush(image);
    centre_of(image, 0xff0000, &x, &low);
    centre_of(image, 0x0000ff, &x, &high);
    assert_true(fabs(low - high - 2 * 0.72 * 240 / 11.1) < 1.5);
    cairo_surface_destroy(image);
}

static void repeats_to_the_byte_in_every_format(void **state)
{
    plot p;
    plot_init(&p);
    p.figure.n = 2;
    assert_drawn_twice_alike(*state, draw_any, &p.figure);
}

static void a_point_that_is_no_number_is_named(void **state)
{
    plot p;
    plot_init(&p);
    p.at[1][1] = NAN;
    assert_refused(*state, draw_any, &p.figure, "a.svg", KEDGE_ENUMERIC, "point 1 of panel 0 lies at (1, nan)");
}

static void a_mark_that_is_no_number_is_named(void **state)
{
    plot p;
    plot_init(&p);
    p.mark.x = INFINITY;
    assert_refused(*state, draw_any, &p.figure, "a.svg", KEDGE_ENUMERIC, "mark 0 of panel 0 lies at (inf, 0.5)");
}

static void no_panels_are_refused(void **state)
{
    plot p;
    plot_init(&p);
    p.figure.n = 0;
    assert_refused(*state, draw_any, &p.figure, "a.svg", KEDGE_EINVALID, "0 panels");
}

static void an_empty_range_is_refused(void **state)
{
    plot p;
    plot_init(&p);
    p.figure.x_max = p.figure.x_min;
    assert_refused(*state, draw_any, &p.figure, "a.svg", KEDGE_EINVALID, "x from -0.1 to -0.1");
}

static void survives_any_lack_of_memory(void **state)
{
    plot p;
    plot_init(&p);
    survive_each_failed_allocation(*state, draw_any, &p.figure, "a.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(points_lie_where_the_axes_say),
        in_fresh_folder(panels_have_one_scale),
        in_fresh_folder(repeats_to_the_byte_in_every_format),
        in_fresh_folder(a_point_that_is_no_number_is_named),
        in_fresh_folder(a_mark_that_is_no_number_is_named),
        in_fresh_folder(no_panels_are_refused),
        in_fresh_folder(an_empty_range_is_refused),
        in_fresh_folder(survives_any_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
