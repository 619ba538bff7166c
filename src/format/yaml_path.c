/* yaml_path.c - finding and setting nodes by dotted paths, and what a scalar's text is worth. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "format/number.h"
#include "format/utf8.h"
#include "format/yaml_read.h"

/* The child that a path's segment names: by key in a map, by number in a list. */
static kedge_yaml *child_named(const kedge_yaml *node, const char *segment, size_t length)
{
    if (node->kind == KEDGE_YAML_SCALAR) return NULL;
    int number = 0;
    if (node->kind == KEDGE_YAML_LIST) {
        if (length == 0 || length > 6 || (length > 1 && segment[0] == '0')) return NULL;
        for (size_t i = 0; i < length; i++) {
            if (segment[i] < '0' || segment[i] > '9') return NULL;
            number = number * 10 + (segment[i] - '0');
        }
    }
    kedge_yaml *child = node->child;
    if (node->kind == KEDGE_YAML_LIST) {
        for (; child && number > 0; number--) child = child->next;
        return child;
    }
    for (; child; child = child->next)
        if (strlen(child->key) == length && memcmp(child->key, segment, length) == 0) return child;
    return NULL;
}

kedge_yaml *kedge_yaml_get(const kedge_yaml *map, const char *key)
{
    return map->kind == KEDGE_YAML_MAP ? child_named(map, key, strlen(key)) : NULL;
}

kedge_yaml *kedge_yaml_find(kedge_yaml *root, const char *path)
{
    for (kedge_yaml *node = root;; path++) {
        size_t length = strcspn(path, ".");
        node = child_named(node, path, length);
        path += length;
        if (!node || *path == '\0') return node;
    }
}

/* One '--set path=value'. */
typedef struct setting {
    const char *name; /* "--set path=value" */
    const char *path, *value;
    size_t path_length;
    kedge_arena *arena;
    kedge_errors *errors;
} setting;

static kedge_yaml *no_memory(const setting *self)
{
    kedge_errors_add(self->errors, KEDGE_ENOMEM, "%s: out of memory", kedge_clip_text(self->name).text);
    return NULL;
}

static bool split(setting *self, const char *assignment)
{
    const char *sign = strchr(assignment, '=');
    if (!sign) {
        kedge_errors_add(self->errors, KEDGE_EINVALID, "%s: no '='; write path=value", self->name);
        return false;
    }
    self->path = assignment;
    self->path_length = (size_t)(sign - assignment);
    self->value = sign + 1;
    for (size_t i = 0; i <= self->path_length; i++) {
        bool ends = i == self->path_length || assignment[i] == '.';
        if (!ends || (i > 0 && assignment[i - 1] != '.')) continue;
        kedge_errors_add(self->errors, KEDGE_EINVALID, "%s: an empty name in the path; write names with dots between",
                         self->name);
        return false;
    }
    return true;
}

static kedge_yaml *append_map(const setting *self, kedge_yaml *node, const char *segment, size_t length)
{
    kedge_yaml **tail = &node->child;
    while (*tail) tail = &(*tail)->next;
    kedge_yaml *child = kedge_arena_alloc(self->arena, 1, sizeof *child);
    const char *key = kedge_arena_bytes(self->arena, segment, length);
    if (!child || !key) return no_memory(self);
    *child = (kedge_yaml){.kind = KEDGE_YAML_MAP, .key = key, .file = self->name};
    *tail = child;
    node->n++;
    return child;
}

/* One step along the path, into a new map where a map lacks the key. */
static kedge_yaml *step_into(const setting *self, kedge_yaml *node, const char *segment, size_t length)
{
    kedge_yaml *child = child_named(node, segment, length);
    if (child) return child;
    if (node->kind == KEDGE_YAML_MAP) return append_map(self, node, segment, length);
    bool top = segment == self->path;
    int size = top ? 5 : (int)(segment - self->path) - 1;
    const char *above = top ? "<top>" : self->path;
    if (node->kind == KEDGE_YAML_SCALAR)
        kedge_errors_add(self->errors, KEDGE_EINVALID, "%s: '%.*s' is a single value: it has no '%.*s'", self->name,
                         size, above, (int)length, segment);
    else
        kedge_errors_add(self->errors, KEDGE_EINVALID, "%s: '%.*s' is a list with items 0 to %d: it has no '%.*s'",
                         self->name, size, above, node->n - 1, (int)length, segment);
    return NULL;
}

static kedge_yaml *parse_value(const setting *self, int depth)
{
    if (self->value[strspn(self->value, " ")] != '\0')
        return kedge_yaml_read(self->arena, self->name, false, depth, self->value, strlen(self->value), self->errors);
    kedge_yaml *node = kedge_arena_alloc(self->arena, 1, sizeof *node);
    if (!node) return no_memory(self);
    *node = (kedge_yaml){.kind = KEDGE_YAML_SCALAR, .text = "", .file = self->name};
    return node;
}

void kedge_yaml_assign(kedge_yaml *root, kedge_arena *arena, const char *assignment, kedge_errors *errors)
{
    enum { MOST = 4096 };
    setting self = {.arena = arena, .errors = errors};
    size_t length = strnlen(assignment, MOST + 1);
    if (length > MOST || kedge_utf8_span(assignment, length) != length) {
        kedge_errors_add(errors, KEDGE_EINVALID, "--set %s: at most %d bytes of UTF-8 are read",
                         kedge_clip_text(assignment).text, MOST);
        return;
    }
    self.name = kedge_arena_format(arena, "--set %s", assignment);
    if (!self.name) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "--set %s: out of memory", kedge_clip_text(assignment).text);
        return;
    }
    if (!split(&self, assignment)) return;
    int depth = 1;
    for (size_t i = 0; i < self.path_length; i++) depth += assignment[i] == '.';
    kedge_yaml *value = parse_value(&self, depth + 1); /* first, so that a wrong value leaves the tree alone */
    if (!value) return;
    kedge_yaml *node = root;
    const char *segment = self.path, *end = self.path + self.path_length;
    for (; node && segment < end; segment++) {
        size_t size = strcspn(segment, ".="), rest = (size_t)(end - segment);
        if (node->kind == KEDGE_YAML_MAP && child_named(node, segment, rest)) size = rest; /* a key with dots in it */
        node = step_into(&self, node, segment, size);
        segment += size;
    }
    if (!node) return;
    value->key = node->key;
    value->key_line = value->key_column = 0;
    value->next = node->next;
    *node = *value;
}

bool kedge_yaml_int(const kedge_yaml *node, long long *value)
{
    if (node->kind != KEDGE_YAML_SCALAR || node->quoted) return false;
    const char *at = node->text + (node->text[0] == '-' || node->text[0] == '+');
    size_t count = strspn(at, "0123456789");
    if (count == 0 || at[count] != '\0' || (count > 1 && at[0] == '0')) return false;
    errno = 0;
    long long read = strtoll(node->text, NULL, 10);
    if (errno != 0) return false;
    *value = read;
    return true;
}

bool kedge_yaml_real(const kedge_yaml *node, double *value)
{
    return node->kind == KEDGE_YAML_SCALAR && !node->quoted && kedge_number_real(node->text, value);
}

bool kedge_yaml_bool(const kedge_yaml *node, bool *value)
{
    if (node->kind != KEDGE_YAML_SCALAR || node->quoted) return false;
    bool yes = strcmp(node->text, "true") == 0;
    if (!yes && strcmp(node->text, "false") != 0) return false;
    *value = yes;
    return true;
}
