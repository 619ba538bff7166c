/* evaluate_view.c - a recipe with some of its plans. */
#include "run/evaluate_view.h"

#include <string.h>

#include "run/schema.h"

static int find_plan(const kedge_recipe *recipe, const char *name)
{
    for (int i = 0; i < recipe->n_plans; i++)
        if (strcmp(recipe->plans[i].name, name) == 0) return i;
    return -1;
}

static kedge_status unknown_plan(const kedge_recipe *recipe, const char *name, kedge_arena *arena)
{
    const char **names = kedge_arena_alloc(arena, (size_t)recipe->n_plans, sizeof *names);
    char suggestion[512];
    if (!names) return kedge_fail_memory("a list of plans");
    if (recipe->n_plans == 0)
        return kedge_fail(KEDGE_EINVALID, "unknown plan '%s'; %s has none", name, recipe->file);
    for (int i = 0; i < recipe->n_plans; i++) names[i] = recipe->plans[i].name;
    kedge_suggest(name, names, recipe->n_plans, suggestion, sizeof suggestion);
    return kedge_fail(KEDGE_EINVALID, "unknown plan '%s'%s", name, suggestion);
}

kedge_status kedge_recipe_view(kedge_recipe *view, const kedge_recipe *recipe, const char *const *names, int n,
                               kedge_arena *arena)
{
    *view = *recipe;
    if (n == 0) return KEDGE_OK;
    view->plans = kedge_arena_alloc(arena, (size_t)n, sizeof *view->plans);
    view->targets = kedge_arena_alloc(arena, (size_t)n, sizeof *view->targets);
    if (!view->plans || !view->targets) return kedge_fail_memory("a list of plans");
    view->n_plans = 0;
    view->score_plan = -1;
    for (int i = 0; i < n; i++) {
        if (strcmp(names[i], "baseline") == 0) continue;
        int at = find_plan(recipe, names[i]);
        if (at < 0) return unknown_plan(recipe, names[i], arena);
        if (find_plan(view, names[i]) >= 0) return kedge_fail(KEDGE_EINVALID, "plan '%s' is named twice", names[i]);
        if (at == recipe->score_plan) view->score_plan = view->n_plans;
        view->plans[view->n_plans] = recipe->plans[at];
        view->targets[view->n_plans++] = recipe->targets[at];
    }
    return KEDGE_OK;
}
