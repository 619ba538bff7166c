/* recipe_plans.c - the sections 'plans' and 'score': edits and surgery to be tried on the trained model, and which of
 * them is scored. */
#include <stdio.h>
#include <string.h>

#include "run/recipe_parts.h"

/* ---- schemas ---- */

static const kedge_field plan_fields[] = {
    {.key = "target", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_plan_options, target), .fallback = "",
     .doc = "What its damage is compared with: how much of the concept a point carries, a formula over the columns. "
            "Absent: the score's target."},
};
/* Keys that stand in one map with those of the other table. */
static const char *const beside_steps[] = {"steps", NULL};
static const char *const beside_step[] = {"target", NULL};

static const kedge_field score_fields[] = {
    {.key = "plan", .type = KEDGE_FIELD_TEXT, .offset = offsetof(kedge_score_options, plan),
     .doc = "The name of the plan that is scored."},
    {.key = "target", .type = KEDGE_FIELD_FORMULA, .offset = offsetof(kedge_score_options, target), .fallback = "",
     .doc = "What its damage is compared with, and that of all plans without a target of their own. Absent: the plan's "
            "own target."},
};

static const kedge_variant *edit_variant(int i)
{
    return i < kedge_n_edit_kinds() ? &kedge_edit_kinds[i]->variant : NULL;
}

static const kedge_variant *surgery_variant(int i)
{
    return i < kedge_n_surgery_kinds() ? &kedge_surgery_kinds[i]->variant : NULL;
}

static void describe_plan(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = plan_fields, .n_fields = 1, .besides = beside_steps};
}

static void describe_edit(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_edit_fields, .n_fields = kedge_n_edit_fields, .variant = edit_variant,
                             .kind_offset = offsetof(kedge_edit_options, kind), .kind_key = "edit",
                             .kind_doc = "Which edit of an activation while the model runs."};
}

void kedge_surgery_schema(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_surgery_fields, .n_fields = kedge_n_surgery_fields,
                             .variant = surgery_variant, .kind_offset = offsetof(kedge_surgery_options, kind),
                             .kind_key = "surgery", .kind_doc = "Which change of the weights."};
}

static void describe_score(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = score_fields, .n_fields = 2};
}

/* ---- plans ---- */

const kedge_yaml *kedge_recipe_step_node(const kedge_yaml *plan, int k)
{
    const kedge_yaml *list = plan->kind == KEDGE_YAML_MAP ? kedge_yaml_get(plan, "steps") : plan;
    if (!list) return plan;
    const kedge_yaml *node = list->child;
    for (; node && k > 0; k--) node = node->next;
    return node;
}

void kedge_recipe_step_what(const kedge_plan_options *plan, int k, char *text, size_t size)
{
    kedge_clip name = kedge_clip_text(plan->name);
    if (plan->n_steps == 1)
        snprintf(text, size, "plan '%s'", name.text);
    else
        snprintf(text, size, "steps[%d] of plan '%s'", k, name.text);
}

/* Says that the map has neither kind of step, or that a key of it is a slip of one. */
static void miss_step(kedge_recipe_loader *l, const char *what, const kedge_yaml *node)
{
    static const char *const kinds[] = {"edit", "surgery"};
    for (const kedge_yaml *key = node->child; key; key = key->next) {
        const char *near = kedge_nearest(key->key, kinds, 2);
        if (!near) continue;
        kedge_yaml_key_error(&l->errors, key, "unknown key '%s' in %s; did you mean '%s'?",
                             kedge_clip_text(key->key).text, what, near);
        return;
    }
    kedge_yaml_error(&l->errors, node, "missing key 'edit' or 'surgery' in %s; must be one of the two", what);
}

static bool bind_step(kedge_recipe_loader *l, kedge_plan_step *step, const char *what, const kedge_yaml *node,
                      const char *const *besides)
{
    kedge_schema schema;
    if (node->kind != KEDGE_YAML_MAP) {
        kedge_yaml_error(&l->errors, node, "%s is %s; must be a map with 'edit' or 'surgery'", what,
                         kedge_show_node(node).text);
        return false;
    }
    const kedge_yaml *edit = kedge_yaml_get(node, "edit"), *surgery = kedge_yaml_get(node, "surgery");
    if (edit && surgery) {
        kedge_yaml_key_error(&l->errors, surgery, "both 'edit' and 'surgery' in %s; must be one of the two, or steps "
                             "in a list", what);
        return false;
    }
    if (!edit && !surgery) {
        miss_step(l, what, node);
        return false;
    }
    step->is_surgery = surgery != NULL;
    if (surgery)
        kedge_surgery_schema(&schema);
    else
        describe_edit(&schema);
    schema.besides = besides;
    return kedge_schema_bind(&schema, what, node, &l->recipe->arena, &l->errors,
                             surgery ? (void *)&step->surgery : (void *)&step->edit);
}

/* The steps of a list, or the one that 'node' itself is. */
static bool bind_steps(kedge_recipe_loader *l, kedge_plan_options *plan, const char *what, const kedge_yaml *node,
                       bool is_list)
{
    int n = is_list ? node->n : 1;
    if (n == 0 || n > KEDGE_RECIPE_PLAN_STEPS) {
        kedge_yaml_error(&l->errors, node, "%s has %s steps; must have from 1 to %d", what, n ? "too many" : "no",
                         (int)KEDGE_RECIPE_PLAN_STEPS);
        return false;
    }
    plan->steps = kedge_arena_alloc(&l->recipe->arena, (size_t)n, sizeof *plan->steps);
    if (!plan->steps) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for %s", what);
        return false;
    }
    plan->n_steps = n;
    if (!is_list) return bind_step(l, &plan->steps[0], what, node, beside_step);
    bool ok = true;
    const kedge_yaml *item = node->child;
    for (int k = 0; k < n; k++, item = item->next) {
        char step[128];
        kedge_recipe_step_what(plan, k, step, sizeof step);
        ok = bind_step(l, &plan->steps[k], step, item, NULL) && ok;
    }
    return ok;
}

