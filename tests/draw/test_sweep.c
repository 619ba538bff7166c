/* test_sweep.c - the figure of a sweep: formats, places of values, words, the front, what is refused. */
#include "chart_test.h"

#include <unistd.h>

#include "draw/sweep.h"
#include "figure_test.h"

enum { RUNS = 12, GROUPS = 3 };

/* Three groups whose means lie at 1, 2 and 3; by the other metric the last is beaten. */
typedef struct given {
    double values[GROUPS][RUNS], others[GROUPS][RUNS];
    kedge_sweep_group groups[GROUPS];
    kedge_sweep_figure figure;
} given;

static void fill(given *g)
{
    static const char *const labels[] = {"clip 1", "clip 2", "clip 3"};
    static const double others[] = {10, 30, 20};
    for (int k = 0; k < GROUPS; k++) {
        for (int i = 0; i < RUNS; i++) {
            g->values[k][i] = k + 1 + 0.02 * (i - 5.5);
            g->others[k][i] = others[k] + 0.1 * (i % 3);
        }
        g->groups[k] = (kedge_sweep_group){
            .label = labels[k], .n = RUNS, .values = g->values[k], .others = g->others[k], .mean = k + 1,
            .low = k + 0.9, .high = k + 1.1, .other_mean = others[k], .other_low = others[k] - 1,
            .other_high = others[k] + 1, .front = k != 1};
    }
    g->groups[1].failed = 4;
    g->figure = (kedge_sweep_figure){.title = "title", .metric = "score", .more = true, .n_groups = GROUPS,
                                     .groups = g->groups};
}

static void with_two_metrics(given *g)
{
    fill(g);
    g->figure.other = "recon_mse";
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_sweep(ctx, figure, to);
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
    with_two_metrics(&g);
    assert_drawn_twice_alike(*state, draw_any, &g.figure);
}

/* Mean column of an ink in the rows [top, bottom). */
static double column_of(cairo_surface_t *image, int top, int bottom, kedge_ink ink)
{
    double sum = 0;
    int n = 0;
    for (int y = top; y < bottom; y++)
        for (int x = 0; x < cairo_image_surface_get_width(image); x++)
            if (is_ink(image, x, y, ink)) sum += x, n++;
    return n > 0 ? sum / n : (double)NAN;
}

static void each_row_has_its_values_where_the_axis_says(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.title = NULL;
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    kedge_ink ink = kedge_theme_of(false)->series[0];
    /* Rows of 40 points below the margin of 12. */
    double at[GROUPS];
    for (int k = 0; k < GROUPS; k++) at[k] = column_of(image, 2 * (12 + 40 * k) + 2, 2 * (12 + 40 * k + 40) - 2, ink);
    assert_true(at[1] - at[0] > 200);
    assert_true(fabs((at[2] - at[1]) - (at[1] - at[0])) < 6);
    cairo_surface_destroy(image);
}

static void a_swarm_does_not_hide_runs(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.n_groups = 1;
    g.groups[0].n = 9;
    for (int i = 0; i < RUNS; i++) g.values[0][i] = 1; /* all at one place: one above the other */
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    ink_box box = box_of(image, kedge_theme_of(false)->series[0]);
    assert_true(box.bottom - box.top > 2 * 25);
    assert_true(box.right - box.left < 2 * 8);
    cairo_surface_destroy(image);
}

static void the_words_hold_means_and_failures(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.png", 0);
    assert_text_has(f, "a.txt", "3 groups of runs. clip 1, 12 runs: score 1 (0.9 to 1.1).");
    assert_text_has(f, "a.txt", "clip 2, 12 runs and 4 failed: score 2 (1.9 to 2.1).");
    with_two_metrics(&g);
    draw(f, &g, "a.png", 0);
    assert_text_has(f, "a.txt", "score 1 (0.9 to 1.1), recon_mse 10 (9 to 11), on the front. clip 2,");
    assert_text_has(f, "a.txt", "recon_mse 30 (29 to 31). clip 3,");
}

