/* model.h - inside of kedge_model: a model file in memory. */
#ifndef RUN_MODEL_H
#define RUN_MODEL_H

#include "eval/metrics.h"
#include "format/safetensors.h"
#include "kedge/model.h"
#include "run/recipe.h"
#include "run/surgery_record.h"

enum { KEDGE_MODEL_BYTES = 1 << 30 }; /* largest model file that is read */

struct kedge_model {
    kedge_context *ctx;
    kedge_arena arena; /* holds the file's contents */
    kedge_st file;
    kedge_recipe *recipe;         /* that it was trained with */
    kedge_surgery_record surgery; /* what was done to it since */
    kedge_model_options options;  /* what it is now: the recipe's but for what surgery took */
    int *dims;                    /* [options.bottleneck] which of the recipe's latent dims each is */
    kedge_params params;
    kedge_evaluator *evaluator;
    float *inputs; /* [points][features] */
    bool evaluated;
};

/* A model without anything yet, to be filled; freed as any. */
kedge_status kedge_model_begin(kedge_model **out, kedge_context *ctx);
/* Makes it from its metadata (model->file) and its numbers: those of 'params', laid out as its own will be, or with
 * NULL those of the file's tensors. 'path' stands for it in messages. */
kedge_status kedge_model_fill(kedge_model *model, const char *path, const kedge_params *params);

/* Copies the tensors of a file as a run left it into the parameters. KEDGE_EFORMAT, beginning with 'path', if names or
 * shapes differ, or if surgery was done on it: then it is no longer what its recipe and seed make. */
kedge_status kedge_model_read_params(const kedge_st *file, const char *path, kedge_params *params);

/* Writes parameters with metadata, as PyTorch's names and shapes. */
kedge_status kedge_model_write(kedge_context *ctx, const kedge_params *params, const kedge_st_pair *metadata,
                               size_t n_metadata, const char *path);

#endif
