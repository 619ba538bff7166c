/* figure_lr_find.c - a learning-rate range test of a recipe. */
#include <math.h>

#include "base/error.h"
#include "draw/lr_find.h"
#include "study/lr_find.h"
#include "show/figure.h"

static kedge_status draw_test(const kedge_lr_test *test, kedge_arena *arena, const char *title,
                              const kedge_picture *to)
{
    const double **curves = kedge_arena_alloc(arena, (size_t)test->n, sizeof *curves);
    const char *terms = test->at < 0 ? "the task alone"
                                     : kedge_arena_format(arena, "terms weighted as at step %d", test->at);
    const char *subtitle = terms ? kedge_arena_format(arena, "range test of %d updates, %s", test->steps, terms) : NULL;
    kedge_lr_find_mark marks[KEDGE_LR_MARKS];
    if (!curves || !subtitle) return kedge_fail_memory("a figure");
    for (long long i = 0; i < test->n; i++) curves[i] = test->curves[i].values[KEDGE_LR_SMOOTH];
    for (int i = 0; i < KEDGE_LR_MARKS; i++)
        marks[i] = (kedge_lr_find_mark){.name = kedge_lr_mark_name((kedge_lr_mark)i),
                                        .doc = kedge_lr_mark_doc((kedge_lr_mark)i),
                                        .at = test->median.marks[i], .low = test->low[i], .high = test->high[i]};
    bool shown = test->recipe_rate >= test->rates[0] && test->recipe_rate <= test->rates[test->steps - 1];
    kedge_lr_find_figure figure = {
        .title = title, .subtitle = subtitle, .steps = test->steps, .rates = test->rates, .n_seeds = (int)test->n,
        .curves = curves, .median = test->median.values[KEDGE_LR_SMOOTH], .n_marks = KEDGE_LR_MARKS, .marks = marks,
        .own = shown ? test->recipe_rate : 0};
    return kedge_draw_lr_find(test->ctx, &figure, to);
}

/* It trains seeds of its own, for which a page of many figures has no time. */
static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    const kedge_recipe *recipe = NULL;
    kedge_lr_test *test = NULL;
    if (show->hurried) {
        show->declined = true;
        return kedge_fail(KEDGE_EINVALID, "figure 'lr-find' trains seeds of its own; draw it alone");
    }
    kedge_status status = kedge_show_recipe(show, &recipe);
    if (!status) status = kedge_lr_find(&test, show->ctx, recipe, NULL);
    if (!status) status = draw_test(test, &show->arena, kedge_show_title(show, "lr-find"), to);
    kedge_lr_test_free(test);
    return status;
}

kedge_status kedge_draw_lr_test(const kedge_lr_test *test, const kedge_draw_options *options, const char *path)
{
    static const kedge_draw_options none = KEDGE_DRAW_OPTIONS_INIT;
    kedge_arena arena;
    if (!options) options = &none;
    kedge_picture to = {.path = path, .width = options->width, .dark = options->dark};
    kedge_arena_init(&arena, test->ctx);
    kedge_status status = draw_test(test, &arena, options->title ? options->title : test->title, &to);
    kedge_arena_release(&arena);
    return status;
}

const kedge_figure kedge_figure_lr_find = {
    .info = {.name = "lr-find", .summary = "the loss while the learning rate rises: which rates a recipe can bear",
             .input = KEDGE_FIGURE_RECIPE},
    .draw = draw,
};
