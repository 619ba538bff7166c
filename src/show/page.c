/* page.c - PageData of finished runs, and of lists of runs. */
#include "show/page.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "kedge/version.h"
#include "show/page_parts.h"
#include "show/page_seeds.h"

void kedge_page_begin(kedge_json *json, const char *kind, const char *title)
{
    kedge_json_open(json, '{');
    kedge_json_put_integer(json, "format", 1);
    kedge_json_put_text(json, "kedge", kedge_version());
    kedge_json_put_text(json, "kind", kind);
    kedge_json_put_text(json, "title", title);
}

static void put_empty(kedge_json *json, const char *key)
{
    kedge_json_key(json, key);
    kedge_json_open(json, '[');
    kedge_json_close(json, ']');
}

void kedge_page_end(kedge_json *json)
{
    kedge_json_put_text(json, "seeds", NULL);
    put_empty(json, "figures");
    put_empty(json, "entries");
    kedge_json_close(json, '}');
}

/* ---- reports */

/* One input, and which of its seeds are shown. */
typedef struct part {
    const char *path;
    bool is_directory; /* with seeds in it */
    bool is_file;      /* a model */
    int n;
    long long picked[3];
    const long long *seeds; /* [n]; -1: its own */
} part;

typedef struct report {
    kedge_context *ctx;
    const kedge_page_options *options;
    kedge_arena arena;
    kedge_recipe *recipe;   /* of the first input, where that is a directory */
    kedge_page_seeds seeds; /* likewise */
    part *parts;
    int runs; /* of all parts */
} report;

static bool is_model_file(const char *path)
{
    static const char end[] = ".safetensors";
    size_t length = strlen(path), tail = sizeof end - 1;
    return length > tail && strcmp(path + length - tail, end) == 0 && !kedge_is_directory(path);
}

static kedge_status pick(kedge_page_seeds *seeds, part *own, bool alone)
{
    kedge_status status = kedge_page_seeds_pick(seeds, own->picked, &own->n);
    if (!alone && own->n > 1) own->n = 1; /* the best of each stand side by side */
    own->seeds = own->picked;
    return status;
}

/* What a directory holds; the seeds of the first one are kept for the table. */
static kedge_status look_into(report *self, part *own, bool first)
{
    kedge_recipe *recipe = NULL;
    kedge_page_seeds seeds = {0};
    long long *present = NULL;
    size_t n = 0;
    kedge_status status = kedge_run_directory_seeds(self->ctx, own->path, &present, &n);
    kedge_release(self->ctx, present);
    if (status || n == 0) return status; /* a folder with a recipe alone */
    own->is_directory = true;
    bool alone = self->options->n_inputs == 1, wanted = self->options->n_seeds == 0;
    if (!first && !wanted) return KEDGE_OK;
    status = kedge_recipe_load(&recipe, self->ctx, own->path, NULL);
    if (!status) status = kedge_page_seeds_read(&seeds, self->ctx, own->path, recipe);
    if (!status && wanted) status = pick(&seeds, own, alone);
    if (first && !status) {
        self->recipe = recipe;
        self->seeds = seeds;
    } else {
        kedge_page_seeds_release(&seeds);
        kedge_recipe_free(recipe);
    }
    return status;
}

static kedge_status resolve(report *self)
{
    static const long long own_seed = -1;
    const kedge_page_options *options = self->options;
    bool takes_seeds = false;
    if (options->n_inputs < 1) return kedge_fail(KEDGE_EINVALID, "a page needs a run directory, a model or a recipe");
    self->parts = kedge_arena_alloc(&self->arena, (size_t)options->n_inputs, sizeof *self->parts);
    if (!self->parts) return kedge_fail_memory("a page");
    for (int i = 0; i < options->n_inputs; i++) takes_seeds = takes_seeds || !is_model_file(options->inputs[i]);
    for (int i = 0; i < options->n_inputs; i++) {
        part *own = &self->parts[i];
        own->path = options->inputs[i];
        own->is_file = is_model_file(own->path);
        kedge_status status = kedge_is_directory(own->path) ? look_into(self, own, i == 0) : KEDGE_OK;
        if (status) return status;
        if (options->n_seeds > 0 && (!own->is_file || !takes_seeds))
            own->seeds = options->seeds, own->n = options->n_seeds;
        else if (own->n == 0) own->seeds = &own_seed, own->n = 1;
        self->runs += own->n;
    }
    if (self->runs <= KEDGE_PAGE_RUNS_MAX) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "%d runs do not fit on a page; must be at most %d", self->runs,
                      (int)KEDGE_PAGE_RUNS_MAX);
}

