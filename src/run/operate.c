/* operate.c - surgery on a model in memory. */
#include <math.h>
#include <string.h>

#include "kedge/surgery.h"
#include "run/model.h"
#include "run/schema.h"

/* ---- from the caller's struct to options ---- */

static kedge_status find_kind(const char *name, int *kind)
{
    const char *names[16];
    int n = 0;
    for (; kedge_surgery_kinds[n]; n++) {
        names[n] = kedge_surgery_kinds[n]->variant.name;
        if (strcmp(names[n], name) == 0) {
            *kind = n;
            return KEDGE_OK;
        }
    }
    char hint[512];
    kedge_suggest(name, names, n, hint, sizeof hint);
    return kedge_fail(KEDGE_EINVALID, "unknown kind of surgery '%s'%s", kedge_clip_text(name).text, hint);
}

static bool has_key(int kind, const char *key)
{
    const kedge_variant *variant = &kedge_surgery_kinds[kind]->variant;
    for (int i = 0; i < variant->n_fields; i++)
        if (strcmp(variant->fields[i].key, key) == 0) return true;
    return false;
}

static kedge_status check_numbers(const kedge_surgery *surgery, int kind)
{
    const char *name = surgery->kind;
    if (surgery->gamma != 0 && !has_key(kind, "gamma"))
        return kedge_fail(KEDGE_EINVALID, "%s: takes no gamma; leave it out", name);
    if (surgery->n_values > 0 && !has_key(kind, "value"))
        return kedge_fail(KEDGE_EINVALID, "%s: takes no value; leave it out", name);
    if (!(surgery->gamma >= 0 && surgery->gamma <= 1e6)) /* as in the table of its keys */
        return kedge_fail(KEDGE_EINVALID, "%s: gamma is %g; must be from 0 to 1e+06", name, surgery->gamma);
    for (int i = 0; i < surgery->n_values; i++)
        if (!isfinite((float)surgery->values[i]))
            return kedge_fail(KEDGE_EINVALID, "%s: value %d is %g; must be a finite number", name, i,
                              surgery->values[i]);
    return KEDGE_OK;
}

static kedge_status read_surgery(const kedge_surgery *surgery, kedge_arena *arena, kedge_surgery_options *out)
{
    *out = (kedge_surgery_options){.site = surgery->site ? surgery->site : "bottleneck", .gamma = surgery->gamma};
    kedge_status status = find_kind(surgery->kind, &out->kind);
    if (!status) status = check_numbers(surgery, out->kind);
    if (status) return status;
    int n = surgery->n_dims > 0 ? surgery->n_dims : 0;
    int64_t *dims = kedge_arena_alloc(arena, (size_t)n, sizeof *dims);
    if (!dims) return kedge_fail_memory("surgery");
    for (int d = 0; d < n; d++) dims[d] = surgery->dims[d];
    out->dims = (kedge_ints){n, dims};
    if (surgery->n_values > 0) out->value = (kedge_reals){surgery->n_values, surgery->values};
    return KEDGE_OK;
}

/* ---- the operation ---- */

/* What the model will be, until it is that. */
typedef struct changes {
    kedge_model_options options;
    int *dims;
    kedge_params params;
    kedge_evaluator *evaluator;
    kedge_surgery_record surgery;
    kedge_st_pair *metadata;
    size_t n_metadata;
} changes;

static kedge_status change_numbers(kedge_model *model, const kedge_surgery_options *options, changes *next,
                                   kedge_surgery_report *report)
{
    const kedge_dataset *points = model->recipe->dataset;
    size_t bytes = (size_t)model->options.bottleneck * sizeof *next->dims;
    next->options = model->options;
    next->dims = kedge_arena_alloc(&model->arena, (size_t)model->options.bottleneck, sizeof *next->dims);
    if (!next->dims) return kedge_fail_memory("surgery");
    memcpy(next->dims, model->dims, bytes);
    kedge_status status = kedge_surgery_record_step(options, &next->options, next->dims, &model->arena);
    if (!status) status = kedge_model_declare(&next->options, points->n_features, points->n_targets, &next->params);
    if (!status) status = kedge_params_allocate(&next->params);
    if (!status)
        status = kedge_surgery_apply(model->ctx, options, &model->options, &model->params, &next->params, points,
                                     report);
    if (!status)
        status = kedge_evaluator_create(&next->evaluator, model->ctx, &next->options, &next->params, points, NULL,
                                        NULL);
    return status;
}

/* The metadata with the longer record in its place, or at the end. */
static kedge_status change_metadata(kedge_model *model, const kedge_surgery_options *options, changes *next,
                                    const kedge_surgery_report *report)
{
    next->surgery = model->surgery;
    kedge_status status = kedge_surgery_record_add(&next->surgery, options, report, &model->arena);
    if (status) return status;
    kedge_text text;
    kedge_text_init(&text, model->ctx);
    kedge_surgery_record_print(&next->surgery, &text);
    status = kedge_text_status(&text, "surgery");
    const char *value = status ? NULL : kedge_arena_text(&model->arena, kedge_text_string(&text));
    kedge_text_release(&text);
    size_t n = model->file.n_metadata, at = 0;
    kedge_st_pair *pairs = kedge_arena_alloc(&model->arena, n + 1, sizeof *pairs);
    if (!value || !pairs) return kedge_fail_memory("surgery");
    for (size_t i = 0; i < n; i++) pairs[i] = model->file.metadata[i];
    while (at < n && strcmp(pairs[at].key, "surgery") != 0) at++;
    pairs[at] = (kedge_st_pair){"surgery", value};
    next->metadata = pairs;
    next->n_metadata = at < n ? n : n + 1;
    return KEDGE_OK;
}

static void become(kedge_model *model, changes *next)
{
    kedge_evaluator_free(model->evaluator);
    kedge_params_release(&model->params);
    model->options = next->options;
    model->dims = next->dims;
    model->params = next->params;
    model->evaluator = next->evaluator;
    model->surgery = next->surgery;
    model->file.metadata = next->metadata;
    model->file.n_metadata = next->n_metadata;
    model->evaluated = false;
}

kedge_status kedge_model_operate(kedge_model *model, const kedge_surgery *surgery, kedge_surgery_report *report)
{
    kedge_surgery_options options;
    kedge_surgery_report *own = NULL;
    changes next = {0};
    kedge_arena scratch;
    kedge_arena_init(&scratch, model->ctx);
    kedge_params_init(&next.params, model->ctx);
    kedge_status status = read_surgery(surgery, &scratch, &options);
    if (status) goto done;
    own = kedge_arena_alloc(&scratch, (size_t)options.dims.n, sizeof *own);
    status = own ? change_numbers(model, &options, &next, own) : kedge_fail_memory("surgery");
    if (!status) status = change_metadata(model, &options, &next, own);
    if (status) goto done;
    if (report) memcpy(report, own, (size_t)options.dims.n * sizeof *own);
    become(model, &next);
    next = (changes){0};
done:
    kedge_evaluator_free(next.evaluator);
    kedge_params_release(&next.params);
    kedge_arena_release(&scratch);
    return status;
}
