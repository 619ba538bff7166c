/* page_put.c - one run for the page: model, points, terms, records. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "show/cloud.h"
#include "show/page_parts.h"

enum { POINTS_MAX = 4096, POINT_FLOATS_MAX = 65536, EARLY = 3 };

static kedge_status no_memory(void)
{
    return kedge_fail_memory("a page");
}

/* ---- the model */

const char *kedge_page_choice(const kedge_variant *variant, const char *key, const void *options)
{
    for (int i = 0; i < variant->n_fields; i++) {
        const kedge_field *field = &variant->fields[i];
        int chosen;
        if (field->type != KEDGE_FIELD_CHOICE || strcmp(field->key, key) != 0) continue;
        memcpy(&chosen, (const char *)options + field->offset, sizeof chosen);
        return field->choices[chosen];
    }
    return "";
}

static void put_texts(kedge_json *json, const char *key, const char *const *names, int n)
{
    kedge_json_key(json, key);
    kedge_json_open(json, '[');
    for (int i = 0; i < n; i++) kedge_json_text(json, names[i]);
    kedge_json_close(json, ']');
}

/* Layers of one half: a weight and a bias each, in the order of declaration. 'offset' counts floats of a record. */
static void put_layers(kedge_json *json, const char *key, const kedge_params *layout, int from, int to, size_t *offset)
{
    kedge_json_key(json, key);
    kedge_json_open(json, '[');
    for (int i = from; i < to; i += 2) {
        const kedge_param *weight = &layout->list[i], *bias = &layout->list[i + 1];
        kedge_json_open(json, '{');
        kedge_json_put_integer(json, "inputs", weight->cols);
        kedge_json_put_integer(json, "outputs", weight->rows);
        kedge_json_put_integer(json, "weight", (long long)*offset);
        kedge_json_put_integer(json, "bias", (long long)(*offset + kedge_param_count(weight)));
        kedge_json_close(json, '}');
        *offset += kedge_param_count(weight) + kedge_param_count(bias);
    }
    kedge_json_close(json, ']');
}

static void put_model(kedge_json *json, const kedge_page_run *run)
{
    const kedge_dataset *data = run->recipe->dataset;
    const kedge_variant *variant = &kedge_model_variants[run->model->kind];
    size_t offset = 0;
    kedge_json_open(json, '{');
    put_texts(json, "inputs", data->feature_names, data->n_features);
    put_texts(json, "outputs", data->target_names, data->n_targets);
    kedge_json_put_bool(json, "colour", kedge_gives_colours(data));
    kedge_json_put_integer(json, "bottleneck", run->model->bottleneck);
    kedge_json_put_bool(json, "normalize", run->model->normalize);
    kedge_json_put_text(json, "activation", kedge_page_choice(variant, "activation", run->model));
    kedge_json_put_text(json, "output", kedge_page_choice(variant, "output", run->model));
    put_layers(json, "encoder", run->layout, 0, run->layout->n / 2, &offset);
    put_layers(json, "decoder", run->layout, run->layout->n / 2, run->layout->n, &offset);
    kedge_json_put_integer(json, "parameters", (long long)run->layout->count);
    kedge_json_close(json, '}');
}

/* ---- points */

kedge_page_subset kedge_page_subset_of(const kedge_dataset *dataset)
{
    int most = POINT_FLOATS_MAX / (dataset->n_features > 0 ? dataset->n_features : 1);
    if (most > POINTS_MAX) most = POINTS_MAX;
    if (most < 1) most = 1;
    return (kedge_page_subset){.n = dataset->points < most ? dataset->points : most, .of = dataset->points};
}

/* Columns [n_columns][points] as rows. */
static kedge_status put_rows(kedge_json *json, const kedge_page_run *run, const float *const *columns, int n_columns,
                             kedge_page_subset subset)
{
    size_t wide = (size_t)n_columns;
    float *rows = kedge_arena_alloc(run->arena, (size_t)subset.n * wide, sizeof *rows);
    if (!rows) return no_memory();
    for (int i = 0; i < subset.n; i++)
        for (size_t j = 0; j < wide; j++) rows[(size_t)i * wide + j] = columns[j][kedge_page_point(subset, i)];
    kedge_json_floats(json, rows, (size_t)subset.n * wide);
    return KEDGE_OK;
}

static bool same_columns(const kedge_dataset *data)
{
    if (data->n_features != data->n_targets) return false;
    for (int i = 0; i < data->n_features; i++)
        if (memcmp(data->features[i], data->targets[i], (size_t)data->points * sizeof(float)) != 0) return false;
    return true;
}

