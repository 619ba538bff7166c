/* films: where things stand, what moves, what is refused. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/film_parts.h"
#include "failing_alloc.h"

enum { POINTS = 40, DIMS = 4, STEPS = 200, TERMS = 2, WIDTH = 640, HEIGHT = 360, PIXELS = WIDTH * HEIGHT };

/* Points on the unit sphere, red the first, at the first axis. */
typedef struct scene {
    float latents[POINTS * DIMS], next[POINTS * DIMS], rgb[3 * POINTS], low[DIMS], high[DIMS], anchor[DIMS];
    double lr[STEPS], weights[STEPS * TERMS];
    float losses[STEPS * (TERMS + 1)];
    const char *terms[TERMS];
    kedge_latents_anchor anchors[1];
    kedge_stretch phases[2];
    kedge_film_input in;
    kedge_context *ctx;
    uint32_t pixels[PIXELS], other[PIXELS];
} scene;

static void scene_init(scene *s)
{
    for (int i = 0; i < POINTS; i++) {
        double squares = 0;
        for (int d = 0; d < DIMS; d++) squares += pow(sin(0.7 * i * (d + 1) + d + 0.3), 2);
        for (int d = 0; d < DIMS; d++)
            s->latents[i * DIMS + d] = (float)(sin(0.7 * i * (d + 1) + d + 0.3) / sqrt(squares));
        for (int c = 0; c < 3; c++) s->rgb[3 * i + c] = c == 1 ? 0.4F : 0.9F;
    }
    for (int d = 0; d < DIMS; d++) s->low[d] = -1, s->high[d] = 1;
    s->anchor[1] = 1;
    s->rgb[0] = 1, s->rgb[1] = s->rgb[2] = 0;
    memcpy(s->next, s->latents, sizeof s->next);
    for (int i = 0; i < STEPS; i++) {
        s->lr[i] = 0.01 * i;
        s->weights[2 * i] = 0.1, s->weights[2 * i + 1] = i < 100 ? 0.2 : 0;
        for (int t = 0; t <= TERMS; t++) s->losses[3 * i + t] = (float)exp(-0.02 * i - t);
        if (i % 7) s->losses[3 * i + 2] = NAN;
    }
    s->terms[0] = "one", s->terms[1] = "other";
    s->anchors[0] = (kedge_latents_anchor){"red", s->anchor};
    s->phases[0] = (kedge_stretch){0, "begin"}, s->phases[1] = (kedge_stretch){100, "end"};
    s->in = (kedge_film_input){
        .width = WIDTH, .height = HEIGHT, .title = "Title", .subtitle = "seed 1", .n = POINTS, .k = DIMS, .rgb = s->rgb,
        .unit = true, .low = s->low, .high = s->high, .last = s->latents, .n_anchors = 1, .anchors = s->anchors,
        .steps = STEPS, .lr = s->lr, .n_terms = TERMS, .terms = s->terms, .weights = s->weights, .losses = s->losses,
        .n_phases = 2, .phases = s->phases};
}

static int setup(void **state)
{
    scene *s = calloc(1, sizeof *s);
    if (!s) return -1;
    *state = s;
    scene_init(s);
    return kedge_context_create(&s->ctx, NULL) == KEDGE_OK ? 0 : -1;
}

static int teardown(void **state)
{
    scene *s = *state;
    kedge_context_free(s->ctx);
    free(s);
    return 0;
}

static kedge_film *open_film(scene *s)
{
    kedge_film *film = NULL;
    if (kedge_film_create(&film, s->ctx, &s->in)) fail_msg("%s", kedge_error());
    return film;
}

static kedge_film_frame still(const scene *s, double step)
{
    return (kedge_film_frame){.latents = s->latents, .step = step, .phase = "begin"};
}

/* The pixel of point 0 in a panel. */
static uint32_t pixel_of(const kedge_film *film, const uint32_t *pixels, int panel, const float *at)
{
    double x, y;
    kedge_film_place(film, panel, 0, at, &x, &y);
    return pixels[(int)(film->scale * y) * film->in.width + (int)(film->scale * x)];
}

