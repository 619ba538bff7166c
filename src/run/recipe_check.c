/* recipe_check.c - what no section of a recipe can know alone. */
#include <math.h>
#include <string.h>

#include "format/csv.h"
#include "run/recipe_parts.h"

/* ---- terms against labels and model ---- */

/* The sites of the model and their widths; texts are in the scratch arena. */
typedef struct sites {
    int n;
    const char **names;
    int64_t *widths;
} sites;

static bool list_sites(kedge_recipe_loader *l, sites *out)
{
    const kedge_model_options *model = &l->recipe->model;
    int hidden = model->hidden.n, n = 0;
    size_t room = 2 + 2 * (size_t)hidden;
    out->names = kedge_arena_alloc(&l->scratch, room, sizeof *out->names);
    out->widths = kedge_arena_alloc(&l->scratch, room, sizeof *out->widths);
    if (!out->names || !out->widths) return false;
    static const char *const latent[] = {"bottleneck", "pre-norm"};
    for (int i = 0; i < 2; i++, n++) {
        out->names[n] = latent[i];
        out->widths[n] = model->bottleneck;
    }
    for (int i = 0; i < 2 * hidden; i++, n++) {
        int layer = i % hidden;
        bool encoder = i < hidden;
        out->names[n] = kedge_arena_format(&l->scratch, "%s.%d", encoder ? "encoder" : "decoder", layer);
        if (!out->names[n]) return false;
        out->widths[n] = model->hidden.at[encoder ? layer : hidden - 1 - layer]; /* the decoder mirrors */
    }
    out->n = n;
    return true;
}

/* A term that is being checked. */
typedef struct term_check {
    kedge_recipe_loader *l;
    const kedge_term_options *term;
    const kedge_yaml *node;
    int64_t width; /* of its site; 0: unknown */
} term_check;

static bool has_key(const kedge_term_options *term, const char *key)
{
    const kedge_variant *variant = &kedge_term_kinds[term->kind]->variant;
    for (int i = 0; i < variant->n_fields; i++)
        if (strcmp(variant->fields[i].key, key) == 0) return true;
    return false;
}

/* The node of a key of the term, or of item i of its list; the term itself where it is not written. */
static const kedge_yaml *node_of(const term_check *c, const char *key, int i)
{
    const kedge_yaml *node = kedge_yaml_get(c->node, key);
    if (!node) return c->node;
    const kedge_yaml *item = i < 0 ? NULL : node->child;
    for (; item && i > 0; i--) item = item->next;
    return item ? item : node;
}

static void check_site(term_check *c, const sites *all)
{
    for (int i = 0; i < all->n; i++)
        if (strcmp(c->term->site, all->names[i]) == 0) c->width = all->widths[i];
    if (c->width) return;
    char hint[512];
    kedge_suggest(c->term->site, all->names, all->n, hint, sizeof hint);
    kedge_yaml_error(&c->l->errors, node_of(c, "site", -1), "unknown site '%s' in term '%s'%s",
                     kedge_clip_text(c->term->site).text, c->term->name, hint);
}

static void check_dims(const term_check *c)
{
    const kedge_ints *dims = &c->term->dims;
    if (dims->n == 0)
        kedge_yaml_error(&c->l->errors, node_of(c, "dims", -1), "'dims' in term '%s' is empty; must name at least one "
                         "dim", c->term->name);
    for (int i = 0; i < dims->n; i++) {
        if (dims->at[i] < 0 || dims->at[i] >= c->width) {
            kedge_yaml_error(&c->l->errors, node_of(c, "dims", i), "'dims[%d]' in term '%s' is %lld; must be a dim "
                             "of '%s', from 0 to %lld", i, c->term->name, (long long)dims->at[i], c->term->site,
                             (long long)c->width - 1);
            continue;
        }
        for (int k = 0; k < i; k++) {
            if (dims->at[k] != dims->at[i]) continue;
            kedge_yaml_error(&c->l->errors, node_of(c, "dims", i), "'dims[%d]' in term '%s' is %lld again; must name "
                             "each dim once", i, c->term->name, (long long)dims->at[i]);
            break;
        }
    }
}

static void check_point(const term_check *c)
{
    const kedge_reals *at = &c->term->at;
    const kedge_yaml *node = node_of(c, "at", -1);
    double squares = 0;
    for (int i = 0; i < at->n; i++) squares += at->at[i] * at->at[i];
    if (at->n != c->width)
        kedge_yaml_error(&c->l->errors, node, "'at' in term '%s' has %d number%s; must have %lld, the width of '%s'",
                         c->term->name, at->n, at->n == 1 ? "" : "s", (long long)c->width, c->term->site);
    else if (!(squares < 1e12))
        kedge_yaml_error(&c->l->errors, node, "'at' in term '%s' has length %.3g; must be below 1000000",
                         c->term->name, sqrt(squares));
    else if (c->term->metric == KEDGE_METRIC_ANGULAR && !(squares > 1e-12))
        kedge_yaml_error(&c->l->errors, node, "'at' in term '%s' has length %.3g, which is no direction; must be above "
                         "0.000001", c->term->name, sqrt(squares));
}

