/* schema.h - tables of fields against YAML: one table makes parser, messages, dump and reference. */
#ifndef RUN_SCHEMA_H
#define RUN_SCHEMA_H

#include "base/arena.h"
#include "base/error.h"
#include "base/field.h"
#include "base/text.h"
#include "format/utf8.h"
#include "format/yaml.h"

/* What the keys of one map may be: 'fields', and those of the variant that the key 'kind' (or another) names. */
typedef struct kedge_schema {
    const kedge_field *fields;
    int n_fields;
    const kedge_variant *(*variant)(int i); /* variant i, NULL past the last; NULL: the map has no kinds */
    size_t kind_offset;                     /* of the int in the options struct that gets the variant's number */
    const char *const *without; /* keys of the variants that do not apply here, ended by NULL; may be NULL */
    const char *kind_key;       /* the key that names the variant; NULL: "kind" */
    const char *kind_doc;       /* one sentence about it for the reference; NULL: it has no row there */
    const char *const *besides; /* keys that may stand in the map and that someone else reads; as 'without' */
} kedge_schema;

/* Fills 'options' from 'map' by the table; keys that are absent get their defaults, texts are copied into 'arena'.
 * All errors are added to 'errors', after 'file:line:column' or '--set path=value': no map, unknown key or kind
 * (with the nearest right one), wrong type, out of range, not finite, missing key (at the map's position).
 * 'what' names the map in messages: "data", "term 'anchor'". False after an error; what could be read is filled. */
bool kedge_schema_bind(const kedge_schema *schema, const char *what, const kedge_yaml *map, kedge_arena *arena,
                       kedge_errors *errors, void *options);

/* The same for one value that stands outside such a map; node NULL: the field's default (a required one is the
 * caller's to miss). 'options' is the struct that field->offset counts from. */
bool kedge_field_bind(const kedge_field *field, const char *what, const kedge_yaml *node, kedge_arena *arena,
                      kedge_errors *errors, void *options);

/* Appends 'key: value' lines, 'indent' spaces deep, in the table's order: its kind, the variant's own keys, the common
 * ones; defaults too, but not what is absent without a default. Binding them gives the same options. */
void kedge_schema_print(const kedge_schema *schema, const void *options, int indent, kedge_text *text);
void kedge_field_print(const kedge_field *field, const void *options, int indent, kedge_text *text);
/* Appends a YAML scalar that reads back as this text, in quotes where plain would be read as something else. */
void kedge_yaml_print_text(kedge_text *text, const char *value);
/* Appends the shortest number that reads back as 'value' to the last bit, a whole one below a million by its digits;
 * never in the locale's form. */
void kedge_yaml_print_real(kedge_text *text, double value);

/* Appends Markdown tables, one row a key: value, default, meaning. One table per variant, under headings
 * '### title of kind `kind`'; keys that all kinds share come first, before them the kind's if it has 'kind_doc'. */
void kedge_schema_reference(const kedge_schema *schema, const char *title, kedge_text *text);
void kedge_fields_reference(const kedge_field *fields, int n, const char *const *without, kedge_text *text);

/* What a field takes, in words for messages and reference: "a whole number from 2 to 256". */
void kedge_field_expected(const kedge_field *field, char *text, size_t size);
/* The key that names the variant, and what it takes: "'ablate', 'prune' or 'reflect'". */
const char *kedge_schema_kind(const kedge_schema *schema);
void kedge_schema_kinds(const kedge_schema *schema, char *text, size_t size);

/* A value for use in a message: its text, clipped, in single quotes, or "a list", "a map", "empty". */
typedef struct kedge_shown {
    char text[80];
} kedge_shown;
kedge_shown kedge_show_node(const kedge_yaml *node);

/* Adds an error at a node's value / at its key. */
void kedge_yaml_error(kedge_errors *errors, const kedge_yaml *node, const char *format, ...) KEDGE_PRINTF(3, 4);
void kedge_yaml_key_error(kedge_errors *errors, const kedge_yaml *node, const char *format, ...)
    KEDGE_PRINTF(3, 4);
/* "file:line:column" of a node's value, or "--set path=value". Written to text[size]. */
void kedge_yaml_where(const kedge_yaml *node, char *text, size_t size);

/* "; did you mean 'x'?" if one of the names is near to 'word', else "; must be 'x' or 'y'"; at most ten are named. */
void kedge_suggest(const char *word, const char *const *names, int n, char *text, size_t size);

/* NULL, or what to say after a key that closes brackets which it does not open: between braces YAML ends a value at its
 * first comma, so that the rest of a formula becomes keys. Static. */
const char *kedge_cut_hint(const char *key);

#endif
