/* cmd_sweep.c - kedge sweep: many seeds of many variants of a recipe, into one store. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "interrupt.h"
#include "library.h"
#include "message.h"
#include "output.h"
#include "progress.h"
#include "seeds.h"

static const char *const formats[] = {"table", "csv", "json", NULL};

typedef struct settings {
    const char *store, *seeds, *kernels, *metric, *fail_below;
    cli_texts set, over;
    long long threads, samples;
    int format;
    bool attribute, retry, quiet;
} settings;

/* The table of which seeds explain what, headed by what it says in words. */
static int attribute(kedge_context *context, const settings *given, const kedge_attribute_options *options)
{
    kedge_table *table = NULL;
    if (kedge_attribute(&table, context, given->store, options)) return cli_failed();
    return cli_print_table(context, table, formats[given->format]);
}

/* One line; the runs themselves are asked for with 'kedge runs'. */
static void report(const kedge_sweep_report *r, const settings *given)
{
    char points[48] = "";
    if (r->points > 1) snprintf(points, sizeof points, " at %lld points", r->points);
    cli_say("%lld %s%s: %lld computed, %lld there before%s", r->runs, r->runs == 1 ? "run" : "runs", points,
            r->computed, r->before, r->pending ? "" : "; 'kedge runs' shows them");
    if (r->failed)
        cli_say("%lld of them failed: their loss became infinite or no number; kedge runs %s --where status=failed",
                r->failed, given->store);
    if (r->pending)
        cli_say("stopped with %lld of %lld runs to do; the same command goes on with them", r->pending, r->runs);
}

/* The bar comes with the first news: only then is it known how much there is to do, and that this is the rank that
 * shows it. */
typedef struct bar {
    cli_progress *progress;
    bool begun, quiet;
} bar;

static void update(long long done, long long total, void *payload)
{
    bar *self = payload;
    if (!self->begun) {
        cli_progress_begin(self->progress, total, self->quiet);
        self->progress->before = done;
        self->begun = true;
    }
    cli_progress_update(done, total, self->progress);
}

static int sweep(const cli_command *self, kedge_context *context, const char *recipe, const settings *given,
                 const kedge_attribute_options *attribution, cli_progress *progress)
{
    kedge_sweep_options options = {.set = given->set.at, .n_set = given->set.n, .over = given->over.at,
                                   .n_over = given->over.n, .samples = given->samples, .first_seed = -1,
                                   .attribute = given->attribute, .retry = given->retry, .ranks = 1,
                                   .progress = update};
    bar shown = {progress, false, given->quiet};
    kedge_sweep_report result;
    int status = given->seeds ? cli_seeds_read(self, given->seeds, &options.first_seed, &options.seed_count) : CLI_OK;
    if (status) return status;
    options.stop = cli_interrupt_catch();
    options.progress_payload = &shown;
    kedge_status done = kedge_sweep(&result, context, recipe, given->store, &options);
    if (result.rank > 0) return done ? CLI_FAILED : CLI_OK; /* rank 0 says what there is to say */
    cli_progress_end(progress, done ? 0 : result.computed);
    if (done) return cli_failed();
    if (given->attribute && result.pending == 0) status = attribute(context, given, attribution);
    if (!status) status = cli_output_flush();
    if (!given->quiet || result.pending || result.failed) report(&result, given);
    return status ? status : result.pending || result.failed ? CLI_FAILED : CLI_OK;
}

/* A number, as it is written in a recipe. */
static bool read_number(const char *text, double *value)
{
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*value);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    cli_progress progress = {0};
    kedge_attribute_options attribution = KEDGE_ATTRIBUTE_OPTIONS_INIT;
    kedge_context *context = NULL;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    if (!given.store) return cli_wrong(self, "no store; give -o STORE, a file that is made if it is not there");
    if (given.samples && !given.over.n) return cli_wrong(self, "--sobol samples ranges; give --over path=lo..hi");
    if (!given.attribute && (given.metric || given.fail_below))
        return cli_wrong(self, "%s belongs to --attribute", given.metric ? "--metric" : "--fail-below");
    for (int i = 0; i < given.set.n; i++)
        if (!strchr(given.set.at[i], '='))
            return cli_wrong(self, "--set '%s' has no '='; write path=value", given.set.at[i]);
    if (given.fail_below && !read_number(given.fail_below, &attribution.limit))
        return cli_wrong(self, "--fail-below '%s' must be a number", given.fail_below);
    attribution.has_limit = given.fail_below != NULL;
    attribution.metric = given.metric;
    status = cli_context_open(&context, self, &(cli_context_options){given.kernels, given.threads, &progress});
    if (!status) status = sweep(self, context, words.at[0], &given, &attribution, &progress);
    kedge_context_free(context);
    return status;
}

