/* schema_print.c - options structs as canonical YAML, and the tables as Markdown. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/schema.h"

/* ---- scalars ---- */

void kedge_yaml_print_real(kedge_text *text, double value)
{
    char raw[64];
    int precision = 1;
    if (fabs(value) < 1e6 && value == trunc(value)) { /* 90, where the shortest is 9e+01 */
        kedge_text_addf(text, "%.0f", value);
        return;
    }
    do snprintf(raw, sizeof raw, "%.*g", precision, value);
    while (precision++ < 17 && strtod(raw, NULL) != value);

    /* printf and strtod share the caller's locale; a file must not: what is no digit or sign is its point. */
    bool point = false, exponent = false, in_point = false;
    for (const char *c = raw; *c; c++) {
        if (strchr("0123456789+-", *c)) {
            in_point = false;
        } else if (*c == 'e') {
            if (!point) kedge_text_add(text, ".0"); /* "1e-08" is text to readers of YAML 1.1 */
            exponent = true;
            in_point = false;
        } else {
            if (!in_point && !exponent) kedge_text_add(text, ".");
            in_point = point = true;
            continue;
        }
        kedge_text_add_bytes(text, c, 1);
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether a reader could take the plain word for a boolean, null or number. */
static bool looks_typed(const char *value)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "y", "n", "null", ".inf", ".nan"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(value, words[i]) == 0) return true;
    return value[strspn(value, "0123456789+-._:eExXoabcdfABCDF")] == '\0' && (is_digit(value[0]) || value[0] == '.');
}

/* Whether the text may stand without quotes, in a flow list too: stricter than YAML, simpler to be sure of. */
static bool is_plain(const char *value, bool numbers)
{
    size_t length = strlen(value);
    if (length == 0 || (!numbers && looks_typed(value))) return false;
    if (!is_letter(value[0]) && !is_digit(value[0]) && !strchr("_/.(", value[0])) return false;
    if (value[length - 1] == ' ') return false;
    for (size_t i = 0; i < length; i++)
        if (!is_letter(value[i]) && !is_digit(value[i]) && !strchr(" _-./+*^()<>=;", value[i])) return false;
    return true;
}

/* One character's code and length in UTF-8; the text is known to be valid. */
static unsigned decode(const unsigned char *at, int *length)
{
    *length = at[0] < 0x80 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    unsigned code = at[0] & (*length == 1 ? 0x7Fu : 0x3Fu >> (*length - 1));
    for (int i = 1; i < *length && at[i]; i++) code = code << 6 | (at[i] & 0x3Fu);
    return code;
}

static void print_quoted(kedge_text *text, const char *value)
{
    kedge_text_add(text, "\"");
    for (const unsigned char *at = (const unsigned char *)value; *at;) {
        int length;
        unsigned code = decode(at, &length);
        if (code == '"' || code == '\\')
            kedge_text_addf(text, "\\%c", (int)code);
        else if (code == '\n')
            kedge_text_add(text, "\\n");
        else if (code == '\t')
            kedge_text_add(text, "\\t");
        else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
                 code == 0xFEFF || code == 0xFFFE || code == 0xFFFF) /* no YAML reader takes them as they are */
            kedge_text_addf(text, "\\u%04X", code);
        else
            kedge_text_add_bytes(text, at, (size_t)length);
        for (int i = 0; i < length && *at; i++) at++;
    }
    kedge_text_add(text, "\"");
}

static void print_scalar(kedge_text *text, const char *value, bool numbers)
{
    if (is_plain(value, numbers))
        kedge_text_add(text, value);
    else
        print_quoted(text, value);
}

void kedge_yaml_print_text(kedge_text *text, const char *value)
{
    print_scalar(text, value, false);
}

/* ---- fields ---- */

static bool is_absent(const kedge_field *field, const void *slot)
{
    if (!field->fallback || field->fallback[0]) return false;
    switch (field->type) {
    case KEDGE_FIELD_BOOL: return !*(const bool *)slot;
    case KEDGE_FIELD_INT: return *(const int64_t *)slot == 0;
    case KEDGE_FIELD_REAL: return *(const double *)slot == 0;
    case KEDGE_FIELD_TEXT: return !*(const char *const *)slot;
    case KEDGE_FIELD_CHOICE: return *(const int *)slot == 0;
    case KEDGE_FIELD_FORMULA: return !((const kedge_formula *)slot)->text;
    case KEDGE_FIELD_INTS: return ((const kedge_ints *)slot)->n == 0;
    case KEDGE_FIELD_REALS: return ((const kedge_reals *)slot)->n == 0;
    case KEDGE_FIELD_TEXTS: return ((const kedge_texts *)slot)->n == 0;
    case KEDGE_FIELD_WEIGHTS: return ((const kedge_weights *)slot)->n == 0;
    }
    return true;
}

static void print_ints(kedge_text *text, const kedge_ints *list)
{
    kedge_text_add(text, "[");
    for (int i = 0; i < list->n; i++) kedge_text_addf(text, "%s%lld", i ? ", " : "", (long long)list->at[i]);
    kedge_text_add(text, "]");
}

static void print_reals(kedge_text *text, const kedge_reals *list)
{
    kedge_text_add(text, "[");
    for (int i = 0; i < list->n; i++) {
        if (i) kedge_text_add(text, ", ");
        kedge_yaml_print_real(text, list->at[i]);
    }
    kedge_text_add(text, "]");
}

