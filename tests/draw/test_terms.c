/* test_terms.c - the figure that explains the kinds of terms: made, repeated, refused. */
#include "figure_test.h"

#include "draw/terms.h"

static const kedge_terms_entry entries[] = {{"anchor", "pulls"}, {"unitarity", "keeps"}, {"fallback", "teaches"},
                                            {"separate", "pushes"}};
static const kedge_terms_figure figure = {.title = "Title", .n = 4, .entries = entries};

static kedge_status draw_any(kedge_context *ctx, const void *any, const kedge_picture *to)
{
    return kedge_draw_terms(ctx, any, to);
}

static void made_in_every_format(void **state)
{
    assert_drawn_in_every_format(*state, draw_any, &figure);
}

static void repeats_to_the_byte(void **state)
{
    assert_drawn_twice_alike(*state, draw_any, &figure);
}

static void pages_have_the_width_asked_for(void **state)
{
    static const double widths[] = {120, 250, 360, 700};
    assert_as_wide_as_asked(*state, draw_any, &figure, widths, 4);
}

static void description_has_the_formulas(void **state)
{
    folder *f = *state;
    size_t size;
    draw_figure(f, draw_any, &figure, "a.svg", (kedge_picture){0});
    char *bytes = bytes_of(f, "a.svg", &size);
    assert_non_null(strstr(bytes, "unitarity: keeps. Formula: (|u| \xe2\x88\x92 1)^2."));
    kedge_free(f->ctx, bytes);
}

static void a_kind_without_a_sketch_is_named(void **state)
{
    const kedge_terms_entry unknown = {"gravity", "attracts"};
    const kedge_terms_figure other = {.n = 1, .entries = &unknown};
    assert_refused(*state, draw_any, &other, "a.png", KEDGE_EINVALID, "term kind 'gravity' has no sketch");
}

static void nothing_is_refused(void **state)
{
    folder *f = *state;
    const kedge_terms_figure none = {.n = 0};
    assert_int_equal(kedge_draw_terms(f->ctx, &none, &(kedge_picture){.path = in_folder(f, "a.png")}), KEDGE_EINVALID);
}

static void survives_any_lack_of_memory(void **state)
{
    survive_each_failed_allocation(*state, draw_any, &figure, "a.svg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_fresh_folder(made_in_every_format),
        in_fresh_folder(repeats_to_the_byte),
        in_fresh_folder(pages_have_the_width_asked_for),
        in_fresh_folder(description_has_the_formulas),
        in_fresh_folder(a_kind_without_a_sketch_is_named),
        in_fresh_folder(nothing_is_refused),
        in_fresh_folder(survives_any_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