/* The last part of the path without slashes behind it. */
static const char *base_name(kedge_arena *arena, const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    size_t from = length;
    while (from > 0 && path[from - 1] != '/') from--;
    return kedge_arena_bytes(arena, path + from, length - from);
}

/* What tells the inputs apart: their last names, or, where two are alike, their paths. "": there is one alone. */
static const char *name_of(report *self, int i)
{
    const kedge_page_options *options = self->options;
    const char *own = base_name(&self->arena, options->inputs[i]);
    if (options->n_inputs == 1) return "";
    for (int k = 0; own && k < options->n_inputs; k++) {
        const char *other = k == i ? NULL : base_name(&self->arena, options->inputs[k]);
        if (k != i && other && strcmp(own, other) == 0) return options->inputs[i];
    }
    return own;
}

static kedge_status put_runs(report *self, kedge_json *json, const char **title)
{
    const kedge_page_options *options = self->options;
    size_t room = (size_t)KEDGE_PAGE_RECORDS_BYTES / (size_t)self->runs;
    if (room > KEDGE_PAGE_RECORD_BYTES) room = KEDGE_PAGE_RECORD_BYTES;
    kedge_status status = KEDGE_OK;
    for (int i = 0; i < options->n_inputs; i++) {
        const part *own = &self->parts[i];
        const char *name = name_of(self, i);
        if (!name) return kedge_fail_memory("a page");
        for (int k = 0; k < own->n; k++) {
            const char *found = NULL;
            kedge_page_source source = {.input = own->path, .name = *name ? name : NULL, .seed = own->seeds[k],
                                        .plans = options->plans, .n_plans = options->n_plans,
                                        .records = options->records > 0 ? options->records : KEDGE_PAGE_RECORDS,
                                        .record_bytes = room};
            status = kedge_page_put_source(json, self->ctx, &source, &self->arena, &found);
            if (status) return status;
            if (i == 0 && k == 0) *title = found;
        }
    }
    return status;
}

enum { REPEATED_MAX = 200 }; /* seeds that a figure of all of them may train again: about a second's worth */

/* The figures show what the first run does. */
static kedge_status put_figures(report *self, kedge_json *json)
{
    const kedge_page_options *options = self->options;
    const part *first = &self->parts[0];
    kedge_draw_options draw = KEDGE_DRAW_OPTIONS_INIT;
    draw.seed = first->seeds[0];
    draw.title = options->title;
    draw.plans = options->plans;
    draw.n_plans = options->n_plans;
    bool with_runs = first->is_directory && self->seeds.n <= REPEATED_MAX;
    return kedge_page_put_figures(json, self->ctx, first->path, &draw, with_runs);
}

/* The title of the recipe, or of several the names of the inputs; NULL without memory. */
static const char *title_of(report *self, const char *found)
{
    const kedge_page_options *options = self->options;
    const char *title = options->n_inputs > 1 || !found ? base_name(&self->arena, options->inputs[0]) : found;
    if (options->title) return options->title;
    for (int i = 1; i < options->n_inputs && title; i++) {
        const char *name = name_of(self, i);
        title = name ? kedge_arena_format(&self->arena, "%s, %s", title, name) : NULL;
    }
    return title;
}

static kedge_status put_report(report *self, kedge_text *json_text)
{
    kedge_text runs;
    const char *title = NULL;
    kedge_text_init(&runs, self->ctx);
    kedge_json inner = kedge_json_to(&runs), json = kedge_json_to(json_text);
    kedge_json_open(&inner, '[');
    kedge_status status = put_runs(self, &inner, &title);
    kedge_json_close(&inner, ']');
    if (status) goto done;
    title = title_of(self, title);
    if (!title) status = kedge_fail_memory("a page");
    if (status) goto done;
    kedge_page_begin(&json, "report", title);
    kedge_json_key(&json, "runs");
    kedge_json_raw(&json, kedge_text_string(&runs), runs.length);
    kedge_json_key(&json, "seeds");
    if (self->recipe) kedge_page_seeds_put(&json, &self->seeds);
    else kedge_json_text(&json, NULL);
    kedge_json_key(&json, "figures");
    if (self->options->figures) status = put_figures(self, &json);
    else kedge_json_open(&json, '['), kedge_json_close(&json, ']');
    put_empty(&json, "entries");
    kedge_json_close(&json, '}');
    if (!status) status = kedge_text_status(&runs, "a page");
done:
    kedge_text_release(&runs);
    return status;
}

