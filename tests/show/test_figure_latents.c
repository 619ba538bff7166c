/* test_figure_latents.c - the latent space of a model as a figure: what goes into it, and what is refused. */
#include "../run/run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "kedge/draw.h"
#include "kedge/surgery.h"
#include "run/model.h"

static kedge_model *model_of(fixture *f)
{
    kedge_model *model = NULL;
    run_into(f, "out", 0);
    if (kedge_model_load(&model, f->ctx, in_folder(f, "out/seed-1/model.safetensors"))) fail_msg("%s", kedge_error());
    return model;
}

static void draw(const fixture *f, kedge_model *model, const kedge_draw_options *options, const char *name)
{
    if (kedge_draw_model(model, "latents", options, in_folder(f, name))) fail_msg("%s", kedge_error());
}

/* The picture as SVG text; letters are shapes there, so only shapes and colours can be looked for. */
static char *svg_of(fixture *f, kedge_model *model, const kedge_draw_options *options)
{
    size_t length;
    draw(f, model, options, "picture.svg");
    return bytes_of(f, "picture.svg", &length);
}

static void writes_every_format(void **state)
{
    fixture *f = *state;
    static const char *const names[] = {"a.png", "a.svg", "a.pdf"}, *const first[] = {"\x89PNG", "<?xm", "%PDF"};
    load_good(f, "");
    kedge_model *model = model_of(f);
    for (int i = 0; i < 3; i++) {
        size_t length;
        draw(f, model, NULL, names[i]);
        char *bytes = bytes_of(f, names[i], &length);
        assert_memory_equal(bytes, first[i], 4);
        free(bytes);
    }
    kedge_model_free(model);
}

static void same_model_same_bytes(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_model *model = model_of(f);
    draw(f, model, NULL, "a.svg");
    draw(f, model, NULL, "b.svg");
    kedge_model_free(model);
    model = model_of(f);
    draw(f, model, NULL, "c.svg");
    assert_true(same_file(f, "a.svg", "b.svg"));
    assert_true(same_file(f, "a.svg", "c.svg"));
    kedge_model_free(model);
}

/* Drawing with these options gives another picture than drawing without. */
static void assert_changes(fixture *f, kedge_model *model, kedge_draw_options options)
{
    char *plain = svg_of(f, model, NULL), *other = svg_of(f, model, &options);
    assert_string_not_equal(plain, other);
    free(plain);
    free(other);
}

static void options_count(void **state)
{
    static const int pairs[][2] = {{2, 1}};
    fixture *f = *state;
    load_good(f, "title: here\n");
    kedge_model *model = model_of(f);
    assert_changes(f, model, (kedge_draw_options){.title = "another"});
    assert_changes(f, model, (kedge_draw_options){.dark = 1});
    assert_changes(f, model, (kedge_draw_options){.pairs = pairs, .n_pairs = 1});
    char *own = svg_of(f, model, NULL), *given = svg_of(f, model, &(kedge_draw_options){.title = "here"});
    assert_string_equal(own, given);
    free(own);
    free(given);
    kedge_model_free(model);
}

/* Whether the picture would change if a term of the recipe were none. */
static bool shows_term(fixture *f, const char *terms)
{
    char assignment[256];
    kedge_recipe_options options = {(const char *const[]){assignment}, 1};
    snprintf(assignment, sizeof assignment, "terms={%s}", terms);
    assert_int_equal(load(f, 6, "schedule: {lr: 0.01, t: 0}\nsteps: 1", "", &options), KEDGE_OK);
    kedge_remove_tree(in_folder(f, "out"));
    kedge_model *model = model_of(f);
    char *with = svg_of(f, model, NULL);
    model->recipe->n_terms = 0;
    char *without = svg_of(f, model, NULL);
    bool shows = strcmp(with, without) != 0;
    free(with);
    free(without);
    kedge_model_free(model);
    return shows;
}

static void anchors_of_the_bottleneck_are_drawn(void **state)
{
    fixture *f = *state;
    assert_true(shows_term(f, "t: {kind: anchor, at: [1, 0, 0], labels: {red: 1}}"));
    assert_true(shows_term(f, "t: {kind: anchor, at: [1, 0, 0], site: pre-norm}"));
}

static void anti_anchors_are_drawn_as_such(void **state)
{
    fixture *f = *state;
    assert_true(shows_term(f, "t: {kind: anti-anchor, at: [1, 0, 0]}"));
    kedge_model *model = model_of(f);
    char *away = svg_of(f, model, NULL);
    assert_non_null(strstr(away, "Driven away from t at (1, 0, 0)."));
    free(away);
    kedge_model_free(model);
}

static void other_terms_are_not_drawn(void **state)
{
    fixture *f = *state;
    assert_false(shows_term(f, "t: {kind: subspace, dims: [0]}"));
    assert_false(shows_term(f, "t: {kind: unitarity, site: pre-norm}"));
}

