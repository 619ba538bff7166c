/* page_report.c - a finished run for the page: its model, its history, what was measured of it. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "eval/verdict.h"
#include "run/assessment.h"
#include "run/evaluate_view.h"
#include "run/model.h"
#include "show/page_parts.h"

/* What is worked out of one run before it is printed. */
typedef struct report {
    kedge_context *ctx;
    kedge_arena *arena;
    const kedge_page_source *source;
    kedge_draw_options options;
    kedge_show show;
    kedge_model *model; /* NULL: training failed */
    kedge_replay *replay;
    kedge_recipe view;
    kedge_assessment *assessment;
    bool measured;
    kedge_page_run run;
} report;

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a page");
}

/* ---- opening */

/* The model and its history; of a run whose loss became no number, the history up to there. */
static kedge_status open(report *self)
{
    const kedge_recipe *recipe = NULL;
    kedge_show_init(&self->show, self->ctx, self->source->input, &self->options);
    kedge_status status = kedge_show_model(&self->show, &self->model);
    if (status == KEDGE_ENUMERIC && self->show.replay && self->show.replay->n_records > 0) {
        self->model = NULL;
        self->replay = self->show.replay;
        status = KEDGE_OK;
    } else if (!status) {
        status = kedge_show_replay(&self->show, &self->replay);
    }
    if (!status) status = kedge_show_recipe(&self->show, &recipe);
    self->run.recipe = recipe;
    return status;
}

/* The plans that are shown: those asked for, or all that fit the model as surgery left it. */
static kedge_status choose_plans(report *self, kedge_params *params)
{
    const kedge_recipe *recipe = self->run.recipe;
    const kedge_page_source *source = self->source;
    const char **names = kedge_arena_alloc(self->arena, (size_t)recipe->n_plans + 1, sizeof *names);
    int n = 0;
    if (!names) return no_memory();
    bool changed = self->model && kedge_model_metadata(self->model, "surgery");
    if (source->n_plans > 0 || !changed)
        return kedge_recipe_view(&self->view, recipe, source->plans, source->n_plans, self->arena);
    for (int i = 0; i < recipe->n_plans; i++) {
        kedge_plan *plan = NULL;
        kedge_status status = kedge_plan_create(&plan, self->ctx, &recipe->plans[i], &self->model->options, params,
                                                recipe->dataset);
        kedge_plan_free(plan);
        if (status == KEDGE_ENOMEM) return status;
        if (!status) names[n++] = recipe->plans[i].name;
    }
    if (n == 0) names[n++] = "baseline"; /* adds none */
    return kedge_recipe_view(&self->view, recipe, names, n, self->arena);
}

/* ---- measuring */

static kedge_status measure(report *self)
{
    kedge_params *params = self->model ? &self->model->params : self->replay->params;
    const kedge_model_options *options = self->model ? &self->model->options : &self->run.recipe->model;
    kedge_status status = choose_plans(self, params);
    if (!status)
        status = kedge_assessment_create(&self->assessment, self->ctx, &self->view, options, params, NULL, INT_MAX);
    if (status) return status;
    if (self->model) kedge_assessment_recall(self->assessment, &self->model->file);
    status = kedge_assessment_run(self->assessment);
    self->measured = status == KEDGE_OK;
    return status == KEDGE_ENUMERIC ? KEDGE_OK : status; /* then there are no numbers to show */
}

/* ---- the verdict in words */

/* The first sampled step from which on all anchored concepts held to the end; -1: not known. */
static int held_from(const report *self)
{
    const kedge_trajectory *trajectory = self->replay->worker->trajectory;
    int from = -1;
    if (!trajectory->known || trajectory->n_tracks == 0) return -1;
    for (int i = 0; i < trajectory->n_samples; i++) {
        bool held = true;
        for (int k = 0; k < trajectory->n_tracks; k++)
            held = held && trajectory->tracks[k].cosines[i] >= (float)KEDGE_VERDICT_HELD;
        if (!held) from = -1;
        else if (from < 0) from = trajectory->at[i];
    }
    return from;
}

