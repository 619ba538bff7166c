/* cmd_run.c - kedge run: trains the seeds of a recipe. */
#include <stdio.h>

#include "commands.h"
#include "interrupt.h"
#include "library.h"
#include "message.h"
#include "output.h"
#include "progress.h"
#include "seeds.h"

static const char *const formats[] = {"table", "csv", "json", NULL};

typedef struct settings {
    const char *directory, *seeds, *kernels;
    cli_texts set;
    long long threads, record;
    int format;
    bool control, force, quiet;
} settings;

static void use_recipe_seeds(kedge_run_options *options, const kedge_recipe *recipe)
{
    if (options->seed_count == 0) options->seed_count = kedge_recipe_seed_count(recipe);
    if (options->first_seed < 0) options->first_seed = kedge_recipe_first_seed(recipe);
}

/* What is not in the table: seeds that failed, or that were not reached. */
static int report(const kedge_summary *summary, const cli_progress *progress, const char *directory)
{
    for (long long row = 0; row < kedge_summary_rows(summary); row++) {
        const char *why = kedge_summary_failure(summary, row);
        if (why) cli_say("seed %lld: %s", kedge_summary_seed(summary, row), why);
    }
    if (kedge_summary_stopped(summary))
        cli_say("stopped after %lld of %lld seeds%s", progress->done, progress->total,
                directory ? "; the same command goes on with the others" : "");
    return kedge_summary_failures(summary) || kedge_summary_stopped(summary) ? CLI_FAILED : CLI_OK;
}

static int train(kedge_context *context, const kedge_recipe *recipe, const settings *given, cli_progress *progress,
                 kedge_run_options *options)
{
    kedge_summary *summary = NULL;
    char *text = NULL;
    options->directory = given->directory;
    options->record = (int)given->record;
    options->control = given->control;
    options->force = given->force;
    options->progress = cli_progress_update;
    options->progress_payload = progress;
    options->stop = cli_interrupt_catch();
    cli_progress_begin(progress, options->seed_count, given->quiet);
    kedge_status done = kedge_run(&summary, context, recipe, options);
    cli_progress_end(progress, done ? 0 : kedge_summary_trained(summary));
    if (done) return cli_failed();
    done = kedge_summary_print(summary, formats[given->format], &text);
    int status = cli_print_text(context, done, text);
    if (!status) status = cli_output_flush(); /* the table before the messages about it */
    int reported = report(summary, progress, given->directory);
    kedge_summary_free(summary);
    return status ? status : reported;
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    cli_progress progress = {0};
    kedge_run_options options = {.first_seed = -1};
    kedge_context *context = NULL;
    kedge_recipe *recipe = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (given.record && !given.directory) return cli_wrong(self, "--record needs a directory; give -o DIR");
    if (given.force && !given.directory) return cli_wrong(self, "--force replaces a directory; give -o DIR");
    if (given.seeds) status = cli_seeds_read(self, given.seeds, &options.first_seed, &options.seed_count);
    if (status) return status;
    status = cli_context_open(&context, self, &(cli_context_options){given.kernels, given.threads, &progress});
    if (!status) status = cli_recipe_open(&recipe, context, self, words.at[0], &given.set);
    if (!status) {
        use_recipe_seeds(&options, recipe);
        status = train(context, recipe, &given, &progress, &options);
    }
    kedge_recipe_free(recipe);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {'o', "output", "DIR", CLI_TEXT, offsetof(settings, directory), .doc =
     "Write the run into this directory: the resolved recipe, the schedule, the summary, and a model for each seed. "
     "One that holds a run of the same recipe is continued. Without it only the table is printed."},
    {0, "seeds", "N|A..B", CLI_TEXT, offsetof(settings, seeds), .doc =
     "Train N seeds, from the recipe's first on, or seeds A to B, both included, instead of the recipe's."},
    {0, "set", "path=value", CLI_TEXTS, offsetof(settings, set), .doc =
     "Change a key of the recipe: `--set model.bottleneck=5`. May be given several times."},
    {0, "threads", "N", CLI_INT, offsetof(settings, threads), 1, 1024, .doc =
     "Train so many seeds at a time; one per core by default. The results do not depend on it."},
    {0, "record", "EVERY", CLI_INT, offsetof(settings, record), 1, 10000000, .doc =
     "Write metrics, latents and the ledger of what each term pulls every so many steps too, more densely at the "
     "start, and name the terms that pull against each other. Needs `-o`."},
    {0, "control", NULL, CLI_SWITCH, offsetof(settings, control), .doc =
     "Train every seed once more without terms, and print what reconstruction costs: `control_mse`, its error, and "
     "`control_ratio`, the error with terms divided by it. Nothing else changes."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "How to print the results: `table` (the default), `csv` or `json`."},
    {0, "kernels", "NAME", CLI_TEXT, offsetof(settings, kernels), .doc =
     "Compute with these kernels; `kedge version` lists them. `auto`, the default, takes the fastest. Other kernels "
     "give slightly other numbers."},
    {'f', "force", NULL, CLI_SWITCH, offsetof(settings, force), .doc =
     "Replace the run of another recipe that the directory holds."},
    {'q', "quiet", NULL, CLI_SWITCH, offsetof(settings, quiet), .doc = "No progress bar."},
};

static const char *const text[] = {
    "RECIPE is a YAML file, or a folder with a recipe.yaml in it. Every seed is trained and measured on the recipe's "
    "test set; the results are printed as one table.",
    "  kedge run experiments/2.4.1 -o runs/2.4.1\n"
    "  kedge run experiments/2.4.1 --seeds 100..119 --set terms.separate.power=10 --format csv",
    "The same recipe, seed, build and kernels give the same bytes in every file but timing.json. Ctrl-C ends a run "
    "with what is finished; the same command goes on from there.",
    "Where standard error is a terminal it shows a progress bar. A seed whose loss becomes infinite or no number "
    "fails by itself: it is named on standard error, the others are kept, the exit status is 1.",
    NULL,
};

const cli_command cli_command_run = {
    .name = "run", .arguments = "RECIPE", .min_words = 1, .max_words = 1,
    .summary = "train the seeds of a recipe and print how well each did", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
