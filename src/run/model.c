/* model.c - model files. */
#include "run/model.h"

#include <string.h>

#include "base/file.h"

static bool same_shape(const kedge_st_tensor *tensor, const kedge_param *param)
{
    if (tensor->shape[0] != (size_t)param->rows) return false;
    return param->cols == 0 ? tensor->dims == 1 : tensor->dims == 2 && tensor->shape[1] == (size_t)param->cols;
}

static kedge_status read_tensors(const kedge_st *file, const char *path, kedge_params *params)
{
    for (int i = 0; i < params->n; i++) {
        const kedge_param *param = &params->list[i];
        const kedge_st_tensor *tensor = kedge_st_find(file, param->name);
        if (!tensor)
            return kedge_fail(KEDGE_EFORMAT, "%s: holds no tensor '%s', which its recipe asks for", path, param->name);
        if (tensor->dims < 1 || !same_shape(tensor, param))
            return kedge_fail(KEDGE_EFORMAT, "%s: tensor '%s' has not the shape that its recipe asks for: [%d%s%.0d]",
                              path, param->name, param->rows, param->cols ? ", " : "", param->cols);
        memcpy(params->values + param->offset, tensor->values, kedge_param_count(param) * sizeof *params->values);
    }
    if (file->n_tensors != (size_t)params->n)
        return kedge_fail(KEDGE_EFORMAT, "%s: holds %zu tensors; its recipe asks for %d", path, file->n_tensors,
                          params->n);
    return KEDGE_OK;
}

kedge_status kedge_model_read_params(const kedge_st *file, const char *path, kedge_params *params)
{
    const char *surgery = kedge_st_get(file, "surgery");
    if (surgery)
        return kedge_fail(KEDGE_EFORMAT, "%s: has had surgery since it was trained: %.200s", path, surgery);
    return read_tensors(file, path, params);
}

kedge_status kedge_model_write(kedge_context *ctx, const kedge_params *params, const kedge_st_pair *metadata,
                               size_t n_metadata, const char *path)
{
    kedge_st_tensor *tensors = kedge_alloc_zero(ctx, (size_t)params->n, sizeof *tensors);
    kedge_st_pair *pairs = kedge_alloc(ctx, n_metadata, sizeof *pairs);
    kedge_status status = KEDGE_OK;
    if (!tensors || !pairs) {
        status = kedge_fail_memory("a model file");
        goto done;
    }
    for (int i = 0; i < params->n; i++) {
        const kedge_param *param = &params->list[i];
        tensors[i] = (kedge_st_tensor){.name = param->name,
                                       .dims = param->cols > 0 ? 2 : 1,
                                       .shape = {(size_t)param->rows, (size_t)param->cols},
                                       .values = params->values + param->offset};
    }
    if (n_metadata) memcpy(pairs, metadata, n_metadata * sizeof *pairs);
    kedge_st file = {.n_tensors = (size_t)params->n, .tensors = tensors, .n_metadata = n_metadata, .metadata = pairs};
    status = kedge_st_save(ctx, &file, path);
done:
    kedge_release(ctx, tensors);
    kedge_release(ctx, pairs);
    return status;
}

/* The features of the recipe's data, one row per point. */
static kedge_status copy_inputs(kedge_model *model)
{
    const kedge_dataset *points = model->recipe->dataset;
    size_t n = (size_t)points->points, features = (size_t)points->n_features;
    model->inputs = kedge_alloc(model->ctx, n * features, sizeof *model->inputs);
    if (!model->inputs) return kedge_fail_memory("a model");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < features; j++) model->inputs[i * features + j] = points->features[j][i];
    return KEDGE_OK;
}

/* What the model has become since its recipe was written. */
static kedge_status read_surgery(kedge_model *model, const char *path)
{
    const char *text = kedge_st_get(&model->file, "surgery");
    kedge_status status = kedge_surgery_record_read(&model->surgery, path, text, &model->arena);
    if (status) return status;
    status = kedge_surgery_record_follow(&model->surgery, &model->recipe->model, &model->options, &model->dims,
                                         &model->arena);
    return status == KEDGE_EINVALID ? kedge_fail(KEDGE_EFORMAT, "%s: surgery: %s", path, kedge_error()) : status;
}

kedge_status kedge_model_begin(kedge_model **out, kedge_context *ctx)
{
    kedge_model *model = kedge_alloc_zero(ctx, 1, sizeof *model);
    if (!model) return kedge_fail_memory("a model");
    model->ctx = ctx;
    kedge_arena_init(&model->arena, ctx);
    kedge_params_init(&model->params, ctx);
    *out = model;
    return KEDGE_OK;
}

