/* recipe_parts.h - inside of recipe: how it is read, section by section. */
#ifndef RUN_RECIPE_PARTS_H
#define RUN_RECIPE_PARTS_H

#include "run/recipe.h"
#include "run/schema.h"

enum { KEDGE_RECIPE_LABELS = 32, KEDGE_RECIPE_TERMS = 60, KEDGE_RECIPE_HIDDEN = 100 }; /* at most so many */

/* A recipe that is being read. */
typedef struct kedge_recipe_loader {
    kedge_recipe *recipe;
    kedge_arena scratch;    /* the tree */
    const kedge_yaml *root;
    kedge_errors errors;
    bool with_schedule;
    /* What was read without an error: checks look at nothing else, so that no mistake is reported twice. */
    bool data_ok, test_ok, model_ok, schedule_ok, steps_ok;
    bool label_ok[KEDGE_RECIPE_LABELS], term_ok[KEDGE_RECIPE_TERMS];
} kedge_recipe_loader;

/* One key of a recipe. */
typedef struct kedge_recipe_section {
    const char *key;
    bool required;
    void (*bind)(kedge_recipe_loader *l, const kedge_yaml *node); /* node NULL: absent */
    void (*print)(const kedge_recipe *recipe, kedge_text *text);
    const char *value, *fallback, *doc;        /* for the reference */
    const char *title;                         /* what its map is called there; NULL: it has no keys of its own */
    void (*schema)(kedge_schema *schema);      /* the keys of its map, or of each entry */
} kedge_recipe_section;

/* All keys in their order. */
extern const kedge_recipe_section *const kedge_recipe_sections[];
extern const int kedge_n_recipe_sections;
extern const kedge_recipe_section kedge_section_data, kedge_section_test, kedge_section_labels, kedge_section_model,
    kedge_section_terms, kedge_section_schedule, kedge_section_steps, kedge_section_hold, kedge_section_optimizer,
    kedge_section_seeds;

/* What the whole is called in messages: "the recipe". */
extern const char kedge_recipe_name[];
/* Labels and terms stand in maps from names: checks the map and every name; returns how many entries are read. */
int kedge_recipe_bind_names(kedge_recipe_loader *l, const kedge_yaml *node, const char *noun, int max);
/* A path in the recipe as it can be opened from here. NULL without memory. */
const char *kedge_recipe_beside(kedge_recipe_loader *l, const char *name);

/* Binds every section of l->root into l->recipe. */
void kedge_recipe_bind(kedge_recipe_loader *l);
/* What one section alone cannot know: terms against labels and model, the schedule against the terms, steps. */
void kedge_recipe_check(kedge_recipe_loader *l);
/* Opens the sheet; makes the data sets and works out the labels on them. */
void kedge_recipe_open_schedule(kedge_recipe_loader *l);
void kedge_recipe_open_data(kedge_recipe_loader *l);

/* The resolved text. */
void kedge_recipe_print(const kedge_recipe *recipe, kedge_text *text);

#endif
