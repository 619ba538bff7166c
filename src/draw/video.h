/* video.h - videos, frame by frame: one thread draws while another encodes. */
#ifndef DRAW_VIDEO_H
#define DRAW_VIDEO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/context.h"

enum { KEDGE_VIDEO_SIDE_MIN = 64, KEDGE_VIDEO_SIDE_MAX = 7680, KEDGE_VIDEO_FPS_MAX = 240 };

typedef struct kedge_encoder_options {
    int width, height; /* pixels, both even */
    int fps;           /* frames a second */
    int quality;       /* 0 to 100: the smallest file, the best picture */
    const char *title; /* for the file's metadata; NULL: none */
} kedge_encoder_options;

/* A video that is being written; for one thread at a time. Where the context has more than one, frames are encoded in
 * another. */
typedef struct kedge_encoder kedge_encoder;

/* Whether such a video can be begun at 'path', as far as can be said before: .mp4 (H.264), .webm (VP9), in any case of
 * letters, or a folder, which is there or ends in '/' (frames, frame-00001.png and so on). KEDGE_EINVALID: another
 * name, a size, rate or quality out of range; KEDGE_EUNSUPPORTED: this build or machine has no codecs, with what is
 * missing (frames can always be written). */
kedge_status kedge_encoder_check(const char *path, const kedge_encoder_options *options);

/* Begins a video at 'path'; nothing is there before commit. The same frames give the same bytes: the number of the
 * codec's threads is fixed, and no date is written. As kedge_encoder_check;
 * KEDGE_EEXISTS: the folder holds something or is none; KEDGE_EIO, KEDGE_ENOMEM. */
kedge_status kedge_encoder_open(kedge_encoder **out, kedge_context *ctx, const char *path,
                                const kedge_encoder_options *options);
/* The next frame's pixels, [height][width], 0xrrggbb, for the caller to fill wholly; what was in them is undefined.
 * Waits where encoding is behind. Fails with the status of the frame that could not be encoded. */
kedge_status kedge_encoder_begin(kedge_encoder *encoder, uint32_t **pixels);
/* Hands that frame over. */
void kedge_encoder_end(kedge_encoder *encoder);
/* Waits for all frames, ends the file and puts it in place. Frees the encoder either way. */
kedge_status kedge_encoder_commit(kedge_encoder *encoder);
/* Leaves nothing behind. Frees the encoder; NULL is fine. */
void kedge_encoder_abort(kedge_encoder *encoder);

/* KEDGE_OK where .mp4 and .webm can be written, else KEDGE_EUNSUPPORTED with what is missing. Loads FFmpeg's libraries
 * (they take 0.1 s the first time) and silences their log, which would go to standard error. */
kedge_status kedge_video_load(void);

#endif