/* Three forms: a step, a list of steps, a map with such a list and a target. */
static void bind_plan(kedge_recipe_loader *l, int i, const kedge_yaml *node)
{
    char what[96];
    kedge_schema schema;
    snprintf(what, sizeof what, "plan '%s'", kedge_clip_text(node->key).text);
    kedge_plan_options *plan = &l->recipe->plans[i];
    plan->name = kedge_arena_text(&l->recipe->arena, node->key);
    if (!plan->name) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for %s", what);
        return;
    }
    if (strcasecmp(node->key, "baseline") == 0)
        kedge_yaml_key_error(&l->errors, node, "no plan may be called 'baseline', as the model without any is; must "
                             "have another name");
    if (node->kind == KEDGE_YAML_SCALAR) {
        kedge_yaml_error(&l->errors, node, "%s is %s; must be a map with 'edit' or 'surgery', or a list of such maps",
                         what, kedge_show_node(node).text);
        return;
    }
    const kedge_yaml *steps = node->kind == KEDGE_YAML_MAP ? kedge_yaml_get(node, "steps") : node;
    bool ok = true;
    if (node->kind == KEDGE_YAML_MAP && steps) {
        describe_plan(&schema);
        ok = kedge_schema_bind(&schema, what, node, &l->recipe->arena, &l->errors, plan);
    } else if (node->kind == KEDGE_YAML_MAP) {
        ok = kedge_field_bind(&plan_fields[0], what, kedge_yaml_get(node, "target"), &l->recipe->arena, &l->errors,
                              plan);
    }
    if (steps && steps->kind != KEDGE_YAML_LIST)
        kedge_yaml_error(&l->errors, steps, "'steps' in %s is %s; must be a list of edits and surgeries", what,
                         kedge_show_node(steps).text);
    else
        l->plan_ok[i] = bind_steps(l, plan, what, steps ? steps : node, steps != NULL) && ok;
}

static void bind_plans(kedge_recipe_loader *l, const kedge_yaml *node)
{
    int n = kedge_recipe_bind_names(l, node, "plan", KEDGE_RECIPE_PLANS);
    l->recipe->plans = kedge_arena_alloc(&l->recipe->arena, (size_t)n, sizeof *l->recipe->plans);
    if (!l->recipe->plans) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for plans");
        return;
    }
    l->recipe->n_plans = n;
    const kedge_yaml *entry = n ? node->child : NULL;
    for (int i = 0; i < n; i++, entry = entry->next) bind_plan(l, i, entry);
}

static void print_step(const kedge_plan_step *step, int indent, kedge_text *text)
{
    kedge_schema schema;
    if (step->is_surgery)
        kedge_surgery_schema(&schema);
    else
        describe_edit(&schema);
    kedge_schema_print(&schema, step->is_surgery ? (const void *)&step->surgery : (const void *)&step->edit, indent,
                       text);
}

/* A plan of one step stands as that step, so that assignments find its keys where they were written. */
static void print_plan(const kedge_plan_options *plan, kedge_text *text)
{
    kedge_text_add(text, "  ");
    kedge_yaml_print_text(text, plan->name);
    kedge_text_add(text, ":\n");
    if (plan->n_steps == 1) {
        print_step(&plan->steps[0], 4, text);
    } else {
        kedge_text_add(text, "    steps:\n");
        for (int k = 0; k < plan->n_steps; k++) {
            size_t start = text->length;
            print_step(&plan->steps[k], 8, text);
            if (!text->broken) text->bytes[start + 6] = '-'; /* an item begins in the first line of its map */
        }
    }
    kedge_field_print(&plan_fields[0], plan, 4, text);
}

static void print_plans(const kedge_recipe *recipe, kedge_text *text)
{
    if (recipe->n_plans) kedge_text_add(text, "plans:\n");
    for (int i = 0; i < recipe->n_plans; i++) print_plan(&recipe->plans[i], text);
}

const kedge_recipe_section kedge_section_plans = {
    .key = "plans", .bind = bind_plans, .print = print_plans,
    .value = "a map of names to plans", .fallback = "none",
    .doc = "What is done to the trained model to control a concept: a map with `edit` or `surgery`; a list of such "
           "maps, in order; or a map with `steps`, such a list, and `target`.",
    .maps = {{"a plan", describe_plan}, {"an edit", describe_edit}, {"a surgery", kedge_surgery_schema}},
};

/* ---- score ---- */

static void bind_score(kedge_recipe_loader *l, const kedge_yaml *node)
{
    kedge_schema schema;
    describe_score(&schema);
    l->score_ok = node && kedge_schema_bind(&schema, "score", node, &l->recipe->arena, &l->errors, &l->recipe->score);
}

static void print_score(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_schema schema;
    if (!recipe->score.plan) return;
    describe_score(&schema);
    kedge_text_add(text, "score:\n");
    kedge_schema_print(&schema, &recipe->score, 2, text);
}

const kedge_recipe_section kedge_section_score = {
    .key = "score", .bind = bind_score, .print = print_score,
    .value = "a map", .fallback = "none",
    .doc = "The plan that a run is judged by: its score is the squared correlation of the plan's damage with a target.",
    .maps = {{"score", describe_score}},
};
