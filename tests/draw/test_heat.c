/* test_heat.c - heat maps: formats, cells at their places, missing ones, words. */
#include "chart_test.h"

#include "draw/heat.h"
#include "figure_test.h"

enum { ROWS = 3, COLUMNS = 4 };

typedef struct given {
    double values[2][ROWS * COLUMNS];
    kedge_heat_map maps[2];
    kedge_heat_figure figure;
} given;

static const char *const row_names[] = {"high", "middle", "low"}, *const column_names[] = {"1", "2", "4", "8"};

/* Two maps, of a score and of an angle. */
static void fill(given *g)
{
    *g = (given){0};
    for (int i = 0; i < ROWS * COLUMNS; i++) g->values[0][i] = i % 2 ? 0.9 : 0.5, g->values[1][i] = 10 + i;
    for (int m = 0; m < 2; m++)
        g->maps[m] = (kedge_heat_map){.of = m ? "angle" : "score", .less = m == 1, .decimals = m ? 0 : 2, .x = "power",
                                      .y = "place", .rows = ROWS, .columns = COLUMNS, .row_names = row_names,
                                      .column_names = column_names, .values = g->values[m]};
    g->figure = (kedge_heat_figure){.title = "title", .n = 1, .maps = g->maps};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_heat(ctx, figure, to);
}

static void draw(folder *f, const given *g, const char *name, double width)
{
    draw_figure(f, draw_any, &g->figure, name, (kedge_picture){.width = width});
}

static void every_format_is_drawn_twice_alike(void **state)
{
    given g;
    fill(&g);
    g.figure.n = 2;
    assert_drawn_twice_alike(*state, draw_any, &g.figure);
}

/* Cut to the column's width both labels would be the same letters. */
static void the_label_of_one_column_is_whole(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.maps[0].columns = 1;
    g.maps[0].x = "exponent";
    draw(f, &g, "a.png", 0);
    g.maps[0].x = "exposure";
    draw(f, &g, "b.png", 0);
    cairo_surface_t *a = picture_of(f, "a.png"), *b = picture_of(f, "b.png");
    size_t bytes = (size_t)(cairo_image_surface_get_stride(a) * cairo_image_surface_get_height(a));
    assert_int_not_equal(memcmp(cairo_image_surface_get_data(a), cairo_image_surface_get_data(b), bytes), 0);
    cairo_surface_destroy(a);
    cairo_surface_destroy(b);
}

/* Cells are 44 by 21 points, two pixels each. */
enum { CELL = 88, HIGH = 42 };

/* Without words above and left of the first map, so that the frame's ink begins at its corner. */
static void bare(given *g)
{
    static const char *const blank[ROWS] = {"", "", ""};
    g->figure.title = NULL;
    for (int m = 0; m < 2; m++) g->maps[m].y = NULL, g->maps[m].row_names = blank;
}

static void corner(cairo_surface_t *image, int *left, int *top)
{
    ink_box frame = box_of(image, kedge_theme_of(false)->frame);
    *left = frame.left, *top = frame.top;
}

static void cells_have_the_ramp_s_colours(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    bare(&g);
    for (int i = 0; i < ROWS * COLUMNS; i++) g.values[0][i] = i % COLUMNS == 1 ? 0.9 : 0.5; /* the second column */
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    const kedge_theme *theme = kedge_theme_of(false);
    int left, top;
    corner(image, &left, &top);
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            assert_true(is_ink(image, left + column * CELL + 8, top + row * HIGH + 8,
                               kedge_theme_ramp(theme, column == 1)));
    cairo_surface_destroy(image);
}

static void light_is_good_where_less_is(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    bare(&g);
    g.figure.maps = g.maps + 1;
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    const kedge_theme *theme = kedge_theme_of(false);
    int left, top;
    corner(image, &left, &top);
    assert_true(is_ink(image, left + 8, top + 8, kedge_theme_ramp(theme, 1)));
    left += (COLUMNS - 1) * CELL, top += (ROWS - 1) * HIGH;
    assert_true(is_ink(image, left + 8, top + 8, kedge_theme_ramp(theme, 0)));
    cairo_surface_destroy(image);
}

static void maps_of_one_name_share_their_colours(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    bare(&g);
    g.figure.n = 2;
    g.maps[1].of = "score", g.maps[1].less = false; /* 10 to 21, beside which 0.5 and 0.9 are nothing */
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    int left, top;
    corner(image, &left, &top);
    assert_true(is_ink(image, left + 8, top + 8, kedge_theme_ramp(kedge_theme_of(false), 0)));
    assert_true(is_ink(image, left + CELL - 8, top + 8, kedge_theme_ramp(kedge_theme_of(false), 0.4 / 20.5)));
    cairo_surface_destroy(image);
}

static void a_missing_cell_is_hatched(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    bare(&g);
    draw(f, &g, "without.png", 0);
    assert_text_has(f, "without.txt", "across: : 0.5, 0.9, 0.5, 0.9; : 0.5");
    g.values[0][1] = NAN;
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    const kedge_theme *theme = kedge_theme_of(false);
    int left, top, paper = 0;
    corner(image, &left, &top);
    for (int x = 2; x < CELL - 2; x++) paper += is_ink(image, left + CELL + x, top + HIGH / 2, theme->paper);
    assert_true(paper > CELL / 4 && paper < CELL - 10); /* lines and what is between them */
    assert_text_has(f, "a.txt", "across: : 0.5, none, 0.5, 0.9; : 0.5");
    cairo_surface_destroy(image);
}

static void a_narrow_page_has_one_map_in_a_row(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.n = 2;
    draw(f, &g, "wide.png", 0);
    draw(f, &g, "a.png", 250);
    picture_size wide = size_of(f, "wide.png"), narrow = size_of(f, "a.png");
    assert_int_equal(wide.wide, 1040);
    assert_int_equal(narrow.wide, 500);
    assert_true(narrow.high > 1.5 * wide.high);
}

static void one_value_everywhere_can_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < ROWS * COLUMNS; i++) g.values[0][i] = 0.25;
    draw(f, &g, "a.png", 0);
    assert_text_has(f, "a.txt", "low: 0.25, 0.25, 0.25, 0.25.");
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    assert_refused(f, draw_any, &g.figure, "a.gif", KEDGE_EINVALID, "it ends in .png, .svg or .pdf");
    g.maps[0].columns = 65;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID,
                   "cannot draw a heat map of 3 by 65 cells; sides must be from 1 to 64");
    g.maps[0].columns = COLUMNS;
    for (int i = 0; i < ROWS * COLUMNS; i++) g.values[0][i] = NAN;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "no cell has a value of 'score'");
    g.figure.n = 0;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "cannot draw 0 heat maps; must be from 1 to 16");
}

static void survives_each_failed_allocation(void **state)
{
    given g;
    fill(&g);
    g.values[0][3] = NAN;
    survive_each_failed_allocation(*state, draw_any, &g.figure, "a.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(every_format_is_drawn_twice_alike),
        in_fresh_folder(the_label_of_one_column_is_whole),
        in_fresh_folder(cells_have_the_ramp_s_colours),
        in_fresh_folder(light_is_good_where_less_is),
        in_fresh_folder(maps_of_one_name_share_their_colours),
        in_fresh_folder(a_missing_cell_is_hatched),
        in_fresh_folder(a_narrow_page_has_one_map_in_a_row),
        in_fresh_folder(one_value_everywhere_can_be_drawn),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
