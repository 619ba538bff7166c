/* test_colour_table.c - a table of colours as a picture: swatches, shades, columns that wrap, refusals. */
#include "draw_test.h"

#include <math.h>

#include "draw/colour_table.h"

enum { ROWS = 2, COLUMNS = 4 };

typedef struct board {
    float truth[3 * ROWS], shown[3 * ROWS];
    double errors[ROWS];
    kedge_colour_column columns[COLUMNS];
    kedge_colour_table table;
} board;

static const char *const names[ROWS] = {"red", "black"};

static void board_init(board *b, int columns)
{
    *b = (board){.truth = {1, 0, 0}, .shown = {0, 1, 1}, .errors = {0.25, 0}};
    for (int c = 0; c < COLUMNS; c++) b->columns[c] = (kedge_colour_column){"a plan", b->shown, b->errors};
    b->table = (kedge_colour_table){.title = "Title", .rows = ROWS, .columns = columns, .names = names,
                                    .truth = b->truth, .column = b->columns};
}

static cairo_surface_t *image_of(folder *f, const board *b, double width)
{
    kedge_picture to = {.path = in_folder(f, "a.png"), .width = width};
    if (kedge_draw_colour_table(f->ctx, &b->table, &to)) fail_msg("%s", kedge_error());
    return cairo_image_surface_create_from_png(f->file);
}

/* A swatch of 11 points has 22 x 22 pixels, less its edge. */
static void swatches_have_their_colours(void **state)
{
    board b;
    board_init(&b, 2);
    cairo_surface_t *image = image_of(*state, &b, 0);
    assert_in_range(pixels_like(image, 0xff0000), 380, 484);
    assert_in_range(pixels_like(image, 0x00ffff), 2 * 380, 2 * 484);
    cairo_surface_destroy(image);
}

static void columns_without_room_stand_below(void **state)
{
    board b;
    board_init(&b, COLUMNS);
    cairo_surface_t *wide = image_of(*state, &b, 0), *narrow = image_of(*state, &b, 200);
    assert_int_equal(cairo_image_surface_get_width(narrow), 400);
    assert_true(cairo_image_surface_get_width(wide) > 500);
    /* Each further table has the names' swatches again. */
    assert_in_range(pixels_like(narrow, 0xff0000), 2 * 380, 2 * 484);
    cairo_surface_destroy(wide);
    cairo_surface_destroy(narrow);
}

static void shade_grows_with_the_root_of_the_error(void **state)
{
    board b;
    (void)state;
    board_init(&b, 1);
    assert_true(kedge_colour_table_shade(&b.table, 0.25) == 1);
    assert_true(fabs(kedge_colour_table_shade(&b.table, 0.0625) - 0.5) < 1e-12);
    assert_true(kedge_colour_table_shade(&b.table, 0) == 0);
}

static void no_errors_no_shade(void **state)
{
    board b;
    (void)state;
    board_init(&b, 1);
    b.errors[0] = 0;
    assert_true(kedge_colour_table_shade(&b.table, 0) == 0);
}

static void check_refused(folder *f, const board *b, kedge_status status, const char *words)
{
    kedge_picture to = {.path = in_folder(f, "a.svg")};
    assert_int_equal(kedge_draw_colour_table(f->ctx, &b->table, &to), status);
    assert_non_null(strstr(kedge_error(), words));
    assert_int_equal(files_in(f), 0);
}

static void an_empty_table_is_refused(void **state)
{
    board b;
    board_init(&b, 0);
    check_refused(*state, &b, KEDGE_EINVALID, "2 rows and 0 columns");
}

static void an_error_that_is_no_number_is_named(void **state)
{
    board b;
    board_init(&b, 1);
    b.errors[1] = NAN;
    check_refused(*state, &b, KEDGE_ENUMERIC, "'a plan' gives (0, 0, 0) for black, error nan");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(swatches_have_their_colours),
        in_fresh_folder(columns_without_room_stand_below),
        in_fresh_folder(shade_grows_with_the_root_of_the_error),
        in_fresh_folder(no_errors_no_shade),
        in_fresh_folder(an_empty_table_is_refused),
        in_fresh_folder(an_error_that_is_no_number_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
