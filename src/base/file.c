/* file.c - whole files in, and files out that are there entirely or not at all. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"

enum { BUFFER = 1 << 16 };

kedge_status kedge_file_read(kedge_context *ctx, const char *path, size_t max, char **bytes, size_t *length)
{
    kedge_status status = KEDGE_OK;
    char *block = NULL;
    size_t used = 0, capacity = 0;
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe without a writer must not hang */
    if (fd < 0) return kedge_fail(KEDGE_EIO, "%s: cannot open: %s", path, strerror(errno));
    if (fstat(fd, &info) != 0) {
        status = kedge_fail(KEDGE_EIO, "%s: cannot read: %s", path, strerror(errno));
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        status = kedge_fail(KEDGE_EIO, "%s: not a regular file but %s", path,
                            S_ISDIR(info.st_mode) ? "a directory" : "a special file");
        goto done;
    }
    if ((unsigned long long)info.st_size > max) {
        status = kedge_fail(KEDGE_EFORMAT, "%s: too large: %llu bytes; at most %zu are read", path,
                            (unsigned long long)info.st_size, max);
        goto done;
    }
    for (;;) {
        size_t want = used == 0 ? (size_t)info.st_size + 1 : BUFFER;
        char *grown = kedge_grow(ctx, block, used, &capacity, used + want + 1, 1);
        if (!grown) {
            status = kedge_fail(KEDGE_ENOMEM, "%s: out of memory for %zu bytes", path, used + want);
            goto done;
        }
        block = grown;
        ssize_t got = read(fd, block + used, want);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            status = kedge_fail(KEDGE_EIO, "%s: cannot read: %s", path, strerror(errno));
            goto done;
        }
        if (got == 0) break;
        used += (size_t)got;
        if (used > max) {
            status = kedge_fail(KEDGE_EFORMAT, "%s: too large: it grew past %zu bytes while being read", path, max);
            goto done;
        }
    }
    block[used] = '\0';
    *bytes = block;
    *length = used;
    block = NULL;
done:
    kedge_release(ctx, block);
    close(fd);
    return status;
}

kedge_status kedge_outfile_open(kedge_outfile *file, kedge_context *ctx, const char *path)
{
    *file = (kedge_outfile){.ctx = ctx, .fd = -1};
    size_t length = strlen(path);
    file->path = kedge_alloc(ctx, length + 1, 1);
    file->temporary = kedge_alloc(ctx, length + 32, 1);
    file->buffer = kedge_alloc(ctx, BUFFER, 1);
    if (!file->path || !file->temporary || !file->buffer) {
        kedge_outfile_abort(file);
        return kedge_fail(KEDGE_ENOMEM, "%s: out of memory", path);
    }
    memcpy(file->path, path, length + 1);
    /* The process number keeps two writers of one file apart; the last rename wins whole. */
    snprintf(file->temporary, length + 32, "%s.tmp-%ld", path, (long)getpid());
    struct stat info;
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) { /* renaming would take away a device */
        kedge_outfile_abort(file);
        return kedge_fail(KEDGE_EIO, "%s: cannot write: %s is in the way", path,
                          S_ISDIR(info.st_mode) ? "a directory" : "a special file");
    }
    file->fd = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file->fd < 0) {
        kedge_status status = kedge_fail(KEDGE_EIO, "%s: cannot write: %s", path, strerror(errno));
        kedge_outfile_abort(file);
        return status;
    }
    return KEDGE_OK;
}

static void write_out(kedge_outfile *file, const char *bytes, size_t length)
{
    while (length > 0 && file->status == KEDGE_OK) {
        ssize_t put = write(file->fd, bytes, length);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) {
            file->status = KEDGE_EIO;
            file->error = errno;
            return;
        }
        bytes += put;
        length -= (size_t)put;
    }
}

static void flush(kedge_outfile *file)
{
    write_out(file, file->buffer, file->used);
    file->used = 0;
}

void kedge_outfile_write(kedge_outfile *file, const void *bytes, size_t length)
{
    if (length == 0) return;
    if (file->used + length > BUFFER) flush(file);
    if (length > BUFFER) {
        write_out(file, bytes, length);
        return;
    }
    memcpy(file->buffer + file->used, bytes, length);
    file->used += length;
}

