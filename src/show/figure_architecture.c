/* figure_architecture.c - a recipe's network with all that acts on it. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "draw/architecture.h"
#include "format/number.h"
#include "run/recipe_parts.h"
#include "run/training.h"
#include "show/figure.h"

enum { NUMBERS_MAX = 8 }; /* of a list that is written out */

/* The layers while they are gathered, in the show's arena. */
typedef struct gathering {
    const kedge_show *show;
    kedge_arena *arena;
    const kedge_recipe *recipe;
    kedge_recipe_training training;
    kedge_text text; /* of one thing that acts */
    int n;
    kedge_architecture_layer *layers;
    int most; /* things that may act at a layer */
} gathering;

/* ---- in words */

/* With a true minus sign: these words are set in a picture. */
static void add_real(kedge_text *text, double value)
{
    if (value < 0) kedge_text_add(text, "\xe2\x88\x92");
    kedge_text_add_real(text, "%.4g", fabs(value));
}

static void add_reals(kedge_text *text, const kedge_reals *list)
{
    int others = 0, axis = 0;
    for (int i = 0; i < list->n; i++)
        if (list->at[i] != 0) others++, axis = i;
    if (list->n <= NUMBERS_MAX) {
        for (int i = 0; i < list->n; i++) {
            kedge_text_add(text, i == 0 ? "(" : ", ");
            add_real(text, list->at[i]);
        }
        kedge_text_add(text, ")");
    } else if (others == 1) {
        add_real(text, list->at[axis]);
        kedge_text_addf(text, " on axis %d", axis);
    } else {
        kedge_text_addf(text, "of %d numbers", list->n);
    }
}

static void add_ints(kedge_text *text, const kedge_ints *list)
{
    for (int i = 0; i < list->n && i < NUMBERS_MAX; i++)
        kedge_text_addf(text, "%s%lld", i == 0 ? "" : ", ", (long long)list->at[i]);
    if (list->n > NUMBERS_MAX) kedge_text_addf(text, " and %d more", list->n - NUMBERS_MAX);
}

/* Whether an option has the value that its table gives it where nothing is said. */
static bool is_default(const kedge_field *field, const void *value)
{
    double number;
    if (!field->fallback) return false;
    if (field->type == KEDGE_FIELD_REALS) return ((const kedge_reals *)value)->n == 0;
    if (field->type == KEDGE_FIELD_INTS) return ((const kedge_ints *)value)->n == 0;
    if (field->type == KEDGE_FIELD_BOOL) return *(const bool *)value == (strcmp(field->fallback, "true") == 0);
    if (field->type == KEDGE_FIELD_CHOICE) return strcmp(field->choices[*(const int *)value], field->fallback) == 0;
    if (!kedge_number_real(field->fallback, &number)) return false;
    return field->type == KEDGE_FIELD_REAL ? *(const double *)value == number
                                           : (double)*(const int64_t *)value == number;
}

/* The kind, unless the name says it, and "key value" for each option that says more than its default; angles always. */
static void add_options(kedge_text *text, const char *name, const kedge_variant *variant, const void *options)
{
    if (strcmp(name, variant->name) != 0) kedge_text_add(text, variant->name);
    for (int i = 0; i < variant->n_fields; i++) {
        const kedge_field *field = &variant->fields[i];
        const void *value = (const char *)options + field->offset;
        bool angle = strcmp(field->key, "from") == 0 || strcmp(field->key, "to") == 0;
        if (is_default(field, value) && !angle) continue;
        kedge_text_addf(text, "%s%s", text->length > 0 ? ", " : "", field->key);
        if (field->type != KEDGE_FIELD_BOOL) kedge_text_add(text, " ");
        else if (!*(const bool *)value) kedge_text_add(text, ": false");
        if (field->type == KEDGE_FIELD_REALS) add_reals(text, value);
        else if (field->type == KEDGE_FIELD_INTS) add_ints(text, value);
        else if (field->type == KEDGE_FIELD_REAL) add_real(text, *(const double *)value);
        else if (field->type == KEDGE_FIELD_INT) kedge_text_addf(text, "%lld", (long long)*(const int64_t *)value);
        else if (field->type == KEDGE_FIELD_CHOICE) kedge_text_add(text, field->choices[*(const int *)value]);
        else if (field->type == KEDGE_FIELD_FORMULA)
            kedge_text_add(text, kedge_clip_text(((const kedge_formula *)value)->text).text);
        if (angle) kedge_text_add(text, "\xc2\xb0");
    }
}

