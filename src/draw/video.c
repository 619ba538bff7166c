/* video.c - .mp4 and .webm, with FFmpeg's libraries. They are not linked: they bring 130 others along, and Debian's are
 * under the GPL. */
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/shared.h"
#include "draw/video_kind.h"

#define FUNCTIONS(f)                                                                                                   \
    f(av_dict_free) f(av_dict_set) f(av_frame_alloc) f(av_frame_free) f(av_frame_get_buffer)                           \
    f(av_frame_make_writable) f(av_free) f(av_interleaved_write_frame) f(av_log_set_level) f(av_malloc)                \
    f(av_packet_alloc) f(av_packet_free) f(av_packet_rescale_ts) f(av_strdup) f(av_strerror) f(av_write_trailer)       \
    f(avcodec_alloc_context3) f(avcodec_find_encoder_by_name) f(avcodec_free_context) f(avcodec_open2)                 \
    f(avcodec_parameters_from_context) f(avcodec_receive_packet) f(avcodec_send_frame)                                 \
    f(avformat_alloc_output_context2) f(avformat_free_context) f(avformat_new_stream) f(avformat_write_header)         \
    f(avio_alloc_context) f(avio_context_free)

#define POINTER(name) __typeof__(name) *name;
typedef struct ffmpeg {
    FUNCTIONS(POINTER)
} ffmpeg;

#define SYMBOL(name) {#name, offsetof(ffmpeg, name)},
static const kedge_symbol symbols[] = {FUNCTIONS(SYMBOL)};

#define TEXT_OF(number) #number
#define SONAME(library, major) "lib" library ".so." TEXT_OF(major)
static const char *const libraries[] = {
    SONAME("avformat", LIBAVFORMAT_VERSION_MAJOR),
    SONAME("avcodec", LIBAVCODEC_VERSION_MAJOR),
    SONAME("avutil", LIBAVUTIL_VERSION_MAJOR),
};

/* The codecs' own threads. Fixed: the bytes depend on their number. */
enum { THREADS = 4, IO_BUFFER = 1 << 16 };

typedef struct setting {
    const char *name, *value; /* value NULL: ends the list */
} setting;

/* What differs between the kinds of file. */
typedef struct format {
    const char *container, *codec;
    double crf_best, crf_worst; /* constant rate factor at quality 100 and 0 */
    const setting *codec_settings, *container_settings;
} format;

/* The picture hardly changes but for the dots, so that slow presets find little more. */
static const setting x264_settings[] = {{"preset", "veryfast"}, {"trellis", "0"}, {0}};
static const setting mp4_settings[] = {{"movflags", "faststart"}, {0}}; /* the index first: plays while it loads */
static const setting vp9_settings[] = {{"deadline", "realtime"}, {"cpu-used", "7"}, {"row-mt", "1"},
                                       {"tile-columns", "2"}, {0}};
static const setting webm_settings[] = {{0}};

static const format mp4 = {"mp4", "libx264", 13, 51, x264_settings, mp4_settings};
static const format webm = {"webm", "libvpx-vp9", 28, 63, vp9_settings, webm_settings};

typedef struct video {
    ffmpeg lib;
    kedge_context *ctx;
    const char *path;
    kedge_outfile file;
    int64_t position, size; /* where FFmpeg writes next, where the file ends */
    AVFormatContext *container;
    AVCodecContext *codec;
    AVStream *stream;
    AVFrame *frame;
    AVPacket *packet;
    int64_t frames;
} video;

static kedge_status load(ffmpeg *lib)
{
    kedge_status status = kedge_shared_load(libraries, sizeof libraries / sizeof *libraries, symbols,
                                            sizeof symbols / sizeof *symbols, lib, "video");
    if (!status) lib->av_log_set_level(AV_LOG_QUIET);
    return status;
}

kedge_status kedge_video_load(void)
{
    ffmpeg lib;
    return load(&lib);
}

static kedge_status failed(video *self, int error, const char *doing)
{
    char why[AV_ERROR_MAX_STRING_SIZE] = "";
    if (error == AVERROR(ENOMEM)) return kedge_fail_memory("a video");
    if (self->file.status) return kedge_outfile_commit(&self->file); /* the disk's own words */
    self->lib.av_strerror(error, why, sizeof why);
    return kedge_fail(KEDGE_EUNSUPPORTED, "%s: cannot %s: %s", self->path, doing, why);
}