/* Points of the recipe's own whose colour says nothing are shaded. */
static kedge_status put_shade(kedge_json *json, const kedge_page_run *run, const kedge_cloud *cloud,
                              kedge_page_subset subset)
{
    float *shade = kedge_arena_alloc(run->arena, (size_t)subset.n, sizeof *shade);
    if (!shade) return no_memory();
    for (int i = 0; cloud && cloud->shade && i < subset.n; i++) shade[i] = cloud->shade[kedge_page_point(subset, i)];
    kedge_json_key(json, "shade");
    if (cloud && cloud->shade) kedge_json_floats(json, shade, (size_t)subset.n);
    else kedge_json_text(json, NULL);
    kedge_json_put_text(json, "shadeName", cloud && cloud->shade ? run->recipe->labels[0].name : NULL);
    return KEDGE_OK;
}

/* 'cloud': of the recipe's own points; NULL for others. */
static kedge_status put_points(kedge_json *json, const kedge_page_run *run, const char *name, const kedge_dataset *data,
                               const kedge_cloud *cloud)
{
    kedge_page_subset subset = kedge_page_subset_of(data);
    if (subset.n < data->points) name = kedge_arena_format(run->arena, "%s, %d of %d", name, subset.n, data->points);
    if (!name) return no_memory();
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "name", name);
    kedge_json_put_integer(json, "n", subset.n);
    kedge_json_key(json, "inputs");
    kedge_status status = put_rows(json, run, data->features, data->n_features, subset);
    kedge_json_key(json, "targets");
    if (same_columns(data)) kedge_json_text(json, NULL);
    else if (!status) status = put_rows(json, run, data->targets, data->n_targets, subset);
    if (!status) status = put_shade(json, run, cloud, subset);
    kedge_json_put_text(json, "names", NULL);
    kedge_json_close(json, '}');
    return status;
}

/* ---- what the recipe asks for */

static void put_anchors(kedge_json *json, const kedge_page_run *run, const kedge_cloud *cloud)
{
    kedge_json_open(json, '[');
    for (int i = 0; i < cloud->n_anchors; i++) {
        kedge_json_open(json, '{');
        kedge_json_put_text(json, "label", cloud->anchors[i].label);
        kedge_json_key(json, "at");
        kedge_json_open(json, '[');
        for (int k = 0; k < run->model->bottleneck; k++) kedge_json_real(json, (double)cloud->anchors[i].at[k]);
        kedge_json_close(json, ']');
        kedge_json_close(json, '}');
    }
    kedge_json_close(json, ']');
}

/* "pulls labelled samples to a point chosen before training; on red, at bottleneck" */
static kedge_status put_term(kedge_json *json, const kedge_page_run *run, const kedge_term_options *term)
{
    const kedge_term_kind *kind = kedge_term_kinds[term->kind];
    const kedge_variant *variant = &kind->variant;
    kedge_text text;
    kedge_text_init(&text, run->arena->ctx);
    kedge_text_addf(&text, kind->on_no_sample ? "%s" : "%s; on ", variant->doc);
    for (int i = 0; i < term->labels.n; i++) kedge_text_addf(&text, "%s'%s'", i ? ", " : "", term->labels.names[i]);
    kedge_text_addf(&text, "%s, at %s", term->labels.n || kind->on_no_sample ? "" : "all samples", term->site);
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "name", term->name);
    kedge_json_put_text(json, "kind", variant->name);
    kedge_json_put_text(json, "text", kedge_text_string(&text));
    kedge_json_close(json, '}');
    kedge_status status = kedge_text_status(&text, "a page");
    kedge_text_release(&text);
    return status;
}

/* ---- numbers */

/* The names of metrics of terms and plans end in '_', for what they are of to follow. */
static void put_name(kedge_json *json, const kedge_metric *metric, const char *of)
{
    size_t length = strlen(metric->name);
    kedge_json_key(json, "name");
    if (of) kedge_json_text(json, of);
    else kedge_json_bytes(json, metric->name, length > 0 && metric->name[length - 1] == '_' ? length - 1 : length);
}

