/* page_plans.c - the plans of a run for the page: what they do in words, and what it needs to do them itself. */
#include <string.h>

#include "base/error.h"
#include "run/schema.h"
#include "show/page_parts.h"

/* ---- in words */

/* "direction: [1, 0], from: 90": the fields of a table as the recipe has them, in one line. */
static void add_fields(kedge_text *text, const kedge_field *fields, int n, const void *options)
{
    kedge_text lines;
    kedge_text_init(&lines, text->ctx);
    for (int i = 0; i < n; i++) kedge_field_print(&fields[i], options, 0, &lines);
    const char *at = kedge_text_string(&lines);
    for (const char *end; (end = strchr(at, '\n')); at = end + 1) {
        kedge_text_add_bytes(text, at, (size_t)(end - at));
        kedge_text_add(text, ", ");
    }
    if (lines.broken) text->broken = true;
    kedge_text_release(&lines);
}

/* "suppress: removes a share of the part along a direction; lengths shrink (direction: [1, 0], ..., site:
 * bottleneck)" */
static void add_step(kedge_text *text, const kedge_plan_step *step)
{
    const kedge_variant *variant = step->is_surgery ? &kedge_surgery_kinds[step->surgery.kind]->variant
                                                    : &kedge_edit_kinds[step->edit.kind]->variant;
    const void *options = step->is_surgery ? (const void *)&step->surgery : (const void *)&step->edit;
    kedge_text_addf(text, "%s: %s (", variant->name, variant->doc);
    add_fields(text, variant->fields, variant->n_fields, options);
    if (step->is_surgery) add_fields(text, kedge_surgery_fields, kedge_n_surgery_fields, options);
    else add_fields(text, kedge_edit_fields, kedge_n_edit_fields, options);
    if (!text->broken && text->length >= 2) text->length -= 2; /* the last comma */
    kedge_text_add(text, ")");
}

static kedge_status put_words(kedge_json *json, const kedge_plan_options *plan)
{
    kedge_text text;
    kedge_text_init(&text, json->text->ctx);
    for (int i = 0; i < plan->n_steps; i++) {
        if (i > 0) kedge_text_add(&text, "; then ");
        add_step(&text, &plan->steps[i]);
    }
    kedge_json_put_text(json, "text", kedge_text_string(&text));
    kedge_status status = kedge_text_status(&text, "a page");
    kedge_text_release(&text);
    return status;
}

/* ---- for the page to do */

/* What the page is given to compute a plan: all of it, or nothing, as half of a plan is another plan. */
typedef struct means {
    const kedge_edit_options *edit; /* its only one */
    const kedge_params *weights;    /* after its surgery */
} means;

/* Whether an edit works on what the decoder sees. */
static bool is_here(const kedge_page_run *run, const kedge_edit_options *edit)
{
    bool pre_norm = strcmp(edit->site, "pre-norm") == 0; /* the same place where nothing is normalized */
    return strcmp(edit->site, "bottleneck") == 0 || (pre_norm && !run->model->normalize);
}

/* The weights after surgery; NULL where it has not been done, or not kept the shape that the page's records have. */
static const kedge_params *operated(const kedge_page_run *run, int plan)
{
    const kedge_params *params = run->plans ? kedge_plan_params(run->plans[plan]) : NULL;
    bool same = params && params->count == run->layout->count &&
                kedge_plan_model(run->plans[plan])->bottleneck == run->model->bottleneck;
    return same ? params : NULL;
}

static means means_of(const kedge_page_run *run, int i)
{
    const kedge_plan_options *plan = &run->recipe->plans[i];
    const means nothing = {0};
    means have = {0};
    bool operates = false;
    for (int k = 0; k < plan->n_steps; k++) {
        const kedge_plan_step *step = &plan->steps[k];
        if (!step->is_surgery && (have.edit || !is_here(run, &step->edit))) return nothing;
        if (step->is_surgery) operates = true;
        else have.edit = &step->edit;
    }
    if (operates) have.weights = operated(run, i);
    return operates && !have.weights ? nothing : have;
}

