/* test_model.c - model files: what they hold, what they compute, and which are refused. */
#include "run_fixture.h"

#include <math.h>

#include "failing_alloc.h"
#include "format/safetensors.h"
#include "kedge/model.h"
#include "kedge/version.h"
#include "run/training.h"

/* Trains seed 1 of the small recipe; its model lies under this name. */
static const char name[] = "out/seed-1/model.safetensors";

static void train(fixture *f)
{
    load_good(f, "");
    run_into(f, "out", 0);
}

static kedge_model *load_model(const fixture *f, const char *file)
{
    kedge_model *model = NULL;
    if (kedge_model_load(&model, f->ctx, in_folder(f, file))) fail_msg("%s", kedge_error());
    return model;
}

static void holds_the_weights_of_the_run(void **state)
{
    fixture *f = *state;
    kedge_recipe_training training;
    kedge_trainer *trainer;
    kedge_tensor_view view;
    train(f);
    kedge_model *model = load_model(f, name);
    assert_int_equal(kedge_recipe_training_init(&training, f->loaded), KEDGE_OK);
    assert_int_equal(kedge_trainer_create(&trainer, f->ctx, &training.training), KEDGE_OK);
    assert_int_equal(kedge_trainer_run(trainer, 1, NULL), KEDGE_OK);
    for (int i = 0; i < trainer->params.n; i++) {
        const kedge_param *param = &trainer->params.list[i];
        assert_int_equal(kedge_model_tensor(model, i, &view), 1);
        assert_string_equal(view.name, param->name);
        assert_int_equal(view.dims, param->cols ? 2 : 1);
        assert_int_equal(view.shape[0], param->rows);
        assert_int_equal(view.shape[1], param->cols);
        assert_memory_equal(view.values, trainer->params.values + param->offset,
                            kedge_param_count(param) * sizeof(float));
    }
    assert_int_equal(kedge_model_tensor(model, trainer->params.n, &view), 0);
    assert_int_equal(kedge_model_tensor(model, -1, &view), 0);
    assert_int_equal(kedge_model_parameter_count(model), trainer->params.count);
    kedge_trainer_free(trainer);
    kedge_recipe_training_release(&training);
    kedge_model_free(model);
}

static void tensors_are_named_as_pytorch_names_them(void **state)
{
    fixture *f = *state;
    kedge_tensor_view view;
    static const char *const names[] = {
        "encoder.0.weight", "encoder.0.bias",   "encoder.2.weight", "encoder.2.bias",
        "encoder.4.weight", "encoder.4.bias",   "decoder.0.weight", "decoder.0.bias",
        "decoder.2.weight", "decoder.2.bias",   "decoder.4.weight", "decoder.4.bias"};
    train(f);
    kedge_model *model = load_model(f, name);
    for (int i = 0; i < 12; i++) {
        assert_int_equal(kedge_model_tensor(model, i, &view), 1);
        assert_string_equal(view.name, names[i]);
    }
    kedge_model_free(model);
}

static void says_where_it_came_from(void **state)
{
    fixture *f = *state;
    const char *key, *value;
    train(f);
    kedge_model *model = load_model(f, name);
    assert_string_equal(kedge_model_metadata(model, "seed"), "1");
    assert_string_equal(kedge_model_metadata(model, "version"), kedge_version());
    assert_string_equal(kedge_model_metadata(model, "kernels"), "ref");
    assert_string_equal(kedge_model_metadata(model, "recipe"), kedge_recipe_text(f->loaded));
    assert_string_equal(kedge_model_metadata(model, "schedule"), sheet);
    assert_non_null(strstr(kedge_model_metadata(model, "trajectory"), "="));
    assert_true(atof(kedge_model_metadata(model, "labels.red")) > 0);
    assert_null(kedge_model_metadata(model, "labels.dark")); /* no term uses it */
    assert_null(kedge_model_metadata(model, "colour"));
    assert_true(atof(kedge_model_metadata(model, "spike")) >= 0);
    int n = 0;
    for (; kedge_model_metadata_at(model, n, &key, &value); n++)
        assert_string_equal(kedge_model_metadata(model, key), value);
    assert_int_equal(n, 8);
    assert_int_equal(kedge_model_metadata_at(model, -1, &key, &value), 0);
    kedge_model_free(model);
}

static void knows_its_widths_and_names(void **state)
{
    fixture *f = *state;
    train(f);
    kedge_model *model = load_model(f, name);
    assert_int_equal(kedge_model_inputs(model), 3);
    assert_int_equal(kedge_model_latents(model), 3);
    assert_int_equal(kedge_model_outputs(model), 3);
    assert_string_equal(kedge_model_input_name(model, 1), "g");
    assert_string_equal(kedge_model_output_name(model, 2), "b");
    assert_null(kedge_model_input_name(model, 3));
    assert_null(kedge_model_output_name(model, -1));
    assert_int_equal(kedge_recipe_seed_count(kedge_model_recipe(model)), 2);
    kedge_model_free(model);
    kedge_model_free(NULL);
}

