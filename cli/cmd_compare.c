/* cmd_compare.c - kedge compare: two settings, paired by seed. */
#include "commands.h"
#include "library.h"

static const char *const formats[] = {"table", "csv", "json", NULL};
enum { TABLE };

typedef struct settings {
    cli_texts metrics;
    int format;
} settings;

static kedge_status ask(kedge_table **table, kedge_store *store, const void *options)
{
    return kedge_store_compare(table, store, options);
}

static int run(const cli_command *self, int argc, char **argv)
{
    settings given = {0};
    cli_words words;
    int status;
    if (!cli_parse(self, argc, argv, &given, &words, &status)) return status;
    kedge_store_compare_options compared = {
        .a = words.at[1], .b = words.at[2],
        .metrics = given.metrics.n ? given.metrics.at : NULL, .n_metrics = given.metrics.n,
        .all_metrics = given.metrics.n == 0 && given.format != TABLE,
    };
    return cli_store_ask(self, words.at[0], formats[given.format], ask, &compared);
}

static const cli_option options[] = {
    {0, "metric", "NAME", CLI_TEXTS, offsetof(settings, metrics), .doc =
     "Compare this metric; may be given several times. By default a table shows `score` and `recon_mse`, csv and json "
     "have all."},
    {0, "format", "FORMAT", CLI_CHOICE, offsetof(settings, format), .choices = formats, .doc =
     "How to print it: `table` (the default), `csv` or `json`."},
};

static const char *const text[] = {
    "Compares two groups of runs of a store, A and B, seed by seed. A group is named by its number (`kedge runs "
    "--group` lists them), by settings, as many as it takes to leave one group, or by the title or the beginning of "
    "the digest of its recipe.",
    "  kedge compare clip.kedge 1 2\n"
    "  kedge compare clip.kedge optimizer.clip=0.5,steps=3000 optimizer.clip=0,steps=3000 --metric score",
    "n counts the pairs that have both values; diff is the mean of A - B, low and high its 95% interval (a "
    "percentile bootstrap of 2,000 resamples), d_z the mean difference in its standard deviations (Cohen); higher, "
    "equal and lower count the pairs in which A is so. p_higher is the chance that a run of A lies above one of B, "
    "both drawn at random, ties by half.",
    NULL,
};

const cli_command cli_command_compare = {
    .name = "compare", .arguments = "STORE A B", .min_words = 3, .max_words = 3,
    .summary = "compare two settings of a store, paired by seed", .text = text,
    .options = options, .n_options = sizeof options / sizeof *options, .run = run,
};
