/* recipe_check_plans.c - plans against the model, the score against the plans. */
#include <string.h>

#include "run/recipe_parts.h"

static void check_edit(const kedge_site_check *c, const kedge_edit_options *edit)
{
    const kedge_variant *variant = &kedge_edit_kinds[edit->kind]->variant;
    if (kedge_variant_has(variant, "direction")) kedge_check_vector(c, "direction", &edit->direction, true);
    if (kedge_variant_has(variant, "dims")) kedge_check_dims(c, &edit->dims);
    if (!kedge_variant_has(variant, "to")) return;
    if (edit->to >= edit->from)
        kedge_yaml_error(c->errors, kedge_site_node(c, "to", -1), "'to' in %s is %.9g; must be below 'from', %.9g",
                         c->what, edit->to, edit->from);
    if (c->width < 2)
        kedge_yaml_error(c->errors, c->node, "'%s' in %s has width 1, in which nothing turns; must be at least 2 wide",
                         c->site, c->what);
}

/* On success *model is that after the surgery. False after an error. */
static bool check_surgery(kedge_recipe_loader *l, const kedge_site_check *c, const kedge_surgery_options *surgery,
                          kedge_model_options *model)
{
    const kedge_variant *variant = &kedge_surgery_kinds[surgery->kind]->variant;
    const kedge_reals *value = &surgery->value;
    if (!kedge_check_dims(c, &surgery->dims)) return false;
    if (kedge_variant_has(variant, "value") && value->n > 0 && value->n != surgery->dims.n) {
        kedge_yaml_error(c->errors, kedge_site_node(c, "value", -1), "'value' in %s has %d number%s; must have %d, one "
                         "per dim, or be left out", c->what, value->n, value->n == 1 ? "" : "s", surgery->dims.n);
        return false;
    }
    kedge_model_options after;
    kedge_status status = kedge_surgery_shape(surgery, model, &after, &l->recipe->arena);
    if (!status) {
        *model = after;
        return true;
    }
    char where[1024];
    kedge_yaml_where(c->node, where, sizeof where);
    kedge_errors_add(c->errors, status, "%s: %s: %s", where, c->what, kedge_error());
    return false;
}

/* Each step against the model that those before it left. */
static void check_plan(kedge_recipe_loader *l, int i, const kedge_yaml *node)
{
    const kedge_plan_options *plan = &l->recipe->plans[i];
    kedge_model_options model = l->recipe->model;
    for (int k = 0; k < plan->n_steps; k++) {
        const kedge_plan_step *step = &plan->steps[k];
        kedge_sites all;
        char what[128];
        kedge_recipe_step_what(plan, k, what, sizeof what);
        if (!kedge_sites_list(&all, &model, &l->scratch)) {
            kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for sites");
            return;
        }
        kedge_site_check c = {&l->errors, what, kedge_recipe_step_node(node, k),
                              step->is_surgery ? step->surgery.site : step->edit.site, 0};
        if (!kedge_check_site(&c, &all)) continue;
        if (!step->is_surgery)
            check_edit(&c, &step->edit);
        else if (!check_surgery(l, &c, &step->surgery, &model))
            return; /* what comes after it cannot be judged */
    }
}

static void check_score(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    const kedge_yaml *node = kedge_yaml_get(l->root, "score"), *name = kedge_yaml_get(node, "plan");
    const char *names[KEDGE_RECIPE_PLANS];
    for (int i = 0; i < recipe->n_plans; i++) {
        names[i] = recipe->plans[i].name;
        if (strcmp(names[i], recipe->score.plan) == 0) recipe->score_plan = i;
    }
    if (recipe->score_plan < 0) {
        char hint[512];
        kedge_suggest(recipe->score.plan, names, recipe->n_plans, hint, sizeof hint);
        kedge_yaml_error(&l->errors, name, "unknown plan '%s' in score%s", kedge_clip_text(recipe->score.plan).text,
                         recipe->n_plans ? hint : "; must be a name from 'plans', and the recipe has none");
        return;
    }
    const kedge_formula *own = &recipe->plans[recipe->score_plan].target, *target = &recipe->score.target;
    if (!l->plan_ok[recipe->score_plan]) return;
    if (!own->text && !target->text)
        kedge_yaml_error(&l->errors, node, "missing key 'target' in score; must be a number or a formula, as plan '%s' "
                         "has none of its own", kedge_clip_text(recipe->score.plan).text);
    else if (own->text && target->text && strcmp(own->text, target->text) != 0)
        kedge_yaml_error(&l->errors, kedge_yaml_get(node, "target"), "'target' in score is '%s', and that of plan '%s' "
                         "is '%s'; must be given once", kedge_clip_text(target->text).text,
                         kedge_clip_text(recipe->score.plan).text, kedge_clip_text(own->text).text);
}

void kedge_recipe_check_plans(kedge_recipe_loader *l)
{
    const kedge_yaml *plans = kedge_yaml_get(l->root, "plans");
    const kedge_yaml *node = plans ? plans->child : NULL;
    for (int i = 0; i < l->recipe->n_plans; i++, node = node->next)
        if (l->plan_ok[i] && l->model_ok) check_plan(l, i, node);
    if (l->score_ok) check_score(l);
}
