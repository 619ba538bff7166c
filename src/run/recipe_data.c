/* recipe_data.c - the sections 'data' and 'test'. */
#include <limits.h>
#include <stdlib.h>

#include "run/recipe_parts.h"

static const kedge_variant *data_variant(int i)
{
    return i < (int)(sizeof kedge_data_variants / sizeof *kedge_data_variants) ? &kedge_data_variants[i] : NULL;
}

static const char *const test_without[] = {"weight", "batch", "epoch", "sets", NULL};
static const char *const besides_data[] = {"sets", NULL};
static const kedge_schema data_schema = {.variant = data_variant, .kind_offset = offsetof(kedge_data_options, kind),
                                         .besides = besides_data};
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
    options->file = kedge_recipe_beside(l, options->file);
    return options->file != NULL;
}

static void bind_data(kedge_recipe_loader *l, const kedge_yaml *node)
{
    l->data_ok = node && bind_points(l, &data_schema, "data", node, &l->recipe->data);
    kedge_recipe_bind_sets(l, node);
}

/* Comes after bind_data. Without the key: for a grid of colours those between them, for weighted hues the even grid,
 * for tables the table itself. */
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
    kedge_recipe_print_sets(recipe, text);
}

static void print_test(const kedge_recipe *recipe, kedge_text *text)
{
    print_points(&test_schema, "test", &recipe->test, text);
}

const kedge_recipe_section kedge_section_data = {
    .key = "data", .required = true, .bind = bind_data, .print = print_data,
    .value = "a map", .doc = "The points that the model learns, and how batches are drawn from them. Besides the keys "
        "of its kind, `sets` is a map of names to at most 16 sets of points, which the schedule's columns `data-NAME` "
        "bring in; a formula alone is a set's `where`.",
    .maps = {{"data", describe_data}, {"a set", kedge_recipe_describe_set}},
};

const kedge_recipe_section kedge_section_test = {
    .key = "test", .bind = bind_test, .print = print_test,
    .value = "a map", .fallback = "`rgb-validation` for an `rgb-grid`; 8 x 8 x 8 colours for an `hsv-grid`; else the "
        "points of `data`",
    .doc = "The points that reconstruction is measured on.",
    .maps = {{"test", describe_test}},
};
