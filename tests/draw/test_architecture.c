/* test_architecture.c - the figure of a network: made, repeated, refused. */
#include "draw_test.h"

#include "draw/architecture.h"
#include "failing_alloc.h"

static const kedge_architecture_act acts[] = {
    {KEDGE_ACTS_TERM, "anchor", "at (1, 0), on red"}, {KEDGE_ACTS_EDIT, "out", "suppress"},
    {KEDGE_ACTS_SURGERY, "gone", "dims 0"}, {KEDGE_ACTS_TASK, "task", "error"}};
static const kedge_architecture_layer layers[] = {
    {.name = "input", .units = 3},
    {.name = "encoder.0", .text = "1000 units, gelu", .units = 1000},
    {.name = "pre-norm", .units = 2},
    {.name = "bottleneck", .text = "2 dims", .units = 2, .pointwise = true, .strong = true, .n_acts = 3, .acts = acts},
    {.name = "output", .units = 3, .n_acts = 1, .acts = acts + 3}};
static const kedge_architecture_figure figure = {.title = "Title", .subtitle = "Subtitle", .n = 5, .layers = layers};

static kedge_status draw(folder *f, const char *name, double width, bool dark)
{
    return kedge_draw_architecture(f->ctx, &figure,
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

static void description_says_what_acts_where(void **state)
{
    folder *f = *state;
    size_t size;
    assert_int_equal(draw(f, "a.svg", 0, false), KEDGE_OK);
    char *bytes = bytes_of(f, "a.svg", &size);
    assert_non_null(strstr(bytes, "<desc>A network of 5 layers, from input to output. input: 3 units. "
                                  "encoder.0: 1000 units, gelu. pre-norm: 2 units. bottleneck: 2 dims; "
                                  "term anchor: at (1, 0), on red; edit out: suppress; surgery gone: dims 0. "
                                  "output: 3 units; task task: error.</desc>"));
    kedge_free(f->ctx, bytes);
}

static void check_refused(folder *f, const kedge_architecture_figure *other, const char *words)
{
    const kedge_picture to = {.path = in_folder(f, "a.png")};
    assert_int_equal(kedge_draw_architecture(f->ctx, other, &to), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), words));
    assert_int_equal(files_in(f), 0);
}

static void no_layers_are_refused(void **state)
{
    check_refused(*state, &(kedge_architecture_figure){.n = 0}, "a network without layers");
}

static void a_layer_without_units_is_refused(void **state)
{
    const kedge_architecture_layer empty = {.name = "hole"};
    check_refused(*state, &(kedge_architecture_figure){.n = 1, .layers = &empty}, "layer 'hole' of 0 units");
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
        if (!status) status = kedge_draw_architecture(ctx, &figure, &(kedge_picture){.path = f->file});
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
        in_fresh_folder(description_says_what_acts_where),
        in_fresh_folder(no_layers_are_refused),
        in_fresh_folder(a_layer_without_units_is_refused),
        in_fresh_folder(survives_any_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
