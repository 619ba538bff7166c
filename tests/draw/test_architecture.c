/* test_architecture.c - the figure of a network: made, repeated, refused. */
#include "figure_test.h"

#include "draw/architecture.h"

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

static kedge_status draw_any(kedge_context *ctx, const void *any, const kedge_picture *to)
{
    return kedge_draw_architecture(ctx, any, to);
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

static void description_says_what_acts_where(void **state)
{
    folder *f = *state;
    size_t size;
    draw_figure(f, draw_any, &figure, "a.svg", (kedge_picture){0});
    char *bytes = bytes_of(f, "a.svg", &size);
    assert_non_null(strstr(bytes, "<desc>A network of 5 layers, from input to output. input: 3 units. "
                                  "encoder.0: 1000 units, gelu. pre-norm: 2 units. bottleneck: 2 dims; "
                                  "term anchor: at (1, 0), on red; edit out: suppress; surgery gone: dims 0. "
                                  "output: 3 units; task task: error.</desc>"));
    kedge_free(f->ctx, bytes);
}

static void check_refused(folder *f, const kedge_architecture_figure *other, const char *words)
{
    assert_refused(f, draw_any, other, "a.png", KEDGE_EINVALID, words);
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
    survive_each_failed_allocation(*state, draw_any, &figure, "a.svg");
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
