/* npy.h - NumPy's array files. */
#ifndef FORMAT_NPY_H
#define FORMAT_NPY_H

#include "base/arena.h"
#include "base/file.h"

typedef struct kedge_npy {
    int dims;
    size_t shape[4];
    const double *values; /* C order whatever the file's order, converted to double */
} kedge_npy;

/* Reads versions 1, 2 and 3; float32, float64, and integers of 1 to 8 bytes, little-endian, C or Fortran order;
 * 1 to 4 dims. The header's size and the shape are checked against the file's length before anything is
 * allocated. There must be values (no size of 0), and all finite. Messages name file and what is wrong ("the shape
 * needs 800 bytes, the file has 792"). 'max' bounds the file's bytes. KEDGE_EIO, KEDGE_EFORMAT, KEDGE_ENOMEM. */
kedge_status kedge_npy_load(kedge_npy *out, kedge_arena *arena, const char *path, size_t max);
kedge_status kedge_npy_parse(kedge_npy *out, kedge_arena *arena, const char *name, const void *bytes, size_t length);

/* Writing version 1, little-endian, C order: first the header for 'shape' (1 to 4 dims), then the caller writes
 * product(shape) values (float32 for 'f4', int64 for 'i8') to the same file. Headers have one size whatever the
 * shape, so that one can be written again over the first when the number of rows is known. */
enum { KEDGE_NPY_HEADER = 192 };
void kedge_npy_header(char *header, const char *type, int dims, const size_t *shape);
void kedge_npy_write_header(kedge_outfile *file, const char *type, int dims, const size_t *shape);

#endif