static void add_leak(kedge_text *text, const kedge_meter *meter)
{
    int scored = meter->input.scored;
    kedge_leak leak = isfinite(meter->run.leak) ? (kedge_leak)meter->run.leak : KEDGE_LEAK_NONE;
    kedge_text_addf(text, ": '%s' raises the error ", meter->input.plans[scored].name);
    if (leak == KEDGE_LEAK_DAMAGE || leak == KEDGE_LEAK_BOTH) {
        kedge_text_add_real(text, "at the concept by %.4f", meter->damages[scored].concept_increase);
        kedge_text_add_real(text, ", less than %.2f", KEDGE_VERDICT_DAMAGE);
    }
    if (leak == KEDGE_LEAK_BOTH) kedge_text_add(text, ", and ");
    if (leak == KEDGE_LEAK_COLLATERAL || leak == KEDGE_LEAK_BOTH) {
        kedge_text_add_real(text, "of something orthogonal by %.4f", meter->damages[scored].collateral);
        kedge_text_add_real(text, ", more than %.3f", KEDGE_VERDICT_COLLATERAL);
    }
}

/* "clean, held from step 675 on" */
static void add_verdict(const report *self, kedge_text *text)
{
    const kedge_meter *meter = self->assessment->meter;
    int verdict = (int)meter->run.verdict, from = held_from(self);
    double last = meter->run.verdict_step;
    kedge_text_add(text, kedge_verdict_name(verdict));
    if (verdict == KEDGE_VERDICT_LEAKY) add_leak(text, meter);
    const char *joint = verdict == KEDGE_VERDICT_LEAKY ? ";" : ",";
    if (last >= 0) kedge_text_addf(text, "%s last held at step %.0f", joint, last);
    else if (last < 0) kedge_text_addf(text, "%s never held", joint);
    else if (from >= 0 && self->replay->exact) kedge_text_addf(text, "%s held from step %d on", joint, from);
}

static bool can_judge(const kedge_meter *meter)
{
    for (int i = 0; i < meter->n_columns; i++)
        if (strcmp(meter->columns[i].name, "verdict") == 0) return true;
    return false;
}

/* The first step whose loss was no number. */
static int failing_step(const kedge_replay *replay)
{
    size_t columns = (size_t)replay->n_terms + 1;
    int step = 0;
    while (step < replay->steps - 1 && isfinite(replay->losses[(size_t)step * columns])) step++;
    return step;
}

static kedge_status judge(report *self)
{
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    bool unscored = self->run.recipe->score_plan >= 0 && self->view.score_plan < 0;
    bool changed = self->model && kedge_model_metadata(self->model, "surgery");
    if (!self->model)
        kedge_text_addf(&text, "failed: its loss is no number from step %d on", failing_step(self->replay));
    else if (self->measured && !changed && !unscored && can_judge(self->assessment->meter))
        add_verdict(self, &text);
    kedge_status status = kedge_text_status(&text, "a page");
    if (!status && text.length > 0) {
        self->run.verdict = kedge_arena_text(self->arena, kedge_text_string(&text));
        if (!self->run.verdict) status = no_memory();
    }
    kedge_text_release(&text);
    return status;
}

/* ---- records */

static void gather(const kedge_params *params, float *to)
{
    for (int i = 0; i < params->n; i++) {
        size_t count = kedge_param_count(&params->list[i]);
        memcpy(to, params->values + params->list[i].offset, count * sizeof *to);
        to += count;
    }
}

/* Base64 takes 4 bytes for 3. */
static int fit_records(const kedge_page_source *source, size_t parameters)
{
    size_t room = source->record_bytes * 3 / 4 / sizeof(float) / (parameters > 0 ? parameters : 1);
    int fit = room < (size_t)source->records ? (int)room : source->records;
    return fit < 2 ? 2 : fit;
}

/* The history, whose end is the model itself; of a model in another shape that is all. */
static kedge_status choose_records(report *self)
{
    kedge_page_run *run = &self->run;
    const kedge_replay *replay = self->replay;
    size_t n = run->layout->count;
    bool same = n == replay->n_parameters && run->model->bottleneck == run->recipe->model.bottleneck;
    int most = fit_records(self->source, n);
    int *chosen = kedge_arena_alloc(self->arena, (size_t)most, sizeof *chosen);
    float *values = kedge_arena_alloc(self->arena, (size_t)most * n, sizeof *values);
    if (!chosen || !values) return no_memory();
    run->n_records = same ? kedge_page_choose_records(replay->n_records, replay->at, most, chosen) : 1;
    for (int i = 0; same && i < run->n_records; i++) {
        memcpy(values + (size_t)i * n, replay->parameters + (size_t)chosen[i] * n, n * sizeof *values);
        chosen[i] = replay->at[chosen[i]];
    }
    if (!same) chosen[0] = replay->steps;
    if (self->model) gather(&self->model->params, values + (size_t)(run->n_records - 1) * n);
    run->at = chosen;
    run->parameters = values;
    return KEDGE_OK;
}

