/* schema.c - binds YAML to options structs. */
#include "run/schema.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Keys of one table, kinds of one list; names that may stand in a map. The tables are ours and small. */
enum { KEYS_MAX = 64, MAP_MAX = KEYS_MAX + 16 };

/* What every step of a binding needs. */
typedef struct binder {
    const char *what;
    kedge_arena *arena;
    kedge_errors *errors;
} binder;

/* ---- words of messages ---- */

kedge_shown kedge_show_node(const kedge_yaml *node)
{
    if (node->kind == KEDGE_YAML_LIST) return (kedge_shown){"a list"};
    if (node->kind == KEDGE_YAML_MAP) return (kedge_shown){"a map"};
    if (!node->quoted && node->text[0] == '\0') return (kedge_shown){"empty"};
    kedge_shown shown;
    snprintf(shown.text, sizeof shown.text, "%s'%s'", node->quoted ? "the text " : "",
             kedge_clip_text(node->text).text);
    return shown;
}

void kedge_yaml_where(const kedge_yaml *node, char *text, size_t size)
{
    if (node->line > 0)
        snprintf(text, size, "%s:%d:%d", node->file, node->line, node->column);
    else
        snprintf(text, size, "%s", node->file ? node->file : "");
}

/* Room for a file's path in front of a message; a longer one is cut. */
enum { WHERE = 1024 };

void kedge_yaml_error(kedge_errors *errors, const kedge_yaml *node, const char *format, ...)
{
    char where[WHERE], message[WHERE];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    kedge_yaml_where(node, where, sizeof where);
    kedge_errors_add(errors, KEDGE_EINVALID, "%s: %s", where, message);
}

void kedge_yaml_key_error(kedge_errors *errors, const kedge_yaml *node, const char *format, ...)
{
    char message[WHERE];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    kedge_yaml at = *node;
    if (node->key_line > 0) {
        at.line = node->key_line;
        at.column = node->key_column;
    }
    kedge_yaml_error(errors, &at, "%s", message);
}

/* snprintf that goes on where the text ends. */
static void append(char *text, size_t size, const char *format, ...) KEDGE_PRINTF(3, 4);
static void append(char *text, size_t size, const char *format, ...)
{
    size_t used = strlen(text);
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, size - used, format, args);
    va_end(args);
}

static void list_names(const char *const *names, int n, char *text, size_t size)
{
    for (int i = 0; i < n && i < 10; i++)
        append(text, size, "%s'%s'", i == 0 ? "" : i == n - 1 ? " or " : ", ", kedge_clip_text(names[i]).text);
    if (n > 10) append(text, size, " or %d more", n - 10);
}

void kedge_suggest(const char *word, const char *const *names, int n, char *text, size_t size)
{
    text[0] = '\0';
    const char *nearest = kedge_nearest(word, names, n);
    if (nearest) {
        append(text, size, "; did you mean '%s'?", kedge_clip_text(nearest).text);
    } else if (n > 0) {
        append(text, size, "; must be ");
        list_names(names, n, text, size);
    }
}

const char *kedge_cut_hint(const char *key)
{
    int open = 0;
    for (; *key && open >= 0; key++) open += (*key == '(') - (*key == ')');
    return open < 0 ? "; between braces a formula with a comma must stand in quotes" : NULL;
}

/* " from 1 to 9", " of at least 1"; nothing without bounds. */
static void append_range(const kedge_field *field, char *text, size_t size)
{
    const double far = 9e15; /* no number that anyone means as a bound */
    bool low = field->min > -far, high = field->max < far;
    if (field->min == 0 && field->max == 0) return;
    if (low && high)
        append(text, size, " from %.15g to %.15g", field->min, field->max);
    else if (low)
        append(text, size, " of at least %.15g", field->min);
    else if (high)
        append(text, size, " of at most %.15g", field->max);
}

static int count_names(const char *const *names)
{
    int n = 0;
    while (names[n]) n++;
    return n;
}

void kedge_field_expected(const kedge_field *field, char *text, size_t size)
{
    bool bounded = field->min != 0 || field->max != 0;
    const char *number = bounded ? "number" : "finite number";
    text[0] = '\0';
    switch (field->type) {
    case KEDGE_FIELD_BOOL: append(text, size, "true or false"); break;
    case KEDGE_FIELD_INT: append(text, size, "a whole number"); break;
    case KEDGE_FIELD_REAL: append(text, size, "a %s", number); break;
    case KEDGE_FIELD_TEXT: append(text, size, "text"); break;
    case KEDGE_FIELD_CHOICE: list_names(field->choices, count_names(field->choices), text, size); break;
    case KEDGE_FIELD_FORMULA: append(text, size, "a number or a formula"); break;
    case KEDGE_FIELD_INTS: append(text, size, "a list of whole numbers"); break;
    case KEDGE_FIELD_REALS: append(text, size, "a list of %ss", number); break;
    case KEDGE_FIELD_TEXTS: append(text, size, "a list of texts"); break;
    case KEDGE_FIELD_WEIGHTS: append(text, size, "a map of names to %ss", number); break;
    }
    append_range(field, text, size);
}

