/* figure_test.h - what the tests of figures share: one drawn from a path, and what holds for all of them. */
#ifndef SHOW_FIGURE_TEST_H
#define SHOW_FIGURE_TEST_H

#include "../run/run_fixture.h"

#include "failing_alloc.h"
#include "kedge/draw.h"

/* Draws the figure of what lies at 'input' in the folder ("": the folder itself) into 'name' there. */
static inline kedge_status figure_of(const fixture *f, const char *figure, const char *input,
                                     const kedge_draw_options *options, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s", in_folder(f, input));
    return kedge_draw(f->ctx, figure, path, options, in_folder(f, name));
}

static inline void draw_figure(const fixture *f, const char *figure, const char *input,
                               const kedge_draw_options *options, const char *name)
{
    if (figure_of(f, figure, input, options, name)) fail_msg("%s", kedge_error());
}

/* As PNG, SVG and PDF, each twice with the same bytes; wide and narrow, light and dark. */
static inline void assert_draws_alike(const fixture *f, const char *figure, const char *input)
{
    static const char *const names[][2] = {{"a.png", "b.png"}, {"a.svg", "b.svg"}, {"a.pdf", "b.pdf"}};
    static const char *const first[] = {"\x89PNG", "<?xm", "%PDF"};
    kedge_draw_options narrow = KEDGE_DRAW_OPTIONS_INIT;
    narrow.width = 250;
    narrow.dark = 1;
    for (int i = 0; i < 3; i++) {
        size_t length;
        draw_figure(f, figure, input, NULL, names[i][0]);
        draw_figure(f, figure, input, NULL, names[i][1]);
        assert_true(same_file(f, names[i][0], names[i][1]));
        char *bytes = bytes_of(f, names[i][0], &length);
        assert_memory_equal(bytes, first[i], 4);
        free(bytes);
        draw_figure(f, figure, input, &narrow, names[i][1]);
        assert_false(same_file(f, names[i][0], names[i][1]));
    }
}

/* So does the small recipe's, which the folder then holds. */
static inline void assert_recipe_draws_alike(fixture *f, const char *figure)
{
    load_good(f, "");
    assert_draws_alike(f, figure, "");
}

/* That the small recipe and its run in 'out' give the same bytes: a.svg and b.svg. */
static inline void assert_run_is_its_recipe(fixture *f, const char *figure, const kedge_draw_options *options)
{
    load_good(f, "");
    run_into(f, "out", 0);
    draw_figure(f, figure, "", options, "a.svg");
    draw_figure(f, figure, "out", options, "b.svg");
    assert_true(same_file(f, "a.svg", "b.svg"));
}

/* And its model of seed 1, which 'options' may ask for. */
static inline void assert_model_is_its_recipe(fixture *f, const char *figure, const kedge_draw_options *options)
{
    assert_run_is_its_recipe(f, figure, options);
    draw_figure(f, figure, "out/seed-1/model.safetensors", NULL, "c.svg");
    assert_true(same_file(f, "a.svg", "c.svg"));
}

/* That the words beside a.png hold 'part'. */
static inline void assert_says(const fixture *f, const char *part)
{
    size_t length;
    char *text = bytes_of(f, "a.txt", &length);
    if (!strstr(text, part)) fail_msg("'%s' is not in: %s", part, text);
    free(text);
}

static inline void assert_no_picture(const fixture *f)
{
    assert_null(strstr(listing(f, ""), "picture"));
}

/* That it is refused so, and nothing is left behind. */
static inline void assert_refuses(const fixture *f, const char *figure, const char *input,
                                  const kedge_draw_options *options, kedge_status want, const char *part)
{
    assert_int_equal(figure_of(f, figure, input, options, "picture.svg"), want);
    if (!strstr(kedge_error(), part)) fail_msg("'%s' is not in '%s'", part, kedge_error());
    assert_no_picture(f);
}

/* Lets every allocation of the figure fail in turn; of the many that training and the like make before, every
 * 'stride'-th. */
static inline void assert_survives_failed_allocations(const fixture *f, const char *figure, const char *input,
                                                      const kedge_draw_options *options, size_t stride)
{
    char from[256], to[256];
    snprintf(from, sizeof from, "%s", in_folder(f, input));
    snprintf(to, sizeof to, "%s", in_folder(f, "picture.svg"));
    for (size_t n = 1;; n += stride) {
        failing_alloc memory = {0};
        kedge_context_options context = failing_alloc_options(&memory);
        context.kernels = "ref";
        kedge_context *ctx;
        assert_int_equal(kedge_context_create(&ctx, &context), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_draw(ctx, figure, from, options, to);
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        assert_int_equal(kedge_is_file(to), status == KEDGE_OK);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
    assert_no_temporary_files(f, "");
    remove_file(f, "picture.svg");
}

/* The small recipe in so few steps that each allocation of training can be made to fail. */
static inline void load_short(fixture *f)
{
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, separate: 0.1, anchor: 1}\nsteps: 6", "", NULL), KEDGE_OK);
}

#endif
