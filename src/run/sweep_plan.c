/* sweep_plan.c - all runs of a sweep. */
#include "run/sweep_plan.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "run/settings.h"

/* Seeds that stand in the recipe are no part of a point: they go last, over whatever was set. */
static const char no_seeds[] = "seeds={first: 0, count: 1}";

/* A line of an error message, and at how many points it came up. */
typedef struct complaint {
    const char *line;
    kedge_status status;
    size_t points, first;
} complaint;

enum { COMPLAINTS = 64 };

typedef struct loader {
    kedge_sweep_plan *plan;
    const kedge_sweep_options *options;
    kedge_settings settings;
    pthread_mutex_t lock; /* for all below, and the plan's arena */
    kedge_status *statuses; /* [n_points] */
    const char **messages;  /* [n_points] */
} loader;

/* ---- points ---- */

/* What is set over the file at a point, and its settings as the store keeps them. */
static kedge_status name_point(loader *self, size_t index, kedge_point *point)
{
    kedge_sweep_plan *plan = self->plan;
    const kedge_sweep_options *options = self->options;
    int n_axes = self->settings.n_axes, n = 0;
    kedge_setting at[KEDGE_AXES];
    kedge_text text;
    kedge_status status = kedge_settings_at(&self->settings, index, &plan->arena, at);
    if (status) return status;
    const char **set = kedge_arena_alloc(&plan->arena, (size_t)(options->n_set + n_axes + 1), sizeof *set);
    kedge_text_init(&text, plan->ctx);
    status = set ? kedge_setting_json(&text, at, (size_t)n_axes) : kedge_fail_memory("the points of a sweep");
    if (status) goto done;
    for (int i = 0; i < options->n_set; i++) set[n++] = options->set[i];
    for (int i = 0; i < n_axes; i++) set[n++] = kedge_arena_format(&plan->arena, "%s=%s", at[i].path, at[i].value);
    set[n++] = no_seeds;
    *point = (kedge_point){.set = set, .n_set = n};
    point->settings = kedge_arena_text(&plan->arena, kedge_text_string(&text));
    bool made = point->settings != NULL;
    for (int i = 0; i < n; i++) made = made && set[i];
    if (!made) status = kedge_fail_memory("the points of a sweep");
done:
    kedge_text_release(&text);
    return status;
}

/* Whether a sample has come to these settings before, by a table of 2^k slots that hold indices from 1. */
static bool is_repeated(const kedge_sweep_plan *plan, const char *settings, uint32_t *slots, size_t mask, size_t own)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (const char *c = settings; *c; c++) hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    size_t slot = (size_t)(hash ^ hash >> 32) & mask;
    for (; slots[slot]; slot = (slot + 1) & mask)
        if (strcmp(plan->points[slots[slot] - 1].settings, settings) == 0) return true;
    slots[slot] = (uint32_t)own + 1;
    return false;
}

static kedge_status list_points(loader *self)
{
    kedge_sweep_plan *plan = self->plan;
    size_t n = self->settings.n_points, room = 16;
    while (room < 2 * n) room *= 2;
    plan->points = kedge_arena_alloc(&plan->arena, n, sizeof *plan->points);
    uint32_t *slots = kedge_alloc_zero(plan->ctx, room, sizeof *slots);
    kedge_status status = plan->points && slots ? KEDGE_OK : kedge_fail_memory("the points of a sweep");
    for (size_t i = 0; i < n && !status; i++) {
        kedge_point *point = &plan->points[plan->n_points];
        status = name_point(self, i, point);
        if (!status && !is_repeated(plan, point->settings, slots, room - 1, plan->n_points)) plan->n_points++;
    }
    kedge_release(plan->ctx, slots);
    return status;
}

/* ---- reading them ---- */

/* Neighbours mostly have one sheet; it is kept once. */
static const char *keep_schedule(kedge_sweep_plan *plan, size_t index, const kedge_recipe *recipe)
{
    const char *before = index > 0 ? plan->points[index - 1].recipe.schedule : NULL;
    const char *first = plan->points[0].recipe.schedule;
    if (before && strcmp(before, recipe->sheet_bytes) == 0) return before;
    if (first && strcmp(first, recipe->sheet_bytes) == 0) return first;
    return kedge_arena_bytes(&plan->arena, recipe->sheet_bytes, recipe->sheet_length);
}