/* ---- values ---- */

/* Says that 'name' in the map has a wrong value. False, so that one can return it. */
static bool wrong(const binder *b, const char *name, const kedge_yaml *node, kedge_field_type type,
                  const kedge_field *field)
{
    kedge_field one = *field;
    one.type = type;
    char expected[512];
    kedge_field_expected(&one, expected, sizeof expected);
    kedge_yaml_error(b->errors, node, "'%s' in %s is %s; must be %s", kedge_clip_text(name).text, b->what,
                     kedge_show_node(node).text, expected);
    return false;
}

static bool no_memory(const binder *b)
{
    kedge_errors_add(b->errors, KEDGE_ENOMEM, "out of memory for %s", b->what);
    return false;
}

static bool in_range(const kedge_field *field, double value)
{
    if (field->min == 0 && field->max == 0) return true;
    return value >= field->min && value <= field->max;
}

static bool bind_bool(const binder *b, const kedge_field *field, const kedge_yaml *node, bool *slot)
{
    if (!kedge_yaml_bool(node, slot)) return wrong(b, field->key, node, KEDGE_FIELD_BOOL, field);
    return true;
}

static bool bind_int(const binder *b, const kedge_field *field, const char *name, const kedge_yaml *node,
                     int64_t *slot)
{
    long long value;
    if (!kedge_yaml_int(node, &value) || !in_range(field, (double)value))
        return wrong(b, name, node, KEDGE_FIELD_INT, field);
    *slot = value;
    return true;
}

static bool bind_real(const binder *b, const kedge_field *field, const char *name, const kedge_yaml *node,
                      double *slot)
{
    double value;
    if (!kedge_yaml_real(node, &value) || !isfinite(value) || !in_range(field, value))
        return wrong(b, name, node, KEDGE_FIELD_REAL, field);
    *slot = value;
    return true;
}

static bool bind_text(const binder *b, const kedge_field *field, const char *name, const kedge_yaml *node,
                      kedge_field_type type, const char **slot)
{
    if (node->kind != KEDGE_YAML_SCALAR || (!node->quoted && node->text[0] == '\0'))
        return wrong(b, name, node, type, field);
    *slot = kedge_arena_text(b->arena, node->text);
    return *slot || no_memory(b);
}

static bool bind_formula(const binder *b, const kedge_field *field, const kedge_yaml *node, kedge_formula *slot)
{
    char where[WHERE];
    kedge_yaml at = *node;
    at.column += node->quoted; /* the formula begins after the quote */
    kedge_yaml_where(&at, where, sizeof where);
    kedge_formula formula = {0};
    if (!bind_text(b, field, field->key, node, KEDGE_FIELD_FORMULA, &formula.text)) return false;
    formula.where = kedge_arena_text(b->arena, where);
    if (!formula.where) return no_memory(b);
    *slot = formula;
    return true;
}

static bool bind_choice(const binder *b, const kedge_field *field, const kedge_yaml *node, int *slot)
{
    if (node->kind != KEDGE_YAML_SCALAR || node->text[0] == '\0')
        return wrong(b, field->key, node, KEDGE_FIELD_CHOICE, field);
    int n = count_names(field->choices);
    for (int i = 0; i < n; i++) {
        if (strcmp(node->text, field->choices[i]) != 0) continue;
        *slot = i;
        return true;
    }
    char hint[512];
    kedge_suggest(node->text, field->choices, n, hint, sizeof hint);
    kedge_yaml_error(b->errors, node, "unknown %s '%s' in %s%s", field->key, kedge_clip_text(node->text).text, b->what,
                     hint);
    return false;
}

