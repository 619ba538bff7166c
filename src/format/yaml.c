/* yaml.c - a YAML file as a tree that knows where each value stood. */
#include "format/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/file.h"
#include "format/utf8.h"
#include "format/yaml_read.h"

/* Named nodes are searched one by one: few enough that a hostile file cannot make it slow. libyaml compares each
 * tag directive with all before it. */
enum { MAX_ANCHORS = 256, MAX_TAG_DIRECTIVES = 16 };

typedef struct named_node {
    char *name;
    kedge_yaml *node;
    bool open; /* its end has not been read: an alias here would contain itself */
} named_node;

typedef struct reader {
    yaml_parser_t parser;
    kedge_arena *arena;
    const char *file, *bytes;
    bool placed; /* whether line and column mean something to the user */
    kedge_errors *errors;
    bool stop; /* after an error that leaves nothing to go on with */
    int nodes;
    int n_anchors;
    named_node anchors[MAX_ANCHORS];
} reader;

/* Adds an error at a place of the file, or just of "--set a=b". */
static void KEDGE_PRINTF(4, 5) report(reader *self, size_t line, size_t column, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    if (self->placed)
        kedge_errors_add(self->errors, KEDGE_EFORMAT, "%s:%zu:%zu: %s", self->file, line, column, what);
    else
        kedge_errors_add(self->errors, KEDGE_EFORMAT, "%s: %s", self->file, what);
}

static void no_memory(reader *self)
{
    kedge_errors_add(self->errors, KEDGE_ENOMEM, "%s: out of memory", self->file);
    self->stop = true;
}

/* What libyaml has to say, where it says it. */
static void syntax_error(reader *self)
{
    const yaml_parser_t *parser = &self->parser;
    self->stop = true;
    if (parser->error == YAML_MEMORY_ERROR) {
        no_memory(self);
        return;
    }
    size_t line = parser->problem_mark.line + 1, column = parser->problem_mark.column + 1;
    const char *problem = parser->problem ? parser->problem : "cannot be read";
    if (parser->error == YAML_READER_ERROR) {
        int at_line, at_column;
        kedge_utf8_place(self->bytes, parser->problem_offset, &at_line, &at_column);
        line = (size_t)at_line;
        column = (size_t)at_column;
    }
    if (parser->context && parser->context_mark.line + 1 != line && self->placed)
        report(self, line, column, "not YAML: %s, %s that began at line %zu", problem, parser->context,
               parser->context_mark.line + 1);
    else
        report(self, line, column, "not YAML: %s", problem);
}

/* Next event, to be deleted; false at an error. */
static bool next_event(reader *self, yaml_event_t *event)
{
    if (self->stop) return false;
    if (yaml_parser_parse(&self->parser, event)) return true;
    syntax_error(self);
    return false;
}

static void place(reader *self, kedge_yaml *node, const yaml_event_t *event)
{
    node->file = self->file;
    node->line = self->placed ? (int)event->start_mark.line + 1 : 0;
    node->column = self->placed ? (int)event->start_mark.column + 1 : 0;
}

/* A new node at the event's place; NULL past the bounds. 'depth' is 1 for the root. */
static kedge_yaml *new_node(reader *self, const yaml_event_t *event, int depth)
{
    size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    if (depth > KEDGE_YAML_DEPTH) {
        report(self, line, column, "nested too deep; at most %d levels are read", KEDGE_YAML_DEPTH);
        self->stop = true;
        return NULL;
    }
    if (++self->nodes > KEDGE_YAML_NODES) {
        report(self, line, column, "too many values (aliases count as what they stand for); at most %d are read",
               KEDGE_YAML_NODES);
        self->stop = true;
        return NULL;
    }
    kedge_yaml *node = kedge_arena_alloc(self->arena, 1, sizeof *node);
    if (!node) no_memory(self);
    else place(self, node, event);
    return node;
}

/* Aliases. */

static named_node *find_anchor(reader *self, const char *name)
{
    for (int i = self->n_anchors - 1; i >= 0; i--) /* a later node of that name hides the earlier */
        if (strcmp(self->anchors[i].name, name) == 0) return &self->anchors[i];
    return NULL;
}

