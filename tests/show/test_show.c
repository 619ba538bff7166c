/* test_show.c - what an input means: a model, its recipe, its run, its seeds. */
#include "../run/run_fixture.h"

#include "kedge/surgery.h"
#include "show/show.h"

static const char *path_of(fixture *f, const char *name)
{
    return in_folder(f, name);
}

static kedge_model *model_of(kedge_show *show)
{
    kedge_model *model = NULL;
    if (kedge_show_model(show, &model)) fail_msg("%s", kedge_error());
    return model;
}

static void a_directory_means_its_lowest_seed(void **state)
{
    fixture *f = *state;
    kedge_show show;
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, path_of(f, "out"), NULL);
    assert_string_equal(kedge_model_metadata(model_of(&show), "seed"), "0");
    kedge_show_release(&show);
}

static void a_seed_of_a_directory_can_be_chosen(void **state)
{
    fixture *f = *state;
    kedge_show show;
    kedge_draw_options options = {.seed = 1};
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, path_of(f, "out"), &options);
    assert_string_equal(kedge_model_metadata(model_of(&show), "seed"), "1");
    kedge_show_release(&show);
}

static void a_seed_that_is_not_there_is_refused(void **state)
{
    fixture *f = *state;
    kedge_show show;
    kedge_model *model;
    kedge_draw_options options = {.seed = 7};
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, path_of(f, "out"), &options);
    assert_int_equal(kedge_show_model(&show, &model), KEDGE_EINVALID);
    assert_non_null(strstr(kedge_error(), "no model of seed 7; 2 seeds from 0 to 1 have one"));
    kedge_show_release(&show);
}

/* A recipe gives the very model that 'kedge run' writes. */
static void a_recipe_is_trained_on_the_spot(void **state)
{
    fixture *f = *state;
    kedge_show show, stored;
    kedge_draw_options options = {.seed = 1};
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, f->recipe, &options);
    kedge_show_init(&stored, f->ctx, path_of(f, "out"), &options);
    kedge_model *a = model_of(&show), *b = model_of(&stored);
    assert_int_equal(a->params.size, b->params.size);
    assert_memory_equal(a->params.values, b->params.values, a->params.size * sizeof *a->params.values);
    const char *key, *value;
    for (int i = 0; kedge_model_metadata_at(b, i, &key, &value); i++)
        assert_string_equal(kedge_model_metadata(a, key), value);
    kedge_show_release(&show);
    kedge_show_release(&stored);
}

static void the_recipe_of_a_model_has_its_sheet(void **state)
{
    fixture *f = *state;
    kedge_show show;
    const kedge_recipe *recipe = NULL;
    load_sheet(f, "STEP,lr,separate,anchor\n0,0.01,0.1,0.1\n20,0.02,0.1,0.1\n", "");
    run_into(f, "out", 0);
    const char *file = path_of(f, "out/seed-0/model.safetensors");
    kedge_show_init(&show, f->ctx, file, NULL);
    assert_int_equal(kedge_show_recipe(&show, &recipe), KEDGE_OK);
    assert_non_null(recipe->sheet);
    assert_int_equal(recipe->steps, 21);
    kedge_show_release(&show);
}

static void a_replay_ends_where_the_run_did(void **state)
{
    fixture *f = *state;
    kedge_show show;
    kedge_replay *replay = NULL;
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, path_of(f, "out"), NULL);
    assert_int_equal(kedge_show_replay(&show, &replay), KEDGE_OK);
    assert_true(replay->exact);
    kedge_show_release(&show);
}

static void a_changed_model_is_not_exact(void **state)
{
    fixture *f = *state;
    kedge_show show;
    kedge_replay *replay = NULL;
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, path_of(f, "out"), NULL);
    model_of(&show)->params.values[0] += 1e-6F;
    assert_int_equal(kedge_show_replay(&show, &replay), KEDGE_OK);
    assert_false(replay->exact);
    kedge_show_release(&show);
}