/* The term's labels and the range of its weight over the run. */
static void add_conditions(gathering *g, int term)
{
    const kedge_weights *labels = &g->recipe->terms[term].labels;
    const kedge_training *training = &g->training.training;
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < labels->n; i++) {
        kedge_text_add(&g->text, i > 0 ? " and " : g->text.length > 0 ? ", on " : "on ");
        if (labels->values[i] != 1) add_real(&g->text, labels->values[i]), kedge_text_add(&g->text, " x ");
        kedge_text_add(&g->text, labels->names[i]);
    }
    if (labels->n == 0 && !kedge_term_kinds[g->recipe->terms[term].kind]->on_no_sample)
        kedge_text_add(&g->text, g->text.length > 0 ? ", on all samples" : "on all samples");
    for (int step = 0; step < training->steps; step++) {
        double weight = training->weights[(size_t)step * (size_t)training->n_terms + (size_t)term];
        low = weight < low ? weight : low;
        high = weight > high ? weight : high;
    }
    kedge_text_add(&g->text, ", weight ");
    add_real(&g->text, low);
    if (high > low) kedge_text_add(&g->text, " to "), add_real(&g->text, high);
}

/* ---- layers and what acts there */

static kedge_status add_layer(gathering *g, const char *name, int64_t units, const char *text)
{
    kedge_architecture_act *acts = kedge_arena_alloc(g->arena, (size_t)g->most, sizeof *acts);
    if (!name || !text || !acts) return kedge_fail_memory("a figure");
    g->layers[g->n++] = (kedge_architecture_layer){.name = name, .text = text, .units = (int)units, .acts = acts};
    return KEDGE_OK;
}

/* Adds what g->text says to the layer of a site. */
static kedge_status add_act(gathering *g, const char *site, kedge_architecture_kind kind, const char *name)
{
    if (strcmp(site, "pre-norm") == 0 && !g->recipe->model.normalize) site = "bottleneck"; /* one activation */
    kedge_status status = kedge_text_status(&g->text, "a figure");
    const char *text = kedge_arena_format(g->arena, "%s", kedge_text_string(&g->text));
    if (status || !text) return kedge_fail_memory("a figure");
    kedge_text_clear(&g->text);
    for (int i = 0; i < g->n; i++) {
        kedge_architecture_layer *layer = &g->layers[i];
        if (strcmp(layer->name, site) != 0) continue;
        kedge_architecture_act *acts = (kedge_architecture_act *)(uintptr_t)layer->acts; /* this file's own */
        acts[layer->n_acts++] = (kedge_architecture_act){kind, name, text};
    }
    return KEDGE_OK;
}

/* What the recipe says for a key of the model that is one of several words. */
static const char *model_word(const gathering *g, const char *key)
{
    const kedge_model_options *model = &g->recipe->model;
    const kedge_variant *variant = &kedge_model_variants[model->kind];
    for (int i = 0; i < variant->n_fields; i++) {
        int choice;
        if (strcmp(variant->fields[i].key, key) != 0) continue;
        memcpy(&choice, (const char *)model + variant->fields[i].offset, sizeof choice);
        return variant->fields[i].choices[choice];
    }
    return "";
}

