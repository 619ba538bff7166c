/* page_live.c - PageData of a run that is trained now. */
#include "base/error.h"
#include "show/page_parts.h"

kedge_status kedge_page_of_schedule(const kedge_page_schedule *schedule, kedge_text *text)
{
    kedge_json json = kedge_json_to(text);
    kedge_page_put_schedule(&json, schedule);
    return kedge_text_status(text, "a page");
}

static kedge_status put_live(kedge_json *json, kedge_arena *arena, const kedge_params *layout,
                             const kedge_page_live *live)
{
    const kedge_recipe *recipe = live->schedule.recipe;
    kedge_page_run run = {
        .arena = arena,
        .name = kedge_arena_format(arena, "seed %lld", live->seed),
        .recipe = recipe,
        .seed = live->seed,
        .kernels = live->kernels,
        .exact = true,
        .model = &recipe->model,
        .layout = layout,
        .schedule = live->schedule,
        .losses = {.n = live->n_rows, .steps = live->steps, .values = live->rows,
                   .stride = 2 + 2 * recipe->n_terms, .first = 1 + recipe->n_terms},
        .n_records = live->n_records,
        .at = live->at,
        .parameters = live->parameters,
    };
    if (!run.name) return kedge_fail_memory("a page");
    bool titled = recipe->title && *recipe->title;
    kedge_page_begin(json, "live", live->title ? live->title : titled ? recipe->title : run.name);
    kedge_json_key(json, "runs");
    kedge_json_open(json, '[');
    kedge_status status = kedge_page_put_run(json, &run);
    kedge_json_close(json, ']');
    kedge_page_end(json);
    return status;
}

kedge_status kedge_page_of_live(kedge_context *ctx, const kedge_page_live *live, kedge_text *text)
{
    const kedge_recipe *recipe = live->schedule.recipe;
    kedge_json json = kedge_json_to(text);
    kedge_params layout;
    kedge_arena arena;
    kedge_arena_init(&arena, ctx);
    kedge_params_init(&layout, ctx);
    kedge_status status =
        kedge_model_declare(&recipe->model, recipe->dataset->n_features, recipe->dataset->n_targets, &layout);
    if (!status) status = put_live(&json, &arena, &layout, live);
    if (!status) status = kedge_text_status(text, "a page");
    kedge_params_release(&layout);
    kedge_arena_release(&arena);
    return status;
}