static kedge_status keep_recipe(kedge_sweep_plan *plan, size_t index, const kedge_recipe *recipe)
{
    kedge_store_recipe kept = {.title = kedge_arena_text(&plan->arena, kedge_recipe_title(recipe)),
                               .text = kedge_arena_text(&plan->arena, recipe->text)};
    if (recipe->sheet_bytes) kept.schedule = keep_schedule(plan, index, recipe);
    if (!kept.title || !kept.text || (recipe->sheet_bytes && !kept.schedule))
        return kedge_fail_memory("the points of a sweep");
    plan->points[index].recipe = kept;
    return KEDGE_OK;
}

static void read_point(long i, int worker, void *payload)
{
    loader *self = payload;
    kedge_sweep_plan *plan = self->plan;
    const kedge_point *point = &plan->points[i];
    kedge_recipe_options options = {.set = point->set, .n_set = point->n_set};
    kedge_recipe *recipe = NULL;
    (void)worker;
    kedge_status status = kedge_recipe_load(&recipe, plan->ctx, plan->path, &options);
    pthread_mutex_lock(&self->lock);
    if (!status) status = keep_recipe(plan, (size_t)i, recipe);
    self->statuses[i] = status;
    if (status) self->messages[i] = kedge_arena_text(&plan->arena, kedge_error());
    pthread_mutex_unlock(&self->lock);
    kedge_recipe_free(recipe);
}

/* The line at *message, which moves behind it, with its length. */
static const char *next_line(const char **message, size_t *length)
{
    const char *line = *message;
    *length = strcspn(line, "\n");
    *message = line[*length] ? line + *length + 1 : NULL;
    return line;
}

static bool is_line(const char *known, const char *line, size_t length)
{
    return strlen(known) == length && memcmp(known, line, length) == 0;
}

static int gather(loader *self, complaint *complaints, size_t *lost)
{
    int n = 0;
    size_t length;
    for (size_t i = 0; i < self->plan->n_points; i++) {
        for (const char *rest = self->messages[i]; rest && *rest;) {
            const char *line = next_line(&rest, &length);
            int k = 0;
            while (k < n && !is_line(complaints[k].line, line, length)) k++;
            if (k == COMPLAINTS) {
                ++*lost;
                continue;
            }
            if (k == n) {
                char *copy = kedge_arena_bytes(&self->plan->arena, line, length);
                complaints[n++] = (complaint){copy ? copy : "out of memory", self->statuses[i], 0, i};
            }
            complaints[k].points++;
        }
    }
    return n;
}

