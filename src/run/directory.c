/* directory.c - the directory of a run. */
#include "run/directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

enum { RECIPE_BYTES = KEDGE_YAML_BYTES, SHEET_BYTES = 1 << 26, PATH_BYTES = 4096 };

char *kedge_run_seed_folder(kedge_context *ctx, const char *directory, long long seed)
{
    char name[32];
    snprintf(name, sizeof name, "seed-%lld", seed);
    return kedge_path_join(ctx, directory, name);
}

char *kedge_run_seed_file(kedge_context *ctx, const char *directory, long long seed, const char *name)
{
    char *folder = kedge_run_seed_folder(ctx, directory, seed);
    char *path = folder ? kedge_path_join(ctx, folder, name) : NULL;
    kedge_release(ctx, folder);
    return path;
}

/* The next line that counts: the block under the top-level key 'seeds' does not. NULL at the end. */
static const char *next_line(const char *at, size_t *length)
{
    bool skipping = false;
    while (*at) {
        *length = strcspn(at, "\n");
        bool top = *at != ' ' && *at != '-' && *at != '\n';
        if (top) skipping = strncmp(at, "seeds:", 6) == 0;
        if (!skipping) return at;
        at += *length + (at[*length] == '\n');
    }
    *length = 0;
    return NULL;
}

bool kedge_same_recipe(const char *a, const char *b)
{
    for (;;) {
        size_t m, n;
        a = next_line(a, &m);
        b = next_line(b, &n);
        if (!a || !b) return !a && !b;
        if (m != n || memcmp(a, b, n) != 0) return false;
        a += m + (a[m] == '\n');
        b += n + (b[n] == '\n');
    }
}

/* The seed whose folder has this name; exactly as kedge_run_seed_folder writes it, so that nothing else is taken for
 * one. */
static bool is_seed_folder(const char *name, long long *seed)
{
    char own[32];
    if (strncmp(name, "seed-", 5) != 0 || name[5] < '0' || name[5] > '9') return false;
    *seed = strtoll(name + 5, NULL, 10);
    snprintf(own, sizeof own, "seed-%lld", *seed);
    return strcmp(name, own) == 0;
}

/* Whether 'name' is something that a run puts into its directory. */
static bool is_of_a_run(const char *name)
{
    static const char *const known[] = {"recipe.yaml", "schedule.csv", "summary.csv", "summary.json",
                                       "timing.json", "ledger.json"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(name, known[i]) == 0) return true;
    long long seed;
    return is_seed_folder(name, &seed);
}

/* Calls 'visit' for every entry until it returns non-KEDGE_OK. A directory that is not there has none. */
static kedge_status each_entry(const char *directory, kedge_status (*visit)(const char *name, void *payload),
                               void *payload)
{
    DIR *dir = opendir(directory);
    if (!dir && errno == ENOENT) return KEDGE_OK;
    if (!dir) return kedge_fail(KEDGE_EIO, "%s: cannot open the directory: %s", directory, strerror(errno));
    kedge_status status = KEDGE_OK;
    for (struct dirent *entry; !status && (entry = readdir(dir));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) status = visit(entry->d_name, payload);
    closedir(dir);
    return status;
}

/* All but the recipe, which is replaced in the end: cut off before,
the directory is still a run that can be replaced. */
static kedge_status remove_own(const char *name, void *payload)
{
    char path[PATH_BYTES + 256];
    if (!is_of_a_run(name) || strcmp(name, "recipe.yaml") == 0) return KEDGE_OK;
    snprintf(path, sizeof path, "%s/%s", (const char *)payload, name);
    return kedge_remove_tree(path);
}

static kedge_status write_beside(const kedge_recipe *recipe, const char *directory, const char *name,
                                 const char *bytes, size_t length)
{
    char *path = kedge_path_join(recipe->ctx, directory, name);
    if (!path) return kedge_fail_memory("a path");
    kedge_status status = kedge_file_write(recipe->ctx, path, bytes, length);
    kedge_release(recipe->ctx, path);
    return status;
}

/* The schedule first: a directory is a run once its recipe stands there. */
static kedge_status write_recipe(const char *directory, const kedge_recipe *recipe)
{
    kedge_status status = kedge_make_directory(directory);
    if (!status && recipe->sheet_bytes)
        status = write_beside(recipe, directory, "schedule.csv", recipe->sheet_bytes, recipe->sheet_length);
    if (!status) status = write_beside(recipe, directory, "recipe.yaml", recipe->text, strlen(recipe->text));
    return status;
}

/* Whether the file holds these bytes (but for the seeds of a recipe). A missing one does not. */
static kedge_status holds(kedge_context *ctx, const char *directory, const char *name, const char *bytes,
                          size_t length, bool recipe, bool *same)
{
    char *path = kedge_path_join(ctx, directory, name), *found = NULL;
    size_t found_length = 0;
    if (!path) return kedge_fail_memory("a path");
    kedge_status status = KEDGE_OK;
    *same = false;
    if (kedge_is_file(path)) {
        status = kedge_file_read(ctx, path, recipe ? RECIPE_BYTES : SHEET_BYTES, &found, &found_length);
        if (!status)
            *same = recipe ? kedge_same_recipe(found, bytes)
                           : found_length == length && memcmp(found, bytes, length) == 0;
    }
    kedge_release(ctx, found);
    kedge_release(ctx, path);
    return status;
}

