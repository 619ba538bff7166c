/* test_operate.c - surgery on models in memory and in files. */
#include "operated.h"

#include <math.h>

#include "failing_alloc.h"

static const char *const kinds[] = {"ablate", "prune", "redirect", "reflect", "constant"};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void the_file_says_what_was_done(void **state)
{
    fixture *f = *state;
    kedge_surgery_report report[2];
    kedge_model *model = train_one(f);
    assert_null(kedge_model_metadata(model, "surgery"));
    operate_on(model, "prune", 0);
    assert_string_equal(kedge_model_metadata(model, "surgery"), "[{surgery: prune, site: bottleneck, dims: [0]}]");
    kedge_surgery redirect = {.kind = "redirect", .site = "encoder.0", .n_dims = 2, .dims = (const int[]){4, 1}};
    assert_int_equal(kedge_model_operate(model, &redirect, report), KEDGE_OK);
    const char *text = kedge_model_metadata(model, "surgery");
    double gammas[2];
    assert_int_equal(sscanf(strstr(text, "redirect, gamma: "), "redirect, gamma: %lf, site: encoder.0, dims: [4]}, "
                            "{surgery: redirect, gamma: %lf, site: encoder.0, dims: [1]}]", &gammas[0], &gammas[1]), 2);
    assert_true(gammas[0] == report[0].rms && gammas[1] == report[1].rms);
    assert_string_equal(kedge_model_metadata(model, "recipe"), kedge_recipe_text(f->loaded));
    assert_string_equal(kedge_model_metadata(model, "seed"), "1");
    kedge_model_free(model);
}

static void a_file_is_what_was_in_memory(void **state)
{
    fixture *f = *state;
    kedge_model_free(train_one(f));
    for (int i = 0; i < KINDS; i++) {
        float z[2][3] = {{0}}, y[2][3] = {{0}}, x[3] = {0.25f, 1, 0.5f};
        kedge_model *model = load_operated(f, trained);
        operate_on(model, kinds[i], 1);
        save_as(f, model, "after.safetensors");
        kedge_model *read = load_operated(f, "after.safetensors");
        assert_same_numbers(model, read);
        assert_int_equal(kedge_model_latents(read), kedge_model_latents(model));
        kedge_model_apply(model, 1, x, z[0], y[0]);
        kedge_model_apply(read, 1, x, z[1], y[1]);
        assert_memory_equal(z[0], z[1], sizeof z[0]);
        assert_memory_equal(y[0], y[1], sizeof y[0]);
        save_as(f, read, "again.safetensors");
        assert_true(same_file(f, "after.safetensors", "again.safetensors"));
        kedge_model_free(read);
        kedge_model_free(model);
    }
}

/* What the metadata say, done to the trained model, gives the same file. */
static void the_note_repeats_the_surgery(void **state)
{
    fixture *f = *state;
    kedge_model_free(train_one(f));
    for (int i = 0; i < KINDS; i++) {
        kedge_model *model = load_operated(f, trained), *other = load_operated(f, trained);
        operate_on(model, kinds[i], 1);
        const kedge_surgery_options *done = &model->surgery.at[0];
        kedge_surgery again = {.kind = kinds[i], .n_dims = 1, .dims = (const int[]){1}, .gamma = done->gamma,
                               .n_values = done->value.n, .values = done->value.at};
        assert_int_equal(kedge_model_operate(other, &again, NULL), KEDGE_OK);
        save_as(f, model, "a.safetensors");
        save_as(f, other, "b.safetensors");
        assert_true(same_file(f, "a.safetensors", "b.safetensors"));
        kedge_model_free(other);
        kedge_model_free(model);
    }
}

