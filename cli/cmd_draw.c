/* cmd_draw.c - kedge draw: pictures. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "library.h"
#include "message.h"
#include "models.h"
#include "nearest.h"

enum { PAIRS_MAX = 64, AXIS_MAX = 100000 };

typedef struct settings {
    const char *file, *title, *axes;
    long long seed; /* -1: the lowest */
    bool dark;
} settings;

/* One kind of picture: what it is made of is the second argument. */
typedef struct figure {
    const char *name;
    kedge_status (*draw)(kedge_model *model, const kedge_draw_options *options, const char *path);
} figure;

static const figure figures[] = {
    {"latents", kedge_draw_model_latents},
};

static const figure *find_figure(const cli_command *self, const char *name)
{
    cli_nearest nearest;
    cli_nearest_begin(&nearest, name);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(figures[i].name, name) == 0) return &figures[i];
        cli_nearest_offer(&nearest, figures[i].name);
    }
    cli_wrong(self, "unknown figure '%s'; %s '%s'%s", name, nearest.best ? "did you mean" : "there is",
              nearest.best ? nearest.best : figures[0].name, nearest.best ? "?" : "");
    return NULL;
}

static int check_suffix(const cli_command *self, const char *path)
{
    static const char *const suffixes[] = {".png", ".svg", ".pdf"};
    if (!path) return cli_wrong(self, "where to is missing; give -o FILE.png, FILE.svg or FILE.pdf");
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t length = strlen(path), end = strlen(suffixes[i]);
        if (length > end && strcmp(path + length - end, suffixes[i]) == 0) return CLI_OK;
    }
    return cli_wrong(self, "--output '%s' must end with .png, .svg or .pdf", path);
}

static bool read_axis(const char **text, int *axis)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > 6) return false;
    *axis = (int)strtol(*text, NULL, 10);
    *text += digits;
    return *axis <= AXIS_MAX;
}

/* "0,1;0,2" */
static int read_axes(const cli_command *self, const char *value, int (*pairs)[2], int *n)
{
    const char *at = value;
    for (*n = 0; *n < PAIRS_MAX;) {
        if (!read_axis(&at, &pairs[*n][0]) || *at++ != ',' || !read_axis(&at, &pairs[*n][1])) break;
        ++*n;
        if (*at == '\0') return CLI_OK;
        if (*at++ != ';') break;
    }
    return cli_wrong(self, "--axes '%s' must be pairs of dims, across and up, as in '0,1;0,2'", value);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.seed = -1};
    cli_words words;
    cli_model_file file;
    int pairs[PAIRS_MAX][2], status;
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    kedge_context *context = NULL;
    kedge_model *model = NULL;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    const figure *chosen = find_figure(self, words.at[0]);
    if (!chosen) return CLI_USAGE;
    status = check_suffix(self, given.file);
    if (!status && given.axes) status = read_axes(self, given.axes, pairs, &options.n_pairs);
    if (!status) status = cli_model_find(&file, self, words.at[1], given.seed);
    if (!status) status = cli_context_open(&context, self, NULL);
    if (status) return status;
    options.title = given.title;
    options.dark = given.dark;
    options.pairs = given.axes ? (const int(*)[2])pairs : NULL;
    if (kedge_model_load(&model, context, file.path) || chosen->draw(model, &options, given.file))
        status = cli_failed();
    kedge_model_free(model);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {'o', "output", "FILE", CLI_TEXT, offsetof(settings, file), .doc =
     "Where the picture goes, whole or not at all; the suffix .png, .svg or .pdf says its kind. Required."},
    {0, "seed", "N", CLI_INT, offsetof(settings, seed), 0, 1000000000000LL, .doc =
     "The seed of a run directory to draw; its lowest by default."},
    {0, "axes", "PAIRS", CLI_TEXT, offsetof(settings, axes), .doc =
     "Which dims to draw, across and up: `--axes '0,1;0,2'`. All pairs of the first four by default."},
    {0, "title", "TEXT", CLI_TEXT, offsetof(settings, title), .doc = "The title, instead of the recipe's."},
    {0, "dark", NULL, CLI_SWITCH, offsetof(settings, dark), .doc = "Light lines on a dark ground."},
};

static const char *const text[] = {
    "Draws the latents of a model on its recipe's points, seen along pairs of dims, every point in its own colour, "
    "with the anchors of the recipe. The model is a file, or a seed of a run directory.",
    "  kedge draw latents runs/2.4.1 -o latents.png\n"
    "  kedge draw latents runs/2.4.1 --seed 7 --axes '0,1;2,3' --dark -o seed-7.svg",
    NULL,
};

const cli_command cli_command_draw = {
    .name = "draw", .arguments = "latents DIR|MODEL", .min_words = 2, .max_words = 2,
    .summary = "draw the latent space of a model", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
