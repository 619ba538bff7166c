/* recipe_training.c - the sections that say what is trained and how: 'model', 'schedule', 'steps', 'hold', 'optimizer',
 * 'seeds'. */
#include <math.h>
#include <string.h>

#include "run/recipe_parts.h"

/* ---- model ---- */

static const kedge_variant *model_variant(int i)
{
    return i < (int)(sizeof kedge_model_variants / sizeof *kedge_model_variants) ? &kedge_model_variants[i] : NULL;
}

static const kedge_schema model_schema = {.variant = model_variant,
                                          .kind_offset = offsetof(kedge_model_options, kind)};

static void describe_model(kedge_schema *schema)
{
    *schema = model_schema;
}

static void bind_model(kedge_recipe_loader *l, const kedge_yaml *node)
{
    l->model_ok = node && kedge_schema_bind(&model_schema, "model", node, &l->recipe->arena, &l->errors,
                                            &l->recipe->model);
    if (!l->model_ok || l->recipe->model.hidden.n <= KEDGE_RECIPE_HIDDEN) return;
    l->model_ok = false;
    kedge_yaml_error(&l->errors, kedge_yaml_get(node, "hidden"),
        "'hidden' in model has %d layers; must have at most %d",
                     l->recipe->model.hidden.n, KEDGE_RECIPE_HIDDEN);
}

static void print_model(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_text_add(text, "model:\n");
    kedge_schema_print(&model_schema, &recipe->model, 2, text);
}

const kedge_recipe_section kedge_section_model = {
    .key = "model", .required = true, .bind = bind_model, .print = print_model,
    .value = "a map", .doc = "The network.", .maps = {{"model", describe_model}},
};

/* ---- schedule, steps, hold ---- */

static const kedge_field constants_field = {.key = "schedule", .type = KEDGE_FIELD_WEIGHTS,
                                            .offset = offsetof(kedge_recipe, constants), .fallback = ""};
static const kedge_field steps_field = {.key = "steps", .type = KEDGE_FIELD_INT, .min = 1, .max = 1e7,
                                        .offset = offsetof(kedge_recipe, steps), .fallback = ""};
static const kedge_field hold_field = {.key = "hold", .type = KEDGE_FIELD_INT, .min = 0, .max = 1e7,
                                       .offset = offsetof(kedge_recipe, hold), .fallback = "-1"};

/* 'labels: {red: 2}' in a map of constants, which '--set schedule.labels.red=2' makes too, is 'labels.red: 2'. A copy
 * of the map, flat so far; NULL without memory. */
static const kedge_yaml *flatten_rates(kedge_recipe_loader *l, const kedge_yaml *map)
{
    kedge_yaml *flat = kedge_arena_alloc(&l->scratch, 1, sizeof *flat);
    if (!flat) return NULL;
    *flat = *map;
    kedge_yaml **end = &flat->child;
    for (const kedge_yaml *child = map->child; child; child = child->next) {
        bool inner = child->kind == KEDGE_YAML_MAP && strcmp(child->key, "labels") == 0;
        for (const kedge_yaml *item = inner ? child->child : child; item; item = inner ? item->next : NULL) {
            kedge_yaml *copy = kedge_arena_alloc(&l->scratch, 1, sizeof *copy);
            if (!copy) return NULL;
            *copy = *item;
            if (inner) copy->key = kedge_arena_format(&l->scratch, "labels.%s", item->key);
            if (!copy->key) return NULL;
            if (inner && kedge_yaml_get(map, copy->key))
                kedge_yaml_key_error(&l->errors, item, "a second '%s' in 'schedule'; leave one out",
                                     kedge_clip_text(copy->key).text);
            *end = copy;
            end = &copy->next;
        }
        flat->n += inner ? child->n - 1 : 0;
    }
    *end = NULL;
    return flat;
}

static void bind_schedule(kedge_recipe_loader *l, const kedge_yaml *node)
{
    if (!node) return;
    if (node->kind == KEDGE_YAML_MAP) {
        l->constants = flatten_rates(l, node);
        if (!l->constants) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the schedule");
        l->schedule_ok = l->constants && kedge_field_bind(&constants_field, kedge_recipe_name, l->constants,
                                                          &l->recipe->arena, &l->errors, l->recipe);
    } else if (node->kind == KEDGE_YAML_LIST || node->text[0] == '\0') {
        kedge_yaml_error(&l->errors, node, "'schedule' in %s is %s; must be the path of a CSV sheet, or a map of "
                         "names to numbers", kedge_recipe_name, kedge_show_node(node).text);
    } else {
        l->recipe->sheet_path = kedge_recipe_beside(l, node->text);
        l->recipe->sheet_named = kedge_arena_text(&l->recipe->arena, node->text);
        if (!l->recipe->sheet_named) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the schedule");
        l->schedule_ok = l->recipe->sheet_path && l->recipe->sheet_named;
    }
}

static void print_schedule(const kedge_recipe *recipe, kedge_text *text)
{
    if (recipe->sheet_named) {
        kedge_text_add(text, "schedule: ");
        kedge_yaml_print_text(text, recipe->sheet_named);
        kedge_text_add(text, "\n");
    } else {
        kedge_field_print(&constants_field, recipe, 0, text);
    }
}