static void the_front_has_corners_that_are_worse_in_both(void **state)
{
    folder *f = *state;
    given g;
    with_two_metrics(&g);
    draw(f, &g, "a.svg", 0);
    double xy[2 * 16];
    /* From (1, 10) over (1, 20) to (3, 20): up, then to the right. */
    assert_int_equal(read_path(f, "a.svg", "stroke-width:1.2;", xy, 16), 3);
    assert_true(xy[2] == xy[0] && xy[3] < xy[1] - 30);
    assert_true(xy[5] == xy[3] && xy[4] > xy[2] + 30);
    g.figure.more = false, g.figure.other_more = true; /* now the other corner is the worse one */
    draw(f, &g, "a.svg", 0);
    assert_int_equal(read_path(f, "a.svg", "stroke-width:1.2;", xy, 16), 3);
    assert_true(xy[3] == xy[1] && xy[2] > xy[0] + 30);
}

static void groups_without_a_run_have_an_empty_row(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.groups[2].n = 0;
    g.groups[2].mean = g.groups[2].low = g.groups[2].high = NAN;
    draw(f, &g, "a.png", 0);
    assert_text_has(f, "a.txt", "clip 3, 0 runs.");
}

/* Where groups of runs that are all at 1, .01 and .0001 come to stand, in pixels. */
static void place_decades(folder *f, bool more, double at[GROUPS])
{
    given g;
    fill(&g);
    g.figure.title = NULL;
    g.figure.more = more;
    for (int k = 0; k < GROUPS; k++) {
        for (int i = 0; i < RUNS; i++) g.values[k][i] = pow(10, -2 * k);
        g.groups[k].mean = g.groups[k].low = g.groups[k].high = pow(10, -2 * k);
    }
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    kedge_ink ink = kedge_theme_of(false)->series[0];
    for (int k = 0; k < GROUPS; k++) at[k] = column_of(image, 2 * (12 + 40 * k) + 2, 2 * (12 + 40 * k + 40) - 2, ink);
    cairo_surface_destroy(image);
}

static void values_over_decades_have_a_logarithmic_axis(void **state)
{
    double at[GROUPS];
    place_decades(*state, false, at);
    assert_true(at[0] - at[1] > 200);
    assert_true(fabs((at[0] - at[1]) - (at[1] - at[2])) < 6);
}

static void scores_have_a_straight_axis(void **state)
{
    double at[GROUPS];
    place_decades(*state, true, at);
    assert_true(at[0] - at[1] > 200);
    assert_true(at[1] - at[2] < 12);
}

static void many_groups_are_cut(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    kedge_sweep_group many[KEDGE_SWEEP_ROWS + 5];
    for (int i = 0; i < KEDGE_SWEEP_ROWS + 5; i++) many[i] = g.groups[i % GROUPS];
    g.figure.groups = many;
    g.figure.n_groups = KEDGE_SWEEP_ROWS + 5;
    draw(f, &g, "a.png", 0);
    assert_true(size_of(f, "a.png").high < 2 * (26 * KEDGE_SWEEP_ROWS + 130));
    assert_text_has(f, "a.txt", "And 5 more.");
}

static void the_page_is_as_wide_as_asked(void **state)
{
    given g;
    with_two_metrics(&g);
    assert_as_wide_as_asked(*state, draw_any, &g.figure, &(double){250}, 1);
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    with_two_metrics(&g);
    assert_refused(f, draw_any, &g.figure, "a.gif", KEDGE_EINVALID, "it ends in .png, .svg or .pdf");
    for (int k = 0; k < GROUPS; k++) g.groups[k].n = 0;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "no run has a value of 'score' and 'recon_mse'");
}

static kedge_status draw_narrow(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    kedge_picture narrow = *to;
    narrow.width = 250;
    return kedge_draw_sweep(ctx, figure, &narrow);
}

static void survives_each_failed_allocation(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    survive_each_failed_allocation(f, draw_any, &g.figure, "a.svg");
    assert_int_equal(unlink(in_folder(f, "a.svg")), 0);
    with_two_metrics(&g);
    survive_each_failed_allocation(f, draw_narrow, &g.figure, "a.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(every_format_is_drawn_twice_alike),
        in_fresh_folder(each_row_has_its_values_where_the_axis_says),
        in_fresh_folder(a_swarm_does_not_hide_runs),
        in_fresh_folder(the_words_hold_means_and_failures),
        in_fresh_folder(the_front_has_corners_that_are_worse_in_both),
        in_fresh_folder(groups_without_a_run_have_an_empty_row),
        in_fresh_folder(values_over_decades_have_a_logarithmic_axis),
        in_fresh_folder(scores_have_a_straight_axis),
        in_fresh_folder(many_groups_are_cut),
        in_fresh_folder(the_page_is_as_wide_as_asked),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
