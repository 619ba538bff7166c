/* page_curves.c - schedule and losses of a run for the page. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "show/page_parts.h"
#include "show/phases.h"

/* ---- which steps show a schedule */

static int by_step(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

int kedge_page_schedule_steps(const kedge_schedule *sheet, const kedge_gates *gates, int steps, int room, int *at)
{
    int n = 0, kept = 0, step;
    double value;
    if (steps <= room) {
        for (; n < steps; n++) at[n] = n;
        return n;
    }
    /* Keys, and the step before each, so that jumps are steep; what room they leave is spread evenly. */
    for (int c = 0; sheet && c < kedge_schedule_columns(sheet); c++)
        for (int i = 0; n + 2 <= room / 2 && kedge_schedule_key(sheet, c, i, &step, &value); i++) {
            step = kedge_gates_update(gates, step);
            if (step >= steps) continue;
            at[n++] = step;
            at[n++] = step > 0 ? step - 1 : 0;
        }
    int even = room - n;
    for (int i = 0; i < even; i++) at[n++] = (int)((long long)i * (steps - 1) / (even - 1));
    qsort(at, (size_t)n, sizeof *at, by_step);
    for (int i = 0; i < n; i++)
        if (kept == 0 || at[i] != at[kept - 1]) at[kept++] = at[i];
    return kept;
}

/* ---- schedule */

static const kedge_schedule *sheet_of(const kedge_page_schedule *self)
{
    return self->sheet ? self->sheet : self->recipe->sheet;
}

/* Steps of the sheet that the run comes to. */
static int sheet_steps(const kedge_page_schedule *self)
{
    return self->gates ? self->gates->steps : self->steps;
}

/* All but factors of labels and sets that nothing sets. */
static bool is_shown(const kedge_page_schedule *self, const kedge_recipe_column *column)
{
    if (column->kind != KEDGE_COLUMN_RATE && column->kind != KEDGE_COLUMN_FACTOR) return true;
    if (kedge_recipe_schedules(self->recipe, column->name)) return true;
    return sheet_of(self) && kedge_schedule_column(sheet_of(self), column->name) >= 0;
}

/* The shown columns, one after the other. */
static void put_values(kedge_json *json, const kedge_page_schedule *self)
{
    kedge_context *ctx = json->text->ctx;
    size_t n = (size_t)self->n, used = 0;
    int columns = kedge_recipe_columns(self->recipe);
    double *values = kedge_alloc(ctx, (size_t)columns * n, sizeof *values);
    if (!values) {
        json->text->broken = true;
        return;
    }
    for (int c = 0; c < columns; c++) {
        kedge_recipe_column column = kedge_recipe_column_at(self->recipe, c);
        if (!is_shown(self, &column)) continue;
        memcpy(values + used, self->values + (size_t)c * n, n * sizeof *values);
        used += n;
    }
    kedge_json_doubles(json, values, used);
    kedge_release(ctx, values);
}

static void put_keys(kedge_json *json, const kedge_page_schedule *self)
{
    const kedge_schedule *sheet = sheet_of(self);
    int columns = kedge_recipe_columns(self->recipe);
    kedge_json_open(json, '[');
    for (int c = 0, shown = 0; sheet && c < columns; c++) {
        kedge_recipe_column column = kedge_recipe_column_at(self->recipe, c);
        int at = kedge_schedule_column(sheet, column.name), step, next = 0;
        double value;
        if (!is_shown(self, &column)) continue;
        while (at >= 0 && kedge_phases_key(self->recipe, sheet, sheet_steps(self), at, &next, &step, &value)) {
            kedge_json_open(json, '{');
            kedge_json_put_integer(json, "column", shown);
            kedge_json_put_integer(json, "step", kedge_gates_update(self->gates, step));
            kedge_json_put_real(json, "value", value);
            kedge_json_close(json, '}');
        }
        shown++;
    }
    kedge_json_close(json, ']');
}

static void put_mark(kedge_json *json, int step, const char *name)
{
    kedge_json_open(json, '{');
    kedge_json_put_integer(json, "step", step);
    kedge_json_put_text(json, "name", name);
    kedge_json_close(json, '}');
}

static void put_marks(kedge_json *json, const kedge_page_schedule *self)
{
    kedge_phases found;
    kedge_arena arena;
    kedge_arena_init(&arena, json->text->ctx);
    int reach = kedge_phases_reach(self->recipe, sheet_steps(self));
    if (kedge_phases_find(&found, &arena, sheet_of(self), reach, self->gates)) {
        found = (kedge_phases){0};
        json->text->broken = true;
    }
    kedge_json_key(json, "phases");
    kedge_json_open(json, '[');
    for (int i = 0; i < found.n_phases; i++) put_mark(json, (int)found.phases[i].from, found.phases[i].text);
    kedge_json_close(json, ']');
    kedge_json_key(json, "actions");
    kedge_json_open(json, '[');
    for (int i = 0; i < found.n_actions; i++) put_mark(json, (int)found.actions[i].at, found.actions[i].text);
    kedge_json_close(json, ']');
    kedge_arena_release(&arena);
}

void kedge_page_put_schedule(kedge_json *json, const kedge_page_schedule *schedule)
{
    kedge_json_open(json, '{');
    kedge_json_put_integer(json, "steps", schedule->steps);
    kedge_json_key(json, "columns");
    kedge_json_open(json, '[');
    for (int c = 0; c < kedge_recipe_columns(schedule->recipe); c++) {
        kedge_recipe_column column = kedge_recipe_column_at(schedule->recipe, c);
        if (is_shown(schedule, &column)) kedge_json_text(json, column.name);
    }
    kedge_json_close(json, ']');
    kedge_json_key(json, "at");
    kedge_json_open(json, '[');
    for (int i = 0; i < schedule->n; i++) kedge_json_integer(json, schedule->at[i]);
    kedge_json_close(json, ']');
    kedge_json_key(json, "values");
    put_values(json, schedule);
    kedge_json_key(json, "keys");
    put_keys(json, schedule);
    put_marks(json, schedule);
    kedge_json_close(json, '}');
}

/* ---- losses */

enum { ROWS_MAX = 1600 };

/* Of many rows each bin of neighbours shows its least and its greatest value, in their order, at its first and its last
 * step: no spike is lost, and none is made up. */
static int bin_size(int n)
{
    return n <= ROWS_MAX ? 1 : (n + ROWS_MAX / 2 - 1) / (ROWS_MAX / 2);
}

static int count_samples(int n)
{
    int size = bin_size(n);
    return size == 1 ? n : 2 * (n / size) + (n % size == 0 ? 0 : n % size == 1 ? 1 : 2);
}

static float value_at(const kedge_page_rows *rows, int row, int name)
{
    return rows->values[(size_t)row * (size_t)rows->stride + (size_t)(rows->first + name)];
}

/* Of rows [from, to); NAN where no value is a number. */
static void extremes(const kedge_page_rows *rows, int from, int to, int name, float pair[2])
{
    int least = -1, most = -1;
    for (int row = from; row < to; row++) {
        float value = value_at(rows, row, name);
        if (isnan(value)) continue;
        if (least < 0 || value < value_at(rows, least, name)) least = row;
        if (most < 0 || value > value_at(rows, most, name)) most = row;
    }
    int first = least < most ? least : most, last = least < most ? most : least;
    pair[0] = first < 0 ? (float)NAN : value_at(rows, first, name);
    pair[1] = last < 0 ? (float)NAN : value_at(rows, last, name);
}

static void sample(const kedge_page_rows *rows, int name, float *to)
{
    int size = bin_size(rows->n);
    for (int from = 0; from < rows->n; from += size) {
        int end = from + size < rows->n ? from + size : rows->n;
        float pair[2];
        extremes(rows, from, end, name, pair);
        *to++ = pair[0];
        if (end - from > 1) *to++ = pair[1];
    }
}

static void put_at(kedge_json *json, const kedge_page_rows *rows)
{
    int size = bin_size(rows->n);
    kedge_json_open(json, '[');
    for (int from = 0; from < rows->n; from += size) {
        int end = from + size < rows->n ? from + size : rows->n;
        kedge_json_integer(json, rows->steps ? rows->steps[from] : from);
        if (end - from > 1) kedge_json_integer(json, rows->steps ? rows->steps[end - 1] : end - 1);
    }
    kedge_json_close(json, ']');
}

kedge_status kedge_page_put_losses(kedge_json *json, const kedge_page_run *run)
{
    const kedge_page_rows *rows = &run->losses;
    const kedge_recipe *recipe = run->recipe;
    size_t n = (size_t)count_samples(rows->n), names = (size_t)recipe->n_terms + 1;
    float *values = kedge_arena_alloc(run->arena, n * names, sizeof *values);
    if (!values) return kedge_fail_memory("a page");
    kedge_json_open(json, '{');
    kedge_json_key(json, "names");
    kedge_json_open(json, '[');
    kedge_json_text(json, "recon");
    for (int i = 0; i < recipe->n_terms; i++) kedge_json_text(json, recipe->terms[i].name);
    kedge_json_close(json, ']');
    kedge_json_key(json, "at");
    put_at(json, rows);
    for (size_t i = 0; i < names; i++) sample(rows, (int)i, values + i * n);
    kedge_json_key(json, "values");
    kedge_json_floats(json, values, n * names);
    kedge_json_close(json, '}');
    return KEDGE_OK;
}