static void saves_what_it_loaded(void **state)
{
    fixture *f = *state;
    train(f);
    kedge_model *model = load_model(f, name);
    assert_int_equal(kedge_model_save(model, in_folder(f, "copy.safetensors")), KEDGE_OK);
    assert_true(same_file(f, name, "copy.safetensors"));
    assert_int_equal(kedge_model_save(model, in_folder(f, "nowhere/copy.safetensors")), KEDGE_EIO);
    kedge_model_free(model);
}

static void needs_no_schedule(void **state)
{
    fixture *f = *state;
    train(f);
    remove_file(f, "schedule.csv");
    remove_file(f, "out/schedule.csv");
    remove_file(f, "out/recipe.yaml");
    kedge_model_free(load_model(f, name));
}

static void applies_to_its_points(void **state)
{
    fixture *f = *state;
    const float *inputs, *latents, *outputs;
    float z[81], y[81];
    train(f);
    kedge_model *model = load_model(f, name);
    assert_int_equal(kedge_model_points(model, &inputs, &latents, &outputs), 27);
    assert_true(inputs[3 * 26] == 1 && inputs[3 * 9] == 0.5f && inputs[1] == 0);
    kedge_model_apply(model, 27, inputs, z, y);
    assert_memory_equal(z, latents, sizeof z);
    assert_memory_equal(y, outputs, sizeof y);
    kedge_model_apply(model, 0, inputs, z, y);
    kedge_model_apply(model, 1, inputs + 78, NULL, y);
    assert_memory_equal(y, outputs + 78, 3 * sizeof *y);
    for (int i = 0; i < 27; i++) {
        double sum = 0;
        for (int j = 0; j < 3; j++) sum += (double)latents[3 * i + j] * (double)latents[3 * i + j];
        assert_true(fabs(sum - 1) < 1e-5);
    }
    kedge_model_free(model);
}

/* ---- refused ---- */

/* Writes the trained model again, changed, and expects the message (after the path) when it is loaded. */
static void refuse_changed(fixture *f, void (*change)(kedge_st *), kedge_status status, const char *why)
{
    kedge_arena arena;
    kedge_st file;
    kedge_model *model = NULL;
    train(f);
    kedge_arena_init(&arena, f->ctx);
    assert_int_equal(kedge_st_load(&file, &arena, in_folder(f, name), 1 << 24), KEDGE_OK);
    change(&file);
    assert_int_equal(kedge_st_save(f->ctx, &file, in_folder(f, "changed.safetensors")), KEDGE_OK);
    kedge_arena_release(&arena);
    assert_int_equal(kedge_model_load(&model, f->ctx, in_folder(f, "changed.safetensors")), status);
    assert_null(model);
    if (strncmp(message(f), why, strlen(why)) != 0) assert_string_equal(message(f), why);
}

static void rename_one(kedge_st *file)
{
    file->tensors[3].name = "encoder.2.offset";
}

static void drop_last(kedge_st *file)
{
    file->n_tensors--;
}

static void transpose(kedge_st *file)
{
    file->tensors[0].shape[0] = 3;
    file->tensors[0].shape[1] = 6;
}

static void flatten(kedge_st *file)
{
    file->tensors[0].dims = 1;
    file->tensors[0].shape[0] = 18;
}

static void lift(kedge_st *file)
{
    file->tensors[1].dims = 2;
    file->tensors[1].shape[1] = 1;
}

static void add_one(kedge_st *file)
{
    static kedge_st_tensor more[20];
    memcpy(more, file->tensors, file->n_tensors * sizeof *more);
    more[file->n_tensors] = more[0];
    more[file->n_tensors++].name = "encoder.6.weight";
    file->tensors = more;
}

static void set_recipe(kedge_st *file, const char *text)
{
    for (size_t i = 0; i < file->n_metadata; i++)
        if (strcmp(file->metadata[i].key, "recipe") == 0) file->metadata[i].value = text;
}

static void drop_recipe(kedge_st *file)
{
    for (size_t i = 0; i < file->n_metadata; i++)
        if (strcmp(file->metadata[i].key, "recipe") == 0) file->metadata[i].key = "receipt";
}

static void drop_metadata(kedge_st *file)
{
    file->n_metadata = 0;
}

static void spoil_recipe(kedge_st *file)
{
    set_recipe(file, "data: {kind: rgb-grid}\n");
}

static void lose_data(kedge_st *file)
{
    set_recipe(file, "data: {kind: csv, file: /nowhere/my.csv, features: [a]}\n"
                     "model: {kind: autoencoder, bottleneck: 3}\nschedule: schedule.csv\n");
}

static void a_tensor_of_another_name(void **state)
{
    refuse_changed(*state, rename_one, KEDGE_EFORMAT,
                   "changed.safetensors: holds no tensor 'encoder.2.bias', which its recipe asks for");
}

