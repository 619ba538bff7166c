/* test_losses.c - the figure of losses: formats, words, what is smoothed and what is not drawn. */
#include "chart_test.h"

#include "draw/losses.h"
#include "figure_test.h"

enum { STEPS = 1000 };

/* A task whose loss falls by a factor of 1000, evenly on a logarithmic axis, and a term that is active in between. */
typedef struct given {
    double task[STEPS], term[STEPS];
    kedge_loss_curve curves[2];
    kedge_losses_figure figure;
} given;

static void fill(given *g)
{
    for (int i = 0; i < STEPS; i++) {
        g->task[i] = pow(10, -3.0 * i / (STEPS - 1));
        g->term[i] = i >= 200 && i < 700 ? 0.5 : (double)NAN;
    }
    g->curves[0] = (kedge_loss_curve){.name = "reconstruction", .values = g->task, .is_task = true};
    g->curves[1] = (kedge_loss_curve){.name = "anchor", .values = g->term};
    g->figure = (kedge_losses_figure){.title = "title", .steps = STEPS, .n_curves = 2, .curves = g->curves};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_losses(ctx, figure, to);
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

static void equal_factors_fall_equally_far(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.title = NULL;
    draw(f, &g, "a.svg");
    double xy[2 * 2000];
    int n = read_path(f, "a.svg", "stroke-width:2.2;", xy, 2000);
    assert_true(n > 300);
    double wide = xy[2 * n - 2] - xy[0], high = xy[2 * n - 1] - xy[1];
    assert_true(wide > 250 && high > 100); /* downwards */
    assert_true(off_straight(xy, n) < 2); /* but where the window is cut at the ends */
}

static void a_term_is_drawn_where_it_is_active(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < STEPS; i++) g.term[i] *= 1 + 0.1 * sin(i);
    draw(f, &g, "a.svg");
    double task[2 * 2000], term[2 * 2000];
    int n = read_path(f, "a.svg", "stroke-width:2.2;", task, 2000);
    int m = read_path(f, "a.svg", "stroke-width:1.4;", term, 2000);
    assert_true(n > 300 && m > 100);
    double from = task[0], length = task[2 * n - 2] - from;
    assert_true(fabs((term[0] - from) / length - 0.2) < 0.005);
    assert_true(fabs((term[2 * m - 2] - from) / length - 0.7) < 0.005);
}

static void the_line_is_the_mean_of_its_window(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < STEPS; i++) g.task[i] = i % 2 ? 1.5 : 0.5;
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "reconstruction: 0.955 at first, 1.05 at the end."); /* of 11 values: 5 and 6 */
}

static void rounding_of_large_early_values_is_not_carried(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < STEPS; i++) g.task[i] = i < 300 ? 1e9 / 3 : 1e-9;
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "1e-09 at the end.");
}

static void batches_without_a_labelled_sample_do_not_count(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < STEPS; i++) g.term[i] = i % 20 ? 0 : 0.5;
    g.curves[1].is_labelled = true;
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "anchor: 50 values between steps 0 and 980, 0.5 at first, 0.5 at the end.");
    g.curves[1].is_labelled = false;
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "anchor: 0.0455 at first");
}

static void zeros_among_others_are_not_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 300; i < STEPS; i++) g.term[i] = 0;
    g.term[100] = 0;
    draw(f, &g, "a.png");
    assert_text_has(f, "a.txt", "0 at the end.");
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    assert_refused(f, draw_any, &g.figure, "a.gif", KEDGE_EINVALID, "it ends in .png, .svg or .pdf");
    for (int i = 0; i < STEPS; i++) g.task[i] = 0, g.term[i] = NAN;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "losses none of which is ever above 0");
    g.figure.n_curves = 0;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "0 losses of 1000 steps");
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
        in_fresh_folder(equal_factors_fall_equally_far),
        in_fresh_folder(a_term_is_drawn_where_it_is_active),
        in_fresh_folder(the_line_is_the_mean_of_its_window),
        in_fresh_folder(rounding_of_large_early_values_is_not_carried),
        in_fresh_folder(batches_without_a_labelled_sample_do_not_count),
        in_fresh_folder(zeros_among_others_are_not_drawn),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