/* ---- the file: FFmpeg writes through these, and goes back to fill in what it knows at the end */

#if LIBAVFORMAT_VERSION_MAJOR < 61
static int write_bytes(void *payload, uint8_t *bytes, int length)
#else
static int write_bytes(void *payload, const uint8_t *bytes, int length)
#endif
{
    video *self = payload;
    kedge_outfile_patch(&self->file, (size_t)self->position, bytes, (size_t)length);
    if (self->file.status) return AVERROR(EIO);
    self->position += length;
    if (self->position > self->size) self->size = self->position;
    return length;
}

static int64_t seek(void *payload, int64_t offset, int whence)
{
    video *self = payload;
    if (whence == AVSEEK_SIZE) return self->size;
    int64_t from = whence == SEEK_CUR ? self->position : whence == SEEK_END ? self->size : 0;
    if (from + offset < 0) return AVERROR(EINVAL);
    return self->position = from + offset;
}

static kedge_status open_file(video *self)
{
    kedge_status status = kedge_outfile_open(&self->file, self->ctx, self->path);
    if (status) return status;
    /* faststart reads the file again by its name; with "file:" before it no name is taken for an address. */
    size_t length = strlen(self->file.temporary) + sizeof "file:";
    self->container->url = self->lib.av_malloc(length);
    unsigned char *buffer = self->lib.av_malloc(IO_BUFFER);
    if (self->container->url) snprintf(self->container->url, length, "file:%s", self->file.temporary);
    if (buffer)
        self->container->pb = self->lib.avio_alloc_context(buffer, IO_BUFFER, 1, self, NULL, write_bytes, seek);
    if (!self->container->url || !self->container->pb) {
        if (!self->container->pb) self->lib.av_free(buffer);
        return kedge_fail_memory("a video");
    }
    self->container->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    return KEDGE_OK;
}

/* ---- opening */

static int set_all(video *self, AVDictionary **to, const setting *settings)
{
    int error = 0;
    for (; settings->name && error >= 0; settings++)
        error = self->lib.av_dict_set(to, settings->name, settings->value, 0);
    return error < 0 ? error : 0;
}

static kedge_status open_codec(video *self, const format *kind, const kedge_encoder_options *options)
{
    const AVCodec *encoder = self->lib.avcodec_find_encoder_by_name(kind->codec);
    if (!encoder)
        return kedge_fail(KEDGE_EUNSUPPORTED, "%s: this machine's '%s' has no encoder '%s'; try another kind of file",
                          self->path, libraries[1], kind->codec);
    AVCodecContext *codec = self->codec = self->lib.avcodec_alloc_context3(encoder);
    if (!codec) return kedge_fail_memory("a video");
    codec->width = options->width;
    codec->height = options->height;
    codec->time_base = (AVRational){1, options->fps};
    codec->framerate = (AVRational){options->fps, 1};
    codec->gop_size = 2 * options->fps; /* a player can go to any place within two seconds' frames */
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->chroma_sample_location = AVCHROMA_LOC_LEFT;
    codec->thread_count = THREADS;
    codec->flags |= AV_CODEC_FLAG_BITEXACT;
    if (self->container->oformat->flags & AVFMT_GLOBALHEADER) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    char crf[32];
    AVDictionary *settings = NULL;
    int rate = (int)(kind->crf_worst + (kind->crf_best - kind->crf_worst) * options->quality / 100 + 0.5);
    snprintf(crf, sizeof crf, "%d", rate);
    int error = set_all(self, &settings, kind->codec_settings);
    if (error >= 0) error = self->lib.av_dict_set(&settings, "crf", crf, 0);
    if (error >= 0) error = self->lib.avcodec_open2(codec, encoder, &settings);
    self->lib.av_dict_free(&settings);
    return error < 0 ? failed(self, error, "open the encoder") : KEDGE_OK;
}

