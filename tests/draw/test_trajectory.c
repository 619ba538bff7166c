/* test_trajectory.c - the figure of many runs over time: formats, words, panels, what is refused. */
#include "chart_test.h"

#include "draw/trajectory.h"
#include "figure_test.h"

enum { SAMPLES = 11, RUNS = 3 };

/* Two runs that rise to 0.95 and 0.99, and one that is lost. */
typedef struct given {
    double at[SAMPLES], cosines[RUNS * SAMPLES];
    kedge_trajectory_run runs[RUNS];
    kedge_trajectory_figure figure;
} given;

static const char *const kinds[] = {"clean", "leaky", "lost"}, *const concepts[] = {"red"};

static void fill(given *g)
{
    static const double ends[] = {0.95, 0.99, 0.2};
    for (int k = 0; k < SAMPLES; k++) {
        g->at[k] = 10 * k;
        for (int i = 0; i < RUNS; i++) g->cosines[i * SAMPLES + k] = ends[i] * k / (SAMPLES - 1);
    }
    g->runs[0] = (kedge_trajectory_run){7, 0}, g->runs[1] = (kedge_trajectory_run){8, 0};
    g->runs[2] = (kedge_trajectory_run){9, 2};
    g->figure = (kedge_trajectory_figure){
        .title = "title", .steps = 100, .n_samples = SAMPLES, .at = g->at, .n_kinds = 3, .kinds = kinds,
        .n_runs = RUNS, .runs = g->runs, .n_concepts = 1, .concepts = concepts, .cosines = g->cosines, .held = 0.9};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_trajectory(ctx, figure, to);
}

static void draw(folder *f, const given *g, const char *name)
{
    draw_figure(f, draw_any, &g->figure, name, (kedge_picture){0});
}

static void every_format_is_drawn_twice_alike(void **state)
{
    given g;
    fill(&g);
    assert_drawn_twice_alike(*state, draw_any, &g.figure);
}

static void the_words_hold_counts_and_ends(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "3 runs of 100 steps: 2 clean, 1 lost. Seed 9: lost.");
    assert_text_has(f, "a.txt", "at the end: median 0.950, from 0.200 to 0.990; 2 of 3 at 0.9 or above.");
    assert_text_has(f, "a.txt", "The median is there from step 100 on.");
}

static void the_median_is_where_its_axis_says(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int k = 0; k < SAMPLES; k++) { /* not quite straight: Cairo joins what is */
        g.cosines[k] = -1 + 0.02 * (k % 2);
        g.cosines[SAMPLES + k] = 0.02 * (k % 2);
        g.cosines[2 * SAMPLES + k] = 1;
    }
    draw(f, &g, "a.svg");
    double median[2 * 400], low[2 * 400];
    assert_int_equal(read_path(f, "a.svg", "stroke-width:2.4;", median, 400), SAMPLES);
    assert_int_equal(read_path(f, "a.svg", "stroke-width:0.6;", low, 400), SAMPLES);
    /* In the first panel, 210 points high, the range goes from -1 to 1 with 4% and 2% more. */
    assert_true(fabs(low[1] - median[1] - 210 / 2.12) < 0.1);
    assert_true(fabs(median[2] - median[0] - (median[2 * SAMPLES - 2] - median[0]) / 10) < 0.1);
}

static void a_run_that_failed_ends_where_it_did(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int k = 5; k < SAMPLES; k++) g.cosines[2 * SAMPLES + k] = NAN;
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "from 0.080 to 0.990; 2 of 3");
    assert_text_has(f, "a.txt", "median 0.970"); /* of the two that are left */
}

static int height_of(folder *f, const given *g)
{
    draw(f, g, "a.png");
    return size_of(f, "a.png").high;
}

static void a_wide_range_has_a_close_up(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    int wide = height_of(f, &g);
    for (int i = 0; i < RUNS * SAMPLES; i++) g.cosines[i] = 0.8 + 0.001 * i;
    assert_true(wide > height_of(f, &g) + 100);
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    assert_refused(f, draw_any, &g.figure, "a.gif", KEDGE_EINVALID, "it ends in .png, .svg or .pdf");
    g.runs[1].kind = 3;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "run 1 is of kind 3 of 3");
    g.figure.n_runs = 0;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "cannot draw 0 runs, 1 concepts and 11 samples");
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
        in_fresh_folder(the_words_hold_counts_and_ends),
        in_fresh_folder(the_median_is_where_its_axis_says),
        in_fresh_folder(a_run_that_failed_ends_where_it_did),
        in_fresh_folder(a_wide_range_has_a_close_up),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