kedge_status kedge_page_of_run(kedge_context *ctx, const kedge_page_options *options, kedge_text *json)
{
    report self = {.ctx = ctx, .options = options};
    kedge_arena_init(&self.arena, ctx);
    kedge_status status = resolve(&self);
    if (!status) status = put_report(&self, json);
    if (!status) status = kedge_text_status(json, "a page");
    kedge_page_seeds_release(&self.seeds);
    kedge_recipe_free(self.recipe);
    kedge_arena_release(&self.arena);
    return status;
}

/* ---- lists */

static void begin_list(kedge_json *json, const char *title)
{
    kedge_page_begin(json, "list", title);
    put_empty(json, "runs");
    kedge_json_put_text(json, "seeds", NULL);
    put_empty(json, "figures");
    kedge_json_key(json, "entries");
    kedge_json_open(json, '[');
}

static void begin_entry(kedge_json *json, const char *name, const char *href)
{
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "name", name);
    kedge_json_put_text(json, "href", href);
    kedge_json_key(json, "values");
    kedge_json_open(json, '{');
}

static void end_entry(kedge_json *json)
{
    kedge_json_close(json, '}');
    kedge_json_close(json, '}');
}

static void end_list(kedge_json *json)
{
    kedge_json_close(json, ']');
    kedge_json_close(json, '}');
}

kedge_status kedge_page_of_list(kedge_context *ctx, const kedge_page_list *list, kedge_text *text)
{
    kedge_json json = kedge_json_to(text);
    (void)ctx;
    begin_list(&json, list->title);
    for (long long row = 0; row < kedge_table_rows(list->table); row++) {
        begin_entry(&json, list->names[row], list->hrefs[row]);
        for (int column = 0; column < kedge_table_columns(list->table); column++) {
            kedge_cell cell = kedge_table_cell(list->table, row, column);
            kedge_json_key(&json, kedge_table_name(list->table, column));
            if (cell.kind == KEDGE_CELL_INTEGER) kedge_json_integer(&json, cell.integer);
            else if (cell.kind == KEDGE_CELL_REAL) kedge_json_real(&json, cell.real);
            else kedge_json_text(&json, cell.text);
        }
        end_entry(&json);
    }
    end_list(&json);
    return kedge_text_status(text, "a page");
}

kedge_status kedge_page_of_directory(kedge_context *ctx, const char *directory, const char *title, const char *href,
                                     kedge_text *text)
{
    kedge_json json = kedge_json_to(text);
    kedge_recipe *recipe = NULL;
    kedge_page_seeds seeds = {0};
    kedge_arena arena;
    kedge_arena_init(&arena, ctx);
    kedge_status status = kedge_recipe_load(&recipe, ctx, directory, NULL);
    if (!status) status = kedge_page_seeds_read(&seeds, ctx, directory, recipe);
    if (status) goto done;
    begin_list(&json, title);
    for (size_t row = 0; row < seeds.n; row++) {
        const kedge_page_seed *seed = &seeds.rows[row];
        const char *name = kedge_arena_format(&arena, "seed %lld", seed->seed);
        const char *to = seed->present ? kedge_arena_format(&arena, "%s%lld", href, seed->seed) : "";
        if (!name || !to) status = kedge_fail_memory("a page");
        if (status) goto done;
        begin_entry(&json, name, to);
        for (int i = 0; i < seeds.n_shown; i++) {
            kedge_json_key(&json, seeds.columns[seeds.shown[i]].name);
            kedge_page_seeds_put_cell(&json, &seeds, row, seeds.shown[i]);
        }
        end_entry(&json);
    }
    end_list(&json);
    status = kedge_text_status(text, "a page");
done:
    kedge_page_seeds_release(&seeds);
    kedge_recipe_free(recipe);
    kedge_arena_release(&arena);
    return status;
}