static kedge_status add_hidden(gathering *g, bool encoder)
{
    const kedge_model_options *model = &g->recipe->model;
    kedge_status status = KEDGE_OK;
    for (int i = 0; i < model->hidden.n && !status; i++) {
        int64_t units = model->hidden.at[encoder ? i : model->hidden.n - 1 - i];
        status = add_layer(g, kedge_arena_format(g->arena, "%s.%d", encoder ? "encoder" : "decoder", i), units,
                           kedge_arena_format(g->arena, "%lld unit%s, %s", (long long)units, units == 1 ? "" : "s",
                                              model_word(g, "activation")));
    }
    return status;
}

static const char *dims_text(gathering *g, const char *state)
{
    int64_t k = g->recipe->model.bottleneck;
    return kedge_arena_format(g->arena, "%lld dim%s%s", (long long)k, k == 1 ? "" : "s",
                              g->recipe->model.normalize ? state : "");
}

/* "3 features (r, g, b), 512 points of rgb-grid, 64 a step" */
static const char *data_text(gathering *g)
{
    const kedge_recipe *recipe = g->recipe;
    const kedge_dataset *data = recipe->dataset;
    kedge_text_addf(&g->text, "%d feature%s (", data->n_features, data->n_features == 1 ? "" : "s");
    for (int i = 0; i < data->n_features && i < NUMBERS_MAX; i++)
        kedge_text_addf(&g->text, "%s%s", i == 0 ? "" : ", ", data->feature_names[i]);
    if (data->n_features > NUMBERS_MAX) kedge_text_addf(&g->text, " and %d more", data->n_features - NUMBERS_MAX);
    kedge_text_addf(&g->text, "), %d points of %s, %lld a step", data->points,
                    kedge_data_variants[recipe->data.kind].name, (long long)recipe->data.batch);
    const char *text = g->text.broken ? NULL : kedge_arena_format(g->arena, "%s", kedge_text_string(&g->text));
    kedge_text_clear(&g->text);
    return text;
}

static kedge_status add_layers(gathering *g)
{
    const kedge_recipe *recipe = g->recipe;
    const kedge_model_options *model = &recipe->model;
    g->layers = kedge_arena_alloc(g->arena, 4 + 2 * (size_t)model->hidden.n, sizeof *g->layers);
    if (!g->layers) return kedge_fail_memory("a figure");
    kedge_status status = add_layer(g, "input", recipe->dataset->n_features, data_text(g));
    if (!status) status = add_hidden(g, true);
    if (!status && model->normalize) status = add_layer(g, "pre-norm", model->bottleneck, dims_text(g, ", any length"));
    if (!status) status = add_layer(g, "bottleneck", model->bottleneck, dims_text(g, ", unit length"));
    if (status) return status;
    g->layers[g->n - 1].strong = true;
    g->layers[g->n - 1].pointwise = model->normalize;
    status = add_hidden(g, false);
    int targets = recipe->dataset->n_targets;
    if (!status)
        status = add_layer(g, "output", targets,
                           kedge_arena_format(g->arena, "%d number%s, %s", targets, targets == 1 ? "" : "s",
                                              model_word(g, "output")));
    kedge_text_add(&g->text, "mean squared error");
    return status ? status : add_act(g, "output", KEDGE_ACTS_TASK, "task");
}

static kedge_status add_terms(gathering *g)
{
    kedge_status status = KEDGE_OK;
    for (int i = 0; i < g->recipe->n_terms && !status; i++) {
        const kedge_term_options *term = &g->recipe->terms[i];
        const kedge_variant *variant = &kedge_term_kinds[term->kind]->variant;
        add_options(&g->text, term->name, variant, term);
        add_conditions(g, i);
        status = add_act(g, term->site, KEDGE_ACTS_TERM, term->name);
    }
    return status;
}

