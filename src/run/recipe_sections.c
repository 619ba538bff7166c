/* recipe_sections.c - the keys of a recipe: one table that reads, prints and documents them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "run/recipe_parts.h"

static const char recipe_name[] = "the recipe";

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_name(const char *name)
{
    return name[0] && strchr(LETTERS, name[0]) && name[strspn(name, LETTERS "0123456789_-")] == '\0' &&
           strlen(name) <= 60;
}

/* Labels and terms stand in maps from names: checks the map and every name; returns how many entries are read. */
static int bind_names(kedge_recipe_loader *l, const kedge_yaml *node, const char *noun, int max)
{
    if (!node) return 0;
    if (node->kind != KEDGE_YAML_MAP) {
        kedge_yaml_error(&l->errors, node, "'%ss' in %s is %s; must be a map of names to %ss", noun, recipe_name,
                         kedge_show_node(node).text, noun);
        return 0;
    }
    int n = 0;
    for (const kedge_yaml *entry = node->child; entry; entry = entry->next, n++) {
        if (n == max) {
            kedge_yaml_key_error(&l->errors, entry, "%d %ss are too many; must be at most %d", node->n, noun, max);
            return n;
        }
        if (!is_name(entry->key))
            kedge_yaml_key_error(&l->errors, entry,
                                 "'%s' is no name for a %s; must be a letter, then letters, digits, '_' or '-', "
                                 "at most 60 in all",
                                 kedge_clip_text(entry->key).text, noun);
    }
    return n;
}

/* A path as it can be opened from here. NULL without memory. */
static const char *beside(kedge_recipe_loader *l, const char *name)
{
    char *path = kedge_path_beside(l->recipe->ctx, l->recipe->file, name);
    const char *copy = path ? kedge_arena_text(&l->recipe->arena, path) : NULL;
    if (!copy) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for a path");
    kedge_release(l->recipe->ctx, path);
    return copy;
}

/* ---- title ---- */

static const kedge_field title_field = {.key = "title", .type = KEDGE_FIELD_TEXT,
                                        .offset = offsetof(kedge_recipe, title), .fallback = ""};

static void bind_title(kedge_recipe_loader *l, const kedge_yaml *node)
{
    kedge_field_bind(&title_field, recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_title(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_field_print(&title_field, recipe, 0, text);
}

/* ---- data and test ---- */

static const kedge_variant *data_variant(int i)
{
    return i < (int)(sizeof kedge_data_variants / sizeof *kedge_data_variants) ? &kedge_data_variants[i] : NULL;
}

static const char *const test_without[] = {"weight", "batch", "epoch", NULL};
static const kedge_schema data_schema = {.variant = data_variant, .kind_offset = offsetof(kedge_data_options, kind)};
static const kedge_schema test_schema = {.variant = data_variant, .kind_offset = offsetof(kedge_data_options, kind),
                                         .without = test_without};

static void describe_data(kedge_schema *schema)
{
    *schema = data_schema;
}

static void describe_test(kedge_schema *schema)
{
    *schema = test_schema;
}

static bool bind_points(kedge_recipe_loader *l, const kedge_schema *schema, const char *what, const kedge_yaml *node,
                        kedge_data_options *options)
{
    if (!kedge_schema_bind(schema, what, node, &l->recipe->arena, &l->errors, options)) return false;
    if (!options->file) return true;
    options->file = beside(l, options->file);
    return options->file != NULL;
}

static void bind_data(kedge_recipe_loader *l, const kedge_yaml *node)
{
    l->data_ok = node && bind_points(l, &data_schema, "data", node, &l->recipe->data);
}

/* Comes after bind_data. Without the key: for a grid of colours those between them, for weighted hues the even grid,
for
 * tables the table itself. */
static void bind_test(kedge_recipe_loader *l, const kedge_yaml *node)
{
    kedge_data_options *test = &l->recipe->test;
    if (node) {
        l->test_ok = bind_points(l, &test_schema, "test", node, test);
    } else if (l->recipe->data.kind == KEDGE_DATA_HSV_GRID) {
        *test = (kedge_data_options){.kind = KEDGE_DATA_RGB_GRID, .points = 8};
        l->test_ok = true;
    } else if (l->recipe->data.kind == KEDGE_DATA_RGB_GRID) {
        *test = (kedge_data_options){.kind = KEDGE_DATA_RGB_VALIDATION};
        l->test_ok = true;
    } else {
        *test = l->recipe->data;
        test->weight = (kedge_formula){0};
        test->epoch = 0;
        l->test_ok = l->data_ok;
    }
    test->batch = l->recipe->data.batch;
}

/* Paths are printed in full: the text is read again from other folders. */
static void print_points(const kedge_schema *schema, const char *key, const kedge_data_options *options,
                         kedge_text *text)
{
    char full[PATH_MAX];
    kedge_data_options copy = *options;
    if (copy.file && realpath(copy.file, full)) copy.file = full;
    kedge_text_addf(text, "%s:\n", key);
    kedge_schema_print(schema, &copy, 2, text);
}

static void print_data(const kedge_recipe *recipe, kedge_text *text)
{
    print_points(&data_schema, "data", &recipe->data, text);
}

static void print_test(const kedge_recipe *recipe, kedge_text *text)
{
    print_points(&test_schema, "test", &recipe->test, text);
}

/* ---- labels ---- */

static void describe_label(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_label_fields, .n_fields = kedge_n_label_fields};
}

static void bind_label(kedge_recipe_loader *l, int i, const kedge_yaml *node)
{
    char what[96];
    kedge_schema schema;
    describe_label(&schema);
    snprintf(what, sizeof what, "label '%s'", kedge_clip_text(node->key).text);
    kedge_label_options *label = &l->recipe->labels[i];
    label->name = kedge_arena_text(&l->recipe->arena, node->key);
    if (!label->name) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for %s", what);
        return;
    }
    if (node->kind == KEDGE_YAML_LIST) {
        kedge_yaml_error(&l->errors, node, "%s is a list; must be a formula for its rate, or a map", what);
        return;
    }
    /* A formula alone is short for a map with nothing but the rate. */
    kedge_yaml rate = *node, map = *node;
    rate.key = "rate";
    rate.next = NULL;
    map.kind = KEDGE_YAML_MAP;
    map.child = &rate;
    map.n = 1;
    if (node->kind == KEDGE_YAML_SCALAR) node = &map;
    l->label_ok[i] = kedge_schema_bind(&schema, what, node, &l->recipe->arena, &l->errors, label);
}

