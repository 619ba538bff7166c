/* recipe_sets.c - 'sets' of the section 'data': the points of a curriculum, and when they are drawn. */
#include <stdio.h>
#include <string.h>

#include "run/recipe_parts.h"
#include "run/training.h"

void kedge_recipe_describe_set(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_set_fields, .n_fields = kedge_n_set_fields};
}

static bool bind_set(kedge_recipe_loader *l, kedge_set_options *set, const kedge_yaml *node)
{
    char what[96];
    kedge_schema schema;
    kedge_recipe_describe_set(&schema);
    snprintf(what, sizeof what, "set '%s'", kedge_clip_text(node->key).text);
    set->name = kedge_arena_text(&l->recipe->arena, node->key);
    if (!set->name) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for %s", what);
        return false;
    }
    if (node->kind == KEDGE_YAML_LIST) {
        kedge_yaml_error(&l->errors, node, "%s is a list; must be a formula that holds for its points, or a map", what);
        return false;
    }
    return kedge_schema_bind(&schema, what, node, &l->recipe->arena, &l->errors, set);
}

void kedge_recipe_bind_sets(kedge_recipe_loader *l, const kedge_yaml *data)
{
    const kedge_yaml *node = data && data->kind == KEDGE_YAML_MAP ? kedge_yaml_get(data, "sets") : NULL;
    int before = l->errors.count;
    int n = kedge_recipe_bind_names(l, node, "set", KEDGE_SETS_MAX);
    l->recipe->sets = kedge_arena_alloc(&l->recipe->arena, (size_t)n, sizeof *l->recipe->sets);
    if (!l->recipe->sets) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for sets");
        return;
    }
    l->recipe->n_sets = n;
    bool ok = l->errors.count == before;
    const kedge_yaml *entry = n ? node->child : NULL;
    for (int i = 0; i < n; i++, entry = entry->next) {
        l->recipe->sets[i] = (kedge_set_options){0};
        if (!bind_set(l, &l->recipe->sets[i], entry)) ok = false;
    }
    l->sets_ok = ok;
}

void kedge_recipe_print_sets(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_schema schema;
    kedge_recipe_describe_set(&schema);
    if (recipe->n_sets) kedge_text_add(text, "  sets:\n");
    for (int i = 0; i < recipe->n_sets; i++) {
        kedge_text_add(text, "    ");
        kedge_yaml_print_text(text, recipe->sets[i].name);
        kedge_text_add(text, ":\n");
        kedge_schema_print(&schema, &recipe->sets[i], 6, text);
    }
}

void kedge_recipe_open_sets(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    if (recipe->n_sets == 0 || !l->sets_ok || !recipe->sampler) return;
    recipe->point_sets = kedge_sets_create(recipe->ctx, recipe->dataset, &recipe->data.weight, recipe->n_sets,
                                           recipe->sets, &l->errors);
}

/* ---- against the schedule ---- */

enum { PHASES_TOLD = 64 }; /* of a sheet, in messages */

int kedge_recipe_phases(const kedge_schedule *sheet, int most, const char **names)
{
    const char *last = "";
    int n = 0;
    for (int step = 0; step < kedge_schedule_steps(sheet) && n < most; step++) {
        const char *phase = kedge_schedule_phase(sheet, step);
        bool known = phase == last || !phase[0];
        for (int i = 0; i < n && !known; i++) known = strcmp(names[i], phase) == 0;
        if (!known) names[n++] = phase;
        last = phase;
    }
    return n;
}

static bool has_phase(const kedge_schedule *sheet, const char *name)
{
    for (int step = 0; step < kedge_schedule_steps(sheet); step++)
        if (strcmp(kedge_schedule_phase(sheet, step), name) == 0) return true;
    return false;
}

static void check_phases(kedge_recipe_loader *l, const kedge_set_options *set, const kedge_yaml *node)
{
    const kedge_schedule *sheet = l->recipe->sheet;
    const kedge_yaml *list = node->kind == KEDGE_YAML_MAP ? kedge_yaml_get(node, "phases") : NULL;
    const kedge_yaml *item = list ? list->child : NULL;
    if (!sheet && !l->recipe->sheet_path && set->phases.n > 0)
        kedge_yaml_error(&l->errors, list, "'phases' in set '%s': the schedule is a map of constants, which has none; "
                         "leave them out", set->name);
    for (int i = 0; sheet && i < set->phases.n; i++, item = item->next) {
        const char *names[PHASES_TOLD];
        char hint[512] = "; the schedule has none";
        if (has_phase(sheet, set->phases.at[i])) continue;
        int n = kedge_recipe_phases(sheet, PHASES_TOLD, names);
        if (n > 0) kedge_suggest(set->phases.at[i], names, n, hint, sizeof hint);
        kedge_yaml_error(&l->errors, item, "'phases[%d]' in set '%s': unknown phase '%s'%s", i, set->name,
                         kedge_clip_text(set->phases.at[i]).text, hint);
    }
}

kedge_status kedge_recipe_sets_drawn(const kedge_recipe *recipe)
{
    int steps = (int)recipe->steps, empty = 0;
    double *column = kedge_alloc(recipe->ctx, (size_t)steps, sizeof *column);
    double *factor = kedge_alloc(recipe->ctx, (size_t)steps, sizeof *factor);
    bool *drawn = kedge_alloc_zero(recipe->ctx, (size_t)steps, sizeof *drawn);
    kedge_status status = column && factor && drawn ? KEDGE_OK : kedge_fail_memory("the schedule");
    for (int k = 0; !status && k < recipe->n_sets; k++) {
        kedge_recipe_fill_factors(recipe, k, column, factor);
        for (int step = 0; step < steps; step++) drawn[step] = drawn[step] || factor[step] > 0;
    }
    while (!status && empty < steps && drawn[empty]) empty++;
    if (!status && empty < steps) {
        const char *phase = recipe->sheet ? kedge_schedule_phase(recipe->sheet, empty) : "";
        status = kedge_fail(KEDGE_EINVALID, "no point can be drawn at step %d%s%s%s, as every set has the factor 0; at "
                            "least one must be above 0", empty, phase[0] ? " (phase '" : "",
                            phase[0] ? kedge_clip_text(phase).text : "", phase[0] ? "')" : "");
    }
    kedge_release(recipe->ctx, drawn);
    kedge_release(recipe->ctx, factor);
    kedge_release(recipe->ctx, column);
    return status;
}

void kedge_recipe_check_sets(kedge_recipe_loader *l)
{
    const kedge_recipe *recipe = l->recipe;
    if (recipe->n_sets == 0 || !l->sets_ok || !l->schedule_ok) return;
    int before = l->errors.count;
    const kedge_yaml *sets = kedge_yaml_get(kedge_yaml_get(l->root, "data"), "sets"), *node = sets->child;
    for (int i = 0; i < recipe->n_sets; i++, node = node->next) check_phases(l, &recipe->sets[i], node);
    bool known = recipe->sheet || !recipe->sheet_path;
    if (!known || recipe->steps == 0 || l->errors.count != before) return;
    kedge_status status = kedge_recipe_sets_drawn(recipe);
    if (status == KEDGE_ENOMEM) kedge_errors_add(&l->errors, status, "%s", kedge_error());
    else if (status) kedge_yaml_key_error(&l->errors, sets, "%s", kedge_error());
}
