/* recipe_open.c - the other files that a recipe names: its sheet, its data. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "run/recipe_parts.h"
#include "schedule/dopesheet.h"
#include "schedule/schedule.h"

/* Lines of a failed call's message, each as an error of its own. */
static void add_message(kedge_errors *errors, kedge_status status)
{
    char text[sizeof errors->text];
    snprintf(text, sizeof text, "%s", kedge_error());
    for (char *line = text, *end; line; line = end) {
        end = strchr(line, '\n');
        if (end) *end++ = '\0';
        kedge_errors_add(errors, status, "%s", line);
    }
}

/* The sheet's bytes, from memory or from its file. False after an error. */
static bool read_sheet(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    char *bytes = NULL;
    const char *from = l->sheet;
    if (from) {
        recipe->sheet_length = strlen(from);
    } else {
        kedge_status status = kedge_file_read(recipe->ctx, recipe->sheet_path, KEDGE_SHEET_BYTES, &bytes,
                                              &recipe->sheet_length);
        if (status) {
            char where[1024];
            kedge_yaml_where(kedge_yaml_get(l->root, "schedule"), where, sizeof where);
            kedge_errors_add(&l->errors, status, "%s: %s", where, kedge_error());
            return false;
        }
        from = bytes;
    }
    recipe->sheet_bytes = kedge_arena_bytes(&recipe->arena, from, recipe->sheet_length);
    kedge_release(recipe->ctx, bytes);
    if (!recipe->sheet_bytes) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the schedule");
    return recipe->sheet_bytes != NULL;
}

void kedge_recipe_open_schedule(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    if (!l->with_schedule || !l->schedule_ok || !recipe->sheet_path) return;
    if (!read_sheet(l)) return;
    kedge_status status = kedge_schedule_parse(&recipe->sheet, recipe->ctx, recipe->sheet_path, recipe->sheet_bytes,
                                  recipe->sheet_length);
    if (status) add_message(&l->errors, status);
}

static bool same_texts(const kedge_texts *a, const kedge_texts *b)
{
    if (a->n != b->n) return false;
    for (int i = 0; i < a->n; i++)
        if (strcmp(a->at[i], b->at[i]) != 0) return false;
    return true;
}

/* Whether two options ask for the same points, however they are drawn. */
static bool same_points(const kedge_data_options *a, const kedge_data_options *b)
{
    bool files = a->file && b->file ? strcmp(a->file, b->file) == 0 : a->file == b->file;
    return files && a->kind == b->kind && a->points == b->points && a->hues == b->hues &&
           a->saturations == b->saturations && a->values == b->values && same_texts(&a->features, &b->features) &&
           same_texts(&a->targets, &b->targets);
}

/* Works out all labels on a data set; those with mistakes are passed over. NULL after an error. */
static kedge_label *make_labels(kedge_recipe_loader *l, const kedge_dataset *dataset)
{
    kedge_recipe *recipe = l->recipe;
    kedge_label *labels = kedge_arena_alloc(&recipe->arena, (size_t)recipe->n_labels, sizeof *labels);
    if (!labels) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for labels");
    for (int i = 0; labels && i < recipe->n_labels; i++)
        if (l->label_ok[i] && !kedge_label_make(&labels[i], &recipe->labels[i], dataset, &recipe->arena, &l->errors))
            l->label_ok[i] = false;
    return labels;
}

/* The same on the test set, where nothing is trained: 'among' does not count, and that a formula lacks a column or no
 * point carries the label is no error; it then has no name. */