/* ---- schedule */

static kedge_status fill_schedule(report *self)
{
    const kedge_recipe *recipe = self->run.recipe;
    const kedge_training *training = self->replay->worker->trainer->training;
    const kedge_gates *gates = self->replay->worker->gates;
    const kedge_recipe_training *read = gates ? &gates->own : &self->replay->training;
    int columns = kedge_recipe_columns(recipe);
    int *at = kedge_arena_alloc(self->arena, KEDGE_PAGE_SCHEDULE_STEPS, sizeof *at);
    if (!at) return no_memory();
    int n = kedge_page_schedule_steps(recipe->sheet, gates, training->steps, KEDGE_PAGE_SCHEDULE_STEPS, at);
    double *values = kedge_arena_alloc(self->arena, (size_t)columns * (size_t)n, sizeof *values), *to = values;
    if (!values) return no_memory();
    for (int c = 0; c < columns; c++) {
        kedge_recipe_column column = kedge_recipe_column_at(recipe, c);
        for (int i = 0; i < n; i++) *to++ = kedge_recipe_column_value(read, recipe, &column, at[i]);
    }
    self->run.schedule = (kedge_page_schedule){
        .recipe = recipe, .sheet = recipe->sheet, .gates = gates, .steps = training->steps, .n = n, .at = at,
        .values = values};
    return KEDGE_OK;
}

/* ---- all of it */

/* "2.4.1, seed 0, after prune" */
static kedge_status name_run(report *self)
{
    const char *before = self->source->name;
    kedge_text text;
    kedge_text_init(&text, self->ctx);
    kedge_text_addf(&text, "%s%sseed %lld", before ? before : "", before ? ", " : "", self->run.seed);
    for (int i = 0; self->model && i < self->model->surgery.n; i++)
        kedge_text_addf(&text, "%s%s", i ? ", " : ", after ",
                        kedge_surgery_kinds[self->model->surgery.at[i].kind]->variant.name);
    self->run.name = text.broken ? NULL : kedge_arena_text(self->arena, kedge_text_string(&text));
    kedge_text_release(&text);
    return self->run.name ? KEDGE_OK : no_memory();
}

static void describe(report *self)
{
    kedge_page_run *run = &self->run;
    const kedge_replay *replay = self->replay;
    const char *kernels = self->model ? kedge_model_metadata(self->model, "kernels") : NULL;
    run->arena = self->arena;
    run->recipe = &self->view;
    run->seed = replay->seed;
    run->kernels = kernels ? kernels : kedge_context_kernels(self->ctx);
    bool changed = self->model && self->model->surgery.n > 0; /* what it was before is not there to compare with */
    run->exact = (replay->exact && !changed) || !self->model;
    run->model = self->model ? &self->model->options : &self->view.model;
    run->dims = self->model ? self->model->dims : NULL;
    run->layout = self->model ? &self->model->params : replay->params;
    run->meter = self->measured ? self->assessment->meter : NULL;
    run->plans = self->measured ? self->assessment->plans : NULL;
    run->losses = (kedge_page_rows){
        .n = replay->steps, .values = replay->losses, .stride = replay->n_terms + 1, .first = 0};
}

kedge_status kedge_page_put_source(kedge_json *json, kedge_context *ctx, const kedge_page_source *source,
                                   kedge_arena *arena, const char **title)
{
    report self = {.ctx = ctx, .arena = arena, .source = source, .options = KEDGE_DRAW_OPTIONS_INIT};
    self.options.seed = source->seed;
    kedge_status status = open(&self);
    if (!status) status = measure(&self);
    if (!status) status = fill_schedule(&self);
    if (!status) status = judge(&self);
    if (status) goto done;
    const char *found = kedge_show_title(&self.show, NULL);
    *title = found ? kedge_arena_text(arena, found) : NULL;
    if (found && !*title) status = no_memory();
    describe(&self);
    if (!status) status = choose_records(&self);
    if (!status) status = name_run(&self);
    if (!status) status = kedge_page_put_run(json, &self.run);
done:
    kedge_assessment_free(self.assessment);
    kedge_show_release(&self.show);
    return status;
}