void kedge_outfile_patch(kedge_outfile *file, size_t offset, const void *bytes, size_t length)
{
    flush(file);
    if (file->status == KEDGE_OK && pwrite(file->fd, bytes, length, (off_t)offset) != (ssize_t)length) {
        file->status = KEDGE_EIO;
        file->error = errno;
    }
}

/* Gives the file up, with what went wrong. */
static kedge_status fail_write(kedge_outfile *file)
{
    kedge_status status = kedge_fail(file->status, "%s: cannot write: %s", file->path, strerror(file->error));
    kedge_outfile_abort(file);
    return status;
}

kedge_status kedge_outfile_close(kedge_outfile *file)
{
    flush(file);
    if (close(file->fd) != 0 && file->status == KEDGE_OK) {
        file->status = KEDGE_EIO;
        file->error = errno;
    }
    file->fd = -1;
    file->closed = true;
    return file->status == KEDGE_OK ? KEDGE_OK : fail_write(file);
}

kedge_status kedge_outfile_commit(kedge_outfile *file)
{
    kedge_status status = file->closed ? KEDGE_OK : kedge_outfile_close(file);
    if (status) return status;
    if (rename(file->temporary, file->path) != 0) {
        file->status = KEDGE_EIO;
        file->error = errno;
        return fail_write(file);
    }
    file->closed = false; /* there is no temporary file any more */
    kedge_outfile_abort(file);
    return KEDGE_OK;
}

void kedge_outfile_abort(kedge_outfile *file)
{
    if (!file->ctx) return;
    if (file->fd >= 0) close(file->fd);
    if (file->fd >= 0 || file->closed) unlink(file->temporary);
    kedge_release(file->ctx, file->path);
    kedge_release(file->ctx, file->temporary);
    kedge_release(file->ctx, file->buffer);
    *file = (kedge_outfile){.fd = -1};
}

kedge_status kedge_file_write(kedge_context *ctx, const char *path, const void *bytes, size_t length)
{
    kedge_outfile file;
    kedge_status status = kedge_outfile_open(&file, ctx, path);
    if (status) return status;
    kedge_outfile_write(&file, bytes, length);
    return kedge_outfile_commit(&file);
}

bool kedge_is_directory(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool kedge_is_file(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

kedge_status kedge_make_directory(const char *path)
{
    char part[4096];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return kedge_fail(KEDGE_EINVALID, "%s: a folder's path has 1 to %zu characters", path, sizeof part - 1);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0') continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST && !kedge_is_directory(part))
            return kedge_fail(KEDGE_EIO, "%s: cannot make the directory: %s", part, strerror(errno));
    }
    if (!kedge_is_directory(path)) return kedge_fail(KEDGE_EIO, "%s: in the way: not a directory", path);
    return KEDGE_OK;
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *place)
{
    (void)info, (void)kind, (void)place;
    return remove(path);
}

kedge_status kedge_remove_tree(const char *path)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0 && errno != ENOENT)
        return kedge_fail(KEDGE_EIO, "%s: cannot remove: %s", path, strerror(errno));
    return KEDGE_OK;
}

char *kedge_path_join(kedge_context *ctx, const char *folder, const char *name)
{
    size_t length = strlen(folder) + strlen(name) + 2;
    char *path = kedge_alloc(ctx, length, 1);
    const char *slash = folder[0] && folder[strlen(folder) - 1] != '/' ? "/" : "";
    if (path) snprintf(path, length, "%s%s%s", folder, slash, name);
    return path;
}

char *kedge_path_beside(kedge_context *ctx, const char *base, const char *name)
{
    const char *slash = name[0] == '/' ? NULL : strrchr(base, '/');
    size_t folder = slash ? (size_t)(slash - base) + 1 : 0;
    size_t length = folder + strlen(name) + 1;
    char *path = kedge_alloc(ctx, length, 1);
    if (path) snprintf(path, length, "%.*s%s", (int)folder, base, name);
    return path;
}
