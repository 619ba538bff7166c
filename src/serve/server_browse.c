/* server_browse.c - the routes of finished runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "kedge/store.h"
#include "run/directory.h"
#include "serve/server_folder.h"
#include "serve/server_site.h"
#include "show/page.h"

enum { NAME_BYTES = 1024, STORE_ROWS = 5000 };

/* By how it begins, whatever its name: a store with SQLite's name; a model with 8 bytes of length, of which none uses
 * the last, then JSON. The first bytes of a recipe are text. */
static bool recognize_file(const char *path, kedge_browse_kind *kind)
{
    static const char mark[] = "SQLite format 3";
    char begin[sizeof mark] = "";
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(begin, 1, sizeof begin, file) : 0;
    if (file) fclose(file);
    if (n < sizeof begin) return false;
    *kind = memcmp(begin, mark, sizeof mark) == 0 ? KEDGE_BROWSE_STORE : KEDGE_BROWSE_MODEL;
    return *kind == KEDGE_BROWSE_STORE || (begin[7] == '\0' && begin[8] == '{');
}

bool kedge_browse_recognize(kedge_context *ctx, const char *path, kedge_browse_kind *kind)
{
    if (kedge_is_file(path)) return recognize_file(path, kind);
    if (!kedge_is_directory(path)) return false;
    *kind = kedge_folder_is_run(ctx, path) ? KEDGE_BROWSE_DIRECTORY : KEDGE_BROWSE_FOLDER;
    if (*kind == KEDGE_BROWSE_DIRECTORY) return true;
    kedge_folder folder;
    bool any = kedge_folder_read(&folder, ctx, path) == KEDGE_OK && folder.n > 0;
    kedge_folder_release(&folder);
    return any;
}

/* ---- what is asked for */

static kedge_status report(const kedge_browse *self, const char *path, const long long *seed, kedge_text *json)
{
    const kedge_page_options options = {
        .inputs = &path, .n_inputs = 1, .seeds = seed, .n_seeds = seed ? 1 : 0, .figures = true};
    return kedge_page_of_run(self->ctx, &options, json);
}

static kedge_status not_there(const char *what)
{
    return kedge_fail(KEDGE_EINVALID, "there is no such %s here", what);
}

/* A run directory: the seed that the query names, else 'otherwise', else (-1) the list. 'href' is what stands before
 * a seed's number in a link. */
static kedge_status run(const kedge_browse *self, const char *path, const char *query, long long otherwise,
                        const char *href, kedge_text *json)
{
    char text[32], *end;
    long long seed = otherwise;
    const char *slash = strrchr(path, '/');
    if (kedge_http_query(query, "seed", text, sizeof text)) {
        if (strcmp(text, "all") == 0) {
            seed = -1;
        } else {
            seed = strtoll(text, &end, 10);
            if (*end || end == text || seed < 0) return not_there("seed");
        }
    }
    if (seed >= 0) return report(self, path, &seed, json);
    return kedge_page_of_directory(self->ctx, path, slash && slash[1] ? slash + 1 : path, href, json);
}

/* A list that was cut off says so. */
static kedge_status list_folder(const kedge_browse *self, const kedge_folder *runs, kedge_text *json)
{
    kedge_text title;
    kedge_text_init(&title, self->ctx);
    kedge_text_add(&title, self->path);
    if (runs->n >= KEDGE_FOLDER_RUNS) kedge_text_addf(&title, " (%d runs; others are left out)", KEDGE_FOLDER_RUNS);
    kedge_status status = kedge_text_status(&title, "a title");
    if (!status) status = kedge_folder_list(runs, kedge_text_string(&title), json);
    kedge_text_release(&title);
    return status;
}

