/* gates.c - a schedule that reacts. */
#include "run/gates.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "run/schema.h"
#include "schedule/schedule.h"

bool kedge_recipe_reacts(const kedge_recipe *recipe)
{
    int n = 0;
    if (recipe->sheet) kedge_schedule_untils(recipe->sheet, &n);
    return n > 0;
}

static kedge_status create_meter(kedge_meter **out, kedge_context *ctx, const kedge_recipe *recipe,
                                 kedge_evaluator *evaluator, kedge_evaluator *test)
{
    const kedge_metric_input input = {.evaluator = evaluator,
                                      .test = test,
                                      .n_labels = recipe->n_labels,
                                      .labels = recipe->label_values,
                                      .n_terms = recipe->n_terms,
                                      .terms = recipe->terms,
                                      .scored = -1};
    return kedge_meter_create(out, ctx, &input);
}

/* The meter's column of that name that can be measured under way, or -1. */
static int find_column(const kedge_meter *meter, const char *name)
{
    for (int i = 0; i < meter->n_columns; i++)
        if (meter->columns[i].metric->live && strcmp(meter->columns[i].name, name) == 0) return i;
    return -1;
}

/* ---- checks ---- */

static void report(const kedge_recipe *recipe, const kedge_until *until, const kedge_meter *meter, const char **names,
                   kedge_errors *errors)
{
    char hint[512] = "";
    int n = 0;
    for (int i = 0; i < meter->n_columns; i++)
        if (meter->columns[i].metric->live) names[n++] = meter->columns[i].name;
    const kedge_metric *metric = kedge_metric_find(until->metric);
    const char *what = !metric ? "unknown metric" : metric->live ? "no such metric in this recipe:" : "not measured in "
        "the midst of a run:";
    if (errors->count < KEDGE_ERRORS_MAX) kedge_suggest(until->metric, names, n, hint, sizeof hint);
    kedge_errors_add(errors, KEDGE_EINVALID, "%s:%d:%d: %s '%s'%s", recipe->sheet_path, until->line, until->column,
                     what, kedge_clip_text(until->metric).text, hint);
}

/* The columns follow from the recipe alone, so they are asked of a meter whose model is never run. */
static kedge_status check(const kedge_recipe *recipe, kedge_params *params, kedge_arena *arena, kedge_errors *errors)
{
    kedge_evaluator *evaluator = NULL;
    kedge_meter *meter = NULL;
    const kedge_dataset *data = recipe->dataset;
    int n;
    const kedge_until *untils = kedge_schedule_untils(recipe->sheet, &n);
    kedge_status status = kedge_model_declare(&recipe->model, data->n_features, data->n_targets, params);
    if (!status) status = kedge_params_allocate(params);
    if (!status)
        status = kedge_evaluator_create(&evaluator, recipe->ctx, &recipe->model, params, data, NULL, NULL);
    if (!status) status = create_meter(&meter, recipe->ctx, recipe, evaluator, evaluator);
    const char **names = status ? NULL : kedge_arena_alloc(arena, (size_t)meter->n_columns, sizeof *names);
    if (!status && !names) status = kedge_fail_memory("the conditions of a schedule");
    for (int i = 0; !status && i < n; i++)
        if (find_column(meter, untils[i].metric) < 0) report(recipe, &untils[i], meter, names, errors);
    kedge_meter_free(meter);
    kedge_evaluator_free(evaluator);
    return status;
}

void kedge_gates_check(const kedge_recipe *recipe, kedge_errors *errors)
{
    kedge_params params;
    kedge_arena arena;
    kedge_params_init(&params, recipe->ctx);
    kedge_arena_init(&arena, recipe->ctx);
    kedge_status status = check(recipe, &params, &arena, errors);
    if (status) kedge_errors_add(errors, status, "%s", kedge_error());
    kedge_arena_release(&arena);
    kedge_params_release(&params);
}

/* ---- making them ---- */

/* The conditions of rows that a run comes to: before its end, and before the schedule is held. */
static int count_reached(const kedge_recipe *recipe, const kedge_until *untils, int n)
{
    int64_t last = recipe->hold >= 0 && recipe->hold < recipe->steps ? recipe->hold : recipe->steps - 1;
    while (n > 0 && untils[n - 1].step > last) n--;
    return n;
}

static kedge_status fill(kedge_gates *self)
{
    int n;
    const kedge_until *untils = kedge_schedule_untils(self->recipe->sheet, &n);
    kedge_status status = kedge_recipe_training_init(&self->own, self->recipe);
    if (status) return status;
    self->untils = untils;
    self->n = count_reached(self->recipe, untils, n);
    self->steps = self->own.training.steps;
    self->times = kedge_arena_alloc(&self->arena, (size_t)self->steps, sizeof *self->times);
    self->column = kedge_arena_alloc(&self->arena, (size_t)self->steps, sizeof *self->column);
    self->columns = kedge_arena_alloc(&self->arena, (size_t)self->n, sizeof *self->columns);
    self->advances = kedge_arena_alloc(&self->arena, (size_t)self->n, sizeof *self->advances);
    self->fires = kedge_arena_alloc(&self->arena, (size_t)self->own.training.n_actions, sizeof *self->fires);
    if (!self->times || !self->column || !self->columns || !self->advances || !self->fires)
        return kedge_fail_memory("the conditions of a schedule");
    for (int i = 0; i < self->own.training.n_actions; i++) self->fires[i] = self->own.actions[i].step;
    for (int i = 0; i < self->steps; i++) self->times[i] = i;
    self->own.times = self->times;
    return KEDGE_OK;
}