static void frames_are_the_same_every_time(void **state)
{
    scene *s = *state;
    kedge_film *film = open_film(s), *again = open_film(s);
    kedge_film_frame frame = {s->latents, s->next, 60, "begin"};
    kedge_film_draw(film, &frame, s->pixels);
    kedge_film_draw(again, &frame, s->other);
    assert_memory_equal(s->pixels, s->other, sizeof s->pixels);
    kedge_film_free(film);
    kedge_film_free(again);
}

static void a_frame_does_not_depend_on_those_before(void **state)
{
    scene *s = *state;
    kedge_film *film = open_film(s);
    kedge_film_frame early = still(s, 20), late = {s->next, NULL, 180, "a phase of a longer name"};
    s->next[0] = 0.5F;
    kedge_film_draw(film, &early, s->pixels);
    kedge_film_draw(film, &late, s->other);
    kedge_film_draw(film, &early, s->other);
    assert_memory_equal(s->pixels, s->other, sizeof s->pixels);
    kedge_film_free(film);
}

static void points_stand_where_their_latents_are(void **state)
{
    scene *s = *state;
    static const float places[][DIMS] = {{0.6F, 0, 0.8F, 0}, {-0.5F, -0.5F, 0.5F, -0.5F}, {0, -1, 0, 0}};
    s->in.n = 1;
    kedge_film *film = open_film(s);
    assert_int_equal(film->n_pairs, 6);
    for (int i = 0; i < 3; i++) {
        kedge_film_frame frame = {.latents = places[i], .step = 0};
        kedge_film_draw(film, &frame, s->pixels);
        for (int p = 0; p < film->n_pairs; p++)
            assert_int_equal(pixel_of(film, s->pixels, p, places[i]), 0xff0000);
    }
    kedge_film_free(film);
}

static void points_that_are_no_numbers_are_left_out(void **state)
{
    scene *s = *state;
    s->in.n = 1;
    kedge_film *film = open_film(s);
    static const float nowhere[DIMS] = {NAN, INFINITY, NAN, -INFINITY};
    kedge_film_frame frame = {.latents = nowhere, .step = 0};
    kedge_film_draw(film, &frame, s->pixels);
    for (int i = 0; i < PIXELS; i++)
        if ((s->pixels[i] & 0xffffff) == 0xff0000) fail_msg("there is red in the picture");
    kedge_film_free(film);
}

static void points_are_blurred_along_half_their_way(void **state)
{
    scene *s = *state;
    static const float from[DIMS] = {-0.8F, 0.1F, 0, 0}, to[DIMS] = {0.8F, 0.1F, 0, 0};
    float middle[DIMS] = {-0.4F, 0.1F, 0, 0};
    s->in.n = 1;
    s->in.unit = false;
    kedge_film *film = open_film(s);
    kedge_film_frame frame = {from, to, 0, NULL}, empty = {to, NULL, 0, NULL};
    kedge_film_draw(film, &frame, s->pixels);
    kedge_film_draw(film, &empty, s->other);
    uint32_t blurred = pixel_of(film, s->pixels, 0, middle), ground = pixel_of(film, s->other, 0, middle);
    assert_int_not_equal(blurred, ground);
    assert_int_not_equal(blurred, 0xff0000);
    assert_int_not_equal(pixel_of(film, s->pixels, 0, to), 0xff0000);
    kedge_film_free(film);
}

static void points_on_the_sphere_stay_on_it(void **state)
{
    scene *s = *state;
    /* Opposite in one pair of dims: the straight way would go through the middle. */
    static const float from[DIMS] = {1, 0.1F, 0, 0}, to[DIMS] = {-1, 0.1F, 0, 0}, middle[DIMS] = {0, 0.1F, 0, 0};
    s->in.n = 1;
    kedge_film *film = open_film(s);
    kedge_film_frame frame = {from, to, 0, NULL}, empty = {to, NULL, 0, NULL};
    kedge_film_draw(film, &frame, s->pixels);
    kedge_film_draw(film, &empty, s->other);
    assert_int_equal(pixel_of(film, s->pixels, 0, middle), pixel_of(film, s->other, 0, middle));
    kedge_film_free(film);
}

