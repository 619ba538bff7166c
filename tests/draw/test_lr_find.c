/* test_lr_find.c - the figure of a learning-rate range test: formats, words, where the marks stand. */
#include "chart_test.h"

#include "draw/lr_find.h"
#include "figure_test.h"

enum { STEPS = 71 };

/* From 1e-6 to 10; the loss falls evenly on the page's logarithmic axis, by a factor of 100 in all. */
typedef struct given {
    double rates[STEPS], median[STEPS], seed[STEPS];
    const double *curves[1];
    kedge_lr_find_mark marks[2];
    kedge_lr_find_figure figure;
} given;

static void fill(given *g)
{
    for (int i = 0; i < STEPS; i++) {
        g->rates[i] = pow(10, -6 + i / 10.0);
        g->median[i] = pow(10, -2.0 * i / (STEPS - 1)) * (i % 2 ? 1.02 : 1); /* or Cairo would make one line of it */
        g->seed[i] = 1.5 * g->median[i];
    }
    g->curves[0] = g->seed;
    g->marks[0] = (kedge_lr_find_mark){"steepest", "it falls fastest", 0.001, 0.0005, 0.002};
    g->marks[1] = (kedge_lr_find_mark){"edge", "it is too large", NAN, NAN, NAN};
    g->figure = (kedge_lr_find_figure){.title = "title", .steps = STEPS, .rates = g->rates, .n_seeds = 1,
                                       .curves = g->curves, .median = g->median, .n_marks = 2, .marks = g->marks};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_lr_find(ctx, figure, to);
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

static void equal_factors_are_equally_far_both_ways(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.svg");
    double xy[2 * 2000];
    int n = read_path(f, "a.svg", "stroke-width:2;", xy, 2000);
    assert_true(n > 50);
    double wide = xy[2 * n - 2] - xy[0], high = xy[2 * n - 1] - xy[1];
    assert_true(wide > 250 && high > 100); /* downwards */
    assert_true(off_straight(xy, n) < 2);
}

static void a_mark_lies_on_the_median(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.marks[0].low = g.rates[0], g.marks[0].high = g.rates[STEPS - 1];
    draw(f, &g, "a.svg");
    double line[2 * 2000], range[2 * 2];
    int n = read_path(f, "a.svg", "stroke-width:2;", line, 2000);
    assert_int_equal(read_path(f, "a.svg", "stroke-width:2.4;", range, 2), 2);
    double left = line[0], right = line[2 * n - 2], top = line[1], bottom = line[2 * n - 1];
    assert_true(fabs(range[0] - left) < 0.01 && fabs(range[2] - right) < 0.01);
    assert_true(range[1] == range[3] && fabs((range[1] - top) / (bottom - top) - 3.0 / 7) < 0.01); /* as 0.001 across */
}

static void words_name_what_is_there(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.own = 0.1;
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "rises from 1e-06 to 10, a line for each of 1 seeds.");
    assert_text_has(f, "a.txt", "At 0.001 (0.0005 to 0.002) it falls fastest. The recipe's own largest is 0.1.");
}

static void the_legend_shows_the_recipes_line_as_it_is(void **state)
{
    folder *f = *state;
    static const char dash[] = "stroke-dasharray:";
    given g;
    fill(&g);
    g.figure.own = 0.1;
    draw(f, &g, "a.svg");
    char *text = text_of(f, "a.svg"), *one = strstr(text, dash);
    assert_non_null(one);
    char *two = strstr(one + 1, dash);
    assert_non_null(two);
    assert_memory_equal(one, two, strcspn(one, ";") + 1);
    assert_null(strstr(two + 1, dash));
    free(text);
}

/* A curve that ends, or rises beyond all numbers, is drawn as far as it goes. */
static void curves_may_leave(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 50; i < STEPS; i++) g.seed[i] = 1e30 * i, g.median[i] = NAN;
    g.marks[1] = (kedge_lr_find_mark){"edge", "it is too large", 3, 1, 5};
    draw(f, &g, "a.svg");
    double xy[2 * 2000];
    assert_true(read_path(f, "a.svg", "stroke-width:2;", xy, 2000) >= 40);
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < STEPS; i++) g.median[i] = NAN;
    assert_refused(f, draw_any, &g.figure, "a.svg", KEDGE_EINVALID, "losses none of which is above 0");
    g.figure.n_seeds = 0;
    assert_refused(f, draw_any, &g.figure, "a.svg", KEDGE_EINVALID, "0 curves of 71 learning rates");
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
        in_fresh_folder(equal_factors_are_equally_far_both_ways),
        in_fresh_folder(a_mark_lies_on_the_median),
        in_fresh_folder(words_name_what_is_there),
        in_fresh_folder(the_legend_shows_the_recipes_line_as_it_is),
        in_fresh_folder(curves_may_leave),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