static kedge_label *make_test_labels(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    bool among = false;
    for (int i = 0; i < recipe->n_labels; i++) among |= recipe->labels[i].among.text != NULL;
    if (recipe->test_set == recipe->dataset && !among) return recipe->label_values;
    kedge_errors *errors = kedge_arena_alloc(&l->scratch, 1, sizeof *errors);
    kedge_label *labels = kedge_arena_alloc(&recipe->arena, (size_t)recipe->n_labels, sizeof *labels);
    if (!labels || !errors) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for labels");
    for (int i = 0; labels && errors && i < recipe->n_labels; i++) {
        kedge_label_options options = recipe->labels[i];
        options.among = (kedge_formula){0};
        kedge_errors_init(errors);
        if (!l->label_ok[i] || kedge_label_make(&labels[i], &options, recipe->test_set, &recipe->arena, errors))
            continue;
        if (errors->status == KEDGE_ENOMEM) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "%s", errors->text);
    }
    return labels;
}

/* ---- targets ---- */

/* Works out a target; 'whose' names it in messages. False after an error. */
static bool make_target(kedge_recipe_loader *l, kedge_target *target, const kedge_formula *formula, const char *whose)
{
    const double most = 1e100; /* squares must be numbers too */
    const kedge_dataset *dataset = l->recipe->dataset;
    double *values = kedge_arena_alloc(&l->recipe->arena, (size_t)dataset->points, sizeof *values);
    if (!values) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the target of %s", whose);
        return false;
    }
    if (!kedge_formula_eval(formula, dataset, values, &l->errors)) return false;
    double low = values[0], high = values[0];
    for (int i = 1; i < dataset->points; i++) {
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    double largest = fmax(fabs(low), fabs(high));
    if (largest > most) {
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: in \"%s\": the target of %s reaches %.3g; must stay within "
                         "%.0e", formula->where, kedge_clip_text(formula->text).text, whose, largest, most);
        return false;
    }
    if (!(high - low > 1e-9 * largest && high - low > 1 / most)) {
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: in \"%s\": the target of %s is the same at every point, with "
                         "which nothing correlates; must vary", formula->where, kedge_clip_text(formula->text).text,
                         whose);
        return false;
    }
    *target = (kedge_target){.formula = formula->text, .values = values};
    target->has_colour = kedge_formula_similarity(formula, &target->colour);
    return true;
}

/* Targets of all plans: their own, or else the score's, or else that of the plan that is scored. */
static void make_targets(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    kedge_target shared = {0};
    recipe->targets = kedge_arena_alloc(&recipe->arena, (size_t)recipe->n_plans, sizeof *recipe->targets);
    if (!recipe->targets) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for targets");
        return;
    }
    for (int i = 0; i < recipe->n_plans; i++) {
        char whose[96];
        snprintf(whose, sizeof whose, "plan '%s'", kedge_clip_text(recipe->plans[i].name).text);
        if (l->plan_ok[i] && recipe->plans[i].target.text)
            make_target(l, &recipe->targets[i], &recipe->plans[i].target, whose);
    }
    if (l->score_ok && recipe->score.target.text)
        make_target(l, &shared, &recipe->score.target, "score");
    else if (recipe->score_plan >= 0)
        shared = recipe->targets[recipe->score_plan];
    for (int i = 0; i < recipe->n_plans; i++)
        if (!recipe->plans[i].target.text) recipe->targets[i] = shared;
}

/* ---- data ---- */

static kedge_dataset *open_points(kedge_recipe_loader *l, const kedge_data_options *options, const char *key)
{
    const kedge_yaml *node = kedge_yaml_get(l->root, key);
    char where[1024];
    kedge_yaml_where(node ? node : l->root, where, sizeof where);
    return kedge_dataset_create(l->recipe->ctx, options, where, &l->errors);
}

/* Terms that name outputs. */
static void check_outputs(kedge_recipe_loader *l)
{
    const kedge_yaml *terms = kedge_yaml_get(l->root, "terms"), *node = terms ? terms->child : NULL;
    int n = l->recipe->dataset->n_targets;
    for (int i = 0; i < l->recipe->n_terms; i++, node = node->next) {
        const kedge_term_options *term = &l->recipe->terms[i];
        if (!l->term_ok[i] || !kedge_variant_has(&kedge_term_kinds[term->kind]->variant, "output")) continue;
        if (term->output.n != n)
            kedge_yaml_error(&l->errors, kedge_yaml_get(node, "output"), "'output' in term '%s' has %d number%s; must "
                             "have %d, as many as data has targets", kedge_clip_text(term->name).text, term->output.n,
                             term->output.n == 1 ? "" : "s", n);
    }
}