void kedge_page_put_metric(kedge_json *json, const kedge_metric *metric, const char *name, double value)
{
    char number[40] = "undefined"; /* the text of a number is made from JSON's own, which knows no locale */
    const char *words = metric->words ? metric->words(value) : NULL;
    kedge_text text;
    kedge_text_init(&text, json->text->ctx);
    if (isfinite(value)) kedge_text_add_real(&text, "%.4g", value);
    if (text.length > 0 && text.length < sizeof number) memcpy(number, text.bytes, text.length + 1);
    if (text.broken) json->text->broken = true;
    kedge_text_release(&text);
    kedge_json_open(json, '{');
    put_name(json, metric, name);
    kedge_json_key(json, "value");
    kedge_json_real(json, value);
    kedge_json_put_text(json, "text", words ? words : number);
    kedge_json_put_text(json, "doc", metric->doc);
    kedge_json_put_bool(json, "detail", metric->detail);
    kedge_json_close(json, '}');
}

static void put_metrics(kedge_json *json, const kedge_page_run *run)
{
    const kedge_meter *meter = run->meter;
    kedge_json_open(json, '[');
    for (int i = 0; meter && i < meter->n_columns; i++) {
        const kedge_column *column = &meter->columns[i];
        bool moot = column->metric->words && !isfinite(meter->values[i]); /* the step of a verdict that has none */
        if (column->metric->per != KEDGE_PER_PLAN && !moot)
            kedge_page_put_metric(json, column->metric, column->name, meter->values[i]);
    }
    kedge_json_close(json, ']');
}

/* ---- records */

int kedge_page_choose_records(int n, const int *at, int most, int *chosen)
{
    if (n <= most) {
        for (int i = 0; i < n; i++) chosen[i] = i;
        return n;
    }
    int next = 0, last = at[n - 1];
    for (int i = 0; i < most; i++) {
        double share = expm1((double)EARLY * i / (most - 1)) / expm1(EARLY);
        int latest = n - (most - i); /* as many must be left for the others */
        while (next < latest && at[next] < share * last) next++;
        chosen[i] = next++;
    }
    return most;
}

static void put_records(kedge_json *json, const kedge_page_run *run)
{
    kedge_json_open(json, '{');
    kedge_json_key(json, "at");
    kedge_json_open(json, '[');
    for (int i = 0; i < run->n_records; i++) kedge_json_integer(json, run->at[i]);
    kedge_json_close(json, ']');
    kedge_json_key(json, "parameters");
    kedge_json_floats(json, run->parameters, (size_t)run->n_records * run->layout->count);
    kedge_json_close(json, '}');
}

/* ---- all of it */

static kedge_status put_what_was_asked(kedge_json *json, const kedge_page_run *run)
{
    const kedge_recipe *recipe = run->recipe;
    kedge_cloud cloud;
    kedge_status status = kedge_cloud_init(&cloud, run->arena, recipe, (int)run->model->bottleneck, run->dims);
    if (status) return status;
    kedge_json_key(json, "points");
    kedge_json_open(json, '[');
    status = put_points(json, run, "data", recipe->dataset, &cloud);
    if (!status && recipe->test_set != recipe->dataset) status = put_points(json, run, "test", recipe->test_set, NULL);
    kedge_json_close(json, ']');
    kedge_json_key(json, "anchors");
    put_anchors(json, run, &cloud);
    kedge_json_key(json, "labels");
    kedge_json_open(json, '[');
    for (int i = 0; i < recipe->n_labels; i++) kedge_json_text(json, recipe->labels[i].name);
    kedge_json_close(json, ']');
    kedge_json_key(json, "terms");
    kedge_json_open(json, '[');
    for (int i = 0; !status && i < recipe->n_terms; i++) status = put_term(json, run, &recipe->terms[i]);
    kedge_json_close(json, ']');
    return status;
}

kedge_status kedge_page_put_run(kedge_json *json, const kedge_page_run *run)
{
    kedge_json_open(json, '{');
    kedge_json_put_text(json, "name", run->name);
    kedge_json_put_text(json, "recipe", run->recipe->text);
    kedge_json_put_integer(json, "seed", run->seed);
    kedge_json_put_text(json, "kernels", run->kernels);
    kedge_json_put_bool(json, "exact", run->exact);
    kedge_json_put_text(json, "verdict", run->verdict);
    kedge_json_key(json, "metrics");
    put_metrics(json, run);
    kedge_json_key(json, "model");
    put_model(json, run);
    kedge_status status = put_what_was_asked(json, run);
    kedge_json_key(json, "plans");
    if (!status) status = kedge_page_put_plans(json, run);
    kedge_json_key(json, "schedule");
    kedge_page_put_schedule(json, &run->schedule);
    kedge_json_key(json, "losses");
    if (!status) status = kedge_page_put_losses(json, run);
    kedge_json_key(json, "records");
    put_records(json, run);
    kedge_json_close(json, '}');
    return status;
}
