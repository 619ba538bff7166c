/* video_none.c - a build without FFmpeg's headers writes no .mp4 and no .webm. */
#include "base/error.h"
#include "draw/video_kind.h"

kedge_status kedge_video_load(void)
{
    return kedge_fail(KEDGE_EUNSUPPORTED, "this build of kedge has no video codecs; write a folder of frames, or "
                                          "build it with FFmpeg's headers (-Dvideo=enabled)");
}

const kedge_encoder_kind kedge_encoder_mp4 = {.suffix = ".mp4", .ready = kedge_video_load};
const kedge_encoder_kind kedge_encoder_webm = {.suffix = ".webm", .ready = kedge_video_load};