static void bind_labels(kedge_recipe_loader *l, const kedge_yaml *node)
{
    int n = bind_names(l, node, "label", KEDGE_RECIPE_LABELS);
    l->recipe->labels = kedge_arena_alloc(&l->recipe->arena, (size_t)n, sizeof *l->recipe->labels);
    if (!l->recipe->labels) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for labels");
        return;
    }
    l->recipe->n_labels = n;
    const kedge_yaml *entry = n ? node->child : NULL;
    for (int i = 0; i < n; i++, entry = entry->next) bind_label(l, i, entry);
}

static void print_labels(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_schema schema;
    describe_label(&schema);
    if (recipe->n_labels) kedge_text_add(text, "labels:\n");
    for (int i = 0; i < recipe->n_labels; i++) {
        kedge_text_add(text, "  ");
        kedge_yaml_print_text(text, recipe->labels[i].name);
        kedge_text_add(text, ":\n");
        kedge_schema_print(&schema, &recipe->labels[i], 4, text);
    }
}

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

/* ---- terms ---- */

static const kedge_variant *term_variant(int i)
{
    return i < kedge_n_term_kinds() ? &kedge_term_kinds[i]->variant : NULL;
}

static void describe_term(kedge_schema *schema)
{
    *schema = (kedge_schema){.fields = kedge_term_fields, .n_fields = kedge_n_term_fields, .variant = term_variant,
                             .kind_offset = offsetof(kedge_term_options, kind)};
}

static void bind_term(kedge_recipe_loader *l, int i, const kedge_yaml *node)
{
    /* Columns of schedules and of metrics.csv that are no terms. */
    static const char *const taken[] = {"lr", "step", "phase", "action"};
    char what[96];
    kedge_schema schema;
    describe_term(&schema);
    snprintf(what, sizeof what, "term '%s'", kedge_clip_text(node->key).text);
    kedge_term_options *term = &l->recipe->terms[i];
    term->name = kedge_arena_text(&l->recipe->arena, node->key);
    if (!term->name) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for %s", what);
        return;
    }
    for (size_t k = 0; k < sizeof taken / sizeof *taken; k++)
        if (strcasecmp(node->key, taken[k]) == 0)
            kedge_yaml_key_error(&l->errors, node, "no term may be called '%s', as a schedule's column is; "
                                 "must have another name", taken[k]);
    l->term_ok[i] = kedge_schema_bind(&schema, what, node, &l->recipe->arena, &l->errors, term);
}

static void bind_terms(kedge_recipe_loader *l, const kedge_yaml *node)
{
    int n = bind_names(l, node, "term", KEDGE_RECIPE_TERMS);
    l->recipe->terms = kedge_arena_alloc(&l->recipe->arena, (size_t)n, sizeof *l->recipe->terms);
    if (!l->recipe->terms) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for terms");
        return;
    }
    l->recipe->n_terms = n;
    const kedge_yaml *entry = n ? node->child : NULL;
    for (int i = 0; i < n; i++, entry = entry->next) bind_term(l, i, entry);
}