static void pruned_equals_ablated_through_files(void **state)
{
    fixture *f = *state;
    const float *inputs, *latents, *a, *b;
    kedge_model *pruned = train_one(f), *ablated = load_operated(f, trained);
    operate_on(pruned, "prune", 1);
    operate_on(ablated, "ablate", 1);
    save_as(f, pruned, "pruned.safetensors");
    save_as(f, ablated, "ablated.safetensors");
    kedge_model_free(pruned);
    kedge_model_free(ablated);
    pruned = load_operated(f, "pruned.safetensors");
    ablated = load_operated(f, "ablated.safetensors");
    assert_int_equal(kedge_model_latents(pruned), 2);
    assert_int_equal(kedge_model_parameter_count(pruned), kedge_model_parameter_count(ablated) - 5 - 1 - 5);
    int n = kedge_model_points(pruned, &inputs, &latents, &a);
    kedge_model_points(ablated, &inputs, &latents, &b);
    for (int i = 0; i < 3 * n; i++) assert_true(fabsf(a[i] - b[i]) <= 1e-6f);
    kedge_model_free(pruned);
    kedge_model_free(ablated);
}

/* Dims are those that are left; the model knows which of the recipe's they are. */
static void dims_count_from_what_is_left(void **state)
{
    fixture *f = *state;
    kedge_model *model = train_one(f), *other = load_operated(f, trained);
    operate_on(model, "prune", 0);
    assert_int_equal(model->dims[0], 1);
    assert_int_equal(model->dims[1], 2);
    operate_on(model, "prune", 0);
    assert_int_equal(model->dims[0], 2);
    kedge_surgery both = {.kind = "prune", .n_dims = 2, .dims = (const int[]){1, 0}};
    assert_int_equal(kedge_model_operate(other, &both, NULL), KEDGE_OK);
    assert_same_numbers(model, other);
    save_as(f, model, "after.safetensors");
    kedge_model *read = load_operated(f, "after.safetensors");
    assert_int_equal(read->dims[0], 2);
    kedge_model_free(read);
    kedge_model_free(other);
    kedge_model_free(model);
}

static void points_are_computed_anew(void **state)
{
    fixture *f = *state;
    const float *inputs, *latents, *outputs;
    kedge_model *model = train_one(f);
    kedge_model_points(model, &inputs, &latents, &outputs);
    float before = latents[3 * 26];
    operate_on(model, "reflect", 0);
    kedge_model_points(model, &inputs, &latents, &outputs);
    assert_true(latents[3 * 26] == -before && before != 0);
    kedge_model_free(model);
}

/* ---- refused ---- */

static void refuse(fixture *f, kedge_surgery surgery, const char *why)
{
    kedge_model *model = load_operated(f, trained), *as_it_was = load_operated(f, trained);
    assert_int_equal(kedge_model_operate(model, &surgery, NULL), KEDGE_EINVALID);
    assert_string_equal(kedge_error(), why);
    assert_same_numbers(model, as_it_was);
    assert_null(kedge_model_metadata(model, "surgery"));
    kedge_model_free(as_it_was);
    kedge_model_free(model);
}

static void mistakes_leave_the_model_alone(void **state)
{
    fixture *f = *state;
    static const int dim[] = {0};
    kedge_model_free(train_one(f));
    refuse(f, (kedge_surgery){.kind = "prone", .n_dims = 1, .dims = dim},
           "unknown kind of surgery 'prone'; did you mean 'prune'?");
    refuse(f, (kedge_surgery){.kind = "transplant", .n_dims = 1, .dims = dim},
           "unknown kind of surgery 'transplant'; must be 'ablate', 'prune', 'redirect', 'reflect' or 'constant'");
    refuse(f, (kedge_surgery){.kind = "ablate"}, "ablate: 'dims' is empty; must name at least one");
    refuse(f, (kedge_surgery){.kind = "ablate", .n_dims = 1, .dims = (const int[]){3}},
           "ablate: dim 3 is none of site 'bottleneck'; must be from 0 to 2");
    refuse(f, (kedge_surgery){.kind = "ablate", .n_dims = 1, .dims = dim, .gamma = 1},
           "ablate: takes no gamma; leave it out");
    refuse(f, (kedge_surgery){.kind = "redirect", .n_dims = 1, .dims = dim, .n_values = 1, .values = (double[]){1}},
           "redirect: takes no value; leave it out");
    refuse(f, (kedge_surgery){.kind = "redirect", .n_dims = 1, .dims = dim, .gamma = -1},
           "redirect: gamma is -1; must be from 0 to 1e+06");
    refuse(f, (kedge_surgery){.kind = "redirect", .n_dims = 1, .dims = dim, .gamma = NAN},
           "redirect: gamma is nan; must be from 0 to 1e+06");
    refuse(f, (kedge_surgery){.kind = "constant", .n_dims = 1, .dims = dim, .n_values = 1, .values = (double[]){1e300}},
           "constant: value 0 is 1e+300; must be a finite number");
}

