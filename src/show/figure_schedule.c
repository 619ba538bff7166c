/* figure_schedule.c - what a recipe asks of training, step by step. */
#include <string.h>

#include "draw/schedule.h"
#include "run/training.h"
#include "schedule/schedule.h"
#include "show/figure.h"
#include "show/phases.h"

enum { VALUES_MAX = 6000 }; /* more steps are sampled: a page has no more than a few thousand pixels */

/* What is gathered, in the show's arena. */
typedef struct gathering {
    const kedge_recipe *recipe;
    kedge_arena *arena;
    kedge_schedule_figure figure;
    kedge_schedule_curve *curves;
    double *at;
} gathering;

static kedge_curve_kind kind_of(const char *name)
{
    if (strcmp(name, "lr") == 0) return KEDGE_CURVE_LEARNING_RATE;
    if (strncmp(name, KEDGE_SET_COLUMN, strlen(KEDGE_SET_COLUMN)) == 0) return KEDGE_CURVE_SET_FACTOR;
    return strncmp(name, "labels.", strlen("labels.")) == 0 ? KEDGE_CURVE_LABEL_RATE : KEDGE_CURVE_WEIGHT;
}

/* The step whose values hold at a step (METHOD section 5: the last updates may take those of an earlier one). */
static int held(const kedge_recipe *recipe, int step)
{
    return recipe->hold >= 0 && step > recipe->hold ? (int)recipe->hold : step;
}

/* Those that the run comes to. */
static kedge_status add_keys(gathering *g, kedge_schedule_curve *curve, int column)
{
    const kedge_recipe *recipe = g->recipe;
    int step, next = 0, i = 0;
    double value;
    while (kedge_phases_key(recipe, recipe->sheet, g->figure.steps, column, &next, &step, &value)) curve->n_keys++;
    double *at = kedge_arena_alloc(g->arena, (size_t)curve->n_keys, sizeof *at);
    double *values = kedge_arena_alloc(g->arena, (size_t)curve->n_keys, sizeof *values);
    if (!at || !values) return kedge_fail_memory("a figure");
    for (next = 0; kedge_phases_key(recipe, recipe->sheet, g->figure.steps, column, &next, &step, &value); i++)
        at[i] = step, values[i] = value;
    curve->key_at = at;
    curve->key_values = values;
    return KEDGE_OK;
}

/* A curve of column 'column' of the sheet, or with -1 of a constant. */
static kedge_status add_curve(gathering *g, const char *name, int column, double constant)
{
    kedge_schedule_curve *curve = &g->curves[g->figure.n_curves++];
    double *values = kedge_arena_alloc(g->arena, (size_t)g->figure.n, sizeof *values);
    if (!values) return kedge_fail_memory("a figure");
    for (int i = 0; i < g->figure.n; i++)
        values[i] = column < 0 ? constant
                               : kedge_schedule_value(g->recipe->sheet, column, held(g->recipe, (int)g->at[i]));
    *curve = (kedge_schedule_curve){.name = name, .kind = kind_of(name), .values = values};
    return column < 0 ? KEDGE_OK : add_keys(g, curve, column);
}

/* What holds of each set: 0 outside of its phases, where it has no keys, and 1 where no column names it. 'column' and
 * 'factor' [steps] are scratch. */
static kedge_status add_set(gathering *g, int set, double *column, double *factor)
{
    const kedge_recipe *recipe = g->recipe;
    const char *name = kedge_arena_format(g->arena, KEDGE_SET_COLUMN "%s", recipe->sets[set].name);
    int at = name && recipe->sheet ? kedge_schedule_column(recipe->sheet, name) : -1;
    kedge_status status = name ? add_curve(g, name, at, 1) : kedge_fail_memory("a figure");
    if (status) return status;
    kedge_schedule_curve *curve = &g->curves[g->figure.n_curves - 1];
    double *values = kedge_arena_alloc(g->arena, (size_t)g->figure.n, sizeof *values);
    double *key_at = kedge_arena_alloc(g->arena, (size_t)curve->n_keys, sizeof *key_at);
    double *key_values = kedge_arena_alloc(g->arena, (size_t)curve->n_keys, sizeof *key_values);
    if (!values || !key_at || !key_values) return kedge_fail_memory("a figure");
    kedge_recipe_fill_factors(recipe, set, column, factor);
    for (int i = 0; i < g->figure.n; i++) values[i] = factor[(int)g->at[i]];
    int kept = 0;
    for (int i = 0; i < curve->n_keys; i++) {
        if (curve->key_values[i] != 0 && factor[(int)curve->key_at[i]] == 0) continue;
        key_at[kept] = curve->key_at[i];
        key_values[kept++] = curve->key_values[i];
    }
    curve->values = values;
    curve->key_at = key_at;
    curve->key_values = key_values;
    curve->n_keys = kept;
    return KEDGE_OK;
}

