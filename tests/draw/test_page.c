/* test_page.c - what stands around the panels takes the room it needs. */
#include "draw_test.h"

#include "draw/canvas.h"
#include "draw/page.h"

static kedge_page fitted(kedge_page page)
{
    cairo_t *cr = kedge_canvas_measure();
    page.theme = kedge_theme_of(false);
    kedge_page_fit(&page, cr, 300);
    cairo_destroy(cr);
    return page;
}

static void bare_page_has_margins_alone(void **state)
{
    (void)state;
    kedge_page page = fitted((kedge_page){0});
    assert_true(page.above == kedge_page_margin && page.below == kedge_page_margin);
}

static void title_takes_room_above(void **state)
{
    (void)state;
    kedge_page page = fitted((kedge_page){.title = "A title"});
    assert_true(page.above > kedge_page_margin + page.theme->title);
}

static void long_title_takes_a_second_line(void **state)
{
    (void)state;
    kedge_page page = fitted((kedge_page){.title = "A title that does not fit into three hundred points"});
    assert_int_equal(page.n_title, 2);
}

static void bar_and_note_take_room_below(void **state)
{
    (void)state;
    kedge_page bar = fitted((kedge_page){.bar = "amount", .bar_to = 1});
    kedge_page both = fitted((kedge_page){.bar = "amount", .bar_to = 1, .note = "A note."});
    assert_true(bar.below > kedge_page_margin);
    assert_true(both.below > bar.below + both.theme->note);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bare_page_has_margins_alone),
        cmocka_unit_test(title_takes_room_above),
        cmocka_unit_test(long_title_takes_a_second_line),
        cmocka_unit_test(bar_and_note_take_room_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