static void the_cursor_goes_along_the_steps(void **state)
{
    scene *s = *state;
    kedge_film *film = open_film(s);
    for (int step = 0; step <= STEPS; step += 50) {
        kedge_film_frame frame = still(s, step);
        kedge_film_draw(film, &frame, s->pixels);
        for (int c = 0; c < KEDGE_FILM_CHARTS; c++) {
            int x = (int)(film->scale * kedge_axes_x(&film->charts[c], step)), changed = 0;
            for (int y = film->chart_boxes[c].y; y < film->chart_boxes[c].y + film->chart_boxes[c].height; y++)
                for (int near = -1; near <= 1; near++)
                    changed += s->pixels[y * WIDTH + x + near] != film->ground[y * WIDTH + x + near];
            assert_true(changed >= film->chart_boxes[c].height - 2);
        }
    }
    kedge_film_free(film);
}

static void curves_ahead_are_fainter(void **state)
{
    scene *s = *state;
    kedge_film *film = open_film(s);
    kedge_film_frame frame = still(s, 100);
    kedge_film_draw(film, &frame, s->pixels);
    int wrong = 0;
    const kedge_film_box *box = &film->chart_boxes[KEDGE_FILM_LOSSES];
    int now = (int)(film->scale * kedge_axes_x(&film->charts[KEDGE_FILM_LOSSES], 100)), far_off = 8;
    for (int y = box->y + 2; y < box->y + box->height - 2; y++)
        for (int x = box->x + 2; x < box->x + box->width - 2; x++) {
            const uint32_t *like = x < now ? film->past : film->ground;
            if (abs(x - now) > far_off) wrong += s->pixels[y * WIDTH + x] != like[y * WIDTH + x];
        }
    assert_int_equal(wrong, 0);
    assert_memory_not_equal(film->past, film->ground, sizeof s->pixels);
    kedge_film_free(film);
}

static bool overlap(const kedge_film_box *a, const kedge_film_box *b)
{
    return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static void check_layout(const kedge_film *film)
{
    const kedge_film_box *boxes[KEDGE_FILM_PAIRS + KEDGE_FILM_CHARTS];
    int n = 0;
    for (int p = 0; p < film->n_pairs; p++) boxes[n++] = &film->panel_boxes[p];
    for (int c = 0; c < KEDGE_FILM_CHARTS; c++) boxes[n++] = &film->chart_boxes[c];
    for (int i = 0; i < n; i++) {
        const kedge_film_box *b = boxes[i];
        bool inside = b->x >= 0 && b->y >= 0 && b->width > 0 && b->height > 0 && b->x + b->width <= film->in.width &&
                      b->y + b->height <= film->in.height;
        if (!inside) fail_msg("%d x %d: box %d leaves the frame", film->in.width, film->in.height, i);
        for (int j = 0; j < i; j++)
            if (overlap(b, boxes[j])) fail_msg("%d x %d: boxes %d and %d", film->in.width, film->in.height, i, j);
    }
    for (int p = 1; p < film->n_pairs; p++) {
        assert_int_equal(film->panel_boxes[p].width, film->panel_boxes[0].width);
        assert_int_equal(film->panel_boxes[p].height, film->panel_boxes[0].height);
    }
}

static void everything_has_its_place_in_frames_of_any_shape(void **state)
{
    scene *s = *state;
    static const int sizes[][2] = {{1280, 720}, {720, 1280}, {720, 720}, {64, 64}, {640, 64}, {64, 640}, {1920, 800},
                                   {854, 480}, {1080, 1350}};
    static const int pairs[KEDGE_FILM_PAIRS][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 2}, {1, 3}, {1, 0}, {2, 1},
        {3, 2}, {0, 3}, {2, 0}, {3, 1}, {0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 2}, {1, 3}, {1, 0}, {2, 1}, {3, 2}, {0, 3},
        {2, 0}, {3, 1}, {0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 2}, {1, 3}, {1, 0}, {2, 1}, {3, 2}, {0, 3}, {2, 0}, {3, 1}};
    static const int counts[] = {0, 1, 2, 3, 5, 12, KEDGE_FILM_PAIRS};
    s->in.pairs = pairs;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            s->in.width = sizes[i][0], s->in.height = sizes[i][1], s->in.n_pairs = counts[c];
            kedge_film *film = open_film(s);
            check_layout(film);
            kedge_film_free(film);
        }
}