kedge_status kedge_gates_create(kedge_gates **out, kedge_context *ctx, const kedge_recipe *recipe)
{
    kedge_gates *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("the conditions of a schedule");
    self->ctx = ctx;
    self->recipe = recipe;
    kedge_arena_init(&self->arena, ctx);
    kedge_status status = fill(self);
    if (status) kedge_gates_free(self);
    else *out = self;
    return status;
}

void kedge_gates_free(kedge_gates *gates)
{
    if (!gates) return;
    kedge_meter_free(gates->meter);
    kedge_recipe_training_release(&gates->own);
    kedge_arena_release(&gates->arena);
    kedge_release(gates->ctx, gates);
}

kedge_status kedge_gates_measure(kedge_gates *self, kedge_evaluator *evaluator, kedge_evaluator *test)
{
    kedge_status status = create_meter(&self->meter, self->ctx, self->recipe, evaluator, test);
    if (status) return status;
    for (int i = 0; i < self->n; i++) self->columns[i] = find_column(self->meter, self->untils[i].metric);
    return KEDGE_OK;
}

/* ---- a run ---- */

/* Lets the tables from 'first' on follow the advances as they are. Their layout is that of a whole run. */
static void refill(kedge_gates *self, int first)
{
    for (int step = first; step < self->steps; step++)
        self->times[step] = kedge_advance_time(self->advances, self->n_advances, step);
    self->own.training.steps = self->steps;
    kedge_recipe_training_refill(&self->own, self->recipe, first, self->column);
    self->own.training.steps = self->steps - kedge_advance_saved(self->advances, self->n_advances);
    for (int i = 0; i < self->own.training.n_actions; i++)
        self->own.actions[i].step = kedge_gates_update(self, self->fires[i]);
}

void kedge_gates_begin(kedge_gates *self)
{
    int first = self->n_advances > 0 ? self->advances[0].at : self->steps;
    self->next = self->n_advances = 0;
    if (first < self->steps) refill(self, first);
}

/* Whether the row is watched at this time of the schedule, so early that it can come early. */
static bool is_watched(const kedge_until *until, double time)
{
    return time >= until->from && time + until->over < until->step &&
           fmod(time - until->from, KEDGE_GATES_EVERY) == 0;
}

static void advance(kedge_gates *self, int step)
{
    const kedge_until *until = &self->untils[self->next++];
    self->advances[self->n_advances++] = (kedge_advance){step, until->step, until->over};
    refill(self, step);
}

void kedge_gates_step(kedge_gates *self, int step)
{
    double time = self->times[step];
    while (self->next < self->n && time >= self->untils[self->next].step) self->next++;
    if (self->next == self->n || !is_watched(&self->untils[self->next], time)) return;
    const kedge_until *until = &self->untils[self->next];
    double value = kedge_meter_measure(self->meter, self->columns[self->next]);
    if (until->below ? value < until->bound : value > until->bound) advance(self, step);
}

int kedge_gates_update(const kedge_gates *self, int step)
{
    return self ? kedge_advance_update(self->advances, self->n_advances, step) : step;
}

/* ---- what a model's metadata hold of it ---- */

const char *kedge_gates_text(const kedge_gates *self, kedge_arena *arena)
{
    const char *text = "";
    for (int i = 0; text && i < self->n_advances; i++)
        text = kedge_arena_format(arena, "%s%s%d>%d/%d", text, i ? ";" : "", self->advances[i].at,
                                  self->advances[i].to, self->advances[i].over);
    return text;
}

/* A number, and the character behind it. */
static bool read_number(const char **text, char end, int *number)
{
    char *stop;
    long value = strtol(*text, &stop, 10);
    if (stop == *text || value < 0 || value > INT_MAX || *stop != end) return false;
    *number = (int)value;
    *text = stop + (end != '\0');
    return true;
}

/* How far the advances of a text are read. */
typedef struct reading {
    const char *text;
    const kedge_until *untils;
    int n, next;     /* rows that may come early; the first behind those read */
    int saved, free; /* updates saved by them, and the first one behind their ways */
} reading;

/* One advance; the next row that is named so must have been watched there. */
static bool read_advance(reading *self, int *at)
{
    int to, over;
    bool more = strchr(self->text, ';') != NULL;
    if (!read_number(&self->text, '>', at) || !read_number(&self->text, '/', &to) ||
        !read_number(&self->text, more ? ';' : '\0', &over))
        return false;
    if (more && !*self->text) return false; /* nothing behind a ';' */
    while (self->next < self->n && self->untils[self->next].step < to) self->next++;
    if (self->next == self->n || self->untils[self->next].step != to || self->untils[self->next].over != over)
        return false;
    double time = (double)*at + self->saved;
    if (*at < self->free || !is_watched(&self->untils[self->next], time)) return false;
    self->saved = to - *at - over;
    self->free = *at + over;
    self->next++;
    return true;
}

bool kedge_gates_read(kedge_gates *self, const char *text)
{
    reading r = {.text = text, .untils = self->untils, .n = self->n};
    bool good = true;
    int at;
    kedge_gates_begin(self);
    while (good && text && *r.text) {
        good = read_advance(&r, &at);
        if (!good) break;
        self->next = r.next - 1;
        advance(self, at);
    }
    if (!good) kedge_gates_begin(self);
    return good;
}

int kedge_recipe_updates(const kedge_recipe *recipe, const char *text)
{
    int n = 0;
    reading r = {.text = text};
    if (recipe->sheet) r.untils = kedge_schedule_untils(recipe->sheet, &n);
    r.n = count_reached(recipe, r.untils, n);
    bool good = true;
    for (int at; good && text && *r.text;) good = read_advance(&r, &at);
    return good ? (int)recipe->steps - r.saved : -1;
}