kedge_status kedge_model_fill(kedge_model *model, const char *path, const kedge_params *params)
{
    const char *text = kedge_st_get(&model->file, "recipe");
    if (!text)
        return kedge_fail(KEDGE_EFORMAT, "%s: its metadata holds no recipe; only model files made by kedge can be used",
                          path);
    kedge_status status = kedge_recipe_from_text(&model->recipe, model->ctx, path, text, NULL);
    if (status) return status;
    status = read_surgery(model, path);
    if (status) return status;
    const kedge_dataset *points = model->recipe->dataset;
    status = kedge_model_declare(&model->options, points->n_features, points->n_targets, &model->params);
    if (!status) status = kedge_params_allocate(&model->params);
    if (status) return status;
    if (params) memcpy(model->params.values, params->values, params->size * sizeof *params->values);
    else status = read_tensors(&model->file, path, &model->params);
    if (!status)
        status = kedge_evaluator_create(&model->evaluator, model->ctx, &model->options, &model->params, points, NULL,
                                        NULL);
    return status ? status : copy_inputs(model);
}

kedge_status kedge_model_load(kedge_model **out, kedge_context *context, const char *path)
{
    kedge_model *model = NULL;
    kedge_status status = kedge_model_begin(&model, context);
    if (status) return status;
    status = kedge_st_load(&model->file, &model->arena, path, KEDGE_MODEL_BYTES);
    if (!status) status = kedge_model_fill(model, path, NULL);
    if (status)
        kedge_model_free(model);
    else
        *out = model;
    return status;
}

void kedge_model_free(kedge_model *model)
{
    if (!model) return;
    kedge_evaluator_free(model->evaluator);
    kedge_params_release(&model->params);
    kedge_recipe_free(model->recipe);
    kedge_arena_release(&model->arena);
    kedge_release(model->ctx, model->inputs);
    kedge_release(model->ctx, model);
}

kedge_status kedge_model_save(const kedge_model *model, const char *path)
{
    return kedge_model_write(model->ctx, &model->params, model->file.metadata, model->file.n_metadata, path);
}

const kedge_recipe *kedge_model_recipe(const kedge_model *model)
{
    return model->recipe;
}

const char *kedge_model_metadata(const kedge_model *model, const char *key)
{
    return kedge_st_get(&model->file, key);
}

int kedge_model_metadata_at(const kedge_model *model, int i, const char **key, const char **value)
{
    if (i < 0 || (size_t)i >= model->file.n_metadata) return 0;
    *key = model->file.metadata[i].key;
    *value = model->file.metadata[i].value;
    return 1;
}

int kedge_model_tensor(const kedge_model *model, int i, kedge_tensor_view *view)
{
    if (i < 0 || i >= model->params.n) return 0;
    const kedge_param *param = &model->params.list[i];
    *view = (kedge_tensor_view){.name = param->name,
                                .dims = param->cols > 0 ? 2 : 1,
                                .shape = {(size_t)param->rows, (size_t)param->cols},
                                .values = model->params.values + param->offset};
    return 1;
}

size_t kedge_model_parameter_count(const kedge_model *model)
{
    return model->params.count;
}

int kedge_model_inputs(const kedge_model *model)
{
    return model->recipe->dataset->n_features;
}

int kedge_model_latents(const kedge_model *model)
{
    return model->evaluator->n_latents;
}

int kedge_model_outputs(const kedge_model *model)
{
    return model->recipe->dataset->n_targets;
}

const char *kedge_model_input_name(const kedge_model *model, int i)
{
    const kedge_dataset *points = model->recipe->dataset;
    return i >= 0 && i < points->n_features ? points->feature_names[i] : NULL;
}

const char *kedge_model_output_name(const kedge_model *model, int i)
{
    const kedge_dataset *points = model->recipe->dataset;
    return i >= 0 && i < points->n_targets ? points->target_names[i] : NULL;
}

void kedge_model_apply(kedge_model *model, int n, const float *inputs, float *latents, float *outputs)
{
    kedge_evaluator_apply(model->evaluator, n, inputs, latents, outputs);
}

int kedge_model_points(kedge_model *model, const float **inputs, const float **latents, const float **outputs)
{
    if (!model->evaluated) kedge_evaluator_run(model->evaluator);
    model->evaluated = true;
    *inputs = model->inputs;
    *latents = model->evaluator->latents;
    *outputs = model->evaluator->outputs;
    return model->recipe->dataset->points;
}