static void a_tensor_too_few(void **state)
{
    refuse_changed(*state, drop_last, KEDGE_EFORMAT,
                   "changed.safetensors: holds no tensor 'decoder.4.bias', which its recipe asks for");
}

static void a_tensor_too_many(void **state)
{
    refuse_changed(*state, add_one, KEDGE_EFORMAT, "changed.safetensors: holds 13 tensors; its recipe asks for 12");
}

static void a_tensor_transposed(void **state)
{
    refuse_changed(*state, transpose, KEDGE_EFORMAT, "changed.safetensors: tensor 'encoder.0.weight' has not the shape "
                                                     "that its recipe asks for: [6, 3]");
}

static void a_tensor_with_a_dim_too_few(void **state)
{
    refuse_changed(*state, flatten, KEDGE_EFORMAT, "changed.safetensors: tensor 'encoder.0.weight' has not the shape "
                                                   "that its recipe asks for: [6, 3]");
}

static void a_bias_with_a_dim_too_many(void **state)
{
    refuse_changed(*state, lift, KEDGE_EFORMAT, "changed.safetensors: tensor 'encoder.0.bias' has not the shape that "
                                                "its recipe asks for: [6]");
}

static void no_recipe(void **state)
{
    refuse_changed(*state, drop_recipe, KEDGE_EFORMAT, "changed.safetensors: its metadata holds no recipe; only model "
                                                       "files made by kedge can be used");
}

static void no_metadata(void **state)
{
    refuse_changed(*state, drop_metadata, KEDGE_EFORMAT,
                   "changed.safetensors: its metadata holds no recipe; only model files made by kedge can be used");
}

static void a_recipe_with_mistakes(void **state)
{
    refuse_changed(*state, spoil_recipe, KEDGE_EINVALID, "changed.safetensors:");
}

static void data_that_is_gone(void **state)
{
    refuse_changed(*state, lose_data, KEDGE_EIO, "/nowhere/my.csv: cannot open: No such file or directory");
}

static void no_file_or_no_model(void **state)
{
    fixture *f = *state;
    kedge_model *model = NULL;
    put(f, "text.safetensors", "some text, and nothing else");
    assert_int_equal(kedge_model_load(&model, f->ctx, in_folder(f, "missing.safetensors")), KEDGE_EIO);
    assert_int_equal(kedge_model_load(&model, f->ctx, f->folder), KEDGE_EIO);
    assert_int_equal(kedge_model_load(&model, f->ctx, in_folder(f, "text.safetensors")), KEDGE_EFORMAT);
    assert_null(model);
}

/* ---- memory ---- */

static void survives_each_failed_allocation(void **state)
{
    fixture *f = *state;
    const float *inputs, *latents, *outputs;
    train(f);
    for (size_t n = 1;; n++) {
        failing_alloc memory = {0};
        kedge_context_options options = failing_alloc_options(&memory);
        options.kernels = "ref";
        kedge_context *ctx;
        kedge_model *model = NULL;
        assert_int_equal(kedge_context_create(&ctx, &options), KEDGE_OK);
        memory.requests = 0;
        memory.fail_at = n;
        kedge_status status = kedge_model_load(&model, ctx, in_folder(f, name));
        if (status) {
            assert_int_equal(status, KEDGE_ENOMEM);
            assert_null(model);
        } else {
            float z[3];
            assert_int_equal(kedge_model_points(model, &inputs, &latents, &outputs), 27);
            kedge_model_apply(model, 1, inputs, z, NULL);
            status = kedge_model_save(model, in_folder(f, "copy.safetensors"));
            if (status) assert_int_equal(status, KEDGE_ENOMEM);
            assert_int_equal(kedge_is_file(in_folder(f, "copy.safetensors")), status == KEDGE_OK);
        }
        kedge_model_free(model);
        kedge_context_free(ctx);
        assert_int_equal(memory.in_use, 0);
        if (memory.requests < n) break;
    }
    assert_true(same_file(f, name, "copy.safetensors"));
    assert_no_temporary_files(f, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(holds_the_weights_of_the_run),
        TEST(tensors_are_named_as_pytorch_names_them),
        TEST(says_where_it_came_from),
        TEST(knows_its_widths_and_names),
        TEST(saves_what_it_loaded),
        TEST(needs_no_schedule),
        TEST(applies_to_its_points),
        TEST(a_tensor_of_another_name),
        TEST(a_tensor_too_few),
        TEST(a_tensor_too_many),
        TEST(a_tensor_transposed),
        TEST(a_tensor_with_a_dim_too_few),
        TEST(a_bias_with_a_dim_too_many),
        TEST(no_recipe),
        TEST(no_metadata),
        TEST(a_recipe_with_mistakes),
        TEST(data_that_is_gone),
        TEST(no_file_or_no_model),
        TEST(survives_each_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
