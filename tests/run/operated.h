/* operated.h - the model of a small run, and surgery on it. */
#ifndef RUN_OPERATED_H
#define RUN_OPERATED_H

#include "run_fixture.h"

#include "kedge/surgery.h"
#include "run/model.h"

/* Seed 1 of the small recipe: 3 latents, hidden layers of 6 and 5. */
static const char trained[] = "out/seed-1/model.safetensors";

static inline kedge_model *load_operated(const fixture *f, const char *file)
{
    kedge_model *model = NULL;
    if (kedge_model_load(&model, f->ctx, in_folder(f, file))) fail_msg("%s", kedge_error());
    return model;
}

/* Trains, once per test, and loads. */
static inline kedge_model *train_one(fixture *f)
{
    load_good(f, "");
    run_into(f, "out", 0);
    return load_operated(f, trained);
}

/* At the bottleneck, on one dim; must succeed. */
static inline void operate_on(kedge_model *model, const char *kind, int dim)
{
    if (kedge_model_operate(model, &(kedge_surgery){.kind = kind, .n_dims = 1, .dims = &dim}, NULL))
        fail_msg("%s", kedge_error());
}

static inline void save_as(const fixture *f, const kedge_model *model, const char *file)
{
    if (kedge_model_save(model, in_folder(f, file))) fail_msg("%s", kedge_error());
}

/* All numbers of two models. */
static inline void assert_same_numbers(const kedge_model *a, const kedge_model *b)
{
    assert_int_equal(a->params.size, b->params.size);
    assert_memory_equal(a->params.values, b->params.values, a->params.size * sizeof *a->params.values);
}

#endif
