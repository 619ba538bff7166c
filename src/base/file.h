/* file.h - whole files in, and files out that are there entirely or not at all. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/context.h"

/* Reads a regular file whole into *bytes (the caller releases it with kedge_release; a 0 follows the last
 * byte). KEDGE_EIO: missing, a directory, not readable; KEDGE_EFORMAT: more than 'max' bytes. The message
 * begins with the path. */
kedge_status kedge_file_read(kedge_context *ctx, const char *path, size_t max, char **bytes, size_t *length);

/* A file that is being written: bytes go to a temporary file beside 'path', which commit renames. */
typedef struct kedge_outfile {
    kedge_context *ctx;
    char *path, *temporary;
    int fd;
    bool closed; /* whole, under the temporary name */
    size_t used;
    char *buffer;
    kedge_status status; /* of the first failed write; later writes do nothing */
    int error;           /* its errno */
} kedge_outfile;

kedge_status kedge_outfile_open(kedge_outfile *file, kedge_context *ctx, const char *path);
/* Errors are kept and come out at commit. */
void kedge_outfile_write(kedge_outfile *file, const void *bytes, size_t length);
/* Overwrites bytes that were written before, at 'offset' from the start (a header that is known only at the end). */
void kedge_outfile_patch(kedge_outfile *file, size_t offset, const void *bytes, size_t length);
/* Writes out what is left and closes, so that a disk that is full shows before another file is put in place; commit
 * does it too. KEDGE_EIO: the temporary file is removed, and commit must not follow. */
kedge_status kedge_outfile_close(kedge_outfile *file);
/* Puts the file in place, or removes the temporary one and says why (KEDGE_EIO). Closes either way. */
kedge_status kedge_outfile_commit(kedge_outfile *file);
/* Removes the temporary file. Does nothing after commit, a close that failed, or on a cleared struct. */
void kedge_outfile_abort(kedge_outfile *file);

/* Open, write, commit. */
kedge_status kedge_file_write(kedge_context *ctx, const char *path, const void *bytes, size_t length);

/* Makes a directory and its parents; fine if it is there. */
kedge_status kedge_make_directory(const char *path);
bool kedge_is_directory(const char *path);
bool kedge_is_file(const char *path);
/* Removes a folder with all that is in it; fine if it is not there. */
kedge_status kedge_remove_tree(const char *path);

/* The path of 'name' as seen from the folder that holds 'base' ('name' itself if absolute), and of 'name'
 * inside 'folder'. In a new block that the caller releases, or NULL without memory. */
char *kedge_path_beside(kedge_context *ctx, const char *base, const char *name);
char *kedge_path_join(kedge_context *ctx, const char *folder, const char *name);

#endif
