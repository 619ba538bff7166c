/* discs in the panels of a video: coverage, order, places, subframes, edges. */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "draw/film_splat.h"
#include "failing_alloc.h"

enum { WIDTH = 48, HEIGHT = 32, STRIDE = 64, TALL = 48, LEFT = 8, TOP = 8 };

typedef struct board {
    kedge_context *ctx;
    kedge_splat splat;
    uint32_t image[TALL * STRIDE]; /* with the panel in it */
} board;

static const kedge_ink black = {0, 0, 0}, white = {1, 1, 1}, red = {1, 0, 0};

static uint32_t *panel(board *b)
{
    return b->image + TOP * STRIDE + LEFT;
}

static void open_board(board *b, uint32_t colour, double inner, double outer)
{
    for (int i = 0; i < TALL * STRIDE; i++) b->image[i] = colour;
    assert_int_equal(kedge_context_create(&b->ctx, NULL), KEDGE_OK);
    assert_int_equal(kedge_splat_init(&b->splat, b->ctx, WIDTH, HEIGHT, 1, inner, outer), KEDGE_OK);
    kedge_splat_take_ground(&b->splat, 0, panel(b), STRIDE);
}

static void close_board(board *b)
{
    kedge_splat_release(&b->splat);
    kedge_context_free(b->ctx);
}

static void draw_one(board *b, double x, double y, kedge_ink rim, kedge_ink fill)
{
    kedge_splat_ink ink = kedge_splat_ink_of(rim, fill);
    kedge_splat_begin(&b->splat, 0, 1);
    kedge_splat_disc(&b->splat, x, y, &ink);
    kedge_splat_next(&b->splat);
    kedge_splat_put(&b->splat, panel(b), STRIDE);
}

static uint32_t at(board *b, int x, int y)
{
    return panel(b)[y * STRIDE + x];
}

static void every_colour_comes_back(void **state)
{
    (void)state;
    board b;
    open_board(&b, 0, 3, 3.5);
    for (int c = 0; c < 256; c++) {
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) panel(&b)[y * STRIDE + x] = (uint32_t)(c << 16 | (255 - c) << 8 | c);
        kedge_splat_take_ground(&b.splat, 0, panel(&b), STRIDE);
        for (int subframes = 1; subframes <= KEDGE_SUBFRAMES; subframes *= 2) {
            kedge_splat_begin(&b.splat, 0, subframes);
            for (int s = 0; s < subframes; s++) kedge_splat_next(&b.splat);
            kedge_splat_put(&b.splat, panel(&b), STRIDE);
            assert_int_equal(at(&b, 5, 5), c << 16 | (255 - c) << 8 | c);
        }
    }
    close_board(&b);
}

static void a_disc_has_its_colours(void **state)
{
    (void)state;
    board b;
    open_board(&b, 0xffffff, 4, 6);
    draw_one(&b, 20, 15, black, red);
    assert_int_equal(at(&b, 20, 15), 0xff0000);
    assert_int_equal(at(&b, 24, 15), 0x000000); /* 4.5 from the centre */
    assert_int_equal(at(&b, 27, 15), 0xffffff);
    close_board(&b);
}

static double light_in(board *b, double *x, double *y)
{
    double sum = 0;
    *x = *y = 0;
    for (int row = 0; row < HEIGHT; row++)
        for (int column = 0; column < WIDTH; column++) {
            double light = b->splat.decode[at(b, column, row) & 255] / (double)KEDGE_LIGHT;
            sum += light;
            *x += light * (column + 0.5);
            *y += light * (row + 0.5);
        }
    *x /= sum, *y /= sum;
    return sum;
}

static void light_is_as_much_as_the_area(void **state)
{
    (void)state;
    board b;
    double x, y;
    open_board(&b, 0, 4.5, 5);
    for (int i = 0; i < 8; i++) {
        draw_one(&b, 20 + i / 8.0, 15 - i / 8.0, white, white);
        assert_float_equal(light_in(&b, &x, &y), M_PI * 25, 1);
    }
    close_board(&b);
}

