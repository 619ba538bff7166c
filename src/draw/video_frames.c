/* video_frames.c - a folder of PNG frames, where there is no codec, or for other programs. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "draw/png.h"
#include "draw/video_kind.h"

/* Frames go to a folder beside the one that is asked for, which commit renames. */
typedef struct folder {
    kedge_context *ctx;
    kedge_encoder_options options;
    char *path, *temporary;
    bool made;
    int frames;
    kedge_text bytes; /* of a frame's file */
} folder;

static void folder_free(folder *self)
{
    if (self->made) (void)kedge_remove_tree(self->temporary);
    kedge_text_release(&self->bytes);
    kedge_release(self->ctx, self->path);
    kedge_release(self->ctx, self->temporary);
    kedge_release(self->ctx, self);
}

/* That commit will be able to put the folder there: in the place of nothing, or of an empty folder. */
static kedge_status check_place(const char *path)
{
    static const char free_place[] = "give a new or an empty folder";
    struct stat found;
    bool any = false;
    if (lstat(path, &found) != 0) return KEDGE_OK; /* what stands in its way otherwise shows when it is made */
    if (!S_ISDIR(found.st_mode)) return kedge_fail(KEDGE_EEXISTS, "%s: is a file or link; %s", path, free_place);
    DIR *directory = opendir(path);
    if (!directory) return kedge_fail(KEDGE_EIO, "%s: cannot open: %s", path, strerror(errno));
    for (struct dirent *entry; !any && (entry = readdir(directory));)
        any = strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(directory);
    return any ? kedge_fail(KEDGE_EEXISTS, "%s: holds something already; %s", path, free_place) : KEDGE_OK;
}

static kedge_status folder_begin(folder *self, const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') length--;
    self->path = kedge_alloc(self->ctx, length + 1, 1);
    self->temporary = kedge_alloc(self->ctx, length + 32, 1);
    if (!self->path || !self->temporary) return kedge_fail_memory("frames");
    snprintf(self->path, length + 1, "%s", path);
    snprintf(self->temporary, length + 32, "%s.tmp-%ld", self->path, (long)getpid());
    kedge_status status = check_place(self->path);
    if (status) return status;
    status = kedge_make_directory(self->temporary);
    self->made = status == KEDGE_OK;
    return status;
}

static kedge_status folder_open(void **state, kedge_context *ctx, const char *path,
                                const kedge_encoder_options *options)
{
    folder *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("frames");
    self->ctx = ctx;
    self->options = *options;
    kedge_text_init(&self->bytes, ctx);
    kedge_status status = folder_begin(self, path);
    if (status) folder_free(self);
    else *state = self;
    return status;
}

static kedge_status folder_frame(void *state, uint32_t *pixels)
{
    folder *self = state;
    char name[32];
    int width = self->options.width, height = self->options.height;
    kedge_text_clear(&self->bytes);
    kedge_status status =
        kedge_png_add(&self->bytes, width, height, 4 * (size_t)width, (const unsigned char *)pixels, NULL, NULL);
    if (status) return status;
    snprintf(name, sizeof name, "frame-%05d.png", ++self->frames);
    char *path = kedge_path_join(self->ctx, self->temporary, name);
    if (!path) return kedge_fail_memory("a frame");
    status = kedge_file_write(self->ctx, path, self->bytes.bytes, self->bytes.length);
    kedge_release(self->ctx, path);
    return status;
}

static kedge_status folder_commit(void *state)
{
    folder *self = state;
    kedge_status status = KEDGE_OK;
    if (rename(self->temporary, self->path) == 0) self->made = false; /* in the place of an empty one too */
    else status = kedge_fail(KEDGE_EIO, "%s: cannot put the frames there: %s", self->path, strerror(errno));
    folder_free(self);
    return status;
}

static void folder_abort(void *state)
{
    folder_free(state);
}

const kedge_encoder_kind kedge_encoder_frames = {
    .open = folder_open, .frame = folder_frame, .commit = folder_commit, .abort = folder_abort};