static void print_texts(kedge_text *text, const kedge_texts *list)
{
    kedge_text_add(text, "[");
    for (int i = 0; i < list->n; i++) {
        if (i) kedge_text_add(text, ", ");
        kedge_yaml_print_text(text, list->at[i]);
    }
    kedge_text_add(text, "]");
}

static void print_weights(kedge_text *text, const kedge_weights *map)
{
    kedge_text_add(text, "{");
    for (int i = 0; i < map->n; i++) {
        if (i) kedge_text_add(text, ", ");
        kedge_yaml_print_text(text, map->names[i]);
        kedge_text_add(text, ": ");
        kedge_yaml_print_real(text, map->values[i]);
    }
    kedge_text_add(text, "}");
}

static void print_value(kedge_text *text, const kedge_field *field, const void *slot)
{
    switch (field->type) {
    case KEDGE_FIELD_BOOL: kedge_text_add(text, *(const bool *)slot ? "true" : "false"); break;
    case KEDGE_FIELD_INT: kedge_text_addf(text, "%lld", (long long)*(const int64_t *)slot); break;
    case KEDGE_FIELD_REAL: kedge_yaml_print_real(text, *(const double *)slot); break;
    case KEDGE_FIELD_TEXT: kedge_yaml_print_text(text, *(const char *const *)slot); break;
    case KEDGE_FIELD_CHOICE: kedge_text_add(text, field->choices[*(const int *)slot]); break;
    case KEDGE_FIELD_FORMULA: print_scalar(text, ((const kedge_formula *)slot)->text, true); break;
    case KEDGE_FIELD_INTS: print_ints(text, slot); break;
    case KEDGE_FIELD_REALS: print_reals(text, slot); break;
    case KEDGE_FIELD_TEXTS: print_texts(text, slot); break;
    case KEDGE_FIELD_WEIGHTS: print_weights(text, slot); break;
    }
}

void kedge_field_print(const kedge_field *field, const void *options, int indent, kedge_text *text)
{
    const void *slot = (const char *)options + field->offset;
    if (is_absent(field, slot)) return;
    kedge_text_addf(text, "%*s%s: ", indent, "", field->key);
    print_value(text, field, slot);
    kedge_text_add(text, "\n");
}

static bool left_out(const char *const *without, const char *key)
{
    for (int i = 0; without && without[i]; i++)
        if (strcmp(without[i], key) == 0) return true;
    return false;
}

void kedge_schema_print(const kedge_schema *schema, const void *options, int indent, kedge_text *text)
{
    if (schema->variant) {
        const void *kind = (const char *)options + schema->kind_offset;
        const kedge_variant *variant = schema->variant(*(const int *)kind);
        kedge_text_addf(text, "%*s%s: %s\n", indent, "", kedge_schema_kind(schema), variant->name);
        for (int i = 0; i < variant->n_fields; i++)
            if (!left_out(schema->without, variant->fields[i].key))
                kedge_field_print(&variant->fields[i], options, indent, text);
    }
    for (int i = 0; i < schema->n_fields; i++) kedge_field_print(&schema->fields[i], options, indent, text);
}

/* ---- reference ---- */

/* A cell of a table: '|' would end it. */
static void print_cell(kedge_text *text, const char *cell)
{
    kedge_text_add(text, " ");
    for (const char *at = cell; *at; at++) {
        if (*at == '|') kedge_text_add(text, "\\");
        kedge_text_add_bytes(text, at, 1);
    }
    kedge_text_add(text, " |");
}

static const char table_head[] = "| key | value | default | meaning |\n|---|---|---|---|\n";

/* 'fallback' as in a field. */
static void print_row(kedge_text *text, const char *key, const char *expected, const char *fallback, const char *doc)
{
    kedge_text_addf(text, "| `%s` |", key);
    print_cell(text, expected);
    if (!fallback)
        kedge_text_add(text, " required |");
    else if (!fallback[0])
        kedge_text_add(text, " none |");
    else
        kedge_text_addf(text, " `%s` |", fallback);
    print_cell(text, doc ? doc : "");
    kedge_text_add(text, "\n");
}

/* Rows for the fields, in a table that has been headed already or not. */
static void print_rows(const kedge_field *fields, int n, const char *const *without, bool headed, kedge_text *text)
{
    for (int i = 0; i < n; i++) {
        if (left_out(without, fields[i].key)) continue;
        if (!headed) kedge_text_add(text, table_head);
        headed = true;
        char expected[512];
        kedge_field_expected(&fields[i], expected, sizeof expected);
        print_row(text, fields[i].key, expected, fields[i].fallback, fields[i].doc);
    }
    if (headed) kedge_text_add(text, "\n");
}

void kedge_fields_reference(const kedge_field *fields, int n, const char *const *without, kedge_text *text)
{
    print_rows(fields, n, without, false, text);
}

void kedge_schema_reference(const kedge_schema *schema, const char *title, kedge_text *text)
{
    bool headed = schema->variant && schema->kind_doc;
    if (headed) {
        char expected[512];
        kedge_schema_kinds(schema, expected, sizeof expected);
        kedge_text_add(text, table_head);
        print_row(text, kedge_schema_kind(schema), expected, NULL, schema->kind_doc);
    }
    print_rows(schema->fields, schema->n_fields, NULL, headed, text);
    if (!schema->variant) return;
    const kedge_variant *variant;
    for (int i = 0; (variant = schema->variant(i)); i++) {
        kedge_text_addf(text, "### %s of kind `%s`\n\n%s\n\n", title, variant->name, variant->doc ? variant->doc : "");
        kedge_fields_reference(variant->fields, variant->n_fields, schema->without, text);
    }
}