static void places_are_eighths_of_a_pixel(void **state)
{
    (void)state;
    board b;
    double x, y;
    open_board(&b, 0, 4.5, 5);
    for (int i = 0; i < 16; i++) {
        draw_one(&b, 20 + i / 8.0, 16 - i / 8.0, white, white);
        light_in(&b, &x, &y);
        assert_float_equal(x, 20 + i / 8.0, 0.02);
        assert_float_equal(y, 16 - i / 8.0, 0.02);
    }
    close_board(&b);
}

static void subframes_add_up_as_light(void **state)
{
    (void)state;
    board b;
    kedge_splat_ink ink = kedge_splat_ink_of(white, white);
    open_board(&b, 0, 4, 4.5);
    kedge_splat_begin(&b.splat, 0, 2);
    kedge_splat_disc(&b.splat, 12, 15, &ink);
    kedge_splat_next(&b.splat);
    kedge_splat_disc(&b.splat, 32, 15, &ink);
    kedge_splat_next(&b.splat);
    kedge_splat_put(&b.splat, panel(&b), STRIDE);
    assert_int_equal(at(&b, 12, 15), 0xbcbcbc); /* half the light of white: 188 */
    assert_int_equal(at(&b, 32, 15), 0xbcbcbc);
    assert_int_equal(at(&b, 22, 15), 0);
    close_board(&b);
}

static void later_discs_are_on_top(void **state)
{
    (void)state;
    board b;
    kedge_splat_ink first = kedge_splat_ink_of(white, white), second = kedge_splat_ink_of(red, red);
    open_board(&b, 0, 4, 4.5);
    kedge_splat_begin(&b.splat, 0, 1);
    kedge_splat_disc(&b.splat, 20, 15, &first);
    kedge_splat_disc(&b.splat, 20, 15, &second);
    kedge_splat_next(&b.splat);
    kedge_splat_put(&b.splat, panel(&b), STRIDE);
    assert_int_equal(at(&b, 20, 15), 0xff0000);
    close_board(&b);
}

static void nothing_is_drawn_beside_the_panel(void **state)
{
    (void)state;
    board b;
    static const double places[][2] = {{0, 0}, {-4.9, 10}, {48, 32}, {52.9, 3}, {20, -4.9}, {20, 36.9}, {-1e9, 5},
                                       {NAN, 5}, {5, INFINITY}};
    open_board(&b, 0x123456, 4, 5);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) draw_one(&b, places[i][0], places[i][1], red, red);
    for (int y = 0; y < TALL; y++)
        for (int x = 0; x < STRIDE; x++) {
            bool inside = x >= LEFT && x < LEFT + WIDTH && y >= TOP && y < TOP + HEIGHT;
            if (!inside && b.image[y * STRIDE + x] != 0x123456) fail_msg("pixel %d, %d is another", x, y);
        }
    close_board(&b);
}

static void a_disc_over_the_edge_shows_its_part(void **state)
{
    (void)state;
    board b;
    open_board(&b, 0, 4, 5);
    draw_one(&b, 0, 16, red, red);
    assert_int_equal(at(&b, 0, 16), 0xff0000);
    assert_int_equal(at(&b, 6, 16), 0);
    close_board(&b);
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_splat splat;
        if (kedge_context_create(&ctx, &options)) continue;
        kedge_status status = kedge_splat_init(&splat, ctx, WIDTH, HEIGHT, 3, 2, 3);
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        else kedge_splat_release(&splat);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_colour_comes_back),
        cmocka_unit_test(a_disc_has_its_colours),
        cmocka_unit_test(light_is_as_much_as_the_area),
        cmocka_unit_test(places_are_eighths_of_a_pixel),
        cmocka_unit_test(subframes_add_up_as_light),
        cmocka_unit_test(later_discs_are_on_top),
        cmocka_unit_test(nothing_is_drawn_beside_the_panel),
        cmocka_unit_test(a_disc_over_the_edge_shows_its_part),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("film_splat", tests, NULL, NULL);
}