/* Each of many figures asks again. */
static void a_run_that_fails_is_trained_once(void **state)
{
    fixture *f = *state;
    kedge_show show, empty;
    kedge_model *model;
    char first[512];
    load_sheet(f, exploding, "");
    kedge_show_init(&show, f->ctx, f->recipe, NULL);
    kedge_show_init(&empty, f->ctx, NULL, NULL);
    assert_int_equal(kedge_show_model(&show, &model), KEDGE_ENUMERIC);
    snprintf(first, sizeof first, "%s", kedge_error());
    const kedge_replay *replay = show.replay;
    assert_int_equal(kedge_show_model(&empty, &model), KEDGE_EINVALID); /* another message */
    assert_int_equal(kedge_show_model(&show, &model), KEDGE_ENUMERIC);
    assert_string_equal(kedge_error(), first);
    assert_ptr_equal(show.replay, replay);
    kedge_show_release(&show);
    kedge_show_release(&empty);
}

/* Its inputs are too large for their squares. */
static void a_run_may_fail_at_once(void **state)
{
    fixture *f = *state;
    kedge_show show;
    kedge_model *model;
    put(f, "data.csv", "a,b\n1e30,2\n2e30,3\n");
    put(f, "recipe.yaml", "data: {kind: csv, file: data.csv, features: [a, b], batch: 2}\n"
                          "model: {kind: autoencoder, hidden: [4], bottleneck: 2}\nschedule: {lr: 0.01}\nsteps: 5\n");
    kedge_show_init(&show, f->ctx, f->recipe, NULL);
    assert_int_equal(kedge_show_model(&show, &model), KEDGE_ENUMERIC);
    assert_int_equal(show.replay->n_records, 0);
    kedge_show_release(&show);
}

static void a_caveat_tells_what_a_repetition_is_not(void **state)
{
    fixture *f = *state;
    kedge_show show;
    const int dim = 0;
    const kedge_surgery ablate = {.kind = "ablate", .n_dims = 1, .dims = &dim};
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, path_of(f, "out"), NULL);
    kedge_model *model = model_of(&show);
    assert_null(kedge_show_caveat(&show, true));
    assert_string_equal(kedge_show_caveat(&show, false), "repeated, it ended otherwise than the model did");
    assert_int_equal(kedge_model_operate(model, &ablate, NULL), KEDGE_OK);
    assert_string_equal(kedge_show_caveat(&show, true), "before the model's surgery");
    kedge_show_release(&show);
}

static void seeds_are_in_order(void **state)
{
    fixture *f = *state;
    kedge_show show;
    const long long *seeds;
    size_t n;
    load_good(f, "");
    run_into(f, "out", 0);
    kedge_show_init(&show, f->ctx, path_of(f, "out"), NULL);
    assert_int_equal(kedge_show_seeds(&show, &seeds, &n), KEDGE_OK);
    assert_int_equal(n, 2);
    assert_int_equal(seeds[0], 0);
    assert_int_equal(seeds[1], 1);
    kedge_show_release(&show);
}

/* A model may have any name. */
static void a_model_is_known_by_its_bytes(void **state)
{
    fixture *f = *state;
    kedge_show show;
    char other[256];
    load_good(f, "");
    run_into(f, "out", 0);
    snprintf(other, sizeof other, "%s", path_of(f, "model.st"));
    assert_int_equal(rename(path_of(f, "out/seed-1/model.safetensors"), other), 0);
    kedge_show_init(&show, f->ctx, other, NULL);
    assert_string_equal(kedge_model_metadata(model_of(&show), "seed"), "1");
    kedge_show_release(&show);
}

static void a_missing_input_is_an_error(void **state)
{
    fixture *f = *state;
    kedge_show show;
    kedge_model *model;
    kedge_show_init(&show, f->ctx, path_of(f, "nowhere.yaml"), NULL);
    assert_int_equal(kedge_show_model(&show, &model), KEDGE_EIO);
    kedge_show_release(&show);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_directory_means_its_lowest_seed),
        TEST(a_seed_of_a_directory_can_be_chosen),
        TEST(a_seed_that_is_not_there_is_refused),
        TEST(a_recipe_is_trained_on_the_spot),
        TEST(the_recipe_of_a_model_has_its_sheet),
        TEST(a_replay_ends_where_the_run_did),
        TEST(a_changed_model_is_not_exact),
        TEST(a_run_that_fails_is_trained_once),
        TEST(a_run_may_fail_at_once),
        TEST(a_caveat_tells_what_a_repetition_is_not),
        TEST(seeds_are_in_order),
        TEST(a_model_is_known_by_its_bytes),
        TEST(a_missing_input_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
