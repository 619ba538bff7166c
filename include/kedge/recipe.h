/* recipe.h - one YAML file that says all of a run: data, labels, model, terms, schedule, seeds. */
#ifndef KEDGE_RECIPE_H
#define KEDGE_RECIPE_H

#include "kedge/context.h"
#include "kedge/schedule.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A recipe, read, checked and resolved. Read-only: threads may share it. */
typedef struct kedge_recipe kedge_recipe;

typedef struct kedge_recipe_options {
    const char *const *set; /* assignments "path=value" that are applied over the file, in order; may be NULL */
    int n_set;
} kedge_recipe_options;

#define KEDGE_RECIPE_OPTIONS_INIT {0}

/* Reads a recipe, its schedule and its data, and checks all of it; every error that can be found is reported at
 * once, one line each: 'file:line:column: what is wrong; what would be right'. Relative paths in the file are
 * seen from the file's own folder. If 'path' is a folder, its recipe.yaml is read. 'options' may be NULL.
 * KEDGE_EIO, KEDGE_EFORMAT, KEDGE_EINVALID, KEDGE_ENOMEM. The context must outlive the recipe. */
KEDGE_API kedge_status kedge_recipe_load(kedge_recipe **out, kedge_context *context, const char *path,
                                         const kedge_recipe_options *options);
KEDGE_API void kedge_recipe_free(kedge_recipe *recipe);

/* The resolved recipe as YAML: every key with its value, defaults too, in a fixed order; loading it gives the
 * same recipe. Its sheet is called schedule.csv, as a run directory has it beside this text. Owned by the recipe. */
KEDGE_API const char *kedge_recipe_text(const kedge_recipe *recipe);
/* The same, but with the sheet under the path that the recipe names: to stand in the recipe's folder. The caller frees
 * *text with kedge_free. KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_recipe_write(const kedge_recipe *recipe, char **text);
KEDGE_API const char *kedge_recipe_title(const kedge_recipe *recipe);

/* The seeds that it asks for: first, first + 1, ..., first + count - 1. */
KEDGE_API long long kedge_recipe_first_seed(const kedge_recipe *recipe);
KEDGE_API long long kedge_recipe_seed_count(const kedge_recipe *recipe);
/* Updates in one run. */
KEDGE_API int kedge_recipe_steps(const kedge_recipe *recipe);

/* The reference of all keys, as Markdown, made from the tables that the parser uses. The caller frees *text with
 * kedge_free. */
KEDGE_API kedge_status kedge_recipe_reference(kedge_context *context, char **text);

#ifdef __cplusplus
}
#endif
#endif