/* Whether the user asks for a plan, or for none in particular. */
static bool is_asked_for(const kedge_draw_options *options, const char *plan)
{
    bool asked = options->n_plans == 0;
    for (int i = 0; i < options->n_plans; i++) asked = asked || strcmp(options->plans[i], plan) == 0;
    return asked;
}

static kedge_status add_plan(gathering *g, const kedge_plan_options *plan)
{
    kedge_status status = KEDGE_OK;
    for (int i = 0; i < plan->n_steps && !status; i++) {
        const kedge_plan_step *step = &plan->steps[i];
        if (step->is_surgery) {
            const kedge_variant *variant = &kedge_surgery_kinds[step->surgery.kind]->variant;
            add_options(&g->text, plan->name, variant, &step->surgery);
            kedge_text_add(&g->text, g->text.length > 0 ? ", dims " : "dims ");
            add_ints(&g->text, &step->surgery.dims);
            status = add_act(g, step->surgery.site, KEDGE_ACTS_SURGERY, plan->name);
        } else {
            const kedge_variant *variant = &kedge_edit_kinds[step->edit.kind]->variant;
            add_options(&g->text, plan->name, variant, &step->edit);
            status = add_act(g, step->edit.site, KEDGE_ACTS_EDIT, plan->name);
        }
    }
    return status;
}

static kedge_status check_plans(const gathering *g)
{
    const kedge_draw_options *options = g->show->options;
    for (int i = 0; i < options->n_plans; i++) {
        bool known = strcmp(options->plans[i], "baseline") == 0;
        for (int k = 0; k < g->recipe->n_plans; k++)
            known = known || strcmp(g->recipe->plans[k].name, options->plans[i]) == 0;
        if (!known) return kedge_fail(KEDGE_EINVALID, "%s: unknown plan '%s'", g->recipe->file, options->plans[i]);
    }
    return KEDGE_OK;
}

static long long count_parameters(const gathering *g)
{
    long long count = 0;
    for (int i = 1; i < g->n; i++)
        if (!g->layers[i].pointwise) count += (g->layers[i - 1].units + 1LL) * g->layers[i].units;
    return count;
}

static kedge_status gather(gathering *g, kedge_architecture_figure *figure)
{
    const kedge_recipe *recipe = g->recipe;
    g->most = 1 + recipe->n_terms + recipe->n_plans * KEDGE_RECIPE_PLAN_STEPS;
    kedge_status status = check_plans(g);
    if (!status) status = add_layers(g);
    if (!status) status = add_terms(g);
    for (int i = 0; i < recipe->n_plans && !status; i++)
        if (is_asked_for(g->show->options, recipe->plans[i].name)) status = add_plan(g, &recipe->plans[i]);
    if (status) return status;
    figure->n = g->n;
    figure->layers = g->layers;
    figure->subtitle = kedge_arena_format(g->arena, "%s of %lld parameters, trained in %lld steps",
                                          kedge_model_variants[recipe->model.kind].name, count_parameters(g),
                                          (long long)recipe->steps);
    return figure->subtitle ? KEDGE_OK : kedge_fail_memory("a figure");
}

static kedge_status draw(kedge_show *show, const kedge_picture *to)
{
    gathering g = {.show = show, .arena = &show->arena};
    kedge_architecture_figure figure = {0};
    kedge_status status = kedge_show_recipe(show, &g.recipe);
    if (status) return status;
    status = kedge_recipe_training_init(&g.training, g.recipe);
    if (status) return status;
    kedge_text_init(&g.text, show->ctx);
    status = gather(&g, &figure);
    figure.title = kedge_show_title(show, "the network");
    if (!status) status = kedge_draw_architecture(show->ctx, &figure, to);
    kedge_text_release(&g.text);
    kedge_recipe_training_release(&g.training);
    return status;
}

const kedge_figure kedge_figure_architecture = {
    .info = {.name = "architecture", .summary = "the network, and what acts where: terms, edits, surgery",
             .input = KEDGE_FIGURE_RECIPE},
    .draw = draw,
};
