/* cmd_draw.c - kedge draw: figures. */
#include <stdio.h>
#include <string.h>

#include "axes.h"
#include "commands.h"
#include "library.h"
#include "message.h"
#include "nearest.h"
#include "picture.h"

typedef struct settings {
    const char *file, *title, *axes;
    cli_texts plans, metrics;
    long long seed, width; /* seed -1: the lowest */
    bool dark, edited;
} settings;

static int check_figure(const cli_command *self, const cli_words *words, kedge_figure_info *info)
{
    cli_nearest nearest;
    cli_nearest_begin(&nearest, words->at[0]);
    for (int i = 0; kedge_figure_at(i, info); i++) {
        cli_nearest_offer(&nearest, info->name);
        if (strcmp(info->name, words->at[0]) != 0) continue;
        bool nothing = info->input == KEDGE_FIGURE_NOTHING, either = info->input == KEDGE_FIGURE_EITHER;
        if (nothing && words->n > 1)
            return cli_wrong(self, "figure '%s' is made of nothing; leave out '%s'", info->name, words->at[1]);
        if (!nothing && !either && words->n < 2)
            return cli_wrong(self, "figure '%s' is made of a %s; give its path", info->name,
                             info->input == KEDGE_FIGURE_STORE   ? "store"
                             : info->input == KEDGE_FIGURE_TABLE ? "table, as 'kedge labels -o' writes it"
                                                                 : "run, model or recipe");
        return CLI_OK;
    }
    if (nearest.best)
        return cli_wrong(self, "unknown figure '%s'; did you mean '%s'?", words->at[0], nearest.best);
    return cli_wrong(self, "unknown figure '%s'; 'kedge help draw' lists them", words->at[0]);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.seed = -1};
    cli_words words;
    int pairs[CLI_AXES_MAX][2], status;
    kedge_figure_info info;
    kedge_draw_options options = KEDGE_DRAW_OPTIONS_INIT;
    kedge_context *context = NULL;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = check_figure(self, &words, &info);
    if (!status) status = cli_picture_check(self, given.file, &info);
    if (!status && given.axes) status = cli_axes_read(self, given.axes, pairs, &options.n_pairs);
    if (!status) status = cli_context_open(&context, self, NULL);
    if (status) return status;
    options.title = given.title;
    options.dark = given.dark;
    options.width = (double)given.width;
    options.seed = given.seed;
    options.pairs = given.axes ? (const int(*)[2])pairs : NULL;
    options.plans = given.plans.n ? given.plans.at : NULL;
    options.n_plans = given.plans.n;
    options.metrics = given.metrics.n ? given.metrics.at : NULL;
    options.n_metrics = given.metrics.n;
    options.edited = given.edited;
    if (kedge_draw(context, words.at[0], words.n > 1 ? words.at[1] : NULL, &options, given.file)) status = cli_failed();
    kedge_context_free(context);
    return status;
}

static bool item(int i, const char **name, const char **summary)
{
    kedge_figure_info info;
    if (!kedge_figure_at(i, &info)) return false;
    *name = info.name;
    *summary = info.summary;
    return true;
}

static const cli_option options[] = {
    {'o', "output", "FILE", CLI_TEXT, offsetof(settings, file), .doc =
     "Where the picture goes, whole or not at all; the suffix .png, .svg or .pdf says its kind; a table can "
     "be .md, .csv or .tex too. Required."},
    {0, "seed", "N", CLI_INT, offsetof(settings, seed), 0, 1000000000000LL, .doc =
     "The seed of a run directory or recipe; the lowest by default."},
    {0, "plan", "NAME", CLI_TEXTS, offsetof(settings, plans), .doc =
     "A plan of the recipe; may be given several times. The scored one by default, or all where plans are compared."},
    {0, "metric", "NAME", CLI_TEXTS, offsetof(settings, metrics), .doc =
     "A metric of a store or of the seeds; may be given several times. The score by default."},
    {0, "axes", "PAIRS", CLI_TEXT, offsetof(settings, axes), .doc =
     "Which dims to draw, across and up: `--axes '0,1;0,2'`. All pairs of the first four by default."},
    {0, "edited", NULL, CLI_SWITCH, offsetof(settings, edited), .doc =
     "Latents as the plan leaves them for the decoder."},
    {0, "title", "TEXT", CLI_TEXT, offsetof(settings, title), .doc = "The title, instead of the recipe's."},
    {0, "width", "POINTS", CLI_INT, offsetof(settings, width), 100, 10000, .doc =
     "Width of the page, 72 to an inch; a paper's column has about 250. What suits the figure by default."},
    {0, "dark", NULL, CLI_SWITCH, offsetof(settings, dark), .doc = "Light lines on a dark ground."},
};

static const char *const text[] = {
    "Draws a figure of a run. Where it is made of a model or a run, give a model file, a run directory (see `--seed`), "
    "or a recipe: its seed is then trained first, which takes milliseconds. How a run went is found by repeating it, "
    "so nothing need have been recorded. Beside a .png stands a .txt with the picture in words; .svg and .pdf carry "
    "them.",
    "  kedge draw latents runs/2.4.1 -o latents.png\n"
    "  kedge draw history experiments/2.4.1 --seed 7 --dark -o seed-7.svg\n"
    "  kedge draw latents runs/2.4.1 --axes '0,1;2,3' --width 250 -o column.pdf",
    NULL,
};

const cli_command cli_command_draw = {
    .name = "draw", .arguments = "FIGURE [DIR|MODEL|RECIPE|STORE]", .min_words = 1, .max_words = 2,
    .summary = "draw a figure of a run", .text = text, .items = "Figures", .item = item,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