/* Notes a named node; returns its number, or -1 if it has no name. */
static int add_anchor(reader *self, const yaml_char_t *name, kedge_yaml *node, const yaml_event_t *event)
{
    if (!name) return -1;
    if (self->n_anchors == MAX_ANCHORS) {
        report(self, event->start_mark.line + 1, event->start_mark.column + 1,
               "too many anchors; at most %d are read", MAX_ANCHORS);
        self->stop = true;
        return -1;
    }
    char *copy = kedge_arena_text(self->arena, (const char *)name);
    if (!copy) {
        no_memory(self);
        return -1;
    }
    self->anchors[self->n_anchors] = (named_node){.name = copy, .node = node, .open = true};
    return self->n_anchors++;
}

/* A copy of 'from' at 'depth' (which the caller has checked): its text is shared, its nodes are counted. */
static kedge_yaml *copy_node(reader *self, const kedge_yaml *from, const yaml_event_t *event, int depth)
{
    kedge_yaml *copy = new_node(self, event, depth);
    if (!copy) return NULL;
    *copy = *from;
    copy->next = copy->child = NULL;
    kedge_yaml **tail = &copy->child;
    for (const kedge_yaml *child = from->child; child && !self->stop; child = child->next) {
        *tail = copy_node(self, child, event, depth + 1);
        if (*tail) tail = &(*tail)->next;
    }
    return copy;
}

static kedge_yaml *read_alias(reader *self, const yaml_event_t *event, int depth)
{
    const char *name = (const char *)event->data.alias.anchor;
    size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    const named_node *anchor = find_anchor(self, name);
    if (!anchor) {
        report(self, line, column, "unknown alias '*%s'; no '&%s' stands before it", kedge_clip_text(name).text,
               kedge_clip_text(name).text);
        self->stop = true;
        return NULL;
    }
    if (anchor->open) {
        report(self, line, column, "the alias '*%s' stands inside of what it names", kedge_clip_text(name).text);
        self->stop = true;
        return NULL;
    }
    kedge_yaml *copy = copy_node(self, anchor->node, event, depth);
    if (!copy) return NULL;
    copy->key = NULL;
    copy->key_line = copy->key_column = 0;
    return copy;
}

/* Nodes. */

/* Only the core tags that say what the node is anyway; sets *text for one that makes a scalar text. */
static void check_tag(reader *self, const yaml_char_t *tag, const yaml_event_t *event, kedge_yaml_kind kind,
                      bool *text)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    static const char *const scalars[] = {"str", "int", "float", "bool", "null"};
    const char *name = (const char *)tag;
    bool known = false;
    if (!tag) return;
    if (strcmp(name, "!") == 0) {
        *text = kind == KEDGE_YAML_SCALAR;
        return;
    }
    if (strncmp(name, prefix, sizeof prefix - 1) == 0) {
        name += sizeof prefix - 1;
        for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
            known |= kind == KEDGE_YAML_SCALAR && strcmp(name, scalars[i]) == 0;
        known |= kind == KEDGE_YAML_LIST && strcmp(name, "seq") == 0;
        known |= kind == KEDGE_YAML_MAP && strcmp(name, "map") == 0;
        *text = kind == KEDGE_YAML_SCALAR && strcmp(name, "str") == 0;
    }
    if (!known)
        report(self, event->start_mark.line + 1, event->start_mark.column + 1,
               "the tag '%s' has no place here; leave it out", kedge_clip_text(name).text);
}

static kedge_yaml *read_scalar(reader *self, const yaml_event_t *event, int depth)
{
    const char *bytes = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    kedge_yaml *node = new_node(self, event, depth);
    if (!node) return NULL;
    node->kind = KEDGE_YAML_SCALAR;
    if (memchr(bytes, 0, length)) {
        report(self, event->start_mark.line + 1, event->start_mark.column + 1, "a 0 byte in a text; leave it out");
        length = strlen(bytes);
    }
    check_tag(self, event->data.scalar.tag, event, KEDGE_YAML_SCALAR, &node->quoted);
    node->quoted |= event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = kedge_arena_bytes(self->arena, bytes, length);
    if (!node->text) {
        no_memory(self);
        return NULL;
    }
    return node;
}