static kedge_status open_stream(video *self, const format *kind, const kedge_encoder_options *options)
{
    AVDictionary *settings = NULL;
    self->stream = self->lib.avformat_new_stream(self->container, NULL);
    self->frame = self->lib.av_frame_alloc();
    self->packet = self->lib.av_packet_alloc();
    if (!self->stream || !self->frame || !self->packet) return kedge_fail_memory("a video");
    self->stream->time_base = self->codec->time_base;
    self->stream->avg_frame_rate = self->codec->framerate;
    self->frame->width = options->width;
    self->frame->height = options->height;
    self->frame->format = AV_PIX_FMT_YUV420P;
    int error = self->lib.avcodec_parameters_from_context(self->stream->codecpar, self->codec);
    if (error >= 0) error = self->lib.av_frame_get_buffer(self->frame, 0);
    if (error >= 0 && options->title)
        error = self->lib.av_dict_set(&self->container->metadata, "title", options->title, 0);
    if (error >= 0) error = set_all(self, &settings, kind->container_settings);
    if (error >= 0) error = self->lib.avformat_write_header(self->container, &settings);
    self->lib.av_dict_free(&settings);
    return error < 0 ? failed(self, error, "begin the video") : KEDGE_OK;
}

static void video_abort(void *state)
{
    video *self = state;
    if (self->frame) self->lib.av_frame_free(&self->frame);
    if (self->packet) self->lib.av_packet_free(&self->packet);
    if (self->codec) self->lib.avcodec_free_context(&self->codec);
    if (self->container && self->container->pb) {
        self->lib.av_free(self->container->pb->buffer);
        self->lib.avio_context_free(&self->container->pb);
    }
    if (self->container) self->lib.avformat_free_context(self->container);
    kedge_outfile_abort(&self->file);
    kedge_release(self->ctx, self);
}

static kedge_status video_open(void **state, kedge_context *ctx, const char *path, const format *kind,
                               const kedge_encoder_options *options)
{
    video *self = kedge_alloc_zero(ctx, 1, sizeof *self);
    if (!self) return kedge_fail_memory("a video");
    self->ctx = ctx;
    self->path = path;
    kedge_status status = load(&self->lib);
    if (!status) {
        int error = self->lib.avformat_alloc_output_context2(&self->container, NULL, kind->container, NULL);
        if (error < 0) status = failed(self, error, "make such a file");
    }
    if (!status) status = open_file(self);
    if (!status) status = open_codec(self, kind, options);
    if (!status) status = open_stream(self, kind, options);
    if (status) video_abort(self);
    else *state = self;
    return status;
}

static kedge_status open_mp4(void **state, kedge_context *ctx, const char *path, const kedge_encoder_options *options)
{
    return video_open(state, ctx, path, &mp4, options);
}

static kedge_status open_webm(void **state, kedge_context *ctx, const char *path, const kedge_encoder_options *options)
{
    return video_open(state, ctx, path, &webm, options);
}

/* ---- frames */

/* A frame, or NULL at the end, into the codec; what comes out of it into the file. */
static int encode(video *self, const AVFrame *frame)
{
    int error = self->lib.avcodec_send_frame(self->codec, frame);
    while (error >= 0) {
        error = self->lib.avcodec_receive_packet(self->codec, self->packet);
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF) return 0;
        if (error < 0) break;
        self->packet->stream_index = self->stream->index;
        self->packet->duration = 1;
        self->lib.av_packet_rescale_ts(self->packet, self->codec->time_base, self->stream->time_base);
        error = self->lib.av_interleaved_write_frame(self->container, self->packet); /* takes the packet's bytes */
    }
    return error;
}

static kedge_status video_frame(void *state, uint32_t *pixels)
{
    video *self = state;
    int error = self->lib.av_frame_make_writable(self->frame);
    if (error < 0) return failed(self, error, "make a frame");
    kedge_video_planes(self->codec->width, self->codec->height, pixels, self->frame->data, self->frame->linesize);
    self->frame->pts = self->frames++;
    error = encode(self, self->frame);
    return error < 0 ? failed(self, error, "encode a frame") : KEDGE_OK;
}

static kedge_status video_commit(void *state)
{
    video *self = state;
    int error = encode(self, NULL);
    if (error >= 0) error = self->lib.av_write_trailer(self->container);
    kedge_status status = error < 0 ? failed(self, error, "end the video") : kedge_outfile_commit(&self->file);
    video_abort(self);
    return status;
}

const kedge_encoder_kind kedge_encoder_mp4 = {
    .suffix = ".mp4", .ready = kedge_video_load, .open = open_mp4,
    .frame = video_frame, .commit = video_commit, .abort = video_abort};
const kedge_encoder_kind kedge_encoder_webm = {
    .suffix = ".webm", .ready = kedge_video_load, .open = open_webm,
    .frame = video_frame, .commit = video_commit, .abort = video_abort};
