/* test_panels.c - a grid of panels: as wide as the page, wrapped, with numbers at the outer panels alone. */
#include "figure_test.h"

#include "draw/panels.h"

enum { N = 6 };

/* Panels that are filled with a colour of their own. */
typedef struct grid {
    kedge_ink ink[N];
    kedge_panel list[N];
    kedge_panels panels;
} grid;

static void fill(const kedge_panel *panel, const kedge_axes *axes)
{
    const kedge_ink *ink = panel->data;
    kedge_canvas_ink(axes->cr, *ink, 1);
    cairo_paint(axes->cr); /* the clip keeps it in the frame */
}

static void grid_init(grid *g, int rows)
{
    *g = (grid){0};
    for (int i = 0; i < N; i++) {
        g->ink[i] = (kedge_ink){(i + 1) * 0x11 / 255.0, 0, 0};
        g->list[i] = (kedge_panel){.title = "a panel", .asides = {"aside"}, .across = {0, 1}, .up = {0, 1}, .x = "x",
                                   .y = "y", .aspect = 0.5, .data = &g->ink[i], .draw = fill};
    }
    g->panels = (kedge_panels){.title = "Title", .description = "words", .n = N, .list = g->list, .rows = rows,
                               .columns = 3, .wide = 100, .narrow = 80};
}

typedef struct frame {
    int left, right, top, bottom;
} frame;

/* Where panel i is, in pixels. */
static frame frame_of(cairo_surface_t *image, int i)
{
    const unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    frame found = {1 << 20, -1, 1 << 20, -1};
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0; x < cairo_image_surface_get_width(image); x++) {
            unsigned pixel;
            memcpy(&pixel, data + (size_t)y * (size_t)stride + 4 * (size_t)x, sizeof pixel);
            if ((pixel & 0xffffff) != (unsigned)(i + 1) * 0x110000) continue;
            found.left = x < found.left ? x : found.left, found.right = x > found.right ? x : found.right;
            found.top = y < found.top ? y : found.top, found.bottom = y > found.bottom ? y : found.bottom;
        }
    assert_true(found.right > found.left && found.bottom > found.top);
    return found;
}

static kedge_status draw_any(kedge_context *ctx, const void *figure, const kedge_picture *to)
{
    return kedge_draw_panels(ctx, figure, to);
}

static cairo_surface_t *image_of(folder *f, const grid *g, double width)
{
    draw_figure(f, draw_any, &g->panels, "a.png", (kedge_picture){.width = width});
    cairo_surface_t *image = cairo_image_surface_create_from_png(f->file);
    cairo_surface_flush(image);
    return image;
}

static void frames_have_the_size_asked_for(void **state)
{
    grid g;
    grid_init(&g, 1);
    cairo_surface_t *image = image_of(*state, &g, 0);
    for (int i = 0; i < N; i++) {
        frame at = frame_of(image, i);
        assert_in_range(at.right - at.left, 194, 200); /* less the lines of the frame */
        assert_in_range(at.bottom - at.top, 94, 100);
    }
    cairo_surface_destroy(image);
}

static void panels_go_right_and_then_down(void **state)
{
    grid g;
    grid_init(&g, 1);
    cairo_surface_t *image = image_of(*state, &g, 0);
    frame first = frame_of(image, 0), second = frame_of(image, 1), fourth = frame_of(image, 3);
    assert_true(second.left > first.right && second.top == first.top);
    assert_true(fourth.top > first.bottom && fourth.left == first.left);
    cairo_surface_destroy(image);
}

static void stacks_go_down_and_then_right(void **state)
{
    grid g;
    grid_init(&g, 2);
    cairo_surface_t *image = image_of(*state, &g, 0);
    frame first = frame_of(image, 0), second = frame_of(image, 1), third = frame_of(image, 2);
    assert_true(second.top > first.bottom && second.left == first.left);
    assert_true(third.left > first.right && third.top == first.top);
    cairo_surface_destroy(image);
}

/* Between frames that share their y axis there is only space; where ranges differ, numbers too. */
static void shared_axes_have_their_numbers_once(void **state)
{
    grid same, other;
    grid_init(&same, 1);
    grid_init(&other, 1);
    other.list[1].up.max = 1000;
    cairo_surface_t *a = image_of(*state, &same, 0), *b = image_of(*state, &other, 0);
    int narrow = frame_of(a, 1).left - frame_of(a, 0).right, wide = frame_of(b, 1).left - frame_of(b, 0).right;
    assert_in_range(narrow, 30, 42);
    assert_true(wide > narrow + 30);
    cairo_surface_destroy(a);
    cairo_surface_destroy(b);
}

static void width_is_filled(void **state)
{
    grid g;
    grid_init(&g, 1);
    for (int width = 150; width <= 900; width += 150) {
        cairo_surface_t *image = image_of(*state, &g, width);
        assert_int_equal(cairo_image_surface_get_width(image), 2 * width);
        assert_true(frame_of(image, 0).right - frame_of(image, 0).left >= 2 * 80 - 4);
        cairo_surface_destroy(image);
    }
}

/* On 250 points two frames of at least 80 fit side by side, not three. */
static void as_many_columns_as_leave_frames_legible(void **state)
{
    grid g;
    grid_init(&g, 1);
    cairo_surface_t *image = image_of(*state, &g, 250);
    assert_int_equal(frame_of(image, 1).top, frame_of(image, 0).top);
    assert_true(frame_of(image, 2).top > frame_of(image, 0).bottom);
    cairo_surface_destroy(image);
}

static void an_angle_has_ticks_that_divide_the_circle(void **state)
{
    folder *f = *state;
    grid plain, degrees;
    size_t a_length, b_length;
    grid_init(&plain, 1);
    grid_init(&degrees, 1);
    for (int i = 0; i < N; i++) {
        plain.list[i].across = degrees.list[i].across = (kedge_range){0, 360};
        degrees.list[i].degrees = true;
    }
    draw_figure(f, draw_any, &plain.panels, "a.svg", (kedge_picture){0});
    draw_figure(f, draw_any, &degrees.panels, "b.svg", (kedge_picture){0});
    char *a = bytes_of(f, "a.svg", &a_length), *b = bytes_of(f, "b.svg", &b_length);
    assert_true(a_length != b_length || memcmp(a, b, a_length) != 0);
    kedge_free(f->ctx, a);
    kedge_free(f->ctx, b);
}

static void repeats_to_the_byte_in_every_format(void **state)
{
    grid g;
    grid_init(&g, 3);
    assert_drawn_twice_alike(*state, draw_any, &g.panels);
}

static void survives_any_lack_of_memory(void **state)
{
    grid g;
    grid_init(&g, 1);
    survive_each_failed_allocation(*state, draw_any, &g.panels, "a.pdf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(frames_have_the_size_asked_for),
        in_fresh_folder(panels_go_right_and_then_down),
        in_fresh_folder(stacks_go_down_and_then_right),
        in_fresh_folder(shared_axes_have_their_numbers_once),
        in_fresh_folder(width_is_filled),
        in_fresh_folder(as_many_columns_as_leave_frames_legible),
        in_fresh_folder(an_angle_has_ticks_that_divide_the_circle),
        in_fresh_folder(repeats_to_the_byte_in_every_format),
        in_fresh_folder(survives_any_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
