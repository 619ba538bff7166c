/* test_attribution.c - the figure of crossed seeds: formats, cells and bars at their places, words. */
#include "chart_test.h"

#include "draw/attribution.h"
#include "figure_test.h"

enum { ROWS = 3, COLUMNS = 4 };

typedef struct given {
    long long seeds[COLUMNS];
    double values[ROWS * COLUMNS];
    bool failed[ROWS * COLUMNS];
    kedge_attribution_shares shares;
    kedge_attribution_part part;
    kedge_attribution_figure figure;
} given;

/* Three seeds of weights by four of batches. */
static void fill(given *g)
{
    *g = (given){.seeds = {5, 6, 7, 8},
                 .shares = {"score", {0.5, 0.25, 0.25}, {0.4, 0.1, 0.2}, {0.6, 0.4, 0.3}}};
    for (int i = 0; i < ROWS * COLUMNS; i++) g->values[i] = i % 2 ? 0.9 : 0.5;
    g->part = (kedge_attribution_part){.label = "", .rows = ROWS, .columns = COLUMNS, .row_seeds = g->seeds,
                                       .column_seeds = g->seeds, .values = g->values, .failed = g->failed,
                                       .mean = 0.7, .sd = 0.2, .n_shares = 1, .shares = &g->shares};
    g->figure = (kedge_attribution_figure){.title = "title", .metric = "score", .n_parts = 1, .parts = &g->part};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_attribution(ctx, figure, to);
}

static void draw(folder *f, const given *g, const char *name, double width)
{
    draw_figure(f, draw_any, &g->figure, name, (kedge_picture){.width = width});
}

static void every_format_is_drawn_twice_alike(void **state)
{
    given g;
    fill(&g);
    assert_drawn_twice_alike(*state, draw_any, &g.figure);
}

static void cells_have_the_ramp_s_colours(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.title = NULL;
    for (int i = 0; i < ROWS * COLUMNS; i++) g.values[i] = i % COLUMNS == 1 ? 0.9 : 0.5; /* the second column */
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    const kedge_theme *theme = kedge_theme_of(false);
    /* Cells of 17 points; the map begins where its first row has the lowest colour. */
    int left = 0, top = box_of(image, theme->frame).top, cell = 34;
    while (!is_ink(image, left, top + cell / 2, kedge_theme_ramp(theme, 0))) left++;
    for (int row = 0; row < ROWS; row++)
        for (int column = 0; column < COLUMNS; column++)
            assert_true(is_ink(image, left + column * cell + cell / 2, top + row * cell + cell / 2,
                               kedge_theme_ramp(theme, column == 1)));
    cairo_surface_destroy(image);
}

static void bars_are_as_long_as_their_shares(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int k = 0; k < 3; k++) g.shares.low[k] = g.shares.high[k] = NAN;
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    const kedge_theme *theme = kedge_theme_of(false);
    ink_box weights = box_of(image, theme->series[0]), batches = box_of(image, theme->series[2]);
    double ratio = (weights.right - weights.left + 1.0) / (batches.right - batches.left + 1.0);
    assert_true(weights.right - weights.left > 150);
    assert_true(fabs(ratio - 2) < 0.03); /* a half and a quarter */
    assert_true(weights.bottom < batches.top);
    cairo_surface_destroy(image);
}

static void a_run_that_failed_is_crossed_out(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "without.png", 0);
    g.values[5] = NAN, g.failed[5] = true;
    draw(f, &g, "a.png", 0);
    cairo_surface_t *without = picture_of(f, "without.png"), *with = picture_of(f, "a.png");
    kedge_ink ink = kedge_theme_of(false)->series[1];
    assert_true(box_of(without, ink).right < 0);
    assert_true(box_of(with, ink).right > 0);
    assert_text_has(f, "a.txt", "11 runs with a value, 1 failed; mean 0.7, sd 0.2.");
    cairo_surface_destroy(without);
    cairo_surface_destroy(with);
}

static void the_words_hold_shares(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.png", 0);
    assert_text_has(f, "a.txt", "Heat map of score for crossed seeds. 3 seeds of weights by 4 of batches");
    assert_text_has(f, "a.txt", "Variance of score: weights 50% (40% to 60%), batches 25% (10% to 40%), only the pair "
                                "25% (20% to 30%).");
}

static void a_narrow_page_has_the_bars_below(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.png", 250);
    cairo_surface_t *image = picture_of(f, "a.png");
    const kedge_theme *theme = kedge_theme_of(false);
    assert_int_equal(cairo_image_surface_get_width(image), 500);
    /* The map's cells are as wide as the page allows, and square. */
    assert_true(box_of(image, theme->series[0]).top > 2 * 3 * 45);
    cairo_surface_destroy(image);
}

static void runs_that_are_all_alike_can_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < ROWS * COLUMNS; i++) g.values[i] = 0.5;
    for (int k = 0; k < 3; k++) g.shares.share[k] = g.shares.low[k] = g.shares.high[k] = NAN;
    draw(f, &g, "a.png", 0);
    assert_text_has(f, "a.txt", "weights \xe2\x80\x93");
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    assert_refused(f, draw_any, &g.figure, "a.gif", KEDGE_EINVALID, "it ends in .png, .svg or .pdf");
    for (int i = 0; i < ROWS * COLUMNS; i++) g.values[i] = NAN;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "no crossed run has a value of 'score'");
    g.figure.n_parts = 0;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "no crossed run has a value of 'score'");
}

static void survives_each_failed_allocation(void **state)
{
    given g;
    fill(&g);
    survive_each_failed_allocation(*state, draw_any, &g.figure, "a.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(every_format_is_drawn_twice_alike),
        in_fresh_folder(cells_have_the_ramp_s_colours),
        in_fresh_folder(bars_are_as_long_as_their_shares),
        in_fresh_folder(a_run_that_failed_is_crossed_out),
        in_fresh_folder(the_words_hold_shares),
        in_fresh_folder(a_narrow_page_has_the_bars_below),
        in_fresh_folder(runs_that_are_all_alike_can_be_drawn),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
