/* aspects.c - a model as it is and under plans, each ready for any colours. */
#include "show/aspects.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "eval/damage.h"
#include "run/evaluate_view.h"

static const char baseline[] = "baseline";

/* Which plans by name: those of the options, else what the choice says. */
static kedge_status choose(kedge_aspects *self, const kedge_show *show, kedge_aspects_choice choice)
{
    const kedge_recipe *recipe = self->model->recipe;
    self->names = show->options->plans;
    self->n_names = show->options->n_plans;
    if (self->n_names > 0 || choice != KEDGE_ASPECTS_ONE) return KEDGE_OK;
    const char **one = kedge_arena_alloc(&self->arena, 1, sizeof *one);
    if (!one) return kedge_fail_memory("a figure");
    one[0] = recipe->n_plans > 0 ? recipe->plans[recipe->score_plan >= 0 ? recipe->score_plan : 0].name : baseline;
    self->names = one;
    self->n_names = 1;
    return KEDGE_OK;
}

static bool names_baseline(const kedge_aspects *self)
{
    for (int i = 0; i < self->n_names; i++)
        if (strcmp(self->names[i], baseline) == 0) return true;
    return false;
}

static kedge_status check(const kedge_aspects *self, const char *figure, kedge_aspects_choice choice)
{
    const kedge_recipe *recipe = self->model->recipe;
    if (!kedge_gives_colours(recipe->dataset))
        return kedge_fail(KEDGE_EINVALID, "%s: figure '%s' is made of a model that gives colours back; its data are %s",
                          recipe->file, figure, kedge_data_variants[recipe->data.kind].name);
    if (choice == KEDGE_ASPECTS_PLANS && self->view.n_plans == 0)
        return kedge_fail(KEDGE_EINVALID, "%s: figure '%s' is made of a plan; %s", recipe->file, figure,
                          recipe->n_plans > 0 ? "name one of its plans, not 'baseline'" : "its recipe has none");
    return KEDGE_OK;
}

static kedge_status add_plan(kedge_aspects *self, int plan)
{
    kedge_model *model = self->model;
    kedge_aspect *to = &self->list[self->n];
    *to = (kedge_aspect){.name = self->view.plans[plan].name, .plan = plan, .options = &self->view.plans[plan],
                         .target = &self->view.targets[plan], .scored = plan == self->view.score_plan};
    kedge_status status = kedge_plan_create(&to->own, self->ctx, to->options, &model->options, &model->params,
                                            model->recipe->dataset);
    if (status) return status;
    self->n++;
    to->evaluator = kedge_plan_evaluator(to->own);
    return kedge_plan_run(to->own);
}

static kedge_status fill(kedge_aspects *self, bool with_baseline)
{
    const float *inputs, *latents, *outputs;
    self->list = kedge_arena_alloc(&self->arena, (size_t)self->view.n_plans + 1, sizeof *self->list);
    if (!self->list) return kedge_fail_memory("a figure");
    if (with_baseline) {
        kedge_model_points(self->model, &inputs, &latents, &outputs); /* its evaluator has run */
        self->list[self->n++] = (kedge_aspect){.name = baseline, .plan = -1, .evaluator = self->model->evaluator};
    }
    kedge_status status = KEDGE_OK;
    for (int i = 0; !status && i < self->view.n_plans; i++) status = add_plan(self, i);
    return status;
}

kedge_status kedge_aspects_init(kedge_aspects *aspects, kedge_show *show, const char *figure,
                                kedge_aspects_choice choice)
{
    kedge_model *model = NULL;
    *aspects = (kedge_aspects){0};
    kedge_status status = kedge_show_model(show, &model);
    if (status) return status;
    *aspects = (kedge_aspects){.ctx = show->ctx, .model = model};
    kedge_arena_init(&aspects->arena, show->ctx);
    status = choose(aspects, show, choice);
    if (!status)
        status = kedge_recipe_view(&aspects->view, model->recipe, aspects->names, aspects->n_names, &aspects->arena);
    if (!status) status = check(aspects, figure, choice);
    bool with_baseline = choice == KEDGE_ASPECTS_ALL || (choice == KEDGE_ASPECTS_ONE && names_baseline(aspects));
    if (!status) status = fill(aspects, with_baseline);
    if (status) kedge_aspects_release(aspects);
    return status;
}

kedge_status kedge_aspects_evaluation(kedge_aspects *aspects, const kedge_evaluation **evaluation)
{
    kedge_evaluate_options options = {.plans = aspects->names, .n_plans = aspects->n_names};
    kedge_status status = KEDGE_OK;
    if (!aspects->evaluation) status = kedge_evaluate(&aspects->evaluation, aspects->model, &options);
    if (!status) *evaluation = aspects->evaluation;
    return status;
}

void kedge_aspects_release(kedge_aspects *aspects)
{
    if (!aspects->ctx) return;
    for (int i = 0; i < aspects->n; i++) kedge_plan_free(aspects->list[i].own);
    kedge_evaluation_free(aspects->evaluation);
    kedge_arena_release(&aspects->arena);
    *aspects = (kedge_aspects){0};
}

kedge_status kedge_aspect_show(const kedge_aspect *aspect, int n, const float *rgb, float *shown)
{
    kedge_evaluator_apply(aspect->evaluator, n, rgb, NULL, shown);
    for (int i = 0; i < 3 * n; i++) {
        if (!isfinite(shown[i]))
            return kedge_fail(KEDGE_ENUMERIC, "'%s' gives %g for a colour; there is nothing to show", aspect->name,
                              (double)shown[i]);
        shown[i] = shown[i] < 0 ? 0 : shown[i] > 1 ? 1 : shown[i];
    }
    return KEDGE_OK;
}

kedge_status kedge_aspects_draw(kedge_show *show, const char *figure, kedge_aspects_choice choice,
                                kedge_aspects_drawing draw, const kedge_picture *to)
{
    kedge_aspects aspects;
    kedge_text words;
    kedge_status status = kedge_aspects_init(&aspects, show, figure, choice);
    if (status) return status;
    kedge_text_init(&words, show->ctx);
    status = draw(&aspects, show, &words, to);
    kedge_text_release(&words);
    kedge_aspects_release(&aspects);
    return status;
}
