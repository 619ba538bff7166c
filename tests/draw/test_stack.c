/* test_stack.c - charts one above the other: where their frames are, and names at line ends or in a legend. */
#include "chart_test.h"

#include "draw/stack.h"

/* Where frames were drawn. */
typedef struct seen {
    int n;
    double x, y, width, height;
} seen;

static void look(const kedge_axes *axes, const void *data)
{
    seen *s = *(seen *const *)data;
    *s = (seen){s->n + 1, axes->x, axes->y, axes->width, axes->height};
}

static void draw(folder *f, const kedge_stack *stack, double width)
{
    kedge_picture to = {.path = in_folder(f, "a.png"), .width = width};
    if (kedge_draw_stack(f->ctx, stack, &to)) fail_msg("%s", kedge_error());
}

static void panels_share_their_sides(void **state)
{
    folder *f = *state;
    seen at[2] = {{0}}, *to[2] = {&at[0], &at[1]};
    const kedge_stack_panel panels[] = {
        {.y = "first", .up = {0, 1}, .height = 100, .data = &to[0], .draw = look},
        {.y = "second", .up = {1e-9, 1e9}, .log_y = true, .height = 60, .data = &to[1], .draw = look}};
    const kedge_stack stack = {.title = "title", .x = "step", .across = {0, 100}, .n = 2, .panels = panels};
    draw(f, &stack, 0);
    assert_int_equal(at[0].n, 1);
    assert_true(at[0].x == at[1].x && at[0].width == at[1].width);
    assert_true(at[0].height == 100 && at[1].height == 60);
    assert_true(at[1].y >= at[0].y + at[0].height + 5);
}

static void frames_stay_on_the_page(void **state)
{
    folder *f = *state;
    const double widths[] = {0, 150, 250, 360, 800};
    for (int i = 0; i < 5; i++) {
        seen at = {0}, *to = &at;
        const kedge_stack_panel panel = {.y = "y", .up = {0, 1}, .height = 200, .data = &to, .draw = look};
        const kedge_stack stack = {.x = "step", .across = {0, 100}, .n = 1, .panels = &panel};
        draw(f, &stack, widths[i]);
        cairo_surface_t *image = picture_of(f, "a.png");
        assert_true(at.x > 10 && at.width > 50);
        assert_true(2 * (at.x + at.width) < cairo_image_surface_get_width(image));
        assert_true(2 * (at.y + at.height) < cairo_image_surface_get_height(image));
        assert_true(at.height <= at.width);
        cairo_surface_destroy(image);
    }
}

/* Where the frame is with names of this length asked for at the ends of lines. */
static seen with_names(folder *f, const char *name, double width)
{
    seen at = {0}, *to = &at;
    const kedge_entry entry = {.text = name, .shape = KEDGE_SHAPE_NONE, .end = 0.5};
    const kedge_stack_panel panel = {.y = "y", .up = {0, 1}, .height = 80, .n_entries = 1, .entries = &entry,
                                     .at_ends = true, .data = &to, .draw = look};
    const kedge_stack stack = {.x = "step", .across = {0, 100}, .n = 1, .panels = &panel};
    draw(f, &stack, width);
    return at;
}

static void names_at_line_ends_take_room_beside_the_frame(void **state)
{
    folder *f = *state;
    seen shorter = with_names(f, "a", 400), longer = with_names(f, "reconstruction", 400);
    assert_true(longer.width < shorter.width - 30);
    assert_true(longer.y == shorter.y);
}

static void names_that_do_not_fit_beside_it_go_above(void **state)
{
    folder *f = *state;
    seen beside = with_names(f, "a", 400), above = with_names(f, "reconstruction of the colours of all points", 400);
    assert_true(above.y > beside.y + 8);
}

static void names_of_stretches_and_places_take_rows(void **state)
{
    folder *f = *state;
    seen at = {0}, *to = &at;
    const kedge_stretch stretches[] = {{0, "one"}, {50, "two"}};
    const kedge_place places[] = {{70, "go"}};
    const kedge_stack_panel panel = {.y = "y", .up = {0, 1}, .height = 80, .data = &to, .draw = look};
    kedge_stack stack = {.x = "step", .across = {0, 100}, .n = 1, .panels = &panel};
    draw(f, &stack, 0);
    double bare = at.y;
    stack.n_stretches = 2, stack.stretches = stretches;
    draw(f, &stack, 0);
    double named = at.y;
    stack.n_places = 1, stack.places = places;
    draw(f, &stack, 0);
    assert_true(named > bare + 8 && at.y > named + 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(panels_share_their_sides),
        in_fresh_folder(frames_stay_on_the_page),
        in_fresh_folder(names_at_line_ends_take_room_beside_the_frame),
        in_fresh_folder(names_that_do_not_fit_beside_it_go_above),
        in_fresh_folder(names_of_stretches_and_places_take_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
