/* draw_test.h - what the tests of figures share: a folder of their own, files and pixels. */
#ifndef DRAW_TEST_H
#define DRAW_TEST_H

#include "unit.h"

#include <cairo.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

typedef struct folder {
    char path[64];
    char file[128]; /* of the last in_folder */
    kedge_context *ctx;
} folder;

static inline int folder_setup(void **state)
{
    folder *f = calloc(1, sizeof *f);
    if (!f) return -1;
    snprintf(f->path, sizeof f->path, "/tmp/kedge-draw-XXXXXX");
    *state = f;
    return mkdtemp(f->path) && kedge_context_create(&f->ctx, NULL) == KEDGE_OK ? 0 : -1;
}

static inline int folder_teardown(void **state)
{
    folder *f = *state;
    kedge_status status = kedge_remove_tree(f->path);
    kedge_context_free(f->ctx);
    free(f);
    return status;
}

/* A test with a fresh folder. */
#define in_fresh_folder(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

static inline const char *in_folder(folder *f, const char *name)
{
    snprintf(f->file, sizeof f->file, "%s/%s", f->path, name);
    return f->file;
}

/* Files in the folder, temporary ones too. */
static inline int files_in(const folder *f)
{
    DIR *directory = opendir(f->path);
    int n = 0;
    if (!directory) return -1;
    for (struct dirent *entry; (entry = readdir(directory));) n += entry->d_name[0] != '.' || entry->d_name[1] > '.';
    closedir(directory);
    return n;
}

/* A whole file with a 0 behind it; the caller frees it. */
static inline char *bytes_of(folder *f, const char *name, size_t *length)
{
    char *bytes = NULL;
    assert_int_equal(kedge_file_read(f->ctx, in_folder(f, name), 1 << 28, &bytes, length), KEDGE_OK);
    return bytes;
}

static inline void assert_same_files(folder *f, const char *a, const char *b)
{
    size_t a_length, b_length;
    char *a_bytes = bytes_of(f, a, &a_length), *b_bytes = bytes_of(f, b, &b_length);
    assert_int_equal(a_length, b_length);
    assert_memory_equal(a_bytes, b_bytes, a_length);
    kedge_free(f->ctx, a_bytes);
    kedge_free(f->ctx, b_bytes);
}

/* Pixels of exactly this colour, 0xrrggbb, in an image. */
static inline int pixels_like(cairo_surface_t *image, unsigned colour)
{
    cairo_surface_flush(image);
    const unsigned char *data = cairo_image_surface_get_data(image);
    int n = 0, stride = cairo_image_surface_get_stride(image);
    for (int y = 0; y < cairo_image_surface_get_height(image); y++)
        for (int x = 0; x < cairo_image_surface_get_width(image); x++) {
            unsigned pixel;
            memcpy(&pixel, data + (size_t)y * (size_t)stride + 4 * (size_t)x, sizeof pixel);
            n += (pixel & 0xffffff) == colour;
        }
    return n;
}

#endif
