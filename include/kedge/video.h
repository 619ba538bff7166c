/* video.h - videos of training: the latent space as it takes shape. */
#ifndef KEDGE_VIDEO_H
#define KEDGE_VIDEO_H

#include "kedge/context.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct kedge_video_options {
    const char *title;     /* NULL: the recipe's */
    int dark;              /* light lines on a dark ground */
    long long seed;        /* of a run directory or recipe; -1: the lowest */
    const int (*pairs)[2]; /* [n_pairs] axis pairs, across and up, at most 36; n_pairs 0: all pairs of the first four */
    int n_pairs;
    int width, height;     /* pixels, both even, 64 to 7680; 0: 1280 x 720 */
    int frames;            /* in all, 2 to 99999; 0: 600 */
    int fps;               /* frames a second, 1 to 240; 0: 30 */
    int quality;           /* 0 to 100: the smallest file, the best picture */
    /* Called for each frame from the thread that called kedge_video. May be NULL. */
    void (*progress)(long long done, long long total, void *payload);
    void *progress_payload;
    const volatile int *stop; /* set it to non-zero (from a signal handler, say) to end early; may be NULL */
} kedge_video_options;

#define KEDGE_VIDEO_OPTIONS_INIT {.seed = -1, .quality = 75}

/* Trains the run of 'input' (a run directory, a model file or a recipe) once more and shows how it went: the latents
 * along pairs of axes, schedule and losses with a moving cursor. Frames are not evenly spaced in steps: with t from 0
 * to 1 over the video, the step is (e^kt - 1) / (e^k - 1) of all, k = 2.5, so that the first steps, in which most
 * happens, get 4.5 times as many frames as the mean, and the last 0.37 times. First and last frame stand for half a
 * second. A frame shows the mean of the latents over the steps from halfway to the frame before to halfway to the one
 * after (put back to unit length where they have it), with points blurred along half of their way to the next frame:
 * points jitter from update to update, and a choice of single steps would flicker.
 *
 * 'path' ends in .mp4 (H.264), .webm (VP9), or is a folder, which is there and empty or ends in '/': then it gets
 * frame-00001.png and so on, which needs no codec. Whole or not at all. The same input and kernels give the same bytes,
 * with any number of threads. Memory does not grow with the number of frames. 'options' may be NULL.
 * KEDGE_EUNSUPPORTED: this build or machine has no codec for it, or cannot set text, with what is missing;
 * KEDGE_ECANCELLED: stopped, nothing is written; KEDGE_EINVALID, KEDGE_ENUMERIC, KEDGE_EEXISTS (the folder holds
 * something, or is none), KEDGE_EIO, KEDGE_EFORMAT, KEDGE_ENOMEM. */
KEDGE_API kedge_status kedge_video(kedge_context *context, const char *input, const kedge_video_options *options,
                                   const char *path);

/* 1 where this build and machine can write .mp4 and .webm, else 0; then kedge_error() says what is missing. */
KEDGE_API int kedge_video_supported(void);

#ifdef __cplusplus
}
#endif
#endif