static kedge_yaml *read_node(reader *self, yaml_event_t *event, int depth);

static int by_key(const void *a, const void *b)
{
    const kedge_yaml *const *left = a, *const *right = b;
    int order = strcmp((*left)->key, (*right)->key);
    if (order == 0) order = ((*left)->key_line > (*right)->key_line) - ((*left)->key_line < (*right)->key_line);
    if (order == 0)
        order = ((*left)->key_column > (*right)->key_column) - ((*left)->key_column < (*right)->key_column);
    return order;
}

static void check_keys(reader *self, const kedge_yaml *map)
{
    if (map->n < 2 || self->stop) return;
    const kedge_yaml **sorted = kedge_alloc(self->arena->ctx, (size_t)map->n, sizeof *sorted);
    if (!sorted) {
        no_memory(self);
        return;
    }
    int n = 0;
    for (const kedge_yaml *child = map->child; child; child = child->next) sorted[n++] = child;
    qsort(sorted, (size_t)n, sizeof *sorted, by_key);
    for (int i = 1; i < n; i++)
        if (strcmp(sorted[i]->key, sorted[i - 1]->key) == 0)
            report(self, (size_t)sorted[i]->key_line, (size_t)sorted[i]->key_column,
                   "the key '%s' is there a second time; keep one", kedge_clip_text(sorted[i]->key).text);
    kedge_release(self->arena->ctx, sorted);
}

/* Reads a map's key, which 'event' begins, and then its value. */
static kedge_yaml *read_pair(reader *self, yaml_event_t *event, int depth)
{
    size_t line = event->start_mark.line + 1, column = event->start_mark.column + 1;
    yaml_event_t follower;
    kedge_yaml *key = read_node(self, event, depth);
    if (!key) return NULL;
    if (key->kind != KEDGE_YAML_SCALAR) report(self, line, column, "a list or map as a key; a key is a word");
    if (!next_event(self, &follower)) return NULL;
    kedge_yaml *value = read_node(self, &follower, depth);
    yaml_event_delete(&follower);
    if (!value) return NULL;
    value->key = key->kind == KEDGE_YAML_SCALAR ? key->text : "";
    value->key_line = self->placed ? (int)line : 0;
    value->key_column = self->placed ? (int)column : 0;
    return value;
}

/* Reads the children of a list or map up to its end. */
static void read_children(reader *self, kedge_yaml *node, int depth)
{
    yaml_event_type_t last = node->kind == KEDGE_YAML_MAP ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
    kedge_yaml **tail = &node->child;
    for (;;) {
        yaml_event_t event;
        if (!next_event(self, &event)) return;
        bool end = event.type == last;
        if (!end)
            *tail = node->kind == KEDGE_YAML_MAP ? read_pair(self, &event, depth + 1)
                                                 : read_node(self, &event, depth + 1);
        yaml_event_delete(&event);
        if (end || !*tail) break;
        tail = &(*tail)->next;
        node->n++;
    }
    if (node->kind == KEDGE_YAML_MAP) check_keys(self, node);
}

/* Reads the node that 'event' begins; NULL after an error that stops the reading. */
static kedge_yaml *read_node(reader *self, yaml_event_t *event, int depth)
{
    kedge_yaml *node = NULL;
    const yaml_char_t *name = NULL;
    bool ignored;
    if (event->type == YAML_ALIAS_EVENT) return read_alias(self, event, depth);
    if (event->type == YAML_SCALAR_EVENT) {
        node = read_scalar(self, event, depth);
        name = event->data.scalar.anchor;
    } else {
        bool map = event->type == YAML_MAPPING_START_EVENT;
        node = new_node(self, event, depth);
        if (!node) return NULL;
        node->kind = map ? KEDGE_YAML_MAP : KEDGE_YAML_LIST;
        name = map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
        check_tag(self, map ? event->data.mapping_start.tag : event->data.sequence_start.tag, event, node->kind,
                  &ignored);
    }
    if (!node) return NULL;
    int number = add_anchor(self, name, node, event);
    if (node->kind != KEDGE_YAML_SCALAR) read_children(self, node, depth);
    if (number >= 0) self->anchors[number].open = false;
    return self->stop ? NULL : node;
}

/* Documents. */