/* A note that does not fit the recipe, or is no note. */
static void refuse_note(fixture *f, const char *note, const char *why)
{
    kedge_model *model = NULL, *from = load_operated(f, trained);
    kedge_st_pair pairs[16];
    size_t n = from->file.n_metadata;
    memcpy(pairs, from->file.metadata, n * sizeof *pairs);
    pairs[n] = (kedge_st_pair){"surgery", note};
    const char *path = in_folder(f, "noted.safetensors");
    assert_int_equal(kedge_model_write(f->ctx, &from->params, pairs, n + 1, path), KEDGE_OK);
    assert_int_equal(kedge_model_load(&model, f->ctx, path), KEDGE_EFORMAT);
    assert_null(model);
    assert_string_equal(message(f), why);
    kedge_model_free(from);
}

static void notes_that_cannot_be_followed(void **state)
{
    fixture *f = *state;
    kedge_model_free(train_one(f));
    refuse_note(f, "ablated", "noted.safetensors: surgery:1:1: must be a list of at most 1000 surgeries");
    refuse_note(f, "[{surgery: prone, dims: [0]}]",
                "noted.safetensors: surgery:1:12: unknown surgery 'prone' in surgery; did you mean 'prune'?");
    refuse_note(f, "[{surgery: ablate, dims: [7]}]",
                "noted.safetensors: surgery: ablate: dim 7 is none of site 'bottleneck'; must be from 0 to 2");
    refuse_note(f, "[{surgery: prune, dims: [0]}]", "noted.safetensors: tensor 'encoder.4.weight' has not the shape "
                "that its recipe asks for: [2, 5]");
}

/* ---- files ---- */

/* A seed's file that was operated on is no trained seed: it is trained again. */
static void an_operated_file_is_no_trained_seed(void **state)
{
    fixture *f = *state;
    kedge_model *model = train_one(f);
    save_as(f, model, "kept.safetensors");
    operate_on(model, "ablate", 0);
    save_as(f, model, trained);
    kedge_model_free(model);
    assert_false(same_file(f, trained, "kept.safetensors"));
    run_into(f, "out", 0);
    assert_true(same_file(f, trained, "kept.safetensors"));
}

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    kedge_model_free(train_one(f));
    for (int i = 0; i < KINDS; i++)
        for (size_t n = 1;; n++) {
            failing_alloc memory = {0};
            kedge_context_options options = failing_alloc_options(&memory);
            options.kernels = "ref";
            kedge_context *ctx;
            kedge_model *model = NULL;
            float x[3] = {1, 0, 0}, z[3];
            assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
            assert_int_equal(kedge_model_load(&model, ctx, in_folder(f, trained)), KEDGE_OK);
            memory.requests = 0;
            memory.fail_at = n;
            kedge_surgery surgery = {.kind = kinds[i], .n_dims = 1, .dims = (const int[]){0}};
            kedge_status status = kedge_model_operate(model, &surgery, NULL);
            if (status) {
                assert_int_equal(status, KEDGE_ENOMEM);
                assert_null(kedge_model_metadata(model, "surgery"));
                assert_int_equal(kedge_model_latents(model), 3);
            }
            size_t requests = memory.requests;
            kedge_model_apply(model, 1, x, z, NULL);
            kedge_model_free(model);
            kedge_context_free(ctx);
            assert_int_equal(memory.in_use, 0);
            if (requests < n) break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_file_says_what_was_done),
        TEST(a_file_is_what_was_in_memory),
        TEST(the_note_repeats_the_surgery),
        TEST(pruned_equals_ablated_through_files),
        TEST(dims_count_from_what_is_left),
        TEST(points_are_computed_anew),
        TEST(mistakes_leave_the_model_alone),
        TEST(notes_that_cannot_be_followed),
        TEST(an_operated_file_is_no_trained_seed),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