static void put_edit(kedge_json *json, const kedge_edit_options *edit)
{
    const kedge_variant *variant = &kedge_edit_kinds[edit->kind]->variant;
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "kind", variant->name);
    kedge_json_key(json, "direction");
    if (edit->direction.n == 0) kedge_json_text(json, NULL);
    else kedge_json_open(json, '[');
    for (int i = 0; i < edit->direction.n; i++) kedge_json_real(json, edit->direction.at[i]);
    if (edit->direction.n > 0) kedge_json_close(json, ']');
    kedge_json_key(json, "dims");
    if (edit->dims.n == 0) kedge_json_text(json, NULL);
    else kedge_json_open(json, '[');
    for (int i = 0; i < edit->dims.n; i++) kedge_json_integer(json, edit->dims.at[i]);
    if (edit->dims.n > 0) kedge_json_close(json, ']');
    kedge_json_put_real(json, "from", edit->from);
    kedge_json_put_real(json, "to", edit->to);
    kedge_json_put_text(json, "map", kedge_page_choice(variant, "map", edit));
    kedge_json_put_real(json, "strength", edit->strength);
    kedge_json_put_real(json, "power", edit->power);
    kedge_json_close(json, '}');
}

/* As the page's records have them. */
static kedge_status put_weights(kedge_json *json, kedge_arena *arena, const kedge_params *params)
{
    float *values = kedge_arena_alloc(arena, params->count, sizeof *values), *to = values;
    if (!values) return kedge_fail_memory("a page");
    for (int i = 0; i < params->n; i++) {
        size_t count = kedge_param_count(&params->list[i]);
        memcpy(to, params->values + params->list[i].offset, count * sizeof *to);
        to += count;
    }
    kedge_json_floats(json, values, params->count);
    return KEDGE_OK;
}

/* ---- its numbers */

static void put_metrics(kedge_json *json, const kedge_page_run *run, int plan)
{
    const kedge_meter *meter = run->meter;
    kedge_json_open(json, '[');
    for (int i = 0; meter && i < meter->n_columns; i++) {
        const kedge_column *column = &meter->columns[i];
        if (column->metric->per == KEDGE_PER_PLAN && column->item == plan)
            kedge_page_put_metric(json, column->metric, NULL, meter->values[i]);
    }
    kedge_json_close(json, ']');
}

static kedge_status put_target(kedge_json *json, const kedge_page_run *run, int plan)
{
    const kedge_target *target = &run->recipe->targets[plan];
    if (!target->formula) {
        kedge_json_text(json, NULL);
        return KEDGE_OK;
    }
    kedge_page_subset subset = kedge_page_subset_of(run->recipe->dataset);
    double *values = kedge_arena_alloc(run->arena, (size_t)subset.n, sizeof *values);
    if (!values) return kedge_fail_memory("a page");
    for (int i = 0; i < subset.n; i++) values[i] = target->values[kedge_page_point(subset, i)];
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "formula", target->formula);
    kedge_json_key(json, "values");
    kedge_json_doubles(json, values, (size_t)subset.n);
    kedge_json_close(json, '}');
    return KEDGE_OK;
}

static kedge_status put_plan(kedge_json *json, const kedge_page_run *run, int i)
{
    const kedge_plan_options *plan = &run->recipe->plans[i];
    means have = means_of(run, i);
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "name", plan->name);
    kedge_status status = put_words(json, plan);
    kedge_json_put_bool(json, "scored", i == run->recipe->score_plan);
    kedge_json_key(json, "edit");
    if (have.edit) put_edit(json, have.edit);
    else kedge_json_text(json, NULL);
    kedge_json_key(json, "parameters");
    if (!have.weights) kedge_json_text(json, NULL);
    else if (!status) status = put_weights(json, run->arena, have.weights);
    kedge_json_key(json, "metrics");
    put_metrics(json, run, i);
    kedge_json_key(json, "target");
    if (!status) status = put_target(json, run, i);
    kedge_json_close(json, '}');
    return status;
}

kedge_status kedge_page_put_plans(kedge_json *json, const kedge_page_run *run)
{
    kedge_status status = KEDGE_OK;
    kedge_json_open(json, '[');
    for (int i = 0; !status && i < run->recipe->n_plans; i++) status = put_plan(json, run, i);
    kedge_json_close(json, ']');
    return status;
}