static void print_terms(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_schema schema;
    describe_term(&schema);
    if (recipe->n_terms) kedge_text_add(text, "terms:\n");
    for (int i = 0; i < recipe->n_terms; i++) {
        kedge_text_add(text, "  ");
        kedge_yaml_print_text(text, recipe->terms[i].name);
        kedge_text_add(text, ":\n");
        kedge_schema_print(&schema, &recipe->terms[i], 4, text);
    }
}

/* ---- schedule, steps, hold ---- */

static const kedge_field constants_field = {.key = "schedule", .type = KEDGE_FIELD_WEIGHTS,
                                            .offset = offsetof(kedge_recipe, constants), .fallback = ""};
static const kedge_field steps_field = {.key = "steps", .type = KEDGE_FIELD_INT, .min = 1, .max = 1e7,
                                        .offset = offsetof(kedge_recipe, steps), .fallback = ""};
static const kedge_field hold_field = {.key = "hold", .type = KEDGE_FIELD_INT, .min = 0, .max = 1e7,
                                       .offset = offsetof(kedge_recipe, hold), .fallback = "-1"};

static void bind_schedule(kedge_recipe_loader *l, const kedge_yaml *node)
{
    if (!node) return;
    if (node->kind == KEDGE_YAML_MAP) {
        l->schedule_ok = kedge_field_bind(&constants_field, recipe_name, node, &l->recipe->arena, &l->errors,
                                          l->recipe);
    } else if (node->kind == KEDGE_YAML_LIST || node->text[0] == '\0') {
        kedge_yaml_error(&l->errors, node, "'schedule' in %s is %s; must be the path of a CSV sheet, or a map of "
                         "names to numbers", recipe_name, kedge_show_node(node).text);
    } else {
        l->recipe->sheet_path = beside(l, node->text);
        l->schedule_ok = l->recipe->sheet_path != NULL;
    }
}

/* The run directory holds the sheet under this name, beside the text. */
static void print_schedule(const kedge_recipe *recipe, kedge_text *text)
{
    if (recipe->sheet_path)
        kedge_text_add(text, "schedule: schedule.csv\n");
    else
        kedge_field_print(&constants_field, recipe, 0, text);
}

