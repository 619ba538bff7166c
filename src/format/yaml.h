/* yaml.h - a YAML file as a tree that knows where each value stood. Built on libyaml's events, so that the
 * bounds hold while reading (its documents take quadratic time on deep nesting and on many anchors). */
#ifndef FORMAT_YAML_H
#define FORMAT_YAML_H

#include "base/arena.h"
#include "base/error.h"

typedef enum kedge_yaml_kind { KEDGE_YAML_SCALAR, KEDGE_YAML_LIST, KEDGE_YAML_MAP } kedge_yaml_kind;

typedef struct kedge_yaml kedge_yaml;
struct kedge_yaml {
    kedge_yaml_kind kind;
    bool quoted;      /* a scalar in quotes is text whatever it looks like */
    const char *text; /* scalar: its value, valid UTF-8 without 0 bytes */
    const char *key;  /* the key it stands under in a map, else NULL */
    const char *file; /* where it stands, from 1; line 0: not from a file (--set, a default) */
    int line, column;
    int key_line, key_column;
    kedge_yaml *child, *next; /* first child of a list or map, in file order; next sibling */
    int n;                    /* number of children */
};

/* Bounds that keep a hostile file from costing much. */
enum { KEDGE_YAML_BYTES = 1 << 20, KEDGE_YAML_DEPTH = 32, KEDGE_YAML_NODES = 100000 };

/* Reads the file into 'arena'. Errors ('file:line:column: ...') are added to 'errors': syntax, not UTF-8 (a
 * byte order mark is fine), NUL bytes, a duplicate key, a key that is no scalar, more than one document,
 * deeper than KEDGE_YAML_DEPTH, more than KEDGE_YAML_NODES nodes after aliases are expanded, an alias to a node
 * that contains it, tags other than the core ones. An empty file: "is empty". *out is NULL after an error. */
void kedge_yaml_load(kedge_yaml **out, kedge_arena *arena, const char *path, kedge_errors *errors);
/* The same from memory; 'name' stands for the file in messages. */
void kedge_yaml_parse(kedge_yaml **out, kedge_arena *arena, const char *name, const char *bytes, size_t length,
                      kedge_errors *errors);

/* The child under 'key', or NULL; the node at a dotted path ("terms.anchor.at", list items by number from 0). */
kedge_yaml *kedge_yaml_get(const kedge_yaml *map, const char *key);
kedge_yaml *kedge_yaml_find(kedge_yaml *root, const char *path);

/* Sets the node at a dotted path from the text of a YAML value ("0.1", "[1, 0]", "{red: 1}"): makes the maps
 * on the way that are missing; refuses to step into a scalar or past a list's end. 'assignment' is
 * "path=value" as the user wrote it, and named so in messages ("--set terms.anchor.at=[1: ..."). */
void kedge_yaml_assign(kedge_yaml *root, kedge_arena *arena, const char *assignment, kedge_errors *errors);

/* Whole-string conversions; false if 'text' is not exactly such a value. Integers are decimal without leading
 * zeros ('010' and '1e3' are not integers); reals are what strtod reads in the C locale but for hexadecimal,
 * inf and nan, and must be finite; true and false alone are booleans. */
bool kedge_yaml_int(const kedge_yaml *node, long long *value);
bool kedge_yaml_real(const kedge_yaml *node, double *value);
bool kedge_yaml_bool(const kedge_yaml *node, bool *value);

#endif
