/* safetensors.c - named float32 tensors with text metadata: u64 length, JSON header, raw data. */
#include "format/safetensors.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "format/utf8.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they lie in the file");

static const char metadata_key[] = "__metadata__";
/* Marks of a header: brackets and commas. jansson needs up to 250 bytes for each, so that 16 MB of brackets would
 * become 4 GB; a tensor has 8 marks, so this is 32,768 tensors in at most 64 MB. */
enum { PREFIX = 8, ALIGN = 64, MAX_DIMS = 4, MAX_MARKS = 1 << 18 };

typedef struct st_entry {
    kedge_st_tensor tensor;
    size_t begin, end; /* in the data */
    size_t order;      /* in the header */
} st_entry;

typedef struct reader {
    const char *name;
    kedge_arena *arena;
    const unsigned char *data;
    size_t length; /* of the data */
    kedge_st out;
    st_entry *entries;
} reader;

static kedge_status tensor_wrong(const reader *self, const char *tensor, const char *what)
{
    return kedge_fail(KEDGE_EFORMAT, "%s: tensor '%s': %s", self->name, kedge_clip_text(tensor).text, what);
}

static kedge_status no_memory(const reader *self)
{
    return kedge_fail(KEDGE_ENOMEM, "%s: out of memory for its tensors", self->name);
}

/* Reading: the header. */

static kedge_status check_marks(const char *name, const char *json, size_t size)
{
    size_t marks = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        if (json[i] == '"') in_string = !in_string;
        if (in_string && json[i] == '\\') i++;
        if (!in_string && (json[i] == '[' || json[i] == '{' || json[i] == ',')) marks++;
    }
    if (marks <= MAX_MARKS) return KEDGE_OK;
    return kedge_fail(KEDGE_EFORMAT, "%s: the header has %zu brackets and commas; at most %d are read", name, marks,
                      MAX_MARKS);
}

static kedge_status parse_header(json_t **out, const char *name, const unsigned char *bytes, size_t length,
                                 size_t *data)
{
    uint64_t size = 0;
    if (length >= PREFIX) memcpy(&size, bytes, PREFIX);
    /* a text of 9 letters gives a length too, but none that would ever be read */
    bool begins = length > PREFIX && bytes[PREFIX] == '{' && size > 0 && size <= UINT32_MAX;
    if (!begins)
        return kedge_fail(KEDGE_EFORMAT, "%s: not a safetensors file; must be one, such as the model.safetensors that "
                          "'kedge run' writes", name);
    if (size > KEDGE_ST_HEADER && size <= length - PREFIX)
        return kedge_fail(KEDGE_EFORMAT, "%s: the header has %" PRIu64 " bytes; at most %d are read", name, size,
                          KEDGE_ST_HEADER);
    if (size > length - PREFIX)
        return kedge_fail(KEDGE_EFORMAT, "%s: the header needs %" PRIu64 " bytes, the file has %zu", name, size,
                          length - PREFIX);
    const char *json = (const char *)bytes + PREFIX;
    kedge_status status = check_marks(name, json, (size_t)size);
    if (status) return status;
    json_error_t error;
    json_t *root = json_loadb(json, (size_t)size, JSON_REJECT_DUPLICATES, &error);
    if (!root && json_error_code(&error) == json_error_out_of_memory)
        return kedge_fail(KEDGE_ENOMEM, "%s: out of memory for its header", name);
    if (!root)
        return kedge_fail(KEDGE_EFORMAT, "%s: the header is not JSON, at its byte %d: %s", name, error.position,
                          kedge_clip_text(error.text).text);
    *out = root;
    *data = PREFIX + (size_t)size;
    return KEDGE_OK;
}

static kedge_status read_metadata(reader *self, json_t *object)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object))
        return kedge_fail(KEDGE_EFORMAT, "%s: '%s' is not an object", self->name, metadata_key);
    self->out.metadata = kedge_arena_alloc(self->arena, json_object_size(object), sizeof *self->out.metadata);
    if (!self->out.metadata) return no_memory(self);
    json_object_foreach(object, key, value) {
        if (!json_is_string(value))
            return kedge_fail(KEDGE_EFORMAT, "%s: metadata '%s' is not text", self->name, kedge_clip_text(key).text);
        kedge_st_pair *pair = &self->out.metadata[self->out.n_metadata++];
        pair->key = kedge_arena_text(self->arena, key);
        pair->value = kedge_arena_text(self->arena, json_string_value(value));
        if (!pair->key || !pair->value) return no_memory(self);
    }
    return KEDGE_OK;
}

