/* cmd_report.c - kedge report: one page that shows runs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "library.h"
#include "message.h"

typedef struct settings {
    const char *file, *title;
    cli_texts seeds, plans;
    bool no_figures;
} settings;

#define SEED_MAX 1000000000000LL

static int read_seeds(const cli_command *self, const cli_texts *texts, long long *seeds)
{
    for (int i = 0; i < texts->n; i++) {
        char *end;
        const char *text = texts->at[i];
        errno = 0;
        seeds[i] = strtoll(text, &end, 10);
        if (!strchr("0123456789", text[0]) || *end || errno || seeds[i] > SEED_MAX)
            return cli_wrong(self, "--seed '%s' must be a whole number from 0 to %lld", text, SEED_MAX);
        for (int k = 0; k < i; k++)
            if (seeds[k] == seeds[i]) return cli_wrong(self, "--seed %lld is given twice; leave one out", seeds[i]);
    }
    return CLI_OK;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    long long seeds[CLI_TEXTS_MAX];
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (!given.file) return cli_wrong(self, "where to is missing; give -o FILE.html");
    status = read_seeds(self, &given.seeds, seeds);
    if (!status) status = cli_context_open(&context, self, NULL);
    if (status) return status;
    kedge_report_options options = {.title = given.title,
                                    .seeds = seeds,
                                    .n_seeds = given.seeds.n,
                                    .plans = given.plans.at,
                                    .n_plans = given.plans.n,
                                    .no_figures = given.no_figures};
    if (kedge_report(context, words.at, words.n, &options, given.file)) status = cli_failed();
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {'o', "output", "FILE", CLI_TEXT, offsetof(settings, file), .doc =
     "Where the page goes, whole or not at all. Required."},
    {0, "seed", "N", CLI_TEXTS, offsetof(settings, seeds), .doc =
     "A seed to show of each run directory and recipe; may be given several times. By default the best of a directory "
     "by score, its median and its worst; of several arguments the best of each; of a recipe its first."},
    {0, "plan", "NAME", CLI_TEXTS, offsetof(settings, plans), .doc =
     "A plan of the recipe; may be given several times. All by default."},
    {0, "no-figures", NULL, CLI_SWITCH, offsetof(settings, no_figures), .doc =
     "Leave out the figures, which are most of the file."},
    {0, "title", "TEXT", CLI_TEXT, offsetof(settings, title), .doc =
     "The title, instead of the recipe's; of several arguments their names by default."},
};

static const char *const text[] = {
    "Writes one page that shows runs: a single file for a browser, which needs no network and can be sent to anyone. "
    "It holds what was measured and the verdicts, a table of all seeds of a run directory, the figures of `kedge "
    "draw`, and a latent space to turn in as many dims as it has: with a slider for the steps of the run, the schedule "
    "and the losses beside it, and the edits of the recipe's plans to be tried by hand, for the page carries the "
    "weights and computes with them. Runs of several arguments can be laid side by side.",
    "A recipe's seed is trained first, which takes milliseconds. How a run went is found by repeating it, so nothing "
    "need have been recorded.",
    "  kedge report runs/2.4.1 -o report.html\n"
    "  kedge report experiments/2.4.1 experiments/2.5.1 -o both.html\n"
    "  kedge report runs/2.4.1 --seed 0 --seed 7 --plan suppressed --no-figures -o small.html",
    NULL,
};

const cli_command cli_command_report = {
    .name = "report", .arguments = "DIR|MODEL|RECIPE...", .min_words = 1, .max_words = CLI_WORDS_MAX,
    .summary = "write one page that shows runs, for a browser", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
