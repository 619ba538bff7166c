/* video_kind.h - kinds of video: what each does with a frame. */
#ifndef DRAW_VIDEO_KIND_H
#define DRAW_VIDEO_KIND_H

#include "draw/video.h"

typedef struct kedge_encoder_kind {
    const char *suffix; /* ".mp4"; NULL: a folder */
    kedge_status (*ready)(void); /* whether it can be written here; NULL: always */
    kedge_status (*open)(void **state, kedge_context *ctx, const char *path, const kedge_encoder_options *options);
    kedge_status (*frame)(void *state, uint32_t *pixels);
    kedge_status (*commit)(void *state); /* frees the state either way */
    void (*abort)(void *state);
} kedge_encoder_kind;

/* In video.c with FFmpeg's headers, in video_none.c without. */
extern const kedge_encoder_kind kedge_encoder_mp4, kedge_encoder_webm;
/* In video_frames.c. */
extern const kedge_encoder_kind kedge_encoder_frames;

/* Pixels [height][width] 0xrrggbb to planes of Y'CbCr 4:2:0 as ITU-R BT.709 has it, in limited range: Y' in 16 to 235,
 * Cb and Cr in 16 to 240. Chroma is sited as MPEG-2 does: with the even columns, between the rows. Both sides even.
 * strides: bytes from row to row of each plane. */
void kedge_video_planes(int width, int height, const uint32_t *restrict pixels, uint8_t *const planes[3],
                        const int strides[3]);

#endif