/* A whole number that is not negative. */
static bool as_size(const json_t *value, size_t *size)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0) return false;
    *size = (size_t)json_integer_value(value);
    return true;
}

static kedge_status read_shape(const reader *self, const json_t *shape, kedge_st_tensor *tensor, size_t *bytes)
{
    if (!json_is_array(shape)) return tensor_wrong(self, tensor->name, "'shape' is not a list");
    if (json_array_size(shape) > MAX_DIMS) return tensor_wrong(self, tensor->name, "more than 4 dims");
    size_t most = sizeof(float); /* as if sizes of 0 were 1: no later product of the sizes can overflow */
    *bytes = sizeof(float);
    tensor->dims = (int)json_array_size(shape);
    for (int i = 0; i < tensor->dims; i++) {
        size_t size;
        if (!as_size(json_array_get(shape, (size_t)i), &size))
            return tensor_wrong(self, tensor->name, "'shape' is not a list of whole numbers");
        if (size > 0 && most > SIZE_MAX / 2 / size)
            return tensor_wrong(self, tensor->name, "the shape needs more bytes than can be counted");
        most *= size ? size : 1;
        *bytes *= size;
        tensor->shape[i] = size;
    }
    return KEDGE_OK;
}

static kedge_status read_tensor(const reader *self, const char *name, json_t *object, st_entry *entry)
{
    size_t bytes = 0;
    entry->tensor.name = kedge_arena_text(self->arena, name);
    if (!entry->tensor.name) return no_memory(self);
    if (!json_is_object(object)) return tensor_wrong(self, name, "not an object of dtype, shape and data_offsets");
    const json_t *type = json_object_get(object, "dtype"), *offsets = json_object_get(object, "data_offsets");
    if (!json_is_string(type)) return tensor_wrong(self, name, "'dtype' is missing or not text");
    if (strcmp(json_string_value(type), "F32") != 0)
        return kedge_fail(KEDGE_EFORMAT, "%s: tensor '%s' has type '%s'; only 'F32' is read", self->name,
                          kedge_clip_text(name).text, kedge_clip_text(json_string_value(type)).text);
    kedge_status status = read_shape(self, json_object_get(object, "shape"), &entry->tensor, &bytes);
    if (status) return status;
    if (json_array_size(offsets) != 2 || !as_size(json_array_get(offsets, 0), &entry->begin) ||
        !as_size(json_array_get(offsets, 1), &entry->end))
        return tensor_wrong(self, name, "'data_offsets' is not a pair of whole numbers");
    if (json_object_size(object) != 3)
        return tensor_wrong(self, name, "keys other than dtype, shape and data_offsets");
    if (entry->begin > entry->end) return tensor_wrong(self, name, "its data ends before it begins");
    if (entry->end > self->length)
        return kedge_fail(KEDGE_EFORMAT, "%s: tensor '%s' ends at byte %zu of the data, the file has %zu", self->name,
                          kedge_clip_text(name).text, entry->end, self->length);
    if (entry->end - entry->begin != bytes)
        return kedge_fail(KEDGE_EFORMAT, "%s: tensor '%s': the shape needs %zu bytes, the offsets give %zu",
                          self->name, kedge_clip_text(name).text, bytes, entry->end - entry->begin);
    return KEDGE_OK;
}

/* Reading: the data. */

static int by_offset(const void *a, const void *b)
{
    const st_entry *left = a, *right = b;
    if (left->begin != right->begin) return left->begin < right->begin ? -1 : 1;
    if (left->end != right->end) return left->end < right->end ? -1 : 1;
    return left->order < right->order ? -1 : 1;
}

