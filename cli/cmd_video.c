/* cmd_video.c - kedge video: training as a video. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "axes.h"
#include "commands.h"
#include "interrupt.h"
#include "library.h"
#include "message.h"
#include "progress.h"

typedef struct settings {
    const char *file, *title, *axes, *size;
    long long seed, frames, fps, quality, threads; /* seed -1: the lowest */
    bool dark, quiet;
} settings;

static bool read_side(const char **text, int *side)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 4) return false;
    *side = (int)strtol(*text, NULL, 10);
    *text += digits;
    return *side >= 64 && *side <= 7680 && *side % 2 == 0;
}

/* "1280x720" */
static int read_size(const cli_command *self, const char *value, kedge_video_options *options)
{
    const char *at = value;
    if (read_side(&at, &options->width) && *at++ == 'x' && read_side(&at, &options->height) && *at == '\0')
        return CLI_OK;
    return cli_wrong(self, "--size '%s' must be width and height in pixels, both even, 64 to 7680, as in '1280x720'",
                     value);
}

static int check_name(const cli_command *self, const char *path)
{
    static const char *const suffixes[] = {".mp4", ".webm", "/"};
    if (!path) return cli_wrong(self, "where to is missing; give -o FILE.mp4, FILE.webm or FOLDER/");
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t length = strlen(path), end = strlen(suffixes[i]);
        if (length > end && strcmp(path + length - end, suffixes[i]) == 0) return CLI_OK;
    }
    return cli_wrong(self, "--output '%s' must end with .mp4 or .webm, or with / for a folder of frames", path);
}

static int make(const cli_command *self, const settings *given, const char *input, kedge_video_options *options)
{
    cli_progress progress = {0};
    kedge_context *context = NULL;
    int status = cli_context_open(&context, self, &(cli_context_options){NULL, given->threads, &progress});
    if (status) return status;
    options->progress = cli_progress_update;
    options->progress_payload = &progress;
    options->stop = cli_interrupt_catch();
    cli_progress_begin_of(&progress, options->frames, given->quiet, "frame", "drawn");
    kedge_status done = kedge_video(context, input, options, given->file);
    cli_progress_end(&progress, progress.done);
    if (done) status = cli_failed();
    kedge_context_free(context);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.seed = -1, .frames = 600, .fps = 30, .quality = 75};
    cli_words words;
    int pairs[CLI_AXES_MAX][2], status;
    kedge_video_options options = KEDGE_VIDEO_OPTIONS_INIT;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = check_name(self, given.file);
    if (!status && given.axes) status = cli_axes_read(self, given.axes, pairs, &options.n_pairs);
    if (!status && given.size) status = read_size(self, given.size, &options);
    if (status) return status;
    options.title = given.title;
    options.dark = given.dark;
    options.seed = given.seed;
    options.pairs = given.axes ? (const int(*)[2])pairs : NULL;
    options.frames = (int)given.frames;
    options.fps = (int)given.fps;
    options.quality = (int)given.quality;
    return make(self, &given, words.at[0], &options);
}

static const cli_option options[] = {
    {'o', "output", "FILE", CLI_TEXT, offsetof(settings, file), .doc =
     "Where the video goes, whole or not at all: a name that ends with .mp4 (H.264) or .webm (VP9), or a new or empty "
     "folder, with `/` behind its name, which gets frame-00001.png and so on. Required."},
    {0, "seed", "N", CLI_INT, offsetof(settings, seed), 0, 1000000000000LL, .doc =
     "The seed of a run directory or recipe; the lowest by default."},
    {0, "frames", "N", CLI_INT, offsetof(settings, frames), 2, 99999, .doc = "So many frames in all; 600 by default."},
    {0, "fps", "N", CLI_INT, offsetof(settings, fps), 1, 240, .doc = "Frames a second; 30 by default."},
    {0, "size", "WxH", CLI_TEXT, offsetof(settings, size), .doc =
     "Width and height in pixels, both even; `1280x720` by default. A frame that is higher than wide has the charts "
     "below."},
    {0, "quality", "N", CLI_INT, offsetof(settings, quality), 0, 100, .doc =
     "From 0, the smallest file, to 100, the best picture; 75 by default. Frames of a folder are exact."},
    {0, "axes", "PAIRS", CLI_TEXT, offsetof(settings, axes), .doc =
     "Which dims to show, across and up: `--axes '0,1;0,2'`. All pairs of the first four by default."},
    {0, "title", "TEXT", CLI_TEXT, offsetof(settings, title), .doc = "The title, instead of the recipe's."},
    {0, "dark", NULL, CLI_SWITCH, offsetof(settings, dark), .doc = "Light lines on a dark ground."},
    {0, "threads", "N", CLI_INT, offsetof(settings, threads), 1, 1024, .doc =
     "With 1 the thread that draws encodes too, by default another does. The file does not depend on it."},
    {'q', "quiet", NULL, CLI_SWITCH, offsetof(settings, quiet), .doc = "No progress bar."},
};

static const char *const text[] = {
    "Shows how a run takes shape: the latent space along pairs of axes, weights, learning rate and losses with a "
    "moving cursor. Give a run directory (see `--seed`), a model file or a recipe. The run is trained again, which "
    "takes milliseconds, so nothing need have been recorded.",
    "  kedge video runs/2.4.1 -o red.mp4\n"
    "  kedge video experiments/2.4.1 --seed 7 --dark --frames 300 -o seed-7.webm\n"
    "  kedge video runs/2.4.1 --axes '0,1' --size 720x1280 -o phone.mp4\n"
    "  kedge video runs/2.4.1 -o frames/",
    "Early steps, in which most happens, get more frames: the video begins at a quarter of the mean pace and ends at "
    "almost three times it. First and last frame stand for half a second. A frame shows the mean over the steps that "
    "fall to it, as points jitter from one update to the next; fast points are blurred, as by a shutter that is open "
    "for half the time.",
    "The same run gives the same file. Ctrl-C leaves nothing behind. FFmpeg's libraries are loaded where a .mp4 or "
    ".webm is asked for; without them, or in a build without their headers, frames can be written.",
    NULL,
};

const cli_command cli_command_video = {
    .name = "video", .arguments = "DIR|MODEL|RECIPE", .min_words = 1, .max_words = 1,
    .summary = "show training as a video", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
