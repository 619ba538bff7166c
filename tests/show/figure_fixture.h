/* figure_fixture.h - what the tests of figures of models share: a small model with plans, and what every figure must
 * hold to. */
#ifndef SHOW_FIGURE_FIXTURE_H
#define SHOW_FIGURE_FIXTURE_H

#include "../run/run_fixture.h"

#include <cairo.h>

#include "failing_alloc.h"
#include "kedge/draw.h"
#include "kedge/evaluate.h"
#include "run/model.h"

/* Behind the small recipe: plans of several kinds, one of them scored. */
static const char figure_plans[] =
    "plans:\n"
    "  suppressed: {edit: suppress, direction: [1, 0, 0], from: 80}\n"
    "  repelled: {edit: repel, direction: [1, 0, 0], from: 90, to: 60}\n"
    "  ablated: {surgery: ablate, dims: [0]}\n"
    "score: {plan: suppressed, target: similarity(red)^2}\n";

/* Runs the recipe that was loaded; the model of its first seed. */
static inline kedge_model *figure_model(fixture *f)
{
    kedge_model *model = NULL;
    kedge_remove_tree(in_folder(f, "out"));
    run_into(f, "out", 0);
    if (kedge_model_load(&model, f->ctx, in_folder(f, "out/seed-0/model.safetensors"))) fail_msg("%s", kedge_error());
    return model;
}

static inline kedge_model *figure_model_with_plans(fixture *f)
{
    load_good(f, figure_plans);
    return figure_model(f);
}

/* Points of a table, with a plan. */
static inline kedge_model *figure_model_of_table(fixture *f)
{
    put(f, "my.csv", "a,b\n0,1\n1,0\n0.5,0.25\n0.75,1\n");
    put(f, "recipe.yaml",
        "data: {kind: csv, file: my.csv, features: [a, b], batch: 4}\n"
        "model: {kind: autoencoder, hidden: [4], bottleneck: 2}\nschedule: {lr: 0.01}\nsteps: 5\nseeds: 1\n"
        "plans: {ablated: {surgery: ablate, dims: [0], target: a}}\n");
    if (kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL)) fail_msg("%s", kedge_error());
    return figure_model(f);
}

static inline void figure_draw(const fixture *f, kedge_model *model, const char *figure,
                               const kedge_draw_options *options, const char *name)
{
    if (kedge_draw_model(model, figure, options, in_folder(f, name))) fail_msg("%s", kedge_error());
}

/* The picture in words. Static. */
static inline const char *figure_words(fixture *f, kedge_model *model, const char *figure,
                                       const kedge_draw_options *options)
{
    static char words[16384];
    size_t length;
    figure_draw(f, model, figure, options, "words.png");
    char *bytes = bytes_of(f, "words.txt", &length);
    snprintf(words, sizeof words, "%s", bytes);
    free(bytes);
    return words;
}

/* Each format begins as it must, and is the same a second time. */
static inline void figure_check_formats(fixture *f, kedge_model *model, const char *figure,
                                        const kedge_draw_options *options)
{
    static const char *const names[][2] = {{"a.png", "b.png"}, {"a.svg", "b.svg"}, {"a.pdf", "b.pdf"}};
    static const char *const first[] = {"\x89PNG", "<?xm", "%PDF"};
    for (int i = 0; i < 3; i++) {
        size_t length;
        figure_draw(f, model, figure, options, names[i][0]);
        figure_draw(f, model, figure, options, names[i][1]);
        char *bytes = bytes_of(f, names[i][0], &length);
        assert_memory_equal(bytes, first[i], 4);
        free(bytes);
        assert_true(same_file(f, names[i][0], names[i][1]));
    }
}

/* Refused with this message, and nothing was written. */
static inline void figure_check_refused(fixture *f, kedge_model *model, const char *figure,
                                        const kedge_draw_options *options, const char *words)
{
    assert_int_equal(kedge_draw_model(model, figure, options, in_folder(f, "refused.svg")), KEDGE_EINVALID);
    if (!strstr(kedge_error(), words)) fail_msg("'%s' does not say '%s'", kedge_error(), words);
    assert_false(kedge_is_file(in_folder(f, "refused.svg")));
}

/* Lets each allocation fail in turn; the model is that of figure_model. */
static inline void figure_check_memory(fixture *f, const char *figure, const char *name)
{
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        options.kernels = "ref";
        kedge_context *ctx;
        kedge_model *model;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        assert_int_equal(kedge_model_load(&model, ctx, in_folder(f, "out/seed-0/model.safetensors")), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_draw_model(model, figure, NULL, in_folder(f, name));
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        assert_int_equal(kedge_is_file(in_folder(f, name)), status == KEDGE_OK);
        kedge_model_free(model);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
    assert_no_temporary_files(f, "");
}

/* Width of a PNG in pixels. */
static inline int figure_width(fixture *f, const char *name)
{
    cairo_surface_t *image = cairo_image_surface_create_from_png(in_folder(f, name));
    int width = cairo_image_surface_get_width(image);
    cairo_surface_destroy(image);
    return width;
}

#endif