static void bind_steps(kedge_recipe_loader *l, const kedge_yaml *node)
{
    l->steps_ok = kedge_field_bind(&steps_field, kedge_recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_steps(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_field_print(&steps_field, recipe, 0, text);
}

static void bind_hold(kedge_recipe_loader *l, const kedge_yaml *node)
{
    l->recipe->hold = -1;
    if (node) kedge_field_bind(&hold_field, kedge_recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_hold(const kedge_recipe *recipe, kedge_text *text)
{
    if (recipe->hold >= 0) kedge_field_print(&hold_field, recipe, 0, text);
}

const kedge_recipe_section kedge_section_schedule = {
    .key = "schedule", .required = true, .bind = bind_schedule, .print = print_schedule,
    .value = "the path of a CSV sheet, or a map of names to numbers",
    .doc = "The learning rate `lr`, and a weight per term; a term that is not named has weight 1. `labels.NAME` is a "
           "factor on the rate of that label, `data-NAME` one on a set of points.",
};

const kedge_recipe_section kedge_section_steps = {
    .key = "steps", .bind = bind_steps, .print = print_steps,
    .value = "a whole number from 1 to 10000000",
    .fallback = "the sheet's number of steps; required without a sheet", .doc = "Updates in a run.",
};

const kedge_recipe_section kedge_section_hold = {
    .key = "hold", .bind = bind_hold, .print = print_hold,
    .value = "a whole number below `steps`", .fallback = "none",
    .doc = "Updates past this step of the schedule read its values there.",
};

/* ---- optimizer ---- */

static const kedge_variant *optimizer_variant(int i)
{
    return i < kedge_n_optimizer_kinds() ? &kedge_optimizer_kinds[i]->variant : NULL;
}

static void describe_optimizer(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_optimizer_fields, .n_fields = kedge_n_optimizer_fields,
                             .variant = optimizer_variant, .kind_offset = offsetof(kedge_optimizer_options, kind)};
}

/* The first kind unless said, so that one key of it can be set where the recipe has no such section. */
static void bind_optimizer(kedge_recipe_loader *l, const kedge_yaml *node)
{
    kedge_yaml kind = {.kind = KEDGE_YAML_SCALAR, .text = kedge_optimizer_kinds[0]->variant.name, .key = "kind"};
    kedge_schema schema;
    kedge_yaml with_kind = {.kind = KEDGE_YAML_MAP, .child = &kind, .n = 1};
    if (node && node->kind == KEDGE_YAML_MAP && !kedge_yaml_get(node, "kind")) {
        with_kind = *node;
        kind.next = node->child;
        with_kind.child = &kind;
        with_kind.n++;
        node = &with_kind;
    }
    describe_optimizer(&schema);
    kedge_schema_bind(&schema, "optimizer", node ? node : &with_kind, &l->recipe->arena, &l->errors,
                      &l->recipe->optimizer);
}

static void print_optimizer(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_schema schema;
    describe_optimizer(&schema);
    kedge_text_add(text, "optimizer:\n");
    kedge_schema_print(&schema, &recipe->optimizer, 2, text);
}

const kedge_recipe_section kedge_section_optimizer = {
    .key = "optimizer", .bind = bind_optimizer, .print = print_optimizer,
    .value = "a map", .fallback = "`{kind: adam}`", .doc = "What makes updates of gradients.",
    .maps = {{"optimizer", describe_optimizer}},
};

/* ---- seeds ---- */

static const kedge_field seeds_fields[] = {
    {.key = "first", .type = KEDGE_FIELD_INT, .min = 0, .max = 1e12, .fallback = "0",
     .offset = offsetof(kedge_recipe, first_seed), .doc = "The first seed."},
    {.key = "count", .type = KEDGE_FIELD_INT, .min = 1, .max = 1e7,
     .offset = offsetof(kedge_recipe, n_seeds), .doc = "How many, counted up from it."},
};
static const kedge_field seeds_field = {.key = "seeds", .type = KEDGE_FIELD_INT, .min = 1, .max = 1e7,
                                        .offset = offsetof(kedge_recipe, n_seeds), .fallback = "1"};
static const kedge_schema seeds_schema = {.fields = seeds_fields, .n_fields = 2};

static void describe_seeds(kedge_schema *schema)
{
    *schema = seeds_schema;
}

static void bind_seeds(kedge_recipe_loader *l, const kedge_yaml *node)
{
    if (node && node->kind == KEDGE_YAML_MAP)
        kedge_schema_bind(&seeds_schema, "seeds", node, &l->recipe->arena, &l->errors, l->recipe);
    else
        kedge_field_bind(&seeds_field, kedge_recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_seeds(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_text_add(text, "seeds:\n");
    kedge_schema_print(&seeds_schema, recipe, 2, text);
}

const kedge_recipe_section kedge_section_seeds = {
    .key = "seeds", .bind = bind_seeds, .print = print_seeds,
    .value = "a whole number of at least 1, or a map", .fallback = "`1`",
    .doc = "How many runs, from seed 0 on; or which.", .maps = {{"seeds", describe_seeds}},
};
