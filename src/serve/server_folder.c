/* server_folder.c - the run directories in a folder, and in folders in it. */
#include "serve/server_folder.h"

#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sort.h"
#include "format/csv.h"
#include "run/directory.h"
#include "serve/http.h"
#include "show/page.h"
#include "store/table.h"

enum { SUMMARY_BYTES = 64 << 20 };

static size_t count_seeds(kedge_context *ctx, const char *path)
{
    long long *seeds = NULL;
    size_t n = 0;
    char *recipe = kedge_path_join(ctx, path, "recipe.yaml");
    if (recipe && kedge_is_file(recipe) && kedge_run_directory_seeds(ctx, path, &seeds, &n)) n = 0;
    kedge_release(ctx, seeds);
    kedge_release(ctx, recipe);
    return n;
}

bool kedge_folder_is_run(kedge_context *ctx, const char *path)
{
    return count_seeds(ctx, path) > 0;
}

static kedge_status add_run(kedge_folder *self, const char *name, const char *path, size_t n_seeds)
{
    kedge_folder_run *runs = kedge_grow(self->ctx, self->runs, self->n, &self->room, self->n + 1, sizeof *runs);
    const char *own_name = kedge_arena_text(&self->arena, name), *own_path = kedge_arena_text(&self->arena, path);
    if (runs) self->runs = runs;
    if (!runs || !own_name || !own_path) return kedge_fail_memory("a list of runs");
    runs[self->n++] = (kedge_folder_run){own_name, own_path, n_seeds};
    return KEDGE_OK;
}

static kedge_status look_into(kedge_folder *self, const char *path, const char *name, int depth);

static kedge_status look_at(kedge_folder *self, const char *folder, const char *prefix, const char *entry, int depth)
{
    char *path = kedge_path_join(self->ctx, folder, entry);
    char *name = *prefix ? kedge_path_join(self->ctx, prefix, entry) : NULL;
    const char *known_as = *prefix ? name : entry;
    kedge_status status = path && known_as ? KEDGE_OK : kedge_fail_memory("a list of runs");
    if (!status && kedge_is_directory(path)) {
        size_t n_seeds = count_seeds(self->ctx, path);
        status = n_seeds > 0 ? add_run(self, known_as, path, n_seeds) : look_into(self, path, known_as, depth + 1);
    }
    kedge_release(self->ctx, path);
    kedge_release(self->ctx, name);
    return status;
}

static kedge_status look_into(kedge_folder *self, const char *path, const char *name, int depth)
{
    if (depth >= KEDGE_FOLDER_DEPTH) return KEDGE_OK;
    DIR *open = opendir(path);
    const struct dirent *entry;
    kedge_status status = KEDGE_OK;
    while (open && !status && self->n < KEDGE_FOLDER_RUNS && self->looked_at < KEDGE_FOLDER_ENTRIES &&
           (entry = readdir(open))) {
        self->looked_at++;
        if (entry->d_name[0] == '.') continue;
        status = look_at(self, path, name, entry->d_name, depth);
    }
    if (open) closedir(open);
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strverscmp(((const kedge_folder_run *)a)->name, ((const kedge_folder_run *)b)->name);
}

kedge_status kedge_folder_read(kedge_folder *folder, kedge_context *ctx, const char *path)
{
    *folder = (kedge_folder){.ctx = ctx};
    kedge_arena_init(&folder->arena, ctx);
    kedge_status status = look_into(folder, path, "", 0);
    if (folder->n > 1) qsort(folder->runs, folder->n, sizeof *folder->runs, by_name);
    return status;
}

void kedge_folder_release(kedge_folder *folder)
{
    kedge_release(folder->ctx, folder->runs);
    kedge_arena_release(&folder->arena);
    *folder = (kedge_folder){0};
}

const char *kedge_folder_path(const kedge_folder *folder, const char *name)
{
    for (size_t i = 0; i < folder->n; i++)
        if (strcmp(folder->runs[i].name, name) == 0) return folder->runs[i].path;
    return NULL;
}

/* ---- the list */

/* Of the numbers in a column; NaN where there are none. */
static double median(kedge_arena *arena, const kedge_csv *csv, const char *name)
{
    int column = kedge_csv_column(csv, name);
    double *values = kedge_arena_alloc(arena, (size_t)csv->rows + 1, sizeof *values);
    size_t n = 0;
    for (int row = 0; column >= 0 && values && row < csv->rows; row++)
        n += kedge_csv_real(kedge_csv_at(csv, row, column), &values[n]);
    if (n == 0) return NAN;
    kedge_sort_reals(values, n);
    return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* A run without a summary, or one that cannot be read, is in the list all the same. */
static void add_row(kedge_table *table, kedge_context *ctx, const kedge_folder_run *run)
{
    kedge_csv csv = {0};
    kedge_errors errors;
    kedge_arena arena;
    int at = 0, failed = 0;
    char *path = kedge_path_join(ctx, run->path, "summary.csv");
    kedge_arena_init(&arena, ctx);
    kedge_errors_init(&errors);
    bool known = path && kedge_csv_load(&csv, &arena, path, SUMMARY_BYTES, &errors);
    int status = known ? kedge_csv_column(&csv, "status") : -1;
    for (int row = 0; status >= 0 && row < csv.rows; row++)
        failed += strcmp(kedge_csv_at(&csv, row, status)->text, "failed") == 0;
    kedge_table_add_row(table);
    kedge_table_put_integer(table, &at, (long long)run->n_seeds);
    if (status >= 0) kedge_table_put_integer(table, &at, failed);
    else kedge_table_put_none(table, &at);
    kedge_table_put_real(table, &at, known ? median(&arena, &csv, "score") : NAN);
    kedge_table_put_real(table, &at, known ? median(&arena, &csv, "recon_mse") : NAN);
    kedge_arena_release(&arena);
    kedge_release(ctx, path);
}

static const char *link_to(kedge_arena *arena, const char *name)
{
    static const char before[] = "?run=";
    char *href = kedge_arena_alloc(arena, sizeof before + 3 * strlen(name), 1);
    if (!href) return NULL;
    memcpy(href, before, sizeof before);
    kedge_http_escape(name, href + sizeof before - 1);
    return href;
}

kedge_status kedge_folder_list(const kedge_folder *folder, const char *title, kedge_text *json)
{
    static const char *const columns[] = {"seeds", "failed", "median score", "median recon_mse"};
    kedge_table *table = NULL;
    kedge_arena arena;
    kedge_arena_init(&arena, folder->ctx);
    const char **names = kedge_arena_alloc(&arena, folder->n + 1, sizeof *names);
    const char **hrefs = kedge_arena_alloc(&arena, folder->n + 1, sizeof *hrefs);
    kedge_status status = kedge_table_create(&table, folder->ctx);
    if (!names || !hrefs) status = kedge_fail_memory("a list of runs");
    if (status) goto done;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) kedge_table_add_column(table, columns[i], 0);
    for (size_t i = 0; i < folder->n && !status; i++) {
        names[i] = folder->runs[i].name;
        hrefs[i] = link_to(&arena, names[i]);
        if (!hrefs[i]) status = kedge_fail_memory("a list of runs");
        add_row(table, folder->ctx, &folder->runs[i]);
    }
    if (!status) status = kedge_table_status(table);
    const kedge_page_list list = {title, table, names, hrefs};
    if (!status) status = kedge_page_of_list(folder->ctx, &list, json);
done:
    kedge_table_free(table);
    kedge_arena_release(&arena);
    return status;
}