/* Whether the anchor [1, 0, 0] is in the picture once a dim was taken away. */
static bool shows_anchor_without(fixture *f, int dim)
{
    kedge_model *model = model_of(f);
    kedge_surgery prune = {.kind = "prune", .n_dims = 1, .dims = &dim};
    if (kedge_model_operate(model, &prune, NULL)) fail_msg("%s", kedge_error());
    char *with = svg_of(f, model, NULL);
    model->recipe->n_terms = 0;
    char *without = svg_of(f, model, NULL);
    bool shows = strcmp(with, without) != 0;
    free(with);
    free(without);
    kedge_model_free(model);
    return shows;
}

static void anchors_in_dims_that_are_gone_are_not_drawn(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    assert_false(shows_anchor_without(f, 0));
    assert_true(shows_anchor_without(f, 1));
    assert_true(shows_anchor_without(f, 2));
}

/* A hidden layer may be as wide as the bottleneck; its anchors have no place in this picture. */
static void anchors_of_other_sites_are_not_drawn(void **state)
{
    fixture *f = *state;
    static const char wide[] = "data: {kind: rgb-grid, points: 3, batch: 8}\nlabels: {red: redness}\n"
                               "model: {kind: autoencoder, hidden: [3], bottleneck: 3}\n"
                               "terms: {t: {kind: anchor, at: [1, 0, 0], site: encoder.0}}\n"
                               "schedule: {lr: 0.01, t: 0}\nsteps: 1\nseeds: 2\n";
    put(f, "recipe.yaml", wide);
    assert_int_equal(kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL), KEDGE_OK);
    kedge_model *model = model_of(f);
    char *with = svg_of(f, model, NULL);
    model->recipe->n_terms = 0;
    char *without = svg_of(f, model, NULL);
    assert_string_equal(with, without);
    free(with);
    free(without);
    kedge_model_free(model);
}

/* Points of a table: shaded by the first label where there is one. */
static kedge_model *model_of_table(fixture *f, const char *labels)
{
    char text[512];
    put(f, "my.csv", "a,b\n0,1\n1,0\n0.5,0.25\n0.75,1\n");
    snprintf(text, sizeof text,
             "data: {kind: csv, file: my.csv, features: [a, b], batch: 4}\n%s"
             "model: {kind: autoencoder, hidden: [4], bottleneck: 2}\nschedule: {lr: 0.01}\nsteps: 5\nseeds: 2\n",
             labels);
    put(f, "recipe.yaml", text);
    kedge_recipe_free(f->loaded);
    f->loaded = NULL;
    if (kedge_recipe_load(&f->loaded, f->ctx, f->folder, NULL)) fail_msg("%s", kedge_error());
    kedge_remove_tree(in_folder(f, "out"));
    return model_of(f);
}

static void tables_are_shaded_by_the_first_label(void **state)
{
    fixture *f = *state;
    kedge_model *model = model_of_table(f, "");
    char *plain = svg_of(f, model, NULL);
    kedge_model_free(model);
    model = model_of_table(f, "labels: {much: a}\n");
    char *shaded = svg_of(f, model, NULL);
    kedge_model_free(model);
    model = model_of_table(f, "labels: {much: b}\n");
    char *otherwise = svg_of(f, model, NULL);
    kedge_model_free(model);
    assert_string_not_equal(plain, shaded);
    assert_string_not_equal(shaded, otherwise);
    free(plain);
    free(shaded);
    free(otherwise);
}

static void a_rate_that_is_the_same_everywhere_can_be_drawn(void **state)
{
    fixture *f = *state;
    kedge_model *model = model_of_table(f, "labels: {all: 0.5}\n");
    draw(f, model, NULL, "picture.png");
    kedge_model_free(model);
}

static const char plans[] = "plans:\n  out: {edit: suppress, direction: [0, 2, 0], from: 75}\n"
                            "  gone: {surgery: prune, dims: [1]}\nscore: {plan: out, target: redness}\n";

/* The words of the picture under a plan. */
static char *words_of(fixture *f, kedge_model *model, const char *plan, bool edited)
{
    kedge_draw_options options = {.plans = &plan, .n_plans = plan != NULL, .edited = edited};
    return svg_of(f, model, &options);
}

static void the_scored_plan_has_its_cone(void **state)
{
    fixture *f = *state;
    static const char cone[] = "'out' acts on what is closer than 75 degrees to the direction at (0, 2, 0).";
    load_good(f, plans);
    kedge_model *model = model_of(f);
    char *scored = words_of(f, model, NULL, false), *named = words_of(f, model, "out", false);
    char *other = words_of(f, model, "gone", false), *none = words_of(f, model, "baseline", false);
    assert_non_null(strstr(scored, cone));
    assert_string_equal(scored, named);
    assert_null(strstr(other, cone));
    assert_string_equal(other, none);
    free(scored);
    free(named);
    free(other);
    free(none);
    kedge_model_free(model);
}

