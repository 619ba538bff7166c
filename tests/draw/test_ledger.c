/* test_ledger.c - the figure of what parts of the objective pull: formats, smoothing, gaps, words. */
#include "chart_test.h"

#include "draw/ledger.h"
#include "figure_test.h"

enum { RECORDS = 60 };

/* Norms that fall by a factor of 100, one of them with gaps, and a constant cosine. */
typedef struct given {
    double at[RECORDS], task[RECORDS], rare[RECORDS], cosine[RECORDS];
    kedge_ledger_curve norms[2], cosines[1];
    kedge_ledger_figure figure;
} given;

static void fill(given *g)
{
    for (int i = 0; i < RECORDS; i++) {
        g->at[i] = 2 * i;
        g->task[i] = pow(10, -2.0 * i / (RECORDS - 1)) * (i % 2 ? 1.02 : 1); /* or Cairo would make one line of it */
        g->rare[i] = i % 3 ? NAN : 0.5;
        g->cosine[i] = i % 2 ? -0.49 : -0.51;
    }
    g->norms[0] = (kedge_ledger_curve){.name = "task", .values = g->task, .is_task = true};
    g->norms[1] = (kedge_ledger_curve){.name = "rare", .values = g->rare};
    g->cosines[0] = (kedge_ledger_curve){.name = "task, rare", .values = g->cosine};
    g->figure = (kedge_ledger_figure){.title = "title", .steps = 2 * RECORDS, .n = RECORDS, .at = g->at, .n_norms = 2,
                                      .norms = g->norms, .n_cosines = 1, .cosines = g->cosines};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_ledger(ctx, figure, to);
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

static void equal_factors_are_equally_high(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.svg");
    double path[2 * 2000];
    int n = read_path(f, "a.svg", "stroke-width:2.2;", path, 2000) - 15; /* ends are smoothed over less */
    assert_true(n > 35);
    const double *xy = path + 2 * 5;
    double wide = xy[2 * n - 2] - xy[0], high = xy[2 * n - 1] - xy[1];
    assert_true(wide > 200 && high > 60); /* downwards */
    assert_true(off_straight(xy, n) < 2);
}

static void without_cosines_there_is_one_panel(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.svg");
    g.cosine[0] = 0;
    g.figure.n_cosines = 0;
    draw(f, &g, "b.svg");
    for (int i = 0; i < RECORDS; i++) g.cosine[i] = NAN;
    g.figure.n_cosines = 1;
    draw(f, &g, "c.svg");
    assert_same_files(f, "b.svg", "c.svg");
}

/* Steps to the right edge of the longest line of the task's. */
static double end_of_line(folder *f)
{
    double xy[2 * 2000];
    int n = read_path(f, "a.svg", "stroke-width:2.2;", xy, 2000);
    assert_true(n > 10);
    return xy[2 * n - 2];
}

/* Of 60 records, where 13 are missing it ends and begins anew; where 4 are it goes on. */
static void lines_end_where_there_are_no_values(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.svg");
    double whole = end_of_line(f);
    for (int i = 30; i < 34; i++) g.task[i] = NAN;
    draw(f, &g, "a.svg");
    assert_true(fabs(end_of_line(f) - whole) < 0.01);
    for (int i = 34; i < 43; i++) g.task[i] = NAN;
    draw(f, &g, "a.svg");
    assert_true(end_of_line(f) < 0.7 * whole);
}

/* Means are of values on the same side of such a gap. */
static void means_do_not_reach_over_a_gap(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    for (int i = 0; i < RECORDS; i++) g.task[i] = i < 25 ? 1 : i < 40 ? (double)NAN : 1e-3;
    draw(f, &g, "a.svg");
    double xy[2 * 2000];
    int n = read_path(f, "a.svg", "stroke-width:2.2;", xy, 2000);
    for (int i = 1; i < n; i++) assert_true(fabs(xy[2 * i + 1] - xy[1]) < 0.01); /* level up to the gap */
}

static void norms_of_0_alone_are_refused(void **state)
{
    given g;
    fill(&g);
    memset(g.task, 0, sizeof g.task);
    g.figure.n_norms = 1;
    assert_refused(*state, draw_any, &g.figure, "a.svg", KEDGE_EINVALID,
                   "a.svg: cannot draw gradients none of which is ever above 0");
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
        in_fresh_folder(equal_factors_are_equally_high),
        in_fresh_folder(without_cosines_there_is_one_panel),
        in_fresh_folder(lines_end_where_there_are_no_values),
        in_fresh_folder(means_do_not_reach_over_a_gap),
        in_fresh_folder(norms_of_0_alone_are_refused),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