typedef struct newcomer {
    const char *directory;
    const kedge_recipe *recipe;
} newcomer;

/* A directory without a recipe may hold nothing but this recipe's sheet: that is where an earlier call was cut off. */
static kedge_status find_stranger(const char *name, void *payload)
{
    const newcomer *self = payload;
    const kedge_recipe *recipe = self->recipe;
    bool begun = false;
    if (recipe->sheet_bytes && strcmp(name, "schedule.csv") == 0) {
        kedge_status status =
            holds(recipe->ctx, self->directory, name, recipe->sheet_bytes, recipe->sheet_length, false, &begun);
        if (status) return status;
    }
    if (begun) return KEDGE_OK;
    return kedge_fail(KEDGE_EEXISTS, "%s: holds '%s' and no run; choose a new or empty directory", self->directory,
                      name);
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat left, right;
    return stat(a, &left) == 0 && stat(b, &right) == 0 && left.st_dev == right.st_dev && left.st_ino == right.st_ino;
}

/* The directory holds 'path', a recipe. If that is the file that is being run it is the user's own. */
static kedge_status reopen(const char *directory, const char *path, const kedge_recipe *recipe, bool force, bool check)
{
    kedge_context *ctx = recipe->ctx;
    char copy[PATH_BYTES];
    bool same = false, same_sheet = true;
    kedge_status status = holds(ctx, directory, "recipe.yaml", recipe->text, strlen(recipe->text), true, &same);
    if (!status && recipe->sheet_bytes)
        status = holds(ctx, directory, "schedule.csv", recipe->sheet_bytes, recipe->sheet_length, false, &same_sheet);
    if (status || (same && same_sheet)) return status;
    if (is_same_file(path, recipe->file))
        return kedge_fail(KEDGE_EEXISTS, "%s: holds the recipe itself; choose another directory", directory);
    if (!force)
        return kedge_fail(KEDGE_EEXISTS,
                          "%s: holds a run with another %s; choose another directory, or replace it with --force",
                          directory, same ? "schedule" : "recipe");
    if (check) return KEDGE_OK;
    snprintf(copy, sizeof copy, "%s", directory);
    status = each_entry(directory, remove_own, copy);
    return status ? status : write_recipe(directory, recipe);
}

static kedge_status check_or_open(const char *directory, const kedge_recipe *recipe, bool force, bool check)
{
    if (strlen(directory) >= PATH_BYTES - 64)
        return kedge_fail(KEDGE_EINVALID, "%s: the path is too long", directory);
    char *path = kedge_path_join(recipe->ctx, directory, "recipe.yaml");
    if (!path) return kedge_fail_memory("a path");
    kedge_status status;
    if (kedge_is_file(path)) {
        status = reopen(directory, path, recipe, force, check);
    } else {
        status = each_entry(directory, find_stranger, &(newcomer){directory, recipe});
        if (!status && !check) status = write_recipe(directory, recipe);
    }
    kedge_release(recipe->ctx, path);
    return status;
}

kedge_status kedge_run_directory_open(const char *directory, const kedge_recipe *recipe, bool force)
{
    return check_or_open(directory, recipe, force, false);
}

kedge_status kedge_run_directory_check(const char *directory, const kedge_recipe *recipe, bool force)
{
    return check_or_open(directory, recipe, force, true);
}

typedef struct seed_list {
    kedge_context *ctx;
    const char *directory;
    long long *seeds;
    size_t n, capacity;
} seed_list;

static kedge_status add_seed(const char *name, void *payload)
{
    seed_list *list = payload;
    long long seed;
    if (!is_seed_folder(name, &seed)) return KEDGE_OK;
    char *model = kedge_run_seed_file(list->ctx, list->directory, seed, "model.safetensors");
    if (!model) return kedge_fail_memory("a list of seeds");
    bool done = kedge_is_file(model); /* a run that was cut off leaves a folder without a model */
    kedge_release(list->ctx, model);
    if (!done) return KEDGE_OK;
    long long *grown = kedge_grow(list->ctx, list->seeds, list->n, &list->capacity, list->n + 1, sizeof *grown);
    if (!grown) return kedge_fail_memory("a list of seeds");
    list->seeds = grown;
    list->seeds[list->n++] = seed;
    return KEDGE_OK;
}

kedge_status kedge_run_directory_seeds(kedge_context *ctx, const char *directory, long long **seeds, size_t *n)
{
    seed_list list = {.ctx = ctx, .directory = directory};
    kedge_status status = each_entry(directory, add_seed, &list);
    if (status) {
        kedge_release(ctx, list.seeds);
        return status;
    }
    *seeds = list.seeds;
    *n = list.n;
    return KEDGE_OK;
}