static kedge_status folder(const kedge_browse *self, const char *query, kedge_text *json)
{
    static const char before[] = "?run=", between[] = "&seed=";
    char name[NAME_BYTES], href[3 * NAME_BYTES + sizeof before + sizeof between];
    kedge_folder runs;
    kedge_status status = kedge_folder_read(&runs, self->ctx, self->path);
    if (status) goto done;
    if (!kedge_http_query(query, "run", name, sizeof name)) {
        status = list_folder(self, &runs, json);
        goto done;
    }
    /* Looked for in the list: no name leads anywhere else. */
    const char *path = kedge_folder_path(&runs, name);
    if (!path) {
        status = not_there("run");
        goto done;
    }
    memcpy(href, before, sizeof before);
    kedge_http_escape(name, href + sizeof before - 1);
    memcpy(href + strlen(href), between, sizeof between);
    status = run(self, path, query, -1, href, json);
done:
    kedge_folder_release(&runs);
    return status;
}

static kedge_status store(const kedge_browse *self, kedge_text *json)
{
    kedge_store_query query = KEDGE_STORE_QUERY_INIT;
    kedge_store *opened = NULL;
    kedge_table *table = NULL;
    kedge_arena arena;
    kedge_arena_init(&arena, self->ctx);
    query.limit = STORE_ROWS;
    kedge_status status = kedge_store_open(&opened, self->ctx, self->path);
    if (!status) status = kedge_store_runs(&table, opened, &query);
    if (status) goto done;
    size_t n = (size_t)kedge_table_rows(table);
    const char **names = kedge_arena_alloc(&arena, n + 1, sizeof *names);
    const char **hrefs = kedge_arena_alloc(&arena, n + 1, sizeof *hrefs);
    int id = kedge_table_column(table, "id");
    for (size_t i = 0; i < n && names && hrefs; i++) {
        names[i] = kedge_arena_format(&arena, "run %lld", kedge_table_cell(table, (long long)i, id).integer);
        hrefs[i] = "";
        if (!names[i]) names = NULL;
    }
    if (!names || !hrefs) {
        status = kedge_fail_memory("a list of runs");
        goto done;
    }
    const char *slash = strrchr(self->path, '/');
    const char *own = slash ? slash + 1 : self->path;
    const char *title =
        n < STORE_ROWS ? own : kedge_arena_format(&arena, "%s (%d runs; others are left out)", own, STORE_ROWS);
    const kedge_page_list list = {title ? title : own, table, names, hrefs};
    status = kedge_page_of_list(self->ctx, &list, json);
done:
    kedge_table_free(table);
    kedge_store_close(opened);
    kedge_arena_release(&arena);
    return status;
}

static kedge_status write_data(const kedge_browse *self, const char *query, kedge_text *json)
{
    switch (self->kind) {
    case KEDGE_BROWSE_MODEL: return report(self, self->path, NULL, json);
    case KEDGE_BROWSE_DIRECTORY: return run(self, self->path, query, self->seed, "?seed=", json);
    case KEDGE_BROWSE_FOLDER: return folder(self, query, json);
    case KEDGE_BROWSE_STORE: break;
    }
    return store(self, json);
}

static int get_data(void *payload, const kedge_http_request *request, kedge_text *body)
{
    return kedge_site_data(write_data(payload, request->query, body), body, body);
}

static int get_page(void *payload, const kedge_http_request *request, kedge_text *body)
{
    const kedge_browse *self = payload;
    kedge_text json;
    kedge_text_init(&json, self->ctx);
    int status = kedge_site_page(self->ctx, write_data(self, request->query, &json), &json, body);
    kedge_text_release(&json);
    return status;
}

const kedge_server_route kedge_browse_routes[] = {
    {"/", "text/html; charset=utf-8", KEDGE_HTTP_GET, .slow = true, .document = true, .answer = get_page},
    {"/api/page", "application/json", KEDGE_HTTP_GET, .slow = true, .answer = get_data},
    {"/favicon.ico", "image/x-icon", KEDGE_HTTP_GET, .answer = kedge_site_icon},
    {.path = NULL},
};