/* Lists: all items are looked at, so that all their errors come out. */
static bool bind_list(const binder *b, const kedge_field *field, const kedge_yaml *node, void *slot)
{
    if (node->kind != KEDGE_YAML_LIST) return wrong(b, field->key, node, field->type, field);
    size_t size = field->type == KEDGE_FIELD_INTS    ? sizeof(int64_t)
                  : field->type == KEDGE_FIELD_REALS ? sizeof(double)
                                                     : sizeof(char *);
    void *items = kedge_arena_alloc(b->arena, (size_t)node->n, size);
    if (!items) return no_memory(b);
    bool ok = true;
    int i = 0;
    for (const kedge_yaml *item = node->child; item; item = item->next, i++) {
        char name[80];
        snprintf(name, sizeof name, "%s[%d]", field->key, i);
        bool good = false;
        if (field->type == KEDGE_FIELD_INTS)
            good = bind_int(b, field, name, item, (int64_t *)items + i);
        else if (field->type == KEDGE_FIELD_REALS)
            good = bind_real(b, field, name, item, (double *)items + i);
        else
            good = bind_text(b, field, name, item, KEDGE_FIELD_TEXT, (const char **)items + i);
        ok = ok && good;
    }
    if (field->type == KEDGE_FIELD_INTS)
        *(kedge_ints *)slot = (kedge_ints){node->n, items};
    else if (field->type == KEDGE_FIELD_REALS)
        *(kedge_reals *)slot = (kedge_reals){node->n, items};
    else
        *(kedge_texts *)slot = (kedge_texts){node->n, items};
    return ok;
}

static bool bind_weights(const binder *b, const kedge_field *field, const kedge_yaml *node, kedge_weights *slot)
{
    if (node->kind != KEDGE_YAML_MAP) return wrong(b, field->key, node, KEDGE_FIELD_WEIGHTS, field);
    const char **names = kedge_arena_alloc(b->arena, (size_t)node->n, sizeof *names);
    double *values = kedge_arena_alloc(b->arena, (size_t)node->n, sizeof *values);
    if (!names || !values) return no_memory(b);
    bool ok = true;
    int i = 0;
    for (const kedge_yaml *item = node->child; item; item = item->next, i++) {
        char name[128];
        snprintf(name, sizeof name, "%s.%s", field->key, kedge_clip_text(item->key).text);
        names[i] = kedge_arena_text(b->arena, item->key);
        if (!names[i]) return no_memory(b);
        if (!bind_real(b, field, name, item, &values[i])) ok = false;
    }
    *slot = (kedge_weights){node->n, names, values};
    return ok;
}

static bool bind_value(const binder *b, const kedge_field *field, const kedge_yaml *node, void *slot)
{
    switch (field->type) {
    case KEDGE_FIELD_BOOL: return bind_bool(b, field, node, slot);
    case KEDGE_FIELD_INT: return bind_int(b, field, field->key, node, slot);
    case KEDGE_FIELD_REAL: return bind_real(b, field, field->key, node, slot);
    case KEDGE_FIELD_TEXT: return bind_text(b, field, field->key, node, KEDGE_FIELD_TEXT, slot);
    case KEDGE_FIELD_CHOICE: return bind_choice(b, field, node, slot);
    case KEDGE_FIELD_FORMULA: return bind_formula(b, field, node, slot);
    case KEDGE_FIELD_INTS:
    case KEDGE_FIELD_REALS:
    case KEDGE_FIELD_TEXTS: return bind_list(b, field, node, slot);
    case KEDGE_FIELD_WEIGHTS: return bind_weights(b, field, node, slot);
    }
    return false;
}

bool kedge_field_bind(const kedge_field *field, const char *what, const kedge_yaml *node, kedge_arena *arena,
                      kedge_errors *errors, void *options)
{
    binder b = {what, arena, errors};
    void *slot = (char *)options + field->offset;
    if (node) return bind_value(&b, field, node, slot);
    if (!field->fallback || !field->fallback[0]) return true; /* absent */
    char name[128];
    snprintf(name, sizeof name, "default of '%s'", field->key);
    kedge_yaml *fallback = NULL;
    kedge_yaml_parse(&fallback, arena, name, field->fallback, strlen(field->fallback), errors);
    return fallback && bind_value(&b, field, fallback, slot);
}

/* ---- maps ---- */

