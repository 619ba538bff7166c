/* models.c - the model file that an argument means. */
#include "models.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "message.h"

enum { SHOWN = 5 }; /* seeds that a message names, where they do not follow one another */

static bool is_directory(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

/* The number of a folder 'seed-N', or -1. */
static long long seed_of(const char *name)
{
    if (strncmp(name, "seed-", 5) != 0) return -1;
    size_t digits = strspn(name + 5, "0123456789");
    return digits > 0 && digits <= 15 && name[5 + digits] == '\0' ? strtoll(name + 5, NULL, 10) : -1;
}

/* False: the path is too long. */
static bool write_path(char *path, const char *directory, long long seed)
{
    size_t end = strlen(directory);
    while (end > 1 && directory[end - 1] == '/') end--;
    const char *slash = end == 1 && *directory == '/' ? "" : "/";
    int length = snprintf(path, PATH_MAX, "%.*s%sseed-%lld/model.safetensors", (int)end, directory, slash, seed);
    return length < PATH_MAX;
}

static bool has_model(char *path, const char *directory, long long seed)
{
    struct stat info;
    return write_path(path, directory, seed) && stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

/* What seeds of a directory have a model: how many, and the lowest ones in order. */
typedef struct seed_list {
    long long n, highest;
    long long lowest[SHOWN];
} seed_list;

static void add_seed(seed_list *list, long long seed)
{
    long long at = list->n < SHOWN ? list->n : SHOWN;
    for (; at > 0 && list->lowest[at - 1] > seed; at--)
        if (at < SHOWN) list->lowest[at] = list->lowest[at - 1];
    if (at < SHOWN) list->lowest[at] = seed;
    if (list->n++ == 0 || seed > list->highest) list->highest = seed;
}

/* False: the directory cannot be read, errno says why. */
static bool list_seeds(seed_list *list, const char *directory)
{
    char path[PATH_MAX];
    *list = (seed_list){0};
    DIR *folder = opendir(directory);
    if (!folder) return false;
    for (struct dirent *entry; (entry = readdir(folder));) {
        long long seed = seed_of(entry->d_name);
        /* 'seed-007' is a name that no run gives */
        char name[32];
        snprintf(name, sizeof name, "seed-%lld", seed);
        if (seed >= 0 && strcmp(name, entry->d_name) == 0 && has_model(path, directory, seed)) add_seed(list, seed);
    }
    closedir(folder);
    return true;
}

/* "seed 0 has one", "seeds 0 to 59 have one", "seeds 3, 7, 9, 12, 20 and 31 more have one". */
static void write_seeds(const seed_list *list, char *text, size_t size)
{
    long long first = list->lowest[0];
    size_t used = 0;
    if (list->n == 1) {
        snprintf(text, size, "seed %lld has one", first);
        return;
    }
    if (list->n > 2 && list->highest - first == list->n - 1) {
        snprintf(text, size, "seeds %lld to %lld have one", first, list->highest);
        return;
    }
    for (int i = 0; i < list->n && i < SHOWN; i++) {
        const char *before = i == 0 ? "seeds " : i == list->n - 1 ? " and " : ", ";
        used += (size_t)snprintf(text + used, size - used, "%s%lld", before, list->lowest[i]);
    }
    if (list->n > SHOWN)
        snprintf(text + used, size - used, " and %lld more have one", list->n - SHOWN);
    else
        snprintf(text + used, size - used, " have one");
}

static int no_model(const char *directory, long long seed)
{
    seed_list list;
    char seeds[160];
    if (!list_seeds(&list, directory)) {
        cli_say("%s: cannot open: %s", directory, strerror(errno));
    } else if (list.n == 0) {
        cli_say("%s: no model in it; 'kedge run' writes seed-N/model.safetensors", directory);
    } else {
        write_seeds(&list, seeds, sizeof seeds);
        cli_say("%s: no model of seed %lld; %s", directory, seed, seeds);
    }
    return CLI_FAILED;
}

int cli_model_find(cli_model_file *file, const cli_command *command, const char *from, long long seed)
{
    seed_list list;
    file->searched = false;
    if (!is_directory(from)) {
        if (seed >= 0) return cli_wrong(command, "--seed picks a model of a run directory; '%s' is none", from);
        if (snprintf(file->path, sizeof file->path, "%s", from) < (int)sizeof file->path) return CLI_OK;
        cli_say("%s: the path is too long", from);
        return CLI_FAILED;
    }
    if (seed < 0 && list_seeds(&list, from) && list.n > 0) seed = list.lowest[0];
    return seed >= 0 && has_model(file->path, from, seed) ? CLI_OK : no_model(from, seed);
}

int cli_model_find_best(cli_model_file *file, kedge_context *context, const cli_command *command, const char *from,
                        long long seed, const kedge_recipe *recipe)
{
    if (seed >= 0 || !is_directory(from)) return cli_model_find(file, command, from, seed);
    if (kedge_evaluate_best(&file->best, context, from, recipe)) return cli_failed();
    int status = cli_model_find(file, command, from, file->best.seed);
    file->searched = status == CLI_OK;
    return status;
}

void cli_model_say(const cli_model_file *file, const char *from)
{
    const kedge_best_seed *best = &file->best;
    if (file->searched) cli_say("%s: seed %lld, the best of %lld by %s", from, best->seed, best->of, best->metric);
}

int cli_model_check_file(const char *path)
{
    seed_list list;
    char model[PATH_MAX];
    if (!is_directory(path)) return CLI_OK;
    if (!list_seeds(&list, path) || list.n == 0) return no_model(path, -1);
    if (!write_path(model, path, list.lowest[0])) snprintf(model, sizeof model, "seed-%lld", list.lowest[0]);
    cli_say("%s: is a directory; give a model file, such as %s", path, model);
    return CLI_FAILED;
}
