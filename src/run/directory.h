/* directory.h - the directory of a run: whose it is, and which seeds it holds. */
#ifndef RUN_DIRECTORY_H
#define RUN_DIRECTORY_H

#include "run/recipe.h"

/* Makes the directory a run of 'recipe': writes schedule.csv and recipe.yaml, or finds that it holds this very recipe
 * (the seeds asked for may differ). KEDGE_EEXISTS if it holds another one ('force' clears it first), the file that
 * 'recipe' was read from, or files and no run (neither is ever cleared). KEDGE_EIO. */
kedge_status kedge_run_directory_open(const char *directory, const kedge_recipe *recipe, bool force);

/* The same without a change: what kedge_run_directory_open would say before it writes or clears anything. */
kedge_status kedge_run_directory_check(const char *directory, const kedge_recipe *recipe, bool force);

/* Folder of a seed and a file in it, in new blocks that the caller releases; NULL without memory. */
char *kedge_run_seed_folder(kedge_context *ctx, const char *directory, long long seed);
char *kedge_run_seed_file(kedge_context *ctx, const char *directory, long long seed, const char *name);

/* The seeds that have a model there, in a new block that the caller releases; unsorted. */
kedge_status kedge_run_directory_seeds(kedge_context *ctx, const char *directory, long long **seeds, size_t *n);

/* Whether two resolved recipes are the same but for the seeds they ask for. */
bool kedge_same_recipe(const char *a, const char *b);

#endif