static void check_term_labels(const term_check *c)
{
    const kedge_recipe *recipe = c->l->recipe;
    const char *names[KEDGE_RECIPE_LABELS];
    for (int i = 0; i < recipe->n_labels; i++) names[i] = recipe->labels[i].name;
    const kedge_weights *labels = &c->term->labels;
    for (int i = 0; i < labels->n; i++) {
        const kedge_yaml *node = node_of(c, "labels", i);
        bool known = false;
        for (int k = 0; k < recipe->n_labels; k++) known = known || strcmp(names[k], labels->names[i]) == 0;
        if (!known) {
            char hint[512] = "";
            if (c->l->errors.count < KEDGE_ERRORS_MAX)
                kedge_suggest(labels->names[i], names, recipe->n_labels, hint, sizeof hint);
            kedge_yaml_key_error(&c->l->errors, node, "unknown label '%s' in term '%s'%s",
                                 kedge_clip_text(labels->names[i]).text, c->term->name,
                                 recipe->n_labels ? hint : "; must be a name from 'labels', and the recipe has none");
        }
    }
}

static void check_terms(kedge_recipe_loader *l)
{
    sites all;
    if (l->model_ok && !list_sites(l, &all)) {
        kedge_errors_add(&l->errors, KEDGE_ENOMEM, "out of memory for sites");
        return;
    }
    const kedge_yaml *terms = kedge_yaml_get(l->root, "terms");
    const kedge_yaml *node = terms ? terms->child : NULL;
    for (int i = 0; i < l->recipe->n_terms; i++, node = node->next) {
        if (!l->term_ok[i]) continue;
        term_check c = {l, &l->recipe->terms[i], node, 0};
        check_term_labels(&c);
        if (!l->model_ok) continue;
        check_site(&c, &all);
        if (c.width && has_key(c.term, "dims")) check_dims(&c);
        if (c.width && has_key(c.term, "at")) check_point(&c);
    }
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

static void check_columns(kedge_recipe_loader *l, const columns *c)
{
    const char *valid[KEDGE_RECIPE_TERMS + 1] = {"lr"};
    int n = 1;
    for (int i = 0; i < l->recipe->n_terms; i++) valid[n++] = l->recipe->terms[i].name;
    bool lr = false, term = false;
    char hint[512];
    for (int i = 0; i < c->n; i++) {
        int k = 0;
        while (k < n && strcmp(c->names[i], valid[k]) != 0) k++;
        lr = lr || k == 0;
        term = term || (k > 0 && k < n);
        if (k < n) continue;
        hint[0] = '\0';
        if (l->errors.count < KEDGE_ERRORS_MAX) kedge_suggest(c->names[i], valid, n, hint, sizeof hint);
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: %s '%s' is neither 'lr' nor a term%s", c->where[i], c->noun,
                         kedge_clip_text(c->names[i]).text, hint);
    }
    if (!lr)
        kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: no %s 'lr' in the schedule; must be there: the learning rate",
                         c->place, c->noun);
    if (term || n == 1) return;
    kedge_suggest("", valid + 1, n - 1, hint, sizeof hint);
    kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s: the schedule names no term%s", c->place, hint);
}

static void check_constants(kedge_recipe_loader *l)
{
    const kedge_yaml *node = kedge_yaml_get(l->root, "schedule"), *item = node->child;
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
        if (strcmp(c.names[i], "lr") == 0 && constants->values[i] < 0)
            kedge_yaml_error(&l->errors, item, "'schedule.lr' in the recipe is %.9g; must be a number of at least 0",
                             constants->values[i]);
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

/* No interpolator overshoots its keys: where no key is below 0, no value is. */
static void check_rates(kedge_recipe_loader *l, const kedge_csv *csv)
{
    int column = find_header(csv, "lr", 0);
    for (int row = 0; column >= 0 && row < csv->rows; row++) {
        const kedge_csv_cell *cell = kedge_csv_at(csv, row, column);
        double value;
        if (kedge_csv_real(cell, &value) && value < 0)
            kedge_errors_add(&l->errors, KEDGE_EINVALID, "%s:%d:%d: 'lr' is %.9g; must be at least 0",
                             l->recipe->sheet_path, cell->line, cell->column, value);
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
    check_rates(l, &csv);
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
    if (l->schedule_ok && !l->recipe->sheet_path) check_constants(l);
    if (l->recipe->sheet) check_sheet(l);
    check_steps(l);
}