static void one_dim_is_a_panel_of_rows(void **state)
{
    scene *s = *state;
    s->in.k = 1;
    s->in.n_anchors = 0;
    kedge_film *film = open_film(s);
    kedge_film_frame frame = still(s, 0);
    kedge_film_draw(film, &frame, s->pixels);
    assert_int_equal(film->n_pairs, 1);
    assert_int_equal(pixel_of(film, s->pixels, 0, s->latents), 0xff0000);
    kedge_film_free(film);
}

static void dark_films_are_dark(void **state)
{
    scene *s = *state;
    s->in.dark = true;
    kedge_film *film = open_film(s);
    kedge_film_frame frame = still(s, 0);
    kedge_film_draw(film, &frame, s->pixels);
    assert_int_equal(s->pixels[0] & 0xffffff, 0x15171b);
    kedge_film_free(film);
}

static void a_run_without_terms_has_a_film(void **state)
{
    scene *s = *state;
    float task[STEPS];
    for (int i = 0; i < STEPS; i++) task[i] = i ? 1 / (float)i : 0;
    s->in.n_terms = 0, s->in.losses = task, s->in.n_phases = 0, s->in.rgb = NULL;
    kedge_film *film = open_film(s);
    kedge_film_frame frame = still(s, 7);
    kedge_film_draw(film, &frame, s->pixels);
    kedge_film_free(film);
}

/* ---- what is refused */

static void check_refused(scene *s, kedge_status status, const char *words)
{
    kedge_film *film = NULL;
    assert_int_equal(kedge_film_create(&film, s->ctx, &s->in), status);
    if (!strstr(kedge_error(), words)) fail_msg("'%s' does not say '%s'", kedge_error(), words);
    assert_null(film);
}

static void a_dim_out_of_range_is_refused(void **state)
{
    scene *s = *state;
    static const int pairs[][2] = {{0, 1}, {1, 4}};
    s->in.n_pairs = 2, s->in.pairs = pairs;
    check_refused(s, KEDGE_EINVALID, "cannot draw dimensions 1 and 4; a panel shows two different ones of 0 to 3");
}

static void too_many_pairs_are_refused(void **state)
{
    scene *s = *state;
    s->in.n_pairs = KEDGE_FILM_PAIRS + 1;
    check_refused(s, KEDGE_EINVALID, "37 pairs of dims are too many for a video; it shows at most 36");
}

static void no_points_are_refused(void **state)
{
    scene *s = *state;
    s->in.n = 0;
    check_refused(s, KEDGE_EINVALID, "0 points");
}

static void a_value_that_is_no_number_is_refused(void **state)
{
    scene *s = *state;
    s->high[2] = NAN;
    check_refused(s, KEDGE_ENUMERIC, "no finite number");
}

static void each_allocation_may_fail(void **state)
{
    scene *s = *state;
    s->in.width = s->in.height = 64;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx;
        kedge_film *film = NULL;
        if (kedge_context_create(&ctx, &options)) continue;
        kedge_status status = kedge_film_create(&film, ctx, &s->in);
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        kedge_film_free(film);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
}

#define with_scene(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_scene(frames_are_the_same_every_time),
        with_scene(a_frame_does_not_depend_on_those_before),
        with_scene(points_stand_where_their_latents_are),
        with_scene(points_that_are_no_numbers_are_left_out),
        with_scene(points_are_blurred_along_half_their_way),
        with_scene(points_on_the_sphere_stay_on_it),
        with_scene(the_cursor_goes_along_the_steps),
        with_scene(curves_ahead_are_fainter),
        with_scene(everything_has_its_place_in_frames_of_any_shape),
        with_scene(one_dim_is_a_panel_of_rows),
        with_scene(dark_films_are_dark),
        with_scene(a_run_without_terms_has_a_film),
        with_scene(a_dim_out_of_range_is_refused),
        with_scene(too_many_pairs_are_refused),
        with_scene(no_points_are_refused),
        with_scene(a_value_that_is_no_number_is_refused),
        with_scene(each_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("film", tests, NULL, NULL);
}