/* After the root: the document's end, then the stream's. */
static void read_end(reader *self)
{
    yaml_event_t event;
    for (bool end = false; !end && next_event(self, &event);) {
        end = event.type != YAML_DOCUMENT_END_EVENT;
        if (event.type == YAML_DOCUMENT_START_EVENT)
            report(self, event.start_mark.line + 1, event.start_mark.column + 1,
                   "a second document begins here; only one is read");
        yaml_event_delete(&event);
    }
}

static kedge_yaml *read_document(reader *self, int depth)
{
    yaml_event_t event;
    kedge_yaml *root = NULL;
    const char *empty = self->placed ? "the file is empty" : "there is no value";
    for (bool found = false; !found && next_event(self, &event);) {
        found = event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT;
        if (found && event.type != YAML_STREAM_END_EVENT) root = read_node(self, &event, depth);
        else if (found) report(self, 1, 1, "%s", empty);
        yaml_event_delete(&event);
    }
    if (root && root->kind == KEDGE_YAML_SCALAR && !root->quoted && root->text[0] == '\0')
        report(self, 1, 1, "%s", empty); /* '---' and nothing behind it */
    if (root) read_end(self);
    return root;
}

/* libyaml's time for tag directives is quadratic, and no tag that they could make is allowed. */
static bool check_directives(reader *self, const char *bytes, size_t length)
{
    int count = 0;
    const char *at = bytes;
    while ((at = memmem(at, length - (size_t)(at - bytes), "%TAG", 4)) != NULL) {
        if (++count > MAX_TAG_DIRECTIVES) {
            int line, column;
            kedge_utf8_place(bytes, (size_t)(at - bytes), &line, &column);
            report(self, (size_t)line, (size_t)column, "too many tag directives; leave them out");
            return false;
        }
        at += 4;
    }
    return true;
}

kedge_yaml *kedge_yaml_read(kedge_arena *arena, const char *name, bool placed, int depth, const char *bytes,
                            size_t length, kedge_errors *errors)
{
    kedge_yaml *root = NULL;
    int before = errors->count;
    reader *self = kedge_alloc_zero(arena->ctx, 1, sizeof *self);
    if (!self) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "%s: out of memory", name);
        return NULL;
    }
    self->arena = arena;
    self->bytes = bytes;
    self->placed = placed;
    self->errors = errors;
    self->file = kedge_arena_text(arena, name);
    if (!self->file) {
        kedge_errors_add(errors, KEDGE_ENOMEM, "%s: out of memory", name);
        goto done;
    }
    if (!check_directives(self, bytes, length)) goto done;
    if (!yaml_parser_initialize(&self->parser)) {
        no_memory(self);
        goto done;
    }
    yaml_parser_set_encoding(&self->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&self->parser, (const unsigned char *)bytes, length);
    root = read_document(self, depth);
    yaml_parser_delete(&self->parser);
done:
    kedge_release(arena->ctx, self);
    return errors->count > before ? NULL : root;
}

void kedge_yaml_parse(kedge_yaml **out, kedge_arena *arena, const char *name, const char *bytes, size_t length,
                      kedge_errors *errors)
{
    size_t mark = kedge_utf8_mark(bytes, length);
    *out = NULL;
    bytes += mark;
    length -= mark;
    if (length > KEDGE_YAML_BYTES) {
        kedge_errors_add(errors, KEDGE_EFORMAT, "%s: too large: %zu bytes; at most %d are read", name, length,
                         KEDGE_YAML_BYTES);
        return;
    }
    if (!kedge_utf8_check(name, bytes, length, errors)) return;
    *out = kedge_yaml_read(arena, name, true, 1, bytes, length, errors);
}

void kedge_yaml_load(kedge_yaml **out, kedge_arena *arena, const char *path, kedge_errors *errors)
{
    char *bytes = NULL;
    size_t length = 0;
    *out = NULL;
    kedge_status status = kedge_file_read(arena->ctx, path, KEDGE_YAML_BYTES, &bytes, &length);
    if (status) {
        kedge_errors_add(errors, status, "%s", kedge_error());
        return;
    }
    kedge_yaml_parse(out, arena, path, bytes, length, errors);
    kedge_release(arena->ctx, bytes);
}