static const cli_option options[] = {
    {'o', "output", "STORE", CLI_TEXT, offsetof(settings, store), .doc =
     "The SQLite file that every run goes into; made if it is not there. Always needed."},
    {0, "over", "path=VALUES", CLI_TEXTS, offsetof(settings, over), .doc =
     "Vary a key: `a,b,c`, or `lo..hi:N` for N even steps, or `lo..hi:log:N` for steps that are even in the logarithm. "
     "Several make a grid of all combinations."},
    {0, "sobol", "N", CLI_INT, offsetof(settings, samples), 1, 1000000, .doc =
     "Instead of a grid N points of Sobol's sequence, at most 21 keys: ranges are `lo..hi` or `lo..hi:log` then."},
    {0, "seeds", "N|A..B", CLI_TEXT, offsetof(settings, seeds), .doc =
     "At every point N seeds, from the recipe's first on, or seeds A to B, both included, instead of the recipe's."},
    {0, "set", "path=value", CLI_TEXTS, offsetof(settings, set), .doc =
     "Change a key of the recipe at every point. May be given several times."},
    {0, "attribute", NULL, CLI_SWITCH, offsetof(settings, attribute), .doc =
     "Cross every seed's initial weights with every seed's batches, N x N runs, and print which of the two explains "
     "the score and the failures."},
    {0, "metric", "NAME", CLI_TEXT, offsetof(settings, metric), .doc =
     "What `--attribute` explains instead of `score`."},
    {0, "fail-below", "VALUE", CLI_TEXT, offsetof(settings, fail_below), .doc =
     "A run with less than this counts as failed for `--attribute`; without it one whose verdict is not clean."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "How `--attribute` prints: `table` (the default), `csv` or `json`."},
    {0, "retry", NULL, CLI_SWITCH, offsetof(settings, retry), .doc = "Do runs again that failed before."},
    {0, "threads", "N", CLI_INT, offsetof(settings, threads), 1, 1024, .doc =
     "Do so many runs at a time; one per core by default, one in each rank of an MPI job. The results do not depend on "
     "it."},
    {0, "kernels", "NAME", CLI_TEXT, offsetof(settings, kernels), .doc =
     "Compute with these kernels, as for `kedge run`. A store holds runs of one kind only."},
    {'q', "quiet", NULL, CLI_SWITCH, offsetof(settings, quiet), .doc = "No progress bar, no closing line."},
};

static const char *const text[] = {
    "RECIPE is a YAML file, or a folder with a recipe.yaml in it. Every seed is trained and measured at every point; "
    "the results go into STORE, for `kedge runs`, `kedge compare` and `kedge pareto`. All points are checked before "
    "the first run.",
    "  kedge sweep experiments/2.4.1 --seeds 1000 -o red.kedge\n"
    "  kedge sweep experiments/2.4.1 --over terms.separate.power=10,100 --over optimizer.beta2=0.9..0.999:4 \\\n"
    "      --seeds 20 -o red.kedge\n"
    "  kedge sweep experiments/2.4.1 --over optimizer.epsilon=1e-10..1e-4:log --over optimizer.beta1=0.5..0.95 \\\n"
    "      --sobol 64 --seeds 8 -o red.kedge",
    "What the store holds depends on what was asked for alone, not on threads, ranks or interruptions: after Ctrl-C, "
    "or a kill at any moment, the same command does what is missing. Several sweeps may write into one store at once.",
    "Built with `-Dmpi=enabled`, `mpirun -n N kedge sweep ...` (or `srun`) shares the runs among N ranks.",
    "A run whose loss becomes infinite or no number fails by itself: it is stored with its message, the others go on, "
    "the exit status is 1.",
    NULL,
};

const cli_command cli_command_sweep = {
    .name = "sweep", .arguments = "RECIPE", .min_words = 1, .max_words = 1,
    .summary = "run many seeds of many variants of a recipe into a store", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