/* "a=1, b=2", and how many more points there are with the same complaint. */
static void describe(const loader *self, const complaint *c, char *text, size_t size)
{
    const kedge_point *point = &self->plan->points[c->first];
    size_t used = 0;
    text[0] = '\0';
    for (int i = self->options->n_set; i < point->n_set - 1 && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", point->set[i]);
    if (c->points > 1 && used < size)
        snprintf(text + used, size - used, ", and at %zu more point%s", c->points - 1, c->points > 2 ? "s" : "");
}

/* All that is wrong at any point, each once: what is wrong at all of them stands as it is, what a setting itself has
 * wrong too; the rest names the point. */
static kedge_status report(loader *self)
{
    complaint complaints[COMPLAINTS];
    kedge_errors errors;
    size_t lost = 0;
    char where[1024];
    kedge_errors_init(&errors);
    int n = gather(self, complaints, &lost);
    for (int k = 0; k < n; k++) {
        const complaint *c = &complaints[k];
        bool own = strncmp(c->line, "--set ", 6) == 0 || c->points == self->plan->n_points;
        if (!own) describe(self, c, where, sizeof where);
        kedge_errors_add(&errors, c->status, "%s%s%s", c->line, own ? "" : "; with ", own ? "" : where);
    }
    for (; lost > 0; lost--) errors.count++;
    return kedge_errors_status(&errors);
}

static kedge_status read_points(loader *self)
{
    kedge_sweep_plan *plan = self->plan;
    kedge_status status = KEDGE_OK;
    self->statuses = kedge_arena_alloc(&plan->arena, plan->n_points, sizeof *self->statuses);
    self->messages = kedge_arena_alloc(&plan->arena, plan->n_points, sizeof *self->messages);
    if (!self->statuses || !self->messages) return kedge_fail_memory("the points of a sweep");
    const volatile int *stop = self->options->stop;
    kedge_pool_run(kedge_context_threads(plan->ctx), (long)plan->n_points, read_point, self, stop);
    for (size_t i = 0; i < plan->n_points && !status; i++) {
        status = self->statuses[i];
        if (status && !self->messages[i]) return kedge_fail_memory("the points of a sweep");
        if (!status && !plan->points[i].recipe.text)
            return kedge_fail(KEDGE_ECANCELLED, "stopped before all points were read");
    }
    return status ? report(self) : KEDGE_OK;
}

/* ---- seeds ---- */

static kedge_status find_seeds(loader *self)
{
    kedge_sweep_plan *plan = self->plan;
    const kedge_sweep_options *options = self->options;
    const kedge_point *point = &plan->points[0];
    kedge_recipe *recipe = NULL;
    plan->first_seed = options->first_seed;
    plan->n_seeds = options->seed_count;
    if (options->seed_count <= 0 || options->first_seed < 0) {
        kedge_recipe_options without = {.set = point->set, .n_set = point->n_set - 1};
        kedge_status status = kedge_recipe_load(&recipe, plan->ctx, plan->path, &without);
        if (status) return status;
        plan->first_seed = recipe->first_seed;
        if (options->seed_count <= 0) plan->n_seeds = recipe->n_seeds;
        kedge_recipe_free(recipe);
    }
    if (plan->first_seed > 1000000000000)
        return kedge_fail(KEDGE_EINVALID, "seeds from %lld on: the first must be at most 1000000000000",
                          plan->first_seed);
    plan->crossed = options->attribute;
    long long most = KEDGE_SWEEP_RUNS / (long long)plan->n_points;
    if (plan->n_seeds > most || (plan->crossed && plan->n_seeds > most / plan->n_seeds))
        return kedge_fail(KEDGE_EINVALID, "%lld seeds%s at each of %zu points are too many; at most %d runs in all",
                          plan->n_seeds, plan->crossed ? " crossed with themselves" : "", plan->n_points,
                          KEDGE_SWEEP_RUNS);
    if (plan->crossed && plan->n_seeds < 2)
        return kedge_fail(KEDGE_EINVALID, "one seed cannot be crossed with another; ask for at least two");
    plan->per_point = plan->crossed ? plan->n_seeds * plan->n_seeds : plan->n_seeds;
    plan->n_runs = plan->per_point * (long long)plan->n_points;
    return KEDGE_OK;
}

/* ---- the plan ---- */

static kedge_status check_options(const kedge_sweep_options *options)
{
    if (options->seed_count > KEDGE_SWEEP_RUNS || options->first_seed > 1000000000000)
        return kedge_fail(KEDGE_EINVALID, "seeds %lld and on, %lld of them: the first is at most 1000000000000, and at "
                          "most %d runs make a sweep", options->first_seed, options->seed_count, KEDGE_SWEEP_RUNS);
    return KEDGE_OK;
}

kedge_status kedge_sweep_plan_init(kedge_sweep_plan *plan, kedge_context *ctx, const char *recipe,
                                   const kedge_sweep_options *options)
{
    loader self = {.plan = plan, .options = options};
    kedge_errors errors;
    *plan = (kedge_sweep_plan){.ctx = ctx};
    kedge_arena_init(&plan->arena, ctx);
    kedge_errors_init(&errors);
    pthread_mutex_init(&self.lock, NULL);
    plan->path = kedge_arena_text(&plan->arena, recipe);
    kedge_status status = plan->path ? check_options(options) : kedge_fail_memory("a sweep");
    if (!status && !kedge_settings_read(&self.settings, options->over, options->n_over, options->samples, &plan->arena,
                                        &errors))
        status = kedge_errors_status(&errors);
    if (!status) status = list_points(&self);
    if (!status) status = read_points(&self);
    if (!status) status = find_seeds(&self);
    pthread_mutex_destroy(&self.lock);
    return status;
}

void kedge_sweep_plan_release(kedge_sweep_plan *plan)
{
    if (!plan->ctx) return;
    kedge_arena_release(&plan->arena);
    *plan = (kedge_sweep_plan){0};
}

kedge_sweep_run kedge_sweep_plan_run(const kedge_sweep_plan *plan, size_t index)
{
    size_t per_point = (size_t)plan->per_point, within = index % per_point;
    size_t n = plan->crossed ? (size_t)plan->n_seeds : 1;
    int64_t seed = plan->first_seed + (int64_t)(within / n);
    return (kedge_sweep_run){.point = index / per_point, .seed = seed,
                             .stream = plan->crossed ? plan->first_seed + (int64_t)(within % n) : seed};
}

kedge_status kedge_sweep_plan_load(const kedge_sweep_plan *plan, size_t point, kedge_recipe **out)
{
    const kedge_point *p = &plan->points[point];
    kedge_recipe_options options = {.set = p->set, .n_set = p->n_set};
    kedge_recipe *recipe;
    kedge_status status = kedge_recipe_load(&recipe, plan->ctx, plan->path, &options);
    if (status) return status;
    const char *sheet = p->recipe.schedule;
    if (strcmp(recipe->text, p->recipe.text) != 0 || !sheet != !recipe->sheet_bytes ||
        (sheet && strcmp(sheet, recipe->sheet_bytes) != 0)) {
        kedge_recipe_free(recipe);
        return kedge_fail(KEDGE_EINVALID, "%s: has changed since the sweep began; start it again", plan->path);
    }
    *out = recipe;
    return KEDGE_OK;
}

kedge_status kedge_sweep_plan_add(const kedge_sweep_plan *plan, kedge_store *store, long long *pending)
{
    size_t n = (size_t)plan->n_runs;
    kedge_store_recipe *recipes = kedge_alloc(plan->ctx, plan->n_points, sizeof *recipes);
    kedge_store_run *runs = kedge_alloc(plan->ctx, n, sizeof *runs);
    kedge_status status = recipes && runs ? KEDGE_OK : kedge_fail_memory("a plan of runs");
    if (status) goto done;
    for (size_t i = 0; i < plan->n_points; i++) recipes[i] = plan->points[i].recipe;
    for (size_t i = 0; i < n; i++) {
        kedge_sweep_run run = kedge_sweep_plan_run(plan, i);
        runs[i] = (kedge_store_run){.recipe = (int)run.point, .settings = plan->points[run.point].settings,
                                    .seed = run.seed, .stream = run.stream};
    }
    kedge_store_plan all = {.recipes = recipes, .n_recipes = plan->n_points, .runs = runs, .n_runs = n};
    status = kedge_store_add(store, &all, pending);
done:
    kedge_release(plan->ctx, runs);
    kedge_release(plan->ctx, recipes);
    return status;
}

void kedge_sweep_plan_digest(const kedge_sweep_plan *plan, char digest[KEDGE_DIGEST_SIZE])
{
    char all[3 * KEDGE_DIGEST_SIZE];
    snprintf(digest, KEDGE_DIGEST_SIZE, "%s", kedge_context_kernels(plan->ctx));
    for (size_t i = 0; i < plan->n_points; i++) { /* each over the one before */
        char own[KEDGE_DIGEST_SIZE];
        kedge_store_digest(&plan->points[i].recipe, own);
        snprintf(all, sizeof all, "%s %s", digest, own);
        kedge_store_digest(&(kedge_store_recipe){.text = all, .schedule = plan->points[i].settings}, digest);
    }
    snprintf(all, sizeof all, "%s %lld %lld %d", digest, plan->first_seed, plan->n_seeds, plan->crossed);
    kedge_store_digest(&(kedge_store_recipe){.text = all}, digest);
}
