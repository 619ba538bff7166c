/* video_encoder.c - frames from the thread that draws to the thread that encodes. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "base/file.h"
#include "draw/video_kind.h"

enum { RING = 3 }; /* one is drawn, one is encoded, one makes up for those that take longer */

struct kedge_encoder {
    kedge_context *ctx;
    const kedge_encoder_kind *kind;
    void *state;
    uint32_t *ring[RING];
    long begun, done; /* frames handed over, frames encoded */
    bool threaded;    /* else the caller's thread encodes */
    bool ending;      /* no frames will come */
    pthread_t thread;
    pthread_mutex_t lock; /* over the counts, 'ending' and what follows */
    pthread_cond_t changed;
    kedge_status status; /* of the first frame that failed, with its message: the other thread's is its own */
    char message[1024];
};

static const kedge_encoder_kind *const kinds[] = {&kedge_encoder_mp4, &kedge_encoder_webm};

static const kedge_encoder_kind *kind_of(const char *path)
{
    size_t length = strlen(path);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (dot && dot != name && strcasecmp(dot, kinds[i]->suffix) == 0) return kinds[i];
    bool folder = length > 0 && (path[length - 1] == '/' || kedge_is_directory(path));
    return folder ? &kedge_encoder_frames : NULL;
}

/* ---- the thread that encodes */

static void encode(kedge_encoder *self)
{
    kedge_status status = self->kind->frame(self->state, self->ring[self->done % RING]);
    pthread_mutex_lock(&self->lock);
    if (status) {
        self->status = status;
        snprintf(self->message, sizeof self->message, "%s", kedge_error());
    }
    self->done++;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
}

static void *work(void *payload)
{
    kedge_encoder *self = payload;
    for (;;) {
        pthread_mutex_lock(&self->lock);
        while (self->done == self->begun && !self->ending) pthread_cond_wait(&self->changed, &self->lock);
        bool more = self->done < self->begun && !self->status;
        pthread_mutex_unlock(&self->lock);
        if (!more) return NULL;
        encode(self);
    }
}

/* ---- the thread that draws */

static void encoder_free(kedge_encoder *self)
{
    for (int i = 0; i < RING; i++) kedge_release(self->ctx, self->ring[i]);
    pthread_cond_destroy(&self->changed);
    pthread_mutex_destroy(&self->lock);
    kedge_release(self->ctx, self);
}

kedge_status kedge_encoder_check(const char *path, const kedge_encoder_options *options)
{
    const int sides[2] = {options->width, options->height};
    for (int i = 0; i < 2; i++)
        if (sides[i] < KEDGE_VIDEO_SIDE_MIN || sides[i] > KEDGE_VIDEO_SIDE_MAX || sides[i] % 2 != 0)
            return kedge_fail(KEDGE_EINVALID, "%s: %d x %d pixels make no video; both sides are even, %d to %d", path,
                              options->width, options->height, KEDGE_VIDEO_SIDE_MIN, KEDGE_VIDEO_SIDE_MAX);
    if (options->fps < 1 || options->fps > KEDGE_VIDEO_FPS_MAX)
        return kedge_fail(KEDGE_EINVALID, "%s: %d frames a second make no video; there are 1 to %d", path, options->fps,
                          KEDGE_VIDEO_FPS_MAX);
    if (options->quality < 0 || options->quality > 100)
        return kedge_fail(KEDGE_EINVALID, "%s: no quality %d; there are 0 to 100", path, options->quality);
    const kedge_encoder_kind *kind = kind_of(path);
    if (!kind)
        return kedge_fail(KEDGE_EINVALID,
                          "%s: not the name of a video; it ends in .mp4 or .webm, or in / for a folder of frames",
                          path);
    return kind->ready ? kind->ready() : KEDGE_OK;
}

kedge_status kedge_encoder_open(kedge_encoder **out, kedge_context *ctx, const char *path,
                                const kedge_encoder_options *options)
{
    kedge_status status = kedge_encoder_check(path, options);
    if (status) return status;
    kedge_encoder *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a video");
    self->ctx = ctx;
    self->kind = kind_of(path);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->changed, NULL);
    for (int i = 0; i < RING && !status; i++) {
        self->ring[i] = kedge_alloc(ctx, (size_t)options->width * (size_t)options->height, sizeof *self->ring[i]);
        if (!self->ring[i]) status = kedge_fail_memory("a video's frames");
    }
    if (!status) status = self->kind->open(&self->state, ctx, path, options);
    if (status) {
        encoder_free(self);
        return status;
    }
    self->threaded = kedge_context_threads(ctx) > 1 && pthread_create(&self->thread, NULL, work, self) == 0;
    *out = self;
    return KEDGE_OK;
}

kedge_status kedge_encoder_begin(kedge_encoder *self, uint32_t **pixels)
{
    pthread_mutex_lock(&self->lock);
    while (self->begun - self->done == RING && !self->status) pthread_cond_wait(&self->changed, &self->lock);
    kedge_status status = self->status;
    pthread_mutex_unlock(&self->lock);
    if (status) return kedge_fail(status, "%s", self->message);
    *pixels = self->ring[self->begun % RING];
    return KEDGE_OK;
}

void kedge_encoder_end(kedge_encoder *self)
{
    pthread_mutex_lock(&self->lock);
    self->begun++;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    if (!self->threaded) encode(self);
}

/* The thread does what has been handed over, unless a frame fails. */
static void finish(kedge_encoder *self)
{
    pthread_mutex_lock(&self->lock);
    self->ending = true;
    pthread_cond_signal(&self->changed);
    pthread_mutex_unlock(&self->lock);
    if (self->threaded) pthread_join(self->thread, NULL);
}

kedge_status kedge_encoder_commit(kedge_encoder *self)
{
    finish(self);
    kedge_status status = self->status;
    if (status) {
        kedge_fail(status, "%s", self->message);
        self->kind->abort(self->state);
    } else {
        status = self->kind->commit(self->state);
    }
    encoder_free(self);
    return status;
}

void kedge_encoder_abort(kedge_encoder *self)
{
    if (!self) return;
    finish(self);
    self->kind->abort(self->state);
    encoder_free(self);
}
