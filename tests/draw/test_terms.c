/* test_terms.c - the figure that explains the kinds of terms: made, repeated, refused. */
#include "draw_test.h"

#include "draw/terms.h"
#include "failing_alloc.h"

static const kedge_terms_entry entries[] = {{"anchor", "pulls"}, {"unitarity", "keeps"}, {"fallback", "teaches"},
                                            {"separate", "pushes"}};
static const kedge_terms_figure figure = {.title = "Title", .n = 4, .entries = entries};

static kedge_status draw(folder *f, const char *name, double width, bool dark)
{
    return kedge_draw_terms(f->ctx, &figure,
                            &(kedge_picture){.path = in_folder(f, name), .width = width, .dark = dark});
}

static void made_in_every_format(void **state)
{
    static const char *const names[] = {"a.png", "a.svg", "a.pdf"};
    folder *f = *state;
    for (int i = 0; i < 3; i++) {
        size_t size;
        assert_int_equal(draw(f, names[i], 0, i == 1), KEDGE_OK);
        char *bytes = bytes_of(f, names[i], &size);
        assert_true(size > 3000);
        kedge_free(f->ctx, bytes);
    }
}

static void repeats_to_the_byte(void **state)
{
    static const char *const names[][2] = {{"a.png", "b.png"}, {"a.svg", "b.svg"}, {"a.pdf", "b.pdf"}};
    folder *f = *state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(draw(f, names[i][0], 0, false), KEDGE_OK);
        assert_int_equal(draw(f, names[i][1], 0, false), KEDGE_OK);
        assert_same_files(f, names[i][0], names[i][1]);
    }
}

static void pages_have_the_width_asked_for(void **state)
{
    static const double widths[] = {120, 250, 360, 700};
    folder *f = *state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(draw(f, "a.png", widths[i], false), KEDGE_OK);
        cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, "a.png"));
        assert_int_equal(cairo_image_surface_get_width(image), (int)(2 * widths[i]));
        cairo_surface_destroy(image);
    }
}

static void description_has_the_formulas(void **state)
{
    folder *f = *state;
    size_t size;
    assert_int_equal(draw(f, "a.svg", 0, false), KEDGE_OK);
    char *bytes = bytes_of(f, "a.svg", &size);
    assert_non_null(strstr(bytes, "unitarity: keeps. Formula: (|u| \xe2\x88\x92 1)^2."));
    kedge_free(f->ctx, bytes);
}

static void a_kind_without_a_sketch_is_named(void **state)
{
    folder *f = *state;
    const kedge_terms_entry unknown = {"gravity", "attracts"};
    const kedge_terms_figure other = {.n = 1, .entries = &unknown};
    assert_int_equal(kedge_draw_terms(f->ctx, &other, &(kedge_picture){.path = in_folder(f, "a.png")}), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "term kind 'gravity' has no sketch"));
    assert_int_equal(files_in(f), 0);
}

static void nothing_is_refused(void **state)
{
    folder *f = *state;
    const kedge_terms_figure none = {.n = 0};
    assert_int_equal(kedge_draw_terms(f->ctx, &none, &(kedge_picture){.path = in_folder(f, "a.png")}), KEDGE_EINVALID);
}

static void survives_any_lack_of_memory(void **state)
{
    folder *f = *state;
    in_folder(f, "a.svg");
    for (size_t n = 1;; n++) {
        failing_alloc memory = {.fail_at = n};
        kedge_context_options options = failing_alloc_options(&memory);
        kedge_context *ctx = NULL;
        kedge_status status = kedge_context_create(&ctx, &options);
        if (!status) status = kedge_draw_terms(ctx, &figure, &(kedge_picture){.path = f->file});
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) {
            assert_int_equal(status, KEDGE_OK);
            return;
        }
        assert_int_equal(status, KEDGE_ENOMEM);
        assert_int_equal(files_in(f), 0);
    }
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
