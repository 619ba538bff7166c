/* recipe.c - from a file to a recipe, checked and resolved. */
#include "run/recipe.h"

#include <string.h>

#include "base/file.h"
#include "run/gates.h"
#include "run/recipe_parts.h"

/* Reads all that the tree says into l->recipe; errors are in l->errors. */
/* Entries that may be a formula alone, short for a map with nothing but this key. */
static const struct {
    const char *map, *key;
} shorts[] = {{"labels", "rate"}, {"data.sets", "where"}};

/* Makes a map of each short entry, so that '--set labels.NAME.mode=soft' finds its place. False after an error. */
static bool unfold(kedge_recipe_loader *l, kedge_yaml *root)
{
    for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
        kedge_yaml *map = kedge_yaml_find(root, shorts[i].map);
        for (kedge_yaml *entry = map && map->kind == KEDGE_YAML_MAP ? map->child : NULL; entry; entry = entry->next) {
            if (entry->kind != KEDGE_YAML_SCALAR) continue;
            kedge_yaml *formula = kedge_arena_alloc(&l->scratch, 1, sizeof *formula);
            if (!formula) {
                kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for '%s'", shorts[i].map);
                return false;
            }
            *formula = *entry;
            formula->key = shorts[i].key;
            formula->next = NULL;
            entry->kind = KEDGE_YAML_MAP;
            entry->child = formula;
            entry->n = 1;
        }
    }
    return true;
}

static void read_tree(kedge_recipe_loader *l, kedge_yaml *root)
{
    l->root = root;
    if (!root || !unfold(l, root)) return;
    if (l->root->kind != KEDGE_YAML_MAP) {
        kedge_yaml_error(&l->errors, l->root, "the recipe is %s; must be a map with keys such as 'data' and 'model'",
                         kedge_show_node(l->root).text);
        return;
    }
    kedge_recipe_bind(l);
    kedge_recipe_open_schedule(l);
    kedge_recipe_check(l);
    kedge_recipe_open_data(l);
    if (l->errors.count == 0 && kedge_recipe_reacts(l->recipe)) kedge_gates_check(l->recipe, &l->errors);
}

/* Writes the resolved text and hands the recipe over, or frees it and reports the errors. */
static kedge_status finish(kedge_recipe_loader *l, kedge_recipe **out)
{
    kedge_recipe *recipe = l->recipe;
    kedge_status status = kedge_errors_status(&l->errors);
    if (!status) {
        kedge_text text;
        kedge_text_init(&text, recipe->ctx);
        kedge_recipe_print(recipe, &text);
        status = kedge_text_status(&text, "the resolved recipe");
        if (!status) {
            recipe->text = kedge_arena_text(&recipe->arena, kedge_text_string(&text));
            if (!recipe->text) status = kedge_fail_memory("the resolved recipe");
        }
        kedge_text_release(&text);
    }
    kedge_arena_release(&l->scratch);
    if (status)
        kedge_recipe_free(recipe);
    else
        *out = recipe;
    return status;
}

/* An empty recipe that was read from 'file'. */
static kedge_status begin(kedge_recipe_loader *l, kedge_context *ctx, const char *file, bool with_schedule)
{
    *l = (kedge_recipe_loader){.with_schedule = with_schedule};
    kedge_recipe *recipe = kedge_alloc_zero(ctx, 1, sizeof *recipe);
    if (!recipe) return kedge_fail_memory("a recipe");
    recipe->ctx = ctx;
    recipe->score_plan = -1;
    kedge_arena_init(&recipe->arena, ctx);
    recipe->file = kedge_arena_text(&recipe->arena, file);
    if (!recipe->file) {
        kedge_recipe_free(recipe);
        return kedge_fail_memory("a recipe");
    }
    l->recipe = recipe;
    kedge_arena_init(&l->scratch, ctx);
    kedge_errors_init(&l->errors);
    return KEDGE_OK;
}

kedge_status kedge_recipe_load(kedge_recipe **out, kedge_context *context, const char *path,
                               const kedge_recipe_options *options)
{
    kedge_recipe_loader l;
    char *inside = NULL;
    if (kedge_is_directory(path)) {
        inside = kedge_path_join(context, path, "recipe.yaml");
        if (!inside) return kedge_fail_memory("a path");
    }
    kedge_status status = begin(&l, context, inside ? inside : path, true);
    kedge_release(context, inside);
    if (status) return status;

    kedge_yaml *root = NULL;
    kedge_yaml_load(&root, &l.scratch, l.recipe->file, &l.errors);
    for (int i = 0; root && options && i < options->n_set && unfold(&l, root); i++)
        kedge_yaml_assign(root, &l.scratch, options->set[i], &l.errors);
    read_tree(&l, root);
    return finish(&l, out);
}

kedge_status kedge_recipe_from_text(kedge_recipe **out, kedge_context *ctx, const char *name, const char *text,
                                    const char *sheet)
{
    kedge_recipe_loader l;
    kedge_status status = begin(&l, ctx, name, sheet != NULL);
    if (status) return status;
    l.sheet = sheet;
    kedge_yaml *root = NULL;
    kedge_yaml_parse(&root, &l.scratch, l.recipe->file, text, strlen(text), &l.errors);
    read_tree(&l, root);
    return finish(&l, out);
}

void kedge_recipe_free(kedge_recipe *recipe)
{
    if (!recipe) return;
    kedge_schedule_free(recipe->sheet);
    kedge_sampler_free(recipe->sampler);
    kedge_sets_free(recipe->point_sets);
    if (recipe->test_set != recipe->dataset) kedge_dataset_free(recipe->test_set);
    kedge_dataset_free(recipe->dataset);
    kedge_arena_release(&recipe->arena);
    kedge_release(recipe->ctx, recipe);
}

const char *kedge_recipe_text(const kedge_recipe *recipe)
{
    return recipe->text;
}

const char *kedge_recipe_title(const kedge_recipe *recipe)
{
    return recipe->title ? recipe->title : "";
}

long long kedge_recipe_first_seed(const kedge_recipe *recipe)
{
    return recipe->first_seed;
}

long long kedge_recipe_seed_count(const kedge_recipe *recipe)
{
    return recipe->n_seeds;
}

int kedge_recipe_steps(const kedge_recipe *recipe)
{
    return (int)recipe->steps;
}
