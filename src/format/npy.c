/* npy.c - NumPy's array files. */
#include "format/npy.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "format/utf8.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they lie in the file");

static const char magic[6] = {'\x93', 'N', 'U', 'M', 'P', 'Y'};
enum { PREFIX = 8, MAX_DIMS = 4 };

/* The numbers that are read: code as in the header, behind '<' or '|'. */
static double read_f4(const void *at) { float v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_f8(const void *at) { double v; memcpy(&v, at, sizeof v); return v; }
static double read_i1(const void *at) { int8_t v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_i2(const void *at) { int16_t v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_i4(const void *at) { int32_t v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_i8(const void *at) { int64_t v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_u1(const void *at) { uint8_t v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_u2(const void *at) { uint16_t v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_u4(const void *at) { uint32_t v; memcpy(&v, at, sizeof v); return (double)v; }
static double read_u8(const void *at) { uint64_t v; memcpy(&v, at, sizeof v); return (double)v; }

typedef struct number_type {
    char code[3];
    size_t size;
    double (*read)(const void *at);
} number_type;

static const number_type number_types[] = {
    {"f4", 4, read_f4}, {"f8", 8, read_f8}, {"i1", 1, read_i1}, {"i2", 2, read_i2}, {"i4", 4, read_i4},
    {"i8", 8, read_i8}, {"u1", 1, read_u1}, {"u2", 2, read_u2}, {"u4", 4, read_u4}, {"u8", 8, read_u8},
};

/* The header is a Python dict literal; of Python only what NumPy writes there is understood. */
typedef struct header {
    const char *name;      /* of the file, for messages */
    const char *at, *end;
    const number_type *type;
    bool fortran;
    int dims;
    uint64_t shape[MAX_DIMS];
} header;

static kedge_status wrong(const header *self, const char *what)
{
    return kedge_fail(KEDGE_EFORMAT, "%s: %s", self->name, what);
}

static void skip_spaces(header *self)
{
    while (self->at < self->end && (*self->at == ' ' || *self->at == '\n')) self->at++;
}

static bool take(header *self, char c)
{
    skip_spaces(self);
    if (self->at == self->end || *self->at != c) return false;
    self->at++;
    return true;
}

static bool take_word(header *self, const char *word)
{
    size_t length = strlen(word);
    skip_spaces(self);
    if ((size_t)(self->end - self->at) < length || memcmp(self->at, word, length) != 0) return false;
    self->at += length;
    return true;
}

/* A string in single or double quotes, without escapes. */
static bool take_string(header *self, char *out, size_t size)
{
    skip_spaces(self);
    if (self->at == self->end || (*self->at != '\'' && *self->at != '"')) return false;
    char quote = *self->at++;
    size_t used = 0;
    for (; self->at < self->end && *self->at != quote; self->at++) {
        if (*self->at == '\\' || used + 1 == size) return false;
        out[used++] = *self->at;
    }
    out[used] = '\0';
    return take(self, quote);
}

static kedge_status parse_type(header *self)
{
    char code[32];
    if (!take_string(self, code, sizeof code)) return wrong(self, "'descr' in the header is not a plain type");
    if (code[0] == '>') return kedge_fail(KEDGE_EFORMAT, "%s: type '%s' is big-endian; save it little-endian",
                                          self->name, kedge_clip_text(code).text);
    if (code[0] == '<' || code[0] == '|')
        for (size_t i = 0; i < sizeof number_types / sizeof *number_types; i++)
            if (strcmp(code + 1, number_types[i].code) == 0) self->type = &number_types[i];
    if (self->type) return KEDGE_OK;
    return kedge_fail(KEDGE_EFORMAT, "%s: type '%s' is not read; save float32, float64 or integers", self->name,
                      kedge_clip_text(code).text);
}

static kedge_status parse_shape(header *self)
{
    if (!take(self, '(')) return wrong(self, "'shape' in the header is not a tuple of whole numbers");
    while (!take(self, ')')) {
        uint64_t size = 0;
        const char *start = self->at;
        for (; self->at < self->end && *self->at >= '0' && *self->at <= '9'; self->at++) {
            if (size > (UINT64_MAX - 9) / 10) return wrong(self, "'shape' in the header has a size past 64 bits");
            size = size * 10 + (uint64_t)(*self->at - '0');
        }
        if (self->at == start) return wrong(self, "'shape' in the header is not a tuple of whole numbers");
        if (self->dims == MAX_DIMS) return wrong(self, "more than 4 dims; at most 4 are read");
        self->shape[self->dims++] = size;
        if (take(self, ',')) {
            skip_spaces(self);
            continue;
        }
        if (self->dims == 1 || !take(self, ')')) /* (3) is a number to Python, not a tuple */
            return wrong(self, "'shape' in the header is not a tuple of whole numbers");
        break;
    }
    if (self->dims == 0) return wrong(self, "the array is a single number; 1 to 4 dims are read");
    return KEDGE_OK;
}

static kedge_status parse_order(header *self)
{
    if (take_word(self, "False")) return KEDGE_OK;
    self->fortran = true;
    return take_word(self, "True") ? KEDGE_OK : wrong(self, "'fortran_order' in the header is not True or False");
}

static kedge_status parse_dict(header *self)
{
    static const struct {
        const char *key;
        kedge_status (*parse)(header *self);
    } entries[] = {{"descr", parse_type}, {"fortran_order", parse_order}, {"shape", parse_shape}};
    unsigned seen = 0;
    if (!take(self, '{')) return wrong(self, "the header is not a dict");
    while (!take(self, '}')) {
        char key[32];
        size_t i = 0, n = sizeof entries / sizeof *entries;
        if (!take_string(self, key, sizeof key) || !take(self, ':'))
            return wrong(self, "the header is not a dict of 'descr', 'fortran_order' and 'shape'");
        while (i < n && strcmp(key, entries[i].key) != 0) i++;
        if (i == n)
            return kedge_fail(KEDGE_EFORMAT,
                              "%s: unknown key '%s' in the header; it has 'descr', 'fortran_order' and 'shape'",
                              self->name, kedge_clip_text(key).text);
        if (seen & 1u << i)
            return kedge_fail(KEDGE_EFORMAT, "%s: '%s' is in the header twice", self->name, entries[i].key);
        seen |= 1u << i;
        kedge_status status = entries[i].parse(self);
        if (status) return status;
        if (take(self, ',')) continue;
        if (take(self, '}')) break;
        return wrong(self, "the header is not a dict of 'descr', 'fortran_order' and 'shape'");
    }
    skip_spaces(self);
    if (self->at != self->end) return wrong(self, "text after the header's closing brace");
    if (seen != 7) return wrong(self, "the header lacks one of 'descr', 'fortran_order' and 'shape'");
    return KEDGE_OK;
}

/* Finds the header's text between the prefix and the data, which begins at the returned offset. */
static kedge_status find_header(header *self, const unsigned char *bytes, size_t length, size_t *data)
{
    if (length < PREFIX + 2 || memcmp(bytes, magic, sizeof magic) != 0)
        return wrong(self, "not a NumPy array file: it does not begin with '\\x93NUMPY'");
    if (bytes[6] < 1 || bytes[6] > 3 || bytes[7] != 0)
        return kedge_fail(KEDGE_EFORMAT, "%s: version %d.%d of the format; versions 1.0, 2.0 and 3.0 are read",
                          self->name, bytes[6], bytes[7]);
    size_t start = bytes[6] == 1 ? PREFIX + 2 : PREFIX + 4, size = bytes[8] | (size_t)bytes[9] << 8;
    if (length < start) return wrong(self, "the file ends inside its header");
    if (bytes[6] != 1) size |= (size_t)bytes[10] << 16 | (size_t)bytes[11] << 24;
    if (size > length - start)
        return kedge_fail(KEDGE_EFORMAT, "%s: the header needs %zu bytes, the file has %zu", self->name, size,
                          length - start);
    self->at = (const char *)bytes + start;
    self->end = self->at + size;
    *data = start + size;
    return KEDGE_OK;
}

/* Number of values, if the file has just as many. */
static kedge_status count_values(const header *self, size_t have, size_t *count)
{
    uint64_t n = 1;
    for (int i = 0; i < self->dims; i++) {
        if (self->shape[i] == 0) return wrong(self, "the shape has a 0: there are no values");
        if (n > SIZE_MAX / 8 / self->shape[i])
            return kedge_fail(KEDGE_EFORMAT, "%s: the shape needs more bytes than can be counted, the file has %zu",
                              self->name, have);
        n *= self->shape[i];
    }
    if (n * self->type->size != have)
        return kedge_fail(KEDGE_EFORMAT, "%s: the shape needs %" PRIu64 " bytes, the file has %zu", self->name,
                          n * self->type->size, have);
    *count = (size_t)n;
    return KEDGE_OK;
}

/* Copies to C order; returns the place of the first value that is not finite, or 'count'. */
static size_t convert(const header *self, const char *data, size_t count, double *values)
{
    size_t step[MAX_DIMS], index[MAX_DIMS] = {0}, stride = 1;
    for (int k = 0; k < self->dims; k++) {
        int dim = self->fortran ? k : self->dims - 1 - k; /* from the dim whose neighbours are closest */
        step[dim] = stride;
        stride *= (size_t)self->shape[dim];
    }
    size_t from = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = self->type->read(data + from * self->type->size);
        if (!isfinite(values[i])) return i;
        for (int dim = self->dims - 1; dim >= 0; dim--) {
            from += step[dim];
            if (++index[dim] < self->shape[dim]) break;
            from -= step[dim] * (size_t)self->shape[dim];
            index[dim] = 0;
        }
    }
    return count;
}

static kedge_status not_finite(const header *self, size_t at, double value)
{
    char place[96];
    size_t used = 0, index[MAX_DIMS];
    for (int dim = self->dims - 1; dim >= 0; dim--) {
        index[dim] = at % (size_t)self->shape[dim];
        at /= (size_t)self->shape[dim];
    }
    for (int dim = 0; dim < self->dims; dim++)
        used += (size_t)snprintf(place + used, sizeof place - used, "%s%zu", dim ? ", " : "", index[dim]);
    return kedge_fail(KEDGE_EFORMAT, "%s: value [%s] is %s; every value must be finite", self->name, place,
                      isnan(value) ? "nan" : "infinite");
}

kedge_status kedge_npy_parse(kedge_npy *out, kedge_arena *arena, const char *name, const void *bytes, size_t length)
{
    header self = {.name = name};
    size_t data = 0, count = 0;
    kedge_status status = find_header(&self, bytes, length, &data);
    if (!status) status = parse_dict(&self);
    if (!status) status = count_values(&self, length - data, &count);
    if (status) return status;
    double *values = kedge_arena_alloc(arena, count, sizeof *values);
    if (!values) return kedge_fail(KEDGE_ENOMEM, "%s: out of memory for %zu values", name, count);
    size_t good = convert(&self, (const char *)bytes + data, count, values);
    if (good < count) return not_finite(&self, good, values[good]);
    *out = (kedge_npy){.dims = self.dims, .values = values};
    for (int i = 0; i < self.dims; i++) out->shape[i] = (size_t)self.shape[i];
    return KEDGE_OK;
}

kedge_status kedge_npy_load(kedge_npy *out, kedge_arena *arena, const char *path, size_t max)
{
    char *bytes = NULL;
    size_t length = 0;
    kedge_status status = kedge_file_read(arena->ctx, path, max, &bytes, &length);
    if (!status) status = kedge_npy_parse(out, arena, path, bytes, length);
    kedge_release(arena->ctx, bytes);
    return status;
}

void kedge_npy_header(char *out, const char *type, int dims, const size_t *shape)
{
    enum { START = PREFIX + 2 };
    size_t room = KEDGE_NPY_HEADER + 1, used = START; /* 4 sizes of 20 digits fit */
    char text[KEDGE_NPY_HEADER + 1];
    memcpy(text, magic, sizeof magic);
    text[6] = 1;
    text[7] = 0;
    used += (size_t)snprintf(text + used, room - used, "{'descr': '<%s', 'fortran_order': False, 'shape': (", type);
    for (int i = 0; i < dims; i++)
        used += (size_t)snprintf(text + used, room - used, i ? " %zu," : "%zu,", shape[i]);
    if (dims > 1) used--; /* only a tuple of one needs its comma */
    used += (size_t)snprintf(text + used, room - used, "), }");
    memset(text + used, ' ', KEDGE_NPY_HEADER - used);
    text[KEDGE_NPY_HEADER - 1] = '\n';
    text[8] = (char)((KEDGE_NPY_HEADER - START) & 0xFF);
    text[9] = (char)((KEDGE_NPY_HEADER - START) >> 8);
    memcpy(out, text, KEDGE_NPY_HEADER);
}

void kedge_npy_write_header(kedge_outfile *file, const char *type, int dims, const size_t *shape)
{
    char bytes[KEDGE_NPY_HEADER];
    kedge_npy_header(bytes, type, dims, shape);
    kedge_outfile_write(file, bytes, sizeof bytes);
}
