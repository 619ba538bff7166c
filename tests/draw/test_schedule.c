/* test_schedule.c - the figure of a schedule: formats, words, panels, what is refused. */
#include "chart_test.h"

#include "draw/schedule.h"
#include "figure_test.h"

enum { STEPS = 101 };

/* A weight that rises evenly from 0 to 0.2, a small one, and a learning rate over two decades. */
typedef struct given {
    double at[STEPS], rise[STEPS], small[STEPS], lr[STEPS];
    double key_at[2], key_values[2];
    kedge_schedule_curve curves[3];
    kedge_stretch phases[2];
    kedge_place actions[1];
    kedge_schedule_figure figure;
} given;

static void fill(given *g)
{
    for (int i = 0; i < STEPS; i++) {
        g->at[i] = i;
        g->rise[i] = 0.002 * i;
        g->small[i] = 0.001;
        g->lr[i] = pow(10, -3 + 0.02 * i);
    }
    g->key_at[0] = 0, g->key_at[1] = 100, g->key_values[0] = 0, g->key_values[1] = 0.2;
    g->curves[0] = (kedge_schedule_curve){.name = "anchor", .values = g->rise, .n_keys = 2, .key_at = g->key_at,
                                          .key_values = g->key_values};
    g->curves[1] = (kedge_schedule_curve){.name = "separate", .values = g->small};
    g->curves[2] = (kedge_schedule_curve){.name = "lr", .kind = KEDGE_CURVE_LEARNING_RATE, .values = g->lr};
    g->phases[0] = (kedge_stretch){0, "Warm up"};
    g->phases[1] = (kedge_stretch){40, "Heat"};
    g->actions[0] = (kedge_place){60, "anchor"};
    g->figure = (kedge_schedule_figure){.title = "title", .subtitle = "subtitle", .steps = STEPS, .n = STEPS,
                                        .at = g->at, .n_curves = 3, .curves = g->curves, .n_phases = 2,
                                        .phases = g->phases, .n_actions = 1, .actions = g->actions};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_schedule(ctx, figure, to);
}

static void draw(folder *f, const given *g, const char *name, double width, bool dark)
{
    draw_figure(f, draw_any, &g->figure, name, (kedge_picture){.width = width, .dark = dark});
}

static void every_format_is_drawn_twice_alike(void **state)
{
    given g;
    fill(&g);
    assert_drawn_twice_alike(*state, draw_any, &g.figure);
}

static void a_straight_weight_is_a_straight_line(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.n_curves = 1; /* solid */
    g.curves[0].n_keys = 0;
    draw(f, &g, "a.png", 0, false);
    cairo_surface_t *image = picture_of(f, "a.png");
    kedge_ink ink = kedge_theme_of(false)->series[0];
    ink_box box = box_of(image, ink);
    assert_true(box.right - box.left > 600);
    for (int k = 1; k < 4; k++) {
        double share = k / 4.0, want = box.bottom - share * (box.bottom - box.top);
        double row = row_of(image, (int)(box.left + share * (box.right - box.left)), box.top, box.bottom + 1, ink);
        if (!isnan(row)) assert_true(fabs(row - want) < 25); /* its name may stand there */
    }
    cairo_surface_destroy(image);
}

static void small_weights_have_a_panel_of_their_own(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "small.png", 0, false);
    for (int i = 0; i < STEPS; i++) g.small[i] = 0.1;
    draw(f, &g, "large.png", 0, false);
    assert_true(size_of(f, "small.png").high > size_of(f, "large.png").high + 100);
}

static void a_logarithmic_learning_rate_is_straight(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.curves = g.curves + 2;
    g.figure.n_curves = 1;
    g.figure.title = g.figure.subtitle = NULL;
    g.figure.n_phases = g.figure.n_actions = 0;
    draw(f, &g, "a.svg", 0, false);
    double xy[2 * 400];
    int n = read_path(f, "a.svg", "stroke-width:1.6;", xy, 400);
    assert_true(n > 50);
    double wide = xy[2 * n - 2] - xy[0], high = xy[2 * n - 1] - xy[1];
    assert_true(wide > 300 && high < -30);
    assert_true(off_straight(xy, n) < 0.05);
}

static void the_words_hold_the_keyframes(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.png", 0, false);
    assert_text_has(f, "a.txt", "Schedule of 101 steps. Phases: Warm up from step 0, Heat from step 40.");
    assert_text_has(f, "a.txt", "Actions: anchor at step 60.");
    assert_text_has(f, "a.txt", "anchor: 0 at 0, 0.2 at 100.");
    assert_text_has(f, "a.txt", "separate: 0.001 throughout.");
    assert_text_has(f, "a.txt", "lr: 0.001 to 0.1.");
}

static void a_rate_that_soon_leaves_its_range_is_told(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "without.png", 0, false);
    g.lr[0] = 1e-8;
    draw(f, &g, "with.png", 0, false);
    assert_true(size_of(f, "with.png").high > size_of(f, "without.png").high); /* by a note */
}

static void a_rate_below_its_panel_is_told_where_it_is(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.lr[STEPS - 1] = 0;
    draw(f, &g, "a.png", 0, false);
    assert_text_has(f, "a.txt", " The learning rate ends at 0, below its panel.");
    g.lr[0] = 1e-4;
    draw(f, &g, "a.png", 0, false);
    assert_text_has(f, "a.txt", "begins at 1.0\xc3\x97""10\xe2\x81\xbb\xe2\x81\xb4 and ends at 0, below its panel.");
    g.lr[0] = g.lr[1], g.lr[STEPS - 1] = g.lr[STEPS - 2];
    g.lr[50] = 0;
    draw(f, &g, "a.png", 0, false);
    assert_text_has(f, "a.txt", " The learning rate falls to 0 at step 50, below its panel.");
}

static void an_end_before_the_next_keyframe_is_told(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.curves[0].n_keys = 1;
    draw(f, &g, "a.png", 0, false);
    assert_text_has(f, "a.txt", "anchor: 0 at 0, 0.2 at the end, step 100.");
}

static void the_page_is_as_wide_as_asked(void **state)
{
    given g;
    fill(&g);
    assert_as_wide_as_asked(*state, draw_any, &g.figure, &(double){250}, 1);
}

static void dark_is_another_picture(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.png", 0, true);
    cairo_surface_t *image = picture_of(f, "a.png");
    assert_true(is_ink(image, 0, 0, kedge_theme_of(true)->paper));
    cairo_surface_destroy(image);
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    assert_refused(f, draw_any, &g.figure, "a.gif", KEDGE_EINVALID, "it ends in .png, .svg or .pdf");
    g.rise[7] = NAN;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_ENUMERIC, "'anchor' is nan at step 7; all must be finite");
    g.figure.n_curves = 0;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "a schedule of 0 columns");
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
        in_fresh_folder(a_straight_weight_is_a_straight_line),
        in_fresh_folder(small_weights_have_a_panel_of_their_own),
        in_fresh_folder(a_logarithmic_learning_rate_is_straight),
        in_fresh_folder(the_words_hold_the_keyframes),
        in_fresh_folder(a_rate_that_soon_leaves_its_range_is_told),
        in_fresh_folder(a_rate_below_its_panel_is_told_where_it_is),
        in_fresh_folder(an_end_before_the_next_keyframe_is_told),
        in_fresh_folder(the_page_is_as_wide_as_asked),
        in_fresh_folder(dark_is_another_picture),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
