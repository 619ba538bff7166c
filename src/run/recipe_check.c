/* recipe_check.c - what no section of a recipe can know alone. */
#include <stdio.h>
#include <string.h>

#include "format/csv.h"
#include "run/recipe_parts.h"
#include "run/training.h"
#include "schedule/dopesheet.h"

/* ---- terms against labels and model ---- */

static void check_term_labels(kedge_recipe_loader *l, const kedge_site_check *c, const kedge_term_options *term)
{
    const kedge_recipe *recipe = l->recipe;
    const char *names[KEDGE_RECIPE_LABELS];
    for (int i = 0; i < recipe->n_labels; i++) names[i] = recipe->labels[i].name;
    const kedge_weights *labels = &term->labels;
    for (int i = 0; i < labels->n; i++) {
        const kedge_yaml *node = kedge_site_node(c, "labels", i);
        bool known = false;
        for (int k = 0; k < recipe->n_labels; k++) known = known || strcmp(names[k], labels->names[i]) == 0;
        if (!known) {
            char hint[512] = "";
            if (l->errors.count < KEDGE_ERRORS_MAX)
                kedge_suggest(labels->names[i], names, recipe->n_labels, hint, sizeof hint);
            kedge_yaml_key_error(&l->errors, node, "unknown label '%s' in %s%s",
                                 kedge_clip_text(labels->names[i]).text, c->what,
                                 recipe->n_labels ? hint
                                                  : "; must be a name from 'labels', and the recipe has none");
        }
    }
}

static void check_term(kedge_recipe_loader *l, const kedge_sites *all, const kedge_term_options *term,
                       const kedge_yaml *node)
{
    char what[96];
    snprintf(what, sizeof what, "term '%s'", kedge_clip_text(term->name).text);
    const kedge_term_kind *kind = kedge_term_kinds[term->kind];
    const kedge_variant *variant = &kind->variant;
    kedge_site_check c = {&l->errors, what, node, term->site, 0};
    check_term_labels(l, &c, term);
    if (!l->model_ok || !kedge_check_site(&c, all)) return;
    if (kedge_variant_has(variant, "dims")) kedge_check_dims(&c, &term->dims);
    if (kedge_variant_has(variant, "at"))
        kedge_check_vector(&c, "at", &term->at, term->metric == KEDGE_METRIC_ANGULAR);
    if (kedge_variant_has(variant, "place")) kedge_check_vector(&c, "place", &term->place, false);
    if (kind->on_no_sample && term->labels.n > 0)
        kedge_yaml_key_error(c.errors, kedge_site_node(&c, "labels", -1), "'labels' in %s, which acts on no sample; "
                             "leave them out", what);
}

static void check_terms(kedge_recipe_loader *l)
{
    kedge_sites all;
    if (l->model_ok && !kedge_sites_list(&all, &l->recipe->model, &l->scratch)) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for sites");
        return;
    }
    const kedge_yaml *terms = kedge_yaml_get(l->root, "terms");
    const kedge_yaml *node = terms ? terms->child : NULL;
    for (int i = 0; i < l->recipe->n_terms; i++, node = node->next)
        if (l->term_ok[i]) check_term(l, &all, &l->recipe->terms[i], node);
}

/* ---- the schedule against the terms ---- */

/* Names that a schedule gives values to, with the place of each, and the place of the whole. */
typedef struct columns {
    int n;
    const char **names;
    const char **where;
    const char *place;
    const char *noun; /* "column", "key" */
} columns;

/* What a column says the rate of a label by. */
static const char rate_prefix[] = "labels.";
enum { RATE_PREFIX = sizeof rate_prefix - 1 };

static bool is_rate(const char *name)
{
    return strncmp(name, rate_prefix, RATE_PREFIX) == 0;
}

/* And the factor of a set of points. */
static const char set_prefix[] = KEDGE_SET_COLUMN;
enum { SET_PREFIX = sizeof set_prefix - 1 };

static bool is_set(const char *name)
{
    return strncmp(name, set_prefix, SET_PREFIX) == 0;
}

/* The learning rate, the weight of the task and factors on rates of labels and on sets have no meaning below 0; weights
 * of terms have. */
static bool has_sign(const char *name)
{
    return strcmp(name, "lr") != 0 && strcmp(name, "recon") != 0 && !is_rate(name) && !is_set(name);
}

