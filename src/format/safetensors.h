/* safetensors.h - named float32 tensors with text metadata: u64 length, JSON header, raw data. */
#ifndef FORMAT_SAFETENSORS_H
#define FORMAT_SAFETENSORS_H

#include "base/arena.h"
#include "base/file.h"

typedef struct kedge_st_tensor {
    const char *name;
    int dims;           /* 0 to 4 */
    size_t shape[4];
    const float *values; /* C order */
} kedge_st_tensor;

typedef struct kedge_st_pair {
    const char *key, *value;
} kedge_st_pair;

typedef struct kedge_st {
    size_t n_tensors, n_metadata;
    kedge_st_tensor *tensors;
    kedge_st_pair *metadata;
} kedge_st;

enum { KEDGE_ST_HEADER = 16 << 20 }; /* largest header that is read, bytes */

/* Reads a file whole into 'arena'. Every length is checked against the file: header longer than the file,
 * offsets that overlap, run past the end or leave holes, shapes that do not match their bytes, a type other
 * than F32, duplicate names, names or metadata that are not text. Tensors come in the order of their offsets,
 * values are copied to 64-byte aligned memory. KEDGE_EIO, KEDGE_EFORMAT, KEDGE_ENOMEM; messages begin with
 * the path. */
kedge_status kedge_st_load(kedge_st *out, kedge_arena *arena, const char *path, size_t max);
kedge_status kedge_st_parse(kedge_st *out, kedge_arena *arena, const char *name, const void *bytes, size_t length);

/* Writes the tensors in the given order (atomically, see file.h); the header is padded with spaces so that the
 * data starts at a multiple of 64. Same input, same bytes. */
kedge_status kedge_st_save(kedge_context *ctx, const kedge_st *st, const char *path);

/* The metadata value under 'key', or NULL; the tensor named so, or NULL. */
const char *kedge_st_get(const kedge_st *st, const char *key);
const kedge_st_tensor *kedge_st_find(const kedge_st *st, const char *name);

#endif
