/* cmd_lr_find.c - kedge lr-find: how the loss goes while the learning rate rises. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "interrupt.h"
#include "library.h"
#include "message.h"
#include "picture.h"
#include "progress.h"
#include "seeds.h"

static const char *const formats[] = {"table", "csv", "json", NULL};
static const char *const shows[] = {"marks", "seeds", "curves", NULL};
enum { TABLE };

typedef struct settings {
    cli_texts set;
    const char *from, *to, *seeds, *picture, *kernels;
    long long steps, at, threads;
    bool without_terms, quiet;
    int format, show;
} settings;

/* A learning rate; 'text' may be NULL: *rate stays. */
static int read_rate(const cli_command *self, const char *option, const char *text, double *rate)
{
    char *end;
    if (!text) return CLI_OK;
    double value = strtod(text, &end);
    if (end == text || *end || !(value > 0) || !isfinite(value))
        return cli_wrong(self, "--%s '%s' is no number above 0", option, text);
    *rate = value;
    return CLI_OK;
}

static int read_options(const cli_command *self, const settings *given, kedge_lr_find_options *options)
{
    int status = read_rate(self, "from", given->from, &options->from);
    if (!status) status = read_rate(self, "to", given->to, &options->to);
    if (!status && !(options->from < options->to))
        status = cli_wrong(self, "--from %g must be below --to %g", options->from, options->to);
    if (!status && given->without_terms && given->at >= 0)
        status = cli_wrong(self, "--at says whose weights; --without-terms needs none: give one of the two");
    if (!status && given->seeds)
        status = cli_seeds_read(self, given->seeds, &options->first_seed, &options->seed_count);
    if (!status) status = cli_picture_check_named(self, given->picture, "lr-find");
    if (given->steps > 0) options->steps = (int)given->steps;
    options->at = (int)given->at;
    options->without_terms = given->without_terms;
    return status;
}

static int print(const settings *given, kedge_context *context, const kedge_lr_test *test)
{
    kedge_table *table = NULL;
    char *advice = NULL;
    if (kedge_lr_test_table(&table, test, (kedge_lr_table)given->show)) return cli_failed();
    int status = cli_print_table(context, table, formats[given->format]);
    if (status || given->format != TABLE || given->show != KEDGE_LR_TABLE_MARKS) return status;
    printf("\n");
    kedge_status advised = kedge_lr_test_advise(test, &advice);
    status = cli_print_text(context, advised, advice);
    if (!status) printf("\n");
    if (!status && kedge_lr_test_sets(test)) printf("%s\n", kedge_lr_test_sets(test));
    return status;
}

static int find(const settings *given, kedge_context *context, const kedge_recipe *recipe,
                kedge_lr_find_options *options, cli_progress *progress)
{
    kedge_lr_test *test = NULL;
    if (options->first_seed < 0) options->first_seed = kedge_recipe_first_seed(recipe);
    options->progress = cli_progress_update;
    options->progress_payload = progress;
    options->stop = cli_interrupt_catch();
    cli_progress_begin(progress, options->seed_count > 0 ? options->seed_count : KEDGE_LR_SEEDS, given->quiet);
    kedge_status found = kedge_lr_find(&test, context, recipe, options);
    cli_progress_end(progress, found ? progress->done : kedge_lr_test_rows(test));
    int status = found ? cli_failed() : print(given, context, test);
    if (!status && given->picture && kedge_draw_lr_test(test, NULL, given->picture)) status = cli_failed();
    kedge_lr_test_free(test);
    return status;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {.at = -1};
    kedge_lr_find_options options = KEDGE_LR_FIND_OPTIONS_INIT;
    cli_words words;
    cli_progress progress = {0};
    kedge_context *context = NULL;
    kedge_recipe *recipe = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    status = read_options(self, &given, &options);
    if (!status)
        status = cli_context_open(&context, self, &(cli_context_options){.kernels = given.kernels,
                                                                         .threads = given.threads,
                                                                         .progress = &progress});
    if (!status) status = cli_recipe_open(&recipe, context, self, words.at[0], &given.set);
    if (!status) status = find(&given, context, recipe, &options, &progress);
    kedge_recipe_free(recipe);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {0, "seeds", "N|A..B", CLI_TEXT, offsetof(settings, seeds), .doc =
     "So many seeds from the recipe's first on, or those from A to B; 8 by default."},
    {0, "from", "LR", CLI_TEXT, offsetof(settings, from), .doc = "Learning rate of the first update; 1e-6 by default."},
    {0, "to", "LR", CLI_TEXT, offsetof(settings, to), .doc = "Learning rate of the last; 10 by default."},
    {0, "steps", "N", CLI_INT, offsetof(settings, steps), 10, 1000000, .doc =
     "Updates; 57 for each decade of learning rates by default, 400 from 1e-6 to 10. With more of them the minimum "
     "comes earlier: a peak is advised only for about so many."},
    {0, "at", "STEP", CLI_INT, offsetof(settings, at), 0, 10000000, .doc =
     "Take the weights of terms from the schedule at this step; by default where its learning rate is first at its "
     "largest."},
    {0, "without-terms", NULL, CLI_SWITCH, offsetof(settings, without_terms), .doc = "Train on the task alone."},
    {0, "set", "path=value", CLI_TEXTS, offsetof(settings, set), .doc =
     "Change a key of the recipe first, as `kedge run` does. May be given several times."},
    {'o', "output", "FILE", CLI_TEXT, offsetof(settings, picture), .doc =
     "Draw the curves too: .png, .svg or .pdf, as `kedge draw lr-find` does."},
    {0, "show", "WHAT", CLI_CHOICE, offsetof(settings, show), .choices = shows, .doc =
     "`marks` (the default): what stands out, over seeds; the marks of all `seeds`; or the `curves`, update by "
     "update."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "`table` (the default), `csv` or `json`."},
    {0, "threads", "N", CLI_INT, offsetof(settings, threads), 1, 1024, .doc =
     "Train so many seeds at a time; one per core by default. The results do not depend on it."},
    {0, "kernels", "NAME", CLI_TEXT, offsetof(settings, kernels), .doc =
     "Compute with these kernels; `kedge version` lists them. `auto`, the default, takes the fastest."},
    {'q', "quiet", NULL, CLI_SWITCH, offsetof(settings, quiet), .doc = "No progress bar."},
};

static const char *const text[] = {
    "Trains the recipe's model from several seeds while the learning rate rises by equal factors (the range test of "
    "Smith, 2017), and prints three learning rates with their range over seeds: where the loss falls fastest, where it "
    "is smallest, and where it is more than 4 times that, or no number. Loss means the task and the terms with their "
    "weights, smoothed over the last 20 updates or so. Actions of the sheet do not fire, so that terms of the kind "
    "`captured-anchor` have nothing to hold to and are left out.",
    "  kedge lr-find experiments/2.4.1\n"
    "  kedge lr-find my.yaml --seeds 20 --from 1e-4 -o lr.svg",
    "A good first try for the peak of a schedule is a tenth to a third of the minimum. The test is too short to show a "
    "concept being lost, which happens at higher ones.",
    NULL,
};

const cli_command cli_command_lr_find = {
    .name = "lr-find", .arguments = "RECIPE", .min_words = 1, .max_words = 1,
    .summary = "find learning rates that a recipe can bear", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
