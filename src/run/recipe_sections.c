/* recipe_sections.c - the keys of a recipe: one table that reads, prints and documents them. */
#include <string.h>

#include "base/file.h"
#include "run/recipe_parts.h"

const char kedge_recipe_name[] = "the recipe";

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_name(const char *name)
{
    return name[0] && strchr(LETTERS, name[0]) && name[strspn(name, LETTERS "0123456789_-")] == '\0' &&
           strlen(name) <= 60;
}

int kedge_recipe_bind_names(kedge_recipe_loader *l, const kedge_yaml *node, const char *noun, int max)
{
    if (!node) return 0;
    if (node->kind != KEDGE_YAML_MAP) {
        kedge_yaml_error(&l->errors, node, "'%ss' in %s is %s; must be a map of names to %ss", noun, kedge_recipe_name,
                         kedge_show_node(node).text, noun);
        return 0;
    }
    int n = 0;
    for (const kedge_yaml *entry = node->child; entry; entry = entry->next, n++) {
        if (n == max) {
            kedge_yaml_key_error(&l->errors, entry, "%d %ss are too many; must be at most %d", node->n, noun, max);
            return n;
        }
        if (is_name(entry->key)) continue;
        const char *cut = kedge_cut_hint(entry->key);
        kedge_yaml_key_error(&l->errors, entry, "'%s' is no name for a %s%s", kedge_clip_text(entry->key).text, noun,
                             cut ? cut : "; must be a letter, then letters, digits, '_' or '-', at most 60 in all");
    }
    return n;
}

const char *kedge_recipe_beside(kedge_recipe_loader *l, const char *name)
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
    kedge_field_bind(&title_field, kedge_recipe_name, node, &l->recipe->arena, &l->errors, l->recipe);
}

static void print_title(const kedge_recipe *recipe, kedge_text *text)
{
    kedge_field_print(&title_field, recipe, 0, text);
}

static const kedge_recipe_section title_section = {
    .key = "title", .bind = bind_title, .print = print_title,
    .value = "text", .fallback = "none", .doc = "What figures and tables are headed with.",
};

/* ---- the table ---- */

const kedge_recipe_section *const kedge_recipe_sections[] = {
    &title_section,
    &kedge_section_data,
    &kedge_section_test,
    &kedge_section_labels,
    &kedge_section_model,
    &kedge_section_terms,
    &kedge_section_schedule,
    &kedge_section_steps,
    &kedge_section_hold,
    &kedge_section_optimizer,
    &kedge_section_plans,
    &kedge_section_score,
    &kedge_section_seeds,
};

const int kedge_n_recipe_sections = sizeof kedge_recipe_sections / sizeof *kedge_recipe_sections;

void kedge_recipe_bind(kedge_recipe_loader *l)
{
    const char *known[sizeof kedge_recipe_sections / sizeof *kedge_recipe_sections];
    for (int i = 0; i < kedge_n_recipe_sections; i++) known[i] = kedge_recipe_sections[i]->key;

    for (const kedge_yaml *node = l->root->child; node; node = node->next) {
        bool found = false;
        for (int i = 0; i < kedge_n_recipe_sections && !found; i++) found = strcmp(node->key, known[i]) == 0;
        if (found) continue;
        char hint[512];
        kedge_suggest(node->key, known, kedge_n_recipe_sections, hint, sizeof hint);
        kedge_yaml_key_error(&l->errors, node, "unknown key '%s' in %s%s", kedge_clip_text(node->key).text,
                             kedge_recipe_name, hint);
    }
    for (int i = 0; i < kedge_n_recipe_sections; i++) {
        const kedge_recipe_section *section = kedge_recipe_sections[i];
        const kedge_yaml *node = kedge_yaml_get(l->root, section->key);
        if (!node && section->required)
            kedge_yaml_error(&l->errors, l->root, "missing key '%s' in %s; must be %s", section->key, kedge_recipe_name,
                             section->value);
        section->bind(l, node);
    }
}