static kedge_status add_sets(gathering *g)
{
    kedge_context *ctx = g->recipe->ctx;
    size_t steps = (size_t)g->recipe->steps;
    double *column = kedge_alloc(ctx, steps, sizeof *column), *factor = kedge_alloc(ctx, steps, sizeof *factor);
    kedge_status status = column && factor ? KEDGE_OK : kedge_fail_memory("a figure");
    for (int k = 0; k < g->recipe->n_sets && !status; k++) status = add_set(g, k, column, factor);
    kedge_release(ctx, column);
    kedge_release(ctx, factor);
    return status;
}

static kedge_status add_curves(gathering *g)
{
    const kedge_recipe *recipe = g->recipe;
    int columns = recipe->sheet ? kedge_schedule_columns(recipe->sheet) : 0;
    int most = columns + recipe->constants.n + recipe->n_terms + recipe->n_sets;
    g->curves = kedge_arena_alloc(g->arena, (size_t)most, sizeof *g->curves);
    if (!g->curves) return kedge_fail_memory("a figure");
    kedge_status status = KEDGE_OK;
    for (int i = 0; i < columns && !status; i++) {
        const char *name = kedge_schedule_name(recipe->sheet, i);
        if (kind_of(name) != KEDGE_CURVE_SET_FACTOR) status = add_curve(g, name, i, 0);
    }
    for (int i = 0; !recipe->sheet && i < recipe->constants.n && !status; i++)
        if (kind_of(recipe->constants.names[i]) != KEDGE_CURVE_SET_FACTOR)
            status = add_curve(g, recipe->constants.names[i], -1, recipe->constants.values[i]);
    for (int i = 0; i < recipe->n_terms && !status; i++) { /* a term that is named nowhere has weight 1 */
        bool named = false;
        for (int c = 0; c < g->figure.n_curves; c++) named |= strcmp(g->curves[c].name, recipe->terms[i].name) == 0;
        if (!named) status = add_curve(g, recipe->terms[i].name, -1, 1);
    }
    if (!status && recipe->n_sets > 0) status = add_sets(g);
    g->figure.curves = g->curves;
    return status;
}

/* Evenly spaced steps, all of them where they are few, with the last. */
static kedge_status set_steps(gathering *g)
{
    int steps = (int)g->recipe->steps, stride = 1 + (steps - 1) / VALUES_MAX;
    g->at = kedge_arena_alloc(g->arena, (size_t)(steps / stride + 2), sizeof *g->at);
    if (!g->at) return kedge_fail_memory("a figure");
    g->figure.steps = steps;
    for (int step = 0; step < steps; step += stride) g->at[g->figure.n++] = step;
    if (g->at[g->figure.n - 1] != steps - 1) g->at[g->figure.n++] = steps - 1;
    g->figure.at = g->at;
    return KEDGE_OK;
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    gathering g = {.arena = &show->arena};
    kedge_phases phases;
    kedge_status status = kedge_show_recipe(show, &g.recipe);
    if (!status) status = set_steps(&g);
    if (!status) status = add_curves(&g);
    if (!status) status = kedge_phases_find(&phases, g.arena, g.recipe->sheet,
                                             kedge_phases_reach(g.recipe, g.figure.steps), NULL);
    if (status) return status;
    g.figure.n_phases = phases.n_phases, g.figure.phases = phases.phases;
    g.figure.n_actions = phases.n_actions, g.figure.actions = phases.actions;
    g.figure.title = kedge_show_title(show, "schedule");
    g.figure.subtitle = kedge_arena_format(g.arena, "schedule of %d steps; dots are keyframes%s", g.figure.steps,
                                           kedge_recipe_reacts(g.recipe) ? "; rows may come early in a run" : "");
    if (!g.figure.subtitle) return kedge_fail_memory("a figure");
    return kedge_draw_schedule(show->ctx, &g.figure, to);
}

const kedge_figure kedge_figure_schedule = {
    .info = {.name = "schedule", .summary = "weights, learning rate, phases and actions over the steps of a run",
             .input = KEDGE_FIGURE_RECIPE},
    .draw = draw,
};