/* A column for something with a name, which follows 'prefix' bytes: there must be one. */
static void check_part_column(kedge_recipe_loader *l, const columns *c, int i, int prefix, const char *noun, int n,
                              const char *const *valid)
{
    const char *name = c->names[i] + prefix;
    for (int k = 0; k < n; k++)
        if (strcmp(name, valid[k]) == 0) return;
    char hint[512] = "";
    if (n == 0) snprintf(hint, sizeof hint, "; must be a name from '%ss', and the recipe has none", noun);
    else if (l->errors.count < KEDGE_ERRORS_MAX) kedge_suggest(name, valid, n, hint, sizeof hint);
    kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: %s '%s': unknown %s '%s'%s", c->where[i], c->noun,
                     kedge_clip_text(c->names[i]).text, noun, kedge_clip_text(name).text, hint);
}

/* Whether it is one for the rate of a label or for a set of points, which is then checked. */
static bool check_named_column(kedge_recipe_loader *l, const columns *c, int i)
{
    const kedge_recipe *recipe = l->recipe;
    const char *labels[KEDGE_RECIPE_LABELS], *sets[KEDGE_SETS_MAX];
    for (int k = 0; k < recipe->n_labels; k++) labels[k] = recipe->labels[k].name;
    for (int k = 0; k < recipe->n_sets; k++) sets[k] = recipe->sets[k].name;
    if (is_rate(c->names[i])) check_part_column(l, c, i, RATE_PREFIX, "label", recipe->n_labels, labels);
    else if (is_set(c->names[i])) check_part_column(l, c, i, SET_PREFIX, "set", recipe->n_sets, sets);
    else return false;
    return true;
}

/* What a name that is no column of the recipe may be meant for: of all that a schedule can name, or else of 'valid'. */
static void suggest_column(const kedge_recipe_loader *l, const columns *c, int i, const char *const *valid, int n,
                           char *hint, size_t size)
{
    enum { MOST = KEDGE_RECIPE_TERMS + KEDGE_RECIPE_LABELS + KEDGE_SETS_MAX + 2 }; /* 'lr' and 'recon' */
    kedge_recipe_column known[MOST];
    const char *names[MOST + KEDGE_SHEET_RESERVED];
    int n_known = kedge_recipe_columns(l->recipe), n_names = 0;
    hint[0] = '\0';
    if (l->errors.count >= KEDGE_ERRORS_MAX) return;
    for (int k = 0; k < n_known; k++) {
        known[k] = kedge_recipe_column_at(l->recipe, k);
        names[n_names++] = known[k].name;
    }
    for (int k = 0; l->recipe->sheet && k < KEDGE_SHEET_RESERVED; k++) names[n_names++] = kedge_dopesheet_reserved[k];
    if (kedge_nearest(c->names[i], names, n_names)) kedge_suggest(c->names[i], names, n_names, hint, size);
    else kedge_suggest(c->names[i], valid, n, hint, size);
}

static void check_columns(kedge_recipe_loader *l, const columns *c)
{
    enum { OWN = 2 }; /* columns that are no term's */
    const char *valid[KEDGE_RECIPE_TERMS + OWN] = {"lr", "recon"};
    int n = OWN;
    for (int i = 0; i < l->recipe->n_terms; i++) valid[n++] = l->recipe->terms[i].name;
    bool lr = false, term = false;
    char hint[512];
    for (int i = 0; i < c->n; i++) {
        if (check_named_column(l, c, i)) continue;
        int k = 0;
        while (k < n && strcmp(c->names[i], valid[k]) != 0) k++;
        lr = lr || k == 0;
        term = term || (k >= OWN && k < n);
        if (k < n) continue;
        suggest_column(l, c, i, valid, n, hint, sizeof hint);
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: %s '%s' is neither 'lr', 'recon' nor a term%s", c->where[i],
                         c->noun, kedge_clip_text(c->names[i]).text, hint);
    }
    if (!lr)
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: no %s 'lr' in the schedule; must be there: the learning rate",
                         c->place, c->noun);
    if (term || n == OWN) return;
    kedge_suggest("", valid + OWN, n - OWN, hint, sizeof hint);
    kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: the schedule names no term%s", c->place, hint);
}

static void check_constants(kedge_recipe_loader *l)
{
    const kedge_yaml *node = l->constants, *item = node->child;
    const kedge_weights *constants = &l->recipe->constants;
    char where[1024];
    columns c = {.n = constants->n, .noun = "key"};
    c.names = kedge_arena_alloc(&l->scratch, (size_t)constants->n, sizeof *c.names);
    c.where = kedge_arena_alloc(&l->scratch, (size_t)constants->n, sizeof *c.where);
    kedge_yaml_where(node, where, sizeof where);
    c.place = kedge_arena_text(&l->scratch, where);
    bool ok = c.names && c.where && c.place;
    for (int i = 0; ok && i < constants->n; i++, item = item->next) {
        kedge_yaml at = *item;
        if (at.key_line > 0) {
            at.line = at.key_line;
            at.column = at.key_column;
        }
        kedge_yaml_where(&at, where, sizeof where);
        c.names[i] = constants->names[i];
        c.where[i] = kedge_arena_text(&l->scratch, where);
        ok = c.where[i] != NULL;
        if (!has_sign(c.names[i]) && constants->values[i] < 0)
            kedge_yaml_error(&l->errors, item, "'schedule.%s' in the recipe is %.9g; must be a number of at least 0",
                             kedge_clip_text(c.names[i]).text, constants->values[i]);
    }
    if (ok)
        check_columns(l, &c);
    else
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the schedule");
}