static bool contains(const char *const *names, const char *name)
{
    for (int i = 0; names && names[i]; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

/* The fields of a map of this kind, in the order in which they are printed; 'variant' may be NULL. */
static int gather(const kedge_schema *schema, const kedge_variant *variant, const kedge_field *fields[KEYS_MAX])
{
    int n = 0;
    for (int i = 0; variant && i < variant->n_fields && n < KEYS_MAX; i++)
        if (!contains(schema->without, variant->fields[i].key)) fields[n++] = &variant->fields[i];
    for (int i = 0; i < schema->n_fields && n < KEYS_MAX; i++) fields[n++] = &schema->fields[i];
    return n;
}

const char *kedge_schema_kind(const kedge_schema *schema)
{
    return schema->kind_key ? schema->kind_key : "kind";
}

/* The key that names the variant, as a field; 'names' has room for its choices. */
static kedge_field kind_field(const kedge_schema *schema, const char *names[KEYS_MAX + 1])
{
    int n = 0;
    for (const kedge_variant *v; n < KEYS_MAX && (v = schema->variant(n)); n++) names[n] = v->name;
    names[n] = NULL;
    return (kedge_field){.key = kedge_schema_kind(schema), .type = KEDGE_FIELD_CHOICE, .choices = names};
}

void kedge_schema_kinds(const kedge_schema *schema, char *text, size_t size)
{
    const char *names[KEYS_MAX + 1];
    kedge_field field = kind_field(schema, names);
    kedge_field_expected(&field, text, size);
}

/* Reads the kind and writes its number into the options. NULL after an error. */
static const kedge_variant *bind_kind(const binder *b, const kedge_schema *schema, const kedge_yaml *map,
                                      void *options)
{
    const char *names[KEYS_MAX + 1];
    kedge_field field = kind_field(schema, names);
    const kedge_yaml *node = kedge_yaml_get(map, field.key);
    if (!node) {
        char expected[512];
        kedge_field_expected(&field, expected, sizeof expected);
        kedge_yaml_error(b->errors, map, "missing key '%s' in %s; must be %s", field.key, b->what, expected);
        return NULL;
    }
    int kind;
    if (!bind_choice(b, &field, node, &kind)) return NULL;
    void *slot = (char *)options + schema->kind_offset;
    *(int *)slot = kind;
    return schema->variant(kind);
}

static void unknown_key(const binder *b, const kedge_schema *schema, const kedge_variant *variant,
                        const kedge_yaml *node, const char *const *known, int n)
{
    char hint[512] = "", kind[96] = "";
    if (variant) snprintf(kind, sizeof kind, " of %s '%s'", kedge_schema_kind(schema), variant->name);
    if (contains(schema->without, node->key)) {
        kedge_yaml_key_error(b->errors, node, "key '%s' does not apply to %s; leave it out", node->key, b->what);
        return;
    }
    const char *cut = kedge_cut_hint(node->key);
    if (cut) snprintf(hint, sizeof hint, "%s", cut);
    else if (b->errors->count < KEDGE_ERRORS_MAX) kedge_suggest(node->key, known, n, hint, sizeof hint);
    kedge_yaml_key_error(b->errors, node, "unknown key '%s' in %s%s%s", kedge_clip_text(node->key).text, b->what, kind,
                         hint);
}

bool kedge_schema_bind(const kedge_schema *schema, const char *what, const kedge_yaml *map, kedge_arena *arena,
                       kedge_errors *errors, void *options)
{
    binder b = {what, arena, errors};
    if (map->kind != KEDGE_YAML_MAP) {
        kedge_yaml_error(errors, map, "%s is %s; must be a map", what, kedge_show_node(map).text);
        return false;
    }
    const kedge_variant *variant = NULL;
    if (schema->variant && !(variant = bind_kind(&b, schema, map, options))) return false;

    const kedge_field *fields[KEYS_MAX];
    const char *known[MAP_MAX];
    int n = gather(schema, variant, fields), n_known = 0;
    if (schema->variant) known[n_known++] = kedge_schema_kind(schema);
    for (int i = 0; i < n; i++) known[n_known++] = fields[i]->key;
    for (int i = 0; schema->besides && schema->besides[i] && n_known < MAP_MAX; i++)
        known[n_known++] = schema->besides[i];

    bool ok = true;
    for (const kedge_yaml *node = map->child; node; node = node->next) {
        bool found = false;
        for (int i = 0; i < n_known && !found; i++) found = strcmp(node->key, known[i]) == 0;
        if (!found) unknown_key(&b, schema, variant, node, known, n_known);
        ok = ok && found;
    }
    for (int i = 0; i < n; i++) {
        const kedge_yaml *node = kedge_yaml_get(map, fields[i]->key);
        if (!node && !fields[i]->fallback) {
            char expected[512];
            kedge_field_expected(fields[i], expected, sizeof expected);
            kedge_yaml_error(errors, map, "missing key '%s' in %s; must be %s", fields[i]->key, what, expected);
            ok = false;
        } else if (!kedge_field_bind(fields[i], what, node, arena, errors, options)) {
            ok = false;
        }
    }
    return ok;
}