/* The tensors must cover the data from its first byte to its last, each byte once. */
static kedge_status check_cover(const reader *self)
{
    size_t at = 0;
    for (size_t i = 0; i < self->out.n_tensors; i++) {
        const st_entry *entry = &self->entries[i];
        if (entry->begin < at)
            return tensor_wrong(self, entry->tensor.name, "its data overlaps with the tensor before it");
        if (entry->begin > at) return tensor_wrong(self, entry->tensor.name, "a hole in the data before it");
        at = entry->end;
    }
    if (at == self->length) return KEDGE_OK;
    return kedge_fail(KEDGE_EFORMAT, "%s: the tensors end at byte %zu of the data, the file has %zu", self->name, at,
                      self->length);
}

static kedge_status copy_values(const reader *self, st_entry *entry)
{
    size_t bytes = entry->end - entry->begin;
    unsigned char *block = kedge_arena_alloc(self->arena, bytes + ALIGN, 1);
    if (!block) return no_memory(self);
    block += (ALIGN - (uintptr_t)block % ALIGN) % ALIGN;
    if (bytes) memcpy(block, self->data + entry->begin, bytes);
    entry->tensor.values = (const float *)(const void *)block;
    return KEDGE_OK;
}

static kedge_status read_all(reader *self, json_t *root)
{
    const char *key;
    json_t *value;
    kedge_status status = KEDGE_OK;
    self->entries = kedge_arena_alloc(self->arena, json_object_size(root), sizeof *self->entries);
    self->out.tensors = kedge_arena_alloc(self->arena, json_object_size(root), sizeof *self->out.tensors);
    if (!self->entries || !self->out.tensors) return no_memory(self);
    json_object_foreach(root, key, value) {
        if (strcmp(key, metadata_key) == 0) {
            status = read_metadata(self, value);
        } else {
            st_entry *entry = &self->entries[self->out.n_tensors];
            entry->order = self->out.n_tensors++;
            status = read_tensor(self, key, value, entry);
        }
        if (status) return status;
    }
    qsort(self->entries, self->out.n_tensors, sizeof *self->entries, by_offset);
    status = check_cover(self);
    for (size_t i = 0; i < self->out.n_tensors && !status; i++) {
        status = copy_values(self, &self->entries[i]);
        self->out.tensors[i] = self->entries[i].tensor;
    }
    return status;
}

kedge_status kedge_st_parse(kedge_st *out, kedge_arena *arena, const char *name, const void *bytes, size_t length)
{
    json_t *root = NULL;
    size_t data = 0;
    kedge_status status = parse_header(&root, name, bytes, length, &data);
    if (status) return status;
    reader self = {.name = name, .arena = arena, .data = (const unsigned char *)bytes + data, .length = length - data};
    status = read_all(&self, root);
    json_decref(root);
    if (!status) *out = self.out;
    return status;
}

kedge_status kedge_st_load(kedge_st *out, kedge_arena *arena, const char *path, size_t max)
{
    char *bytes = NULL;
    size_t length = 0;
    kedge_status status = kedge_file_read(arena->ctx, path, max, &bytes, &length);
    if (!status) status = kedge_st_parse(out, arena, path, bytes, length);
    kedge_release(arena->ctx, bytes);
    return status;
}

/* Writing. */

static kedge_status check_text(const char *text, const char *path)
{
    if (kedge_utf8_span(text, strlen(text)) == strlen(text)) return KEDGE_OK;
    return kedge_fail(KEDGE_EINVALID, "%s: cannot write '%s': not UTF-8", path, kedge_clip_text(text).text);
}

static size_t tensor_bytes(const kedge_st_tensor *tensor)
{
    size_t bytes = sizeof(float);
    for (int i = 0; i < tensor->dims; i++) bytes *= tensor->shape[i];
    return bytes;
}

/* Puts 'value' (whose reference it takes) under a new key. */
static kedge_status put(json_t *object, const char *key, json_t *value, const char *path)
{
    kedge_status status = check_text(key, path);
    if (status) {
        json_decref(value);
        return status;
    }
    if (json_object_get(object, key)) {
        json_decref(value);
        return kedge_fail(KEDGE_EINVALID, "%s: cannot write '%s' twice; names are unique", path,
                          kedge_clip_text(key).text);
    }
    if (value && json_object_set_new(object, key, value) == 0) return KEDGE_OK;
    return kedge_fail(KEDGE_ENOMEM, "%s: out of memory for its header", path);
}