static void bind_steps(kedge_recipe_loader *l, const kedge_yaml *node)
{
    l->steps_ok = kedge_field_bind(&steps_field, recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_steps(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_field_print(&steps_field, recipe, 0, text);
}

static void bind_hold(kedge_recipe_loader *l, const kedge_yaml *node)
{
    l->recipe->hold = -1;
    if (node) kedge_field_bind(&hold_field, recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_hold(const kedge_recipe *recipe, kedge_text *text)
{
    if (recipe->hold >= 0) kedge_field_print(&hold_field, recipe, 0, text);
}

/* ---- optimizer ---- */

static const kedge_field adam_fields[] = {
    {.key = "beta1", .type = KEDGE_FIELD_REAL, .min = 0, .max = 0.999999, .fallback = "0.9",
     .offset = offsetof(kedge_optimizer_options, beta1), .doc = "Decay of the mean of the gradients."},
    {.key = "beta2", .type = KEDGE_FIELD_REAL, .min = 0, .max = 0.999999, .fallback = "0.999",
     .offset = offsetof(kedge_optimizer_options, beta2), .doc = "Decay of the mean of their squares."},
    {.key = "epsilon", .type = KEDGE_FIELD_REAL, .min = 1e-30, .max = 1, .fallback = "1e-8",
     .offset = offsetof(kedge_optimizer_options, epsilon),
     .doc = "Added to the root of that mean, so that nothing is divided by 0."},
};

static const kedge_variant adam = {
    "adam", "Adam with bias correction; no weight decay, no clipping. One update per batch; the schedule's `lr` is "
    "the learning rate.", adam_fields, sizeof adam_fields / sizeof *adam_fields,
};

static const kedge_variant *optimizer_variant(int i)
{
    return i == KEDGE_OPTIMIZER_ADAM ? &adam : NULL;
}

static const kedge_schema optimizer_schema = {.variant = optimizer_variant,
                                              .kind_offset = offsetof(kedge_optimizer_options, kind)};

static void describe_optimizer(kedge_schema *schema)
{
    *schema = optimizer_schema;
}

static void bind_optimizer(kedge_recipe_loader *l, const kedge_yaml *node)
{
    kedge_yaml kind = {.kind = KEDGE_YAML_SCALAR, .text = "adam", .key = "kind"};
    kedge_yaml fallback = {.kind = KEDGE_YAML_MAP, .child = &kind, .n = 1};
    kedge_schema_bind(&optimizer_schema, "optimizer", node ? node : &fallback, &l->recipe->arena, &l->errors,
                      &l->recipe->optimizer);
}

static void print_optimizer(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_text_add(text, "optimizer:\n");
    kedge_schema_print(&optimizer_schema, &recipe->optimizer, 2, text);
}

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
        kedge_field_bind(&seeds_field, recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_seeds(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_text_add(text, "seeds:\n");
    kedge_schema_print(&seeds_schema, recipe, 2, text);
}

/* ---- the table ---- */

const kedge_recipe_section kedge_recipe_sections[] = {
    {.key = "title", .bind = bind_title, .print = print_title,
     .value = "text", .fallback = "none", .doc = "What figures and tables are headed with."},
    {.key = "data", .required = true, .bind = bind_data, .print = print_data,
     .value = "a map", .doc = "The points that the model learns, and how batches are drawn from them.",
     .title = "data", .schema = describe_data},
    {.key = "test", .bind = bind_test, .print = print_test,
     .value = "a map", .fallback = "`rgb-validation` for an `rgb-grid`; 8 x 8 x 8 colours for an `hsv-grid`; else the "
         "points of `data`",
     .doc = "The points that reconstruction is measured on.",
     .title = "test", .schema = describe_test},
    {.key = "labels", .bind = bind_labels, .print = print_labels,
     .value = "a map of names to labels", .fallback = "none",
     .doc = "Who is said to carry a concept, and how surely; a formula alone is the label's rate.",
     .title = "a label", .schema = describe_label},
    {.key = "model", .required = true, .bind = bind_model, .print = print_model,
     .value = "a map", .doc = "The network.", .title = "model", .schema = describe_model},
    {.key = "terms", .bind = bind_terms, .print = print_terms,
     .value = "a map of names to terms", .fallback = "none",
     .doc = "The regularizers; a term's name is its column in the schedule.",
     .title = "a term", .schema = describe_term},
    {.key = "schedule", .required = true, .bind = bind_schedule, .print = print_schedule,
     .value = "the path of a CSV sheet, or a map of names to numbers",
     .doc = "The learning rate `lr`, and a weight per term; a term that is not named has weight 1."},
    {.key = "steps", .bind = bind_steps, .print = print_steps,
     .value = "a whole number from 1 to 10000000",
     .fallback = "the sheet's number of steps; required without a sheet", .doc = "Updates in a run."},
    {.key = "hold", .bind = bind_hold, .print = print_hold,
     .value = "a whole number below `steps`", .fallback = "none",
     .doc = "Updates past this step of the schedule read its values there."},
    {.key = "optimizer", .bind = bind_optimizer, .print = print_optimizer,
     .value = "a map", .fallback = "`{kind: adam}`", .doc = "What makes updates of gradients.",
     .title = "optimizer", .schema = describe_optimizer},
    {.key = "seeds", .bind = bind_seeds, .print = print_seeds,
     .value = "a whole number of at least 1, or a map", .fallback = "`1`",
     .doc = "How many runs, from seed 0 on; or which.", .title = "seeds", .schema = describe_seeds},
};

const int kedge_n_recipe_sections = sizeof kedge_recipe_sections / sizeof *kedge_recipe_sections;

void kedge_recipe_bind(kedge_recipe_loader *l)
{
    const char *known[sizeof kedge_recipe_sections / sizeof *kedge_recipe_sections];
    for (int i = 0; i < kedge_n_recipe_sections; i++) known[i] = kedge_recipe_sections[i].key;

    for (const kedge_yaml *node = l->root->child; node; node = node->next) {
        bool found = false;
        for (int i = 0; i < kedge_n_recipe_sections && !found; i++) found = strcmp(node->key, known[i]) == 0;
        if (found) continue;
        char hint[512];
        kedge_suggest(node->key, known, kedge_n_recipe_sections, hint, sizeof hint);
        kedge_yaml_key_error(&l->errors, node, "unknown key '%s' in %s%s", kedge_clip_text(node->key).text, recipe_name,
                             hint);
    }
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        const kedge_recipe_section *section = &kedge_recipe_sections[i];
        const kedge_yaml *node = kedge_yaml_get(l->root, section->key);
        if (!node && section->required)
            kedge_yaml_error(&l->errors, l->root, "missing key '%s' in %s; must be %s", section->key, recipe_name,
                             section->value);
        section->bind(l, node);
    }
}
