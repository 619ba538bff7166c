/* model.h - trained models: their weights, where they came from, what they compute. */
#ifndef KEDGE_MODEL_H
#define KEDGE_MODEL_H

#include "kedge/context.h"
#include "kedge/recipe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A model and the recipe it was trained with. One thread at a time. */
typedef struct kedge_model kedge_model;

/* Reads a model file (safetensors, as kedge run writes it). Names and shapes of the tensors must be those that its
 * recipe asks for, less what surgery took. KEDGE_EIO, KEDGE_EFORMAT, KEDGE_EINVALID (its recipe cannot be used any
 * more: data missing, ...), KEDGE_ENOMEM. The context must outlive the model. */
KEDGE_API kedge_status kedge_model_load(kedge_model **out, kedge_context *context, const char *path);
KEDGE_API void kedge_model_free(kedge_model *model);
/* Writes it again, whole or not at all. KEDGE_EIO. */
KEDGE_API kedge_status kedge_model_save(const kedge_model *model, const char *path);

/* The recipe of its run, without the schedule. Owned by the model. */
KEDGE_API const kedge_recipe *kedge_model_recipe(const kedge_model *model);
/* Text stored with the weights ("seed", "version", "kernels", "recipe", "schedule", "trajectory", "labels.NAME"; after
 * kedge_model_operate "surgery"); entry i as key and value, false past the end. Owned by the model. */
KEDGE_API const char *kedge_model_metadata(const kedge_model *model, const char *key);
KEDGE_API int kedge_model_metadata_at(const kedge_model *model, int i, const char **key, const char **value);

typedef struct kedge_tensor_view {
    const char *name;    /* "encoder.0.weight" */
    int dims;            /* 1 or 2 */
    size_t shape[2];     /* [out, in]; a bias: [out] */
    const float *values; /* C order, owned by the model */
} kedge_tensor_view;

/* Tensor i in [0, count), in the order of the layers; 0 past the end, else 1. */
KEDGE_API int kedge_model_tensor(const kedge_model *model, int i, kedge_tensor_view *view);
KEDGE_API size_t kedge_model_parameter_count(const kedge_model *model);

/* Widths: features in, latent dims, targets out. */
KEDGE_API int kedge_model_inputs(const kedge_model *model);
KEDGE_API int kedge_model_latents(const kedge_model *model);
KEDGE_API int kedge_model_outputs(const kedge_model *model);
/* What feature or target i is called ("r"); NULL past the end. Owned by the model. */
KEDGE_API const char *kedge_model_input_name(const kedge_model *model, int i);
KEDGE_API const char *kedge_model_output_name(const kedge_model *model, int i);

/* n samples through the model: inputs [n][features] to latents [n][latents] and outputs [n][targets]; either may be
 * NULL. Outputs are as the model gives them, not clamped. Never fails. */
KEDGE_API void kedge_model_apply(kedge_model *model, int n, const float *inputs, float *latents, float *outputs);

/* The points of the recipe's data, through the model: their number, and their inputs, latents and outputs as
 * above. Owned by the model; valid until the next call on it. */
KEDGE_API int kedge_model_points(kedge_model *model, const float **inputs, const float **latents,
                                 const float **outputs);

#ifdef __cplusplus
}
#endif
#endif