static json_t *describe(const kedge_st_tensor *tensor, size_t begin)
{
    json_t *shape = json_array();
    for (int i = 0; i < tensor->dims; i++)
        if (json_array_append_new(shape, json_integer((json_int_t)tensor->shape[i])) != 0) {
            json_decref(shape);
            return NULL;
        }
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", "F32", "shape", shape, "data_offsets", (json_int_t)begin,
                     (json_int_t)(begin + tensor_bytes(tensor)));
}

static kedge_status fill_header(json_t *root, const kedge_st *st, const char *path)
{
    kedge_status status = KEDGE_OK;
    if (st->n_metadata > 0) status = put(root, metadata_key, json_object(), path);
    json_t *metadata = json_object_get(root, metadata_key);
    for (size_t i = 0; i < st->n_metadata && !status; i++) {
        status = check_text(st->metadata[i].value, path);
        if (!status) status = put(metadata, st->metadata[i].key, json_string(st->metadata[i].value), path);
    }
    size_t begin = 0;
    for (size_t i = 0; i < st->n_tensors && !status; i++) {
        const kedge_st_tensor *tensor = &st->tensors[i];
        if (strcmp(tensor->name, metadata_key) == 0)
            return kedge_fail(KEDGE_EINVALID, "%s: no tensor can be named '%s'", path, metadata_key);
        status = put(root, tensor->name, describe(tensor, begin), path);
        begin += tensor_bytes(tensor);
    }
    return status;
}

static int add_bytes(const char *bytes, size_t length, void *payload)
{
    kedge_text *text = payload;
    kedge_text_add_bytes(text, bytes, length);
    return text->broken ? -1 : 0;
}

/* The header's JSON with the spaces that bring the data to a multiple of 64. */
static kedge_status make_header(kedge_text *text, const kedge_st *st, const char *path)
{
    json_t *root = json_object();
    kedge_status status = root ? fill_header(root, st, path) : kedge_fail(KEDGE_ENOMEM, "%s: out of memory", path);
    if (!status && json_dump_callback(root, add_bytes, text, JSON_COMPACT) != 0)
        status = kedge_fail(KEDGE_ENOMEM, "%s: out of memory for its header", path);
    json_decref(root);
    if (status) return status;
    while ((PREFIX + text->length) % ALIGN && !text->broken) kedge_text_add_bytes(text, " ", 1);
    if (text->length > KEDGE_ST_HEADER)
        return kedge_fail(KEDGE_EINVALID, "%s: names and metadata make a header of %zu bytes; at most %d are written",
                          path, text->length, KEDGE_ST_HEADER);
    return kedge_text_status(text, "a safetensors header");
}

kedge_status kedge_st_save(kedge_context *ctx, const kedge_st *st, const char *path)
{
    kedge_outfile file = {.fd = -1};
    kedge_text header;
    kedge_text_init(&header, ctx);
    kedge_status status = make_header(&header, st, path);
    if (status) goto done;
    status = kedge_outfile_open(&file, ctx, path);
    if (status) goto done;
    uint64_t size = header.length;
    kedge_outfile_write(&file, &size, sizeof size);
    kedge_outfile_write(&file, header.bytes, header.length);
    for (size_t i = 0; i < st->n_tensors; i++)
        kedge_outfile_write(&file, st->tensors[i].values, tensor_bytes(&st->tensors[i]));
    status = kedge_outfile_commit(&file);
done:
    kedge_text_release(&header);
    return status;
}

const char *kedge_st_get(const kedge_st *st, const char *key)
{
    for (size_t i = 0; i < st->n_metadata; i++)
        if (strcmp(st->metadata[i].key, key) == 0) return st->metadata[i].value;
    return NULL;
}

const kedge_st_tensor *kedge_st_find(const kedge_st *st, const char *name)
{
    for (size_t i = 0; i < st->n_tensors; i++)
        if (strcmp(st->tensors[i].name, name) == 0) return &st->tensors[i];
    return NULL;
}