/* Copies the features of the points where values[points] is not 0. */
static bool take_points(const kedge_dataset *dataset, const double *values, int n, kedge_arena *arena,
                        kedge_reference *out)
{
    float *features = kedge_arena_alloc(arena, (size_t)dataset->n_features * (size_t)n, sizeof *features);
    float *to = features;
    if (!features) return false;
    for (int j = 0; j < dataset->n_features; j++)
        for (int i = 0; i < dataset->points; i++)
            if (values[i] != 0) *to++ = dataset->features[j][i];
    *out = (kedge_reference){.n = n, .n_features = dataset->n_features, .features = features};
    return true;
}

/* The reference points of a term, if its kind has any. 'values' [points] is scratch. */
static void open_reference(kedge_recipe_loader *l, kedge_term_options *term, const kedge_yaml *node, double *values)
{
    const kedge_dataset *dataset = l->recipe->dataset;
    int n = 0;
    if (!kedge_variant_has(&kedge_term_kinds[term->kind]->variant, "of")) return;
    if (!kedge_formula_eval(&term->of, dataset, values, &l->errors)) return;
    for (int i = 0; i < dataset->points; i++) n += values[i] != 0;
    const kedge_clip name = kedge_clip_text(term->name);
    if (n == 0)
        kedge_yaml_error(&l->errors, kedge_yaml_get(node, "of"), "'of' in term '%s' is 0 at every point; must be "
                         "something else for the reference points", name.text);
    else if (n > KEDGE_REFERENCE_POINTS)
        kedge_yaml_error(&l->errors, kedge_yaml_get(node, "of"), "'of' in term '%s' makes %d of %d points reference "
                         "points; must be at most %d", name.text, n, dataset->points, KEDGE_REFERENCE_POINTS);
    else if (!take_points(dataset, values, n, &l->recipe->arena, &term->reference))
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the points of term '%s'", name.text);
}

static void open_references(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    const kedge_yaml *terms = kedge_yaml_get(l->root, "terms"), *node = terms ? terms->child : NULL;
    double *values = kedge_alloc(recipe->ctx, (size_t)recipe->dataset->points, sizeof *values);
    if (!values) kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for reference points");
    for (int i = 0; values && i < recipe->n_terms; i++, node = node->next)
        if (l->term_ok[i]) open_reference(l, &recipe->terms[i], node, values);
    kedge_release(recipe->ctx, values);
}

void kedge_recipe_open_data(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    if (!l->data_ok) return;
    recipe->dataset = open_points(l, &recipe->data, "data");
    if (!recipe->dataset) return;
    recipe->sampler = kedge_sampler_create(recipe->ctx, recipe->dataset, &recipe->data, &l->errors);
    kedge_recipe_open_sets(l);
    recipe->label_values = make_labels(l, recipe->dataset);
    make_targets(l);
    check_outputs(l);
    open_references(l);
    if (!l->test_ok) return;
    if (same_points(&recipe->data, &recipe->test)) {
        recipe->test_set = recipe->dataset;
        recipe->test_labels = make_test_labels(l);
        return;
    }
    recipe->test_set = open_points(l, &recipe->test, "test");
    if (!recipe->test_set) return;
    const kedge_dataset *data = recipe->dataset, *test = recipe->test_set;
    if (test->n_features != data->n_features || test->n_targets != data->n_targets) {
        const kedge_yaml *node = kedge_yaml_get(l->root, "test");
        kedge_yaml_error(&l->errors, node ? node : l->root, "test has %d features and %d targets; must have as many as "
                         "data, %d and %d", test->n_features, test->n_targets, data->n_features, data->n_targets);
    }
    recipe->test_labels = make_test_labels(l);
}
