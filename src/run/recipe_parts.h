/* recipe_parts.h - inside of recipe: how it is read, section by section. */
#ifndef RUN_RECIPE_PARTS_H
#define RUN_RECIPE_PARTS_H

#include "format/csv.h"
#include "run/recipe.h"
#include "run/schema.h"

enum { /* at most so many */
    KEDGE_RECIPE_LABELS = 32,
    KEDGE_RECIPE_TERMS = 60,
    KEDGE_RECIPE_HIDDEN = 100,
    KEDGE_RECIPE_PLANS = 16,
    KEDGE_RECIPE_PLAN_STEPS = 16 /* of one plan */
};

/* A recipe that is being read. */
typedef struct kedge_recipe_loader {
    kedge_recipe *recipe;
    kedge_arena scratch;    /* the tree */
    const kedge_yaml *root;
    kedge_errors errors;
    bool with_schedule;
    const char *sheet;      /* its bytes; NULL: read from its file */
    const kedge_yaml *constants; /* the map of a schedule of constants; one in it is made flat */
    /* What was read without an error: checks look at nothing else, so that no mistake is reported twice. */
    bool data_ok, sets_ok, test_ok, model_ok, schedule_ok, steps_ok;
    bool label_ok[KEDGE_RECIPE_LABELS], term_ok[KEDGE_RECIPE_TERMS], plan_ok[KEDGE_RECIPE_PLANS], score_ok;
} kedge_recipe_loader;

/* The keys of a map for the reference, and what the map is called there. */
typedef struct kedge_recipe_map {
    const char *title;
    void (*schema)(kedge_schema *schema);
} kedge_recipe_map;

/* One key of a recipe. */
typedef struct kedge_recipe_section {
    const char *key;
    bool required;
    void (*bind)(kedge_recipe_loader *l, const kedge_yaml *node); /* node NULL: absent */
    void (*print)(const kedge_recipe *recipe, kedge_text *text);
    const char *value, *fallback, *doc; /* for the reference */
    kedge_recipe_map maps[4];           /* its map, or its entries', and those in them; ended by one without title */
} kedge_recipe_section;

/* All keys in their order. */
extern const kedge_recipe_section *const kedge_recipe_sections[];
extern const int kedge_n_recipe_sections;
extern const kedge_recipe_section kedge_section_data, kedge_section_test, kedge_section_labels, kedge_section_model,
    kedge_section_terms, kedge_section_schedule, kedge_section_steps, kedge_section_hold, kedge_section_optimizer,
    kedge_section_plans, kedge_section_score, kedge_section_seeds;

/* What the whole is called in messages: "the recipe". */
extern const char kedge_recipe_name[];
/* Labels and terms stand in maps from names: checks the map and every name; returns how many entries are read. */
int kedge_recipe_bind_names(kedge_recipe_loader *l, const kedge_yaml *node, const char *noun, int max);
/* A path in the recipe as it can be opened from here. NULL without memory. */
const char *kedge_recipe_beside(kedge_recipe_loader *l, const char *name);

/* Binds every section of l->root into l->recipe. */
void kedge_recipe_bind(kedge_recipe_loader *l);
/* What one section alone cannot know: terms against labels and model, plans against the model, the score against the
 * plans, the schedule against the terms, steps. */
void kedge_recipe_check(kedge_recipe_loader *l);
void kedge_recipe_check_plans(kedge_recipe_loader *l);
/* The actions of the sheet, which is read already. */
void kedge_recipe_check_actions(kedge_recipe_loader *l, const kedge_csv *csv);
/* The map of step k of a plan, whose node is 'plan': one of its list, or the plan itself. */
const kedge_yaml *kedge_recipe_step_node(const kedge_yaml *plan, int k);
/* The keys of a surgery, 'surgery' among them. */
void kedge_surgery_schema(kedge_schema *schema);
/* "plan 'red-out'", or "steps[1] of plan 'red-out'" where it has several: for messages. Written to text[size]. */
void kedge_recipe_step_what(const kedge_plan_options *plan, int k, char *text, size_t size);

/* ---- sets of data ---- */

void kedge_recipe_describe_set(kedge_schema *schema);
/* 'data': the node of the section, or NULL. */
void kedge_recipe_bind_sets(kedge_recipe_loader *l, const kedge_yaml *data);
void kedge_recipe_print_sets(const kedge_recipe *recipe, kedge_text *text);
/* Their phases against the schedule; that some point can be drawn at each step. After steps are known. */
void kedge_recipe_check_sets(kedge_recipe_loader *l);
/* KEDGE_EINVALID with the first step at which all sets have the factor 0; KEDGE_ENOMEM. The schedule must be there. */
kedge_status kedge_recipe_sets_drawn(const kedge_recipe *recipe);
/* After the data set and the sampler are made. */
void kedge_recipe_open_sets(kedge_recipe_loader *l);

/* Opens the sheet; makes the data sets and works out the labels and targets on them. */
void kedge_recipe_open_schedule(kedge_recipe_loader *l);
void kedge_recipe_open_data(kedge_recipe_loader *l);

/* ---- sites ---- */

/* The sites of a model and their widths. */
typedef struct kedge_sites {
    int n;
    const char **names;
    int64_t *widths;
} kedge_sites;
/* False without memory. */
bool kedge_sites_list(kedge_sites *out, const kedge_model_options *model, kedge_arena *arena);

/* A map that acts at a site, while it is checked. */
typedef struct kedge_site_check {
    kedge_errors *errors;
    const char *what;       /* in messages: "term 'anchor'" */
    const kedge_yaml *node; /* the map */
    const char *site;
    int64_t width; /* of the site, after kedge_check_site */
} kedge_site_check;

/* Each adds what is wrong with its key, at its place; false after an error. Directions: between 1e-6 and 1e6 long. */
bool kedge_check_site(kedge_site_check *c, const kedge_sites *all);
bool kedge_check_dims(const kedge_site_check *c, const kedge_ints *dims);
bool kedge_check_vector(const kedge_site_check *c, const char *key, const kedge_reals *at, bool is_direction);
/* The node of a key of the map, or of item i of its list (i >= 0); the map itself where it is not written. */
const kedge_yaml *kedge_site_node(const kedge_site_check *c, const char *key, int i);
bool kedge_variant_has(const kedge_variant *variant, const char *key);

/* The resolved text. */
void kedge_recipe_print(const kedge_recipe *recipe, kedge_text *text);

#endif
