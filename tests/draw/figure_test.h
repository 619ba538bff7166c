/* figure_test.h - what any figure of plain arrays must stand: each format, drawn again, another width, refusal, and a
 * lack of memory at any moment. */
#ifndef FIGURE_TEST_H
#define FIGURE_TEST_H

#include "chart_test.h"

#include "draw/canvas.h"
#include "failing_alloc.h"

/* Any drawing; a test hands its own struct through. */
typedef kedge_status (*drawing)(kedge_context *ctx, const void *figure, const kedge_picture *to);

/* The picture's path is that of a name in the folder. */
static inline void draw_figure(folder *f, drawing draw, const void *figure, const char *name, kedge_picture to)
{
    to.path = in_folder(f, name);
    if (draw(f->ctx, figure, &to)) fail_msg("%s", kedge_error());
}

/* Each format, one of them dark, is a file with something in it. */
static inline void assert_drawn_in_every_format(folder *f, drawing draw, const void *figure)
{
    static const char *const names[] = {"a.png", "a.svg", "a.pdf"};
    for (int i = 0; i < 3; i++) {
        size_t size;
        draw_figure(f, draw, figure, names[i], (kedge_picture){.dark = i == 1});
        char *bytes = bytes_of(f, names[i], &size);
        assert_true(size > 3000);
        kedge_free(f->ctx, bytes);
    }
}

/* In each format: drawn twice, the same bytes. */
static inline void assert_drawn_twice_alike(folder *f, drawing draw, const void *figure)
{
    static const char *const names[][2] = {{"a.png", "b.png"}, {"a.svg", "b.svg"}, {"a.pdf", "b.pdf"}};
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 2; k++) draw_figure(f, draw, figure, names[i][k], (kedge_picture){0});
        assert_same_files(f, names[i][0], names[i][1]);
    }
}

/* A PNG's width and height in pixels. */
typedef struct picture_size {
    int wide, high;
} picture_size;

static inline picture_size size_of(folder *f, const char *name)
{
    cairo_surface_t *image = picture_of(f, name);
    picture_size size = {cairo_image_surface_get_width(image), cairo_image_surface_get_height(image)};
    cairo_surface_destroy(image);
    return size;
}

static inline void assert_as_wide_as_asked(folder *f, drawing draw, const void *figure, const double *widths, int n)
{
    for (int i = 0; i < n; i++) {
        draw_figure(f, draw, figure, "a.png", (kedge_picture){.width = widths[i]});
        assert_int_equal(size_of(f, "a.png").wide, (int)(2 * widths[i]));
    }
}

/* Refused so, and nothing is left behind. */
static inline void assert_refused(folder *f, drawing draw, const void *figure, const char *name, kedge_status want,
                                  const char *part)
{
    assert_int_equal(draw(f->ctx, figure, &(kedge_picture){.path = in_folder(f, name)}), want);
    if (!strstr(kedge_error(), part)) fail_msg("'%s' is not in '%s'", part, kedge_error());
    assert_int_equal(files_in(f), 0);
}

/* Each allocation fails in turn, the context's too: KEDGE_ENOMEM, no file, nothing left in use; then the picture is
 * drawn, a PNG with its words beside it. */
static inline void survive_each_failed_allocation(folder *f, drawing draw, const void *figure, const char *name)
{
    int files = strstr(name, ".png") ? 2 : 1;
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_status status = kedge_context_create(&ctx, &options);
        if (!status) status = draw(ctx, figure, &(kedge_picture){.path = in_folder(f, name)});
        assert_int_equal(status, memory.requests < n ? KEDGE_OK : KEDGE_ENOMEM);
        assert_int_equal(files_in(f), status ? 0 : files);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (!status) break;
    }
}

#endif