static void edited_latents_are_those_of_the_decoder(void **state)
{
    fixture *f = *state;
    const float *inputs, *latents, *outputs;
    load_good(f, plans);
    kedge_model *model = model_of(f);
    int n = kedge_model_points(model, &inputs, &latents, &outputs), moved = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) /* unit columns: the cosine to the direction is the second number */
        if ((double)latents[3 * i + 1] > cos(75 * M_PI / 180)) moved++, sum += (double)latents[3 * i + 1];
    char want[128], *picture = words_of(f, model, NULL, true);
    snprintf(want, sizeof want, "The edit moved %d of %d points, by %.3g on average.", moved, n, sum / moved);
    assert_in_range(moved, 1, n - 1);
    assert_non_null(strstr(picture, want));
    free(picture);
    kedge_model_free(model);
}

static void pruned_latents_have_the_dims_that_are_left(void **state)
{
    fixture *f = *state;
    load_good(f, plans);
    kedge_model *model = model_of(f);
    char *picture = words_of(f, model, "gone", true);
    assert_non_null(strstr(picture, "in a latent space of 2 dimensions"));
    assert_non_null(strstr(picture, "Anchor red at (1, 0)."));
    free(picture);
    kedge_model_free(model);
}

static void refuses_plans_that_it_cannot_show(void **state)
{
    fixture *f = *state;
    static const char *const both[] = {"out", "gone"}, *const wrong[] = {"ouf"}, *const none[] = {"baseline"};
    load_good(f, plans);
    kedge_model *model = model_of(f);
    const char *path = in_folder(f, "picture.svg");
    kedge_draw_options options = {.plans = both, .n_plans = 2};
    assert_int_equal(kedge_draw_model(model, "latents", &options, path), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "shows one plan, not 2"));
    options = (kedge_draw_options){.plans = wrong, .n_plans = 1};
    assert_int_equal(kedge_draw_model(model, "latents", &options, path), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "unknown plan 'ouf'; did you mean 'out'?"));
    options = (kedge_draw_options){.plans = none, .n_plans = 1, .edited = 1};
    assert_int_equal(kedge_draw_model(model, "latents", &options, path), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "which plan edits the latents must be said"));
    kedge_model_free(model);
}

static void refuses_what_cannot_be_drawn(void **state)
{
    static const int beyond[][2] = {{0, 3}};
    fixture *f = *state;
    load_good(f, "");
    kedge_model *model = model_of(f);
    kedge_draw_options options = {.pairs = beyond, .n_pairs = 1};
    assert_int_equal(kedge_draw_model(model, "latents", NULL, in_folder(f, "picture.gif")), KEDGE_EINVALID);
    assert_int_equal(kedge_draw_model(model, "latents", &options, in_folder(f, "picture.svg")), KEDGE_EINVALID);
    assert_int_equal(kedge_draw_model(model, "latents", NULL, in_folder(f, "nowhere/picture.svg")), KEDGE_EIO);
    kedge_model_free(model);
    assert_null(strstr(listing(f, ""), "picture"));
}

static void refuses_latents_that_are_no_numbers(void **state)
{
    fixture *f = *state;
    load_good(f, "");
    kedge_model *model = model_of(f);
    model->params.values[0] = NAN;
    assert_int_equal(kedge_draw_model(model, "latents", NULL, in_folder(f, "picture.svg")), KEDGE_ENUMERIC);
    kedge_model_free(model);
    assert_null(strstr(listing(f, ""), "picture"));
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(model_of_table(f, "labels: {much: a}\n"));
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
        kedge_status status = kedge_draw_model(model, "latents", NULL, in_folder(f, "picture.svg"));
        if (status) assert_int_equal(status, KEDGE_ENOMEM);
        assert_int_equal(kedge_is_file(in_folder(f, "picture.svg")), status == KEDGE_OK);
        kedge_model_free(model);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
    assert_no_temporary_files(f, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(writes_every_format),
        TEST(same_model_same_bytes),
        TEST(options_count),
        TEST(anchors_of_the_bottleneck_are_drawn),
        TEST(anti_anchors_are_drawn_as_such),
        TEST(other_terms_are_not_drawn),
        TEST(the_scored_plan_has_its_cone),
        TEST(edited_latents_are_those_of_the_decoder),
        TEST(pruned_latents_have_the_dims_that_are_left),
        TEST(refuses_plans_that_it_cannot_show),
        TEST(anchors_in_dims_that_are_gone_are_not_drawn),
        TEST(anchors_of_other_sites_are_not_drawn),
        TEST(tables_are_shaded_by_the_first_label),
        TEST(a_rate_that_is_the_same_everywhere_can_be_drawn),
        TEST(refuses_what_cannot_be_drawn),
        TEST(refuses_latents_that_are_no_numbers),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
