/* test_history.c - the figure of a latent space over time: formats, places of points, words, what is refused. */
#include "chart_test.h"

#include "draw/history.h"
#include "figure_test.h"

enum { FRAMES = 3 };

/* One red point that goes from (-1, 0) to (0.5, 0.5), in three dimensions. */
typedef struct given {
    float latents[FRAMES][3], rgb[3], at[3];
    kedge_history_frame frames[FRAMES];
    kedge_latents_anchor anchor;
    int pairs[2][2];
    kedge_history_figure figure;
} given;

static void fill(given *g)
{
    *g = (given){.latents = {{-1, 0, 0}, {0, 0, 0}, {0.5f, 0.5f, 0}}, .rgb = {1, 0, 0}, .at = {1, 0, 0},
                 .pairs = {{0, 1}, {1, 2}}};
    for (int i = 0; i < FRAMES; i++)
        g->frames[i] = (kedge_history_frame){.step = 50 * i, .latents = g->latents[i], .cosine = 0.25 * i};
    g->anchor = (kedge_latents_anchor){"red", g->at};
    g->figure = (kedge_history_figure){.title = "title", .n = 1, .k = 3, .rgb = g->rgb, .n_frames = FRAMES,
                                       .frames = g->frames, .n_pairs = 1, .pairs = (const int(*)[2])g->pairs,
                                       .n_anchors = 1, .anchors = &g->anchor, .concept = "red"};
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_history(ctx, figure, to);
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

/* Pixels of pure red in a part of the picture. */
static int red_in(cairo_surface_t *image, int left, int right, int top, int bottom)
{
    int n = 0;
    for (int y = top; y < bottom; y++)
        for (int x = left; x < right; x++) n += is_ink(image, x, y, (kedge_ink){1, 0, 0});
    return n;
}

static void the_end_is_large_and_where_its_axes_say(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.n_anchors = 0;
    g.figure.title = NULL;
    draw(f, &g, "a.png", 0);
    cairo_surface_t *image = picture_of(f, "a.png");
    ink_box all = box_of(image, (kedge_ink){1, 0, 0});
    int wide = cairo_image_surface_get_width(image);
    /* The large panel is square and ends at the right margin: 12 points. Its middle is (0, 0), its reach 1.1. */
    double right = wide - 2 * 12, top = 2 * 12;
    int panel = 400;
    while (!is_ink(image, (int)right - 60, (int)top + panel, kedge_theme_of(false)->frame)) panel++;
    double off = 0.5 / 1.1 * panel / 2, x = right - panel / 2.0 + off, y = top + panel / 2.0 - off;
    assert_true(red_in(image, (int)x - 3, (int)x + 3, (int)y - 3, (int)y + 3) >= 30);
    assert_true(all.bottom > top + panel); /* and small below it */
    cairo_surface_destroy(image);
}

static void earlier_steps_take_room_below(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "with.png", 0);
    g.figure.frames = g.frames + FRAMES - 1;
    g.figure.n_frames = 1;
    draw(f, &g, "without.png", 0);
    assert_true(size_of(f, "with.png").high > size_of(f, "without.png").high + 60);
}

static void a_narrow_page_has_one_pair_below_the_other(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    g.figure.n_pairs = 2;
    draw(f, &g, "wide.png", 600);
    draw(f, &g, "narrow.png", 250);
    picture_size wide = size_of(f, "wide.png"), narrow = size_of(f, "narrow.png");
    assert_int_equal(wide.wide, 1200);
    assert_int_equal(narrow.wide, 500);
    assert_true(narrow.high > wide.high);
}

static void the_words_hold_steps_and_cosines(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    draw(f, &g, "a.png", 0);
    assert_text_has(f, "a.txt", "Latent space of 1 points in 3 dimensions after 100 steps, with 2 earlier states");
    assert_text_has(f, "a.txt", "Anchored: red.");
    assert_text_has(f, "a.txt", "Cosine of 'red' with its anchor: 0.00 at step 0, 0.25 at step 50, 0.50 at step 100.");
}

static void refuses_what_cannot_be_drawn(void **state)
{
    folder *f = *state;
    given g;
    fill(&g);
    assert_refused(f, draw_any, &g.figure, "a.gif", KEDGE_EINVALID, "it ends in .png, .svg or .pdf");
    g.latents[1][2] = (float)NAN;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_ENUMERIC, "a latent of step 50 is nan");
    g.pairs[0][1] = 3;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID,
                   "cannot draw dimensions 0 and 3; a panel shows two different ones of 0 to 2");
    g.figure.n_frames = 0;
    assert_refused(f, draw_any, &g.figure, "a.png", KEDGE_EINVALID, "0 steps and 1 pairs");
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
        in_fresh_folder(the_end_is_large_and_where_its_axes_say),
        in_fresh_folder(earlier_steps_take_room_below),
        in_fresh_folder(a_narrow_page_has_one_pair_below_the_other),
        in_fresh_folder(the_words_hold_steps_and_cosines),
        in_fresh_folder(refuses_what_cannot_be_drawn),
        in_fresh_folder(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