/* The place of a cell of the sheet: "file:line:column". NULL without memory. */
static const char *cell_place(kedge_recipe_loader *l, const kedge_csv_cell *cell)
{
    return kedge_arena_format(&l->scratch, "%s:%d:%d", l->recipe->sheet_path, cell->line, cell->column);
}

/* The csv column that holds the sheet's column 'name' ("name:space:interpolator"), from 'from' on. */
static int find_header(const kedge_csv *csv, const char *name, int from)
{
    size_t length = strlen(name);
    for (int i = from; i < csv->columns; i++) {
        const char *text = csv->header[i].text;
        if (strncmp(text, name, length) == 0 && (text[length] == ':' || !text[length])) return i;
    }
    return -1;
}

/* No interpolator overshoots its keys, and changes stop at 0: where no cell is below 0, no value is. */
static void check_signs(kedge_recipe_loader *l, const kedge_csv *csv, const char *name)
{
    int column = has_sign(name) ? -1 : find_header(csv, name, 0), over;
    for (int row = 0; column >= 0 && row < csv->rows; row++) {
        const kedge_csv_cell *cell = kedge_csv_at(csv, row, column);
        double value;
        if (kedge_dopesheet_cell(cell, &value, &over) && value < 0)
            kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s:%d:%d: '%s' is %.9g; must be at least 0",
                             l->recipe->sheet_path, cell->line, cell->column, kedge_clip_text(name).text, value);
    }
}

static void check_sheet(kedge_recipe_loader *l)
{
    const kedge_recipe *recipe = l->recipe;
    kedge_csv csv = {0};
    columns c = {.n = kedge_schedule_columns(recipe->sheet), .noun = "column"};
    c.names = kedge_arena_alloc(&l->scratch, (size_t)c.n, sizeof *c.names);
    c.where = kedge_arena_alloc(&l->scratch, (size_t)c.n, sizeof *c.where);
    c.place = kedge_arena_format(&l->scratch, "%s:1:1", recipe->sheet_path);
    /* Again from the same bytes, for the places: they parsed once, so only memory can fail. */
    if (!c.names || !c.where || !c.place ||
        !kedge_csv_parse(&csv, &l->scratch, recipe->sheet_path, recipe->sheet_bytes, recipe->sheet_length,
                         &l->errors)) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the schedule");
        return;
    }
    for (int i = 0, from = 0; i < c.n; i++) {
        c.names[i] = kedge_schedule_name(recipe->sheet, i);
        int at = find_header(&csv, c.names[i], from); /* columns come in file order */
        c.where[i] = at < 0 ? c.place : cell_place(l, &csv.header[at]);
        if (at >= 0) from = at + 1;
        if (c.where[i]) continue;
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for the schedule");
        return;
    }
    check_columns(l, &c);
    for (int i = 0; i < c.n; i++) check_signs(l, &csv, c.names[i]);
    kedge_recipe_check_actions(l, &csv);
}

static void check_steps(kedge_recipe_loader *l)
{
    kedge_recipe *recipe = l->recipe;
    if (recipe->steps == 0 && recipe->sheet) recipe->steps = kedge_schedule_steps(recipe->sheet);
    if (recipe->steps == 0 && l->steps_ok && l->schedule_ok && !recipe->sheet_path)
        kedge_yaml_error(&l->errors, l->root, "missing key 'steps' in the recipe; must be there where the schedule is "
                         "a map of constants");
    const kedge_yaml *hold = kedge_yaml_get(l->root, "hold");
    if (hold && recipe->steps > 0 && recipe->hold >= recipe->steps)
        kedge_yaml_error(&l->errors, hold, "'hold' in the recipe is %lld; must be below the number of steps, %lld",
                         (long long)recipe->hold, (long long)recipe->steps);
}

void kedge_recipe_check(kedge_recipe_loader *l)
{
    check_terms(l);
    kedge_recipe_check_plans(l);
    if (l->schedule_ok && !l->recipe->sheet_path) check_constants(l);
    if (l->recipe->sheet) check_sheet(l);
    check_steps(l);
    kedge_recipe_check_sets(l);
}
